"""What the times of an account's posts or comments tell, at any rate and in any zone. No function here takes a label.

No column counts the times, or knows which year or which hour it is: only gaps, and how they lie. A collection ends
somewhere, and where it ends may follow the label (docs/measured-accounts.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fakedetect.evaluate.corpora_features import Columns, Floats, Ints

MINUTE, HOUR, DAY = 60, 3600, 86400
EDGES_S = (0, 2, 10, MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 2 * DAY)
"""Borders of the gaps that are counted: answers of a program, writing, a sitting, meals, sleep, absence."""
PERIODS_S = {"minute": MINUTE, "ten_minutes": 10 * MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}
_GRID = np.linspace(0, 20, 61)
"""Bins of a third of an octave, from one second to twelve days: where the gaps of rest and of sleep make two hills."""


def table(times: Sequence[Ints]) -> Columns:
    """One row per account. times: epoch seconds of each account, rising, at least one."""
    rows = [clock(t) for t in times]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def clock(t: Ints) -> dict[str, float]:
    """The columns of one account; nan where it has too few times for one."""
    gap = np.diff(t).astype(float)
    return {**_gaps(gap), **_hills(gap), **_rhythm(t), **_days(t, gap)}


def _gaps(gap: Floats) -> dict[str, float]:
    """Moments of log gaps, burstiness and memory (Goh and Barabási 2008), and how gaps repeat."""
    log = np.log2(gap + 1)
    n = len(gap)
    out = {f"gap_log_q{q}": float(np.quantile(log, q / 100)) if n else np.nan for q in (5, 25, 50, 75, 95)}
    spread = float(log.std()) if n > 1 else np.nan
    out |= {"gap_log_mean": float(log.mean()) if n else np.nan, "gap_log_std": spread}
    z = (log - log.mean()) / spread if n > 3 and spread > 0 else None
    skew, flat = (np.nan, np.nan) if z is None else (float((z ** 3).mean()), float((z ** 4).mean()))
    out |= {"gap_log_skew": skew, "gap_log_kurtosis": flat, "gap_bimodality": (skew * skew + 1) / flat}
    out["burstiness"] = float((gap.std() - gap.mean()) / (gap.std() + gap.mean())) if n > 1 and gap.any() else np.nan
    moving = n > 4 and log[:-1].std() > 0 and log[1:].std() > 0
    out["gap_memory"] = float(np.corrcoef(log[:-1], log[1:])[0, 1]) if moving else np.nan
    shares = np.diff(np.searchsorted(np.sort(gap), [*EDGES_S, np.inf])) / max(n, 1)
    out |= {f"gap_from_{edge}_s_share": float(s) if n else np.nan for edge, s in zip(EDGES_S, shares, strict=True)}
    # Of at most a hundred gaps each, or those with fewer would seem to repeat less.
    some = gap[:: max(n // 100, 1)][:100]
    for tick in (1, 10):
        times = np.unique(some // tick, return_counts=True)[1]
        out[f"gap_same_{tick}_s_share"] = float((times * (times - 1)).sum() / (len(some) * (len(some) - 1))) \
            if len(some) > 1 else np.nan
    return out


def _hills(gap: Floats) -> dict[str, float]:
    """The hills of Rest-Sleep-and-Comment (Costa et al., KDD 2015): two of them with a dip, and spikes at days."""
    seen = gap[gap > 0]
    if len(seen) < 5:
        return dict.fromkeys(("gap_entropy", "dip", "spike_hour", "spike_day"), np.nan)
    share = np.histogram(np.log2(seen), _GRID)[0] / len(seen)
    some = share[share > 0]
    smooth = np.convolve(share, np.ones(5) / 5, mode="same")
    # The deepest valley between two hills, as a share of the lower hill.
    left, right = np.maximum.accumulate(smooth), np.maximum.accumulate(smooth[::-1])[::-1]
    lower = np.minimum(left, right)
    dip = float((lower - smooth).max() / smooth.max()) if smooth.max() > 0 else np.nan
    # Fewer gaps look less spread than they are, by about this much (Miller 1955).
    few = (len(some) - 1) / (2 * len(seen) * np.log(2))
    out = {"gap_entropy": float(-(some * np.log2(some)).sum() + few), "dip": dip}
    for name, period in (("hour", HOUR), ("day", DAY)):
        near = np.abs(seen / period - 1)
        around = int((near < 0.25).sum())
        out[f"spike_{name}"] = float((near < 0.025).sum() / around) if around else np.nan
    return out


def _rhythm(t: Ints) -> dict[str, float]:
    """How the times gather at one phase of a period, less what chance gathers: 1 for a clock, about 0 for none."""
    out = {}
    n = len(t)
    for name, period in PERIODS_S.items():
        length = np.abs(np.exp(2j * np.pi * (t % period) / period).mean())
        out[f"phase_{name}"] = float((n * length ** 2 - 1) / (n - 1)) if n > 1 else np.nan
    return out


def _days(t: Ints, gap: Floats) -> dict[str, float]:
    """Sleep: the hours that stay empty, the longest quiet stretch of the mean day, the longest time awake."""
    counts = np.bincount(t // HOUR % 24, minlength=24)
    hours = counts / len(t)
    turned = np.concatenate([hours, hours])
    sums = np.array([turned[i:i + 6].sum() for i in range(24)])
    awake, since = 0, int(t[0])
    for before, wait in zip(t.tolist(), gap.tolist(), strict=False):
        if wait > 4 * HOUR:
            awake, since = max(awake, before - since), int(before + wait)
    awake = max(awake, int(t[-1]) - since)
    sitting = np.flatnonzero(gap > HOUR)
    days = np.unique(t // DAY, return_counts=True)[1]
    span = (int(t[-1]) - int(t[0])) / DAY
    return {
        "hour_entropy": _entropy(counts), "hours_used": float((hours > 0).sum()),
        "hours_quiet": _longest(turned < 0.01), "quietest_6_h_share": float(sums.min()),
        "busiest_6_h_share": float(sums.max()), "awake_longest_log_s": float(np.log2(awake + 1)),
        "per_sitting_log": float(np.log2(len(t) / (len(sitting) + 1))),
        "silence_longest_share": float(gap.max() / max(gap.sum(), 1)) if len(gap) else np.nan,
        "per_day_spread": float(days.std() / days.mean()), "days_used_share": float(len(days) / (np.floor(span) + 1)),
    }


def _longest(quiet: NDArray[np.bool_]) -> float:
    """Longest run of true hours in a day written twice, at most 24."""
    best = run = 0
    for each in quiet.tolist():
        run = run + 1 if each else 0
        best = max(best, run)
    return float(min(best, 24))


def plain(times: Sequence[Ints]) -> Columns:
    """Thirty-one plain columns, the baseline: quantiles, moments and shares of gaps, hours and weekdays."""
    rows = []
    for t in times:
        gap = np.diff(t).astype(float) if len(t) > 2 else np.full(2, np.nan)
        log, mean, spread = np.log1p(gap), gap.mean(), gap.std()
        hours, days = np.bincount(t // HOUR % 24, minlength=24), np.bincount(t // DAY % 7, minlength=7)
        ticks = np.unique(gap, return_counts=True)[1]
        moving = len(gap) > 2 and log[:-1].std() * log[1:].std() > 0
        rows.append([
            *np.quantile(log, np.linspace(0, 1, 11)), log.mean(), log.std(), (log ** 3).mean(),
            (spread - mean) / (spread + mean) if spread + mean > 0 else np.nan,
            np.corrcoef(log[:-1], log[1:])[0, 1] if moving else np.nan,
            *((gap < edge).mean() for edge in (10, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY)),
            _entropy(hours), (hours > 0).sum(), hours.max() / len(t), hours.min() / len(t), _entropy(days),
            days.max() / len(t), len(ticks) / len(gap), ticks.max() / len(gap), _entropy(np.bincount(t % 60)),
        ])
    return {f"plain_{i}": column for i, column in enumerate(np.array(rows, float).T)}


def _entropy(counts: Ints) -> float:
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log2(share)).sum())


def collected(times: Sequence[Ints]) -> Columns:
    """How many times there are, and when they begin and end: what tells of the collection, for the control."""
    return {"n": np.array([float(len(t)) for t in times]), "first_s": np.array([float(t[0]) for t in times]),
            "last_s": np.array([float(t[-1]) for t in times])}
