"""TikTok comments as Zeeschuimer collects and 4CAT keeps them: the platform's own items, one a line, in a wrapper.

Zeeschuimer puts the item in `data`; 4CAT puts what was around it in `__import_meta`.
"""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.words import Text

_ITEM = {"cid", "aweme_id", "reply_id", "create_time", "user"}


def sniff(head: Head) -> float:
    """TikTok's comments in one of the two wrappers."""
    wrapped = "__import_meta" in head.keys or {"source_platform", "item_id", "data"} <= head.keys
    return 0.95 if wrapped and head.keys >= _ITEM else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """A comment, or a reply: the comment it answers is its reply_id, "0" for none."""
    item = an_object(value)
    item = an_object(item.get("data")) or item
    if not {"cid", "aweme_id"} <= item.keys():
        return False
    user = an_object(item.get("user"))
    pictures = a_list(an_object(user.get("avatar_thumb")).get("url_list"))
    share = an_object(item.get("share_info"))
    rows.comment(comment_id=item["cid"], post_id=item["aweme_id"], parent_id=item.get("reply_id"),
                 author_id=user.get("uid"), author_name=user.get("unique_id") or user.get("nickname"),
                 comment_time=item.get("create_time"), text=item.get("text"), likes=item.get("digg_count"))
    if user.get("uid"):
        rows.account(author_id=user["uid"], author_name=user.get("unique_id") or user.get("nickname"),
                     has_avatar=next((p for p in pictures if isinstance(p, str)), None),
                     bio=user.get("signature") or None)
    rows.post(post_id=item["aweme_id"], post_text=share.get("title"))
    return True


READER = json_reader(
    "fourcat_ndjson",
    Text("4CAT or Zeeschuimer, TikTok comments in NDJSON", "4CAT ou Zeeschuimer, commentaires TikTok en NDJSON"),
    platform="tiktok",
    gives="author id and handle, avatar, bio, time to the second (UTC), likes, replies; no time of the video, which "
    "--posts can add; items of other platforms are rejected",
    sniff=sniff,
    visit=visit,
    holds=("comments", "posts", "accounts"),
)
