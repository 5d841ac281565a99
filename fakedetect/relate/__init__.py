"""Groups of accounts that act together: pairs -> groups -> chance -> members.

A page gate comes first: how often chance's strongest group, found by the same search, is as strong as this one
(closeness), or the most that chance allows (the other searches). Behind it stands the false discovery rate: groups that
passed first, then the accounts in each (Benjamini & Bogomolov 2014). A group stands only if three of its accounts or
more are convicted one by one, each against the others; so a page-wide rhythm that makes everybody meet a little more
often names nobody.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect.fdr import q_values
from fakedetect.relate.alone import together_p
from fakedetect.relate.attendance import looks, shown_p
from fakedetect.relate.exhibits import Rows, edge_rows, farm_rows, group_name, group_row, phrase_rows, phrase_shares
from fakedetect.relate.farms import Farm, farms
from fakedetect.relate.groups import Candidate, chance, discover, discover_together, group_p, neighbours
from fakedetect.relate.likeness import known, likeness
from fakedetect.relate.marks import Buried, Marks, buried_rows, marks, rival_rows
from fakedetect.relate.naming import WIDER_Q, Chosen, Named, by_attendance, by_closeness, join, reachable
from fakedetect.relate.pairs import Pairs, all_pairs, all_readings
from fakedetect.relate.phrases import Phrased, phrased
from fakedetect.relate.power import ring_power
from fakedetect.relate.presence import (
    LEAST_P,
    MIN_ACCOUNTS,
    MIN_SHARED,
    Floats,
    Ints,
    Presence,
    first_comments,
    gather,
)
from fakedetect.relate.rivals import Rivalry
from fakedetect.relate.spans import popularity, publish_times
from fakedetect.schema import EDGES_OUT, GROUPS_OUT

MEMBERS = pa.schema(
    [
        ("author_id", pa.string()),
        ("group_id", pa.string()),
        ("group_p", pa.float64()),
        ("member_p", pa.float64()),
        ("member_q", pa.float64()),
        ("n_close", pa.int64()),
        ("close_share", pa.float64()),
        ("partners", pa.int64()),
        ("median_gap_s", pa.float64()),
        ("exclusive_share", pa.float64()),
        ("phrase_share", pa.float64()),
        ("together_z", pa.float64()),
    ]
)
REPLICATES = 199
LARGE = 500_000
"""Meetings above which the null is run FEW_REPLICATES times: its smallest p, 1/56, still passes a gate of
.02 with the share of it that closeness has."""
FEW_REPLICATES = 55
SHARE_OF_GATE = {"closeness": 0.5, "attendance": 0.4, "farm": 0.05, "phrases": 0.05}
SHARE_OF_GATE_REVIEWS = {"closeness": 0.25, "attendance": 0.15, "farm": 0.05, "phrases": 0.05, "marks": 0.3,
                         "device": 0.1, "wave": 0.1}
SHARE_OF_GATE_LARGE = {"closeness": 0.9, "attendance": 0.04, "farm": 0.03, "phrases": 0.03}
"""How the page gate is shared by the searches, fixed beforehand (weighted Bonferroni; Genovese, Roeder & Wasserman
2006). The p of closeness stops at one over the replicates; the bounds of the others fall as fast as evidence grows."""


@dataclass(frozen=True)
class Rings:
    """groups, edges: as the contract has them. members: MEMBERS, one row per account in a group.

    testable: per account seen on enough posts, the smallest member p it could have reached. gate: how the
    page gate was run. power, smallest: what `relate.power.ring_power` gives. worked: group_id -> (page_id, post_id) of
    the posts that its n_posts counts.
    """

    groups: pa.Table
    edges: pa.Table
    members: pa.Table
    testable: Mapping[str, float]
    gate: Mapping[str, Any]
    power: tuple[Mapping[str, Any], ...] = ()
    smallest: Mapping[str, Any] | None = field(default=None)
    worked: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


Group = Candidate | Farm | Phrased | Rivalry | Buried


@dataclass(frozen=True)
class _Found:
    """A group, the search that found it (a key of SHARE_OF_GATE_REVIEWS) and the chance of one as strong there."""

    p: float
    group: Group
    evidence: str


@dataclass(frozen=True)
class _Standing:
    """A group that passed the gate and the false discovery rate among groups: its p over all searches, its q, and by
    what the q of its accounts is multiplied (`_gated`)."""

    group: Group
    evidence: str
    p: float
    q: float
    times: float


@dataclass(frozen=True)
class _Regulars:
    """What the two searches among accounts seen on several posts found, and what it takes to ask their members.

    p_close: of each pair, (n_pairs,). null: strength of chance's best group by replicate, one array per reading.
    """

    them: Pairs
    chosen: Chosen
    p_close: Floats
    null: list[Floats]
    found: list[_Found]

    def strongest(self, evidence: str) -> float:
        return max((f.group.strength for f in self.found if f.evidence == evidence), default=0.0)


def _quiet(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def find(comments: pa.Table, declared: set[str], *, seed: int, fdr: float, page_alpha: float,
         posts: pa.Table | None = None, accounts: pa.Table | None = None, written: pa.Table | None = None,
         reviews: Marks | None = None, power: bool = True,
         progress: Callable[[str, int, int], None] = _quiet) -> Rings:
    """Find groups in `comments` (measured, canonical order). declared: accounts that are known to belong
    together. posts: their page_id, post_id and post_text, accounts: their author_id, author_name and created_at, where
    the dump has them. written: the comments whose texts may be compared (None: `comments`), which take no
    clock. reviews: what their marks say (`marks`), where they are reviews. power: ask what rings could be seen here, a
    third of the work, on which no account depends.

    Four searches: accounts that are close in time (`pairs`), accounts that choose the same posts (`attendance`) and
    throwaway accounts that are early together (`farms`), both where posts have publish times, and accounts that write
    each other's sentences (`phrases`). Of reviews three more: accounts that praise one business and trash its rivals
    (`rivals`), accounts of one address that mark alike (`devices`), and praise that buries a crisis (`waves`).
    Draws depend on `seed` and on ids, not on the order of rows.
    Cost: all meetings on a post of accounts seen on three posts or more, times the replicates of the null.
    """
    progress("pairs", 0, 1)
    here = gather(comments, declared)
    them = all_pairs(here)
    large = len(them.rows_a) > LARGE
    share = SHARE_OF_GATE_REVIEWS if reviews is not None else SHARE_OF_GATE_LARGE if large else SHARE_OF_GATE
    written = comments if written is None else written
    progress("farms", 0, 1)
    throwaway = farms(comments, declared)
    progress("phrases", 0, 1)
    copied, skipped = phrased(written, declared)
    found = _bounded(throwaway, "farm") + _bounded(copied, "phrases")
    if reviews is not None:
        found += _bounded(reviews.rivalries, "marks") + _bounded(reviews.devices, "device")
        found += _bounded(reviews.buried, "wave")
    gate: dict[str, Any] = {
        "accounts_compared": len(here.authors),
        "pairs": len(them.a),
        "meetings": len(them.rows_a),
        "min_posts": here.min_posts,
        "min_shared": int(them.least.min()) if len(them.least) else MIN_SHARED,
        "min_excess": them.excess,
        "pairs_skipped": them.skipped,
        "accounts_skipped": here.skipped_accounts,
        "phrases_skipped": skipped,
        "replicates": 0,
        "page_alpha": page_alpha,
        "strongest_farm": throwaway[0].strength if throwaway else 0.0,
        "strongest_phrases": copied[0].strength if copied else 0.0,
    }
    regulars = None
    if len(them.a):
        # As many as a group needs to pass its share of a gate of page_alpha at all.
        least = math.ceil(1 / (page_alpha * share["closeness"])) - 1
        regulars = _search(comments, here, them, posts, seed=seed, progress=progress, fewest=least,
                           replicates=max(FEW_REPLICATES if large else REPLICATES, least))
        found += regulars.found
        gate |= {"replicates": len(regulars.null[0]), "strongest": regulars.strongest("closeness"),
                 "strongest_together": regulars.strongest("attendance")}
    gate["p_value"], gate["groups_passed"], standing = _gated(found, share, page_alpha, fdr)

    rows = Rows([], [], [])
    testable: dict[str, float] = {}
    seen: tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any] | None] = ((), None)
    if regulars is not None:
        if power:
            progress("power", 0, 1)
            seen = ring_power(comments, here, them, regulars.null, regulars.chosen.looks, seed=seed, fdr=fdr,
                              page_alpha={e: page_alpha * part for e, part in share.items()})
        progress("members", 0, 1)
        _describe(comments, regulars, _named(regulars, standing, fdr), rows)
        testable = reachable(regulars.chosen)
    given, dated = (comments, comments) if reviews is None else (reviews.given, reviews.dated)
    for one, rivals in [(one, one.group) for one in standing if isinstance(one.group, Rivalry)]:
        q = np.minimum(rivals.q * one.times, 1.0)
        # Accounts of one address are told by the address as a whole, and are cases for review each.
        if not (rivals.praised and rivals.trashed):
            rival_rows(given, rivals, one.p, one.q, rows)
        elif (q <= fdr).sum() >= MIN_ACCOUNTS:
            rival_rows(given, rivals.only(q <= max(WIDER_Q, fdr), q), one.p, one.q, rows)
    # Each after those before it: an account stands in one group, and the evidence that convicts comes first.
    bursts = [(one, one.group) for one in standing if isinstance(one.group, Farm)]
    if bursts:
        first = first_comments(comments, declared)
        for one, farm in bursts:
            farm_rows(comments, first, farm, one.p, one.q, np.minimum(farm.q * one.times, 1.0), rows)
    for one, copies in [(one, one.group) for one in standing if isinstance(one.group, Phrased)]:
        q = np.minimum(copies.q * one.times, 1.0)
        if (q <= fdr).sum() >= MIN_ACCOUNTS:
            phrase_rows(written, copies.only(q <= max(WIDER_Q, fdr)), one.p, one.q, rows)
    for one, praise in [(one, one.group) for one in standing if isinstance(one.group, Buried)]:
        buried_rows(dated, praise, one.p, one.q, rows)
    _compare(rows, comments, written, accounts, seed)
    return _tables(rows, testable, gate, *seen)


def _search(comments: pa.Table, here: Presence, them: Pairs, posts: pa.Table | None, *, seed: int, replicates: int,
            fewest: int, progress: Callable[[str, int, int], None]) -> _Regulars:
    """Groups by closeness and by joint attendance, with the chance of each in its own search."""
    progress("groups", 0, 1)
    readings, p_close = all_readings(here, them)
    beside = neighbours(them, here)
    close = discover(beside, p_close)
    published, popular = publish_times(comments, here), popularity(comments, here)
    ways = looks(here, published, popular)
    together = discover_together(beside, them, ways)
    null = chance(here, them, beside, readings, seed=seed, replicates=replicates, fewest=fewest,
                  best=close[0].strength if close else np.inf,
                  progress=lambda done, total: progress("null", done, total))
    found = [_Found(group_p(c.strength, null), c, "closeness") for c in close]
    found += _bounded(together, "attendance")
    return _Regulars(them, Chosen(here, ways, published, popular, posts, seed), p_close, null, found)


def _bounded(groups: Sequence[Group], evidence: str) -> list[_Found]:
    """Groups whose strength bounds what chance does: one as strong with probability exp(-strength) at most."""
    return [_Found(max(math.exp(-g.strength), LEAST_P), g, evidence) for g in groups]


def _gated(found: list[_Found], share: Mapping[str, float], page_alpha: float,
           fdr: float) -> tuple[float, int, list[_Standing]]:
    """The p of the page, the number of groups that passed its gate, and those of them that pass `fdr`, in order of p.

    The accounts of the latter answer for all that passed the gate (Benjamini & Bogomolov 2014)."""
    ranked = sorted(((min(f.p / share[f.evidence], 1.0), f) for f in found),
                    key=lambda each: (each[0], -each[1].group.strength, each[1].evidence, each[1].group.members))
    passed = [each for each in ranked if each[0] <= page_alpha]
    q = q_values(np.array([p for p, _ in passed]))
    chosen = np.flatnonzero(q <= fdr).tolist()
    standing = [_Standing(passed[k][1].group, passed[k][1].evidence, passed[k][0], float(q[k]),
                          len(passed) / len(chosen)) for k in chosen]
    return ranked[0][0] if ranked else 1.0, len(passed), standing


def _named(regulars: _Regulars, standing: list[_Standing], fdr: float) -> list[Named]:
    """The groups of regulars in which enough accounts are convicted one by one; those of two searches joined."""
    named: list[Named] = []
    for one in standing:
        if not isinstance(one.group, Candidate):
            continue
        core = np.array(one.group.members, np.int64)
        group = (by_closeness(regulars.them, core, regulars.chosen, fdr, one.times) if one.evidence == "closeness"
                 else by_attendance(core, regulars.chosen, fdr, one.times))
        if group is not None:
            group.p, group.q = one.p, one.q
            join(named, group)
    return named


def _describe(comments: pa.Table, regulars: _Regulars, named: list[Named], rows: Rows) -> None:
    """Add the rows of the groups of regulars to `rows`: an account stands in the group where its p is smallest."""
    here = regulars.chosen.here
    inside = np.array(sorted({a for group in named for a in group.accounts}), np.int64)
    among = np.flatnonzero(np.isin(regulars.them.a, inside) & np.isin(regulars.them.b, inside))
    them = regulars.them.only(among)
    p = {"closeness": regulars.p_close[among], "attendance": shown_p(them, regulars.chosen.looks.every)}
    taken: dict[int, tuple[float, int]] = {}
    for number, group in enumerate(named):
        for account, row in group.accounts.items():
            if account not in taken or row["member_p"] < taken[account][0]:
                taken[account] = (row["member_p"], number)
    phrases, said = phrase_shares(comments, {here.authors[a]: number for a, (_, number) in taken.items()})
    for number, group in enumerate(named):
        mine: Ints = np.array(sorted(a for a, (_, its) in taken.items() if its == number), np.int64)
        if len(mine) < MIN_ACCOUNTS:
            continue
        name = group_name([here.authors[a] for a in mine])
        described, each = group_row(here, mine, name, [phrases.get(here.authors[a]) for a in mine], group.evidence)
        rows.groups.append(described | {"p_value": group.p, "q_value": group.q, "phrases": said.get(number, [])})
        rows.edges.extend(edge_rows(here, them, np.min([p[e] for e in sorted(group.evidence)], axis=0), mine, name))
        for account, facts in zip(mine.tolist(), each, strict=True):
            rows.members.append({"author_id": here.authors[account], "group_id": name, "group_p": group.p,
                                 "phrase_share": phrases.get(here.authors[account]), **facts,
                                 **group.accounts[account]})


def _compare(rows: Rows, comments: pa.Table, written: pa.Table, accounts: pa.Table | None, seed: int) -> None:
    """Tell of each group how alike its accounts' names, opening dates and pages are (`likeness`)."""
    if not rows.groups:
        return
    who = ["author_id", "author_name", "page_id"]
    tables = [comments] if written is comments else [comments, written]
    everybody = known(pa.concat_tables([t.select(who) for t in tables]), accounts)
    for group in rows.groups:
        mine = sorted(m["author_id"] for m in rows.members if m["group_id"] == group["group_id"])
        group |= likeness(everybody, mine, seed)


def _tables(rows: Rows, testable: dict[str, float], gate: dict[str, Any], power: tuple[Mapping[str, Any], ...],
            smallest: Mapping[str, Any] | None) -> Rings:
    gate["groups_named"] = len(rows.groups)
    rows.groups.sort(key=lambda g: (g["p_value"], -g["n_accounts"], g["group_id"]))
    return Rings(pa.Table.from_pylist(rows.groups, GROUPS_OUT), pa.Table.from_pylist(rows.edges, EDGES_OUT),
                 pa.Table.from_pylist(sorted(rows.members, key=lambda m: str(m["author_id"])), MEMBERS),
                 testable, gate, power, smallest, {g["group_id"]: g["worked"] for g in rows.groups})


__all__ = ["MEMBERS", "MIN_SHARED", "Marks", "Rings", "find", "marks", "together_p"]
