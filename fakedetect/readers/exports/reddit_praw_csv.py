"""Reddit comments in a table as PRAW's fields give them, nested names joined with dots. Post time is not among them."""

from __future__ import annotations

from dataclasses import replace

from fakedetect.readers.columns import changed
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reddit import written
from fakedetect.schema import Raw
from fakedetect.words import Text


def without_gone(raw: Raw) -> Raw:
    """Texts that are gone are empty, not alike; a subreddit is named as elsewhere, without r/."""
    tables = [changed(t, "page_id", lambda name: name.removeprefix("r/")) if t is not None else None
              for t in (changed(raw.comments, "text", written), raw.posts)]
    return replace(raw, comments=tables[0], posts=tables[1])


READER = csv_reader(
    "reddit_praw_csv",
    Text("Reddit comments in CSV, PRAW's fields", "Commentaires Reddit en CSV, champs de PRAW"),
    platform="reddit",
    gives="author (a name is an account), time to the second (UTC), score, replies, the post's title, author and "
    "number of comments; no post time, which submissions (RS_) or --posts can add; deleted authors and texts are empty",
    needed=("author.name", "body", "created_utc", "id", "link_id", "parent_id"),
    columns={"comment_id": "id", "post_id": "link_id", "parent_id": "parent_id", "author_id": "author.name",
             "author_name": "author.name", "comment_time": "created_utc", "text": "body", "likes": ("score", "ups"),
             "page_id": ("subreddit.display_name", "subreddit", "subreddit.display_name_prefixed"),
             "post_text": "link_title", "declared_comments": "num_comments", "post_author_id": "link_author"},
    fix=without_gone,
    holds=("comments", "posts"),
)
