"""yt-dlp's `.info.json` of a YouTube video; with --write-comments its comments stand in it, else it is a companion.

A comment's `timestamp` is made from its age on the day of the run ("1 year ago"), so many share one midnight. The
video's own is exact; its `upload_date`, a day, is not used for it.
"""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import NO_VIDEOS, Rows, a_list, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.schema import Raw
from fakedetect.words import Text

OWN = frozenset(("author_is_uploader", "upload_date", "webpage_url", "formats", "automatic_captions", "extractor_key",
                 "channel_follower_count"))
MAX_DEPTH = 3
"""Levels of playlists: a channel, its tabs, their videos."""
AGES = Text("{n} comment times were made by yt-dlp from ages such as '1 year ago': they are not exact",
            "{n} dates de commentaires ont été déduites par yt-dlp d'âges comme « il y a 1 an » : elles ne sont pas "
            "exactes")
BROKEN_OFF = Text("yt-dlp was broken off while it fetched the comments",
                  "yt-dlp a été interrompu pendant qu'il récupérait les commentaires")


def sniff(head: Head) -> float:
    """What yt-dlp says of a video. Its comments may begin behind the lists of formats and captions, out of sight."""
    mine = {"id", "title"} <= head.keys and {"channel_id", "uploader_id"} & head.keys
    return 0.9 if mine and len(OWN & head.keys) >= 2 else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Videos, their comments, and what is said of their authors."""
    file, rows = JsonFile(source), Rows(source, options)
    lost = dated = 0
    for item in file:
        stack: list[tuple[Any, int]] = [(item.value, 0)]
        while stack:
            value, depth = stack.pop()
            info = an_object(value)
            if "entries" in info and depth < MAX_DEPTH:
                stack += [(inner, depth + 1) for inner in reversed(a_list(info["entries"]))]
            elif isinstance(info.get("id"), str) and ("comments" in info or "title" in info):
                dated += _video(info, rows)
            else:
                lost += 1
    if lost:
        rows.note("bad_side_rows", NO_VIDEOS, n=lost)
    if dated:
        rows.note("times_from_ages", AGES, n=dated)
    if file.truncated:
        rows.more(JSON_CUT)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _video(info: dict[str, Any], rows: Rows) -> int:
    """One video and its comments; how many of them have a time."""
    page = info.get("channel_id") or info.get("uploader_id")
    comments = [an_object(c) for c in a_list(info.get("comments"))]
    owners = [c.get("author_id") for c in comments if c.get("author_is_uploader") is True and c.get("author_id")]
    owner = page if page in owners or not owners else owners[0]
    # Beside comments, comment_count says how many were fetched, not how many there are.
    declared = None if comments else info.get("comment_count")
    rows.post(post_id=info["id"], page_id=page, post_author_id=owner, post_text=info.get("title"),
              post_time=info.get("timestamp"), declared_comments=declared)
    if page:
        marks = (info.get("channel_is_verified"), *(c.get("author_is_verified") for c in comments
                                                    if c.get("author_id") == page))
        rows.account(author_id=page, author_name=info.get("channel") or info.get("uploader"),
                     followers=info.get("channel_follower_count"),
                     verified=next((m for m in marks if m is not None), None))
    for comment, found in zip(comments, a_list(info.get("comments")), strict=True):
        if comment:
            _comment(comment, info["id"], page, rows)
        else:
            rows.reject("not a comment", found)
    if comments and "comment_count" in info and info["comment_count"] is None:
        rows.more(BROKEN_OFF)
    return sum(c.get("timestamp") is not None for c in comments)


def _comment(comment: dict[str, Any], post: str, page: object, rows: Rows) -> None:
    author, time = comment.get("author_id"), comment.get("timestamp")
    rows.comment(comment_id=comment.get("id"), post_id=post, page_id=page, parent_id=comment.get("parent"),
                 author_id=author, author_name=comment.get("author"), text=comment.get("text"),
                 comment_time=comment.get("_time_text", comment.get("time_text")) if time is None else time,
                 likes=comment.get("like_count"))
    if author and author != page and comment.get("author_is_verified") is not None:
        rows.account(author_id=author, author_name=comment.get("author"), verified=comment["author_is_verified"])


READER = Reader(
    name="ytdlp_info",
    label=Text("yt-dlp, .info.json of YouTube videos", "yt-dlp, .info.json de vidéos YouTube"),
    platform="youtube",
    gives="author id and name, verified, replies, channel, title, the video's exact publish time; comment times are "
    "made from ages (hours to years), which rules out tests of timing; without comments in it, a companion",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts"),
)
