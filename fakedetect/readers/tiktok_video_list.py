"""A list of TikTok videos as JSON, as it stands beside romy_tiktok_comments. Its `createTime` is UTC and says no zone.

The comments beside it are written in the local time of a machine: their reader moves them to UTC, and this one says
that these already are.
"""

from __future__ import annotations

import re
from typing import Any

from fakedetect.readers.apify_tiktok_comments import video_of
from fakedetect.readers.apify_tiktok_videos import BAD_ROWS
from fakedetect.readers.gather import Rows
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.schema import Raw
from fakedetect.words import Text

_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?", re.ASCII)


def sniff(head: Head) -> float:
    """Videos with a `desc`, their author by name, and counts at the top."""
    return 0.9 if {"createTime", "desc", "author", "commentCount", "isOriginalMusic"} <= head.keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Posts. What is no video is counted in a note: a companion rejects no row."""
    file, rows = JsonFile(source), Rows(source, options)
    lost = 0
    for item in file:
        if isinstance(item.value, dict) and "createTime" in item.value:
            _video(item.value, rows)
        else:
            lost += 1
    if lost:
        rows.note("bad_side_rows", BAD_ROWS, n=lost)
    if file.truncated:
        rows.more(JSON_CUT)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _video(item: dict[str, Any], rows: Rows) -> None:
    post, page = video_of(item.get("url"))
    author, time = item.get("author"), item.get("createTime")
    name = author.lower() if isinstance(author, str) and author else page
    rows.post(post_id=item.get("id") or post, page_id=name, post_author_id=name, post_text=item.get("desc"),
              post_time=f"{time}Z" if isinstance(time, str) and _NAIVE.fullmatch(time) else time,
              declared_comments=item.get("commentCount"), sponsored=item.get("isAd"))


READER = Reader(
    name="tiktok_video_list",
    label=Text("List of TikTok videos (desc, createTime), JSON", "Liste de vidéos TikTok (desc, createTime), JSON"),
    platform="tiktok",
    gives="posts only: id, text, publish time to the second (naive, read as UTC), number of comments, sponsored, name "
    "of the page; companion of romy_tiktok_comments",
    sniff=sniff,
    read=read,
    holds=("posts",),
)
