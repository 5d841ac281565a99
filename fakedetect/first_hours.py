"""The first hours of the posts that suspects came to: what they brought, and what they would have without the suspects.

What is counted is what suspects wrote. Readers whom the network's ranking brought in behind them cannot be told from
those who came by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]

FIRST_HOUR_S = 3600
DRAWS = 2000
INTERVAL = (0.025, 0.975)
FEW_POSTS = 5
"""On fewer posts than this the posts say nothing of how the lift varies: no interval."""


@dataclass(frozen=True)
class FirstHours:
    """First hours of the posts that suspects came to, in order of the posts: arrays of shape (posts,).

    early, total: comments of the first hour, and all. *_suspect, *_review: of them, by suspects and by accounts to
    check. posts: their rows of the posts table. page_early: comments of the first hour on all posts that have one.
    """

    posts: pa.Table
    early: Ints
    early_suspect: Ints
    early_review: Ints
    total: Ints
    total_suspect: Ints
    total_review: Ints
    page_early: int

    def lift(self, fdr: float, seed: int) -> dict[str, Any]:
        """What summary.json holds as `first_hour_lift`: counts, and by how much suspects lifted the first hour
        (`estimate`, .5 is by half) with the edges of its 95 % interval, `low` and `high`; to nine digits, as every
        figure that a sum goes into. None where all of it is theirs; no edges on fewer than FEW_POSTS posts. fdr: the
        share of suspects who may be there by chance."""
        whole, theirs, beside = (int(a.sum()) for a in (self.early, self.early_suspect, self.early_review))
        low, high = self._interval(fdr, seed)
        return {"posts": self.posts.num_rows, "comments": whole, "by_suspects": theirs, "by_review": beside,
                "without": whole - theirs, "page_comments": self.page_early,
                "estimate": _digits(theirs / (whole - theirs)) if whole > theirs else None, "low": low, "high": high}

    def _interval(self, fdr: float, seed: int) -> tuple[float | None, float | None]:
        """Bootstrap over posts: the low edge counts suspects less those allowed by chance, the high one reviews too."""
        n = len(self.early)
        if n < FEW_POSTS:
            return None, None
        draw = np.random.Generator(np.random.Philox(key=seed))
        low, high = np.empty(DRAWS), np.empty(DRAWS)
        for k in range(DRAWS):
            taken = np.bincount(draw.integers(0, n, n), minlength=n)
            whole, theirs, beside = (float(taken @ a) for a in (self.early, self.early_suspect, self.early_review))
            sure, most = theirs * (1 - fdr), theirs + beside
            low[k] = sure / (whole - sure) if whole > sure else np.inf
            high[k] = most / (whole - most) if whole > most else np.inf
        edges = (np.quantile(low, INTERVAL[0], method="lower"), np.quantile(high, INTERVAL[1], method="higher"))
        return _digits(float(edges[0])), _digits(float(edges[1]))


def _digits(value: float) -> float | None:
    return float(f"{value:.9g}") if np.isfinite(value) else None


def first_hours(comments: pa.Table, posts: pa.Table) -> FirstHours | None:
    """The first hours of the posts that suspects came to; None where no such post has one. comments, posts: tables of
    the audit."""
    classes = {kind: pc.fill_null(pc.equal(comments["verdict"], kind), False) for kind in ("suspect", "review")}
    timed = pc.is_valid(comments["delay_s"])
    early = pc.fill_null(pc.less_equal(comments["delay_s"], FIRST_HOUR_S), False)
    columns = {"total": timed, "early": early}
    columns |= {f"{name}_{kind}": pc.and_(of, of_kind) for kind, of_kind in classes.items()
                for name, of in (("total", timed), ("early", early))}
    keys = {c: comments[c] for c in ("page_id", "post_id")}
    table = pa.table(keys | {name: column.cast(pa.int64()) for name, column in columns.items()})
    counts = table.group_by(list(keys)).aggregate([(name, "sum") for name in columns])
    known = posts.filter(pc.is_valid(posts["first_hour_share"]))
    every = known.join(counts, keys=list(keys), join_type="inner")
    page_early = int(pc.sum(every["early_sum"]).as_py() or 0)
    theirs = every.filter(pc.greater(every["total_suspect_sum"], 0)).sort_by(
        [("post_time", "ascending"), ("page_id", "ascending"), ("post_id", "ascending")])
    if not theirs.num_rows:
        return None
    return FirstHours(theirs, **{name: theirs[f"{name}_sum"].to_numpy().astype(np.int64) for name in columns},
                      page_early=page_early)


def lift(comments: pa.Table, posts: pa.Table, *, fdr: float, seed: int) -> dict[str, Any] | None:
    """`FirstHours.lift` of an audit's tables; None where no post that suspects came to has a first hour."""
    found = first_hours(comments, posts)
    return found.lift(fdr, seed) if found else None
