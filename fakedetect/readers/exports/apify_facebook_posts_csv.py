"""Apify facebook-posts-scraper, as CSV or spreadsheet: companion of the comments."""

from __future__ import annotations

from dataclasses import replace

from fakedetect.readers.columns import cells, with_texts
from fakedetect.readers.exports.apify_facebook_posts import author, told_by
from fakedetect.readers.facebook import page_in, post_in
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader
from fakedetect.readers.source import Head
from fakedetect.schema import Raw
from fakedetect.words import Text


def settled(raw: Raw) -> Raw:
    """The Raw with ids in place of addresses."""
    table = raw.posts
    if table is None:
        return raw
    posts, pages = cells(table, "post_id"), cells(table, "page_id")
    columns = {"post_id": [(post_in(p) or p) if p else p for p in posts],
               "page_id": [page_in(p) if p and p.startswith("http") else p for p in pages],
               "post_author_id": [author(who, who) for who in cells(table, "post_author_id")]}
    return replace(raw, posts=with_texts(table, columns))


_ITEMS = csv_reader(
    "apify_facebook_posts_csv",
    Text("Apify facebook-posts-scraper, CSV", "Apify facebook-posts-scraper, CSV"),
    platform="facebook",
    gives="posts only, as apify_facebook_posts; field names not verified: check with inspect; --map corrects",
    table="posts",
    needed=("text",),
    columns={"post_id": ("postId", "postFacebookId", "topLevelUrl", "url"),
             "page_id": ("facebookUrl", "pageName", "url"),
             "post_time": ("timestamp", "time"), "post_text": "text", "declared_comments": "comments",
             "post_author_id": ("user/id", "user.id", "user/profileUrl")},
    fix=settled,
    verified=False,
)


def sniff(head: Head) -> float:
    """Columns in Apify's words for posts on Facebook."""
    return 0.0 if head.is_json or head.is_binary else told_by(frozenset(head.columns))


READER: Reader = replace(_ITEMS, sniff=sniff)
