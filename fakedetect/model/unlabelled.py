"""Learning where some are known to be suspect and nobody is known to be innocent (positive and unlabelled).

Ranking: bagging (Mordelet & Vert 2014, "A bagging SVM to learn from positive and unlabeled examples"): many learners,
each told apart from the known suspects a small random draw of the unlabelled, so that the suspects hidden there
spoil each only a little, and each differently.

How many are hidden: the share of suspects among the unlabelled is at most U(t) / P(t) for every cut t of a score,
where U and P are the shares of the unlabelled and of the known suspects that lie above it (Blanchard, Lee & Scott
2010, "Semi-supervised novelty detection"; Scott 2015 for its rate). That bound needs one assumption: the known
suspects are a random draw of all suspects. The lower end needs a second one: that above some cut hardly anybody is
innocent. Without it no data can exclude a share of 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv
from sklearn.model_selection import GroupKFold

Floats = NDArray[np.float64]
Scorer = Callable[[Floats], Floats]
Learner = Callable[[Floats, NDArray[np.bool_], int], Scorer]
"""(x, suspect, seed) -> the fitted model's score of rows, higher is more suspect."""

CUTS = tuple(round(0.1 * i, 1) for i in range(1, 10))
"""Shares of the known suspects that lie above the cuts that are tried."""


@dataclass(frozen=True)
class Share:
    """Share of suspects among the unlabelled, 0 to 1. `low` and `high` hold together at the stated level."""

    estimate: float
    low: float
    high: float


def bagged(x: Floats, positive: NDArray[np.bool_], learner: Learner, *, draws: int = 20, seed: int = 0) -> Scorer:
    """A scorer: the mean score of `draws` learners, each fitted to the positives and to as many of the unlabelled,
    drawn with replacement (as Mordelet & Vert advise: size of the draw = number of positives).

    x: (n, p); positive: (n,). Raises ValueError where there are no positives or no unlabelled rows.
    """
    known, unknown = np.flatnonzero(positive), np.flatnonzero(~positive)
    if len(known) == 0 or len(unknown) == 0:
        raise ValueError("bagging needs known suspects and unlabelled rows.")
    members = []
    for draw in range(draws):
        rng = np.random.Generator(np.random.Philox(key=[seed, draw]))
        rows = np.concatenate([known, rng.choice(unknown, len(known))])
        members.append(learner(x[rows], positive[rows], draw))
    return lambda new: np.mean([member(new) for member in members], axis=0)


def cross_scores(x: Floats, positive: NDArray[np.bool_], groups: NDArray[np.int64], learner: Learner, *,
                 folds: int = 5, draws: int = 20, seed: int = 0) -> Floats:
    """`bagged` scores (n,) of rows whose group no learner has seen. groups: (n,), at least `folds` of them."""
    out = np.full(len(positive), np.nan)
    for train, test in GroupKFold(folds, shuffle=True, random_state=seed).split(x, groups=groups):
        out[test] = bagged(x[train], positive[train], learner, draws=draws, seed=seed)(x[test])
    return out


def share(scores: Floats, positive: NDArray[np.bool_], *, groups: NDArray[np.int64] | None = None,
          level: float = 0.95) -> Share:
    """The share of suspects among the unlabelled, from scores that no row had a part in (`cross_scores`).

    At each cut both shares are bounded exactly (Clopper & Pearson 1934), the level split over all cuts and ends
    (Bonferroni); the interval is from the least lower to the least upper bound of U / P, and so wider than it need
    be. With `groups` (n,) the rows of a group count as one observation repeated: the number of rows shrinks to
    (sum m)^2 / sum m^2 over group sizes m. `estimate` is the least U / P. Raises ValueError where a side is empty.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be a float in the range (0, 1). Got {level} instead.")
    positive = np.asarray(positive, bool)
    if positive.all() or not positive.any():
        raise ValueError("a share needs known suspects and unlabelled rows.")
    cut = np.quantile(scores[positive], 1 - np.array(CUTS))
    sides = []
    for side in (positive, ~positive):
        above = (scores[side][:, None] >= cut).mean(axis=0)
        sides.append((above, *_bounds(above, _effective(side, groups), (1 - level) / (4 * len(CUTS)))))
    (p, p_low, p_high), (u, u_low, u_high) = sides
    return Share(float(min(1.0, (u / p).min())), float(min(1.0, (u_low / p_high).min())),
                 float(min(1.0, (u_high / np.maximum(p_low, 1e-12)).min())))


def _effective(side: NDArray[np.bool_], groups: NDArray[np.int64] | None) -> float:
    if groups is None:
        return float(side.sum())
    sizes = np.unique(groups[side], return_counts=True)[1].astype(float)
    return float(sizes.sum() ** 2 / np.square(sizes).sum())


def _bounds(share_: Floats, n: float, tail: float) -> tuple[Floats, Floats]:
    """Clopper-Pearson bounds of shares observed among n, each missed with probability `tail`."""
    k = share_ * n
    low = np.where(k > 0, betaincinv(np.maximum(k, 1e-9), n - k + 1, tail), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1e-9), 1 - tail), 1.0)
    return low, high
