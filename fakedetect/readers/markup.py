"""Text that a platform hands out as HTML, back to what was typed."""

from __future__ import annotations

import html
import re

_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


def plain(text: str) -> str:
    """Line breaks for <br>, no other tags, entities resolved."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
