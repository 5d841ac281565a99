"""Rows gathered value by value from exports that are no table: JSON and XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect import spill
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT, NO_COMMENTS, as_text, cut, distinct, rejects, stamped
from fakedetect.schema import ACCOUNT_COLUMNS, COMMENT_COLUMNS, POST_COLUMNS, Note, Raw
from fakedetect.words import Text

LEFT_OUT = "left out"
"""In the tally: values of a companion that are nothing of its format."""
NO_VIDEOS = Text("{n} items are no videos and were left out",
                 "{n} éléments ne sont pas des vidéos et sont laissés de côté")
_NAMES = {
    "comments": tuple(c.name for c in COMMENT_COLUMNS),
    "posts": tuple(c.name for c in POST_COLUMNS),
    "accounts": tuple(c.name for c in ACCOUNT_COLUMNS),
}


class Rows:
    """What one file holds. Values stand as found: text, number, truth value or None (what as_text takes)."""

    def __init__(self, source: Source, options: ReadOptions, also: Sequence[str] = ()) -> None:
        """also: names beside the canonical ones that comments may have."""
        self.source, self.options, self.encoding = source, options, ""
        self._names = (*_NAMES["comments"], *also)
        self.n_read = 0
        """Comments and rejected values so far: the number of the last row."""
        self.truncated = source.truncated
        self.notes: list[Note] = []
        self._bad: list[tuple[int, str, str]] = []
        self._rejects = spill.Spill()
        self.tally: Counter[str] = Counter()
        """What a format counts on the way, to say it at the end."""
        self._batches = spill.Spill()
        self._held: list[dict[str, object]] = []
        self._numbers: list[int] = []
        self._sides: dict[str, dict[tuple[object, ...], None]] = {"posts": {}, "accounts": {}}
        self._told: dict[str, spill.Spill] = {name: spill.Spill() for name in self._sides}

    def comment(self, **values: object) -> None:
        """One comment or review, by canonical names."""
        self.n_read += 1
        self._held.append(values)
        self._numbers.append(self.n_read)
        if len(self._held) == spill.ROWS:
            self._close()

    def post(self, **values: object) -> None:
        """One post; the same one again counts once."""
        self._side("posts", values)

    def account(self, **values: object) -> None:
        """What is said of one account; the same again counts once."""
        self._side("accounts", values)

    def reject(self, reason: str, value: object) -> None:
        """One row that cannot be used."""
        self.n_read += 1
        self._bad.append((self.n_read, reason, as_text(value if isinstance(value, str) else str(value)) or ""))
        if len(self._bad) == spill.ROWS:
            self._close_bad()

    def more(self, what: Text, **values: object) -> None:
        """Say that the export goes on where the file ends. Raises TruncatedInput with --strict."""
        self.truncated = True
        self.notes.append(cut(self.source, what, self.options.strict, **values))

    def note(self, code: str, what: Text, **values: object) -> None:
        self.notes.append(Note(code, what.of("en", **values), what.of("fr", **values), self.source.name))

    def raw(self, *, fmt: str, platform: str, encoding: str = "", naive_zone: str | None = None) -> Raw:
        """All of it, as the stages downstream take it."""
        self._close()
        self._close_bad()
        batches = self._batches.tables()
        sides = {name: table for name in self._sides if (table := self._close_side(name)) is not None}
        return Raw(comments=pa.concat_tables(_alike(batches, self._names)) if batches else NO_COMMENTS,
                   rejects=pa.concat_tables(self._rejects.tables()), format=fmt, platform=platform,
                   encoding=encoding or self.encoding, truncated=self.truncated, notes=tuple(self.notes),
                   rows_read=self.n_read, naive_zone=naive_zone, **sides)

    def _side(self, table: str, values: Mapping[str, object]) -> None:
        rows = self._sides[table]
        rows.setdefault(tuple(as_text(values.get(n)) for n in _NAMES[table]))
        if len(rows) == spill.ROWS:
            self._told[table].put(self._listed(table))
        if unknown := set(values) - set(_NAMES[table]):
            raise TypeError(f"no columns of {table}: {sorted(unknown)}")

    def _close(self) -> None:
        if self._held:
            names = [n for n in self._names if any(n in row for row in self._held)]
            if unknown := {n for row in self._held for n in row} - set(names):
                raise TypeError(f"no columns of comments: {sorted(unknown)}")
            self._batches.put(self._table(names, self._held, self._numbers))
            self._held, self._numbers = [], []

    def _close_bad(self) -> None:
        self._rejects.put(rejects(self.source.name, self._bad))
        self._bad = []

    def _listed(self, side: str) -> pa.Table:
        """What is held of a side table."""
        rows, self._sides[side] = self._sides[side], {}
        return self._table(_NAMES[side], [dict(zip(_NAMES[side], row, strict=True)) for row in rows])

    def _close_side(self, side: str) -> pa.Table | None:
        told = self._told[side].tables()
        if self._sides[side]:
            told.append(self._listed(side))
        return distinct(pa.concat_tables(told)) if len(told) > 1 else told[0] if told else None

    def _table(self, names: Sequence[str], rows: Sequence[Mapping[str, object]],
               numbers: Sequence[int] | None = None) -> pa.Table:
        columns = {n: pa.array([as_text(r.get(n)) for r in rows], pa.string()) for n in names}
        told = np.array(numbers if numbers is not None else range(1, len(rows) + 1), np.int64)
        return stamped(columns, self.source.name, told)


def _alike(tables: Sequence[pa.Table], known: Sequence[str]) -> Sequence[pa.Table]:
    """The tables with the same columns; those that one lacks are null in it."""
    names = [n for n in (*known, "source", "row") if any(n in t.column_names for t in tables)]
    return [t if t.column_names == names else pa.table(
        {n: t[n] if n in t.column_names else pa.nulls(t.num_rows, pa.string()) for n in names}) for t in tables]


Visit = Callable[[Any, Rows], bool]
"""Takes one value of a file (an element of the outermost list, one document, one line) and gathers what it holds; False
where the value is nothing that the format has: it is then rejected."""


def gathered(source: Source, options: ReadOptions, visit: Visit, *, otherwise: str = "not of this format",
             left_out: Text | None = None, also: Sequence[str] = ()) -> Rows:
    """What `visit` gathers from a JSON file, value by value. What is nothing of the format is rejected as `otherwise`;
    left_out: no rejects, but a note with their number {n}, as a companion rejects no row."""
    file, rows = JsonFile(source), Rows(source, options, also)
    for item in file:
        if item.bad is None and visit(item.value, rows):
            continue
        if left_out is None:
            rows.reject(otherwise, item.bad if item.bad is not None else item.value)
        else:
            rows.tally[LEFT_OUT] += 1
    if left_out is not None and (n := rows.tally[LEFT_OUT]):
        rows.note("bad_side_rows", left_out, n=n)
    if file.truncated:
        rows.more(JSON_CUT)
    rows.encoding = file.encoding
    return rows


def json_reader(name: str, label: Text, *, platform: str, gives: str, sniff: Callable[[Head], float], visit: Visit,
                holds: tuple[str, ...] = ("comments",), naive_zone: str | None = None, one_post: bool = False,
                verified: bool = True, end: Callable[[Rows], None] | None = None, left_out: Text | None = None,
                also: Sequence[str] = (), fix: Callable[[Raw], Raw] | None = None) -> Reader:
    """The Reader of a JSON format. sniff is asked of JSON files only; end is called after the last value; left_out: see
    `gathered`; also: names of comments beside the canonical ones, for `fix` alone, which mends the whole."""

    def read(source: Source, options: ReadOptions) -> Raw:
        rows = gathered(source, options, visit, left_out=left_out, also=also)
        if end is not None:
            end(rows)
        raw = rows.raw(fmt=name, platform=platform, naive_zone=naive_zone)
        raw = raw if fix is None else fix(raw)
        return replace(raw, comments=raw.comments.drop_columns([n for n in also if n in raw.comments.column_names]))

    return Reader(name=name, label=label, platform=platform, gives=gives, read=read, holds=holds, one_post=one_post,
                  verified=verified, sniff=lambda head: sniff(head) if head.is_json else 0.0)


def an_object(value: object) -> dict[str, Any]:
    """The value where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def a_list(value: object) -> list[Any]:
    """The value where it is a JSON list, else an empty one."""
    return value if isinstance(value, list) else []


def an_id(value: object) -> str | None:
    """An id as text; None where there is none."""
    return as_text(value) or None if isinstance(value, str | int) and not isinstance(value, bool) else None
