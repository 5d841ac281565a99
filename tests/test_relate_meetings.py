"""Where pairs have to be left out, those beyond what their activity lets one expect stay, and chance is worked out for
what was chosen."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from make_presence import presence

from fakedetect.relate import pairs
from fakedetect.relate.attendance import attendance_p, attended
from fakedetect.relate.presence import MIN_SHARED, Presence
from fakedetect.relate.spans import spans

N_POSTS, RING_POSTS = 120, 25


def busy(seed: int, ring: int = 5) -> Presence:
    """A few accounts that are nearly everywhere, many on some posts, and a ring on 25 posts that nobody else seeks."""
    rng = np.random.default_rng(seed)
    share = np.concatenate([np.full(40, 0.85), rng.uniform(0.05, 0.2, 160)])
    on = rng.random((len(share), N_POSTS)) < share[:, None]
    worked = np.zeros(N_POSTS, bool)
    worked[rng.choice(N_POSTS, RING_POSTS, replace=False)] = True
    on = np.vstack([on, np.tile(worked, (ring, 1))])
    account, post = np.nonzero(on)
    return presence(account, post, rng.random(len(account)))


def test_without_a_bound_all_pairs_are_looked_at() -> None:
    here = busy(1)
    them = pairs.all_pairs(here)
    on = [set(here.post[s:e].tolist()) for s, e in zip(here.starts[:-1], here.starts[1:], strict=True)]
    expected = {(a, b): len(on[a] & on[b]) for a, b in combinations(range(len(on)), 2) if len(on[a] & on[b]) >= 3}
    found = zip(them.a.tolist(), them.b.tolist(), them.n_shared.tolist(), strict=True)
    assert {(a, b): n for a, b, n in found} == expected
    assert them.skipped == 0 and them.excess == 0 and (them.least == MIN_SHARED).all()


def test_with_a_bound_a_ring_stays_before_the_busiest(monkeypatch: pytest.MonkeyPatch) -> None:
    here = busy(2)
    every = pairs.all_pairs(here)
    monkeypatch.setattr(pairs, "MAX_KEPT", int(every.n_shared.sum()) // 20)
    them = pairs.all_pairs(here)
    assert them.n_shared.sum() <= pairs.MAX_KEPT and them.skipped == len(every.a) - len(them.a) > 0
    assert (them.n_shared >= them.least).all()
    kept = set(zip(them.a.tolist(), them.b.tolist(), strict=True))
    assert all(pair in kept for pair in combinations(range(200, 205), 2)), "a bound on what is shared would lose them"
    # The same pairs with the same rows, whoever counted them.
    both = [k for k, pair in enumerate(zip(every.a.tolist(), every.b.tolist(), strict=True)) if pair in kept]
    np.testing.assert_array_equal(every.only(np.array(both)).rows_b, them.rows_b)


def test_times_do_not_decide_which_pairs_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "MAX_KEPT", 20_000)
    here = busy(3)
    object.__setattr__(here, "u", here.u[::-1].copy())
    again = pairs.all_pairs(here)
    them = pairs.all_pairs(busy(3))
    np.testing.assert_array_equal(them.a, again.a)
    np.testing.assert_array_equal(them.rows_a, again.rows_a)


def test_chance_of_a_chosen_pair_is_given_that_it_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts on their own: of the pairs that the bound leaves, which share much by chance, p is uniform or larger."""
    monkeypatch.setattr(pairs, "MAX_KEPT", 12_000)
    p = []
    for seed in range(15):
        here = busy(100 + seed, ring=0)
        dated = np.arange(N_POSTS, dtype=np.float64)
        choice = spans(here, dated, np.full(N_POSTS, 50.0))
        them = pairs.all_pairs(here)
        assert them.excess > 0
        p.append(attendance_p(them, attended(here, choice), choice, mid=False))
    tested = np.concatenate(p)
    for level in (0.2, 0.05, 0.01):
        assert (tested <= level).mean() <= 1.1 * level + 3 * np.sqrt(level / len(tested)), level
