"""What names an account in what people write: its id, its names; found, and replaced."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from fakedetect.textfacts import DENSE, classes

LEAST, LEAST_DENSE = 4, 2
"""Characters of an id or a name from which on it is looked for in what others wrote; shorter ones stand everywhere. In
scripts without spaces two letters are a name."""


def keyed(author_id: str) -> str:
    """What an id is made of: the name, where the export has no ids."""
    return author_id.rpartition("name:")[2] if "name:" in author_id else author_id


def forms(words: Iterable[str]) -> list[str]:
    """The words as they may be typed (Unicode composed, decomposed, folded), longest first: one may hold another."""
    found = {unicodedata.normalize(f, w) for w in words for f in ("NFC", "NFD", "NFKC")}
    return sorted((w for w in found if w), key=lambda w: (-len(w), w))


def is_plain(word: str) -> bool:
    """Whether it is one word of letters alone, which may be a name and may be a word: an account is called "merci"."""
    return word.isalpha()


def is_long(word: str, least: int = LEAST, dense: int = LEAST_DENSE) -> bool:
    """Whether it is long enough to be looked for."""
    return len(word) >= (dense if all(map(_dense, word)) else least)


def whole(word: str, *, at: bool = False) -> str:
    """A regular expression for the word where it stands for itself: an id within a longer number is another id. Where a
    script knows no spaces there is no telling. at: only behind an @."""
    before = "(?<=@)" if at else "" if _dense(word[0]) else r"(?<![^\W_])"
    return f"{before}{re.escape(word)}" + ("" if _dense(word[-1]) else r"(?![^\W_])")


def _dense(char: str) -> bool:
    return bool(classes(char) & DENSE)
