"""Figures at a prevalence: against scikit-learn where it has them, by hand where it has not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from sklearn.metrics import average_precision_score

from fakedetect.evaluate import metrics


def scored(n: int = 4000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(y, p, weight): p is the chance of y, some of them equal."""
    rng = np.random.default_rng(seed)
    p = np.round(special.expit(rng.normal(-2, 1.5, n)), 2).clip(0.01, 0.99)
    return (rng.random(n) < p).astype(np.int64), p, rng.integers(1, 6, n).astype(np.float64)


def test_average_precision_is_scikit_learns() -> None:
    y, p, weight = scored()
    expected = average_precision_score(y, p, sample_weight=weight)
    assert metrics.average_precision(y, p, weight) == pytest.approx(expected, rel=1e-12)


def test_a_constant_has_the_prevalence_and_no_skill() -> None:
    y, _, weight = scored()
    share = float(np.average(y, weights=weight))
    same = np.full(len(y), share)
    assert metrics.average_precision(y, same, weight) == pytest.approx(share)
    assert metrics.brier_skill(y, same, weight) == pytest.approx(0.0)
    assert metrics.brier_skill(y, y.astype(np.float64), weight) == pytest.approx(1.0)


def test_weights_at_a_prevalence() -> None:
    y, _, weight = scored()
    moved = metrics.at_prevalence(y, weight, 0.001)
    assert np.average(y, weights=moved) == pytest.approx(0.001)
    assert (moved[y == 0] == weight[y == 0]).all()


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_slope_says_by_how_much_log_odds_are_too_large(factor: float) -> None:
    y, p, weight = scored(60_000)
    said = special.expit(factor * special.logit(p))
    assert metrics.calibration_slope(y, said, np.ones_like(weight)) == pytest.approx(1 / factor, rel=0.05)


def test_recall_at_a_false_discovery_rate() -> None:
    y = np.array([1, 1, 0, 1, 0, 0, 0, 1])
    score = np.array([9, 8, 7, 6, 5, 4, 3, 2], np.float64)
    one = np.ones(8)
    assert metrics.recall_at_fdr(y, score, one, 0.0) == 0.5
    assert metrics.recall_at_fdr(y, score, one, 0.25) == 0.75
    assert metrics.recall_at_fdr(y, score, one, 0.5) == 1.0
    assert metrics.recall_at_fdr(1 - y, np.where(y == 1, 1.0, 0.0), one, 0.05) == 0.0


def test_bins_hold_what_they_say() -> None:
    y, p, _ = scored(30_000)
    bins = metrics.top_bins(y, p, np.ones(len(y)))
    assert len(bins) == 3
    for said, seen, low, high, n in bins:
        assert low <= said <= high
        assert low <= seen <= high
        assert n == pytest.approx(((p > 0.1) & (p <= 0.5)).sum()) or said > 0.5


def test_upper_bound_is_exact() -> None:
    assert metrics.upper(0, 3000) == pytest.approx(1 - 0.05 ** (1 / 3000))
    assert metrics.upper(5, 5) == 1.0


def test_intervals_draw_whole_clusters() -> None:
    """Four clusters that are alike inside: an interval of rows would be ten times as narrow."""
    cluster = np.repeat(np.arange(4), 1000)
    value = cluster / 4
    low, high = metrics.over_clusters(lambda w: float(np.average(value, weights=w)), cluster, np.ones(4000))
    assert high - low > 0.3
    assert low < value.mean() < high
