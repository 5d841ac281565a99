"""The tables of a dossier: CSV in one canonical form, ids under pseudonyms, no text and no name of a stranger.

One form only: columns in the order of the audit's tables, rows in order of the first columns, numbers as Python writes
them shortest, times as ISO 8601 in UTC, lists as JSON, unknown as nothing. So two audits can be compared as bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.dossier.pseudonyms import Naming
from fakedetect.errors import ContractError
from fakedetect.output import cell
from fakedetect.schema import Audit

KINDS: dict[str, dict[str, str]] = {
    "accounts": {"author_id": "account", "group_id": "group", "page_ids": "page"},
    "comments": {"comment_id": "comment", "post_id": "post", "author_id": "account", "page_id": "page",
                 "parent_id": "comment"},
    "posts": {"post_id": "post", "page_id": "page"},
    "groups": {"group_id": "group", "page_ids": "page", "exhibit_posts": "post", "praised": "post", "trashed": "post"},
    "edges": {"group_id": "group", "author_a": "account", "author_b": "account"},
    "businesses": {"business_id": "post", "page_id": "page", "owner": "owner", "place": "place",
                   "category": "category"},
    "months": {"page_id": "page"},
    "brand_groups": {"group_id": "group"},
    "apart": {"author_id": "account"},
    "rejects": {},
}
"""Table -> its columns of ids -> what each stands for."""
LEFT_OUT = {"accounts": ("author_name",), "comments": ("author_name", "text"), "groups": ("phrases",),
            "apart": ("decided_by", "signed_by", "because", "earlier"), "rejects": ("raw",)}
"""What strangers wrote; who decided, and in what words."""
SPOKEN = frozenset({"verdict", "reasons", "counter", "label", "kind", "evidence", "reason", "source", "brand", "month",
                    "why", "role", "declared_by", "decided_at"})
"""Columns of text that are words of the tool or of who ran it, not of a stranger."""
FIRST = {"accounts": ("label",), "posts": ("page_id", "post_id"), "groups": ("group_id",),
         "edges": ("group_id", "author_a", "author_b"), "businesses": ("page_id", "business_id"),
         "months": ("brand", "page_id", "month"), "brand_groups": ("group_id", "brand"),
         "apart": ("brand", "author_id"), "rejects": ("source", "row", "reason")}
"""Order of the rows; comments stand in order of the input."""
_WINDOW = 100_000


@dataclass(frozen=True)
class Inputs:
    """The input files of an audit by number: I1, I2, ... in order of their hashes. sources: as they stand in the
    tables, parts of files (a member of an archive, a sheet) too."""

    files: Mapping[str, str]
    """name -> SHA-256"""
    sources: Sequence[str] = field(default_factory=tuple)

    @classmethod
    def of(cls, audit: Audit) -> Inputs:
        """The inputs of an audit."""
        found: set[str] = set()
        for table in (audit.comments, audit.rejects):
            found |= {s for s in pc.unique(table["source"]).to_pylist() if s is not None}
        return cls(dict(audit.manifest["inputs"]), tuple(sorted(found)))

    @cached_property
    def numbers(self) -> dict[str, str]:
        """name -> number."""
        ordered = sorted(self.files.items(), key=lambda item: (item[1], item[0]))
        return {name: f"I{i}" for i, (name, _) in enumerate(ordered, 1)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """source -> number of its file, with a second number where it is a part of it."""
        home = {s: max((n for n in self.files if s == n or s.startswith(f"{n}/")), key=len, default=None)
                for s in self.sources}
        parts: dict[str | None, list[str]] = {}
        for source, name in home.items():
            parts.setdefault(name, []).append(source)
        out = {}
        for source, name in home.items():
            number = self.numbers[name] if name is not None else "I0"
            out[source] = number if source == name else f"{number}.{1 + sorted(parts[name]).index(source)}"
        return out

    def label(self, source: str | None) -> str | None:
        """What a source is called in a dossier: `I2`, or `I2.1` for a part of it."""
        return None if source is None else self.labels.get(source) or self.numbers.get(source, "I0")


def names(audit: Audit) -> list[str]:
    """The tables that a dossier of this audit has."""
    return [n for n in KINDS if getattr(audit, n) is not None]


def columns(audit: Audit, name: str) -> list[str]:
    """The columns of a table of the dossier. Raises ContractError where the audit has a column of texts for which
    nobody has said whether it may stand there."""
    table: pa.Table = getattr(audit, name)
    out = []
    for f in table.schema:
        if f.name in LEFT_OUT.get(name, ()):
            continue
        inner = f.type.value_type if pa.types.is_list(f.type) else f.type
        if not (f.name in KINDS[name] or f.name in SPOKEN or pa.types.is_boolean(inner) or pa.types.is_integer(inner)
                or pa.types.is_floating(inner) or pa.types.is_timestamp(inner)):
            raise ContractError(f"nothing says whether {name}.{f.name} may stand in a dossier")
        out.append(f.name)
    return out


def rows(audit: Audit, name: str, naming: Naming, inputs: Inputs) -> Iterator[list[str]]:
    """The rows of a table as cells, in canonical order; the first is the head."""
    head = columns(audit, name)
    yield ["input" if c == "source" else c for c in head]
    if name == "comments":
        yield from _comments(audit, head, naming, inputs)
        return
    held = list(_cells(getattr(audit, name).select(head), name, naming, inputs))
    at = [head.index(c) for c in FIRST[name]]
    # Numbers among them sort as numbers: rejected rows.
    yield from sorted(held, key=lambda r: ([(len(r[i]), r[i]) if head[i] == "row" else (0, r[i]) for i in at], r))


def _comments(audit: Audit, head: list[str], naming: Naming, inputs: Inputs) -> Iterator[list[str]]:
    table = audit.comments.select(head)
    found = pa.array(sorted(inputs.labels, key=lambda s: inputs.labels[s]), pa.string())
    place = pc.index_in(table["source"].cast(pa.string()), value_set=found)
    order = pc.sort_indices(pa.table({"place": place, "row": table["row"], "id": table["comment_id"]}),
                            sort_keys=[("place", "ascending"), ("row", "ascending"), ("id", "ascending")])
    for begin in range(0, table.num_rows, _WINDOW):
        yield from _cells(table.take(order.slice(begin, _WINDOW)), "comments", naming, inputs)


def _cells(table: pa.Table, name: str, naming: Naming, inputs: Inputs) -> Iterator[list[str]]:
    done = []
    for column in table.column_names:
        kind = KINDS[name].get(column)
        say: Callable[[Any], str]
        if column == "source":
            say = lambda v: inputs.label(v) or ""  # noqa: E731
        elif kind is not None:
            say = _named(naming, kind)
        else:
            say = plain
        done.append([say(v) for v in table[column].to_pylist()])
    return (list(row) for row in zip(*done, strict=True))


def _named(naming: Naming, kind: str) -> Callable[[Any], str]:
    def say(value: Any) -> str:
        if isinstance(value, list):
            return json.dumps([naming.of(kind, v) for v in value])
        return naming.of(kind, value) or ""

    return say


def plain(value: Any) -> str:
    """A value as the tables write it; nothing for what is unknown."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        told = value.astimezone(dt.UTC)
        return told.strftime("%Y-%m-%dT%H:%M:%S") + (f".{told.microsecond:06d}" if told.microsecond else "") + "Z"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return cell(value) if isinstance(value, str) else repr(value)


def as_csv(lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Rows of cells as the bytes of a CSV file, some at a time."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    for i, line in enumerate(lines, 1):
        writer.writerow(line)
        if i % 10_000 == 0:
            yield held.getvalue().encode("utf-8", "backslashreplace")
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode("utf-8", "backslashreplace")


def from_csv(held: bytes) -> list[list[str]]:
    """The rows of a CSV file, the head first."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        return list(csv.reader(io.StringIO(held.decode("utf-8"), newline="")))
    finally:
        csv.field_size_limit(limit)
