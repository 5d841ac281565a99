"""Praise here, trash next door: found where it is planted, bounded where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from make_ratings import rated, site, with_more
from scipy import stats

from fakedetect.relate.rated import Market
from fakedetect.relate.rivals import rivalries


def rivals_of(shops: Market) -> tuple[int, list[int]]:
    """A business and its competitors, in the cell with most of them."""
    cell = np.bincount(shops.cell).argmax()
    first, *others = np.flatnonzero(shops.cell == cell).tolist()
    return first, others


def ring(shops: Market, n: int, elsewhere: int = 1, seed: int = 0) -> list[tuple[int, int, float, float]]:
    rng = np.random.default_rng(seed)
    praised, (one, two, *_) = rivals_of(shops)
    others = np.flatnonzero(shops.cell != shops.cell[praised])
    rows = []
    for i in range(n):
        rows += [(i, praised, 1.0, 300.0 + rng.uniform(0, 60)), (i, one, 0.2, 300.0 + rng.uniform(0, 60)),
                 (i, two, float(rng.choice([0.2, 0.4])), 300.0 + rng.uniform(0, 60))]
        rows += [(i, int(b), float(rng.choice([0.6, 0.8, 1.0])), rng.uniform(0, 800))
                 for b in rng.choice(others, elsewhere, replace=False)]
    return rows


@pytest.mark.parametrize("sites", [5, pytest.param(20, marks=pytest.mark.slow)])
def test_chance_is_bounded_where_everybody_marks_by_taste(sites):
    """Null simulation: a strength of s is passed with probability exp(-s) at most, with kind and harsh accounts and
    without."""
    strengths = [max((g.strength for g in rivalries(*site(seed, 600, 30, kindness=k))), default=0.0)
                 for k in (0.0, 0.5, 1.0) for seed in range(sites)]
    for alpha in (0.2, 0.05):
        passed = sum(s > -np.log(alpha) for s in strengths)
        assert stats.binom.sf(passed - 1, len(strengths), alpha) > 0.01, (alpha, sorted(strengths)[-5:])


@pytest.mark.slow
def test_chance_is_bounded_where_people_are_harsh_or_kind_and_meet_everywhere():
    """Null simulation: few places, so that hundreds of threes are asked, and marks of one account go together."""
    strengths = [max((g.strength for g in rivalries(*site(seed, 600, 12, kindness=k, n_cells=1))), default=0.0)
                 for k in (1.0, 2.0) for seed in range(10)]
    for alpha in (0.2, 0.05):
        passed = sum(s > -np.log(alpha) for s in strengths)
        assert stats.binom.sf(passed - 1, len(strengths), alpha) > 0.01, (alpha, sorted(strengths)[-5:])


@pytest.mark.slow
def test_nine_who_met_at_three_businesses_are_found_among_regular_guests():
    passed, named, others = 0, 0, 0
    for seed in range(6):
        ratings, shops = site(seed)
        rng = np.random.default_rng(seed)
        praised, rivals = rivals_of(shops)
        marks = {b: ratings.mark[ratings.business == b] for b in range(len(ratings.names))}
        one, two = sorted((b for b in rivals if len(marks[b]) > 30), key=lambda b: float((marks[b] <= 0.4).mean()))[:2]
        elsewhere = [b for b in marks if b not in (praised, *rivals)]
        # Forty people of the quarter who eat at many places, and mark each as its guests do.
        guests = [(i, int(b), float(rng.choice(marks[b])), rng.uniform(0, 800)) for i in range(40)
                  for b in (praised, *rng.choice(rivals, 5, replace=False), *rng.choice(elsewhere, 6, replace=False))]
        nine = [(i, b, mark, rng.uniform(200, 500)) for i in range(9)
                for b, mark in ((praised, 1.0), (one, 0.2), (two, 0.2), (int(rng.choice(elsewhere)), 0.8))]
        there = with_more(ratings, [(40 + i, b, mark, day) for i, b, mark, day in nine] + guests)
        groups = [g for g in rivalries(there, shops) if g.strength > 5.1]
        passed += bool(groups)
        convicted = [int(a[4:]) if a.startswith("ring") else 0 for g in groups
                     for a, q in zip(g.members, g.q.tolist(), strict=True) if q <= 0.05]
        named += sum(i >= 40 for i in convicted)
        others += sum(i < 40 for i in convicted)
    assert passed == 6
    assert named >= 0.6 * 6 * 9
    assert others <= 2


def test_a_ring_is_found_with_whom_it_praised_and_trashed():
    found, named, others = 0, 0, 0
    for seed in range(6):
        ratings, shops = site(seed)
        praised, (one, two, *_) = rivals_of(shops)
        groups = [g for g in rivalries(with_more(ratings, ring(shops, 13, seed=seed)), shops) if g.strength > 6]
        if groups:
            found += groups[0].praised == (("site", f"b{praised:03d}"),)
            found += {b for _, b in groups[0].trashed} >= {f"b{one:03d}", f"b{two:03d}"}
        convicted = [a for g in groups for a, q in zip(g.members, g.q.tolist(), strict=True) if q <= 0.05]
        named += sum(a.startswith("ring") for a in convicted)
        others += sum(not a.startswith("ring") for a in convicted)
    assert found >= 10
    assert named >= 0.8 * 5 * 13
    assert others <= 3


def test_who_marks_harshly_everywhere_is_no_evidence():
    ratings, shops = site(3)
    rows = ring(shops, 13, elsewhere=0)
    _, others = rivals_of(shops)
    elsewhere = np.flatnonzero(shops.cell != shops.cell[others[0]])[:8]
    # The same marks, by people who trash whatever they see, but for one place they love.
    harsh = rows + [(i, int(b), 0.2, 100.0) for i in range(13) for b in elsewhere]
    plain = max((g.strength for g in rivalries(with_more(ratings, rows), shops)), default=0.0)
    held = max((g.strength for g in rivalries(with_more(ratings, harsh), shops)), default=0.0)
    assert plain > 10
    assert held < 4


def test_an_outcry_at_the_rival_explains_its_bad_marks():
    ratings, shops = site(5)
    praised, (one, *_) = rivals_of(shops)
    rng = np.random.default_rng(1)
    guests = [(i, b, m, 300.0 + rng.uniform(0, 20)) for i in range(12) for b, m in ((praised, 1.0), (one, 0.2))]
    angry = [(100 + i, one, 0.2, 300.0 + rng.uniform(0, 20)) for i in range(60)]
    alone = max((g.strength for g in rivalries(with_more(ratings, guests), shops)), default=0.0)
    among = max((g.strength for g in rivalries(with_more(ratings, guests + angry), shops)), default=0.0)
    assert alone > 8
    assert among < 3


def test_businesses_of_one_owner_are_no_rivals():
    ratings, shops = site(7)
    more = with_more(ratings, ring(shops, 13))
    praised, others = rivals_of(shops)
    owner = np.full(len(shops.owner), -1)
    owner[[praised, *others]] = 4
    assert any(g.strength > 6 for g in rivalries(more, shops))
    assert not [g for g in rivalries(more, replace(shops, owner=owner)) if g.strength > 6]


def test_the_order_of_rows_does_not_matter():
    ratings, shops = site(9)
    more = with_more(ratings, ring(shops, 13))
    shuffled = np.random.default_rng(0).permutation(len(more.account))
    again = rated(more.account[shuffled], more.business[shuffled], more.mark[shuffled], more.day[shuffled],
                  len(more.names))
    first, second = (rivalries(replace(r, authors=more.authors), shops) for r in (more, again))
    assert [(g.strength, g.members, g.praised) for g in first] == [(g.strength, g.members, g.praised) for g in second]
    assert first


def test_friends_of_one_weekend_count_as_one():
    """They dined well here and badly there, together; the same marks on days of their own are a ring's."""
    ratings, shops = site(11)
    praised, (one, *_) = rivals_of(shops)
    rng = np.random.default_rng(0)
    weekend = [(i, b, m, day + rng.uniform(0, 0.9)) for i in range(12)
               for b, m, day in ((praised, 1.0, 300.0), (one, 0.2, 300.0))]
    spread = [(i, b, m, 300.0 + 9 * i) for i, b, m, _ in weekend]
    together, apart = (max((g.strength for g in rivalries(with_more(ratings, rows), shops)), default=0.0)
                       for rows in (weekend, spread))
    assert apart > 5
    assert together == 0.0


def test_praise_that_discloses_its_incentive_is_no_praise():
    ratings, shops = site(4)
    rows = ring(shops, 13)
    plain = max((g.strength for g in rivalries(with_more(ratings, rows), shops)), default=0.0)
    told = max((g.strength for g in rivalries(with_more(ratings, rows, told=True), shops)), default=0.0)
    assert plain > 5
    assert told == 0.0


def test_where_everybody_changes_sides_changing_sides_is_no_evidence():
    """People who leave one provider for another do what a ring does."""
    rng = np.random.default_rng(4)
    rows = []
    for account in range(2000):
        if rng.random() < 0.25:
            left, joined = rng.choice(12, 2, replace=False)
            rows += [(account, left, 0.2, rng.uniform(0, 400)), (account, joined, 1.0, rng.uniform(400, 800))]
        else:
            rows.append((account, rng.integers(0, 12), float(rng.choice([0.2, 0.6, 0.8, 1.0])), rng.uniform(0, 800)))
    account, business, mark, day = np.array(rows, np.float64).T
    everybody = rated(account.astype(np.int64), business.astype(np.int64), mark, day, 12)
    one_market = Market(np.full(12, -1), np.zeros(12, np.int64), np.zeros(12, np.int64))
    assert not [g for g in rivalries(everybody, one_market) if g.strength > 5]
