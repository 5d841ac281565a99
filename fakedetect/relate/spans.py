"""Posts in spans: which posts an account chose among, and how likely each was to be chosen.

The posts of a page are cut into spans of SPAN, in the order of their publication or among those of like popularity.
An account's number of posts in each span is its own (when it was active, how much it likes the page); *which* of them
it took is dealt anew, in proportion to each post's appeal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.isotonic import IsotonicRegression

from fakedetect.codes import distinct
from fakedetect.relate.polynomials import chances
from fakedetect.relate.presence import Floats, Ints, Presence, post_codes

SPAN = 8
"""Posts in a span. A ring that works on half of a page's posts shows within eight; a fan's season is longer."""
BLOCK = 32
"""Posts of one season, where those of like popularity are sought."""
MIN_POSTS = 20
"""A page with fewer dated posts has too few spans to choose in."""
APPEAL_SPREAD = 0.5
OTHERS_SPREAD = 2.0
"""What a post's popularity lets one expect of its appeal counts as if so many returning accounts had been seen: the
shape of a gamma prior, 1 / (APPEAL_SPREAD ** 2 + OTHERS_SPREAD / comments by others), at most 4. On sixteen clean pages
appeal varied by 0 to .58 in the log about popularity (docs/decisions.md); a popularity told by few comments is itself
not well known. Without it, a ring that is a third of the returning accounts is what makes its posts appeal."""

TILTS = (-1.0, -0.5, 0.5, 1.0)
"""Powers of popularity by which a crowd may be drawn otherwise than the other returning accounts are."""
FITTING = 30
LEAST_APPEAL = 1e-4


@dataclass(frozen=True)
class Choice:
    """Posts in spans, and what is expected of who takes n of a span.

    posts: post codes (n_spans, SPAN), -1 beyond the span's size (n_spans,). span: of each post code (n_posts,), -1
    where it is in none. weight: appeal of each place, at most 1 in a span, 0 beyond its size. take: chance that the
    post at a place is taken while k are still to take, (n_spans, SPAN, SPAN + 1). present: chance that it is among
    the n taken, (n_spans, SPAN + 1, SPAN).
    """

    posts: Ints
    size: Ints
    span: Ints
    weight: Floats
    take: Floats
    present: Floats


def publish_times(comments: pa.Table, here: Presence) -> Floats:
    """Publish time of each post code in epoch seconds (n_posts,), nan where the dump does not say."""
    known = comments.select(["page_id", "post_id", "comment_time", "delay_s"]).filter(comments["delay_s"].is_valid())
    t = known["comment_time"].cast(pa.int64()).to_numpy() / 1e6 - known["delay_s"].to_numpy()
    names, place = post_codes(known, np.ones(known.num_rows, bool))
    earliest = np.full(len(names), np.inf)
    np.minimum.at(earliest, place, t)
    seen = dict(zip(names, earliest.tolist(), strict=True))
    return np.array([seen.get(name, np.nan) for name in here.post_names], np.float64)


def popularity(comments: pa.Table, here: Presence) -> Floats:
    """Comments on each post code (n_posts,), answers too, by accounts that are not compared in `here`: what made a post
    popular, without those whose choice is in question."""
    own = pc.is_in(comments["author_id"], value_set=pa.array(here.authors, pa.string()))
    rest = comments.filter(pc.invert(own.fill_null(False))).group_by(["page_id", "post_id"]).aggregate(
        [([], "count_all")])
    seen = {(page or "", post or ""): n for page, post, n in zip(
        rest["page_id"].to_pylist(), rest["post_id"].to_pylist(), rest["count_all"].to_pylist(), strict=True)}
    return np.array([seen.get(name, 0) for name in here.post_names], np.float64)


def alike(here: Presence, published: Floats, popular: Floats) -> Floats:
    """A rank of posts (n_posts,) by which neighbours are of one season (BLOCK posts) and of like popularity there.

    Regulars come to posts that nobody else comes to, others only to what everybody comes to: among posts that follow
    one another, either kind seems to agree on its choice."""
    rank = np.full(len(here.post_names), np.nan)
    for codes in _by_page(here, published):
        codes = codes[np.lexsort((codes, published[codes]))]
        for number, block in enumerate(np.array_split(codes, -(-len(codes) // BLOCK))):
            order = block[np.lexsort((block, popular[block]))]
            rank[order] = number * BLOCK + np.arange(len(order))
    return rank


def _by_page(here: Presence, rank: Floats) -> list[Ints]:
    """The post codes of each page, pages by name, without those whose rank is nan."""
    pages: dict[str, list[int]] = {}
    for k, (page, _) in enumerate(here.post_names):
        if np.isfinite(rank[k]):
            pages.setdefault(page, []).append(k)
    return [np.array(pages[page], np.int64) for page in sorted(pages)]


def spans(here: Presence, rank: Floats, popular: Floats) -> Choice:
    """Spans of posts of one page that are neighbours in `rank` (n_posts,); those with nan are in none. popular: as
    `popularity` counts it (n_posts,)."""
    takers = np.bincount(here.post, minlength=len(here.post_names)).astype(np.float64)
    parts: list[Ints] = []
    expected = takers.copy()
    for codes in _by_page(here, rank):
        # The more others come to a post, the more of those who return: how much more is the page's own.
        expected[codes] = IsotonicRegression().fit_transform(popular[codes], takers[codes])
        if len(codes) >= MIN_POSTS:
            # Codes follow the posts' ids, so that ties do not depend on the order of rows.
            codes = codes[np.lexsort((codes, rank[codes]))]
            parts += np.array_split(codes, -(-len(codes) // SPAN))
    posts = np.full((len(parts), SPAN), -1, np.int64)
    span = np.full(len(here.post_names), -1, np.int64)
    for k, part in enumerate(parts):
        posts[k, :len(part)] = part
        span[part] = k
    size = np.array([len(p) for p in parts], np.int64)
    seen = np.where(posts >= 0, takers[np.maximum(posts, 0)], 0.0)
    likely = np.where(posts >= 0, np.maximum(expected[np.maximum(posts, 0)], LEAST_APPEAL), 0.0)
    others = np.where(posts >= 0, popular[np.maximum(posts, 0)], 0.0).sum(axis=1) / np.maximum(size, 1)
    counts_as = 1 / (APPEAL_SPREAD**2 + OTHERS_SPREAD / (others + 1))
    likely *= (counts_as * size / np.maximum(likely.sum(axis=1), 1e-12))[:, None]
    # How many accounts took 0, 1, 2 ... of each span.
    inside = span[here.post] >= 0
    pairs, n = distinct(here.account[inside] * max(len(parts), 1) + span[here.post[inside]])
    took = np.zeros((len(parts), SPAN + 1))
    np.add.at(took, (pairs % max(len(parts), 1), n), 1.0)
    weight = _appeal(seen + likely, size, took)
    take, present = chances(weight, size)
    return Choice(posts, size, span, weight, take, present)


def tilted(choice: Choice, popular: Floats, power: float) -> Choice:
    """The same spans for accounts that are drawn by popularity by so much more (or less) than all that are compared."""
    more = np.power(popular[np.maximum(choice.posts, 0)] + 1.0, power)
    weight = np.where(choice.weight > 0, choice.weight * more, 0.0)
    share = np.clip(weight / np.maximum(weight.max(axis=1, keepdims=True, initial=0.0), 1e-12), 0.0, 1.0)
    held = np.where(choice.weight > 0, np.maximum(share, LEAST_APPEAL), 0.0)
    held = np.asarray(np.round(held, 9), np.float64)
    take, present = chances(held, choice.size)
    return replace(choice, weight=held, take=take, present=present)


def _appeal(seen: Floats, size: Ints, took: Floats) -> Floats:
    """Weights of the places of each span under which accounts are expected on its posts in proportion to `seen`
    (n_spans, SPAN), given how many took how many (`took`, (n_spans, SPAN + 1)).

    The conditional likelihood equations of Rasch's model (Andersen 1972), by proportional fitting. In plain proportion
    to the numbers seen, a popular post would look less popular than it is to accounts that take nearly all.
    """
    weight = seen / np.maximum(seen.max(axis=1, keepdims=True, initial=0.0), 1e-12)
    # Those expected beforehand are spread over the takers as they are: their number is what is fitted.
    target = seen * (took @ np.arange(SPAN + 1.0) / np.maximum(seen.sum(axis=1), 1e-12))[:, None]
    for _ in range(FITTING):
        expected = np.einsum("sn,snj->sj", took, chances(weight, size)[1])
        weight = np.where(seen > 0, weight * target / np.maximum(expected, 1e-12), 0.0)
        weight = np.clip(weight / np.maximum(weight.max(axis=1, keepdims=True, initial=0.0), 1e-12), 0.0, 1.0)
        weight = np.where(seen > 0, np.maximum(weight, LEAST_APPEAL), 0.0)
    return np.round(weight, 9)
