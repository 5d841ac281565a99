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

from dataclasses import dataclass

import numba
import numpy as np
from scipy import special, stats

from fakedetect.relate.presence import FLOOR, MIN_SHARED, Floats, Ints, Presence

SKETCH = 24
"""Quantiles that stand for an account's moments when the chance of nearness is worked out."""
MIN_CORRELATED = 5
"""Shared posts below which a correlation says nothing."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of accounts that share MIN_SHARED posts or more. a < b: account codes, shape (n,).

    rows_a, rows_b: rows of `Presence`, entry by entry; `starts` (n + 1,) delimits the entries of each pair.
    """

    a: Ints
    b: Ints
    rows_a: Ints
    rows_b: Ints
    starts: Ints

    @property
    def n_shared(self) -> Ints:
        """Posts that each pair shares."""
        return np.diff(self.starts)


@dataclass(frozen=True)
class Reading:
    """One reading of the moment, with each pair's expected score and variance per meeting (u and v).

    normal: each account's own moments as normal scores (van der Waerden), in u and v.
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
    """All pairs that share MIN_SHARED posts, whatever their times: which pairs are looked at does not depend
    on how near they came, so that shuffling times re-runs exactly the same search."""
    n = len(here.authors)
    order = np.lexsort((here.account, here.post))
    bounds = np.append(np.flatnonzero(np.diff(here.post[order], prepend=-1)), len(order)).astype(np.int64)
    first, second = _meetings(bounds)
    first, second = order[first], order[second]
    swap = here.account[first] > here.account[second]
    first, second = np.where(swap, second, first), np.where(swap, first, second)
    if len(here.linked):
        free = ~np.isin(here.code(here.post[first], here.account[first], here.account[second]), here.linked)
        first, second = first[free], second[free]
    key = here.account[first] * n + here.account[second]
    by_pair = np.argsort(key, kind="stable")
    key = key[by_pair]
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    count = np.diff(np.append(begins, len(key)))
    enough = np.repeat(count >= MIN_SHARED, count)
    kept, key = by_pair[enough], key[enough]
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    return Pairs(
        a=key[begins] // max(n, 1),
        b=key[begins] % max(n, 1),
        rows_a=first[kept],
        rows_b=second[kept],
        starts=np.append(begins, len(key)).astype(np.int64),
    )


READINGS = ("u", "v", "w")


def reading(here: Presence, them: Pairs, which: str) -> Reading:
    """What is expected of each pair in one of READINGS if their moments did not know of each other."""
    moment, floor = (here.v, here.floor_v) if which == "v" else (here.u, here.floor_u)
    nothing = np.empty(0)
    if which == "w":
        return Reading(which, moment, floor, nothing, nothing, nothing, here.session_low, here.session)
    mean, variance = _expect(
        _sketches(moment, here.starts), them.a, them.b, them.rows_a, them.rows_b, them.starts, floor
    )
    return Reading(which, moment, floor, mean, variance, normal_scores(moment, here.starts), nothing, nothing)


def pair_p(them: Pairs, read: Reading, moment: Floats, normal: Floats) -> Floats:
    """P-value of each pair, with `moment` and `normal` (n_rows,) those of its accounts: observed or dealt.

    u and v ask twice and double the smaller p: are they nearer than their habits (the summed score, upper
    tail of a gamma with the null mean and variance: exactly one for uniform moments, Fisher 1932), and do
    they come late on the same posts (correlation of normal scores, z = r * sqrt(n - 1))? Accounts that follow
    one another at even steps are never very near, but are late together. w asks the first only, and there the
    scores of the meetings inside a sitting are logs of uniforms, so their sum is a gamma of that many
    meetings. Null simulation: tests/test_relate_null.py. A pair without a reading gets 1.
    """
    if read.which == "w":
        score, met = _sitting_scores(
            moment, read.floor, read.low, read.width, them.rows_a, them.rows_b, them.starts
        )
        return np.where(met > 0, special.gammaincc(np.maximum(met, 1), score), 1.0)
    score, z = _scores(moment, normal, read.floor, them.rows_a, them.rows_b, them.starts)
    mean = np.maximum(read.mean, 1e-3)
    variance = np.maximum(read.variance, 1e-6)
    near_p = special.gammaincc(them.n_shared * mean**2 / variance, score * mean / variance)
    p = np.minimum(2 * np.minimum(near_p, special.ndtr(-z)), 1.0)
    return np.where(np.isnan(p), 1.0, p)


def all_readings(here: Presence, them: Pairs) -> tuple[list[Reading], Floats]:
    """The three readings, and each pair's largest p over them."""
    readings = [reading(here, them, which) for which in READINGS]
    return readings, np.max([pair_p(them, r, r.moment, r.normal) for r in readings], axis=0)


def dealt(here: Presence, read: Reading, draws: Floats) -> tuple[Floats, Floats]:
    """One replicate of the null, as (moment, normal), from one uniform draw per row: in u and v each
    account's own moments on its own posts in another order; in w each comment anywhere in its own sitting."""
    if read.which == "w":
        return here.session_low + draws * here.session, read.normal
    order = np.lexsort((draws, here.account))
    return read.moment[order], read.normal[order]


def deviate(p: Floats) -> Floats:
    """p as a standard normal deviate, held to -4 .. 4: the gamma is only close to the truth further out, and
    no single pair may decide a group."""
    return np.clip(-special.ndtri(np.clip(p, 1e-300, 1 - 1e-12)), -4.0, 4.0)


@numba.njit(cache=True, nogil=True)
def _meetings(bounds):  # type: ignore[no-untyped-def]
    total = 0
    for k in range(len(bounds) - 1):
        n = bounds[k + 1] - bounds[k]
        total += n * (n - 1) // 2
    first = np.empty(total, np.int64)
    second = np.empty(total, np.int64)
    at = 0
    for k in range(len(bounds) - 1):
        for i in range(bounds[k], bounds[k + 1]):
            for j in range(i + 1, bounds[k + 1]):
                first[at] = i
                second[at] = j
                at += 1
    return first, second


@numba.njit(cache=True, nogil=True)
def near(gap, floor):  # type: ignore[no-untyped-def]
    """Score of one meeting: -log of the share of a post's organic talk that would be as near."""
    x = 2.0 * max(abs(gap), floor, FLOOR)
    return -np.log(x) if x < 1.0 else 0.0


@numba.njit(cache=True, nogil=True)
def _scores(moment, normal, floor, rows_a, rows_b, starts):  # type: ignore[no-untyped-def]
    """Summed score of each pair, and the standardised correlation of its normal scores over the shared
    posts."""
    out = np.empty(len(starts) - 1)
    z = np.zeros(len(starts) - 1)
    for k in range(len(starts) - 1):
        n = starts[k + 1] - starts[k]
        s = sx = sy = sxx = syy = sxy = 0.0
        for e in range(starts[k], starts[k + 1]):
            i, j = rows_a[e], rows_b[e]
            s += near(moment[i] - moment[j], max(floor[i], floor[j]))
            x, y = normal[i], normal[j]
            sx += x
            sy += y
            sxx += x * x
            syy += y * y
            sxy += x * y
        out[k] = s
        spread = (sxx - sx * sx / n) * (syy - sy * sy / n)
        if n >= MIN_CORRELATED and spread > 1e-12:
            z[k] = (sxy - sx * sy / n) / np.sqrt(spread) * np.sqrt(n - 1.0)
    return out, z


@numba.njit(cache=True, nogil=True)
def near_in_sitting(a, b, floor, low, width):  # type: ignore[no-untyped-def]
    """Score of a meeting at moments a and b within the sitting of a: -log of the share of the sitting's talk
    that would be as near; negative where b is outside it."""
    if b < low or b > low + width:
        return -1.0
    gap = abs(a - b)
    share = (min(low + width, a + gap) - max(low, a - gap)) / width
    return -np.log(min(max(share, 2 * floor / width, 2 * FLOOR), 1.0))


@numba.njit(cache=True, nogil=True)
def _sitting_scores(moment, floor, low, width, rows_a, rows_b, starts):  # type: ignore[no-untyped-def]
    """Summed score of each pair over the meetings that lie in both accounts' sittings, and their number."""
    out = np.zeros(len(starts) - 1)
    met = np.zeros(len(starts) - 1, np.int64)
    for k in range(len(starts) - 1):
        for e in range(starts[k], starts[k + 1]):
            i, j = rows_a[e], rows_b[e]
            least = max(floor[i], floor[j])
            one = near_in_sitting(moment[i], moment[j], least, low[i], width[i])
            two = near_in_sitting(moment[j], moment[i], least, low[j], width[j])
            if one >= 0 and two >= 0:
                out[k] += (one + two) / 2
                met[k] += 1
    return out, met


def normal_scores(moment: Floats, starts: Ints) -> Floats:
    """Each account's moments as normal scores of their ranks among its own, ties by the mean rank."""
    out = np.empty(len(moment))
    for s, e in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        out[s:e] = special.ndtri((stats.rankdata(moment[s:e]) - 0.5) / (e - s))
    return out


def _sketches(moment: Floats, starts: Ints) -> Floats:
    out = np.empty((len(starts) - 1, SKETCH))
    at = (np.arange(SKETCH) + 0.5) / SKETCH
    for k in range(len(starts) - 1):
        out[k] = np.quantile(moment[starts[k]:starts[k + 1]], at)
    return out


@numba.njit(cache=True, nogil=True)
def _expect(sketch, a, b, rows_a, rows_b, starts, floor):  # type: ignore[no-untyped-def]
    n = len(a)
    mean = np.empty(n)
    variance = np.empty(n)
    size = sketch.shape[1]
    for k in range(n):
        log_floor = 0.0
        for e in range(starts[k], starts[k + 1]):
            log_floor += np.log(max(floor[rows_a[e]], floor[rows_b[e]]))
        typical = np.exp(log_floor / (starts[k + 1] - starts[k]))
        s = 0.0
        ss = 0.0
        for i in range(size):
            for j in range(size):
                x = near(sketch[a[k], i] - sketch[b[k], j], typical)
                s += x
                ss += x * x
        # One cell more, at the highest score: what a sketch cannot see may still happen. Two accounts whose
        # habits hardly overlap expect a mean near 0, and their one chance meeting would be beyond all odds.
        x = near(0.0, typical)
        cells = size * size + 1.0
        mean[k] = (s + x) / cells
        variance[k] = (ss + x * x) / cells - mean[k] ** 2
    return mean, variance
