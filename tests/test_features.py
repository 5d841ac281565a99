"""Every feature by example, worked out by hand, and in words: null where too little is known."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest
from make_tables import DAY, ONE, Row, at, named, profile, tables, told, values_of

from fakedetect.engine.duckdb import DuckDB
from fakedetect.features import FEATURES, VIEWS, compute, document
from fakedetect.quality import TEST_NAMES

NAMES = [f.name for f in FEATURES]
HOUR, WEEK = 3600, 7 * DAY


def words(counts: Sequence[int | None]) -> list[Row]:
    return told(n_words=counts)


def texts(author: str, *ids: int, n_words: int = 6, n_chars: int = 30) -> list[Row]:
    n = len(ids)
    return told(author, text_hi=ids, text_lo=[-i for i in ids], n_words=[n_words] * n, n_chars=[n_chars] * n)


def member(**columns: Any) -> dict[str, pa.Table]:
    """b is in the same group as a, c in another, d never commented."""
    others = [{"author_id": author, "group_id": group} for author, group in ("bg", "ch", "dg")]
    return tables([*ONE, *told("b", t=[1]), *told("c", t=[2])],
                  members=[{"author_id": "a", "group_id": "g", **columns}, *others])


def bursts() -> dict[str, pa.Table]:
    shares = [(0.5, 0.2), (0.1, 0.2), (0.9, None)]
    posts = [{"page_id": "P", "post_id": f"p{i}", "first_hour_share": s, "expected_first_hour_share": e}
             for i, (s, e) in enumerate(shares)]
    return tables(told(t=[1, 2, 3]), posts)


def queue() -> dict[str, pa.Table]:
    """Account a is second of three on p0, shares the first place on p1, and is last of twelve on p2."""
    crowd = [{**row, "post_id": "p2"} for i in range(11) for row in told(f"x{i:02}", t=[i])]
    return tables([*told(t=[5, 5, 99]), *told("b", t=[1, 5]), *told("c", t=[9]), *crowd])


def wall() -> dict[str, pa.Table]:
    """Posts p0..p4 in this order, and q0 without a time; a is on p1, p2, p4, q0: 3 of the 4 that passed."""
    posts = [{"page_id": "P", "post_id": f"p{i}", "post_time": at(i)} for i in range(5)]
    return tables(told(post_id=["p1", "p2", "p4", "p4", "q0"]), [*posts, {"page_id": "P", "post_id": "q0"}])


def pages() -> dict[str, pa.Table]:
    """One post id on two pages is two posts; comments without a post stand on one post of their page."""
    return tables(told(page_id=["P", "P", "Q", "P", "P"], post_id=["1", "1", "1", None, None]))


def stars() -> dict[str, pa.Table]:
    """a gives p0 five where others give two and two, p1 one where another gives three, p2 what nobody else marks."""
    return tables([*told(rating=[5, 1, 4]), *told("b", rating=[2, 3]), *told("c", rating=[2])])


def weeks() -> dict[str, pa.Table]:
    """a's marks: two good ones in one week and one three weeks later, on one item; a bad one there on its own."""
    return tables(told(t=[0, DAY, 21 * DAY, 40 * DAY], rating=[5, 5, 4, 1], post_id=["p0"] * 4))


def worded(text: str, rating: int) -> dict[str, pa.Table]:
    """Of 300 reviews, each of an item of its own, half praise in three words and half blame in three others; and
    a's."""
    said = [(5, "warm good tasty"), (1, "bad, awful, cold")] * 150
    others = [{**row, "post_id": f"w{i}"} for i, (mark, words_) in enumerate(said)
              for row in told(f"x{i:03}", rating=[mark], text=[words_])]
    return tables([*others, *told(rating=[rating], text=[text], post_id=["w0"])])


def averages() -> dict[str, pa.Table]:
    """Eight others gave p0 3.625 on average; with a's five it is 3.78, and four stars are shown for three and a half.
    Eight gave p1 three; a's three moves nothing."""
    crowd = [{**row, "post_id": post} for post, marks in (("p0", [4, 4, 4, 4, 4, 3, 3, 3]), ("p1", [3] * 8))
             for i, mark in enumerate(marks) for row in told(f"y{post}{i}", t=[i], rating=[mark])]
    return tables([*crowd, *told(t=[100, 100], rating=[5, 3])])


def in_line() -> dict[str, pa.Table]:
    """On p0 b, a, c; on p1 b, a: b is beside a twice. b came to three posts, c to one. 9 s and 99 s lie between on p0,
    9 s on p1. a was opened 9 days after b and 99 after c."""
    return tables([*told(t=[100, 100]), *told("b", t=[91, 91, 5]), *told("c", t=[199])],
                  accounts=[{"author_id": author, "created_at": at(-days * DAY)}
                            for author, days in (("a", 1), ("b", 10), ("c", 100))])


EXAMPLES: dict[str, tuple[Mapping[str, pa.Table], float]] = {
    # timing
    "delay_u_median": (tables(told(delay_u=[0.1, 0.2, 0.6, None])), 0.2),
    "delay_u_min": (tables(told(delay_u=[0.1, 0.2, 0.6])), 0.1),
    "delay_u_max": (tables(told(delay_u=[0.1, 0.2, 0.6])), 0.6),
    "delay_u_spread": (tables(told(delay_u=[0.1, 0.2, 0.3])), 0.1),
    "early_share": (tables(told(delay_u=[0.01, 0.05, 0.9, 0.04, None])), 0.5),
    "first_tenth_share": (tables(told(delay_u=[0.01, 0.09, 0.1, 0.9])), 0.5),
    "very_late_share": (tables(told(delay_u=[0.01, 0.9, 0.95, 0.99])), 0.5),
    "delay_median_s": (tables([*told(delay_s=[10, 20]), {**ONE[0], "is_first": False, "delay_s": 99.0}]), 15),
    "delay_regularity": (tables(told(delay_s=[9, 99, 999])), 1),
    "first_hour_posts_share": (tables(told(delay_s=[10, HOUR, HOUR + 1, DAY])), 0.5),
    "place_min": (queue(), 1),
    "top_three_share": (queue(), 2 / 3),
    "top_ten_share": (queue(), 2 / 3),
    "burst_posts_share": (bursts(), 0.5),
    "burst_excess_mean": (bursts(), 0.1),
    "gap_median_s": (tables(told(t=[40, 0, 10, None])), 20),
    "gap_min_s": (tables(told(t=[0, 10, 40])), 10),
    "gap_variation": (tables(told(t=[0, 10, 40])), math.sqrt(200) / 20),
    "gap_minute_share": (tables(told(t=[0, 59, 119, 200])), 1 / 3),
    "gap_week_share": (tables(told(t=[0, WEEK, 2 * WEEK + 1])), 0.5),
    "hour_entropy_bits": (tables(told(hour=[1, 1, 5, 6, None])), 1.5),
    "top_hour_share": (tables(told(hour=[1, 1, 5, 6])), 0.5),
    "night_share": (tables(told(hour=[0, 5, 6, 23, None])), 0.5),
    # text
    "n_words_mean": (tables(words([1, 2, 6, None])), 3),
    "n_words_median": (tables(words([1, 2, 6])), 2),
    "n_words_spread": (tables(words([1, 2, 3])), 1),
    "n_chars_median": (tables(told(n_chars=[10, 20])), 15),
    "empty_share": (tables(words([0, 0, 1, 9, None])), 0.5),
    "one_word_share": (tables(words([0, 1, 1, 9])), 0.5),
    "long_share": (tables(words([29, 30])), 0.5),
    "distinct_text_share": (tables(texts("a", 1, 1, 1, 2, n_words=1)), 0.5),
    "top_text_share": (tables(texts("a", 1, 1, 1, 2, n_words=1)), 0.75),
    "own_repeat_share": (tables([*texts("a", 1, 1, 1, 2), *texts("a", 3, 3, n_words=4)]), 0.5),
    "copied_share": (tables([*texts("a", 1, 2, 3, 4), *texts("a", 9, n_chars=14),
                             *texts("b", 1, 2, 9), *texts("c", 4, n_words=4)]), 0.5),
    "copied_few_share": (tables([*texts("a", 1, 2), *texts("b", 1),
                                 *(row for i in range(20) for row in texts(f"x{i}", 2))]), 0.5),
    "copied_by_max": (tables([*texts("a", 1, 2, 2), *texts("b", 1, 1), *texts("c", 1)]), 2),
    "emoji_per_comment": (tables(told(n_emoji=[0, 3])), 1.5),
    "emoji_share": (tables(told(n_emoji=[0, 3, None])), 0.5),
    "url_share": (tables(told(n_urls=[0, 2])), 0.5),
    "mention_share": (tables(told(n_mentions=[0, 1])), 0.5),
    "hashtag_share": (tables(told(n_hashtags=[0, 1])), 0.5),
    "exclaim_mean": (tables(told(n_exclaims=[0, 3])), 1.5),
    "upper_share_mean": (tables(told(upper_share=[0.2, 0.4, None])), 0.3),
    "digit_share_mean": (tables(told(digit_share=[0.2, 0.4])), 0.3),
    "punct_share_mean": (tables(told(punct_share=[0.2, 0.4])), 0.3),
    "punct_share_spread": (tables(told(punct_share=[0.2, 0.3, 0.4])), 0.1),
    "longest_run_max": (tables(told(longest_run=[1, 7, 2])), 7),
    "reply_share": (tables(told(is_reply=[True, False, None])), 0.5),
    "spam_mean": (tables(told(spam=[0.9, 0.2, None])), 0.55),
    "spam_max": (tables(told(spam=[0.2, 0.9, None])), 0.9),
    # profile
    "account_age_days": (profile(created_at=at(-3 * DAY)), 3),
    "followers_log10": (profile(followers=99), 2),
    "following_log10": (profile(following=999), 3),
    "follow_ratio": (profile(followers=19, following=9), 2),
    "posts_count_log10": (profile(posts_count=0), 0),
    "has_avatar": (profile(has_avatar=False), 0),
    "has_bio": (profile(bio="vive l'été"), 1),
    "bio_n_chars": (profile(bio="vive l'été"), 10),
    "verified": (profile(verified=True), 1),
    "name_n_chars": (named("Zoé", "Zoé", "Albertine"), 3),
    "name_n_words": (named("Anne-Laure du Pré"), 4),
    "name_digit_share": (named("a1b2"), 0.5),
    "name_tail_digits": (named("4ever2024"), 4),
    # history
    "n_comments": (tables(told(post_id=["1", "1", "2"])), 3),
    "n_posts": (pages(), 3),
    "comments_per_post": (pages(), 5 / 3),
    "active_days": (tables(told(t=[0, 1, DAY, None])), 2),
    "span_days": (tables(told(t=[0, DAY / 2, 3 * DAY])), 3),
    "comments_per_active_day": (tables(told(t=[0, 1, DAY])), 1.5),
    "busiest_day_share": (tables(told(t=[0, 1, 2, DAY])), 0.75),
    "active_day_share": (tables(told(t=[0, 3 * DAY])), 0.5),
    "activity_centre_share": (tables(told(t=[0, 0, 0, 100])), 0.25),
    "n_pages": (pages(), 2),
    "top_page_share": (pages(), 0.8),
    "post_share": (wall(), 0.75),
    "likes_mean": (tables(told(likes=[0, 3, None])), 1.5),
    "likes_max": (tables(told(likes=[0, 3])), 3),
    "liked_share": (tables(told(likes=[0, 3, None])), 0.5),
    # neighbour
    "beside_again_share": (in_line(), 2 / 3),
    "beside_once_share": (in_line(), 1 / 3),
    "beside_posts_log10": (in_line(), (2 * math.log10(4) + math.log10(2)) / 3),
    "beside_gap_log10": (in_line(), (1 + 1 + 2) / 3),
    "beside_created_log10": (in_line(), (1 + 1 + 2) / 3),
    # group
    "group_p_log10": (member(group_p=0.001), 3),
    "member_p_log10": (member(member_p=0.0), 12),
    "member_q_log10": (member(member_q=1e-4), 4),
    "group_n": (member(), 2),
    "group_n_close": (member(n_close=9), 9),
    "group_close_share": (member(close_share=0.7), 0.7),
    "group_partners": (member(partners=4), 4),
    "group_gap_median_s": (member(median_gap_s=42), 42),
    "group_exclusive_share": (member(exclusive_share=1), 1),
    "group_phrase_share": (member(phrase_share=0.25), 0.25),
    "group_together_z": (member(together_z=5.5), 5.5),
    # review
    "mark_mean": (tables(told(rating=[5, 1, None])), 0.6),
    "mark_extreme_share": (tables(told(rating=[5, 1, 3, 4])), 0.5),
    "mark_above_others": (stars(), (0.6 - 0.4) / 2),
    "mark_off_others": (stars(), 0.5),
    "busy_week_bits": (weeks(), (math.log2(2 * 28 / (7 * 3)) * 2 + math.log2(28 / (7 * 3)) + 0) / 4),
    "owner_share": (tables(
        told(rating=[5, 4, 5, 1], post_id=["own0", "own1", "own2", "own3"]),
        [{"page_id": "P", "post_id": f"own{i}"} for i in range(4)],
        businesses=[{"business_id": f"own{i}", "owner": o} for i, o in enumerate(["x", "x", "y", None])]), 2 / 3),
    "device_accounts_max": (tables([*told(ip_code=["home", "hotel", None]), *told("b", ip_code=["hotel"]),
                                    *told("c", ip_code=["hotel"])]), 3),
    "verified_purchase_share": (tables(told(verified_purchase=[True, False, None])), 0.5),
    "invited_share": (tables(told(invited=[True, True, None, False])), 2 / 3),
    "disclosed_share": (tables(told(rating=[1, 2, 3, None], discloses=[True, False, None, True])), 0.5),
    "answered_share": (tables(told(rating=[5, 4, None], reply_text=["merci", None, "no review"])), 0.5),
    "mark_off_text": (worded("Awful! Bad, cold.", 5), 0.8),
    # In one run with the example above: 602 reviews, one of which uses these words.
    "word_rarity_bits": (worded("violet zeppelin, quartz", 3), math.log2(602)),
    "average_moved_share": (averages(), 0.5),
}


def test_every_feature_has_an_example() -> None:
    assert list(EXAMPLES) == NAMES
    assert len(set(NAMES)) == len(NAMES)


def apart(given_tables: Mapping[str, pa.Table], number: int, name: str) -> dict[str, pa.Table]:
    """The tables with their own accounts, pages, groups and texts, so that many examples fit in one run."""
    moved = {}
    for key, one in given_tables.items():
        rows = one.to_pylist()
        for row in rows:
            for column in {"author_id", "page_id", "group_id"} & row.keys():
                row[column] = row[column] and f"{name}/{row[column]}"
            if row.get("text_hi"):
                row["text_hi"] += 1000 * number
        moved[key] = pa.Table.from_pylist(rows, one.schema)
    return moved


@pytest.fixture(scope="module")
def exampled(engine: DuckDB) -> dict[str, Row]:
    """All examples in one run: author_id -> its row."""
    parts = [apart(given_tables, i, name) for i, (name, (given_tables, _)) in enumerate(EXAMPLES.items())]
    result = compute(engine, {key: pa.concat_tables([part[key] for part in parts]) for key in parts[0]})
    return {row["author_id"]: row for row in result.to_pylist()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(exampled: dict[str, Row], name: str) -> None:
    assert exampled[f"{name}/a"][name] == pytest.approx(EXAMPLES[name][1], rel=1e-8, abs=1e-12)


TOO_LITTLE = {
    "one comment": (tables(told(t=[0], delay_s=[3], delay_u=[0.1], hour=[4], n_words=[9], punct_share=[0.1])),
                    ("delay_u_spread", "delay_regularity", "gap_median_s", "gap_min_s", "gap_variation",
                     "gap_minute_share", "gap_week_share", "hour_entropy_bits", "top_hour_share",
                     "n_words_spread", "punct_share_spread", "busiest_day_share", "active_day_share",
                     "activity_centre_share", "post_share", "beside_again_share", "beside_gap_log10")),
    "all at one moment": (tables(told(t=[5, 5, 5])), ("gap_variation", "activity_centre_share")),
    "short texts": (tables([*texts("a", 1, 1, n_words=4), *texts("b", 1)]),
                    ("own_repeat_share", "copied_share", "copied_few_share", "copied_by_max")),
    "before its post": (tables(told(delay_s=[-5, -6])), ("delay_regularity",)),
    "opened after its first comment": (profile(created_at=at(1)), ("account_age_days",)),
    "nonsense counts": (profile(followers=-1, following=-1),
                        ("followers_log10", "following_log10", "follow_ratio")),
    "nan and infinity": (tables(told(delay_u=[math.nan, math.inf])),
                         ("delay_u_median", "delay_u_max", "early_share")),
    "few reviews": (tables(told(rating=[5], text=["three good words"])), ("mark_off_text", "word_rarity_bits")),
    "first reviews": (tables(told(t=[1], rating=[5])), ("average_moved_share",)),
    "no text model": (tables(told(n_words=[3, 4])), ("spam_mean", "spam_max")),
    "nameless": (tables(ONE), ("name_n_chars", "name_n_words", "name_digit_share", "name_tail_digits")),
}


@pytest.mark.parametrize("case", TOO_LITTLE)
def test_unknown_is_null(engine: DuckDB, case: str) -> None:
    given_tables, names = TOO_LITTLE[case]
    found = values_of(compute(engine, given_tables))
    assert {name: found[name] for name in names} == dict.fromkeys(names)


@pytest.mark.parametrize("feature", FEATURES, ids=NAMES)
def test_words(feature: Any) -> None:
    assert feature.reason.fields() == ({"value", "typical"}, {"value", "typical"})
    assert feature.label.fields() == (set(), set())
    for text in (feature.label, feature.reason):
        for lang in (text.en, text.fr):
            assert lang == lang.strip()
            assert not lang.endswith(".")
            assert not re.search(r"\b(bots?|fakes?|faux)\b", lang, re.IGNORECASE)
    assert feature.reason.en != feature.reason.fr
    assert feature.null
    if feature.name.endswith("_s"):
        assert feature.unit == "s"
    if feature.name.endswith("_share"):
        assert feature.unit == "share"


def test_no_feature_reads_the_script_or_the_words() -> None:
    sql = " ".join([*(f.sql for f in FEATURES), *(v.sql for v in VIEWS)])
    assert not re.search(r"\b(script|text|author_name|author_id|bio|ip_code)\b", sql)


def test_needs_are_tests_of_the_quality_gate() -> None:
    assert {test for f in FEATURES for test in f.needs} <= TEST_NAMES


def test_document_is_the_registry() -> None:
    rows = document()
    assert [row["name"] for row in rows] == NAMES
    assert rows[0]["label"] == {"en": FEATURES[0].label.en, "fr": FEATURES[0].label.fr}
    assert all("\n" not in row["sql"] for row in rows)
