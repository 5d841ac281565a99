"""Reddit submissions as Pushshift and arctic-shift keep them (RS_ files): companion of the comments."""

from __future__ import annotations

from fakedetect.readers.gather import json_reader
from fakedetect.readers.reddit import visit
from fakedetect.readers.source import Head
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """Submissions, and no comment among the first."""
    if {"link_id", "body"} <= head.keys or {"kind", "children"} <= head.keys:
        return 0.0
    return 0.9 if {"title", "num_comments", "author", "created_utc", "subreddit"} <= head.keys else 0.0


READER = json_reader(
    "pushshift_posts",
    Text("Reddit submissions from Pushshift or arctic-shift (RS_)",
         "Publications Reddit de Pushshift ou arctic-shift (RS_)"),
    platform="reddit",
    gives="posts only: id, time, title and text, author, number of comments, promoted; companion of the comments (RC_)",
    sniff=sniff,
    visit=visit,
    holds=("posts",),
)
