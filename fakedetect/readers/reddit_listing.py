"""Reddit's own JSON (a post's address with .json): a listing with the post, then one with its tree of comments.

`replies` is an empty text or a listing. `more` stands where comments were left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.pushshift import comment, submission
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.schema import Raw
from fakedetect.words import Text

MISSING = Text("{n} comments exist that the file does not hold, and {deep} threads go on deeper",
               "{n} commentaires existent que le fichier ne contient pas, et {deep} fils continuent plus bas")
LISTING_GOES_ON = Text("`after` says that the listing of comments goes on",
                       "`after` dit que la liste de commentaires continue")


def sniff(head: Head) -> float:
    """Listings of things with their `kind`."""
    return 0.9 if head.is_json and {"kind", "data", "children", "created_utc"} <= head.keys else 0.0


@dataclass
class Left:
    """What the file says it left out."""

    comments: int = 0
    threads: int = 0
    goes_on: bool = False


def read(source: Source, options: ReadOptions) -> Raw:
    """Every thing of every listing, in the order of the page."""
    file, rows, left = JsonFile(source), Rows(source, options), Left()
    for item in file:
        # One address a line gives a list of its two listings a line.
        for listing in item.value if isinstance(item.value, list) else [item.value]:
            if item.bad is not None or not _listing(listing, rows, left):
                rows.reject("not of this format", item.bad if item.bad is not None else listing)
    if file.truncated:
        rows.more(JSON_CUT)
    if left.goes_on:
        rows.more(LISTING_GOES_ON)
    if left.comments or left.threads:
        rows.note("missing_replies", MISSING, n=left.comments, deep=left.threads)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _listing(value: Any, rows: Rows, left: Left) -> bool:
    if not isinstance(value, dict) or not isinstance(an_object(value.get("data")).get("children"), list):
        return False
    things = list(reversed(value["data"]["children"]))
    if any(an_object(t).get("kind") == "t1" for t in things):
        left.goes_on = value["data"].get("after") is not None
    while things:
        thing = an_object(things.pop())
        kind, data = thing.get("kind"), an_object(thing.get("data"))
        if kind == "t1":
            comment(data, rows)
            things += reversed(a_list(an_object(an_object(data.get("replies")).get("data")).get("children")))
        elif kind == "t3":
            submission(data, rows)
        elif kind == "more":
            count = data.get("count")
            left.comments += count if isinstance(count, int) and 0 < count < 1 << 31 else 0
            left.threads += count == 0  # "continue this thread"
        else:
            rows.reject("neither a comment nor a post of Reddit", thing)
    return True


READER = Reader(
    name="reddit_listing",
    label=Text("Reddit's JSON of a post and its comments", "JSON de Reddit d'une publication et de ses commentaires"),
    platform="reddit",
    gives="author (a name is an account), time to the second (UTC), score, replies, the post with its time, text and "
    "number of comments; `more` tells how many comments are missing; deleted authors and texts are empty",
    sniff=sniff,
    read=read,
    holds=("comments", "posts"),
)
