"""The section on comments over time: how many a day (a week, a month), and how many of them by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.report import charts
from fakedetect.report import wording as w
from fakedetect.report.blocks import Block, Figure, Fold, Para, Section, Table
from fakedetect.report.view import View
from fakedetect.words import Text

TITLE = Text("Comments over time", "Les commentaires dans le temps")
TITLE_REVIEWS = Text("Reviews over time", "Les avis dans le temps")
NONE = Text("No time is known here.", "Aucune heure n'est connue ici.")
UNITS: dict[str, tuple[Text, Text]] = {
    # unit of pyarrow: (per unit, how its beginning is called in a table)
    "day": (Text("per day", "par jour"), Text("Day", "Jour")),
    "week": (Text("per week", "par semaine"), Text("Week of", "Semaine du")),
    "month": (Text("per month", "par mois"), Text("Month of", "Mois du")),
    "quarter": (Text("per quarter", "par trimestre"), Text("Quarter of", "Trimestre du")),
    "year": (Text("per year", "par an"), Text("Year of", "Année du")),
}
CAPTION = Text("{comments}, counted {unit}, from {first} to {last}: {suspects} by suspects, {reviews} by accounts to "
               "check.",
               "{comments}, comptés {unit}, du {first} au {last} : {suspects} de suspects, {reviews} de comptes à "
               "vérifier.")
CAPTION_CLEAN = Text("{comments}, counted {unit}, from {first} to {last}.",
                     "{comments}, comptés {unit}, du {first} au {last}.")
LEFT_OUT = Text("{comments} without a time: not shown.", "{comments} sans heure : non affiché(s).")
NAME = Text("Comments {unit}", "Commentaires {unit}")
SAID = Text("The most came in the time that begins on {day}: {n}, of which {suspects} by suspects.",
            "Le plus grand nombre arrive dans la période qui commence le {day} : {n}, dont {suspects} de suspects.")
BUSIEST = Text("The most fell in the time that begins on {day}: {n}.",
               "Le plus grand nombre arrive dans la période qui commence le {day} : {n}.")
TABLE = Text("The same in figures", "Les mêmes chiffres en tableau")
H_ALL = Text("All", "Tous")
LAYERS = (("others", "calm", Text("all others", "tous les autres")),
          ("review", "mid", Text("accounts to check", "comptes à vérifier")),
          ("suspect", "over", Text("suspects", "suspects")))
"""Bars from the bottom up: class, colour, name."""

_MAX_BARS = 160
_MAX_ROWS = 40

Counts = dict[dt.date, dict[str, int]]


def timeline(view: View) -> Section:
    """Comments per day, week, month, quarter or year, by suspects, by accounts to check and by all others."""
    title = view.say(TITLE_REVIEWS if view.is_reviews else TITLE)
    days = _per_day(view)
    if not days:
        return Section("timeline", title, [Para(view.say(NONE))])
    unit, bars = _binned(days, _MAX_BARS)
    total = {kind: sum(c[kind] for c in bars.values()) for kind, _, _ in LAYERS}
    n, n_all = sum(total.values()), view.audit.comments.num_rows
    named = total["suspect"] + total["review"] > 0
    values = {
        "comments": view.counted("comment", n), "unit": view.line(UNITS[unit][0]),
        "first": _day(view, min(days)), "last": _day(view, max(days)),
        "suspects": view.number(total["suspect"]), "reviews": view.number(total["review"]),
    }
    caption = view.say(CAPTION, **values) if named else view.say(
        CAPTION_CLEAN, **{k: values[k] for k in ("comments", "unit", "first", "last")})
    busiest = max(bars, key=lambda day: (sum(bars[day].values()), day))
    most = {"day": _day(view, busiest), "n": view.counted("comment", sum(bars[busiest].values()))}
    said = (view.line(SAID, suspects=view.number(bars[busiest]["suspect"]), **most) if named
            else view.line(BUSIEST, **most))
    layers = [(kind, colour, name) for kind, colour, name in LAYERS if total[kind] or kind == "others"]
    option = charts.stacked([_day(view, day) for day in bars],
                            [(view.line(name), colour, [c[kind] for c in bars.values()])
                             for kind, colour, name in layers])
    key = [(f"b-{colour}", view.line(name)) for _, colour, name in layers] if named else []
    blocks: list[Block] = [
        Figure(charts.as_json(option), caption, view.line(NAME, unit=values["unit"]), said, key, height=230)]
    if n < n_all:
        blocks.append(Para(view.say(LEFT_OUT, comments=view.counted("comment", n_all - n)), "note"))
    blocks.append(Fold(view.say(TABLE), [_table(view, days)], screen=True))
    return Section("timeline", title, blocks)


def _table(view: View, days: Mapping[dt.date, dict[str, int]]) -> Table:
    unit, rows = _binned(days, _MAX_ROWS)
    cells = [[_day(view, day), view.number(sum(c.values())), view.number(c["suspect"]), view.number(c["review"])]
             for day, c in rows.items() if any(c.values())]
    head = [view.line(UNITS[unit][1]), view.line(H_ALL), view.line(w.VERDICTS["suspect"][0]),
            view.line(w.VERDICTS["review"][0])]
    return Table(view.line(NAME, unit=view.line(UNITS[unit][0])), head, cells, frozenset({1, 2, 3}))


def _per_day(view: View) -> Counts:
    """Comments per day of the run's zone and class of verdict, counted as whole columns."""
    comments = view.audit.comments
    local = pc.local_timestamp(comments["comment_time"].cast(pa.timestamp("us", tz=view.zone.key)))
    named = pc.is_in(comments["verdict"], value_set=pa.array(["suspect", "review"]))
    kinds = pc.if_else(named, comments["verdict"], "others")
    counted = pa.table({"day": local.cast(pa.date32(), safe=False), "kind": kinds}).group_by(["day", "kind"]).aggregate(
        [([], "count_all")])
    out: Counts = {}
    rows = zip(*(counted[c].to_pylist() for c in ("day", "kind", "count_all")), strict=True)
    for day, kind, n in sorted(r for r in rows if r[0] is not None):
        out.setdefault(day, dict.fromkeys((k for k, _, _ in LAYERS), 0))[kind] = n
    return out


def _binned(days: Mapping[dt.date, dict[str, int]], most: int) -> tuple[str, Counts]:
    """The finest unit that needs at most `most` bins (years beyond), and the counts of each bin without a gap."""
    for unit in UNITS:
        starts = _starts(unit, min(days), max(days), most)
        if starts is not None:
            break
    else:
        unit, starts = "year", _starts("year", min(days), max(days), 10_000) or []
    out: Counts = {start: dict.fromkeys((k for k, _, _ in LAYERS), 0) for start in starts}
    for day, counts in days.items():
        into = out[_floor(unit, day)]
        for kind, n in counts.items():
            into[kind] += n
    return unit, out


def _starts(unit: str, first: dt.date, last: dt.date, most: int) -> list[dt.date] | None:
    """Beginnings of all bins from `first` to `last`; None where there are more than `most`."""
    out = [_floor(unit, first)]
    while (then := _next(unit, out[-1])) <= last:
        out.append(then)
        if len(out) > most:
            return None
    return out


def _floor(unit: str, day: dt.date) -> dt.date:
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    month = {"day": day.month, "month": day.month, "quarter": 1 + (day.month - 1) // 3 * 3, "year": 1}[unit]
    return day if unit == "day" else dt.date(day.year, month, 1)


def _next(unit: str, day: dt.date) -> dt.date:
    if unit in ("day", "week"):
        return day + dt.timedelta(days=1 if unit == "day" else 7)
    months = day.month - 1 + {"month": 1, "quarter": 3, "year": 12}[unit]
    return dt.date(day.year + months // 12, months % 12 + 1, 1)


def _day(view: View, day: dt.date) -> str:
    return view.day(dt.datetime.combine(day, dt.time(12), view.zone))
