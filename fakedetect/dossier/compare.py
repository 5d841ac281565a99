"""Two sets of tables held against each other, cell by cell; without the key, too.

Without the key the pseudonyms of a dossier mean nothing. But its comments name the input and the row that they come
from, and so do those of a replay: that tells which pseudonym must be which account, comment, post and page. It is
followed from table to table; a pseudonym that stands for two, or two for one, is a difference. What no comment leads to
(a post without comments, an answered comment that is not in the input) is compared without its id.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fakedetect.dossier.tables import KINDS

Rows = Sequence[Sequence[str]]
ORDER = ("comments", "accounts", "posts", "businesses", "groups", "edges", "months", "brand_groups", "apart", "rejects",
         "exhibits")
"""Tables in the order in which pseudonyms are learned."""
EXHIBIT_KINDS = {"group": "group", "account": "account", "post": "post"}
KEYS = {"comments": ("input", "row"), "accounts": ("author_id",), "posts": ("page_id", "post_id"),
        "businesses": ("page_id", "business_id"), "groups": ("group_id",),
        "edges": ("group_id", "author_a", "author_b"), "months": ("page_id", "month"),
        "brand_groups": ("group_id", "brand"), "apart": ("author_id", "brand"), "rejects": ("input", "row"),
        "exhibits": ("group", "input", "row")}
CLOSE = 1e-9
"""Relative difference of numbers that another machine may make."""
UNKNOWN = "?"


@dataclass
class Difference:
    """How a table of the dossier and of the replay differ; all zero where they do not."""

    table: str
    missing: int = 0
    """Rows of the replay that the dossier lacks."""
    extra: int = 0
    """Rows of the dossier that the replay lacks."""
    columns: dict[str, int] = field(default_factory=dict)
    """Column -> rows in which it differs."""
    example: str = ""
    rounded: int = 0
    """Cells that differ by no more than CLOSE."""
    confused: int = 0
    """Pseudonyms that stand for two, or two for one."""

    @property
    def same(self) -> bool:
        """Nothing differs, rounding apart."""
        return not (self.missing or self.extra or self.columns or self.confused)


class Dictionary:
    """Which pseudonym stands for which id, learned from rows that are the same."""

    def __init__(self) -> None:
        self.to: dict[tuple[str, str], str] = {}
        self.back: dict[tuple[str, str], str] = {}
        self.confused: set[tuple[str, str]] = set()

    def learn(self, kind: str, theirs: str, ours: str) -> None:
        """The dossier's token stands where the replay's does."""
        if not theirs or not ours or theirs == ours:
            return
        known = self.to.get((kind, ours)), self.back.get((kind, theirs))
        if known == (None, None):
            self.to[kind, ours], self.back[kind, theirs] = theirs, ours
        elif known != (theirs, ours):
            self.confused.add((kind, theirs))

    def ours(self, kind: str, token: str) -> str:
        """The replay's token as the dossier calls it; `?` where nothing tells."""
        return self.to.get((kind, token), UNKNOWN) if token and token != "erased" else token

    def theirs(self, kind: str, token: str) -> str:
        """The dossier's token; `?` where nothing tells what it is."""
        return token if (kind, token) in self.back or not token or token == "erased" else UNKNOWN


def compare(theirs: Mapping[str, Rows], ours: Mapping[str, Rows], *, keyed: bool) -> list[Difference]:
    """The differences of each table, the dossier's against the replay's. Rows: cells, the head first. keyed: both are
    under one key, so that ids compare as they are."""
    known = Dictionary()
    out = []
    for name in ORDER:
        if name in theirs or name in ours:
            out.append(_table(name, theirs.get(name, ()), ours.get(name, ()), known, keyed))
    if known.confused and out:
        out[0].confused = len(known.confused)
    return out


def _table(name: str, theirs: Rows, ours: Rows, known: Dictionary, keyed: bool) -> Difference:
    found = Difference(name)
    head, other = (list(t[0]) if t else [] for t in (theirs, ours))
    for column in sorted(set(head) ^ set(other)):
        found.columns[column] = max(len(theirs), len(ours)) - 1
    shared = [c for c in head if c in other]
    kinds = {c: k for c, k in (EXHIBIT_KINDS if name == "exhibits" else KINDS[name]).items() if c in shared}
    left, right = _picked(theirs, head, shared), _picked(ours, other, shared)
    pairs = _joined(left, right, shared, name, kinds, known, keyed, found)
    for a, b in pairs:
        for i, column in enumerate(shared):
            kind = kinds.get(column)
            if kind is not None and not keyed:
                _learn(known, kind, a[i], b[i])
                same = _told(a[i], kind, known.theirs) == _told(b[i], kind, known.ours)
            else:
                same = a[i] == b[i]
            if same:
                continue
            if kind is None and near(a[i], b[i]):
                found.rounded += 1
                continue
            found.columns[column] = found.columns.get(column, 0) + 1
            if not found.example and kind is None:
                found.example = f"{column}: {a[i][:60]!r} here, {b[i][:60]!r} in the replay"
    return found


def _picked(rows: Rows, head: Sequence[str], shared: Sequence[str]) -> list[list[str]]:
    at = [head.index(c) for c in shared]
    return [[r[i] for i in at] for r in rows[1:]]


def _joined(left: list[list[str]], right: list[list[str]], shared: Sequence[str], name: str, kinds: Mapping[str, str],
            known: Dictionary, keyed: bool, found: Difference) -> list[tuple[list[str], list[str]]]:
    """Rows of both that are the same row: by the table's key, under the pseudonyms known so far; rows of one key in
    order of their other cells."""
    key = [shared.index(c) for c in KEYS[name] if c in shared]
    free = [i for i, c in enumerate(shared) if c not in kinds and i not in key]

    def by_key(rows: list[list[str]], say: Callable[[str, str], str]) -> dict[tuple[str, ...], list[list[str]]]:
        out: dict[tuple[str, ...], list[list[str]]] = {}
        for r in rows:
            told = tuple(r[i] if keyed or shared[i] not in kinds else _told(r[i], kinds[shared[i]], say) for i in key)
            out.setdefault(told, []).append(r)
        return out

    ours, theirs = by_key(right, known.ours), by_key(left, known.theirs)
    pairs = []
    for at in sorted({*ours, *theirs}):
        a, b = theirs.get(at, []), ours.get(at, [])
        if len(a) > 1 or len(b) > 1:
            a, b = _matched(a, b, free)
        found.extra += max(0, len(a) - len(b))
        found.missing += max(0, len(b) - len(a))
        pairs += list(zip(a, b, strict=False))
    return pairs


def _matched(a: list[list[str]], b: list[list[str]], free: Sequence[int]) -> tuple[list[list[str]], list[list[str]]]:
    """Rows of one key in an order in which those with equal cells stand side by side."""
    def cells(r: list[str]) -> tuple[str, ...]:
        return tuple(r[i] for i in free)

    common = Counter(map(cells, a)) & Counter(map(cells, b))

    def split(rows: list[list[str]]) -> list[list[str]]:
        left = Counter(common)
        first, rest = [], []
        for r in sorted(rows, key=cells):
            if left[cells(r)] > 0:
                left[cells(r)] -= 1
                first.append(r)
            else:
                rest.append(r)
        return first + rest

    return split(a), split(b)


def _learn(known: Dictionary, kind: str, a: str, b: str) -> None:
    if a.startswith("[") and b.startswith("["):
        one, other = json.loads(a), json.loads(b)
        if len(one) == len(other):
            for x, y in zip(one, other, strict=True):
                known.learn(kind, x or "", y or "")
    else:
        known.learn(kind, a, b)


def _told(token: str, kind: str, say: Callable[[str, str], str]) -> str:
    if token.startswith("["):
        return json.dumps([say(kind, t) if t else t for t in json.loads(token)])
    return say(kind, token)


def near(a: str, b: str) -> bool:
    """Whether two cells are numbers that differ by rounding alone."""
    try:
        x, y = float(a), float(b)
    except ValueError:
        return False
    return math.isfinite(x) and math.isfinite(y) and abs(x - y) <= CLOSE * max(abs(x), abs(y))
