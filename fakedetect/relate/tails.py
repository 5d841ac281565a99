"""How often an account's posts, chosen anew, fall where a group is as often as they did: a small chance, by draws that
are drawn towards it.

Importance sampling with exponential tilting (Siegmund 1976): posts are dealt as if each were likelier the more of the
group took it, by so much that what was seen is what is expected, and each deal counts by how much likelier it was made.
Two thousand deals then tell one in a million as well as one in a hundred. What was seen is counted among the deals
(Harrison 2012), so that a chance is not told too small.
"""

from __future__ import annotations

import numba
import numpy as np

from fakedetect.relate.draws import next_bits, uniform

STEPS = 32
"""Of the search for how strongly to tilt: to one part in 10 ** 6, far closer than it matters."""
STRONGEST = 40.0
"""The tilt between the least and the most drawn place of a span, in nats, at most."""
GOLDEN = 0.6180339887498949


@numba.njit(cache=True, nogil=True)
def tail(span, n, pull, weight, size, found, deals, seed):  # type: ignore[no-untyped-def]
    """Chance that the sum of `pull` over the places taken is `found` or more, if n[r] places of span[r] are drawn by
    weight[span[r]] (conditional Bernoulli), for each row r. pull: (rows, SPAN); weight: (spans, SPAN); size: places
    of each span."""
    widest = 0.0
    for r in range(len(span)):
        m = size[span[r]]
        widest = max(widest, pull[r, :m].max() - pull[r, :m].min())
    if widest <= 0.0:
        return 1.0
    low, high = 0.0, STRONGEST / widest
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left = _log_mean(span, n, pull, weight, size, left) - left * found
    at_right = _log_mean(span, n, pull, weight, size, right) - right * found
    for _ in range(STEPS):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = _log_mean(span, n, pull, weight, size, left) - left * found
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = _log_mean(span, n, pull, weight, size, right) - right * found
    tilt = (low + high) / 2
    log_mean = _log_mean(span, n, pull, weight, size, tilt)
    take = _chances(span, n, pull, weight, size, tilt)
    # A sum that ties with the observed one up to rounding counts as reaching it.
    limit = found - 1e-9 * max(abs(found), 1.0)
    state = np.uint64(seed)
    reached = np.exp(log_mean - tilt * found)
    for _ in range(deals):
        total = 0.0
        for r in range(len(span)):
            open_ = n[r]
            for j in range(size[span[r]]):
                if open_ == 0:
                    break
                state, bits = next_bits(state)
                if uniform(bits) < take[r, j, open_]:
                    total += pull[r, j]
                    open_ -= 1
        if total >= limit:
            reached += np.exp(log_mean - tilt * total)
    return min(reached / (1 + deals), 1.0)


@numba.njit(cache=True, nogil=True)
def _sums(weight, pull, m, n, tilt, sums):  # type: ignore[no-untyped-def]
    """Fill `sums` (places + 1, n + 1): elementary symmetric polynomials of order k of the tilted weights from place j
    on, each divided by exp(tilt * the largest pull); that pull."""
    most = pull[:m].max()
    sums[m, 0] = 1.0
    for k in range(1, n + 1):
        sums[m, k] = 0.0
    for j in range(m - 1, -1, -1):
        w = weight[j] * np.exp(tilt * (pull[j] - most))
        sums[j, 0] = 1.0
        for k in range(1, n + 1):
            sums[j, k] = sums[j + 1, k] + w * sums[j + 1, k - 1]
    return most


@numba.njit(cache=True, nogil=True)
def _log_mean(span, n, pull, weight, size, tilt):  # type: ignore[no-untyped-def]
    """Log of the mean of exp(tilt * sum) over all deals."""
    sums = np.empty((pull.shape[1] + 1, pull.shape[1] + 1))
    out = 0.0
    for r in range(len(span)):
        s = span[r]
        most = _sums(weight[s], pull[r], size[s], n[r], tilt, sums)
        out += np.log(sums[0, n[r]]) + tilt * n[r] * most
        _sums(weight[s], pull[r], size[s], n[r], 0.0, sums)
        out -= np.log(sums[0, n[r]])
    return out


@numba.njit(cache=True, nogil=True)
def _chances(span, n, pull, weight, size, tilt):  # type: ignore[no-untyped-def]
    """Chance that a place is taken while k are still to take, by the tilted weights: (rows, places, places + 1)."""
    most = pull.shape[1]
    sums = np.empty((most + 1, most + 1))
    out = np.zeros((len(span), most, most + 1))
    for r in range(len(span)):
        s = span[r]
        m = size[s]
        highest = _sums(weight[s], pull[r], m, n[r], tilt, sums)
        for j in range(m):
            w = weight[s, j] * np.exp(tilt * (pull[r, j] - highest))
            for k in range(1, n[r] + 1):
                if sums[j, k] > 0.0:
                    out[r, j, k] = w * sums[j + 1, k - 1] / sums[j, k]
    return out
