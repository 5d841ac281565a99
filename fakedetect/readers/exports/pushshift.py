"""Reddit comments as Pushshift and arctic-shift keep them (RC_ files), one a line; submissions among them are posts.

`created_utc` was a number, a text and a fraction over the years. Who or what is gone is `[deleted]` or `[removed]`.
"""

from __future__ import annotations

from fakedetect.readers.gather import json_reader
from fakedetect.readers.reddit import visit
from fakedetect.readers.source import Head
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """Comments with a `link_id`, outside the API's listings."""
    if {"kind", "children"} <= head.keys:
        return 0.0
    return 0.9 if {"link_id", "parent_id", "body", "author", "created_utc"} <= head.keys else 0.0


READER = json_reader(
    "pushshift",
    Text("Reddit comments from Pushshift or arctic-shift (RC_)",
         "Commentaires Reddit de Pushshift ou arctic-shift (RC_)"),
    platform="reddit",
    gives="author (a name is an account), time to the second (UTC), score, subreddit as the page, replies; account age "
    "in some years; post time from the submissions (RS_) beside it; deleted authors and texts are empty; zst is read",
    sniff=sniff,
    visit=visit,
    holds=("comments", "posts", "accounts"),
)
