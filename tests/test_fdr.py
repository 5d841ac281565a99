"""False discovery rate: against a plain reference, by property, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from fakedetect.fdr import can_reach, q_values

P_VALUES = st.lists(st.floats(0.0, 1.0, allow_subnormal=False), min_size=1, max_size=40)


def plain(p: list[float], m: int | None = None) -> list[float]:
    """Benjamini & Hochberg as the paper has it: the least level at which the step-up procedure rejects."""
    m = m or len(p)
    ordered = sorted(p)
    return [min([1.0] + [ordered[k] * m / (k + 1) for k in range(len(p)) if ordered[k] >= x]) for x in p]


@pytest.mark.parametrize(("p", "n_tests", "expected"), [
    pytest.param([], None, [], id="nothing"),
    pytest.param([0.03], None, [0.03], id="one"),
    pytest.param([0.01, 0.02, 0.03, 0.5], None, [0.04, 0.04, 0.04, 0.5], id="steps-up"),
    pytest.param([0.5, 0.01], None, [0.5, 0.02], id="order-kept"),
    pytest.param([0.2, 0.2], None, [0.2, 0.2], id="ties"),
    pytest.param([0.01, np.nan, 0.02], None, [0.02, np.nan, 0.02], id="nan-is-no-test"),
    pytest.param([np.nan, np.nan], None, [np.nan, np.nan], id="only-nan"),
    pytest.param([0.01, 0.02], 10, [0.1, 0.1], id="others-were-tested-too"),
    pytest.param([0.9, 0.8], 10, [1.0, 1.0], id="never-above-one"),
    pytest.param([0.0, 1.0], None, [0.0, 1.0], id="ends"),
])
def test_q_values(p: list[float], n_tests: int | None, expected: list[float]) -> None:
    np.testing.assert_allclose(q_values(np.array(p, float), n_tests), expected)


@given(P_VALUES, st.integers(0, 30))
def test_q_is_the_reference_and_rises_with_p(p: list[float], more: int) -> None:
    q = q_values(np.array(p), len(p) + more)
    np.testing.assert_allclose(q, plain(p, len(p) + more), atol=1e-12)
    order = np.argsort(p, kind="stable")
    assert (np.diff(q[order]) >= -1e-12).all()
    assert ((q >= np.array(p) - 1e-12) & (q <= 1)).all()


@given(P_VALUES, st.randoms(use_true_random=False))
def test_q_does_not_depend_on_order(p: list[float], random) -> None:  # type: ignore[no-untyped-def]
    turn = list(range(len(p)))
    random.shuffle(turn)
    np.testing.assert_allclose(q_values(np.array(p)[turn]), q_values(np.array(p))[turn])


WEIGHTS = [
    pytest.param([0.01, 0.02, 0.5], [1.0, 1.0, 1.0], [0.03, 0.03, 0.5], id="even"),
    pytest.param([0.01, 0.02, 0.5], [7.0, 7.0, 7.0], [0.03, 0.03, 0.5], id="only-ratios-count"),
    pytest.param([0.03, 0.03], [1.0, 3.0], [0.06, 0.04], id="more-is-expected-of-the-second"),
    pytest.param([0.01, 0.001], [1.0, 0.0], [0.01, 1.0], id="nothing-is-expected"),
    pytest.param([0.01, np.nan], [1.0, 9.0], [0.01, np.nan], id="nan-has-no-weight"),
    pytest.param([0.01, 0.02], [0.0, 0.0], [0.02, 0.02], id="nothing-expected-of-any"),
]


@pytest.mark.parametrize(("p", "weight", "expected"), WEIGHTS)
def test_weights(p: list[float], weight: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(q_values(np.array(p), weight=np.array(weight)), expected)


@pytest.mark.parametrize("weighted", [pytest.param(False, id="plain"), pytest.param(True, id="weighted")])
def test_false_discoveries_are_held(weighted: bool) -> None:
    """400 families of 200 tests, 20 of them true, at q <= .1: the mean share of false ones among the found is
    below .1 * 180 / 200 and a Monte Carlo allowance. Weights that favour the true ones find more."""
    rng = np.random.default_rng(8)
    false_share, found = [], []
    for _ in range(400):
        z = rng.normal(size=200)
        z[:20] += 2.5
        weight = rng.uniform(0.5, 1.5, 200)
        weight[:20] *= 4
        q = q_values(ndtr(-z), weight=weight if weighted else None)
        named = q <= 0.1
        false_share.append(named[20:].sum() / max(named.sum(), 1))
        found.append(named[:20].sum())
    assert np.mean(false_share) < 0.1 + 3 * np.std(false_share) / 20
    assert np.mean(found) > (12 if weighted else 8)


@pytest.mark.parametrize("weighted", [pytest.param(False, id="plain"), pytest.param(True, id="weighted")])
def test_nothing_is_found_where_nothing_is(weighted: bool) -> None:
    """Of 2000 families without a true one, 5 % or fewer name anything at q <= .05 (Simes 1986)."""
    rng = np.random.default_rng(9)
    named = 0
    for _ in range(2000):
        weight = rng.exponential(size=30) if weighted else None
        named += bool((q_values(rng.random(30), weight=weight) <= 0.05).any())
    assert named <= 100 + 3 * np.sqrt(2000 * 0.05 * 0.95)


@pytest.mark.parametrize(("smallest", "alpha", "expected"), [
    pytest.param([], 0.05, [], id="nothing"),
    pytest.param([0.01], 0.05, [True], id="one"),
    pytest.param([0.06], 0.05, [False], id="one-that-never-could"),
    pytest.param([0.01, 1.0, 1.0, 1.0], 0.05, [True, False, False, False], id="hopeless-ones-cost-nothing"),
    pytest.param([0.04, 0.04], 0.05, [False, False], id="too-many-for-what-they-can-reach"),
    pytest.param([0.04, 0.001], 0.05, [False, True], id="the-weaker-gives-way"),
    pytest.param([0.02, 0.02, 0.9], 0.05, [True, True, False], id="K-is-two"),
    pytest.param([1e-9] * 100, 0.05, [True] * 100, id="all-could"),
])
def test_tarone(smallest: list[float], alpha: float, expected: list[bool]) -> None:
    assert can_reach(np.array(smallest, float), alpha).tolist() == expected


@settings(max_examples=300)
@given(st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=60), st.sampled_from([0.01, 0.05, 0.2]))
def test_tarone_is_the_least_k(smallest: list[float], alpha: float) -> None:
    """Tarone (1990): K is the least number such that at most K tests can reach alpha / K; those are kept."""
    p = np.array(smallest)
    k = next(k for k in range(1, len(p) + 1) if (p <= alpha / k).sum() <= k)
    kept = can_reach(p, alpha)
    assert kept.tolist() == (p <= alpha / k).tolist()
    assert kept.sum() <= k
    # Every test that Bonferroni over all could ever reject is kept.
    assert kept[p <= alpha / len(p)].all()
