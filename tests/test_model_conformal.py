"""Conformal p-values: strata of like activity, their formula, and that they hold without a signal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakedetect.model.conformal import activity_strata, conformal_p

STRATA = [
    ("empty", [], [], 5, []),
    ("one", [1, 2, 9], [True] * 3, 1, [0, 1, 2]),
    ("too_few", [1, 2, 9], [True] * 3, 4, [0, 0, 0]),
    ("from_the_top", [1, 1, 2, 3, 4, 8, 16], [True] * 7, 2, [0, 0, 1, 1, 1, 2, 2]),
    ("rest_joins", [1, 2, 2, 4, 4], [True] * 5, 2, [0, 0, 0, 1, 1]),
    ("others_do_not_count", [1, 1, 2, 2, 64], [True, True, True, True, False], 2, [0, 0, 1, 1, 1]),
]


@pytest.mark.parametrize(
    ("counts", "mask", "size", "expected"), [c[1:] for c in STRATA], ids=[c[0] for c in STRATA]
)
def test_activity_strata(counts: list[int], mask: list[bool], size: int, expected: list[int]) -> None:
    found = activity_strata(np.array(counts, dtype=int), np.array(mask, dtype=bool), min_size=size)
    assert found.tolist() == expected


@given(st.lists(st.tuples(st.integers(1, 3000), st.booleans()), min_size=1, max_size=200), st.integers(1, 40))
def test_strata_are_large_enough_and_in_order(found: list[tuple[int, bool]], size: int) -> None:
    count, mask = np.array([c for c, _ in found]), np.array([m for _, m in found])
    strata = activity_strata(count, mask, min_size=size)
    assert (np.diff(strata[np.argsort(count, kind="stable")]) >= 0).all()
    assert set(strata) <= set(range(strata.max() + 1))
    if strata.max() > 0:
        assert np.bincount(strata[mask]).min() >= size


def brute(score: np.ndarray, stratum: np.ndarray, mask: np.ndarray) -> list[float]:
    p = []
    for i in range(len(score)):
        others = [j for j in range(len(score)) if mask[j] and stratum[j] == stratum[i] and j != i]
        p.append((1 + sum(score[j] >= score[i] for j in others)) / (len(others) + 1))
    return p


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.booleans()), min_size=1, max_size=40))
def test_conformal_is_its_formula(found: list[tuple[int, int, bool]]) -> None:
    score, stratum, mask = (np.array(column) for column in zip(*found, strict=True))
    result = conformal_p(score, stratum, mask)
    assert result.p.tolist() == brute(score, stratum, mask)
    assert (result.smallest <= result.p).all()


def test_smallest_p_is_what_the_reference_allows() -> None:
    score = np.array([5.0, 4, 3, 2, 9, 1])
    mask = np.array([True, True, True, True, False, False])
    found = conformal_p(score, np.array([0, 0, 0, 0, 0, 1]), mask)
    np.testing.assert_allclose(found.p, [1 / 4, 2 / 4, 3 / 4, 1, 1 / 5, 1])
    np.testing.assert_allclose(found.smallest, [1 / 4] * 4 + [1 / 5, 1])


LEVELS = (0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 0.9)


@pytest.mark.parametrize("contamination", [0.0, 0.01, 0.05])
@pytest.mark.parametrize("ties", [False, True], ids=["continuous", "ties"])
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "inside_reference"])
def test_p_holds_without_a_signal(contamination: float, ties: bool, inside: bool) -> None:
    """P(p <= a) is at most a, or a + contamination (1 - a) as stated, at every level; 400 clean pages."""
    rng = np.random.default_rng(11)
    shares = []
    for _ in range(400):
        n = 600
        count = rng.geometric(0.4, n)
        score = rng.normal(size=n) + 0.8 * np.log(count)
        score = np.round(score * 2) / 2 if ties else score
        mask = np.ones(n, dtype=bool) if inside else rng.random(n) < 0.8
        tested = np.ones(n, dtype=bool) if inside else ~mask
        strata = activity_strata(count, mask, min_size=100)
        p = conformal_p(score, strata, mask, contamination=contamination).p[tested]
        shares.append([(p <= a).mean() for a in LEVELS])
    mean, error = np.mean(shares, axis=0), np.std(shares, axis=0) / np.sqrt(len(shares))
    allowed = np.array([a + contamination * (1 - a) for a in LEVELS])
    assert (mean <= allowed + 3.5 * error + 1e-12).all(), (mean, allowed)
    if not ties and contamination == 0:
        # And not wastefully conservative: uniform up to the grain of the smallest stratum.
        assert (mean >= allowed - 0.011).all(), (mean, allowed)


def test_leaving_out_the_top_restores_power() -> None:
    rng = np.random.default_rng(4)
    score = np.concatenate([rng.normal(size=2000), rng.normal(8, 0.1, size=40)])
    everyone, one = np.ones(2040, dtype=bool), np.zeros(2040, dtype=int)
    blunt = conformal_p(score, one, everyone).p[-40:]
    sharp = conformal_p(score, one, everyone, contamination=0.02).p[-40:]
    assert np.median(blunt) > 0.009
    assert (sharp <= 1 / 2000).all()


BAD_CONFORMAL = [
    ("nan", [np.nan, 1.0], [0, 0], [True, True], 0.0, "must be finite"),
    ("strata", [1.0, 1.0], [0], [True, True], 0.0, "one entry per score"),
    ("mask", [1.0, 1.0], [0, 0], [1, 1], 0.0, "one boolean per account"),
    ("share", [1.0, 1.0], [0, 0], [True, True], 0.5, "contamination must be"),
]


@pytest.mark.parametrize(
    ("score", "stratum", "mask", "share", "says"),
    [c[1:] for c in BAD_CONFORMAL],
    ids=[c[0] for c in BAD_CONFORMAL],
)
def test_conformal_refuses(score: Any, stratum: Any, mask: Any, share: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        conformal_p(score, stratum, mask, contamination=share)


def test_strata_refuse_counts_under_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        activity_strata([0, 1], [True, True])
