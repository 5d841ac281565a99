"""Does this account belong to that group? Asked of each account against the group without it.

A fan who happened to comment beside a ring was near it once or twice; a member is near it post after post,
and would not be if its own moments had fallen on other posts of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from scipy import special

from fakedetect.relate.draws import next_bits, uniform
from fakedetect.relate.pairs import AT_ONCE, near_chance, near_share, normal_scores, same_sitting
from fakedetect.relate.presence import Floats, Ints, Presence
from fakedetect.spill import side_by_side

FIRST_LOOK, LAST_LOOK = 1_999, 199_999
"""Deals drawn for an account that its moments do not rule out; and for one that the first look does not."""
WORTH_COUNTING, WORTH_MORE = 0.02, 0.005
"""The p-values that separate the two looks: above them an account cannot be convicted anyway."""
MOST_STEPS = 40_000_000
"""Bounds the work on one account: accounts on more than 200 posts get fewer deals."""
PLACES = 64
"""Of a sitting, evenly, over which nearness is averaged for the screen."""


@dataclass(frozen=True)
class Membership:
    """Evidence on accounts against one group. account: codes; p: p-values; n_close, n_met: posts where it
    stood close to, and beside, another member; partners: members it stood close to; z: standardised
    closeness. All of shape (n,)."""

    account: Ints
    p: Floats
    n_close: Ints
    n_met: Ints
    partners: Ints
    z: Floats


CLOSE_SHARE = 0.05
"""Two comments are called close where under 5 % of a post's organic talk would fall as near."""


def smallest_p(here: Presence, accounts: Ints) -> Floats:
    """The smallest p that the number of an account's posts allows: two statistics over the deals of its
    moments."""
    return np.minimum(2 * np.exp(-special.gammaln(np.diff(here.starts)[accounts] + 1.0)), 1.0)


def membership(here: Presence, candidates: Ints, core: Ints, *, seed: int, exact: bool = True) -> Membership:
    """Test each of `candidates` (account codes) against `core` without it.

    Statistics: the sum over the account's posts of its nearness to every core member there; and how far it is
    late where they are late (the sum of its normal scores times their mean normal score). Nulls: its own
    moments dealt anew over its own posts (readings u and v: the smaller p of the two statistics, doubled), or
    anywhere in its own sittings (w: nearness only). The largest p over the readings counts. A screen by the
    moments of the null distribution (Hoeffding 1951), then counting of deals where it matters.
    """
    core_rows = np.flatnonzero(np.isin(here.account, core))
    core_rows = core_rows[np.lexsort((here.account[core_rows], here.post[core_rows]))]
    stands = np.searchsorted(here.post[core_rows], np.arange(len(here.post_names) + 1)).astype(np.int64)
    normal = [_scores_of(here, moment, np.union1d(candidates, core)) for moment in (here.u, here.v)]

    def asked(account: int) -> tuple[float, float, int, int, int]:
        rows = np.arange(here.starts[account], here.starts[account + 1])
        mine, place = _not_linked(here, core_rows, stands, account)
        where = (rows, here.post, mine, place, here.account, account)
        worst, low_z = 0.0, np.inf
        for moment, floor, scores in ((here.u, here.floor_u, normal[0]), (here.v, here.floor_v, normal[1])):
            this_p, this_z = _dealt_p(_table(moment, floor, *where), _mean_late(scores, *where), scores[rows],
                                      seed * 1_000_003 + account, exact)
            worst, low_z = max(worst, this_p), min(low_z, this_z)
            if worst > WORTH_COUNTING:
                break
        if worst <= WORTH_COUNTING:
            this_p, this_z = _jittered_p(here, rows, where, seed * 1_000_003 + account, exact)
            worst, low_z = max(worst, this_p), min(low_z, this_z)
        return worst, low_z, *_meetings_of(rows, here.u, here.floor_u, here.post, mine, place, here.account, account,
                                           len(here.authors), CLOSE_SHARE)

    found = list(side_by_side(asked, candidates.tolist()))
    p, z = (np.array([each[k] for each in found], np.float64) for k in (0, 1))
    n_close, n_met, partners = (np.array([each[k] for each in found], np.int64) for k in (2, 3, 4))
    return Membership(candidates, p, n_close, n_met, partners, z)


def _scores_of(here: Presence, moment: Floats, accounts: Ints) -> Floats:
    """`normal_scores` of the rows of `accounts` (codes, sorted); nan in the others (n_rows,)."""
    size = np.diff(here.starts)[accounts]
    starts = np.concatenate([[0], np.cumsum(size)])
    rows = np.arange(starts[-1]) + np.repeat(here.starts[accounts] - starts[:-1], size)
    out = np.full(len(moment), np.nan)
    out[rows] = normal_scores(moment[rows], starts)
    return out


def _not_linked(here: Presence, core_rows: Ints, stands: Ints, account: int) -> tuple[Ints, Ints]:
    """The core's rows without those that answered the account on their post, or were answered by it."""
    if not len(here.linked):
        return core_rows, stands
    code = here.code(here.post[core_rows], np.full(len(core_rows), account), here.account[core_rows])
    kept = core_rows[~np.isin(code, here.linked)]
    if len(kept) == len(core_rows):
        return core_rows, stands
    return kept, np.searchsorted(here.post[kept], np.arange(len(here.post_names) + 1)).astype(np.int64)


def _dealt_p(table: Floats, late: Floats, scores: Floats, seed: int, exact: bool) -> tuple[float, float]:
    """The smaller p of nearness and lateness, doubled, if the account's moments were dealt anew; and its
    z."""
    near_sum, late_sum = float(np.trace(table)), float(late @ scores)
    mean, spread = _moments(table)
    late_mean, late_spread = _moments(np.outer(late, scores))
    p = min(_gamma_tail(near_sum, mean, spread), _normal_tail(late_sum, late_mean, late_spread))
    z = max(
        (x - m) / s if s > 0 else 0.0
        for x, m, s in ((near_sum, mean, spread), (late_sum, late_mean, late_spread))
    )
    for deals, worth in ((FIRST_LOOK, WORTH_COUNTING), (LAST_LOOK, WORTH_MORE)):
        if not exact or p > worth:
            break
        deals = max(FIRST_LOOK, min(deals, MOST_STEPS // len(late)))
        reached = _count_deals(table, late, scores, near_sum, late_sum, deals, seed)
        p = (1 + int(min(reached))) / (1 + deals)
    return min(2 * p, 1.0), z


def _jittered_p(
    here: Presence, rows: Ints, where: tuple[Any, ...], seed: int, exact: bool
) -> tuple[float, float]:
    """P of nearness if each of the account's comments stood anywhere in its own sitting; and its z."""
    facts = (here.u, here.floor_u, here.session, here.session_low, *where)
    observed, mean, variance = _in_sittings(*facts, PLACES)
    spread = math.sqrt(max(variance, 0.0))
    p = _gamma_tail(observed, mean, spread)
    for deals, worth in ((FIRST_LOOK, WORTH_COUNTING), (LAST_LOOK // 10, WORTH_MORE)):
        if not exact or p > worth:
            break
        deals = max(FIRST_LOOK, min(deals, MOST_STEPS // 10 // len(rows)))
        reached = int((_jittered(*facts, deals, seed + 1) >= observed - 1e-9).sum())
        p = (1 + reached) / (1 + deals)
    return p, (observed - mean) / spread if spread > 0 else 0.0


def _moments(table: Floats) -> tuple[float, float]:
    """Mean and standard deviation of sum table[i, s(i)] over all deals s (Hoeffding 1951)."""
    n = len(table)
    if n < 2:
        return float(table.sum()), 0.0
    centred = table - table.mean(0)[None, :] - table.mean(1)[:, None] + table.mean()
    return float(table.sum() / n), float(np.sqrt((centred**2).sum() / (n - 1)))


def _normal_tail(observed: float, mean: float, spread: float) -> float:
    return float(special.ndtr((mean - observed) / spread)) if spread > 0 else 1.0


def _gamma_tail(observed: float, mean: float, spread: float) -> float:
    if spread <= 0 or mean <= 0:
        return 1.0
    return float(special.gammaincc((mean / spread) ** 2, observed * mean / spread**2))


@numba.njit(cache=True, nogil=True)
def _table(moment, floor, rows, post, core_rows, stands, account, me):  # type: ignore[no-untyped-def]
    """Nearness to the core on post i if the account had come with its moment of post j: shape (n, n)."""
    n = len(rows)
    out = np.zeros((n, n))
    shares = np.ones(n)
    for i in range(n):
        waiting = 0
        for e in range(stands[post[rows[i]]], stands[post[rows[i]] + 1]):
            other = core_rows[e]
            if account[other] == me:
                continue
            least = max(floor[rows[i]], floor[other])
            for j in range(n):
                shares[j] *= near_share(moment[rows[j]] - moment[other], least)
            waiting += 1
            if waiting == AT_ONCE:
                _take_logs(out[i], shares)
                waiting = 0
        if waiting:
            _take_logs(out[i], shares)
    return out


@numba.njit(cache=True, nogil=True)
def _take_logs(out, shares):  # type: ignore[no-untyped-def]
    """Add -log of the products to `out` and begin new ones."""
    for j in range(len(shares)):
        out[j] -= np.log(shares[j])
        shares[j] = 1.0


@numba.njit(cache=True, nogil=True)
def _mean_late(normal, rows, post, core_rows, stands, account, me):  # type: ignore[no-untyped-def]
    """Mean normal score of the core without `me` on each of the account's posts; 0 where nobody of it
    stands."""
    out = np.zeros(len(rows))
    for i in range(len(rows)):
        n = 0
        for e in range(stands[post[rows[i]]], stands[post[rows[i]] + 1]):
            if account[core_rows[e]] != me:
                out[i] += normal[core_rows[e]]
                n += 1
        if n > 0:
            out[i] /= n
    return out


@numba.njit(cache=True, nogil=True)
def _count_deals(table, late, scores, near_sum, late_sum, deals, seed):  # type: ignore[no-untyped-def]
    """How many deals of the account's moments over its posts reach the observed sums: (nearness,
    lateness)."""
    n = len(late)
    order = np.arange(n)
    state = np.uint64(seed)
    near_reached = 0
    late_reached = 0
    # A sum that ties with the observed one up to rounding counts as reaching it.
    near_limit = near_sum - 1e-9 * max(abs(near_sum), 1.0)
    late_limit = late_sum - 1e-9 * max(abs(late_sum), 1.0)
    for _ in range(deals):
        for i in range(n - 1, 0, -1):
            state, bits = next_bits(state)
            j = np.int64((bits >> np.uint64(32)) * np.uint64(i + 1) >> np.uint64(32))
            order[i], order[j] = order[j], order[i]
        near_now = 0.0
        late_now = 0.0
        for i in range(n):
            near_now += table[i, order[i]]
            late_now += late[i] * scores[order[i]]
        near_reached += near_now >= near_limit
        late_reached += late_now >= late_limit
    return near_reached, late_reached


@numba.njit(cache=True, nogil=True)
def _in_sittings(moment, floor, width, low, rows, post, core_rows, stands, account, me, places):  # type: ignore[no-untyped-def]
    """Nearness to the core, sitting by sitting: as observed, and its mean and variance if each moment stood anywhere
    in its own sitting."""
    observed = mean = variance = 0.0
    at, near_it = np.empty(places + 1), np.empty(places + 1)
    for i in range(len(rows)):
        row = rows[i]
        for d in range(places):
            at[d] = low[row] + width[row] * ((d + 0.5) / places)
        at[places] = moment[row]
        near_it[:] = 0.0
        _add_nearness(near_it, at, row, moment, floor, width, low, post, core_rows, stands, account, me)
        observed += near_it[places]
        centre = near_it[:places].mean()
        mean += centre
        variance += ((near_it[:places] - centre) ** 2).mean()
    return observed, mean, variance


@numba.njit(cache=True, nogil=True)
def _jittered(moment, floor, width, low, rows, post, core_rows, stands, account, me, deals, seed):  # type: ignore[no-untyped-def]
    """Nearness to the core, sitting by sitting: one sum per deal, the account's moments drawn anew inside its own
    sittings."""
    out, at = np.zeros(deals), np.empty(deals)
    state = np.uint64(seed)
    for i in range(len(rows)):
        row = rows[i]
        for d in range(deals):
            state, bits = next_bits(state)
            at[d] = low[row] + width[row] * uniform(bits)
        _add_nearness(out, at, row, moment, floor, width, low, post, core_rows, stands, account, me)
    return out


@numba.njit(cache=True, nogil=True)
def _add_nearness(out, at, row, moment, floor, width, low, post, core_rows, stands, account, me):  # type: ignore[no-untyped-def]
    """Add to `out` the nearness to the core in the sitting of one row, had it stood at each moment of `at`."""
    chances, waiting = np.ones(len(at)), 0
    for e in range(stands[post[row]], stands[post[row] + 1]):
        other = core_rows[e]
        if account[other] == me or not same_sitting(low[row], low[other]):
            continue
        least = max(floor[row], floor[other])
        for d in range(len(at)):
            chances[d] *= near_chance(at[d] - moment[other], least, width[row])
        waiting += 1
        if waiting == AT_ONCE:
            _take_logs(out, chances)
            waiting = 0
    if waiting:
        _take_logs(out, chances)


@numba.njit(cache=True, nogil=True)
def _meetings_of(rows, moment, floor, post, core_rows, stands, account, me, n_accounts, close):  # type: ignore[no-untyped-def]
    met_posts = 0
    close_posts = 0
    partner = np.zeros(n_accounts, np.bool_)
    for i in range(len(rows)):
        met = False
        near_one = False
        for e in range(stands[post[rows[i]]], stands[post[rows[i]] + 1]):
            other = core_rows[e]
            if account[other] == me:
                continue
            met = True
            if 2.0 * max(abs(moment[rows[i]] - moment[other]), max(floor[rows[i]], floor[other])) <= close:
                near_one = True
                partner[account[other]] = True
        met_posts += met
        close_posts += near_one
    return close_posts, met_posts, partner.sum()
