"""VK wall.get in JSON: the posts of a wall, companion of wall.getComments."""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import Rows, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """Posts of a wall: they have a post_type or reposts, and nothing of what only comments have."""
    keys = head.keys
    if not {"from_id", "owner_id", "date", "text"} <= keys or {"parents_stack", "reply_to_comment"} & keys:
        return 0.0
    return 0.9 if {"post_type", "reposts"} & keys else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """A response with its wrapping or without, or one post."""
    if isinstance(value, dict) and "response" in value:
        value = value["response"]
    if not isinstance(value, dict):
        return False
    items = value.get("items") if isinstance(value.get("items"), list) else [value]
    found = False
    for post in map(an_object, items if isinstance(items, list) else []):
        if "date" in post and ("owner_id" in post or "post_type" in post):
            found = True
            rows.post(post_id=post.get("id"), page_id=post.get("owner_id"), post_time=post["date"],
                      post_text=post.get("text"), post_author_id=_own(post),
                      sponsored=post.get("marked_as_ads"),
                      declared_comments=an_object(post.get("comments")).get("count"))
    return found


def _own(post: dict[str, Any]) -> object:
    """The author, where the wall is its own: guests of a wall are not its owners."""
    return post.get("from_id") if post.get("from_id") == post.get("owner_id") else None


READER = json_reader(
    "vk_wall",
    Text("VK API, wall.get (posts)", "API VK, wall.get (publications)"),
    platform="vk",
    gives="posts only: id, wall, time (UTC), text, author, number of comments, marked as an ad; companion of vk_api",
    sniff=sniff,
    visit=visit,
    holds=("posts",),
)
