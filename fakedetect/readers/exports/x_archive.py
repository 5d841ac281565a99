"""X (Twitter) archive, `data/tweets.js`: JavaScript around the tweets of the one account that asked for it. Refused."""

from __future__ import annotations

import re
from typing import NoReturn

from fakedetect.errors import OwnerOnlyExport
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.words import Text

_BEGINS = re.compile(r"""\s*(?:window\.YTD\.\w+\.part\d+\s*=|\[\s*\{\s*"tweet"\s*:\s*\{)""")
"""As it comes, or with the JavaScript before the list taken off."""


def sniff(head: Head) -> float:
    """JavaScript that sets `window.YTD`."""
    return 0.95 if _BEGINS.match(head.text[:4096]) else 0.0


def read(source: Source, options: ReadOptions) -> NoReturn:
    """Raises OwnerOnlyExport."""
    del options
    raise OwnerOnlyExport(
        "an X (Twitter) archive holds the tweets of the account that asked for it, and nobody's answers",
        where=source.name,
        hint="collect the replies to the page's tweets: twarc2 conversation, or a search for conversation_id:ID",
    )


READER = Reader(
    name="x_archive",
    label=Text("X (Twitter) archive of one account (tweets.js)", "Archive X (Twitter) d'un compte (tweets.js)"),
    platform="x",
    gives="nothing: its owner's own tweets only; refused, with what to export instead",
    sniff=sniff,
    read=read,
    holds=(),
)
