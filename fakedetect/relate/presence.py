"""Who stood where, and when: the rows that pair evidence is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fakedetect.codes import distinct, sorted_codes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_SHARED = 3
"""Two accounts are compared on three common posts or more: one or two meetings are everybody's."""
MIN_ACCOUNTS = 3
"""Two that act together may be a couple: a group is of three or more."""
LEAST_P = 1e-12
"""A bound below this says no more."""
FLOOR = 0.01
"""Nearness counts up to one fiftieth of a post's talk (twice this): what has to convince is that it recurs on
post after post. Finer, and thirty strangers who once met in the same second would look like a group."""
LEAST_SITTING = 4e-4
MAX_MEETINGS, PER_COMMENT = 2_000_000_000, 200
"""Meetings of two accounts that are counted (not held): some ten seconds. Of a dump of over ten million comments so
many for each, lest only accounts on the more posts are compared the larger it is."""


@dataclass(frozen=True)
class Presence:
    """First top-level comments of accounts seen on `min_posts` posts or more, one row each.

    Rows are sorted by (account, post); accounts by author_id. u, v: the two readings of the moment (see
    measure.py), with the floors that the clock sets. t: epoch seconds.
    """

    authors: list[str]
    account: Ints
    post: Ints
    t: Floats
    u: Floats
    v: Floats
    floor_u: Floats
    floor_v: Floats
    session: Floats
    """Organic share of the post's talk within the comment's sitting, and where it begins."""
    session_low: Floats
    starts: Ints
    """Row at which each account begins, and the end: shape (n_accounts + 1,)."""
    post_names: list[tuple[str, str]]
    """(page_id, post_id) of each post code."""
    linked: Ints
    """Sorted codes (post, lower account, higher account) of pairs that answered each other there."""
    n_accounts_seen: int
    min_posts: int
    skipped_accounts: int
    """Accounts on MIN_SHARED posts or more left out to bound the work (0 on ordinary pages)."""

    def code(self, post: Ints, a: Ints, b: Ints) -> Ints:
        """One number for (post, pair)."""
        n = len(self.authors)
        return (post * n + np.minimum(a, b)) * n + np.maximum(a, b)


def gather(comments: pa.Table, declared: set[str]) -> Presence:
    """The rows of `comments` (with measure's columns) on which pair evidence may rest.

    Left out: declared accounts, null authors, replies (they keep their own clock), comments without a
    reading. Where all meetings of all accounts would exceed MAX_MEETINGS and PER_COMMENT, accounts on few posts are
    left out first.
    """
    u = _floats(comments["delay_u"])
    v = _floats(comments["delay_v"])
    author, names = sorted_codes(comments["author_id"])
    usable = ~np.isnan(u) & ~np.isnan(v) & _bools(comments["is_first"]) & ~_bools(comments["is_reply"])
    usable &= _at_large(author, names, declared)
    rows = np.flatnonzero(usable)
    account = author[rows]
    post_names, place = post_codes(comments, usable)
    post = place[rows]

    counts = np.bincount(account, minlength=len(names))
    min_posts, most = MIN_SHARED, max(MAX_MEETINGS, PER_COMMENT * len(rows))
    while True:
        kept = counts[account] >= min_posts
        met = np.bincount(post[kept], minlength=len(post_names)).astype(np.int64)
        if int((met * (met - 1) // 2).sum()) <= most:
            break
        min_posts += 1
    skipped = int(((counts >= MIN_SHARED) & (counts < min_posts)).sum())

    order = np.flatnonzero(kept)
    order = order[np.lexsort((post[order], account[order]))]
    stays = counts >= min_posts
    kept_codes, dense = np.flatnonzero(stays), (np.cumsum(stays) - 1)[account[order]]
    chosen = rows[order]
    authors = names.take(pa.array(kept_codes)).to_pylist()
    here = Presence(
        authors=authors,
        account=dense,
        post=post[order],
        t=comments["comment_time"].cast(pa.int64()).combine_chunks().fill_null(0).to_numpy(zero_copy_only=False)[chosen]
        / 1e6,
        u=u[chosen],
        v=v[chosen],
        floor_u=np.nan_to_num(_floats(comments["floor_u"])[chosen]),
        floor_v=np.nan_to_num(_floats(comments["floor_v"])[chosen]),
        session=np.maximum(_floats(comments["session_high"]) - _floats(comments["session_low"]), LEAST_SITTING)[chosen],
        session_low=_floats(comments["session_low"])[chosen],
        starts=np.concatenate([[0], np.cumsum(np.bincount(dense, minlength=len(authors)))]).astype(np.int64),
        post_names=post_names,
        linked=np.empty(0, np.int64),
        n_accounts_seen=int((counts > 0).sum()),
        min_posts=min_posts,
        skipped_accounts=skipped,
    )
    object.__setattr__(here, "linked", _linked(here, comments, author, kept_codes, place))
    return here


@dataclass(frozen=True)
class Firsts:
    """First top-level comments of accounts that nobody declared, one row each (n,), in the order of `comments`.

    account: place in `authors`, which is sorted; post: place in `post_names`; page: code; delay_s: nan where unknown.
    """

    authors: list[str]
    account: Ints
    page: Ints
    post: Ints
    t: Floats
    delay_s: Floats
    post_names: list[tuple[str, str]]


def first_comments(comments: pa.Table, declared: set[str]) -> Firsts:
    """The first top-level comment of each account on each post, whatever readings it has."""
    author, names = sorted_codes(comments["author_id"])
    usable = _bools(comments["is_first"]) & ~_bools(comments["is_reply"]) & _at_large(author, names, declared)
    rows = np.flatnonzero(usable)
    posts, place = post_codes(comments, usable)
    t = comments["comment_time"].cast(pa.int64()).combine_chunks().fill_null(0).to_numpy(zero_copy_only=False) / 1e6
    page = sorted_codes(comments["page_id"])[0]
    return Firsts(names.to_pylist(), author[rows], page[rows], place[rows], t[rows],
                  _floats(comments["delay_s"])[rows], posts)


def _at_large(author: Ints, names: pa.Array, declared: set[str]) -> NDArray[np.bool_]:
    """Whether each row's account (a place in names; -1: none) is known and not declared."""
    known = pc.is_in(names, value_set=pa.array(sorted(declared), pa.string())).to_numpy(zero_copy_only=False)
    return np.append(~known.astype(bool), False)[author]


def post_codes(comments: pa.Table, usable: NDArray[np.bool_]) -> tuple[list[tuple[str, str]], Ints]:
    """(page_id, post_id) of the posts with a `usable` comment, in order, and each comment's place there; else -1."""
    (page, page_ids), (within, post_ids) = (sorted_codes(comments[c]) for c in ("page_id", "post_id"))
    pages, posts = page_ids.to_pylist(), post_ids.to_pylist()
    codes = (page + 1) * (len(posts) + 1) + within + 1
    keys = distinct(codes[usable])[0]
    if not len(keys):
        return [], np.full(len(codes), -1, np.int64)
    names = [(pages[k // (len(posts) + 1) - 1] if k // (len(posts) + 1) else "",
              posts[k % (len(posts) + 1) - 1] if k % (len(posts) + 1) else "") for k in keys.tolist()]
    place = np.minimum(np.searchsorted(keys, codes), len(keys) - 1)
    return names, np.where(keys[place] == codes, place, -1)


def _linked(here: Presence, comments: pa.Table, author: Ints, kept_codes: Ints, place: Ints) -> Ints:
    """Codes of pairs of accounts of which one answered the other on a post: a conversation is not a ring.

    author, place: code of each comment's account and post (-1: none). kept_codes: author codes of `here`.
    """
    if comments["parent_id"].null_count == comments.num_rows:
        return np.empty(0, np.int64)
    # A comment's id is its own on its page only.
    page = pc.fill_null(comments["page_id"], "")
    ids, parents = (pc.binary_join_element_wise(page, comments[c], "\x1f") for c in ("comment_id", "parent_id"))
    answered = pc.index_in(parents, value_set=ids, skip_nulls=True).fill_null(-1).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero((answered >= 0) & (author >= 0) & (place >= 0))
    other = author[answered[rows]]
    dense = np.full(int(author.max(initial=0)) + 1, -1, np.int64)
    dense[kept_codes] = np.arange(len(kept_codes))
    a, b = dense[author[rows]], np.where(other >= 0, dense[other], -1)
    both = (a >= 0) & (b >= 0) & (a != b)
    return distinct(here.code(place[rows][both], a[both], b[both]))[0]


def _floats(column: pa.ChunkedArray) -> Floats:
    return column.combine_chunks().cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)


def _bools(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return column.combine_chunks().fill_null(False).to_numpy(zero_copy_only=False).astype(bool)
