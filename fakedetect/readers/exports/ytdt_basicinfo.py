"""YouTube Data Tools, `videoinfo_..._basicinfo.tab` or `.csv`: one video, a name and a value a line, no header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from fakedetect.errors import InputError
from fakedetect.readers.gather import Rows
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text

_BEGINS = re.compile(r'\s*"?id"?([\t,])[^\r\n]+[\r\n]+"?published"?\1[^\r\n]+[\r\n]+"?published_unix"?\1')


def sniff(head: Head) -> float:
    """Its first three lines."""
    return 0.95 if _BEGINS.match(head.text) else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """The post. Raises InputError where its lines cannot be told apart."""
    text = source.decoded()
    whole = bytes(text.data[text.start:]).decode("utf-8", "replace")
    begins, rows = _BEGINS.match(whole), Rows(source, options)
    try:
        told = dict(_pairs(whole, begins[1] if begins else ","))
    except csv.Error as error:
        raise InputError(f"its lines cannot be told apart: {error}", where=source.name,
                         hint="fetch it again from YouTube Data Tools") from error
    # `published` is UTC and says no zone; a companion's own zone is not heard beside comments.
    naive = told.get("published")
    rows.post(post_id=told.get("id"), page_id=told.get("channelId"), post_author_id=told.get("channelId"),
              post_text=told.get("title"), post_time=told.get("published_unix") or (f"{naive}Z" if naive else None),
              declared_comments=told.get("commentCount"))
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=text.encoding)


def _pairs(text: str, delimiter: str) -> Iterator[tuple[str, str]]:
    for row in csv.reader(text.splitlines(), delimiter=delimiter):
        if len(row) > 1:
            yield row[0], row[1]


READER = Reader(
    name="ytdt_basicinfo",
    label=Text("YouTube Data Tools, basic info of a video", "YouTube Data Tools, informations d'une vidéo"),
    platform="youtube",
    gives="posts only: id, channel, title, publish time to the second, number of comments; companion of ytdt",
    sniff=sniff,
    read=read,
    holds=("posts",),
)
