"""Replies that an export announces and does not hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from fakedetect.readers.columns import said
from fakedetect.schema import Note
from fakedetect.words import Text

MISSING_REPLIES = Text("{missing} replies exist that the file does not hold",
                       "{missing} réponses existent que le fichier ne contient pas")
_NOTHING = frozenset(("nan", "none", "null"))


@dataclass
class Replies:
    """How many replies an export announces under each comment, and how many it holds."""

    announced: dict[str, int] = field(default_factory=dict)
    held: Counter[str] = field(default_factory=Counter)

    def comment(self, comment: object, announced: object, parent: object) -> None:
        """Take note of one comment: how many replies it should have, and the comment that it answers itself."""
        if isinstance(announced, int) and 0 < announced < 1 << 31:
            self.announced[str(comment)] = announced
        if parent:
            self.held[str(parent)] += 1

    @property
    def missing(self) -> int:
        return sum(max(0, n - self.held[comment]) for comment, n in self.announced.items())


def missing_replies(announced: Sequence[str | None], parents: Sequence[str | None], where: str) -> list[Note]:
    """A note where top-level comments announce more replies than the file holds."""
    told = (a for a, p in zip(announced, parents, strict=True) if p is None and a and re.fullmatch(r"\d{1,9}", a))
    missing = sum(map(int, told)) - sum(p is not None for p in parents)
    return [said("missing_replies", MISSING_REPLIES, where, missing=missing)] if missing > 0 else []


def unanswered(announced: Sequence[str | None], parents: Sequence[str | None], where: str) -> list[Note]:
    """A note where comments announce more replies than the file holds; pandas writes 8.0 and nan."""
    whole = [None if a is None else a.removesuffix(".0") for a in announced]
    return missing_replies(whole, [None if p is None or p.lower() in _NOTHING else p for p in parents], where)
