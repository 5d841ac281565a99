"""From close pairs to groups, and how surprising the best group would be by chance.

A ring of a dozen that is always early shows in no single pair: each of its pairs is only a little nearer than
its habits explain, but all of them are. So groups are grown on the *sum* of evidence, from every account in
turn, and not cut out of a graph of significant pairs, which would hold none of theirs on a busy page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
from scipy import special

from fakedetect.relate.attendance import Looks, attendance_p, strength
from fakedetect.relate.dealing import deal, dealt
from fakedetect.relate.pairs import Pairs, Reading, deviate, pair_p
from fakedetect.relate.presence import MIN_ACCOUNTS, Floats, Ints, Presence
from fakedetect.spill import side_by_side

MAX_ACCOUNTS = 200
MAX_TOGETHER = 40
"""Groups of a page that are held to the full strength of joint attendance."""
MAX_SEEDS = 4000
"""Accounts from which a group is grown, those with the best four partners first."""
ENOUGH_EXCEEDANCES = 10
"""Besag & Clifford 1991: once chance has matched the best group this often, its p is known well enough."""
BATCH = 10
"""Replicates between two looks at whether to stop."""


@dataclass(frozen=True)
class Candidate:
    """A group of accounts (sorted codes) and its strength: nats by which its pairs speak for it, less what it
    costs to name it among all accounts (comparable across sizes and pages)."""

    members: tuple[int, ...]
    strength: float


@dataclass(frozen=True)
class Neighbours:
    """Pairs as adjacency: the neighbours of account k are `other[starts[k]:starts[k + 1]]`, `pair` their row.

    cost: nats to name each account (n_accounts,): -log of its share of all comments that are compared.
    """

    starts: Ints
    other: Ints
    pair: Ints
    cost: Floats


def neighbours(them: Pairs, here: Presence, crowd: float | None = None) -> Neighbours:
    """Adjacency of all compared pairs; neighbours in order of account. crowd: comments among which the accounts are
    named (None: those of `here`)."""
    n = len(here.authors)
    ends = np.concatenate([them.a, them.b])
    others = np.concatenate([them.b, them.a])
    order = np.lexsort((others, ends))
    active = np.diff(here.starts).astype(np.float64)
    cost = -np.log(np.maximum(active, 1.0) / max(crowd or float(active.sum()), 1.0))
    return Neighbours(np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=n))]).astype(np.int64), others[order],
                      np.tile(np.arange(len(them.a)), 2)[order], cost)


def discover(beside: Neighbours, p: Floats) -> list[Candidate]:
    """Disjoint groups of accounts whose pairs have p-values `p` (n_pairs,), strongest first.

    Strength of a set of k accounts: S^2 / 2 - (sum of their costs - log k!), with S the sum of its pairs' z over the
    square root of their number, pairs that never met counting as 0. That is the log-likelihood ratio of a raised mean
    in a submatrix less what it takes to name the set: the scan of Butucea & Ingster 2013, with accounts named in
    proportion to their activity, because evidence can only gather on those who comment often. Grown greedily from each
    account and its best partner, one account at a time while the strength rises.
    """
    if not len(p):
        return []
    grown = _grow_all(
        beside.starts, beside.other, deviate(p)[beside.pair], beside.cost, MAX_ACCOUNTS, MAX_SEEDS
    )
    sizes, members, strengths = grown
    taken: set[int] = set()
    out = []
    for k in np.lexsort((np.arange(len(sizes)), -strengths)).tolist():
        group = members[k, : sizes[k]].tolist()
        if strengths[k] > 0 and sizes[k] >= MIN_ACCOUNTS and taken.isdisjoint(group):
            taken.update(group)
            out.append(Candidate(tuple(sorted(group)), float(f"{strengths[k]:.9g}")))
    return out


@numba.njit(cache=True, nogil=True)
def _strength(total, size, cost):  # type: ignore[no-untyped-def]
    return total * abs(total) / (size * (size - 1.0)) - cost


@numba.njit(cache=True, nogil=True)
def _grow_all(starts, other, z, cost, most, max_seeds):  # type: ignore[no-untyped-def]
    n = len(starts) - 1
    promise = np.full(n, -np.inf)
    best_partner = np.full(n, -1, np.int64)
    for a in range(n):
        top = np.full(4, 0.0)
        for e in range(starts[a], starts[a + 1]):
            value = z[e]
            if best_partner[a] < 0 or value > top[0]:
                best_partner[a] = other[e]
            for s in range(4):
                if value > top[s]:
                    value, top[s] = top[s], value
        if starts[a + 1] > starts[a] and top[0] > 0:
            promise[a] = top.sum()
    seeds = np.argsort(-promise, kind="mergesort")[:max_seeds]
    members = np.full((len(seeds), most), -1, np.int64)
    sizes = np.zeros(len(seeds), np.int64)
    strengths = np.full(len(seeds), -np.inf)
    gain = np.zeros(n)
    known = np.zeros(n, np.bool_)
    inside = np.zeros(n, np.bool_)
    touched = np.empty(n, np.int64)
    for k in range(len(seeds)):
        if promise[seeds[k]] == -np.inf:
            break
        n_touched = 0
        size = 0
        total = 0.0
        spent = 0.0
        joins = seeds[k]
        best_now = -np.inf
        while size < most:
            total += gain[joins]
            members[k, size] = joins
            size += 1
            spent += cost[joins] - np.log(float(size))
            inside[joins] = True
            for e in range(starts[joins], starts[joins + 1]):
                o = other[e]
                if not known[o]:
                    known[o] = True
                    touched[n_touched] = o
                    n_touched += 1
                gain[o] += z[e]
            if size == 1:
                joins = best_partner[seeds[k]]
                continue
            best_now = _strength(total, size, spent)
            joins = -1
            promised = -np.inf
            for i in range(n_touched):
                o = touched[i]
                if not inside[o]:
                    then = _strength(total + gain[o], size + 1, spent + cost[o] - np.log(size + 1.0))
                    if joins < 0 or then > promised or (then == promised and o < joins):
                        joins = o
                        promised = then
            if joins < 0 or (size >= MIN_ACCOUNTS and promised <= best_now):
                break
        sizes[k] = size
        strengths[k] = best_now if size >= MIN_ACCOUNTS else -np.inf
        for i in range(n_touched):
            gain[touched[i]] = 0.0
            known[touched[i]] = False
        for i in range(size):
            inside[members[k, i]] = False
    return sizes, members, strengths


def chance(
    here: Presence,
    them: Pairs,
    beside: Neighbours,
    readings: list[Reading],
    *,
    seed: int,
    replicates: int,
    fewest: int,
    best: float,
    progress: Callable[[int, int], None] | None = None,
) -> list[Floats]:
    """Strength of the strongest group in each replicate of the null, one array per reading.

    The null keeps each account's moments and deals them anew (see dealing); the whole discovery is
    re-run. A replicate is judged by one reading alone, while real pairs must convince all three:
    conservative. Stops early when chance has matched `best` ENOUGH_EXCEEDANCES times in some reading, but
    not before `fewest` replicates: power has to know what strength a ring would have had to reach. Draws
    depend on (seed, replicate) only.
    """
    def strongest(r: int) -> list[float]:
        draws = np.random.Generator(np.random.Philox(key=[seed, r])).random(len(here.account))
        order = deal(here, them, draws)
        found = [discover(beside, pair_p(them, read, *dealt(here, read, order, draws))) for read in readings]
        return [groups[0].strength if groups else 0.0 for groups in found]

    out: list[list[float]] = []
    for first in range(0, replicates, BATCH):
        out += side_by_side(strongest, range(first, min(first + BATCH, replicates)))
        if progress is not None:
            progress(len(out), replicates)
        if len(out) >= fewest and max((np.array(out) >= best).sum(axis=0)) >= ENOUGH_EXCEEDANCES:
            break
    return list(np.array(out).T)


def discover_together(beside: Neighbours, them: Pairs, at: Looks) -> list[Candidate]:
    """Disjoint groups of accounts that choose their posts together, strongest first.

    Grown as `discover` grows them, from the mean deviate of each pair; the MAX_TOGETHER strongest are then held to
    `attendance.strength`, because pairs that meet on the same five posts are not so many pieces of evidence. Who stays
    is settled in the first look; the weakest of all looks counts.
    """
    mean = special.ndtr(-np.mean([deviate(attendance_p(them, *look)) for look in at.grown], axis=0))
    first, *others = at.every
    found = []
    for candidate in discover(beside, mean)[:MAX_TOGETHER]:
        members, nats = strength(*first, np.array(candidate.members, np.int64), beside.cost)
        nats = min([nats, *(strength(*look, members, beside.cost, drop=False)[1] for look in others if nats > 0)])
        if nats > 0:
            found.append(Candidate(tuple(members.tolist()), float(f"{nats:.9g}")))
    return sorted(found, key=lambda c: (-c.strength, c.members))


def group_p(strength: float, null: list[Floats]) -> float:
    """P-value of a group: how often chance's best group was as strong, in the reading where that is most
    often.

    (1 + exceedances) / (1 + replicates), the valid Monte-Carlo form (Davison & Hinkley 1997, 4.2).
    """
    return max((1 + int((n >= strength).sum())) / (1 + len(n)) for n in null)
