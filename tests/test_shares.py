"""Beta-binomial shares: what is fitted is what was drawn, and intervals hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from fakedetect.shares import Shares, band_and_tail, difference, expected_beside, fit, proportion


def test_fit_finds_mean_and_spread() -> None:
    rng = np.random.default_rng(1)
    total = 20 + rng.poisson(200, 2000)
    shares = fit(rng.binomial(total, rng.beta(4.0, 16.0, 2000)), total)
    assert shares.mean == pytest.approx(0.2, abs=0.01)
    assert shares.a + shares.b == pytest.approx(20.0, rel=0.1)


def test_points_are_those_of_the_beta_negative_binomial() -> None:
    other, most = np.array([0, 7, 120]), np.array([10_000, 10_000, 10_000])
    mean, low, middle, high = expected_beside(other, most, Shares(3.0, 9.0))
    model = stats.betanbinom(other + 1, 9.0, 3.0)  # scipy counts failures before the n-th success
    for q, points in ((0.025, low), (0.5, middle), (0.975, high)):
        assert points.tolist() == model.ppf(q).tolist()
    np.testing.assert_allclose(mean, model.mean(), rtol=1e-3)


def test_what_is_beyond_the_most_is_the_most() -> None:
    mean, low, middle, high = expected_beside(np.array([500, 500]), np.array([0, 5]), Shares(3.0, 3.0))
    assert high.tolist() == [0, 5] and middle.tolist() == [0, 5] and low[0] == 0 and 0 < mean[1] <= 5


@pytest.mark.parametrize(("a", "b", "added"), [(2.0, 30.0, 0), (2.0, 30.0, 36), (20.0, 20.0, 36)])
def test_the_interval_of_what_was_added_holds_the_truth(a: float, b: float, added: int) -> None:
    """Posts of log-normal size; some comments are added early to five of a hundred: 95 % intervals, 90 % asked."""
    rng = np.random.default_rng(4)
    held = n = 0
    for _ in range(60):
        total = 5 + rng.poisson(rng.lognormal(4.0, 0.8, 100))
        early = rng.binomial(total, rng.beta(a, b, 100))
        late = total - early
        early[:5] += added
        shares = fit(early, early + late)
        _, low, _, high = expected_beside(late[:5], early[:5], shares)
        held += int(((early[:5] - high <= added) & (added <= early[:5] - low)).sum())
        n += 5
    assert held / n >= 0.9


@pytest.mark.parametrize(("a", "b"), [(0.2, 0.3), (2.0, 9.0), (900.0, 4000.0)])
def test_band_and_tail_are_those_of_the_beta_binomial(a: float, b: float) -> None:
    rng = np.random.default_rng(5)
    total = np.concatenate([[0, 1, 2], rng.integers(3, 400, 40)])
    part = (total * rng.random(len(total))).astype(np.int64)
    low, high, tail = band_and_tail(part, total, Shares(a, b), (0.025, 0.975))
    model = stats.betabinom(total, a, b)
    np.testing.assert_array_equal(low, model.ppf(0.025))
    np.testing.assert_array_equal(high, model.ppf(0.975))
    np.testing.assert_allclose(tail, model.sf(part - 1), rtol=1e-4, atol=1e-10)  # of scipy's own rounding


def test_the_tail_of_a_large_post_is_no_rounding_error() -> None:
    """A hundred thousand comments, all in the first hour: the chance is tiny and not what is left of 1 - 1."""
    total = np.array([100_000])
    tail = band_and_tail(total, total, Shares(20.0, 80.0), (0.025, 0.975))[2, 0]
    assert np.log(tail) == pytest.approx(stats.betabinom(100_000, 20.0, 80.0).logpmf(100_000), rel=1e-6)
    assert 0 < tail < 1e-60


@pytest.mark.parametrize("worked", [0.05, 0.3, 0.9])
@pytest.mark.parametrize("n_posts", [8, 30])
def test_the_interval_of_a_share_holds_where_posts_differ(n_posts: int, worked: float) -> None:
    """A crew of eleven comes to some posts and not to others: a binomial interval would be too narrow."""
    rng = np.random.default_rng(8)

    def drawn(n: int) -> tuple[np.ndarray, np.ndarray]:
        theirs = np.where(rng.random(n) < worked, rng.binomial(11, 0.7, n), 0)
        return theirs, theirs + rng.poisson(8 * rng.gamma(3.0, 1 / 3, n))

    theirs, every = drawn(400_000)
    truth = theirs.sum() / every.sum()
    held = [low <= truth <= high for low, high in (proportion(*drawn(n_posts)) for _ in range(400))]
    assert np.mean(held) >= 0.93


def test_none_on_few_posts_leaves_much_open() -> None:
    nothing = np.zeros(30, np.int64)
    low, high = proportion(nothing, np.full(30, 200))
    assert low == 0.0 and high == pytest.approx(1 - 0.025 ** (1 / 30))
    assert proportion(np.full(30, 7), np.full(30, 7))[1] == 1.0
    assert proportion(nothing, nothing + 5)[1] > proportion(np.zeros(60, np.int64), np.full(60, 5))[1]


def test_a_difference_of_shares_is_wider_than_either_and_holds_near_nothing() -> None:
    estimate, low, high = difference((0.3, 0.25, 0.36), (0.0, 0.0, 0.04))
    assert estimate == pytest.approx(0.3)
    assert low == pytest.approx(0.3 - np.hypot(0.05, 0.04)) and high == pytest.approx(0.36)
