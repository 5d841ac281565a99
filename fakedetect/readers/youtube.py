"""Ids, texts and lists as YouTube's Data API and the scripts around it give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from fakedetect.readers.columns import cells, where_of, with_texts
from fakedetect.readers.markup import plain
from fakedetect.readers.replies import unanswered
from fakedetect.schema import Raw
from fakedetect.words import Text

_DICT = re.compile(r"""\{\s*['"]value['"]\s*:\s*['"]([^'"]+)['"]\s*\}""")
_CHANNEL = re.compile(r"/channel/(UC[\w-]{22})", re.ASCII)
_VIDEO = re.compile(r"(?:[?&]v=|youtu\.be/|/(?:shorts|live|embed|v)/)([\w-]{11})(?![\w-])", re.ASCII)
_HTML = re.compile(r"&(?:#39|quot|amp|lt|gt);|<br ?/?>|<a href=\"")
FROM_NAME = Text("the video is known from the file's name", "la vidéo est connue par le nom du fichier")
MINET = ("comment_id", "author_name", "author_channel_id", "text", "like_count", "published_at", "updated_at",
         "reply_count", "parent_comment_id")
"""Columns of minet's present layout, which scripts may also have, but not all."""


def channel(value: str | None) -> str | None:
    """The id of a channel: as it stands, out of the text of a Python dict, or out of its address."""
    if value is None:
        return None
    if value.lstrip().startswith("{"):
        named = _DICT.search(value)
        return named[1] if named else None
    named = _CHANNEL.search(value)
    return named[1] if named else value


def video(value: str | None) -> str | None:
    """The id of a video: as it stands, or out of its address."""
    named = _VIDEO.search(value) if value else None
    return named[1] if named else value


def as_typed(texts: Sequence[str | None]) -> list[str | None]:
    """The texts as they were typed, where the marks of HTML show that the column holds `textDisplay`."""
    if not any(t is not None and _HTML.search(t) for t in texts):
        return list(texts)
    return [None if t is None else plain(t) for t in texts]


def settled(raw: Raw) -> Raw:
    """The Raw with ids and texts as YouTube has them."""
    table = raw.comments
    if not table.num_rows:
        return raw
    notes = unanswered(cells(table, "announced"), cells(table, "parent_id"), where_of(table))
    columns = {"author_id": [channel(a) for a in cells(table, "author_id")], "text": as_typed(cells(table, "text")),
               "post_id": [video(p) for p in cells(table, "post_id")]}
    return replace(raw, comments=with_texts(table, columns), notes=(*raw.notes, *notes))


def items(value: Any) -> Iterator[Any]:
    """The items of one response; the value itself where it is none."""
    inner = value.get("items") if isinstance(value, dict) else None
    yield from inner if isinstance(inner, list) else [value]
