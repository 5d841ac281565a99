"""Texts that are the same but for a word or two: one-permutation MinHash (Li, Owen & Zhang 2012), then an exact check.

Shingles are runs of SHINGLE bytes of the folded text, which is five letters in Latin script and nearly two in Chinese:
no script needs words. Texts that agree in all ROWS minima of a band are compared with the first of them, so that a
thousand copies cost a thousand comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.relate.presence import Ints
from fakedetect.spill import THREADS, side_by_side, unnamed, zeros

SHINGLE = 5
BANDS, ROWS = 8, 3
ALIKE = 0.5
"""Jaccard similarity from which two texts are one phrase. A word of ten changed leaves .7, two leave .5."""
LIKELY = 0.3
"""Part of the minima that must agree before the exact check: enough do with .97 for two texts at ALIKE."""
MOST_CHARS = 280
"""Of a longer text the beginning stands for the whole."""
MANY = 10_000
"""Texts from which on threads take a part each."""
SLOTS = 1 << 15
"""Of the table of one text's shingles: three times the bytes of MOST_CHARS letters, each of which folding takes apart
into 18 of two bytes at most."""
NOBODY = -2
_UNSEEN = r"[\p{M}\p{Cf}]+"
"""Accents, and signs that nobody sees (zero-width spaces, byte order marks): one of these in a word makes it
no other word."""
_NO_LETTERS = r"[^\p{L}\p{N}]+"


def folded(text: Any) -> Any:
    """Letters and digits without case, accents or signs that nobody sees, one space between words. text: a column."""
    head = pc.utf8_slice_codeunits(text, 0, 2 * MOST_CHARS)
    # Taken apart to drop the accents, then put together again: Korean syllables come apart into their letters.
    plain = pc.replace_substring_regex(pc.utf8_normalize(pc.utf8_lower(head), form="NFKD"), _UNSEEN, "")
    plain = pc.utf8_normalize(plain, form="NFC")
    spaced = pc.utf8_trim(pc.replace_substring_regex(plain, _NO_LETTERS, " "), " ")
    # Cut only now: what was dropped before must not move the end.
    return pc.utf8_trim(pc.utf8_slice_codeunits(spaced, 0, MOST_CHARS), " ")


def same_phrase(text: pa.ChunkedArray) -> Ints:
    """A number for each text (n,): the place of the first text that is of the same phrase. Texts without nulls.

    The numbers depend on the order of the texts; hand them over in an order of their own.
    """
    n = len(text)
    n_parts = max(1, min(n // MANY, 8 * THREADS))
    cuts = np.linspace(0, n, n_parts + 1).astype(int)
    lengths = [np.zeros(1, np.int64)]

    def plain() -> Iterator[memoryview]:
        for part in side_by_side(lambda k: folded(text[cuts[k]:cuts[k + 1]]).combine_chunks(), range(n_parts)):
            part = part.cast(pa.large_string())
            _, at, held = part.buffers()
            ends = np.frombuffer(at, np.int64, len(part) + 1, 8 * part.offset)
            lengths.append(np.diff(ends))
            yield memoryview(held if held is not None else b"")[ends[0]:ends[-1]]

    # At least one byte, for a kernel takes no empty array.
    data = np.frombuffer(unnamed(chain(plain(), (b"\0",))), np.uint8)
    offsets = np.cumsum(np.concatenate(lengths))
    # Of each text one number per band, of the least hash in each of its ROWS bins; and a few bits of each of those.
    keys, sketch = zeros((BANDS, n), np.uint64), zeros((n, BANDS * ROWS), np.uint16)
    for _ in side_by_side(lambda k: _minima(data, offsets, cuts[k], cuts[k + 1], keys, sketch), range(n_parts)):
        pass

    def joined(bands: Ints) -> Ints:
        parent = np.arange(n, dtype=np.int64)
        for band in bands:
            _join(data, offsets, sketch, keys[band], np.argsort(keys[band], kind="stable"), parent)
        return parent

    parent, *others = side_by_side(joined, np.array_split(np.arange(BANDS), THREADS if n >= MANY else 1))
    for other in others:
        _unite(parent, other)
    return np.asarray(_roots(parent))


@numba.njit(cache=True, nogil=True, inline="always")
def _hash(data, at):  # type: ignore[no-untyped-def]
    x = np.uint64(0)
    for k in range(SHINGLE):
        x = (x << np.uint64(8)) | np.uint64(data[at + k])
    x = (x ^ (x >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return x ^ (x >> np.uint64(32))


@numba.njit(cache=True, nogil=True)
def _minima(data, offsets, first, end, out, sketch):  # type: ignore[no-untyped-def]
    """Fill `out` (BANDS, n) and `sketch` (n, BANDS * ROWS) for the texts first .. end - 1. A bin without any hash takes
    that of the next (Shrivastava & Li 2014)."""
    bins = BANDS * ROWS
    none = np.uint64(0xFFFFFFFFFFFFFFFF)
    least = np.empty(bins, np.uint64)
    for i in range(first, end):
        least[:] = none
        for at in range(offsets[i], offsets[i + 1] - SHINGLE + 1):
            h = _hash(data, at)
            b = h % np.uint64(bins)
            if h < least[b]:
                least[b] = h
        for b in range(bins):
            value, far = least[b], 0
            while value == none and far < bins:
                far += 1
                value = least[(b + far) % bins]
            x = (value + np.uint64(far)) * np.uint64(0x94D049BB133111EB)
            sketch[i, b] = x >> np.uint64(48)
            band = b // ROWS
            out[band, i] = (out[band, i] ^ x ^ (x >> np.uint64(30))) * np.uint64(0x9E3779B185EBCA87)
        if offsets[i + 1] - offsets[i] < SHINGLE:
            for band in range(BANDS):
                out[band, i] = _own(i)


@numba.njit(cache=True, nogil=True, inline="always")
def _own(i):  # type: ignore[no-untyped-def]
    """Too short to have a shingle: alike nothing."""
    return np.uint64(i) * np.uint64(0xD6E8FEB86659FD93) + np.uint64(1)


@numba.njit(cache=True, nogil=True)
def _root(parent, i):  # type: ignore[no-untyped-def]
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@numba.njit(cache=True, nogil=True)
def _roots(parent):  # type: ignore[no-untyped-def]
    out = np.empty(len(parent), np.int64)
    for i in range(len(parent)):
        out[i] = _root(parent, i)
    return out


@numba.njit(cache=True, nogil=True)
def _unite(parent, other):  # type: ignore[no-untyped-def]
    """Join in `parent` what is joined in `other`. The root is the first of all, whoever joined them."""
    for i in range(len(parent)):
        a, b = _root(parent, i), _root(parent, other[i])
        parent[max(a, b)] = min(a, b)


@numba.njit(cache=True, nogil=True)
def _join(data, offsets, sketch, key, order, parent):  # type: ignore[no-untyped-def]
    """Join each text to the first with the same key, where they are alike."""
    first = at = -1
    n_mine = 0
    mine, mine_of = np.zeros(SLOTS, np.uint64), np.full(SLOTS, -1, np.int64)
    other, other_of = np.zeros(SLOTS, np.uint64), np.full(SLOTS, -1, np.int64)
    for k in range(len(order)):
        i = order[k]
        if first < 0 or key[i] != key[first]:
            first = i
            continue
        a, b = _root(parent, first), _root(parent, i)
        if a == b:
            continue
        agree = 0
        for k_bin in range(sketch.shape[1]):
            agree += sketch[first, k_bin] == sketch[i, k_bin]
        if agree < LIKELY * sketch.shape[1]:
            continue
        if at != first:
            at = first
            n_mine, _ = _shingles(data, offsets[at], offsets[at + 1], at, mine, mine_of, other, other_of, NOBODY)
        n_other, both = _shingles(data, offsets[i], offsets[i + 1], i, other, other_of, mine, mine_of, first)
        if both >= ALIKE * max(n_mine + n_other - both, 1):
            parent[max(a, b)] = min(a, b)


@numba.njit(cache=True, nogil=True)
def _shingles(data, start, end, text, held, held_of, beside, beside_of, other):  # type: ignore[no-untyped-def]
    """Put the shingles of a text into the hash table `held`, and count them; and how many of them are in the table
    `beside` of the text `other`. held_of: whose each slot is; those of another text are free."""
    n = both = 0
    for at in range(start, end - SHINGLE + 1):
        h = _hash(data, at)
        slot, new = _slot(held, held_of, text, h)
        if new:
            held[slot], held_of[slot] = h, text
            n += 1
            both += not _slot(beside, beside_of, other, h)[1]
    return n, both


@numba.njit(cache=True, nogil=True, inline="always")
def _slot(held, held_of, text, h):  # type: ignore[no-untyped-def]
    """Where h stands or would stand in the table, and whether it is not there yet."""
    slot = np.int64(h & np.uint64(SLOTS - 1))
    while held_of[slot] == text and held[slot] != h:
        slot = (slot + 1) & (SLOTS - 1)
    return slot, held_of[slot] != text
