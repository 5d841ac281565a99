"""The figures that a dossier states are those of the docs, and every kind of evidence has its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fakedetect.dossier import hypotheses, rates
from fakedetect.dossier.rates import Rate
from fakedetect.relate import SHARE_OF_GATE, SHARE_OF_GATE_REVIEWS

ROOT = Path(__file__).resolve().parent.parent
RATES = [r for *_, held in rates.TABLES for r in held]


@pytest.mark.parametrize("rate", RATES, ids=lambda r: r.row)
def test_every_rate_stands_in_the_docs(rate: Rate) -> None:
    line, *_ = [x for x in (ROOT / rate.page).read_text("utf-8").splitlines() if x.startswith(rate.row)]
    cells = [c.replace("*", "").strip() for c in line.split("|")]
    assert any(re.match(rf"{re.escape(rate.counted)}( |$)", c) or c.endswith(f" of {rate.counted}") for c in cells)
    assert any(re.match(rf"{re.escape(rate.figure)}( |$)", c) for c in cells)
    bounds = re.findall(r"[\d.]+", rate.interval)
    assert not bounds or any(all(b in c for b in bounds if b != "0") for c in cells)


def test_every_kind_of_evidence_has_its_statistic_null_and_innocent_explanations() -> None:
    assert set(hypotheses.EVIDENCE) == hypotheses.ANY
    for kind in hypotheses.EVIDENCE:
        codes = {h.code for h in hypotheses.of({kind})}
        assert {"chance", "coordinated", "staff", "artefact"} < codes
    assert {*SHARE_OF_GATE, *SHARE_OF_GATE_REVIEWS} <= set(hypotheses.EVIDENCE)
