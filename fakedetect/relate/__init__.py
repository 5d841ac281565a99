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
from fakedetect.relate.exhibits import edge_rows, group_row, phrase_shares
from fakedetect.relate.groups import MIN_ACCOUNTS, chance, discover, group_p, neighbours
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
"""Meetings above which the null is run FEW_REPLICATES times: its smallest p, 1/50, still passes a gate of
.02."""
FEW_REPLICATES = 49
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


def find(comments: pa.Table, declared: set[str], *, seed: int, fdr: float, page_alpha: float,
         progress: Callable[[int, int], None] | None = None) -> Rings:
    """Find groups in `comments` (measured, canonical order). declared: accounts that are known to belong
    together.

    Draws depend on `seed` and on ids, never on the order of rows. Cost: all meetings on a post of accounts
    seen on three posts or more, times the replicates of the null.
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
    readings, p = all_readings(here, them)
    beside = neighbours(them, here)
    found = discover(beside, p)
    # As many as a group needs to pass a gate of page_alpha at all.
    replicates = max(FEW_REPLICATES if len(them.rows_a) > LARGE else REPLICATES, math.ceil(1 / page_alpha) - 1)
    null = chance(here, them, beside, readings, seed=seed, replicates=replicates,
                  best=found[0].strength if found else np.inf, progress=progress)
    gate |= {"replicates": len(null[0]), "strongest": found[0].strength if found else 0.0}
    chance_p = np.array([group_p(c.strength, null) for c in found])
    passed = [c for c, each in zip(found, chance_p, strict=True) if each <= page_alpha]
    gate |= {"p_value": float(chance_p[0]) if len(chance_p) else 1.0, "groups_passed": len(passed)}
    group_q = q_values(chance_p[: len(passed)])
    chosen = int((group_q <= fdr).sum())

    taken: dict[int, tuple[float, dict[str, Any]]] = {}
    rows = []
    for candidate, each_p, each_q in zip(passed, chance_p, group_q, strict=False):
        if each_q > fdr:
            continue
        core = np.array(candidate.members, np.int64)
        # Twice: the group as it was grown may hold a stranger and miss a member; the second look has the
        # better core.
        near_it, evidence, q = _members(here, them, core, seed, fdr)
        core = near_it[q <= fdr]
        if len(core) < MIN_ACCOUNTS:
            continue
        near_it, evidence, q = _members(here, them, core, seed, fdr)
        # Members of the chosen groups answer for all that passed the gate (Benjamini & Bogomolov 2014).
        q = np.minimum(q * len(passed) / chosen, 1.0)
        convicted = near_it[q <= fdr]
        if len(convicted) < MIN_ACCOUNTS:
            continue
        # The next, wider ring has a false discovery rate of its own: the strong evidence on the convicted lends
        # the others nothing.
        rest = np.where(q <= fdr, np.nan, evidence.p)
        stays = (q <= fdr) | (q_values(rest, weight=evidence.n_met.astype(np.float64)) <= WIDER_Q)
        rows.append({"p": float(each_p), "q": float(each_q)})
        for k in np.flatnonzero(stays).tolist():
            account = int(near_it[k])
            row = {"group": len(rows) - 1, "member_p": float(evidence.p[k]), "member_q": float(q[k]),
                   "together_z": float(evidence.z[k])}
            if account not in taken or row["member_p"] < taken[account][0]:
                taken[account] = (row["member_p"], row)
    power, smallest = ring_power(comments, here, them, null, seed=seed, fdr=fdr, page_alpha=page_alpha)
    testable = _reachable(here)
    return _tables(comments, here, them, p, rows, taken, testable, gate, power, smallest)


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


def _reachable(here: Presence) -> dict[str, float]:
    """The smallest member p each compared account could reach: one over the deals of its posts."""
    return dict(zip(here.authors, smallest_p(here, np.arange(len(here.authors))).tolist(), strict=True))


def _tables(comments: pa.Table, here: Presence, them: Pairs, p: np.ndarray, rows: list[dict[str, Any]],
            taken: dict[int, tuple[float, dict[str, Any]]], testable: dict[str, float], gate: dict[str, Any],
            power: tuple[Mapping[str, Any], ...], smallest: Mapping[str, Any] | None) -> Rings:
    phrases = phrase_shares(comments, {here.authors[a]: row["group"] for a, (_, row) in taken.items()})
    groups, edges, members = [], [], []
    for number, group in enumerate(rows):
        mine: Ints = np.array(sorted(a for a, (_, row) in taken.items() if row["group"] == number), np.int64)
        if len(mine) < MIN_ACCOUNTS:
            continue
        # Named after who is in it, so that next month's audit can tell whether it is the same group.
        name = "g-" + hashlib.sha256("\n".join(here.authors[a] for a in mine).encode()).hexdigest()[:8]
        described, each = group_row(here, mine, name, [phrases.get(here.authors[a]) for a in mine])
        groups.append(described | {"p_value": group["p"], "q_value": group["q"]})
        edges += edge_rows(here, them, p, mine, name)
        for account, facts in zip(mine.tolist(), each, strict=True):
            row = taken[account][1]
            members.append({"author_id": here.authors[account], "group_id": name, "group_p": group["p"],
                            "phrase_share": phrases.get(here.authors[account]), **facts,
                            **{k: row[k] for k in ("member_p", "member_q", "together_z")}})
    gate["groups_named"] = len(groups)
    groups.sort(key=lambda g: (g["p_value"], -g["n_accounts"], g["group_id"]))
    return Rings(pa.Table.from_pylist(groups, GROUPS_OUT), pa.Table.from_pylist(edges, EDGES_OUT),
                 pa.Table.from_pylist(sorted(members, key=lambda m: str(m["author_id"])), MEMBERS),
                 testable, gate, power, smallest)


__all__ = ["MEMBERS", "MIN_SHARED", "Rings", "find"]
