"""YouTube Data API v3, commentThreads.list: one response, a list of them, or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fakedetect.readers.columns import said
from fakedetect.readers.gather import a_list, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.markup import plain
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.replies import MISSING_REPLIES
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT, as_text, cut, from_dicts, rejects
from fakedetect.schema import Raw
from fakedetect.words import Text

PAGES_GO_ON = Text("nextPageToken says that more pages of comments exist, for {more} videos",
                   "nextPageToken dit que d'autres pages de commentaires existent, pour {more} vidéos")
COLUMNS = ("comment_id", "post_id", "page_id", "parent_id", "author_id", "author_name", "comment_time", "text", "likes")


def sniff(head: Head) -> float:
    """Threads have a topLevelComment."""
    return 0.9 if head.is_json and {"topLevelComment", "snippet"} <= head.keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Threads and the replies that came with them. The channel of a video is the author of its post."""
    file = JsonFile(source)
    comments: list[dict[str, Any]] = []
    numbers: list[int] = []
    bad: list[tuple[int, str, str]] = []
    videos: dict[str, dict[str, Any]] = {}
    missing = row = 0
    unfinished: dict[object, bool] = {}
    for item in file:
        threads = _threads(item.value)
        if threads is None:
            row += 1
            bad.append((row, "not a thread of comments", item.bad if item.bad is not None else str(item.value)))
            continue
        for thread in threads:
            found = list(_comments(thread))
            if not found:
                row += 1
                bad.append((row, "not a thread of comments", str(thread)))
                continue
            for comment in found:
                row += 1
                comments.append(comment)
                numbers.append(row)
            first = found[0]
            if first["post_id"] and first["page_id"]:
                told = {"post_id": first["post_id"], "page_id": first["page_id"], "post_author_id": first["page_id"]}
                videos.setdefault(first["post_id"], told)
            declared = an_object(thread.get("snippet")).get("totalReplyCount")
            missing += max(0, (declared if isinstance(declared, int) else 0) - (len(found) - 1))
        if isinstance(item.value, dict) and "items" in item.value:
            last = comments[-1]["post_id"] if comments else None
            unfinished[last] = "nextPageToken" in item.value
    notes = []
    if file.truncated:
        notes.append(cut(source, JSON_CUT, options.strict))
    if more := sum(unfinished.values()):
        notes.append(cut(source, PAGES_GO_ON, options.strict, more=more))
    if missing:
        notes.append(said("missing_replies", MISSING_REPLIES, source.name, missing=missing))
    return Raw(
        comments=from_dicts(comments, COLUMNS, source.name, numbers),
        posts=from_dicts(list(videos.values()), ("post_id", "page_id", "post_author_id"), source.name),
        rejects=rejects(source.name, bad),
        format=READER.name,
        platform=READER.platform,
        encoding=file.encoding,
        truncated=file.truncated or more > 0,
        notes=tuple(notes),
        rows_read=row,
    )


def _threads(value: object) -> list[dict[str, Any]] | None:
    """The threads of a response, or the one thread that the value is; None where it is neither."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("items"), list):
        return [an_object(v) for v in value["items"]]
    return [value] if "snippet" in value else None


def _comments(thread: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The top comment and its replies; nothing where the object is no thread."""
    snippet = an_object(thread.get("snippet"))
    top = an_object(snippet.get("topLevelComment"))
    if not top:
        return
    yield _comment(top, snippet, None)
    for reply in a_list(an_object(thread.get("replies")).get("comments")):
        yield _comment(an_object(reply), snippet, top.get("id"))


def _comment(comment: dict[str, Any], thread: dict[str, Any], parent: object) -> dict[str, Any]:
    snippet = an_object(comment.get("snippet"))
    author = snippet.get("authorChannelId")
    text = snippet.get("textOriginal")
    if text is None and isinstance(snippet.get("textDisplay"), str):
        text = plain(snippet["textDisplay"])
    return {
        "comment_id": comment.get("id"),
        "post_id": as_text(thread.get("videoId") or snippet.get("videoId")),
        "page_id": thread.get("channelId") or snippet.get("channelId"),
        "parent_id": snippet.get("parentId") or parent,
        "author_id": author.get("value") if isinstance(author, dict) else author,
        "author_name": snippet.get("authorDisplayName"),
        "comment_time": snippet.get("publishedAt"),
        "text": text,
        "likes": snippet.get("likeCount"),
    }


READER = Reader(
    name="youtube_threads",
    label=Text(en="YouTube Data API v3, commentThreads.list", fr="API YouTube Data v3, commentThreads.list"),
    platform="youtube",
    gives="author id, time to the second (Z), replies (often only some: totalReplyCount is compared); "
    "no publish time of the video, which --posts can add; nextPageToken means more pages exist",
    sniff=sniff,
    read=read,
    holds=("comments", "posts"),
)
