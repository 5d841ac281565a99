"""Null simulations of the evidence between accounts: where nothing relates them, p-values hold their level.

Each reading forgives one thing and is valid for its own null:
u  the account's moments, given what the post did, could have fallen on any of its posts;
v  its habit in the delay is steady, whatever the post did;
w  its comment could have stood anywhere within its sitting.
Where a crowd breaks one null (an event breaks v, a habit breaks w), the largest p over the readings still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from make_presence import DAY, START, attends, clean_page, measured, presence
from scipy import special, stats

from fakedetect.relate.dealing import deal, dealt
from fakedetect.relate.groups import chance, discover, group_p, neighbours
from fakedetect.relate.members import membership
from fakedetect.relate.naming import WORTH_FUSING, fused
from fakedetect.relate.pairs import all_pairs, all_readings, normal_scores, pair_p, reading
from fakedetect.relate.presence import Floats, Presence, gather

LEVELS = (0.1, 0.01, 0.001)
PAGE_ALPHA = 0.02
Crowd = tuple[list[str], np.ndarray, np.ndarray]


def assert_holds(p: Floats, slack: float = 1.1, independent: float = 1.0) -> None:
    """P(p <= a) <= a, with `slack` and three standard errors of Monte Carlo. Pairs share accounts: `independent`
    is the part of them that counts as independent draws."""
    for a in LEVELS:
        bound = slack * a + 3 * np.sqrt(a / (independent * len(p)))
        assert (p <= a).mean() <= bound, (a, float((p <= a).mean()), bound, len(p))


# Pairs, in the null of each reading --------------------------------------------------------------------------

HABITS = [
    # share of posts, posts, accounts
    pytest.param(0.15, 40, 400, id="few-shared-posts"),
    pytest.param(0.4, 40, 150, id="ordinary"),
    pytest.param(0.3, 120, 150, id="many-posts"),
]


@pytest.mark.parametrize("which", ["u", "v"])
@pytest.mark.parametrize(("share", "n_posts", "n"), HABITS)
def test_pairs_with_habits_of_their_own(share: float, n_posts: int, n: int, which: str) -> None:
    """Null of u and of v: each account draws its moments from its own distribution, sharp or wide, early or late,
    whatever the post."""
    rng = np.random.default_rng(1)
    account, post = attends(rng, n, n_posts, share)
    middle, sharpness = rng.uniform(0.02, 0.98, n), rng.choice([2, 8, 40], n)
    moment = rng.beta((middle * sharpness)[account], ((1 - middle) * sharpness)[account])
    other = rng.random(len(account))
    here = presence(account, post, *((moment,) if which == "u" else (other,)), v=moment)
    them = all_pairs(here)
    read = reading(here, them, which)
    assert_holds(pair_p(them, read, read.moment, read.normal), independent=0.3)


@pytest.mark.parametrize(("share", "n_posts", "n"), HABITS)
def test_pairs_within_a_sitting(share: float, n_posts: int, n: int) -> None:
    """Null of w: everybody's sittings fall together, but within a sitting each comment stands anywhere."""
    rng = np.random.default_rng(2)
    account, post = attends(rng, n, n_posts, share)
    low = rng.choice(np.arange(10) / 10, len(account), p=[0.55] + [0.05] * 9)
    u = low + 0.1 * rng.random(len(account))
    here = presence(account, post, u, low=low, width=np.full(len(u), 0.1))
    them = all_pairs(here)
    w = reading(here, them, "w")
    assert_holds(pair_p(them, w, w.moment, w.normal), independent=0.3)
    u_reading = reading(here, them, "u")
    assert_holds(pair_p(them, u_reading, u_reading.moment, u_reading.normal), independent=0.3)


def test_normal_scores_are_those_of_mean_ranks() -> None:
    rng = np.random.default_rng(2)
    starts = np.array([0, 0, 1, 4, 9, 60], np.int64)
    moment = rng.integers(0, 12, 60) / 12.0
    expected = np.concatenate([special.ndtri((stats.rankdata(moment[s:e]) - 0.5) / max(e - s, 1))
                               for s, e in pairwise(starts)])
    np.testing.assert_array_equal(normal_scores(moment, starts), expected)


def test_dealing_keeps_what_is_the_accounts_own() -> None:
    """A deal gives each account its own moments in another order (u, v) or another moment of the same sitting (w)."""
    here = clean_page(3)
    them = all_pairs(here)
    draws = np.random.default_rng(3).random(len(here.account))
    for which in ("u", "v"):
        read = reading(here, them, which)
        moment, normal = dealt(here, read, deal(here, them, draws), draws)
        for s, e in zip(here.starts[:-1].tolist(), here.starts[1:].tolist(), strict=True):
            np.testing.assert_array_equal(np.sort(moment[s:e]), np.sort(read.moment[s:e]))
            np.testing.assert_allclose(np.sort(normal[s:e]), np.sort(read.normal[s:e]))
        assert (moment != read.moment).mean() > 0.5
    moment, _ = dealt(here, reading(here, them, "w"), deal(here, them, draws), draws)
    assert ((moment >= here.session_low) & (moment <= here.session_low + here.session)).all()


# Pairs, in crowds that look related --------------------------------------------------------------------------

N_POSTS = 60
TIMES = START + DAY * np.arange(N_POSTS)


def one_offs(rng: np.random.Generator) -> Crowd:
    post = np.repeat(np.arange(N_POSTS), 40)
    return [f"u{k}" for k in rng.integers(0, 600, len(post))], post, np.exp(rng.normal(np.log(7200), 1.6, len(post)))


def fans(rng: np.random.Generator, slowest_s: float) -> Crowd:
    """Loyal fans with notifications on: a median and a spread of their own each, from a minute to `slowest_s`."""
    account, post = attends(rng, 70, N_POSTS, 0.45)
    habit, spread = np.exp(rng.uniform(np.log(60), np.log(slowest_s), 70)), rng.uniform(0.4, 1.1, 70)
    return [f"f{k:03d}" for k in account], post, np.exp(rng.normal(np.log(habit[account]), spread[account]))


def event(rng: np.random.Generator) -> Crowd:
    """A match under every post: most of all comments, fans' and passers-by's, fall into its two halves."""
    account, post = attends(rng, 70, N_POSTS, 0.4)
    crowd_post = np.repeat(np.arange(N_POSTS), 110)
    who = [f"f{k:03d}" for k in account] + [f"e{k}" for k in rng.integers(0, 2000, len(crowd_post))]
    post = np.r_[post, crowd_post]
    halves = np.stack([rng.uniform(300, 3600, N_POSTS), rng.uniform(5000, 9000, N_POSTS)], 1)
    delay = np.abs(halves[post, rng.integers(0, 2, len(post))] + rng.normal(0, 240, len(post))) + 1
    late = rng.random(len(post)) > 0.85
    delay[late] = np.exp(rng.normal(9, 1.5, late.sum()))
    return who, post, delay


def week(rng: np.random.Generator) -> Crowd:
    """People who discover the page, each in one week, and comment on old and new posts of an evening."""
    who, post, delay = [], [], []
    for k in range(120):
        begin = TIMES[rng.integers(N_POSTS // 4, N_POSTS)]
        old = np.flatnonzero(begin + 7 * DAY > TIMES)
        chosen = rng.choice(old, min(len(old), int(rng.integers(6, 14))), replace=False)
        at = begin + rng.integers(0, 7, len(chosen)) * DAY + rng.uniform(0, 4 * 3600, len(chosen))
        after = at > TIMES[chosen]
        who += [f"f{k:03d}"] * int(after.sum())
        post.append(chosen[after])
        delay.append((at - TIMES[chosen])[after])
    return who, np.concatenate(post), np.concatenate(delay)


CROWDS = [
    pytest.param(lambda rng: fans(rng, 20000.0), id="fans-with-habits"),
    pytest.param(lambda rng: fans(rng, 600.0), id="always-early-fans"),
    pytest.param(event, id="live-event"),
    pytest.param(week, id="one-week-only"),
]


@pytest.mark.parametrize("crowd", CROWDS)
def test_the_largest_p_holds_in_crowds_that_look_related(crowd: Callable[[np.random.Generator], Crowd]) -> None:
    """Measured as a dump would be. Among the crowd's own accounts, independent given what they share (a habit of
    being early, the event, the week), the largest p over the readings is conservative."""
    rng = np.random.default_rng(4)
    parts = [crowd(rng), one_offs(rng)]
    table = measured(parts[0][0] + parts[1][0], *(np.r_[parts[0][i], parts[1][i]] for i in (1, 2)), TIMES)
    here = gather(table, set())
    them = all_pairs(here)
    _, p = all_readings(here, them)
    mine = np.array([a.startswith("f") for a in here.authors])
    tested = p[mine[them.a] & mine[them.b]]
    assert len(tested) > 1000
    assert_holds(tested, slack=1.0, independent=0.3)


# Groups ------------------------------------------------------------------------------------------------------

def best_p(here: Presence, seed: int, which: str | None = None) -> float:
    """P of the strongest group; with `which`, by one reading alone, without the caution of taking the largest."""
    them = all_pairs(here)
    readings, p = all_readings(here, them)
    if which is not None:
        readings = [r for r in readings if r.which == which]
        p = pair_p(them, readings[0], readings[0].moment, readings[0].normal)
    beside = neighbours(them, here)
    found = discover(beside, p)
    if not found:
        return 1.0
    null = chance(here, them, beside, readings, seed=seed, replicates=49, fewest=49, best=found[0].strength)
    return group_p(found[0].strength, null)


def most_by_chance(n: int, level: float) -> int:
    """The number of n pages that pass at `level` by chance at most once in a thousand."""
    return int(stats.binom.ppf(0.999, n, level))


def test_the_page_gate_on_clean_pages() -> None:
    """80 pages of occasional commenters and loyal fans: those whose strongest group passes are few enough."""
    p = np.array([best_p(clean_page(seed), seed) for seed in range(80)])
    assert (p <= PAGE_ALPHA).sum() <= most_by_chance(80, PAGE_ALPHA)
    assert (p <= 0.1).sum() <= most_by_chance(80, 0.1)


def test_the_page_gate_is_valid_in_one_reading_alone() -> None:
    """Pages whose null is that of u: the gate holds its level even without the other two readings."""
    p = []
    for seed in range(60):
        rng = np.random.default_rng(1000 + seed)
        account, post = attends(rng, 80, 30, 0.35)
        middle = rng.uniform(0.02, 0.6, 80)
        here = presence(account, post, rng.beta((middle * 6)[account], ((1 - middle) * 6)[account]))
        p.append(best_p(here, seed, "u"))
    for level in (0.02, 0.1, 0.3):
        assert (np.array(p) <= level).sum() <= most_by_chance(60, level), level


# Members -----------------------------------------------------------------------------------------------------

def test_members_p_of_those_outside() -> None:
    """Fans, many of them always early, and people who happened to be beside a ring on its posts: p against the
    ring holds its level, so that nobody is dragged in."""
    fans_p, beside_p = [], []
    for seed in range(15):
        here = clean_page(100 + seed, n_posts=60, ring=13)
        number = np.array([int(a[1:]) for a in here.authors])
        core = np.flatnonzero(number >= 300)
        fans_p.append(membership(here, np.flatnonzero((number >= 250) & (number < 300)), core, seed=seed).p)
        others = np.flatnonzero((number < 250) & (np.diff(here.starts) >= 5))
        evidence = membership(here, others, core, seed=seed)
        beside_p.append(evidence.p[evidence.n_met > 0])
    for p in (np.concatenate(fans_p), np.concatenate(beside_p)):
        assert len(p) > 500
        for a in (0.2, 0.05, 0.01, 0.001):
            assert (p <= a).mean() <= a + 3 * np.sqrt(a / len(p)), a


def test_members_p_of_the_nearest_neighbours_of_nothing() -> None:
    """Fans against a core of other fans, none of whom knows of the others."""
    p = []
    for seed in range(12):
        here = clean_page(200 + seed, n_posts=60)
        number = np.array([int(a[1:]) for a in here.authors])
        fans_ = np.flatnonzero(number >= 250)
        p.append(membership(here, fans_[8:], fans_[:8], seed=seed).p)
    for a in (0.2, 0.05, 0.01):
        assert (np.concatenate(p) <= a).mean() <= a + 3 * np.sqrt(a / (12 * 42)), a


def test_fused_p_is_uniform_or_larger_where_both_are() -> None:
    rng = np.random.default_rng(4)
    close, choice = rng.random(200_000), rng.random(200_000)
    choice[rng.random(200_000) < 0.3] = 1.0  # nothing to choose from
    p = fused(close, np.where(close <= WORTH_FUSING, choice, 1.0))
    for a in (0.0005, 0.01, 0.05, 0.2):
        assert (p <= a).mean() <= a + 4 * np.sqrt(a / len(p)), a
    assert fused(np.array([0.02]), np.array([1e-5]))[0] < 1e-4  # few deals, but where it was says the rest
