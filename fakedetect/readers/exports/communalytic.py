"""Communalytic's CSV. Its columns were seen in no source, documentation or file: a guess, which --map corrects."""

from __future__ import annotations

from fakedetect.readers.preset import csv_reader
from fakedetect.words import Text

READER = csv_reader(
    "communalytic",
    Text("Communalytic, posts and replies in CSV", "Communalytic, publications et réponses en CSV"),
    platform="",
    gives="account name, time without a zone (--tz says it), replies; field names not verified: check with inspect; "
    "--map corrects",
    needed=("id", "url", "text", "username", "created_at", "parent_id"),
    columns={"comment_id": "id", "post_id": ("post_id", "conversation_id", "thread_id", "link_id"),
             "parent_id": "parent_id", "author_name": "username", "author_id": ("author_id", "user_id"),
             "comment_time": "created_at", "text": "text"},
    verified=False,
    sure=0.6,
)
