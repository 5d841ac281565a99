"""Which accounts stand in a group: each asked for itself, by its closeness or its choice of posts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from scipy import special

from fakedetect.codes import distinct
from fakedetect.fdr import can_reach, q_values
from fakedetect.relate.attendance import Looks, attended
from fakedetect.relate.choosers import Told, choosers, smallest_choice_p, tastes, told_by
from fakedetect.relate.members import Membership, membership, smallest_p
from fakedetect.relate.pairs import Pairs
from fakedetect.relate.presence import MIN_ACCOUNTS, Floats, Ints, Presence

FUSED = (0.8, 0.2)
"""Parts of a member's error that go to closeness, and to closeness and choice together."""
WORTH_FUSING = 0.2
"""Only an account whose closeness alone has a p as small is asked about its choice of posts beside it."""
MOST_NAMED = 1_000
"""More accounts than any group names. Among m tests, one with p > WIDER_Q * MOST_NAMED / m has a q of WIDER_Q only
where more are named, so that its p need not be told exactly."""
WIDER_Q = 0.1
"""Share of organic accounts tolerated among those that stand beside a named group as cases for review."""


@dataclass
class Named:
    """A group on its way: p and q as a group, its accounts' rows, and the evidence that formed it."""

    p: float
    q: float
    evidence: set[str]
    accounts: dict[int, dict[str, float]]
    convicted: set[int]


@dataclass(frozen=True)
class Chosen:
    """What it takes to ask which accounts choose their posts with a group (`choosers`). published: epoch seconds,
    popular: comments by others, of each post code (n_posts,); posts: page_id, post_id and post_text."""

    here: Presence
    looks: Looks
    published: Floats
    popular: Floats
    posts: pa.Table | None
    seed: int

    def p(self, accounts: Ints, core: Ints, worth: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        """P and z of each: the largest p over the ways to cut the posts into spans, those told by the posts' own words
        and hours among them. What is beyond `worth` (of each account or of all) in one of them is left there."""
        (who, choice), *others = self.looks.every
        worth = np.broadcast_to(worth, len(accounts))
        p, z = choosers(who, choice, accounts, core, seed=self.seed, worth=worth)
        asked = np.union1d(accounts[p <= worth], core)
        told = tastes(self.here, who, choice, core, self.told, self.popular, seed=self.seed)
        for other, its in [*others, *((attended(self.here, taste, asked), taste) for taste in told)]:
            again = p <= worth
            p[again] = np.maximum(p[again], choosers(other, its, accounts[again], core, seed=self.seed,
                                                     n_tests=len(accounts), worth=worth[again])[0])
        return p, z

    @cached_property
    def told(self) -> Told:
        """What the posts tell of themselves."""
        return told_by(self.here, self.looks.every[0][1], self.published, self.posts)

    @cached_property
    def smallest(self) -> np.ndarray:
        """The smallest p that each account's numbers of posts allow."""
        return np.asarray(np.max([smallest_choice_p(*look) for look in self.looks.every], axis=0))


def by_closeness(them: Pairs, core: Ints, chosen: Chosen, fdr: float, times: float) -> Named | None:
    """The accounts that are close to `core` (account codes), each asked against the others; None where fewer than
    MIN_ACCOUNTS are convicted at `fdr`. times: what their q is multiplied by (Benjamini & Bogomolov 2014)."""
    near_it, evidence, p, q = members(them, core, chosen, fdr)
    # Twice: the group as it was grown may hold a stranger and miss a member; the second look has the better core.
    core = near_it[q <= fdr]
    if len(core) < MIN_ACCOUNTS:
        return None
    near_it, evidence, p, q = members(them, core, chosen, fdr)
    return _stand(near_it, p, evidence.z, evidence.n_met.astype(np.float64), np.minimum(q * times, 1.0), fdr,
                  "closeness")


def by_attendance(core: Ints, chosen: Chosen, fdr: float, times: float) -> Named | None:
    """As `by_closeness`: the accounts that choose their posts with `core`."""
    # Weighed by how many posts an account took in all, which is kept in every deal.
    who, n_accounts = chosen.looks.every[0][0], len(chosen.here.authors)
    account = np.repeat(np.arange(n_accounts), np.diff(who.starts))
    weight = np.bincount(account, weights=who.n.astype(np.float64), minlength=n_accounts).astype(np.float64)
    tested = np.flatnonzero(can_reach(chosen.smallest, fdr) & (weight > 0))
    share = weight[tested] / max(weight[tested].sum(), 1.0)  # one over the number of tests, where all weigh the same
    worth = np.clip(max(WIDER_Q, fdr) * MOST_NAMED * share, 0.0, fdr)
    for _ in range(2):
        p, z = chosen.p(tested, core, worth)
        q = q_values(p, weight=weight[tested])
        core = tested[q <= fdr]
        if len(core) < MIN_ACCOUNTS:
            return None
    return _stand(tested, p, z, weight[tested], np.minimum(q * times, 1.0), fdr, "attendance")


def _stand(accounts: Ints, p: np.ndarray, z: np.ndarray, weight: np.ndarray, q: np.ndarray, fdr: float,
           evidence: str) -> Named | None:
    """The group of the convicted, with those beside it that are for review; None with too few convicted."""
    convicted = q <= fdr
    if convicted.sum() < MIN_ACCOUNTS:
        return None
    # The next, wider ring has a false discovery rate of its own: the strong evidence on the convicted lends the
    # others nothing.
    stays = convicted | (q_values(np.where(convicted, np.nan, p), weight=weight) <= WIDER_Q)
    rows = {int(accounts[k]): {"member_p": float(p[k]), "member_q": float(q[k]), "together_z": float(z[k])}
            for k in np.flatnonzero(stays).tolist()}
    return Named(1.0, 1.0, {evidence}, rows, set(accounts[convicted].tolist()))


def join(named: list[Named], group: Named) -> None:
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


def members(them: Pairs, core: Ints, chosen: Chosen, fdr: float) -> tuple[Ints, Membership, np.ndarray, np.ndarray]:
    """Every account that shares posts with the core, its evidence, its p and its q among them.

    An account on too few posts can never be convicted and is no test among the others. Those who met the core
    often weigh more: how often they met does not depend on when, which is what is tested.

    Two p-values are asked for, each by its part of FUSED: of closeness, and of closeness with the choice of posts
    (Stouffer 1949). They are independent where an account has nothing to do with the group, because closeness is judged
    given the posts; an account on six posts can be close on all of them and yet have too few deals to show it.
    """
    here = chosen.here
    shares = np.isin(them.a, core) | np.isin(them.b, core)
    near_it = distinct(np.concatenate([them.a[shares], them.b[shares], core]))[0]
    smallest = smallest_p(here, near_it)
    near_it = near_it[can_reach(fused(smallest, chosen.smallest[near_it]), fdr)]
    evidence = membership(here, near_it, core, seed=chosen.seed)
    by_choice = np.ones(len(near_it))
    close = evidence.p <= WORTH_FUSING
    by_choice[close] = chosen.p(near_it[close], core, 0.5)[0]
    p = fused(evidence.p, by_choice)
    return near_it, evidence, p, q_values(p, weight=evidence.n_met.astype(np.float64))


def fused(close: Floats, choice: Floats) -> Floats:
    """One p-value from those of closeness and of choice (any shape): the smaller of the first by its part of FUSED and
    of both together by the other."""
    both = special.ndtr((special.ndtri(np.clip(close, 1e-300, 1.0)) + special.ndtri(np.clip(choice, 1e-300, 1.0)))
                        / math.sqrt(2.0))
    both = np.where(np.isnan(both), 1.0, both)
    return np.asarray(np.minimum(np.minimum(close / FUSED[0], both / FUSED[1]), 1.0))


def reachable(chosen: Chosen) -> dict[str, float]:
    """The smallest member p each compared account could reach: one over the deals of its moments, or of its posts."""
    authors = chosen.here.authors
    smallest = np.minimum(smallest_p(chosen.here, np.arange(len(authors))), chosen.smallest)
    return dict(zip(authors, smallest.tolist(), strict=True))
