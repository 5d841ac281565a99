"""The few shapes that a section is made of. template.html has one macro per shape, chosen by `shape`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `tone` is one of plain, lead, note, warn."""

    shape: ClassVar = "para"
    text: Markup
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences; numbered where the order matters."""

    shape: ClassVar = "points"
    items: Sequence[Markup]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """A few large numbers, each (number, what it counts)."""

    shape: ClassVar = "cards"
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column heads its rows; `right` are the numbers of the columns that hold numbers."""

    shape: ClassVar = "table"
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str | Markup]]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its caption and its key, each (class of the mark, meaning).

    option: what ECharts draws, as JSON (`charts.as_json`). said: what it shows, in a sentence for those who do not see
    it. height and least (width) in pixels.
    """

    shape: ClassVar = "figure"
    option: Markup
    caption: Markup
    name: str
    said: str
    key: Sequence[tuple[str, str]] = ()
    height: int = 260
    least: int = 280


@dataclass(frozen=True, slots=True)
class Register:
    """A table that can be sorted and searched, its rows each with the anchor of its entry (or "").

    rows: (anchor, cells), a cell being what is shown and, where it sorts as a number, that number.
    search, shown, sort: words of the tools; `shown` with %n and %all.
    """

    shape: ClassVar = "register"
    caption: str
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str | Markup, float | None]]]]
    search: str
    shown: str
    sort: str
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """What there is on one account, behind a line with its label, verdict and a few words."""

    shape: ClassVar = "entry"
    anchor: str
    heading: Markup
    badge: str
    badge_text: str
    line: Markup
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Quote:
    """One comment as it was written: who and when, then the text."""

    shape: ClassVar = "quote"
    who: Markup
    when: str
    text: Markup
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Short (name, value) pairs on one thing."""

    shape: ClassVar = "facts"
    items: Sequence[tuple[str, str | Markup]]


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks behind a line that the reader opens; all open in print, but for those that are for the screen."""

    shape: ClassVar = "fold"
    summary: str | Markup
    blocks: Sequence[Block]
    open: bool = False
    screen: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """Blocks that speak of one group or one account, under a heading; `badge` is a verdict or empty."""

    shape: ClassVar = "panel"
    heading: Markup
    blocks: Sequence[Block]
    badge: str = ""
    badge_text: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Panels of one kind under a heading of their own."""

    shape: ClassVar = "part"
    heading: Markup
    blocks: Sequence[Block]


Block = Para | Points | Cards | Table | Figure | Register | Entry | Quote | Facts | Fold | Panel | Part


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report: its anchor, title and blocks; `tone` colours the verdict's box."""

    anchor: str
    title: str | Markup
    blocks: Sequence[Block]
    tone: str = ""
