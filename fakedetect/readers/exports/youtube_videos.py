"""YouTube Data API v3, lists of videos as JSON: videos.list, search.list, playlistItems.list; companion of comments."""

from __future__ import annotations

import re
from typing import Any

from fakedetect.readers.gather import LEFT_OUT, NO_VIDEOS, Rows, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.readers.youtube import items
from fakedetect.words import Text

_KIND = re.compile(r'"youtube#(?:video|searchResult|playlistItem)(?:ListResponse)?"')
NOT = frozenset(("topLevelComment", "textDisplay", "authorChannelId", "subscriberCount"))
"""Fields of comments and of channels."""


def sniff(head: Head) -> float:
    """Items that say they are videos; where that was left out, a snippet and its counts of views and likes."""
    mine = {"snippet", "publishedAt", "channelId"} <= head.keys and not NOT & head.keys
    return 0.9 if mine and (_KIND.search(head.text) or "viewCount" in head.keys) else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """One response, or one item of it."""
    rows.tally[LEFT_OUT] += sum(not _video(item, rows) for item in items(value))
    return True


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


READER = json_reader(
    "youtube_videos",
    Text("YouTube Data API v3, videos.list", "API YouTube Data v3, videos.list"),
    platform="youtube",
    gives="posts only: id, channel, title, publish time to the second (Z), number of comments, sponsored where that "
    "part was asked for; also search.list and playlistItems.list (contentDetails); companion of youtube_threads",
    sniff=sniff,
    visit=visit,
    left_out=NO_VIDEOS,
    holds=("posts",),
)
