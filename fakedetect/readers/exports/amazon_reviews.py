"""The public sets of Amazon reviews, one review a line: 2023 (times in milliseconds) and 2014 or 2018 (day only)."""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import Rows, a_list, json_reader
from fakedetect.readers.source import Head
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """An article's number (asin) with a reviewer and stars."""
    if "asin" not in head.keys:
        return 0.0
    return 0.9 if {"user_id", "rating", "timestamp"} <= head.keys or {"reviewerID", "overall"} <= head.keys else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """One review of either edition. Variants of an article are one item in 2023 (parent_asin)."""
    if not isinstance(value, dict) or "asin" not in value:
        return False
    if "reviewerID" in value:
        helpful = a_list(value.get("helpful"))
        rows.comment(post_id=value["asin"], author_id=value["reviewerID"], author_name=value.get("reviewerName"),
                     comment_time=value.get("unixReviewTime"), text=value.get("reviewText"),
                     rating=value.get("overall"), verified_purchase=value.get("verified"),
                     likes=value.get("vote", helpful[0] if helpful else None))
        return True
    if not {"user_id", "rating"} & value.keys():
        return False
    rows.comment(post_id=value.get("parent_asin") or value["asin"], author_id=value.get("user_id"),
                 comment_time=value.get("timestamp"), text=value.get("text"), rating=value.get("rating"),
                 verified_purchase=value.get("verified_purchase"), likes=value.get("helpful_vote"))
    return True


READER = json_reader(
    "amazon_reviews",
    Text("Amazon reviews, public sets of 2014, 2018, 2023", "Avis Amazon, jeux publics de 2014, 2018, 2023"),
    platform="amazon",
    gives="reviewer id, stars, verified purchase, article as the reviewed item; 2023: time to the millisecond (UTC), "
    "no name; 2014 and 2018: the day only, and a name; reviews have no id of their own: one is made from their content",
    sniff=sniff,
    visit=visit,
)
