"""Klout's when-to-post data: who reacted to whose post, and when. Names in the header begin with #."""

from __future__ import annotations

from dataclasses import replace

from fakedetect.readers.columns import with_column
from fakedetect.readers.preset import csv_reader
from fakedetect.schema import Raw
from fakedetect.words import Text


def with_owners(raw: Raw) -> Raw:
    """The page is the account that published the post."""
    if raw.posts is None or "page_id" not in raw.posts.column_names:
        return raw
    return replace(raw, posts=with_column(raw.posts, "post_author_id", raw.posts["page_id"]))


READER = csv_reader(
    "klout_when_to_post",
    Text("Klout when-to-post, reactions to posts (TSV)", "Klout when-to-post, réactions aux publications (TSV)"),
    platform="",
    gives="fingerprints of account, post and page (negative ones too), times of post and reaction in ms (slightly "
    "perturbed by the publisher); reactions of all kinds, no text and no names",
    needed=("user_id_fingerprint", "actor_id_fingerprint", "post_id_fingerprint", "post_timestamp", "action_timestamp"),
    columns={"author_id": "actor_id_fingerprint", "post_id": "post_id_fingerprint", "page_id": "user_id_fingerprint",
             "comment_time": "action_timestamp", "post_time": "post_timestamp"},
    fix=with_owners,
    holds=("comments", "posts"),
)
