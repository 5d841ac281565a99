"""A review site without anybody's help: most accounts wrote one review, some wrote tens over years."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from fakedetect.simulate import curves as measured
from fakedetect.simulate.grammar import Dice
from fakedetect.simulate.reviews_scene import DAY, ReviewScene

_TAIL = 2.75
"""Exponent of the number of reviews per account on a site: four in five wrote one."""
_ADDRESS_POOL = 0.02
"""Share of reviews sent through an address that strangers share: a mobile carrier's, an office's."""


def organic(scene: ReviewScene) -> None:
    """Hire and play the site's ordinary reviewers."""
    rng = measured.stream(scene.seed, "organic")
    people = scene.hire(rng, scene.spec.n_accounts, "organic", "organic")
    n_each = rng.zipf(_TAIL, len(people)).clip(1, min(60, max(1, scene.spec.n_businesses // 2)))
    account, business = outings(scene, rng, people, n_each)
    time_s = over_years(scene, rng, account, business)
    pool = scene.addresses(max(3, len(people) // 150))
    ip = np.where(rng.random(len(account)) < _ADDRESS_POOL, rng.choice(pool, len(account)), -1)
    scene.visit(rng, Dice(rng), account, business, time_s, ip=ip)


def outings(scene: ReviewScene, rng: np.random.Generator, people: np.ndarray, n_each: np.ndarray,
            among: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(account, business), each pair once: popular ones more often, those at home four times as often; `among`
    bool (businesses,) says which at all."""
    weight = np.log(scene.traffic.sum(axis=1) + 1e-12)
    weight = np.where(among, weight, -np.inf) if among is not None else weight
    weight = weight + np.log(4) * (scene.place == scene.crowd["home"][people][:, None])
    # Gumbel noise makes the highest k a draw of k without replacement by weight.
    ranked = np.argsort(-(weight + rng.gumbel(size=weight.shape)), axis=1)
    taken = np.arange(scene.spec.n_businesses) < n_each[:, None]
    if among is not None:
        taken &= among[ranked]
    row, col = np.nonzero(taken)
    return people[row], ranked[row, col]


def over_years(scene: ReviewScene, rng: np.random.Generator, account: np.ndarray,
               business: np.ndarray) -> np.ndarray:
    """Local epoch seconds of visits: an account is active for a while, the longer the more it wrote, and writes one
    review in four at the sitting of its last one."""
    days = scene.spec.n_days
    people, at, n_each = np.unique(account, return_inverse=True, return_counts=True)
    length = np.where(n_each > 1, rng.lognormal(np.log(90 * n_each), 1.0), days).clip(2, days)
    start = np.floor(rng.uniform(0, 1, len(people)) * (days - length))
    time_s = scene.clock(rng, scene.days(rng, business, start[at], start[at] + length[at]))
    order = np.lexsort((rng.random(len(account)), account))
    together = rng.random(len(account)) < 0.25
    pause = np.ceil(rng.lognormal(np.log(240), 1.0, len(account)))
    open_s = scene.begin_s + scene.opens[business] * DAY
    for last, here in pairwise(order.tolist()):
        if account[last] == account[here] and together[here] and time_s[last] > open_s[here]:
            time_s[here] = time_s[last] + pause[here]
    return time_s
