"""Text that a platform hands out as HTML, BBCode or XML, back to what was typed."""

from __future__ import annotations

import html
import re

_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
NESTED = 20
"""Levels of quotes in quotes that are followed."""
_QUOTES = (re.compile(r"(?is)\[quote(?:[=:][^\]]{0,999})?\](?:(?!\[quote|\[/quote).)*\[/quote(?::\w+)?\]"),
           re.compile(r"<QUOTE\b[^>]{0,2000}>(?:(?!<QUOTE\b|</QUOTE>).)*</QUOTE>", re.DOTALL))


def plain(text: str) -> str:
    """Line breaks for <br>, no other tags, entities resolved."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def without_quotes(text: str) -> str:
    """The text without what it quotes from others, quotes in quotes too."""
    for quote in _QUOTES:
        for _ in range(NESTED):
            text, n = quote.subn(" ", text)
            if not n:
                break
    return text
