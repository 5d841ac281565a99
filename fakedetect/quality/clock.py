"""What the times are worth: their resolution, and whether posts and comments share one clock.

Groups are dense codes 0..n_groups-1 (pages or files). A value is too common only over distinct accounts, and
only if it recurs over distinct moments: a ring that posts at one second is a finding, not a coarse clock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fakedetect.codes import distinct

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SECOND, MINUTE, HOUR, DAY, MONTH = 1.0, 60.0, 3600.0, 86400.0, 30 * 86400.0
COMMON_SHARE = 0.05
"""One minute:second value in more than this share of rows is no clock (DESIGN 4); by chance it is 1 in
3,600."""
UNEVEN = 5.0
"""Real times are not uniform over the hour (shows at half past, posts on the hour): chance is allowed this
factor before the binomial bound is taken."""
ALPHA = 1e-6
"""Bound per value and group, small because some thousand pages x 3,600 values are looked at."""
FEW_DISTINCT = 0.5
"""Distinct minute:second values, as a share of those expected from as many random moments. The five real
dumps stand at 0.99 or more, ten live events at the same hour of the week near 0.6, relative times under
0.1."""
MIN_MOMENTS = 100
"""With fewer distinct moments, a group is too small to contradict its file, and takes over its file's
reading."""
TIED_ROWS, TIED_SHARE = 5, 0.5
"""Half of all rows in one second of one post with four others: a page of relative times ("1 year ago"). The
five real dumps stand under 0.001."""
RELATIVE_DATES, RELATIVE_SPAN_S = 40, 60 * DAY
"""Relative dates are 6 days, 4 weeks, 11 months and some 15 years: under 40 values, whatever the number of
rows."""


@dataclass(frozen=True)
class Reading:
    """Per group: resolution in seconds (nan without times), commonest minute:second and time of day, distinct
    counts."""

    resolution_s: Floats
    relative: Bools
    common_share: Floats
    day_share: Floats
    n_distinct: Ints
    n_moments: Ints
    n_rows: Ints


def resolution(group: Ints, n_groups: int, t: Ints, author: Ints, post: Ints) -> Reading:
    """Resolution of the times `t` (whole epoch seconds) per group. All arrays are (n,); authors >= 0, nulls
    distinct.

    1 second, 60 (seconds carry nothing), 3600 (rounded), 86400 (a date, or made from a relative text), or 30
    days (relative dates over a long span).
    """
    start = int(t.min()) if len(t) else 0
    m_group, m_t = _unique(group, t - start)
    m_t += start
    n_moments = np.bincount(m_group, minlength=n_groups)
    sec_bad, _, _ = _common(group, t % 60, author, m_group, m_t % 60, n_groups, 60)
    hour_bad, common_share, common_at = _common(group, t % 3600, author, m_group, m_t % 3600, n_groups, 3600)
    _, day_share, _ = _common(group, t % 86400, author, m_group, m_t % 86400, n_groups, 86400)

    coarse_minutes = _few_distinct(m_group, m_t // 60, 60, n_groups)
    n_distinct, few = _occupancy(m_group, m_t, 3600, n_groups)
    derived = np.where(sec_bad, coarse_minutes, few) & (n_moments >= MIN_MOMENTS)
    tied = _tied_share(group, t, post, n_groups) > TIED_SHARE
    rounded = hour_bad | derived | tied

    # Rounded: whole minutes, and the hours still vary. Anything else (a date, "3 days ago" seen at 14:05:37)
    # says nothing about the time of day.
    whole = rounded & (common_at % 60 == 0) & ~_few_hours(m_group, m_t, common_at, n_groups)
    res = np.where(rounded, np.where(whole, HOUR, DAY), np.where(sec_bad, MINUTE, SECOND))
    low, high = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(low, m_group, m_t.astype(np.float64))
    np.maximum.at(high, m_group, m_t.astype(np.float64))
    n_days = np.bincount(_unique(m_group, (m_t - start) // 86400)[0], minlength=n_groups)
    n_rows = np.bincount(group, minlength=n_groups)
    dates = (res == DAY) & (high - low > RELATIVE_SPAN_S) & (n_days < RELATIVE_DATES) & (n_rows > 10 * n_days)
    res = np.where(dates, MONTH, res)
    res[n_rows == 0] = np.nan
    relative = rounded & ((common_at % 60 != 0) | dates | (derived & ~hour_bad))
    return Reading(res, relative, common_share, day_share, n_distinct, n_moments, n_rows)


def _unique(*keys: Ints) -> list[Ints]:
    """Distinct rows of several non-negative columns, each column again."""
    sizes = [int(k.max(initial=0)) + 1 for k in keys]
    packed = np.zeros(len(keys[0]), np.int64)
    for k, size in zip(keys, sizes, strict=True):
        packed = packed * size + k
    packed = distinct(packed)[0]
    columns = []
    for size in reversed(sizes):
        columns.append(packed % size)
        packed = packed // size
    return columns[::-1]


def _common(group: Ints, value: Ints, author: Ints, m_group: Ints, m_value: Ints, n_groups: int,
            n_values: int) -> tuple[Bools, Floats, Ints]:
    """Whether one value is too common in a group; the share of the commonest (over distinct account and
    value); which it is. Too common it must be over accounts, and recur over moments more than chance
    allows."""
    a_group, a_value, _ = _unique(group, value, author)
    g, v, n = _table(a_group, a_value, n_groups, n_values)
    total = np.bincount(a_group, minlength=n_groups)
    share = n / np.maximum(total[g], 1)
    # The first of the values with the largest share, per group.
    order = np.lexsort((v, -share, g))
    first = order[np.flatnonzero(np.diff(g[order], prepend=-1))]
    best, at = np.zeros(n_groups), np.full(n_groups, -1, np.int64)
    best[g[first]], at[g[first]] = share[first], v[first]
    n_moments = np.bincount(m_group, minlength=n_groups)
    here = np.bincount(m_group[m_value == at[m_group]], minlength=n_groups)
    chance = UNEVEN / n_values if n_values > 60 else 2.0 / n_values
    odd = np.ones(n_groups, bool)
    for k, of in ((n[first], total[g[first]]), (here[g[first]], n_moments[g[first]])):
        odd[g[first]] &= special.bdtrc(k - 1.0, of, chance) * n_values < ALPHA
    return odd & (best > COMMON_SHARE), best, at


def _table(group: Ints, value: Ints, n_groups: int, n_values: int) -> tuple[Ints, Ints, Ints]:
    """Sorted distinct (group, value) and how often each stands there."""
    key, n = distinct(group * n_values + value)
    return key // n_values, key % n_values, n


def _occupancy(m_group: Ints, m_t: Ints, n_values: int, n_groups: int) -> tuple[Ints, Bools]:
    n = np.bincount(m_group, minlength=n_groups)
    seen = np.bincount(_table(m_group, m_t % n_values, n_groups, n_values)[0], minlength=n_groups)
    return seen, seen < FEW_DISTINCT * n_values * -np.expm1(-n / n_values)


def _few_distinct(m_group: Ints, minutes: Ints, n_values: int, n_groups: int) -> Bools:
    if not len(minutes):
        return np.zeros(n_groups, bool)
    start = minutes.min() // 60 * 60  # a whole hour, so that the minute of the hour is kept
    g, m = _unique(m_group, minutes - start)
    return _occupancy(g, m, n_values, n_groups)[1]


def _few_hours(m_group: Ints, m_t: Ints, common_at: Ints, n_groups: int) -> Bools:
    """Whether the moments with the commonest minute:second stand at one or two hours of the day (two: summer
    time)."""
    mine = m_t % 3600 == common_at[m_group]
    counts = np.zeros((n_groups, 24), np.int64)
    np.add.at(counts, (m_group[mine], m_t[mine] // 3600 % 24), 1)
    top = np.sort(counts, axis=1)[:, -2:].sum(axis=1)
    return top > 0.8 * counts.sum(axis=1)


def _tied_share(group: Ints, t: Ints, post: Ints, n_groups: int) -> Floats:
    if not len(t):
        return np.zeros(n_groups)
    # Modulo 68 years: times of the year 1 or 9999 must not overflow the key.
    post_t = post * (1 << 31) + (t - t.min()) % (1 << 31)
    g, _, n = _table(group, post_t, n_groups, int(post_t.max()) + 1)
    rows = np.bincount(group, minlength=n_groups)
    return np.bincount(g, weights=np.where(n >= TIED_ROWS, n, 0), minlength=n_groups) / np.maximum(rows, 1)


HALF_HOUR_S, MAX_OFFSET_H = 1800.0, 14.0
"""Zones differ by whole half-hours (three quarters in Nepal and Chatham are left unnamed), at most 14 h from
UTC."""
STRAY = 0.01
"""Share of comments before their post that is put down to stray rows: re-uploads, edited dates."""
EDGE_SHARE = 0.05
"""An offset leaves an edge: at least this share of comments in the hour after it. On the real dumps 5-38 % of
comments come in the first hour; a slow page has no edge, and is then simply slow."""


def offset_behind(delay: Floats) -> float | None:
    """Hours by which the comments' clock is behind the posts', from delays (s) of which too many are
    negative.

    The smallest whole half-hour that brings all but 1 % of the comments after their post and has an edge
    there; None where no such constant explains them.
    """
    reach = -float(np.quantile(delay, STRAY))
    hours = float(np.ceil(max(reach, 1.0) / HALF_HOUR_S)) / 2
    if hours > MAX_OFFSET_H or _after(delay, -hours * 3600) < EDGE_SHARE:
        return None
    return hours


def offset_ahead(delay: Floats) -> float | None:
    """Hours by which the comments' clock is ahead: the first hours after all posts are empty, and then comes
    an edge."""
    start = float(np.quantile(delay, STRAY / 2))
    hours = float(np.floor((start + 300) / HALF_HOUR_S)) / 2
    if not 0.5 <= hours <= MAX_OFFSET_H or _after(delay, hours * 3600) < EDGE_SHARE:
        return None
    return hours


def _after(delay: Floats, edge_s: float) -> float:
    return float(np.mean((delay >= edge_s) & (delay < edge_s + 3600)))
