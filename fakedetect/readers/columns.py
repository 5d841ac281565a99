"""Columns of tables that were read as strings: presets mend them with these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.tables import rejects
from fakedetect.schema import REJECTS, Note, Raw
from fakedetect.words import Text


def column(table: pa.Table, name: str) -> pa.ChunkedArray:
    """That column with blank cells as null; all null where the table has none."""
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(table[name]), ""), None, table[name])


def cells(table: pa.Table, name: str) -> list[str | None]:
    """The values of `column`."""
    return column(table, name).to_pylist()


def with_column(table: pa.Table, name: str, values: pa.ChunkedArray | pa.Array) -> pa.Table:
    """The table with that column, in place of the one of that name where there is one."""
    at = table.column_names.index(name) if name in table.column_names else None
    return table.append_column(name, values) if at is None else table.set_column(at, name, values)


def with_texts(table: pa.Table, columns: Mapping[str, Sequence[str | None]]) -> pa.Table:
    """The table with these columns, in place of those of their names."""
    for name, values in columns.items():
        table = with_column(table, name, pa.array(values, pa.string()))
    return table


def without(table: pa.Table, *names: str) -> pa.Table:
    """The table without those columns, where it has them."""
    return table.drop_columns([n for n in names if n in table.column_names])


def each(values: pa.ChunkedArray, change: Callable[[str], object], kind: pa.DataType) -> pa.ChunkedArray:
    """`change` applied to each distinct value."""
    chunks = []
    for chunk in values.chunks:
        encoded = chunk.dictionary_encode()
        known = [None if v is None else change(v) for v in encoded.dictionary.to_pylist()]
        chunks.append(pa.array(known, kind).take(encoded.indices))
    return pa.chunked_array(chunks, kind)


def changed(table: pa.Table, name: str, change: Callable[[str], str | None]) -> pa.Table:
    """The table with each known value of that column changed."""
    if name not in table.column_names:
        return table
    return with_column(table, name, each(table[name], change, pa.string()))


def same_id(one: pa.ChunkedArray | pa.Array, other: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Where both are one id. Two that a spreadsheet cut (1.7E+18) are alike and say nothing."""
    cut = pc.match_substring_regex(one, r"[eE]\+\d+\s*$")
    return pc.fill_null(pc.and_(pc.equal(one, other), pc.invert(cut)), False)


def said(code: str, what: Text, where: str, **values: object) -> Note:
    """A note on the file `where`."""
    return Note(code, what.of("en", **values), what.of("fr", **values), where)


def where_of(table: pa.Table) -> str:
    """The file of the first row; "" of none."""
    return str(table["source"][0].as_py()) if table.num_rows else ""


def with_rejects(raw: Raw, where: str, bad: Iterable[tuple[int, str, str]]) -> pa.Table:
    """The rejects of the Raw and, behind them, these (row, reason, raw row) of the file `where`."""
    return pa.concat_tables([*([raw.rejects] if raw.rejects is not None else []), rejects(where, bad)])


def set_apart(raw: Raw, *, posts: pa.ChunkedArray | pa.Array, bad: pa.ChunkedArray | pa.Array, reason: str) -> Raw:
    """The Raw without the comments that are posts themselves, and with those rejected that cannot be used.

    posts, bad: truth value per comment; null counts as no.
    """
    posts, bad = pc.fill_null(posts, False), pc.fill_null(bad, False)
    lost = raw.comments.filter(bad)
    added = rejects("", [(row, reason, name or "") for row, name in
                         zip(lost["row"].to_pylist(), column(lost, "comment_id").to_pylist(), strict=True)])
    added = added.set_column(0, "source", lost["source"])
    kept = raw.comments.filter(pc.invert(pc.or_(posts, bad)))
    bad_rows = pa.concat_tables([*([raw.rejects] if raw.rejects is not None else []), added.cast(REJECTS)])
    return replace(raw, comments=kept, rejects=bad_rows, rows_read=kept.num_rows + bad_rows.num_rows)


def posts_of(rows: pa.Table, declared: str = "") -> pa.Table:
    """Comment rows that are posts, as posts: `declared` is the column that counts their comments."""
    told = {"post_id": column(rows, "comment_id"), "page_id": column(rows, "page_id"),
            "post_time": column(rows, "comment_time"), "post_text": column(rows, "text"),
            "post_author_id": column(rows, "author_id"), "declared_comments": column(rows, declared),
            "source": rows["source"], "row": rows["row"]}
    return pa.table(told)
