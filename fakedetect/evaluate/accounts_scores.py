"""Learners and cuts for labelled accounts. What a cut is chosen by, lies inside the training part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import lightgbm as lgb
import numpy as np
from scipy.special import logit
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold

from fakedetect.evaluate.corpora_features import Columns, Ints
from fakedetect.evaluate.corpora_scores import (
    FOLDS,
    INNER_SEED,
    TREE_SEED,
    TREES,
    Flags,
    Floats,
    Found,
    Rows,
    best_single,
    matrix,
    shallow,
)

Model = Callable[[Rows, Rows], Floats]
"""(rows of training, rows to score) -> scores of the latter, higher is more suspect."""
N_TREES = 500
SMALL = {**TREES, "num_leaves": 7, "min_data_in_leaf": 5, "lambda_l2": 1.0}
"""Trees for a few dozen suspects: with larger leaves no leaf could hold only suspects."""
N_BOOSTED = 200


def filled(columns: Columns, empty: float) -> Floats:
    """(n, p), nan written as `empty`."""
    return np.nan_to_num(matrix(columns), nan=empty)


def forest(x: Floats, y: Flags, person: Ints, *, extra: bool = False, least: int = 1, features: float | str = "sqrt",
           balanced: bool = False) -> Model:
    """A model of a random forest (extra: with random cuts, too) on x (n, p); its log-odds, within (.002, .998).

    Every person counts once. least: rows per leaf; features: tried per cut; balanced: both classes weigh the same.
    """
    kind = ExtraTreesClassifier if extra else RandomForestClassifier

    def model(train: Rows, test: Rows) -> Floats:
        trees = kind(N_TREES, min_samples_leaf=least, max_features=features, random_state=TREE_SEED, n_jobs=1,
                     class_weight="balanced" if balanced else None)
        trees.fit(x[train], y[train], sample_weight=once(person, train)[train])
        return np.asarray(logit(np.clip(trees.predict_proba(x[test])[:, 1], 0.002, 0.998)), float)

    return model


def linear(x: Floats, y: Flags, person: Ints, c: float) -> Model:
    """Logistic regression on x (n, p) of like scales; every person counts once."""
    def model(train: Rows, test: Rows) -> Floats:
        fitted = LogisticRegression(C=c, max_iter=5000)
        fitted.fit(x[train], y[train], sample_weight=once(person, train)[train])
        return np.asarray(fitted.decision_function(x[test]), float)

    return model


def boosted(x: Floats, y: Flags) -> Model:
    """LightGBM on x (n, p), nan left as it is; its log-odds."""
    def model(train: Rows, test: Rows) -> Floats:
        trees = lgb.train(SMALL, lgb.Dataset(x[train], y[train].astype(float)), N_BOOSTED)
        return np.asarray(trees.predict(x[test], raw_score=True), float)

    return model


def blend(models: Sequence[Model]) -> Model:
    """The mean of their scores."""
    return lambda train, test: np.mean([each(train, test) for each in models], axis=0)


def single(columns: Columns, y: Flags) -> Model:
    """The best single column of training and its direction, less the cut that is right most often there."""
    def model(train: Rows, test: Rows) -> Floats:
        score = best_single(columns, y, train, np.concatenate([train, test]))[0]
        known = score[:len(train)]
        order = np.sort(np.unique(known))
        cuts = np.concatenate([[order[0] - 1], (order[1:] + order[:-1]) / 2, order[-1:]])
        right = [int(((known > cut) == y[train]).sum()) for cut in cuts]
        return score[len(train):] - cuts[int(np.argmax(right))]

    return model


def tree(columns: Columns, y: Flags, depth: int) -> Model:
    """A decision tree of this depth; its probability less one half."""
    return lambda train, test: shallow(columns, y, train, test, depth) - 0.5


def nobody(train: Rows, test: Rows) -> Floats:
    """The majority: nobody is named, all rank the same."""
    return np.zeros(len(test))


def simple(columns: Columns, y: Flags) -> dict[str, Model]:
    """The models that anybody can read, for every corpus."""
    return {"majority": nobody, "best single feature": single(columns, y), "tree of depth 2": tree(columns, y, 2),
            "tree of depth 3": tree(columns, y, 3)}


def repeated(models: dict[str, Model], y: Flags, n_folds: int, repeats: int) -> dict[str, Floats]:
    """Scores (repeats, n) by model, out of stratified folds drawn anew in each repeat."""
    out = {name: np.full((repeats, len(y)), np.nan) for name in models}
    for repeat in range(repeats):
        cuts = StratifiedKFold(n_folds, shuffle=True, random_state=repeat)
        for train, test in cuts.split(y, y):
            for name, model in models.items():
                out[name][repeat, test] = model(train, test)
    return out


def across(models: dict[str, Model], y: Flags, person: Ints, lang: Ints, odds: float) -> Found:
    """Scores of all accounts, trained on the other language, less the cut; people of the test part train nothing.

    odds: a cut where a suspect at these odds is worth naming. It is learned from scores of the training part out of
    its own folds, in which no person stands on two sides.
    """
    found = Found()
    for train, test in languages(person, lang):
        for name, model in models.items():
            inside = np.full(len(y), np.nan)
            for a, b in GroupKFold(FOLDS, shuffle=True, random_state=INNER_SEED).split(train, groups=person[train]):
                inside[train[b]] = model(train[a], train[b])
            cut = break_even(inside[train], y[train], once(person, train)[train], odds)
            found.put(name, test, model(train, test) - cut, len(y))
    return found


def languages(person: Ints, lang: Ints) -> list[tuple[Rows, Rows]]:
    """(train, test) per language: test on it, train on the others without its people."""
    out = []
    for each in np.unique(lang):
        test = np.flatnonzero(lang == each)
        out.append((np.flatnonzero((lang != each) & ~np.isin(person, person[test])), test))
    return out


def once(person: Ints, rows: Rows) -> Floats:
    """(n,): weights by which every person among `rows` counts once, however often they stand there; 0 elsewhere."""
    times = np.bincount(person[rows], minlength=int(person.max()) + 1)
    out = np.zeros(len(person))
    out[rows] = 1 / times[person[rows]]
    return out


def break_even(score: Floats, y: Flags, weight: Floats, odds: float) -> float:
    """The score at which a logistic curve through scores and labels gives these odds (Platt 1999).

    One that gains nothing from the score has no such point: then nobody is named.
    """
    curve = LogisticRegression(C=1e3, max_iter=1000).fit(score[:, None], y, sample_weight=weight)
    slope = float(curve.coef_[0, 0])
    return (float(np.log(odds)) - float(curve.intercept_[0])) / slope if slope > 1e-9 else float(score.max()) + 1
