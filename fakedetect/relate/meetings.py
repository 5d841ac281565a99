"""Which accounts met how often, and how far that is beyond what is expected of two that are on so many posts."""

from __future__ import annotations

import numba
import numpy as np

from fakedetect.relate.presence import MIN_SHARED

EXCESSES, PER_EXCESS = 4_000, 4
"""Steps, a quarter each, by which what a pair shares beyond expectation is told apart where pairs have to be left
out."""


@numba.njit(cache=True, nogil=True)
def needed(n_a, n_b, s2, excess):  # type: ignore[no-untyped-def]
    """Posts that a pair has to share to be so far beyond what is expected of it."""
    if excess <= 0.0:
        return MIN_SHARED
    expected = n_a * n_b * s2
    return max(MIN_SHARED, int(np.ceil(expected + excess * np.sqrt(expected + 1.0) - 1e-9)))


@numba.njit(cache=True, nogil=True)
def meetings_by_excess(starts, place, ends, account, s2, first, last):  # type: ignore[no-untyped-def]
    """How many pairs are as far beyond what is expected as `needed` asks at 0, 1, 2, ... steps, and no further, and
    their meetings: (2, EXCESSES + 1); of the pairs whose first account is one of first .. last - 1. `account` in order
    of (post, account); place: where a row stands there; ends: where its post ends."""
    n = len(starts) - 1
    met = np.zeros((2, EXCESSES + 1), np.int64)
    count = np.zeros(n, np.int64)
    touched = np.empty(n, np.int64)
    for k in range(first, last):
        n_touched = 0
        n_k = starts[k + 1] - starts[k]
        for r in range(starts[k], starts[k + 1]):
            for i in range(place[r] + 1, ends[r]):
                o = account[i]
                if count[o] == 0:
                    touched[n_touched] = o
                    n_touched += 1
                count[o] += 1
        for i in range(n_touched):
            o = touched[i]
            if count[o] >= MIN_SHARED:
                n_o = starts[o + 1] - starts[o]
                expected = n_k * n_o * s2
                at = (count[o] - expected) / np.sqrt(expected + 1.0) * PER_EXCESS
                level = min(max(int(at), 0), EXCESSES)
                # Rounding must not set a pair apart from what `needed` says of it.
                while level > 0 and count[o] < needed(n_k, n_o, s2, level / PER_EXCESS):
                    level -= 1
                while level < EXCESSES and count[o] >= needed(n_k, n_o, s2, (level + 1) / PER_EXCESS):
                    level += 1
                met[0, level] += 1
                met[1, level] += count[o]
            count[o] = 0
    return met


@numba.njit(cache=True, nogil=True)
def meetings(starts, place, ends, order, account, s2, excess, first, last, n_pairs, size):  # type: ignore[no-untyped-def]
    """The pairs that share as much as `needed` asks, of the accounts first .. last - 1 with all after them, in order of
    (a, b): their rows in order of post, how many they share, what each needed. n_pairs, size: pairs and meetings."""
    n = len(starts) - 1
    pair_a = np.empty(n_pairs, np.int64)
    pair_b = np.empty(n_pairs, np.int64)
    rows_a = np.empty(size, np.int64)
    rows_b = np.empty(size, np.int64)
    least = np.empty(n_pairs, np.int64)
    bounds = np.zeros(n_pairs + 1, np.int64)
    count = np.zeros(n, np.int64)
    slot = np.full(n, -1, np.int64)
    touched = np.empty(n, np.int64)
    at = 0
    for k in range(first, last):
        n_touched = 0
        n_k = starts[k + 1] - starts[k]
        for r in range(starts[k], starts[k + 1]):
            for i in range(place[r] + 1, ends[r]):
                o = account[i]
                if count[o] == 0:
                    touched[n_touched] = o
                    n_touched += 1
                count[o] += 1
        before = at
        # Those that may stay, in order; most do not.
        n_kept = 0
        for i in range(n_touched):
            o = touched[i]
            if count[o] >= MIN_SHARED and count[o] >= needed(n_k, starts[o + 1] - starts[o], s2, excess):
                touched[n_kept], touched[i] = o, touched[n_kept]
                n_kept += 1
        for o in np.sort(touched[:n_kept]):
            pair_a[at] = k
            pair_b[at] = o
            least[at] = needed(n_k, starts[o + 1] - starts[o], s2, excess)
            slot[o] = bounds[at]
            bounds[at + 1] = bounds[at] + count[o]
            at += 1
        if at > before:
            for r in range(starts[k], starts[k + 1]):
                for i in range(place[r] + 1, ends[r]):
                    o = account[i]
                    if slot[o] >= 0:
                        rows_a[slot[o]] = r
                        rows_b[slot[o]] = order[i]
                        slot[o] += 1
        for i in range(n_touched):
            count[touched[i]] = 0
            slot[touched[i]] = -1
    return pair_a, pair_b, rows_a, rows_b, np.diff(bounds), least
