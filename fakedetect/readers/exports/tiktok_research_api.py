"""TikTok Research API: answers of /video/comment/list, and of /video/query for the videos. Comments have no author."""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.replies import MISSING_REPLIES, Replies
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.schema import Raw
from fakedetect.words import Text

PAGES_GO_ON = Text("has_more says that comments go on, for {more} videos",
                   "has_more dit que les commentaires continuent, pour {more} vidéos")
NO_AUTHORS = Text("the Research API names no author: no check of accounts is possible, only of texts and times",
                  "l'API Research ne nomme aucun auteur : aucun examen des comptes n'est possible, seulement des "
                  "textes et des moments")


def sniff(head: Head) -> float:
    """Comments with the video's id and no user; or videos with a description and a user's name."""
    keys = head.keys
    comments = {"video_id", "create_time"} <= keys and keys & {"parent_comment_id", "has_more", "reply_count"}
    videos = {"video_description", "create_time"} <= keys
    people = {"user", "author", "user_id", "uid", "unique_id", "_create_time"} & keys
    return 0.9 if head.is_json and (comments or videos) and not people else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Answers, one or many, or the bare objects that were in them."""
    file, rows = JsonFile(source), Rows(source, options)
    replies = Replies()
    unfinished: dict[str, bool] = {}
    video, n = "", 0
    for item in file:
        if not isinstance(item.value, dict):
            rows.reject("not of this format", item.bad if item.bad is not None else item.value)
            continue
        data = an_object(item.value.get("data")) or item.value
        bare = "create_time" in data or "text" in data
        code = an_object(item.value.get("error")).get("code", "ok")
        if not bare and not {"comments", "videos"} & data.keys():
            rows.reject("not of this format" if code == "ok" else f"the API answered with an error: {code}", item.value)
            continue
        filmed = [data] if bare and not {"text", "video_id"} & data.keys() else a_list(data.get("videos"))
        for value in [data] if bare and not filmed else a_list(data.get("comments")):
            if isinstance(value, dict):
                _comment(value, rows, replies)
                video, n = str(value.get("video_id")), n + 1
            else:
                rows.reject("not of this format", value)
        for value in map(an_object, filmed):
            rows.post(post_id=value.get("id"), page_id=value.get("username"), post_time=value.get("create_time"),
                      post_text=value.get("video_description"), declared_comments=value.get("comment_count"))
        if "comments" in data:
            unfinished[video] = data.get("has_more") is True
    if n:
        rows.note("no_authors", NO_AUTHORS)
    if file.truncated:
        rows.more(JSON_CUT)
    if more := sum(unfinished.values()):
        rows.more(PAGES_GO_ON, more=more)
    if missing := replies.missing:
        rows.note("missing_replies", MISSING_REPLIES, missing=missing)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _comment(value: dict[str, Any], rows: Rows, replies: Replies) -> None:
    """A comment of the first level names the video as its parent."""
    parent = value.get("parent_comment_id")
    top = str(parent) in (str(value.get("video_id")), "0", "None", "")
    replies.comment(value.get("id"), value.get("reply_count"), None if top else parent)
    rows.comment(comment_id=value.get("id"), post_id=value.get("video_id"), parent_id=None if top else parent,
                 comment_time=value.get("create_time"), text=value.get("text"), likes=value.get("like_count"))


READER = Reader(
    name="tiktok_research_api",
    label=Text("TikTok Research API, comments and videos", "API Research de TikTok, commentaires et vidéos"),
    platform="tiktok",
    gives="time to the second (UTC), text, replies; no author at all, so no account can be checked; publish time and "
    "number of comments where the videos were queried too (in one folder, or with --posts)",
    sniff=sniff,
    read=read,
    holds=("comments", "posts"),
)
