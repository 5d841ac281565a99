"""`relate.presence.Presence` and measured comments from plain arrays, for null simulations of the evidence
between accounts: the pipeline is left out where a test is about the arithmetic alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from make_dump import make_dump
from scipy.special import ndtr

from fakedetect.measure import SITTING_S, timing
from fakedetect.relate.presence import Floats, Ints, Presence

DAY = 86400.0
START = 1_700_000_000.0


def presence(account: Ints, post: Ints, u: Floats, *, v: Floats | None = None, low: Floats | None = None,
             width: Floats | None = None, floor: float = 1e-4) -> Presence:
    """One row per (account, post), in any order. Without `low` and `width` a sitting is the whole post."""
    order = np.lexsort((post, account))
    account, post, u = account[order], post[order], u[order]
    v = u if v is None else v[order]
    _, dense = np.unique(account, return_inverse=True)
    n_posts = int(post.max(initial=-1)) + 1
    return Presence(
        authors=[f"a{k:05d}" for k in np.unique(account)], account=dense.astype(np.int64),
        post=post.astype(np.int64), t=START + DAY * post + 3600 * u, u=u, v=v,
        floor_u=np.full(len(u), floor), floor_v=np.full(len(u), floor),
        session=np.ones(len(u)) if width is None else width[order],
        session_low=np.zeros(len(u)) if low is None else low[order],
        starts=np.concatenate([[0], np.cumsum(np.bincount(dense))]).astype(np.int64),
        post_names=[("page", f"p{k:04d}") for k in range(n_posts)], linked=np.empty(0, np.int64),
        n_accounts_seen=len(np.unique(account)), min_posts=3, skipped_accounts=0,
    )


def attends(rng: np.random.Generator, n_accounts: int, n_posts: int, share: float | Floats) -> tuple[Ints, Ints]:
    """(account, post) of accounts that comment on a random part of the posts."""
    here = rng.random((n_accounts, n_posts)) < np.broadcast_to(np.asarray(share).reshape(-1, 1), (n_accounts, 1))
    account, post = np.nonzero(here)
    return account.astype(np.int64), post.astype(np.int64)


def measured(author: Sequence[str], post: Sequence[int] | Ints, delay: Sequence[float] | Floats,
             post_time: Sequence[float] | Floats, *, with_post_times: bool = True, tick: float = 1.0,
             parent: Sequence[str | None] | None = None, comment_id: Sequence[str] | None = None,
             text: Sequence[str | None] | None = None, **fields: Any) -> pa.Table:
    """Comments as `measure.timing` gives them, every test allowed, from parallel lists: seconds after the post."""
    return timed(author, post, delay, post_time, with_post_times=with_post_times, tick=tick, parent=parent,
                 comment_id=comment_id, text=text, **fields).comments


def timed(author, post, delay, post_time, *, with_post_times=True, tick=1.0, parent=None, comment_id=None,  # type: ignore[no-untyped-def]
          text=None, refused=(), **fields):
    """The whole of `measure.timing`; `refused` names tests that the quality gate would have refused."""
    times = np.floor(np.asarray(post_time, float)[np.asarray(post, int)] + np.asarray(delay, float))
    n = len(times)
    rows: Mapping[str, Any] = {
        "comment_id": list(comment_id) if comment_id is not None else [f"c{i:06d}" for i in range(n)],
        "post_id": [f"p{int(k):04d}" for k in post], "author_id": list(author), "comment_time": times.tolist(),
        "parent_id": list(parent) if parent is not None else [None] * n,
        "text": list(text) if text is not None else [None] * n,
    }
    posts = [{"post_id": f"p{k:04d}", "post_time": float(t) if with_post_times else None}
             for k, t in enumerate(post_time)]
    return timing(make_dump(rows, posts, **fields), allowed=lambda test, page: test not in refused,
                  own_curve=lambda page: True, tick_s=lambda page: tick)


SPREAD, TYPICAL_S = 1.6, 7200.0


def clean_page(seed: int, n_posts: int = 40, n_organic: int = 250, n_fans: int = 50,
               ring: int = 0, ring_share: float = 0.6) -> Presence:
    """A page in closed form: people who come now and then, fans with habits of their own (many always early),
    posts whose talk starts sooner or later for everybody; and a ring of `ring` accounts, the last ones, within
    minutes of each other on `ring_share` of the posts, else like the organic ones."""
    rng = np.random.default_rng(seed)
    share = np.r_[rng.uniform(0.05, 0.2, n_organic), rng.uniform(0.2, 0.7, n_fans), np.full(ring, 0.15)]
    habit = np.log(np.r_[np.full(n_organic, TYPICAL_S), np.exp(rng.uniform(np.log(60), np.log(20000), n_fans)),
                         np.full(ring, TYPICAL_S)])
    spread = np.r_[np.full(n_organic, SPREAD), rng.uniform(0.4, 1.2, n_fans), np.full(ring, SPREAD)]
    account, post = attends(rng, len(share), n_posts, share)
    late = rng.normal(0, 0.4, n_posts)
    delay = np.exp(rng.normal(habit[account], spread[account]) + late[post])
    if ring:
        worked = rng.random(n_posts) < ring_share
        own = (account >= n_organic + n_fans) & worked[post]
        account, post, delay = account[~own], post[~own], delay[~own]
        at, who = np.nonzero(np.repeat(worked[:, None], ring, 1) & (rng.random((n_posts, ring)) < 0.85))
        start = rng.uniform(120, 1200, n_posts)
        account, post = np.r_[account, n_organic + n_fans + who], np.r_[post, at]
        delay = np.r_[delay, start[at] + rng.uniform(0, 300, len(at))]

    def share_before(seconds: Floats, shift: Floats) -> Floats:
        return np.asarray(ndtr((np.log(np.maximum(seconds, 1e-9)) - np.log(TYPICAL_S) - shift) / SPREAD))

    begins = np.floor(delay / SITTING_S) * SITTING_S
    low, high = share_before(begins, late[post]), share_before(begins + SITTING_S, late[post])
    seen = np.bincount(account, minlength=len(share))[account] >= 3
    keep = np.flatnonzero(seen)
    return presence(account[keep], post[keep], share_before(delay, late[post])[keep],
                    v=share_before(delay, np.zeros(len(delay)))[keep], low=low[keep],
                    width=np.maximum(high - low, 4e-4)[keep])
