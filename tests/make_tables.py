"""The tables that features are computed from, made from plain rows; a column that a row leaves out is null."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from fakedetect.schema import ACCOUNTS, BUSINESSES, COMMENTS, POSTS

START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
DAY = 86400

Row = dict[str, Any]
Fields = list[tuple[str, pa.DataType]]
COUNTS = ("n_chars", "n_words", "n_emoji", "n_urls", "n_mentions", "n_hashtags", "n_exclaims", "longest_run")
FACTS: Fields = [
    *((name, pa.int32()) for name in COUNTS),
    *((name, pa.float64()) for name in ("upper_share", "digit_share", "punct_share", "delay_s", "delay_u")),
    ("script", pa.string()), ("text_hi", pa.int64()), ("text_lo", pa.int64()),
    ("is_reply", pa.bool_()), ("is_first", pa.bool_()), ("hour", pa.int8()), ("discloses", pa.bool_()),
    ("spam", pa.float64()),
]
COMMENT_SCHEMA = pa.schema([*COMMENTS, *FACTS])
FIGURES: Fields = [("n_comments", pa.int64()), ("first_hour_share", pa.float64()),
                   ("expected_first_hour_share", pa.float64())]
POST_SCHEMA = pa.schema([*POSTS, *FIGURES])
EVIDENCE = ("group_p", "member_p", "member_q", "close_share", "median_gap_s", "exclusive_share", "phrase_share",
            "together_z")
MEMBER_SCHEMA = pa.schema([("author_id", pa.string()), ("group_id", pa.string()), ("n_close", pa.int64()),
                           ("partners", pa.int64()), *((name, pa.float64()) for name in EVIDENCE)])


def at(seconds: float | None) -> dt.datetime | None:
    return None if seconds is None else START + dt.timedelta(seconds=seconds)


def told(author: str | None = "a", **columns: Sequence[Any]) -> list[Row]:
    """Comments of one account, one per value, each on a post of its own unless said; `t` is in seconds."""
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [{"author_id": author, "page_id": "P", "post_id": f"p{i}", "is_first": True,
             "comment_time": at(row.pop("t", None)), **row} for i, row in enumerate(rows)]


def tables(comments: Sequence[Row], posts: Sequence[Row] = (), accounts: Sequence[Row] = (),
           members: Sequence[Row] = (), businesses: Sequence[Row] = ()) -> dict[str, pa.Table]:
    return {
        "comments": table(COMMENT_SCHEMA, comments), "posts": table(POST_SCHEMA, posts),
        "accounts": table(ACCOUNTS, accounts), "members": table(MEMBER_SCHEMA, members),
        "businesses": table(BUSINESSES, businesses),
    }


def table(schema: pa.Schema, rows: Sequence[Row]) -> pa.Table:
    known = set(schema.names)
    assert all(row.keys() <= known for row in rows), "an example names a column that is not in the schema"
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)


def values_of(result: pa.Table, author: str = "a") -> Row:
    return next(row for row in result.to_pylist() if row["author_id"] == author)


ONE = told(t=[0])


def profile(**columns: Any) -> dict[str, pa.Table]:
    return tables(ONE, accounts=[{"author_id": "b", "followers": 7}, {"author_id": "a", **columns}])


def named(*names: str | None) -> dict[str, pa.Table]:
    return tables(told(author_name=names))
