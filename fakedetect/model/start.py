"""Where the trees start: what a few features are worth by themselves, before anything is learned of their company.

Trees know nothing of what no example showed them. A group whose p-value is 1e-10 is evidence whatever its members
do elsewhere, and trees that never saw such members give it nothing. So the trees grow from a score that already holds
the evidence, a weighted sum, and only correct it. The weights are fitted by logistic regression, and are never below a
stated least: a p-value says what it is worth (Sellke, Bayarri & Berger 2001, The American Statistician 55, 62-71; the
calibrator k p^(k-1) of Vovk & Wang 2021, Annals of Statistics 49, 1736-1754, brings (1-k) ln 10 per power of ten, 1.15
at k = 1/2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]

MAX_WEIGHT = 100.0
DIGITS = 9
"""Weights are kept to so many: what is trained twice gives the same text."""


@dataclass(frozen=True, slots=True)
class Start:
    """intercept: log-odds where nothing speaks; weights: log-odds per unit of each feature, (n_features,), 0 for those
    that take no part. What is unknown adds nothing."""

    intercept: float
    weights: Floats

    def parts(self, X: Floats) -> Floats:
        """What each feature adds, of the shape of X."""
        parts = np.zeros_like(X)
        used = np.flatnonzero(self.weights)
        parts[:, used] = np.nan_to_num(X[:, used]) * self.weights[used]
        return parts

    def score(self, X: Floats) -> Floats:
        """Log-odds of each row of X, (n,)."""
        used = np.flatnonzero(self.weights)
        return self.intercept + np.nan_to_num(X[:, used]) @ self.weights[used]


def fit(X: Floats, suspect: NDArray[np.bool_], weight: Floats, least: Sequence[float | None]) -> Start:
    """The start that explains `suspect` best with no weight below `least`; None: the feature takes no part."""
    used = np.array([k for k, low in enumerate(least) if low is not None], np.int64)
    known = np.nan_to_num(X[:, used])
    share = weight / weight.sum()

    def loss(at: Floats) -> tuple[float, Floats]:
        z = at[0] + known @ at[1:]
        error = share * (special.expit(z) - suspect)
        return float((share * (np.logaddexp(0, z) - suspect * z)).sum()), np.append(error.sum(), known.T @ error)

    lows = [float(low) for low in least if low is not None]
    rate = float((share * suspect).sum())
    found = optimize.minimize(loss, np.array([special.logit(rate), *lows]), jac=True, method="L-BFGS-B",
                              bounds=[(None, None), *((low, MAX_WEIGHT) for low in lows)]).x
    intercept, *fitted = (float(f"{value:.{DIGITS}g}") for value in found)
    weights = np.zeros(X.shape[1])
    weights[used] = fitted
    return Start(intercept, weights)
