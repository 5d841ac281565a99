"""A list of TikTok videos as JSON, as it stands beside romy_tiktok_comments. Its `createTime` is UTC and says no zone.

The comments beside it are written in the local time of a machine: their reader moves them to UTC, and this one says
that these already are.
"""

from __future__ import annotations

import re
from typing import Any

from fakedetect.readers.gather import NO_VIDEOS, Rows, json_reader
from fakedetect.readers.source import Head
from fakedetect.readers.tiktok import video_of
from fakedetect.words import Text

_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?", re.ASCII)


def sniff(head: Head) -> float:
    """Videos with a `desc`, their author by name, and counts at the top."""
    return 0.9 if {"createTime", "desc", "author", "commentCount", "isOriginalMusic"} <= head.keys else 0.0


def visit(item: Any, rows: Rows) -> bool:
    """One post."""
    if not isinstance(item, dict) or "createTime" not in item:
        return False
    post, page = video_of(item.get("url"))
    author, time = item.get("author"), item.get("createTime")
    name = author.lower() if isinstance(author, str) and author else page
    rows.post(post_id=item.get("id") or post, page_id=name, post_author_id=name, post_text=item.get("desc"),
              post_time=f"{time}Z" if isinstance(time, str) and _NAIVE.fullmatch(time) else time,
              declared_comments=item.get("commentCount"), sponsored=item.get("isAd"))
    return True


READER = json_reader(
    "tiktok_video_list",
    Text("List of TikTok videos (desc, createTime), JSON", "Liste de vidéos TikTok (desc, createTime), JSON"),
    platform="tiktok",
    gives="posts only: id, text, publish time to the second (naive, read as UTC), number of comments, sponsored, name "
    "of the page; companion of romy_tiktok_comments",
    sniff=sniff,
    visit=visit,
    left_out=NO_VIDEOS,
    holds=("posts",),
)
