"""Groups laid out for a reader who has to check them: who came when, exhibits, pairs, and all groups as a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from fakedetect.report import charts, reviewed
from fakedetect.report import wording as w
from fakedetect.report.blocks import Block, Facts, Figure, Fold, Panel, Para, Points, Quote, Table
from fakedetect.report.plain import isolated, visible
from fakedetect.report.view import CLOSE_S, Row, View, is_null

# What one report shows in full. Together these keep it under 3 MB whatever the size of the audit.
TELLING = 0.1
"""A likeness that chance makes more often says nothing; groups.parquet holds it all the same."""
_MAX_GROUPS = 8
_MAX_LISTED_GROUPS = 100
_MAX_LANES = 20
_MAX_COLUMNS = 50
_MAX_EXHIBITS = 5
_MAX_QUOTES = 12
_MAX_PAIRS = 10
_MAX_NODES = 300
_MAX_LINKS = 1200


def groups(view: View) -> list[Block]:
    """A panel for each of the rarest groups, a table of the others; empty where there is no group."""
    rarest = sorted(
        view.audit.groups.to_pylist(), key=lambda r: (r["q_value"], r["p_value"], str(r["group_id"]))
    )
    blocks: list[Block] = [*_network(view, rarest)]
    blocks += [group_panel(view, row, i) for i, row in enumerate(rarest[:_MAX_GROUPS])]
    others = rarest[_MAX_GROUPS:]
    if others:
        rows = [
            [
                visible(r["group_id"], 40),
                view.number(r["n_accounts"]),
                view.number(r["n_posts"]),
                view.odds(r["p_value"]),
                kind(view, r),
            ]
            for r in others[:_MAX_LISTED_GROUPS]
        ]
        head = [view.line(h) for h in (w.H_GROUP, w.H_ACCOUNTS, w.H_POSTS, w.H_CHANCE, w.H_KIND)]
        blocks.append(Table(view.line(w.MORE_GROUPS), head, rows, frozenset({1, 2, 3})))
    if len(others) > _MAX_LISTED_GROUPS:
        left = view.number(len(others) - _MAX_LISTED_GROUPS)
        blocks.append(Para(view.say(w.MORE_GROUPS_LEFT, n=left), "note"))
    return blocks


def _network(view: View, rarest: Sequence[Row]) -> list[Figure]:
    """Who is paired with whom in these groups, rarest first, as far as a picture can hold it."""
    shown: dict[str, int] = {}
    group_of: dict[str, int] = {}
    for number, group in enumerate(rarest):
        members = view.members(group["group_id"])
        if len(shown) + len(members) <= _MAX_NODES:
            shown |= {author: len(shown) + i for i, author in enumerate(members)}
            group_of |= dict.fromkeys(members, number)
    pairs = [e for e in view.audit.edges.to_pylist() if e["author_a"] in shown and e["author_b"] in shown]
    pairs.sort(key=lambda e: (1.0 if is_null(e["p_value"]) else e["p_value"], -(e["n_close"] or 0), e["author_a"],
                              e["author_b"]))
    drawn = pairs[:_MAX_LINKS]
    if not drawn:
        return []
    partners = Counter(author for e in drawn for author in (e["author_a"], e["author_b"]))
    rows = {author: view.account(author) for author in shown}
    nodes = [charts.Node(view.label(author, 24), group_of[author], rows[author]["verdict"], partners[author],
                         view.line(w.NODE, who=view.label(author), group=visible(rows[author]["group_id"], 40),
                                   partners=view.counted("account", partners[author])))
             for author in shown]
    widest = max(max(e["n_shared"] or 0 for e in drawn), 1)
    links = [(shown[e["author_a"]], shown[e["author_b"]],
              (e["n_shared"] or 0) / widest if view.is_reviews else (e["n_close"] or 0) / max(1, e["n_shared"] or 0))
             for e in drawn]
    said = view.line(w.NETWORK_SAID, accounts=view.counted("account", len(nodes)),
                     pairs=view.counted("pair", len(drawn)),
                     groups=view.counted("group", len({r["group_id"] for r in rows.values()})))
    caption = [view.say(w.NETWORK_CAPTION_REVIEWS if view.is_reviews else w.NETWORK_CAPTION)]
    if len(drawn) < view.audit.edges.num_rows:
        caption.append(view.say(w.NETWORK_CUT, n=view.number(len(drawn)), all=view.number(view.audit.edges.num_rows)))
    verdicts = {r["verdict"] for r in rows.values()}
    key = [(mark, view.line(w.VERDICTS[v][0])) for mark, v in (("k-suspect", "suspect"), ("k-review", "review"))
           if v in verdicts]
    if verdicts - {"suspect", "review"}:
        key.append(("k-other", view.line(w.NODE_OTHER)))
    return [Figure(charts.as_json(charts.network(nodes, links)), Markup(" ").join(caption), view.line(w.NETWORK_NAME),
                   said, key, height=min(520, 300 + 2 * len(nodes)))]


def kind(view: View, group: Row) -> str:
    """The group's kind in words, or its code where it has none."""
    text = w.KINDS.get(group["kind"])
    return view.line(text) if text else visible(group["kind"] or "–", 60).replace("_", " ")


def how(view: View, group: Row) -> str:
    """How far apart its accounts are, or what relates them where that is not time."""
    gap = group.get("median_gap_s")
    return kind(view, group) if is_null(gap) else view.line(w.APART, gap=view.duration(gap))


def group_panel(view: View, group: Row, place: int) -> Panel:
    """One group with its picture, exhibits and pairs; the first (place 0) shows its exhibits open."""
    members = view.members(group["group_id"])
    name = visible(group["group_id"], 40)
    by_words = list(group.get("evidence") or ()) == ["phrases"]
    by_marks = reviewed.told_by_marks(group)
    sentence = reviewed.sentence(view, group) if by_marks else view.say(
        w.GROUP_PHRASES if by_words else w.GROUP_SENTENCE,
        accounts=view.counted("account", group["n_accounts"]),
        posts=view.counted("post", group["n_posts"]),
        first=view.day(group["first_seen"]),
        last=view.day(group["last_seen"]),
        gap=view.duration(group.get("median_gap_s")),
    )
    chance = view.say(w.GROUP_CHANCE, odds=view.odds(group["p_value"]))
    verdicts = Counter(view.account(m)["verdict"] for m in members)
    facts: list[tuple[str, str | Markup]] = [
        (view.line(w.FACT_KIND), kind(view, group)),
        (view.line(w.FACT_CORRECTED), view.odds(group["q_value"])),
        (
            view.line(w.FACT_VERDICTS),
            Markup(", ").join(
                view.say(w.FACT_COUNT, name=view.line(w.VERDICTS[v][0]), n=view.number(n))
                for v, n in sorted(verdicts.items())
            ),
        ),
    ]
    pages = group.get("page_ids") or []
    if pages and len(view.page_ids) > 1:
        shown = Markup(", ").join(isolated(p, 60) for p in sorted(pages)[:5])
        facts.append((view.line(w.FACT_PAGES), shown + ("…" if len(pages) > 5 else "")))
    facts += [(view.line(label), view.odds(group[column])) for column, label in w.FACTS_BESIDE.items()
              if not is_null(group.get(column)) and group[column] <= TELLING]
    rows = view.first_comments(members)
    if "attendance" in (group.get("evidence") or ()):
        sentence += " " + view.say(w.GROUP_ATTENDANCE)
    if not is_null(group.get("excess")) and not by_marks:
        counts = {k: view.number(round(group[c])) for k, c in (
            ("excess", "excess"), ("low", "excess_low"), ("high", "excess_high"))}
        sentence += " " + view.say(w.GROUP_FARM, window=view.duration(group["window_s"]), **counts)
    blocks: list[Block] = [Para(sentence + " " + chance), Facts(facts)]
    if by_marks:
        blocks.append(reviewed.marks(view, group, members))
    elif rows:
        blocks.append(_lanes(view, rows, name))
    if group.get("phrases"):
        said = [Markup("{}").format(isolated(text, 300)) for text in group["phrases"]]
        blocks.append(Fold(view.line(w.PHRASES), [Points(said)], open=by_words))
    exhibits = _exhibits(view, group, rows)
    if exhibits:
        n = sum(isinstance(b, Panel) for b in exhibits)
        blocks.append(Fold(view.say(w.EXHIBITS, posts=view.counted("post", n)), exhibits, open=place == 0))
    pairs = view.audit.edges.filter(_is_group(view, group)).to_pylist()
    if pairs and not by_marks:
        blocks.append(Fold(view.line(w.PAIRS), [_pairs(view, pairs)]))
    heading = view.say(
        w.GROUP_HEADING, id=isolated(name), accounts=view.counted("account", group["n_accounts"])
    )
    return Panel(heading, blocks, anchor=f"group-{place + 1}")


def _is_group(view: View, group: Row) -> list[bool]:
    return [g == group["group_id"] for g in view.audit.edges["group_id"].to_pylist()]


def _closeness(near_s: float | None) -> int:
    return len(CLOSE_S) if near_s is None else sum(near_s > limit for limit in CLOSE_S)


def _lanes(view: View, rows: Sequence[Row], name: str) -> Figure:
    def place(row: Row) -> tuple[str | None, str]:
        return row.get("page_id"), row["post_id"]

    active = Counter(r["author_id"] for r in rows)
    met = Counter(place(r) for r in rows)
    started: dict[tuple[str | None, str], str] = {}
    for row in rows:
        post = view.posts.get(place(row))
        when = (post["post_time"] if post else None) or row["comment_time"]
        started[place(row)] = min(started.get(place(row), "9999"), str(when))
    top = sorted(active, key=lambda a: (-active[a], view.label(a)))[:_MAX_LANES]
    lane = {a: i for i, a in enumerate(sorted(top, key=view.label))}
    most = sorted(met, key=lambda p: (-met[p], started[p], str(p)))[:_MAX_COLUMNS]
    column = {p: j for j, p in enumerate(sorted(most, key=lambda p: (started[p], str(p))))}
    first = {place(r): r["comment_time"] for r in reversed(rows)}
    dates = [view.day((view.posts.get(p) or {}).get("post_time") or first[p]) for p in column]
    dots = []
    for row in sorted(
        rows, key=lambda r: (place(r) in column and column[place(r)], view.label(r["author_id"]))
    ):
        if row["author_id"] in lane and place(row) in column:
            near = row["near_s"]
            text = w.DOT_ALONE if near is None else w.DOT
            when = view.moment(row["comment_time"], seconds=True)
            title = view.line(text, who=view.label(row["author_id"]), when=when, gap=view.duration(near))
            dots.append((lane[row["author_id"]], column[place(row)], _closeness(near), title))
    close = sum(_closeness(r["near_s"]) <= 1 for r in rows)
    caption = [view.say(w.LANES_CAPTION)]
    if len(lane) < len(active) or len(column) < len(met):
        sizes = {"lanes": len(lane), "all_lanes": len(active), "posts": len(column), "all_posts": len(met)}
        caption.append(view.say(w.LANES_CUT, **{k: view.number(n) for k, n in sizes.items()}))
    said = view.line(w.LANES_DESC, close=view.number(close), n=view.number(len(rows)))
    key = [(f"k-near{i}", view.line(text)) for i, text in enumerate(w.KEY_CLOSE)]
    names = [view.label(a, 11) for a in lane]
    return Figure(charts.as_json(charts.lanes(names, dates, dots)), Markup(" ").join(caption),
                  view.line(w.LANES_NAME, id=name), said, key,
                  height=50 + 24 * len(names), least=min(40 + 12 * len(dates) + 7 * max(map(len, names)), 760))


def _exhibits(view: View, group: Row, rows: Sequence[Row]) -> list[Block]:
    """The group's exhibit posts; where it names none, the posts where most members met."""
    met = Counter(r["post_id"] for r in rows)
    chosen = [p for p in group.get("exhibit_posts") or [] if p in met]
    chosen = (chosen or sorted(met, key=lambda p: (-met[p], p)))[:_MAX_EXHIBITS]
    blocks: list[Block] = []
    for post_id in chosen:
        here = [r for r in rows if r["post_id"] == post_id]
        here.sort(key=lambda r: (r["comment_time"], str(r["comment_id"])))
        post = view.posts.get((here[0].get("page_id"), post_id))
        when = post["post_time"] if post else None
        heading = w.EXHIBIT_POST if when else w.EXHIBIT_POST_UNDATED
        quotes: list[Block] = [quote(view, r) for r in here[:_MAX_QUOTES]]
        if len(here) > _MAX_QUOTES:
            quotes.append(Para(view.say(w.MORE_COMMENTS, n=view.number(len(here) - _MAX_QUOTES)), "note"))
        blocks.append(Panel(view.say(heading, post=isolated(post_id, 60), when=view.moment(when)), quotes))
    return blocks


def quote(view: View, row: Row) -> Quote:
    """One comment as an exhibit: who, when, how long after the post, how near to another member."""
    aside = []
    if not is_null(row.get("delay_s")):
        aside.append(view.line(w.AFTER_POST, delay=view.duration(row["delay_s"])))
    if row.get("near_s") is not None:
        aside.append(view.line(w.NEAR, gap=view.duration(row["near_s"])))
    text = isolated(row["text"], 500) if row.get("text") else view.say(w.NO_TEXT)
    when = view.moment(row.get("comment_time"), seconds=True)
    return Quote(view.who(row["author_id"]), when, text, ", ".join(aside))


def _pairs(view: View, pairs: Sequence[Row]) -> Table:
    rarest = sorted(pairs, key=lambda r: (r["p_value"], -r["n_close"], r["author_a"], r["author_b"]))[
        :_MAX_PAIRS
    ]
    rows = [
        [
            Markup("{} – {}").format(view.who(r["author_a"]), view.who(r["author_b"])),
            view.number(r["n_shared"]),
            view.number(r["n_close"]),
            view.duration(r["median_gap_s"]),
            view.odds(r["p_value"]),
        ]
        for r in rarest
    ]
    head = [view.line(h) for h in (w.H_PAIR, w.H_SHARED, w.H_CLOSE, w.H_GAP, w.H_CHANCE)]
    return Table(view.line(w.PAIRS_CAPTION), head, rows, frozenset({1, 2, 3, 4}))
