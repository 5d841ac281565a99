"""Small chances by tilted draws: against all ways there are, and as p-values where chance alone chose."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from scipy import stats

from fakedetect.relate.polynomials import chances
from fakedetect.relate.tails import tail

DEALS = 1_999


def exact(span: np.ndarray, n: np.ndarray, pull: np.ndarray, weight: np.ndarray, size: np.ndarray,
          found: float) -> float:
    """The chance by every way to take n[r] places of each row's span."""
    rows = []
    for r, s in enumerate(span):
        ways = [(pull[r, list(w)].sum(), weight[s, list(w)].prod()) for w in combinations(range(size[s]), n[r])]
        whole = sum(p for _, p in ways)
        rows.append([(x, p / whole) for x, p in ways])
    return sum(np.prod([p for _, p in way]) for way in product(*rows) if sum(x for x, _ in way) >= found - 1e-9)


def made(seed: int) -> tuple[np.ndarray, ...]:
    """Three spans of eight, six and two places, and four rows in them."""
    rng = np.random.default_rng(seed)
    span, n, size = np.array([0, 1, 1, 2]), np.array([3, 2, 1, 2]), np.array([8, 6, 2])
    weight = np.where(np.arange(8) < size[:, None], rng.uniform(0.05, 1.0, (3, 8)), 0.0)
    return span, n, rng.normal(size=(4, 8)).round(2), weight, size


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("part", [0.05, 0.5, 0.9, 1.0], ids=lambda p: f"{p:g} of the way to the most")
def test_the_chance_is_that_of_all_ways(seed: int, part: float) -> None:
    span, n, pull, weight, size = made(seed)
    most = sum(np.sort(pull[r, :size[s]])[-n[r]:].sum() for r, s in enumerate(span))
    mean = sum((chances(weight, size)[1][s, n[r]] * pull[r]).sum() for r, s in enumerate(span))
    # A sum that can be reached, so that ties are in it.
    found = mean + part * (most - mean)
    truth = exact(span, n, pull, weight, size, found)
    told = [tail(span, n, pull, weight, size, found, DEALS, k) for k in range(20)]
    assert np.mean(told) == pytest.approx(truth, rel=0.05)
    assert np.std(told) < 0.2 * truth + 1e-12, "a tilt that is worth it"


def test_where_every_way_is_the_same_nothing_is_rare() -> None:
    span, n, pull, weight, size = made(0)
    assert tail(span, n, np.ones_like(pull), weight, size, 8.0, DEALS, 1) == 1.0
    # All places are taken: there is one way.
    assert tail(np.array([2]), np.array([2]), pull[3:], weight, size, pull[3, :2].sum(), DEALS, 1) == 1.0


def test_chance_alone_has_uniform_p() -> None:
    """Rows dealt by the weights: the tail of their own sum is uniform where it is screened, and never too small."""
    rng = np.random.default_rng(7)
    size = np.full(12, 8)
    weight = rng.uniform(0.1, 1.0, (12, 8))
    take = chances(weight, size)[0]
    span, n, pull = np.arange(12), np.full(12, 3), rng.normal(size=(12, 8))
    p = []
    for k in range(4_000):
        found = 0.0
        for s in range(12):
            left = 3
            for j in range(8):
                if left and rng.random() < take[s, j, left]:
                    found += pull[s, j]
                    left -= 1
        p.append(tail(span, n, pull, weight, size, found, 499, k))
    p = np.array(p)
    for level in (0.001, 0.01, 0.05, 0.2):
        assert (p <= level).sum() <= stats.binom.ppf(0.999, len(p), level)
    assert (p <= 0.2).mean() == pytest.approx(0.2, abs=0.03)
