"""From evidence to words: every verdict and their order of precedence, one case a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fakedetect.decide import Decision, inauthentic_share, verdicts
from fakedetect.relate import MEMBERS


@dataclass(frozen=True)
class Account:
    """The account a case is about; 200 dull ones stand beside it. member_q None: in no group."""

    probability: float = 0.001
    rank_p: float = 0.5
    rank_smallest: float = 1e-4
    member_q: float | None = None
    reach: float | None = 1e-6
    declared: bool = False
    innocent: bool = False
    score_refused: bool = False
    unlearned: bool = False


def decide(case: Account, n_dull: int = 200, fdr: float = 0.05) -> Decision:
    authors = ["it", *(f"dull{i:03d}" for i in range(n_dull))]
    dull_p = (np.arange(n_dull) + 1) / (n_dull + 1)
    members = [] if case.member_q is None else [member("it", case.member_q)]
    reach = dict.fromkeys(authors[1:], 1e-6) | ({} if case.reach is None else {"it": case.reach})
    return verdicts(
        authors,
        probability=np.r_[case.probability, np.full(n_dull, 0.0005)],
        rank_p=np.r_[case.rank_p, np.maximum(dull_p, 0.02)],
        rank_smallest=np.r_[case.rank_smallest, np.full(n_dull, 1e-4)],
        members=pa.Table.from_pylist(members, MEMBERS), testable=reach,
        declared={"it"} if case.declared else set(), innocent={"it"} if case.innocent else set(),
        score_refused=case.score_refused, fdr=fdr, unlearned={"it"} if case.unlearned else set(),
    )


def member(author: str, q: float, group: str = "g-1") -> dict[str, Any]:
    return {"author_id": author, "group_id": group, "member_p": q / 3, "member_q": q}


CASES = [
    pytest.param(Account(), "no_evidence", id="ordinary"),
    pytest.param(Account(probability=0.99), "no_evidence", id="probability-alone-convicts-nobody"),
    pytest.param(Account(rank_p=1e-5), "review", id="alone-a-rank-is-at-most-review"),
    pytest.param(Account(rank_p=1e-5, probability=0.99), "review", id="alone-at-most-review-however-likely"),
    pytest.param(Account(rank_p=0.002), "no_evidence", id="a-rank-that-does-not-survive-correction"),
    pytest.param(Account(member_q=0.01, probability=0.9), "suspect", id="convicted-in-a-group"),
    pytest.param(Account(member_q=0.05, probability=0.5), "suspect", id="both-limits-included"),
    pytest.param(Account(member_q=0.01, probability=0.49), "review", id="convicted-but-unlikely"),
    pytest.param(Account(member_q=0.051, probability=0.9), "review", id="beside-a-group"),
    pytest.param(Account(member_q=0.01, unlearned=True), "suspect", id="the-classifier-has-no-say"),
    pytest.param(Account(member_q=0.06, probability=0.9, unlearned=True), "review", id="q-still-has"),
    pytest.param(Account(member_q=0.01, probability=0.9, rank_p=np.nan), "suspect", id="group-without-rank"),
    pytest.param(Account(member_q=0.01, probability=0.9, rank_smallest=1.0, reach=None), "suspect",
                 id="in-a-group-is-enough-data"),
    pytest.param(Account(rank_smallest=0.2, reach=None), "not_enough_data", id="no-test-reaches"),
    pytest.param(Account(rank_smallest=0.2, reach=0.2), "not_enough_data", id="both-too-coarse"),
    pytest.param(Account(rank_smallest=0.05, reach=None), "no_evidence", id="rank-reaches-just"),
    pytest.param(Account(rank_smallest=0.2, reach=0.05), "no_evidence", id="group-test-reaches-just"),
    pytest.param(Account(rank_p=np.nan, rank_smallest=np.nan, reach=None), "not_enough_data", id="never-ranked"),
    pytest.param(Account(score_refused=True, reach=None), "not_enough_data", id="scores-refused-no-group-test"),
    pytest.param(Account(score_refused=True), "no_evidence", id="scores-refused-groups-tested"),
    pytest.param(Account(score_refused=True, rank_p=1e-5), "no_evidence", id="a-refused-rank-says-nothing"),
    pytest.param(Account(declared=True), "declared", id="declared"),
    pytest.param(Account(declared=True, rank_p=1e-5, probability=0.99), "declared", id="declared-before-review"),
    pytest.param(Account(declared=True, member_q=0.001, probability=0.99), "declared", id="declared-before-suspect"),
    pytest.param(Account(declared=True, rank_smallest=1.0, reach=None), "declared",
                 id="declared-before-not-enough-data"),
    pytest.param(Account(innocent=True, rank_p=1e-5), "no_evidence", id="known-innocent-is-not-reviewed"),
    pytest.param(Account(innocent=True, member_q=0.001, probability=0.99), "no_evidence",
                 id="known-innocent-is-no-suspect"),
    pytest.param(Account(innocent=True, rank_smallest=1.0, reach=None), "not_enough_data",
                 id="known-innocent-without-data"),
    pytest.param(Account(innocent=True, declared=True), "declared", id="declared-before-innocent"),
]


@pytest.mark.parametrize(("case", "expected"), CASES)
def test_verdict(case: Account, expected: str) -> None:
    decision = decide(case)
    assert decision.verdict[0] == expected
    assert set(decision.verdict[1:]) == ({"no_evidence"})


def test_ranks_alone_are_not_enough_data() -> None:
    # By correction over the accounts that make the ranks nobody can pass; then to be ranked says nothing.
    n = 200
    ranks = (np.arange(n) + 1) / (n + 1)
    cases = (({}, "not_enough_data"), ({"a000": 0.2}, "not_enough_data"), ({"a000": 1e-6}, "no_evidence"))
    for reach, expected in cases:
        decision = verdicts(
            [f"a{i:03d}" for i in range(n)], probability=np.full(n, 0.0005), rank_p=ranks,
            rank_smallest=np.full(n, 1 / (n + 1)), members=pa.Table.from_pylist([], MEMBERS), testable=reach,
            declared=set(), innocent=set(), score_refused=False, fdr=0.05,
        )
        assert set(decision.verdict) == {expected}
        assert np.isnan(decision.probability).all() == (expected == "not_enough_data")


@pytest.mark.parametrize(("case", "shown", "tested"), [
    pytest.param(Account(), True, True, id="ordinary"),
    pytest.param(Account(member_q=0.01, probability=0.9), True, True, id="suspect"),
    pytest.param(Account(declared=True), False, False, id="declared"),
    pytest.param(Account(declared=True, member_q=0.01), False, False, id="declared-in-group"),
    pytest.param(Account(rank_smallest=0.2, reach=None), False, False, id="not-enough-data"),
    pytest.param(Account(score_refused=True), False, False, id="scores-refused"),
    pytest.param(Account(score_refused=True, member_q=0.01), False, True, id="scores-refused-in-group"),
    pytest.param(Account(innocent=True), True, True, id="innocent"),
])
def test_what_is_null(case: Account, shown: bool, tested: bool) -> None:
    decision = decide(case)
    assert np.isnan(decision.probability[0]) != shown
    assert np.isnan(decision.p_value[0]) != tested
    assert np.isnan(decision.q_value[0]) != tested


def test_a_member_shows_its_own_evidence() -> None:
    decision = decide(Account(member_q=0.03, probability=0.9, rank_p=0.7))
    assert (decision.p_value[0], decision.q_value[0]) == (pytest.approx(0.01), 0.03)
    assert decision.group_id[0] == "g-1"
    assert set(decision.group_id[1:]) == {None}


def test_members_and_declared_are_no_tests_among_the_others() -> None:
    """Ranks are corrected over the accounts that only their rank speaks for."""
    alone = decide(Account(rank_p=3e-4))
    assert alone.q_value[0] == pytest.approx(3e-4 * 201)
    declared = decide(Account(declared=True, rank_p=1e-9))
    np.testing.assert_allclose(declared.q_value[1:], decide(Account(member_q=0.5)).q_value[1:])


@pytest.mark.parametrize(("fdr", "expected"), [pytest.param(0.05, "review", id="strict"),
                                               pytest.param(0.1, "suspect", id="lenient")])
def test_the_level_is_the_users(fdr: float, expected: str) -> None:
    assert decide(Account(member_q=0.08, probability=0.9), fdr=fdr).verdict[0] == expected


def test_nobody() -> None:
    nothing = np.empty(0)
    decision = verdicts([], probability=nothing, rank_p=nothing, rank_smallest=nothing,
                        members=MEMBERS.empty_table(), testable={}, declared=set(), innocent=set(),
                        score_refused=False, fdr=0.05)
    assert decision.verdict == [] and decision.label == [] and len(decision.q_value) == 0


def test_labels_tell_nothing_but_the_order_of_evidence() -> None:
    """S for suspects, R for reviews, A for the others; by q, then the more probable, then by id."""
    authors = ["zoe", "ann", "bob", "cid", *(f"x{i:03d}" for i in range(120))]
    n = len(authors)
    members = [member("zoe", 0.001), member("ann", 0.002), member("bob", 0.002), member("cid", 0.1)]
    decision = verdicts(authors, probability=np.r_[0.9, 0.8, 0.95, 0.1, np.full(n - 4, 1e-3)],
                        rank_p=np.full(n, 0.5), rank_smallest=np.full(n, 1e-4),
                        members=pa.Table.from_pylist(members, MEMBERS), testable={}, declared=set(), innocent=set(),
                        score_refused=False, fdr=0.05)
    assert dict(zip(authors[:4], decision.label[:4], strict=True)) == {
        "zoe": "S01", "bob": "S02", "ann": "S03", "cid": "R01"}
    assert decision.label[4:6] == ["A001", "A002"]
    assert len(set(decision.label)) == n


SHARES = [
    pytest.param((0, 0, 0, [], 0), (None, None, None), id="nobody-commented"),
    pytest.param((1000, 0, 0, [], 5), (0.0, 0.0, 0.005), id="nothing-found-a-ring-of-five-could-hide"),
    pytest.param((1000, 10, 4, [0.95] * 10 + [0.3] * 4, 5), (0.0107, 0.0095, 0.019), id="ring-and-reviews"),
    pytest.param((1000, 10, 0, [0.95] * 10, None), (0.0095, 0.0095, None), id="power-unknown"),
    pytest.param((10, 8, 2, [0.9] * 10, 13), (0.9, 0.76, 1.0), id="never-above-one"),
    pytest.param((1000, 2, 0, [0.9, np.nan], 0), (0.0009, 0.0009, 0.002), id="null-probabilities-add-nothing"),
]


def test_what_the_classifier_never_learned_has_no_probability() -> None:
    assert np.isnan(decide(Account(member_q=0.01, probability=0.9, unlearned=True)).probability[0])
    assert decide(Account(member_q=0.01, probability=0.9)).probability[0] == 0.9


@pytest.mark.parametrize(("given", "expected"), SHARES)
def test_inauthentic_share(given: tuple[Any, ...], expected: tuple[float | None, ...]) -> None:
    n, suspects, reviews, probability, unseen = given
    share = inauthentic_share(n, suspects, reviews, np.array(probability, float), 0.05, unseen)
    assert tuple(share.values()) == expected
    assert list(share) == ["estimate", "low", "high"]
