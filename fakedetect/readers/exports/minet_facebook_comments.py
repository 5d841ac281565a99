"""minet facebook comments, in CSV: the columns of its input first, then its own; one comment a row. Two layouts.

The present one (`author_url`, epoch times) has no id of the account and none of the post; the post is in each comment's
id (base64 of `comment:900_700`). The old one (`user_label`) has times made from "3 hrs", on the clock of the machine.
"""

from __future__ import annotations

from dataclasses import replace

from fakedetect.readers.columns import cells, said, where_of, with_texts
from fakedetect.readers.facebook import account_keys, node, page_in, post_in
from fakedetect.readers.layouts import appended
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.replies import missing_replies
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import distinct
from fakedetect.schema import Raw
from fakedetect.words import Text

LAYOUTS = (frozenset(("fbid", "depth", "author_name", "author_url", "created_time", "text")),
           frozenset(("user_label", "user_handle", "formatted_date", "in_reply_to")))
POST_FROM_ID = Text("the post of {n} comments is taken from their own id",
                    "la publication de {n} commentaires est tirée de leur propre identifiant")


def sniff(head: Head) -> float:
    """One of the two layouts, whatever stands before it."""
    there = set(head.columns)
    return 0.9 if not head.is_json and not head.is_binary and any(names <= there for names in LAYOUTS) else 0.0


def settled(raw: Raw) -> Raw:
    """The Raw with posts and accounts under ids."""
    table = raw.comments
    if not table.num_rows:
        return raw
    where = where_of(table)
    names, parents = cells(table, "author_name"), cells(table, "parent_id")
    keys, notes = account_keys(cells(table, "author_id"), cells(table, "profile"), names, where)
    notes += missing_replies(cells(table, "announced"), parents, where)
    own = [node(c)[0] for c in cells(table, "comment_id")]
    stated = cells(table, "post_id")
    given = [(post_in(p) or p) if p else None for p in stated]
    pages = [page_in(p) if p and p.startswith("http") else None for p in stated]
    if n := sum(p is not None for p in own):
        notes.append(said("derived_id", POST_FROM_ID, where, n=n))
    table = with_texts(table, {"post_id": [o or g for o, g in zip(own, given, strict=True)], "author_id": keys,
                               "page_id": pages if all(pages) else [None] * len(pages)})
    accounts = None
    if "verified" in table.column_names:
        kept = ("author_id", "author_name", "verified", "source", "row")
        accounts = distinct(table.select([n for n in kept if n in table.column_names]))
    return replace(raw, comments=table, accounts=accounts, notes=(*raw.notes, *notes))


_COMMENTS = csv_reader(
    "minet_facebook_comments",
    Text("minet, comments of Facebook posts", "minet, commentaires de publications Facebook"),
    platform="facebook",
    gives="author name and profile address (which stands for the id), verified, time to the second (epoch), replies, "
    "post id from the comment's, page from an input column of addresses; in the old layout account "
    "id, and times that are coarse and without a zone",
    needed=(),
    columns={"comment_id": ("id", "comment_id"), "parent_id": ("parent_id", "in_reply_to"),
             "post_id": ("post_id", "post_url", "url", "link", "permalink"), "author_id": ("author_url", "user_id"),
             "author_name": ("author_name", "user_label"), "comment_time": ("created_time", "date"),
             "text": ("text", "comment_text"), "likes": "reactions"},
    also={"profile": ("author_url", "user_url"), "announced": "replies", "verified": "author_is_verified"},
    fix=settled,
    holds=("comments", "accounts"),
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The comments, by minet's own columns."""
    return _COMMENTS.read(appended(source), options)


READER: Reader = replace(_COMMENTS, sniff=sniff, read=read)
