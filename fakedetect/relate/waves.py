"""Waves: more good marks, or more bad ones, within days than a business gets by itself; praise that follows a crisis.

Expected is what the business got in the half year around, times how busy its place and its page were then. Counts
differ by more than chance, on every site: how much more is fitted over all businesses (negative binomial, by moments:
Anscombe 1950). What is found is a wave. Whether it was bought or a newspaper brought it, its times cannot tell: so a
wave makes a case to look at, of the business, and of its accounts only where it buries a crisis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from fakedetect.relate.presence import Floats, Ints
from fakedetect.relate.rated import Market, Rated

GOOD, BAD = 0.8, 0.4
"""Good marks from, bad marks to, as shares of the best mark."""
WINDOWS_D = (2.0, 7.0, 14.0, 30.0, 60.0)
AROUND_D, LEAST_AROUND_D = 180.0, 60.0
"""What is ordinary is told by half a year on either side, two months of it at least."""
YEARLY_D = (-371.0, -364.0, -357.0, 357.0, 364.0, 371.0)
"""The same week of another year, or one beside it."""
OPENING_D = 60.0
"""A new business's first weeks are not held against what came later."""
RARE = 0.001
"""Share of the dates before which the calendar does not begin."""
MIN_MARKS = 5
"""A wave is of so many marks at least."""
UNKNOWN_SPREAD = 1.0
"""Variance of the rates of windows in units of their mean squared, where too little is known to fit it."""
MARGIN = 1.5
"""The spread of busy times is told by few of them: it is taken for so much larger than it looks."""
FITTED_FROM = 20
"""Marks of a business from which on its windows tell how much counts differ."""
LEAST_P = 1e-15
"""A chance below this says no more."""
CRISIS_MARKS, CRISIS_P, AFTER_D = 5, 0.05, 60.0
"""A crisis: a wave of so many bad marks, as rare; praise buries it that begins within so many days of it. With any run
of bad marks for a crisis, feasts that happen to follow one were taken for it."""


@dataclass(frozen=True)
class Wave:
    """One business's most telling wave of one kind. business: its code, name: (page_id, business_id); p bounds the
    chance of one as telling, over all windows looked at; first, last: days since 1970; n: marks in it, expected: by
    chance; rating: their mean, as a share of the best mark; members: who gave them, sorted."""

    business: int
    name: tuple[str, str]
    good: bool
    p: float
    first: float
    last: float
    n: int
    expected: float
    rating: float
    members: tuple[str, ...]
    told: bool = False
    """Only with invited reviews, and those that disclose an incentive, is it a wave."""


@dataclass(frozen=True)
class Waves:
    """What the times of marks say. every: the waves of each business that could be asked; buried: those of praise that
    follow a crisis, by business, each with the crisis."""

    every: tuple[Wave, ...]
    buried: tuple[tuple[Wave, Wave], ...]
    n_asked: int = 0
    """Businesses with a crisis and marks enough to be asked for praise over it."""


def waves(ratings: Rated, shops: Market) -> Waves:
    """The waves of every business with enough dated marks. Draws nothing; does not depend on the order of rows."""
    dated = np.flatnonzero(np.isfinite(ratings.day))
    if not len(dated):
        return Waves((), ())
    busy = _Busy(ratings, shops, dated)
    every: list[Wave] = []
    buried, n_asked = [], 0
    order = dated[np.lexsort((ratings.account[dated], ratings.day[dated], ratings.business[dated]))]
    cuts = np.searchsorted(ratings.business[order], np.arange(len(ratings.names) + 1))
    kinds = {True: ratings.mark >= GOOD - 1e-9, False: ratings.mark <= BAD + 1e-9}
    spread = {kind: _spreads(ratings, order[of_kind[order] & ~(kind & ratings.told[order])], busy)
              for kind, of_kind in kinds.items()}
    for business in range(len(ratings.names)):
        mine = order[cuts[business] : cuts[business + 1]]
        found = {kind: _scan(ratings, mine[of_kind[mine] & ~ratings.told[mine]], mine, kind, busy, spread[kind])
                 for kind, of_kind in kinds.items()}
        praise, crisis = found[True], found[False]
        if ratings.told[mine].any():
            whole = _scan(ratings, mine[kinds[True][mine]], mine, True, busy, spread[True])
            if whole is not None and (praise is None or whole.p < praise.p / 100):
                every.append(replace(whole, told=True))
        every += [w for w in (praise, crisis) if w is not None]
        if crisis is not None and crisis.n >= CRISIS_MARKS and crisis.p <= CRISIS_P:
            # Which business had a crisis is told by bad marks alone, so only these, and only the time after, are asked.
            over = _scan(ratings, mine[kinds[True][mine] & ~ratings.told[mine]], mine, True, busy, spread[True],
                         (crisis.first, crisis.last + AFTER_D))
            n_asked += over is not None
            if over is not None and over.p < 1.0:
                buried.append((over, crisis))
    return Waves(tuple(every), tuple(buried), n_asked)


class _Busy:
    """How busy a business's place and page were in a window, against the time around it."""

    def __init__(self, ratings: Rated, shops: Market, dated: Ints) -> None:
        day = np.floor(ratings.day[dated]).astype(np.int64)
        # A slip of a century would make a calendar of its own.
        self.begin, self.end = int(np.quantile(day, RARE, method="lower")), int(day.max()) + 1
        day = np.maximum(day, self.begin)
        page = np.unique([p for p, _ in ratings.names], return_inverse=True)[1]
        self._at = [page, shops.place]
        business = ratings.business[dated]
        self._totals = [self._sums(codes[business], day) for codes in self._at]
        self._own = self._sums(business, day)

    def _sums(self, code: Ints, day: Ints) -> Ints:
        """Reviews before each day, of each code: (n_codes, n_days + 1)."""
        counts = np.zeros((int(code.max(initial=-1)) + 1, self.end - self.begin + 1), np.int32)
        kept = code >= 0
        np.add.at(counts, (code[kept], day[kept] - self.begin + 1), 1)
        return counts.cumsum(axis=1, dtype=np.int32)

    def factor(self, business: int, first: Floats, last: Floats, low: Floats, high: Floats) -> Floats:
        """Reviews of others in [first, last) per day over those in [low, high) without it: the larger of its place's
        and its page's, 1 at least."""
        out = np.ones(len(first))
        a, b, c, d = (np.clip(np.floor(x).astype(np.int64) - self.begin, 0, self.end - self.begin)
                      for x in (first, last, low, high))
        for codes, totals in zip(self._at, self._totals, strict=True):
            if codes[business] < 0:
                continue
            others = totals[codes[business]] - self._own[business]
            inside, around = others[b] - others[a], (others[d] - others[c]) - (others[b] - others[a])
            rate = around / np.maximum((d - c) - (b - a), 1)
            out = np.maximum(out, (inside + 1.0) / (rate * (b - a) + 1.0))
        return out


def _windows(days: Floats, opened: float, busy: _Busy, business: int,
             length: float) -> tuple[Ints, Floats, Floats, Floats]:
    """For a window of `length` that begins at each of the days: marks in it, those of the time around it, how many are
    expected in it (nan where it cannot be told), and how many days tell."""
    first = np.floor(days)
    last = first + length
    low, high = np.maximum(first - AROUND_D, max(opened, busy.begin)), np.minimum(last + AROUND_D, busy.end)
    n = np.searchsorted(days, last) - np.searchsorted(days, first)
    around = np.searchsorted(days, high) - np.searchsorted(days, low) - n
    # What comes every year is ordinary in its weeks.
    yearly = np.zeros(len(days), np.int64)
    for shift in YEARLY_D:
        yearly = np.maximum(yearly, np.searchsorted(days, last + shift) - np.searchsorted(days, first + shift))
    exposure = (high - low) - (np.minimum(last, high) - first)
    scale = length / np.where(exposure >= LEAST_AROUND_D, exposure, np.nan)
    # An opening draws a crowd of its own; one before the dump begins is not seen.
    scale[(first < opened + OPENING_D) & (opened > busy.begin + OPENING_D)] = np.nan
    scale *= busy.factor(business, first, last, low, high)
    rate = np.maximum((around + 0.5) * scale, np.where(np.isfinite(scale), yearly, np.nan))
    return n, around.astype(np.float64), rate, np.maximum(exposure, LEAST_AROUND_D)


def _spreads(ratings: Rated, rows: Ints, busy: _Busy) -> Floats:
    """For each of WINDOWS_D, by how much the counts of windows side by side differ beyond chance: the variance of
    their rates in units of the mean squared, by moments over all businesses with marks enough."""
    business, day = ratings.business[rows], ratings.day[rows]
    many = np.flatnonzero(np.bincount(business, minlength=len(ratings.names)) >= FITTED_FROM)
    out = []
    cuts = np.searchsorted(business, np.arange(len(ratings.names) + 1))
    for length in WINDOWS_D:
        over, squared = 0.0, 0.0
        for b in many.tolist():
            days = day[cuts[b] : cuts[b + 1]]
            edges = np.arange(np.floor(days[0]), busy.end + 1e-9, length)
            if len(edges) < 4:
                continue
            counts = np.histogram(days, edges)[0].astype(np.float64)
            mean = counts.mean()
            over += float(((counts - mean) ** 2 - mean).sum())
            squared += float(len(counts) * mean**2)
        out.append(MARGIN * max(over / squared, 0.0) if squared > 0 else UNKNOWN_SPREAD)
    return np.array(out)


def _scan(ratings: Rated, rows: Ints, mine: Ints, good: bool, busy: _Busy, spread: Floats,
          between: tuple[float, float] = (-np.inf, np.inf)) -> Wave | None:
    """The most telling wave among the marks `rows` (sorted by day) of a business whose ratings are `mine`, of those
    that begin between two days."""
    if len(rows) < MIN_MARKS:
        return None
    days, business = ratings.day[rows], int(ratings.business[rows[0]])
    opened = float(np.floor(ratings.day[mine].min()))
    best: tuple[float, int, float, float] | None = None
    n_asked = 0
    slow = float((spread * np.array(WINDOWS_D)).max())
    for length, phi in zip(WINDOWS_D, spread.tolist(), strict=True):
        n, around, rate, exposure = _windows(days, opened, busy, business, length)
        asked = np.isfinite(rate) & (days > between[0]) & (days <= between[1])
        n_asked += int(asked.sum())
        # The rate is not known better than what was counted around tells, whose own windows differ by as much.
        size = 1.0 / (phi + slow / exposure + 1.0 / (around + 0.5))
        p = np.where(asked & (n >= MIN_MARKS),
                     stats.nbinom.sf(n - 1, size, size / (size + np.where(asked, rate, 1.0))), 1.0)
        k = int(np.argmin(p))
        if best is None or p[k] < best[0]:
            best = (float(p[k]), k, length, float(rate[k]))
    if best is None or n_asked == 0:
        return None
    p_best, k, length, expected = best
    inside = rows[(days >= np.floor(days[k])) & (days < np.floor(days[k]) + length)]
    members = {ratings.authors[a] for a in ratings.account[inside].tolist() if a >= 0}
    return Wave(business, ratings.names[business], good, min(max(p_best, LEAST_P) * n_asked, 1.0),
                float(ratings.day[inside[0]]), float(ratings.day[inside[-1]]), len(inside), expected,
                float(ratings.mark[inside].mean()), tuple(sorted(members)))
