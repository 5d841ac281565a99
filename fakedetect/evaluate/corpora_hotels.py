"""The hotel reviews of Ott et al. (2011, 2013): the corpus's own five folds, four hotels each, and across polarities.

Which site a review comes from is never read: it follows from label and polarity. Polarity itself only says which
reviews are trained on and counted together, as a reader of the review knows it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.tree import DecisionTreeClassifier

from fakedetect.evaluate.corpora_features import Columns
from fakedetect.evaluate.corpora_scores import Flags, Floats, Found, Rows, matrix
from fakedetect.model import text

PLAIN = (text.TextSpec(chars=(0, 0)), 1.0)
TRIED: Mapping[str, tuple[text.TextSpec, float]] = {
    "words": (text.TextSpec(chars=(0, 0)), 10.0),
    "words and letters 2-5": (text.REVIEWS, 10.0),
    "words and letters 1-4": (text.ANY, 10.0),
}
"""What inner folds choose from, each trained on one polarity and on both: six in all."""
ACROSS = TRIED["words and letters 1-4"]
"""The recipe across polarities: nothing can be chosen inside one polarity for the other."""


def scores(texts: tuple[str, ...], suspect: Flags, positive: Flags, fold: NDArray[np.int64], own: Columns) -> Found:
    """Scores (n,) by model, above 0 = suspect; the hotels of a review's fold were in no part of its training."""
    counted = {name: text.counts(texts, spec) for name, (spec, _) in TRIED.items()}
    n = len(suspect)
    found = Found()

    def fitted(name: str, spec: tuple[text.TextSpec, float], rows: Rows, scale: Floats | None = None) -> text.TextModel:
        return text.fit(counted[name][rows], suspect[rows], spec[0], c=spec[1], scale=scale)

    for polarity in (True, False):
        for k in np.unique(fold):
            test = np.flatnonzero((fold == k) & (positive == polarity))
            same = np.flatnonzero((fold != k) & (positive == polarity))
            other = np.flatnonzero((fold != k) & (positive != polarity))
            found.put("plain text", test, fitted("words", PLAIN, same).score_counts(counted["words"][test]), n)
            for model, depth in (("best single feature", 1), ("tree of depth 3", 3)):
                found.put(model, test, tree(matrix(own), suspect, same, test, depth), n)
            found.put("length alone", test, tree(own["chars_log"][:, None], suspect, same, test, 1), n)
            name, both = chosen(counted, suspect, fold, same, other)
            rows = np.sort(np.concatenate([same, other])) if both else same
            found.put("text, chosen inside", test, fitted(name, TRIED[name], rows).score_counts(counted[name][test]), n,
                      f"{name}, {'both polarities' if both else 'one polarity'}")
            found.put("other polarity: plain text", test,
                      fitted("words", PLAIN, other).score_counts(counted["words"][test]), n)
            name = "words and letters 1-4"
            scale = steady(counted[name], other, same)
            model_ = fitted(name, ACROSS, other, scale)
            score = model_.score_counts(counted[name][test])
            found.put("other polarity: steady words", test, score, n)
            moved = float(np.median(model_.score_counts(counted[name][same])))
            found.put("other polarity: steady words, cut moved", test, score - moved, n)
    return found


def tree(x: Floats, suspect: Flags, train: Rows, test: Rows, depth: int) -> Floats:
    """A shallow decision tree; its probability less one half."""
    model = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=20, random_state=0).fit(x[train], suspect[train])
    return np.asarray(model.predict_proba(x[test])[:, 1], float) - 0.5


def chosen(counted: Mapping[str, sparse.csr_matrix], suspect: Flags, fold: NDArray[np.int64], same: Rows,
           other: Rows) -> tuple[str, bool]:
    """The most accurate of TRIED, and whether with both polarities, over the training folds left out in turn."""
    right = {}
    for name, (spec, c) in TRIED.items():
        x = counted[name]
        for both in (False, True):
            n = 0
            for k in np.unique(fold[same]):
                kept = [rows[fold[rows] != k] for rows in ((same, other) if both else (same,))]
                train = np.sort(np.concatenate(kept))
                test = same[fold[same] == k]
                model = text.fit(x[train], suspect[train], spec, c=c)
                n += int(((model.score_counts(x[test]) > 0) == suspect[test]).sum())
            right[name, both] = n
    return max(right, key=lambda candidate: (right[candidate], candidate))


def steady(x: sparse.csr_matrix, source: Rows, target: Rows) -> Floats:
    """A factor per column: 1 where as many texts of both polarities hold it, less the further they are apart.

    The texts of the target are those of the training hotels, their labels unread.
    """
    holds = [np.bincount(x[rows].indices, minlength=x.shape[1]) for rows in (source, target)]
    return np.asarray(np.exp(-np.abs(np.log((holds[0] + 2) / (holds[1] + 2)))), float)
