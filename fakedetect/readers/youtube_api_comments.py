"""CSV dumps of YouTube comments that scripts make of the Data API v3, under the API's names in any spelling.

`author_channel_id` often holds the text of a Python dict, `{'value': 'UC...'}`; the text of a comment is HTML where the
script took `textDisplay`. Such dumps mostly hold 100 or 200 comments a video, and not the replies they count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fakedetect.readers.apify_facebook_comments import ANNOUNCED, cells, missing_replies, with_texts, without
from fakedetect.readers.headers import key
from fakedetect.readers.markup import plain
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader
from fakedetect.readers.source import Head
from fakedetect.schema import Note, Raw
from fakedetect.words import Text


def _anywhere(*names: str) -> tuple[str, ...]:
    """The names as they are, and as pandas' json_normalize writes those of nested objects."""
    return tuple(p + n for n in names for p in ("", "snippet.", "snippet.topLevelComment.snippet."))


AUTHOR = _anywhere("author_channel_id", "author_channel_id.value")
TIME = _anywhere("published_at")
TEXT = _anywhere("text_original", "text_display", "text", "comment", "comment_text", "content", "message")
OTHERS = ("is_reply_to_name", "parent_com_id", "total_reply")
"""Columns of ytdt, and of minet's old layout."""
MINET = ("comment_id", "author_name", "author_channel_id", "text", "like_count", "published_at", "updated_at",
         "reply_count", "parent_comment_id")
"""Columns of minet's present layout, which scripts may also have, but not all."""
_DICT = re.compile(r"""\{\s*['"]value['"]\s*:\s*['"]([^'"]+)['"]\s*\}""")
_CHANNEL = re.compile(r"/channel/(UC[\w-]{22})", re.ASCII)
_VIDEO = re.compile(r"(?:[?&]v=|youtu\.be/|/(?:shorts|live|embed|v)/)([\w-]{11})(?![\w-])", re.ASCII)
_HTML = re.compile(r"&(?:#39|quot|amp|lt|gt);|<br ?/?>|<a href=\"")
_NOTHING = frozenset(("nan", "none", "null"))


def sniff(head: Head) -> float:
    """Comments with the id of their author's channel and the time they were published."""
    if head.is_json or head.is_binary:
        return 0.0
    there = {key(c) for c in head.columns}
    mine = all(there & {key(n) for n in names} for names in (AUTHOR, TIME, TEXT))
    taken = there & {key(n) for n in OTHERS} or {key(n) for n in MINET} <= there
    return 0.9 if mine and not taken else 0.0


def channel(value: str | None) -> str | None:
    """The id of a channel: as it stands, out of the text of a Python dict, or out of its address."""
    if value is None:
        return None
    if value.lstrip().startswith("{"):
        named = _DICT.search(value)
        return named[1] if named else None
    named = _CHANNEL.search(value)
    return named[1] if named else value


def video(value: str | None) -> str | None:
    """The id of a video: as it stands, or out of its address."""
    named = _VIDEO.search(value) if value else None
    return named[1] if named else value


def as_typed(texts: Sequence[str | None]) -> list[str | None]:
    """The texts as they were typed, where the marks of HTML show that the column holds `textDisplay`."""
    if not any(t is not None and _HTML.search(t) for t in texts):
        return list(texts)
    return [None if t is None else plain(t) for t in texts]


def unanswered(announced: Sequence[str | None], parents: Sequence[str | None], where: str) -> list[Note]:
    """A note where comments announce more replies than the file holds; pandas writes 8.0 and nan."""
    whole = [None if a is None else a.removesuffix(".0") for a in announced]
    return missing_replies(whole, [None if p is None or p.lower() in _NOTHING else p for p in parents], where)


def settled(raw: Raw) -> Raw:
    """The Raw with ids and texts as YouTube has them."""
    table = raw.comments
    if not table.num_rows:
        return raw
    notes = unanswered(cells(table, ANNOUNCED), cells(table, "parent_id"), str(table["source"][0].as_py()))
    columns = {"author_id": [channel(a) for a in cells(table, "author_id")], "text": as_typed(cells(table, "text")),
               "post_id": [video(p) for p in cells(table, "post_id")]}
    return replace(raw, comments=without(with_texts(table, columns), ANNOUNCED), notes=(*raw.notes, *notes))


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
             "comment_time": TIME, "text": TEXT, "likes": _anywhere("like_count", "likes"),
             ANNOUNCED: _anywhere("reply_count", "total_reply_count")},
    fix=settled,
)
READER: Reader = replace(_COMMENTS, sniff=sniff)
