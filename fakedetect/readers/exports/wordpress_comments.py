"""WordPress's table of comments (wp_comments) in CSV, as plugins and `wp comment list` write it.

comment_date is in the blog's own zone, which the file does not name; comment_date_gmt is UTC and is preferred. Spam,
the bin and links from other blogs (pingback, trackback) stand in the same table. E-mails are never read.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import changed, column, where_of, with_column, with_rejects
from fakedetect.readers.headers import key
from fakedetect.readers.markup import plain
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text

NAME = "wordpress_comments"
LABEL = Text("WordPress, table of comments (CSV)", "WordPress, table des commentaires (CSV)")
COMMENT_TYPES = ("", "comment", "review")
ALSO = {"approved": "comment_approved", "kind": "comment_type"}


def refused(approved: str | None, kind: str | None) -> str | None:
    """Why a row of the table is not a comment that was published, or waits for it; None where it is one."""
    approved, kind = (approved or "").strip().lower(), (kind or "").strip().lower()
    if kind in ("pingback", "trackback"):
        return f"a {kind}, not a comment"
    if kind not in COMMENT_TYPES:
        return "of another comment_type than comment"
    if approved == "spam":
        return "marked as spam"
    return "in the bin" if approved in ("trash", "post-trashed") else None


def fix(raw: Raw) -> Raw:
    """Texts without HTML, guests (user_id 0) by their name, and rows that are no comments rejected."""
    table = changed(changed(raw.comments, "text", plain), "author_id", lambda v: None if v.strip() == "0" else v)
    pairs = zip(column(table, "approved").to_pylist(), column(table, "kind").to_pylist(), strict=True)
    why = pa.array([refused(*pair) for pair in pairs], pa.string())
    table = with_column(table, "why", why)
    lost = table.filter(pc.is_valid(table["why"]))
    bad = [(row, reason, said or "") for row, reason, said in zip(
        lost["row"].to_pylist(), lost["why"].to_pylist(), column(lost, "text").to_pylist(), strict=True)]
    kept = table.filter(pc.is_null(table["why"])).drop_columns(["why"])
    return replace(raw, comments=kept, rejects=with_rejects(raw, where_of(lost), bad))


COLUMNS: dict[str, str | tuple[str, ...]] = {
    "comment_id": "comment_ID", "post_id": "comment_post_ID", "parent_id": "comment_parent", "author_id": "user_id",
    "author_name": "comment_author", "comment_time": ("comment_date_gmt", "comment_date"), "text": "comment_content",
    "ip_code": "comment_author_IP",
}
NEEDED = ("comment_ID", "comment_post_ID", "comment_author", "comment_content")
_UTC = csv_reader(NAME, LABEL, platform="wordpress", gives="", needed=(*NEEDED, "comment_date_gmt"), columns=COLUMNS,
                  also=ALSO, fix=fix, naive_zone="UTC")
_LOCAL = csv_reader(NAME, LABEL, platform="wordpress", gives="", needed=NEEDED, lacks=("comment_date_gmt",),
                    columns=COLUMNS, also=ALSO, fix=fix)


def read(source: Source, options: ReadOptions) -> Raw:
    """In UTC where the table has comment_date_gmt."""
    gmt = key("comment_date_gmt") in {key(c) for c in Head.of(source).columns}
    return (_UTC if gmt else _LOCAL).read(source, options)


READER = Reader(
    name=NAME,
    label=LABEL,
    platform="wordpress",
    gives="name (guests) and user id (members), time to the second (comment_date_gmt is UTC; comment_date alone needs "
    "--tz), replies, address as written; spam, the bin, pingbacks and trackbacks are rejected; e-mails are never read; "
    "no post time, which a WXR export holds",
    sniff=lambda head: max(_UTC.sniff(head), _LOCAL.sniff(head)),
    read=read,
    maps=True,
)
