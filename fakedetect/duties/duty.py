"""What a duty, a check and a finding are. Nothing here decides a point of law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from fakedetect.schema import Dump
from fakedetect.words import Text

Result = Literal["pass", "fail", "unseen"]
"""pass: no row goes against it; fail: rows go against it; unseen: a dump cannot show it."""
Stage = Literal["collection", "moderation", "publication"]
STAGES: tuple[Stage, ...] = ("collection", "moderation", "publication")
Row = tuple[str, int]
"""Where a review came from: source and 1-based row, as in PROVENANCE."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check saw: `n` of `total` reviews (or items), and the first rows concerned."""

    result: Result
    n: int = 0
    total: int = 0
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of who collects, moderates or publishes reviews, in our own words.

    unseen: why the dump cannot show it, where to look and what to ask for. A duty without a check is never seen
    in a dump. `passed`, `failed` and `hint` may use {n} and {total}; `hint` stands before `unseen` where rows were
    found that are no finding, but worth a question.
    """

    code: str
    source: str
    """Article or clause; written so that it reads in both languages."""
    stage: Stage
    label: Text
    what: Text
    """What the check looks at, and its limit."""
    unseen: Text
    check: Callable[[pa.Table, Dump], Seen] | None = None
    """From the reviews (top-level rows of `Dump.comments`) and the dump they stand in."""
    passed: Text | None = None
    failed: Text | None = None
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the dump shows of one duty; `said` is the sentence with its numbers filled in, in both languages."""

    code: str
    result: Result
    n: int
    total: int
    rows: tuple[Row, ...]
    said: Text
