"""Trustpilot Business: a company's own export of its reviews. Header names differ in case; e-mails are never read."""

from __future__ import annotations

from dataclasses import replace

from fakedetect.readers.columns import changed
from fakedetect.readers.preset import csv_reader
from fakedetect.schema import Raw
from fakedetect.words import Text

_TOLD = ("true", "false", "yes", "no", "1", "0")


def invited(source: str) -> str | None:
    """Whether the company asked for the review, from where Trustpilot says that it came from: Organic, or the name of a
    kind of invitation (AFS, Kickstart, BasicLink, ...)."""
    word = source.strip().lower()
    if not word or word in _TOLD:
        return word or None
    return "false" if word == "organic" else "true"


def fix(raw: Raw) -> Raw:
    """The source of a review as a truth value."""
    return replace(raw, comments=changed(raw.comments, "invited", invited))


READER = csv_reader(
    "trustpilot_business",
    Text("Trustpilot Business, a company's export of its reviews", "Trustpilot Business, export de ses avis par une "
         "entreprise"),
    platform="trustpilot",
    gives="consumer id (some exports) and name, stars, time to the second (UTC), domain as the reviewed item, invited "
    "or organic where it stands there, the company's reply; e-mails and references are never read",
    needed=("Review Id", "Review Created (UTC)", "Review Stars"),
    columns={"comment_id": "Review Id", "post_id": ("Domain Url", "Business Unit Id"),
             "author_id": ("Review Consumer User Id", "Consumer User Id", "Consumer Id"),
             "author_name": ("Review Username", "Consumer Name"), "comment_time": "Review Created (UTC)",
             "text": "Review Content", "rating": "Review Stars",
             "invited": ("Source Of Review", "Review Source", "Invited"),
             "reply_text": ("Company Response", "Company Reply", "Review Company Reply")},
    fix=fix,
    naive_zone="UTC",
)
