"""The gate refuses by name what the data cannot bear, and only that. A case is one corruption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_dump import make_dump, organic

from fakedetect import schema
from fakedetect.quality import REASONS, TESTS, Quality, clock, counts, gate

Rows = list[dict[str, Any]]
PAGE = organic(n_posts=40, n_comments=2500, n_accounts=900)
DELAYS = {"delay", "first_hour", "burst"}
CLOSE = DELAYS | {"closeness", "hours"}


def page() -> tuple[Rows, Rows]:
    """A fresh copy of one ordinary page."""
    return [dict(r) for r in PAGE[0]], [dict(r) for r in PAGE[1]]


def codes(quality: Quality) -> dict[str, str]:
    """test -> code of what is refused run-wide, `profile` apart (no invented page has profiles)."""
    return {r.test: r.code for r in quality.refusals if r.page_id is None and r.test != "profile"}


def shift(seconds: float) -> Callable[[Rows, Rows], None]:
    def change(comments: Rows, posts: Rows) -> None:
        for r in comments:
            r["comment_time"] += seconds
    return change


def rounded(to: float, plus: float = 0) -> Callable[[Rows, Rows], None]:
    def change(comments: Rows, posts: Rows) -> None:
        for r in comments:
            r["comment_time"] = r["comment_time"] // to * to + plus
    return change


def relative(comments: Rows, posts: Rows) -> None:
    """'3 hours ago', 20 rows to a fetch, a fetch every 2 s."""
    end = max(r["comment_time"] for r in comments) + 100
    for i, r in enumerate(comments):
        now = end + i // 20 * 2
        age = now - r["comment_time"]
        unit = 60 if age < 3600 else 3600 if age < 86400 else 86400
        r["comment_time"] = now - age // unit * unit


def one_year_ago(comments: Rows, posts: Rows) -> None:
    end = max(r["comment_time"] for r in comments)
    for i, r in enumerate(comments):
        r["comment_time"] = end - 365 * 86400 + i // 20 * 2


def part_midnight(comments: Rows, posts: Rows) -> None:
    for r in comments[::8]:
        r["comment_time"] = r["comment_time"] // 86400 * 86400


def cut_at_60(comments: Rows, posts: Rows) -> None:
    seen: dict[str, int] = {}
    kept = [r for r in comments if seen.setdefault(r["post_id"], 0) < 58
            and not seen.update({r["post_id"]: seen[r["post_id"]] + 1})]
    comments[:] = kept


def keep(share: float) -> Callable[[Rows, Rows], None]:
    """The platform counts all comments; the dump holds a share of them."""
    def change(comments: Rows, posts: Rows) -> None:
        n: dict[str, int] = {}
        for r in comments:
            n[r["post_id"]] = n.get(r["post_id"], 0) + 1
        for p in posts:
            p["declared_comments"] = n[p["post_id"]]
        comments[:] = [r for i, r in enumerate(comments) if (i * 7919 % 100) < 100 * share]
    return change


def set_all(where: str, **values: Any) -> Callable[[Rows, Rows], None]:
    def change(comments: Rows, posts: Rows) -> None:
        for r in comments if where == "comments" else posts:
            r.update(values)
    return change


def first_seen(comments: Rows, posts: Rows) -> None:
    for p in posts:
        p["post_time"] = min(r["comment_time"] for r in comments if r["post_id"] == p["post_id"])


def dated_posts(comments: Rows, posts: Rows) -> None:
    for p in posts:
        p["post_time"] = p["post_time"] // 86400 * 86400


def split_ids(comments: Rows, posts: Rows) -> None:
    for r in comments:
        r["author_id"] = f"pfbid{r['author_id']}{r['post_id']}"


def names_only(comments: Rows, posts: Rows) -> None:
    for r in comments:
        del r["author_id"]


def swap_clock(comments: Rows, posts: Rows) -> None:
    """Half of the comments at a random moment of the year before."""
    draw = np.random.default_rng(3)
    for r in comments[::2]:
        r["comment_time"] -= float(draw.integers(0, 300 * 86400))


def few_posts(comments: Rows, posts: Rows) -> None:
    wanted = {p["post_id"] for p in posts[:4]}
    comments[:] = [r for r in comments if r["post_id"] in wanted]
    posts[:] = posts[:4]


BOTH = dict.fromkeys
TRAPS: list[Any] = [
    pytest.param(lambda c, p: None, {}, 1.0, id="a good page"),
    pytest.param(rounded(60), {}, 60.0, id="minutes"),
    pytest.param(rounded(60, 37), {}, 60.0, id="minutes, one second value"),
    pytest.param(rounded(3600), BOTH(CLOSE - {"hours"}, "hour_times"), 3600.0, id="hours"),
    pytest.param(rounded(900), BOTH(CLOSE - {"hours"}, "hour_times"), 3600.0, id="quarters of an hour"),
    pytest.param(rounded(86400), BOTH(CLOSE, "day_times"), 86400.0, id="dates"),
    pytest.param(rounded(86400, -7200), BOTH(CLOSE, "day_times"), 86400.0, id="dates of another zone"),
    pytest.param(part_midnight, BOTH(CLOSE, "day_times"), 86400.0, id="an eighth of dates"),
    pytest.param(relative, BOTH(CLOSE, "relative_times"), 86400.0, id="3 hours ago"),
    pytest.param(one_year_ago, BOTH(CLOSE, "relative_times"), 86400.0, id="1 year ago"),
    pytest.param(shift(-2 * 3600), BOTH(DELAYS | {"hours"}, "clock_offset"), 1.0, id="comments 2 h behind"),
    pytest.param(shift(-5.5 * 3600), BOTH(DELAYS | {"hours"}, "clock_offset"), 1.0, id="India time"),
    pytest.param(shift(8 * 3600), BOTH(DELAYS | {"hours"}, "clock_late"), 1.0, id="comments 8 h ahead"),
    pytest.param(swap_clock, BOTH(DELAYS | {"hours"}, "before_post"), 1.0, id="times of two sorts"),
    pytest.param(set_all("posts", post_time=None), BOTH(DELAYS, "no_post_time"), 1.0, id="no post time"),
    pytest.param(first_seen, BOTH(DELAYS, "first_comment_time"), 1.0, id="first comment as post time"),
    pytest.param(dated_posts, BOTH(DELAYS, "day_post_times"), 1.0, id="posts with a date"),
    pytest.param(cut_at_60, BOTH(("first_hour", "burst"), "capped"), 1.0, id="cut at 58 per post"),
    pytest.param(keep(0.95), {}, 1.0, id="nearly whole"),
    pytest.param(keep(0.6), BOTH(("first_hour", "burst"), "incomplete"), 1.0, id="60 % of the comments"),
    pytest.param(set_all("comments", comment_time=None), BOTH(CLOSE | {"history"}, "no_times"), None,
                 id="no times"),
    pytest.param(set_all("comments", text=None), BOTH(("text", "text_reuse"), "no_text"), 1.0, id="no texts"),
    pytest.param(set_all("comments", text=" "), BOTH(("text", "text_reuse"), "no_text"), 1.0, id="blanks"),
    pytest.param(set_all("comments", text="top"), {"text_reuse": "short_texts"}, 1.0, id="one word each"),
    pytest.param(set_all("comments", parent_id=None), {"conversation": "no_parents"}, 1.0, id="no parents"),
    pytest.param(set_all("comments", author_id=None, author_name=None),
                 BOTH(("identity", "ring", "closeness"), "no_authors"), 1.0, id="no authors"),
    pytest.param(names_only, {"identity": "name_keys"}, 1.0, id="names only"),
    pytest.param(split_ids, BOTH(("identity", "ring", "closeness"), "unstable_ids"), 1.0, id="ids per post"),
    pytest.param(few_posts, {**BOTH(DELAYS, "small_page"), "ring": "few_returning"}, 1.0, id="four posts"),
]


@pytest.mark.parametrize(("change", "refused", "resolution"), TRAPS)
def test_traps(change: Callable[[Rows, Rows], None], refused: dict[str, str],
               resolution: float | None) -> None:
    comments, posts = page()
    change(comments, posts)
    quality = gate(make_dump(comments, posts))
    assert codes(quality) == refused
    assert quality.time_resolution_s == resolution
    assert all(quality.allowed(t.name) == (t.name not in refused) for t in TESTS if t.name != "profile")


@pytest.mark.parametrize("hours", [-11, -5.5, -1, 2, 8.5])
def test_offset_is_named(hours: float) -> None:
    comments, posts = page()
    shift(hours * 3600)(comments, posts)
    quality = gate(make_dump(comments, posts))
    assert quality.pages["clock_offset_h"].to_pylist() == [hours]
    refusal = quality.refusal("delay", "page")
    assert refusal is not None and f"{abs(hours):g} h" in refusal.reason


def test_a_few_strays_refuse_nothing() -> None:
    comments, posts = page()
    for r in comments[::600]:
        r["comment_time"] -= 60 * 86400
    quality = gate(make_dump(comments, posts))
    assert codes(quality) == {}
    assert quality.pages["negative_share"][0].as_py() > 0


def test_one_post_with_a_wrong_time_is_left_out_alone() -> None:
    comments, posts = organic(n_posts=60, n_comments=6000, n_accounts=2000)
    posts[7]["post_time"] += 3600
    quality = gate(make_dump(comments, posts))
    assert codes(quality) == {}
    assert quality.posts["delay"].to_pylist() == [i != 7 for i in range(60)]


@pytest.mark.parametrize("same_second", [True, False], ids=["same moment", "same minute:second"])
def test_a_ring_on_the_clock_is_no_coarse_clock(same_second: bool) -> None:
    """Thirteen accounts at hh:00:00 sharp on every post: evidence, which a refusal must not hide."""
    comments, posts = page()
    for p in posts:
        hour = (p["post_time"] // 3600 + 1) * 3600
        comments += [{"comment_id": f"{p['post_id']}-r{k}", "post_id": p["post_id"], "page_id": "page",
                      "author_id": f"ring{k}", "comment_time": hour + (0 if same_second else 3600 * k),
                      "text": "merci beaucoup pour cette belle page"} for k in range(13)]
    quality = gate(make_dump(comments, posts))
    assert codes(quality) == {}
    assert quality.time_resolution_s == 1


def test_a_live_event_is_no_coarse_clock() -> None:
    """4,000 comments in 20 minutes on one post, an ordinary page around it."""
    comments, posts = page()
    draw = np.random.default_rng(5)
    start = posts[20]["post_time"]
    comments += [{"comment_id": f"e{i}", "post_id": posts[20]["post_id"], "page_id": "page",
                  "author_id": f"e{i}", "comment_time": float(start + s), "text": "goal"}
                 for i, s in enumerate(draw.integers(60, 1260, 4000).tolist())]
    assert codes(gate(make_dump(comments, posts))) == {}


def test_young_posts_have_no_first_hour_share() -> None:
    comments, posts = page()
    seen_until = posts[-1]["post_time"] + 3600
    quality = gate(make_dump([r for r in comments if r["comment_time"] <= seen_until], posts))
    usable = quality.posts["first_hour"].to_pylist()
    assert usable == [True] * 39 + [False]
    assert all(quality.posts["delay"].to_pylist())


def test_small_pages_lean_on_the_run() -> None:
    comments, posts = page()
    more = [organic(n_posts=3, n_comments=60, n_accounts=50, seed=s, page_id=f"small{s}") for s in range(4)]
    quality = gate(make_dump(comments + [c for cs, _ in more for c in cs],
                             posts + [p for _, ps in more for p in ps]))
    assert codes(quality) == {}
    rows = {r["page_id"]: r for r in quality.pages.to_pylist()}
    assert rows["page"]["own_curve"] and not rows["page"]["pooled"]
    assert all(rows[f"small{s}"]["pooled"] and not quality.own_curve(f"small{s}") for s in range(4))


def test_a_coarse_page_is_refused_alone() -> None:
    comments, posts = page()
    other, other_posts = organic(n_posts=40, n_comments=2500, page_id="dated")
    rounded(86400)(other, other_posts)
    quality = gate(make_dump(comments + [r | {"source": "b.csv"} for r in other], posts + other_posts))
    assert codes(quality) == {}
    assert {(r.test, r.page_id) for r in quality.refusals if r.page_id} == {(t, "dated") for t in CLOSE}
    assert quality.allowed("delay") and quality.allowed("delay", "page")
    assert not quality.allowed("delay", "dated")
    assert (quality.tick_s("page"), quality.tick_s("dated")) == (1, np.inf)


def test_a_page_too_small_to_tell_shares_the_reading_of_its_file() -> None:
    comments, posts = page()
    rounded(86400)(comments, posts)
    comments.append({"post_id": "x", "page_id": "tiny", "author_id": "z", "comment_time": 1_700_000_123})
    quality = gate(make_dump(comments, posts))
    assert not quality.allowed("closeness", "tiny")


def test_reviews_have_no_post_time() -> None:
    comments, posts = page()
    not_for_them = dict.fromkeys([*DELAYS, "conversation"], "reviews")
    assert codes(gate(make_dump(comments, posts, kind="reviews"))) == {
        **not_for_them, "marks": "few_ratings", "wave": "few_ratings"}
    set_all("comments", rating=4.0)(comments, posts)
    assert codes(gate(make_dump(comments, posts, kind="reviews"))) == not_for_them


def test_marks_need_accounts_and_waves_need_dates() -> None:
    comments, posts = page()
    set_all("comments", rating=4.0, comment_time=None)(comments, posts)
    refused = codes(gate(make_dump(comments, posts, kind="reviews")))
    assert (refused.get("marks"), refused["wave"]) == (None, "no_times")
    comments, posts = page()
    set_all("comments", rating=4.0, author_id=None, author_name=None)(comments, posts)
    refused = codes(gate(make_dump(comments, posts, kind="reviews")))
    assert (refused["marks"], refused.get("wave")) == ("no_authors", None)


def test_what_the_readers_noted() -> None:
    comments, posts = page()
    cut = gate(make_dump(comments, posts, truncated=True))
    assert codes(cut) == dict.fromkeys(["first_hour", "burst"], "truncated")
    gap = gate(make_dump(comments, posts, notes=(schema.Note("missing_replies", "12 replies", "12 réponses"),)))
    assert codes(gap) == dict.fromkeys(["first_hour", "burst"], "missing_replies")
    set_all("comments", comment_time=None)(comments, posts)
    note = schema.Note("naive_time", "times without a zone", "moments sans fuseau")
    assert codes(gate(make_dump(comments, posts, notes=(note,))))["closeness"] == "naive_times"
    comments, posts = page()
    aged = schema.Note("times_from_ages", "made from ages", "calculées")
    refused = codes(gate(make_dump(comments, posts, notes=(aged,))))
    assert refused == dict.fromkeys([*DELAYS, "closeness", "hours"], "times_from_ages")
    set_all("posts", post_time=None)(comments, posts)
    assert codes(gate(make_dump(comments, posts, notes=(note,))))["delay"] == "no_post_time", "of the comments' times"
    of_posts = replace(note, code="naive_post_time")
    assert codes(gate(make_dump(comments, posts, notes=(of_posts,))))["delay"] == "naive_post_times"


def test_profiles_open_their_test() -> None:
    comments, posts = page()
    quality = gate(make_dump(comments, posts, accounts=[{"author_id": "u00001", "followers": 3}]))
    assert quality.allowed("profile") and quality.refusals == ()


def test_an_empty_dump_bears_nothing() -> None:
    dump = make_dump([{"comment_id": "c"}])
    quality = gate(replace(dump, comments=dump.comments.slice(0, 0)))
    of_comments = {t.name for t in TESTS if t.kind != "reviews"}
    assert codes(quality) == dict.fromkeys(of_comments - {"profile"}, "no_comments")


def test_unknown_test_is_a_fault() -> None:
    with pytest.raises(KeyError):
        gate(make_dump(*page())).allowed("vibes")


def test_posts_follow_the_dump_row_by_row() -> None:
    """Two pages may use one post id."""
    a = [{"post_id": "1", "page_id": "a", "author_id": "x", "comment_time": 10.0, "text": "t"}]
    b = [{"post_id": "1", "page_id": "b", "author_id": "x", "comment_time": 20.0, "text": "t"}] * 3
    posts = [{"post_id": "1", "page_id": "b"}, {"post_id": "1", "page_id": "a"}]
    quality = gate(make_dump(a + b, posts))
    assert quality.posts["page_id"].to_pylist() == ["a", "b"]
    assert quality.posts["n_comments"].to_pylist() == [1, 3]


@pytest.mark.parametrize(("per_post", "found"), [
    ([100] * 12 + [30, 40, 50], (100, 12)),
    ([488, 491, 492, 492, 476, 120, 80, 60, 333], (500, 5)),
    ([976] * 30 + [850, 600, 300], (1000, 30)),
    ([5, 9, 14, 22, 35, 60, 90, 140, 230, 400], None),
    ([3, 3, 3, 3, 3, 3], None),
    ([21, 40, 25], None),
], ids=["exact", "just under 500", "just under 1000", "heavy tail", "tiny posts", "three posts"])
def test_cap(per_post: list[int], found: tuple[int, int] | None) -> None:
    assert counts.cap(np.array(per_post)) == found


@pytest.mark.parametrize("mean", [30, 90, 400])
def test_ordinary_counts_are_seldom_taken_for_a_cut(mean: int) -> None:
    draw = np.random.default_rng(mean)
    pages = [draw.negative_binomial(1.5, 1.5 / (1.5 + mean), 40) for _ in range(300)]
    assert sum(counts.cap(p) is not None for p in pages) <= 6


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400), st.sampled_from([600, 86400, 40 * 86400]))
def test_whole_seconds_are_never_called_coarse(seed: int, n: int, span: int) -> None:
    draw = np.random.default_rng(seed)
    t = draw.integers(1_600_000_000, 1_600_000_000 + span, n)
    reading = clock.resolution(np.zeros(n, np.int64), 1, t, draw.integers(0, n, n), draw.integers(0, 5, n))
    assert reading.resolution_s.tolist() == [1.0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1),
       st.sampled_from(["comment_time", "author_id", "text", "parent_id"]))
def test_losing_a_field_never_opens_a_test(seed: int, share: float, field: str) -> None:
    comments, posts = organic(n_posts=22, n_comments=600, n_accounts=200)
    whole = {t.name for t in TESTS if gate(make_dump(comments, posts)).allowed(t.name)}
    lost = np.random.default_rng(seed).random(len(comments)) < share
    for r, gone in zip(comments, lost, strict=True):
        r[field] = None if gone else r[field]
        if field == "author_id" and gone:
            r["author_name"] = None
    quality = gate(make_dump(comments, posts))
    assert {t.name for t in TESTS if quality.allowed(t.name)} <= whole


def test_row_order_does_not_matter() -> None:
    comments, posts = page()
    relative(comments, posts)
    dump = make_dump(comments, posts)
    shuffled = dump.comments.take(pa.array(np.random.default_rng(1).permutation(dump.comments.num_rows)))
    one, two = gate(dump), gate(replace(dump, comments=shuffled))
    assert one.refusals == two.refusals
    assert one.posts.equals(two.posts)


def test_every_sentence_has_the_same_fields_in_both_languages() -> None:
    said = [t for pair in REASONS.values() for t in pair] + [t for x in TESTS for t in (x.label, x.what)]
    for text in said:
        assert text.fields()[0] == text.fields()[1], text
        assert text.en and text.fr, text
