"""Netvizz, the comments of a page (`page_..._comments.tab`), in both layouts: a later one begins with `position`.

Tabs without any quoting: a quotation mark is part of the text. Authors are hashes; where Facebook no longer named them,
all have the hash of nothing. `is_reply` says that a comment is a reply, and not to which: without `position`, replies
stand before the comment that they answer (read in its code).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from fakedetect.readers.columns import cells, said, where_of, with_texts
from fakedetect.readers.facebook import page_of
from fakedetect.readers.layouts import unquoted
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Source
from fakedetect.schema import Raw
from fakedetect.words import Text

NOTHING = frozenset(("da39a3ee5e6b4b0d3255bfef95601890afd80709", "d41d8cd98f00b204e9800998ecf8427e"))
"""SHA-1 and MD5 of an empty text."""
NO_AUTHOR = Text("{n} comments have the hash of nothing as their author: Facebook named none, and none is known",
                 "{n} commentaires ont pour auteur l'empreinte de rien : Facebook n'en nommait aucun, il est inconnu")
PARENTS = Text("which comment {n} replies answer is taken from the order of the rows",
               "le commentaire auquel répondent {n} réponses est tiré de l'ordre des lignes")
NO_PARENTS = Text("{n} replies do not say which comment they answer and count as top-level comments",
                  "{n} réponses ne disent pas à quel commentaire elles répondent et comptent comme commentaires"
                  " de premier niveau")


def settled(raw: Raw) -> Raw:
    """The Raw with pages, with the comment that each reply answers, and without the hash of nothing."""
    table, posts = raw.comments, raw.posts
    if not table.num_rows:
        return raw
    where, notes = where_of(table), [*raw.notes]
    authors = cells(table, "author_id")
    replies = [r == "1" for r in cells(table, "is_reply")]
    parents = None if "position" in table.column_names else _answered(table, replies)
    columns = {"author_id": [None if a in NOTHING else a for a in authors],
               "parent_id": parents or [None] * table.num_rows,
               "page_id": [page_of(p) for p in cells(table, "post_id")]}
    for code, what, n in (("no_authors", NO_AUTHOR, sum(a in NOTHING for a in authors)),
                          ("no_parents" if parents is None else "derived_parent",
                           NO_PARENTS if parents is None else PARENTS, sum(replies))):
        if n:
            notes.append(said(code, what, where, n=n))
    if posts is not None:
        by = cells(posts, "post_author_id")
        posts = with_texts(posts, {"post_author_id": [None if b in NOTHING else b for b in by]})
    return replace(raw, comments=with_texts(table, columns), posts=posts, notes=tuple(notes))


def _answered(table: pa.Table, replies: Sequence[bool]) -> list[str | None] | None:
    """The comment that each reply answers: the next of its post that is none; None where times contradict that."""
    post, name, time = (cells(table, n) for n in ("post_id", "comment_id", "comment_time"))
    parents: list[str | None] = [None] * len(replies)
    after: dict[str | None, int] = {}
    for i in np.argsort(table["row"].to_numpy(), kind="stable")[::-1].tolist():
        if not replies[i]:
            after[post[i]] = i
            continue
        at = after.get(post[i])
        # All times have one form (+0000), so that their order is that of their text.
        if at is None or (time[at] or "") > (time[i] or ""):
            return None
        parents[i] = name[at]
    return parents


_COMMENTS = csv_reader(
    "netvizz_comments",
    Text("Netvizz, comments of a page (.tab)", "Netvizz, commentaires d'une page (.tab)"),
    platform="facebook",
    gives="author as a hash (or none), time to the second (+0000), likes, post time and text on each row, page from "
    "the post's id; which comment a reply answers from the order of the rows, in the layout without position",
    needed=("post_id", "post_published", "comment_id", "comment_by", "comment_message", "comment_published"),
    columns={"comment_id": "comment_id", "post_id": "post_id", "author_id": "comment_by",
             "comment_time": "comment_published", "text": "comment_message", "likes": "comment_like_count",
             "post_time": "post_published", "post_text": "post_text", "post_author_id": "post_by"},
    also={"is_reply": "is_reply", "position": "position"},
    fix=settled,
    holds=("comments", "posts"),
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The comments, and the posts that each row repeats."""
    return _COMMENTS.read(unquoted(source), options)


READER: Reader = replace(_COMMENTS, read=read)
