"""`relate.presence.Presence` and measured comments from plain arrays, for null simulations of the evidence
between accounts: the pipeline is left out where a test is about the arithmetic alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from make_dump import make_dump

from fakedetect.measure import timing
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
