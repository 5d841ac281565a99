"""JSON objects, one a line or in one array: nested keys are joined with dots, lists are left aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect import spill
from fakedetect.readers.headers import flatten, key, known_keys, match, not_a_dump
from fakedetect.readers.jsonwalk import JsonFile, Value
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT, as_text, cut, raw_of, rejects
from fakedetect.schema import Raw
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """JSON whose objects make up a table; faintly, any JSON."""
    if not head.is_json:
        return 0.0
    return 0.4 if match(head.columns, {}).role else 0.1


def read(source: Source, options: ReadOptions) -> Raw:
    """All objects as rows of strings; what is no object is rejected with its text."""
    file = JsonFile(source)
    wanted = known_keys() | {key(column) for column in options.map.values()}
    names: dict[str, int] = {}
    skip: set[str] = set()
    batches = spill.Spill()
    rows: list[int] = []
    bad: list[tuple[int, str, str]] = []
    lost = spill.Spill()
    columns: dict[str, list[str | None]] = {}
    size = 0

    def close() -> None:
        nonlocal columns, size
        for values in columns.values():
            values.extend([None] * (size - len(values)))
        # A column of its own: objects without any known key are rows too.
        cells = {n: pa.array(v, pa.string()) for n, v in columns.items()}
        batches.put(pa.table({**cells, "": pa.nulls(size)}))
        columns, size = {}, 0

    for item in _objects(file):
        if not isinstance(item.value, dict):
            bad.append((item.row, "not a JSON object", item.bad if item.bad is not None else str(item.value)))
            if len(bad) == spill.ROWS:
                lost.put(rejects(source.name, bad))
                bad = []
            continue
        for found_name, value in flatten(item.value):
            name = as_text(found_name) or ""
            if name in skip:
                continue
            if name not in names:
                if key(name) not in wanted:
                    skip.add(name)
                    continue
                names[name] = len(names)
            cells = columns.setdefault(name, [])
            if len(cells) > size:
                continue  # two keys of one object that are the same flattened: the first counts
            cells.extend([None] * (size - len(cells)))
            cells.append(as_text(value))
        rows.append(item.row)
        size += 1
        if size == spill.ROWS:
            close()
    close()
    found = match(list(names), options.map, source.role)
    if found.role is None:
        raise not_a_dump(list(names) or sorted(skip), source.name)
    lost.put(rejects(source.name, bad))
    tables = batches.tables()
    table = pa.table(
        {
            str(at): pa.chunked_array(
                [chunk for b in tables for chunk in (b[name].chunks if name in b.column_names
                                                     else [pa.nulls(b.num_rows, pa.string())])], pa.string()
            )
            for name, at in names.items()
        }
    )
    notes = [cut(source, JSON_CUT, options.strict)] if file.truncated else []
    raw = raw_of(
        found,
        table,
        source,
        np.array(rows, np.int64),
        fmt="generic_jsonl",
        encoding=file.encoding,
        bad=pa.concat_tables(lost.tables()),
        notes=notes,
    )
    return replace(raw, truncated=file.truncated)


def _objects(file: JsonFile) -> Iterator[Value]:
    """The values; where the first is an object around a list ({"data": [...]}), the objects in such lists."""
    row = 0
    wrapped: bool | None = None
    for item in file:
        if wrapped is None:
            wrapped = (
                _list_in(item.value) is not None and not match([n for n, _ in flatten(item.value)], {}).role
            )
        inner = _list_in(item.value) if wrapped else None
        if inner is None:
            row += 1
            yield Value(row, item.value, item.bad)
            continue
        for value in inner:
            row += 1
            yield Value(row, value)


def _list_in(value: Any) -> list[Any] | None:
    """The only list of objects directly inside an object."""
    if not isinstance(value, dict):
        return None
    lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    return lists[0] if len(lists) == 1 else None


READER = Reader(
    name="generic_jsonl",
    label=Text(en="JSON objects, one a line or in an array", fr="Objets JSON, un par ligne ou en tableau"),
    platform="",
    gives="whatever the keys name (aliases known, --map for the rest); nested keys joined with dots",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts", "declared", "businesses"),
    maps=True,
)
