"""What the accounts of a group have in common besides what formed it: names of one make, opened together, one set of
pages. Told beside the group and decides nothing: a family or a class has that in common too.

Each p is that of a draw: as many accounts taken at random among all of the run, DRAWS times; (1 + draws as extreme) /
(1 + DRAWS) (Davison & Hinkley 1997, 4.2). For pages among those who are on as many: a null that preserves degrees, and
what goes with what. Null simulation: tests/test_relate_likeness.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from fakedetect.codes import distinct, sorted_codes
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


def makes_of(names: pa.Array) -> pa.Array:
    """How names are built (n,): U for capitals, l for other letters, 0 for each digit, other signs as they are; runs of
    letters and blanks once. `Anna.Martin84` and `Julie.Petit07` are both `Ul.Ul00`."""
    built = pc.replace_substring_regex(pc.utf8_trim_whitespace(names), r"\p{N}", "0")
    # By signs that stand for no letter, or the second would take the first for one.
    for signs, one in ((r"\p{Lu}+", "\x01"), (r"\p{L}+", "\x02"), (" +", " "), ("\x01", "U"), ("\x02", "l")):
        built = pc.replace_substring_regex(built, signs, one)
    return built


def known(comments: pa.Table, accounts: pa.Table | None) -> Known:
    """comments: author_id, author_name, page_id; accounts: author_id, author_name, created_at, where the dump has
    them."""
    rows = comments.select(["author_id", "author_name", "page_id"]).filter(comments["author_id"].is_valid())
    author, names = sorted_codes(rows["author_id"])
    authors = {a: k for k, a in enumerate(names.to_pylist())}
    said = pa.table({"author": author, "name": rows["author_name"]})
    created = np.full(len(authors), np.nan)
    if accounts is not None:
        place = pc.index_in(accounts["author_id"], value_set=names).combine_chunks()
        # The name of a profile counts where no comment shows one.
        unnamed = pc.is_in(place, value_set=_unnamed(said, len(names)))
        there = np.flatnonzero(place.is_valid())
        opened = accounts["created_at"].combine_chunks().take(there)
        created[place.take(there).to_numpy()] = np.where(
            opened.is_valid(), opened.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).fill_null(0).to_numpy() / 1e6,
            np.nan)
        said = pa.concat_tables([said, pa.table({"author": place.cast(pa.int64()), "name": accounts["author_name"]})
                                 .filter(unnamed)])
    named = said.filter(pc.greater(pc.utf8_length(said["name"]), 0)).group_by("author").aggregate([("name", "min")])
    make = np.full(len(authors), -1, np.int64)
    make[named["author"].to_numpy()] = sorted_codes(pa.chunked_array([makes_of(named["name_min"].combine_chunks())]))[0]
    page, pages = sorted_codes(rows["page_id"])
    held = page >= 0
    on_page = distinct(author[held] * max(len(pages), 1) + page[held])[0]
    where = np.divmod(on_page, max(len(pages), 1))
    return Known(authors, make, created,
                 sparse.csr_matrix((np.ones(len(on_page), np.int64), where), (len(authors), len(pages))))


def _unnamed(said: pa.Table, n: int) -> pa.Array:
    """Codes of the accounts, of n, that no comment names."""
    named = said.filter(pc.greater(pc.utf8_length(said["name"]), 0))["author"].to_numpy()
    return pa.array(np.flatnonzero(np.bincount(named, minlength=n) == 0), pa.int32())


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
