"""Apify facebook-comments-scraper, as CSV or spreadsheet, with the columns that its user ticked."""

from __future__ import annotations

from dataclasses import replace

from fakedetect.readers.exports.apify_facebook_comments import no_authors, settled, told_by
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text

_ITEMS = csv_reader(
    "apify_facebook_comments_csv",
    Text("Apify facebook-comments-scraper, CSV", "Apify facebook-comments-scraper, CSV"),
    platform="facebook",
    gives="as apify_facebook_comments; refused where the columns that tell authors were not ticked",
    needed=("text",),
    columns={"comment_id": ("commentId", "commentUrl", "id"), "post_id": ("facebookId", "facebookUrl", "inputUrl"),
             "parent_id": "replyToCommentId", "author_id": ("profileId", "profileUrl"), "author_name": "profileName",
             "comment_time": "date", "text": "text", "likes": "likesCount"},
    also={"profile": "profileUrl", "address": ("facebookUrl", "inputUrl"), "announced": "commentsCount"},
    fix=settled,
)


def sniff(head: Head) -> float:
    """Columns in Apify's words, whichever were kept."""
    return 0.0 if head.is_json or head.is_binary else told_by(frozenset(head.columns))


def read(source: Source, options: ReadOptions) -> Raw:
    """The comments. Raises InputError where nothing in the table tells who wrote them."""
    there = {*Head.of(source).columns, *(n for n in options.map if n.startswith("author_"))}
    if not {"profileName", "profileUrl", "profileId", "author_id", "author_name"} & there:
        raise no_authors(source.name)
    return _ITEMS.read(source, options)


READER: Reader = replace(_ITEMS, read=read, sniff=sniff)
