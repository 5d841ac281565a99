"""4CAT's CSV: one item a row, whatever the platform, under 4CAT's names; a thread begins with the item `thread_id`.

`unix_timestamp` is read: `timestamp` is UTC on most servers, and the server's own time for some platforms. Authors may
have been hashed (anew for each data set) or blacked out (REDACTED).
"""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.assemble import concat
from fakedetect.readers.columns import changed, column, posts_of, same_id, set_apart, with_column
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tweets import RETWEET, posts_by_id
from fakedetect.schema import Raw
from fakedetect.words import Text

_HASH = re.compile(r"[0-9a-f]{32,128}")
_NOBODY = ("redacted", "anonymous", "unknown", "")
PLATFORMS = {"is_comment_on_comment": "tiktok", "tiktok_url": "tiktok", "is_retweet": "x", "subreddit": "reddit"}
"""A column that only this platform's items have -> the platform."""


def known(table: pa.Table) -> pa.Table:
    """The table without authors who are nobody. A hash is no name: all would look alike."""
    for name in ("author_id", "author_name"):
        table = changed(table, name, lambda who: None if who.strip().lower() in _NOBODY else who)
    return changed(table, "author_name", lambda who: None if _HASH.fullmatch(who.strip()) else who)


def fix(raw: Raw) -> Raw:
    """Items that begin a thread become posts, retweets are rejected, nobody's name is nobody's id."""
    table = known(changed(raw.comments, "text", html.unescape))
    raw = replace(raw, accounts=None if raw.accounts is None else known(raw.accounts))
    begins = same_id(column(table, "comment_id"), column(table, "post_id"))
    retweets = pc.fill_null(pc.equal(pc.utf8_lower(column(table, "retweeted")), "yes"), False)
    begins = pc.and_(begins, pc.invert(retweets))
    posts = posts_of(table.filter(begins), "answers")
    raw = set_apart(replace(raw, comments=table), posts=begins, bad=retweets, reason=RETWEET)
    sides = [t for t in (posts, raw.posts) if t is not None and t.num_rows]
    return replace(raw, posts=concat(sides) if sides else None)


_ITEMS = csv_reader(
    "fourcat_csv",
    Text("4CAT, items of any platform in CSV", "4CAT, éléments de toute plateforme en CSV"),
    platform="",
    gives="author (often hashed, anew for each data set; REDACTED counts as unknown), time to the second (UTC), "
    "replies; items that begin a thread are posts, retweets are rejected; post time from those items, on X else from "
    "the id",
    needed=("id", "thread_id", "author", "body", "unix_timestamp"),
    columns={"comment_id": "id", "post_id": ("post_id", "thread_id"), "parent_id": ("parent", "thread_id"),
             "page_id": ("subreddit", "board"), "author_id": ("author_id", "author"), "author_name": "author",
             "comment_time": "unix_timestamp", "text": "body", "likes": ("likes", "like_count", "score"),
             "post_text": "post_body", "followers": "author_followers", "has_avatar": "author_avatar_url"},
    also={"retweeted": "is_retweet", "answers": ("reply_count", "comments", "num_comments")},
    fix=fix,
    holds=("comments", "posts", "accounts"),
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The items; the platform is told by its own columns."""
    raw = _ITEMS.read(replace(source, role="comments"), options)
    there = set(Head.of(source).columns)
    platform = next((p for c, p in PLATFORMS.items() if c in there), "")
    if platform == "x":
        told = raw.posts if raw.posts is not None else posts_of(raw.comments.slice(0, 0))
        told = with_column(told, "page_id", column(told, "post_author_id"))
        raw = posts_by_id(raw, told.cast(pa.schema([f.with_type(pa.int64() if f.name == "row" else pa.string())
                                                    for f in told.schema])), {})
    return replace(raw, platform=platform)


READER: Reader = replace(_ITEMS, read=read)
