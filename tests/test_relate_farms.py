"""Throwaway farms: the bound and the members' p hold where thin accounts come on their own, a farm's accounts are named
with its posts and its excess, and an event's crowd is not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from make_presence import DAY, START, measured

from fakedetect.decide import verdicts
from fakedetect.relate import Rings, find
from fakedetect.relate.farms import Farm, farms
from fakedetect.schema import GROUPS_OUT

N_POSTS = 80
TIMES = START + DAY * np.arange(N_POSTS)
Acts = tuple[list[str], list[int], list[float]]


def thin_crowd(seed: int, n: int = 1500, early: float = 0.15, keep: float = 0.6) -> Acts:
    """Accounts that come to one to three posts, the popular ones more often, many of them soon and again soon, and the
    second time to a post near the first."""
    rng = np.random.default_rng(seed)
    appeal = np.exp(rng.normal(0, 0.8, N_POSTS))
    acts: Acts = ([], [], [])
    for k in range(n):
        first = int(rng.choice(N_POSTS, p=appeal / appeal.sum()))
        near = appeal * np.exp(-np.abs(np.arange(N_POSTS) - first) / rng.choice([4.0, 30.0]))
        near[first] = 0
        others = rng.choice(N_POSTS, size=rng.choice([0, 1, 2], p=[0.6, 0.3, 0.1]), replace=False, p=near / near.sum())
        hasty = rng.random() < early
        for post in (first, *others.tolist()):
            soon = rng.random() < (keep if hasty else early / 3)
            acts[0].append(f"c{k:05d}")
            acts[1].append(int(post))
            acts[2].append(float(rng.uniform(5, 900) if soon else np.exp(rng.normal(9.5, 1.2))))
    return acts


def farm(seed: int, n: int = 120, posts: tuple[int, ...] = (9, 23, 40, 57, 71)) -> Acts:
    rng = np.random.default_rng(seed)
    acts: Acts = ([], [], [])
    for k in range(n):
        for post in rng.choice(posts, size=rng.integers(1, 3), replace=False).tolist():
            acts[0].append(f"farm{k:03d}")
            acts[1].append(int(post))
            acts[2].append(float(rng.uniform(5, 900)))
    return acts


def page(*parts: Acts) -> pa.Table:
    joined: Acts = ([], [], [])
    for part in parts:
        for to, values in zip(joined, part, strict=True):
            to.extend(values)  # type: ignore[arg-type]
    return measured(*joined, TIMES)


def of_farm(accounts: tuple[str, ...]) -> int:
    return sum(a.startswith("farm") for a in accounts)


@pytest.fixture(scope="module")
def found() -> Farm:
    [one] = farms(page(thin_crowd(1), farm(2)), set())
    return one


def test_chance_makes_a_farm_as_rarely_as_its_bound_says() -> None:
    """Thin accounts with habits, favourites and seasons, on 36 pages: the bound promises e^-1 above strength 1."""
    strength = [max((f.strength for f in farms(page(thin_crowd(100 + seed)), set())), default=0.0)
                for seed in range(36)]
    assert np.mean(np.array(strength) > 1.0) <= 0.1
    assert max(strength) < 5.0


def test_members_p_of_those_who_only_came_early_twice() -> None:
    """Beside a farm, whoever comes early to two posts of its own choice has a p that is uniform or larger."""
    p: list[float] = []
    tested = 0
    for seed in range(12):
        table = page(thin_crowd(300 + seed), farm(seed))
        [one] = farms(table, set())
        p += [v for a, v in zip(one.twice, one.p.tolist(), strict=True) if not a.startswith("farm")]
        early = table.filter(pc.less_equal(table["delay_s"], one.window_s))["author_id"].to_pylist()
        tested += sum(n > 1 for a, n in ((a, early.count(a)) for a in set(early)) if not a.startswith("farm"))
    assert tested > 300
    for a in (0.01, 0.05):  # those who were not on two of its posts have no p, which counts as 1
        assert sum(v <= a for v in p) / tested <= a + 3 * np.sqrt(a / tested), a


def test_a_farm_is_found_with_its_posts_and_accounts(found: Farm) -> None:
    assert {post for _, post in found.posts} == {f"p{k:04d}" for k in (9, 23, 40, 57, 71)}
    assert found.window_s == 900.0
    named = tuple(a for a, q in zip(found.twice, found.q.tolist(), strict=True) if q <= 0.05)
    acts = farm(2)[0]
    twice = {a for a in acts if acts.count(a) == 2}
    assert len(set(named) & twice) >= 0.9 * len(twice)
    assert len(named) - of_farm(named) <= 2
    assert of_farm(named) + of_farm(found.once) >= 0.9 * 120


def test_its_excess_holds_the_truth(found: Farm) -> None:
    middle, low, high = found.excess
    assert low <= len(farm(2)[0]) <= high
    assert low <= middle <= high


def test_once_seen_accounts_are_review_and_the_others_suspects() -> None:
    rings = find(page(thin_crowd(1), farm(2)), set(), seed=1, fdr=0.05, page_alpha=0.02, power=False)
    [group] = rings.groups.to_pylist()
    assert (group["kind"], group["evidence"], group["window_s"]) == ("farm", ["farm"], 900.0)
    assert group["excess_low"] <= len(farm(2)[0]) <= group["excess_high"]
    rows = {m["author_id"]: m for m in rings.members.to_pylist()}
    assert group["n_accounts"] == len(rows) > 100
    authors = sorted(rows)
    n = len(authors)
    decided = verdicts(authors, probability=np.full(n, 0.9), rank_p=np.ones(n), rank_smallest=np.zeros(n),
                       members=rings.members, testable={}, declared=set(), innocent=set(), score_refused=False,
                       fdr=0.05)
    for author, verdict in zip(authors, decided.verdict, strict=True):
        q = rows[author]["member_q"]
        assert verdict == ("review" if q is None or q > 0.05 else "suspect"), author
    assert decided.verdict.count("suspect") >= 50 and decided.verdict.count("review") >= 40
    pairs = rings.edges.to_pylist()
    assert pairs and all(e["author_a"] < e["author_b"] and e["n_shared"] > 1 for e in pairs)


def test_the_crowd_of_one_evening_is_no_farm() -> None:
    """Three posts within an evening, two hundred who come early to two or three of them and never again."""
    rng = np.random.default_rng(5)
    times = TIMES.copy()
    times[41:43] = times[40] + 3600.0 * np.array([1.0, 2.0])
    crowd: Acts = ([], [], [])
    for k in range(200):
        for post in rng.choice([40, 41, 42], size=2, replace=False).tolist():
            crowd[0].append(f"guest{k:03d}")
            crowd[1].append(int(post))
            crowd[2].append(float(rng.uniform(5, 900)))
    joined = [a + b for a, b in zip(thin_crowd(6), crowd, strict=True)]
    assert farms(measured(*joined, times), set()) == []  # type: ignore[arg-type]


def test_declared_accounts_and_dumps_without_post_times_are_left_out() -> None:
    both = page(thin_crowd(1), farm(2))
    assert farms(both, {f"farm{k:03d}" for k in range(120)}) == []
    joined = [a + b for a, b in zip(thin_crowd(1), farm(2), strict=True)]
    assert farms(measured(*joined, TIMES, with_post_times=False), set()) == []  # type: ignore[arg-type]


def test_a_page_where_everybody_comments_once_has_no_group() -> None:
    rng = np.random.default_rng(8)
    n = 600
    acts = measured([f"c{k}" for k in range(n)], rng.integers(0, N_POSTS, n), rng.uniform(5, 3000, n), TIMES)
    rings: Rings = find(acts, set(), seed=1, fdr=0.05, page_alpha=0.02, power=False)
    assert rings.groups.equals(GROUPS_OUT.empty_table()) and rings.members.num_rows == 0


def test_one_post_has_no_group() -> None:
    rng = np.random.default_rng(9)
    acts = measured([f"c{k % 90}" for k in range(200)], np.zeros(200, np.int64), rng.uniform(5, 900, 200), TIMES)
    assert find(acts, set(), seed=1, fdr=0.05, page_alpha=0.02, power=False).groups.num_rows == 0


def test_rows_in_another_order_give_the_same_farm(found: Farm) -> None:
    table = page(thin_crowd(1), farm(2))
    order = np.random.default_rng(3).permutation(table.num_rows)
    [again] = farms(table.take(order), set())
    assert (again.posts, again.twice, again.once, again.strength, again.excess) == (
        found.posts, found.twice, found.once, found.strength, found.excess)
