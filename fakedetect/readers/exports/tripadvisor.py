"""TripAdvisor reviews in JSON, as scrapers and the Content API name them. No real file was at hand: field names are
those of their documentation."""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import Rows, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """Reviews of a location."""
    here = head.keys
    return 0.85 if {"rating", "user"} <= here and ({"locationId", "publishedDate"} <= here
                                                   or {"location_id", "published_date"} <= here) else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """One review, or a response with some in `data`."""
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        for review in value["data"]:
            if not _review(review, rows):
                rows.reject("not a review", review)
        return True
    return _review(value, rows)


def _review(value: Any, rows: Rows) -> bool:
    if not isinstance(value, dict) or not ({"publishedDate", "published_date"} & value.keys()):
        return False
    user = an_object(value.get("user"))
    reply = _either(value, "ownerResponse", "owner_response")
    name = user.get("username") or user.get("name")
    rows.comment(comment_id=value.get("id"), post_id=_either(value, "locationId", "location_id"),
                 author_id=user.get("userId"), author_name=name,
                 comment_time=_either(value, "publishedDate", "published_date"), text=value.get("text"),
                 rating=value.get("rating"), likes=_either(value, "helpfulVotes", "helpful_votes"),
                 reply_text=reply.get("text") if isinstance(reply, dict) else reply)
    wrote = an_object(user.get("contributions")).get("totalContributions")
    if wrote is not None and (user.get("userId") or name):
        rows.account(author_id=user.get("userId"), author_name=name, posts_count=wrote)
    return True


def _either(value: dict[str, Any], *names: str) -> Any:
    return next((value[n] for n in names if value.get(n) is not None), None)


READER = json_reader(
    "tripadvisor",
    Text("TripAdvisor, reviews (JSON)", "TripAdvisor, avis (JSON)"),
    platform="tripadvisor",
    gives="user id and name, number of contributions, stars, date (mostly the day only: no test of hours), location as "
    "the reviewed item, the owner's reply; field names not verified: check with inspect; a table and --map correct",
    sniff=sniff,
    visit=visit,
    holds=("comments", "accounts"),
    verified=False,
)
