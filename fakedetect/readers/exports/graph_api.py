"""Meta Graph API, /{page}/feed with nested comments: one response, a list of them, or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fakedetect.readers.gather import a_list, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT, cut, from_dicts, rejects
from fakedetect.schema import Raw
from fakedetect.words import Text

COLUMNS = ("comment_id", "post_id", "page_id", "parent_id", "author_id", "author_name", "comment_time", "text", "likes")
POST_COLUMNS = ("post_id", "page_id", "post_time", "post_text", "declared_comments", "post_author_id")
MAX_DEPTH = 20
"""Levels of replies that are followed; the API gives two."""
LISTS_GO_ON = Text("paging.next says that {more} lists of comments go on",
                   "paging.next dit que {more} listes de commentaires continuent")
POSTS_GO_ON = Text("paging.next says that the page has further posts",
                   "paging.next dit que la page a d'autres publications")


def sniff(head: Head) -> float:
    """A `data` list of posts with `created_time` and nested `comments`."""
    return 0.8 if head.is_json and {"data", "created_time", "comments"} <= head.keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Posts, comments and replies. `from` is absent without a Page token: the author is then null."""
    file = JsonFile(source)
    comments: list[dict[str, Any]] = []
    numbers: list[int] = []
    posts: list[dict[str, Any]] = []
    bad: list[tuple[int, str, str]] = []
    row = more = 0
    unread_feed = False
    for item in file:
        if not isinstance(item.value, dict):
            row += 1
            bad.append((row, "not a post with comments", item.bad if item.bad is not None else str(item.value)))
            continue
        feed = item.value.get("data")
        unread_feed = "next" in an_object(item.value.get("paging"))
        for post in feed if isinstance(feed, list) else [item.value]:
            if not isinstance(post, dict) or "id" not in post:
                row += 1
                bad.append((row, "not a post with comments", str(post)))
                continue
            page = (
                str(post["id"]).partition("_")[0]
                if "_" in str(post["id"])
                else an_object(post.get("from")).get("id")
            )
            posts.append(_post(post, page))
            more += _more(post)
            for comment, parent in _nested(post, None, 0):
                row += 1
                comments.append(_comment(comment, parent, post["id"], page))
                numbers.append(row)
                more += _more(comment)
    notes = []
    if file.truncated:
        notes.append(cut(source, JSON_CUT, options.strict))
    if more:
        notes.append(cut(source, LISTS_GO_ON, options.strict, more=more))
    if unread_feed:
        notes.append(cut(source, POSTS_GO_ON, options.strict))
    return Raw(
        comments=from_dicts(comments, COLUMNS, source.name, numbers),
        posts=from_dicts(posts, POST_COLUMNS, source.name),
        rejects=rejects(source.name, bad),
        format=READER.name,
        platform=READER.platform,
        encoding=file.encoding,
        truncated=file.truncated or more > 0 or unread_feed,
        notes=tuple(notes),
        rows_read=row,
    )


def _more(node: dict[str, Any]) -> int:
    """1 where the list of comments under a post or comment has a next page."""
    return int("next" in an_object(an_object(node.get("comments")).get("paging")))


def _nested(node: dict[str, Any], parent: object, depth: int) -> Iterator[tuple[dict[str, Any], object]]:
    """Comments under a node and under those, each with the id of the comment it answers."""
    for comment in a_list(an_object(node.get("comments")).get("data")) if depth < MAX_DEPTH else []:
        if isinstance(comment, dict):
            yield comment, parent
            yield from _nested(comment, comment.get("id"), depth + 1)


def _post(post: dict[str, Any], page: object) -> dict[str, Any]:
    total = an_object(an_object(post.get("comments")).get("summary")).get("total_count")
    return {
        "post_id": post["id"],
        "page_id": page,
        "post_time": post.get("created_time"),
        "post_text": post.get("message") or post.get("story"),
        "declared_comments": total,
        "post_author_id": an_object(post.get("from")).get("id"),
    }


def _comment(comment: dict[str, Any], parent: object, post: object, page: object) -> dict[str, Any]:
    author = an_object(comment.get("from"))
    return {
        "comment_id": comment.get("id"),
        "post_id": post,
        "page_id": page,
        "parent_id": an_object(comment.get("parent")).get("id") or parent,
        "author_id": author.get("id"),
        "author_name": author.get("name"),
        "comment_time": comment.get("created_time"),
        "text": comment.get("message"),
        "likes": comment.get("like_count"),
    }


READER = Reader(
    name="graph_api",
    label=Text(
        en="Meta Graph API, page feed with comments", fr="API Graph de Meta, fil d'une page avec commentaires"
    ),
    platform="facebook",
    gives="author id and name (only with a Page token), time to the second, post time and text, replies; "
    "paging.next means that lists go on beyond the file",
    sniff=sniff,
    read=read,
    holds=("comments", "posts"),
)
