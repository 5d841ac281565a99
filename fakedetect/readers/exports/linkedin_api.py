"""LinkedIn's API, socialActions/{post}/comments: one response, a list of them, or one a line.

Replies are fetched with calls of their own and stand in responses of their own.
"""

from __future__ import annotations

import re
from typing import Any

from fakedetect.readers.gather import Rows, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.schema import Raw
from fakedetect.words import Text

_URN = re.compile(r"urn:li:comment:\((.+),([^,()]+)\)")
PAGES_GO_ON = Text("paging.total says that {more} comments exist beyond the file",
                   "paging.total dit que {more} commentaires existent au-delà du fichier")


def sniff(head: Head) -> float:
    """Comments with an actor, a message and what they stand under."""
    wanted = {"actor", "created", "message", "object", "text", "time"}
    return 0.9 if head.is_json and wanted <= head.keys and "urn:li:" in head.text else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Every comment. What paging counts is compared with what all the responses for one post or thread hold."""
    file, rows = JsonFile(source), Rows(source, options)
    told: dict[object, int] = {}
    held: dict[object, int] = {}
    for item in file:
        value = item.value
        elements = value.get("elements") if isinstance(value, dict) else None
        for comment in elements if isinstance(elements, list) else [value]:
            under = _comment(comment, rows) if item.bad is None else None
            if under is None:
                rows.reject("not of this format", item.bad if item.bad is not None else comment)
                continue
            held[under] = held.get(under, 0) + 1
            total = an_object(an_object(value).get("paging")).get("total")
            if isinstance(total, int):
                told[under] = max(total, told.get(under, 0))
    if file.truncated:
        rows.more(JSON_CUT)
    if more := sum(max(0, total - held[under]) for under, total in told.items()):
        rows.more(PAGES_GO_ON, more=more)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _comment(value: Any, rows: Rows) -> tuple[object, object] | None:
    """Gathers one comment: the post and the comment it stands under, or None where it is no comment."""
    if not isinstance(value, dict) or not {"actor", "message"} <= value.keys():
        return None
    named = _split(value.get("commentUrn") or value.get("$URN"))
    above = _split(value.get("parentComment"))
    who = an_object(value.get("actor~"))
    name = who.get("localizedName") or " ".join(
        n for n in (who.get("localizedFirstName"), who.get("localizedLastName")) if isinstance(n, str))
    post = value.get("object") if isinstance(value.get("object"), str) else named[0]
    rows.comment(comment_id=_split(value.get("id"))[1] or value.get("id") or named[1], post_id=post, parent_id=above[1],
                 author_id=value.get("actor"), author_name=name or None,
                 comment_time=an_object(value.get("created")).get("time"),
                 text=an_object(value.get("message")).get("text"),
                 likes=an_object(value.get("likesSummary")).get("totalLikes"))
    return post, above[1]


def _split(urn: object) -> tuple[str | None, str | None]:
    """Post and comment in `urn:li:comment:(urn:li:activity:1,2)`."""
    found = _URN.fullmatch(urn) if isinstance(urn, str) else None
    return (found.group(1), found.group(2)) if found else (None, None)


READER = Reader(
    name="linkedin_api",
    label=Text("LinkedIn API, socialActions comments", "API LinkedIn, commentaires (socialActions)"),
    platform="linkedin",
    gives="author's urn (a name only where it was asked for with the actor), time to the millisecond (UTC), likes, "
    "replies where they were fetched, post as the urn in `object`; no post time, which --posts can add; paging.total "
    "tells how many comments are missing",
    sniff=sniff,
    read=read,
)
