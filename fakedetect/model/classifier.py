"""The classifier: gradient-boosted trees with known directions, calibrated at a stated base rate."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence, Sized
from typing import Any, Self

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d, validate_data

from fakedetect.model import calibration, start, trees

Floats = NDArray[np.float64]

CALIBRATIONS = ("isotonic", "none")
N_FOLDS = 5

BOUNDS: dict[str, tuple[type, float, float]] = {
    # name: (type, lowest, highest), both allowed
    "n_trees": (int, 1, trees.MAX_TREES),
    "num_leaves": (int, 2, trees.MAX_LEAVES),
    "learning_rate": (float, 1e-6, 1.0),
    "min_child": (int, 1, 10**9),
    "l2": (float, 0.0, 1e9),
    "base_rate": (float, 1e-9, 1 - 1e-9),
    "seed": (int, 0, 2**31 - 1),
    "n_threads": (int, 1, 1024),
}


class AccountClassifier(ClassifierMixin, BaseEstimator):
    """Trees that weigh an account's features, and a calibrator that says what their score is worth.

    X: array or DataFrame of shape (accounts, features), NaN where a feature is unknown; y: two classes, the
    second in sorted order (1, True) being the suspect one. The same data, parameters and seed give the same
    trees.

    n_trees, num_leaves, learning_rate, min_child, l2: size of the ensemble, leaves of a tree, step, least
    accounts in a leaf, penalty on a leaf's value (one of nothing but suspects else grows with every tree).
    monotone: one of -1, 0, +1 per feature: with +1 a higher known value never lowers the
    score (an unknown value is free to do either). least: per feature None, or the least log-odds that a unit of it
    adds before any tree grows (`start`; only where monotone is +1). base_rate: share of suspects that
    probabilities assume; None: as in training. calibration: "isotonic" (five more fits, out of fold) or "none"
    (the trees are believed).

    Learned: classes_, n_features_in_, start_, booster_ (LightGBM), calibrator_, base_rate_, monotone_.
    """

    def __init__(
        self,
        n_trees: int = 300,
        num_leaves: int = 31,
        learning_rate: float = 0.05,
        min_child: int = 20,
        l2: float = 0.0,
        monotone: Sequence[int] | None = None,
        least: Sequence[float | None] | None = None,
        base_rate: float | None = 0.00065,
        seed: int = 0,
        n_threads: int = 2,
        calibration: str = "isotonic",
    ) -> None:
        self.n_trees = n_trees
        self.num_leaves = num_leaves
        self.learning_rate = learning_rate
        self.min_child = min_child
        self.l2 = l2
        self.monotone = monotone
        self.least = least
        self.base_rate = base_rate
        self.seed = seed
        self.n_threads = n_threads
        self.calibration = calibration

    def fit(self, X: Any, y: Any, groups: Any = None, sample_weight: Any = None) -> Self:
        """Grow the trees on all accounts, and calibrate them on scores of accounts that they did not see.

        groups: what must not stand on both sides of a fold (the page, or the simulated world) of shape
        (accounts,); without it the folds are stratified and random. sample_weight: non-negative, of shape
        (accounts,). Raises ValueError for parameters out of bounds, another number of classes than two, fewer
        than two groups, and folds that leave only one class to train on.
        """
        check_params(self.get_params(deep=False))
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", order="C")
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y", raise_unknown=True)
        if kind != "binary":
            raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        if groups is not None:
            groups = column_or_1d(groups)
            _check_length("groups", groups, "account", len(y))
        if self.monotone is not None:
            _check_length("monotone", self.monotone, "feature", X.shape[1])
        if self.least is not None:
            _check_length("least", self.least, "feature", X.shape[1])
        # An account of weight zero must not count towards min_child either.
        seen = weight > 0
        if not seen.all():
            X, y, weight = X[seen], y[seen], weight[seen]
            groups = None if groups is None else groups[seen]
        self.classes_ = np.unique(y)
        if len(self.classes_) != 2:
            raise ValueError(f"y must hold two classes. Got {len(self.classes_)} class instead.")
        suspect = y == self.classes_[1]
        if self.calibration == "isotonic":
            raw = self._out_of_fold(X, suspect, weight, groups)
            self.calibrator_ = calibration.fit_isotonic(raw, suspect, weight)
        else:
            self.calibrator_ = calibration.identity(suspect, weight)
        self.monotone_ = (0,) * X.shape[1] if self.monotone is None else tuple(int(s) for s in self.monotone)
        # As if loaded from disk: what is scored today is what the saved model will score.
        self.start_, booster = self._grow(X, suspect, weight)
        self.booster_ = trees.from_text(trees.to_text(booster), X.shape[1])
        rate = self.calibrator_.train_rate if self.base_rate is None else self.base_rate
        self.base_rate_ = float(rate)
        return self

    def _grow(self, X: Floats, suspect: NDArray[np.bool_],
              weight: Floats) -> tuple[start.Start | None, lgb.Booster]:
        params = {
            "objective": "binary", "learning_rate": self.learning_rate, "num_leaves": self.num_leaves,
            "min_data_in_leaf": self.min_child, "lambda_l2": self.l2, "seed": self.seed, "num_threads": self.n_threads,
            "deterministic": True, "force_row_wise": True, "feature_pre_filter": False, "verbosity": -1,
        }  # fmt: skip
        if self.monotone is not None and any(self.monotone):
            params["monotone_constraints"] = [int(sign) for sign in self.monotone]
            # "intermediate" and "advanced" break the promise where values are missing (seen: a score that
            # falls by .25 where it may only rise); "basic" keeps it and predicts no worse.
            params["monotone_constraints_method"] = "basic"
        first = None if self.least is None else start.fit(X, suspect, weight, self.least)
        data = lgb.Dataset(X, suspect.astype(np.float64), weight=weight, params=params,
                           init_score=None if first is None else first.score(X))
        return first, lgb.train(params, data, num_boost_round=self.n_trees)

    def _out_of_fold(
        self, X: Floats, suspect: NDArray[np.bool_], weight: Floats, groups: NDArray[Any] | None
    ) -> Floats:
        """Raw score of each account by trees grown without its fold."""
        if groups is None:
            n_folds = min(N_FOLDS, int(suspect.sum()), int((~suspect).sum()))
            if n_folds < 2:
                raise ValueError("calibration needs at least 2 accounts of each class. Got 1 instead.")
            folds = StratifiedKFold(n_folds, shuffle=True, random_state=self.seed).split(X, suspect)
        else:
            n_folds = min(N_FOLDS, len(np.unique(groups)))
            if n_folds < 2:
                raise ValueError("groups must name at least two groups. Got 1 instead.")
            folds = GroupKFold(n_folds).split(X, suspect, groups)
        raw = np.empty(len(X))
        for train, test in folds:
            if suspect[train].all() or not suspect[train].any():
                raise ValueError("a fold leaves one class to train on: spread both classes over more groups.")
            raw[test] = self._raw(*self._grow(X[train], suspect[train], weight[train]), X[test])
        return raw

    def _raw(self, first: start.Start | None, booster: lgb.Booster, X: Floats) -> Floats:
        grown = booster.predict(X, raw_score=True, num_threads=self.n_threads)
        return grown if first is None else grown + first.score(X)

    def _checked(self, X: Any) -> Floats:
        check_is_fitted(self)
        return validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", order="C", reset=False)

    def decision_function(self, X: Any) -> Floats:
        """Raw log-odds of start and trees, of shape (accounts,): higher is more suspect. Not calibrated."""
        X = self._checked(X)
        return self._raw(self.start_, self.booster_, X)

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities at `base_rate_`, of shape (accounts, 2): organic, suspect. Never 0 or 1."""
        p = self.probability(self.decision_function(X))
        return np.column_stack([1 - p, p])

    def probability(self, raw: Floats) -> Floats:
        """Calibrated probability at `base_rate_` of raw log-odds (`decision_function`), both of shape (accounts,)."""
        check_is_fitted(self)
        return np.asarray(self.calibrator_.probability(raw, self.base_rate_))

    def predict(self, X: Any) -> NDArray[Any]:
        """The class whose calibrated probability exceeds 1/2: rarely the suspect one at a low base rate."""
        p = self.predict_proba(X)[:, 1]
        return self.classes_[(p > 0.5).astype(int)]

    def contributions(self, X: Any) -> Floats:
        """Exact contributions of each feature to the raw score: its term of the start, and TreeSHAP (Lundberg et al.
        2020).

        Of shape (accounts, features + 1); the last column is the same for all, and a row adds up to
        `decision_function`. Some 3 ms an account: for those to be explained, not for everybody.
        """
        X = self._checked(X)
        grown = self.booster_.predict(X, pred_contrib=True, num_threads=self.n_threads)
        if self.start_ is not None:
            grown[:, :-1] += self.start_.parts(X)
            grown[:, -1] += self.start_.intercept
        return grown

    def recalibrate(self, base_rate: float) -> Self:
        """A copy whose probabilities assume another base rate; trees, scores and ranks stay the same."""
        check_is_fitted(self)
        check_params({"base_rate": base_rate})
        other = copy.copy(self)
        other.base_rate = base_rate
        other.base_rate_ = float(base_rate)
        return other

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags


def check_params(params: Mapping[str, Any]) -> None:
    """Raise ValueError for the first parameter that is not what `AccountClassifier` documents."""
    for name, value in params.items():
        if name in BOUNDS and not (name == "base_rate" and value is None):
            kind, low, high = BOUNDS[name]
            allowed = (int, np.integer) if kind is int else (int, float, np.integer, np.floating)
            if not isinstance(value, allowed) or isinstance(value, bool) or not low <= value <= high:
                article = "an int" if kind is int else "a float"
                raise ValueError(
                    f"{name} must be {article} in the range [{low}, {high}]. Got {value!r} instead."
                )
        elif name == "calibration" and value not in CALIBRATIONS:
            raise ValueError(f"calibration must be one of {', '.join(CALIBRATIONS)}. Got {value!r} instead.")
        elif name == "monotone" and value is not None and not all(sign in (-1, 0, 1) for sign in value):
            raise ValueError(f"monotone must hold -1, 0 or 1 for each feature. Got {list(value)!r} instead.")
    least = params.get("least")
    if least is not None:
        signs = params.get("monotone") or [0] * len(least)
        right = len(signs) == len(least) and all(
            low is None or (_is_number(low) and 0 <= low <= start.MAX_WEIGHT and sign == 1)
            for low, sign in zip(least, signs, strict=True))
        if not right or not any(low is not None for low in least):
            raise ValueError("least must hold None or, where monotone is 1, a number in the range "
                             f"[0, {start.MAX_WEIGHT:g}] for each feature. Got {list(least)!r} instead.")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _check_length(name: str, value: Sized, per: str, n: int) -> None:
    if len(value) != n:
        raise ValueError(f"{name} must have one entry per {per}, {n}. Got {len(value)} instead.")


def reasons(
    contributions_row: Sequence[float] | Floats, names: Sequence[str], k: int = 4
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """What moved one account's score most: (name, log-odds) for suspicion and against it, at most `k` each.

    contributions_row: one row of `contributions`, of length len(names) + 1, whose last entry (the same for
    all accounts) is left out, as are zeros. Strongest first; what agrees to 9 significant digits is ordered
    by name. Raises ValueError where the lengths do not fit.
    """
    _check_length("contributions_row", contributions_row[:-1], "name", len(names))
    moved = [(name, float(f"{value:.9g}")) for name, value in zip(names, contributions_row, strict=False)]
    ranked = sorted(moved, key=lambda pair: (-math.fabs(pair[1]), pair[0]))
    return [m for m in ranked if m[1] > 0][:k], [m for m in ranked if m[1] < 0][:k]
