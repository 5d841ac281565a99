"""Delimited text with a header line, read into columns of strings: comma, semicolon, tab or bar, in any encoding."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from fakedetect.errors import ContractError, InputError
from fakedetect.readers.encoding import Decoded
from fakedetect.readers.headers import header, match, not_a_dump, place
from fakedetect.readers.reader import ReadOptions
from fakedetect.readers.source import HEAD_BYTES, Source
from fakedetect.readers.split import UNCLOSED, records
from fakedetect.readers.tables import ROW_CUT, cut, raw_of, rejects
from fakedetect.schema import Note, Raw
from fakedetect.spill import Spill, aside, spans

BLOCK = 1 << 23
RAW_LIMIT = 1 << 16
"""Characters of a rejected row that are kept."""


def read(source: Source, options: ReadOptions, also: Mapping[str, str] | None = None) -> Raw:
    """All rows as strings. A row with another number of columns than the header is rejected with its text. also:
    columns of a file of comments to keep under names that are not canonical."""
    text = source.decoded()
    data = np.frombuffer(text.data, np.uint8)
    head = bytes(data[text.start : text.start + HEAD_BYTES]).decode("utf-8", "replace")
    delimiter, names, skipped = header(head)
    if not names:
        raise InputError("the file is empty", where=source.name)
    found = match(names, options.map, source.role)
    if found.role is None:
        raise not_a_dump(names, source.name)
    if also and found.role == "comments":
        further = {n: at for n, c in also.items() if c and (at := place(names, c)) is not None}
        found = replace(found, columns={**found.columns, **further})
    starts, ends, fields = records(data, text.start + len(head[:skipped].encode()), delimiter)
    starts, ends, fields = starts[1:], ends[1:], fields[1:]
    numbers = np.arange(1, len(starts) + 1)
    notes = _notes(text, source)
    tail = _cut_tail(fields, data, ends, len(names))
    truncated = source.truncated or tail is not None
    if tail is not None and fields[tail] == UNCLOSED:
        # The lines of the cut record are one row, not several.
        starts, fields, numbers = starts[: tail + 1], fields[: tail + 1], numbers[: tail + 1]
        ends = np.append(ends[:tail], len(data))
    if truncated:
        notes.append(cut(source, ROW_CUT, options.strict))
    good = fields == len(names)
    wanted = sorted({*found.columns.values(), *(i for side in found.aside.values() for i in side.values())})
    lost = Spill()
    kept: list[np.ndarray] = []

    def pieces() -> Iterator[pa.Table]:
        for span in spans(len(good)):
            yield _parsed(data, starts[span], ends[span], good[span], delimiter, len(names), wanted)
            kept.append(numbers[span][good[span]])
            odd = np.flatnonzero(~good[span]) + span.start
            cells = [_mended(data, starts[i], ends[i], fields[i], delimiter, len(names)) for i in odd]
            mended = [[m[i] for i in wanted] for m in cells if m is not None]
            if mended:
                columns = zip(wanted, zip(*mended, strict=True), strict=True)
                yield pa.table({str(i): pa.array(values, pa.string()) for i, values in columns})
            kept.append(odd[[m is not None for m in cells]] + 1)
            lost.put(rejects(source.name, (
                (int(i) + 1, _fault(fields[i], len(names)),
                 data[starts[i] : ends[i]].tobytes().decode("utf-8", "replace")[:RAW_LIMIT])
                for i, m in zip(odd, cells, strict=True) if m is None)))

    table = aside(pieces())
    bad, rows = pa.concat_tables(lost.tables()), np.concatenate(kept)
    raw = raw_of(found, table, source, rows, fmt="generic_csv", encoding=text.encoding, bad=bad, notes=notes)
    return replace(raw, truncated=truncated)


def _notes(text: Decoded, source: Source) -> list[Note]:
    if not text.replaced:
        return []
    return [
        Note(
            "undecodable",
            f"{text.replaced} bytes are not valid {text.encoding}; they show as U+FFFD",
            f"{text.replaced} octets ne sont pas valides en {text.encoding} ; ils apparaissent comme U+FFFD",
            source.name,
        )
    ]


def _cut_tail(fields: np.ndarray, data: np.ndarray, ends: np.ndarray, width: int) -> int | None:
    """Index of the record in which the file was cut; None where it ends properly."""
    if not len(fields) or fields[-1] >= width:
        return None
    after = np.flatnonzero(fields == width)
    first = after[-1] + 1 if len(after) else 0
    opened = np.flatnonzero(fields[first:] == UNCLOSED)
    if len(opened):
        return int(first + opened[0])
    return len(fields) - 1 if ends[-1] == len(data) else None


def _parsed(
    data: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    good: np.ndarray,
    delimiter: str,
    width: int,
    wanted: Sequence[int],
) -> pa.Table:
    """The wanted columns of the good records, as strings, named by position."""
    names = [str(i) for i in range(width)]
    schema = pa.schema([(str(i), pa.string()) for i in wanted])
    if not good.any():
        return schema.empty_table()
    # Runs of neighbouring good records are contiguous bytes; only where there are bad ones is anything
    # copied.
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    pieces = [data[starts[a] : ends[b - 1]] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    buffer = pa.py_buffer(pieces[0] if len(pieces) == 1 else b"\n".join(piece.tobytes() for piece in pieces))
    longest = int((ends - starts)[good].max())
    table = pa_csv.read_csv(
        pa.BufferReader(buffer),
        read_options=pa_csv.ReadOptions(column_names=names, block_size=max(BLOCK, 2 * longest)),
        parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            include_columns=[str(i) for i in wanted],
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    if table.num_rows != int(good.sum()):
        raise ContractError(f"{int(good.sum())} rows were split and {table.num_rows} were parsed")
    return table.cast(schema)


def _mended(data: np.ndarray, start: int, end: int, fields: int, delimiter: str, width: int) -> list[str] | None:
    """The values of a record that has too many, where the surplus is all empty."""
    if fields <= width or end - start > RAW_LIMIT:
        return None
    values = next(csv.reader([data[start:end].tobytes().decode("utf-8", "replace")], delimiter=delimiter), [])
    return values[:width] if len(values) == fields and not any(values[width:]) else None


def _fault(fields: int, width: int) -> str:
    """Why a record cannot be used."""
    return "a quote opens and never closes" if fields == UNCLOSED else f"{fields} columns where the header has {width}"
