"""How rare a score is among organic accounts of like activity: conformal p-values.

Bates, Candès, Lei, Romano & Sesia 2023, "Testing for outliers with conformal p-values", Annals of Statistics
51(1). The score may be anything that was not learned on this run; all that is assumed is that an organic
account and its reference could change places. The p-values of one run share their reference and so depend on
each other (positively for accounts outside it, which is what Benjamini-Hochberg bears).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class ConformalP(NamedTuple):
    """p and the smallest p that the account could have reached, each of shape (accounts,), in (0, 1]."""

    p: NDArray[np.float64]
    smallest: NDArray[np.float64]


def activity_strata(
    n_comments: ArrayLike, reference_mask: ArrayLike, *, min_size: int = 500
) -> NDArray[np.int64]:
    """Stratum of each account by activity: bins 1, 2-3, 4-7, 8-15, ... comments, neighbours merged until each
    holds at least `min_size` reference accounts (all in one where there are fewer), most active first.

    Strata are 0, 1, ... in order of activity, of shape (accounts,). They depend on counts alone, never on a
    score, so that p-values within them keep their meaning. Raises ValueError for a count under 1.
    """
    count = np.asarray(n_comments)
    reference = _mask(reference_mask, count.shape)
    if count.ndim != 1 or (count.size and not count.min() >= 1):
        raise ValueError("n_comments must be one count of at least 1 per account.")
    if min_size < 1:
        raise ValueError(f"min_size must be an int in the range [1, inf). Got {min_size} instead.")
    if count.size == 0:
        return np.empty(0, np.int64)
    bins = np.frexp(count.astype(np.float64))[1].astype(np.int64) - 1  # exact floor(log2)
    held = np.bincount(bins[reference], minlength=int(bins.max()) + 1)
    starts: list[int] = []
    waiting = 0
    for b in range(len(held) - 1, -1, -1):
        waiting += int(held[b])
        if waiting >= min_size:
            starts.append(b)
            waiting = 0
    # The lowest stratum reaches down to one comment and takes what was left over there.
    upper = np.array(sorted(starts)[1:], dtype=np.int64)
    return np.searchsorted(upper, bins, side="right").astype(np.int64)


def conformal_p(
    scores: ArrayLike, strata: ArrayLike, reference_mask: ArrayLike, *, contamination: float = 0.0
) -> ConformalP:
    """p = (1 + number of reference accounts in the stratum that score at least as high) / (their number + 1).

    An account is never part of its own reference. Ties count against suspicion: nothing is drawn at random,
    so p is conservative where scores repeat. Without any reference p is 1, and so is the smallest.

    contamination: the share of each stratum's reference, highest scores first, that is left out as possibly
    not organic (rounded down; accounts that tie with the last one left out stay in). What it costs: on a
    clean page the chance that an organic account gets p <= a rises from a to at most
    a + contamination * (1 - a), since those left out are themselves tested against what is below them.
    With 0, p is valid, and power is lost where suspects are in the reference.

    Raises ValueError where lengths differ, a score is not finite, or contamination is outside [0, 0.5).
    """
    score = np.asarray(scores, dtype=np.float64)
    stratum = np.asarray(strata)
    if score.ndim != 1 or stratum.shape != score.shape:
        raise ValueError(f"strata must have one entry per score, {score.shape}. Got {stratum.shape} instead.")
    reference = _mask(reference_mask, score.shape)
    if not np.isfinite(score).all():
        raise ValueError("scores must be finite: an account without a score has no p-value.")
    if not 0 <= contamination < 0.5:
        raise ValueError(f"contamination must be a float in the range [0, 0.5). Got {contamination} instead.")
    p, smallest = np.ones(score.shape), np.ones(score.shape)
    for s in np.unique(stratum):
        here = np.flatnonzero(stratum == s)
        known = np.sort(score[here[reference[here]]])
        n_left_out = math.floor(contamination * len(known))
        limit = known[len(known) - n_left_out - 1] if len(known) else math.inf
        kept = known[: np.searchsorted(known, limit, side="right")]
        is_kept = reference[here] & (score[here] <= limit)
        n_other = len(kept) - is_kept
        n_above = len(kept) - np.searchsorted(kept, score[here], side="left") - is_kept
        p[here] = (1 + n_above) / (n_other + 1)
        smallest[here] = 1 / (n_other + 1)
    return ConformalP(p, smallest)


def _mask(reference_mask: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.asarray(reference_mask)
    if mask.shape != shape or mask.dtype != np.bool_:
        got = f"{mask.dtype} of shape {mask.shape}"
        raise ValueError(f"reference_mask must be one boolean per account, {shape}. Got {got} instead.")
    return mask
