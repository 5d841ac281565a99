"""Hard negatives of simulated review sites look like something, and are what the truth says."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest
from simulated import key
from simulated_reviews import by_account, day_of, known, rows_of, with_negative


def test_a_crowd_wrote_once_within_days_in_its_own_words() -> None:
    made = with_negative("outcry")
    rows = rows_of(made, made.negatives[0]["accounts"])
    assert len(rows) == 60 and {len(r) for r in by_account(rows).values()} == {1}
    assert {r["post_id"] for r in rows} == set(made.negatives[0]["businesses"])
    assert all(r["rating"] <= 2 for r in rows) and len({key(r["text"]) for r in rows}) > 50
    hours = np.diff(np.quantile([r["comment_time"].timestamp() for r in rows], [0.0, 0.9]))[0] / 3600
    assert 12 < hours < 120


def test_after_a_recovery_ratings_are_what_they_were() -> None:
    made = with_negative("recovery", 200)
    rows = sorted(rows_of(made, made.negatives[0]["accounts"]), key=lambda r: r["comment_time"])
    bad, good = (np.mean([r["rating"] for r in part]) for part in (rows[:100], rows[100:]))
    usual = [r["rating"] for r in made.comments.to_pylist() if r["post_id"] in made.negatives[0]["businesses"]
             and r["author_id"] not in made.negatives[0]["accounts"]]
    assert bad < 2.6 and abs(good - np.mean(usual)) < 0.6


@pytest.mark.parametrize(("kind", "says"), [
    ("incentive_wave", lambda r: any(w in r["text"].lower() for w in ("point", "remise", "#pub", "bon d", "voucher",
                                                                      "discount", "#ad", "10% off"))),
    ("invited_wave", lambda r: r["invited"]),
    ("harsh", lambda r: r["rating"] <= 2),
    ("generous", lambda r: r["rating"] == 5),
    ("chain_fans", lambda r: r["rating"] >= 4),
    ("new_business", lambda r: r["rating"] == 5),
    ("switchers", lambda r: r["rating"] != 3),
])  # fmt: skip
def test_hard_negatives_are_what_they_are_throughout(kind: str, says: Any) -> None:
    made = with_negative(kind)
    rows = rows_of(made, made.negatives[0]["accounts"])
    assert rows and all(says(r) for r in rows)


@pytest.mark.parametrize(("kind", "days", "n_businesses"), [
    ("outcry", 16, 1), ("incentive_wave", 31, 1), ("invited_wave", 11, 1), ("festival", 2, 8), ("new_business", 36, 1),
])  # fmt: skip
def test_waves_pass_in_their_time(kind: str, days: int, n_businesses: int) -> None:
    made = with_negative(kind)
    rows = rows_of(made, made.negatives[0]["accounts"])
    when = [r["comment_time"] for r in rows]
    assert (max(when) - min(when)).total_seconds() <= days * 86400
    assert len({r["post_id"] for r in rows}) == n_businesses == len(made.negatives[0]["businesses"])


def test_a_new_business_had_no_review_before_it_opened() -> None:
    made = with_negative("new_business")
    told = made.negatives[0]
    here = [r for r in made.comments.to_pylist() if r["post_id"] in told["businesses"]]
    assert min(day_of(r) for r in here) >= made.spec.start + datetime.timedelta(days=180)
    friends = [r for r in here if r["author_id"] in told["accounts"]]
    assert 8 <= len(friends) <= 15 and {len(r) for r in by_account(friends).values()} == {1}


def test_locals_stay_and_tourists_pass_through() -> None:
    made = with_negative("locals")
    place = known(made, "place")
    for rows in by_account(rows_of(made, made.negatives[0]["accounts"])).values():
        assert len(rows) >= 9 and len({place[r["post_id"]] for r in rows}) == 1
        assert (max(map(day_of, rows)) - min(map(day_of, rows))).days > 30
    made = with_negative("tourists")
    for rows in by_account(rows_of(made, made.negatives[0]["accounts"])).values():
        days = np.sort([day_of(r).toordinal() for r in rows])
        stays = np.split(days, np.flatnonzero(np.diff(days) > 100) + 1)
        assert len({place[r["post_id"]] for r in rows}) == 1
        assert all(s[-1] - s[0] <= 6 and len(s) <= 7 for s in stays) and len(stays) <= 2


def test_a_chain_has_one_owner_and_its_fans_know_it_all() -> None:
    made = with_negative("chain_fans")
    chain = made.negatives[0]["businesses"]
    assert len(chain) >= 2 and len({known(made, "owner")[b] for b in chain}) == 1
    for rows in by_account(rows_of(made, made.negatives[0]["accounts"])).values():
        assert {r["post_id"] for r in rows} <= set(chain) and len(rows) >= len(chain) - 1


def test_a_family_shares_its_address_and_not_its_taste() -> None:
    made = with_negative("family", 40)
    rows = rows_of(made, made.negatives[0]["accounts"])
    sharing: dict[str, set[str]] = defaultdict(set)
    for r in rows:
        sharing[r["ip_code"]].add(r["author_id"])
    sizes = sorted(map(len, sharing.values()))
    assert sizes[-1] == 20 and sizes[-2] == 3  # the hotel, and households
    assert len({r["rating"] for r in rows}) >= 3


def test_who_switches_likes_one_and_not_its_competitor() -> None:
    made = with_negative("switchers")
    place, category = known(made, "place"), known(made, "category")
    pairs = Counter()
    for rows in by_account(rows_of(made, made.negatives[0]["accounts"])).values():
        good, bad = sorted(rows, key=lambda r: -r["rating"])
        assert good["rating"] >= 4 and bad["rating"] <= 2
        where = [(place[r["post_id"]], category[r["post_id"]]) for r in rows]
        assert where[0] == where[1]
        pairs[good["post_id"], bad["post_id"]] += 1
    assert max(pairs.values()) <= 8  # no pair stands out as a ring's does
