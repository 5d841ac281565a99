"""How good a score or a probability is where suspects are rare: figures at a stated prevalence, with weights.

Every function takes arrays of shape (n,): y (1 for a campaign's account), score or p, and weight (how many accounts a
row stands for).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_DRAWS = 400


def at_prevalence(y: Ints, weight: Floats, share: float) -> Floats:
    """The weights, with those of campaign accounts scaled so that they are `share` of all."""
    suspect = y == 1
    factor = share / (1 - share) * weight[~suspect].sum() / max(float(weight[suspect].sum()), 1e-300)
    return np.where(suspect, weight * factor, weight)


def _curve(y: Ints, score: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """(precision, recall) at each distinct score, from the highest down; ties stand together."""
    order = np.argsort(-score, kind="stable")
    hits, all_ = np.cumsum((y * weight)[order]), np.cumsum(weight[order])
    last = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    return hits[last] / np.maximum(all_[last], 1e-300), hits[last] / max(float(hits[-1]), 1e-300)


def average_precision(y: Ints, score: Floats, weight: Floats) -> float:
    """Area under precision over recall, as steps (as scikit-learn counts it)."""
    precision, recall = _curve(y, score, weight)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def recall_at_fdr(y: Ints, score: Floats, weight: Floats, fdr: float) -> float:
    """The largest recall at a cut where at most `fdr` of what is above it is wrong; known only afterwards."""
    precision, recall = _curve(y, score, weight)
    return float(recall[precision >= 1 - fdr].max(initial=0.0))


def brier_skill(y: Ints, p: Floats, weight: Floats) -> float:
    """1 - Brier score over that of the constant that is right on average; above 0 is better than knowing nothing."""
    constant = np.average(y, weights=weight)
    return float(1 - np.average((p - y) ** 2, weights=weight) / (constant * (1 - constant)))


def calibration_slope(y: Ints, p: Floats, weight: Floats) -> float:
    """Slope of the truth's log-odds over those of p (Cox 1958, Biometrika 45, 562-565): 1 where p means what it says,
    below 1 where it says too much."""
    x = special.logit(np.clip(p, 1e-12, 1 - 1e-12))
    w = weight / weight.sum()

    def loss(at: Floats) -> tuple[float, Floats]:
        z = at[0] + at[1] * x
        error = w * (special.expit(z) - y)
        return float((w * (np.logaddexp(0, z) - y * z)).sum()), np.array([error.sum(), (error * x).sum()])

    return float(optimize.minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B").x[1])


def top_bins(y: Ints, p: Floats, weight: Floats, edges: Sequence[float] = (0.1, 0.5, 0.9, 1.0)) -> list[
        tuple[float, float, float, float, float]]:
    """Of the probabilities in each bin above edges[0]: (mean p, share of campaign accounts, its low, its high,
    effective number of accounts). The interval is Wilson's, at Kish's effective number: weights in one bin differ."""
    out = []
    for low, high in pairwise(edges):
        here = (p > low) & (p <= high)
        if not here.any():
            continue
        w = weight[here]
        n = float(w.sum() ** 2 / np.square(w).sum())
        share = float(np.average(y[here], weights=w))
        interval = stats.binomtest(min(round(share * n), int(n)), max(int(n), 1)).proportion_ci(method="wilson")
        out.append((float(np.average(p[here], weights=w)), share, float(interval.low), float(interval.high), n))
    return out


def upper(hits: int, n: int, level: float = 0.95) -> float:
    """One-sided upper bound of a share of which `hits` of n are seen, exact (Clopper & Pearson 1934)."""
    return 1.0 if hits >= n else float(stats.beta.ppf(level, hits + 1, n - hits))


def over_clusters(figure: Callable[[Floats], float], cluster: NDArray[np.str_] | Ints, weight: Floats,
                  seed: int = 0) -> tuple[float, float]:
    """95 % interval of `figure` (of weights) by drawing whole clusters with replacement."""
    names, code = np.unique(cluster, return_inverse=True)
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(N_DRAWS):
        times = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))
        drawn.append(figure(weight * times[code]))
    return float(np.nanquantile(drawn, 0.025)), float(np.nanquantile(drawn, 0.975))
