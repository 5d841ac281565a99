"""Raw tables from matched columns: canonical names, provenance, rejects, truncation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from fakedetect.errors import TruncatedInput
from fakedetect.readers.headers import Match
from fakedetect.readers.source import Source
from fakedetect.schema import PROVENANCE, REJECTS, Note, Raw
from fakedetect.words import Text

NO_COMMENTS = pa.schema(PROVENANCE).empty_table()


_REPEATED = 1 << 16


def stamped(columns: Mapping[str, pa.ChunkedArray | pa.Array], source: str, rows: np.ndarray) -> pa.Table:
    """A table of canonical columns with `source` and `row`."""
    # One piece of the repeated name serves all rows.
    piece = pa.repeat(pa.scalar(source, pa.string()), min(len(rows), _REPEATED))
    names = [piece[: len(rows) - at] for at in range(0, len(rows), _REPEATED)]
    return pa.table({**columns, "source": pa.chunked_array(names, pa.string()), "row": pa.array(rows, pa.int64())})


def rejects(source: str, rows: Iterable[tuple[int, str, str]]) -> pa.Table:
    """A REJECTS table from (row, reason, raw row)."""
    listed = list(rows)
    return pa.table(
        [
            pa.repeat(pa.scalar(source, pa.string()), len(listed)),
            pa.array([r[0] for r in listed], pa.int64()),
            pa.array([r[1] for r in listed], pa.string()),
            pa.array([as_text(r[2]) for r in listed], pa.string()),
        ],
        schema=REJECTS,
    )


def from_dicts(
    rows: Sequence[Mapping[str, object]],
    names: Sequence[str],
    source: str,
    numbers: Sequence[int] | None = None,
) -> pa.Table:
    """A stamped table of string columns from dicts, the values as written. `numbers`: data rows, else 1, 2,
    ...
    """
    columns = {n: pa.array([as_text(r.get(n)) for r in rows], pa.string()) for n in names}
    return stamped(
        columns, source, np.array(numbers if numbers is not None else range(1, len(rows) + 1), np.int64)
    )


def as_text(value: object) -> str | None:
    """One JSON value as a string: null for null, objects and lists; `true` and `false` for truth values."""
    if isinstance(value, str):
        # Lone surrogates are legal in JSON and in no UTF-8 text.
        return (
            value
            if value.isascii() or value.isprintable()
            else value.encode("utf-8", "replace").decode("utf-8")
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


def raw_of(
    found: Match,
    table: pa.Table,
    source: Source,
    rows: np.ndarray,
    *,
    fmt: str,
    encoding: str = "",
    bad: pa.Table | None = None,
    notes: Sequence[Note] = (),
) -> Raw:
    """A Raw from a table whose columns are named by their position ("0", "1", ...). bad: REJECTS."""
    lost = REJECTS.empty_table() if bad is None else bad

    def take(columns: Mapping[str, int]) -> pa.Table:
        return stamped({name: table.column(str(at)) for name, at in columns.items()}, source.name, rows)

    if found.role != "comments":
        told = (
            [
                Note(
                    "bad_side_rows",
                    f"{lost.num_rows} rows could not be split and were left out, the first is row {lost['row'][0]}",
                    f"{lost.num_rows} lignes n'ont pu être découpées et sont laissées de côté, à commencer par la "
                    f"ligne {lost['row'][0]}",
                    source.name,
                )
            ]
            if lost.num_rows
            else []
        )
        return Raw(
            comments=NO_COMMENTS,
            format=fmt,
            encoding=encoding,
            notes=(*notes, *told),
            **{str(found.role): take(found.columns)},
        )
    aside = {name: distinct(take(columns)) for name, columns in found.aside.items()}
    comments = take(found.columns)
    return Raw(
        comments=comments,
        rejects=lost,
        format=fmt,
        encoding=encoding,
        notes=tuple(notes),
        rows_read=comments.num_rows + lost.num_rows,
        **aside,
    )


def distinct(table: pa.Table) -> pa.Table:
    """The rows of a side table without repeats; each keeps its first provenance."""
    names = [n for n in table.column_names if n not in ("source", "row")]
    first = table.group_by(names, use_threads=False).aggregate([("source", "first"), ("row", "min")])
    return first.rename_columns([*names, "source", "row"]) if first.num_rows else table.slice(0, 0)


ROW_CUT = Text("the file ends in the middle of a row", "le fichier s'arrête au milieu d'une ligne")
JSON_CUT = Text("the JSON ends too early", "le JSON s'arrête trop tôt")


def cut(source: Source, what: Text, strict: bool, **values: object) -> Note:
    """The note for a file that ends too early; `values` fill the fields of `what`. Raises TruncatedInput with --strict.
    """
    en, fr = what.of("en", **values), what.of("fr", **values)
    if strict:
        raise TruncatedInput(en, where=source.name, hint="fetch the file again, or leave --strict out")
    return Note("truncated", f"{en}; the rows before it count", f"{fr} ; les lignes qui précèdent comptent",
                source.name)
