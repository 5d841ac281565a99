"""YouTube Data Tools, comments of a video (`videoinfo_..._comments.tab` or `.csv`); version 2, of several videos.

Times are UTC and name no zone. Version 1 names the video in the file's name only, and its first years wrote texts as
HTML. Who asks for pseudonyms gets hashes for ids and names: a hash is an account, and no name.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

import pyarrow as pa

from fakedetect.readers.columns import cells, said, where_of, with_rejects, with_texts
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.replies import unanswered
from fakedetect.readers.tables import from_dicts
from fakedetect.readers.youtube import FROM_NAME, as_typed
from fakedetect.schema import Raw
from fakedetect.words import Text

_NAMED = re.compile(r"videoinfo_(?:(UC[\w-]{22})_)?([\w-]{11})_\d{4}_\d\d_\d\d-", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{40}")
NO_COMMENT = "it says that the comments of a video could not be fetched"


def settled(raw: Raw) -> Raw:
    """The Raw with the video of each comment, texts as typed, hashes as ids, and who published the videos."""
    raw = _without_markers(raw)
    table = raw.comments
    if not table.num_rows:
        return raw
    where = where_of(table)
    notes = unanswered(cells(table, "announced"), cells(table, "parent_id"), where)
    names, ids = cells(table, "author_name"), cells(table, "author_id")
    hashed = [n is not None and _HASH.fullmatch(n) is not None for n in names]
    columns = {"author_id": [i or (n if h else None) for i, n, h in zip(ids, names, hashed, strict=True)],
               "author_name": [None if h else n for n, h in zip(names, hashed, strict=True)],
               "text": as_typed(cells(table, "text"))}
    videos, named_in_file = cells(table, "post_id"), _NAMED.search(PurePath(where).name)
    if named_in_file and not any(videos):
        videos = columns["post_id"] = [named_in_file[2]] * table.num_rows
        columns["page_id"] = [named_in_file[1]] * table.num_rows
        notes.append(said("post_from_name", FROM_NAME, where))
    owners = {v: a for v, a, o in zip(videos, columns["author_id"], cells(table, "owner"), strict=True)
              if v and a and o == "yes"}
    told = [{"post_id": v, "post_author_id": a} for v, a in owners.items()]
    posts = from_dicts(told, ("post_id", "post_author_id"), where) if told else raw.posts
    return replace(raw, comments=with_texts(table, columns), posts=posts, notes=(*raw.notes, *notes))


def _without_markers(raw: Raw) -> Raw:
    """The Raw with the rows rejected that stand for a video and not for a comment: `[video not found: ...]`."""
    table = raw.comments
    texts, ids, authors = (cells(table, n) for n in ("text", "comment_id", "author_name"))
    marks = [i is None and a is None and t is not None and t.startswith("[")
             for t, i, a in zip(texts, ids, authors, strict=True)]
    if not any(marks):
        return raw
    dropped = table.filter(pa.array(marks))
    bad = [(r["row"], NO_COMMENT, r["text"]) for r in dropped.to_pylist()]
    return replace(raw, comments=table.filter(pa.array([not m for m in marks])),
                   rejects=with_rejects(raw, where_of(table), bad))


READER = csv_reader(
    "ytdt",
    Text("YouTube Data Tools, comments of videos", "YouTube Data Tools, commentaires de vidéos"),
    platform="youtube",
    gives="author id and name (hashes where pseudonyms were asked for), time to the second (UTC, not named), replies; "
    "the video's id from the file's name (version 2: a column, and the owner's comments marked); publish time from "
    "the _basicinfo file beside it, or from a list of videos",
    needed=("id", "likeCount", "publishedAt", "authorName", "text", "isReply", "isReplyToName"),
    columns={"comment_id": "id", "post_id": "videoId", "parent_id": ("isReplyToId", "isReplyTo"),
             "author_id": "authorChannelId", "author_name": "authorName", "comment_time": "publishedAt", "text": "text",
             "likes": "likeCount"},
    also={"announced": ("totalReplyCount", "replyCount"), "owner": "isChannelOwner"},
    fix=settled,
    holds=("comments", "posts"),
    naive_zone="UTC",
    one_post=True,
)
