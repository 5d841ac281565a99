"""Throwaway farms: many accounts that act once or twice each, and are early together on the same few posts.

No two of them share the three posts that pair evidence needs. What betrays them is that strangers to the page who come
early twice come twice to the *same* posts. The null keeps how many thin accounts came early to each post and how often
each of them did, and deals anew which of the posts it was: the degree-preserving null of Chung & Lu 2002, with posts
near in time preferred as strongly as makes the finding look most ordinary. A burst by itself, an event or an outcry, is
no such finding: its crowd is on one occasion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import pyarrow as pa
from scipy import special

from fakedetect.codes import distinct
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
    how many there are per post; when: publish time of each post, ascending; several: the accounts that are early on two
    occasions or more, ascending (n_several,), with their `posts`, ascending and -1 behind the last, (n_several,
    MOST_POSTS); totals: see `_chance`."""

    post: Ints
    account: Ints
    weight: Floats
    when: Floats
    several: Ints
    posts: Ints
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
    pages = distinct(first.page[usable])[0]
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
    hit = _twice(early.posts, inside, early.when)
    twice = early.several[hit]
    # The farm's own comments are not what an ordinary account is likely to be drawn by.
    weight = early.weight.copy()
    weight[inside] = mean
    chance = _chance(np.array(block, np.int64), weight, early.when, _totals(weight, early.when))
    p = np.minimum(_ways(early.posts[hit]) * chance, 1.0)
    q = q_values(p, n_tests=len(early.several))
    crowded = inside.copy()
    crowded[inside] = mean <= n_early[inside] / 2
    here = distinct(early.account[crowded[early.post]])[0]
    once = np.setdiff1d(here, twice).tolist()
    seen = n_early[inside]
    excess = (float((seen - middle).sum()), float((seen - high).sum()), float((seen - low).sum()))
    return _Found(names[order[list(block)]].tolist(), window, float(f"{strength:.9g}"), twice.tolist(), p, q, once,
                  excess)


def _narrowest(account: Ints, post: Ints, delay: Floats, when: Floats, early: _Early,
               inside: np.ndarray) -> tuple[float, _Early]:
    """The narrowest window in which nearly all who were early twice on the posts `inside` still are."""
    hits = _twice(early.posts, inside, when).sum()
    for window in WINDOWS_S:
        narrow = _early(account, post, delay <= window, when)
        if _twice(narrow.posts, inside, when).sum() >= NEARLY_ALL * hits:
            return window, narrow
    return WINDOWS_S[-1], early


def _early(account: Ints, post: Ints, within: np.ndarray, when: Floats) -> _Early:
    account, post = account[within], post[within]
    order = np.lexsort((post, account))
    who, starts, n = np.unique(account[order], return_index=True, return_counts=True)
    places = starts[:, None] + np.arange(MOST_POSTS)
    posts = np.where(np.arange(MOST_POSTS) < n[:, None], post[order][np.minimum(places, len(order) - 1)], -1)
    last = np.take_along_axis(posts, n[:, None] - 1, axis=1)[:, 0]
    several = when[last] - when[posts[:, 0]] >= OCCASION_S
    weight = np.bincount(post, minlength=len(when)).astype(np.float64)
    return _Early(post, account, weight, when, who[several], np.ascontiguousarray(posts[several]),
                  _totals(weight, when))


def _ways(posts: Ints) -> Ints:
    """Pairs among the early posts of each account (n, MOST_POSTS): a bound on how many chances it has."""
    n = (posts >= 0).sum(axis=1)
    return np.asarray(n * (n - 1) // 2)


def _densest(early: _Early) -> tuple[tuple[int, ...], float]:
    """The posts on which more accounts are early twice than chance explains, grown greedily from the pairs of posts
    that share most, and their strength before the price of looking at several windows and pages.

    n * KL(share || expected) bounds the log chance of a sum of independent events from above (Hoeffding 1963, theorem
    1); naming k posts costs -log of their shares of early comments, less log k!, plus log k (k + 1).
    """
    n_posts = len(early.when)
    row, place = np.nonzero(early.posts >= 0)
    held = early.posts[row, place]
    order = np.argsort(held, kind="stable")
    on, starts = row[order], np.searchsorted(held[order], np.arange(n_posts + 1))
    cost = -np.log(np.maximum(early.weight, 1e-12) / early.weight.sum())
    ways = int(_ways(early.posts).sum())
    best: tuple[tuple[int, ...], float] = ((), -np.inf)
    for pair in _commonest(early).tolist():
        inside = np.zeros(n_posts, bool)
        inside[pair] = True
        now = -np.inf
        # The pair as it is, then with each post that is reached from it, while that helps.
        while True:
            beside = np.flatnonzero(inside)[:1] if now == -np.inf else _beside(early.posts, on, starts, inside)
            if not len(beside):
                break
            hits, chance = _joined(early.posts, on, starts, inside, beside, early.weight, early.when,
                                   np.array(NEARNESS), np.array(early.totals))
            then = _strength(early, inside, beside, hits, chance, cost, ways)
            first = int(np.argmax(then))
            if then[first] <= now:
                break
            now = float(then[first])
            inside[beside[first]] = True
        if now > best[1]:
            best = (tuple(np.flatnonzero(inside).tolist()), now)
    return best


def _commonest(early: _Early) -> Ints:
    """The STARTS pairs of posts on two occasions that most accounts are early on (n, 2), most first."""
    codes = []
    for x in range(MOST_POSTS):
        for y in range(x + 1, MOST_POSTS):
            i, j = early.posts[:, x], early.posts[:, y]
            both = (j >= 0) & (early.when[j] - early.when[i] >= OCCASION_S)
            codes.append(i[both] * len(early.when) + j[both])
    pairs, n = distinct(np.concatenate(codes))
    top = pairs[np.lexsort((pairs, -n))[:STARTS]]
    return np.stack(np.divmod(top, len(early.when)), axis=1)


def _strength(early: _Early, inside: np.ndarray, beside: Ints, hits: Ints, chance: Floats, cost: Floats,
              ways: int) -> Floats:
    """Strength of the posts `inside` with each of `beside` (n,), which may be one of them. hits: accounts early twice
    there; chance: of two early posts; cost: nats to name each post; ways: of all accounts to be early twice."""
    n = len(early.several)
    expected = np.minimum(ways * chance / n, 1.0)
    share = hits / n
    with np.errstate(divide="ignore", invalid="ignore"):  # where all are expected, nothing is evidence
        evidence = n * (special.xlogy(share, share / expected) + special.xlogy(1 - share, (1 - share) / (1 - expected)))
    evidence = np.where(expected < 1, evidence, 0.0)
    new = ~inside[beside]
    k = inside.sum() + new
    named = cost[inside].sum() + np.where(new, cost[beside], 0.0) - special.gammaln(k + 1.0) + np.log(k * (k + 1.0))
    return np.asarray(np.where(share > expected, evidence - named, -np.inf))


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
    """Sum over pairs of posts (ascending) on two occasions of the product of their weights, less for those far apart:
    linear, because a decaying sum is carried from post to post."""
    total = carried = 0.0
    behind = 0  # posts that are an occasion or more before the one looked at
    for y in range(len(posts)):
        j = posts[y]
        if y > 0:
            carried *= np.exp(-(j - posts[y - 1]) / near)
        while behind < y and when[j] - when[posts[behind]] >= OCCASION_S:
            carried += weight[posts[behind]] * np.exp(-(j - posts[behind]) / near)
            behind += 1
        total += weight[j] * carried
    return total


@numba.njit(cache=True, nogil=True)
def _is_twice(posts, inside, also, when):  # type: ignore[no-untyped-def]
    """Is an account with these posts (MOST_POSTS,) on two occasions on those `inside` or on the post `also`?"""
    first = last = -1
    for k in posts:
        if k >= 0 and (inside[k] or k == also):
            if first < 0:
                first = k
            last = k
    return first >= 0 and when[last] - when[first] >= OCCASION_S


@numba.njit(cache=True, nogil=True)
def _twice(posts, inside, when):  # type: ignore[no-untyped-def]
    """Which accounts are early on two occasions on the posts `inside`: (n,)."""
    out = np.zeros(len(posts), np.bool_)
    for a in range(len(posts)):
        out[a] = _is_twice(posts[a], inside, -1, when)
    return out


@numba.njit(cache=True, nogil=True)
def _beside(posts, on, starts, inside):  # type: ignore[no-untyped-def]
    """Posts not `inside` on which an account of those is early as well, ascending."""
    out = np.zeros(len(inside), np.bool_)
    for k in np.flatnonzero(inside):
        for e in range(starts[k], starts[k + 1]):
            for other in posts[on[e]]:
                if other >= 0 and not inside[other]:
                    out[other] = True
    return np.flatnonzero(out)


@numba.njit(cache=True, nogil=True)
def _joined(posts, on, starts, inside, beside, weight, when, nearness, totals):  # type: ignore[no-untyped-def]
    """With each of `beside` added to the posts `inside`: accounts early twice there, and `_chance` of the posts."""
    held = _twice(posts, inside, when)
    base = held.sum()
    hits = np.full(len(beside), base)
    chance = np.zeros(len(beside))
    block = np.flatnonzero(inside)
    for c in range(len(beside)):
        k = beside[c]
        for e in range(starts[k], starts[k + 1]):
            hits[c] += not held[on[e]] and _is_twice(posts[on[e]], inside, k, when)
        here = block if inside[k] else np.sort(np.append(block, k))
        for near in range(len(nearness)):
            chance[c] = max(chance[c], _pairs(here, weight, when, nearness[near]) / max(totals[near], 1e-300))
    return hits, chance
