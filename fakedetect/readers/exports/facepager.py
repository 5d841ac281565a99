"""Facepager's CSV of Facebook: the nodes of its tree, all levels in one table, joined by `parent_id` -> `id`.

Usually level 0 holds the pages typed in, 1 posts, 2 comments, 3 replies; where posts were typed in, comments are level
1: `query_type` (Facebook:/<post-id>/comments) tells. Remains of an answer (`offcut`) are nodes too. Authors only where
the login had the right to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from fakedetect.errors import InputError
from fakedetect.readers.columns import cells, said, where_of, with_rejects, with_texts
from fakedetect.readers.facebook import page_of
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text

POSTS = frozenset(("posts", "feed", "published_posts", "visitor_posts", "tagged", "promotable_posts"))
COMMENTS = frozenset(("comments", "replies"))
REMAINS = frozenset(("offcut", "empty", "error", "headers"))
MAX_DEPTH = 20
"""Levels that are climbed from a reply to its post."""
FROM_ID = Text("the post of {n} comments is taken from their own id: its row is not in the file",
               "la publication de {n} commentaires est tirée de leur propre identifiant : sa ligne n'est pas dans le "
               "fichier")
BAD_ROWS = Text("{n} rows are no posts and were left out",
                "{n} lignes ne sont pas des publications et sont laissées de côté")


def kind_of(level: str | None, kind: str | None, query: str | None, status: str | None) -> str:
    """What a node is: seed, post, comment, or remains of an answer."""
    if kind == "seed" or level == "0":
        return "seed"
    if kind in REMAINS or (status or "").startswith("error"):
        return "remains"
    asked = (query or "").rstrip("/").rpartition("/")[2].lower()
    if asked in POSTS or asked in COMMENTS:
        return "post" if asked in POSTS else "comment"
    return "post" if level == "1" else "comment"


def settled(raw: Raw) -> Raw:
    """The tree taken apart: posts, comments under them, replies under comments."""
    table = raw.comments
    if not table.num_rows:
        return raw
    where = where_of(table)
    ids, ups, objects, queries = (cells(table, n) for n in ("node", "parent_id", "comment_id", "query"))
    told = zip(*(cells(table, n) for n in ("level", "kind", "query", "status")), strict=True)
    kinds = [kind_of(*facts) for facts in told]
    at = {name: i for i, name in enumerate(ids) if name}
    up = [at.get(name) if name else None for name in ups]
    comments = [i for i, kind in enumerate(kinds) if kind == "comment"]
    posts, parents, derived = [], [], 0
    for i in comments:
        above = up[i]
        parents.append(objects[above] if above is not None and kinds[above] == "comment" else None)
        for _ in range(MAX_DEPTH):
            if above is None or kinds[above] != "comment":
                break
            above = up[above]
        rooted = above is not None and kinds[above] != "comment"
        post = objects[above] if above is not None and rooted else _before(objects[i])
        derived += not rooted and post is not None
        posts.append(post)
    notes = [*raw.notes]
    if derived:
        notes.append(said("derived_id", FROM_ID, where, n=derived))
    rows = table.take(pa.array(comments, pa.int64()))
    rows = with_texts(rows, {"post_id": posts, "parent_id": parents, "page_id": [page_of(p) for p in posts]})
    numbers = table["row"].to_pylist()
    bad = [(numbers[i], "no comment but what was left of an answer", objects[i] or "") for i, k in enumerate(kinds)
           if k == "remains"]
    lost = with_rejects(raw, where, bad)
    if not comments and lost.num_rows:
        # A companion rejects no row.
        notes.append(said("bad_side_rows", BAD_ROWS, where, n=lost.num_rows))
        lost = lost.slice(0, 0)
    platform = "facebook" if any((q or "").startswith("Facebook") for q in queries) else ""
    return replace(raw, comments=rows, posts=_posts(table, kinds, up), rejects=lost, notes=tuple(notes),
                   platform=platform, rows_read=rows.num_rows + lost.num_rows)


def _before(comment: str | None) -> str | None:
    """The post in a comment's id: 900 in 900_700, 100_900 in 100_900_700."""
    return comment.rpartition("_")[0] or None if comment else None


def _posts(table: pa.Table, kinds: Sequence[str], up: Sequence[int | None]) -> pa.Table | None:
    """The rows that are posts, with their page: in front of their id, else the node above."""
    mine = [i for i, kind in enumerate(kinds) if kind == "post"]
    if not mine:
        return None
    names = ("comment_id", "author_id", "comment_time", "text", "count")
    objects, authors, times, texts, counts = (cells(table, n) for n in names)
    above = [objects[u] if (u := up[i]) is not None else None for i in mine]
    columns = {"post_id": [objects[i] for i in mine],
               "page_id": [page_of(objects[i]) or a for i, a in zip(mine, above, strict=True)],
               "post_time": [times[i] for i in mine], "post_text": [texts[i] for i in mine],
               "declared_comments": [counts[i] for i in mine], "post_author_id": [authors[i] for i in mine]}
    rows = table.take(pa.array(mine, pa.int64()))
    return pa.table({**{n: pa.array(v, pa.string()) for n, v in columns.items()}, "source": rows["source"],
                     "row": rows["row"]})


_NODES = csv_reader(
    "facepager",
    Text("Facepager, Facebook nodes in CSV", "Facepager, nœuds Facebook en CSV"),
    platform="facebook",
    gives="author id and name (only with the right to them), time to the second (+0000), replies, post time and text "
    "from the posts' own rows; what was left of answers (offcut) is rejected; not the wide format, nor a file without "
    "from.id and from.name",
    needed=("level", "parent_id", "object_id", "query_status", "query_type"),
    columns={"comment_id": "object_id", "parent_id": "parent_id", "author_id": "from.id", "author_name": "from.name",
             "comment_time": "created_time", "text": ("message", "story"), "likes": ("like_count",
             "likes.summary.total_count", "reactions.summary.total_count")},
    also={"node": "id", "level": "level", "kind": "object_type", "query": "query_type", "status": "query_status",
          "count": ("comments.summary.total_count", "comment_count")},
    fix=settled,
    holds=("comments", "posts"),
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The tree. Raises InputError for the wide format, which repeats the levels above on each row."""
    if any(c.startswith("lvl_") for c in Head.of(source).columns):
        raise InputError("it is Facepager's wide format, which repeats the levels above on each row", where=source.name,
                         hint="export all nodes again, not in wide format")
    # Posts are rows of the one tree: they come out of it with the comments.
    return _NODES.read(replace(source, role="comments") if source.role == "posts" else source, options)


READER: Reader = replace(_NODES, read=read)
