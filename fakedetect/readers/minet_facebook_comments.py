"""minet facebook comments, in CSV: the columns of its input first, then its own; one comment a row. Two layouts.

The present one (`author_url`, epoch times) has no id of the account and none of the post; the post is in each comment's
id (base64 of `comment:900_700`). The old one (`user_label`) has times made from "3 hrs", on the clock of the machine.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace

import numpy as np

from fakedetect.readers.apify_facebook_comments import (
    account_keys,
    cells,
    missing_replies,
    node,
    page_in,
    post_in,
    said,
    with_texts,
    without,
)
from fakedetect.readers.encoding import Decoded
from fakedetect.readers.headers import header
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import HEAD_BYTES, Head, Source
from fakedetect.readers.split import records
from fakedetect.readers.tables import distinct
from fakedetect.schema import Raw
from fakedetect.words import Text

LAYOUTS = (frozenset(("fbid", "depth", "author_name", "author_url", "created_time", "text")),
           frozenset(("user_label", "user_handle", "formatted_date", "in_reply_to")))
PROFILE, ANNOUNCED, VERIFIED = "ip_code", "rating", "verified_purchase"
"""Columns of comments that carry the profile's address, the number of replies and its mark until `settled`."""
POST_FROM_ID = Text("the post of {n} comments is taken from their own id",
                    "la publication de {n} commentaires est tirée de leur propre identifiant")


@dataclass(frozen=True)
class Appended(Source):
    """A table to which columns were appended: of two columns of one name, the last bears it."""

    def decoded(self) -> Decoded:
        """The text, with other names for the columns whose name comes again."""
        found = super().decoded()
        data = bytes(found.data[found.start :])
        head = data[:HEAD_BYTES].decode("utf-8", "replace")
        delimiter, names, skipped = header(head)
        if len(set(names)) == len(names):
            return found
        begin = len(head[:skipped].encode())
        end = records(np.frombuffer(data, np.uint8), begin, delimiter)[1][0]
        line = io.StringIO()
        csv.writer(line, delimiter=delimiter, lineterminator="").writerow(
            [f"input.{name}" if name in names[i + 1 :] else name for i, name in enumerate(names)])
        return replace(found, data=data[:begin] + line.getvalue().encode() + data[end:], start=0)


def appended(source: Source) -> Source:
    """The source, read so that of two columns of one name the last bears it."""
    return Appended(source.name, source.path, source.truncated, source.role)


def sniff(head: Head) -> float:
    """One of the two layouts, whatever stands before it."""
    there = set(head.columns)
    return 0.9 if not head.is_json and not head.is_binary and any(names <= there for names in LAYOUTS) else 0.0


def settled(raw: Raw) -> Raw:
    """The Raw with posts and accounts under ids."""
    table = raw.comments
    if not table.num_rows:
        return raw
    where = str(table["source"][0].as_py())
    names, parents = cells(table, "author_name"), cells(table, "parent_id")
    keys, notes = account_keys(cells(table, "author_id"), cells(table, PROFILE), names, where)
    notes += missing_replies(cells(table, ANNOUNCED), parents, where)
    own = [node(c)[0] for c in cells(table, "comment_id")]
    stated = cells(table, "post_id")
    given = [(post_in(p) or p) if p else None for p in stated]
    pages = [page_in(p) if p and p.startswith("http") else None for p in stated]
    if n := sum(p is not None for p in own):
        notes.append(said("derived_id", POST_FROM_ID, where, n=n))
    table = with_texts(table, {"post_id": [o or g for o, g in zip(own, given, strict=True)], "author_id": keys,
                               "page_id": pages if all(pages) else [None] * len(pages)})
    accounts = None
    if VERIFIED in table.column_names:
        kept = [n for n in ("author_id", "author_name", VERIFIED, "source", "row") if n in table.column_names]
        accounts = distinct(table.select(kept).rename_columns(["verified" if n == VERIFIED else n for n in kept]))
    table = without(table, PROFILE, ANNOUNCED, VERIFIED)
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
             "text": ("text", "comment_text"), "likes": "reactions", PROFILE: ("author_url", "user_url"),
             ANNOUNCED: "replies", VERIFIED: "author_is_verified"},
    fix=settled,
    holds=("comments", "accounts"),
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The comments, by minet's own columns."""
    return _COMMENTS.read(appended(source), options)


READER: Reader = replace(_COMMENTS, sniff=sniff, read=read)
