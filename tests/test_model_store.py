"""The model's directory on disk: what is saved is loaded, and what was damaged, forged or edited is refused."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make_model import NAMES, SIGNS, SMALL, accounts, load, reader, save

from fakedetect.errors import ModelError
from fakedetect.model import spam, store, trees
from fakedetect.model.classifier import AccountClassifier


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


def test_a_text_model_is_part_of_the_model(fitted: AccountClassifier, tmp_path: Path) -> None:
    without = save(fitted, tmp_path / "m")
    assert load(tmp_path / "m").text is None
    assert save(fitted, tmp_path / "m", text=reader()) != without
    loaded = load(tmp_path / "m")
    assert loaded.text is not None
    assert spam.dump(loaded.text) == spam.dump(reader())
    assert f"  {spam.NAME}\n" in (tmp_path / "m" / store.SUMS).read_text()
    assert save(loaded.classifier, tmp_path / "again", text=loaded.text) == loaded.fingerprint
    assert save(fitted, tmp_path / "m") == without
    assert not (tmp_path / "m" / spam.NAME).exists()


TEXT_DAMAGE = {
    "changed": (lambda path: path.write_bytes(path.read_bytes()[:-3] + b"\n\n\n"), False, "was changed since"),
    "missing": (lambda path: path.unlink(), False, "is missing"),
    "forged": (lambda path: path.write_text('{"format": 1}'), True, "does not hold exactly"),
    "binary": (lambda path: path.write_bytes(b"\x80\x04\x95\x00"), True, "is not UTF-8"),
}


@pytest.mark.parametrize(("damage", "sealed", "says"), TEXT_DAMAGE.values(), ids=TEXT_DAMAGE)
def test_a_damaged_text_model_is_refused(
    fitted: AccountClassifier, tmp_path: Path, damage: Callable[[Path], Any], sealed: bool, says: str
) -> None:
    save(fitted, tmp_path, text=reader())
    damage(tmp_path / spam.NAME)
    if sealed:
        reseal(tmp_path)
    with pytest.raises(ModelError, match=rf"text\.json {says}"):
        load(tmp_path)


def test_a_text_model_laid_beside_a_model_is_refused(fitted: AccountClassifier, tmp_path: Path) -> None:
    save(fitted, tmp_path)
    (tmp_path / spam.NAME).write_bytes(spam.dump(reader()))
    with pytest.raises(ModelError, match=r"text\.json is no part of the model"):
        load(tmp_path)


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
    names = [n for n in (*store.FILES, spam.NAME) if (folder / n).exists()]
    sums = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names]
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
    ("format", "calibrator.json", ["format"], 1, "of format 1; this program reads 2"),
    ("start weight below its least", "features.json", ["features", 4, "weight"], 0.1, "not those of a start"),
    ("start weight no number", "features.json", ["features", 4, "weight"], "1", "not those of a start"),
    ("start weight of another", "features.json", ["features", 0, "weight"], 1.0, "not those of a start"),
    ("start without intercept", "features.json", ["intercept"], None, "not those of a start"),
    ("least below zero", "features.json", ["features", 4, "least"], -1.0, "least must hold"),
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
