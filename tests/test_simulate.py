"""The simulator: same seed, same bytes; every family and hard negative behaves as it declares."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated import SMALL, delays, gaps, key, texts_of, with_campaign, with_negative

from fakedetect import schema
from fakedetect.errors import UsageError
from fakedetect.simulate import (
    FAMILIES,
    NEGATIVES,
    Campaign,
    Negative,
    PageSpec,
    SimulatedPage,
    page,
    presets,
    write,
)
from fakedetect.simulate.spec import LANGUAGES, PROFILES, TRUTH

HOUR = 3600.0

# The same seed gives the same page


@pytest.mark.parametrize("preset", ["sample", "training", "clean"])
def test_same_seed_same_bytes(preset: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(presets.PRESETS[preset](7), tmp_path / name)
    for folder in ("a", "a_truth"):
        files = sorted(p.name for p in (tmp_path / folder).iterdir())
        assert files
        for name in files:
            other = tmp_path / folder.replace("a", "b", 1) / name
            assert (tmp_path / folder / name).read_bytes() == other.read_bytes(), name


def test_another_seed_another_page() -> None:
    assert page(SMALL, 1).comments["text"] != page(SMALL, 2).comments["text"]


def test_a_campaign_leaves_the_organic_comments_as_they_were() -> None:
    def organic(made: SimulatedPage) -> list[tuple[str, object]]:
        rows = zip(made.truth["author_id"].to_pylist(), made.truth["family"].to_pylist(), strict=True)
        ordinary = {a for a, f in rows if f == "organic"}
        rows = zip(
            *(made.comments[c].to_pylist() for c in ("author_id", "comment_time", "text")), strict=True
        )
        return [r for r in rows if r[0] in ordinary]

    assert organic(page(SMALL, 11))
    assert organic(page(SMALL, 11)) == organic(with_campaign("tight_early"))


def test_the_shipped_sample_is_what_its_readme_says(tmp_path: Path) -> None:
    shipped = Path(__file__).parent.parent / "data"
    write(presets.sample(2024), tmp_path / "sample_page")
    made = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.*"))
    assert [str(p) for p in made] == sorted(
        str(p.relative_to(shipped)) for p in shipped.rglob("sample_page*/*")
    )
    for name in made:
        assert (tmp_path / name).read_text("utf-8") == (shipped / name).read_text("utf-8"), name
    assert sum((shipped / p).stat().st_size for p in made) < 2_000_000


# The tables


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**40),
    profile=st.sampled_from(PROFILES),
    lang=st.sampled_from((*LANGUAGES, "mixed")),
    n_accounts=st.integers(1, 120),
    n_posts=st.integers(2, 30),
    family=st.sampled_from([f.name for f in FAMILIES]),
    kind=st.sampled_from([k.name for k in NEGATIVES]),
    with_accounts=st.booleans(),
    with_post_times=st.booleans(),
)
def test_any_page_keeps_the_contract(
    seed, profile, lang, n_accounts, n_posts, family, kind, with_accounts, with_post_times
) -> None:
    made = page(
        PageSpec(
            n_accounts=n_accounts,
            n_posts=n_posts,
            profile=profile,
            lang=lang,
            campaigns=(Campaign(family),),
            negatives=(Negative(kind),),
            with_accounts=with_accounts,
            with_post_times=with_post_times,
        ),
        seed,
    )
    for table, expected in (
        (made.comments, schema.COMMENTS),
        (made.posts, schema.POSTS),
        (made.accounts, schema.ACCOUNTS),
        (made.declared, schema.DECLARED),
        (made.truth, TRUTH),
    ):
        assert table.schema.equals(expected)
    comments = made.comments.to_pydict()
    ids = comments["comment_id"]
    assert len(set(ids)) == len(ids)
    assert set(comments["author_id"]) == set(made.truth["author_id"].to_pylist())
    assert len(set(made.truth["author_id"].to_pylist())) == made.truth.num_rows
    assert set(comments["post_id"]) <= set(made.posts["post_id"].to_pylist())
    when = dict(zip(ids, comments["comment_time"], strict=True))
    for own, parent in zip(ids, comments["parent_id"], strict=True):
        assert parent is None or when[parent] < when[own]
    assert all(comments["text"])
    assert (made.accounts.num_rows > 0) or not with_accounts or n_accounts < 20
    assert (made.posts["post_time"].null_count == 0) == with_post_times
    if with_post_times:
        begin = dict(zip(made.posts["post_id"].to_pylist(), made.posts["post_time"].to_pylist(), strict=True))
        assert all(t > begin[p] for t, p in zip(comments["comment_time"], comments["post_id"], strict=True))
    assert set(made.declared["role"].to_pylist()) <= set(schema.ROLES)


def test_accounts_are_opened_before_they_comment() -> None:
    made = with_negative("new_accounts")
    first: dict[str, object] = {}
    for a, t in zip(
        made.comments["author_id"].to_pylist(), made.comments["comment_time"].to_pylist(), strict=True
    ):
        first[a] = min(first.get(a, t), t)
    opened = zip(made.accounts["author_id"].to_pylist(), made.accounts["created_at"].to_pylist(), strict=True)
    assert made.accounts.num_rows
    assert all(t < first[a] for a, t in opened)


def test_files_are_read_back_as_written(tmp_path: Path) -> None:
    made = with_campaign("copy_paste")
    write(made, tmp_path / "page")
    with (tmp_path / "page" / "comments.csv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    assert [r["text"] for r in rows] == made.comments["text"].to_pylist()
    assert rows[0]["comment_time"].endswith("Z")
    assert not (tmp_path / "page" / "truth.csv").exists()
    told = json.loads((tmp_path / "page_truth" / "truth.json").read_text("utf-8"))
    assert told["campaigns"][0]["family"] == "copy_paste" and told["spec"]["n_accounts"] == 600
    write(made, tmp_path / "x", tmp_path / "y")
    assert (tmp_path / "y" / "truth.csv").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "myspace"}, {"lang": "tlh"}, {"n_posts": 1}, {"n_accounts": 0}, {"return_share": 1.5},
        {"campaigns": (Campaign("none"),)}, {"negatives": (Negative("none"),)},
        {"campaigns": (Campaign("rare", presence=2.0),)}, {"campaigns": (Campaign("rare", gap_s=-1.0),)},
    ],
    ids=lambda w: next(iter(w)),
)  # fmt: skip
def test_what_cannot_be_is_refused(wrong: dict) -> None:
    with pytest.raises(UsageError, match="must be"):
        page(dataclasses.replace(SMALL, **wrong), 1)


# Campaigns


def test_registries_have_names_and_words_in_both_languages() -> None:
    for registry in (FAMILIES, NEGATIVES):
        names = [x.name for x in registry]
        assert len(set(names)) == len(names)
        for entry in registry:
            assert entry.label.en and entry.label.fr and entry.label.en != entry.label.fr


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_each_family_stands_in_the_truth(family) -> None:
    made = with_campaign(family.name)
    rows = [r for r in made.truth.to_pylist() if r["role"] == "campaign"]
    told = made.campaigns[0]
    assert {r["family"] for r in rows} == {family.name} and {r["campaign"] for r in rows} == {"c1"}
    assert all(r["is_suspect"] for r in rows)
    assert sorted(r["author_id"] for r in rows) == told["accounts"] and told["n_accounts"] >= len(rows)
    assert not any(r["is_suspect"] for r in made.truth.to_pylist() if r["role"] != "campaign")
    for name, value in family.knobs.items():
        assert told[name] == value


@pytest.mark.parametrize(
    ("family", "n_accounts", "share_of_posts", "gap_s", "start_s"),
    [
        ("tight_early", 9, (0.6, 0.6), (15, 40), (60, 240)),
        ("tight_late", 9, (0.6, 0.6), (15, 40), (3 * HOUR, 8 * HOUR)),
        ("split_crews", 12, (0.6, 0.6), (15, 40), (60, 240)),
        ("camouflage", 9, (0.9, 1.0), (15, 40), (60, 900)),
        ("among_fans", 9, (0.6, 0.6), (15, 40), (60, 240)),
        ("spaced", 9, (0.6, 0.6), (700, 1100), (60, 240)),
        ("rare", 9, (0.1, 0.15), (12, 45), (40, 400)),
        ("small_slow", 4, (0.2, 0.26), (150, 600), (300, 3300)),
        ("orangina", 13, (1.0, 1.0), (12, 32), (30, 120)),
    ],
)
def test_relays_keep_their_clock(family, n_accounts, share_of_posts, gap_s, start_s) -> None:
    made = with_campaign(family)
    told = made.campaigns[0]
    assert len(told["accounts"]) == n_accounts
    by_post = delays(made, told["accounts"])
    assert share_of_posts[0] <= len(by_post) / SMALL.n_posts <= share_of_posts[1]
    worked = {p: by_post[p] for p in told["posts"] if p in by_post}
    assert gap_s[0] <= np.median(gaps(worked)) <= gap_s[1]
    assert start_s[0] <= np.median([min(d.values()) for d in worked.values()]) <= start_s[1]
    crews = told["n_crews"]
    presence = np.mean([len(d) for d in worked.values()]) / (n_accounts / crews)
    assert presence == pytest.approx(told["presence"], abs=0.09)


def test_crews_take_turns() -> None:
    told = with_campaign("split_crews").campaigns[0]
    by_post = delays(with_campaign("split_crews"), told["accounts"])
    for one, two in zip(told["posts"], told["posts"][1:], strict=False):
        assert not set(by_post[one]) & set(by_post[two])


def test_camouflage_comments_elsewhere_as_often_as_asked() -> None:
    made = with_campaign("camouflage")
    told = made.campaigns[0]
    by_post = delays(made, told["accounts"])
    own = sum(len(d) for p, d in by_post.items() if p in told["posts"])
    other = sum(len(d) for p, d in by_post.items() if p not in told["posts"])
    assert 0.4 * own < other < 1.1 * own  # a pair drawn twice counts once


def test_loyal_fans_stand_around_the_ring_among_fans() -> None:
    families = Counter(with_campaign("among_fans").truth["family"].to_pylist())
    assert families["loyal_fans"] == 30 and families["among_fans"] == 9


@pytest.mark.parametrize("family", ["templates", "own_words", "copy_paste"])
def test_scattered_families_come_at_ordinary_times(family: str) -> None:
    made = with_campaign(family)
    told = made.campaigns[0]
    by_post = delays(made, told["accounts"])
    assert len(by_post) / SMALL.n_posts == pytest.approx(told["participation"], abs=0.02)
    mine = np.log([d for post in by_post.values() for d in post.values()])
    everybody = delays(made, made.truth["author_id"].to_pylist())
    all_delays = np.log([d for post in everybody.values() for d in post.values()])
    assert abs(np.median(mine) - np.median(all_delays)) < 1.0


def test_the_farm_acts_once_or_twice_within_its_window() -> None:
    made = with_campaign("farm")
    told = made.campaigns[0]
    by_post = delays(made, told["accounts"])
    assert len(by_post) == 5 and len(told["accounts"]) == 120
    n_seen = Counter(a for d in by_post.values() for a in d)
    assert set(n_seen.values()) == {1, 2}
    assert max(t for d in by_post.values() for t in d.values()) <= 900


def test_words_follow_paraphrase() -> None:
    share = {}
    for family in ("copy_paste", "templates", "own_words"):
        used = Counter(key(t) for t in texts_of(with_campaign(family), family) if len(t) >= 25)
        share[family] = sum(n for n in used.values() if n > 1) / used.total()
    assert share["copy_paste"] > 0.95
    assert share["own_words"] < 0.1 and share["own_words"] < share["templates"] < share["copy_paste"]


@pytest.mark.parametrize(("strength", "younger"), [(0.0, False), (1.0, True)])
def test_profiles_differ_only_where_asked(strength: float, younger: bool) -> None:
    made = page(dataclasses.replace(SMALL, campaigns=(Campaign("farm", profile_strength=strength),)), 3)
    followers = dict(
        zip(made.accounts["author_id"].to_pylist(), made.accounts["followers"].to_pylist(), strict=True)
    )
    ring = set(made.campaigns[0]["accounts"])
    mine = np.log10([f + 1 for a, f in followers.items() if a in ring])
    others = np.log10([f + 1 for a, f in followers.items() if a not in ring])
    assert (np.median(mine) < np.median(others) - 0.4) == younger
    assert mine.max() > np.median(others)  # they overlap at any strength


# Hard negatives


@pytest.mark.parametrize("kind", NEGATIVES, ids=lambda k: k.name)
def test_each_hard_negative_stands_in_the_truth(kind) -> None:
    made = with_negative(kind.name)
    rows = [r for r in made.truth.to_pylist() if r["family"] == kind.name]
    assert rows and not any(r["is_suspect"] for r in rows)
    assert {r["role"] for r in rows} == {"declared" if kind.declared_role else "hard_negative"}
    declared = dict(
        zip(made.declared["author_id"].to_pylist(), made.declared["role"].to_pylist(), strict=True)
    )
    for r in rows:
        assert declared.get(r["author_id"]) == kind.declared_role
    assert made.negatives[0]["accounts"] == sorted(r["author_id"] for r in rows)


def test_loyal_fans_have_each_their_own_habit() -> None:
    made = with_negative("loyal_fans")
    by_account: dict[str, list[float]] = defaultdict(list)
    for post in delays(made, made.negatives[0]["accounts"]).values():
        for account, delay in post.items():
            by_account[account].append(np.log(delay))
    medians = [np.median(d) for d in by_account.values()]
    assert len(by_account) == 30
    assert all(0.2 <= len(d) / SMALL.n_posts <= 0.85 for d in by_account.values())
    assert np.log(80) < min(medians) and max(medians) < np.log(7 * HOUR) and np.std(medians) > 0.8
    assert np.median([np.std(d) for d in by_account.values()]) == pytest.approx(0.7, abs=0.12)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("contest", lambda t: len({key(x) for x in t}) < 40 and len(t) == 250),
        ("incentive", lambda t: all("#" in x or "point" in x or "avis" in x for x in t)),
        ("staff", lambda t: all("équipe" in x or "service client" in x or "^" in x for x in t)),
        ("moderators", lambda t: all("mod" in x for x in t)),
        ("automaton", lambda t: len(set(t)) == 1 and len(t) == SMALL.n_posts),
        ("one_word", lambda t: np.mean([len(x.split()) <= 2 for x in t]) > 0.95),
        ("other_languages", lambda t: np.mean([not key(x).isascii() for x in t if key(x)]) > 0.7),
        ("support_account", lambda t: all("Bonjour" in x for x in t)),
    ],
)  # fmt: skip
def test_hard_negatives_say_what_they_are(kind: str, says) -> None:
    assert says(texts_of(with_negative(kind), kind))


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("always_first", 15, 240), ("automaton", 2, 7), ("live_event", 300, 7500), ("staff", 200, 900)],
)
def test_hard_negatives_come_when_they_should(kind: str, low: float, high: float) -> None:
    made = with_negative(kind)
    by_post = delays(made, made.negatives[0]["accounts"])
    assert low <= np.median([d for post in by_post.values() for d in post.values()]) <= high


def test_friends_answer_each_other() -> None:
    made = with_negative("two_friends")
    friends = set(made.negatives[0]["accounts"])
    rows = [r for r in made.comments.to_pylist() if r["author_id"] in friends]
    author = {r["comment_id"]: r["author_id"] for r in rows}
    replies = [r for r in rows if r["parent_id"]]
    assert len(replies) > 20
    to_friend = [r for r in replies if r["parent_id"] in author]
    assert len(to_friend) == len(replies) and all(author[r["parent_id"]] != r["author_id"] for r in to_friend)


def test_the_fan_club_meets_on_its_topic_only() -> None:
    made = with_negative("fan_club")
    by_post = delays(made, made.negatives[0]["accounts"])
    assert 1 <= len(by_post) <= 15
    assert np.mean([len(d) for d in by_post.values()]) > 8


def test_outcry_and_defenders_meet() -> None:
    made = page(dataclasses.replace(SMALL, negatives=(Negative("outcry"), Negative("defenders"))), 5)
    angry, calm = (set(delays(made, n["accounts"])) for n in made.negatives)
    assert len(calm) == 1 and calm <= angry and len(angry) <= 2
