"""The models that are set side by side on a corpus, and which of them are there only to be doubted by."""

from __future__ import annotations

import numpy as np

from fakedetect.evaluate.corpora_features import Columns, Floats
from fakedetect.evaluate.corpora_scores import (
    OUTER_SEED,
    Found,
    Problem,
    Rows,
    around,
    best_single,
    choose,
    folds,
    learn,
    matrix,
    shallow,
    text_scores,
)
from fakedetect.model import text

PLAIN = "plain text"
PARTS = {"an eighth": 8, "a quarter": 4, "half": 2}
"""What more reviews would bring, read off from what fewer bring: the items of training are thinned to these parts."""
CONTROLS = ("best single feature", "tree of depth 3", "counts and dates alone", "length alone", "item count alone",
            "best single of the review itself", "number in an id alone")


def measured(problem: Problem) -> Found:
    """Scores of all models over the outer folds; every choice is made inside the training part.

    The models without `counts` in their name see no column that counts; of those, `review alone` sees nothing of the
    item either, not even whether it has other reviews.
    """
    found = Found()
    n = len(problem.suspect)
    fam, y = problem.families, problem.suspect
    alone: Columns = {**fam["own"], **fam["texts"]}
    alone.pop("like_item")  # null where the item has no other review
    beyond: Columns = {**fam["own"], **fam["item"], **fam["texts"], **fam["counts"]}
    for train, test in folds(problem, np.arange(n), OUTER_SEED):
        texts = text_scores(problem, train, test)
        near = around(problem, texts)
        found.put(PLAIN, test, texts[f"text_{problem.plain}"][test], n)
        for less, scores in curve(problem, train, test).items():
            found.put(f"{PLAIN}, {less} of the training", test, scores, n)
        for model, columns in (("best single feature", beyond), ("best single of the review itself", fam["own"])):
            score, name = best_single(columns, y, train, test)
            found.put(model, test, score, n, name)
        # The numbers in ids follow some order of the publisher's whole file, and so may tell what was cut from it. No
        # model here sees them; the control says what one that did would gain.
        score, name = best_single(fam["numbers"], y, train, test)
        found.put("number in an id alone", test, score, n, name)
        found.put("tree of depth 3", test, shallow(beyond, y, train, test), n)
        found.put("item count alone", test, fam["counts"]["n_of_item"][test], n)
        matrices = {
            "counts and dates alone": matrix(fam["counts"]),
            "review alone": matrix(texts, alone, {k: v for k, v in near.items() if k.startswith("near_")}),
            "review, item and neighbours": matrix(texts, fam["own"], fam["item"], fam["texts"], near),
            "all, with counts and dates": matrix(texts, beyond, near),
        }
        for model, x in matrices.items():
            name = choose(problem, train, {kind: (kind, x) for kind in problem.learners})
            found.put(model, test, learn(name, x[train], y[train])(x[test]), n, name)
    return found


def curve(problem: Problem, train: Rows, test: Rows) -> dict[str, Floats]:
    """Scores of the plain text model on `test`, trained on some of the items of `train`."""
    item, x, y = problem.reviews.item, problem.counted[problem.plain], problem.suspect
    spec, c = problem.specs[problem.plain]
    # One order for all parts, so that a smaller part stands inside a larger one.
    rank = np.random.default_rng(OUTER_SEED).permutation(int(item.max()) + 1)[item[train]]
    out = {}
    for name, part in PARTS.items():
        rows = train[rank < (item.max() + 1) / part]
        out[name] = text.fit(x[rows], y[rows], spec, c=c).score_counts(x[test])
    return out
