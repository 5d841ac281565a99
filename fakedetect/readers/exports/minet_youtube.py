"""minet youtube comments, in CSV: columns of its input first, then one comment a row. It had two layouts.

The input is mostly minet's own list of videos, which has a `published_at` of its own: of two columns of one name, the
last is the comment's.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from fakedetect.readers.columns import cells, with_texts
from fakedetect.readers.layouts import told_apart
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.youtube import MINET, settled
from fakedetect.schema import Raw
from fakedetect.words import Text

LAYOUTS = (frozenset(MINET), frozenset((*MINET[:7], "total_reply", "Parent_com_id")))
VIDEO = frozenset(("channel_id", "channel_title", "title", "published_at (input)"))
"""Columns before the comment's that show that the input was a list of videos."""


def sniff(head: Head) -> float:
    """One of the two layouts, whatever stands before it."""
    there = set(head.columns)
    return 0.9 if not head.is_json and not head.is_binary and any(names <= there for names in LAYOUTS) else 0.0


def _columns_apart(source: Source, folder: Path) -> Source:
    """The file with `(input)` behind each column name that comes again after it; itself where none does."""
    data = told_apart(source.decoded())
    if data is None:
        return source
    path = folder / "renamed"
    path.write_bytes(data)
    return replace(source, path=path)


def fix(raw: Raw) -> Raw:
    """The Raw with ids and texts as YouTube has them; who owns the channel published its videos."""
    raw = settled(raw)
    posts = raw.posts
    return raw if posts is None else replace(raw, posts=with_texts(posts, {"post_author_id": cells(posts, "page_id")}))


_COMMENTS, _WITH_VIDEOS = (csv_reader(
    "minet_youtube",
    Text("minet, comments of YouTube videos", "minet, commentaires de vidéos YouTube"),
    platform="youtube",
    gives="author id and name, time to the second (Z), replies; channel, title and publish time of the video where the "
    "input was minet's list of videos, else youtube_api_videos adds them",
    needed=(),
    columns={"comment_id": "comment_id", "post_id": ("video_id", "video_url", "url", "video"),
             "parent_id": ("parent_comment_id", "Parent_com_id"), "author_id": "author_channel_id",
             "author_name": "author_name", "comment_time": "published_at", "text": "text", "likes": "like_count",
             **videos},
    also={"announced": ("reply_count", "total_reply")},
    fix=fix,
    holds=("comments", "posts"),
) for videos in ({}, {"page_id": "channel_id", "post_time": "published_at (input)", "post_text": "title",
                      "declared_comments": "comment_count"}))


def read(source: Source, options: ReadOptions) -> Raw:
    """Comments, and the videos where the input's columns describe them."""
    with tempfile.TemporaryDirectory(prefix="fakedetect-") as folder:
        apart = _columns_apart(source, Path(folder))
        described = set(Head.of(apart).columns) >= VIDEO
        raw = (_WITH_VIDEOS if described else _COMMENTS).read(apart, options)
    return replace(raw, encoding=source.decoded().encoding)


READER: Reader = replace(_COMMENTS, sniff=sniff, read=read)
