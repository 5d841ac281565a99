"""Joint attendance: its chances are exact, its p-values hold where accounts choose on their own, appeal is told by
popularity beforehand, and crowds that are drawn otherwise than the rest are no group."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_presence import DAY, START, attends, presence

from fakedetect.fdr import q_values
from fakedetect.relate.attendance import Attended, Looks, attendance_p, attended, looks, strength
from fakedetect.relate.choosers import choosers, smallest_choice_p
from fakedetect.relate.exhibits import group_row
from fakedetect.relate.groups import discover_together, neighbours
from fakedetect.relate.pairs import all_pairs
from fakedetect.relate.polynomials import chances
from fakedetect.relate.presence import Presence
from fakedetect.relate.spans import SPAN, Choice, spans, tilted

N_POSTS = 96
TIMES = START + DAY * np.arange(N_POSTS) + 3600 * (np.arange(N_POSTS) % 13)


def page(seed: int, n: int = 200, popular: float = 1.0) -> Presence:
    """Accounts with seasons and zeal of their own, posts of unequal appeal, and nothing between the accounts."""
    rng = np.random.default_rng(seed)
    appeal = np.exp(rng.normal(0, 0.4 * popular, N_POSTS))
    zeal = rng.uniform(0.05, 0.6, n)
    begin, end = rng.uniform(0, 0.5, n) * N_POSTS, rng.uniform(0.5, 1, n) * N_POSTS
    when = np.arange(N_POSTS)
    chance = np.minimum(zeal[:, None] * appeal, 0.95) * ((when >= begin[:, None]) & (when <= end[:, None]))
    account, post = np.nonzero(rng.random((n, N_POSTS)) < chance)
    often = np.bincount(account, minlength=n)[account] >= 3
    return presence(account[often].astype(np.int64), post[often].astype(np.int64), rng.random(int(often.sum())))


def chosen(here: Presence) -> tuple[Choice, Attended]:
    choice = spans(here, np.arange(len(here.post_names), dtype=np.float64), np.zeros(len(here.post_names)))
    return choice, attended(here, choice)


def dealt(here: Presence, who: Attended, choice: Choice, rng: np.random.Generator) -> Presence:
    """One replicate of the null, drawn place by place."""
    account = np.repeat(np.arange(len(who.starts) - 1), np.diff(who.starts))
    rows: list[tuple[int, int]] = []
    for r in range(len(who.n)):
        left = int(who.n[r])
        for j in range(int(choice.size[who.span[r]])):
            if left and rng.random() < choice.take[who.span[r], j, left]:
                rows.append((int(account[r]), int(choice.posts[who.span[r], j])))
                left -= 1
        assert left == 0
    table = np.array(sorted(rows))
    starts = np.concatenate([[0], np.cumsum(np.bincount(table[:, 0], minlength=len(here.authors)))])
    return replace(here, account=table[:, 0], post=table[:, 1], starts=starts.astype(np.int64))


@settings(deadline=None)
@given(st.lists(st.floats(0.05, 1.0), min_size=2, max_size=SPAN))
def test_chances_are_those_of_all_ways_to_take_n(weights: list[float]) -> None:
    m = len(weights)
    weight = np.zeros((1, SPAN))
    weight[0, :m] = weights
    take, present = chances(weight, np.array([m]))
    for n in range(1, m + 1):
        ways = list(combinations(range(m), n))
        worth = np.array([np.prod([weights[j] for j in way]) for way in ways])
        for j in range(m):
            inside = sum(w for w, way in zip(worth, ways, strict=True) if j in way) / worth.sum()
            assert present[0, n, j] == pytest.approx(inside, rel=1e-9)
    assert (take >= 0).all() and (take <= 1 + 1e-12).all()


def test_spans_hold_every_dated_post_once_and_pages_apart() -> None:
    here = page(1)
    names = [("a" if k % 2 else "b", name) for k, (_, name) in enumerate(here.post_names)]
    rank = np.arange(len(names), dtype=np.float64)
    rank[5] = np.nan
    choice = spans(replace(here, post_names=names), rank, np.zeros(len(names)))
    held = choice.posts[choice.posts >= 0]
    assert sorted(held.tolist()) == [k for k in range(len(names)) if k != 5]
    assert choice.span[5] == -1
    for posts in choice.posts:
        assert len({names[k][0] for k in posts[posts >= 0].tolist()}) == 1


def test_a_page_with_few_posts_has_no_spans() -> None:
    account, post = attends(np.random.default_rng(2), 30, 12, 0.5)
    here = presence(account, post, np.full(len(account), 0.5))
    choice, who = chosen(here)
    assert len(choice.posts) == 0 and len(who.n) == 0
    assert (attendance_p(all_pairs(here), who, choice) == 0.5).all()


def test_attended_keeps_every_row() -> None:
    here = page(3)
    choice, who = chosen(here)
    account = np.repeat(np.arange(len(here.authors)), np.diff(who.starts))
    again = sorted((int(account[r]), int(choice.posts[who.span[r], j])) for r, j in np.argwhere(who.taken).tolist())
    assert again == sorted(zip(here.account.tolist(), here.post.tolist(), strict=True))


def test_pairs_that_choose_on_their_own() -> None:
    """Given the appeal of the posts and how many of a span each takes, p is at most uniform in its lower tail."""
    p = []
    for seed in range(6):
        here = page(seed)
        choice, who = chosen(here)
        there = dealt(here, who, choice, np.random.default_rng(seed))
        p.append(attendance_p(all_pairs(there), attended(there, choice), choice, mid=False))
    tested = np.concatenate(p)
    assert len(tested) > 20_000
    for level in (0.1, 0.01, 0.001):
        assert (tested <= level).mean() <= 1.15 * level + 3 * np.sqrt(level / (0.2 * len(tested)))


def test_chance_names_a_group_as_rarely_as_its_bound_says() -> None:
    """The strongest group of a page without groups reaches t nats with probability exp(-t) at most."""
    best = []
    for seed in range(120):
        here = page(seed, n=60)
        choice, who = chosen(here)
        there = dealt(here, who, choice, np.random.default_rng(1000 + seed))
        them = all_pairs(there)
        again = attended(there, choice)
        found = discover_together(neighbours(them, there), them, Looks(((again, choice),), ()))
        best.append(found[0].strength if found else 0.0)
    # Binomial(120, 1/e) has 44 on average; 61 is beyond its 99.9 % quantile. The bound is loose, so there are fewer.
    assert sum(b >= 1 for b in best) <= 61
    assert sum(b >= np.log(20) for b in best) <= 14


def test_strength_is_the_average_over_all_patterns_less_the_names() -> None:
    """By hand: each span's likelihood summed over the 256 patterns, and all ways to take n of it with and without."""
    here = page(3, n=40)
    choice, who = chosen(here)
    cost = np.zeros(len(here.authors))
    members = np.array([4, 9, 17], np.int64)  # as few as a group has: nobody is dropped
    held = [{int(who.span[r]): r for r in range(who.starts[a], who.starts[a + 1])} for a in members]
    each = []
    for share in (0.1, 0.3, 0.6):
        for odds in (4.0, 16.0, 64.0):
            total = 0.0
            for span in set().union(*held):
                there = [who.taken[h[span]] for h in held if span in h]
                if len(there) < 2:
                    continue
                weight = choice.weight[span]
                said = []
                for pattern in range(1 << SPAN):
                    on = (pattern >> np.arange(SPAN)) & 1
                    value = np.log(share) * on.sum() + np.log(1 - share) * (SPAN - on.sum())
                    for taken in there:
                        # The coefficients of prod (1 + w x) are the symmetric polynomials.
                        ways = [np.poly(-weight * lift)[taken.sum()]
                                for lift in (np.ones(SPAN), np.where(on == 1, odds, 1.0))]
                        value += np.log(odds) * (on @ taken) - np.log(ways[1]) + np.log(ways[0])
                    said.append(value)
                total += np.logaddexp.reduce(said)
            each.append(total)
    names = -np.log(6.0) + np.log(3 * 4)
    kept, nats = strength(who, choice, members, cost)
    assert kept.tolist() == members.tolist()
    assert nats == pytest.approx(np.logaddexp.reduce(each) - np.log(9) - names, rel=1e-9)


def test_strength_drops_those_who_do_not_speak_for_the_others() -> None:
    """Whoever is left, the group is worth what it would be worth if it had been proposed so, but for the spans in
    which only one of them was: each of those says next to nothing."""
    here = page(5, n=60)
    choice, who = chosen(here)
    cost = np.full(len(here.authors), 4.0)
    kept, nats = strength(who, choice, np.arange(40, dtype=np.int64), cost)
    assert 3 <= len(kept) < 40
    again, alone = strength(who, choice, kept, cost)
    assert again.tolist() == kept.tolist()
    assert alone == pytest.approx(nats, abs=1.0)


def test_the_gate_holds_where_posts_differ_in_more_than_the_null_knows() -> None:
    """Pages as drawn, not dealt: seasons begin within spans and appeal is estimated. Still nothing is named."""
    strongest = []
    for seed in range(40):
        here = page(500 + seed, n=120, popular=2.0)
        choice, who = chosen(here)
        them = all_pairs(here)
        found = discover_together(neighbours(them, here), them, Looks(((who, choice),), ()))
        strongest.append(found[0].strength if found else 0.0)
    assert sum(s >= np.log(50) for s in strongest) <= 4


@pytest.mark.parametrize(("n", "spread"), [(40, 0.0), (40, 0.5), (40, 0.7), (25, 0.5), (120, 0.6)])
def test_the_gate_holds_on_small_pages_where_popularity_misleads(n: int, spread: float) -> None:
    """Posts appeal to those who return otherwise than to everybody else, by a factor whose log varies by `spread`, and
    few accounts correct what is expected beforehand."""
    strongest, p = [], []
    for seed in range(40):
        here = page(700 + seed, n=n, popular=1.5)
        appeal = np.exp(np.random.default_rng(700 + seed).normal(0, 0.6, N_POSTS))[:len(here.post_names)]
        rng = np.random.default_rng(7000 + seed)
        popular = rng.poisson(50 * appeal * np.exp(rng.normal(0, spread, len(appeal)))).astype(np.float64)
        choice = spans(here, np.arange(len(appeal), dtype=np.float64), popular)
        who, them = attended(here, choice), all_pairs(here)
        found = discover_together(neighbours(them, here), them, Looks(((who, choice),), ()))
        strongest.append(found[0].strength if found else 0.0)
        p.append(choosers(who, choice, np.arange(8, len(here.authors)), np.arange(8), seed=seed)[0])
    assert max(strongest) < np.log(20)
    tested = np.concatenate(p)
    for level in (0.1, 0.02, 0.005):
        assert (tested <= level).mean() <= level + 3 * np.sqrt(level / len(tested))


def test_a_ring_that_is_a_third_of_the_regulars_is_not_what_makes_its_posts_appeal() -> None:
    """Thirteen that work on 60 % of the posts, beside some twenty who return now and then: most of what is compared is
    theirs."""
    rng = np.random.default_rng(41)
    appeal = np.exp(rng.normal(0, 0.4, N_POSTS))
    popular = rng.poisson(6 * appeal).astype(np.float64)
    honest = rng.random((40, N_POSTS)) < 0.03 * appeal
    worked = rng.random(N_POSTS) < 0.6
    ring = worked & (rng.random((13, N_POSTS)) < 0.8)
    account, post = np.nonzero(np.vstack([honest, ring]))
    often = np.bincount(account)[account] >= 3
    account = np.unique(account[often], return_inverse=True)[1]
    here = presence(account.astype(np.int64), post[often].astype(np.int64), rng.random(int(often.sum())))
    rank = np.arange(len(here.post_names), dtype=np.float64)
    choice = spans(here, rank, popular)
    who, them = attended(here, choice), all_pairs(here)
    [found] = discover_together(neighbours(them, here), them, Looks(((who, choice),), ()))
    assert set(found.members) == set(range(account.max() - 12, account.max() + 1))
    assert found.strength > np.log(1000)


@pytest.mark.parametrize("worth", [0.02, 0.002])
def test_accounts_that_choose_on_their_own_do_not_belong(worth: float) -> None:
    """P of accounts against a core they have nothing to do with is uniform; of the core's own, conservative or less.
    Also where only small p are told exactly, in three looks (many accounts)."""
    p = []
    for seed in range(12):
        here = page(seed, n=90)
        choice, who = chosen(here)
        there = dealt(here, who, choice, np.random.default_rng(2000 + seed))
        again = attended(there, choice)
        core = np.arange(8)
        p.append(choosers(again, choice, np.arange(8, len(here.authors)), core, seed=seed, n_tests=5_000,
                          worth=worth)[0])
    tested = np.concatenate(p)
    # Beyond `worth` stands the normal tail, which is read there for nothing but an order.
    for level in (0.1, 0.02, 0.005) if worth == 0.02 else (0.002, 0.0005):
        assert (tested <= level).mean() <= 1.1 * level + 3 * np.sqrt(level / len(tested))


def test_the_smallest_p_counts_the_ways_to_take_the_posts() -> None:
    account = np.repeat(np.arange(2), [4, 8])
    post = np.r_[0, 8, 9, 16, np.arange(8)]
    here = presence(np.r_[account, np.full(24, 2)], np.r_[post, np.arange(24)], np.full(36, 0.5))
    choice, who = chosen(here)
    smallest = smallest_choice_p(who, choice)
    assert smallest[0] == pytest.approx(1 / (8 * 28 * 8))
    assert smallest[1] == pytest.approx(1.0), "who takes all posts of a span has not chosen"


def test_regulars_who_come_to_any_post_do_not_agree_on_the_unpopular_ones() -> None:
    """Two crowds, one that comes to what is popular and one that comes to anything: appeal fits neither, and the second
    seems to choose together until posts of like popularity are compared."""
    rng = np.random.default_rng(70)
    appeal = np.exp(rng.normal(0, 1.0, N_POSTS))
    chance = np.vstack([np.minimum(rng.uniform(0.05, 0.3, (250, 1)) * appeal, 0.95),
                        np.repeat(rng.uniform(0.3, 0.7, (60, 1)), N_POSTS, axis=1)])
    account, post = np.nonzero(rng.random(chance.shape) < chance)
    popular = rng.poisson(20 * appeal).astype(np.float64)  # those who came once: what makes a post popular
    here = presence(account.astype(np.int64), post.astype(np.int64), rng.random(len(post)))
    them, published = all_pairs(here), np.arange(N_POSTS, dtype=np.float64)
    at, beside = looks(here, published, popular), neighbours(them, here)
    first = at.grown[:1]
    assert discover_together(beside, them, Looks(first, ()))[0].strength > 20
    assert discover_together(beside, them, Looks(at.grown, ())) == []
    assert discover_together(beside, them, Looks(first, at.drawn)) == [], "nor where popularity is allowed for"


def test_tilting_moves_appeal_by_a_power_of_popularity() -> None:
    here = page(8)
    choice, _ = chosen(here)
    popular = np.random.default_rng(1).poisson(20, len(here.post_names)).astype(np.float64)
    more = tilted(choice, popular, 0.5)
    there = choice.posts >= 0
    ratio = np.where(there, more.weight / np.where(there, choice.weight, 1.0), np.nan)
    ratio /= np.sqrt(popular[np.maximum(choice.posts, 0)] + 1)
    np.testing.assert_allclose(ratio / ratio[:, :1], np.where(there, 1.0, np.nan), rtol=1e-5)
    back = tilted(more, popular, -0.5)
    np.testing.assert_allclose(back.take, choice.take, atol=1e-6)
    assert (more.weight[~there] == 0).all() and more.weight.max() == 1


def test_a_lone_convict_makes_no_group() -> None:
    """Three accounts at least must stand one by one: q of nobody is enough for two."""
    here = page(4, n=40)
    choice, who = chosen(here)
    p, _ = choosers(who, choice, np.arange(len(here.authors)), np.arange(3), seed=1)
    assert (q_values(p) <= 0.05).sum() < 3


@pytest.mark.parametrize(("shared", "evidence", "kind"), [
    (0.0, {"attendance"}, "relay"), (0.5, {"attendance"}, "copy_paste"), (0.5, {"closeness"}, "mixed"),
    (None, {"closeness"}, "synchronised"),
])
def test_a_group_is_called_after_what_relates_it(shared: float | None, evidence: set[str], kind: str) -> None:
    """Three accounts, hours apart; what they wrote decides how they are called, where they are one by their posts."""
    post = np.repeat(np.arange(6), 3)
    here = presence(np.tile(np.arange(3), 6), post, np.tile([0.1, 0.4, 0.8], 6))
    described, each = group_row(here, np.arange(3, dtype=np.int64), "g-1", [shared] * 3, evidence)
    assert described["kind"] == kind and len(each) == 3
    assert described["evidence"] == sorted(evidence)
