"""Apify clockworks/tiktok-comments-scraper, as JSON: comments and replies in one list, the video only by its address.

A failed video leaves an item with nothing but `error`, `input` and `url`. A video's id holds a clock, which is no
publish time: pages schedule posts, and theirs is off by days. Post times come from a list of the videos beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from fakedetect.readers.gather import Rows
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT, from_dicts
from fakedetect.schema import Raw
from fakedetect.words import Text

_VIDEO = re.compile(r"(?:/@([^/?#\s]*))?/(?:video|photo|v)/(\d+)")
NO_PICTURE = ("1594805258216454", "44884218_345707102882519_", "464760996_1254146839119862_")
"""In the address of the picture that TikTok, and Instagram (twice), show for accounts without one."""
MISSING_REPLIES = Text("{missing} replies exist that the file does not hold",
                       "{missing} réponses existent que le fichier ne contient pas")


@dataclass
class Replies:
    """How many replies an export announces under each comment, and how many it holds."""

    announced: dict[str, int] = field(default_factory=dict)
    held: Counter[str] = field(default_factory=Counter)

    def comment(self, comment: object, announced: object, parent: object) -> None:
        """Take note of one comment: how many replies it should have, and the comment that it answers itself."""
        if isinstance(announced, int) and 0 < announced < 1 << 31:
            self.announced[str(comment)] = announced
        if parent:
            self.held[str(parent)] += 1

    @property
    def missing(self) -> int:
        return sum(max(0, n - self.held[comment]) for comment, n in self.announced.items())


def sniff(head: Head) -> float:
    """Comments have a `cid`, and TikTok's words in camel case."""
    own = {"videoWebUrl", "diggCount", "repliesToId", "uniqueId"}
    return 0.9 if "cid" in head.keys and len(own & head.keys) >= 2 else 0.0


def video_of(*addresses: object) -> tuple[str | None, str | None]:
    """(id of the video, name of the account it stands on) from the first address that names a video.

    Where none does (a short link), the first address itself, without what follows the question mark.
    """
    given = [a.strip() for a in addresses if isinstance(a, str) and a.strip()]
    for address in given:
        if named := _VIDEO.search(address):
            return named[2], (named[1] or "").lower() or None
    return (given[0].partition("?")[0] if given else None), None


def own_picture(address: object) -> bool | None:
    """The account has a picture of its own; None where no address is given."""
    return not any(n in address for n in NO_PICTURE) if isinstance(address, str) and address else None


def failed(error: object) -> str:
    """Why an item of Apify that tells an error is no comment."""
    return f"the scraper failed here: {str(error)[:200]}"


def owners(names: Iterable[str], where: str) -> pa.Table | None:
    """These accounts as the owners of their pages, said by the file `where`; None where there is none."""
    listed = [{"author_name": n, "role": "owner"} for n in sorted(names)]
    return from_dicts(listed, ("author_name", "role"), where) if listed else None


def read(source: Source, options: ReadOptions) -> Raw:
    """Comments and replies. Who comments under the name of the page is its owner."""
    file, rows = JsonFile(source), Rows(source, options)
    replies, owner_names = Replies(), set[str]()
    for item in file:
        inner = item.value.get("items") if isinstance(item.value, dict) else None
        for value in inner if isinstance(inner, list) else [item.value]:
            if not isinstance(value, dict):
                rows.reject("not of this format", item.bad if item.bad is not None else value)
            elif not {"cid", "text"} & value.keys():
                rows.reject(failed(value["error"]) if "error" in value else "not a comment", value)
            elif _comment(value, rows, replies):
                owner_names.add(value["uniqueId"])
    if file.truncated:
        rows.more(JSON_CUT)
    if missing := replies.missing:
        rows.note("missing_replies", MISSING_REPLIES, missing=missing)
    raw = rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)
    return replace(raw, declared=owners(owner_names, source.name))


def _comment(item: dict[str, Any], rows: Rows, replies: Replies) -> bool:
    """One comment; True where the page's own account wrote it."""
    post, page = video_of(*(item.get(n) for n in ("videoWebUrl", "submittedVideoUrl", "input")))
    name, parent = item.get("uniqueId"), item.get("repliesToId") or None
    replies.comment(item.get("cid"), item.get("replyCommentTotal"), parent)
    rows.comment(comment_id=item.get("cid"), post_id=post, page_id=page, parent_id=parent, author_id=item.get("uid"),
                 author_name=name, comment_time=item.get("createTimeISO") or item.get("createTime"),
                 text=item.get("text"), likes=item.get("diggCount"))
    if (picture := own_picture(item.get("avatarThumbnail"))) is not None:
        rows.account(author_id=item.get("uid"), author_name=name, has_avatar=picture)
    return isinstance(name, str) and page is not None and name.lower() == page


READER = Reader(
    name="apify_tiktok_comments",
    label=Text("Apify tiktok-comments-scraper (clockworks), JSON", "Apify tiktok-comments-scraper (clockworks), JSON"),
    platform="tiktok",
    gives="author id and name, picture or none, time to the second (UTC), replies, page and its own account from the "
    "video's address; no publish time of the video, which its list (apify_tiktok_videos) adds; items that only tell "
    "an error are rejected",
    sniff=sniff,
    read=read,
    holds=("comments", "accounts", "declared"),
)
