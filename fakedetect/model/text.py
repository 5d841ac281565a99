"""A linear text model: hashed n-grams, one weight per bucket, loaded without unpickling anything.

A text becomes counts of word n-grams and of character n-grams, each kind hashed into buckets of its own. Word n-grams
see words and single signs; character n-grams run over the raw characters, case kept, and so work in scripts without
spaces. In each kind the counts are damped to 1 + ln(count), weighed by idf and scaled to length 1. Hashing needs no
vocabulary: nothing is learned from a text before `fit`, so counts may be made once and cut into folds afterwards.

On disk: one JSON file. Buckets that training never saw have weight 0 and are not stored, only their idf as one number.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from fakedetect.errors import ModelError
from fakedetect.model import strict

Floats = NDArray[np.float64]

FORMAT = 1
MAX_BITS = 22
MAX_LENGTH = 8
"""Longest n-gram that a file may ask for: the work on one text grows with it."""
MAX_CHARS = 20_000
"""A longer text is cut here: one comment of a megabyte must not decide how long an audit takes."""
_TOKEN = r"(?u)\w+|[^\w\s]"
_HINT = "save the text model again, or leave it out"


@dataclass(frozen=True)
class TextSpec:
    """What is counted. A range of (0, 0) leaves that kind out; at least one kind is counted.

    words: n-grams of folded words and signs. chars: n-grams of raw characters, across word borders only where
    `across` says so. bits: 2 ** bits buckets per kind.
    """

    words: tuple[int, int] = (1, 2)
    chars: tuple[int, int] = (2, 5)
    across: bool = False
    bits: int = 18

    def __post_init__(self) -> None:
        for name in ("words", "chars"):
            asked = low, high = getattr(self, name)
            if not (0 < low <= high <= MAX_LENGTH or asked == (0, 0)):
                raise ValueError(f"{name} must be lengths from 1 to {MAX_LENGTH}, or (0, 0). Got {asked} instead.")
        if self.words == self.chars == (0, 0):
            raise ValueError("words and chars are both (0, 0): nothing would be counted.")
        if not 8 <= self.bits <= MAX_BITS:
            raise ValueError(f"bits must be in the range [8, {MAX_BITS}]. Got {self.bits} instead.")

    @property
    def kinds(self) -> int:
        """How many kinds of n-gram are counted: 1 or 2."""
        return (self.words != (0, 0)) + (self.chars != (0, 0))


REVIEWS = TextSpec()
"""For languages that put spaces between words."""
ANY = TextSpec(chars=(1, 4), across=True)
"""Where languages are mixed: single characters and their runs count everywhere."""
DENSE = TextSpec(words=(0, 0), chars=(1, 4), across=True)
"""For languages that put none."""


def counts(texts: Sequence[str | None], spec: TextSpec = REVIEWS) -> sparse.csr_matrix:
    """(n, kinds * 2 ** bits) counts, words first; a null text is a row of zeros."""
    cut = [(t or "")[:MAX_CHARS] for t in texts]
    same = {"n_features": 1 << spec.bits, "alternate_sign": False, "norm": None}
    blocks = []
    if spec.words != (0, 0):
        blocks.append(HashingVectorizer(token_pattern=_TOKEN, ngram_range=spec.words, **same).transform(cut))
    if spec.chars != (0, 0):
        analyzer = "char" if spec.across else "char_wb"
        blocks.append(HashingVectorizer(analyzer=analyzer, ngram_range=spec.chars, lowercase=False,
                                        **same).transform(cut))
    return sparse.csr_matrix(sparse.hstack(blocks, format="csr"))


@dataclass(frozen=True)
class TextModel:
    """A fitted model. buckets: those seen in training, strictly increasing; idf, weight: of the same length.

    unseen_idf: of every other bucket, whose weight is 0.
    """

    spec: TextSpec
    buckets: NDArray[np.int32]
    idf: NDArray[np.float32]
    weight: NDArray[np.float32]
    unseen_idf: float
    bias: float

    def score(self, texts: Sequence[str | None]) -> Floats:
        """Log-odds of each text at the prevalence of training, (n,); higher is more suspect. Not calibrated."""
        return self.score_counts(counts(texts, self.spec))

    def score_counts(self, found: sparse.csr_matrix) -> Floats:
        """The same from `counts(texts, spec)`."""
        idf = np.full(found.shape[1], self.unseen_idf)
        weight = np.zeros(found.shape[1])
        idf[self.buckets], weight[self.buckets] = self.idf, self.weight
        return weighed(found, idf, self.spec) @ weight + self.bias


def fit(found: sparse.csr_matrix, suspect: NDArray[np.bool_], spec: TextSpec = REVIEWS, *, c: float = 1.0,
        scale: Floats | None = None) -> TextModel:
    """L2-regularised logistic regression of `suspect` (n,) on `counts(texts, spec)`.

    c: inverse of the penalty, > 0. scale: one factor per column, below 1 where the regression is to lean less on it
    (None: all 1); it ends inside the stored weight. Deterministic: liblinear's primal solver draws nothing. Raises
    ValueError where one class is missing.
    """
    suspect = np.asarray(suspect, bool)
    if suspect.all() or not suspect.any():
        raise ValueError("a text model needs texts of both classes.")
    n = found.shape[0]
    df = np.bincount(found.indices, minlength=found.shape[1])
    # As scikit-learn smooths it: an n-gram of every text still weighs 1.
    idf = np.log((1 + n) / (1 + df)) + 1
    # What is stored is what is trained on: the rounding of the file is inside the fit.
    idf = idf.astype(np.float32).astype(np.float64)
    seen = np.flatnonzero(df)
    model = LogisticRegression(C=c, solver="liblinear", max_iter=300)
    factor = np.ones(len(seen)) if scale is None else scale[seen]
    model.fit(weighed(found, idf, spec)[:, seen] @ sparse.diags_array(factor), suspect)
    return TextModel(spec, seen.astype(np.int32), idf[seen].astype(np.float32),
                     (model.coef_[0] * factor).astype(np.float32), float(np.log(1 + n) + 1), float(model.intercept_[0]))


def weighed(found: sparse.csr_matrix, idf: Floats, spec: TextSpec) -> sparse.csr_matrix:
    """Damped counts times idf (one per column), each kind of n-gram scaled to length 1 per text."""
    data = (1 + np.log(found.data)) * idf[found.indices]
    n = found.shape[0]
    row = np.repeat(np.arange(n), np.diff(found.indptr))
    kind = row * spec.kinds + (found.indices >> spec.bits)
    length = np.sqrt(np.bincount(kind, weights=data * data, minlength=n * spec.kinds))
    return sparse.csr_matrix((data / length[kind], found.indices, found.indptr), shape=found.shape)


_KEYS = ("format", "spec", "buckets", "idf", "weight", "unseen_idf", "bias")


def dump(model: TextModel) -> bytes:
    """The model as JSON; the same model gives the same bytes."""
    return strict.dump_json({
        "format": FORMAT, "spec": asdict(model.spec), "buckets": _coded(model.buckets, "<i4"),
        "idf": _coded(model.idf, "<f4"), "weight": _coded(model.weight, "<f4"),
        "unseen_idf": model.unseen_idf, "bias": model.bias})


def load(folder: str | Path, name: str = "text.json") -> TextModel:
    """The text model in `folder`, checked before any of it is used; nothing in it is ever run.

    Raises ModelError where the file is missing, oversized or malformed.
    """
    folder = Path(folder)
    found = strict.read_json(strict.read_file(folder, name), name, _KEYS, FORMAT)
    try:
        return _model(found)
    except (TypeError, ValueError, KeyError, binascii.Error) as error:
        raise ModelError(f"{name} is no text model: {error}", where=str(folder), hint=_HINT) from error


def _model(found: dict[str, Any]) -> TextModel:
    asked = found["spec"]
    if set(asked) != set(TextSpec.__dataclass_fields__) or not isinstance(asked["across"], bool):
        raise ValueError("spec has other fields")
    lengths = [*asked["words"], *asked["chars"]]
    if len(asked["words"]) != 2 or len(lengths) != 4 or not all(type(v) is int for v in [*lengths, asked["bits"]]):
        raise ValueError("spec holds something else than whole numbers")
    spec = TextSpec(tuple(asked["words"]), tuple(asked["chars"]), asked["across"], asked["bits"])
    buckets, idf, weight = (_decoded(found[k], t) for k, t in (("buckets", "<i4"), ("idf", "<f4"), ("weight", "<f4")))
    if not len(buckets) == len(idf) == len(weight):
        raise ValueError("buckets, idf and weight differ in length")
    if len(buckets) and (buckets[0] < 0 or buckets[-1] >= spec.kinds << spec.bits or (np.diff(buckets) <= 0).any()):
        raise ValueError("buckets do not rise within their range")
    unseen, bias = (found[k] for k in ("unseen_idf", "bias"))
    if not all(isinstance(v, float) for v in (unseen, bias)):
        raise ValueError("unseen_idf or bias is no number")
    if not (np.isfinite(weight).all() and np.isfinite(idf).all() and (idf > 0).all() and unseen > 0):
        raise ValueError("a weight is not finite, or an idf not positive")
    return TextModel(spec, buckets, idf, weight, unseen, bias)


def _coded(values: NDArray[Any], kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode("ascii")


def _decoded(text: Any, kind: str) -> NDArray[Any]:
    return np.frombuffer(base64.b64decode(text, validate=True), kind)
