"""Apify clockworks/tiktok-comments-scraper, as CSV or spreadsheet. Nothing in it is nested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.apify_tiktok_comments import MISSING_REPLIES, Replies, failed, own_picture, owners, video_of
from fakedetect.readers.preset import csv_reader, with_column
from fakedetect.readers.tables import distinct, rejects
from fakedetect.schema import Note, Raw
from fakedetect.words import Text

LENT: Mapping[str, str] = {"announced": "rating", "error": "reply_text", "picture": "ip_code",
                           "verified": "verified_purchase"}
"""Facts that are no column of comments -> the column of reviews that carries them until `settled` puts them where they
belong."""


def cells(table: pa.Table, name: str) -> pa.ChunkedArray:
    """A column with null for what is empty; all null where there is none."""
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    return pc.if_else(pc.equal(table[name], ""), pa.scalar(None, pa.string()), table[name])


def each(column: pa.ChunkedArray, change: Callable[[str], object], kind: pa.DataType) -> pa.ChunkedArray:
    """`change` applied to each distinct value."""
    changed = []
    for chunk in column.chunks:
        encoded = chunk.dictionary_encode()
        known = [None if v is None else change(v) for v in encoded.dictionary.to_pylist()]
        changed.append(pa.array(known, kind).take(encoded.indices))
    return pa.chunked_array(changed, kind)


def settled(raw: Raw) -> Raw:
    """The Raw with what `LENT` carries in its place: failed items, replies that are missing, facts about accounts."""
    table = raw.comments
    if not table.num_rows:
        return raw
    error = cells(table, LENT["error"])
    lost = pc.and_(pc.is_valid(error), pc.and_(*(pc.is_null(cells(table, n)) for n in ("comment_id", "text"))))
    kept, dropped = table.filter(pc.invert(lost)), table.filter(lost)
    bad = [(row["row"], failed(row[LENT["error"]]), row[LENT["error"]]) for row in dropped.to_pylist()]
    parts = [t for t in (raw.rejects, rejects(_name(table), bad)) if t is not None]
    pictures = each(cells(kept, LENT["picture"]), own_picture, pa.bool_())
    people = {n: cells(kept, n) for n in ("author_id", "author_name")}
    facts = {"verified": cells(kept, LENT["verified"]), "has_avatar": pictures}
    told = {n: v for n, v in facts.items() if v.null_count < len(v)}
    accounts = distinct(pa.table({**people, **told, "source": kept["source"], "row": kept["row"]})) if told else None
    notes = [*raw.notes]
    if missing := _missing(kept):
        notes.append(Note("missing_replies", MISSING_REPLIES.of("en", missing=missing),
                          MISSING_REPLIES.of("fr", missing=missing), _name(table)))
    return replace(raw, comments=kept.drop_columns([n for n in LENT.values() if n in kept.column_names]),
                   accounts=accounts, rejects=pa.concat_tables(parts), notes=tuple(notes))


def _name(table: pa.Table) -> str:
    return str(table["source"][0].as_py())


def _missing(table: pa.Table) -> int:
    """Replies that are announced and not there."""
    replies = Replies()
    told = (cells(table, n).to_pylist() for n in ("comment_id", LENT["announced"], "parent_id"))
    for comment, announced, parent in zip(*told, strict=True):
        whole = (announced or "").partition(".")[0]  # pandas writes 25.0
        replies.comment(comment, int(whole) if whole.isdecimal() and len(whole) < 10 else None, parent)
    return replies.missing


def on_videos(raw: Raw) -> Raw:
    """The Raw with ids of videos and pages in place of addresses, and the pages' own accounts."""
    table = raw.comments
    if not table.num_rows:
        return raw
    address, name = cells(table, "post_id"), cells(table, "author_name")
    page = each(address, lambda a: video_of(a)[1], pa.string())
    mine = pc.fill_null(pc.equal(pc.utf8_lower(name), page), False)
    table = with_column(table, "post_id", each(address, lambda a: video_of(a)[0], pa.string()))
    table = with_column(table, "page_id", page)
    named = pc.unique(name.filter(mine)).to_pylist()
    return settled(replace(raw, comments=table, declared=owners(named, _name(table))))


READER = csv_reader(
    "apify_tiktok_comments_csv",
    Text("Apify tiktok-comments-scraper (clockworks), CSV", "Apify tiktok-comments-scraper (clockworks), CSV"),
    platform="tiktok",
    gives="as apify_tiktok_comments; ids that a spreadsheet or pandas cut (7.32E+18) count as missing",
    needed=("videoWebUrl", "cid"),
    columns={"comment_id": "cid", "post_id": ("videoWebUrl", "submittedVideoUrl", "input"), "parent_id": "repliesToId",
             "author_id": "uid", "author_name": "uniqueId", "comment_time": ("createTimeISO", "createTime"),
             "text": "text", "likes": "diggCount", LENT["announced"]: "replyCommentTotal", LENT["error"]: "error",
             LENT["picture"]: "avatarThumbnail"},
    fix=on_videos,
    holds=("comments", "accounts", "declared"),
)
