"""Accounts behind one address: their marks are asked, the address never decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from make_ratings import site, with_more
from scipy import stats

from fakedetect.relate.devices import devices
from fakedetect.relate.rated import Market, Rated


def behind(ratings: Rated, n: int, per_account: int, mark, seed: int = 0, businesses: int = 4) -> Rated:
    """The ratings and n accounts behind one address; mark: of (random generator, business) -> a mark."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(ratings.names), businesses, replace=False)
    rows = [(i, int(b), mark(rng, int(b)), rng.uniform(0, 800)) for i in range(n)
            for b in rng.choice(chosen, min(per_account, businesses), replace=False)]
    more = with_more(ratings, rows)
    ring = np.array([a.startswith("ring") for a in more.authors])
    return replace(more, device=np.where(ring[more.account], 7, -1))


def shared(there: tuple[Rated, Market], seed: int, n_addresses: int = 150) -> tuple[Rated, Market]:
    """The same ratings from addresses that strangers share, a fifth of them."""
    ratings, shops = there
    rng = np.random.default_rng(seed)
    address = rng.integers(0, n_addresses, len(ratings.authors))
    there = rng.random(len(ratings.account)) < 0.2
    return replace(ratings, device=np.where(there, address[ratings.account], -1)), shops


def test_chance_is_bounded_where_an_address_means_nothing():
    """Null simulation: a strength of s is passed with probability exp(-s) at most."""
    strengths = [max((g.strength for g in devices(*shared(site(seed, 600, 30, k), seed, n))), default=0.0)
                 for k, n in ((0.0, 150), (0.7, 150), (0.7, 12)) for seed in range(20)]
    for alpha in (0.3, 0.1):
        passed = sum(s > -np.log(alpha) for s in strengths)
        assert stats.binom.sf(passed - 1, len(strengths), alpha) > 0.01, (alpha, sorted(strengths)[-5:])


def test_bought_praise_from_one_address_is_found():
    ratings, shops = site(1)
    [group] = devices(behind(ratings, 20, 3, lambda rng, b: 1.0), shops)
    assert group.strength > 6
    assert len(group.members) == 20
    assert all(a.startswith("ring") for a in group.members)
    assert (group.q <= 0.1).all()
    assert len(group.praised) == 4
    assert group.trashed == ()
    [group] = devices(behind(ratings, 20, 3, lambda rng, b: 0.2), shops)
    assert len(group.trashed) == 4
    assert group.praised == ()


def test_a_dozen_with_two_devices_who_keep_to_three_businesses_are_found():
    """Fives are too common to tell; that nobody else's address keeps to so few places does. Two addresses that the same
    accounts use are one."""
    found = 0
    for seed in range(6):
        ratings, shops = shared(site(seed), seed, 40)
        rng = np.random.default_rng(seed)
        liked = sorted(range(len(ratings.names)), key=lambda b: -(ratings.mark[ratings.business == b] >= 0.8).mean())
        rows = [(i, b, float(rng.choice([0.8, 1.0, 1.0])), rng.uniform(100, 200)) for i in range(12)
                for b in rng.choice(liked[4:7], 2, replace=False).tolist()]
        more = with_more(ratings, rows)
        ring = np.array([a.startswith("ring") for a in more.authors])[more.account]
        device = np.full(len(ring), -1)
        device[~ring], device[ring] = ratings.device, rng.choice([100, 101], ring.sum())
        groups = [g for g in devices(replace(more, device=device), shops) if g.strength > 6.2]
        assert all(a.startswith("ring") for g in groups for a in g.members)
        found += any(len(g.members) == 12 for g in groups)
    assert found >= 5


def test_honest_guests_of_one_address_are_none():
    ratings, shops = site(2)

    def honest(rng: np.random.Generator, business: int) -> float:
        return float(rng.choice(ratings.mark[ratings.business == business]))

    assert devices(behind(ratings, 20, 3, honest), shops) == []


def test_one_business_is_not_enough():
    """A party, or a hotel and its own address."""
    ratings, shops = site(3)
    assert devices(behind(ratings, 30, 1, lambda rng, b: 1.0, businesses=1), shops) == []
    assert devices(ratings, shops) == []


def test_a_household_shares_its_evenings():
    ratings, shops = site(4)
    rng = np.random.default_rng(0)
    evenings = [(3, 200.0), (9, 430.0), (11, 600.0)]
    rows = [(i, b, 0.2, day + rng.uniform(0, 2)) for i in range(6) for b, day in evenings]
    more = with_more(ratings, rows)
    home = np.array([a.startswith("ring") for a in more.authors])
    more = replace(more, device=np.where(home[more.account], 1, -1))
    assert not [g for g in devices(more, shops) if g.strength > 5]


def test_thanked_customers_at_one_till_are_none():
    ratings, shops = site(5)
    rng = np.random.default_rng(0)
    rows = [(i, int(rng.choice([2, 7])), 1.0, rng.uniform(0, 800)) for i in range(60)]
    more = with_more(ratings, rows, told=True)
    till = np.array([a.startswith("ring") for a in more.authors])
    assert devices(replace(more, device=np.where(till[more.account], 1, -1)), shops) == []
