"""Identity: which account, which page, which post, which comment is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.normalise import values
from fakedetect.schema import Note
from fakedetect.spill import changed, windows, with_column

_GENERIC = {"comments", "comment", "commentaires", "reviews", "avis", "data", "export", "dump", "part", "sheet1",
            "feuil1"}
"""File names that say nothing; the folder's name is used."""
_SUFFIXES = {
    ".gz",
    ".zst",
    ".zip",
    ".csv",
    ".tsv",
    ".tab",
    ".txt",
    ".json",
    ".jsonl",
    ".ndjson",
    ".parquet",
    ".xlsx",
    ".xml",
}


class Naming(Protocol):
    """What keys need to know of one dump."""

    @property
    def platform(self) -> str: ...

    @property
    def dump(self) -> str: ...


def stem(source: str) -> str:
    """A file's name without endings; the folder's where the file's says nothing."""
    path = PurePath(source)
    name = _bare(path.name)
    return _bare(path.parent.name) if name.lower() in _GENERIC and path.parent.name else name


def _bare(name: str) -> str:
    while (suffix := PurePath(name).suffix.lower()) in _SUFFIXES:
        name = name[: -len(suffix)]
    return name


def file_names(sources: Sequence[str]) -> dict[str, str]:
    """Source -> a short name for it, made longer from the path until no two are the same."""
    names = {s: stem(s) for s in sources}
    for depth in range(1, 1 + max((len(PurePath(s).parts) for s in sources), default=0)):
        shared = {n for n in names.values() if list(names.values()).count(n) > 1}
        for source, name in names.items():
            if name in shared:
                parts = PurePath(source).parts
                names[source] = "/".join((*parts[-1 - depth : -1], _bare(parts[-1])))
    return names


def dump_names(dumps: Sequence[Sequence[str]]) -> list[str]:
    """A short name per dump, from its comment files: of the file where there is one, else of their folder."""
    named = [d[0] if len(d) == 1 else str(PurePath(d[0]).parent / "comments") if d else "" for d in dumps]
    short = file_names(sorted(set(named)))
    return [short[n] for n in named]


def platform_prefixes(platforms: Sequence[str]) -> list[str]:
    """`platform:` for each dump where the run mixes known platforms; empty otherwise."""
    mixed = len({p for p in platforms if p}) > 1
    return [f"{p}:" if mixed and p else "" for p in platforms]


def prefixed(column: pa.ChunkedArray, prefix: str) -> pa.ChunkedArray:
    """The ids with a prefix; null stays null."""
    return pc.binary_join_element_wise(prefix, column, "") if prefix else column


def without_placeholder(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Null where a platform's word for a missing author stands."""
    return pc.if_else(values.placeholder(column), pa.scalar(None, pa.string()), column)


def authors(
    ids: pa.ChunkedArray, names: pa.ChunkedArray, naming: Naming
) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """(author_id, author_name): both null for placeholders; without an id, `name:` + the name."""
    gone = pc.or_(values.placeholder(ids), values.placeholder(names))
    ids = pc.if_else(gone, pa.scalar(None, pa.string()), ids)
    names = pc.if_else(gone, pa.scalar(None, pa.string()), names)
    keyed = prefixed(names, f"name:{naming.dump}")
    return pc.coalesce(prefixed(ids, naming.platform), prefixed(keyed, naming.platform)), names


def prefixed_parents(comments: pa.Table) -> bool:
    """Comments answered are named `t1_...`, comments themselves are not."""
    def prefixed_in(name: str) -> bool:
        return name in comments.column_names and any(
            pc.any(pc.starts_with(values.ids(w[name])[0], "t1_")).as_py() for w in windows(comments.select([name]))
        )

    return prefixed_in("parent_id") and not prefixed_in("comment_id")


def parents(parent: pa.ChunkedArray, post: pa.ChunkedArray, prefixed: bool) -> pa.ChunkedArray:
    """The comment answered. Null where the export names the post itself, `root` or 0; `t1_` cut where ids
    lack it (`prefixed_parents`).
    """
    if parent.null_count == len(parent):
        return parent
    top = pc.or_kleene(
        pc.is_in(parent, value_set=pa.array(["root", "0", "-1"])), pc.starts_with(parent, "t3_")
    )
    top = pc.or_kleene(top, pc.equal(parent, post))
    parent = pc.if_else(pc.fill_null(top, False), pa.scalar(None, pa.string()), parent)
    return pc.replace_substring_regex(parent, "^t1_", "") if prefixed else parent


def places(
    table: pa.Table, posts: pa.Table, pages: Mapping[str, str], notes: list[Note]
) -> tuple[pa.Table, pa.Table]:
    """Fill missing post and page ids, so that each post stands on one page and under one id.

    No post_id: one post per file. No page_id: that of the posts table, else one page per file (the smallest
    name where a post stands in several files). The same post_id on several stated pages: `page:post`.
    """
    files, names = pa.array(list(pages), pa.string()), pa.array(list(pages.values()), pa.string())

    def own(rows: pa.Table) -> pa.Array:
        return names.take(pc.index_in(rows["source"], value_set=files).combine_chunks())

    if n := table["post_id"].null_count:
        notes.append(Note("no_post_id", f"{n} comments name no post: they stand under one post per file",
                          f"{n} commentaires ne nomment aucune publication : ils sont rangés sous une par fichier"))
        table = changed(table, "post_id", lambda w: pc.coalesce(w["post_id"], own(w)))
    if table["page_id"].null_count:
        page_of = _page_of(table, posts, own)
        table = changed(table, "page_id", lambda w: pc.coalesce(w["page_id"], page_of(w["post_id"])))
    crossing = _crossing(table)
    if len(crossing):
        notes.append(
            Note(
                "post_id_on_pages",
                f"{len(crossing)} post ids stand on several pages: each page counts as a post of its own",
                f"{len(crossing)} identifiants de publication se trouvent sur plusieurs pages : chacune compte à part",
            )
        )
        def by_page(rows: pa.Table) -> pa.ChunkedArray:
            mixed = pc.and_(pc.is_in(rows["post_id"], value_set=crossing), pc.is_valid(rows["page_id"]))
            return pc.if_else(pc.fill_null(mixed, False),
                              pc.binary_join_element_wise(rows["page_id"], rows["post_id"], ":"), rows["post_id"])

        table, posts = (changed(t, "post_id", by_page) for t in (table, posts))
    return table, _pages_of_posts(posts, table)


def _lookup(wanted: pa.ChunkedArray, known: pa.Array, answers: pa.Array) -> pa.ChunkedArray:
    """answers[i] where wanted is known[i]; null elsewhere."""
    return pa.chunked_array(
        [answers.take(pc.index_in(wanted, value_set=known).combine_chunks())], answers.type
    )


def _page_of(
    table: pa.Table, posts: pa.Table, own: Callable[[pa.Table], pa.Array]
) -> Callable[[pa.ChunkedArray], pa.ChunkedArray]:
    """Post ids -> their pages: that of the posts table, else the smallest name of those they are seen on."""
    stated = _least_page(posts)
    seen = _least_page(pa.concat_tables(
        _least_page(pa.table({"post_id": w["post_id"], "page_id": pc.coalesce(w["page_id"], own(w))}))
        for w in windows(table)
    ))

    def page_of(post: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.coalesce(*(
            _lookup(post, t["post_id"].combine_chunks(), t["page_id"].combine_chunks()) for t in (stated, seen)
        ))

    return page_of


def _least_page(rows: pa.Table) -> pa.Table:
    """Each post and the smallest name of its pages."""
    least = rows.select(["post_id", "page_id"]).group_by("post_id").aggregate([("page_id", "min")])
    return least.rename_columns({"page_id_min": "page_id"})


def _crossing(table: pa.Table) -> pa.Array:
    pairs = table.select(["post_id", "page_id"]).group_by(["post_id", "page_id"]).aggregate([])
    counted = pairs.group_by("post_id").aggregate([([], "count_all")])
    return counted.filter(pc.greater(counted["count_all"], 1))["post_id"].combine_chunks()


def _pages_of_posts(posts: pa.Table, table: pa.Table) -> pa.Table:
    """The page on which comments see a post is its page; a post without comments keeps the stated one."""
    if posts.num_rows == 0:
        return posts
    seen = _least_page(table)
    found = _lookup(posts["post_id"], seen["post_id"].combine_chunks(), seen["page_id"].combine_chunks())
    posts = with_column(posts, "page_id", pc.coalesce(found, posts["page_id"]))
    only = pc.unique(table["page_id"])
    if len(only) == 1:
        # A posts file that names no page belongs to the one page there is.
        posts = with_column(posts, "page_id", pc.coalesce(posts["page_id"], only[0]))
    return posts
