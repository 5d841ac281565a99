"""Delimited text with a header line: comma, semicolon, tab or bar, in any common encoding."""

from __future__ import annotations

from fakedetect.readers.delimited import read
from fakedetect.readers.headers import match
from fakedetect.readers.reader import Reader
from fakedetect.readers.source import Head
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """A header that makes up a table; faintly, any text in columns."""
    if head.is_binary or head.is_json or len(head.columns) < 2:
        return 0.0
    return 0.5 if match(head.columns, {}).role else 0.1


READER = Reader(
    name="generic_csv",
    label=Text(en="CSV or tab-separated text with a header", fr="CSV ou texte tabulé avec en-tête"),
    platform="",
    gives="whatever the header names (aliases known, --map for the rest); delimiter and encoding detected",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts", "declared", "businesses"),
    maps=True,
)
