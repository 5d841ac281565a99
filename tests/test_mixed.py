"""Several campaigns on one page, that words, likes and names do not give away; and the rows it becomes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow.compute as pc
import pytest

from fakedetect import pipeline
from fakedetect.errors import InputError
from fakedetect.evaluate import rows
from fakedetect.evaluate.mixed import FAMILIES, MECHANISMS, N_CAMPAIGNS, drawn, mixed
from fakedetect.evaluate.plant import PLANTS, pages_of
from fakedetect.evaluate.training import dump_of
from fakedetect.schema import Dump
from fakedetect.shipped import folder
from fakedetect.simulate import PageSpec
from fakedetect.simulate import page as simulate

ELSEWHERE = [f"text {k} of another page" for k in range(6000)]


@pytest.fixture(scope="module")
def page() -> Dump:
    [page] = pages_of(pipeline.read([folder("data", "sample_page")]))
    return page


def test_every_mechanism_is_of_planted_families() -> None:
    assert set(FAMILIES) <= set(PLANTS)
    assert len(set(FAMILIES)) == len(FAMILIES)
    assert {len(group) > 0 for group in MECHANISMS.values()} == {True}


def test_knobs_are_drawn_around_the_family() -> None:
    rng = np.random.default_rng(0)
    many = [drawn(rng, "tight_early") for _ in range(50)]
    assert len({m.size for m in many}) > 5
    assert all(8 <= m.size[0] <= 20 and m.share[1] <= 0.95 and m.gap_s is not None for m in many)
    assert {drawn(rng, "own_words").gap_s for _ in range(5)} == {None}
    assert all(d.templates > 0 for d in (drawn(rng, "templates") for _ in range(5)))


def test_nothing_but_where_and_when_tells_the_planted(page: Dump) -> None:
    there = mixed(page, ELSEWHERE, 3)
    comments = there.dump.comments.to_pylist()
    planted = [c for c in comments if c["source"] == "planted"]
    kept = [c for c in comments if c["source"] != "planted"]
    assert len(kept) == page.comments.num_rows
    assert there.dump.rejects.num_rows == 0
    # The words are another page's.
    words = Counter(c["text"] for c in planted)
    assert set(words) <= set(ELSEWHERE) or any(PLANTS[f].templates for f in there.family.values() if f in PLANTS)
    assert max(words.values()) == 1
    # Likes are those of comments on the same post.
    likes: dict[str, set[int | None]] = {}
    for c in kept:
        likes.setdefault(c["post_id"], set()).add(c["likes"])
    assert all(c["likes"] in likes[c["post_id"]] for c in planted)
    # Names are of the page's make, and nobody's.
    shapes = Counter("".join("9" if k.isdecimal() else "x" if k.isalpha() else k for k in c["author_name"])
                     for c in kept if c["author_name"])
    assert all("".join("9" if k.isdecimal() else "x" if k.isalpha() else k for k in c["author_name"]) in shapes
               for c in planted if c["author_name"])
    assert len(set(there.family.values()) - {"fan", "club"}) == N_CAMPAIGNS
    assert set(there.campaign) == {a for a, f in there.family.items() if f not in ("fan", "club")}


def test_no_text_is_used_twice(page: Dump) -> None:
    with pytest.raises(InputError, match="too few texts"):
        mixed(page, ELSEWHERE[:200], 5)


def test_the_same_seed_plants_the_same(page: Dump) -> None:
    assert mixed(page, ELSEWHERE, 5).dump.comments.equals(mixed(page, ELSEWHERE, 5).dump.comments)
    assert not mixed(page, ELSEWHERE, 5).dump.comments.equals(mixed(page, ELSEWHERE, 6).dump.comments)


def test_rows_keep_campaigns_whole_and_say_how_many_the_others_are() -> None:
    run = rows.simulated("training", 61)
    total = sum(n for (stratum, *_), n in run.verdicts.items() if stratum == "kind")
    campaign = sum(n for (stratum, _, c, _), n in run.verdicts.items() if stratum == "kind" and c)
    assert run.rows.weight.sum() == pytest.approx(total)
    assert run.rows.y.sum() == campaign > 0
    assert (run.rows.weight[run.rows.y == 1] == 1).all()
    assert {bool(c) for c in run.rows.campaign[run.rows.y == 1]} == {True}
    assert len(run.rows) <= total
    examples = run.rows.examples()
    assert examples.weight[examples.y == 1].sum() <= 12 * len(set(run.rows.campaign[run.rows.y == 1])) + 1e-9
    with pytest.raises(ValueError, match="trained on"):
        rows.simulated("training", 100_000)


def test_halves_are_apart_in_time(page: Dump) -> None:
    assert rows.halves(page) == []  # eighty posts are too few for two campaigns
    [long] = pages_of(dump_of(simulate(PageSpec(n_accounts=3000, n_posts=150), 1)))
    early, late = rows.halves(long)
    assert not set(early.posts["post_id"].to_pylist()) & set(late.posts["post_id"].to_pylist())
    assert pc.max(early.posts["post_time"]).as_py() <= pc.min(late.posts["post_time"]).as_py()
    assert early.comments.num_rows + late.comments.num_rows <= long.comments.num_rows
    assert set(late.comments["post_id"].to_pylist()) == set(late.posts["post_id"].to_pylist())
