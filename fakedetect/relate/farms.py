"""Throwaway farms: many accounts that act once or twice each, and are early together on the same few posts.

No two of them share the three posts that pair evidence needs. What betrays them is that strangers to the page who come
early twice come twice to the *same* posts. The null keeps how many thin accounts came early to each post and how often
each of them did, and deals anew which of the posts it was: the degree-preserving null of Chung & Lu 2002, with posts
near in time preferred as strongly as makes the finding look most ordinary. A burst by itself, an event or an outcry, is
no such finding: its crowd is on one occasion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import pyarrow as pa
from scipy import special

from fakedetect.fdr import q_values
from fakedetect.relate.presence import Floats, Ints, first_comments
from fakedetect.shares import expected_beside, fit

MOST_POSTS = 3
"""An account on more posts is no throwaway; pair evidence sees it."""
WINDOWS_S = (300.0, 900.0, 3600.0)
NEARNESS = (np.inf, 20.0, 5.0)
"""Posts within which an account that came once comes again (exponential): what makes a finding least is counted."""
OCCASION_S = 6 * 3600.0
"""Posts published within six hours (a match, an evening's talk) are one occasion: who is on both was there once."""
MIN_OTHERS = 20
"""Posts beside the farm's own that tell what is ordinary here."""
STARTS = 10
"""Pairs of posts from which the search grows."""
MIN_TWICE = 3
NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Farm:
    """One farm. posts: (page_id, post_id), in order of publishing. strength: nats; chance makes one as strong on these
    pages with probability exp(-strength) at most.

    twice: accounts early on two or more of the posts, with `p` that an ordinary account that is early so often is so
    on these, and `q` among all such accounts. once: those early on one of them, where at least half of all who were
    cannot be ordinary. excess: comments in the window beyond the ordinary, over all posts, with its 95 % interval.
    """

    posts: tuple[tuple[str, str], ...]
    window_s: float
    strength: float
    twice: tuple[str, ...]
    p: Floats
    q: Floats
    once: tuple[str, ...]
    excess: tuple[float, float, float]

    @property
    def members(self) -> tuple[str, ...]:
        """All accounts that are named with it, sorted."""
        return tuple(sorted(self.twice + self.once))


@dataclass(frozen=True)
class _Found:
    """A farm in codes; see Farm."""

    posts: list[int]
    window_s: float
    strength: float
    twice: list[int]
    p: Floats
    q: Floats
    once: list[int]
    excess: tuple[float, float, float]


@dataclass(frozen=True)
class _Early:
    """Thin accounts of one page that come within a window. account, post: of each early first comment (n,); weight:
    how many there are per post; when: publish time of each post, ascending; several: post codes of each account that is
    early on two occasions or more; totals: see `_chance`."""

    post: Ints
    account: Ints
    weight: Floats
    when: Floats
    several: dict[int, tuple[int, ...]]
    totals: tuple[float, ...]


def farms(comments: pa.Table, declared: set[str]) -> list[Farm]:
    """The strongest farm of each page that has one, strongest first; strength below 0 is none. Draws nothing.

    comments: with measure's columns. Near-linear: only accounts that are early twice are looked at together.
    """
    first = first_comments(comments, declared)
    n_posts = np.bincount(first.account, minlength=len(first.authors))
    thin = n_posts[first.account] <= MOST_POSTS
    usable = np.flatnonzero(thin & ~np.isnan(first.delay_s))
    out = []
    pages = np.unique(first.page[usable])
    for page in pages.tolist():
        rows = usable[first.page[usable] == page]
        found = _of_page(first.account[rows], first.post[rows], first.delay_s[rows],
                         first.t[rows] - first.delay_s[rows], np.log(len(pages) * len(WINDOWS_S)))
        if found is not None:
            out.append(Farm(tuple(first.post_names[k] for k in found.posts), found.window_s, found.strength,
                            tuple(first.authors[a] for a in found.twice), found.p, found.q,
                            tuple(first.authors[a] for a in found.once), found.excess))
    return sorted(out, key=lambda f: (-f.strength, f.posts))


def _of_page(account: Ints, post: Ints, delay: Floats, published: Floats, price: float) -> _Found | None:
    """account, post: codes of each first comment of a thin account. price: nats for the searches run beside this."""
    names, dense = np.unique(post, return_inverse=True)
    when = np.zeros(len(names))
    when[dense] = published
    order = np.argsort(when, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    code, when = rank[dense], when[order]
    best: tuple[float, float, tuple[int, ...], _Early] | None = None
    for window in WINDOWS_S:
        early = _early(account, code, delay <= window, when)
        if len(early.several) < MIN_TWICE:
            continue
        block, strength = _densest(early)
        if best is None or strength - price > best[0]:
            best = (strength - price, window, block, early)
    if best is None or best[0] <= 0:
        return None
    strength, _, block, early = best
    inside = np.zeros(len(names), bool)
    inside[list(block)] = True
    window, early = _narrowest(account, code, delay, when, early, inside)
    n_early = np.bincount(code[delay <= window], minlength=len(names))
    n_late = np.bincount(code[delay > window], minlength=len(names))
    others = ~inside & (n_early + n_late > 0)
    if others.sum() < MIN_OTHERS:
        return None
    mean, low, middle, high = expected_beside(n_late[inside], n_early[inside],
                                              fit(n_early[others], n_early[others] + n_late[others]))
    hits = {a: posts for a, posts in early.several.items() if _twice(posts, inside, early.when)}
    twice = sorted(hits)
    # The farm's own comments are not what an ordinary account is likely to be drawn by.
    weight = early.weight.copy()
    weight[inside] = mean
    chance = _chance(np.array(block, np.int64), weight, early.when, _totals(weight, early.when))
    p = np.array([min(_ways(len(early.several[a])) * chance, 1.0) for a in twice])
    q = q_values(p, n_tests=len(early.several))
    crowded = inside.copy()
    crowded[inside] = mean <= n_early[inside] / 2
    here = np.unique(early.account[crowded[early.post]])
    once = [a for a in here.tolist() if a not in hits]
    seen = n_early[inside]
    excess = (float((seen - middle).sum()), float((seen - high).sum()), float((seen - low).sum()))
    return _Found(names[order[list(block)]].tolist(), window, float(f"{strength:.9g}"), twice, p, q, once, excess)


def _narrowest(account: Ints, post: Ints, delay: Floats, when: Floats, early: _Early,
               inside: np.ndarray) -> tuple[float, _Early]:
    """The narrowest window in which nearly all who were early twice on the posts `inside` still are."""
    hits = sum(_twice(posts, inside, when) for posts in early.several.values())
    for window in WINDOWS_S:
        narrow = _early(account, post, delay <= window, when)
        if sum(_twice(posts, inside, when) for posts in narrow.several.values()) >= NEARLY_ALL * hits:
            return window, narrow
    return WINDOWS_S[-1], early


def _early(account: Ints, post: Ints, within: np.ndarray, when: Floats) -> _Early:
    account, post = account[within], post[within]
    of: dict[int, list[int]] = {}
    for a, k in zip(account.tolist(), post.tolist(), strict=True):
        of.setdefault(a, []).append(k)
    several = {a: tuple(sorted(posts)) for a, posts in of.items() if when[max(posts)] - when[min(posts)] >= OCCASION_S}
    weight = np.bincount(post, minlength=len(when)).astype(np.float64)
    return _Early(post, account, weight, when, several, _totals(weight, when))


def _twice(posts: Sequence[int], inside: np.ndarray, when: Floats) -> bool:
    here = [when[k] for k in posts if inside[k]]
    return len(here) > 1 and here[-1] - here[0] >= OCCASION_S


def _ways(n: int) -> int:
    """Pairs among n early posts: a bound on how many chances it has."""
    return n * (n - 1) // 2


def _densest(early: _Early) -> tuple[tuple[int, ...], float]:
    """The posts on which more accounts are early twice than chance explains, grown greedily from the pairs of posts
    that share most, and their strength before the price of looking at several windows and pages.

    n * KL(share || expected) bounds the log chance of a sum of independent events from above (Hoeffding 1963, theorem
    1); naming k posts costs -log of their shares of early comments, less log k!, plus log k (k + 1).
    """
    pairs = Counter((i, j) for posts in early.several.values() for x, i in enumerate(posts) for j in posts[x + 1:]
                    if early.when[j] - early.when[i] >= OCCASION_S)
    on: dict[int, list[int]] = {}
    for a, posts in early.several.items():
        for k in posts:
            on.setdefault(k, []).append(a)
    cost = -np.log(np.maximum(early.weight, 1e-12) / early.weight.sum())
    best: tuple[tuple[int, ...], float] = ((), -np.inf)
    for (i, j), _ in sorted(pairs.items(), key=lambda each: (-each[1], each[0]))[:STARTS]:
        inside = np.zeros(len(early.when), bool)
        inside[[i, j]] = True
        now = _strength(early, inside, on, cost)
        while True:
            beside = {k for member in np.flatnonzero(inside).tolist() for a in on[member]
                      for k in early.several[a] if not inside[k]}
            then: tuple[float, int] = (-np.inf, -1)
            for k in sorted(beside):
                inside[k] = True
                then = max(then, (_strength(early, inside, on, cost), -k))
                inside[k] = False
            if then[0] <= now:
                break
            now = then[0]
            inside[-then[1]] = True
        if now > best[1]:
            best = (tuple(np.flatnonzero(inside).tolist()), now)
    return best


def _strength(early: _Early, inside: np.ndarray, on: dict[int, list[int]], cost: Floats) -> float:
    block = np.flatnonzero(inside)
    near = {a for k in block.tolist() for a in on.get(k, ())}
    hits = sum(_twice(early.several[a], inside, early.when) for a in near)
    n = len(early.several)
    chance = _chance(block, early.weight, early.when, early.totals)
    expected = min(sum(_ways(len(p)) for p in early.several.values()) * chance / n, 1.0)
    share = hits / n
    if share <= expected:
        return -np.inf
    evidence = n * (special.xlogy(share, share / expected) + special.xlogy(1 - share, (1 - share) / (1 - expected))
                    if expected < 1 else 0.0)
    k = len(block)
    return float(evidence - (cost[block].sum() - special.gammaln(k + 1.0) + np.log(k * (k + 1.0))))


def _chance(block: Ints, weight: Floats, when: Floats, totals: Sequence[float]) -> float:
    """Chance that two early posts on two occasions, drawn in proportion to their weights, are both of the block: the
    largest over NEARNESS. totals: `_pairs` of all posts in each."""
    return max(float(_pairs(block, weight, when, near) / max(total, 1e-300))
               for near, total in zip(NEARNESS, totals, strict=True))


def _totals(weight: Floats, when: Floats) -> tuple[float, ...]:
    drawn = np.flatnonzero(weight > 0)
    return tuple(float(_pairs(drawn, weight, when, near)) for near in NEARNESS)


@numba.njit(cache=True, nogil=True)
def _pairs(posts, weight, when, near):  # type: ignore[no-untyped-def]
    """Sum over pairs of posts on two occasions of the product of their weights, less for those far apart."""
    total = 0.0
    for x in range(len(posts)):
        i = posts[x]
        for y in range(x + 1, len(posts)):
            j = posts[y]
            if when[j] - when[i] >= OCCASION_S:
                total += weight[i] * weight[j] * np.exp(-(j - i) / near)
    return total
