"""Charts as options of Apache ECharts (echarts/README.md): plain data, drawn by report.js when the page opens.

Colours are variables of style.css, so that dark screens and paper have their own without drawing anew. Shapes, sizes
and lightness carry the meaning as well as colours do. All words and numbers come in as they are to be shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from markupsafe import Markup

from fakedetect.report.layout import placed

Option = dict[str, Any]

_SINGLES = 150
"""Up to so many posts are drawn one by one; beyond, consecutive posts share a bin."""
_BINS = 110
_MAX_OVER = 250
"""Posts above their band that are drawn one by one beyond that."""
_NAMED_NODES = 60
"""Networks of up to so many accounts have their labels written beside them."""
_RADII = (15, 12, 9, 6)
"""Diameters of the dots of `lanes`, nearest first."""


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
class Node:
    """An account in the network: its label, the number of its group, its verdict, and with how many it is paired."""

    label: str
    group: int
    verdict: str
    partners: int
    title: str


def as_json(option: Option) -> Markup:
    """The option as text for a data block of HTML: nothing in it can end the block or begin a tag."""
    text = json.dumps(option, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # escaped just above, for a script element


def bin_size(n_posts: int) -> int:
    """How many consecutive posts one place of a chart by posts stands for."""
    return 1 if n_posts <= _SINGLES else -(-n_posts // _BINS)


def over_drawn(marks: Sequence[PostMark]) -> list[int]:
    """Places of the posts above their band that are drawn, the farthest first, at most 250."""
    over = [i for i, m in enumerate(marks) if m.is_over]
    return sorted(over, key=lambda i: ((marks[i].high or 0) - marks[i].share, i))[:_MAX_OVER]


def stacked(places: Sequence[str], layers: Sequence[tuple[str, str, Sequence[int]]]) -> Option:
    """Counts by place as bars on top of each other; layers: (name, colour, one count per place), lowest first."""
    series = [
        {"type": "bar", "stack": "all", "name": name, "data": list(counts), "barCategoryGap": "15%",
         "barMinHeight": 0, "itemStyle": {"color": _colour(colour)}, "emphasis": {"disabled": True}}
        for name, colour, counts in layers
    ]
    told = "".join(f"\n{{a{i}}}: {{c{i}}}" for i in range(len(layers)))
    option = _axes(places, {"type": "value", "minInterval": 1})
    option["tooltip"] |= {"trigger": "axis", "axisPointer": {"type": "shadow"}, "formatter": "{b0}" + told}
    return option | {"series": series}


def first_hour(marks: Sequence[PostMark], sign: str = "%") -> Option:
    """Bands and dots of posts in order of time, in percent; more than 150 posts are binned (see `bin_size`)."""
    size = bin_size(len(marks))
    groups = [marks[start:start + size] for start in range(0, len(marks), size)]
    low: list[float | None] = []
    high: list[float | None] = []
    dots: list[list[Option]] = [[], [], []]
    for place, group in enumerate(groups):
        banded = [(m.low or 0.0, m.high) for m in group if m.high is not None]
        low.append(_percent(median(edge for edge, _ in banded)) if banded else None)
        high.append(_percent(median(edge for _, edge in banded) - median(edge for edge, _ in banded))
                    if banded else None)
        if size > 1:
            dots[0].append({"value": [place, _percent(median(m.share for m in group))], "name": group[0].date})
        elif not group[0].is_over:
            dots[0 if banded else 1].append({"value": [place, _percent(group[0].share)], "name": group[0].title})
    for i in sorted(over_drawn(marks)):
        dots[2].append({"value": [i // size, _percent(marks[i].share)], "name": marks[i].title})
    band: Option = {"type": "bar", "stack": "band", "barCategoryGap": "8%", "silent": True,
                    "tooltip": {"show": False}, "emphasis": {"disabled": True}}
    styles: tuple[Option, ...] = (
        {"color": _colour("in")}, {"color": "transparent", "borderColor": _colour("none"), "borderWidth": 1.5},
        {"color": _colour("over")})
    series = [
        band | {"data": low, "itemStyle": {"color": "transparent"}},
        band | {"data": high, "itemStyle": {"color": _colour("band")}},
        *({"type": "scatter", "data": each, "itemStyle": style | {"opacity": 1},
           "symbol": "diamond" if k == 2 else "circle", "symbolSize": 11 if k == 2 else 5 if size > 1 else 7}
          for k, (each, style) in enumerate(zip(dots, styles, strict=True)) if each),
    ]
    option = _axes([group[0].date for group in groups], {"type": "value", "min": 0})
    option["yAxis"]["axisLabel"]["formatter"] = "{value}" + sign
    return option | {"series": series}


def lanes(names: Sequence[str], columns: Sequence[str], dots: Sequence[tuple[int, int, int, str]]) -> Option:
    """Accounts as lines, posts as columns, first comments as dots (line, column, closeness, title).

    Closeness: 0 nearest to 3 far or alone. `columns` are the dates of the posts.
    """
    series = []
    fit = min(1.0, 40 / max(1, len(columns)))
    for closeness in (3, 2, 1, 0):
        mine = [{"value": [j, i], "name": title} for i, j, near, title in dots if near == closeness]
        if mine:
            series.append({"type": "scatter", "data": mine, "symbolSize": round(_RADII[closeness] * fit, 1),
                           "itemStyle": {"color": _colour(f"near{closeness}"), "opacity": 1}})
    lane = {"type": "category", "data": list(names), "inverse": True, "axisTick": {"show": False}}
    option = _axes(columns, lane)
    option["yAxis"]["axisLabel"] |= {"interval": 0, "width": 150, "overflow": "truncate"}
    option["xAxis"]["splitLine"] = {"show": True, "lineStyle": {"color": _colour("line"), "type": "dotted"}}
    return option | {"series": series}


def network(nodes: Sequence[Node], pairs: Sequence[tuple[int, int, float]]) -> Option:
    """Accounts and their pairs (place of one, of the other, weight from 0 to 1); who has more pairs is drawn larger."""
    shapes = {"suspect": ("circle", "over"), "review": ("diamond", "mid")}
    many = len(nodes) > _NAMED_NODES
    drawn = []
    spots = placed([node.group for node in nodes], [pair[:2] for pair in pairs])
    for node, (x, y) in zip(nodes, spots, strict=True):
        shape, colour = shapes.get(node.verdict, ("rect", "none"))
        size = min(10 + node.partners, 22) * (0.55 if many else 1)
        drawn.append({"name": node.title, "x": x, "y": y, "symbol": shape, "symbolSize": round(size, 1),
                      "itemStyle": {"color": _colour(colour)}, "label": {"formatter": _plain(node.label)}})
    links = [{"source": a, "target": b, "lineStyle": {"width": round(0.6 + 2.4 * weight, 2)}} for a, b, weight in pairs]
    return {
        "animation": False, "tooltip": _tooltip(),
        "series": [{
            "type": "graph", "layout": "none", "data": drawn, "links": links, "left": 30, "right": 60, "top": 20,
            "bottom": 20, "preserveAspect": True,
            "label": {"show": not many, "position": "right", "color": _colour("ink"), "fontSize": 11},
            "labelLayout": {"hideOverlap": True},
            "lineStyle": {"color": _colour("in"), "opacity": 0.45}, "emphasis": {"focus": "adjacency"},
        }],
    }


def _axes(places: Sequence[str], upright: Option) -> Option:
    label = {"color": _colour("soft"), "fontSize": 11, "hideOverlap": True}
    line = {"lineStyle": {"color": _colour("line")}}
    return {
        "animation": False, "tooltip": _tooltip(),
        # To the right, room for half of the last date, which stands under the middle of its place.
        "grid": {"left": 8, "right": 34, "top": 14, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "category", "data": list(places), "axisLabel": dict(label), "axisTick": {"show": False},
                  "axisLine": {"lineStyle": {"color": _colour("soft")}}},
        "yAxis": {"axisLabel": dict(label), "splitLine": {"show": True, **line}, "axisLine": {"show": False}} | upright,
    }


def _tooltip() -> Option:
    # Drawn as text of the picture, never as HTML: titles hold words of strangers.
    return {"renderMode": "richText", "trigger": "item", "formatter": "{b}", "confine": True,
            "backgroundColor": _colour("card"), "borderColor": _colour("soft"), "transitionDuration": 0,
            "textStyle": {"color": _colour("ink"), "fontSize": 12}}


def _plain(text: str) -> str:
    """A label as ECharts writes it: its templates and styles stand in braces."""
    return text.replace("{", "(").replace("}", ")")


def _colour(name: str) -> str:
    return f"var(--{name})"


def _percent(share: float) -> float:
    return round(100 * share, 2)
