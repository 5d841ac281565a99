"""The classifier, its calibration, its directory on disk, and conformal p-values."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import random
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import check_estimator

from fakedetect.errors import ModelError
from fakedetect.model import calibration, store, trees
from fakedetect.model.classifier import AccountClassifier, reasons
from fakedetect.model.conformal import activity_strata, conformal_p

SIGNS = (1, -1, 0, 0, 1, 0)
NAMES = ["gap_median_s", "copied_share", "n_posts", "bio_length", "close_share", "upper_share"]
PRINT = "0123abcd" * 8
SMALL: dict[str, Any] = {"n_trees": 25, "num_leaves": 8, "min_child": 10, "monotone": SIGNS, "n_threads": 1}


def accounts(n: int = 1500, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X with holes, y, page of each account."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, len(SIGNS)))
    X[:, 4] = np.round(X[:, 4] * 2)
    X[rng.random(X.shape) < 0.2] = np.nan
    known = np.nan_to_num(X)
    z = 1.5 * known[:, 0] - known[:, 1] + known[:, 2] * known[:, 3] + 0.4 * known[:, 4] - 1.5
    return X, (rng.random(n) < 1 / (1 + np.exp(-z))).astype(int), rng.integers(0, 12, n)


@pytest.fixture(scope="module")
def fitted() -> AccountClassifier:
    X, y, pages = accounts()
    return AccountClassifier(**SMALL).fit(X, y, groups=pages)


def save(model: AccountClassifier, folder: Path, **changed: Any) -> str:
    described = {
        "features": [{"name": name, "unit": "share"} for name in NAMES],
        "feature_fingerprint": PRINT,
        "training": {"worlds": 3, "share": 0.5},
        "card": "# Card\nÉcrite pour des gens.\n",
    }
    return store.save(model, folder, **{**described, **changed})


def load(folder: Path, **changed: Any) -> store.LoadedModel:
    return store.load(folder, **{"feature_fingerprint": PRINT, "feature_names": NAMES, **changed})


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


# --- the directory ---


@pytest.mark.parametrize("kind", ["isotonic", "none"])
def test_saved_and_loaded_is_the_same_model(tmp_path: Path, kind: str) -> None:
    X, y, pages = accounts()
    model = AccountClassifier(**{**SMALL, "calibration": kind}).fit(X, y, groups=pages)
    told = save(model, tmp_path / "deep" / "model")
    loaded = load(tmp_path / "deep" / "model")
    assert told == loaded.fingerprint == store.fingerprint(tmp_path / "deep" / "model")
    assert told == hashlib.sha256((tmp_path / "deep" / "model" / store.SUMS).read_bytes()).hexdigest()
    assert (loaded.classifier.predict_proba(X) == model.predict_proba(X)).all()
    assert (loaded.classifier.contributions(X[:20]) == model.contributions(X[:20])).all()
    assert (loaded.classifier.predict(X) == model.predict(X)).all()
    assert [f["name"] for f in loaded.features] == NAMES
    assert [f["monotone"] for f in loaded.features] == list(SIGNS)
    assert loaded.training == {"worlds": 3, "share": 0.5}
    assert loaded.card.endswith("Écrite pour des gens.\n")
    # Saved again, a loaded model is the same model.
    assert save(loaded.classifier, tmp_path / "again") == told


def test_saving_replaces_a_model_and_nothing_else(fitted: AccountClassifier, tmp_path: Path) -> None:
    save(fitted, tmp_path / "m")
    first = store.fingerprint(tmp_path / "m")
    save(fitted, tmp_path / "m", card="another")
    assert store.fingerprint(tmp_path / "m") != first
    assert [p.name for p in tmp_path.iterdir()] == ["m"]
    (tmp_path / "m" / "thesis.doc").write_text("years of work")
    with pytest.raises(ModelError, match=r"something else than a model: thesis\.doc"):
        save(fitted, tmp_path / "m")
    assert (tmp_path / "m" / "thesis.doc").exists()


BAD_SAVES = [
    ("too_few", {"features": [{"name": "a"}]}, ValueError, "features must have one entry per column"),
    ("sign", {"features": [{"name": n, "monotone": 0} for n in NAMES]}, ValueError, "was trained as 1"),
    ("nan", {"training": {"auc": float("nan")}}, ValueError, "not JSON compliant"),
    ("twice", {"features": [{"name": "a"}] * 6}, ModelError, "lists a feature twice"),
]


@pytest.mark.parametrize(
    ("changed", "kind", "says"), [c[1:] for c in BAD_SAVES], ids=[c[0] for c in BAD_SAVES]
)
def test_save_refuses(
    fitted: AccountClassifier, tmp_path: Path, changed: dict[str, Any], kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says):
        save(fitted, tmp_path / "m", **changed)
    assert list(tmp_path.iterdir()) == []


def test_save_refuses_other_classes(tmp_path: Path) -> None:
    X, y, _ = accounts(200)
    model = AccountClassifier(n_trees=2).fit(X, np.where(y == 1, "suspect", "organic"))
    assert model.classes_.tolist() == ["organic", "suspect"]
    with pytest.raises(ValueError, match="classes 0"):
        save(model, tmp_path / "m")


OTHER_FEATURES = [
    ("lacks", {"feature_names": [*NAMES, "n_emoji"]}, "it lacks n_emoji\n"),
    ("expects", {"feature_names": NAMES[:-1]}, "features: it expects upper_share\n"),
    (
        "renamed",
        {"feature_names": [*NAMES[:-1], "caps_share"]},
        "it lacks caps_share; it expects upper_share",
    ),
    ("many", {"feature_names": list("abcdefgh")}, "it lacks a, b, c, d, e and 3 more"),
    ("order", {"feature_names": NAMES[::-1]}, "column 1 is gap_median_s, not upper_share"),
    (
        "definition",
        {"feature_fingerprint": "ffff" * 16},
        "fingerprint 0123abcd0123 in the model, ffffffffffff now",
    ),
]


@pytest.mark.parametrize(
    ("changed", "says"), [c[1:] for c in OTHER_FEATURES], ids=[c[0] for c in OTHER_FEATURES]
)
def test_load_refuses_other_features(
    fitted: AccountClassifier, tmp_path: Path, changed: dict[str, Any], says: str
) -> None:
    save(fitted, tmp_path)
    with pytest.raises(ModelError, match=says) as caught:
        load(tmp_path, **changed)
    assert caught.value.exit_code == 4
    assert caught.value.where == str(tmp_path)
    assert "train one again" in str(caught.value)


@pytest.mark.parametrize("name", [*store.FILES, store.SUMS])
@pytest.mark.parametrize("damage", ["missing", "changed", "longer", "empty", "folder", "pipe", "huge"])
def test_load_refuses_damage(fitted: AccountClassifier, tmp_path: Path, name: str, damage: str) -> None:
    save(fitted, tmp_path)
    path = tmp_path / name
    whole = path.read_bytes()
    path.unlink()
    match damage:
        case "changed":
            path.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        case "longer":
            path.write_bytes(whole + b"\n \n")
        case "empty":
            path.write_bytes(b"")
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "huge":
            with path.open("wb") as file:
                file.truncate(60_000_000)
    with pytest.raises(ModelError, match=re.escape(name)):
        load(tmp_path)


def test_no_model_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model here"):
        load(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="SHA256SUMS is missing"):
        store.fingerprint(tmp_path)


def reseal(folder: Path) -> None:
    """What somebody who changes a model on purpose does next: hashes that agree with it."""
    sums = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in store.FILES]
    (folder / store.SUMS).write_text("".join(sums))


FORGED = [
    ("not_json", "features.json", b"{", "features.json is malformed"),
    ("array", "features.json", b"[]", "features.json does not hold exactly"),
    ("deep", "training.json", b"[" * 200_000, "training.json is malformed"),
    ("binary", "training.json", b"\x80\x04\x95\x00", "training.json is not UTF-8"),
    ("card", "MODEL_CARD.md", b"\xff\xfe\x00", "MODEL_CARD.md is not UTF-8"),
    ("trees", "trees.txt", b"\x00" * 5000, "trees are malformed"),
    ("no_trees", "trees.txt", b"tree\nversion=v4\n", "trees are malformed"),
]


@pytest.mark.parametrize(("name", "data", "says"), [c[1:] for c in FORGED], ids=[c[0] for c in FORGED])
def test_load_refuses_forgery(
    fitted: AccountClassifier, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    save(fitted, tmp_path)
    (tmp_path / name).write_bytes(data)
    reseal(tmp_path)
    with pytest.raises(ModelError, match=says):
        load(tmp_path)


EDITS: list[tuple[str, str, list[Any], Any, str]] = [
    ("nan", "calibrator.json", ["log_odds", 0], float("nan"), "calibrator.json is malformed"),
    ("inf", "calibrator.json", ["scores", -1], float("inf"), "calibrator.json is malformed"),
    ("text", "calibrator.json", ["scores", 0], "1", "does not hold knots"),
    ("true", "calibrator.json", ["scores", 0], True, "does not hold knots"),
    ("huge", "calibrator.json", ["scores", -1], 10**400, "does not hold knots"),
    ("falls", "calibrator.json", ["log_odds", 0], 99.0, "do not rise"),
    ("same_score", "calibrator.json", ["scores", 0], 99.0, "do not rise"),
    ("lengths", "calibrator.json", ["scores"], [1.0], "does not hold knots"),
    ("no_knots", "calibrator.json", ["kind"], "none", "do not fit kind none"),
    ("kind", "calibrator.json", ["kind"], "python", "does not hold knots"),
    ("kind_list", "calibrator.json", ["kind"], [], "does not hold knots"),
    ("rate", "calibrator.json", ["train_rate"], 0, "train_rate is not a number between 0 and 1"),
    ("base", "calibrator.json", ["base_rate"], None, "base_rate is not a number"),
    ("format", "calibrator.json", ["format"], 2, "of format 2; this program reads 1"),
    ("extra", "features.json", ["code"], "import os", "does not hold exactly"),
    ("nameless", "features.json", ["features", 0, "name"], 3, "a name and a monotone sign"),
    ("odd_sign", "features.json", ["features", 0, "monotone"], 5, "a name and a monotone sign"),
    (
        "other_sign",
        "features.json",
        ["features", 0, "monotone"],
        0,
        "other monotone signs than features.json",
    ),
    ("no_list", "features.json", ["features"], {"name": "x"}, "a name and a monotone sign"),
    ("threads", "training.json", ["classifier", "n_threads"], 10**9, "n_threads must be an int"),
    ("unknown", "training.json", ["classifier", "hook"], "os.system", "not those of this version"),
    ("params", "training.json", ["classifier"], [], "not those of this version"),
    ("training", "training.json", ["training"], [], "training is not an object"),
]


@pytest.mark.parametrize(("name", "path", "value", "says"), [c[1:] for c in EDITS], ids=[c[0] for c in EDITS])
def test_load_refuses_edits(
    fitted: AccountClassifier, tmp_path: Path, name: str, path: list[Any], value: Any, says: str
) -> None:
    save(fitted, tmp_path)
    whole = json.loads((tmp_path / name).read_text())
    part = whole
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    (tmp_path / name).write_text(json.dumps(whole))
    reseal(tmp_path)
    with pytest.raises(ModelError, match=says):
        load(tmp_path)


def test_a_key_that_stands_twice(fitted: AccountClassifier, tmp_path: Path) -> None:
    save(fitted, tmp_path)
    path = tmp_path / "features.json"
    path.write_text(path.read_text().replace("{", '{"format": 1,', 1))
    reseal(tmp_path)
    with pytest.raises(ModelError, match="a key stands twice"):
        load(tmp_path)


def tree_lines(text: str, i: int, key: str, value: str) -> str:
    """The text with one line of tree `i` replaced and `tree_sizes` kept true."""
    head, body = text.split("\n\n", 1)
    *chunks, end = re.split(r"(?=Tree=\d+\n|end of trees)", body)[1:]
    chunks[i], n = re.subn(rf"(?m)^{key}=.*$", f"{key}={value}", chunks[i])
    assert n == 1
    sizes = " ".join(str(len(c)) for c in chunks)
    return re.sub(r"tree_sizes=.*", f"tree_sizes={sizes}", head) + "\n\n" + "".join(chunks) + end


TREE_EDITS = [
    ("outside", "left_child", "9999 -1 -2 -3 -4 -5 -6", "a child is missing, shared or outside"),
    ("negative", "left_child", "-9999 -1 -2 -3 -4 -5 -6", "a child is missing, shared or outside"),
    ("short", "right_child", "1", "right_child holds 1 entries, not 7"),
    ("feature", "split_feature", "0 1 2 3 4 5 6", "beyond the 6"),
    ("negative_feature", "split_feature", "0 1 2 3 4 5 -1", "beyond the 6"),
    ("categorical", "decision_type", "1 2 2 2 2 2 2", "not a numeric split"),
    ("n_cat", "num_cat", "1", "categorical splits"),
    ("linear", "is_linear", "1", "linear leaves"),
    ("leaves", "num_leaves", "2000000000", "num_leaves is not"),
    ("no_leaves", "num_leaves", "0", "num_leaves is not"),
    ("two_leaves", "num_leaves", "8 8", "num_leaves is not"),
    ("many_digits", "num_leaves", "9" * 5000, "not a list of whole numbers"),
    ("word", "threshold", "a b c d e f g", "not a list of numbers"),
    ("nan", "leaf_value", "nan 1 1 1 1 1 1 1", "not a list of numbers"),
    ("infinite", "leaf_value", "1e999 1 1 1 1 1 1 1", "not finite"),
    ("underscore", "leaf_value", "1_0 1 1 1 1 1 1 1", "not a list of numbers"),
]


@pytest.mark.parametrize(
    ("key", "value", "says"), [c[1:] for c in TREE_EDITS], ids=[c[0] for c in TREE_EDITS]
)
def test_trees_are_checked_before_they_are_parsed(
    fitted: AccountClassifier, tmp_path: Path, key: str, value: str, says: str
) -> None:
    save(fitted, tmp_path)
    path = tmp_path / "trees.txt"
    path.write_text(tree_lines(path.read_text(), 3, key, value))
    reseal(tmp_path)
    with pytest.raises(ModelError, match=says) as caught:
        load(tmp_path)
    assert "(tree 3)" in caught.value.what


def test_splits_in_a_circle() -> None:
    """Each child is named once, and yet split 1 hangs below split 2 and split 2 below split 1."""
    X, y, _ = accounts()
    model = AccountClassifier(n_trees=1, num_leaves=4, calibration="none").fit(X, y)
    text = trees.to_text(model.booster_)
    text = tree_lines(tree_lines(text, 0, "left_child", "-1 2 1"), 0, "right_child", "-2 -3 -4")
    with pytest.raises(ModelError, match="in a circle"):
        trees.from_text(text, X.shape[1])


def test_fuzzed_trees_are_refused_or_harmless(fitted: AccountClassifier) -> None:
    """Hashes that agree and one to three characters changed: ModelError, or other trees; never a crash."""
    text = trees.to_text(fitted.booster_)
    X, _, _ = accounts(20)
    draw = random.Random(0)
    refused = 0
    for _ in range(400):
        chars = list(text)
        for _ in range(draw.randint(1, 3)):
            chars[draw.randrange(len(chars))] = draw.choice("0123456789-. =e\nx\x00é")
        try:
            trees.from_text("".join(chars), X.shape[1]).predict(X, raw_score=True)
        except ModelError:
            refused += 1
    assert 100 < refused < 400


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), name=st.sampled_from([*store.FILES, store.SUMS]), sealed=st.booleans())
def test_fuzzed_files_are_refused(
    fitted: AccountClassifier, tmp_path: Path, data: bytes, name: str, sealed: bool
) -> None:
    save(fitted, tmp_path / "m")
    (tmp_path / "m" / name).write_bytes(data)
    if sealed and name != store.SUMS:
        reseal(tmp_path / "m")
    if name == "MODEL_CARD.md" and sealed:
        return  # any text is a card
    with pytest.raises(ModelError):
        load(tmp_path / "m")


def test_nothing_in_the_model_package_can_run_what_it_reads() -> None:
    sources = sorted(Path(store.__file__).parent.glob("*.py"))
    assert len(sources) >= 6
    for path in sources:
        found = re.findall(
            r"pickle|joblib|marshal|shelve|\bdill\b|\beval\(|\bexec\(|__import__|yaml", path.read_text()
        )
        assert found == [], path.name


# --- conformal p-values ---

STRATA = [
    ("empty", [], [], 5, []),
    ("one", [1, 2, 9], [True] * 3, 1, [0, 1, 2]),
    ("too_few", [1, 2, 9], [True] * 3, 4, [0, 0, 0]),
    ("from_the_top", [1, 1, 2, 3, 4, 8, 16], [True] * 7, 2, [0, 0, 1, 1, 1, 2, 2]),
    ("rest_joins", [1, 2, 2, 4, 4], [True] * 5, 2, [0, 0, 0, 1, 1]),
    ("others_do_not_count", [1, 1, 2, 2, 64], [True, True, True, True, False], 2, [0, 0, 1, 1, 1]),
]


@pytest.mark.parametrize(
    ("counts", "mask", "size", "expected"), [c[1:] for c in STRATA], ids=[c[0] for c in STRATA]
)
def test_activity_strata(counts: list[int], mask: list[bool], size: int, expected: list[int]) -> None:
    found = activity_strata(np.array(counts, dtype=int), np.array(mask, dtype=bool), min_size=size)
    assert found.tolist() == expected


@given(st.lists(st.tuples(st.integers(1, 3000), st.booleans()), min_size=1, max_size=200), st.integers(1, 40))
def test_strata_are_large_enough_and_in_order(found: list[tuple[int, bool]], size: int) -> None:
    count, mask = np.array([c for c, _ in found]), np.array([m for _, m in found])
    strata = activity_strata(count, mask, min_size=size)
    assert (np.diff(strata[np.argsort(count, kind="stable")]) >= 0).all()
    assert set(strata) <= set(range(strata.max() + 1))
    if strata.max() > 0:
        assert np.bincount(strata[mask]).min() >= size


def brute(score: np.ndarray, stratum: np.ndarray, mask: np.ndarray) -> list[float]:
    p = []
    for i in range(len(score)):
        others = [j for j in range(len(score)) if mask[j] and stratum[j] == stratum[i] and j != i]
        p.append((1 + sum(score[j] >= score[i] for j in others)) / (len(others) + 1))
    return p


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.booleans()), min_size=1, max_size=40))
def test_conformal_is_its_formula(found: list[tuple[int, int, bool]]) -> None:
    score, stratum, mask = (np.array(column) for column in zip(*found, strict=True))
    result = conformal_p(score, stratum, mask)
    assert result.p.tolist() == brute(score, stratum, mask)
    assert (result.smallest <= result.p).all()


def test_smallest_p_is_what_the_reference_allows() -> None:
    score = np.array([5.0, 4, 3, 2, 9, 1])
    mask = np.array([True, True, True, True, False, False])
    found = conformal_p(score, np.array([0, 0, 0, 0, 0, 1]), mask)
    np.testing.assert_allclose(found.p, [1 / 4, 2 / 4, 3 / 4, 1, 1 / 5, 1])
    np.testing.assert_allclose(found.smallest, [1 / 4] * 4 + [1 / 5, 1])


LEVELS = (0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 0.9)


@pytest.mark.parametrize("contamination", [0.0, 0.01, 0.05])
@pytest.mark.parametrize("ties", [False, True], ids=["continuous", "ties"])
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "inside_reference"])
def test_p_holds_without_a_signal(contamination: float, ties: bool, inside: bool) -> None:
    """P(p <= a) is at most a, or a + contamination (1 - a) as stated, at every level; 400 clean pages."""
    rng = np.random.default_rng(11)
    shares = []
    for _ in range(400):
        n = 600
        count = rng.geometric(0.4, n)
        score = rng.normal(size=n) + 0.8 * np.log(count)
        score = np.round(score * 2) / 2 if ties else score
        mask = np.ones(n, dtype=bool) if inside else rng.random(n) < 0.8
        tested = np.ones(n, dtype=bool) if inside else ~mask
        strata = activity_strata(count, mask, min_size=100)
        p = conformal_p(score, strata, mask, contamination=contamination).p[tested]
        shares.append([(p <= a).mean() for a in LEVELS])
    mean, error = np.mean(shares, axis=0), np.std(shares, axis=0) / np.sqrt(len(shares))
    allowed = np.array([a + contamination * (1 - a) for a in LEVELS])
    assert (mean <= allowed + 3.5 * error + 1e-12).all(), (mean, allowed)
    if not ties and contamination == 0:
        # And not wastefully conservative: uniform up to the grain of the smallest stratum.
        assert (mean >= allowed - 0.011).all(), (mean, allowed)


def test_leaving_out_the_top_restores_power() -> None:
    rng = np.random.default_rng(4)
    score = np.concatenate([rng.normal(size=2000), rng.normal(8, 0.1, size=40)])
    everyone, one = np.ones(2040, dtype=bool), np.zeros(2040, dtype=int)
    blunt = conformal_p(score, one, everyone).p[-40:]
    sharp = conformal_p(score, one, everyone, contamination=0.02).p[-40:]
    assert np.median(blunt) > 0.009
    assert (sharp <= 1 / 2000).all()


BAD_CONFORMAL = [
    ("nan", [np.nan, 1.0], [0, 0], [True, True], 0.0, "must be finite"),
    ("strata", [1.0, 1.0], [0], [True, True], 0.0, "one entry per score"),
    ("mask", [1.0, 1.0], [0, 0], [1, 1], 0.0, "one boolean per account"),
    ("share", [1.0, 1.0], [0, 0], [True, True], 0.5, "contamination must be"),
]


@pytest.mark.parametrize(
    ("score", "stratum", "mask", "share", "says"),
    [c[1:] for c in BAD_CONFORMAL],
    ids=[c[0] for c in BAD_CONFORMAL],
)
def test_conformal_refuses(score: Any, stratum: Any, mask: Any, share: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        conformal_p(score, stratum, mask, contamination=share)


def test_strata_refuse_counts_under_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        activity_strata([0, 1], [True, True])


def test_copies_share_nothing_that_moves(fitted: AccountClassifier) -> None:
    X, _, _ = accounts(50)
    assert (copy.deepcopy(fitted).predict_proba(X) == fitted.predict_proba(X)).all()
