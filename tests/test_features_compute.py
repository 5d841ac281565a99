"""What holds for all features: null in, null out; one row per author; rows in any order; one SQL for all engines."""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make_tables import COUNTS, DAY, Row, at, named, profile, tables, told, values_of

from fakedetect.engine import open_engine
from fakedetect.engine.duckdb import DuckDB
from fakedetect.features import FEATURES, VIEWS, compute, fingerprint, select, significant
from fakedetect.features.views import marks_of

NAMES = [f.name for f in FEATURES]
KEYED = {"n_comments", "n_posts", "comments_per_post", "n_pages", "top_page_share"}
"""Features that count rows: known as soon as the author is."""


def test_null_in_null_out(engine: DuckDB) -> None:
    nulls = compute(engine, tables(
        told(post_id=["1", "1", "2"], is_first=[None] * 3),
        [{"page_id": "P", "post_id": "1"}], [{"author_id": "a"}], [{"author_id": "a"}],
    ))
    known = {name for name, value in values_of(nulls).items() if value is not None}
    assert known - {"author_id", "group_n"} == KEYED


moments = st.one_of(st.none(), st.integers(0, 30 * DAY))
small = st.one_of(st.none(), st.integers(0, 40))
shares = st.one_of(st.none(), st.floats(0, 1, allow_nan=False))
comment_rows = st.lists(
    st.fixed_dictionaries({
        "author_id": st.sampled_from([None, "a", "b", "c"]),
        "author_name": st.sampled_from([None, "Ana", "Bob 7", "bob7"]),
        "post_id": st.sampled_from(["1", "2", "3"]),
        "page_id": st.sampled_from(["P", "Q"]),
        "comment_time": moments.map(at),
        "is_first": st.sampled_from([None, True, False]),
        **dict.fromkeys((*COUNTS, "likes"), small),
        **dict.fromkeys(("upper_share", "digit_share", "punct_share", "delay_u", "spam"), shares),
        "delay_s": st.one_of(st.none(), st.floats(0, 1e7)),
        "hour": st.one_of(st.none(), st.integers(0, 23)),
        "text_hi": st.sampled_from([None, 1, 2, 2**60]),
        "text_lo": st.just(-1),
        "is_reply": st.sampled_from([None, True, False]),
    }),
    min_size=1, max_size=25,
)
POSTS_OF = [{"page_id": page, "post_id": post, "post_time": at(i), "first_hour_share": 0.1 * i,
             "expected_first_hour_share": 0.2} for page in "PQ" for i, post in enumerate("123")]
MEMBERS_OF = [{"author_id": a, "group_id": "g", "group_p": 0.01, "n_close": i} for i, a in enumerate("abz")]
property_test = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@property_test
@given(rows=comment_rows, seed=st.integers(0, 2**32))
def test_order_of_rows_does_not_matter(engine: DuckDB, rows: list[Row], seed: int) -> None:
    mixed, posts, members = rows[:], POSTS_OF[:], MEMBERS_OF[:]
    for part in (mixed, posts, members):
        random.Random(seed).shuffle(part)
    one = compute(engine, tables(rows, POSTS_OF, [], MEMBERS_OF))
    assert one.equals(compute(engine, tables(mixed, posts, [], members)))


@property_test
@given(rows=comment_rows)
def test_a_comment_without_facts_changes_only_counts(engine: DuckDB, rows: list[Row]) -> None:
    seen = next((row for row in rows if row["author_id"]), None)
    if seen is None:
        return
    blank = {name: seen[name] for name in ("author_id", "page_id", "post_id")}
    one = compute(engine, tables(rows, POSTS_OF))
    two = compute(engine, tables([*rows, blank], POSTS_OF))
    for name in [name for name in one.column_names if name not in KEYED]:
        assert one[name].equals(two[name]), name


@property_test
@given(rows=comment_rows)
def test_one_row_per_author_whatever_they_wrote(engine: DuckDB, rows: list[Row]) -> None:
    result = compute(engine, tables(rows, POSTS_OF))
    authors = sorted({row["author_id"] for row in rows if row["author_id"]})
    assert result["author_id"].to_pylist() == authors
    assert sum(result["n_comments"].to_pylist()) == sum(row["author_id"] is not None for row in rows)
    for feature in FEATURES:
        if feature.unit == "share" and feature.name != "burst_excess_mean":
            known = result[feature.name].drop_null().to_pylist()
            assert all(0 <= value <= 1 for value in known), feature.name


def test_columns_are_the_same_whatever_the_data(engine: DuckDB) -> None:
    full = compute(engine, tables(told(t=[1, 2]), members=[{"author_id": "a", "group_id": "g"}]))
    empty = compute(engine, tables([]))
    unowned = compute(engine, tables(told(None, t=[1])))
    assert empty.num_rows == unowned.num_rows == 0
    assert full.schema == empty.schema == unowned.schema
    assert full.column_names == ["author_id", "author_name", "n_comments", "n_posts",
                                 *(name for name in NAMES if name not in ("n_comments", "n_posts"))]
    assert full.schema.types == [pa.string()] * 2 + [pa.int64()] * 2 + [pa.float64()] * (len(NAMES) - 2)


def test_a_refused_test_empties_its_features_and_no_other(engine: DuckDB) -> None:
    given_tables = tables(told(t=[1, 70], hour=[3, 4], delay_u=[0.1, 0.2], n_words=[3, 4]))
    free = values_of(compute(engine, given_tables))
    held = values_of(compute(engine, given_tables, allowed=lambda test: test != "delay"))
    refused = {f.name for f in FEATURES if "delay" in f.needs}
    assert free["delay_u_min"] == 0.1
    assert held == {name: None if name in refused else value for name, value in free.items()}


NAMED = {
    "most frequent": (["Bob", "Ana", "Bob"], "Bob"),
    "smallest of equals": (["Bob", "Ana"], "Ana"),
    "null is no name": ([None, None, "Bob"], "Bob"),
    "none": ([None], None),
}


@pytest.mark.parametrize("case", NAMED)
def test_author_name(engine: DuckDB, case: str) -> None:
    names, expected = NAMED[case]
    assert values_of(compute(engine, named(*names)))["author_name"] == expected


def test_author_name_from_the_accounts_file(engine: DuckDB) -> None:
    assert values_of(compute(engine, profile(author_name="Chloé")))["author_name"] == "Chloé"


def test_a_repeated_side_row_counts_once(engine: DuckDB) -> None:
    posts = [{"page_id": "P", "post_id": "p0", "first_hour_share": 0.5, "expected_first_hour_share": 0.1}]
    accounts = [{"author_id": "a", "followers": 9}] * 2
    found = values_of(compute(engine, tables(told(t=[1, 2]), posts * 2, accounts)))
    expected = {"n_comments": 2, "n_posts": 2, "burst_posts_share": 1, "followers_log10": 1}
    assert {name: found[name] for name in expected} == expected


def test_threads_do_not_matter() -> None:
    draw = random.Random(7)
    rows = [{"author_id": f"u{draw.randrange(300)}", "page_id": "P", "post_id": str(draw.randrange(40)),
             "comment_time": at(draw.randrange(90 * DAY)), "is_first": draw.random() < 0.8,
             "delay_u": draw.random(), "punct_share": draw.random(), "n_words": draw.randrange(60),
             "hour": draw.randrange(24)} for _ in range(20_000)]
    results = []
    for threads in (1, 2):
        with open_engine("duckdb", threads=threads) as engine:
            results.append(compute(engine, tables(rows)))
    assert results[0].equals(results[1])


def test_fingerprint_follows_what_changes_values() -> None:
    first, *rest = FEATURES
    view, *views = VIEWS
    now = fingerprint()
    assert re.fullmatch("[0-9a-f]{64}", now)
    assert fingerprint([replace(first, sql="max(delay_u)"), *rest]) != now
    assert fingerprint([replace(first, name="other"), *rest]) != now
    assert fingerprint([replace(first, higher_is="suspect"), *rest]) != now
    assert fingerprint(rest) != now
    assert fingerprint([*rest, first]) != now
    assert fingerprint(views=[replace(view, sql="select who from comments"), *views]) != now
    reworded = replace(first, label=first.reason, null="other", sql=f"\n {first.sql}")
    assert fingerprint([reworded, *rest]) == now


SHARED_SQL = {"abs", "count", "sum", "avg", "min", "max", "median", "stddev_samp", "cast", "coalesce", "nullif",
              "log2", "lag", "rank", "over", "filter", "not", "by", "then", "and", "as", "from", "join"}


@pytest.mark.parametrize("sql", [pytest.param(thing.sql, id=thing.name) for thing in (*FEATURES, *VIEWS)])
def test_sql_uses_what_all_engines_share(sql: str) -> None:
    assert set(re.findall(r"([a-z_0-9]+)\s*\(", sql)) <= SHARED_SQL
    assert "'" not in sql
    assert '"' not in sql


def test_views_are_defined_before_they_are_used() -> None:
    known = {"comments", "posts", "accounts", "members"}
    for view in VIEWS:
        assert set(re.findall(r"(?:from|join)\s+([a-z_]+)", view.sql)) <= known, view.name
        known.add(view.name)
    assert {f.view for f in FEATURES} <= known


def test_one_query_per_view() -> None:
    assert select("days", FEATURES[:2]) == (
        "select who,\n  cast(median(delay_u) as double) as delay_u_median,\n"
        "  cast(min(delay_u) as double) as delay_u_min\nfrom days group by who"
    )


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=20))
def test_significant(numbers: list[float]) -> None:
    values = np.array(numbers, np.float64)
    found = significant(values)
    assert np.array_equal(significant(found), found, equal_nan=True)
    for value, kept in zip(values, found, strict=True):
        if not math.isfinite(value):
            assert math.isnan(kept)
        elif abs(value) < 1e-9:
            assert kept == 0
        else:
            assert kept == pytest.approx(value, rel=5.1e-9)


SIGNIFICANT = {0.1 + 0.2: 0.3, 123456789.4: 123456789.0, -1234567891.0: -1234567890.0, 1 / 3: 0.333333333,
               1e-17: 0.0}


@pytest.mark.parametrize("value", SIGNIFICANT)
def test_significant_example(value: float) -> None:
    assert significant(np.array([value]))[0] == SIGNIFICANT[value]


@pytest.mark.parametrize(("stars", "expected"), [
    ([5.0, 1.0, None], [1.0, 0.2, None]),
    ([10.0, 6.0, 1.0], [1.0, 0.6, 0.1]),
    ([4.0] * 200 + [55.0, 0.0], [0.8] * 200 + [None, None]),
    ([18.0, 0.0], [0.9, 0.0]),
    ([None, None], [None, None]),
])
def test_stars_are_read_on_the_scale_that_holds_nearly_all(stars, expected):
    given = pa.chunked_array([pa.array(stars, pa.float64())])
    pages = pa.chunked_array([pa.array(["P"] * len(stars))])
    assert marks_of(given, pages).to_pylist() == expected


def test_each_page_has_its_own_scale():
    stars, pages = pa.array([4.0] * 30 + [8.0] * 30 + [4.0]), pa.array(["P"] * 30 + ["Q"] * 30 + [None])
    marks = marks_of(pa.chunked_array([stars]), pa.chunked_array([pages])).to_pylist()
    assert (marks[0], marks[30], marks[60]) == (0.8, 0.8, 0.4)
