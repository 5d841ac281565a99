"""Suspects and accounts to check: a list to sort and search, and an entry on each with what speaks against it, what
speaks for it, and its own comments."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from fakedetect.report import reasons
from fakedetect.report import wording as w
from fakedetect.report.blocks import Block, Entry, Fold, Para, Part, Points, Register
from fakedetect.report.cases import quote
from fakedetect.report.plain import isolated
from fakedetect.report.view import Row, View, is_null

# With the bounds of cases.py these keep a report under 3 MB whatever the size of the audit.
_MAX_LISTED = 1000
_MAX_SUSPECTS = 150
_MAX_REVIEWS = 50
_MAX_OWN = 50
_SHOWN_OWN = 5
_QUOTES = 900
"""Comments in all entries together: the fewer accounts, the more of each."""
_MAX_REASONS = 3
KINDS = (("suspect", w.ACCOUNTS_SUSPECTS, _MAX_SUSPECTS), ("review", w.ACCOUNTS_REVIEWS, _MAX_REVIEWS))
"""Verdict, heading, and how many are told in full."""


def accounts(view: View) -> list[Block]:
    """The list of suspects and reviews, then an entry for each; empty where there is none."""
    listed = [row for verdict, _, _ in KINDS for row in view.accounts_with(verdict)]
    if not listed:
        return []
    told = sum(min(most, sum(r["verdict"] == verdict for r in listed)) for verdict, _, most in KINDS)
    own = max(_SHOWN_OWN, min(_MAX_OWN, _QUOTES // max(1, told)))
    anchors: dict[str, str] = {}
    parts: list[Block] = []
    for verdict, title, most in KINDS:
        rows = [r for r in listed if r["verdict"] == verdict]
        if not rows:
            continue
        written: dict[str, list[Row]] = {}
        for comment in view.comments_of([r["author_id"] for r in rows[:most]]):
            written.setdefault(comment["author_id"], []).append(comment)
        entries: list[Block] = []
        for row in rows[:most]:
            anchor = anchors[row["author_id"]] = f"account-{len(anchors) + 1}"
            entries.append(_entry(view, row["author_id"], written.get(row["author_id"], []), anchor, own))
        if len(rows) > most:
            entries.insert(0, Para(view.say(w.ENTRIES_LEFT, n=view.number(len(rows) - most)), "note"))
        parts.append(Part(view.say(title), entries))
    blocks: list[Block] = [_register(view, listed[:_MAX_LISTED], anchors)]
    if len(listed) > _MAX_LISTED:
        blocks.append(Para(view.say(w.REGISTER_LEFT, n=view.number(len(listed) - _MAX_LISTED)), "note"))
    return [*blocks, *parts]


def _register(view: View, rows: Sequence[Row], anchors: dict[str, str]) -> Register:
    head = (w.H_ACCOUNT, w.H_VERDICT, w.H_GROUP, w.H_COMMENTS, w.H_POSTS, w.H_CHANCE, w.H_LIKELY, w.SPEAKS_AGAINST)
    listed = []
    for row in rows:
        anchor = anchors.get(row["author_id"], "")
        who = view.who(row["author_id"])
        row = view.account(row["author_id"])
        p, likely = row["p_value"], row["probability"]
        listed.append((anchor, (
            (Markup('<a href="#{}">{}</a>').format(anchor, who) if anchor else who, None),
            (view.line(w.VERDICTS[row["verdict"]][0]), None),
            (isolated(row["group_id"], 40) if row["group_id"] is not None else "–", None),
            (view.number(row["n_comments"]), float(row["n_comments"])),
            (view.number(row["n_posts"]), float(row["n_posts"])),
            (view.odds(p), 1.0 if is_null(p) else float(p)),
            (view.percent(likely, 1), -1.0 if is_null(likely) else float(likely)),
            ("; ".join(reasons.named(view, row)[:_MAX_REASONS]), None),
        )))
    return Register(view.line(w.REGISTER), [view.line(h) for h in head], listed, view.line(w.REGISTER_SEARCH),
                    view.line(w.REGISTER_SHOWN), view.line(w.REGISTER_SORT), frozenset({3, 4, 5, 6}))


def _entry(view: View, author_id: str, written: Sequence[Row], anchor: str, own: int) -> Entry:
    row = view.account(author_id)
    seen = {
        "comments": view.counted("comment", row["n_comments"]),
        "posts": view.counted("post", row["n_posts"]),
    }
    line = [view.say(w.ACCOUNT_SEEN, **seen)]
    if row["group_id"] is not None:
        line.append(view.say(w.ACCOUNT_GROUP, id=isolated(row["group_id"], 40)))
    if not is_null(row["probability"]):
        line.append(view.say(w.ACCOUNT_PROBABILITY, p=view.percent(row["probability"], 1)))
    if not is_null(row["p_value"]):
        line.append(view.say(w.ACCOUNT_CHANCE, odds=view.odds(row["p_value"])))
    against = [Markup("{}").format(s) for s in reasons.sentences(view, row, "reasons")]
    favour = [Markup("{}").format(s) for s in reasons.sentences(view, row, "counter")]
    blocks: list[Block] = [
        Para(view.say(w.SPEAKS_AGAINST), "label"),
        Points(against),
        Para(view.say(w.SPEAKS_FOR), "label"),
        Points(favour) if favour else Para(view.say(w.NO_COUNTER), "note"),
    ]
    if written:
        shown = [quote(view, r) for r in written[:own]]
        title = view.say(w.ITS_COMMENTS, n=view.number(len(shown)), all=view.number(len(written)))
        blocks += [Para(title, "label"), *shown[:_SHOWN_OWN]]
        if len(shown) > _SHOWN_OWN:
            rest = view.say(w.MORE_OF_ITS_COMMENTS, n=view.number(len(shown) - _SHOWN_OWN))
            blocks.append(Fold(rest, shown[_SHOWN_OWN:], screen=True))
    name = view.line(w.VERDICTS[row["verdict"]][0])
    return Entry(anchor, view.who(author_id), row["verdict"], name, Markup(" · ").join(line), blocks)
