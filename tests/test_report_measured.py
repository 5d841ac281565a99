"""What the report works out itself: time bins, the first hour without the suspects, averages, the network's places;
and the words of reasons by what was tested."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from audits import summary, table
from make_audit import FEATURES, REFUSAL_WORDS, TEST_LABELS, make_audit
from rendered import html, view

from fakedetect import first_hours
from fakedetect.features import FEATURES as REGISTRY
from fakedetect.report import charts, layout, lift, overtime, reasons
from fakedetect.report.view import View
from fakedetect.schema import GROUPS_OUT, TIME, Audit
from fakedetect.words import LANGS, Lang, Text

ROOT = Path(__file__).resolve().parent.parent

# comments over time

SPANS = {
    # days from first to last: unit of the bars
    "a week": (6, "day"), "half a year": (170, "week"), "five years": (1800, "month"), "a long time": (9000, "quarter"),
}


@pytest.mark.parametrize(("days", "unit"), SPANS.values(), ids=SPANS)
def test_bins_are_as_fine_as_the_picture_bears_and_lose_nothing(days: int, unit: str) -> None:
    first = dt.date(2012, 2, 29)
    counts = {first + dt.timedelta(days=d): {"others": d + 1, "review": 1, "suspect": 2} for d in (0, days // 2, days)}
    found, bars = overtime._binned(counts, overtime._MAX_BARS)
    assert found == unit and len(bars) <= overtime._MAX_BARS
    assert sum(b["others"] for b in bars.values()) == sum(c["others"] for c in counts.values())
    starts = list(bars)
    assert starts == sorted(set(starts)) and starts[0] <= first
    assert len({b - a for a, b in pairwise(starts)}) <= 4, "no bin is left out"


def test_days_are_those_of_the_runs_zone(found_audit: Audit) -> None:
    late = pa.array([dt.datetime(2024, 1, 8, 23, 30, tzinfo=dt.UTC)] * found_audit.comments.num_rows, TIME)
    comments = found_audit.comments.set_column(
        found_audit.comments.column_names.index("comment_time"), "comment_time", late)
    one = view(dataclasses.replace(found_audit, comments=comments))
    assert list(overtime._per_day(one)) == [dt.date(2024, 1, 9)]


# without the suspects


def planted(per_post: list[tuple[int, int, int]], late: int = 5, seed: int = 0) -> Audit:
    """Posts with (suspects', reviews', others') comments in the first hour and `late` after it."""
    rows: list[dict[str, Any]] = []
    for k, counts in enumerate(per_post):
        for verdict, n in zip(("suspect", "review", "no_evidence"), counts, strict=True):
            rows += [{"page_id": "p", "post_id": f"post{k}", "verdict": verdict, "delay_s": 60.0 * i} for i in range(n)]
        rows += [{"page_id": "p", "post_id": f"post{k}", "verdict": "no_evidence", "delay_s": 9e4}] * late
    made = make_audit(n_posts=len(per_post))
    posts = made.posts.set_column(0, "post_id", pa.array([f"post{k}" for k in range(len(per_post))]))
    posts = posts.set_column(1, "page_id", pa.array(["p"] * len(per_post)))
    return dataclasses.replace(made, posts=posts, comments=pa.Table.from_pylist(rows), manifest={"seed": seed})


def lifted(made: Audit) -> dict[str, Any] | None:
    """The lift of an invented audit, under its own seed."""
    return first_hours.lift(made.comments, made.posts, fdr=made.summary["fdr"], seed=made.manifest["seed"])


def test_lift_is_what_suspects_wrote_over_what_others_wrote() -> None:
    found = lifted(planted([(2, 1, 8)] * 10 + [(0, 3, 9)] * 10))
    assert found is not None and found["posts"] == 10, "only the posts that suspects came to"
    assert {k: found[k] for k in ("comments", "by_suspects", "by_review", "without", "page_comments")} == {
        "comments": 110, "by_suspects": 20, "by_review": 10, "without": 90, "page_comments": 230}
    # Posts are all alike: the interval is who counts as a suspect, nothing else. Nine digits, no more.
    assert (found["estimate"], found["low"], found["high"]) == (0.222222222, 0.208791209, 0.375)


CASES = [
    pytest.param([(0, 1, 5)] * 9, None, id="no suspect came"),
    pytest.param([(2, 0, 8)] * (first_hours.FEW_POSTS - 1), (0.25, None, None), id="few posts: no interval"),
    pytest.param([(2, 0, 0)] * 9, (None, 19.0, None), id="nobody else came"),
]


@pytest.mark.parametrize(("per_post", "expected"), CASES)
def test_lift_where_little_is_known(per_post: list[tuple[int, int, int]], expected: tuple[Any, ...] | None) -> None:
    found = lifted(planted(per_post))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert (found["estimate"], found["low"], found["high"]) == tuple(e and pytest.approx(e) for e in expected)


def test_the_interval_holds_the_truth() -> None:
    """Posts whose lift varies: the interval covers the true ratio about as often as it says (95 %)."""
    draw = np.random.default_rng(11)
    covered = 0
    for trial in range(60):
        per_post = [(int(draw.poisson(3 * mood)), 0, int(draw.poisson(10 * mood))) for mood in draw.gamma(4, 0.25, 40)]
        found = lifted(planted([(max(s, 1), r, o) for s, r, o in per_post], seed=trial))
        assert found is not None and found["low"] is not None and found["high"] is not None
        covered += found["low"] <= 3.05 / 10 <= found["high"]
    assert covered >= 54


@pytest.mark.parametrize("lang", LANGS)
def test_the_section_says_what_the_summary_says_in_both_languages(lang: Lang) -> None:
    made = planted([(2, 1, 8)] * 10)
    told = {**(lifted(made) or {}), "estimate": 0.77, "low": 0.66}
    summary = {**made.summary, "accounts": {**made.summary["accounts"], "suspect": 2, "review": 1},
               "first_hour_lift": told}
    section = lift.without(view(dataclasses.replace(made, summary=summary), lang))
    lead = str(section.blocks[0].text)  # type: ignore[union-attr]
    assert all(part in lead for part in ("110", "20", "90", "77", "66", "38")), lead


def test_the_summary_of_an_audit_holds_the_lift_that_its_tables_give(sample_audit: Path) -> None:
    told = summary(sample_audit)
    tables = (table(sample_audit, name) for name in ("comments", "posts"))
    found = first_hours.lift(*tables, fdr=told["fdr"], seed=0)
    assert found == told["first_hour_lift"]
    assert found is not None and found["posts"] > 10 and 0 < found["low"] < found["estimate"] < found["high"]


def test_averages_without_suspects() -> None:
    made = make_audit()
    rows = [{"post_id": "a", "verdict": v, "rating": r} for v, r in
            (("suspect", 1.0), ("suspect", 1.0), ("review", 2.0), ("no_evidence", 5.0), (None, 4.0))]
    rows += [{"post_id": "b", "verdict": "no_evidence", "rating": 3.0}, {"post_id": "c", "verdict": "suspect",
                                                                       "rating": 5.0}]
    found = lift.averages(dataclasses.replace(made, comments=pa.Table.from_pylist(rows)))
    assert found == [
        {"post_id": "c", "n": 1, "n_suspect": 1, "mean": 5.0, "without": None, "least": None},
        {"post_id": "a", "n": 5, "n_suspect": 2, "mean": 2.6, "without": 3.67, "least": 4.5},
    ]


# the network


def test_places_are_kept_apart_and_the_paired_together() -> None:
    groups = [0] * 12 + [1] * 5
    pairs = [(a, b) for a in range(6) for b in range(a)] + [(12, 13), (13, 14), (14, 15), (15, 16)]
    spots = np.array(layout.placed(groups, pairs), float)
    assert layout.placed(groups, pairs) == [tuple(s) for s in spots.astype(int).tolist()]
    apart = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(axis=2)) / layout.SCALE
    assert apart[~np.eye(17, dtype=bool)].min() > 0.2, "nobody hides another"
    inside = [apart[a, b] for a, b in pairs[:15]]
    outside = [apart[a, b] for a in range(6) for b in range(6, 12)]
    assert np.mean(inside) < np.mean(outside)
    assert apart[:12, 12:].min() >= 1, "groups do not run into each other"


def test_data_for_a_script_element_cannot_end_it() -> None:
    hostile = {"name": "</script><!-- <script> & \u2028\u2029 {a|b}"}
    text = charts.as_json(hostile)
    assert not set("<>&\u2028\u2029") & set(text)


# reasons by what was tested

EVIDENCE = {
    # evidence of the group: English words that its sentence must have
    "closeness": "ties it so closely", "attendance": "so often to the same posts", "farm": "a visitor so rare",
    "phrases": "sentences", "marks": "gives such marks", "device": "behind this address or device",
    "attendance closeness": "so near to it in time", "closeness phrases": "ties it so closely",
    "marks phrases": "gives such marks",
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("evidence", "words"), EVIDENCE.items(), ids=EVIDENCE)
def test_place_in_a_group_is_worded_by_what_was_tested(lang: Lang, evidence: str, words: str) -> None:
    made = make_audit()
    rows = [{**g, "evidence": evidence.split()} for g in made.groups.to_pylist()]
    audit = dataclasses.replace(made, groups=pa.Table.from_pylist(rows, GROUPS_OUT))
    registry = {f.name: f for f in REGISTRY} | FEATURES
    row = {"group_id": "g1", "member_p_log10": 3.0, "group_n_close": 4.0, "reasons": ["member_p_log10"],
           "page_ids": ["page 0"]}
    column = pa.nulls(audit.accounts.num_rows, pa.float64())
    audit = dataclasses.replace(audit, accounts=audit.accounts.append_column("member_p_log10", column))
    (said,) = reasons.sentences(View(audit, lang, False, registry, REFUSAL_WORDS, TEST_LABELS), row, "reasons")
    assert "1,000" in said or "1\u202f000" in said
    if lang == "en":
        assert words in said


def test_who_was_put_beside_a_group_for_sentences_stood_near_nobody() -> None:
    row = {"group_id": "g1", "group_n_close": None}
    made = make_audit()
    rows = [{**g, "evidence": ["closeness", "phrases"]} for g in made.groups.to_pylist()]
    one = view(dataclasses.replace(made, groups=pa.Table.from_pylist(rows, GROUPS_OUT)))
    assert reasons._tested(one, row) == {"phrases"}
    assert reasons._tested(one, row | {"group_n_close": 3.0}) == {"closeness"}


def test_every_place_has_the_fields_of_the_feature() -> None:
    assert all(text.fields() == ({"value", "typical"},) * 2 for text in reasons.PLACES.values())
    assert all(isinstance(text, Text) for text in reasons.PLACES.values())


def test_the_list_names_reasons_in_a_few_words(found_audit: Audit) -> None:
    assert "Gap to its group; Copied texts; Rarity of its group" in html(found_audit)
