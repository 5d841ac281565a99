"""What is the same row twice, and the canonical order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.codes import codes, sorted_codes
from fakedetect.spill import aside, changed, gathered, spans, windows, with_column

_MISSING = "\x00"
_SEP = "\x1f"
_FIELDS = ("page_id", "post_id", "author_id", "comment_time", "text")


@numba.njit(cache=True, nogil=True)
def _digest(data, offsets, out):  # type: ignore[no-untyped-def]
    """128 bits of each byte string, as two words."""
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
        out[row, 0], out[row, 1] = a, b


def digests(table: pa.Table, names: Sequence[str]) -> np.ndarray:
    """128 bits of the cells of each row: uint64, shape (rows, 2). Null is a value of its own."""
    cells = [
        pc.fill_null(table[name].cast(pa.int64()).cast(pa.string()) if name == "comment_time" else table[name],
                     _MISSING)
        for name in names
    ]
    joined = pc.binary_join_element_wise(*cells, _SEP)
    out, done = np.empty((table.num_rows, 2), np.uint64), 0
    for chunk in joined.chunks:
        chunk = chunk.cast(pa.large_string())
        _, at, data = chunk.buffers()
        text = np.frombuffer(data if data is not None and data.size else b"\0", np.uint8)
        _digest(text, np.frombuffer(at, np.int64, len(chunk) + 1, 8 * chunk.offset), out[done : done + len(chunk)])
        done += len(chunk)
    return out


def made_ids(table: pa.Table) -> pa.Array:
    """`made:` + 128 bits of page, post, author, time and text: the same content gives the same id."""
    words = digests(table, _FIELDS).astype("<u8")
    hexes = bytes(words.view(np.uint8).reshape(-1).tobytes()).hex()
    return pa.array([f"made:{hexes[at : at + 32]}" for at in range(0, len(hexes), 32)], pa.string())


def without_duplicates(table: pa.Table) -> tuple[pa.Table, np.ndarray, list[tuple[pa.Table, str]]]:
    """The table with every comment_id filled, which rows are kept so that no comment stands twice (bool), and the
    rejected rows with their reason.

    Twice: the same comment_id on the same page; without ids, the same post, author, time and text, all
    known. Kept is the first by content (time, text, author), then by file and row. Rows that only look the
    same because author or time is missing are all kept, and numbered.
    """
    had = pc.is_valid(table["comment_id"]).to_numpy()
    if not had.all():
        table = changed(table, "comment_id", _with_ids)
    # Equal ids have equal digests; whether equal digests have equal ids, their rows tell.
    print_ = np.concatenate([digests(w, ("page_id", "comment_id"))[:, 0] for w in windows(table)])
    order = np.argsort(print_)
    same = print_[order][1:] == print_[order][:-1]
    kept = np.ones(table.num_rows, np.bool_)
    if not same.any():
        return table, kept, []
    twins = order[np.concatenate((same, [False])) | np.concatenate(([False], same))]
    starts = np.flatnonzero(np.concatenate(([True], print_[twins][1:] != print_[twins][:-1])))
    alike, numbers = [], []
    # Some rows at a time, but all that share an id.
    for span in spans(len(twins)):
        begin, end = (np.append(starts, len(twins))[np.searchsorted(starts, [span.start, span.stop])]).tolist()
        if begin < end:
            rows = twins[begin:end]
            dropped, again, number = _again(gathered(table, rows), rows, had[rows])
            kept[dropped] = False
            alike.append(again)
            numbers.append(number)
    if sum(map(len, alike)):
        table = _renamed(table, np.concatenate(alike), np.concatenate(numbers))
    out = []
    for which, reason in ((had, "duplicate comment_id"), (~had, "duplicate row")):
        lost = np.flatnonzero(~kept & which)
        if len(lost):
            out.append((aside(gathered(table, lost[span]) for span in spans(len(lost))), reason))
    return table, kept, out


def _renamed(table: pa.Table, rows: np.ndarray, numbers: np.ndarray) -> pa.Table:
    """The table with a number behind the comment ids of some rows."""
    order = np.argsort(rows)
    rows, numbers = rows[order], numbers[order]

    def pieces() -> Iterator[pa.Table]:
        for span in spans(table.num_rows):
            mine = slice(*np.searchsorted(rows, [span.start, span.stop]))
            here, ids = rows[mine] - span.start, table["comment_id"][span]
            new = [f"{ids[i].as_py()}-{n}" for i, n in zip(here.tolist(), numbers[mine].tolist(), strict=True)]
            yield pa.table({"comment_id": _filled(ids, here, pa.array(new, pa.string()))})

    return with_column(table, "comment_id", aside(pieces())["comment_id"])


def _with_ids(table: pa.Table) -> pa.ChunkedArray:
    """The comment ids, made where there is none."""
    lacking = np.flatnonzero(pc.is_null(table["comment_id"]).to_numpy())
    if not len(lacking):
        return table["comment_id"]
    return _filled(table["comment_id"], lacking, made_ids(table.take(pa.array(lacking))))


def _again(subset: pa.Table, at: np.ndarray, stated: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of rows that share their ids with others: which are left out; and those that are kept although they look the
    same, with a number each. at: where each stands in the whole; stated: whether its id was in the dump."""
    page, comment = (codes(subset[name])[0] + 1 for name in ("page_id", "comment_id"))
    subset = subset.append_column("_pair", pa.array(page * (comment.max(initial=0) + 1) + comment))
    content = dict.fromkeys(("_pair", "comment_time", "text", "author_id", *subset.column_names))
    order = pc.sort_indices(subset, sort_keys=[(n, "ascending") for n in content]).to_numpy()
    group = subset["_pair"].to_numpy()[order]
    later = np.concatenate(([False], group[1:] == group[:-1]))
    known = pc.and_(pc.is_valid(subset["author_id"]), pc.is_valid(subset["comment_time"])).to_numpy()[order]
    alike = later & ~stated[order] & ~known
    first = np.maximum.accumulate(np.where(later, 0, np.arange(len(group))))
    number = np.arange(len(group)) - first + 1
    return at[order[later & ~alike]], at[order[alike]], number[alike]


def _filled(column: pa.ChunkedArray, at: np.ndarray, new: pa.Array) -> pa.ChunkedArray:
    """The column with new values at some places."""
    where = np.full(len(column), -1, np.int64)
    where[at] = np.arange(len(at))
    taken = new.take(pa.array(where, mask=where < 0))
    return pc.if_else(pa.array(where >= 0), taken, column)


def ranks(column: pa.ChunkedArray) -> np.ndarray:
    """int32 per value, in the order of the values' bytes; null last."""
    at, values = sorted_codes(column)
    return np.where(at < 0, len(values), at).astype(np.int32)


def order(table: pa.Table, kept: np.ndarray) -> np.ndarray:
    """The kept rows in the order of (page_id, post_id, comment_time, comment_id), unknown times last."""
    page, post = ranks(table["page_id"]), ranks(table["post_id"])
    moment = pc.fill_null(table["comment_time"].cast(pa.int64()), np.iinfo(np.int64).max).to_numpy()
    rows = np.flatnonzero(kept)
    rows = rows[np.lexsort((moment[rows], post[rows], page[rows]))]
    # Only rows that agree in all three are compared by id: strings are slow to sort.
    p, q, t = page[rows], post[rows], moment[rows]
    same = (p[1:] == p[:-1]) & (q[1:] == q[:-1]) & (t[1:] == t[:-1])
    tied = np.flatnonzero(np.concatenate((same, [False])) | np.concatenate(([False], same)))
    if len(tied):
        group = np.cumsum(np.concatenate(([True], ~same)))[tied]
        name = ranks(gathered(table.select(["comment_id"]), rows[tied])["comment_id"])
        rows[tied] = rows[tied][np.lexsort((name, group))]
    return rows
