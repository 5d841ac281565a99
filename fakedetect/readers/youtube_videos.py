"""YouTube Data API v3, lists of videos as JSON: videos.list, search.list, playlistItems.list; companion of comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fakedetect.readers.apify_tiktok_videos import BAD_ROWS
from fakedetect.readers.gather import Rows, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.schema import Raw
from fakedetect.words import Text

_KIND = re.compile(r'"youtube#(?:video|searchResult|playlistItem)(?:ListResponse)?"')
NOT = frozenset(("topLevelComment", "textDisplay", "authorChannelId", "subscriberCount"))
"""Fields of comments and of channels."""


def sniff(head: Head) -> float:
    """Items that say they are videos; where that was left out, a snippet and its counts of views and likes."""
    mine = {"snippet", "publishedAt", "channelId"} <= head.keys and not NOT & head.keys
    return 0.9 if mine and (_KIND.search(head.text) or "viewCount" in head.keys) else 0.0


def items(value: Any) -> Iterator[Any]:
    """The items of one response; the value itself where it is none."""
    inner = value.get("items") if isinstance(value, dict) else None
    yield from inner if isinstance(inner, list) else [value]


def read(source: Source, options: ReadOptions) -> Raw:
    """Posts. What is no video is counted in a note: a companion rejects no row."""
    file, rows = JsonFile(source), Rows(source, options)
    lost = sum(not _video(item, rows) for value in file for item in items(value.value))
    if lost:
        rows.note("bad_side_rows", BAD_ROWS, n=lost)
    if file.truncated:
        rows.more(JSON_CUT)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _video(value: Any, rows: Rows) -> bool:
    """One video; False where the item is none. An item of a playlist says in its snippet when it was put there."""
    item = an_object(value)
    snippet, details = an_object(item.get("snippet")), an_object(item.get("contentDetails"))
    listed = an_object(snippet.get("resourceId"))
    post = item.get("id")
    if isinstance(post, dict):
        post = post.get("videoId")
    if listed:
        post = listed.get("videoId")
    if not isinstance(post, str) or not post or not snippet:
        return False
    owner = snippet.get("videoOwnerChannelId") if listed else snippet.get("channelId")
    rows.post(post_id=post, page_id=owner, post_author_id=owner, post_text=snippet.get("title"),
              post_time=details.get("videoPublishedAt") if listed else snippet.get("publishedAt"),
              declared_comments=an_object(item.get("statistics")).get("commentCount"),
              sponsored=an_object(item.get("paidProductPlacementDetails")).get("hasPaidProductPlacement"))
    return True


READER = Reader(
    name="youtube_videos",
    label=Text("YouTube Data API v3, videos.list", "API YouTube Data v3, videos.list"),
    platform="youtube",
    gives="posts only: id, channel, title, publish time to the second (Z), number of comments, sponsored where that "
    "part was asked for; also search.list and playlistItems.list (contentDetails); companion of youtube_threads",
    sniff=sniff,
    read=read,
    holds=("posts",),
)
