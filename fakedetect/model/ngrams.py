"""Hashed n-grams of short texts, straight from the UTF-8 bytes of an Arrow column: one compiled walk for all uses.

A text is folded into *signs*: no case, no accents, runs of digits as one 0, of spaces as one space; an @name is one
sign, whoever is named; an address is one sign, three times over, and then its host, without the path: that belongs to
one text only. Counted are runs of signs, across words, and words and pairs of words (in scripts without spaces a letter
is a word). Training reads them through `presence`, scoring through `scores`; both stand on `_found` and so agree.
"""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from fakedetect.textfacts import DENSE, DIGIT, KEPT, LETTER, LIMIT, MARK, SPACE, address, tables

MAX_SIGNS = 4096
"""A longer text is cut here: one comment of a megabyte must not decide how long an audit takes."""
MAX_RUN = 8
"""Longest run of signs that can be asked for."""
LINK, NAME = 0xE000, 0xE001
"""Signs of an address and of an @name, from the private use area."""
_APART, _WORDY, _ALONE = 0, 1, 2
"""What a sign is among words: between them, a part of one, one by itself."""
_P1, _P2 = np.uint64(0x9E3779B185EBCA87), np.uint64(0xC2B2AE3D27D4EB4F)


@numba.njit(cache=True, nogil=True, inline="always")
def _point(data, i):  # type: ignore[no-untyped-def]
    """The code point at byte i, and where the next one begins."""
    c = np.int32(data[i])
    if c < 0x80:
        return c, i + 1
    if c < 0xE0:
        return ((c & 0x1F) << 6) | (data[i + 1] & 0x3F), i + 2
    if c < 0xF0:
        return ((c & 0x0F) << 12) | ((data[i + 1] & 0x3F) << 6) | (data[i + 2] & 0x3F), i + 3
    return (((c & 0x07) << 18) | ((data[i + 1] & 0x3F) << 12) | ((data[i + 2] & 0x3F) << 6) | (data[i + 3] & 0x3F),
            i + 4)


@numba.njit(cache=True, nogil=True)
def _signs(data, i, end, bits, where, pool, signs, kinds):  # type: ignore[no-untyped-def]
    """Fold the text at bytes i to end; the number of signs, spaces at both ends among them, 0 where there is none."""
    signs[0], kinds[0], n = 32, _APART, 1
    last, before = np.int32(-1), 0
    link, naming = 0, False  # link: 1 within a host, 2 behind it
    while i < end and n < MAX_SIGNS - 8:
        at = i
        c, i = _point(data, i)
        b = np.int32(bits[c if c < LIMIT else LIMIT]) if c < 0x34000 else np.int32(0)
        wordy = b & (LETTER | DIGIT)
        was, earlier = last, before
        last, before = c, wordy  # type: ignore[assignment]
        if naming:
            if wordy or c == 95:
                continue
            naming = False
        if b & SPACE:
            link = 0
            if signs[n - 1] != 32:
                signs[n], kinds[n] = 32, _APART
                n += 1
            continue
        if link == 2 or (link == 1 and (c == 47 or c == 63 or c == 35)):  # / ? #
            link = 2
            continue
        if link == 0 and not earlier and (c == 104 or c == 72 or c == 119 or c == 87) and address(data, at, end, was):
            link, i = 1, at
            if c == 104 or c == 72:
                while data[i] != 47:
                    i += 1
                i += 2
            if i < end and (data[i] | 32) == 119 and address(data, i, end, 32):
                i += 4
            if signs[n - 1] != 32:
                signs[n], kinds[n] = 32, _APART
                n += 1
            for _ in range(3):
                signs[n], kinds[n] = LINK, _WORDY
                n += 1
            signs[n], kinds[n] = 32, _APART
            n += 1
            last, before = np.int32(47), 0
            continue
        if (c == 64 or c == 0xFF20) and not earlier and was != 46 and i < end:
            follower, _ = _point(data, i)
            if follower == 95 or (follower < 0x34000 and
                                  bits[follower if follower < LIMIT else LIMIT] & (LETTER | DIGIT)):
                naming = True
                signs[n], kinds[n] = NAME, _ALONE
                n += 1
                continue
        if b & KEPT:
            spot = where[c if c < LIMIT else LIMIT]
            for k in range(1 if spot < 0 else pool[spot]):
                f = c if spot < 0 else pool[spot + 1 + k]
                if b & DIGIT or 48 <= f <= 57:
                    if signs[n - 1] == 48:
                        continue
                    f = 48
                if n < MAX_SIGNS - 8:
                    signs[n], kinds[n] = f, _ALONE if b & DENSE else _WORDY
                    n += 1
        elif not b & MARK:
            signs[n], kinds[n] = c, _ALONE
            n += 1
    if n == 1:
        return 0
    if signs[n - 1] != 32:
        signs[n], kinds[n] = 32, _APART
        n += 1
    return n


@numba.njit(cache=True, nogil=True)
def _word(into, m, above, h, previous, shift):  # type: ignore[no-untyped-def]
    """Add the buckets of a word and, where there is one before it, of the two; returns how many there are then."""
    into[m] = above + np.int32((h * _P2) >> shift)
    if previous == 0:
        return m + 1
    into[m + 1] = above + np.int32(((previous * _P1 ^ h) * _P2) >> shift)
    return m + 2


@numba.njit(cache=True, nogil=True)
def _found(signs, kinds, n, low, high, words, bits, into):  # type: ignore[no-untyped-def]
    """Buckets of the runs of `low` to `high` signs, then, from 2 ** bits on, of up to `words` words; with repeats.

    Returns how many there are of the first kind, and of both.
    """
    shift = np.uint64(64 - bits)
    m = 0
    for i in range(n):
        h = np.uint64(high + 1)
        for k in range(min(high, n - i)):
            h = (h ^ np.uint64(signs[i + k])) * _P1
            h ^= h >> np.uint64(32)
            if k + 1 >= low:
                into[m] = np.int32((h * _P2) >> shift)
                m += 1
    n_runs = m
    if words:
        above = np.int32(1 << bits)
        previous, h, within = np.uint64(0), np.uint64(0), False
        for i in range(n):
            kind = kinds[i]
            if within and kind != _WORDY:
                m = _word(into, m, above, h, previous if words > 1 else np.uint64(0), shift)
                previous, within = h, False
            if kind == _APART:
                continue
            if not within:
                h = _P2
            h = (h ^ np.uint64(signs[i])) * _P1
            h ^= h >> np.uint64(32)
            within = True
            if kind == _ALONE:
                m = _word(into, m, above, h, previous if words > 1 else np.uint64(0), shift)
                previous, within = h, False
    return n_runs, m


@numba.njit(cache=True, nogil=True)
def _presence(data, offsets, valid, bits, where, pool, low, high, words, size, indptr):  # type: ignore[no-untyped-def]
    signs, kinds = np.empty(MAX_SIGNS, np.int32), np.empty(MAX_SIGNS, np.uint8)
    into = np.empty(MAX_SIGNS * (MAX_RUN + 2), np.int32)
    stamp = np.zeros(2 << size, np.int32)
    out, used = np.empty(1 << 16, np.int32), 0
    for row in range(valid.size):
        if valid[row]:
            n = _signs(data, offsets[row], offsets[row + 1], bits, where, pool, signs, kinds)
            m = _found(signs, kinds, n, low, high, words, size, into)[1]
            if used + m > out.size:
                more = np.empty(2 * (used + m), np.int32)
                more[:used] = out[:used]
                out = more
            for k in range(m):
                if stamp[into[k]] != row + 1:
                    stamp[into[k]] = row + 1
                    out[used] = into[k]
                    used += 1
        indptr[row + 1] = used
    return out[:used]


@numba.njit(cache=True, nogil=True)
def _scores(data, offsets, valid, bits, where, pool, low, high, words, size, worth, bias, out):  # type: ignore[no-untyped-def]
    """worth: per bucket (what it adds, its square length)."""
    signs, kinds = np.empty(MAX_SIGNS, np.int32), np.empty(MAX_SIGNS, np.uint8)
    into = np.empty(MAX_SIGNS * (MAX_RUN + 2), np.int32)
    stamp = np.zeros(2 << size, np.int32)
    for row in range(valid.size):
        if not valid[row]:
            continue
        n = _signs(data, offsets[row], offsets[row + 1], bits, where, pool, signs, kinds)
        if n == 0:
            continue
        first, m = _found(signs, kinds, n, low, high, words, size, into)
        score, total, square = bias, 0.0, 0.0
        for k in range(m):
            if k == first and square > 0:
                score += total / np.sqrt(square)
                total, square = 0.0, 0.0
            bucket = into[k]
            if stamp[bucket] != row + 1:
                stamp[bucket] = row + 1
                total += worth[bucket, 0]
                square += worth[bucket, 1]
        out[row] = score + total / np.sqrt(square) if square > 0 else score


def presence(texts: pa.Array, runs: tuple[int, int], words: int, bits: int) -> sparse.csr_matrix:
    """(n, 2 * 2 ** bits) ones where an n-gram stands in a text: runs of signs first, then words; a null text has none.

    runs: shortest and longest, up to MAX_RUN; words: 0 none, 1 words, 2 pairs of words too.
    """
    data, offsets, valid = _buffers(texts)
    kept, _, where, pool = tables()
    indptr = np.zeros(len(texts) + 1, np.int64)
    indices = _presence(data, offsets, valid, kept, where, pool, *runs, words, bits, indptr)
    found = sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(texts), 2 << bits))
    found.sort_indices()
    return found


def scores(texts: pa.Array, runs: tuple[int, int], words: int, bits: int, worth: NDArray[np.float32],
           bias: float) -> NDArray[np.float64]:
    """(n,) `bias` plus, for each kind of n-gram, what those present add over the length they make; nan without a sign.

    worth: (2 * 2 ** bits, 2) what a bucket adds, and the square of its length.
    """
    data, offsets, valid = _buffers(texts)
    kept, _, where, pool = tables()
    out = np.full(len(texts), np.nan)
    _scores(data, offsets, valid, kept, where, pool, *runs, words, bits, worth, bias, out)
    return out


def _buffers(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]:
    texts = texts if pa.types.is_large_string(texts.type) else texts.cast(pa.large_string())
    _, at, bytes_ = texts.buffers()
    data = np.frombuffer(bytes_ if bytes_ is not None and bytes_.size else b"\0", np.uint8)
    offsets = np.frombuffer(at, np.int64, len(texts) + 1, 8 * texts.offset)
    return data, offsets, np.asarray(texts.is_valid().to_numpy(zero_copy_only=False), bool)
