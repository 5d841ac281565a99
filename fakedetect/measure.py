"""Each comment's moment, measured against the page's own habits.

The unit is the *organic share*: which part of the comments this post was going to get stood there before this
moment. Two readings of it are kept, because they err in opposite cases:

`delay_u`  given this post's own comment times (a live event, an evening, a viral post are absorbed by it);
`delay_v`  given only how long after a post this page's commenters come (an account with a habit of its own,
           "ten minutes after each post", is steady in it, whatever the post).

Neither an account that comments on everything nor a ring shapes the curve: an account's comments weigh
n_posts ** -0.5 each, declared accounts weigh nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fakedetect.codes import codes
from fakedetect.engine import RunGroups, at_once
from fakedetect.schema import Dump
from fakedetect.shares import Shares, band_and_tail, expected_beside, fit
from fakedetect.spill import aside, windows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_WEIGHT = 10.0
"""The page's curve counts as this many comments beside the post's own: a post with three comments has no
shape of its own, one with three hundred has."""
KNOT_WEIGHT = 6.0
"""Effective comments between two knots of a post's curve. Fewer, and a ring of a dozen that comes at once
would be its own background."""
MIN_OWN_WEIGHT = 20.0
"""Without a post time there is no page curve to lean on: posts with less weight than this get no reading."""
LOG_STEP, LOG_STEPS, SMOOTH_STEPS = 0.025, 800, 4
"""Grid of the page's curve: log(1 + delay in seconds) from 0 to 20 (15 years), kernel of 0.1."""
FIRST_HOUR_S = 3600.0
ROUNDING_S = 60.0
"""Comments up to this long before their post are rounding of two clocks, not wrong times."""
SITTING_S = 1200.0
"""Length of one sitting, counted from the post. People who discover a page in the same week, read in the same
evening, or follow the same call within the hour (a fan club, an outcry) meet on post after post; only what is finer
than that tells a group from them. Longer sittings name clubs, shorter ones lose slow rings."""
BAND = (0.025, 0.975)
MIN_POSTS = 20


@dataclass(frozen=True)
class Timing:
    """comments: `Dump.comments` plus is_first, delay_s, delay_u, delay_v, floor_u, floor_v, session_low,
    session_high, hour (same order).

    posts: `Dump.posts` plus n_comments, n_first_hour, first_hour_share, expected_first_hour_share, expected_low,
    expected_high, burst_p_value, and excess, excess_low, excess_high: comments of the first hour beyond the ordinary.
    floor_u and floor_v are half the organic share that one tick of the clock holds there: two comments cannot be known
    to be nearer than that. session_low and session_high are `delay_u` at the beginning and the end of the comment's
    sitting.
    """

    comments: pa.Table
    posts: pa.Table


def timing(dump: Dump, *, allowed: Callable[[str, str], bool], own_curve: Callable[[str], bool],
           tick_s: Callable[[str], float], post_delay: NDArray[np.bool_] | None = None,
           post_first_hour: NDArray[np.bool_] | None = None, run: RunGroups = at_once) -> Timing:
    """Measure every comment of `dump`. O(n log n).

    allowed(test, page_id): the quality gate's word on `delay`, `first_hour`, `burst` and `hours`.
    own_curve(page_id): the page has posts and comments enough for a curve of its own; else the run's pool
    serves.
    tick_s(page_id): resolution of its comment times in seconds; inf refuses every reading.
    post_delay, post_first_hour: per row of `dump.posts`, whether that post's delays and first hour can be
    used (None: wherever its page allows). run: who reads the posts' own curves, whole posts at a time.
    """
    comments, posts = dump.comments, dump.posts
    page, page_ids = codes(comments["page_id"])
    pages = page_ids.to_pylist()
    post, post_keys = _pair_codes(comments["page_id"], comments["post_id"])
    author, authors = codes(comments["author_id"])
    t = _seconds(comments["comment_time"])
    reply = comments["is_reply"].to_numpy(zero_copy_only=False).astype(bool)
    published = _published(posts, post_keys)

    delay_ok = np.array([allowed("delay", p) for p in pages], bool)
    tick = np.array([tick_s(p) for p in pages], np.float64)
    delay = t - published[post]
    delay[~(delay_ok[page] & _flags(posts, post_keys, post_delay)[post])] = np.nan
    delay[(delay < 0) & (delay >= -ROUNDING_S)] = 0.0
    delay[delay < 0] = np.nan  # before its own post: a wrong clock or a re-upload, not an early bird

    top_first, first = _firsts(post, author, reply, t)
    staff = _declared_codes(dump.declared, authors)
    weight = _weights(author, top_first, len(authors), staff)

    # Where there is no publish time, the first comment seen anchors delay_v only: a habit is steady from any
    # fixed origin. It never stands in for the post time in a delay or a first-hour share.
    anchor = np.where(np.isnan(published), _first_seen(post, t, len(post_keys)), published)
    since = np.where(np.isnan(delay) & delay_ok[page] & ~np.isnan(published[post]), np.nan, t - anchor[post])
    timed = ~np.isnan(t) & np.isfinite(tick[page])
    since[~timed] = np.nan

    own = np.array([own_curve(p) for p in pages], bool)
    curves = _page_curves(since, weight, page, own)
    v = _read_curves(curves, page, since)
    v_low, v_high = (_read_curves(curves, page, since + side * tick[page] / 2) for side in (-1, 1))

    u, u_low, u_high, session_low, session_high = _post_reading(
        post, t, weight, timed, tick[page], curves, page, since, ~np.isnan(delay), run)
    measured = aside(windows(pa.table({
        "is_first": pa.array(first, mask=(author < 0) | np.isnan(t)),
        "delay_s": _nullable(delay),
        "delay_u": _nullable(u),
        "delay_v": _nullable(v),
        "floor_u": _nullable((u_high - u_low) / 2),
        "floor_v": _nullable((v_high - v_low) / 2),
        "session_low": _nullable(session_low),
        "session_high": _nullable(session_high),
        "hour": _hours(comments["comment_time"], dump.zone, page, pages, allowed),
    })))
    out = comments
    for name in measured.column_names:
        out = out.append_column(name, measured[name])
    usable = _flags(posts, post_keys, post_first_hour)
    return Timing(out, _first_hours(posts, post_keys, post, page, pages, own, delay, allowed, usable))


def _pair_codes(page: pa.ChunkedArray, post: pa.ChunkedArray) -> tuple[Ints, list[tuple[str, str]]]:
    """Dense codes of (page, post); a null post of a page is a post of its own."""
    (a, page_ids), (b, post_ids) = codes(page), codes(post)
    pages, names = page_ids.to_pylist(), post_ids.to_pylist()
    key = a * (len(names) + 1) + b + 1
    found, place = np.unique(key, return_inverse=True)
    keys = [(pages[k // (len(names) + 1)], names[k % (len(names) + 1) - 1]) for k in found.tolist()]
    return place.astype(np.int64), keys


def _seconds(column: pa.ChunkedArray) -> Floats:
    micros = column.cast(pa.int64()).combine_chunks()
    out = micros.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64) / 1e6
    out[micros.is_null().to_numpy(zero_copy_only=False)] = np.nan
    return out


def _published(posts: pa.Table, keys: list[tuple[str, str]]) -> Floats:
    times = dict(zip(zip(posts["page_id"].to_pylist(), posts["post_id"].to_pylist(), strict=True),
                     _seconds(posts["post_time"]).tolist(), strict=True))
    return np.array([times.get(k, np.nan) for k in keys], np.float64)


def _flags(
    posts: pa.Table, keys: list[tuple[str, str]], flags: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """Flags per row of `posts` as flags per post code; True where nothing is said."""
    if flags is None:
        return np.ones(len(keys), bool)
    said = dict(
        zip(
            zip(posts["page_id"].to_pylist(), posts["post_id"].to_pylist(), strict=True),
            flags.tolist(),
            strict=True,
        )
    )
    return np.array([said.get(k, True) for k in keys], bool)


def _firsts(
    post: Ints, author: Ints, reply: NDArray[np.bool_], t: Floats
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Masks (rows stand in order of time within a post): the first top-level comment of each account on each
    post; the same, or its first reply where it only replied."""
    order = np.argsort(post, kind="stable")
    starts = np.append(np.flatnonzero(np.diff(post[order], prepend=-1)), len(post)).astype(np.int64)
    return _first_rows(order, starts, author, reply, (author >= 0) & ~np.isnan(t), int(author.max(initial=0)) + 1)


@numba.njit(cache=True, nogil=True)
def _first_rows(order, starts, author, reply, usable, n_authors):  # type: ignore[no-untyped-def]
    top, first = np.zeros(len(order), np.bool_), np.zeros(len(order), np.bool_)
    # On which post an account was last seen, by a comment of its own or at all.
    spoke, seen = np.full(n_authors, -1), np.full(n_authors, -1)
    for k in range(len(starts) - 1):
        for i in order[starts[k]:starts[k + 1]]:
            if usable[i] and not reply[i] and spoke[author[i]] != k:
                spoke[author[i]] = k
                top[i] = first[i] = True
        for i in order[starts[k]:starts[k + 1]]:
            if usable[i] and spoke[author[i]] != k and seen[author[i]] != k:
                seen[author[i]] = k
                first[i] = True
    return top, first


def _declared_codes(declared: pa.Table, authors: pa.Array) -> Ints:
    known = pc.is_in(authors, value_set=declared["author_id"].combine_chunks().drop_null())
    return np.flatnonzero(known.to_numpy(zero_copy_only=False))


def _weights(author: Ints, top_first: NDArray[np.bool_], n_authors: int, staff: Ints) -> Floats:
    counts = np.bincount(author[top_first], minlength=n_authors).astype(np.float64)
    each = np.zeros(n_authors)
    each[counts > 0] = counts[counts > 0] ** -0.5
    each[staff] = 0.0
    weight = np.zeros(len(author))
    weight[top_first] = each[author[top_first]]
    return weight


def _first_seen(post: Ints, t: Floats, n: int) -> Floats:
    out = np.full(n, np.inf)
    seen = ~np.isnan(t)
    np.minimum.at(out, post[seen], t[seen])
    return out


def _page_curves(since: Floats, weight: Floats, page: Ints, own: NDArray[np.bool_]) -> Floats:
    """Cumulative organic share on the log grid, one row per page; pages without a curve of their own share
    one."""
    usable = ~np.isnan(since) & (weight > 0)
    cell = np.minimum((np.log1p(np.maximum(since[usable], 0)) / LOG_STEP).astype(np.int64), LOG_STEPS - 1)
    mass = np.zeros((len(own), LOG_STEPS))
    np.add.at(mass, (page[usable], cell), weight[usable])
    pooled = mass.sum(axis=0)
    mass[~own] = pooled
    offsets = np.arange(-3 * SMOOTH_STEPS, 3 * SMOOTH_STEPS + 1)
    kernel = np.exp(-0.5 * (offsets / SMOOTH_STEPS) ** 2)
    kernel /= kernel.sum()
    curves = np.zeros((len(own), LOG_STEPS + 1))
    for i, row in enumerate(mass):
        smooth = np.convolve(row, kernel, "same") + 1e-9 * max(row.sum(), 1.0) / LOG_STEPS
        curves[i, 1:] = np.cumsum(smooth) / smooth.sum()
    return curves


def _read_curves(curves: Floats, page: Ints, since: Floats) -> Floats:
    place = np.minimum(np.log1p(np.maximum(since, 0)) / LOG_STEP, LOG_STEPS - 1e-6)
    known = ~np.isnan(since)
    out = np.full(len(since), np.nan)
    cell = place[known].astype(np.int64)
    low = curves[page[known], cell]
    out[known] = low + (place[known] - cell) * (curves[page[known], cell + 1] - low)
    return out


def _post_reading(
    post: Ints,
    t: Floats,
    weight: Floats,
    timed: NDArray[np.bool_],
    tick: Floats,
    curves: Floats,
    page: Ints,
    since: Floats,
    has_prior: NDArray[np.bool_],
    run: RunGroups,
) -> Floats:
    """`delay_u` at each comment, half a tick before and after it, at the beginning and the end of its sitting: shape
    (5, n). since: seconds after the post or its first comment. has_prior: the page's curve speaks for the comment."""
    rows = np.flatnonzero(timed)
    order = rows[np.lexsort((t[rows], post[rows]))]
    half = tick[order] / 2
    begins = np.floor(since[order] / SITTING_S) * SITTING_S - since[order]
    shifts = np.stack([np.zeros(len(order)), -half, half, begins, begins + SITTING_S])
    anchored = np.where(has_prior[order], since[order], np.nan)
    prior = np.stack([_read_curves(curves, page[order], anchored + shift) for shift in shifts])
    out = np.full((len(shifts), len(post)), np.nan)
    given = {"post": post[order], "t": t[order], "weight": weight[order], "tick": tick[order]}
    given |= {f"shift{i}": values for i, values in enumerate(shifts)}
    given |= {f"prior{i}": values for i, values in enumerate(prior)}
    read = run(_read, pa.table(given), "post")
    for i in range(len(shifts)):
        out[i, order] = read[f"u{i}"].to_numpy()
    return out


def _read(rows: pa.Table) -> pa.Table:
    """The readings of whole posts, whose comments stand together in order of time."""
    post, t, weight, tick = (rows[name].to_numpy() for name in ("post", "t", "weight", "tick"))
    # Tuples, so that nothing is copied.
    shifts, prior = (tuple(rows[f"{name}{i}"].to_numpy() for i in range(5)) for name in ("shift", "prior"))
    starts = np.append(np.flatnonzero(np.diff(post, prepend=-1)), len(post)).astype(np.int64)
    read = _read_posts(t, weight, tick, shifts, prior, starts, PRIOR_WEIGHT, KNOT_WEIGHT, MIN_OWN_WEIGHT)
    return pa.table({f"u{i}": values for i, values in enumerate(read)})


@numba.njit(cache=True, nogil=True)
def _read_posts(t, w, tick, shifts, prior, starts, prior_weight, per_knot, min_own):  # type: ignore[no-untyped-def]
    out = np.full((len(shifts), len(t)), np.nan)
    for k in range(len(starts) - 1):
        s, e = starts[k], starts[k + 1]
        total = w[s:e].sum()
        n_knots = max(2, int(total / per_knot) + 1)
        # Knots at equal steps of weight; between them the curve is straight.
        knot = np.empty(n_knots)
        knot[0] = t[s] - tick[s]
        run = 0.0
        j = 1
        for i in range(s, e):
            run += w[i]
            while j < n_knots - 1 and run >= total * j / (n_knots - 1):
                knot[j] = max(t[i], knot[j - 1] + 1e-3)
                j += 1
        while j < n_knots:
            knot[j] = max(t[e - 1] + tick[s], knot[j - 1] + 1e-3)
            j += 1
        share = np.arange(n_knots) / (n_knots - 1)
        for side in range(len(shifts)):
            own = np.interp(t[s:e] + shifts[side][s:e], knot, share)
            for i in range(s, e):
                if not np.isnan(prior[side][i]):
                    out[side, i] = (total * own[i - s] + prior_weight * prior[side][i]) / (
                        total + prior_weight
                    )
                elif total >= min_own:
                    out[side, i] = own[i - s]
    return out


def _nullable(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _hours(
    times: pa.ChunkedArray, zone: str, page: Ints, pages: list[str], allowed: Callable[[str, str], bool]
) -> pa.Array:
    ok = np.array([allowed("hours", p) for p in pages], bool)[page]
    local = times.cast(pa.timestamp("us", tz=str(ZoneInfo(zone))))
    hours = pc.hour(local).cast(pa.int8()).combine_chunks()
    return pc.if_else(pa.array(ok), hours, pa.scalar(None, pa.int8()))


def _first_hours(posts: pa.Table, keys: list[tuple[str, str]], post: Ints, page: Ints, pages: list[str],
                 own: NDArray[np.bool_], delay: Floats, allowed: Callable[[str, str], bool],
                 usable: NDArray[np.bool_]) -> pa.Table:
    """Per post: its first-hour share, what the page's other posts lead one to expect, and how rare an excess
    is."""
    n = np.bincount(post, minlength=len(keys)).astype(np.int64)
    known = np.bincount(post[~np.isnan(delay)], minlength=len(keys)).astype(np.int64)
    early = np.bincount(post[delay <= FIRST_HOUR_S], minlength=len(keys)).astype(np.int64)
    page_of = np.empty(len(keys), np.int64)
    page_of[post] = page
    ok = np.array([allowed("first_hour", p) for p in pages], bool)[page_of] & usable & (known > 0)
    expected, low, high, p_value = (np.full(len(keys), np.nan) for _ in range(4))
    beyond = np.full((3, len(keys)), np.nan)
    bursts = ok & np.array([allowed("burst", p) for p in pages], bool)[page_of]
    background = np.where(own, np.arange(len(pages)), -1)[page_of]  # -1: the run's pool
    for which in np.unique(background[bursts]):
        mine = np.flatnonzero(bursts & (background == which))
        if len(mine) >= MIN_POSTS:
            shares = fit(early[mine], known[mine])
            expected[mine] = shares.mean
            low[mine], high[mine], p_value[mine] = burst_p(early[mine], known[mine], shares)
            # What is beyond the ordinary, given the comments that came later: those of a burst tell nothing of it.
            least, middle, most = expected_beside(known[mine] - early[mine], early[mine], shares)[1:]
            beyond[:, mine] = early[mine] - np.array([middle, most, least])
    share = np.where(ok, early / np.maximum(known, 1), np.nan)
    at = {k: i for i, k in enumerate(keys)}
    named = zip(posts["page_id"].to_pylist(), posts["post_id"].to_pylist(), strict=True)
    place = np.array([at.get(k, -1) for k in named], np.int64)
    # One row more stands at the end, and so at -1: a post on which nobody commented.
    columns: dict[str, pa.Array] = {
        "n_comments": pa.array(np.append(n, 0)[place]),
        "n_first_hour": pa.array(np.append(early, 0)[place], mask=~np.append(ok, False)[place]),
    }
    for name_, values in (
        ("first_hour_share", share),
        ("expected_first_hour_share", expected),
        ("expected_low", low),
        ("expected_high", high),
        ("burst_p_value", p_value),
        *zip(("excess", "excess_low", "excess_high"), beyond, strict=True),
    ):
        columns[name_] = _nullable(np.append(values, np.nan)[place])
    out = posts
    for name_, column in columns.items():
        out = out.append_column(name_, column)
    return out


def burst_p(early: Ints, total: Ints, shares: Shares) -> tuple[Floats, Floats, Floats]:
    """Is more of a post's talk in its first hour than the page's other posts lead one to expect?

    early, total: counts per post of one page; shares: fitted on them. Returns (low, high, p), each of shape (n,): the
    expected band of the share, and the tail. A plain binomial would flag half the page. Null simulation:
    tests/test_measure.py.
    """
    low, high, p = band_and_tail(early, total, shares, BAND)
    return low / np.maximum(total, 1), high / np.maximum(total, 1), p
