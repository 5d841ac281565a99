"""The evidence on an account or a group as the review page shows it: the report's words, pictures without scripts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from fakedetect.report import cases, reasons
from fakedetect.report import wording as told
from fakedetect.report.blocks import Block, Figure, Fold, Para, Points
from fakedetect.report.plain import isolated
from fakedetect.report.view import CLOSE_S, Row, View, is_null
from fakedetect.review_app import wording as w

FLAGGED = ("suspect", "review")
MAX_OWN = 200
"""Comments of an account that its page shows."""
MAX_ROWS, MAX_COLUMNS = 25, 30
"""Of the picture of a group: accounts and posts, those most often there."""


def of_account(view: View, author: str) -> list[Block]:
    """What speaks against an account and for it, in the report's words, and its comments, the oldest 200."""
    row = view.account(author)
    verdict = row["verdict"]
    seen = {"comments": view.counted("comment", row["n_comments"]), "posts": view.counted("post", row["n_posts"])}
    line = [view.line(told.VERDICTS[verdict][0]), view.say(told.ACCOUNT_SEEN, **seen)]
    if not is_null(row["probability"]):
        line.append(view.say(told.ACCOUNT_PROBABILITY, p=view.percent(row["probability"], 1)))
    if not is_null(row["p_value"]):
        line.append(view.say(told.ACCOUNT_CHANCE, odds=view.odds(row["p_value"])))
    blocks: list[Block] = [Para(Markup(" · ").join(line), "note")]
    if verdict in FLAGGED:
        against, favour = ([Markup("{}").format(s) for s in reasons.sentences(view, row, column)]
                           for column in ("reasons", "counter"))
        blocks += [Para(view.say(told.SPEAKS_AGAINST), "label"), Points(against),
                   Para(view.say(told.SPEAKS_FOR), "label"),
                   Points(favour) if favour else Para(view.say(told.NO_COUNTER), "note")]
    else:
        blocks.append(Para(view.say(w.NO_FLAG, meaning=view.line(told.VERDICTS[verdict][1]))))
    written = view.comments_of([author])
    quotes = [cases.quote(view, c) for c in written[:MAX_OWN]]
    said = {"n": view.number(len(quotes)), "all": view.number(len(written))}
    return [*blocks, Fold(view.say(told.ITS_COMMENTS, **said), quotes)]


@dataclass(frozen=True)
class Lanes:
    """Who was where: posts in order of time, and per account what it did on each, as (class, words) or None."""

    posts: list[str]
    rows: list[tuple[Markup, list[tuple[str, str] | None]]]


def of_group(view: View, group: Row) -> tuple[list[Block], Lanes | None]:
    """The report's panel on a group without its charts, which need scripts, and a table in their place."""
    panel = cases.group_panel(view, group, 0)
    return [b for b in panel.blocks if not isinstance(b, Figure)], _lanes(view, view.members(group["group_id"]))


def _lanes(view: View, members: list[str]) -> Lanes | None:
    firsts = view.first_comments(members)
    if not firsts:
        return None
    there = Counter(c["author_id"] for c in firsts)
    met = Counter((c.get("page_id"), c["post_id"]) for c in firsts)
    began = {(c.get("page_id"), c["post_id"]): c["comment_time"] for c in reversed(firsts)}
    authors = sorted(sorted(there, key=lambda a: (-there[a], view.label(a)))[:MAX_ROWS], key=view.label)
    posts = sorted(sorted(met, key=lambda p: (-met[p], began[p], str(p)))[:MAX_COLUMNS], key=lambda p: began[p])
    cell = {}
    for c in firsts:
        near = c["near_s"]
        step = len(CLOSE_S) if near is None else sum(near > limit for limit in CLOSE_S)
        words = view.line(told.DOT_ALONE if near is None else told.DOT, who=view.label(c["author_id"]),
                          when=view.moment(c["comment_time"], seconds=True), gap=view.duration(near))
        cell[c["author_id"], c.get("page_id"), c["post_id"]] = (f"k-near{step}", words)
    dates = [view.day((view.posts.get(p) or {}).get("post_time") or began[p]) for p in posts]
    return Lanes(dates, [(view.who(a), [cell.get((a, *p)) for p in posts]) for a in authors])


def key(view: View) -> list[tuple[str, str]]:
    """What the marks of the picture mean: (class, words)."""
    return [(f"k-near{i}", view.line(text)) for i, text in enumerate(told.KEY_CLOSE)]


def heading(view: View, group: Row) -> Markup:
    """A group's name and size."""
    return view.say(told.GROUP_HEADING, id=isolated(group["group_id"], 40),
                    accounts=view.counted("account", group["n_accounts"]))
