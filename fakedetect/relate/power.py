"""What a ring would have looked like here: silence is worth what it could have heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.codes import distinct
from fakedetect.fdr import q_values
from fakedetect.relate.attendance import Looks
from fakedetect.relate.choosers import choosers
from fakedetect.relate.groups import discover, discover_together, neighbours
from fakedetect.relate.members import membership
from fakedetect.relate.pairs import Pairs, all_pairs, all_readings
from fakedetect.relate.presence import LEAST_SITTING, MIN_ACCOUNTS, Floats, Ints, Presence

SIZES = (3, 5, 8, 13)
PARTICIPATIONS = (0.15, 0.3, 0.6, 1.0)
PRESENCE = 0.8
GAP_S = 60.0
TRIALS = 12
SEEN = 0.8
MIN_ON_POST = 5
"""Posts with fewer comments than this are no use to a ring, and are not given to the imagined one."""
MAX_POSTS = 100
"""The ring is imagined on the last posts of the busiest page: one season of work, not ten years of it."""
CLOCK = ("delay_u", "delay_v", "floor_u", "floor_v", "session_low", "session_high")


@dataclass(frozen=True)
class Clocks:
    """The clocks of some posts, one behind the other. post: their codes (n_posts,); starts: where each begins
    (n_posts + 1,); t: times of the comments (n,); values: their readings (n, 6); early: per post, how many of its first
    comments a ring may come behind (n_posts,)."""

    post: Ints
    starts: Ints
    t: Floats
    values: Floats
    early: Ints


def ring_power(
    comments: pa.Table,
    here: Presence,
    them: Pairs,
    null: list[Floats],
    looks: Looks,
    *,
    seed: int,
    fdr: float,
    page_alpha: Mapping[str, float],
) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any] | None]:
    """Chance of naming an imagined ring on this page, by size and by the share of posts it works on.

    The ring starts within the first fifth of a post's organic talk, at a moment drawn from the post's own
    comments; its accounts follow at exponential gaps of GAP_S seconds, each on PRESENCE of the ring's posts.
    Named means that half of its accounts pass gate and false discovery rate. Returns one row per (size,
    participation), and the smallest ring named with probability SEEN: fewest accounts first, then fewest
    posts; None where there is none.
    """
    clocks = _clocks(comments, here)
    n_usable = len(clocks.post)
    if n_usable < MIN_ACCOUNTS or not len(null[0]):
        return (), None
    alpha = page_alpha["closeness"]
    closeness = max(
        float(np.sort(n)[::-1][min(int(alpha * (len(n) + 1)), len(n)) - 1]) if alpha * (len(n) + 1) >= 1 else np.inf
        for n in null
    )
    needed = (closeness, -np.log(page_alpha["attendance"]))
    crowd = len(distinct(np.concatenate([them.a, them.b]))[0])
    rows: list[dict[str, Any]] = []
    smallest: dict[str, Any] | None = None
    for size in SIZES:
        for participation in PARTICIPATIONS:
            named = 0
            for trial in range(TRIALS):
                rng = np.random.Generator(np.random.Philox(key=[seed, 1_000_000 + trial]))
                ring = _imagine(rng, clocks, size, participation, here)
                named += ring is not None and _named(ring, needed, crowd, len(here.account), looks, fdr, seed)
            row = {
                "n_accounts": size,
                "participation": participation,
                "n_posts": round(participation * n_usable),
                "gap_s": GAP_S,
                "probability": named / TRIALS,
            }
            rows.append(row)
            if smallest is None and row["probability"] >= SEEN:
                smallest = row
    return tuple(rows), smallest


def _clocks(comments: pa.Table, here: Presence) -> Clocks:
    """The clocks of the busiest page's last MAX_POSTS posts with MIN_ON_POST readings or more, by code."""
    seen: dict[str, list[int]] = {}
    for k, (page, _) in enumerate(here.post_names):
        seen.setdefault(page, []).append(k)
    nothing: Ints = np.empty(0, np.int64)
    if not seen:
        return Clocks(nothing, np.zeros(1, np.int64), np.empty(0), np.empty((0, len(CLOCK))), nothing)
    busiest = max(sorted(seen), key=lambda page: len(seen[page]))
    here_now = pc.equal(pc.fill_null(comments["page_id"], ""), busiest)
    mine = comments.select(["post_id", "comment_time", *CLOCK]).filter(here_now)
    mine = mine.set_column(0, "post_id", pc.fill_null(mine["post_id"], "")).drop_null()
    posts = pa.array([here.post_names[k][1] for k in seen[busiest]], pa.string())
    place = pc.index_in(mine["post_id"], value_set=posts).fill_null(-1).to_numpy()
    t = mine["comment_time"].cast(pa.int64()).to_numpy() / 1e6
    n, first = np.bincount(place[place >= 0], minlength=len(posts)), np.full(len(posts), np.inf)
    np.minimum.at(first, place[place >= 0], t[place >= 0])
    code = np.array(seen[busiest], np.int64)
    usable = np.flatnonzero(n >= MIN_ON_POST)
    latest = usable[np.lexsort((code[usable], first[usable]))][-MAX_POSTS:]
    rows = np.flatnonzero(np.isin(place, latest))
    rows = rows[np.lexsort((t[rows], code[place[rows]]))]
    values = np.column_stack([mine[c].take(rows).to_numpy() for c in CLOCK])
    post, starts = np.unique(code[place[rows]], return_index=True)
    starts = np.append(starts, len(rows))
    u = values[:, 0]
    # Readings grow with time, so that those early enough come first.
    early = [int((u[lo:hi] <= max(0.2, float(u[lo]))).sum()) for lo, hi in pairwise(starts.tolist())]
    return Clocks(post, starts.astype(np.int64), t[rows], values, np.array(early, np.int64))


def _imagine(rng: np.random.Generator, clocks: Clocks, size: int, participation: float,
             here: Presence) -> Presence | None:
    n_usable = len(clocks.post)
    worked = np.sort(rng.choice(n_usable, max(1, round(participation * n_usable)), replace=False))
    first = clocks.t[clocks.starts[worked] + (rng.random(len(worked)) * clocks.early[worked]).astype(np.int64)]
    order = rng.random((len(worked), size)).argsort(axis=1)
    comes = rng.random((len(worked), size)) < PRESENCE
    at = first[:, None] + np.cumsum(np.where(comes, rng.exponential(GAP_S, comes.shape), 0.0), axis=1)
    account, place = order[comes], np.broadcast_to(worked[:, None], comes.shape)[comes]
    if not len(account):
        return None
    table = np.column_stack([account, clocks.post[place], at[comes],
                             _read_clocks(clocks.starts, clocks.t, clocks.values, place, at[comes])])
    table = table[np.lexsort((table[:, 2], table[:, 1], table[:, 0]))]
    kept, dense = np.unique(table[:, 0].astype(np.int64), return_inverse=True)
    # On a very busy page accounts on few posts are compared with nobody: those of a ring neither.
    compared = np.bincount(dense)[dense] >= here.min_posts
    table, dense = table[compared], dense[compared]
    return replace(
        here,
        authors=[str(a) for a in kept],
        account=dense.astype(np.int64),
        post=table[:, 1].astype(np.int64),
        t=table[:, 2],
        u=table[:, 3],
        v=table[:, 4],
        floor_u=table[:, 5],
        floor_v=table[:, 6],
        session_low=table[:, 7],
        session=np.maximum(table[:, 8] - table[:, 7], LEAST_SITTING),
        starts=np.concatenate([[0], np.cumsum(np.bincount(dense, minlength=len(kept)))]).astype(np.int64),
        linked=np.empty(0, np.int64),
    )


def _named(ring: Presence, needed: tuple[float, float], crowd: int, n_comments: int, looks: Looks,
           fdr: float, seed: int) -> bool:
    """By either search. needed: strength by closeness and by attendance. crowd: accounts that share its tests;
    n_comments: comments that its accounts are named among."""
    them = all_pairs(ring)
    if len(them.a) < MIN_ACCOUNTS - 1:
        return False
    # Grown among all accounts of the page, not among its own alone: the price of naming it is the page's.
    beside = neighbours(them, ring, crowd=n_comments + len(ring.account))
    enough = max(MIN_ACCOUNTS, len(ring.authors) / 2)
    # Approximate p-values serve here; the accounts that share the real test count as tests that found nothing.
    found = discover(beside, all_readings(ring, them)[1])
    if found and found[0].strength > needed[0]:
        core = np.array(found[0].members, np.int64)
        p = membership(ring, core, core, seed=seed, exact=False).p
        if (q_values(p, n_tests=crowd) <= fdr).sum() >= enough:
            return True
    its = looks.of(ring)
    found = discover_together(beside, them, its)
    if not found or found[0].strength <= needed[1]:
        return False
    core = np.array(found[0].members, np.int64)
    p = np.max([choosers(*look, core, core, seed=seed, exact=False)[0] for look in its.every], axis=0)
    return bool((q_values(p, n_tests=crowd) <= fdr).sum() >= enough)


@numba.njit(cache=True, nogil=True)
def _read_clocks(starts, t, values, place, at):  # type: ignore[no-untyped-def]
    """The readings at the moments `at` of the posts in `place`, between the comments there: (len(at), 6)."""
    out = np.empty((len(at), values.shape[1]))
    for k in range(len(at)):
        low, high = starts[place[k]], starts[place[k] + 1] - 1
        after = low + np.searchsorted(t[low:high + 1], at[k])
        if after <= low or after > high:
            out[k] = values[min(after, high)]
            continue
        part = (at[k] - t[after - 1]) / (t[after] - t[after - 1])
        out[k] = values[after - 1] + part * (values[after] - values[after - 1])
    return out
