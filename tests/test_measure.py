"""Each comment's moment against its page's habits, and bursts in the first hour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from make_dump import make_dump, organic
from make_presence import DAY, START, measured, timed
from scipy import stats

from fakedetect.measure import Timing, burst_p, timing
from fakedetect.shares import fit

FACTS = ("is_first", "delay_s", "delay_u", "delay_v", "floor_u", "floor_v", "session_low", "session_high", "hour")
ALPHAS = (0.1, 0.01, 0.001)


def column(table: pa.Table, name: str) -> np.ndarray:
    """A column as floats, null as nan."""
    return np.array([np.nan if x is None else float(x) for x in table[name].to_pylist()])


def measure(comments: Any, posts: Any, *, refused: tuple[str, ...] = (), tick: float = 1.0, own: bool = True,
            **fields: Any) -> Timing:
    return timing(make_dump(comments, posts, **fields), allowed=lambda test, page: test not in refused,
                  own_curve=lambda page: own, tick_s=lambda page: tick)


# Bursts: null simulation ------------------------------------------------------------------------------------

NULLS = [
    # mean share of the first hour, spread (small: posts differ much), comments per post (mean), posts
    pytest.param(0.1, 5.0, 40, 60, id="few-early-uneven"),
    pytest.param(0.3, 20.0, 60, 60, id="ordinary"),
    pytest.param(0.3, 3.0, 200, 60, id="very-uneven"),
    pytest.param(0.6, 10.0, 8, 120, id="small-posts"),
    pytest.param(0.3, 2000.0, 60, 60, id="almost-binomial"),
    pytest.param(0.3, 10.0, 60, 20, id="smallest-page"),
    pytest.param(0.02, 20.0, 300, 40, id="almost-never-early"),
]


@pytest.mark.parametrize(("mean", "spread", "size", "n_posts"), NULLS)
def test_burst_p_holds_its_level(mean: float, spread: float, size: int, n_posts: int) -> None:
    """Pages drawn from the beta-binomial itself: P(p <= a) is a or less, within Monte Carlo allowance."""
    rng = np.random.default_rng(1)
    p = []
    for _ in range(20):
        total = 1 + rng.poisson(rng.lognormal(np.log(size), 0.7, n_posts))
        early = rng.binomial(total, rng.beta(mean * spread, (1 - mean) * spread, n_posts))
        p.append(burst_p(early, total, fit(early, total))[2])
    pooled = np.concatenate(p)
    for a in ALPHAS:
        assert (pooled <= a).mean() <= a + 4 * np.sqrt(a / len(pooled)), a


def test_a_planted_burst_is_seen_and_the_others_are_not() -> None:
    rng = np.random.default_rng(2)
    total = 30 + rng.poisson(40, 80)
    early = rng.binomial(total, rng.beta(0.25 * 30, 0.75 * 30, 80))
    total[7], early[7] = 100, 85
    shares = fit(early, total)
    expected = np.full(len(total), shares.mean)
    low, high, p = burst_p(early, total, shares)
    assert p[7] < 1e-4
    assert np.delete(p, 7).min() > 1e-3
    assert expected[0] == pytest.approx(0.25, abs=0.05)
    assert early[7] / total[7] > high[7]
    assert (low <= expected).all() and (expected <= high).all()


def test_many_bursts_widen_their_own_band() -> None:
    """Ten of 80 posts pushed alike are less of a surprise each than one alone: power is lost, no flag is added."""
    rng = np.random.default_rng(3)
    total = np.full(80, 60)
    quiet = rng.binomial(60, rng.beta(8, 24, 80))
    one, ten = quiet.copy(), quiet.copy()
    one[:1] = 52
    ten[:10] = 52
    alone, among = (burst_p(early, total, fit(early, total))[2] for early in (one, ten))
    assert alone[0] < among[0]
    assert (among[10:] > alone[10:] * 0.5).all()


@pytest.mark.parametrize(("n_posts", "refused", "known"), [
    pytest.param(30, (), True, id="enough"),
    pytest.param(19, (), False, id="too-few-posts"),
    pytest.param(30, ("burst",), False, id="burst-refused"),
    pytest.param(30, ("first_hour",), False, id="first-hour-refused"),
])
def test_bursts_need_posts_and_leave(n_posts: int, refused: tuple[str, ...], known: bool) -> None:
    comments, posts = organic(n_posts, 30 * n_posts)
    table = measure(comments, posts, refused=refused).posts
    for name in ("burst_p_value", "expected_first_hour_share", "expected_low", "expected_high"):
        assert (table[name].null_count < table.num_rows) == known, name
    assert (table["first_hour_share"].null_count == table.num_rows) == ("first_hour" in refused)
    assert sum(table["n_comments"].to_pylist()) == len(comments)


# Moments ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("with_post_times", [pytest.param(True, id="post-times"), pytest.param(False, id="none")])
@pytest.mark.parametrize(("per_post", "distance"), [pytest.param(25, 0.12, id="small-posts"),
                                                    pytest.param(150, 0.05, id="large-posts")])
def test_delay_u_of_organic_comments_is_about_uniform(per_post: int, distance: float,
                                                      with_post_times: bool) -> None:
    """Comments drawn from one curve, everybody once: the organic share before them is uniform (Kolmogorov
    distance). A small post has few knots, between which the curve is straight where the talk is not."""
    rng = np.random.default_rng(4)
    post = np.repeat(np.arange(40), per_post)
    delay = np.exp(rng.normal(np.log(7200), 1.6, len(post)))
    made = measured([f"u{i}" for i in range(len(post))], post, delay, START + DAY * np.arange(40),
                    with_post_times=with_post_times)
    assert stats.kstest(column(made, "delay_u"), "uniform").statistic < distance
    if with_post_times:
        assert stats.kstest(column(made, "delay_v"), "uniform").statistic < 0.05


def test_readings_rise_with_time_and_stay_between_0_and_1() -> None:
    comments, posts = organic()
    made = measure(comments, posts).comments
    for name in ("delay_u", "delay_v", "session_low", "session_high"):
        values = column(made, name)
        assert ((values >= 0) & (values <= 1)).all(), name
        for post in set(made["post_id"].to_pylist()):
            rows = np.array(made["post_id"].to_pylist()) == post
            assert (np.diff(values[rows]) >= -1e-12).all(), name
    u, low, high = (column(made, n) for n in ("delay_u", "session_low", "session_high"))
    assert ((low <= u) & (u <= high)).all()
    assert (column(made, "floor_u") >= 0).all()


def test_u_forgives_the_post_and_v_the_habit() -> None:
    """One post in forty gets all its talk between hour 10 and 11. In u its comments spread over the whole post;
    in v they all stand at the same late moment."""
    rng = np.random.default_rng(5)
    post = np.repeat(np.arange(40), 150)
    delay = np.exp(rng.normal(np.log(3600), 1.2, len(post)))
    event = post == 20
    delay[event] = 36000 + rng.uniform(0, 3600, event.sum())
    made = measured([f"u{i}" for i in range(len(post))], post, delay, START + DAY * np.arange(40))
    rows = np.array([p == "p0020" for p in made["post_id"].to_pylist()])
    assert np.ptp(column(made, "delay_u")[rows]) > 0.85
    assert np.ptp(column(made, "delay_v")[rows]) < 0.05


def test_a_ring_hardly_bends_the_curve() -> None:
    """Thirteen accounts within a minute of each of 60 posts are half of the early comments: the moment at which
    the page's curve reaches a tenth moves by less than a tenth of the way, because regulars weigh little."""
    rng = np.random.default_rng(6)
    post = np.repeat(np.arange(60), 60)
    who = [f"u{i}" for i in range(len(post))]
    delay = np.exp(rng.normal(np.log(7200), 1.6, len(post)))
    times = START + DAY * np.arange(60)
    probe = ["probe"] * 60, np.arange(60), np.full(60, 900.0)
    ring = [f"ring{k}" for _ in range(60) for k in range(13)], np.repeat(np.arange(60), 13), rng.uniform(30, 90, 780)
    without = measured(who + probe[0], np.r_[post, probe[1]], np.r_[delay, probe[2]], times)
    with_ring = measured(who + probe[0] + ring[0], np.r_[post, probe[1], ring[1]],
                         np.r_[delay, probe[2], ring[2]], times)
    values = []
    for made in (without, with_ring):
        mine = np.array([a == "probe" for a in made["author_id"].to_pylist()])
        values.append(np.median(column(made, "delay_v")[mine]))
    assert 0 < values[1] - values[0] < 0.05
    counted_in_full = 780 / (len(post) + 780)
    assert values[1] - values[0] < counted_in_full / 3


def test_declared_accounts_weigh_nothing() -> None:
    """The organic share of everybody else is the same with and without the page's own answers."""
    comments, posts = organic(seed=7)
    staff = [{"post_id": p["post_id"], "page_id": "page", "author_id": "owner", "comment_id": f"s{i}",
              "comment_time": p["post_time"] + 30 * i + 3000, "text": "merci"} for i, p in enumerate(posts)]
    declared = [{"author_id": "owner", "role": "owner"}]
    plain = measure(comments, posts).comments
    with_staff = measure(comments + staff, posts, declared=declared).comments
    others = with_staff.filter(pa.array([a != "owner" for a in with_staff["author_id"].to_pylist()]))
    undeclared = measure(comments + staff, posts).comments
    undeclared = undeclared.filter(pa.array([a != "owner" for a in undeclared["author_id"].to_pylist()]))
    np.testing.assert_allclose(column(others, "delay_v"), column(plain, "delay_v"), rtol=1e-12)
    np.testing.assert_allclose(column(others, "delay_u"), column(plain, "delay_u"), rtol=1e-12)
    assert not np.allclose(column(undeclared, "delay_v"), column(plain, "delay_v"), rtol=1e-9)


def test_row_order_does_not_matter() -> None:
    comments, posts = organic(seed=8)
    turned = list(comments)
    np.random.default_rng(0).shuffle(turned)  # type: ignore[arg-type]
    one, two = measure(comments, posts), measure(turned, posts[::-1])
    for name in FACTS:
        assert one.comments[name].equals(two.comments[name]), name
    assert one.posts.equals(two.posts)


@pytest.mark.parametrize(("delay", "refused", "seconds", "has_u", "has_v"), [
    pytest.param(600.0, (), 600.0, True, True, id="ordinary"),
    pytest.param(0.0, (), 0.0, True, True, id="same-second"),
    pytest.param(-45.0, (), 0.0, True, True, id="rounding-of-two-clocks"),
    pytest.param(-61.0, (), None, True, False, id="before-its-post"),
    pytest.param(600.0, ("delay",), None, True, True, id="delays-refused"),
])
def test_delays(delay: float, refused: tuple[str, ...], seconds: float | None, has_u: bool, has_v: bool) -> None:
    comments, posts = organic(seed=9)
    comments.append({"post_id": posts[3]["post_id"], "page_id": "page", "author_id": "it", "comment_id": "it",
                     "comment_time": posts[3]["post_time"] + delay, "text": "?"})
    made = measure(comments, posts, refused=refused).comments
    [row] = made.filter(pa.array([c == "it" for c in made["comment_id"].to_pylist()])).to_pylist()
    assert row["delay_s"] == seconds
    assert (row["delay_u"] is not None) == has_u
    assert (row["delay_v"] is not None) == has_v
    if refused:
        assert made["delay_s"].null_count == made.num_rows


def test_without_post_times() -> None:
    """No delay, no first hour; u from the post's own comments alone, v from the first comment seen."""
    comments, posts = organic(20, 1200, 900, seed=10)
    bare = [p | {"post_time": None} for p in posts]
    made = measure(comments, bare)
    table = made.comments
    assert table["delay_s"].null_count == table.num_rows
    assert made.posts["first_hour_share"].null_count == len(posts)
    assert made.posts["burst_p_value"].null_count == len(posts)
    first: dict[str, float] = {}
    for post, t in zip(table["post_id"].to_pylist(), table["comment_time"].to_pylist(), strict=True):
        first.setdefault(post, t.timestamp())
    since = np.array([t.timestamp() - first[p] for p, t in
                      zip(table["post_id"].to_pylist(), table["comment_time"].to_pylist(), strict=True)])
    v = column(table, "delay_v")
    order = np.argsort(since, kind="stable")
    assert (np.diff(v[order]) >= -1e-12).all(), "v is a function of the time since the first comment"
    assert column(table, "delay_u").min() < 0.05


def test_a_thin_post_without_a_time_has_no_reading() -> None:
    """Fifteen commenters show no curve, and without a post time there is no page curve to lean on."""
    made = measured([f"u{i}" for i in range(40 * 15)], np.repeat(np.arange(40), 15),
                    np.random.default_rng(1).exponential(3600, 600), START + DAY * np.arange(40),
                    with_post_times=False)
    assert made["delay_u"].null_count == made.num_rows
    assert made["delay_v"].null_count == 0


def test_a_clock_without_resolution_refuses_every_reading() -> None:
    comments, posts = organic()
    made = measure(comments, posts, tick=float("inf")).comments
    for name in ("delay_u", "delay_v", "floor_u", "session_low"):
        assert made[name].null_count == made.num_rows, name


def test_a_coarser_clock_raises_the_floor() -> None:
    comments, posts = organic()
    fine, coarse = (column(measure(comments, posts, tick=t).comments, "floor_u") for t in (1.0, 60.0))
    assert (coarse >= fine).all() and np.median(coarse) > 20 * np.median(fine)


FIRSTS = [
    pytest.param([("a", 10, None)], [True], id="one"),
    pytest.param([("a", 10, None), ("a", 20, None)], [True, False], id="second-of-one-account"),
    pytest.param([("x", 5, None), ("a", 10, "c0"), ("a", 20, None)], [True, False, True],
                 id="a-reply-before-a-comment-of-ones-own"),
    pytest.param([("x", 5, None), ("a", 10, "c0"), ("a", 20, "c0")], [True, True, False], id="only-replies"),
    pytest.param([(None, 10, None), ("a", 20, None)], [None, True], id="nobody"),
    pytest.param([("a", 10, None), (None, 20, None), (None, 30, None)], [True, None, None], id="two-nobodies"),
    pytest.param([("a", 10, None), ("b", 10, None)], [True, True], id="two-at-once"),
]


@pytest.mark.parametrize(("rows", "expected"), FIRSTS)
def test_is_first(rows: list[tuple[str | None, float, str | None]], expected: list[bool | None]) -> None:
    made = timed([a for a, _, _ in rows], [0] * len(rows), [d for _, d, _ in rows], [START],
                 parent=[p for _, _, p in rows], comment_id=[f"c{i}" for i in range(len(rows))])
    assert made.comments["is_first"].to_pylist() == expected


def test_first_on_each_post_and_page() -> None:
    rows = [{"page_id": page, "post_id": post, "author_id": "a", "comment_time": START + 60 * k, "text": "x"}
            for page in ("p1", "p2") for post in ("same", "other") for k in range(2)]
    posts = [{"page_id": page, "post_id": post, "post_time": START} for page in ("p1", "p2")
             for post in ("same", "other")]
    assert sum(measure(rows, posts).comments["is_first"].to_pylist()) == 4


@pytest.mark.parametrize(("zone", "refused", "hour"), [
    pytest.param("UTC", (), 23, id="utc"),
    pytest.param("Europe/Paris", (), 0, id="paris"),
    pytest.param("UTC", ("hours",), None, id="refused"),
])
def test_hour(zone: str, refused: tuple[str, ...], hour: int | None) -> None:
    rows = [{"author_id": "a", "comment_time": "2024-01-10T23:30:00+00:00", "text": "x"}]
    assert measure(rows, None, refused=refused, zone=zone).comments["hour"].to_pylist() == [hour]


def test_nothing_to_measure() -> None:
    made = measure([], [{"post_id": "p", "post_time": START}])
    assert made.comments.num_rows == 0
    assert set(FACTS) <= set(made.comments.column_names)
    assert made.posts["n_comments"].to_pylist() == [0]
