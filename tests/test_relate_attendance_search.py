"""Joint attendance as the whole search runs it: a group that works on posts of its own choice is named at whatever hour
it comes, on one page or several, and those who share a taste are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from make_presence import DAY, START, measured, presence

from fakedetect.relate import Rings, find
from fakedetect.relate.spans import publish_times

N_POSTS = 96
TIMES = START + DAY * np.arange(N_POSTS) + 3600 * (np.arange(N_POSTS) % 13)


def crowd(rng: np.random.Generator) -> tuple[list[str], np.ndarray, np.ndarray]:
    post = np.repeat(np.arange(N_POSTS), 30)
    who = np.where(rng.random(len(post)) < 0.5, rng.integers(0, 90, len(post)), rng.integers(90, 3000, len(post)))
    return [f"u{k:04d}" for k in who], post, np.exp(rng.normal(np.log(7200), 1.5, len(post)))


def group(rng: np.random.Generator, posts: np.ndarray, n: int = 10) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Accounts that come to four of five of `posts`, each at an hour like anybody's."""
    who, at = np.nonzero(rng.random((n, len(posts))) < 0.8)
    return [f"g{k:02d}" for k in who], posts[at], np.exp(rng.normal(np.log(7200), 1.5, len(at)))


def look(posts: np.ndarray, text: list[str | None], with_post_times: bool = True) -> tuple[Rings, pa.Table]:
    rng = np.random.default_rng(7)
    parts = (crowd(rng), group(rng, posts))
    table = measured([w for p in parts for w in p[0]], *(np.concatenate([p[i] for p in parts]) for i in (1, 2)), TIMES,
                     with_post_times=with_post_times)
    about = pa.table({"page_id": ["page"] * N_POSTS, "post_id": [f"p{k:04d}" for k in range(N_POSTS)],
                      "post_text": pa.array(text, pa.string())})
    pages = set(table["page_id"].to_pylist())
    about = about.set_column(0, "page_id", pa.array([next(iter(pages))] * N_POSTS, pa.string()))
    return find(table, set(), seed=0, fdr=0.05, page_alpha=0.02, posts=about, power=False), table


def plain_texts() -> list[str | None]:
    rng = np.random.default_rng(8)
    words = ["summer", "orange", "kitchen", "garden", "music", "football", "travel", "recipe", "winter", "family"]
    return [" ".join(rng.choice(words, 4, replace=False)) for _ in range(N_POSTS)]


def test_a_group_with_posts_of_its_own_is_named_whatever_its_hours() -> None:
    worked = np.sort(np.random.default_rng(9).choice(N_POSTS, 36, replace=False))
    rings, _ = look(worked, plain_texts())
    assert rings.groups.num_rows == 1
    convicted = {m["author_id"] for m in rings.members.to_pylist() if m["member_q"] <= 0.05}
    assert len(convicted) >= 9
    assert all(a.startswith("g") for a in convicted)
    assert rings.gate["strongest_together"] > 20


def test_a_club_that_comes_when_its_topic_is_on_is_not() -> None:
    worked = np.sort(np.random.default_rng(9).choice(N_POSTS, 18, replace=False))
    texts = [f"{t} #pottery" if k in set(worked.tolist()) else t for k, t in enumerate(plain_texts())]
    assert look(worked, plain_texts())[0].groups.num_rows == 1, "the same accounts, if no post tells why they come"
    rings, _ = look(worked, texts)
    assert rings.gate["strongest_together"] > 20, "it is seen"
    assert rings.groups.num_rows == 0, "and let go"


def test_a_club_of_one_weekday_is_not() -> None:
    weekday = np.floor(TIMES / DAY).astype(int) % 7
    rings, _ = look(np.flatnonzero(weekday == 2), plain_texts())
    assert rings.groups.num_rows == 0


def test_a_ring_that_does_little_on_each_of_several_pages_is_one_group() -> None:
    """Ten accounts on four posts of each of five pages, at ordinary hours: a page alone holds too little."""
    tables = []
    for number in range(5):
        rng = np.random.default_rng(60 + number)
        who, post, delay = crowd(rng)
        worked = np.sort(rng.choice(N_POSTS, 4, replace=False))
        ring = group(rng, worked)
        one = measured([f"{number}{w}" for w in who] + ring[0], np.r_[post, ring[1]], np.r_[delay, ring[2]], TIMES)
        tables.append(one.set_column(one.column_names.index("page_id"), "page_id",
                                     pa.array([f"page{number}"] * one.num_rows)))
    alone = find(tables[0], set(), seed=0, fdr=0.05, page_alpha=0.02, power=False)
    assert alone.groups.num_rows == 0
    found = find(pa.concat_tables(tables), set(), seed=0, fdr=0.05, page_alpha=0.02, power=False)
    [told] = found.groups.to_pylist()
    assert told["page_ids"] == [f"page{k}" for k in range(5)]
    members = {m["author_id"] for m in found.members.to_pylist() if m["member_q"] <= 0.05}
    assert members == {f"g{k:02d}" for k in range(10)}
    assert told["n_posts"] <= 20


def test_without_publish_times_attendance_is_not_tested() -> None:
    worked = np.sort(np.random.default_rng(9).choice(N_POSTS, 36, replace=False))
    rings, table = look(worked, plain_texts(), with_post_times=False)
    assert table["delay_s"].null_count == table.num_rows
    assert rings.gate["strongest_together"] == 0 and rings.groups.num_rows == 0


def test_publish_times_are_those_of_the_posts() -> None:
    _, table = look(np.arange(36), plain_texts())
    here = presence(np.zeros(N_POSTS, np.int64), np.arange(N_POSTS), np.full(N_POSTS, 0.5))
    here = replace(here, post_names=[(table["page_id"][0].as_py(), f"p{k:04d}") for k in range(N_POSTS)])
    np.testing.assert_allclose(publish_times(table, here), TIMES, atol=1.5)
