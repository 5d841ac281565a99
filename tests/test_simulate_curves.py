"""Ordinary accounts follow the measured curves; the ready-made pages are what they say."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq
import pytest
from simulated import delays, key

from fakedetect.simulate import (
    FAMILIES,
    NEGATIVES,
    Campaign,
    Negative,
    PageSpec,
    page,
    presets,
)
from fakedetect.simulate import curves as measured
from fakedetect.simulate.spec import PROFILES

HOUR = 3600.0

# Organic behaviour follows the measured curves


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_organic_aggregates_are_near_the_curves(profile: str, lang: str) -> None:
    made = page(PageSpec(n_accounts=4000, profile=profile, lang=lang), 5)
    curves = measured.load(profile)
    top = made.comments.filter(pa.compute.is_null(made.comments["parent_id"]))
    u = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    by_post = delays(dataclasses.replace(made, comments=top), top["author_id"].to_pylist())
    log_delay = np.log10([max(d, 1) for post in by_post.values() for d in post.values()])
    # One page's posts shift the whole curve: their share of its spread is .2 and more.
    assert np.quantile(log_delay, u) == pytest.approx(curves.at("delay_log10_s", u), abs=0.3)

    texts = made.comments["text"].to_pylist()
    assert np.quantile([len(t) for t in texts], u) == pytest.approx(curves.at("chars", u), rel=0.35, abs=4)
    keys = [key(t) for t in texts]
    users: dict[str, set[str]] = defaultdict(set)
    for k, a in zip(keys, made.comments["author_id"].to_pylist(), strict=True):
        users[k].add(a)
    assert 0.0005 < np.mean([len(users[k]) > 1 for k in keys if len(k) >= 15]) < 0.058
    assert np.mean([not k for k in keys]) == pytest.approx(curves.no_letters_share, abs=0.03)

    pairs = Counter(
        zip(made.comments["author_id"].to_pylist(), made.comments["post_id"].to_pylist(), strict=True)
    )
    n_posts = Counter(a for a, _ in pairs)
    assert np.mean([n > 1 for n in n_posts.values()]) == pytest.approx(curves.return_share, abs=0.03)
    assert np.mean([n > 1 for n in pairs.values()]) == pytest.approx(curves.again_share, abs=0.04)
    if profile in ("tiktok", "reddit", "youtube"):  # the others borrow their hours, or declare when they post
        local = [(t.hour + 1) % 24 for t in made.comments["comment_time"].to_pylist()]
        hours = np.bincount(local, minlength=24) / len(local)
        assert np.abs(hours - curves.hours).sum() / 2 < 0.14
    n_replies = made.comments.num_rows - made.comments["parent_id"].null_count
    assert n_replies / made.comments.num_rows == pytest.approx(curves.reply_share, abs=0.05)


def test_the_brand_page_gets_most_comments_in_the_first_hours() -> None:
    curves = measured.load("facebook_brand")
    share = np.interp(np.log10([HOUR, 3 * HOUR]), curves.quantiles["delay_log10_s"], curves.grid)
    assert share == pytest.approx([0.5, 0.7], abs=0.02)


def test_curves_are_numbers_only() -> None:
    raw = json.loads(resources.files("fakedetect.simulate").joinpath("curves.json").read_text("utf-8"))
    assert set(raw["profiles"]) == set(PROFILES)

    def numbers(value: object) -> bool:
        if isinstance(value, dict):
            return all(numbers(v) for v in value.values())
        if isinstance(value, list):
            return all(numbers(v) for v in value) and (value == sorted(value) or len(value) == 24)
        return isinstance(value, (int, float))

    assert numbers(raw)
    assert {len(v) for p in raw["profiles"].values() for v in p.values() if isinstance(v, list)} <= {24, 29}


@pytest.mark.corpora
def test_no_long_text_is_shared_with_the_corpora() -> None:
    dumps = Path(__file__).parent.parent.parent / "shared" / "data" / "dumps"
    spec = PageSpec(n_accounts=4000, lang="mixed", negatives=tuple(Negative(k.name) for k in NEGATIVES),
                    campaigns=tuple(Campaign(f.name) for f in FAMILIES))  # fmt: skip
    ours = {k for t in page(spec, 9).comments["text"].to_pylist() if len(k := key(t)) >= 25}
    files = sorted(dumps.glob("*/comments.parquet"))
    assert ours and files
    for file in files:
        theirs = pq.read_table(file, columns=["text"])["text"]
        lengths = pa.compute.utf8_length(theirs)
        near = theirs.filter(pa.compute.and_(pa.compute.greater(lengths, 24), pa.compute.less(lengths, 400)))
        assert not ours & {key(t) for t in near.unique().to_pylist()}, file.parent.name


# Presets


def test_orangina_is_the_case() -> None:
    made = presets.orangina(1)
    families = Counter(made.truth["family"].to_pylist())
    assert families["orangina"] == 13 and families["organic"] == 20_000 and families["loyal_fans"] == 200
    by_post = delays(made, made.campaigns[0]["accounts"])
    assert len(by_post) == made.posts.num_rows
    assert 45_000 < made.comments.num_rows < 75_000


@pytest.mark.parametrize("seed", range(4))
def test_clean_pages_hold_no_suspect(seed: int) -> None:
    made = presets.clean(seed)
    assert not made.campaigns and not any(made.truth["is_suspect"].to_pylist())


def test_training_pages_vary() -> None:
    drawn = [presets.training(seed) for seed in range(12)]
    assert {len(p.campaigns) for p in drawn} >= {0, 1, 2}
    assert len({p.spec.profile for p in drawn}) >= 3 and len({p.spec.lang for p in drawn}) >= 2
    assert len({c["family"] for p in drawn for c in p.campaigns}) >= 5
    assert any(not p.accounts.num_rows for p in drawn)
