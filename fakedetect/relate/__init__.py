"""Groups of accounts that act together: pairs -> groups -> chance -> members.

A page gate comes first: how often chance's strongest group, found by the same search, is as strong as this
one. Behind it stands the false discovery rate: groups that passed first, then the accounts in each (Benjamini
& Bogomolov 2014). A group stands only if three of its accounts or more are convicted one by one, each against
the others; so a page-wide rhythm that makes everybody meet a little more often names nobody.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect.fdr import can_reach, q_values
from fakedetect.relate.attendance import Attended, Choice, attendance_p, attended, publish_times, spans
from fakedetect.relate.choosers import choosers, smallest_choice_p, tastes
from fakedetect.relate.exhibits import edge_rows, group_row, phrase_shares
from fakedetect.relate.groups import MIN_ACCOUNTS, chance, discover, discover_together, group_p, neighbours
from fakedetect.relate.members import Membership, membership, smallest_p
from fakedetect.relate.pairs import Pairs, all_pairs, all_readings
from fakedetect.relate.power import ring_power
from fakedetect.relate.presence import MIN_SHARED, Ints, Presence, gather
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
SHARE_OF_GATE = {"closeness": 0.9, "attendance": 0.1}
"""How the page gate is shared by the two searches (weighted Bonferroni; Genovese, Roeder & Wasserman 2006). The chance
bound of attendance falls as fast as evidence grows, that of closeness stops at one over the replicates."""
LEAST_P = 1e-12
"""A bound below this says no more."""
WIDER_Q = 0.1
"""Share of organic accounts tolerated among those that stand beside a named group as cases for review."""


@dataclass(frozen=True)
class Rings:
    """groups, edges: as the contract has them. members: MEMBERS, one row per account in a group.

    testable: per account seen on enough posts, the smallest member p it could have reached. gate: how the
    page gate was run. power, smallest: what `relate.power.ring_power` gives.
    """

    groups: pa.Table
    edges: pa.Table
    members: pa.Table
    testable: Mapping[str, float]
    gate: Mapping[str, Any]
    power: tuple[Mapping[str, Any], ...] = ()
    smallest: Mapping[str, Any] | None = field(default=None)


@dataclass
class _Named:
    """A group on its way: p and q as a group, its accounts' rows, and the evidence that formed it."""

    p: float
    q: float
    evidence: set[str]
    accounts: dict[int, dict[str, float]]
    convicted: set[int]


def find(comments: pa.Table, declared: set[str], *, seed: int, fdr: float, page_alpha: float,
         posts: pa.Table | None = None, progress: Callable[[int, int], None] | None = None) -> Rings:
    """Find groups in `comments` (measured, canonical order). declared: accounts that are known to belong
    together. posts: their page_id, post_id and post_text, where the dump has them.

    Two searches: accounts that are close in time (`pairs`), and accounts that choose the same posts (`attendance`,
    where posts have publish times). Draws depend on `seed` and on ids, never on the order of rows. Cost: all meetings
    on a post of accounts seen on three posts or more, times the replicates of the null.
    """
    here = gather(comments, declared)
    them = all_pairs(here)
    gate: dict[str, Any] = {
        "accounts_compared": len(here.authors),
        "pairs": len(them.a),
        "meetings": len(them.rows_a),
        "min_posts": here.min_posts,
        "min_shared": them.min_shared,
        "pairs_skipped": them.skipped,
        "accounts_skipped": here.skipped_accounts,
        "replicates": 0,
        "page_alpha": page_alpha,
    }
    if len(them.a) == 0:
        return Rings(GROUPS_OUT.empty_table(), EDGES_OUT.empty_table(), MEMBERS.empty_table(), {}, gate)
    readings, p_close = all_readings(here, them)
    beside = neighbours(them, here)
    close = discover(beside, p_close)
    published = publish_times(comments, here)
    choice = spans(here, published)
    who = attended(here, choice)
    p_chosen = attendance_p(them, who, choice)
    together = discover_together(beside, p_chosen, who, choice)

    # As many as a group needs to pass its share of a gate of page_alpha at all.
    least = math.ceil(1 / (page_alpha * SHARE_OF_GATE["closeness"])) - 1
    replicates = max(FEW_REPLICATES if len(them.rows_a) > LARGE else REPLICATES, least)
    null = chance(here, them, beside, readings, seed=seed, replicates=replicates,
                  best=close[0].strength if close else np.inf, progress=progress)
    scored = [(group_p(c.strength, null), c, "closeness") for c in close]
    scored += [(max(math.exp(-c.strength), LEAST_P), c, "attendance") for c in together]
    found = sorted(((min(p / SHARE_OF_GATE[e], 1.0), c, e) for p, c, e in scored),
                   key=lambda each: (each[0], -each[1].strength, each[2], each[1].members))
    gate |= {"replicates": len(null[0]), "strongest": close[0].strength if close else 0.0,
             "strongest_together": together[0].strength if together else 0.0}
    chance_p = np.array([p for p, _, _ in found])
    passed = [each for each in found if each[0] <= page_alpha]
    gate |= {"p_value": float(chance_p[0]) if len(chance_p) else 1.0, "groups_passed": len(passed)}
    group_q = q_values(chance_p[: len(passed)])
    chosen = int((group_q <= fdr).sum())

    named: list[_Named] = []
    for (each_p, candidate, evidence), each_q in zip(passed, group_q, strict=True):
        if each_q > fdr:
            continue
        core = np.array(candidate.members, np.int64)
        # Members of the chosen groups answer for all that passed the gate (Benjamini & Bogomolov 2014).
        times = len(passed) / chosen
        if evidence == "closeness":
            group = _by_closeness(here, them, core, seed, fdr, times)
        else:
            group = _by_attendance(here, who, choice, core, published, posts, seed, fdr, times)
        if group is None:
            continue
        group.p, group.q = each_p, float(each_q)
        _join(named, group)
    power, smallest = ring_power(comments, here, them, null, choice, seed=seed, fdr=fdr,
                                 page_alpha={e: page_alpha * share for e, share in SHARE_OF_GATE.items()})
    accounts = np.array(sorted({a for group in named for a in group.accounts}), np.int64)
    among = np.flatnonzero(np.isin(them.a, accounts) & np.isin(them.b, accounts))
    pairs = them.only(among)
    shown = {"closeness": p_close[among], "attendance": attendance_p(pairs, who, choice, mid=False)}
    return _tables(comments, here, pairs, shown, named, _reachable(here, who, choice), gate, power, smallest)


def _by_closeness(here: Presence, them: Pairs, core: Ints, seed: int, fdr: float, times: float) -> _Named | None:
    near_it, evidence, q = _members(here, them, core, seed, fdr)
    # Twice: the group as it was grown may hold a stranger and miss a member; the second look has the better core.
    core = near_it[q <= fdr]
    if len(core) < MIN_ACCOUNTS:
        return None
    near_it, evidence, q = _members(here, them, core, seed, fdr)
    return _stand(near_it, evidence.p, evidence.z, evidence.n_met.astype(np.float64), np.minimum(q * times, 1.0), fdr,
                  "closeness")


def _by_attendance(here: Presence, who: Attended, choice: Choice, core: Ints, published: np.ndarray,
                   posts: pa.Table | None, seed: int, fdr: float, times: float) -> _Named | None:
    # Weighed by how many posts an account took in all, which is kept in every deal.
    weight = np.bincount(np.repeat(np.arange(len(here.authors)), np.diff(who.starts)), weights=who.n.astype(np.float64),
                         minlength=len(here.authors)).astype(np.float64)
    tested = np.flatnonzero(can_reach(smallest_choice_p(who, choice), fdr) & (weight > 0))
    for _ in range(2):
        p, z = choosers(who, choice, tested, core, seed=seed)
        for alike in tastes(here, who, choice, core, published, posts, seed=seed):
            again = p <= fdr
            p_taste, _ = choosers(attended(here, alike), alike, tested[again], core, seed=seed)
            p[again] = np.maximum(p[again], p_taste)
        q = q_values(p, weight=weight[tested])
        core = tested[q <= fdr]
        if len(core) < MIN_ACCOUNTS:
            return None
    return _stand(tested, p, z, weight[tested], np.minimum(q * times, 1.0), fdr, "attendance")


def _stand(accounts: Ints, p: np.ndarray, z: np.ndarray, weight: np.ndarray, q: np.ndarray, fdr: float,
           evidence: str) -> _Named | None:
    """The group of the convicted, with those beside it that are for review; None with too few convicted."""
    convicted = q <= fdr
    if convicted.sum() < MIN_ACCOUNTS:
        return None
    # The next, wider ring has a false discovery rate of its own: the strong evidence on the convicted lends the
    # others nothing.
    stays = convicted | (q_values(np.where(convicted, np.nan, p), weight=weight) <= WIDER_Q)
    rows = {int(accounts[k]): {"member_p": float(p[k]), "member_q": float(q[k]), "together_z": float(z[k])}
            for k in np.flatnonzero(stays).tolist()}
    return _Named(1.0, 1.0, {evidence}, rows, set(accounts[convicted].tolist()))


def _join(named: list[_Named], group: _Named) -> None:
    """Add `group`, to the group it shares most of its convicted accounts with, or on its own. What two searches name
    is one group; an account of both stands with its smaller p, doubled for having been asked twice."""
    for other in named:
        if 2 * len(group.convicted & other.convicted) < min(len(group.convicted), len(other.convicted)):
            continue
        twice = group.evidence != other.evidence
        for account, row in group.accounts.items():
            mine = other.accounts.get(account)
            best = row if mine is None or row["member_p"] < mine["member_p"] else mine
            if twice:
                best = best | {k: min(2 * best[k], 1.0) for k in ("member_p", "member_q")}
            other.accounts[account] = best
        other.convicted |= group.convicted
        other.evidence |= group.evidence
        return
    named.append(group)


def _members(
    here: Presence, them: Pairs, core: Ints, seed: int, fdr: float
) -> tuple[Ints, Membership, np.ndarray]:
    """Every account that shares posts with the core, its evidence, and its q among them.

    An account on too few posts can never be convicted and is no test among the others. Those who met the core
    often weigh more: how often they met does not depend on when, which is what is tested.
    """
    shares = np.isin(them.a, core) | np.isin(them.b, core)
    near_it = np.unique(np.concatenate([them.a[shares], them.b[shares], core]))
    near_it = near_it[can_reach(smallest_p(here, near_it), fdr)]
    evidence = membership(here, near_it, core, seed=seed)
    return near_it, evidence, q_values(evidence.p, weight=evidence.n_met.astype(np.float64))


def _reachable(here: Presence, who: Attended, choice: Choice) -> dict[str, float]:
    """The smallest member p each compared account could reach: one over the deals of its moments, or of its posts."""
    smallest = np.minimum(smallest_p(here, np.arange(len(here.authors))), smallest_choice_p(who, choice))
    return dict(zip(here.authors, smallest.tolist(), strict=True))


def _tables(comments: pa.Table, here: Presence, them: Pairs, p: Mapping[str, np.ndarray], named: list[_Named],
            testable: dict[str, float], gate: dict[str, Any], power: tuple[Mapping[str, Any], ...],
            smallest: Mapping[str, Any] | None) -> Rings:
    taken: dict[int, tuple[float, int]] = {}
    for number, group in enumerate(named):
        for account, row in group.accounts.items():
            if account not in taken or row["member_p"] < taken[account][0]:
                taken[account] = (row["member_p"], number)
    phrases = phrase_shares(comments, {here.authors[a]: number for a, (_, number) in taken.items()})
    groups, edges, members = [], [], []
    for number, group in enumerate(named):
        mine: Ints = np.array(sorted(a for a, (_, its) in taken.items() if its == number), np.int64)
        if len(mine) < MIN_ACCOUNTS:
            continue
        # Named after who is in it, so that next month's audit can tell whether it is the same group.
        name = "g-" + hashlib.sha256("\n".join(here.authors[a] for a in mine).encode()).hexdigest()[:8]
        described, each = group_row(here, mine, name, [phrases.get(here.authors[a]) for a in mine], group.evidence)
        groups.append(described | {"p_value": group.p, "q_value": group.q})
        edges += edge_rows(here, them, np.min([p[e] for e in sorted(group.evidence)], axis=0), mine, name)
        for account, facts in zip(mine.tolist(), each, strict=True):
            members.append({"author_id": here.authors[account], "group_id": name, "group_p": group.p,
                            "phrase_share": phrases.get(here.authors[account]), **facts, **group.accounts[account]})
    gate["groups_named"] = len(groups)
    groups.sort(key=lambda g: (g["p_value"], -g["n_accounts"], g["group_id"]))
    return Rings(pa.Table.from_pylist(groups, GROUPS_OUT), pa.Table.from_pylist(edges, EDGES_OUT),
                 pa.Table.from_pylist(sorted(members, key=lambda m: str(m["author_id"])), MEMBERS),
                 testable, gate, power, smallest)


__all__ = ["MEMBERS", "MIN_SHARED", "Rings", "find"]
