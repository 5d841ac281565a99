"""Discourse, the table of posts as the Data Explorer plugin exports it in CSV; times are UTC and name no zone."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import changed, column, posts_of, set_apart, with_column
from fakedetect.readers.exports.discourse import own_words
from fakedetect.readers.preset import csv_reader
from fakedetect.schema import Raw
from fakedetect.words import Text


def fix(raw: Raw) -> Raw:
    """Number 1 is the topic's post; a reply names the number of what it answers; kind 3 are notes of the forum."""
    table = changed(raw.comments, "text", own_words)
    fields = ("post_id", "number", "comment_id", "parent_id")
    topics, numbers, names, answers = (column(table, name).to_pylist() for name in fields)
    at = {(t, n): c for t, n, c in zip(topics, numbers, names, strict=True) if n is not None}
    table = with_column(table, "parent_id", pa.array(
        [None if a in (None, "1") else at.get((t, a)) or f"{t}/{a}" for t, a in zip(topics, answers, strict=True)],
        pa.string()))
    first = pc.fill_null(pc.equal(column(table, "number"), "1"), False)
    opening = table.filter(first)
    posts = with_column(posts_of(opening), "post_id", column(opening, "post_id"))
    return set_apart(replace(raw, comments=table, posts=posts if posts.num_rows else None), posts=first,
                     bad=pc.and_(pc.fill_null(pc.equal(column(table, "kind"), "3"), False), pc.invert(first)),
                     reason="a note of the forum itself, no post")


READER = csv_reader(
    "discourse_csv",
    Text("Discourse, table of posts from the Data Explorer (CSV)",
         "Discourse, table des messages du Data Explorer (CSV)"),
    platform="",
    gives="author id (name where the query joins users), time to the microsecond, read as UTC, likes, replies, the "
    "topic's first post with its time; quotes are cut",
    needed=("id", "topic_id", "post_number", "user_id", "created_at"),
    columns={"comment_id": "id", "post_id": "topic_id", "page_id": "category_id", "parent_id": "reply_to_post_number",
             "author_id": "user_id", "author_name": "username", "comment_time": "created_at", "text": ("raw", "cooked"),
             "likes": "like_count"},
    also={"number": "post_number", "kind": "post_type"},
    fix=fix,
    naive_zone="UTC",
    holds=("comments", "posts"),
)
