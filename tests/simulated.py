"""Small simulated pages and what the tests of the simulator count on them."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import defaultdict
from functools import cache

import numpy as np

from fakedetect.simulate import Campaign, Negative, PageSpec, SimulatedPage, page

SMALL = PageSpec(n_accounts=600, n_posts=60)


@cache
def with_campaign(family: str) -> SimulatedPage:
    return page(dataclasses.replace(SMALL, campaigns=(Campaign(family),)), 11)


@cache
def with_negative(kind: str) -> SimulatedPage:
    return page(dataclasses.replace(SMALL, negatives=(Negative(kind),)), 12)


def delays(made: SimulatedPage, accounts: list[str]) -> dict[str, dict[str, float]]:
    """post_id -> account -> seconds after the post of its first comment there."""
    begin = dict(zip(made.posts["post_id"].to_pylist(), made.posts["post_time"].to_pylist(), strict=True))
    out: dict[str, dict[str, float]] = defaultdict(dict)
    chosen = set(accounts)
    rows = zip(*(made.comments[c].to_pylist() for c in ("post_id", "author_id", "comment_time")), strict=True)
    for post, author, when in rows:
        if author in chosen:
            delay = (when - begin[post]).total_seconds()
            out[post][author] = min(delay, out[post].get(author, np.inf))
    return out


def gaps(by_post: dict[str, dict[str, float]]) -> np.ndarray:
    """Seconds from one account to the next under the same post."""
    return np.concatenate([np.diff(sorted(d.values())) for d in by_post.values()])


def key(text: str) -> str:
    """Letters and digits only, case and accents folded."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if c.isalnum())


def texts_of(made: SimulatedPage, kind: str) -> list[str]:
    rows = zip(made.truth["author_id"].to_pylist(), made.truth["family"].to_pylist(), strict=True)
    chosen = {a for a, f in rows if f == kind}
    rows = zip(made.comments["author_id"].to_pylist(), made.comments["text"].to_pylist(), strict=True)
    return [t for a, t in rows if a in chosen]
