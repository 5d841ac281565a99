"""Shares of counts that differ between posts by more than counting noise: the beta-binomial (Skellam 1948)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL_PAGE = 8.0
"""Posts' worth of doubt about a fitted spread: by 20 posts it is widened by two fifths, by 200 hardly."""
INTERVAL = (0.025, 0.5, 0.975)


@dataclass(frozen=True)
class Shares:
    """A post's share is drawn from Beta(a, b)."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """Expected share."""
        return self.a / (self.a + self.b)


def fit(part: Ints, total: Ints) -> Shares:
    """Beta-binomial of `part` of `total` (n,) by maximum likelihood, its spread widened where n is small.

    All posts count, remarkable ones too: a few of them widen the band, which costs power and never adds a flag.
    """
    # Without the binomial coefficients, which do not depend on what is fitted.
    def cost(theta: Floats) -> float:
        mean, spread = 1 / (1 + np.exp(-theta[0])), np.exp(theta[1])
        a, b = mean * spread, (1 - mean) * spread
        return -float((special.betaln(part + a, total - part + b) - special.betaln(a, b)).sum())

    share = (part.sum() + 0.5) / (total.sum() + 1.0)
    found = optimize.minimize(cost, np.array([np.log(share / (1 - share)), np.log(10.0)]), method="L-BFGS-B",
                              bounds=[(-12.0, 12.0), (np.log(0.1), np.log(1e4))])
    mean = float(1 / (1 + np.exp(-found.x[0])))
    spread = float(np.exp(found.x[1])) / (1 + SMALL_PAGE / max(len(total), 1))
    return Shares(mean * spread, (1 - mean) * spread)


def band_and_tail(part: Ints, total: Ints, shares: Shares, levels: Sequence[float]) -> Floats:
    """Of the beta-binomial of each total (n,): the points at `levels` (ascending), and the chance of `part` or more:
    shape (len(levels) + 1, n). Linear in the totals."""
    return np.asarray(_walk(part, total, shares.a, shares.b, np.array(levels)))


@numba.njit(cache=True, nogil=True)
def _walk(part, total, a, b, levels):  # type: ignore[no-untyped-def]
    out = np.zeros((len(levels) + 1, len(total)))
    weight = np.empty(total.max() + 1 if len(total) else 1)
    for k in range(len(total)):
        n = total[k]
        # From the middle outwards by the ratio of successive terms, so that nothing large is lost to rounding.
        middle = min(int(n * a / (a + b)), n)
        weight[middle] = 1.0
        for x in range(middle, n):
            weight[x + 1] = weight[x] * ((n - x) / (x + 1.0) * (a + x) / (n - x - 1.0 + b))
        for x in range(middle, 0, -1):
            weight[x - 1] = weight[x] * (x / (n - x + 1.0) * (n - x + b) / (a + x - 1.0))
        whole = 0.0
        for x in range(n + 1):
            whole += weight[x]
        below = 0.0
        level = 0
        for x in range(n + 1):
            below += weight[x]
            while level < len(levels) and (below >= levels[level] * whole or x == n):
                out[level, k] = x
                level += 1
        tail = 0.0
        for x in range(n, part[k] - 1, -1):
            tail += weight[x]
        out[-1, k] = min(tail / whole, 1.0)
    return out


def expected_beside(other: Ints, most: Ints, shares: Shares) -> Floats:
    """How many belong to the part, given that `other` (n,) do not: mean, 2.5 %, 50 % and 97.5 % points, shape (4, n).

    A beta negative binomial with other + 1 failures (every total is as likely beforehand); what is beyond `most` (n,)
    is `most`. Null simulation: tests/test_shares.py.
    """
    return np.asarray(_points(other, most, shares.a, shares.b, np.array(INTERVAL)))


@numba.njit(cache=True, nogil=True)
def _points(other, most, a, b, levels):  # type: ignore[no-untyped-def]
    out = np.zeros((1 + len(levels), len(other)))
    for k in range(len(other)):
        r = other[k] + 1.0
        # P(0) = B(a, b + r) / B(a, b), then by the ratio of successive terms; in logs, or a large post begins at 0.
        log_p = math.lgamma(b + r) - math.lgamma(a + b + r) - math.lgamma(b) + math.lgamma(a + b)
        below = math.exp(log_p)
        x = 0
        level = 0
        while level < len(levels) or x < most[k]:
            if level < len(levels) and (below >= levels[level] or x >= most[k]):
                out[1 + level, k] = x
                level += 1
                continue
            out[0, k] += max(1.0 - below, 0.0)  # the mean of min(x, most) is the sum of its tails
            log_p += math.log((r + x) / (x + 1.0) * (a + x) / (a + b + r + x))
            below += math.exp(log_p)
            x += 1
    return out


def proportion(part: Ints, total: Ints) -> tuple[float, float]:
    """95 % interval of sum(part) / sum(total), counts of posts (n,) that differ by more than counting noise.

    Exact for the number of comments that say as much as these posts do (Korn & Graubard 1998): the variance of the
    ratio between posts, and the few posts it is told by, tell how many those are. Where all or none of a share belongs
    to the part nothing is seen of how it varies, and each post counts as one comment. Needs two posts with a total.
    Simulation: tests/test_shares.py.
    """
    part, total = part[total > 0].astype(np.float64), total[total > 0].astype(np.float64)
    posts, n = len(total), float(total.sum())
    share = float(part.sum() / n)
    worth = float(posts)
    if 0 < share < 1:
        spread = posts / (posts - 1) * float(((part - share * total) ** 2).sum()) / n**2
        few = float((special.stdtrit(n - 1, INTERVAL[2]) / special.stdtrit(posts - 1, INTERVAL[2])) ** 2)
        worth = min(n, share * (1 - share) / spread * few) if spread > 0 else n * few
    x = share * worth
    low = float(special.betaincinv(x, worth - x + 1, INTERVAL[0])) if x > 0 else 0.0
    high = float(special.betaincinv(x + 1, worth - x, INTERVAL[2])) if x < worth else 1.0
    return low, high


def difference(one: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float, float]:
    """(estimate, low, high) of one share less another, each given as (estimate, low, high): by square and add (Newcombe
    1998; Zou & Donner 2008), which holds near 0 where shares are skewed."""
    (p, p_low, p_high), (q, q_low, q_high) = one, other
    return p - q, p - q - math.hypot(p - p_low, q_high - q), p - q + math.hypot(p_high - p, q - q_low)
