"""Whether the rows are all there, and whether an account is one account."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fakedetect.codes import distinct

Ints = NDArray[np.int64]

MIN_CAP = 20
"""Under 20 comments a post, equal counts are ordinary."""
TOP, UPPER = 0.95, 0.75
"""A capped export misses some rows (deleted, hidden), so its pile stands from 95 % of the cap up."""
ROUND_CAPS = (20, 25, 50, 100, 150, 200, 250, 300, 500, 1000, 1500, 2000, 2500, 3000, 5000, 10000)
CAP_ALPHA, ROUND_CAP_ALPHA = 1e-3, 0.05
"""A maximum just under a round number is a likely cap beforehand, and needs less evidence: refusing costs
power only, while a cut dump read as whole would shift every first-hour share."""
MIN_NAMED = 200
"""Names and ids are compared from this many named accounts on."""
SPLIT_FACTOR, SPLIT_RETURN = 4.0, 0.03
"""Ids are unstable where names return to a second post four times as often as ids, and at least 3 % do. On
the real dumps the two rates are within a factor of 1.5 (namesakes)."""


def cap(counts: Ints) -> tuple[int, int] | None:
    """(cap, posts at it) where the largest counts of comments per post pile up at their maximum; None
    otherwise.

    Counts thin out towards their maximum, so of the posts in the upper quarter of the range at most the top
    band's share of it should lie in that band: a binomial bound, the largest post left out because it sets
    the range.
    """
    if len(counts) < 3 or counts.max() < MIN_CAP:
        return None
    top = int(counts.max())
    start, upper = int(np.ceil(TOP * top)), int(np.ceil(UPPER * top))
    in_top = int((counts >= start).sum())
    in_upper = int((counts >= upper).sum())
    chance = (top - start + 1) / (top - upper + 1)
    p = float(special.bdtrc(in_top - 2.0, in_upper - 1, chance))
    nearest = [c for c in ROUND_CAPS if 0.97 * c <= top <= c]
    if in_top < 3 or p >= (ROUND_CAP_ALPHA if nearest else CAP_ALPHA):
        return None
    return (nearest[0] if nearest else top), in_top


def returning(key: Ints, post: Ints) -> tuple[int, int]:
    """(distinct keys, those seen on two posts or more); negative keys are unknown and left out."""
    known = key >= 0
    if not known.any():
        return 0, 0
    width = int(post.max()) + 1
    n_posts = distinct(distinct(key[known] * width + post[known])[0] // width)[1]
    return len(n_posts), int((n_posts > 1).sum())


def ids_split(author: Ints, name: Ints, post: Ints) -> tuple[float, float] | None:
    """(share of names, share of ids) that return to a second post, where ids do not last from post to post;
    else None."""
    both = (author >= 0) & (name >= 0)
    n_names, back_names = returning(np.where(both, name, -1), post)
    n_ids, back_ids = returning(np.where(both, author, -1), post)
    if n_names < MIN_NAMED:
        return None
    by_name, by_id = back_names / n_names, back_ids / n_ids
    return (by_name, by_id) if by_name >= SPLIT_RETURN and by_name >= SPLIT_FACTOR * by_id else None
