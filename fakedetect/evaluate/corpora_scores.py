"""Scores of labelled reviews that no part of their own fold has shaped, and what chance leaves of a figure.

Nested: within each training part text models are scored out of fold, their scores join the other columns, and the
learner is chosen there, by the same inner folds. The measured fold is touched once, to be scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from fakedetect.evaluate.corpora_features import Columns, Reviews, others
from fakedetect.model import text
from fakedetect.model.unlabelled import Scorer, bagged

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

FOLDS = 5
OUTER_SEED, INNER_SEED, TREE_SEED = 1, 2, 0
BAG_DRAWS = 10
TREES = {"objective": "binary", "learning_rate": 0.04, "num_leaves": 15, "min_data_in_leaf": 40, "lambda_l2": 5.0,
         "bagging_fraction": 0.8, "bagging_freq": 1, "feature_fraction": 0.6, "num_threads": 1, "deterministic": True,
         "force_row_wise": True, "seed": TREE_SEED, "verbosity": -1}
N_TREES = 200


@dataclass(frozen=True)
class Problem:
    """A corpus to be measured. families: columns by family, none of which has read `suspect`.

    specs: name -> (what the text model counts, its c); counted: the counts of each. near: rows of the most similar
    texts of other items (n, k). users_apart: drop the users of the test rows from training. plain: the
    spec of the plain text model; learners: what inner folds choose from.
    """

    reviews: Reviews
    suspect: Flags
    families: Mapping[str, Columns]
    specs: Mapping[str, tuple[text.TextSpec, float]]
    counted: Mapping[str, sparse.csr_matrix]
    near: Rows
    users_apart: bool
    plain: str
    learners: tuple[str, ...]


@dataclass
class Found:
    """Out-of-fold scores by model, (n,) each, and what was chosen in each fold by inner folds alone."""

    scores: dict[str, Floats] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)

    def put(self, model: str, rows: Rows, scores: Floats, n: int, choice: str | None = None) -> None:
        self.scores.setdefault(model, np.full(n, np.nan))[rows] = scores
        if choice is not None:
            self.chosen.setdefault(model, []).append(choice)


def folds(problem: Problem, rows: Rows, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """(train, test) cuts of `rows`; no item on both sides, and where the problem says so no user either."""
    item, user = problem.reviews.item, problem.reviews.user
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(rows, groups=item[rows]):
        kept, measured = rows[train], rows[test]
        if problem.users_apart:
            kept = kept[~np.isin(user[kept], user[measured])]
        yield kept, measured


def text_scores(problem: Problem, train: Rows, test: Rows) -> Columns:
    """By spec, the text score of every row of `train` (out of inner folds) and `test`; nan elsewhere."""
    out = {}
    for name, (spec, c) in problem.specs.items():
        x, y = problem.counted[name], problem.suspect
        score = np.full(len(y), np.nan)
        # A row of train whose item is in an inner test part is always scored; users kept apart only thin training.
        for kept, measured in [*folds(problem, train, INNER_SEED), (train, test)]:
            score[measured] = text.fit(x[kept], y[kept], spec, c=c).score_counts(x[measured])
        out[f"text_{name}"] = score
    return out


def around(problem: Problem, scores: Columns) -> Columns:
    """How suspect the item's other reviews and the most similar texts read, by their scores, never their labels."""
    out = {}
    for name, score in scores.items():
        known = ~np.isnan(score)
        near = score[problem.near]
        n = (~np.isnan(near)).sum(axis=1)
        out[f"item_{name}"] = np.where(known, others(score, problem.reviews.item), np.nan)
        out[f"near_{name}"] = np.divide(np.nansum(near, axis=1), n, out=np.full(len(score), np.nan), where=n > 0)
    return out


def matrix(*families: Columns) -> Floats:
    """(n, p): the columns of the families side by side, in their order."""
    return np.column_stack([column for family in families for column in family.values()])


def learn(kind: str, x: Floats, y: Flags, seed: int = 0) -> Scorer:
    """A fitted learner of this kind: `trees`, `linear`, `blend` (the mean of their log-odds), or `bagged` (trees, for
    unlabelled innocents)."""
    if kind == "blend":
        both = [learn("trees", x, y, seed), learn("linear", x, y, seed)]
        return lambda new: np.mean([each(new) for each in both], axis=0)
    if kind == "bagged":
        return bagged(x, y, lambda a, b, draw: learn("trees", a, b, draw), draws=BAG_DRAWS, seed=seed)
    if kind == "trees":
        booster = lgb.train(TREES | {"seed": TREE_SEED + seed}, lgb.Dataset(x, y.astype(float)), N_TREES)
        return lambda new: np.asarray(booster.predict(new, raw_score=True), float)
    usual = np.nan_to_num(np.nanmedian(x, axis=0))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    model.fit(np.where(np.isnan(x), usual, x), y)
    return lambda new: np.asarray(model.decision_function(np.where(np.isnan(new), usual, new)), float)


def best_single(columns: Columns, suspect: Flags, train: Rows, test: Rows) -> tuple[Floats, str]:
    """The column that ranks best in `train`, its direction taken there, on `test`; and its name. Scores are shares of
    `train` below, so that folds that choose different columns can be pooled."""
    best, name, sign, fill = -1.0, "", 1.0, 0.0
    for each, column in columns.items():
        if np.isnan(column[train]).all():
            continue
        usual = float(np.median(column[train][~np.isnan(column[train])]))
        area = roc_auc_score(suspect[train], np.nan_to_num(column[train], nan=usual)) - 0.5
        if abs(area) > best:
            best, name, sign, fill = abs(area), each, float(np.sign(area)), usual
    known, new = (sign * np.nan_to_num(columns[name][rows], nan=fill) for rows in (train, test))
    known.sort()
    return (np.searchsorted(known, new, "left") + np.searchsorted(known, new, "right")) / (2 * len(known)), name


def shallow(columns: Columns, suspect: Flags, train: Rows, test: Rows, depth: int = 3) -> Floats:
    """A decision tree of this depth on these columns, its probability on `test`."""
    x = matrix(columns)
    model = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=20, random_state=TREE_SEED)
    return np.asarray(model.fit(x[train], suspect[train]).predict_proba(x[test])[:, 1], float)


def choose(problem: Problem, train: Rows, candidates: Mapping[str, tuple[str, Floats]]) -> str:
    """The candidate (learner, matrix) that ranks best over the inner folds of `train`."""
    y = problem.suspect
    best = {}
    for name, (kind, x) in candidates.items():
        score = np.full(len(y), np.nan)
        for kept, measured in folds(problem, train, INNER_SEED):
            score[measured] = learn(kind, x[kept], y[kept])(x[measured])
        best[name] = roc_auc_score(y[train], score[train])
    return max(best, key=lambda name: (round(best[name], 9), name))


# --- chance

def areas(scores: Floats, suspect: Flags, weights: Floats) -> Floats:
    """Area under the ROC curve for each row of weights (draws, n): P(suspect above other) + half of ties."""
    level = np.unique(scores, return_inverse=True)[1]
    n = int(level.max()) + 1
    out = np.empty(len(weights))
    for draw, weight in enumerate(weights):
        up = np.bincount(level, weights=weight * suspect, minlength=n)
        down = np.bincount(level, weights=weight * ~suspect, minlength=n)
        below = np.cumsum(down) - down
        out[draw] = (up * (below + down / 2)).sum() / (up.sum() * down.sum())
    return out


def accuracies(scores: Floats, suspect: Flags, weights: Floats) -> Floats:
    """Share of rows that are on the right side of 0, for each row of weights (draws, n)."""
    return np.asarray(weights @ ((scores > 0) == suspect) / weights.sum(axis=1), float)


def resampled(groups: NDArray[np.int64], draws: int, seed: int) -> Floats:
    """(draws, n) weights of a bootstrap of whole groups: how often each row's group was drawn."""
    n = int(groups.max()) + 1
    rng = np.random.Generator(np.random.Philox(key=[seed, 23]))
    return np.stack([np.bincount(rng.integers(0, n, n), minlength=n)[groups] for _ in range(draws)]).astype(float)
