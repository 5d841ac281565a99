"""False discovery rate over a family of tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def q_values(p: NDArray[np.float64], n_tests: int | None = None,
             weight: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Benjamini & Hochberg (1995) adjusted p-values of `p` (n,), in the order given.

    nan is no test and stays nan. n_tests: where more were tested than are listed, their number (those not
    listed count as p = 1). weight: how much is expected of each test, from facts that do not know of its p
    (Genovese, Roeder & Wasserman 2006); brought to a mean of 1. Null simulation: tests/test_fdr.py.
    """
    out = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    if weight is not None and weight[tested].any():
        p = p / np.maximum(weight / weight[tested].mean(), 1e-12)
    m = n_tests if n_tests is not None else len(tested)
    order = tested[np.argsort(p[tested], kind="stable")]
    ranked = p[order] * m / np.arange(1, len(order) + 1)
    out[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return out


def can_reach(smallest: NDArray[np.float64], alpha: float) -> NDArray[np.bool_]:
    """Which tests of a family may count: mask (n,) of those whose smallest possible p (n,) could survive
    correction.

    A discrete test that can never be significant needs no correction for it (Tarone 1990; Gilbert 2005 for
    false discovery rates): K is the least number such that at most K tests can reach alpha / K.
    """
    ordered = np.sort(smallest)
    k = 1
    while k < len(ordered) and np.searchsorted(ordered, alpha / k, side="right") > k:
        k += 1
    return smallest <= alpha / k
