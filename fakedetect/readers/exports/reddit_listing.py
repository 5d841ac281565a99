"""Reddit's own JSON (a post's address with .json): a listing with the post, then one with its tree of comments.

`replies` is an empty text or a listing. `more` stands where comments were left out.
"""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_object, json_reader
from fakedetect.readers.reddit import comment, submission
from fakedetect.readers.source import Head
from fakedetect.words import Text

MISSING = Text("{n} comments exist that the file does not hold, and {deep} threads go on deeper",
               "{n} commentaires existent que le fichier ne contient pas, et {deep} fils continuent plus bas")
LISTING_GOES_ON = Text("`after` says that the listing of comments goes on",
                       "`after` dit que la liste de commentaires continue")


def sniff(head: Head) -> float:
    """Listings of things with their `kind`."""
    return 0.9 if {"kind", "data", "children", "created_utc"} <= head.keys else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """Every thing of every listing, in the order of the page. One address a line gives a list of its two listings."""
    for listing in value if isinstance(value, list) else [value]:
        if not _listing(listing, rows):
            rows.reject("not of this format", listing)
    return True


def end(rows: Rows) -> None:
    """What the file says it left out."""
    if rows.tally["goes on"]:
        rows.more(LISTING_GOES_ON)
    if rows.tally["comments"] or rows.tally["threads"]:
        rows.note("missing_replies", MISSING, n=rows.tally["comments"], deep=rows.tally["threads"])


def _listing(value: Any, rows: Rows) -> bool:
    if not isinstance(value, dict) or not isinstance(an_object(value.get("data")).get("children"), list):
        return False
    things = list(reversed(value["data"]["children"]))
    if any(an_object(t).get("kind") == "t1" for t in things):
        rows.tally["goes on"] = value["data"].get("after") is not None
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
            rows.tally["comments"] += count if isinstance(count, int) and 0 < count < 1 << 31 else 0
            rows.tally["threads"] += count == 0  # "continue this thread"
        else:
            rows.reject("neither a comment nor a post of Reddit", thing)
    return True


READER = json_reader(
    "reddit_listing",
    Text("Reddit's JSON of a post and its comments", "JSON de Reddit d'une publication et de ses commentaires"),
    platform="reddit",
    gives="author (a name is an account), time to the second (UTC), score, replies, the post with its time, text and "
    "number of comments; `more` tells how many comments are missing; deleted authors and texts are empty",
    sniff=sniff,
    visit=visit,
    end=end,
    holds=("comments", "posts"),
)
