"""Simulated review sites: same seed, same tables; every campaign and hard negative behaves as its truth says."""

from __future__ import annotations

import dataclasses
import datetime
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from simulated import key
from simulated_reviews import EVERYTHING, SMALL, by_account, day_of, known, made_of, rows_of, with_campaign

import fakedetect
from fakedetect import schema
from fakedetect.cli import main
from fakedetect.errors import UsageError
from fakedetect.simulate import (
    REVIEW_FAMILIES,
    REVIEW_NEGATIVES,
    Negative,
    ReviewCampaign,
    ReviewSpec,
    SimulatedPage,
    reviews,
    write,
)
from fakedetect.simulate.presets import REVIEW_PRESETS
from fakedetect.simulate.reviews_campaigns import shown
from fakedetect.simulate.spec import TRUTH

# The tables


@pytest.mark.parametrize("spec", [
    EVERYTHING,
    dataclasses.replace(EVERYTHING, lang="mixed", with_ip=False, with_accounts=False, verified_share=0.0),
    dataclasses.replace(SMALL, n_businesses=64, n_places=3, n_categories=6, lang="en", day_only=True, n_days=400),
    dataclasses.replace(SMALL, n_accounts=1, n_businesses=12, n_places=1, n_categories=2, n_days=120),
], ids=["everything", "shows little", "days", "smallest"])  # fmt: skip
def test_a_site_keeps_the_contract(spec: ReviewSpec) -> None:
    made = made_of(spec)
    assert made.comments.schema.equals(schema.COMMENTS) and made.posts.schema.equals(schema.POSTS)
    assert made.accounts.schema.equals(schema.ACCOUNTS) and made.declared.schema.equals(schema.DECLARED)
    assert made.businesses.schema.equals(schema.BUSINESSES) and made.truth.schema.equals(TRUTH)
    assert (made.accounts.num_rows > 0) == spec.with_accounts or spec.n_accounts < 20
    c = made.comments.to_pydict()
    assert len(set(c["comment_id"])) == len(c["comment_id"])
    assert sorted(set(c["author_id"])) == made.truth["author_id"].to_pylist()
    assert set(c["post_id"]) <= set(made.posts["post_id"].to_pylist())
    assert made.posts["post_id"].to_pylist() == made.businesses["business_id"].to_pylist()
    assert made.posts["post_time"].null_count == spec.n_businesses and None not in made.posts["post_text"].to_pylist()
    assert set(c["rating"]) <= {1.0, 2.0, 3.0, 4.0, 5.0}
    assert set(c["likes"]) == {None} and "" not in c["text"]
    assert (set(c["ip_code"]) == {None}) != spec.with_ip
    assert (set(c["verified_purchase"]) == {None}) == (spec.verified_share == 0)
    assert all(t.hour == t.minute == t.second == 0 for t in c["comment_time"]) == spec.day_only
    first = min(c["comment_time"]).date()
    assert first >= spec.start - datetime.timedelta(days=1)
    assert (max(c["comment_time"]).date() - first).days <= spec.n_days
    pairs = Counter(zip(c["author_id"], c["post_id"], strict=True))
    assert max(pairs.values()) == 1


def test_same_seed_same_bytes_another_seed_another_site(tmp_path: Path) -> None:
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        write(reviews(EVERYTHING, seed), tmp_path / folder)
    for kind in ("", "_truth"):
        a, b, c = ({p.name: p.read_bytes() for p in (tmp_path / f"{f}{kind}").iterdir()} for f in "abc")
        assert a == b and a.keys() == c.keys()
        assert not [name for name in a if a[name] == c[name]]


def test_what_is_added_leaves_the_organic_reviews_as_they_were() -> None:
    def organic(made: SimulatedPage) -> list[tuple[Any, ...]]:
        family = dict(zip(made.truth["author_id"].to_pylist(), made.truth["family"].to_pylist(), strict=True))
        columns = ("author_id", "post_id", "comment_time", "rating", "text")
        rows = zip(*(made.comments[c].to_pylist() for c in columns), strict=True)
        return [r for r in rows if family[r[0]] == "organic"]

    assert len(organic(made_of(SMALL))) > 900
    assert organic(made_of(SMALL)) == organic(made_of(EVERYTHING))


def test_ordinary_reviewers_are_as_reviewers_are() -> None:
    start = time.perf_counter()
    made = reviews(ReviewSpec(n_accounts=5_500), 3)
    assert time.perf_counter() - start < 6
    c = made.comments.to_pydict()
    assert 7_000 < len(c["rating"]) < 10_000
    stars = np.bincount(np.array(c["rating"], int), minlength=6)[1:] / len(c["rating"])
    assert stars[4] > stars[3] > stars[2] > stars[1] and stars[0] > stars[1]  # the J
    n_each = np.array(sorted(Counter(c["author_id"]).values()))
    assert 0.7 < (n_each == 1).mean() < 0.9 and n_each[-1] >= 15
    sizes = sorted(Counter(c["post_id"]).values())
    assert sizes[-1] > 4 * np.median(sizes)
    daily = Counter(t.date() for t in c["comment_time"])
    counts = np.array([daily[made.spec.start + datetime.timedelta(days=d)] for d in range(900)])
    assert counts.var() > 1.5 * counts.mean()
    weekday = np.bincount([t.weekday() for t in c["comment_time"]], minlength=7)
    assert weekday[6] > 1.15 * weekday[2]
    empty = np.mean([t is None for t in c["text"]])
    long = [key(t) for t in c["text"] if t and len(t) > 60]
    assert 0.1 < empty < 0.25 and len(set(long)) > 0.99 * len(long)
    replied = np.array([r is not None for r in c["reply_text"]])
    assert 0.1 < replied.mean() < 0.6


def test_owners_have_competitors_and_some_several_businesses() -> None:
    made = made_of(SMALL)
    owners = Counter(made.businesses["owner"].to_pylist())
    assert sum(n > 1 for n in owners.values()) > 1 and owners.most_common(1)[0][1] <= 4
    stalls = Counter(zip(made.businesses["place"].to_pylist(), made.businesses["category"].to_pylist(), strict=True))
    assert len(stalls) == 10 and min(stalls.values()) >= 2


@pytest.mark.parametrize("wrong", [
    {"lang": "tlh"}, {"n_accounts": 0}, {"n_businesses": 20}, {"n_places": 9}, {"n_categories": 1}, {"n_days": 10},
    {"verified_share": 1.5}, {"campaigns": (ReviewCampaign("none"),)}, {"negatives": (Negative("none"),)},
    {"campaigns": (ReviewCampaign("praise_wave", spread_days=2000),)},
    {"campaigns": (ReviewCampaign("praise_wave", paraphrase=-1),)},
    {"campaigns": (ReviewCampaign("trash_wave", n_trashed=0),)}, {"negatives": (Negative("locals", spread=0.5),)},
], ids=lambda w: next(iter(w)))  # fmt: skip
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="must be"):
        reviews(dataclasses.replace(SMALL, **wrong), 1)


def test_a_threshold_out_of_reach_is_refused() -> None:
    with pytest.raises(UsageError, match="is lifted a step"):
        with_campaign("threshold_push", n_accounts=2)


# Campaigns


@pytest.mark.parametrize("entry", [*REVIEW_FAMILIES, *REVIEW_NEGATIVES], ids=lambda e: e.name)
def test_each_entry_stands_in_the_truth(entry: Any) -> None:
    made = made_of(EVERYTHING)
    bought = entry in REVIEW_FAMILIES
    told = next(t for t in (made.campaigns if bought else made.negatives) if entry.name in t.values())
    rows = [r for r in made.truth.to_pylist() if r["family"] == entry.name and r["author_id"] in told["accounts"]]
    assert [r["author_id"] for r in rows] == told["accounts"] and len(rows) >= 4
    assert {r["role"] for r in rows} == {"campaign" if bought else "hard_negative"}
    assert {r["is_suspect"] for r in rows} == {bought}
    assert {r["campaign"] for r in rows} == {told["id"] if bought else None}
    assert entry.label.en and entry.label.fr and entry.label.en != entry.label.fr


@pytest.mark.parametrize("family", [f.name for f in REVIEW_FAMILIES])
def test_campaigns_give_the_stars_they_are_paid_for(family: str) -> None:
    made = with_campaign(family)
    told = made.campaigns[0]
    rows = rows_of(made, told["accounts"])
    praise = [r for r in rows if r["post_id"] in told["praised"]]
    trash = [r for r in rows if r["post_id"] in told["trashed"]]
    assert len(praise) + len(trash) == told["n_reviews"]
    assert all(r["rating"] >= 4 for r in praise) and all(r["rating"] <= 2 for r in trash)
    assert bool(praise) == (family != "trash_wave") and bool(trash) == ("trash" in family)
    days = [day_of(r) for r in praise + trash]
    first = datetime.date.fromisoformat(told["day"])
    assert min(days) >= first - datetime.timedelta(days=1)
    # Before the wave stands the crisis.
    assert (max(days) - first).days <= told["spread_days"] + (7 if family == "laundering" else 1)
    assert bool(len(rows) - len(praise) - len(trash)) == (family == "praise_and_trash")  # camouflage


@pytest.mark.parametrize("n_praised", [1, 3])
def test_the_ring_praises_one_owner_and_runs_down_competitors(n_praised: int) -> None:
    made = with_campaign("praise_and_trash", n_praised=n_praised, n_reviews=30)
    told, owner = made.campaigns[0], known(made, "owner")
    place, category = known(made, "place"), known(made, "category")
    first = told["praised"][0]
    assert len(told["praised"]) == n_praised and len({owner[b] for b in told["praised"]}) == 1
    for b in told["trashed"]:
        assert (place[b], category[b]) == (place[first], category[first]) and owner[b] != owner[first]
    for rows in by_account(rows_of(made, told["accounts"])).values():
        where = {r["post_id"] for r in rows}
        assert where & set(told["praised"]) and where & set(told["trashed"])


def test_a_trash_wave_hits_a_competitor_of_its_client() -> None:
    made = with_campaign("trash_wave")
    told, place, category = made.campaigns[0], known(made, "place"), known(made, "category")
    client, target = told["client"][0], told["trashed"][0]
    assert client != target and (place[client], category[client]) == (place[target], category[target])


def test_the_wave_of_a_laundering_stands_after_its_crisis() -> None:
    made = with_campaign("laundering")
    told = made.campaigns[0]
    genuine = rows_of(made, told["genuine"])
    wave = [r for r in rows_of(made, told["accounts"]) if r["post_id"] in told["praised"]]
    assert len(genuine) >= 15 and {r["post_id"] for r in genuine} == set(told["praised"])
    assert all(r["rating"] <= 2 for r in genuine)
    assert np.mean([r["comment_time"] < min(w["comment_time"] for w in wave) for r in genuine]) > 0.9
    truth = {r["author_id"]: r for r in made.truth.to_pylist()}
    assert not any(truth[a]["is_suspect"] for a in told["genuine"])


@pytest.mark.parametrize("step", [0.1, 0.5])
def test_a_threshold_push_lifts_the_average_shown_and_no_more(step: float) -> None:
    made = with_campaign("threshold_push", step=step, n_accounts=60)
    told = made.campaigns[0]
    until = datetime.date.fromisoformat(told["until"])
    here = [r for r in made.comments.to_pylist() if r["post_id"] in told["praised"] and day_of(r) < until]
    own = [r["rating"] for r in here if r["author_id"] in told["accounts"]]
    others = [r["rating"] for r in here if r["author_id"] not in told["accounts"]]
    assert set(own) == {5.0} and len(own) == told["n_reviews"] >= 3
    before, after, one_less = (float(shown(np.mean(x), step)) for x in (others, others + own, others + own[1:]))
    assert [before, after] == told["shown"] and after > before and one_less == before


def test_devices_and_templates_show() -> None:
    made = with_campaign("one_device")
    codes = {r["ip_code"] for r in rows_of(made, made.campaigns[0]["accounts"])}
    assert len(codes) == 2
    assert {len({r["ip_code"] for r in rows_of(with_campaign(f), with_campaign(f).campaigns[0]["accounts"])}) > 9
            for f in ("praise_wave", "phrase_mill")} == {True}
    mill = with_campaign("phrase_mill")
    assert len({r["post_id"] for r in rows_of(mill, mill.campaigns[0]["accounts"])}) >= 20


@pytest.mark.parametrize(("paraphrase", "low", "high"), [(0.0, 1, 10), (0.5, 12, 40), (1.0, 15, 40)])
def test_words_follow_paraphrase(paraphrase: float, low: int, high: int) -> None:
    made = with_campaign("praise_drip", paraphrase=paraphrase)
    texts = [r["text"] for r in rows_of(made, made.campaigns[0]["accounts"])]
    assert low <= len({key(t) for t in texts if t}) <= high
    assert (None in texts) == (paraphrase == 1.0)


# Presets, files, command line


def test_the_case_hides_nine_among_six_thousand() -> None:
    made = REVIEW_PRESETS["reviews_case"](4)
    truth = made.truth.to_pylist()
    assert sum(r["is_suspect"] for r in truth) == 9 and 5_800 < len(truth) < 6_300
    assert {n["kind"] for n in made.negatives} == {k.name for k in REVIEW_NEGATIVES}


def test_training_sites_differ_and_clean_ones_are_clean() -> None:
    drawn = [REVIEW_PRESETS["reviews_training"](s) for s in range(8)]
    assert len({len(m.campaigns) for m in drawn}) >= 3 and len({m.spec.day_only for m in drawn}) == 2
    assert all(len(c["accounts"]) >= 3 for m in drawn for c in m.campaigns)
    assert not any(REVIEW_PRESETS["reviews_clean"](1).truth["is_suspect"].to_pylist())


def test_the_command_writes_a_site_that_is_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "site"
    words = ["simulate", "--kind", "reviews", "--family", "praise_wave", "--accounts", "400", "--posts", "40"]
    assert main([*words, "--knob", "n_accounts=12", "--out", str(out), "--lang", "fr"]) == 0
    assert "avis de" in capsys.readouterr().out
    assert sorted(p.name for p in out.iterdir()) == ["accounts.csv", "businesses.csv", "comments.csv", "posts.csv"]
    told = json.loads((tmp_path / "site_truth" / "truth.json").read_text("utf-8"))
    assert len(told["campaigns"][0]["accounts"]) == 12 and told["spec"]["n_businesses"] == 40
    dump = fakedetect.read(out)
    n_told = len((tmp_path / "site_truth" / "truth.csv").read_text("utf-8").splitlines()) - 1
    assert dump.kind == "reviews" and dump.rejects.num_rows == 0
    assert len(set(dump.comments["author_id"].to_pylist())) == n_told
    made = reviews(ReviewSpec(400, 40, campaigns=(ReviewCampaign("praise_wave", 12),)), 0)
    assert dump.comments.num_rows == made.comments.num_rows
    assert dump.businesses.sort_by("business_id").to_pylist() == made.businesses.sort_by("business_id").to_pylist()
    assert sorted(dump.comments["text"].to_pylist(), key=str) == sorted(made.comments["text"].to_pylist(), key=str)


def test_a_preset_of_the_other_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--kind", "reviews", "--preset", "orangina", "--out", str(tmp_path / "x")]) == 2
    assert "reviews_case" in capsys.readouterr().err
