"""exportcomments.com, Instagram: CSV or spreadsheet. Its times are in the zone of the customer's account and name none.

Excel cuts the ids of 17 digits. The comment's address holds them as text, so the address is believed.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.apify_tiktok_comments_csv import LENT, cells, each, settled
from fakedetect.readers.preset import csv_reader, with_column
from fakedetect.schema import Note, Raw
from fakedetect.words import Text

_POST = re.compile(r"/(?:p|reels?|tv)/([\w-]+)", re.ASCII)
_COMMENT = re.compile(r"/c/(\d+)(?:/r/(\d+))?", re.ASCII)
MENDED = Text("{n} comment ids were cut by a spreadsheet and are taken from the comments' addresses",
              "{n} identifiants de commentaires ont été coupés par un tableur et sont repris des adresses")


def post_of(address: str) -> str:
    """The short code of the post in an address; the address without its query where it has none."""
    named = _POST.search(address)
    return named[1] if named else address.partition("?")[0]


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
    address, given = cells(table, "post_id"), cells(table, "comment_id")
    told = each(address, _comment_in, pa.string())
    n = pc.sum(pc.and_(pc.is_valid(told), pc.fill_null(pc.not_equal(told, given), False))).as_py() or 0
    told_so = Note("derived_id", MENDED.of("en", n=n), MENDED.of("fr", n=n), str(table["source"][0].as_py()))
    for name, column in (("comment_id", pc.coalesce(told, given)), ("post_id", each(address, post_of, pa.string())),
                         ("parent_id", each(address, _answered_in, pa.string()))):
        table = with_column(table, name, column)
    return settled(replace(raw, comments=table, notes=(*raw.notes, *([told_so] if n else []))))


READER = csv_reader(
    "exportcomments_instagram",
    Text("exportcomments.com, Instagram", "exportcomments.com, Instagram"),
    platform="instagram",
    gives="author id and name, verified, time to the second without a zone (that of the customer's account: state it "
    "with --tz), post from the comment's address; no publish time of the post; ids that Excel cut are taken from "
    "the address where it has them",
    needed=("Username", "Profile ID", "Date", "Comment", "Comment ID", "Comment URL"),
    columns={"comment_id": "Comment ID", "post_id": "Comment URL", "author_id": "Profile ID",
             "author_name": "Username", "comment_time": "Date", "text": "Comment", "likes": "Likes",
             LENT["verified"]: "User Verified"},
    fix=_addresses,
    holds=("comments", "accounts"),
)
