"""Apify instagram-comment-scraper, as JSON: comments with their replies inside, the post only by its address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fakedetect.readers.facebook import short_code
from fakedetect.readers.gather import Rows, a_list, an_object, json_reader
from fakedetect.readers.replies import MISSING_REPLIES
from fakedetect.readers.source import Head
from fakedetect.readers.tiktok import failed, own_picture
from fakedetect.words import Text

MAX_DEPTH = 20


def sniff(head: Head) -> float:
    """Comments by an `ownerUsername`; not the posts of its sister, which hold some comments too."""
    told = {"ownerUsername", "text", "timestamp"} <= head.keys
    return 0.9 if told and not {"caption", "shortCode"} & head.keys else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """Comments and the replies in them."""
    inner = value.get("items") if isinstance(value, dict) else None
    for item in inner if isinstance(inner, list) else [value]:
        if not isinstance(item, dict):
            rows.reject("not of this format", item)
        elif not {"id", "text", "ownerUsername"} & item.keys():
            rows.reject(failed(item["error"]) if "error" in item else "not a comment", item)
        else:
            rows.tally["missing"] += _thread(item, rows)
    return True


def end(rows: Rows) -> None:
    """How many replies are announced and not there."""
    if missing := rows.tally["missing"]:
        rows.note("missing_replies", MISSING_REPLIES, missing=missing)


def _thread(top: dict[str, Any], rows: Rows) -> int:
    """A comment and its replies; how many replies are announced and not there."""
    address = next((a for n in ("postUrl", "commentUrl", "inputUrl") if isinstance(a := top.get(n), str) and a), None)
    post = short_code(address) if address else None
    missing = 0
    for comment, parent in _nested(top, None, 0):
        if not isinstance(comment, dict):
            rows.reject("not a comment", comment)
            continue
        owner = an_object(comment.get("owner"))
        who = {"author_id": owner.get("id"), "author_name": comment.get("ownerUsername") or owner.get("username")}
        rows.comment(comment_id=comment.get("id"), post_id=post, parent_id=parent, **who, text=comment.get("text"),
                     comment_time=comment.get("timestamp"), likes=comment.get("likesCount"))
        picture = own_picture(owner.get("profile_pic_url") or comment.get("ownerProfilePicUrl"))
        if picture is not None or owner.get("is_verified") is not None:
            rows.account(**who, verified=owner.get("is_verified"), has_avatar=picture)
        announced = comment.get("repliesCount")
        if isinstance(announced, int) and 0 < announced < 1 << 31:
            missing += max(0, announced - len(a_list(comment.get("replies"))))
    return missing


def _nested(comment: Any, parent: object, depth: int) -> Iterator[tuple[Any, object]]:
    """The comment and its replies, each with the id of the comment it answers."""
    yield comment, parent
    if isinstance(comment, dict) and depth < MAX_DEPTH:
        for reply in a_list(comment.get("replies")):
            yield from _nested(reply, comment.get("id"), depth + 1)


READER = json_reader(
    "apify_instagram_comments",
    Text("Apify instagram-comment-scraper, JSON", "Apify instagram-comment-scraper, JSON"),
    platform="instagram",
    gives="author id and name, verified, picture or none, time to the second (UTC), replies (repliesCount is "
    "compared), post from its address; no publish time of the post; items that only tell an error are rejected",
    sniff=sniff,
    visit=visit,
    end=end,
    holds=("comments", "accounts"),
)
