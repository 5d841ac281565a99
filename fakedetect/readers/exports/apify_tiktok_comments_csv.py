"""Apify clockworks/tiktok-comments-scraper, as CSV or spreadsheet. Nothing in it is nested."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import column, each, where_of, with_column
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.tiktok import owners, settled, video_of
from fakedetect.schema import Raw
from fakedetect.words import Text


def on_videos(raw: Raw) -> Raw:
    """The Raw with ids of videos and pages in place of addresses, and the pages' own accounts."""
    table = raw.comments
    if not table.num_rows:
        return raw
    address, name = column(table, "post_id"), column(table, "author_name")
    page = each(address, lambda a: video_of(a)[1], pa.string())
    mine = pc.fill_null(pc.equal(pc.utf8_lower(name), page), False)
    table = with_column(table, "post_id", each(address, lambda a: video_of(a)[0], pa.string()))
    table = with_column(table, "page_id", page)
    named = pc.unique(name.filter(mine)).to_pylist()
    return settled(replace(raw, comments=table, declared=owners(named, where_of(table))))


READER = csv_reader(
    "apify_tiktok_comments_csv",
    Text("Apify tiktok-comments-scraper (clockworks), CSV", "Apify tiktok-comments-scraper (clockworks), CSV"),
    platform="tiktok",
    gives="as apify_tiktok_comments; ids that a spreadsheet or pandas cut (7.32E+18) count as missing",
    needed=("videoWebUrl", "cid"),
    columns={"comment_id": "cid", "post_id": ("videoWebUrl", "submittedVideoUrl", "input"), "parent_id": "repliesToId",
             "author_id": "uid", "author_name": "uniqueId", "comment_time": ("createTimeISO", "createTime"),
             "text": "text", "likes": "diggCount"},
    also={"announced": "replyCommentTotal", "error": "error", "picture": "avatarThumbnail"},
    fix=on_videos,
    holds=("comments", "accounts", "declared"),
)
