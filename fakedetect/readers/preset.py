"""Delimited exports whose columns are known: read as any other table, under their own names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from fakedetect.readers.delimited import read as read_delimited
from fakedetect.readers.headers import key, place
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import ACCOUNT_COLUMNS, COMMENT_COLUMNS, POST_COLUMNS, Raw
from fakedetect.words import Text

_OWN = {"comments": COMMENT_COLUMNS, "posts": POST_COLUMNS, "accounts": ACCOUNT_COLUMNS}
Columns = Mapping[str, str | tuple[str, ...]]
"""Field -> its column, or the columns it may have, the first there is."""
Fix = Callable[[Raw], Raw]
"""Mends what the columns hold, after they were read as strings."""


def csv_reader(name: str, label: Text, *, platform: str, gives: str, needed: Sequence[str],
               columns: Columns, table: str = "comments", fix: Fix | None = None,
               naive_zone: str | None = None, lacks: Sequence[str] = (), holds: tuple[str, ...] | None = None,
               one_post: bool = False, verified: bool = True, sure: float = 0.9,
               also: Columns | None = None) -> Reader:
    """The Reader of a delimited format.

    needed: columns that all its files have (case, blanks and signs do not matter); lacks: columns that none has.
    columns: of canonical fields. Fields of `table` that are not named stay empty; those of posts and accounts may be
    named beside comments. `--map` wins over all of it. also: further columns, under names of their own, for `fix`
    alone.
    """
    must, never = {key(n) for n in needed}, {key(n) for n in lacks}

    def sniff(head: Head) -> float:
        if head.is_json or head.is_binary:
            return 0.0
        there = {key(c) for c in head.columns}
        return sure if must <= there and not never & there else 0.0

    def read(source: Source, options: ReadOptions) -> Raw:
        there = Head.of(source).columns
        chosen = {**{c.name: "" for c in _OWN[table]}, **first_of(there, columns)}
        raw = read_delimited(replace(source, role=source.role or table),
                               replace(options, map={**chosen, **options.map}), first_of(there, also or {}))
        raw = replace(raw, format=name, platform=platform, naive_zone=naive_zone)
        raw = raw if fix is None else fix(raw)
        left = [n for n in also or () if n in raw.comments.column_names]
        return replace(raw, comments=raw.comments.drop_columns(left))

    return Reader(name=name, label=label, platform=platform, gives=gives, sniff=sniff, read=read, maps=True,
                  holds=holds or (table,), one_post=one_post, verified=verified)


def first_of(there: Sequence[str], columns: Columns) -> dict[str, str]:
    """Field -> the first of its columns that is there, "" for none."""
    return {field: next((there[at] for n in ((given,) if isinstance(given, str) else given)
                         if (at := place(there, n)) is not None), "") for field, given in columns.items()}
