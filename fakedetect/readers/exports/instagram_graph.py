"""Instagram Graph API: media with comments and replies, or the comments alone: one answer, several, or one a line.

Comments of accounts that the page restricts, and those under age-gated media, are not handed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_object, gathered
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tiktok import owners
from fakedetect.schema import Raw
from fakedetect.words import Text

MAX_DEPTH = 20
LISTS_GO_ON = Text("paging.next says that {more} lists of comments go on",
                   "paging.next dit que {more} listes de commentaires continuent")
LAST_GOES_ON = Text("paging.next says that the last list goes on", "paging.next dit que la dernière liste continue")
_MEDIA = frozenset(("comments", "media_type", "media_product_type", "permalink", "caption", "shortcode",
                    "comments_count", "media_url"))
_ELSEWHERE = frozenset(("created_time", "root_post", "replied_to", "is_reply"))
"""Keys of Facebook's answers, and of those of Threads."""
_STAMP = re.compile(r'"timestamp"\s*:\s*"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000"')


@dataclass
class Found:
    """What is said of the file as a whole, once it is read."""

    more: int = 0
    last_goes_on: bool = False
    owners: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Place:
    """The media on which comments stand, and its owner."""

    post: object = None
    owner_id: object = None
    owner_name: object = None

    @property
    def page(self) -> object:
        return self.owner_name or self.owner_id


def sniff(head: Head) -> float:
    """Times as this API writes them, on media, or on comments by a `username`."""
    media, comments = _MEDIA & head.keys, {"username", "from"} & head.keys
    if not (media or ("text" in head.keys and comments)) or _ELSEWHERE & head.keys:
        return 0.0
    return 0.9 if _STAMP.search(head.text) else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Media, comments and replies. `from` is left out by older versions: the account is then known by its name."""
    found = Found()
    rows = gathered(source, options, lambda value, rows: _answer(value, rows, found))
    if found.more:
        rows.more(LISTS_GO_ON, more=found.more)
    if found.last_goes_on:
        rows.more(LAST_GOES_ON)
    raw = rows.raw(fmt=READER.name, platform=READER.platform)
    return replace(raw, declared=owners(found.owners, source.name))


def _answer(value: Any, rows: Rows, found: Found) -> bool:
    """One answer: a list of media or of comments, a single one, or an account with its `media`."""
    if not isinstance(value, dict):
        return False
    inside = an_object(value.get("media"))
    who = value if isinstance(inside.get("data"), list) else {}
    listed = inside if who else value
    data = listed.get("data")
    found.last_goes_on = isinstance(data, list) and "next" in an_object(listed.get("paging"))
    for node in data if isinstance(data, list) else [value]:
        kind = an_object(node)
        if "id" in kind and _MEDIA & kind.keys():
            _media(kind, who, rows, found)
        elif "text" in kind or {"timestamp", "username"} <= kind.keys():
            place = Place(an_object(kind.get("media")).get("id"))
            _comments([kind], None, place, rows, found)
        elif "error" in kind:
            rows.reject(f"the API answered with an error: {str(an_object(kind['error']).get('message'))[:200]}", node)
        else:
            rows.reject("neither media nor a comment", node)
    return True


def _media(node: dict[str, Any], who: dict[str, Any], rows: Rows, found: Found) -> None:
    owner = an_object(node.get("owner"))
    place = Place(node["id"], owner.get("id") or who.get("id"), node.get("username") or owner.get("username")
                  or who.get("username"))
    rows.post(post_id=place.post, page_id=place.page, post_time=node.get("timestamp"), post_text=node.get("caption"),
              declared_comments=node.get("comments_count"), post_author_id=place.owner_id)
    found.more += _goes_on(node, "comments")
    _comments(_edge(node, "comments"), None, place, rows, found)


def _comments(listed: list[Any], parent: object, place: Place, rows: Rows, found: Found) -> None:
    for comment, above in _nested(listed, parent, 0):
        if not isinstance(comment, dict):
            rows.reject("not a comment", comment)
            continue
        author, user = an_object(comment.get("from")), an_object(comment.get("user"))
        name = comment.get("username") or author.get("username") or user.get("username")
        number = author.get("id") or user.get("id")
        if isinstance(name, str) and name == place.owner_name:
            # The page's own comments come with an id of another kind, or with none.
            number = place.owner_id
            found.owners.add(name)
        found.more += _goes_on(comment, "replies")
        rows.comment(comment_id=comment.get("id"), post_id=place.post, page_id=place.page,
                     parent_id=comment.get("parent_id") or above, author_id=number, author_name=name,
                     comment_time=comment.get("timestamp"), text=comment.get("text"), likes=comment.get("like_count"))


def _nested(listed: list[Any], parent: object, depth: int) -> Iterator[tuple[Any, object]]:
    """Comments and, behind each, its replies with the id of the comment they answer."""
    for comment in listed:
        yield comment, parent
        if isinstance(comment, dict) and depth < MAX_DEPTH:
            yield from _nested(_edge(comment, "replies"), comment.get("id"), depth + 1)


def _edge(node: dict[str, Any], name: str) -> list[Any]:
    """The list under an edge: inside `data`, or bare as some clients leave it."""
    edge = node.get(name)
    return edge if isinstance(edge, list) else a_list(an_object(edge).get("data"))


def _goes_on(node: dict[str, Any], name: str) -> int:
    return int("next" in an_object(an_object(node.get(name)).get("paging")))


READER = Reader(
    name="instagram_graph",
    label=Text("Instagram Graph API, media with comments", "API Graph d'Instagram, publications avec commentaires"),
    platform="instagram",
    gives="author id (where `from` was asked for) and name, time to the second (UTC), replies, post time, text and "
    "number of comments where the media stand around the comments, the page's own account; comments of restricted "
    "accounts are not handed out; paging.next means that lists go on beyond the file",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "declared"),
)
