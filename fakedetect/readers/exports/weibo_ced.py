"""Weibo posts with comments, one file a post, named NUMBER_POST_AUTHOR.json; times are China's and name no zone.

A comment quotes those before it (`//@name:`), and one without words reads `转发微博` (repost): neither is its author's.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from fakedetect.readers.gather import Rows, json_reader
from fakedetect.readers.source import Head
from fakedetect.words import Text

ZONE = "Asia/Shanghai"
_NAMED = re.compile(r"\d+_([A-Za-z0-9]+)_(\w+)")
_QUOTED = re.compile(r"//\s*@[^:：/@]{1,60}[:：].*", re.DOTALL)
_NO_WORDS = re.compile(r"\s*(?:转发微博|轉發微博|Repost)[。.]?\s*")
FROM_NAME = Text("the post is known from the file's name", "la publication est connue par le nom du fichier")


def sniff(head: Head) -> float:
    """Comments with `kids`, a parent and a `mid`."""
    return 0.9 if {"mid", "uid", "kids", "parent", "date", "text"} <= head.keys else 0.0


def post_in(name: str) -> tuple[str, str | None]:
    """The post and the account that published it, from the name of the file; the whole name where it says no more."""
    stem = PurePath(name).stem
    named = _NAMED.fullmatch(stem)
    return (named[1], named[2]) if named else (stem, None)


def visit(value: Any, rows: Rows) -> bool:
    """One comment: uid is a number, or the address that the account chose."""
    if not isinstance(value, dict) or "mid" not in value:
        return False
    post, page = post_in(rows.source.name)
    if not rows.notes:
        rows.note("post_from_name", FROM_NAME)
        rows.post(post_id=post, page_id=page, post_author_id=page)
    rows.comment(comment_id=value["mid"], post_id=post, page_id=page, parent_id=value.get("parent"),
                 author_id=value.get("uid"), comment_time=value.get("date"), text=own_words(value.get("text")))
    return True


def own_words(text: object) -> str | None:
    """What the author wrote: without what is quoted behind it; None where nothing is left."""
    if not isinstance(text, str):
        return None
    own = _QUOTED.sub("", text).rstrip()
    return None if _NO_WORDS.fullmatch(own) else own or None


READER = json_reader(
    "weibo_ced",
    Text("Weibo, comments of one post (CED)", "Weibo, commentaires d'une publication (CED)"),
    platform="weibo",
    gives="author id (a number or a chosen address), no name; time to the second, read as China's; replies; post and "
    "page from the file's name; quoted comments (//@name:) are cut, and the filler of a comment without words is empty",
    sniff=sniff,
    visit=visit,
    holds=("comments", "posts"),
    naive_zone=ZONE,
    one_post=True,
)
