"""The figures that report and dossiers tell are those of the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fakedetect import measured
from fakedetect.measured import Rate
from fakedetect.report import errors

ROOT = Path(__file__).resolve().parent.parent
RATES = [*measured.GATE, *measured.INNOCENT, *measured.FANS, *measured.FOUND, *measured.TOLD, *measured.SITES_CLEAN,
         *measured.SITES_FOUND]


@pytest.mark.parametrize("rate", RATES, ids=lambda r: r.row)
def test_every_figure_stands_in_the_docs(rate: Rate) -> None:
    line, *_ = [x for x in (ROOT / rate.page).read_text("utf-8").splitlines() if x.startswith(rate.row)]
    cells = [c.replace("*", "").strip() for c in re.split(r"[|;]|(?<=%):", line)]
    assert any(re.match(rf"{re.escape(rate.counted)}( |$)", c) or c.endswith(f" of {rate.counted}") for c in cells)
    assert any(re.match(rf"{re.escape(rate.figure)}( |$)", c) for c in cells)
    bounds = re.findall(r"[\d.]+", rate.interval)
    assert not bounds or any(all(b in c for b in bounds if b != "0") for c in cells)
    assert all(any(re.match(rf"{re.escape(value)}( |$)", c) for c in cells) for _, value in rate.more)


def test_every_result_of_the_report_is_one_of_them_or_stands_there_in_words() -> None:
    for page, results in errors.PAGES.values():
        text = " ".join((ROOT / "docs" / page).read_text("utf-8").split())
        for one in results:
            assert one.of or one.rows
            assert all(rate in RATES and rate.page == f"docs/{page}" for rate in one.of)
            assert [row for row in one.rows if row not in text] == [], page
