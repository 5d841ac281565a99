"""What a reader is, and what the user may say about how to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text


@dataclass(frozen=True)
class ReadOptions:
    """How to read: side files named by the user, paths here or addresses in an object store, the format if it shall not
    be detected, columns by hand."""

    posts: Path | str | None = None
    accounts: Path | str | None = None
    declared: Path | str | None = None
    businesses: Path | str | None = None
    fmt: str | None = None
    """Name of one of `readers.FORMATS`; None detects it by content."""
    map: Mapping[str, str] = field(default_factory=dict)
    """Canonical field -> column of the file; wins over every alias."""
    strict: bool = False
    """Raise TruncatedInput where a file ends too early, instead of keeping the rows before the cut."""


@dataclass(frozen=True)
class Reader:
    """One export format. `sniff` scores 0 to 1 by content, never by the file's name.

    `read` gives the rows of one file as a Raw under canonical names. Where the file is a side table, comments
    hold no row. It raises InputError where the file cannot be used.
    """

    name: str
    label: Text
    platform: str
    """Platform whose ids the file holds; empty where the format does not say."""
    gives: str
    """Fields and traps in a few English words, for `fakedetect formats` and the docs."""
    sniff: Callable[[Head], float]
    read: Callable[[Source, ReadOptions], Raw]
    holds: tuple[str, ...] = ("comments",)
    """Tables it can give: comments, posts, accounts, declared, businesses. None: its owner's own comments, refused."""
    one_post: bool = False
    """A file holds one post's comments: the files of one folder are posts of one page."""
    maps: bool = False
    """It heeds `--map`; a dump read with `--map` is left to such readers."""
    verified: bool = True
    """Its fields were read in the exporter's source, its documentation or a real file."""
