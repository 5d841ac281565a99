"""Recall against what a campaign's operator can turn: one knob at a time, the others as in a tight, early ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from fakedetect.evaluate.attacks import Row
from fakedetect.evaluate.plant import HOUR, MINUTE, Plant

CURVES: Mapping[str, Mapping[str, Plant]] = {
    "spacing": {
        "25 s": Plant(), "2 min": Plant(gap_s=2 * MINUTE), "5 min": Plant(gap_s=5 * MINUTE),
        "15 min": Plant(gap_s=15 * MINUTE), "45 min": Plant(gap_s=45 * MINUTE), "3 h": Plant(gap_s=3 * HOUR),
    },
    "participation": {f"{100 * share:.0f} %": Plant(share=(share, share))
                      for share in (0.05, 0.1, 0.15, 0.3, 0.6, 1.0)},
    "participation, spaced 45 min": {f"{100 * share:.0f} %": Plant(share=(share, share), gap_s=45 * MINUTE)
                                     for share in (0.1, 0.2, 0.3, 0.6, 0.8, 1.0)},
    "rewording, ordinary times": {
        "1 sentence": Plant(gap_s=None, templates=1), "12 sentences": Plant(gap_s=None, templates=12),
        "own words": Plant(gap_s=None),
    },
    "camouflage": {f"{part:.0f} to 1": Plant(camouflage=part) for part in (0.0, 1.0, 2.0, 4.0)},
    "crews": {str(n): Plant(crews=n) for n in (1, 2, 3, 4)},
    "accounts": {str(n): Plant(size=(n, n)) for n in (3, 5, 8, 13, 25)},
    "accounts, spaced 45 min": {str(n): Plant(size=(n, n), gap_s=45 * MINUTE) for n in (3, 5, 8, 13, 25)},
    "pages, on 5 % of posts, ordinary times": {str(n): Plant(share=(0.05, 0.05), gap_s=None, pages=n)
                                               for n in (1, 2, 4)},
}
"""By knob, what is planted at each of its positions."""

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, COLUMNS = 330, 210, 44, 34, 40, 2
INK, LINE, BAND = "#1f2937", "#1d4ed8", "#93b4f5"


def families(knobs: Sequence[str]) -> dict[str, Plant]:
    """The plants of these knobs, by `knob: position`."""
    return {f"{knob}: {at}": what for knob in knobs for at, what in CURVES[knob].items()}


def picture(rows: Sequence[Row]) -> str:
    """An SVG with one small chart per knob: recall (suspects), with its interval. rows: of `families`."""
    knobs: dict[str, list[tuple[str, Row]]] = {}
    for row in rows:
        knob, at = row.family.rsplit(": ", 1)
        knobs.setdefault(knob, []).append((at, row))
    down = -(-len(knobs) // COLUMNS)
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COLUMNS * WIDTH} {down * HEIGHT}" '
            f'font-family="sans-serif" font-size="11" fill="{INK}" role="img" '
            f'aria-label="Recall against what a campaign can vary">')
    parts = [head, '<rect width="100%" height="100%" fill="#fff"/>']
    for k, (knob, points) in enumerate(knobs.items()):
        parts.append(f'<g transform="translate({k % COLUMNS * WIDTH} {k // COLUMNS * HEIGHT})">'
                     + _chart(knob, points) + "</g>")
    return "".join([*parts, "</svg>\n"])


def _chart(knob: str, points: Sequence[tuple[str, Row]]) -> str:
    wide, high = WIDTH - LEFT - 16, HEIGHT - TOP - BOTTOM
    out = [f'<text x="{LEFT}" y="18" font-size="13" font-weight="bold">{escape(knob)}</text>']
    for share in (0.0, 0.5, 1.0):
        y = TOP + high * (1 - share)
        out.append(f'<path d="M{LEFT} {y:.1f}h{wide}" stroke="#d1d5db"/>'
                   f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{share:g}</text>')
    places = []
    for k, (at, row) in enumerate(points):
        x = LEFT + wide * (k + 0.5) / len(points)
        out.append(f'<text x="{x:.1f}" y="{TOP + high + 18}" text-anchor="middle">{escape(at)}</text>')
        if row.recall is not None and row.low is not None and row.high is not None:
            low, high_y = (TOP + high * (1 - v) for v in (row.low, row.high))
            out.append(f'<path d="M{x:.1f} {low:.1f}V{high_y:.1f}" stroke="{BAND}" stroke-width="6"/>')
            places.append((x, TOP + high * (1 - row.recall)))
    out.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}" fill="none" stroke="{LINE}" '
               f'stroke-width="2"/>')
    out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{LINE}"/>' for x, y in places]
    return "".join(out)
