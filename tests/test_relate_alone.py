"""Does a group act together on these pages alone? Independent fans do not, whatever their habits; a ring does."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from make_presence import DAY, START, attends, measured

from fakedetect.relate import together_p

N_POSTS, N_FANS, SIZE = 40, 48, 8


def page(seed: int, ring: int = 0, spacing_s: float = 30.0) -> pa.Table:
    """Measured comments of people seen once or twice, of N_FANS fans f000, ... with habits of their own (half of them
    always early), and of a ring r0, r1, ... that comes together on half of the posts."""
    rng = np.random.default_rng(seed)
    popular = rng.lognormal(0, 0.5, N_POSTS)
    once = rng.choice(N_POSTS, 1500, p=popular / popular.sum())
    account, post = attends(rng, N_FANS, N_POSTS, rng.uniform(0.25, 0.75, N_FANS))
    habit = np.where(np.arange(N_FANS) < N_FANS // 2, rng.uniform(4, 7, N_FANS), rng.uniform(7, 10, N_FANS))
    names = [f"o{k // 2:04d}" for k in range(len(once))] + [f"f{a:03d}" for a in account]
    posts = [*once, *post]
    delays = [*np.exp(rng.normal(np.log(7200), 1.6, len(once))),
              *np.exp(rng.normal(habit[account], rng.uniform(0.3, 1.2, N_FANS)[account]))]
    for k in np.flatnonzero(rng.random(N_POSTS) < 0.5).tolist():
        starts = rng.uniform(120, 1800)
        for place, who in enumerate(rng.permutation(ring).tolist()):
            names.append(f"r{who}")
            posts.append(k)
            delays.append(starts + spacing_s * place + rng.exponential(10))
    return measured(names, posts, delays, START + DAY * np.arange(N_POSTS))


def test_sets_of_independent_fans() -> None:
    """Null: eight fans at a time, of habits however alike, named without having been looked at."""
    found = []
    for seed in range(6):
        sets = {f"g{k}": [f"f{a:03d}" for a in range(k, k + SIZE)] for k in range(0, N_FANS, SIZE)}
        found += together_p(page(seed), sets, set(), seed=seed).values()
    p = np.array(found)
    assert len(p) == 6 * N_FANS // SIZE
    for level in (0.05, 0.2):
        assert (p <= level).mean() <= level + 2.5 * np.sqrt(level * (1 - level) / len(p)), level


@pytest.mark.parametrize("spacing_s", [20.0, 900.0])
def test_a_ring_is_seen_alone(spacing_s: float) -> None:
    """Close in time; or a quarter of an hour apart, on the same posts."""
    members = [f"r{k}" for k in range(SIZE)]
    assert together_p(page(3, ring=SIZE, spacing_s=spacing_s), {"g": members}, set(), seed=1)["g"] < 0.005


def test_a_group_that_hardly_wrote_there_is_not_asked() -> None:
    here = page(1)
    assert together_p(here, {"g": ["f000", "f001", "nobody"]}, set(), seed=1) == {}
    assert together_p(here, {"g": ["f000", "f001", "f002"]}, {"f002"}, seed=1) == {}
    assert together_p(here.slice(0, 0), {"g": ["f000", "f001", "f002"]}, set(), seed=1) == {}


def test_the_same_seed_gives_the_same_p_whatever_else_is_asked() -> None:
    here, members = page(2), [f"f{k:03d}" for k in range(SIZE)]
    alone = together_p(here, {"g": members}, set(), seed=4)
    beside = together_p(here, {"g": members[::-1], "h": [f"f{k:03d}" for k in range(20, 30)]}, set(), seed=4)
    assert alone["g"] == beside["g"]
