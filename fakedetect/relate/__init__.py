"""Groups of accounts that act together: pairs -> groups -> chance -> members.

A page gate comes first: how often chance's strongest group, found by the same search, is as strong as this
one. Behind it stands the false discovery rate: groups that passed first, then the accounts in each (Benjamini
& Bogomolov 2014). A group stands only if three of its accounts or more are convicted one by one, each against
the others; so a page-wide rhythm that makes everybody meet a little more often names nobody.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import special

from fakedetect.fdr import can_reach, q_values
from fakedetect.relate.attendance import (
    TILTS,
    Look,
    alike,
    attendance_p,
    attended,
    popularity,
    publish_times,
    spans,
    tilted,
)
from fakedetect.relate.choosers import choosers, smallest_choice_p, tastes
from fakedetect.relate.exhibits import Rows, edge_rows, farm_rows, group_name, group_row, phrase_rows, phrase_shares
from fakedetect.relate.farms import Farm, farms
from fakedetect.relate.groups import MIN_ACCOUNTS, Candidate, chance, discover, discover_together, group_p, neighbours
from fakedetect.relate.likeness import known, likeness
from fakedetect.relate.members import Membership, membership, smallest_p
from fakedetect.relate.pairs import Pairs, all_pairs, all_readings
from fakedetect.relate.phrases import Phrased, phrased
from fakedetect.relate.power import ring_power
from fakedetect.relate.presence import MIN_SHARED, Ints, Presence, first_comments, gather
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
SHARE_OF_GATE_LARGE = {"closeness": 0.9, "attendance": 0.04, "farm": 0.03, "phrases": 0.03}
"""How the page gate is shared by the searches, fixed beforehand (weighted Bonferroni; Genovese, Roeder & Wasserman
2006). The p of closeness stops at one over the replicates; the bounds of the others fall as fast as evidence grows."""
LEAST_P = 1e-12
"""A bound below this says no more."""
FUSED = (0.8, 0.2)
"""Parts of a member's error that go to closeness, and to closeness and choice together."""
WORTH_FUSING = 0.2
"""Only an account whose closeness alone has a p as small is asked about its choice of posts beside it."""
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
         posts: pa.Table | None = None, accounts: pa.Table | None = None, written: pa.Table | None = None,
         progress: Callable[[int, int], None] | None = None) -> Rings:
    """Find groups in `comments` (measured, canonical order). declared: accounts that are known to belong
    together. posts: their page_id, post_id and post_text, accounts: their author_id, author_name and created_at, where
    the dump has them. written: the comments whose texts may be compared (None: `comments`), which take no clock.

    Four searches: accounts that are close in time (`pairs`), accounts that choose the same posts (`attendance`) and
    throwaway accounts that are early together (`farms`), both where posts have publish times, and accounts that write
    each other's sentences (`phrases`). Draws depend on `seed` and on ids, never on the order of rows. Cost: all
    meetings on a post of accounts seen on three posts or more, times the replicates of the null.
    """
    here = gather(comments, declared)
    them = all_pairs(here)
    large = len(them.rows_a) > LARGE
    share = SHARE_OF_GATE_LARGE if large else SHARE_OF_GATE
    written = comments if written is None else written
    throwaway, (copied, skipped) = farms(comments, declared), phrased(written, declared)
    gate: dict[str, Any] = {
        "accounts_compared": len(here.authors),
        "pairs": len(them.a),
        "meetings": len(them.rows_a),
        "min_posts": here.min_posts,
        "min_shared": them.min_shared,
        "pairs_skipped": them.skipped,
        "accounts_skipped": here.skipped_accounts,
        "phrases_skipped": skipped,
        "replicates": 0,
        "page_alpha": page_alpha,
    }
    scored: list[tuple[float, Candidate | Farm | Phrased, str]] = [
        (max(math.exp(-one.strength), LEAST_P), one, name)
        for name, several in (("farm", throwaway), ("phrases", copied)) for one in several]
    gate |= {"strongest_farm": throwaway[0].strength if throwaway else 0.0,
             "strongest_phrases": copied[0].strength if copied else 0.0}
    if len(them.a):
        readings, p_close = all_readings(here, them)
        beside = neighbours(them, here)
        close = discover(beside, p_close)
        published = publish_times(comments, here)
        popular = popularity(comments, here)
        looks: list[Look] = [(attended(here, choice), choice) for choice in (
            spans(here, published, popular), spans(here, alike(here, published, popular), popular))]
        p_together = [attendance_p(them, *look) for look in looks]
        # Loyal fans may come to any post where the others come to what is popular: no look may leave that out.
        looks += [(looks[0][0], tilted(looks[0][1], popular, power)) for power in TILTS]
        together = discover_together(beside, looks, p_together)
        chosen = _Chosen(here, looks, published, popular, posts, seed)
        # As many as a group needs to pass its share of a gate of page_alpha at all.
        least = math.ceil(1 / (page_alpha * share["closeness"])) - 1
        replicates = max(FEW_REPLICATES if large else REPLICATES, least)
        null = chance(here, them, beside, readings, seed=seed, replicates=replicates,
                      best=close[0].strength if close else np.inf, progress=progress)
        scored += [(group_p(c.strength, null), c, "closeness") for c in close]
        scored += [(max(math.exp(-c.strength), LEAST_P), c, "attendance") for c in together]
        gate |= {"replicates": len(null[0]), "strongest": close[0].strength if close else 0.0,
                 "strongest_together": together[0].strength if together else 0.0}

    found = sorted(((min(p / share[e], 1.0), c, e) for p, c, e in scored),
                   key=lambda each: (each[0], -each[1].strength, each[2], each[1].members))
    chance_p = np.array([p for p, _, _ in found])
    passed = [each for each in found if each[0] <= page_alpha]
    gate |= {"p_value": float(chance_p[0]) if len(chance_p) else 1.0, "groups_passed": len(passed)}
    group_q = q_values(chance_p[: len(passed)])
    n_chosen = int((group_q <= fdr).sum())

    named: list[_Named] = []
    burst: list[tuple[Farm, float, float, np.ndarray]] = []
    worded: list[tuple[Phrased, float, float]] = []
    for (each_p, candidate, evidence), each_q in zip(passed, group_q, strict=True):
        if each_q > fdr:
            continue
        # Members of the chosen groups answer for all that passed the gate (Benjamini & Bogomolov 2014).
        times = len(passed) / n_chosen
        if isinstance(candidate, Farm):
            burst.append((candidate, each_p, float(each_q), np.minimum(candidate.q * times, 1.0)))
            continue
        if isinstance(candidate, Phrased):
            q = np.minimum(candidate.q * times, 1.0)
            if (q <= fdr).sum() >= MIN_ACCOUNTS:
                worded.append((candidate.only(q <= WIDER_Q), each_p, float(each_q)))
            continue
        core = np.array(candidate.members, np.int64)
        if evidence == "closeness":
            group = _by_closeness(here, them, core, chosen, fdr, times)
        else:
            group = _by_attendance(here, core, chosen, fdr, times)
        if group is None:
            continue
        group.p, group.q = each_p, float(each_q)
        _join(named, group)

    rows = Rows([], [], [])
    testable: dict[str, float] = {}
    power: tuple[Mapping[str, Any], ...] = ()
    smallest: Mapping[str, Any] | None = None
    if len(them.a):
        power, smallest = ring_power(comments, here, them, null, [choice for _, choice in looks], seed=seed, fdr=fdr,
                                     page_alpha={e: page_alpha * part for e, part in share.items()})
        inside = np.array(sorted({a for group in named for a in group.accounts}), np.int64)
        among = np.flatnonzero(np.isin(them.a, inside) & np.isin(them.b, inside))
        pairs = them.only(among)
        shown = {"closeness": p_close[among],
                 "attendance": np.max([attendance_p(pairs, *look, mid=False) for look in looks], axis=0)}
        _describe(comments, here, pairs, shown, named, rows)
        testable = _reachable(here, chosen)
    if burst:
        first = first_comments(comments, declared)
        for farm, each_p, each_q, member_q in burst:
            farm_rows(comments, first, farm, each_p, each_q, member_q, rows)
    for copies, each_p, each_q in worded:
        phrase_rows(written, copies, each_p, each_q, rows)
    if rows.groups:
        who = ["author_id", "author_name", "page_id"]
        everybody = known(pa.concat_tables([comments.select(who), written.select(who)]), accounts)
        for group_of_rows in rows.groups:
            mine = sorted(m["author_id"] for m in rows.members if m["group_id"] == group_of_rows["group_id"])
            group_of_rows |= likeness(everybody, mine, seed)
    return _tables(rows, testable, gate, power, smallest)


@dataclass(frozen=True)
class _Chosen:
    """What it takes to ask which accounts choose their posts with a group (`choosers`)."""

    here: Presence
    looks: Sequence[Look]
    published: np.ndarray
    popular: np.ndarray
    posts: pa.Table | None
    seed: int

    def p(self, accounts: Ints, core: Ints, worth: float) -> tuple[np.ndarray, np.ndarray]:
        """P and z of each: the largest p over the ways to cut the posts into spans, those told by the posts' own words
        and hours among them. What is beyond `worth` in the first is left there."""
        who, choice = self.looks[0]
        p, z = choosers(who, choice, accounts, core, seed=self.seed)
        told = tastes(self.here, who, choice, core, self.published, self.popular, self.posts, seed=self.seed)
        for other, its in [*self.looks[1:], *((attended(self.here, taste), taste) for taste in told)]:
            again = p <= worth
            p[again] = np.maximum(p[again], choosers(other, its, accounts[again], core, seed=self.seed,
                                                     n_tests=len(accounts))[0])
        return p, z

    def smallest(self) -> np.ndarray:
        """The smallest p that each account's numbers of posts allow."""
        return np.asarray(np.max([smallest_choice_p(*look) for look in self.looks], axis=0))


def _by_closeness(here: Presence, them: Pairs, core: Ints, chosen: _Chosen, fdr: float, times: float) -> _Named | None:
    near_it, evidence, p, q = _members(here, them, core, chosen, fdr)
    # Twice: the group as it was grown may hold a stranger and miss a member; the second look has the better core.
    core = near_it[q <= fdr]
    if len(core) < MIN_ACCOUNTS:
        return None
    near_it, evidence, p, q = _members(here, them, core, chosen, fdr)
    return _stand(near_it, p, evidence.z, evidence.n_met.astype(np.float64), np.minimum(q * times, 1.0), fdr,
                  "closeness")


def _by_attendance(here: Presence, core: Ints, chosen: _Chosen, fdr: float, times: float) -> _Named | None:
    # Weighed by how many posts an account took in all, which is kept in every deal.
    who = chosen.looks[0][0]
    weight = np.bincount(np.repeat(np.arange(len(here.authors)), np.diff(who.starts)), weights=who.n.astype(np.float64),
                         minlength=len(here.authors)).astype(np.float64)
    tested = np.flatnonzero(can_reach(chosen.smallest(), fdr) & (weight > 0))
    for _ in range(2):
        p, z = chosen.p(tested, core, fdr)
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


def _members(here: Presence, them: Pairs, core: Ints, chosen: _Chosen,
             fdr: float) -> tuple[Ints, Membership, np.ndarray, np.ndarray]:
    """Every account that shares posts with the core, its evidence, its p and its q among them.

    An account on too few posts can never be convicted and is no test among the others. Those who met the core
    often weigh more: how often they met does not depend on when, which is what is tested.

    Two p-values are asked for, each by its part of FUSED: of closeness, and of closeness with the choice of posts
    (Stouffer 1949). They are independent where an account has nothing to do with the group, because closeness is judged
    given the posts; an account on six posts can be close on all of them and yet have too few deals to show it.
    """
    shares = np.isin(them.a, core) | np.isin(them.b, core)
    near_it = np.unique(np.concatenate([them.a[shares], them.b[shares], core]))
    smallest = smallest_p(here, near_it)
    near_it = near_it[can_reach(_fused(smallest, chosen.smallest()[near_it]), fdr)]
    evidence = membership(here, near_it, core, seed=chosen.seed)
    by_choice = np.ones(len(near_it))
    close = evidence.p <= WORTH_FUSING
    by_choice[close] = chosen.p(near_it[close], core, 0.5)[0]
    p = _fused(evidence.p, by_choice)
    return near_it, evidence, p, q_values(p, weight=evidence.n_met.astype(np.float64))


def _fused(close: np.ndarray, choice: np.ndarray) -> np.ndarray:
    both = special.ndtr((special.ndtri(np.clip(close, 1e-300, 1.0)) + special.ndtri(np.clip(choice, 1e-300, 1.0)))
                        / math.sqrt(2.0))
    both = np.where(np.isnan(both), 1.0, both)
    return np.asarray(np.minimum(np.minimum(close / FUSED[0], both / FUSED[1]), 1.0))


def _reachable(here: Presence, chosen: _Chosen) -> dict[str, float]:
    """The smallest member p each compared account could reach: one over the deals of its moments, or of its posts."""
    smallest = np.minimum(smallest_p(here, np.arange(len(here.authors))), chosen.smallest())
    return dict(zip(here.authors, smallest.tolist(), strict=True))


def _describe(comments: pa.Table, here: Presence, them: Pairs, p: Mapping[str, np.ndarray], named: list[_Named],
              rows: Rows) -> None:
    """Add the rows of the groups of regulars to `rows`: an account stands in the group where its p is smallest."""
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


def _tables(rows: Rows, testable: dict[str, float], gate: dict[str, Any], power: tuple[Mapping[str, Any], ...],
            smallest: Mapping[str, Any] | None) -> Rings:
    gate["groups_named"] = len(rows.groups)
    rows.groups.sort(key=lambda g: (g["p_value"], -g["n_accounts"], g["group_id"]))
    return Rings(pa.Table.from_pylist(rows.groups, GROUPS_OUT), pa.Table.from_pylist(rows.edges, EDGES_OUT),
                 pa.Table.from_pylist(sorted(rows.members, key=lambda m: str(m["author_id"])), MEMBERS),
                 testable, gate, power, smallest)


__all__ = ["MEMBERS", "MIN_SHARED", "Rings", "find"]
