"""instaloader's `..._comments.json`: the comments of one Instagram post, answers under them."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.words import Text

_NAMED = re.compile(r"(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)-(\d\d)_UTC")


def sniff(head: Head) -> float:
    """Comments with `answers` and an `owner`."""
    return 0.9 if {"answers", "owner", "created_at", "likes_count"} <= head.keys else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """The post is named by the file, and so is its time: `2024-03-05_17-00-02_UTC_comments.json`."""
    if not isinstance(value, dict) or "owner" not in value:
        return False
    post = None
    if named := _NAMED.search(PurePath(rows.source.name).name):
        post = named.group()
        rows.post(post_id=post, post_time=f"{named.group(1)}T{':'.join(named.group(2, 3, 4))}Z")
    _one(value, None, post, rows)
    for answer in a_list(value.get("answers")):
        _one(an_object(answer), value.get("id"), post, rows)
    return True


def _one(comment: dict[str, Any], parent: object, post: str | None, rows: Rows) -> None:
    owner = an_object(comment.get("owner"))
    rows.comment(comment_id=comment.get("id"), post_id=post, parent_id=parent, author_id=owner.get("id"),
                 author_name=owner.get("username"), comment_time=comment.get("created_at"), text=comment.get("text"),
                 likes=comment.get("likes_count"))
    if owner.get("id"):
        rows.account(author_id=owner["id"], author_name=owner.get("username"), verified=owner.get("is_verified"),
                     has_avatar=owner.get("profile_pic_url"))


READER = json_reader(
    "instaloader",
    Text("instaloader, comments of one Instagram post", "instaloader, commentaires d'une publication Instagram"),
    platform="instagram",
    gives="author id and name, verified, time to the second (UTC); post id and post time from the file's name, where "
    "instaloader's pattern of names was kept",
    sniff=sniff,
    visit=visit,
    holds=("comments", "posts", "accounts"),
    one_post=True,
)
