"""exportcomments.com, Instagram: CSV or spreadsheet. Its times are in the zone of the customer's account and name none.

Excel cuts the ids of 17 digits. The comment's address holds them as text, so the address is believed.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import column, each, said, where_of, with_column
from fakedetect.readers.facebook import short_code
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.tiktok import settled
from fakedetect.schema import Raw
from fakedetect.words import Text

_COMMENT = re.compile(r"/c/(\d+)(?:/r/(\d+))?", re.ASCII)
MENDED = Text("{n} comment ids were cut by a spreadsheet and are taken from the comments' addresses",
              "{n} identifiants de commentaires ont été coupés par un tableur et sont repris des adresses")


def _comment_in(address: str) -> str | None:
    named = _COMMENT.search(address)
    return (named[2] or named[1]) if named else None


def _answered_in(address: str) -> str | None:
    named = _COMMENT.search(address)
    return named[1] if named and named[2] else None


def _addresses(raw: Raw) -> Raw:
    """The Raw with what the comments' addresses say: the post, the comment, the comment answered."""
    table = raw.comments
    if not table.num_rows:
        return raw
    address, given = column(table, "post_id"), column(table, "comment_id")
    told = each(address, _comment_in, pa.string())
    n = pc.sum(pc.and_(pc.is_valid(told), pc.fill_null(pc.not_equal(told, given), False))).as_py() or 0
    note = [said("derived_id", MENDED, where_of(table), n=n)] if n else []
    for name, values in (("comment_id", pc.coalesce(told, given)), ("post_id", each(address, short_code, pa.string())),
                         ("parent_id", each(address, _answered_in, pa.string()))):
        table = with_column(table, name, values)
    return settled(replace(raw, comments=table, notes=(*raw.notes, *note)))


READER = csv_reader(
    "exportcomments_instagram",
    Text("exportcomments.com, Instagram", "exportcomments.com, Instagram"),
    platform="instagram",
    gives="author id and name, verified, time to the second without a zone (that of the customer's account: state it "
    "with --tz), post from the comment's address; no publish time of the post; ids that Excel cut are taken from "
    "the address where it has them",
    needed=("Username", "Profile ID", "Date", "Comment", "Comment ID", "Comment URL"),
    columns={"comment_id": "Comment ID", "post_id": "Comment URL", "author_id": "Profile ID",
             "author_name": "Username", "comment_time": "Date", "text": "Comment", "likes": "Likes"},
    also={"verified": "User Verified"},
    fix=_addresses,
    holds=("comments", "accounts"),
)
