"""Discourse, a topic's JSON (/t/ID.json): its first post is the post, the others are comments.

The file holds twenty posts or so; `stream` names all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_id, an_object, gathered
from fakedetect.readers.markup import NESTED, plain, without_quotes
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text

MISSING = Text("{n} posts of these topics exist that the file does not hold",
               "{n} messages de ces sujets existent que le fichier ne contient pas")
_QUOTE = re.compile(r'<aside class="quote\b[^>]{0,2000}>(?:(?!<aside\b|</aside>).)*</aside>', re.DOTALL)
SMALL_ACTION = 3
"""post_type of what the forum itself notes: closed, moved, pinned."""
LIKE = 2


def sniff(head: Head) -> float:
    """A stream of posts."""
    return 0.9 if head.is_json and {"post_stream", "posts", "post_number", "created_at"} <= head.keys else 0.0


@dataclass
class Seen:
    """What was read so far, by topic."""

    posts: dict[tuple[str | None, int], object] = field(default_factory=dict)
    """(topic, number of a post) -> its id."""
    ids: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    """Ids in the streams."""


def read(source: Source, options: ReadOptions) -> Raw:
    """The topics of the file, page after page."""
    seen = Seen()
    rows = gathered(source, options, lambda value, rows: _topic(value, rows, seen))
    if missing := len(seen.named - seen.ids):
        rows.note("missing_replies", MISSING, n=missing)
    return rows.raw(fmt=READER.name, platform=READER.platform)


def _topic(value: Any, rows: Rows, seen: Seen) -> bool:
    if not isinstance(value, dict) or not isinstance(an_object(value.get("post_stream")).get("posts"), list):
        return False
    stream, topic = value["post_stream"], an_id(value.get("id"))
    seen.named |= {name for name in map(an_id, a_list(stream.get("stream"))) if name}
    for post in map(an_object, stream["posts"]):
        _post(post, topic or an_id(post.get("topic_id")), value, rows, seen)
    return True


def _post(post: Mapping[str, Any], topic: str | None, value: Mapping[str, Any], rows: Rows, seen: Seen) -> None:
    name, number = an_id(post.get("id")), post.get("post_number")
    if name is None or not isinstance(number, int):
        rows.reject("not a post of Discourse", dict(post))
        return
    seen.ids.add(name)
    seen.posts[topic, number] = name
    if post.get("post_type") == SMALL_ACTION:
        rows.reject("a note of the forum itself, no post", name)
        return
    author = an_id(post.get("user_id")) or an_id(post.get("username"))
    if author:
        rows.account(author_id=author, author_name=post.get("username"),
                     has_avatar=_avatar(post.get("avatar_template")))
    text = None if post.get("user_deleted") is True else _text(post)
    if number == 1:
        total = value.get("posts_count")
        told = "\n".join(t for t in (value.get("title"), text) if isinstance(t, str) and t)
        rows.post(post_id=topic, post_time=post.get("created_at"), post_text=told or None, post_author_id=author,
                  declared_comments=total - 1 if isinstance(total, int) and total > 0 else None)
        return
    to, likes = post.get("reply_to_post_number"), [
        a.get("count") for a in map(an_object, a_list(post.get("actions_summary"))) if a.get("id") == LIKE]
    parent = None
    if isinstance(to, int) and to > 1:
        parent = seen.posts.get((topic, to), f"{topic}/{to}")  # as its address has it, where the post is not here
    rows.comment(comment_id=name, post_id=topic, parent_id=parent, author_id=author, author_name=post.get("username"),
                 comment_time=post.get("created_at"), text=text,
                 likes=likes[0] if likes else post.get("like_count"))


def _text(post: Mapping[str, Any]) -> str | None:
    """What the author wrote, without what is quoted; `raw` (Markdown) where the export has it."""
    text = next((t for t in (post.get("raw"), post.get("cooked")) if isinstance(t, str)), None)
    return None if text is None else own_words(text)


def own_words(text: str) -> str:
    """Markdown or HTML without quotes and tags."""
    text = without_quotes(text)
    for _ in range(NESTED):
        text, n = _QUOTE.subn(" ", text)
        if not n:
            break
    return plain(text).strip()


def _avatar(template: object) -> bool | None:
    """Whether a picture is the account's own, and not its first letter."""
    return "letter" not in template if isinstance(template, str) and template else None


READER = Reader(
    name="discourse",
    label=Text("Discourse, a topic's JSON (/t/ID.json)", "Discourse, JSON d'un sujet (/t/ID.json)"),
    platform="",
    gives="author id and name, own picture, time to the millisecond (Z), likes, replies, the topic's first post with "
    "its time and the number of posts; `stream` tells how many posts are missing; quotes are cut, notes of the forum "
    "rejected",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts"),
    one_post=True,
)
