"""Normalising whole dumps: keys, duplicates, side tables, order; no row is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_raw import T, codes, column, raw, table, utc

from fakedetect import readers
from fakedetect.errors import ContractError
from fakedetect.normalise import DERIVED, normalise
from fakedetect.schema import ACCOUNTS, COMMENTS, DECLARED, POSTS, REJECTS, Raw

DUMPS = Path(__file__).parents[2] / "shared" / "data" / "dumps"


def test_duplicates_are_rejected_and_counted():
    same = {"page_id": "g", "post_id": "p", "author_id": "a", "comment_time": T, "text": "x"}
    dump = normalise(
        [
            raw(
                [
                    {**same, "comment_id": "1"},
                    {**same, "comment_id": "1", "text": "y"},
                    {**same, "comment_id": "1", "page_id": "h"},
                    same,
                    same,
                    {**same, "text": "z"},
                ]
            )
        ]
    )
    assert [(r["row"], r["reason"]) for r in dump.rejects.to_pylist()] == [
        (2, "duplicate comment_id"),
        (5, "duplicate row"),
    ]
    assert dump.comments.num_rows == 4
    assert '"text": "y"' in dump.rejects["raw"][0].as_py()


def test_rows_that_only_look_the_same_are_kept():
    rows = [{"post_id": "p", "author_name": "[deleted]", "comment_time": T, "text": "merci"}] * 3
    dump = normalise([raw(rows)])
    ids = dump.comments["comment_id"].to_pylist()
    assert (dump.comments.num_rows, len(set(ids))) == (3, 3)


def test_a_row_with_nothing_is_rejected():
    dump = normalise(
        [
            raw(
                [
                    {"author_id": "a", "text": "x"},
                    {"author_id": "", "text": " ", "comment_time": "soon"},
                    {"author_id": "", "text": "kept"},
                    {"author_id": "", "comment_time": T},
                ]
            )
        ]
    )
    assert [(r["row"], r["reason"]) for r in dump.rejects.to_pylist()] == [
        (2, "no text, no readable time and no author")
    ]


def test_a_lost_row_is_a_contract_error():
    with pytest.raises(ContractError):
        normalise([Raw(comments=table([{"author_id": "a", "text": "x"}]), rows_read=2)])


def test_places_without_ids():
    plain = [{"author_id": "a", "text": "x"}]
    dump = normalise(
        [raw(plain, "in/shop.csv.gz"), raw(plain, "in/zoo/comments.csv"), raw(plain, "in/b/comments.csv")]
    )
    assert set(
        zip(dump.comments["page_id"].to_pylist(), dump.comments["post_id"].to_pylist(), strict=True)
    ) == {(n, n) for n in ("shop", "zoo", "b")}
    assert "no_post_id" in codes(dump)
    assert dump.posts["post_id"].to_pylist() == ["b", "shop", "zoo"]


def test_a_post_stands_on_one_page():
    posts = table([{"post_id": "p", "page_id": "stated", "post_time": T}])
    dump = normalise(
        [
            raw(
                [
                    {"post_id": "p", "author_id": "a", "text": "x"},
                    {"post_id": "q", "author_id": "a", "text": "x"},
                ],
                posts=posts,
            )
        ]
    )
    assert dict(
        zip(dump.comments["post_id"].to_pylist(), dump.comments["page_id"].to_pylist(), strict=True)
    ) == {"p": "stated", "q": "dump"}
    twice = normalise([raw([{"post_id": "1", "page_id": g, "author_id": "a", "text": "x"} for g in "gh"])])
    assert twice.posts["post_id"].to_pylist() == ["g:1", "h:1"]
    shared = normalise(
        [raw([{"post_id": "p", "author_id": "a", "text": "x"}], f) for f in ("b.csv", "a.csv")]
    )
    assert shared.comments["page_id"].to_pylist() == ["a"] * shared.comments.num_rows


def test_names_join_within_a_dump_only():
    rows = [{"author_name": "Ann", "text": "x"}]
    both = normalise([raw(rows, "x/one.csv"), raw(rows, "x/two.csv")])
    assert both.comments["author_id"].to_pylist() == ["name:one:Ann", "name:two:Ann"]
    ids = [{"author_id": "u", "text": "x"}]
    mixed = normalise([raw(ids, "a.csv", platform="youtube"), raw(ids, "b.csv", platform="facebook")])
    assert mixed.comments["author_id"].to_pylist() == ["youtube:u", "facebook:u"]
    same = normalise([raw(ids, "a.csv", platform="youtube"), raw(ids, "b.csv")])
    assert same.comments["author_id"].to_pylist() == ["u", "u"]


def test_replies():
    rows = [
        {
            "post_id": "p",
            "comment_id": f"c{i}",
            "author_id": "a",
            "text": "x",
            "comment_time": T,
            "parent_id": parent,
        }
        for i, parent in enumerate([None, "", "p", "t3_p", "root", "t1_c0", "c0"])
    ]
    assert column(rows, "parent_id") == [None] * 5 + ["c0", "c0"]
    assert column(rows, "is_reply") == [False] * 5 + [True, True]


def test_side_tables():
    posts = table(
        [
            {
                "post_id": "p",
                "post_time": "2024-03-05 17:00:00",
                "post_author_id": "owner",
                "declared_comments": "12",
                "sponsored": "yes",
            },
            {"post_id": "p", "post_time": T},
            {"post_id": "p", "declared_comments": "13", "post_text": "what else is known of it"},
            {"post_id": "lonely", "post_time": T},
        ]
    )
    accounts = table(
        [
            {
                "author_id": "a",
                "followers": "1,200",
                "created_at": "2020-01-01T00:00:00Z",
                "has_avatar": "true",
            },
            {"author_name": "Bob", "verified": "0"},
        ]
    )
    declared = table(
        [
            {"author_name": "Ann", "role": "Moderator"},
            {"author_name": "Twin", "role": "staff"},
            {"author_id": "z", "role": "intern"},
        ]
    )
    rows = [
        {"post_id": "p", "author_id": "a", "author_name": "Ann", "text": "x"},
        {"post_id": "q", "author_id": "b", "text": "y"},
        {"post_id": "q", "author_id": "t1", "author_name": "Twin", "text": "y"},
        {"post_id": "q", "author_id": "t2", "author_name": "Twin", "text": "y"},
    ]
    dump = normalise([raw(rows, posts=posts, accounts=accounts, declared=declared)])
    assert dump.posts["post_id"].to_pylist() == ["lonely", "p", "q"]
    assert dump.posts["post_time"].to_pylist() == [utc(2024, 3, 5, 17), utc(2024, 3, 5, 17), None]
    assert set(dump.posts["page_id"].to_pylist()) == {"dump"}
    assert dump.posts["declared_comments"].to_pylist() == [None, 12, None], "12 in one row, 13 in another"
    assert dump.posts["post_text"].to_pylist() == [None, "what else is known of it", None]
    assert dump.accounts["followers"].to_pylist() == [1200, None]
    assert dump.accounts["author_id"].to_pylist() == ["a", "name:Bob"]
    assert {(r["author_id"], r["role"]) for r in dump.declared.to_pylist()} == {
        ("owner", "owner"),
        ("a", "moderator"),
        ("name:Twin", "staff"),
        ("z", "staff"),
    }
    assert {"repeated_post", "naive_post_time"} <= set(codes(dump))


def test_kind():
    rows = [{"author_id": "a", "text": "x", "rating": "4"}]
    assert normalise([raw(rows)]).kind == "reviews"
    assert normalise([raw(rows)], kind="comments").kind == "comments"
    assert normalise([raw([{"author_id": "a", "text": "x"}])]).kind == "comments"


ROW = st.fixed_dictionaries(
    {
        "post_id": st.sampled_from(["p", "q", None, ""]),
        "comment_id": st.sampled_from(["1", "2", None, "1.2E+17"]),
        "page_id": st.sampled_from(["g", "h", None]),
        "parent_id": st.sampled_from(["1", "p", None]),
        "author_id": st.sampled_from(["a", "b", None]),
        "author_name": st.sampled_from(["Ann", "[deleted]", None]),
        "comment_time": st.sampled_from(
            [T, "2024-03-05T17:00:01Z", "1709658000", "soon", "2024-03-05 17:00:00", None]
        ),
        "text": st.sampled_from(["x", "Été", "", None]),
        "likes": st.sampled_from(["1", "x", None]),
        "rating": st.just(None),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ROW, max_size=12), st.randoms())
def test_order_of_rows_does_not_matter(rows, chance: random.Random):
    posts = [
        {"post_id": "p", "post_time": T},
        {"post_id": "p", "post_time": None},
        {"post_id": "z", "post_time": T},
    ]
    shuffled, other = rows[:], posts[:]
    chance.shuffle(shuffled)
    chance.shuffle(other)

    def whole(rows, posts):
        empty = table([dict.fromkeys(["author_id", "text"], "x")]).slice(0, 0)
        return normalise(
            [Raw(comments=table(rows) if rows else empty, posts=table(posts), rows_read=len(rows))]
        )

    one, two = whole(rows, posts), whole(shuffled, other)
    assert one.comments.drop_columns(["source", "row"]).equals(two.comments.drop_columns(["source", "row"]))
    assert (one.posts, one.accounts, one.declared, one.kind) == (
        two.posts,
        two.accounts,
        two.declared,
        two.kind,
    )
    assert sorted(one.rejects["reason"].to_pylist()) == sorted(two.rejects["reason"].to_pylist())
    assert one.rows_read == one.comments.num_rows + one.rejects.num_rows
    keys = [
        (c["page_id"], c["post_id"], c["comment_time"] or utc(9999, 1, 1), c["comment_id"])
        for c in one.comments.to_pylist()
    ]
    assert keys == sorted(keys)
    assert len({(k[0], k[3]) for k in keys}) == len(keys)


def test_schemas():
    for dump in (normalise([]), normalise([raw([{"author_id": "a", "text": "x", "comment_time": T}])])):
        for found, declared in (
            (dump.posts, POSTS),
            (dump.accounts, ACCOUNTS),
            (dump.declared, DECLARED),
            (dump.rejects, REJECTS),
        ):
            assert found.schema.equals(declared)
        names = [*COMMENTS.names, "source", "row", *(d.name for d in DERIVED)]
        assert dump.comments.column_names == names
        assert all(dump.comments.schema.field(d.name).type == d.type for d in DERIVED)
        assert all(dump.comments.schema.field(c.name).type == c.type for c in COMMENTS)


@pytest.mark.corpora
@pytest.mark.parametrize(
    ("name", "rows", "rejects", "posts"),
    [
        ("tiktok_creators", 334_757, 0, 2_984),
        ("reddit_forums", 497_870, 0, 29_664),
        ("reddit_sponsor", 6_306, 0, 25),
        ("weibo_posts", 237_812, 202, 906),
        ("youtube_2013", 81_449, 0, 96),
    ],
)
def test_real_dump(name, rows, rejects, posts):
    dump = normalise(readers.read([DUMPS / name]))
    assert (dump.rows_read, dump.rejects.num_rows, dump.posts.num_rows) == (rows, rejects, posts)
    assert "cut_id" not in codes(dump)
    if name == "youtube_2013":
        named = [a for a in dump.comments["author_id"].to_pylist() if a.startswith("name:")]
        assert len(named) == 208
        assert set(dump.comments["page_id"].to_pylist()) == {"youtube_2013"}
    if name == "reddit_sponsor":
        assert 0 < sum(dump.comments["is_reply"].to_pylist()) < rows
