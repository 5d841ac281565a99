"""A dump whose files have been moved or renamed, under the names that they had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.schema import Raw
from fakedetect.spill import changed

_TABLES = ("comments", "posts", "accounts", "declared", "businesses", "rejects")


def renamed(raw: Raw, names: Mapping[str, Sequence[str]]) -> Raw:
    """The dump with its files called as `names` says (SHA-256 -> names, of files of equal content one each); a file
    that is not in it keeps its name. Parts of a file (a member of an archive, a sheet) follow it."""
    left = {digest: list(given) for digest, given in names.items()}
    new = {}
    for old, digest in sorted(raw.sources.items()):
        new[old] = left[digest].pop(0) if left.get(digest) else old
    tables = {name: _table(table, new) for name in _TABLES if (table := getattr(raw, name)) is not None}
    notes = tuple(replace(n, source=", ".join(follow(s, new) for s in n.source.split(", "))) for n in raw.notes)
    return replace(raw, sources={new[old]: digest for old, digest in raw.sources.items()}, notes=notes, **tables)


def _table(table: pa.Table, new: Mapping[str, str]) -> pa.Table:
    if "source" not in table.column_names or table.num_rows == 0:
        return table
    found = [s for s in pc.unique(table["source"]).to_pylist() if s is not None]
    old, called = pa.array(found, pa.string()), pa.array([follow(s, new) for s in found], pa.string())
    return changed(table, "source", lambda rows: called.take(
        pc.index_in(rows["source"].cast(pa.string()), value_set=old).combine_chunks()))


def follow(source: str, new: Mapping[str, str]) -> str:
    """What a file, or a part of it, is called now: the longest known name that it is, or stands in, is replaced."""
    whole = max((n for n in new if source == n or source.startswith(f"{n}/")), key=len, default=None)
    return source if whole is None else new[whole] + source[len(whole):]
