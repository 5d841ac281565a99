"""Pictures drawn on the server as SVG text: no script, no style attribute, colours from style.css by class.

Shapes and sizes carry the meaning as well as colours do, for print and for colour-blind readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

_WIDTH = 760
_SINGLES = 150
"""Up to so many posts are drawn one by one; beyond, consecutive posts share a bin."""
_BINS = 110
_MAX_OVER = 250
"""Posts above their band that are drawn one by one beyond that."""


@dataclass(frozen=True, slots=True)
class PostMark:
    """One post of the first-hour chart: share and band edges from 0 to 1, None where there is no band."""

    share: float
    low: float | None
    high: float | None
    date: str
    title: str

    @property
    def is_over(self) -> bool:
        return self.high is not None and self.share > self.high


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture says to those who cannot see it."""

    anchor: str
    name: str
    desc: str
    sign: str = "%"
    """How the language writes the sign after a percentage."""


def bin_size(n_posts: int) -> int:
    """How many consecutive posts one dot of the first-hour chart stands for."""
    return 1 if n_posts <= _SINGLES else -(-n_posts // _BINS)


def over_drawn(marks: Sequence[PostMark]) -> list[int]:
    """Places of the posts above their band that are drawn, the farthest first, at most 250."""
    over = [i for i, m in enumerate(marks) if m.is_over]
    return sorted(over, key=lambda i: ((marks[i].high or 0) - marks[i].share, i))[:_MAX_OVER]


def first_hour(marks: Sequence[PostMark], words: Words) -> Markup:
    """Bands and dots of posts in order of time; more than 150 posts are binned (see `bin_size`)."""
    left, top, bottom, height = 48, 12, 34, 260
    inner_w, inner_h = _WIDTH - left - 8, height - top - bottom
    peak = max([m.share for m in marks] + [m.high or 0 for m in marks])
    step = next(s for s in (0.02, 0.05, 0.1, 0.2, 0.25, 1.0) if peak / s <= 5)
    ceiling = step * max(1, -(-peak // step))

    def x(i: float) -> float:
        return left + inner_w * (i + 0.5) / len(marks)

    def y(share: float) -> float:
        return top + inner_h * (1 - share / ceiling)

    parts: list[Markup] = []
    for k in range(round(ceiling / step) + 1):
        parts.append(_line("grid", left, y(k * step), _WIDTH - 8, y(k * step)))
        parts.append(_text("tick end", left - 6, y(k * step) + 4, f"{round(100 * k * step)}{words.sign}"))
    size = bin_size(len(marks))
    width = inner_w / len(marks) * size
    dots: list[Markup] = []
    for start in range(0, len(marks), size):
        group = marks[start : start + size]
        middle = x(start + (len(group) - 1) / 2)
        banded = [(m.low or 0.0, m.high) for m in group if m.high is not None]
        if banded:
            high, low = y(median(h for _, h in banded)), y(median(low for low, _ in banded))
            wide = max(1.0, width - (1.5 if size == 1 else 0))
            parts.append(_rect("band", middle - wide / 2, high, wide, max(low - high, 1)))
        if size > 1:
            dots.append(_dot("in small", middle, y(median(m.share for m in group)), 2))
        elif not group[0].is_over:
            dots.append(_dot("in" if banded else "noband", middle, y(group[0].share), 3, group[0].title))
    dots += [
        _diamond("over", x(i), y(marks[i].share), 4.5, marks[i].title) for i in sorted(over_drawn(marks))
    ]
    n_ticks = min(5, len(marks))
    for k in range(n_ticks):
        i = round(k * (len(marks) - 1) / max(1, n_ticks - 1))
        side = "start" if k == 0 else "end" if k == n_ticks - 1 else "middle"
        at = left if k == 0 else _WIDTH - 8 if k == n_ticks - 1 else x(i)
        parts.append(_text(f"tick {side}", at, height - 12, marks[i].date))
    parts.append(_line("axis", left, top + inner_h, _WIDTH - 8, top + inner_h))
    return _picture(words, _WIDTH, height, [*parts, *dots])


def lanes(
    names: Sequence[str], columns: Sequence[str], dots: Sequence[tuple[int, int, int, str]], words: Words
) -> Markup:
    """Accounts as lines, posts as columns, first comments as dots (line, column, closeness, title).

    Closeness: 0 nearest to 3 far or alone. `columns` are the dates of the posts.
    """
    left, top, lane = 16 + 6.5 * max(map(len, names)), 10, 24
    pitch = min(34.0, (_WIDTH - left - 10) / max(1, len(columns)))
    bottom = top + lane * len(names)
    width = round(left + pitch * len(columns) + 10)
    parts: list[Markup] = []
    for j in range(len(columns)):
        parts.append(_line("column", left + pitch * (j + 0.5), top, left + pitch * (j + 0.5), bottom))
    for i, name in enumerate(names):
        parts.append(_line("lane", left, top + lane * (i + 0.5), width - 10, top + lane * (i + 0.5)))
        parts.append(_text("tick end", left - 8, top + lane * (i + 0.5) + 4, name))
    radius = (7.0, 5.5, 4.0, 2.5)
    fit = min(1.0, pitch / 15)
    for i, j, closeness, title in dots:
        at = left + pitch * (j + 0.5), top + lane * (i + 0.5)
        parts.append(_dot(f"near{closeness}", *at, max(1.5, radius[closeness] * fit), title))
    for j in sorted({0, len(columns) - 1} if len(columns) > 8 else {0}):
        side = "start" if j == 0 else "end"
        at_x = left + pitch * j if j == 0 else left + pitch * (j + 1)
        parts.append(_text(f"tick {side}", at_x, bottom + 16, columns[j]))
    return _picture(words, max(width, 280), bottom + 26, parts)


def _picture(words: Words, width: float, height: float, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-labelledby="{a}-t {a}-d">'
        '<title id="{a}-t">{name}</title><desc id="{a}-d">{desc}</desc>{parts}</svg>'
    ).format(
        w=_n(width),
        h=_n(height),
        a=words.anchor,
        name=words.name,
        desc=words.desc,
        parts=Markup("").join(parts),
    )


def _n(value: float) -> str:
    """A coordinate to a tenth of a pixel, without a trailing zero."""
    return f"{value:.1f}".removesuffix(".0")


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
        kind, _n(x1), _n(y1), _n(x2), _n(y2)
    )


def _rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, _n(x), _n(y), _n(width), _n(height)
    )


def _text(kind: str, x: float, y: float, text: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, _n(x), _n(y), text)


def _dot(kind: str, x: float, y: float, radius: float, title: str = "") -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}">{}</circle>').format(
        kind, _n(x), _n(y), _n(radius), _hint(title)
    )


def _diamond(kind: str, x: float, y: float, radius: float, title: str = "") -> Markup:
    around = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
    points = " ".join(f"{_n(a)},{_n(b)}" for a, b in around)
    return Markup('<polygon class="{}" points="{}">{}</polygon>').format(kind, points, _hint(title))


def _hint(title: str) -> Markup:
    return Markup("<title>{}</title>").format(title) if title else Markup("")
