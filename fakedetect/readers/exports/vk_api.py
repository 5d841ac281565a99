"""VK wall.getComments in JSON: one response, a list of them, one a line, or the bare comments.

Ids below zero are groups. A deleted comment keeps its place and time, and has no author and no text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_object, gathered
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text

MISSING = Text("{n} comments or replies exist that the file does not hold",
               "{n} commentaires ou réponses existent que le fichier ne contient pas")


def sniff(head: Head) -> float:
    """What only comments have; before 2019 they had little more than posts, which have a post_type or reposts."""
    keys = head.keys
    if not head.is_json or not {"from_id", "date", "text"} <= keys:
        return 0.0
    if {"parents_stack", "reply_to_comment"} & keys:
        return 0.9
    bare = {"post_id", "owner_id"} <= keys or {"response", "items"} <= keys
    return 0.85 if bare and not {"post_type", "reposts"} & keys else 0.0


@dataclass
class Counted:
    """Comments of one post, replies among them: as VK counts them (`told`), and as the file holds them."""

    told: int = 0
    held: int = 0
    replies_told: int = 0
    replies_held: int = 0

    @property
    def missing(self) -> int:
        """The post's own count has its replies in it; without one, those of the threads are all there is."""
        return max(0, self.told - self.held if self.told else self.replies_told - self.replies_held)


@dataclass
class State:
    """What the responses of one file say together. posts: by owner and post."""

    names: dict[int, str] = field(default_factory=dict)
    posts: dict[tuple[Any, Any], Counted] = field(default_factory=dict)


def read(source: Source, options: ReadOptions) -> Raw:
    """Comments and the replies that came with them."""
    state = State()
    rows = gathered(source, options, lambda value, rows: _answers(value, rows, state))
    if missing := sum(count.missing for count in state.posts.values()):
        rows.note("missing_replies", MISSING, n=missing)
    for (owner, post), count in state.posts.items():
        if count.told and post is not None:
            group = owner if isinstance(owner, int) and owner < 0 else None  # on whose wall it stands
            rows.post(post_id=post, page_id=owner, declared_comments=count.told, post_author_id=group)
    return rows.raw(fmt=READER.name, platform=READER.platform)


def _answers(value: Any, rows: Rows, state: State) -> bool:
    """A response, or several in a list."""
    inner = value.get("response", value) if isinstance(value, dict) else value
    for answer in inner if isinstance(inner, list) else [inner]:
        if not _answer(answer, rows, state):
            rows.reject("not of this format", answer)
    return True


def _answer(value: Any, rows: Rows, state: State) -> bool:
    """What a call gives, or one comment of it."""
    if not isinstance(value, dict):
        return False
    if not isinstance(value.get("items"), list):
        return _comment(value, None, rows, state) is not None
    _people(value, rows, state)
    for item in value["items"]:
        place = _comment(item, None, rows, state)
        if place is None:
            rows.reject("not a comment", item)
        elif _is_count(value.get("count")) and not a_list(item.get("parents_stack")):
            # A call for one thread counts that thread only.
            state.posts[place].told = max(state.posts[place].told, value["count"])
    return True


def _people(value: dict[str, Any], rows: Rows, state: State) -> None:
    """Names and what else an extended response says of its authors."""
    for sign, listed in ((1, a_list(value.get("profiles"))), (-1, a_list(value.get("groups")))):
        for one in map(an_object, listed):
            if not _is_count(one.get("id")):
                continue
            who = sign * one["id"]
            name = one.get("name") if sign < 0 else " ".join(
                n for n in (one.get("first_name"), one.get("last_name")) if isinstance(n, str) and n)
            # VK writes DELETED for a name that is gone; the id still tells the account.
            if isinstance(name, str) and name and one.get("deactivated") is None:
                state.names[who] = name
            rows.account(author_id=who, author_name=state.names.get(who), verified=one.get("verified"),
                         followers=one.get("followers_count", one.get("members_count")),
                         has_avatar=one.get("has_photo"), bio=one.get("status") or None)


def _comment(value: Any, above: dict[str, Any] | None, rows: Rows, state: State) -> tuple[Any, Any] | None:
    """Gathers one comment and its thread; owner and post, or None where it is no comment. VK nests once."""
    if not isinstance(value, dict) or "date" not in value or not {"from_id", "deleted"} & value.keys():
        return None
    around = above or {}
    place = _plain(value.get("owner_id", around.get("owner_id"))), _plain(value.get("post_id", around.get("post_id")))
    author = value.get("from_id")
    gone = bool(value.get("deleted")) or not isinstance(author, int) or author == 0
    stack = a_list(value.get("parents_stack"))
    parent = value.get("reply_to_comment") or (stack[-1] if stack else around.get("id"))
    rows.comment(comment_id=value.get("id"), post_id=place[1], page_id=place[0], parent_id=parent,
                 author_id=None if gone else author, author_name=None if gone else state.names.get(author or 0),
                 comment_time=value["date"], text=None if value.get("deleted") else value.get("text"),
                 likes=an_object(value.get("likes")).get("count"))
    count, thread = state.posts.setdefault(place, Counted()), an_object(value.get("thread"))
    count.held += 1
    count.replies_held += parent is not None
    count.replies_told += thread["count"] if _is_count(thread.get("count")) else 0
    for reply in a_list(thread.get("items")) if above is None else []:
        if _comment(reply, {**value, "owner_id": place[0], "post_id": place[1]}, rows, state) is None:
            rows.reject("not a comment", reply)
    return place


def _plain(value: Any) -> Any:
    """The value where it can be an id."""
    return value if isinstance(value, int | str) else None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


READER = Reader(
    name="vk_api",
    label=Text("VK API, wall.getComments", "API VK, wall.getComments"),
    platform="vk",
    gives="author id (below zero: a group) and, with extended=1, name and profile; time to the second (UTC), likes, "
    "replies (counts are compared); post time from wall.get beside it; deleted comments have no author",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts"),
)
