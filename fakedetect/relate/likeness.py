"""What the accounts of a group have in common besides what formed it: names of one make, opened together, one set of
pages. Told beside the group and decides nothing: a family or a class has that in common too.

Each p is that of a draw: as many accounts taken at random among all of the run, DRAWS times; (1 + draws as extreme) /
(1 + DRAWS) (Davison & Hinkley 1997, 4.2). For pages among those who are on as many: a null that preserves degrees, and
what goes with what. Null simulation: tests/test_relate_likeness.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy import sparse

from fakedetect.relate.presence import Floats, Ints

DRAWS = 999
MIN_KNOWN = 3
"""Accounts of a group of which something has to be known."""
MIN_DEGREE = 2
MIN_POOL = 30
"""Accounts among which a member's stand-in is drawn; with fewer it would often be the member itself."""


@dataclass(frozen=True)
class Known:
    """What is known of all accounts of the run, in the order of `authors` (sorted). make: code of the make of its name,
    -1 unknown; created: epoch seconds, nan unknown; pages: accounts x pages, 0 or 1."""

    authors: dict[str, int]
    make: Ints
    created: Floats
    pages: sparse.csr_matrix


def make_of(name: str) -> str:
    """How a name is built: U for capitals, l for other letters, 0 for each digit, other signs as they are; runs of
    letters once. `Anna.Martin84` and `Julie.Petit07` are both `Ul.Ul00`."""
    built = "".join("0" if c.isdigit() else "U" if c.isupper() else "l" if c.isalpha() else c for c in name.strip())
    return re.sub(r"(U|l| )\1+", r"\1", built)


def known(comments: pa.Table, accounts: pa.Table | None) -> Known:
    """comments: author_id, author_name, page_id; accounts: author_id, author_name, created_at, where the dump has
    them."""
    rows = comments.select(["author_id", "author_name", "page_id"]).filter(comments["author_id"].is_valid())
    seen = rows.group_by(["author_id", "author_name", "page_id"]).aggregate([]).to_pylist()
    authors = {a: k for k, a in enumerate(sorted({r["author_id"] for r in seen}))}
    names: dict[str, str] = {}
    there: list[set[str]] = [set() for _ in authors]
    for row in seen:
        if row["author_name"]:
            names[row["author_id"]] = min(row["author_name"], names.get(row["author_id"], row["author_name"]))
        if row["page_id"]:
            there[authors[row["author_id"]]].add(row["page_id"])
    created = np.full(len(authors), np.nan)
    for row in [] if accounts is None else accounts.select(["author_id", "author_name", "created_at"]).to_pylist():
        place = authors.get(row["author_id"])
        if place is not None:
            created[place] = row["created_at"].timestamp() if row["created_at"] else np.nan
            if row["author_name"]:
                names.setdefault(row["author_id"], row["author_name"])
    makes = {a: make_of(n) for a, n in names.items()}
    code = {m: k for k, m in enumerate(sorted(set(makes.values())))}
    make = np.array([code[makes[a]] if a in makes else -1 for a in authors], np.int64)
    page = {p: k for k, p in enumerate(sorted({p for on in there for p in on}))}
    on_page = np.array([(k, page[p]) for k, on in enumerate(there) for p in on], np.int64).reshape(-1, 2)
    pages = sparse.csr_matrix((np.ones(len(on_page), np.int64), on_page.T), (len(authors), len(page)))
    return Known(authors, make, created, pages)


def likeness(of: Known, members: Sequence[str], seed: int) -> Mapping[str, float | None]:
    """names_p, created_p, pages_p of a group; None where too little is known. Draws depend on the seed alone."""
    mine = np.array([of.authors[a] for a in members], np.int64)
    rng = np.random.Generator(np.random.Philox(key=[seed, 41]))
    return {"names_p": _names(of.make[mine], of.make, rng), "created_p": _created(of.created[mine], of.created, rng),
            "pages_p": _pages(mine, of, rng)}


def _p(found: float, drawn: Floats) -> float:
    return float((1 + int((drawn >= found - 1e-12).sum())) / (1 + len(drawn)))


def _pairs(counts: np.ndarray) -> Floats:
    return np.asarray((counts * (counts - 1)).sum(axis=-1), np.float64)


def _names(mine: Ints, everybody: Ints, rng: np.random.Generator) -> float | None:
    """Pairs of members whose names are of one make."""
    mine, counts = mine[mine >= 0], np.bincount(everybody[everybody >= 0])
    if len(mine) < MIN_KNOWN or (counts > 0).sum() < 2:
        return None
    drawn = np.empty(DRAWS)
    pool = np.repeat(np.arange(len(counts)), counts)
    for k in range(DRAWS):
        drawn[k] = _pairs(np.unique(pool[rng.choice(len(pool), len(mine), replace=False, shuffle=False)],
                                    return_counts=True)[1])
    return _p(float(_pairs(np.unique(mine, return_counts=True)[1])), drawn)


def _created(mine: Floats, everybody: Floats, rng: np.random.Generator) -> float | None:
    """How near the accounts were opened to the nearest other one of the group: the median, in log seconds."""
    mine, pool = mine[~np.isnan(mine)], everybody[~np.isnan(everybody)]
    if len(mine) < MIN_KNOWN or len(np.unique(pool)) < 2:
        return None

    def nearness(times: Floats) -> float:
        gaps = np.diff(np.sort(times))
        nearest = np.minimum(np.r_[np.inf, gaps], np.r_[gaps, np.inf])
        return -float(np.median(np.log1p(nearest)))

    drawn = np.array([nearness(pool[rng.choice(len(pool), len(mine), replace=False, shuffle=False)])
                      for _ in range(DRAWS)])
    return _p(nearness(mine), drawn)


def _pages(mine: Ints, of: Known, rng: np.random.Generator) -> float | None:
    """Pairs of members on one page, summed over pages. Each is replaced by somebody on as many pages, or, where those
    are few, by somebody on as many or more; so tastes that go together stay together."""
    degree = np.diff(of.pages.indptr)
    mine = mine[degree[mine] >= MIN_DEGREE]
    stand_ins = []
    told = []
    for d, n in zip(*np.unique(degree[mine], return_counts=True), strict=True):
        like = np.flatnonzero(degree == d)
        like = like if len(like) >= MIN_POOL else np.flatnonzero(degree >= d)
        if len(like) >= MIN_POOL:
            stand_ins.append(rng.choice(like, (DRAWS, n)))
            told.append(mine[degree[mine] == d])
    if sum(len(t) for t in told) < MIN_KNOWN:
        return None
    drawn = np.concatenate(stand_ins, axis=1)
    chosen = sparse.csr_matrix((np.ones(drawn.size, np.int64), drawn.ravel(),
                                np.arange(0, drawn.size + 1, drawn.shape[1])), (DRAWS, len(degree)))
    found = _pairs(np.asarray(of.pages[np.concatenate(told)].sum(axis=0)).ravel())
    return _p(float(found), _pairs((chosen @ of.pages).toarray()))
