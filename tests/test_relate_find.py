"""How the searches are put together: the gate they share, groups that two of them name, and what is shown of a pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_relate_attendance import page

from fakedetect.fdr import q_values
from fakedetect.relate import SHARE_OF_GATE, _Found, _gated
from fakedetect.relate.attendance import attendance_p, looks, shown_p
from fakedetect.relate.groups import Candidate
from fakedetect.relate.naming import Named, join
from fakedetect.relate.pairs import all_pairs


def found(p: float, evidence: str, *members: int) -> _Found:
    return _Found(p, Candidate(members, -np.log(p)), evidence)


def test_each_search_has_its_share_of_the_gate() -> None:
    assert sum(SHARE_OF_GATE.values()) == pytest.approx(1.0)
    groups = [found(0.004, "closeness", 1, 2, 3), found(0.004, "farm", 4, 5, 6), found(0.0001, "phrases", 7, 8, 9)]
    p, passed, standing = _gated(groups, SHARE_OF_GATE, 0.02, 0.05)
    assert p == pytest.approx(0.0001 / 0.05) and passed == 2
    assert [(s.evidence, s.p) for s in standing] == [("phrases", pytest.approx(0.002)), ("closeness", 0.008)]
    assert [s.q for s in standing] == pytest.approx(q_values(np.array([0.002, 0.008])).tolist())
    assert _gated([], SHARE_OF_GATE, 0.02, 0.05) == (1.0, 0, [])


def test_members_answer_for_all_groups_that_passed_the_gate() -> None:
    """Two passed and one stands: the q of its accounts is doubled (Benjamini & Bogomolov 2014)."""
    groups = [found(1e-6, "attendance", 1, 2, 3), found(0.009, "closeness", 4, 5, 6)]
    assert [s.times for s in _gated(groups, SHARE_OF_GATE, 0.02, 0.05)[2]] == [1.0, 1.0]
    [one] = _gated(groups, SHARE_OF_GATE, 0.02, 0.01)[2]
    assert one.evidence == "attendance" and one.times == 2.0


def test_what_two_searches_name_is_one_group_and_was_asked_twice() -> None:
    def named(evidence: str, p: dict[int, float]) -> Named:
        return Named(0.001, 0.001, {evidence}, {a: {"member_p": v, "member_q": 2 * v} for a, v in p.items()}, set(p))

    groups: list[Named] = []
    join(groups, named("closeness", {1: 0.01, 2: 0.002, 3: 0.001}))
    join(groups, named("attendance", {2: 0.001, 3: 0.004, 4: 0.3}))
    join(groups, named("attendance", {7: 0.001, 8: 0.001, 9: 0.001}))
    [first, second] = groups
    assert first.evidence == {"closeness", "attendance"} and first.convicted == {1, 2, 3, 4}
    assert {a: row["member_p"] for a, row in first.accounts.items()} == pytest.approx(
        {1: 0.01, 2: 0.002, 3: 0.002, 4: 0.6})
    assert second.convicted == {7, 8, 9}
    again = [named("closeness", {1: 0.01, 2: 0.002, 3: 0.001})]
    join(again, named("closeness", {1: 0.004, 2: 0.02, 3: 0.003}))
    assert again[0].accounts[1]["member_p"] == 0.004, "one search, asked once"


def test_a_pair_is_shown_with_the_look_that_speaks_for_it_least() -> None:
    here = page(5)
    popular = np.random.default_rng(5).poisson(20, len(here.post_names)).astype(np.float64)
    ways = looks(here, np.arange(len(here.post_names), dtype=np.float64), popular)
    them = all_pairs(here)
    every = np.array([attendance_p(them, *look, mid=False) for look in ways.every])
    assert len(ways.every) == 6 and (every.max(axis=0) > every[0]).any()
    np.testing.assert_array_equal(shown_p(them, ways.every), every.max(axis=0))
    fewer = replace(ways, drawn=())
    assert (shown_p(them, fewer.every) <= shown_p(them, ways.every)).all()
