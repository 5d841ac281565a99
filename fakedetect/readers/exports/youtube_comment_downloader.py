"""youtube-comment-downloader: the comments of one YouTube video, one JSON object a line (or a list under `comments`).

`time` is an age in the language of the run ("il y a 1 an (modifié)"); `time_parsed` was made of it on that day. The
video is named by the file at most. A reply's id is its parent's, a dot, and its own.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from fakedetect.readers.gather import Rows
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.replies import MISSING_REPLIES, Replies
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.readers.youtube import FROM_NAME
from fakedetect.schema import Raw
from fakedetect.words import Text

_NAMED = re.compile(r"(?![a-z]{11})[\w-]{11}", re.ASCII)
"""Small letters alone are a word, as `commentaire`: of the ids of videos one in twenty thousand is such."""
AGES = Text("{n} comment times were made by the downloader from ages such as '1 year ago': they are not exact",
            "{n} dates de commentaires ont été déduites par le téléchargeur d'âges comme « il y a 1 an » : elles ne "
            "sont pas exactes")


def sniff(head: Head) -> float:
    """Comments with a `cid`, `votes` and a `heart`."""
    return 0.9 if {"cid", "text", "time", "votes", "heart"} <= head.keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Comments and replies."""
    file, rows, replies = JsonFile(source), Rows(source, options), Replies()
    stem = PurePath(source.name).name.partition(".")[0]
    post = stem if _NAMED.fullmatch(stem) else None
    dated = 0
    for item in file:
        inner = item.value.get("comments") if isinstance(item.value, dict) else None
        for value in inner if isinstance(inner, list) else [item.value]:
            if isinstance(value, dict) and "cid" in value:
                _comment(value, post, rows, replies)
                dated += value.get("time_parsed") is not None
            else:
                rows.reject("not of this format", item.bad if item.bad is not None else value)
    if dated:
        rows.note("times_from_ages", AGES, n=dated)
    if post and rows.n_read:
        rows.note("post_from_name", FROM_NAME)
    if replies.missing:
        rows.note("missing_replies", MISSING_REPLIES, missing=replies.missing)
    if file.truncated:
        rows.more(JSON_CUT)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _comment(item: dict[str, Any], post: str | None, rows: Rows, replies: Replies) -> None:
    own, announced, time = item["cid"], item.get("replies"), item.get("time_parsed")
    parent = own.rpartition(".")[0] or None if isinstance(own, str) else None
    told = announced if isinstance(announced, str) and re.fullmatch(r"\d{1,9}", announced) else None
    replies.comment(own, None if told is None else int(told), parent)
    rows.comment(comment_id=own, post_id=post, parent_id=parent, author_id=item.get("channel"),
                 author_name=item.get("author"), comment_time=item.get("time") if time is None else time,
                 text=item.get("text"), likes=item.get("votes"))


READER = Reader(
    name="youtube_comment_downloader",
    label=Text("youtube-comment-downloader, comments of one video",
               "youtube-comment-downloader, commentaires d'une vidéo"),
    platform="youtube",
    gives="author id and name, replies; times are made from ages (hours to years), which rules out tests of timing; "
    "the video's id only where the file bears its name, and no publish time of it, which youtube_videos adds",
    sniff=sniff,
    read=read,
    one_post=True,
)
