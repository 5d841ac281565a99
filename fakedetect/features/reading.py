"""What a review's words say of its stars, and how rare they are: told by the other reviews of the dump alone.

No list of good and bad words, and no language: a word is worth what the reviews of *other items* that use it give, and
a text what its words are worth on average, put on the scale of marks by a straight line. So nobody's review, and
no review of the same item, tells what it reads as.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]

BITS = 18
MAX_CHARS = 4_000
"""A longer text is read so far."""
PARTS = 5
"""Items are dealt to so many parts; a part's texts are read by the others."""
PRIOR = 5.0
"""Reviews' worth of the mean mark, beside those that use a word."""
LEAST_WORDS, LEAST_REVIEWS = 3, 200
"""Fewer words say nothing of a mark; fewer reviews nothing of words."""
GRID = 2.0**30
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_WORD = rf"(?u)[{_DENSE}]{{1,2}}|[^\W{_DENSE}]+"
"""Runs of letters and digits; in scripts without spaces two letters."""


def read(texts: Any, mark: Floats, item: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """(n,) the mark as which each of the texts (a pyarrow column) reads, 0 to 1, and the mean rarity of its words in
    bits; nan where the dump does not tell. mark: nan where there is none; item: a number of each reviewed item."""
    used = np.isfinite(mark)
    reads, rarity = np.full(len(mark), np.nan), np.full(len(mark), np.nan)
    if used.sum() < LEAST_REVIEWS:
        return reads, rarity
    # Loaded here: dumps of comments need none of it.
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(token_pattern=_WORD, n_features=1 << BITS, alternate_sign=False, norm=None, binary=True)
    words = hashing.transform([(text or "")[:MAX_CHARS] for text in texts.filter(pa.array(used)).to_pylist()])
    n = np.diff(words.indptr)
    long = np.flatnonzero(n >= LEAST_WORDS)
    if len(long) < LEAST_REVIEWS:
        return reads, rarity
    words, n = words[long], n[long]
    rows = np.flatnonzero(used)[long]
    among = np.bincount(words.indices, minlength=1 << BITS)
    rarity[rows] = np.round(_mean_over_words(words, np.log2(len(long) / np.maximum(among, 1)), n), 9)
    # On a binary grid sums are exact (of up to eight million): no order of rows changes them.
    given = np.round(mark[rows] * GRID) / GRID
    part = item[rows] % PARTS
    score = np.full(len(rows), np.nan)
    for k in range(PARTS):
        here, others = part == k, part != k
        if here.any() and others.sum() >= LEAST_REVIEWS:
            worth = _worth(words[others], given[others])
            mine = _mean_over_words(words[here], worth, n[here])
            slope, level = _line(_mean_over_words(words[others], worth, n[others]), given[others])
            score[here] = slope * mine + level
    reads[rows] = np.round(score.clip(0.0, 1.0), 9)
    return reads, rarity


def _worth(words: sparse.csr_matrix, given: Floats) -> Floats:
    """Of each word, the mean mark of the reviews that use it."""
    mean = given.mean()
    with_it = np.bincount(words.indices, np.repeat(given, np.diff(words.indptr)), 1 << BITS)
    n = np.bincount(words.indices, minlength=1 << BITS)
    return np.asarray((with_it + PRIOR * mean) / (n + PRIOR), np.float64)


def _mean_over_words(words: sparse.csr_matrix, value: Floats, n: NDArray[np.int64]) -> Floats:
    return np.asarray((words @ value) / n, np.float64)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Least squares, never falling."""
    spread = ((x - x.mean()) ** 2).sum()
    slope = max(float(((x - x.mean()) * (y - y.mean())).sum() / spread), 0.0) if spread > 0 else 0.0
    return slope, float(y.mean() - slope * x.mean())
