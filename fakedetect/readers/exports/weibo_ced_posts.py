"""Weibo posts of the CED set, one file a post: companion of its comments, which have a file of the same name."""

from __future__ import annotations

from typing import Any

from fakedetect.readers.exports.weibo_ced import post_in
from fakedetect.readers.gather import Rows, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """A post with its `user` and counts."""
    return 0.9 if {"text", "user", "reposts", "comments", "time", "messages", "friends"} <= head.keys else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """The comments are what was written when it was passed on, so that `reposts` counts them."""
    if not isinstance(value, dict) or "reposts" not in value:
        return False
    post, page = post_in(rows.source.name)
    rows.post(post_id=post, page_id=page, post_time=value.get("time"), post_text=value.get("text"),
              declared_comments=value.get("reposts"), post_author_id=page)
    user, bio = an_object(value.get("user")), an_object(value.get("user")).get("description")
    if user and page:
        rows.account(author_id=page, created_at=user.get("time"), followers=user.get("followers"),
                     following=user.get("friends"), posts_count=user.get("messages"), verified=user.get("verified"),
                     bio=bio if isinstance(bio, str) and bio else None)
    return True


READER = json_reader(
    "weibo_ced_posts",
    Text("Weibo, one post (CED)", "Weibo, une publication (CED)"),
    platform="weibo",
    gives="posts only: id and account from the file's name, time (UTC), text, number of reposts, profile of the "
    "account that published it; companion of its comments",
    sniff=sniff,
    visit=visit,
    holds=("posts", "accounts"),
)
