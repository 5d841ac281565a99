"""The first-hour charts and the table of power, from the tables of an audit to blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from markupsafe import Markup

from fakedetect.report import charts
from fakedetect.report import wording as w
from fakedetect.report.blocks import Block, Figure, Fold, Para, Table
from fakedetect.report.plain import isolated, visible
from fakedetect.report.view import Row, View, is_null

_MAX_CHARTS = 3
_FEW_POSTS = 10
"""A page with fewer posts than this has no chart of its own, unless it is the only one."""
_MAX_OVER = 25


def first_hour(view: View) -> list[Block]:
    """A chart for each of the largest pages, one for the rest together, and the posts above their band."""
    posts = sorted(
        view.audit.posts.to_pylist(),
        key=lambda r: (r["post_time"] is None, str(r["post_time"]), str(r["post_id"])),
    )
    known = [r for r in posts if not is_null(r["first_hour_share"])]
    if not known:
        return []
    by_page: dict[str, list[Row]] = {}
    for row in known:
        by_page.setdefault(row["page_id"], []).append(row)
    order = [p for p in view.page_ids if p in by_page]
    own = [p for p in order if len(by_page[p]) >= _FEW_POSTS or len(order) == 1][:_MAX_CHARTS]
    rest = [row for row in known if row["page_id"] not in own]
    blocks: list[Block] = [
        _chart(view, by_page[p], view.say(w.ONE_PAGE, page=isolated(p, 60)))
        for p in own
    ]
    if rest:
        where = view.say(
            w.OTHER_PAGES if own else w.MANY_PAGES, n=view.number(len({r["page_id"] for r in rest}))
        )
        blocks.append(_chart(view, rest, where))
    if len(known) < len(posts):
        left_out = view.counted("post", len(posts) - len(known))
        blocks.append(Para(view.say(w.CHART_LEFT_OUT, posts=left_out), "note"))
    over = [r for r in known if _is_over(r)]
    return [*blocks, *([_over_table(view, over)] if over else [])]


def _is_over(row: Row) -> bool:
    return not is_null(row.get("expected_high")) and row["first_hour_share"] > row["expected_high"]


def _chart(view: View, rows: Sequence[Row], where: Markup) -> Figure:
    marks = [
        charts.PostMark(
            share=row["first_hour_share"],
            low=None if is_null(row.get("expected_low")) else row["expected_low"],
            high=None if is_null(row.get("expected_high")) else row["expected_high"],
            date=view.day(row["post_time"]),
            title=" · ".join(
                (
                    visible(row["post_id"], 40),
                    view.day(row["post_time"]),
                    view.percent(row["first_hour_share"]),
                )
            ),
        )
        for row in rows
    ]
    n_over = sum(m.is_over for m in marks)
    over, n = view.number(n_over), view.number(len(marks))
    caption = [view.say(w.CHART_CAPTION, where=where, over=over, n=n)]
    size = charts.bin_size(len(marks))
    if size > 1:
        caption.append(view.say(w.CHART_THINNED, bin=view.number(size)))
    drawn = len(charts.over_drawn(marks))
    if drawn < n_over:
        caption.append(view.say(w.CHART_CAPPED, n=view.number(drawn)))
    said = view.line(w.CHART_DESC, over=over, n=n, median=view.percent(median(m.share for m in marks)))
    sign = "%" if view.lang == "en" else "\u202f%"
    key = [("k-band", w.KEY_BAND), ("k-over", w.KEY_OVER), ("k-in", w.KEY_BIN if size > 1 else w.KEY_IN)]
    if size == 1 and any(m.high is None for m in marks):
        key.append(("k-noband", w.KEY_NO_BAND))
    named = [(mark, view.line(text)) for mark, text in key]
    return Figure(charts.as_json(charts.first_hour(marks, sign)), Markup(" ").join(caption),
                  view.line(w.CHART_NAME, posts=view.counted("post", len(marks))), said, named)


def _over_table(view: View, over: Sequence[Row]) -> Fold:
    rarest = sorted(over, key=lambda r: (_rarity(r), str(r["post_id"])))
    rows: list[list[str | Markup]] = [
        [
            isolated(r["post_id"], 60),
            view.moment(r["post_time"]),
            view.number(r["n_comments"]),
            view.percent(r["first_hour_share"]),
            f"{view.percent(r['expected_low'])} – {view.percent(r['expected_high'])}",
            view.odds(r["burst_p_value"]),
            view.percent(r["suspect_share"]),
        ]
        for r in rarest[:_MAX_OVER]
    ]
    head = (w.H_POST, w.H_TIME, w.H_COMMENTS, w.H_FIRST_HOUR, w.H_BAND, w.H_CHANCE, w.H_SUSPECT_SHARE)
    named = [view.line(h) for h in head]
    blocks: list[Block] = [Table(view.line(w.OVER_CAPTION), named, rows, frozenset({2, 3, 4, 5, 6}))]
    if len(over) > _MAX_OVER:
        blocks.append(Para(view.say(w.MORE_POSTS, n=view.number(len(over) - _MAX_OVER)), "note"))
    return Fold(view.say(w.OVER_FOLD, n=view.number(len(over))), blocks)


def _rarity(row: Row) -> float:
    return 1.0 if is_null(row["burst_p_value"]) else float(row["burst_p_value"])


def power_table(view: View, tried: Sequence[Mapping[str, Any]]) -> Table:
    """Chance of being seen: a row for each size and participation, a column for each gap.

    Where only one gap was tried: a row for each size, a column for each participation.
    """
    gaps = sorted({r.get("gap_s") for r in tried}, key=lambda g: (g is None, g or 0))
    chance = {
        (int(r["n_accounts"]), r.get("participation"), r.get("gap_s")): r.get("probability") for r in tried
    }
    if len(gaps) == 1:
        return _one_gap(view, chance, gaps[0])
    sizes = sorted({(n, share) for n, share, _ in chance}, key=lambda s: (s[0], s[1] or 0))
    rows = [
        [view.number(n), view.percent(share), *(view.percent(chance.get((n, share, gap))) for gap in gaps)]
        for n, share in sizes
    ]
    columns = [
        view.line(w.H_PROBABILITY) if gap is None else view.line(w.H_APART, gap=view.duration(gap))
        for gap in gaps
    ]
    head = [view.line(w.H_RING), view.line(w.H_PARTICIPATION), *columns]
    return Table(view.line(w.POWER_CAPTION), head, rows, frozenset(range(len(head))))


def _one_gap(view: View, chance: Mapping[tuple[int, Any, Any], Any], gap: float | None) -> Table:
    shares = sorted({share for _, share, _ in chance}, key=lambda s: s or 0)
    rows = [
        [view.number(n), *(view.percent(chance.get((n, share, gap))) for share in shares)]
        for n in sorted({n for n, _, _ in chance})
    ]
    head = [view.line(w.H_RING), *(view.line(w.H_ON, share=view.percent(share)) for share in shares)]
    caption = view.line(w.POWER_CAPTION_ONE_GAP, gap=view.duration(gap))
    return Table(caption, head, rows, frozenset(range(len(head))))
