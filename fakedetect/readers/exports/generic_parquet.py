"""Parquet: columns by name, values in their native types."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fakedetect import spill
from fakedetect.errors import InputError
from fakedetect.readers.headers import match, not_a_dump
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import raw_of
from fakedetect.schema import Raw
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """The magic bytes, and columns that make up a table."""
    if not head.is_parquet:
        return 0.0
    return 0.5 if match(head.columns, {}).role else 0.1


def read(source: Source, options: ReadOptions) -> Raw:
    """The recognised columns. Nested columns are not read."""
    try:
        schema = pq.read_schema(source.path)
        names = [f.name for f in schema if not pa.types.is_nested(f.type)]
        if again := {n for n in names if names.count(n) > 1}:
            raise InputError(f"several columns are named {min(again)!r}", where=source.name, hint="rename all but one")
        found = match(names, options.map, source.role)
        if found.role is None:
            raise not_a_dump(names, source.name)
        at = {*found.columns.values(), *(i for side in found.aside.values() for i in side.values())}
        wanted = [names[i] for i in sorted(at)]
        table = spill.aside(_batches(source, wanted)).rename_columns([str(i) for i in sorted(at)])
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the Parquet file is damaged or cut: {error}",
            where=source.name,
            hint="copy it again: the footer at its end is needed",
        ) from error
    return raw_of(found, table, source, np.arange(1, table.num_rows + 1), fmt="generic_parquet")


def _batches(source: Source, wanted: list[str]) -> Iterator[pa.Table]:
    with pq.ParquetFile(source.path) as file:
        empty = file.schema_arrow.empty_table().select(wanted)
        read = (pa.Table.from_batches([b]) for b in file.iter_batches(spill.WINDOW, columns=wanted))
        for table in chain([empty], read):
            table.validate(full=True)  # a damaged page may hold texts that are no UTF-8
            yield pa.table({n: _plain(table[n]) for n in wanted})


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dictionaries decoded; text as `string`, in chunks that fit 32-bit offsets."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        step = 1 << 20
        pieces = [
            c.slice(at, step).cast(pa.string())
            for c in column.chunks
            for at in range(0, max(len(c), 1), step)
        ]
        return pa.chunked_array(pieces, pa.string())
    return column


READER = Reader(
    name="generic_parquet",
    label=Text(en="Parquet table", fr="Table Parquet"),
    platform="",
    gives="whatever the columns name (aliases known, --map for the rest); a timestamp without zone is naive",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts", "declared", "businesses"),
    maps=True,
)
