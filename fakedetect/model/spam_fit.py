"""Train a text model on labelled comments, and say what it is worth on groups of comments that it has not seen.

A group is what the comments of one campaign have in common beyond their words: a video, a page, an account. Nothing is
chosen on a measured group: n-grams and penalty are chosen by inner folds of the others. Spammers paste: a training text
whose near-duplicate is to be measured is left out of the training, in the inner folds too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from fakedetect.model.spam import SpamModel, SpamSpec, fit, presence

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
Setting = tuple[SpamSpec, float]

SETTINGS: tuple[Setting, ...] = tuple(
    (SpamSpec(runs, words), c)
    for runs, words in (((2, 5), 2), ((2, 5), 1), ((3, 5), 2), ((1, 4), 2), ((2, 5), 0)) for c in (10.0, 30.0))
"""What inner folds choose from: what is counted, and the inverse of the penalty. Of equals the first."""
FOLDS = 5
"""Groups are dealt to so many folds; of five groups each is one."""
ALIKE = 0.7
"""Texts are near-duplicates where they share this part of their words and pairs of words."""
LEAST_SLOPE = 0.01
"""Where texts tell nothing of unseen groups, every probability is near one half."""
_AT_ONCE = 256


@dataclass(frozen=True)
class Fitted:
    """model: trained on all rows. facts: plain values for a model card. scores: (n,) of each text by a model that saw
    neither its group nor a near-duplicate of it, nan where it holds no sign: what a classifier of accounts may be
    trained on. copies: (n,) a number for each set of near-duplicates.
    """

    model: SpamModel
    facts: Mapping[str, Any]
    scores: Floats
    copies: Rows


def fit_comments(texts: Sequence[str | None] | pa.Array, labels: Sequence[bool] | Flags,
                 groups: Sequence[Any]) -> Fitted:
    """Train on comments labelled as advertising or not. Deterministic.

    Raises ValueError where there are fewer than three groups, or a fold leaves one class to train on.
    """
    column = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    spam = np.asarray(labels, bool)
    names, group = np.unique(np.asarray(groups, str), return_inverse=True)
    if len(names) < 3:
        raise ValueError("groups must name at least three groups: one to measure, two to choose with.")
    counted = {spec: presence(column, spec) for spec, _ in SETTINGS}
    rows = np.flatnonzero(np.diff(counted[SETTINGS[0][0]].indptr))
    work = _Work(column, spam, group, near_duplicates(counted[SETTINGS[0][0]], SETTINGS[0][0]), counted)
    scores = np.full(len(spam), np.nan)
    pasted = scores.copy()
    folds, chosen = [], []
    for train, test in work.folds(rows):
        kept = work.unlike(train, test)
        setting, slope = work.choose(kept)
        scores[test] = slope * work.scored(setting, kept, test)
        pasted[test] = slope * work.scored(setting, train, test)
        folds.append(test)
        chosen.append(_named(setting))
    setting, slope = work.choose(rows)
    model = replace(fit(counted[setting[0]][rows], spam[rows], setting[0], c=setting[1]), slope=slope)
    sizes = np.bincount(work.copies[rows])
    facts = {
        "texts": len(rows), "spam": int(spam[rows].sum()), "groups": len(names),
        "near_duplicates": int(sizes[sizes > 1].sum()), "chosen": _named(setting), "chosen_in_folds": chosen,
        "settings": len(SETTINGS), "stored_buckets": len(model.buckets),
        "measured_on": [_called(names[np.unique(group[f])].tolist()) for f in folds],
        **_figures(spam, scores, folds),
        "with_near_duplicates": _figures(spam, pasted, folds),
    }
    return Fitted(model, facts, scores, work.copies)


def _called(groups: list[str]) -> str:
    return groups[0] if len(groups) == 1 else f"{len(groups)} groups"


def _named(setting: Setting) -> dict[str, Any]:
    return {**asdict(setting[0]), "runs": list(setting[0].runs), "c": setting[1]}


def _figures(spam: Flags, scores: Floats, folds: Sequence[Rows]) -> dict[str, Any]:
    """Means over the measured folds, rounded; the cut is the model's own, 0."""
    of_folds = [mcc(spam[f], scores[f] > 0) for f in folds]
    ap = [average_precision_score(spam[f], scores[f]) for f in folds if spam[f].any()]
    return {"mcc": round(float(np.mean(of_folds)), 4), "mcc_of_folds": [round(m, 4) for m in of_folds],
            "average_precision": round(float(np.mean(ap)), 4)}


def mcc(truth: Flags, told: Flags) -> float:
    """Matthews' correlation of two columns of flags; 0 where one of them is the same throughout."""
    truth, told = np.asarray(truth, float), np.asarray(told, float)
    spread = float(truth.std() * told.std())
    return float(((truth - truth.mean()) * (told - told.mean())).mean() / spread) if spread else 0.0


@dataclass(frozen=True)
class _Work:
    texts: pa.Array
    spam: Flags
    group: Rows
    copies: Rows
    counted: Mapping[SpamSpec, sparse.csr_matrix]

    def folds(self, rows: Rows) -> Iterator[tuple[Rows, Rows]]:
        """(train, test) cuts of `rows`; no group on both sides."""
        n = min(FOLDS, len(np.unique(self.group[rows])))
        for train, test in GroupKFold(n).split(rows, groups=self.group[rows]):
            yield rows[train], rows[test]

    def unlike(self, train: Rows, test: Rows) -> Rows:
        """`train` without the near-duplicates of what is measured."""
        return train[~np.isin(self.copies[train], self.copies[test])]

    def scored(self, setting: Setting, train: Rows, test: Rows) -> Floats:
        spec, c = setting
        model = fit(self.counted[spec][train], self.spam[train], spec, c=c)
        return model.score(self.texts.take(pa.array(test)))

    def choose(self, rows: Rows) -> tuple[Setting, float]:
        """The setting that is right most often (MCC, mean of folds) on groups of `rows` it did not see, and how much
        its scores there are worth in log-odds.
        """
        best: tuple[float, Setting, Floats] | None = None
        folds = [(self.unlike(train, test), test) for train, test in self.folds(rows)]
        for setting in SETTINGS:
            scores = [self.scored(setting, train, test) for train, test in folds]
            value = float(np.mean([mcc(self.spam[test], s > 0) for (_, test), s in zip(folds, scores, strict=True)]))
            if best is None or value > best[0] + 1e-9:
                best = value, setting, np.concatenate(scores)
        assert best is not None
        spam = self.spam[np.concatenate([test for _, test in folds])]
        line = LogisticRegression(C=1e6, fit_intercept=False, solver="liblinear", class_weight="balanced")
        with threadpool_limits(1):
            line.fit(best[2][:, None], spam)
        return best[1], max(float(line.coef_[0, 0]), LEAST_SLOPE)


def near_duplicates(found: sparse.csr_matrix, spec: SpamSpec) -> Rows:
    """(n,) a number for each set of texts that are chained by near-duplicates; a text without a word is alone."""
    words = found[:, 1 << spec.bits:]
    size = np.diff(words.indptr)
    turned = words.T.tocsr()
    pairs = []
    for at in range(0, words.shape[0], _AT_ONCE):
        shared = (words[at:at + _AT_ONCE] @ turned).tocoo()
        row = shared.row.astype(np.int64) + at
        alike = shared.data >= ALIKE * (size[row] + size[shared.col] - shared.data)
        pairs.append((row[alike], shared.col[alike]))
    row, col = (np.concatenate([p[k] for p in pairs]) for k in (0, 1))
    near = sparse.coo_matrix((np.ones(len(row)), (row, col)), shape=(len(size), len(size)))
    return np.asarray(connected_components(near, directed=False)[1], np.int64)
