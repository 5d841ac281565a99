"""Apify instagram-comment-scraper, as CSV or spreadsheet: replies stand in columns, as `replies/0/text`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.assemble import concat
from fakedetect.readers.columns import column, each, with_column, without
from fakedetect.readers.delimited import read as read_delimited
from fakedetect.readers.facebook import short_code
from fakedetect.readers.headers import key
from fakedetect.readers.preset import csv_reader, first_of
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tiktok import settled
from fakedetect.schema import COMMENT_COLUMNS, Raw
from fakedetect.words import Text

_COLUMNS = {"comment_id": ("id",), "author_id": ("owner/id",), "author_name": ("ownerUsername", "owner/username"),
            "comment_time": ("timestamp",), "text": ("text",), "likes": ("likesCount",)}
_FACTS = {"announced": ("repliesCount",), "verified": ("owner/is_verified",),
          "picture": ("ownerProfilePicUrl", "owner/profile_pic_url")}
_POST = ("postUrl", "commentUrl", "inputUrl")


def read(source: Source, options: ReadOptions) -> Raw:
    """The comments, then the replies: one reading of the file for each reply that a comment may have."""
    there = Head.of(source).columns
    facts = first_of(there, {**_FACTS, "error": "error"})
    raw = read_delimited(replace(source, role=source.role or "comments"),
                           replace(options, map={**_chosen(there, ""), **options.map}), facts)
    raw = replace(raw, format=READER.name, platform=READER.platform, naive_zone=None)
    if not raw.comments.num_rows:
        return replace(raw, comments=without(raw.comments, *facts))
    tables = [raw.comments]
    numbers = {int(n[1]) for c in there if (n := re.fullmatch(r"replies(\d{1,4})text", key(c), re.ASCII))}
    for prefix in (f"replies/{k}/" for k in sorted(numbers)):
        chosen = {**_chosen(there, prefix), **first_of(there, {"parent_id": "id"})}
        if chosen["author_id"] or chosen["author_name"]:
            table = read_delimited(replace(source, role="comments"), ReadOptions(map=chosen),
                                     first_of(there, _under(prefix, _FACTS))).comments
            said = pc.or_(*(pc.is_valid(column(table, n)) for n in ("text", "comment_id")))
            tables.append(table.filter(said))
    table = concat(tables)
    table = with_column(table, "post_id", each(column(table, "post_id"), short_code, pa.string()))
    n = table.num_rows - raw.comments.num_rows
    raw = settled(replace(raw, comments=table, rows_read=raw.rows_read + n))
    return replace(raw, comments=without(raw.comments, *facts))


def _under(prefix: str, columns: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {field: tuple(prefix + n for n in names) for field, names in columns.items()}


def _chosen(there: Sequence[str], prefix: str) -> dict[str, str]:
    """Canonical field -> its column, of a comment (prefix "") or of one of its replies."""
    return {**{c.name: "" for c in COMMENT_COLUMNS},
            **first_of(there, {**_under(prefix, _COLUMNS), "post_id": _POST})}


READER: Reader = replace(csv_reader(
    "apify_instagram_comments_csv",
    Text("Apify instagram-comment-scraper, CSV", "Apify instagram-comment-scraper, CSV"),
    platform="instagram",
    gives="as apify_instagram_comments; replies are taken out of their columns",
    needed=("ownerUsername", "text", "timestamp"),
    lacks=("caption", "shortCode"),
    columns={},
    holds=("comments", "accounts"),
), read=read)
