"""A small classifier on made-up accounts, and its directory on disk, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect.model import spam, store
from fakedetect.model.classifier import AccountClassifier

SIGNS = (1, -1, 0, 0, 1, 0)
NAMES = ["gap_median_s", "copied_share", "n_posts", "bio_length", "close_share", "upper_share"]
PRINT = "0123abcd" * 8
LEAST = (None, None, None, None, 0.5, None)
SMALL: dict[str, Any] = {"n_trees": 25, "num_leaves": 8, "min_child": 10, "monotone": SIGNS, "least": LEAST,
                         "n_threads": 1}


def accounts(n: int = 1500, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X with holes, y, page of each account."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, len(SIGNS)))
    X[:, 4] = np.round(X[:, 4] * 2)
    X[rng.random(X.shape) < 0.2] = np.nan
    known = np.nan_to_num(X)
    z = 1.5 * known[:, 0] - known[:, 1] + known[:, 2] * known[:, 3] + 0.4 * known[:, 4] - 1.5
    return X, (rng.random(n) < 1 / (1 + np.exp(-z))).astype(int), rng.integers(0, 12, n)


def fitted() -> AccountClassifier:
    X, y, pages = accounts()
    return AccountClassifier(**SMALL).fit(X, y, groups=pages)


def reader() -> spam.SpamModel:
    """A text model that knows one advertisement."""
    texts = pa.array(["visit my free channel", "a song for the rain"] * 3, pa.large_string())
    spec = spam.SpamSpec((2, 3), 1, 10)
    return spam.fit(spam.presence(texts, spec), np.array([True, False] * 3), spec, c=10.0)


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
