"""Which column is which: header names against the declared columns and their aliases."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fakedetect.errors import InputError, UsageError
from fakedetect.schema import (
    ACCOUNT_COLUMNS,
    BUSINESS_COLUMNS,
    COMMENT_COLUMNS,
    DECLARED_COLUMNS,
    POST_COLUMNS,
    Column,
)

DELIMITERS = (",", ";", "\t", "|")
MAX_DEPTH = 20
TABLES: Mapping[str, tuple[Column, ...]] = {
    "comments": COMMENT_COLUMNS,
    "posts": POST_COLUMNS,
    "accounts": ACCOUNT_COLUMNS,
    "declared": DECLARED_COLUMNS,
    "businesses": BUSINESS_COLUMNS,
}
_AUTHOR = ("author_id", "author_name")
_ASIDE = {
    "posts": ("post_time", "post_text", "declared_comments", "sponsored", "post_author_id"),
    "accounts": ("followers", "following", "posts_count", "has_avatar", "bio", "verified"),
}
"""Facts about the post or the account that some exports repeat on each comment, under these very names."""
EXPECTED = "author_id or author_name, and text or comment_time"


@dataclass(frozen=True)
class Match:
    """Which table a file is, and the position of each canonical column in it."""

    role: str | None
    columns: Mapping[str, int]
    aside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """posts, accounts -> their columns that stand in a comment file."""


@cache
def key(name: str) -> str:
    """A header without case, accents, blanks and punctuation: `Créé le` -> `creele`."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in plain if c.isalnum())


def place(names: Sequence[str], wanted: str) -> int | None:
    """Position of a column: of that very name, else of that name but for case, accents, blanks and signs."""
    if wanted in names:
        return names.index(wanted)
    return next((i for i, n in enumerate(names) if key(n) == key(wanted)), None)


@cache
def known_keys() -> frozenset[str]:
    """Keys of every canonical name and alias of every table."""
    return frozenset(key(n) for columns in TABLES.values() for c in columns for n in (c.name, *c.aliases))


def match(names: Sequence[str], forced: Mapping[str, str], role: str | None = None) -> Match:
    """The table that these columns make up. `forced` maps canonical fields to columns and wins; to none (""), and the
    field stays empty.

    Each table is scored by the columns it recognises (a canonical name counts double); the best that has its
    necessary columns is taken, comments first. `role` None in the answer: the columns make no table.
    Raises UsageError for an unknown field, InputError where a comment file lacks a column named by `--map`.
    """
    known = {c.name for columns in TABLES.values() for c in columns}
    if unknown := sorted(set(forced) - known):
        raise UsageError(
            f"--map names an unknown field {unknown[0]!r}", hint="one of " + ", ".join(sorted(known))
        )
    found = {table: _positions(names, columns, forced) for table, columns in TABLES.items()}
    usable = {table: columns for table, (columns, _) in found.items() if _complete(table, columns)}
    if role is None:
        role = max(usable, key=lambda t: (found[t][1], -list(TABLES).index(t)), default=None)
    elif role not in usable:
        role = None
    if role is None:
        return Match(None, {})
    columns = found[role][0]
    if role == "comments":
        for name, column in forced.items():
            if column and name in {c.name for c in COMMENT_COLUMNS} and name not in columns:
                raise InputError(f"--map {name}={column}: no such column; found {', '.join(names)}")
    aside = {
        table: kept
        for table in _ASIDE
        if role == "comments" and (kept := _beside(table, found, columns, names, forced))
    }
    return Match(role, columns, aside)


def _positions(
    names: Sequence[str], columns: Sequence[Column], forced: Mapping[str, str]
) -> tuple[dict[str, int], int]:
    """Canonical name -> position, and the score of the fit."""
    keyed = {key(n): i for i, n in reversed(list(enumerate(names)))}
    out: dict[str, int] = {}
    score = 0
    for column in columns:
        wanted = forced.get(column.name)
        if wanted:
            at = place(names, wanted)
            if at is not None:
                out[column.name] = at
                score += 3
    for rank in range(1 + max(len(c.aliases) for c in columns)):
        for column in columns:
            candidates = (column.name, *column.aliases)
            if column.name in out or column.name in forced or rank >= len(candidates):
                continue
            at = keyed.get(key(candidates[rank]))
            if at is not None and at not in out.values():
                out[column.name] = at
                score += 2 if rank == 0 or column.name == "text" else 1
    return out, score


def _complete(table: str, columns: Mapping[str, int]) -> bool:
    """The columns suffice for this table."""
    author = any(c in columns for c in _AUTHOR)
    if table == "comments":
        return author and ("text" in columns or "comment_time" in columns)
    if table == "posts":
        return "post_id" in columns and any(c in columns for c in _ASIDE["posts"])
    if table == "declared":
        return author and "role" in columns
    if table == "businesses":
        return "business_id" in columns and len(columns) > 1
    return author and any(c.name in columns for c in ACCOUNT_COLUMNS if c.name not in _AUTHOR)


def _beside(
    table: str, found: Mapping[str, tuple[dict[str, int], int]], used: Mapping[str, int], names: Sequence[str],
    forced: Mapping[str, str],
) -> dict[str, int]:
    """Columns of another table on the rows of a comment file, with the key that joins them."""
    keyed = {key(n): i for i, n in enumerate(names)}
    taken = set(used.values())
    at = {c: keyed[key(c)] for c in _ASIDE[table] if c not in forced and key(c) in keyed}
    at |= {c.name: here for c in TABLES[table] if (column := forced.get(c.name)) and c.name not in used
           and (here := place(names, column)) is not None}
    at = {c: here for c, here in at.items() if here not in taken}
    joins = ("post_id", "page_id") if table == "posts" else _AUTHOR
    ids = {c: used[c] for c in joins if c in used}
    return {**ids, **at} if at and (ids and (table == "accounts" or "post_id" in ids)) else {}


def not_a_dump(names: Sequence[str], where: str) -> InputError:
    """The error for a table whose columns are not recognised."""
    shown = ", ".join(repr(n) for n in names[:30]) + (" ..." if len(names) > 30 else "")
    return InputError(
        f"its columns make up no comment table: expected {EXPECTED}; found {shown or 'no columns'}",
        where=where,
        hint="--map author_name=COLUMN --map text=COLUMN, with the file's own column names",
    )


def header(text: str) -> tuple[str, list[str], int]:
    """Delimiter, column names and the number of characters up to the first data row of a delimited text.

    The delimiter is the one under which most columns are recognised, then the one that gives most columns.
    A first line `sep=;`, as Excel writes it, decides.
    """
    offset = len(text) - len(text.lstrip("\r\n"))
    if hint := re.match(r'"?sep=(.)"?\r?\n', text[offset:], re.IGNORECASE):
        offset += hint.end()
        delimiters: tuple[str, ...] = (hint.group(1),)
    else:
        delimiters = DELIMITERS
    body = text[offset:]
    best: tuple[tuple[bool, int, int], str, list[str]] | None = None
    for delimiter in delimiters:
        try:
            names = next(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        names = [n.strip() for n in names]
        score = max((_positions(names, columns, {})[1] for columns in TABLES.values()), default=0)
        rank = (match(names, {}).role is not None, score, len(names))
        if best is None or rank > best[0]:
            best = (rank, delimiter, names)
    if best is None:
        return ",", [], offset
    return best[1], best[2], offset


def flatten(value: Mapping[str, object], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """Leaves of nested objects to MAX_DEPTH, keys joined with dots. Lists are not entered."""
    for name, inner in value.items():
        if isinstance(inner, dict) and depth < MAX_DEPTH:
            yield from flatten(inner, f"{prefix}{name}.", depth + 1)
        else:
            yield f"{prefix}{name}", inner


def column_names(text: str, parquet: Path | None, is_json: bool) -> tuple[str, ...]:
    """Column names at the beginning of a file (see Head.columns); empty where there are none."""
    if parquet is not None:
        try:
            return tuple(pq.read_schema(parquet).names)
        except (pa.ArrowInvalid, OSError, UnicodeDecodeError):
            return ()
    if not is_json:
        return tuple(header(text)[1])
    names: dict[str, None] = {}
    decoder, at = json.JSONDecoder(), text.find("{")
    for _ in range(20):
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        names |= dict.fromkeys(name for name, _ in flatten(value))
        gap = re.compile(r"[\s,]*(?=\{)").match(text, end)
        at = gap.end() if gap else -1
    return tuple(names)
