"""Netvizz, the posts of a page (`page_..._fullstats.tab`, older `page_....tab`): companion of its comments."""

from __future__ import annotations

from dataclasses import replace

from fakedetect.readers.columns import cells, with_texts
from fakedetect.readers.facebook import page_of
from fakedetect.readers.layouts import unquoted
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Source
from fakedetect.schema import Raw
from fakedetect.words import Text


def settled(raw: Raw) -> Raw:
    """The Raw with the page in front of each post's id."""
    if raw.posts is None:
        return raw
    pages = [page_of(p) for p in cells(raw.posts, "post_id")]
    return replace(raw, posts=with_texts(raw.posts, {"page_id": pages}))


_POSTS = csv_reader(
    "netvizz_fullstats",
    Text("Netvizz, posts of a page (.tab)", "Netvizz, publications d'une page (.tab)"),
    platform="facebook",
    gives="posts only: id, page, text, time to the second (+0000), number of comments as Facebook gave it (none in the "
    "oldest layout, which counts those retrieved); companion of its comments",
    table="posts",
    needed=("by", "post_id", "post_link", "post_message", "post_published", "post_published_unix"),
    lacks=("comment_id",),
    columns={"post_id": "post_id", "post_time": "post_published", "post_text": "post_message",
             "declared_comments": "comments_count_fb"},
    fix=settled,
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The posts."""
    return _POSTS.read(unquoted(source), options)


READER: Reader = replace(_POSTS, read=read)
