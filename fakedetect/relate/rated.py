"""Who gave which business how many stars, and when: the rows that the evidence of reviews is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fakedetect.codes import sorted_codes
from fakedetect.features.marks import marks_of
from fakedetect.relate.presence import Floats, Ints, post_codes

DAY_S = 86_400.0


@dataclass(frozen=True)
class Rated:
    """The first rating that each account gave each business, one row each (n,), sorted by account and business.

    authors: sorted; account, business: places in `authors` and `names` ((page_id, business_id), sorted). mark: 0 to 1,
    the share of the best mark. day: days since 1970, nan where unknown. told: the review was invited, or discloses an
    incentive. rows: place in `comments`.
    """

    authors: list[str]
    names: list[tuple[str, str]]
    account: Ints
    business: Ints
    mark: Floats
    day: Floats
    told: NDArray[np.bool_]
    rows: Ints
    device: Ints
    """Code of the address or device that the review came from, -1 where unknown."""


def rated(comments: pa.Table, apart: set[str], *, unsigned: bool = False) -> Rated:
    """The ratings in `comments`, without those of the accounts `apart`; those without an account are left out too, or,
    if `unsigned`, kept each by itself under account -1."""
    author, signed = sorted_codes(comments["author_id"])
    authors = signed.to_pylist()
    out = np.array([a in apart for a in authors], bool)
    mark = marks_of(comments["rating"], comments["page_id"]).to_numpy(zero_copy_only=False)
    usable = np.isfinite(mark) & (unsigned | (author >= 0)) & ~np.append(out, False)[author]
    names, business = post_codes(comments, usable)
    micros = comments["comment_time"].cast(pa.int64())
    day = micros.cast(pa.float64(), safe=False).combine_chunks().to_numpy(zero_copy_only=False) / 1e6 / DAY_S
    told = pc.or_(pc.fill_null(comments["invited"], False), pc.fill_null(comments["discloses"], False))
    rows = np.flatnonzero(usable)
    # Unknown days sort last: the first that is known counts.
    rows = rows[np.lexsort((rows, day[rows], business[rows], author[rows]))]
    pair = author[rows] * max(len(names), 1) + business[rows]
    rows = rows[(np.diff(pair, prepend=-1) != 0) | (author[rows] < 0)]
    return Rated(authors, names, author[rows], business[rows], mark[rows], day[rows],
                 told.combine_chunks().to_numpy(zero_copy_only=False)[rows], rows,
                 sorted_codes(comments["ip_code"])[0][rows])


@dataclass(frozen=True)
class Market:
    """Which businesses are one owner's, and which compete: codes per business (n_businesses,), -1 where unknown."""

    owner: Ints
    place: Ints
    cell: Ints
    """Businesses of one page, place and category; of one page, where the dump does not tell."""


def market(names: list[tuple[str, str]], businesses: pa.Table | None) -> Market:
    """What `businesses` (schema.BUSINESSES) says of the businesses `names`."""
    told: Mapping[str, dict[str, str | None]] = {} if businesses is None else {
        b["business_id"]: b for b in businesses.to_pylist()}
    known = [told.get(b, {}) for _, b in names]
    return Market(_numbered([o if (o := k.get("owner")) else None for k in known]),
                  _numbered([p if (p := k.get("place")) else None for k in known]),
                  _numbered([(page, k.get("place"), k.get("category"))
                             for (page, _), k in zip(names, known, strict=True)]))


def _numbered(values: list[object]) -> Ints:
    numbers: dict[object, int] = {}
    return np.array([-1 if v is None else numbers.setdefault(v, len(numbers)) for v in values], np.int64)
