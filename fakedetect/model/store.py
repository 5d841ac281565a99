"""A model on disk: a directory of text that people can read and that nothing in it can make run.

trees.txt        the trees, as `trees.to_text` writes them
calibrator.json  knots from raw score to log-odds, prevalence in training, base rate assumed
features.json    features in order, each with its monotone sign, and with `least` and `weight` where it is part of the
                 start; the start's intercept or null; the fingerprint of their definitions
training.json    parameters of the classifier, and how it was trained
MODEL_CARD.md    for people
text.json        the text model of comments (`spam`), where the model has one
SHA256SUMS       of the files above (`sha256sum -c` reads it); its own hash is the model's fingerprint

The hashes prove that the directory is whole, not where it comes from.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fakedetect.errors import ModelError
from fakedetect.model import spam, start, strict, trees
from fakedetect.model.calibration import Calibrator
from fakedetect.model.classifier import CALIBRATIONS, AccountClassifier, check_params
from fakedetect.model.spam import SpamModel

SUMS = "SHA256SUMS"
FILES = ("MODEL_CARD.md", "calibrator.json", "features.json", "training.json", "trees.txt")
FORMAT = 2
PER_FEATURE = ("monotone", "least")
"""Parameters of the classifier that features.json holds."""
HINT = "leave --model out to use the shipped model, or train one again with `python train.py`"


@dataclass(frozen=True)
class LoadedModel:
    """A model whose files are whole and whose features are those that were asked for."""

    classifier: AccountClassifier
    features: tuple[Mapping[str, Any], ...]
    """As saved, in the order of the columns of X; each has `name` and `monotone`."""
    training: Mapping[str, Any]
    card: str
    fingerprint: str
    """SHA-256 of SHA256SUMS."""
    text: SpamModel | None = None
    """Reads single comments; without it the features made of its readings are unknown."""


def save(
    model: AccountClassifier,
    folder: str | Path,
    *,
    features: Sequence[Mapping[str, Any]],
    feature_fingerprint: str,
    training: Mapping[str, Any],
    card: str,
    text: SpamModel | None = None,
) -> str:
    """Write a fitted model with classes 0 and 1 to `folder`, whole or not at all, and return its fingerprint.

    features: one mapping per column of X, in order, with at least `name`; a `monotone` in it must be the sign
    that the model was trained with. training: anything JSON holds. text: the text model with which the features
    were computed. An older model in `folder` is replaced, with its text model; a folder that holds anything else is
    refused with ModelError. Raises ValueError where the arguments do not fit.
    """
    folder = Path(folder)
    contents = _contents(model, features, feature_fingerprint, training, card)
    if text is not None:
        contents[spam.NAME] = spam.dump(text)
    contents[SUMS] = "".join(f"{_sha256(contents[name])}  {name}\n" for name in sorted(contents)).encode()
    too_long = [name for name, data in contents.items() if len(data) > strict.MAX_BYTES]
    if too_long:
        raise ValueError(f"{too_long[0]} would exceed {strict.MAX_BYTES:,} bytes and could not be loaded.")
    check_replaceable(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        for name, data in contents.items():
            (new / name).write_bytes(data)
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        new.rename(folder)
    return _sha256(contents[SUMS])


def check_replaceable(folder: Path) -> None:
    """Raise ModelError where writing a model to `folder` would destroy something that is none."""
    if folder.exists():
        inside = folder.iterdir() if folder.is_dir() else [folder]
        others = sorted(path.name for path in inside if path.name not in (*FILES, SUMS, spam.NAME))
        if others:
            what = f"it holds something else than a model: {others[0]}"
            raise ModelError(what, where=str(folder), hint="name a new folder")


def load(folder: str | Path, *, feature_fingerprint: str, feature_names: Sequence[str]) -> LoadedModel:
    """The model in `folder`, checked before any of it is used; nothing in it is ever run.

    Raises ModelError, naming what differs, where a file is missing, changed, oversized or malformed, or where
    the model was trained on other features than `feature_names` (in order) with `feature_fingerprint`.
    """
    folder = Path(folder)
    try:
        return _load(folder, feature_fingerprint, list(feature_names))
    except ModelError as error:
        raise ModelError(error.what, where=str(folder), hint=HINT) from error


def fingerprint(folder: str | Path) -> str:
    """SHA-256 of the model's SHA256SUMS, and so of everything in it. Raises ModelError where there is
    none."""
    return _sha256(strict.read_file(Path(folder), SUMS))


def _contents(
    model: AccountClassifier,
    features: Sequence[Mapping[str, Any]],
    feature_fingerprint: str,
    training: Mapping[str, Any],
    card: str,
) -> dict[str, bytes]:
    if model.classes_.tolist() != [0, 1]:
        raise ValueError("a saved model knows classes 0 (organic) and 1 (suspect). "
                         f"Got {model.classes_.tolist()} instead.")  # fmt: skip
    signs = model.monotone_
    if len(features) != len(signs):
        raise ValueError(f"features must have one entry per column of X, {len(signs)}. Got {len(features)}.")
    for feature, sign in zip(features, signs, strict=True):
        if feature.get("monotone", sign) != sign:
            raise ValueError(
                f"{feature['name']} is monotone {feature['monotone']}, but was trained as {sign}."
            )
    listed = [{**feature, "monotone": sign} for feature, sign in zip(features, signs, strict=True)]
    first = model.start_
    if first is not None:
        for feature, least, weight in zip(listed, model.least or (), first.weights.tolist(), strict=True):
            if least is not None:
                feature |= {"least": float(least), "weight": weight}
    _features(listed)
    params = {k: v for k, v in model.get_params(deep=False).items() if k not in PER_FEATURE}
    knots = model.calibrator_
    calibrator = {
        "kind": "isotonic" if len(knots.scores) else "none",
        "scores": knots.scores.tolist(),
        "log_odds": knots.log_odds.tolist(),
        "train_rate": knots.train_rate,
        "base_rate": model.base_rate_,
    }
    return {
        "trees.txt": trees.to_text(model.booster_).encode(),
        "features.json": _dump({"fingerprint": feature_fingerprint, "features": listed,
                                "intercept": None if first is None else first.intercept}),
        "training.json": _dump({"classifier": params, "training": dict(training)}),
        "calibrator.json": _dump(calibrator),
        "MODEL_CARD.md": card.encode(),
    }


def _dump(value: Mapping[str, Any]) -> bytes:
    return strict.dump_json({"format": FORMAT, **value})


def _load(folder: Path, feature_fingerprint: str, feature_names: list[str]) -> LoadedModel:
    contents, sums = _read_whole(folder)
    listed = _json(contents, "features.json", "fingerprint", "features", "intercept")
    features = _features(listed["features"])
    saved = [feature["name"] for feature in features]
    _compare_features(saved, listed["fingerprint"], feature_names, feature_fingerprint)
    manifest = _json(contents, "training.json", "classifier", "training")
    if not isinstance(manifest["training"], dict):
        raise ModelError("training.json: training is not an object")
    signs = [feature["monotone"] for feature in features]
    classifier = _classifier(manifest["classifier"], features)
    classifier.start_ = _start(features, listed["intercept"])
    knots = _json(contents, "calibrator.json", "kind", "scores", "log_odds", "train_rate", "base_rate")
    classifier.calibrator_, classifier.base_rate_ = _calibrator(knots)
    text = _text(contents, "trees.txt")
    classifier.booster_ = trees.from_text(text, len(features))
    if trees.signs(text, len(features)) != signs:
        raise ModelError("trees.txt was trained with other monotone signs than features.json states")
    classifier.monotone_ = tuple(signs)
    classifier.classes_ = np.array([0, 1])
    classifier.n_features_in_ = len(features)
    reader = spam.parse(contents[spam.NAME]) if spam.NAME in contents else None
    return LoadedModel(
        classifier, features, manifest["training"], _text(contents, "MODEL_CARD.md"), _sha256(sums), reader
    )


def _read_whole(folder: Path) -> tuple[dict[str, bytes], bytes]:
    """Every file, having the hash that SHA256SUMS states; and SHA256SUMS itself."""
    if not folder.is_dir():
        raise ModelError("there is no model here")
    sums = strict.read_file(folder, SUMS)
    lines = strict.read_text(sums, SUMS).splitlines()
    stated = {m[2]: m[1] for line in lines if (m := re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9_.]+)", line))}
    if len(stated) != len(lines) or set(stated) - {spam.NAME} != set(FILES):
        raise ModelError(f"{SUMS} does not list exactly {', '.join(FILES)}, and {spam.NAME} where there is one")
    if spam.NAME not in stated and (folder / spam.NAME).exists():
        raise ModelError(f"{spam.NAME} is no part of the model: {SUMS} does not list it")
    contents = {name: strict.read_file(folder, name) for name in stated}
    for name, data in contents.items():
        found = _sha256(data)
        if found != stated[name]:
            hashes = f"its SHA-256 is {found[:12]}..., {SUMS} says {stated[name][:12]}..."
            raise ModelError(f"{name} was changed since the model was saved: {hashes}")
    return contents, sums


def _json(contents: Mapping[str, bytes], name: str, *keys: str) -> dict[str, Any]:
    return strict.read_json(contents[name], name, ("format", *keys), FORMAT)


def _text(contents: Mapping[str, bytes], name: str) -> str:
    return strict.read_text(contents[name], name)


def _features(listed: Any) -> tuple[Mapping[str, Any], ...]:
    known = [f for f in listed if isinstance(f, dict)] if isinstance(listed, list) else []
    named = [f for f in known if isinstance(f.get("name"), str) and f.get("monotone") in (-1, 0, 1)]
    if not named or len(named) != len(listed):
        raise ModelError("features.json does not list features with a name and a monotone sign")
    if len({f["name"] for f in listed}) != len(listed):
        raise ModelError("features.json lists a feature twice")
    return tuple(listed)


def _compare_features(saved: list[str], saved_print: Any, names: list[str], now: str) -> None:
    missing = [n for n in names if n not in saved]
    unknown = [n for n in saved if n not in names]
    if missing or unknown:
        sides = (("it lacks", missing), ("it expects", unknown))
        parts = "; ".join(f"{verb} {_few(those)}" for verb, those in sides if those)
        raise ModelError(f"the model was trained on other features: {parts}")
    if saved != names:
        first = next(i for i, (a, b) in enumerate(zip(saved, names, strict=True)) if a != b)
        raise ModelError("the model was trained on the same features in another order: column "
                         f"{first + 1} is {saved[first]}, not {names[first]}")  # fmt: skip
    if saved_print != now:
        raise ModelError("the definition of a feature changed since the model was trained: fingerprint "
                         f"{str(saved_print)[:12]} in the model, {now[:12]} now")  # fmt: skip


def _start(features: Sequence[Mapping[str, Any]], intercept: Any) -> start.Start | None:
    within = [f for f in features if f.get("least") is not None]
    right = all(_is_real(f.get("weight")) and f["least"] <= f["weight"] <= start.MAX_WEIGHT for f in within)
    if not right or _is_real(intercept) != bool(within) or any(f.get("weight") for f in features if f not in within):
        raise ModelError("features.json: intercept and weights are not those of a start")
    if not within:
        return None
    return start.Start(float(intercept), np.array([f.get("weight", 0.0) for f in features], np.float64))


def _classifier(params: Any, features: Sequence[Mapping[str, Any]]) -> AccountClassifier:
    expected = set(AccountClassifier().get_params()) - set(PER_FEATURE)
    if not isinstance(params, dict) or set(params) != expected:
        raise ModelError("training.json: the classifier's parameters are not those of this version")
    signs, least = ([f.get(name) for f in features] for name in PER_FEATURE)
    shaped: dict[str, Any] = {"monotone": signs if any(signs) else None,
              "least": least if any(low is not None for low in least) else None}
    for where, some in (("training.json", params), ("features.json", shaped)):
        try:
            check_params(some)
        except ValueError as error:
            raise ModelError(f"{where}: {error}") from error
    return AccountClassifier(**params, **shaped)


def _calibrator(found: Mapping[str, Any]) -> tuple[Calibrator, float]:
    scores, log_odds = found["scores"], found["log_odds"]
    numbers = all(isinstance(part, list) and all(_is_real(v) for v in part) for part in (scores, log_odds))
    if not numbers or len(scores) != len(log_odds) or found["kind"] not in CALIBRATIONS:
        raise ModelError("calibrator.json does not hold knots")
    if (found["kind"] == "none") != (len(scores) == 0):
        raise ModelError(f"calibrator.json: {len(scores)} knots do not fit kind {found['kind']}")
    x, y = np.array(scores, dtype=np.float64), np.array(log_odds, dtype=np.float64)
    if not ((np.diff(x) > 0).all() and (np.diff(y) >= 0).all()):
        raise ModelError("calibrator.json: the knots do not rise")
    for key in ("train_rate", "base_rate"):
        if not _is_real(found[key]) or not 0 < found[key] < 1:
            raise ModelError(f"calibrator.json: {key} is not a number between 0 and 1")
    return Calibrator(x, y, float(found["train_rate"])), float(found["base_rate"])


def _is_real(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _few(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
