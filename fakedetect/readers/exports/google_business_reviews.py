"""Google Business Profile: reviews from the API or from Takeout, one response, a list of them, or one review a line.

Google hands out a translation and the original in one text; only the original is kept.
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

_NAMED = re.compile(r"(?:accounts/([^/]+)/)?locations/([^/]+)(?:/reviews/([^/]+))?$")
_TRANSLATED = re.compile(r"\((?:Translated by Google|Traduit par Google|Traducido por Google)\)", re.IGNORECASE)
_ORIGINAL = re.compile(r"\((?:Original|Avis d['’]origine)\)", re.IGNORECASE)
PAGES_GO_ON = Text("nextPageToken says that more reviews exist, of {more} locations",
                   "nextPageToken dit que d'autres avis existent, pour {more} établissements")


def sniff(head: Head) -> float:
    """Reviews with `starRating` and a reviewer."""
    return 0.9 if head.is_json and {"starRating", "reviewer", "createTime"} <= head.keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Every review. Of several responses for one location, the last says whether more exist."""
    file, rows = JsonFile(source), Rows(source, options)
    unfinished: dict[str | None, bool] = {}
    for item in file:
        if item.bad is not None or not _response(item.value, rows, unfinished):
            rows.reject("not of this format", item.bad if item.bad is not None else item.value)
    if file.truncated:
        rows.more(JSON_CUT)
    if more := sum(unfinished.values()):
        rows.more(PAGES_GO_ON, more=more)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def original(text: object) -> object:
    """What was written, without Google's translation before or behind it."""
    if not isinstance(text, str) or not (translated := _TRANSLATED.search(text)):
        return text
    before = text[:translated.start()]
    if before.strip():
        return before.strip() if before.rstrip(" ").endswith("\n") else text
    found = _ORIGINAL.search(text, translated.end())
    return text[found.end():].strip() if found else text


def _response(value: Any, rows: Rows, unfinished: dict[str | None, bool]) -> bool:
    """A response of reviews.list or batchGetReviews, or one review."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("reviews"), list):
        reviews = value["reviews"]
    elif isinstance(value.get("locationReviews"), list):
        pairs = [(an_object(r), an_object(an_object(r).get("review"))) for r in value["locationReviews"]]
        reviews = [{**review, "name": review.get("name") or around.get("name")} for around, review in pairs]
    else:
        return _review(value, rows)[2]
    account = location = None
    for review in reviews:
        stands, at, known = _review(review, rows)
        if not known:
            rows.reject("not a review", review)
        account, location = stands or account, at or location
    unfinished[location] = bool(value.get("nextPageToken"))
    if location is not None and value.get("totalReviewCount") is not None:
        rows.post(post_id=location, page_id=account, declared_comments=value["totalReviewCount"])
    return True


def _review(value: Any, rows: Rows) -> tuple[str | None, str | None, bool]:
    """Gathers one review: the account and location that it names, and whether it is one."""
    if not isinstance(value, dict) or not {"starRating", "reviewer"} & value.keys():
        return None, None, False
    name = value.get("name")
    found = _NAMED.search(name) if isinstance(name, str) else None
    account, location, ending = found.groups() if found else (None, None, None)
    reviewer = an_object(value.get("reviewer"))
    rows.comment(comment_id=value.get("reviewId") or ending, post_id=location, page_id=account,
                 author_name=None if reviewer.get("isAnonymous") is True else reviewer.get("displayName"),
                 comment_time=value.get("createTime"), text=original(value.get("comment")),
                 rating=value.get("starRating"),
                 reply_text=original(an_object(value.get("reviewReply")).get("comment")))
    return account, location, True


READER = Reader(
    name="google_business_reviews",
    label=Text("Google Business Profile, reviews (API or Takeout)", "Google Business Profile, avis (API ou Takeout)"),
    platform="google",
    gives="reviewer's name only (no id; namesakes are one account, anonymous reviewers none), stars, time to the "
    "microsecond (Z), location as the reviewed item, the owner's reply; of a translated text only the original; "
    "nextPageToken means that more reviews exist",
    sniff=sniff,
    read=read,
    holds=("comments", "posts"),
)
