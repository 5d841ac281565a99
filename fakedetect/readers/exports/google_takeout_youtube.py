"""Google Takeout, YouTube `comments.csv`: the comments that one person wrote, so refused.

Its header has another order and case since June 2024, and is in the owner's language, as the file's name is; the text
is JSON, `{"takeoutSegments":[{"text":...}]}` or `{"text":...}`.
"""

from __future__ import annotations

import re
from typing import NoReturn

from fakedetect.errors import OwnerOnlyExport
from fakedetect.readers.headers import key
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.words import Text

HEADERS = (("Comment ID", "Channel ID", "Comment create timestamp", "Price", "Parent comment ID", "Comment text"),
           ("ID du commentaire", "ID de la chaîne", "Horodatage de création du commentaire", "Prix",
            "ID du commentaire parent", "Texte du commentaire"))
_ROW = re.compile(r'UC[\w-]{22},\d{4}-\d\d-\d\dT[^\n]{0,300}"\{""(?:text|takeoutSegments)"":', re.ASCII)
"""In any language: the owner's channel, the time, and a text that is JSON."""


def sniff(head: Head) -> float:
    """The header in English or French; in other languages, the rows."""
    if head.is_json or head.is_binary:
        return 0.0
    there = {key(c) for c in head.columns}
    return 0.95 if any({key(n) for n in names} <= there for names in HEADERS) or _ROW.search(head.text) else 0.0


def read(source: Source, options: ReadOptions) -> NoReturn:
    """Raises OwnerOnlyExport."""
    del options
    raise OwnerOnlyExport(
        "it is Google Takeout's copy of one person's own YouTube comments: it holds nobody to compare",
        where=source.name,
        hint="fetch the comments under the channel's videos instead, with the YouTube Data API (commentThreads.list) "
        "or YouTube Data Tools")


READER = Reader(
    name="google_takeout_youtube",
    label=Text("Google Takeout, own YouTube comments", "Google Takeout, commentaires YouTube du titulaire"),
    platform="youtube",
    gives="nothing: one person's own comments, refused, with what to export instead",
    sniff=sniff,
    read=read,
    holds=(),
)
