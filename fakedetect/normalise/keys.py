"""Identity: which account, which page, which post, which comment; what is the same row twice; the canonical
order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Protocol

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.normalise import values
from fakedetect.schema import Note

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
_MISSING = "\x00"
_SEP = "\x1f"
_FIELDS = ("page_id", "post_id", "author_id", "comment_time", "text")


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


def parents(parent: pa.ChunkedArray, post: pa.ChunkedArray, comment: pa.ChunkedArray) -> pa.ChunkedArray:
    """The comment answered. Null where the export names the post itself, `root` or 0; `t1_` cut where ids
    lack it.
    """
    if parent.null_count == len(parent):
        return parent
    top = pc.or_kleene(
        pc.is_in(parent, value_set=pa.array(["root", "0", "-1"])), pc.starts_with(parent, "t3_")
    )
    top = pc.or_kleene(top, pc.equal(parent, post))
    parent = pc.if_else(pc.fill_null(top, False), pa.scalar(None, pa.string()), parent)
    if pc.any(pc.starts_with(parent, "t1_")).as_py() and not pc.any(pc.starts_with(comment, "t1_")).as_py():
        parent = pc.replace_substring_regex(parent, "^t1_", "")
    return parent


def places(
    table: pa.Table, posts: pa.Table, pages: Mapping[str, str], notes: list[Note]
) -> tuple[pa.Table, pa.Table]:
    """Fill missing post and page ids, so that each post stands on one page and under one id.

    No post_id: one post per file. No page_id: that of the posts table, else one page per file (the smallest
    name where a post stands in several files). The same post_id on several stated pages: `page:post`.
    """
    files = pa.array(list(pages), pa.string())
    own = pa.array(list(pages.values()), pa.string()).take(
        pc.index_in(table["source"], value_set=files).combine_chunks()
    )
    bare = pc.is_null(table["post_id"])
    if n := pc.sum(bare).as_py():
        notes.append(Note("no_post_id", f"{n} comments name no post: they stand under one post per file",
                          f"{n} commentaires ne nomment aucune publication : ils sont rangés sous une par fichier"))
    table = _with(table, "post_id", pc.coalesce(table["post_id"], own))
    if table["page_id"].null_count:
        table = _with(table, "page_id", pc.coalesce(table["page_id"], _page_of(table, posts, own)))
    crossing = _crossing(table)
    if len(crossing):
        notes.append(
            Note(
                "post_id_on_pages",
                f"{len(crossing)} post ids stand on several pages: each page counts as a post of its own",
                f"{len(crossing)} identifiants de publication se trouvent sur plusieurs pages : chacune compte à part",
            )
        )
        table, posts = (
            _with(
                t,
                "post_id",
                pc.if_else(
                    pc.fill_null(
                        pc.and_(pc.is_in(t["post_id"], value_set=crossing), pc.is_valid(t["page_id"])), False
                    ),
                    pc.binary_join_element_wise(t["page_id"], t["post_id"], ":"),
                    t["post_id"],
                ),
            )
            for t in (table, posts)
        )
    return table, _pages_of_posts(posts, table)


def _with(table: pa.Table, name: str, column: pa.ChunkedArray | pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), table.schema.field(name), column)


def _lookup(wanted: pa.ChunkedArray, known: pa.Array, answers: pa.Array) -> pa.ChunkedArray:
    """answers[i] where wanted is known[i]; null elsewhere."""
    return pa.chunked_array(
        [answers.take(pc.index_in(wanted, value_set=known).combine_chunks())], answers.type
    )


def _page_of(table: pa.Table, posts: pa.Table, own: pa.Array) -> pa.ChunkedArray:
    stated = posts.select(["post_id", "page_id"]).group_by("post_id").aggregate([("page_id", "min")])
    by_post = pa.table({"post_id": table["post_id"], "page_id": pc.coalesce(table["page_id"], own)})
    seen = by_post.group_by("post_id").aggregate([("page_id", "min")])
    return pc.coalesce(
        _lookup(table["post_id"], stated["post_id"].combine_chunks(), stated["page_id_min"].combine_chunks()),
        _lookup(table["post_id"], seen["post_id"].combine_chunks(), seen["page_id_min"].combine_chunks()),
    )


def _crossing(table: pa.Table) -> pa.Array:
    pairs = table.select(["post_id", "page_id"]).group_by(["post_id", "page_id"]).aggregate([])
    counted = pairs.group_by("post_id").aggregate([([], "count_all")])
    return counted.filter(pc.greater(counted["count_all"], 1))["post_id"].combine_chunks()


def _pages_of_posts(posts: pa.Table, table: pa.Table) -> pa.Table:
    """The page on which comments see a post is its page; a post without comments keeps the stated one."""
    if posts.num_rows == 0:
        return posts
    seen = table.select(["post_id", "page_id"]).group_by("post_id").aggregate([("page_id", "min")])
    found = _lookup(posts["post_id"], seen["post_id"].combine_chunks(), seen["page_id_min"].combine_chunks())
    posts = _with(posts, "page_id", pc.coalesce(found, posts["page_id"]))
    only = pc.unique(table["page_id"])
    if len(only) == 1:
        # A posts file that names no page belongs to the one page there is.
        posts = _with(posts, "page_id", pc.coalesce(posts["page_id"], only[0]))
    return posts


@numba.njit(cache=True, nogil=True)
def _digest(data, offsets, out):  # type: ignore[no-untyped-def]
    """128 bits of each byte string, as 32 hex characters."""
    p1, p2, p3 = np.uint64(0x9E3779B185EBCA87), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
    for row in range(offsets.size - 1):
        a, b = np.uint64(0x27D4EB2F165667C5), np.uint64(0x85EBCA77C2B2AE63)
        for i in range(offsets[row], offsets[row + 1]):
            c = np.uint64(data[i]) + np.uint64(1)
            a = (a ^ (c * p2)) * p1
            a ^= a >> np.uint64(32)
            b = (b + c * p3) * p2
            b = (b << np.uint64(31)) | (b >> np.uint64(33))
            b ^= b >> np.uint64(29)
        b = (b ^ (a >> np.uint64(29))) * p1
        a = (a ^ (b >> np.uint64(32))) * p2
        a ^= a >> np.uint64(31)
        for k in range(16):
            word = a if k < 8 else b
            byte = (word >> np.uint64(8 * (k % 8))) & np.uint64(255)
            high, low = byte >> np.uint64(4), byte & np.uint64(15)
            out[row, 2 * k] = high + (48 if high < 10 else 87)
            out[row, 2 * k + 1] = low + (48 if low < 10 else 87)


def made_ids(table: pa.Table) -> pa.Array:
    """`made:` + 128 bits of page, post, author, time and text: the same content gives the same id."""
    cells = [
        pc.fill_null(
            table[name].cast(pa.int64()).cast(pa.string()) if name == "comment_time" else table[name],
            _MISSING,
        )
        for name in _FIELDS
    ]
    joined = pc.binary_join_element_wise(*cells, _SEP)
    digests = []
    for chunk in joined.chunks:
        chunk = chunk.cast(pa.large_string())
        _, at, data = chunk.buffers()
        out = np.empty((len(chunk), 32), np.uint8)
        _digest(
            np.frombuffer(data, np.uint8), np.frombuffer(at, np.int64, len(chunk) + 1, 8 * chunk.offset), out
        )
        offsets = pa.py_buffer(np.arange(0, 32 * len(chunk) + 1, 32, dtype=np.int64))
        digests.append(
            pa.Array.from_buffers(pa.large_string(), len(chunk), [None, offsets, pa.py_buffer(out)])
        )
    hexes = pa.chunked_array(digests, pa.large_string()).cast(pa.string()).combine_chunks()
    return pc.binary_join_element_wise("made:", hexes, "")


def without_duplicates(table: pa.Table) -> tuple[pa.Table, list[tuple[pa.Table, str]]]:
    """The table with every comment_id filled and no comment twice, and the rejected rows with their reason.

    Twice: the same comment_id on the same page; without ids, the same post, author, time and text, all
    known. Kept is the first by content (time, text, author), then by file and row. Rows that only look the
    same because author or time is missing are all kept, and numbered.
    """
    had = pc.is_valid(table["comment_id"]).to_numpy()
    if not had.all():
        lacking = np.flatnonzero(~had)
        made = made_ids(table.take(pa.array(lacking)))
        table = _with(table, "comment_id", _filled(table["comment_id"], lacking, made))
    page, comment = codes(table["page_id"]), codes(table["comment_id"])
    pair = page * (comment.max(initial=0) + 1) + comment
    order = np.argsort(pair, kind="stable")
    same = pair[order][1:] == pair[order][:-1]
    if not same.any():
        return table, []
    twins = order[np.concatenate((same, [False])) | np.concatenate(([False], same))]
    subset = table.take(pa.array(twins)).append_column("_at", pa.array(twins))
    subset = subset.append_column("_pair", pa.array(pair[twins]))
    content = [n for n in ("comment_time", "text", "author_id", *table.column_names) if n != "_pair"]
    subset = subset.sort_by([(n, "ascending") for n in ("_pair", *dict.fromkeys(content))])
    group, at = subset["_pair"].to_numpy(), subset["_at"].to_numpy()
    later = np.concatenate(([False], group[1:] == group[:-1]))
    known = (pc.and_(pc.is_valid(subset["author_id"]), pc.is_valid(subset["comment_time"]))).to_numpy()
    stated = had[at]
    alike = later & ~stated & ~known
    if alike.any():
        first = np.maximum.accumulate(np.where(later, 0, np.arange(len(group))))
        number = np.arange(len(group)) - first + 1
        numbered = [f"{subset['comment_id'][int(i)].as_py()}-{number[i]}" for i in np.flatnonzero(alike)]
        table = _with(
            table, "comment_id", _filled(table["comment_id"], at[alike], pa.array(numbered, pa.string()))
        )
    dropped = later & ~alike
    kept = np.ones(table.num_rows, np.bool_)
    kept[at[dropped]] = False
    out = [
        (table.take(pa.array(at[dropped & which])), reason)
        for which, reason in ((stated, "duplicate comment_id"), (~stated, "duplicate row"))
        if (dropped & which).any()
    ]
    return table.filter(pa.array(kept)), out


def _filled(column: pa.ChunkedArray, at: np.ndarray, new: pa.Array) -> pa.ChunkedArray:
    """The column with new values at some places."""
    where = np.full(len(column), -1, np.int64)
    where[at] = np.arange(len(at))
    taken = new.take(pa.array(where, mask=where < 0))
    return pc.if_else(pa.array(where >= 0), taken, column)


def codes(column: pa.ChunkedArray) -> np.ndarray:
    """int64 per value, equal for equal values; null is a value of its own."""
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def ranks(column: pa.ChunkedArray) -> np.ndarray:
    """int64 per value, in the order of the values' bytes; null last."""
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[encoded.indices.to_numpy(zero_copy_only=False)]


def ordered(table: pa.Table) -> pa.Table:
    """Sorted by (page_id, post_id, comment_time, comment_id), unknown times last."""
    if table.num_rows == 0:
        return table
    page, post = ranks(table["page_id"]), ranks(table["post_id"])
    moment = pc.fill_null(table["comment_time"].cast(pa.int64()), np.iinfo(np.int64).max).to_numpy()
    order = np.lexsort((moment, post, page))
    # Only rows that agree in all three are compared by id: strings are slow to sort.
    p, q, t = page[order], post[order], moment[order]
    same = (p[1:] == p[:-1]) & (q[1:] == q[:-1]) & (t[1:] == t[:-1])
    tied = np.flatnonzero(np.concatenate((same, [False])) | np.concatenate(([False], same)))
    if len(tied):
        group = np.cumsum(np.concatenate(([True], ~same)))[tied]
        name = ranks(table["comment_id"].take(pa.array(order[tied])))
        order[tied] = order[tied][np.lexsort((name, group))]
    return table.take(pa.array(order))
