"""Apify clockworks/tiktok-comments-scraper, as JSON: comments and replies in one list, the video only by its address.

A failed video leaves an item with nothing but `error`, `input` and `url`. A video's id holds a clock, which is no
publish time: pages schedule posts, and theirs is off by days. Post times come from a list of the videos beside it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fakedetect.readers.gather import Rows, gathered
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.replies import MISSING_REPLIES, Replies
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tiktok import failed, own_picture, owners, video_of
from fakedetect.schema import Raw
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """Comments have a `cid`, and TikTok's words in camel case."""
    own = {"videoWebUrl", "diggCount", "repliesToId", "uniqueId"}
    return 0.9 if "cid" in head.keys and len(own & head.keys) >= 2 else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Comments and replies. Who comments under the name of the page is its owner."""
    replies, owner_names = Replies(), set[str]()

    def visit(value: Any, rows: Rows) -> bool:
        inner = value.get("items") if isinstance(value, dict) else None
        for item in inner if isinstance(inner, list) else [value]:
            if not isinstance(item, dict):
                rows.reject("not of this format", item)
            elif not {"cid", "text"} & item.keys():
                rows.reject(failed(item["error"]) if "error" in item else "not a comment", item)
            elif _comment(item, rows, replies):
                owner_names.add(item["uniqueId"])
        return True

    rows = gathered(source, options, visit)
    if missing := replies.missing:
        rows.note("missing_replies", MISSING_REPLIES, missing=missing)
    raw = rows.raw(fmt=READER.name, platform=READER.platform)
    return replace(raw, declared=owners(owner_names, source.name))


def _comment(item: dict[str, Any], rows: Rows, replies: Replies) -> bool:
    """One comment; True where the page's own account wrote it."""
    post, page = video_of(*(item.get(n) for n in ("videoWebUrl", "submittedVideoUrl", "input")))
    name, parent = item.get("uniqueId"), item.get("repliesToId") or None
    replies.comment(item.get("cid"), item.get("replyCommentTotal"), parent)
    rows.comment(comment_id=item.get("cid"), post_id=post, page_id=page, parent_id=parent, author_id=item.get("uid"),
                 author_name=name, comment_time=item.get("createTimeISO") or item.get("createTime"),
                 text=item.get("text"), likes=item.get("diggCount"))
    if (picture := own_picture(item.get("avatarThumbnail"))) is not None:
        rows.account(author_id=item.get("uid"), author_name=name, has_avatar=picture)
    return isinstance(name, str) and page is not None and name.lower() == page


READER = Reader(
    name="apify_tiktok_comments",
    label=Text("Apify tiktok-comments-scraper (clockworks), JSON", "Apify tiktok-comments-scraper (clockworks), JSON"),
    platform="tiktok",
    gives="author id and name, picture or none, time to the second (UTC), replies, page and its own account from the "
    "video's address; no publish time of the video, which its list (apify_tiktok_videos) adds; items that only tell "
    "an error are rejected",
    sniff=sniff,
    read=read,
    holds=("comments", "accounts", "declared"),
)
