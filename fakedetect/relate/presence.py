"""Who stood where, and when: the rows that pair evidence is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_SHARED = 3
"""Two accounts are compared on three common posts or more: one or two meetings are everybody's."""
FLOOR = 0.01
"""Nearness counts up to one fiftieth of a post's talk (twice this): what has to convince is that it recurs on
post after post. Finer, and thirty strangers who once met in the same second would look like a group."""
LEAST_SITTING = 4e-4
MAX_ENTRIES = 20_000_000
"""Meetings of two accounts held at once (about 1 GB at work)."""


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
    """Organic share of the post's talk within one sitting around the comment."""
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
    reading. Where all meetings of all accounts would exceed MAX_ENTRIES, accounts on few posts are left out
    first.
    """
    known = comments.select(["author_id", "page_id", "post_id", "comment_id", "parent_id"]).to_pydict()
    u = _floats(comments["delay_u"])
    v = _floats(comments["delay_v"])
    usable = ~np.isnan(u) & ~np.isnan(v) & _bools(comments["is_first"]) & ~_bools(comments["is_reply"])
    usable &= np.array([a is not None and a not in declared for a in known["author_id"]], bool)
    rows = np.flatnonzero(usable)
    names = np.array(known["author_id"], object)[rows]
    authors_all, account = (
        np.unique(names.astype(str), return_inverse=True)
        if len(rows)
        else (np.array([]), np.array([], np.int64))
    )
    places = [(known["page_id"][i] or "", known["post_id"][i] or "") for i in rows.tolist()]
    post_names = sorted(set(places))
    at = {p: i for i, p in enumerate(post_names)}
    post = np.array([at[p] for p in places], np.int64)

    counts = np.bincount(account, minlength=len(authors_all))
    min_posts = MIN_SHARED
    while True:
        kept = counts[account] >= min_posts
        met = np.bincount(post[kept], minlength=len(post_names)).astype(np.int64)
        if int((met * (met - 1) // 2).sum()) <= MAX_ENTRIES:
            break
        min_posts += 1
    skipped = int(((counts >= MIN_SHARED) & (counts < min_posts)).sum())

    order = np.flatnonzero(kept)
    order = order[np.lexsort((post[order], account[order]))]
    kept_codes, dense = np.unique(account[order], return_inverse=True)
    chosen = rows[order]
    dense = dense.astype(np.int64)
    authors = [str(a) for a in authors_all[kept_codes]]
    here = Presence(
        authors=authors,
        account=dense,
        post=post[order],
        t=comments["comment_time"]
        .cast(pa.int64())
        .combine_chunks()
        .fill_null(0)
        .to_numpy(zero_copy_only=False)[chosen]
        / 1e6,
        u=u[chosen],
        v=v[chosen],
        floor_u=np.nan_to_num(_floats(comments["floor_u"])[chosen]),
        floor_v=np.nan_to_num(_floats(comments["floor_v"])[chosen]),
        session=np.maximum(
            _floats(comments["session_high"]) - _floats(comments["session_low"]), LEAST_SITTING
        )[chosen],
        session_low=_floats(comments["session_low"])[chosen],
        starts=np.concatenate([[0], np.cumsum(np.bincount(dense, minlength=len(authors)))]).astype(np.int64),
        post_names=post_names,
        linked=np.empty(0, np.int64),
        n_accounts_seen=len(authors_all),
        min_posts=min_posts,
        skipped_accounts=skipped,
    )
    object.__setattr__(here, "linked", _linked(here, known, at))
    return here


def _linked(here: Presence, known: dict[str, list[str | None]], at: dict[tuple[str, str], int]) -> Ints:
    """Codes of pairs of accounts of which one answered the other on a post: a conversation is not a ring."""
    index = {a: i for i, a in enumerate(here.authors)}
    # A comment's id is its own on its page only.
    writer = {
        (page, comment): author
        for page, comment, author in zip(known["page_id"], known["comment_id"], known["author_id"], strict=True)
        if comment is not None
    }
    found = []
    for page, post, author, parent in zip(
        known["page_id"], known["post_id"], known["author_id"], known["parent_id"], strict=True
    ):
        if parent is None or author not in index:
            continue
        other = writer.get((page, parent))
        place = at.get((page or "", post or ""))
        if other in index and other != author and place is not None:
            found.append((place, index[author], index[other]))
    if not found:
        return np.empty(0, np.int64)
    post_code, a, b = np.array(found, np.int64).T
    return np.unique(here.code(post_code, a, b))


def _floats(column: pa.ChunkedArray) -> Floats:
    return column.combine_chunks().cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)


def _bools(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return column.combine_chunks().fill_null(False).to_numpy(zero_copy_only=False).astype(bool)
