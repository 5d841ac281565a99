"""Apify instagram-comment-scraper, as CSV or spreadsheet: replies stand in columns, as `replies/0/text`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers import generic_csv
from fakedetect.readers.apify_tiktok_comments_csv import LENT, cells, each, settled
from fakedetect.readers.assemble import concat
from fakedetect.readers.exportcomments_instagram import post_of
from fakedetect.readers.headers import key
from fakedetect.readers.preset import csv_reader, with_column
from fakedetect.readers.reader import ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import COMMENT_COLUMNS, Raw
from fakedetect.words import Text

_POST = ("postUrl", "commentUrl", "inputUrl")
_REPLY = {"comment_id": ("id",), "author_id": ("owner/id",), "author_name": ("ownerUsername", "owner/username"),
          "comment_time": ("timestamp",), "text": ("text",), "likes": ("likesCount",),
          LENT["announced"]: ("repliesCount",), LENT["verified"]: ("owner/is_verified",),
          LENT["picture"]: ("ownerProfilePicUrl", "owner/profile_pic_url")}

_TOP = csv_reader(
    "apify_instagram_comments_csv",
    Text("Apify instagram-comment-scraper, CSV", "Apify instagram-comment-scraper, CSV"),
    platform="instagram",
    gives="as apify_instagram_comments; replies are taken out of their columns",
    needed=("ownerUsername", "text", "timestamp"),
    lacks=("caption", "shortCode"),
    columns={**_REPLY, "post_id": _POST, LENT["error"]: "error"},
    holds=("comments", "accounts"),
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The comments, then the replies: one reading of the file for each reply that a comment may have."""
    raw = _TOP.read(source, options)
    if not raw.comments.num_rows:
        return raw
    there = {key(c): c for c in Head.of(source).columns}
    tables = [raw.comments]
    for k in sorted({int(n[1]) for c in there if (n := re.fullmatch(r"replies(\d{1,4})text", c, re.ASCII))}):
        chosen = _columns(there, f"replies/{k}/")
        if chosen["author_id"] or chosen["author_name"]:
            table = generic_csv.read(replace(source, role="comments"), ReadOptions(map=chosen)).comments
            said = pc.or_(*(pc.is_valid(cells(table, n)) for n in ("text", "comment_id")))
            tables.append(table.filter(said))
    table = concat(tables)
    table = with_column(table, "post_id", each(cells(table, "post_id"), post_of, pa.string()))
    n = table.num_rows - raw.comments.num_rows
    return settled(replace(raw, comments=table, rows_read=raw.rows_read + n))


def _columns(there: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Canonical field -> the column of one reply."""
    names = {**{field: tuple(prefix + n for n in given) for field, given in _REPLY.items()},
             "post_id": _POST, "parent_id": ("id",)}
    fields = (c.name for c in COMMENT_COLUMNS)
    return {f: next((there[key(n)] for n in names.get(f, ()) if key(n) in there), "") for f in fields}


READER = replace(_TOP, read=read)
