"""Trustpilot pages as scraped (__NEXT_DATA__): two layouts of columns, which one set of files may mix.

The short one names no author. `Name` in the long one is the company. `experienced` is the day of the purchase, not of
the review.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fakedetect.readers.columns import changed, without
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text

NAME = "trustpilot_nextdata"
LABEL = Text("Trustpilot, pages as scraped (CSV or spreadsheet)", "Trustpilot, pages récoltées (CSV ou tableur)")
_COMPANY = re.compile(r"/review/([^/?#\s]+)")


def company(address: str) -> str | None:
    """The reviewed domain in the address of its page."""
    found = _COMPANY.search(address)
    return found.group(1) if found else None


def fix_short(raw: Raw) -> Raw:
    """The company from the page's address; no author."""
    return replace(raw, comments=without(changed(raw.comments, "post_id", company), "author_name"))


_SHORT = csv_reader(
    NAME, LABEL, platform="trustpilot", gives="", fix=fix_short,
    needed=("id", "filtered", "pending", "text", "rating", "experienced", "published"),
    # A table without authors would be refused: a column that is never empty stands in until `fix_short`.
    columns={"comment_id": "id", "post_id": "source", "author_name": "filtered", "comment_time": "published",
             "text": "text", "rating": "rating", "likes": "likes"},
)
_LONG = csv_reader(
    NAME, LABEL, platform="trustpilot", gives="", holds=("comments", "accounts"),
    needed=("Review ID", "Review Text", "Consumer ID", "Consumer Name"),
    columns={"comment_id": "Review ID", "post_id": ("Company Domain", "Name"), "author_id": "Consumer ID",
             "author_name": "Consumer Name", "comment_time": ("Review Time", "Published"), "text": "Review Text",
             "rating": ("Review Rating", "Rating"), "likes": "Likes",
             "verified_purchase": ("Is Verified", "Review Is Verified"), "reply_text": "Reply Text",
             "posts_count": "Consumer Review Count", "has_avatar": "Consumer Image",
             "verified": "Consumer Is Verified"},
)


def read(source: Source, options: ReadOptions) -> Raw:
    """By the layout that the header shows."""
    return max((_SHORT, _LONG), key=lambda layout: layout.sniff(Head.of(source))).read(source, options)


READER = Reader(
    name=NAME,
    label=LABEL,
    platform="trustpilot",
    gives="stars, time to the second (Z), company, likes; in the long layout also consumer id and name, how many "
    "reviews the consumer wrote, verified, the company's reply; the short layout names no author: tests of accounts "
    "are refused",
    sniff=lambda head: max(_SHORT.sniff(head), _LONG.sniff(head)),
    read=read,
    holds=("comments", "accounts"),
    maps=True,
)
