"""Waves of marks: p that hold, waves that are found, and what is no wave."""

from __future__ import annotations

import numpy as np
import pytest
from make_ratings import DAYS, rated, site, with_more
from scipy import stats

from fakedetect.relate.rated import Market
from fakedetect.relate.waves import waves


def few_shops(n: int) -> Market:
    return Market(np.full(n, -1), np.zeros(n, np.int64), np.zeros(n, np.int64))


def lumpy(seed: int, spread: float, n_businesses: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Businesses and days of reviews whose weekly rates differ by more than counting."""
    rng = np.random.default_rng(seed)
    business, day = [], []
    for b, per_week in enumerate(np.exp(rng.normal(0.3, 0.8, n_businesses))):
        for week in range(DAYS // 7):
            rate = per_week * (rng.gamma(1 / spread, spread) if spread else 1.0)
            n = rng.poisson(rate)
            business += [b] * n
            day += (7 * week + rng.uniform(0, 7, n)).tolist()
    return np.array(business), np.array(day)


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
def test_p_hold_where_rates_differ_by_more_than_chance(spread):
    """Null simulation: good marks come by a negative binomial; p bounds what chance does."""
    p = []
    for seed in range(12):
        business, day = lumpy(seed, spread)
        mark = np.random.default_rng(seed).choice([0.2, 0.6, 1.0], len(day), p=[0.2, 0.2, 0.6])
        found = waves(rated(np.arange(len(day)), business, mark, day, 60), few_shops(60))
        p += [w.p for w in found.every]
    p = np.array(p)
    assert len(p) > 800
    for alpha in (0.05, 0.01, 0.001):
        # Windows of one site share its fit: a margin of a half beside the binomial's.
        assert stats.binom.sf((p <= alpha).sum() - 1, len(p), 1.5 * alpha) > 0.001, (alpha, (p <= alpha).mean())


def bought(business: int, first: float, n: int, mark: float = 1.0, days: float = 10.0) -> list:
    rng = np.random.default_rng(0)
    return [(i, business, mark, first + rng.uniform(0, days)) for i in range(n)]


def of(found, business: int, good: bool):
    return [w for w in found.every if w.business == business and w.good == good]


def test_a_wave_is_found_where_it_stands():
    ratings, shops = site(1)
    [wave] = of(waves(with_more(ratings, bought(5, 400.0, 30)), shops), 5, True)
    assert wave.p < 1e-4
    assert 395 < wave.first <= wave.last < 415
    assert wave.n >= 28 > 10 * wave.expected / 2


def test_a_feast_in_the_whole_street_is_nobodys_wave():
    ratings, shops = site(1)
    street = np.flatnonzero(shops.place == 0)
    feast = [(1000 * int(b) + i, int(b), 1.0, 400.0 + i / 20) for b in street for i in range(20)]
    alone, whole = (of(waves(with_more(ratings, rows), shops), int(street[0]), True)[0].p
                    for rows in (feast[:20], feast))
    assert alone < 1e-4
    assert whole > 0.05


def test_an_opening_is_no_wave():
    ratings, shops = site(1)
    rows = [*bought(39, 300.0, 20, days=30.0), *((500 + i, 39, 0.8, 400.0 + 15 * i) for i in range(20))]
    kept = ratings.business != 39
    quiet = rated(ratings.account[kept], ratings.business[kept], ratings.mark[kept], ratings.day[kept], 40)
    [wave] = of(waves(with_more(quiet, rows), shops), 39, True)
    assert wave.p > 0.05


def test_praise_buries_a_crisis_only_after_it():
    ratings, shops = site(2)
    crisis, praise = bought(3, 300.0, 25, mark=0.2), bought(3, 330.0, 40)
    later = [(100 + i, *rest) for i, *rest in praise]
    [(wave, before)] = waves(with_more(ratings, crisis + later), shops).buried
    assert wave.business == before.business == 3
    assert wave.good
    assert before.last < wave.first + 30
    earlier = [(100 + i, b, m, day - 100) for i, b, m, day in praise]
    assert waves(with_more(ratings, crisis + earlier), shops).buried == ()
    assert waves(with_more(ratings, crisis), shops).buried == ()


def test_invited_reviews_make_no_wave_but_are_told():
    ratings, shops = site(4)
    found = waves(with_more(ratings, bought(6, 400.0, 30), told=True), shops)
    plain, told = sorted(of(found, 6, True), key=lambda w: w.told)
    assert plain.p > 0.05
    assert told.told
    assert told.p < 1e-4


def test_what_has_no_date_or_no_marks_is_not_asked():
    ratings, shops = site(1)
    undated = rated(ratings.account, ratings.business, ratings.mark, np.full(len(ratings.day), np.nan), 40)
    assert waves(undated, shops).every == ()
    few = rated(np.arange(4), np.zeros(4, np.int64), np.ones(4), np.arange(4.0), 40)
    assert waves(few, shops).every == ()


def test_what_comes_every_year_is_no_wave():
    ratings, shops = site(6)
    feast = [(100 * year + i, 8, 1.0, 40.0 + 364 * year + i / 5) for year in range(2) for i in range(30)]
    once, twice = (of(waves(with_more(ratings, rows), shops), 8, True)[0].p for rows in (feast[:30], feast))
    assert once < 1e-4
    assert twice > 0.05
