"""What is measured about an account: each feature declared once, computed by any engine from one SQL text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from fakedetect.features.feature import Feature
from fakedetect.features.group import GROUP
from fakedetect.features.history import HISTORY
from fakedetect.features.neighbour import NEIGHBOUR
from fakedetect.features.profile import PROFILE
from fakedetect.features.review import REVIEW
from fakedetect.features.text import TEXT
from fakedetect.features.timing import TIMING
from fakedetect.features.views import VIEWS, Column, View, prepare
from fakedetect.spill import side_by_side

FEATURES: tuple[Feature, ...] = (*TIMING, *TEXT, *PROFILE, *HISTORY, *NEIGHBOUR, *GROUP, *REVIEW)
"""Every feature, in the order of the model's columns."""

COUNTED = ("n_comments", "n_posts")
"""Features that stand in the result as whole numbers, right behind the name: the contract's own columns."""


class RunsSQL(Protocol):
    """What features ask of an engine."""

    def register(self, name: str, table: pa.Table) -> None: ...
    def unregister(self, name: str) -> None: ...
    def define(self, name: str, sql: str) -> None: ...
    def query(self, sql: str) -> pa.Table: ...


def all_allowed(test: str) -> bool:
    """The quality gate of data that bears every test."""
    return True


def compute(
    engine: RunsSQL, tables: Mapping[str, pa.Table], allowed: Callable[[str], bool] = all_allowed
) -> pa.Table:
    """One row per author of a comment, sorted by author_id; its columns do not depend on the data.

    tables: `comments`, `posts`, `accounts`, `members`, `businesses` (see `views.prepare`). Columns: author_id,
    author_name (its most frequent; of equals the smallest), n_comments and n_posts as int64, then every other feature
    as float64, rounded to 9 significant digits, null where unknown. A feature is null throughout where `allowed`
    says no to one of its `needs`. The order of input rows and the number of threads do not matter. Raises
    KeyError for an absent table or column, EngineError from the engine.
    """
    prepared = prepare(tables)
    accounts = prepared["accounts"]
    wanted = [f for f in FEATURES if all(allowed(test) for test in f.needs)]
    values: dict[str, Column] = {}
    for name, table in prepared.items():
        engine.register(name, table)
    try:
        for view in VIEWS:
            engine.define(view.name, view.sql)
        for view in VIEWS:
            asked = [f for f in wanted if f.view == view.name]
            if asked:
                found = engine.query(select(view.name, asked))
                dense = partial(_column, found["who"].to_numpy(), accounts.num_rows)
                made = side_by_side(dense, [found[f.name] for f in asked])
                values |= {f.name: column for f, column in zip(asked, made, strict=True)}
    finally:
        for name in prepared:
            engine.unregister(name)
    unknown = pa.nulls(accounts.num_rows, pa.float64())
    columns: dict[str, Column] = {name: accounts[name] for name in ("author_id", "author_name")}
    columns |= {name: values.get(name, unknown).cast(pa.int64()) for name in COUNTED}
    columns |= {f.name: values.get(f.name, unknown) for f in FEATURES if f.name not in COUNTED}
    return pa.table(columns)


def select(view: str, features: Sequence[Feature]) -> str:
    """The one query that computes these features over their view: `who` and one double per feature."""
    columns = ",\n".join(f"  cast({f.sql} as double) as {f.name}" for f in features)
    return f"select who,\n{columns}\nfrom {view} group by who"


def fingerprint(features: Sequence[Feature] = FEATURES, views: Sequence[View] = VIEWS) -> str:
    """SHA-256 over what the values depend on: names, SQL, views and directions; not words, not line breaks.

    A model trained under another fingerprint does not fit.
    """
    declared = {
        "features": [[f.name, f.view, " ".join(f.sql.split()), f.monotone] for f in features],
        "views": [[v.name, " ".join(v.sql.split())] for v in views],
    }
    return hashlib.sha256(json.dumps(declared, ensure_ascii=True).encode()).hexdigest()


def document() -> list[dict[str, Any]]:
    """One dict of plain values per feature, for `fakedetect features` and the docs table."""
    return [
        {
            "name": f.name, "family": f.family, "view": f.view, "unit": f.unit, "null": f.null,
            "higher_is": f.higher_is, "needs": list(f.needs), "sql": " ".join(f.sql.split()),
            "label": {"en": f.label.en, "fr": f.label.fr}, "reason": {"en": f.reason.en, "fr": f.reason.fr},
        }
        for f in FEATURES
    ]


def significant(values: np.ndarray, digits: int = 9) -> np.ndarray:
    """Values (float64, any shape) rounded to significant digits, so that sums in another order are equal.

    Below 1e-9 stands 0: there, only the noise of a difference is left. nan stays nan, infinity becomes nan.
    """
    size = np.abs(values)
    kept = np.isfinite(values) & (size >= 1e-9)
    places = digits - 1 - np.floor(np.log10(size, where=kept, out=np.zeros_like(values)))
    up, down = 10.0 ** np.clip(places, 0, 22), 10.0 ** np.clip(-places, 0, 300)
    rounded = np.where(kept, np.rint(np.where(kept, values, 0) * up / down) / up * down, 0.0)
    return np.where(np.isfinite(values), rounded, np.nan)


def _column(who: np.ndarray, n_accounts: int, found: Column) -> Column:
    """The found values in the order of the accounts, null where nothing was found."""
    dense = np.full(n_accounts, np.nan)
    dense[who] = significant(found.to_numpy())
    return pa.array(dense, mask=np.isnan(dense))
