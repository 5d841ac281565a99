"""The report's figures: charts, distances, typical values, times of the run's zone, colours that can be read."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from rendered import html, view

from fakedetect.report import charts, plain
from fakedetect.schema import Audit
from fakedetect.words import Lang

MARKS = {
    # id: (shares, high, posts above, dots and diamonds drawn)
    "few": ([0.1, 0.5, 0.2], 0.3, 1, 3),
    "no band": ([0.1, 0.5], None, 0, 2),
    "many": ([0.1] * 2999 + [0.9], 0.3, 1, -(-3000 // charts.bin_size(3000)) + 1),
    "many above": ([0.9] * 3000, 0.3, 3000, -(-3000 // charts.bin_size(3000)) + 250),
}


@pytest.mark.parametrize(("shares", "high", "n_over", "n_drawn"), MARKS.values(), ids=MARKS)
def test_first_hour_chart(shares: list[float], high: float | None, n_over: int, n_drawn: int) -> None:
    marks = [
        charts.PostMark(s, None if high is None else 0.05, high, "1 Jan 2024", f"post {i}")
        for i, s in enumerate(shares)
    ]
    low, band, *dots = charts.first_hour(marks)["series"]
    assert sum(m.is_over for m in marks) == n_over
    assert sum(len(series["data"]) for series in dots) == n_drawn
    places = -(-len(marks) // charts.bin_size(len(marks)))
    assert [len(low["data"]), len(band["data"])] == [places, places]
    assert all(d["value"][0] < places for series in dots for d in series["data"])


def test_nearness_is_to_another_member_on_the_same_post(found_audit: Audit) -> None:
    rows = view(found_audit).first_comments([f"id{k}" for k in range(9)])
    assert rows
    for row in rows:
        others = [
            abs((r["comment_time"] - row["comment_time"]).total_seconds())
            for r in rows
            if r["post_id"] == row["post_id"] and r["author_id"] != row["author_id"]
        ]
        assert row["near_s"] == (min(others) if others else None)


def test_typical_leaves_out_those_who_are_listed(found_audit: Audit) -> None:
    rows = found_audit.accounts.to_pylist()
    rest = [r["copied_share"] for r in rows if r["verdict"] not in ("suspect", "review")]
    assert view(found_audit).typical("copied_share", None) == pytest.approx(float(np.median(rest)))
    assert view(found_audit).typical("account_age_days", None) is None


MOMENTS = [
    pytest.param("en", "9 Jan 2024, 00:30", id="english"),
    pytest.param("fr", "9 janv. 2024, 00:30", id="french"),
]


@pytest.mark.parametrize(("lang", "shown"), MOMENTS)
def test_times_stand_in_the_zone_of_the_run(lang: Lang, shown: str) -> None:
    when = dt.datetime(2024, 1, 8, 23, 30, tzinfo=dt.UTC)
    assert plain.moment(when, ZoneInfo("Europe/Paris"), lang).replace("\u00a0", " ") == shown


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_is_enough_to_read(found_audit: Audit, scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", html(found_audit).split("@media print")[0], re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[scheme]))

    def luminance(name: str) -> float:
        parts = [int(colours[name][i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    def contrast(a: str, b: str) -> float:
        dark, light = sorted((luminance(a), luminance(b)))
        return (light + 0.05) / (dark + 0.05)

    texts = [(ink, on) for ink in ("ink", "soft") for on in ("page", "card", "inset")]
    texts += [("link", "card"), ("warn-ink", "warn"), ("suspect-ink", "suspect"), ("review-ink", "review")]
    assert [pair for pair in texts if contrast(*pair) < 4.5] == []
    shapes = [("over", "card"), ("in", "card"), ("near0", "card"), ("over", "band")]
    assert [pair for pair in shapes if contrast(*pair) < 3] == []
