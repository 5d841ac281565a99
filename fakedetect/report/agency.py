"""What a report on several brands says beside the others: groups on the pages of more than one, first hours by page and
month, pages that the agency does not run, and accounts that are not judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from fakedetect.report import agency_words as a
from fakedetect.report import charts
from fakedetect.report import wording as w
from fakedetect.report.blocks import Block, Figure, Fold, Panel, Para, Points, Section, Table
from fakedetect.report.overtime import LAYERS
from fakedetect.report.plain import isolated, joined
from fakedetect.report.plain import month as month_name
from fakedetect.report.view import View
from fakedetect.words import Text

Row = Mapping[str, Any]

# With the bounds of cases.py and people.py these keep a report under 3 MB.
_MAX_GROUP_ROWS, _MAX_BRANDS, _MAX_MONTHS, _MAX_CHARTS, _MAX_APART = 80, 40, 36, 12, 300
_MAX_LINES = 5
_COUNTS = ("n_posts", "n_first_hour", "n_suspect", "n_review", "n_apart")


def told(view: View) -> Row | None:
    """What the summary says of an agency audit; None in another."""
    found: Row | None = view.summary.get("agency")
    return found


def across(view: View) -> Section:
    """Groups on the pages of more than one brand: which, on how many posts each, since when; and the brands."""
    rows = view.audit.brand_groups.to_pylist() if view.audit.brand_groups is not None else []
    facts = told(view) or {}
    brands = facts["brands"]
    several = several_brands(rows)
    n = {"groups": view.counted("group", len(several)), "brands": view.number(sum(b["run"] for b in brands))}
    blocks: list[Block] = [Para(view.say(a.ACROSS if several else a.ACROSS_NONE, **n), "lead")]
    if several:
        blocks.append(Points([_for_brands(view, group, rows) for group in several[:_MAX_GROUP_ROWS]]))
    places = Counter(r["group_id"] for r in rows)
    wide = [r for r in rows if places[r["group_id"]] > 1]
    if wide:
        cells = [[isolated(r["group_id"], 40), _brand(view, r), view.say(a.WORKS[r["works"]]),
                  view.number(r["n_posts"]), view.number(r["n_accounts"]), view.number(r["n_comments"]),
                  view.day(r["first_seen"]), view.day(r["last_seen"]), view.odds(r["p_value"])]
                 for r in wide[:_MAX_GROUP_ROWS]]
        blocks.append(_table(view, a.ACROSS_CAPTION, a.ACROSS_HEAD, cells, {3, 4, 5, 8}))
        if len(wide) > _MAX_GROUP_ROWS:
            left = view.number(len(wide) - _MAX_GROUP_ROWS)
            blocks.append(Para(view.say(a.LEFT, n=left, file="brand_groups.parquet"), "note"))
        blocks.append(Para(view.say(a.ACROSS_HOW), "note"))
    blocks.append(Para(view.say(a.ACROSS_WHO), "note"))
    cells = [[_brand(view, b), view.number(len(b["page_ids"])), view.number(b["posts"]), view.number(b["comments"]),
              view.number(b["accounts"]), view.number(b["suspect"]), view.number(b["review"]),
              _share(view, b["first_hour"])] for b in brands[:_MAX_BRANDS]]
    blocks.append(_table(view, a.BRANDS_CAPTION, a.BRANDS_HEAD, cells, {1, 2, 3, 4, 5, 6}))
    return Section("brands", view.say(a.ACROSS_TITLE), blocks)


def several_brands(rows: Sequence[Row]) -> list[str]:
    """Groups (ids, in order) that act together on the pages of two brands or more that the agency runs. rows: of
    brand_groups.parquet."""
    counts: dict[str, int] = {}
    for r in rows:
        counts[r["group_id"]] = counts.get(r["group_id"], 0) + bool(r["run"] and r["works"])
    return [group for group, n in counts.items() if n > 1]


def _for_brands(view: View, group: str, rows: Sequence[Row]) -> Markup:
    """The brands on whose pages a group acts together, with how much and since when."""
    said = [view.say(a.FOR_BRAND, brand=_brand(view, r), posts=view.counted("post", r["n_posts"]),
                     first=view.day(r["first_seen"])) for r in rows if r["group_id"] == group and r["works"]]
    return view.say(a.GROUP_FOR, id=isolated(group, 40), brands=view.say(a.BESIDE).join(said))


def months(view: View) -> Section:
    """Share of suspects in the first hours by page and month, each with an interval or 'too few'."""
    rows = view.audit.months.to_pylist() if view.audit.months is not None else []
    title = view.say(a.MONTHS_TITLE)
    brands = (told(view) or {})["brands"]
    if not rows:
        return Section("months", title, [Para(view.say(a.MONTHS_NONE, refused=view.link("refused", w.S_REFUSED)))])
    blocks: list[Block] = [Para(view.say(a.MONTHS_INTRO))]
    for place, brand in enumerate(brands[:_MAX_BRANDS]):
        mine = [r for r in rows if r["brand"] == brand["name"]]
        inner: list[Block] = []
        if mine and place < _MAX_CHARTS:
            inner.append(_figure(view, brand, mine))
        cells = [[_month(view, r["month"]), isolated(r["page_id"], 60), *(view.number(r[c]) for c in _COUNTS),
                  _share(view, r)] for r in mine[:_MAX_MONTHS]]
        if cells:
            table = _table(view, a.MONTHS_CAPTION, a.MONTHS_HEAD, cells, {2, 3, 4, 5, 6})
            few = len(brands) <= _MAX_CHARTS
            inner.append(Fold(view.say(a.MONTHS_FOLD, n=view.number(len(mine))), [table], open=few))
        if len(mine) > _MAX_MONTHS:
            inner.append(Para(view.say(a.LEFT, n=view.number(len(mine) - _MAX_MONTHS), file="months.parquet"), "note"))
        if brand["posts_without_first_hour"]:
            inner.append(Para(view.say(a.MONTHS_WITHOUT, refused=view.link("refused", w.S_REFUSED),
                                       posts=view.counted("post", brand["posts_without_first_hour"])), "note"))
        blocks.append(Panel(_brand(view, brand), inner))
    blocks.append(Para(view.say(a.MONTHS_HOW), "note"))
    return Section("months", title, blocks)


def _figure(view: View, brand: Row, rows: Sequence[Row]) -> Figure:
    places = sorted({r["month"] for r in rows})
    at = {month: k for k, month in enumerate(places)}
    by = {kind: np.zeros(len(places), int) for kind, _, _ in LAYERS}
    for r in rows:
        by["suspect"][at[r["month"]]] += r["n_suspect"]
        by["review"][at[r["month"]]] += r["n_review"]
        by["others"][at[r["month"]]] += r["n_first_hour"] - r["n_suspect"] - r["n_review"]
    layers = [layer for layer in LAYERS if by[layer[0]].any() or layer[0] == "others"]
    option = charts.stacked([_month(view, m) for m in places],
                            [(view.line(name), colour, by[kind].tolist()) for kind, colour, name in layers])
    said = view.line(a.CHART_SAID, n=view.number(int(sum(v.sum() for v in by.values()))),
                     suspects=view.number(int(by["suspect"].sum())))
    key = [(f"b-{colour}", view.line(name)) for _, colour, name in layers]
    return Figure(charts.as_json(option), view.say(a.CHART_CAPTION), view.line(a.CHART_NAME), said, key, height=190)


def comparison(view: View) -> Section:
    """The pages that the agency runs beside those that it does not: both shares, and the difference."""
    title = view.say(a.COMPARE_TITLE)
    found = (told(view) or {})["comparison"]
    if found is None:
        return Section("comparison", title, [Para(view.say(a.COMPARE_NONE))])
    ours, theirs, apart = found["run"], found["not_run"], found["difference"]
    if apart is None:
        lead = view.say(a.COMPARE_TOO_FEW)
    else:
        lead = view.say(a.COMPARE_LEAD, run=view.percent(ours["share"], 1), not_run=view.percent(theirs["share"], 1),
                        **{k: _points(view, apart[k]) for k in ("estimate", "low", "high")})
        lead += " " + view.say(a.COMPARE_ABOVE if apart["low"] > 0 else a.COMPARE_BELOW if apart["high"] < 0
                               else a.COMPARE_OPEN)
    cells = [[view.say(name), view.number(side["pages"]), view.number(side["n_posts"]),
              view.number(side["n_first_hour"]), view.number(side["n_suspect"]), view.number(side["n_review"]),
              f"{_month(view, side['first_month'])} – {_month(view, side['last_month'])}", _share(view, side)]
             for name, side in ((a.RUN, ours), (a.NOT_RUN, theirs))]
    limits = [view.say(a.COMPARE_POSTS), view.say(a.COMPARE_CHOSEN)]
    if (ours["first_month"], ours["last_month"]) != (theirs["first_month"], theirs["last_month"]):
        limits.append(view.say(a.COMPARE_SPANS))
    return Section("comparison", title, [Para(lead, "lead"),
                                         _table(view, a.COMPARE_CAPTION, a.COMPARE_HEAD, cells, {1, 2, 3, 4, 5}),
                                         Points(limits)])


def apart(view: View) -> Section:
    """Declared accounts by brand, accounts known to be organic, and accounts that were cleared earlier."""
    rows = view.audit.apart.to_pylist() if view.audit.apart is not None else []
    rows = [r for r in rows if r["author_id"] in view.known]
    facts = told(view) or {}
    counts = [view.say(a.APART_BRAND, brand=_brand(view, b), n=view.number(b["declared"]),
                       seen=view.number(b["declared_seen"])) for b in facts["brands"][:_MAX_BRANDS]]
    known, cleared = facts["known_innocent"], facts["cleared"]
    if known["given"]:
        counts.append(view.say(a.APART_KNOWN, n=view.number(known["given"]), seen=view.number(known["seen"])))
    if cleared["given"]:
        counts.append(view.say(a.APART_CLEARED, n=view.number(cleared["given"]), seen=view.number(cleared["seen"])))
    if cleared["unsigned"]:
        counts.append(view.say(a.APART_UNSIGNED, n=view.number(cleared["unsigned"])))
    blocks: list[Block] = [Para(view.say(a.APART_INTRO)), Points(counts)]
    elsewhere = [r for r in rows if r["why"] == "declared" and r["brand"] not in r["declared_by"]]
    if elsewhere:
        n = view.counted("account", len({r["author_id"] for r in elsewhere}))
        blocks.append(Para(view.say(a.APART_ELSEWHERE, accounts=n), "warn"))
    for why, caption, head in ((("declared",), a.STAFF_CAPTION, a.STAFF_HEAD),
                               (("cleared", "known_innocent"), a.CLEARED_CAPTION, a.CLEARED_HEAD)):
        mine = [r for r in rows if r["why"] in why]
        if mine:
            cells = [[view.who(r["author_id"]), isolated(r["brand"], 60), _why(view, r), view.number(r["n_comments"]),
                      view.number(r["n_posts"]), view.number(r["n_first_hour"])] for r in mine[:_MAX_APART]]
            blocks.append(_table(view, caption, head, cells, {3, 4, 5}))
        if len(mine) > _MAX_APART:
            blocks.append(Para(view.say(a.LEFT, n=view.number(len(mine) - _MAX_APART), file="apart.parquet"), "note"))
    return Section("apart", view.say(a.APART_TITLE), blocks)


def lines(view: View) -> list[Markup]:
    """For the terminal: the groups on the pages of more than one brand; nothing of another audit."""
    facts = told(view)
    if facts is None or view.audit.brand_groups is None:
        return []
    rows = view.audit.brand_groups.to_pylist()
    several = several_brands(rows)
    n = {"groups": view.counted("group", len(several)), "brands": view.number(sum(b["run"] for b in facts["brands"]))}
    return [view.say(a.ACROSS if several else a.ACROSS_NONE, **n),
            *(_for_brands(view, group, rows) for group in several[:_MAX_LINES])]


SECTIONS = (across, months, comparison, apart)
"""In a report on several brands, in this order."""


def _why(view: View, row: Row) -> Markup:
    if row["why"] == "known_innocent":
        return view.say(a.WHY_KNOWN)
    if row["why"] == "cleared":
        said = view.say(a.WHY_CLEARED, by=isolated(row["decided_by"], 60), signed=isolated(row["signed_by"], 60),
                        day=isolated(str(row["decided_at"])[:10], 10), audit=isolated(row["earlier"], 60))
        # A reason may tell who it is.
        return said + view.say(a.WHY_SAID, why=isolated(row["because"], 300)) if view.names else said
    brands = Markup(", ").join(isolated(b, 60) for b in row["declared_by"])
    role = view.line(a.ROLES[row["role"]]) if row["role"] in a.ROLES else isolated(row["role"], 20)
    return view.say(a.WHY_DECLARED, role=role, brands=brands)


def _brand(view: View, row: Row) -> Markup:
    name = isolated(row["brand"] if "brand" in row else row["name"], 60)
    return name if row["run"] else view.say(a.NOT_RUN_NAME, brand=name)


def _share(view: View, row: Row) -> str:
    if row["too_few"]:
        return view.line(a.TOO_FEW)
    return joined(view.line(a.SHARE, share=view.percent(row["share"], 1), low=view.percent(row["share_low"], 1),
                            high=view.percent(row["share_high"], 1)))


def _month(view: View, month: str | None) -> str:
    """2024-03 in words."""
    if month is None:
        return "–"
    year, _, number = month.rpartition("-")
    return month_name(int(year), int(number), view.lang)


def _points(view: View, value: float) -> str:
    return view.number(round(100 * value, 1), 1)


def _table(view: View, caption: Text, head: Sequence[Text], cells: Sequence[Sequence[str | Markup]],
           right: set[int]) -> Table:
    return Table(view.line(caption), [view.line(h) for h in head], cells, frozenset(right))
