"""Elementary symmetric polynomials of weights: the ways to take n places of a span, each weighed by what it takes.

All that conditional Bernoulli draws need (Chen, Dempster & Liu 1994).
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def chances(weight, size):  # type: ignore[no-untyped-def]
    """Chance that a place is taken while k are still to take (n_spans, places, places + 1), and that it is among the n
    taken (n_spans, places + 1, places), of spans of `size` places with these weights."""
    n_spans, most = weight.shape
    take = np.zeros((n_spans, most, most + 1))
    present = np.zeros((n_spans, most + 1, most))
    for s in range(n_spans):
        m = size[s]
        # sums[j, k]: elementary symmetric polynomial of order k of the weights from place j on.
        sums = np.zeros((most + 2, most + 2))
        sums[m, 0] = 1.0
        for j in range(m - 1, -1, -1):
            sums[j, 0] = 1.0
            for k in range(1, m - j + 1):
                sums[j, k] = sums[j + 1, k] + weight[s, j] * sums[j + 1, k - 1]
        for j in range(m):
            for k in range(1, m - j + 1):
                take[s, j, k] = weight[s, j] * sums[j + 1, k - 1] / sums[j, k]
        for n in range(1, m + 1):
            left = np.zeros(most + 1)
            left[n] = 1.0
            for j in range(m):
                now = np.zeros(most + 1)
                for k in range(n + 1):
                    chosen = left[k] * take[s, j, k]
                    present[s, n, j] += chosen
                    now[k] += left[k] - chosen
                    if k > 0:
                        now[k - 1] += chosen
                left = now
    return take, present


@numba.njit(cache=True, nogil=True)
def ways_of(weight, odds, bits):  # type: ignore[no-untyped-def]
    """Elementary symmetric polynomials of the weights, those of a pattern's places times its odds:
    (n_spans, odds, patterns, order)."""
    n_spans, most = weight.shape
    out = np.zeros((n_spans, len(odds), len(bits), most + 1))
    for s in range(n_spans):
        for o in range(len(odds)):
            for b in range(len(bits)):
                out[s, o, b, 0] = 1.0
                for j in range(most):
                    w = weight[s, j] * (odds[o] if bits[b, j] else 1.0)
                    if w > 0:
                        for k in range(j + 1, 0, -1):
                            out[s, o, b, k] += w * out[s, o, b, k - 1]
    return out
