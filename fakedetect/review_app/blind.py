"""A blind trial: flagged accounts among others of like activity, shown without what the audit says of them."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from fakedetect.agreement import Agreement, cohen
from fakedetect.decisions import DECISIONS, Entry, same_person
from fakedetect.report import cases
from fakedetect.report.blocks import Block, Facts, Para, Points, Quote, Table
from fakedetect.report.view import Row, View
from fakedetect.review_app import wording as w
from fakedetect.review_app.case import Case

NEAR_S = (60, 300)
MAX_POSTS = 200
"""Posts of an account on which its neighbours are looked for, its first ones."""
MAX_OTHERS = 8
MAX_TEXTS = 60
MIN_TEXT = 20
"""Characters from which on the same text by another account says anything."""


@dataclass(frozen=True)
class Trial:
    """The accounts to judge. The same audit and number give the same ones, and a larger number adds to them."""

    authors: tuple[str, ...]
    flagged: frozenset[str]
    seed: str

    def order(self, who: str) -> list[str]:
        """The accounts in an order of this reviewer's own, so that tiring does not hit the same ones twice."""
        return sorted(self.authors, key=lambda a: _drawn(self.seed, who, a))

    def judged(self, entries: Sequence[Entry], who: str) -> dict[str, Entry]:
        """author_id -> this reviewer's last judgement."""
        mine = set(self.authors)
        return {e.subject: e for e in entries if e.what == "blind" and e.subject in mine and same_person(e.who, who)}


def trial(case: Case, n: int) -> Trial:
    """n flagged accounts at most, drawn, and for each the account without any indication whose number of posts is
    nearest, drawn among equals: activity must not tell the two kinds apart."""
    seed = case.decisions.audits[0]  # the same people after an erasure
    flagged = sorted(case.flagged, key=lambda a: _drawn(seed, a))[:n]
    rows = case.audit.accounts.select(["author_id", "n_posts", "verdict"]).to_pylist()
    posts = {r["author_id"]: math.log1p(r["n_posts"]) for r in rows}
    free = [r["author_id"] for r in rows if r["verdict"] == "no_evidence"]
    free.sort(key=lambda a: _drawn(seed, a))
    values = np.array([posts[a] for a in free])
    taken = np.zeros(len(free), bool)
    others = []
    for author in flagged:
        if taken.all():
            break
        place = int(np.argmin(np.where(taken, np.inf, np.abs(values - posts[author]))))
        taken[place] = True
        others.append(free[place])
    return Trial((*flagged, *others), frozenset(flagged), seed)


def _drawn(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


# --- what is shown of an account


def evidence(view: View, author: str) -> list[Block]:
    """What an account did, worked out alike for everybody: no score, verdict, group, label or name."""
    written = view.comments_of([author])
    firsts = view.first_comments([author])[:MAX_POSTS]
    times = [c["comment_time"] for c in written if c["comment_time"] is not None]
    delays = [c["delay_s"] for c in written if c.get("delay_s") is not None]
    facts: list[tuple[str, str | Markup]] = [
        (view.line(w.B_COMMENTS), view.number(len(written))),
        (view.line(w.B_POSTS), view.number(len({(c.get("page_id"), c["post_id"]) for c in written}))),
    ]
    if times:
        facts.append((view.line(w.B_SPAN), f"{view.day(min(times))} – {view.day(max(times))}"))
    if delays:
        facts.append((view.line(w.B_DELAY), view.duration(float(np.median(delays)))))
    blocks: list[Block] = [Facts(facts), Para(view.say(w.B_WITH), "label")]
    near = _near(view, author, firsts, written)
    if near:
        head = [view.line(h) for h in (w.B_OTHER, w.B_COMMON, w.B_MINUTE, w.B_FIVE, w.B_ANSWERS)]
        rows = [[view.line(w.B_OTHER_N, n=str(i)), *map(view.number, row)] for i, row in enumerate(near, 1)]
        table = Table(view.line(w.B_WITH), head, rows, frozenset({1, 2, 3, 4}))
        blocks += [Para(view.say(w.B_WITH_NOTE), "note"), table]
    else:
        blocks.append(Para(view.say(w.B_NOBODY), "note"))
    blocks.append(Points([view.say(w.B_SAME, n=view.number(_copied(view, author, written)))]))
    shown = [cases.quote(view, c) for c in written[:MAX_TEXTS]]
    blocks.append(Para(view.say(w.B_TEXTS, n=view.number(len(shown)), all=view.number(len(written))), "label"))
    return [*blocks, *(Quote(Markup(""), q.when, q.text, q.aside) for q in shown)]


def _near(view: View, author: str, firsts: Sequence[Row], written: Sequence[Row]) -> list[tuple[int, int, int, int]]:
    """Of the accounts that came near most often: posts in common, within a minute, within five minutes; and how many
    comments of one answer one of the other."""
    if not firsts:
        return []
    comments = view.audit.comments
    there = pc.is_in(comments["post_id"], value_set=pa.array([c["post_id"] for c in firsts], pa.string()))
    others = pc.not_equal(comments["author_id"], author)
    here = comments.filter(pc.and_(pc.and_(there, others), pc.is_valid(comments["comment_time"])))
    first = here.group_by(["author_id", "page_id", "post_id"]).aggregate([("comment_time", "min")])
    mine = pa.array([_place(c.get("page_id"), c["post_id"]) for c in firsts])
    pages = pc.fill_null(first["page_id"], "")
    at = pc.index_in(pc.binary_join_element_wise(pages, first["post_id"], "\0"), value_set=mine)
    moments = pa.array([c["comment_time"] for c in firsts], first["comment_time_min"].type).cast(pa.int64())
    gap_us = pc.abs(pc.subtract(first["comment_time_min"].cast(pa.int64()), pc.take(moments, at)))
    met = pa.table({"author": first["author_id"], "n": pc.is_valid(gap_us).cast(pa.int64()), **{
        f"near{s}": pc.fill_null(pc.less_equal(gap_us, s * 1_000_000), False).cast(pa.int64()) for s in NEAR_S}})
    counts = met.group_by("author").aggregate([(c, "sum") for c in met.column_names[1:]])
    often = counts.filter(pc.greater_equal(counts[f"near{NEAR_S[-1]}_sum"], 2)).to_pylist()
    often.sort(key=lambda r: (-r[f"near{NEAR_S[-1]}_sum"], r["n_sum"], r["author"]))
    answers = _answers(view, author, written)
    return [(r["n_sum"], *(r[f"near{s}_sum"] for s in NEAR_S), answers[r["author"]]) for r in often[:MAX_OTHERS]]


def _place(page: str | None, post: str) -> str:
    return f"{page or ''}\0{post}"


def _answers(view: View, author: str, written: Sequence[Row]) -> Counter[str]:
    """Per other account how many of its comments answer one of these, or are answered by one."""
    comments = view.audit.comments
    if "parent_id" not in comments.column_names:
        return Counter()
    ids, parents = ([c[k] for c in written if c.get(k)] for k in ("comment_id", "parent_id"))
    kind = comments["comment_id"].type
    theirs = comments["author_id"].filter(pc.is_in(comments["parent_id"], value_set=pa.array(ids, kind)))
    asked = comments.filter(pc.is_in(comments["comment_id"], value_set=pa.array(sorted(set(parents)), kind)))
    whose = dict(zip(asked["comment_id"].to_pylist(), asked["author_id"].to_pylist(), strict=True))
    count = Counter(a for a in [*theirs.to_pylist(), *(whose.get(p) for p in parents)] if a is not None)
    del count[author]
    return count


def _copied(view: View, author: str, written: Sequence[Row]) -> int:
    """How many of its texts another account wrote word for word, too."""
    texts = [c["text"] for c in written if c.get("text") and len(c["text"]) >= MIN_TEXT]
    comments = view.audit.comments
    same = pc.is_in(comments["text"], value_set=pa.array(sorted(set(texts)), comments["text"].type))
    others = pc.fill_null(pc.not_equal(comments["author_id"], author), False)
    elsewhere = set(comments["text"].filter(pc.and_(same, others)).to_pylist())
    return sum(text in elsewhere for text in texts)


# --- what came of it


@dataclass(frozen=True)
class Result:
    """who: reviewers that judged every account. counts: (who, flagged, value) -> accounts. pairs: two reviewers, or
    one and None for the audit, with their agreement. before: accounts that each had decided on in the open first."""

    who: tuple[str, ...]
    counts: dict[tuple[str, bool, str], int]
    pairs: tuple[tuple[str, str | None, Agreement], ...]
    before: dict[str, int]


def result(held: Trial, entries: Sequence[Entry]) -> Result:
    """Agreement of every two reviewers, and of each with the audit: confirmed against flagged, cleared against not."""
    names: list[str] = []
    for entry in entries:
        if entry.what == "blind" and not any(same_person(entry.who, n) for n in names):
            names.append(entry.who)
    judged = {n: {a: e.value for a, e in held.judged(entries, n).items()} for n in names}
    who = tuple(n for n in names if len(judged[n]) == len(held.authors))
    pairs: list[tuple[str, str | None, Agreement]] = [
        (a, b, cohen([(judged[a][x], judged[b][x]) for x in held.authors])) for a, b in combinations(who, 2)]
    for n in who:
        sure = [(v == "confirmed", x in held.flagged) for x, v in judged[n].items() if v != "unsure"]
        pairs.append((n, None, cohen(sure)))
    counts = {(n, flag, v): sum(judged[n][x] == v for x in held.authors if (x in held.flagged) == flag)
              for n in who for flag in (True, False) for v in DECISIONS}
    return Result(who, counts, tuple(pairs), {n: _open_before(held, entries, n) for n in who})


def _open_before(held: Trial, entries: Sequence[Entry], who: str) -> int:
    judged = held.judged(entries, who)
    return len({e.subject for e in entries if e.what in ("decision", "signoff") and e.subject in judged
                and same_person(e.who, who) and e.seq < judged[e.subject].seq})



