"""From a raw score to a probability at a stated base rate.

A calibrator is a line of knots: raw score -> log-odds at the prevalence it was trained at. Another prevalence
is one constant on the log-odds (Saerens, Latinne & Decaestecker 2002, "Adjusting the outputs of a classifier
to new a priori probabilities", the case where the new prior is known). That step holds where suspect and
organic accounts look as they did in training and only their numbers differ; it cannot mend a training set
that looks otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit

Floats = NDArray[np.float64]

LOG_ODDS_LIMIT = 30.0
"""No probability is printed as 0 or 1: beyond +-30 (1e-13) a double no longer tells 1 - p from 1."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Knots of a non-decreasing line, flat beyond its ends.

    scores: raw scores, strictly increasing. log_odds: at `train_rate`, non-decreasing, finite, of the same
    length. Both empty: the raw score is taken as the log-odds. train_rate: weighted share of suspects in
    training.
    """

    scores: Floats
    log_odds: Floats
    train_rate: float

    def at_training(self, raw: Floats) -> Floats:
        """Log-odds of each raw score at the training prevalence."""
        return raw if len(self.scores) == 0 else np.interp(raw, self.scores, self.log_odds)

    def probability(self, raw: Floats, base_rate: float) -> Floats:
        """Probability of each raw score if a share `base_rate` of all accounts is suspect; never 0 or 1."""
        shifted = shift_prior(self.at_training(raw), self.train_rate, base_rate)
        return expit(np.clip(shifted, -LOG_ODDS_LIMIT, LOG_ODDS_LIMIT))


def shift_prior(log_odds: Floats, from_rate: float, to_rate: float) -> Floats:
    """Log-odds at prevalence `from_rate` restated at `to_rate` (both strictly between 0 and 1)."""
    return log_odds + (logit(to_rate) - logit(from_rate))


def identity(suspect: NDArray[np.bool_], weight: Floats) -> Calibrator:
    """The calibrator that believes the raw score: what `calibration="none"` uses."""
    return Calibrator(np.empty(0), np.empty(0), _rate(suspect, weight))


def fit_isotonic(raw: Floats, suspect: NDArray[np.bool_], weight: Floats) -> Calibrator:
    """Isotonic calibrator of out-of-fold raw scores; weights are relative, only their ratios count.

    Half a suspect and half an organic account are added at the lowest and at the highest score before pooling
    (Zadrozny & Elkan 2002 pool without them, and then say 0 and 1). For k suspects among n accounts the two
    end blocks so get (k + 1/2) / (n + 1), or (k + 1) / (n + 2) where they are one block: the bounds of every
    probability follow from how many accounts stand at the ends, and the line rises without clipping. Weights
    count as shares of Kish's effective number, (sum w)^2 / sum w^2; multiplying all by one number changes
    nothing.
    """
    count = weight * (weight.sum() / np.square(weight).sum())
    score, where = np.unique(raw, return_inverse=True)
    n = np.bincount(where, weights=count, minlength=len(score))
    k = np.bincount(where, weights=count * suspect, minlength=len(score))
    for end in (0, -1):
        n[end] += 1
        k[end] += 0.5
    pooled = isotonic_regression(k / n, weights=n)
    # An inner block lies between the two end blocks, hence strictly between 0 and 1.
    first, last = pooled.blocks[:-1], pooled.blocks[1:] - 1
    knots = np.unique(np.concatenate([first, last]))
    return Calibrator(score[knots], logit(pooled.x[knots]), _rate(suspect, weight))


def _rate(suspect: NDArray[np.bool_], weight: Floats) -> float:
    return float((weight * suspect).sum() / weight.sum())
