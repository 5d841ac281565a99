"""Closeness of two accounts on the posts they share, against what their own habits lead one to expect.

The score of one meeting is -log of the chance that a third, organic comment would fall as near, read in the
organic share of the post's talk (2 * |difference|): it adds evidence at every time scale at once, and a
meeting in a crowd counts little. The null keeps each account's own moments and breaks only *which post each
belongs to*: two fans who are both always early expect to meet, and are judged on how much nearer they come
than that.

It is asked in three readings, and the largest p counts. u forgives what the post did (an event, an evening).
v forgives what the habit did (ten minutes after every post, whatever the post). w forgives what the calendar
did (two people who discovered the page in the same week): it looks only at meetings within one sitting, and
asks how near they are *given* that they fell into the same sitting: the interval jitter of Amarasingham,
Harrison, Hatsopoulos & Geman 2012, in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numba
import numpy as np
from scipy import special

from fakedetect.codes import distinct
from fakedetect.relate.meetings import EXCESSES, PER_EXCESS, meetings, meetings_by_excess
from fakedetect.relate.presence import FLOOR, MIN_SHARED, Floats, Ints, Presence
from fakedetect.spill import side_by_side

GRID = 128
"""Steps of the grid on which the chance of nearness is worked out: finer than FLOOR, where scores are flat."""
UNSEEN = 1 / 600
"""Chance allowed for a meeting at the highest score, whatever the habits."""
MAX_KEPT = 4_000_000
"""Meetings kept: about 0.3 GB at work, and seconds per ten replicates of the null."""
PARTS = 8
"""Of the accounts, that threads take one after the other when they look who met whom."""
AT_ONCE = 16
"""Chances that are multiplied before their logarithm is taken, which is dear; so many of the smallest are no zero."""
MIN_CORRELATED = 5
"""Shared posts below which a correlation says nothing."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of accounts that share MIN_SHARED posts or more. a < b: account codes, shape (n,).

    rows_a, rows_b: rows of `Presence`, entry by entry; `starts` (n + 1,) delimits the entries of each pair.
    least: what each has to share to be among them (n,); excess: how far beyond what is expected (`all_pairs`). skipped:
    pairs that share MIN_SHARED posts or more but fewer than that, left out to bound the work.
    """

    a: Ints
    b: Ints
    rows_a: Ints
    rows_b: Ints
    starts: Ints
    least: Ints
    excess: float = 0.0
    skipped: int = 0

    @property
    def n_shared(self) -> Ints:
        """Posts that each pair shares."""
        return np.diff(self.starts)

    def only(self, pairs: Ints) -> Pairs:
        """These pairs alone (n,), in the order given."""
        met = self.n_shared[pairs]
        starts = np.concatenate([[0], np.cumsum(met)]).astype(np.int64)
        entries = np.repeat(self.starts[pairs] - starts[:-1], met) + np.arange(starts[-1])
        return replace(self, a=self.a[pairs], b=self.b[pairs], rows_a=self.rows_a[entries],
                       rows_b=self.rows_b[entries], starts=starts, least=self.least[pairs])


@dataclass(frozen=True)
class Reading:
    """One reading of the moment, with each pair's expected score and variance per meeting (u and v).

    normal: each account's own moments as normal scores (van der Waerden 1952), in u and v.
    low, width: in w, where each comment's sitting begins in the organic share and how much of it it holds
    (n_rows,); a meeting outside it does not count. In u and v the whole post, without edges.
    """

    which: str
    moment: Floats
    floor: Floats
    mean: Floats
    variance: Floats
    normal: Floats
    low: Floats
    width: Floats


def all_pairs(here: Presence) -> Pairs:
    """All pairs that share MIN_SHARED posts, whatever their times: which pairs are looked at does not depend on how
    near they came, so that shuffling times re-runs exactly the same search.

    Where their meetings are more than MAX_KEPT, those that share least beyond what two accounts on so many posts are
    expected to are left out first: (shared - m) / sqrt(m + 1), with m the product of their numbers of posts and s2, the
    chance that two comments are on one post. By the number shared alone, the busiest would be all that is looked at on
    a large page, and a ring on sixty of its posts would not.
    """
    order = np.lexsort((here.account, here.post))
    place, ends = _ranks(here.post, order)
    by_post = (here.starts, place, ends)
    account = here.account[order]
    crowd = np.bincount(here.post).astype(np.float64)
    s2 = float((crowd**2).sum() / max(crowd.sum(), 1.0) ** 2)
    parts = _parts(here.starts, ends - place)
    met = list(side_by_side(lambda part: meetings_by_excess(*by_post, account, s2, *part), parts))
    kept, above = np.cumsum(sum(met)[:, ::-1], axis=1)[:, ::-1]
    step = 0
    while step < EXCESSES and above[step] > MAX_KEPT:
        step += 1
    excess = step / PER_EXCESS
    asked = [(*part, *its[:, step:].sum(axis=1).tolist()) for part, its in zip(parts, met, strict=True)]
    found = list(side_by_side(lambda part: meetings(*by_post, order, account, s2, excess, *part), asked))
    a, b, rows_a, rows_b, shared, least = (np.concatenate(each) for each in zip(*found, strict=True))
    starts = np.concatenate([[0], np.cumsum(shared)])
    them = Pairs(a, b, rows_a, rows_b, starts, least, excess, int(kept[0] - kept[step]))
    return _without_links(here, them) if len(here.linked) else them


def _parts(starts: Ints, work: Ints) -> list[tuple[int, int]]:
    """Accounts first .. last - 1 for each of PARTS, of equal `work` by row (n_rows,)."""
    done = np.concatenate([[0], np.cumsum(work)])[starts]
    cuts = np.searchsorted(done, np.linspace(0, done[-1], PARTS + 1)[1:-1])
    edges = [0, *cuts.tolist(), len(starts) - 1]
    return list(pairwise(edges))


def _ranks(post: Ints, order: Ints) -> tuple[Ints, Ints]:
    """Where each row stands in `order` (by post), and where its post ends there; 0 and 0 for rows not in it."""
    place, ends = np.zeros(len(post), np.int64), np.zeros(len(post), np.int64)
    place[order] = np.arange(len(order))
    ends[order] = np.searchsorted(post[order], post[order], side="right")
    return place, ends


def _without_links(here: Presence, them: Pairs) -> Pairs:
    """Without the meetings in which one answered the other, and the pairs that then share too few posts."""
    pair = np.repeat(np.arange(len(them.a)), them.n_shared)
    free = ~np.isin(here.code(here.post[them.rows_a], them.a[pair], them.b[pair]), here.linked)
    left = np.bincount(pair[free], minlength=len(them.a))
    enough = left >= them.least
    free &= enough[pair]
    return replace(them, a=them.a[enough], b=them.b[enough], rows_a=them.rows_a[free], rows_b=them.rows_b[free],
                   starts=np.concatenate([[0], np.cumsum(left[enough])]).astype(np.int64), least=them.least[enough])


READINGS = ("u", "v", "w")


def reading(here: Presence, them: Pairs, which: str) -> Reading:
    """What is expected of each pair in one of READINGS if their moments did not know of each other."""
    moment, floor = (here.v, here.floor_v) if which == "v" else (here.u, here.floor_u)
    nothing = np.empty(0)
    if which == "w":
        return Reading(which, moment, floor, nothing, nothing, nothing, here.session_low, here.session)
    among = distinct(np.concatenate([them.a, them.b]))[0]
    mean, variance = _expect(them.a, them.b, *_grids(moment, here.starts, among))
    return Reading(which, moment, floor, mean, variance, normal_scores(moment, here.starts), nothing, nothing)


def pair_p(them: Pairs, read: Reading, moment: Floats, normal: Floats) -> Floats:
    """P-value of each pair, with `moment` and `normal` (n_rows,) those of its accounts: observed or dealt.

    u and v ask twice and double the smaller p: are they nearer than their habits (the summed score, upper
    tail of a gamma with the null mean and variance: exactly one for uniform moments, Fisher 1932), and do
    they come late on the same posts (correlation of normal scores, z = r * sqrt(n - 1))? Accounts that follow
    one another at even steps are never very near, but are late together. w asks the first only, and there the
    scores of the meetings inside one sitting are logs of uniforms, so their sum is a gamma of that many
    meetings; fewer than MIN_SHARED of them say nothing, or all who sat there on one evening would be a group.
    Null simulation: tests/test_relate_null.py. A pair without a reading gets 1.
    """
    if read.which == "w":
        score, met = _sitting_scores(np.stack([moment, read.floor, read.low, read.width], axis=1), them.rows_a,
                                     them.rows_b, them.starts)
        return np.where(met >= MIN_SHARED, special.gammaincc(np.maximum(met, 1), score), 1.0)
    # Side by side, because a row's three numbers are wanted together and rows in no order.
    score, z = _scores(np.stack([moment, normal, read.floor], axis=1), them.rows_a, them.rows_b, them.starts)
    mean = np.maximum(read.mean, 1e-3)
    variance = np.maximum(read.variance, 1e-6)
    near_p = special.gammaincc(them.n_shared * mean**2 / variance, score * mean / variance)
    p = np.minimum(2 * np.minimum(near_p, special.ndtr(-z)), 1.0)
    return np.where(np.isnan(p), 1.0, p)


def all_readings(here: Presence, them: Pairs) -> tuple[list[Reading], Floats]:
    """The three readings, and each pair's largest p over them."""
    readings = list(side_by_side(lambda which: reading(here, them, which), READINGS))
    return readings, np.max([pair_p(them, r, r.moment, r.normal) for r in readings], axis=0)


def deviate(p: Floats) -> Floats:
    """p as a standard normal deviate, held to -4 .. 4: the gamma is only close to the truth further out, and
    no single pair may decide a group."""
    return np.clip(-special.ndtri(np.clip(p, 1e-300, 1 - 1e-12)), -4.0, 4.0)


@numba.njit(cache=True, nogil=True)
def near_share(gap, floor):  # type: ignore[no-untyped-def]
    """Share of a post's organic talk that would be as near."""
    return min(2.0 * max(abs(gap), floor, FLOOR), 1.0)


@numba.njit(cache=True, nogil=True)
def near(gap, floor):  # type: ignore[no-untyped-def]
    """Score of one meeting: -log of the share of a post's organic talk that would be as near."""
    return -np.log(near_share(gap, floor))


@numba.njit(cache=True, nogil=True)
def _scores(facts, rows_a, rows_b, starts):  # type: ignore[no-untyped-def]
    """Summed score of each pair, and the standardised correlation of its normal scores over the shared posts. facts:
    moment, normal score and floor of each row."""
    out = np.empty(len(starts) - 1)
    z = np.zeros(len(starts) - 1)
    for k in range(len(starts) - 1):
        n = starts[k + 1] - starts[k]
        s = sx = sy = sxx = syy = sxy = 0.0
        share = 1.0
        for e in range(starts[k], starts[k + 1]):
            i, j = rows_a[e], rows_b[e]
            share *= near_share(facts[i, 0] - facts[j, 0], max(facts[i, 2], facts[j, 2]))
            if (e - starts[k]) % AT_ONCE == AT_ONCE - 1:
                s -= np.log(share)
                share = 1.0
            x, y = facts[i, 1], facts[j, 1]
            sx += x
            sy += y
            sxx += x * x
            syy += y * y
            sxy += x * y
        out[k] = s - np.log(share)
        spread = (sxx - sx * sx / n) * (syy - sy * sy / n)
        if n >= MIN_CORRELATED and spread > 1e-12:
            z[k] = (sxy - sx * sy / n) / np.sqrt(spread) * np.sqrt(n - 1.0)
    return out, z


@numba.njit(cache=True, nogil=True)
def near_chance(gap, floor, width):  # type: ignore[no-untyped-def]
    """Chance that two moments anywhere in one sitting are as near."""
    x = min(max(abs(gap), floor) / width, 1.0)
    return max(2.0 * x - x * x, 2 * FLOOR)


@numba.njit(cache=True, nogil=True)
def same_sitting(low_a, low_b):  # type: ignore[no-untyped-def]
    """Two comments on one post are of one sitting where it begins at the same share of the post's talk."""
    return abs(low_a - low_b) < 1e-9


@numba.njit(cache=True, nogil=True)
def _sitting_scores(facts, rows_a, rows_b, starts):  # type: ignore[no-untyped-def]
    """Summed score of each pair over the meetings within one sitting, -log of the chances to be as near, and their
    number. facts: moment, floor, where the sitting begins and its width, of each row."""
    out = np.zeros(len(starts) - 1)
    met = np.zeros(len(starts) - 1, np.int64)
    for k in range(len(starts) - 1):
        chance = 1.0
        for e in range(starts[k], starts[k + 1]):
            i, j = rows_a[e], rows_b[e]
            if same_sitting(facts[i, 2], facts[j, 2]):
                chance *= near_chance(facts[i, 0] - facts[j, 0], max(facts[i, 1], facts[j, 1]), facts[i, 3])
                met[k] += 1
                if met[k] % AT_ONCE == 0:
                    out[k] -= np.log(chance)
                    chance = 1.0
        out[k] -= np.log(chance)
    return out, met


def normal_scores(moment: Floats, starts: Ints) -> Floats:
    """Each account's moments as normal scores of their ranks among its own, ties by the mean rank."""
    account = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    order = np.lexsort((moment, account))
    new = np.ones(len(order) + 1, bool)
    new[1:-1] = (np.diff(account[order]) != 0) | (np.diff(moment[order]) != 0)
    ties = np.flatnonzero(new)
    # Rank 1 .. n within the account; tied moments share the mean of theirs.
    middle = np.repeat((ties[:-1] + ties[1:] + 1) / 2, np.diff(ties))
    rank = np.empty(len(moment))
    rank[order] = middle - starts[account[order]]
    return np.asarray(special.ndtri((rank - 0.5) / np.diff(starts)[account]))


def _grids(moment: Floats, starts: Ints, accounts: Ints) -> tuple[Floats, Floats, Floats]:
    """Per account, on a grid of GRID + 1 moments: where its own moments lie (sums to 1), and the mean score and mean
    squared score of a meeting of them with each grid moment. Zero for accounts that are not asked for."""
    n = len(starts) - 1
    wanted = np.zeros(n, bool)
    wanted[accounts] = True
    return _fill_grids(moment, starts, wanted)


@numba.njit(cache=True, nogil=True)
def _fill_grids(moment, starts, wanted):  # type: ignore[no-untyped-def]
    n = len(starts) - 1
    lies = np.zeros((n, GRID + 1), np.float32)
    score = np.zeros((n, GRID + 1), np.float32)
    square = np.zeros((n, GRID + 1), np.float32)
    for k in range(n):
        if not wanted[k]:
            continue
        size = starts[k + 1] - starts[k]
        for r in range(starts[k], starts[k + 1]):
            spot = min(max(moment[r], 0.0), 1.0) * GRID
            cell = min(int(spot), GRID - 1)
            lies[k, cell] += (cell + 1 - spot) / size
            lies[k, cell + 1] += (spot - cell) / size
            for g in range(GRID + 1):
                x = near(moment[r] - g / GRID, 0.0)
                score[k, g] += x / size
                square[k, g] += x * x / size
    return lies, score, square


@numba.njit(cache=True, nogil=True)
def _expect(a, b, lies, score, square):  # type: ignore[no-untyped-def]
    """Mean and variance of the score of one meeting of each pair, over all its moments with all its moments."""
    n = len(a)
    mean = np.empty(n)
    variance = np.empty(n)
    highest = near(0.0, 0.0)
    for k in range(n):
        s = 0.0
        ss = 0.0
        for g in range(GRID + 1):
            s += lies[a[k], g] * score[b[k], g]
            ss += lies[a[k], g] * square[b[k], g]
        # What was never seen may still happen: two accounts whose habits hardly overlap expect a mean near 0, and
        # their one chance meeting would be beyond all odds.
        mean[k] = (1 - UNSEEN) * s + UNSEEN * highest
        variance[k] = (1 - UNSEEN) * ss + UNSEEN * highest * highest - mean[k] ** 2
    return mean, variance
