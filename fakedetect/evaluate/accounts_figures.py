"""Figures of accounts and comments that are named (score above 0) or only ranked, for each draw of a bootstrap.

Each takes scores (n,), suspect (n,) and weights (draws, n), and gives (draws,).
"""

from __future__ import annotations

import numpy as np

from fakedetect.evaluate.corpora_features import Ints
from fakedetect.evaluate.corpora_rows import Figure
from fakedetect.evaluate.corpora_scores import Flags, Floats

FOUND, MISSED, ACCUSED = 4, -1, -2
"""Points of the challenge bot_or_not: per true one found, per one missed, per human accused."""


def precisions(scores: Floats, suspect: Flags, weights: Floats) -> Floats:
    """Average precision: the mean, over the suspects, of the share of suspects at or above each; ties as one level."""
    level = np.unique(-scores, return_inverse=True)[1]
    n = int(level.max()) + 1
    out = np.empty(len(weights))
    for draw, weight in enumerate(weights):
        up = np.bincount(level, weights=weight * suspect, minlength=n)
        both = np.cumsum(np.bincount(level, weights=weight, minlength=n))
        out[draw] = (up * np.divide(np.cumsum(up), both, out=np.zeros(n), where=both > 0)).sum() / up.sum()
    return out


def challenge(scores: Floats, suspect: Flags, weights: Floats) -> Floats:
    """Points of the challenge as a share of what finding every suspect and accusing nobody gives; may be negative."""
    found, accused, missed, _ = _table(scores, suspect, weights)
    return np.asarray((FOUND * found + MISSED * missed + ACCUSED * accused) / (FOUND * (found + missed)), float)


def f1(scores: Floats, suspect: Flags, weights: Floats) -> Floats:
    """Harmonic mean of precision and recall."""
    found, accused, missed, _ = _table(scores, suspect, weights)
    return np.asarray(2 * found / (2 * found + accused + missed), float)


def correlations(part: Ints) -> Figure:
    """The figure: mean of Matthews' correlation over parts (n,), such as videos, 0 where one side of it is empty.

    Each part weighs as its rows do on average: equally without a draw, as often as it was drawn in one.
    """
    member = np.eye(int(part.max()) + 1)[part]

    def measure(scores: Floats, suspect: Flags, weights: Floats) -> Floats:
        tp, fp, fn, tn = (weights * side @ member for side in _sides(scores, suspect))
        below = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
        each = np.divide(tp * tn - fp * fn, below, out=np.zeros_like(below), where=below > 0)
        heavy = (tp + fp + fn + tn) / member.sum(axis=0)
        return np.asarray((each * heavy).sum(axis=1) / heavy.sum(axis=1), float)

    return measure


def _sides(scores: Floats, suspect: Flags) -> tuple[Flags, Flags, Flags, Flags]:
    named = scores > 0
    return named & suspect, named & ~suspect, ~named & suspect, ~named & ~suspect


def _table(scores: Floats, suspect: Flags, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    found, accused, missed, left = (np.asarray(weights @ side, float) for side in _sides(scores, suspect))
    return found, accused, missed, left
