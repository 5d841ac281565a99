"""How much single comments read like advertising: a linear model over hashed n-grams, for millions of comments.

Learned from comments that somebody labelled, never from accounts. Each kind of n-gram (runs of signs; words and pairs
of words: `ngrams`) counts once a text however often it stands there, weighed by idf and scaled to length 1. The
probability holds where every second comment is advertising: of a page it ranks the comments, it does not count the
advertising there.

On disk: one JSON file. What stood in fewer than LEAST_TEXTS texts of training adds nothing and is not stored; the
square of its length is one number for all.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from fakedetect.errors import ModelError
from fakedetect.model import ngrams, strict
from fakedetect.spill import side_by_side

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FORMAT = 1
NAME = "text.json"
MAX_BYTES = 20_000_000
MIN_BITS, MAX_BITS = 8, 20
LEAST_TEXTS = 2
"""What one text alone holds tells of no other, and is most of what is to be stored."""
PIECE = 1 << 18
"""Rows among which equal texts are scored once: all of a large dump at once would hold its texts twice in memory."""


@dataclass(frozen=True)
class SpamSpec:
    """What is counted. runs: shortest and longest run of signs; words: 0 none, 1 words, 2 pairs of words too;
    bits: 2 ** bits buckets for each kind.
    """

    runs: tuple[int, int] = (2, 5)
    words: int = 2
    bits: int = 18

    def __post_init__(self) -> None:
        low, high = self.runs
        if not 1 <= low <= high <= ngrams.MAX_RUN:
            raise ValueError(f"runs must be lengths from 1 to {ngrams.MAX_RUN}. Got {self.runs} instead.")
        if self.words not in (0, 1, 2):
            raise ValueError(f"words must be 0, 1 or 2. Got {self.words} instead.")
        if not MIN_BITS <= self.bits <= MAX_BITS:
            raise ValueError(f"bits must be in the range [{MIN_BITS}, {MAX_BITS}]. Got {self.bits} instead.")


@dataclass(frozen=True)
class SpamModel:
    """A fitted model. buckets: those stored, strictly increasing; worth, square: what each adds to a score, and to the
    square of the length by which the kind is divided. unseen: that square of every other bucket, which adds nothing.
    slope: log-odds on unseen groups of comments per unit of score.
    """

    spec: SpamSpec
    buckets: NDArray[np.int32]
    worth: NDArray[np.float32]
    square: NDArray[np.float32]
    unseen: float
    bias: float
    slope: float

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        table = np.zeros((2 << self.spec.bits, 2), np.float32)
        table[:, 1] = self.unseen
        table[self.buckets, 0], table[self.buckets, 1] = self.worth, self.square
        return table

    def score(self, texts: pa.Array) -> Floats:
        """(n,) higher reads more like advertising, the cut is at 0; nan for a text that is null or holds no sign."""
        return ngrams.scores(texts, self.spec.runs, self.spec.words, self.spec.bits, self._table, self.bias)

    def probability(self, texts: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
        """Per text the probability that it is advertising where every second one is; null where `score` is nan.

        Equal texts of a piece are scored once. The same text gives the same value wherever it stands.
        """
        chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
        pieces = [c.slice(at, PIECE) for c in chunks for at in range(0, len(c), PIECE)]
        return pa.chunked_array(list(side_by_side(self._probability, pieces)), pa.float64())

    def _probability(self, texts: pa.Array) -> pa.Array:
        coded = texts.dictionary_encode()
        p = expit(self.slope * self.score(coded.dictionary))
        return pa.array(p, mask=np.isnan(p)).take(coded.indices)


def presence(texts: pa.Array, spec: SpamSpec) -> sparse.csr_matrix:
    """What `fit` takes: (n, 2 * 2 ** bits) ones."""
    return ngrams.presence(texts, spec.runs, spec.words, spec.bits)


def fit(found: sparse.csr_matrix, spam: Flags, spec: SpamSpec, *, c: float, slope: float = 1.0) -> SpamModel:
    """L2-regularised logistic regression of `spam` (n,) on `presence(texts, spec)`, both classes of equal weight.

    c: inverse of the penalty, > 0. Deterministic: liblinear's primal solver draws nothing. Raises ValueError where one
    class is missing.
    """
    spam = np.asarray(spam, bool)
    if spam.all() or not spam.any():
        raise ValueError("a text model needs texts of both classes.")
    n = found.shape[0]
    among = np.bincount(found.indices, minlength=found.shape[1])
    stored = np.flatnonzero(among >= LEAST_TEXTS)
    # As scikit-learn smooths it: an n-gram of every text still weighs 1. What is stored is what is trained on: the
    # rounding of the file is inside the fit.
    unseen = float(np.float32((np.log((1 + n) / LEAST_TEXTS) + 1) ** 2))
    square = np.full(found.shape[1], unseen)
    square[stored] = ((np.log((1 + n) / (1 + among[stored])) + 1) ** 2).astype(np.float32)
    x = scaled(found, square, spec)[:, stored]
    model = LogisticRegression(C=c, solver="liblinear", max_iter=300, class_weight="balanced")
    # One thread: sums in another order would be other sums.
    with threadpool_limits(1):
        model.fit(x, spam)
    worth = (model.coef_[0] * np.sqrt(square[stored])).astype(np.float32)
    return SpamModel(spec, stored.astype(np.int32), worth, square[stored].astype(np.float32), unseen,
                     float(model.intercept_[0]), slope)


def scaled(found: sparse.csr_matrix, square: Floats, spec: SpamSpec) -> sparse.csr_matrix:
    """Ones as square roots of `square` (one per column), each kind of n-gram divided by its length in the text."""
    data = square[found.indices]
    row = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    kind = 2 * row + (found.indices >> spec.bits)
    total = np.bincount(kind, weights=data, minlength=2 * found.shape[0])
    return sparse.csr_matrix((np.sqrt(data / total[kind]), found.indices, found.indptr), shape=found.shape)


# --- on disk

_KEYS = ("format", "spec", "buckets", "worth", "square", "unseen", "bias", "slope")


def dump(model: SpamModel) -> bytes:
    """The model as JSON; the same model gives the same bytes."""
    return strict.dump_json({
        "format": FORMAT, "spec": asdict(model.spec), "buckets": _coded(model.buckets, "<i4"),
        "worth": _coded(model.worth, "<f4"), "square": _coded(model.square, "<f4"), "unseen": model.unseen,
        "bias": model.bias, "slope": model.slope})


def parse(data: bytes) -> SpamModel:
    """The model that `dump` wrote, checked before any of it is used; nothing in it is ever run.

    Raises ModelError where the bytes are too many or malformed.
    """
    if len(data) > MAX_BYTES:
        raise ModelError(f"{NAME} exceeds {MAX_BYTES:,} bytes")
    found = strict.read_json(data, NAME, _KEYS, FORMAT)
    try:
        return _model(found)
    except (TypeError, ValueError, KeyError, binascii.Error) as error:
        raise ModelError(f"{NAME} is no text model: {error}") from error


def _model(found: dict[str, Any]) -> SpamModel:
    asked = found["spec"]
    if not isinstance(asked, dict) or set(asked) != set(SpamSpec.__dataclass_fields__):
        raise ValueError("spec has other fields")
    if not isinstance(asked["runs"], list) or len(asked["runs"]) != 2:
        raise ValueError("spec does not name a shortest and a longest run")
    if not all(type(v) is int for v in (*asked["runs"], asked["words"], asked["bits"])):
        raise ValueError("spec holds something else than whole numbers")
    spec = SpamSpec((asked["runs"][0], asked["runs"][1]), asked["words"], asked["bits"])
    stored = (("buckets", "<i4"), ("worth", "<f4"), ("square", "<f4"))
    buckets, worth, square = (_decoded(found[name], kind) for name, kind in stored)
    if not len(buckets) == len(worth) == len(square):
        raise ValueError("buckets, worth and square differ in length")
    if len(buckets) and (buckets[0] < 0 or buckets[-1] >= 2 << spec.bits or (np.diff(buckets) <= 0).any()):
        raise ValueError("buckets do not rise within their range")
    numbers = unseen, bias, slope = tuple(found[k] for k in ("unseen", "bias", "slope"))
    if not all(isinstance(v, float) for v in numbers):
        raise ValueError("unseen, bias or slope is no number")
    if not (np.isfinite(worth).all() and np.isfinite(square).all() and (square > 0).all()):
        raise ValueError("a worth is not finite, or a square not positive")
    if not (0 < unseen < _FAR and abs(bias) < _FAR and 0 < slope < _FAR):
        raise ValueError("unseen, bias or slope is out of range")
    return SpamModel(spec, buckets, worth, square, unseen, bias, slope)


_FAR = 1e6


def _coded(values: NDArray[Any], kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode("ascii")


def _decoded(text: Any, kind: str) -> NDArray[Any]:
    return np.frombuffer(base64.b64decode(text, validate=True), kind)
