"""The classifier and its calibration."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_model import NAMES, SIGNS, SMALL, accounts, save
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import check_estimator

from fakedetect.model import calibration, store, trees
from fakedetect.model.classifier import AccountClassifier, reasons

# --- the estimator ---

LOW_RATE = (
    "at a base rate of 0.00065 no probability passes 1/2 on a balanced toy problem, and predict says so"
)
STEPS = "predict follows the calibrated probability, whose 1/2 need not stand at raw score 0"
FOLDS = "its data has one account of a class; calibration out of fold needs two, and says so"
EXPECTED = [
    ({}, {"check_classifiers_train": LOW_RATE, "check_sample_weight_equivalence_on_dense_data": FOLDS}),
    (
        {"base_rate": None},
        {"check_classifiers_train": STEPS, "check_sample_weight_equivalence_on_dense_data": FOLDS},
    ),
    ({"base_rate": None, "calibration": "none"}, {}),
]


@pytest.mark.parametrize(("params", "expected"), EXPECTED, ids=["default", "training_rate", "trees_alone"])
def test_check_estimator(params: dict[str, Any], expected: dict[str, str]) -> None:
    model = AccountClassifier(n_trees=20, n_threads=1, **params)
    with warnings.catch_warnings():
        # A check that this environment cannot run is reported as a warning.
        warnings.filterwarnings("ignore", message=".*SCIPY_ARRAY_API", category=Warning)
        results = check_estimator(model, expected_failed_checks=expected, on_fail="raise", on_skip=None)
    # An expected failure that passes is a line to delete above.
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(expected)


def test_same_data_same_bytes(tmp_path: Path) -> None:
    X, y, pages = accounts()
    for name in ("a", "b"):
        save(AccountClassifier(**SMALL).fit(X, y, groups=pages), tmp_path / name)
    for name in (*store.FILES, store.SUMS):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_threads_change_nothing() -> None:
    X, y, _ = accounts(4000)
    texts = {trees.to_text(AccountClassifier(n_trees=25, calibration="none", n_threads=n).fit(X, y).booster_)
             for n in (1, 2)}  # fmt: skip
    assert len(texts) == 1


def test_frames_and_arrays_agree(fitted: AccountClassifier) -> None:
    X, y, pages = accounts()
    frame = pd.DataFrame(X, columns=NAMES)
    model = AccountClassifier(**SMALL).fit(frame, pd.Series(y), groups=pd.Series(pages))
    assert model.feature_names_in_.tolist() == NAMES
    assert (model.predict_proba(frame) == fitted.predict_proba(X)).all()


@pytest.mark.parametrize("seed", range(3))
def test_known_directions_hold_with_missing_values(seed: int) -> None:
    X, y, _ = accounts(3000, seed)
    model = AccountClassifier(n_trees=120, min_child=5, monotone=SIGNS, n_threads=1, calibration="none").fit(
        X, y
    )
    grid = np.linspace(-5, 5, 41)
    for column, sign in enumerate(SIGNS):
        moved = np.repeat(X[:200], len(grid), axis=0)
        moved[:, column] = np.tile(grid, 200)
        steps = np.diff(model.decision_function(moved).reshape(200, -1), axis=1) * sign
        assert (steps >= -1e-12).all(), NAMES[column]


def test_contributions_add_up(fitted: AccountClassifier) -> None:
    X, _, _ = accounts(200, 5)
    parts = fitted.contributions(X)
    assert parts.shape == (200, len(NAMES) + 1)
    assert np.ptp(parts[:, -1]) == 0
    np.testing.assert_allclose(parts.sum(axis=1), fitted.decision_function(X), rtol=0, atol=1e-9)


def test_weight_zero_is_absence() -> None:
    X, y, pages = accounts()
    weight = np.random.default_rng(3).integers(0, 3, len(y)).astype(float)
    kept = weight > 0
    a = AccountClassifier(**SMALL).fit(X, y, groups=pages, sample_weight=weight)
    b = AccountClassifier(**SMALL).fit(X[kept], y[kept], groups=pages[kept], sample_weight=weight[kept])
    assert (a.predict_proba(X) == b.predict_proba(X)).all()


def test_pages_stay_on_one_side_of_a_fold() -> None:
    """A column that only names the page, and pages of one class each: nothing holds elsewhere."""
    rng = np.random.default_rng(0)
    pages = np.repeat(np.arange(60), 30)
    X = np.column_stack([rng.normal(size=60)[pages], rng.normal(size=len(pages))])
    y = rng.integers(0, 2, 60)[pages]
    model = AccountClassifier(n_trees=60, n_threads=1, base_rate=None)
    leaked = model.fit(X, y).predict_proba(X)[:, 1]
    honest = model.fit(X, y, groups=pages).predict_proba(X)[:, 1]
    assert np.ptp(leaked) > 0.9
    assert np.abs(honest - 0.5).mean() < 0.2


def test_a_calibrated_probability_is_a_frequency() -> None:
    bins = ((0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1))
    off = np.zeros((6, len(bins)))
    for seed in range(len(off)):
        X, y, pages = accounts(6000, seed)
        new_X, new_y, _ = accounts(10000, 100 + seed)
        model = AccountClassifier(n_trees=60, n_threads=1, base_rate=None).fit(X, y, groups=pages)
        p = model.predict_proba(new_X)[:, 1]
        for i, (low, high) in enumerate(bins):
            here = (p >= low) & (p < high)
            off[seed, i] = p[here].mean() - new_y[here].mean()
    # One fit is off by some .015 in a bin (6,000 accounts); on average it is not off.
    assert (np.abs(off.mean(axis=0)) < 0.02).all(), off


BAD_FITS = [
    ("trees", {"n_trees": 0}, {}, "n_trees must be an int in the range"),
    ("threads", {"n_threads": 1.5}, {}, "n_threads must be an int"),
    ("rate", {"base_rate": 1.0}, {}, "base_rate must be a float"),
    ("rate_nan", {"base_rate": float("nan")}, {}, "base_rate must be a float"),
    ("calibration", {"calibration": "magic"}, {}, "calibration must be one of isotonic, none"),
    ("sign", {"monotone": (2, 0)}, {}, "monotone must hold -1, 0 or 1"),
    ("signs", {"monotone": (1, 0, 0)}, {}, "monotone must have one entry per feature, 2. Got 3"),
    ("one_group", {}, {"groups": np.zeros(40)}, "at least two groups"),
    ("groups", {}, {"groups": np.zeros(39)}, "groups must have one entry per account, 40. Got 39"),
    ("split_groups", {}, {"groups": np.arange(40) % 2}, "one class to train on"),
    ("weights", {}, {"sample_weight": np.arange(40) % 2}, "y must hold two classes"),
    ("negative", {}, {"sample_weight": -np.ones(40)}, "[Nn]egative"),
]


@pytest.mark.parametrize(
    ("params", "given_", "says"), [c[1:] for c in BAD_FITS], ids=[c[0] for c in BAD_FITS]
)
def test_fit_refuses(params: dict[str, Any], given_: dict[str, Any], says: str) -> None:
    X, y = np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 2
    with pytest.raises(ValueError, match=says):
        AccountClassifier(**{"n_trees": 2, **params}).fit(X, y, **given_)


REASONS = [
    ("both", [0.5, -0.2, 0.0, 1.5, -3.0], "abcd", 2, [("d", 1.5), ("a", 0.5)], [("b", -0.2)]),
    ("k", [3.0, 2.0, 1.0, 9.0], "abc", 2, [("a", 3.0), ("b", 2.0)], []),
    ("ties", [-1.0, -1.0 - 1e-13, -2.0, 0.0], "bac", 3, [], [("c", -2.0), ("a", -1.0), ("b", -1.0)]),
    ("none", [0.0, 0.0, 4.0], "ab", 3, [], []),
]


@pytest.mark.parametrize(
    ("row", "names", "k", "for_", "against"), [c[1:] for c in REASONS], ids=[c[0] for c in REASONS]
)
def test_reasons(row: list[float], names: str, k: int, for_: list[Any], against: list[Any]) -> None:
    assert reasons(row, list(names), k) == (for_, against)


def test_reasons_need_a_row_with_its_bias() -> None:
    with pytest.raises(ValueError, match=r"one entry per name, 2\. Got 1"):
        reasons([0.1, 0.2], ["a", "b"])


def test_copies_share_nothing_that_moves(fitted: AccountClassifier) -> None:
    X, _, _ = accounts(50)
    assert (copy.deepcopy(fitted).predict_proba(X) == fitted.predict_proba(X)).all()


# --- calibration ---

rates = st.floats(1e-6, 1 - 1e-6)


@given(p=rates, old=rates, new=rates)
def test_shift_prior_is_bayes(p: float, old: float, new: float) -> None:
    """Likelihood ratio kept, prior replaced."""
    ratio = p / (1 - p) / (old / (1 - old))
    odds = ratio * new / (1 - new)
    shifted = calibration.shift_prior(np.array([np.log(p / (1 - p))]), old, new)[0]
    assert np.isclose(np.exp(shifted), odds, rtol=1e-8)


scored = st.lists(
    st.tuples(st.floats(-9, 9), st.booleans(), st.floats(0.01, 100)), min_size=1, max_size=80
)  # fmt: skip


@given(scored=scored, rate=rates, scale=st.sampled_from([1.0, 7.0, 1e-4]))
def test_isotonic_rises_and_never_says_never(
    scored: list[tuple[float, bool, float]], rate: float, scale: float
) -> None:
    raw, suspect, weight = (np.array(column) for column in zip(*scored, strict=True))
    fit = calibration.fit_isotonic(raw, suspect, weight)
    assert (np.diff(fit.scores) > 0).all() and (np.diff(fit.log_odds) >= 0).all()
    assert np.isfinite(fit.log_odds).all()
    p = fit.probability(np.linspace(-20, 20, 50), min(max(rate, 1e-5), 1 - 1e-5))
    assert (np.diff(p) >= 0).all() and p.min() > 0 and p.max() < 1
    again = calibration.fit_isotonic(raw, suspect, weight * scale)
    at = np.linspace(-9, 9, 7)
    np.testing.assert_allclose(again.at_training(at), fit.at_training(at), atol=1e-6)


def test_ends_say_how_many_stand_there() -> None:
    raw = np.arange(13.0)
    suspect = np.array([0] * 8 + [1] * 5, dtype=bool)
    fit = calibration.fit_isotonic(raw, suspect, np.ones(13))
    p = 1 / (1 + np.exp(-fit.at_training(np.array([-99, 0.0, 7.0, 8.0, 12.0, 99]))))
    np.testing.assert_allclose(p, [0.5 / 9] * 3 + [5.5 / 6] * 3)


def test_recalibrate_moves_the_odds_and_nothing_else(fitted: AccountClassifier) -> None:
    X, _, _ = accounts(300, 9)
    other = fitted.recalibrate(0.05)
    p, q = fitted.predict_proba(X)[:, 1], other.predict_proba(X)[:, 1]
    moved = (0.05 / 0.95) / (0.00065 / 0.99935)
    np.testing.assert_allclose(q / (1 - q), moved * p / (1 - p), rtol=1e-9)
    assert (fitted.base_rate, fitted.base_rate_, other.base_rate, other.base_rate_) == (
        0.00065,
        0.00065,
        0.05,
        0.05,
    )
    assert (other.decision_function(X) == fitted.decision_function(X)).all()
    with pytest.raises(ValueError, match="base_rate must be a float"):
        fitted.recalibrate(0)
    with pytest.raises(NotFittedError):
        AccountClassifier().recalibrate(0.1)
