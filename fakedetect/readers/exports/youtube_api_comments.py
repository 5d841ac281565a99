"""CSV dumps of YouTube comments that scripts make of the Data API v3, under the API's names in any spelling.

`author_channel_id` often holds the text of a Python dict, `{'value': 'UC...'}`; the text of a comment is HTML where the
script took `textDisplay`. Such dumps mostly hold 100 or 200 comments a video, and not the replies they count.
"""

from __future__ import annotations

from dataclasses import replace

from fakedetect.readers.headers import key
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader
from fakedetect.readers.source import Head
from fakedetect.readers.youtube import MINET, settled
from fakedetect.words import Text


def _anywhere(*names: str) -> tuple[str, ...]:
    """The names as they are, and as pandas' json_normalize writes those of nested objects."""
    return tuple(p + n for n in names for p in ("", "snippet.", "snippet.topLevelComment.snippet."))


AUTHOR = _anywhere("author_channel_id", "author_channel_id.value")
TIME = _anywhere("published_at")
TEXT = _anywhere("text_original", "text_display", "text", "comment", "comment_text", "content", "message")
OTHERS = ("is_reply_to_name", "parent_com_id", "total_reply")
"""Columns of ytdt, and of minet's old layout."""


def sniff(head: Head) -> float:
    """Comments with the id of their author's channel and the time they were published."""
    if head.is_json or head.is_binary:
        return 0.0
    there = {key(c) for c in head.columns}
    mine = all(there & {key(n) for n in names} for names in (AUTHOR, TIME, TEXT))
    taken = there & {key(n) for n in OTHERS} or {key(n) for n in MINET} <= there
    return 0.9 if mine and not taken else 0.0


_COMMENTS = csv_reader(
    "youtube_api_comments",
    Text("YouTube Data API v3, comments in CSV", "API YouTube Data v3, commentaires en CSV"),
    platform="youtube",
    gives="author id (also where it stands as {'value': 'UC...'}) and name, time to the second (Z), replies where the "
    "script fetched them, HTML texts as typed; no publish time of the video, which youtube_api_videos or "
    "youtube_videos add; often only the first 100 or 200 comments of a video",
    needed=(),
    columns={"comment_id": ("comment_id", "snippet.topLevelComment.id", "id"), "post_id": _anywhere("video_id"),
             "page_id": _anywhere("channel_id"), "parent_id": ("parent_comment_id", *_anywhere("parent_id"), "parent"),
             "author_id": AUTHOR, "author_name": _anywhere("author_display_name", "author_name", "author"),
             "comment_time": TIME, "text": TEXT, "likes": _anywhere("like_count", "likes")},
    also={"announced": _anywhere("reply_count", "total_reply_count")},
    fix=settled,
)
READER: Reader = replace(_COMMENTS, sniff=sniff)
