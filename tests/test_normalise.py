"""Normalising: types, keys, duplicates, order, and the facts about one text against a plain reference."""

from __future__ import annotations

import datetime as dt
import math
import random
import re
import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakedetect import readers, textfacts
from fakedetect.errors import ContractError, UsageError
from fakedetect.normalise import DERIVED, clock, normalise, values
from fakedetect.schema import ACCOUNTS, COMMENTS, DECLARED, POSTS, REJECTS, Dump, Raw

DUMPS = Path(__file__).parents[2] / "shared" / "data" / "dumps"
T = "2024-03-05T17:00:00Z"
NAIVE = dt.datetime(2024, 3, 5)  # noqa: DTZ001 (without a zone is the point)
FIRST, LAST = dt.datetime(1970, 1, 1), dt.datetime(2199, 1, 1)  # noqa: DTZ001 (so are these)


def table(rows: list[dict], source: str = "dump.csv") -> pa.Table:
    names = dict.fromkeys(n for r in rows for n in r)
    columns = {n: pa.array([r.get(n) for r in rows]) for n in names}
    return pa.table(
        {
            **columns,
            "source": pa.array([source] * len(rows), pa.string()),
            "row": pa.array(range(1, len(rows) + 1), pa.int64()),
        }
    )


def raw(rows: list[dict], source: str = "dump.csv", **more: object) -> Raw:
    return Raw(comments=table(rows, source), rows_read=len(rows), **more)


def column(rows: list[dict], name: str, **more: object) -> list:
    return normalise([raw(rows)], **more).comments[name].to_pylist()


def codes(dump: Dump) -> list[str]:
    return [n.code for n in dump.notes]


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


# id -> (value, without a stated zone, in Europe/Paris); None: null
TIMES = {
    "zone +0000": ("2024-03-05T17:00:02+0000", utc(2024, 3, 5, 17, 0, 2), ...),
    "Z": ("2024-03-05T17:00:02Z", utc(2024, 3, 5, 17, 0, 2), ...),
    "ms Z": ("2024-03-05T17:00:02.250Z", utc(2024, 3, 5, 17, 0, 2, 250_000), ...),
    "offset": ("2024-03-05 17:00:02+02:00", utc(2024, 3, 5, 15, 0, 2), ...),
    "negative offset": ("2024-03-05T17:00-0330", utc(2024, 3, 5, 20, 30), ...),
    "UTC": ("2024-03-05 17:00:02 UTC", utc(2024, 3, 5, 17, 0, 2), ...),
    "epoch s": ("1709658002", utc(2024, 3, 5, 17, 0, 2), ...),
    "epoch s float": ("1709658002.5", utc(2024, 3, 5, 17, 0, 2, 500_000), ...),
    "epoch ms": ("1709658002250", utc(2024, 3, 5, 17, 0, 2, 250_000), ...),
    "epoch us": ("1709658002250001", utc(2024, 3, 5, 17, 0, 2, 250_001), ...),
    "naive winter": ("2024-03-05 17:00:02", None, utc(2024, 3, 5, 16, 0, 2)),
    "naive summer": ("2024-07-05T17:00", None, utc(2024, 7, 5, 15)),
    "naive, hour skipped": ("2024-03-31 02:30:00", None, utc(2024, 3, 31, 0, 59, 59, 999_999)),
    "naive, hour repeated": ("2024-10-27 02:30:00", None, utc(2024, 10, 27, 0, 30)),
    "date only": ("2024-07-05", None, utc(2024, 7, 4, 22)),
    "leap day": ("2024-02-29T00:00:00Z", utc(2024, 2, 29), ...),
    "no such day": ("2023-02-29T00:00:00Z", None, None),
    "no such hour": ("2023-02-28T25:00:00Z", None, None),
    "before epochs": ("1815-06-18T00:00:00Z", None, None),
    "relative": ("il y a 1 an", None, None),
    "short relative": ("3h", None, None),
    "small number": ("12345", None, None),
    "words": ("last tuesday", None, None),
    "dotted": ("05.03.2024 17:00", None, utc(2024, 3, 5, 16)),
    "am/pm, day proven": ("25/03/2024 5:30 PM", None, utc(2024, 3, 25, 16, 30)),
    "month first proven": ("03/25/2024 17:00", None, utc(2024, 3, 25, 16)),
    "order unknown": ("03/04/2024 17:00", None, None),
    "same either way": ("04/04/2024 17:00", None, utc(2024, 4, 4, 15)),
}


@pytest.mark.parametrize("case", TIMES)
def test_time(case):
    text, plain, paris = TIMES[case]
    assert clock.parse(pa.array([text]), None).values.to_pylist() == [plain]
    assert clock.parse(pa.array([f"  {text} "]), "Europe/Paris").values.to_pylist() == [
        plain if paris is ... else paris
    ]


@settings(deadline=None)
@given(st.datetimes(FIRST, LAST), st.sampled_from(["", "Z", "+0530"]))
def test_iso_times_are_read_exactly(moment, zone):
    offset = dt.timedelta(hours=5, minutes=30) if zone == "+0530" else dt.timedelta(0)
    found = clock.parse(pa.array([moment.isoformat() + zone]), "UTC").values.to_pylist()
    assert found == [moment.replace(tzinfo=dt.UTC) - offset]


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_the_clock(text):
    assert len(clock.parse(pa.array([text]), None).values) == 1


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (pa.array([1709658002]), utc(2024, 3, 5, 17, 0, 2)),
        (pa.array([1709658002.0]), utc(2024, 3, 5, 17, 0, 2)),
        (pa.array([NAIVE], pa.timestamp("ns")), None),
        (pa.array([utc(2024, 3, 5)], pa.timestamp("ns", "Europe/Paris")), utc(2024, 3, 5)),
        (pa.array([dt.date(2024, 3, 5)]), None),
        (pa.nulls(1), None),
        (pa.chunked_array([], pa.string()), ...),
    ],
    ids=["int", "float", "naive", "zoned", "date", "null", "no chunk"],
)
def test_native_time(array, found):
    assert clock.parse(array, None).values.to_pylist() == ([] if found is ... else [found])


def test_naive_times_are_null_and_said_so():
    rows = [{"author_id": "a", "text": "x", "comment_time": "2024-03-05 17:00:00"}]
    dump = normalise([raw(rows)])
    assert dump.comments["comment_time"].to_pylist() == [None]
    note = next(n for n in dump.notes if n.code == "naive_time")
    assert "1 of 1" in note.text and "--tz" in note.text
    assert column(rows, "comment_time", naive_zone="Europe/Paris") == [utc(2024, 3, 5, 16)]
    fixed = normalise([raw(rows, naive_zone="Asia/Shanghai")])
    assert fixed.comments["comment_time"].to_pylist() == [utc(2024, 3, 5, 9)]
    assert "naive_time" not in codes(fixed)


def test_relative_and_unreadable_times_are_noted():
    dump = normalise(
        [
            raw(
                [
                    {"author_id": "a", "text": str(i), "comment_time": t}
                    for i, t in enumerate(["il y a 1 an", "3 h ago", "soon"])
                ]
            )
        ]
    )
    assert {n.code: n.text[0] for n in dump.notes if n.code.endswith("_time")} == {
        "relative_time": "2",
        "unreadable_time": "1",
    }


def test_unknown_zone():
    with pytest.raises(UsageError):
        normalise([], zone="Mars/Olympus")


# id -> (author_id, author_name) given, found
AUTHORS = {
    "id and name": (("u1", "Ann"), ("u1", "Ann")),
    "name only": ((None, "Ann"), ("name:Ann", "Ann")),
    "empty id": (("", " Ann "), ("name:Ann", "Ann")),
    "name in NFC": ((None, "Zoe\u0301"), ("name:Zoé", "Zoé")),
    "garbled name": ((None, "ZoÃ©"), ("name:Zoé", "Zoé")),
    "deleted": ((None, "[deleted]"), (None, None)),
    "deleted as id": (("[deleted]", None), (None, None)),
    "placeholder": (("123", "Utilisateur Facebook"), (None, None)),
    "placeholder in capitals": ((None, "FACEBOOK USER"), (None, None)),
    "nothing": ((None, ""), (None, None)),
    "cut by Excel": (("1.22158E+17", "Ann"), ("name:Ann", "Ann")),
    "cut by Excel, comma": (("1,22158E+17", None), (None, None)),
    "hexadecimal": (("4e17", None), ("4e17", None)),
    "float": (("123.0", None), ("123", None)),
    "float past 2^53": (("122158123456789012.0", None), (None, None)),
    "Excel's text guard": (('="0123"', None), ("0123", None)),
    "quoted number": (("'0123", None), ("0123", None)),
}


@pytest.mark.parametrize("case", AUTHORS)
def test_author(case):
    (author, name), found = AUTHORS[case]
    dump = normalise([raw([{"author_id": author, "author_name": name, "text": "hello", "comment_time": T}])])
    assert (dump.comments["author_id"][0].as_py(), dump.comments["author_name"][0].as_py()) == found
    assert ("cut_id" in codes(dump)) == (case.startswith("cut") or "2^53" in case)


@pytest.mark.parametrize(
    ("array", "found", "lost"),
    [
        (pa.array([1.0, 2.0**60, None]), ["1", None, None], 1),
        (pa.array([1, 2**60]), ["1", str(2**60)], 0),
        (pa.array(["nan", "NULL", " x "]), [None, None, "x"], 0),
        (pa.nulls(2), [None, None], 0),
    ],
)
def test_typed_ids(array, found, lost):
    ids, n = values.ids(array)
    assert (ids.to_pylist(), n) == (found, lost)


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (
            values.integers,
            {
                "12": 12,
                "1,234": 1234,
                "1 234": 1234,
                "1.2k": 1200,
                "3M": 3_000_000,
                "12.0": 12,
                "x": None,
                "": None,
            },
        ),
        (values.floats, {"4.5": 4.5, "4,5": 4.5, "FIVE": 5.0, "nan": None, "five stars": None}),
        (
            values.truths,
            {"oui": True, "FALSE": False, "1": True, "https://x.invalid/a.png": True, "maybe": None},
        ),
    ],
)
def test_numbers_and_truths(function, found):
    assert function(pa.array(list(found))).to_pylist() == list(found.values())


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ("dÃ©jÃ  goÃ»tÃ©", "déjà goûté"),
        ("Ã\u00a9t\u00c3\u00a9", "Ã\u00a9t\u00c3\u00a9".encode("latin-1").decode()),
        ("câ€™est", "c’est"),
        ("ðŸ\u008d\u008a", "🍊"),
        ("SÃO PAULO", "SÃO PAULO"),
        ("déjà", "déjà"),
        ("Âge", "Âge"),
    ],
)
def test_mojibake(given_, found):
    assert values.texts(pa.array([given_]))[0].to_pylist() == [found]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_whole_texts_stay_or_come_back(text):
    garbled = text.encode().decode("latin-1")
    found = values.repaired(pa.chunked_array([pa.array([garbled])]))[0].to_pylist()[0]
    assert found in (text, garbled) or not garbled.isascii()


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
    assert dump.accounts["followers"].to_pylist() == [1200, None]
    assert dump.accounts["author_id"].to_pylist() == ["a", "name:Bob"]
    assert {(r["author_id"], r["role"]) for r in dump.declared.to_pylist()} == {
        ("owner", "owner"),
        ("a", "moderator"),
        ("name:Twin", "staff"),
        ("z", "staff"),
    }
    assert {"repeated_post", "naive_time"} <= set(codes(dump))


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


# The plain reference for the facts about one text.


def reference(text: str) -> dict:
    kind = [unicodedata.category(c) for c in text]
    bits = [
        textfacts.classes(c)
        if ord(c) < textfacts.LIMIT
        else (textfacts.LETTER | textfacts.DENSE if ord(c) < 0x34000 else 0)
        for c in text
    ]
    solid = [c for c in text if not (ord(c) < textfacts.LIMIT and c.isspace())]
    runs = [len(m.group()) for m in re.finditer(r"(.)\1*", text, re.DOTALL) if not m.group()[0].isspace()]
    marks = "".join(
        "d"
        if b & textfacts.DENSE
        else "w"
        if b & (textfacts.LETTER | textfacts.DIGIT)
        else ""
        if b & textfacts.MARK
        else " "
        for b in bits
    )
    words = sum(-(-len(run) // 2) if run[0] == "d" else 1 for run in re.findall(r"d+|w+", marks))
    word = [bool(b & (textfacts.LETTER | textfacts.DIGIT)) for b in bits]
    before = [False, *word][: len(text)]
    after = [*(w or c == "_" for w, c in zip(word, text, strict=True)), False][1:]
    emoji = flags = 0
    for i, (c, b) in enumerate(zip(text, bits, strict=True)):
        flag = 0x1F1E6 <= ord(c) <= 0x1F1FF
        flags = flags + 1 if flag else 0
        emoji += flags % 2 if flag else bool(b & textfacts.EMOJI) and (i == 0 or text[i - 1] != "\u200d")
    cased = (
        [k for k in kind if k in ("Lu", "Lt", "Ll")] if all(ord(c) < textfacts.LIMIT for c in text) else []
    )
    urls = sum(
        not before[m.start()] and not (m.group().lower() == "www." and text[: m.start()].endswith("/"))
        for m in re.finditer(r"https?://|www\.", text, re.IGNORECASE | re.ASCII)
    )
    return {
        "n_chars": len(text),
        "n_words": words,
        "n_emoji": emoji,
        "n_urls": urls,
        "n_mentions": sum(
            c in "@＠" and not b and a and text[i - 1 : i] != "."
            for i, (c, b, a) in enumerate(zip(text, before, after, strict=True))
        ),
        "n_hashtags": sum(c in "#＃" and not b and a for c, b, a in zip(text, before, after, strict=True)),
        "n_exclaims": sum(c in "!！" for c in text),
        "longest_run": max(runs, default=0),
        "upper_share": sum(k != "Ll" for k in cased) / len(cased) if cased else None,
        "digit_share": sum(bool(b & textfacts.DIGIT) for b in bits) / len(solid) if solid else None,
        "punct_share": sum(bool(b & textfacts.PUNCT) for b in bits) / len(solid) if solid else None,
    }


def folded(text: str) -> str:
    return "".join(textfacts.fold(c) for c in text)


WRITTEN = st.text(
    st.characters(max_codepoint=textfacts.LIMIT - 1, exclude_categories=["Cs"]), max_size=25
) | st.text(st.sampled_from("aÀé1２ß中文ไทยก็@#_.!！ \n‍👨👩🇫🇷👍🏽️⃣’Ωж/:wWhtps"), max_size=40)


@settings(max_examples=500, deadline=None)
@given(st.lists(WRITTEN, max_size=5))
def test_facts_equal_the_reference(texts):
    found = textfacts.facts(pa.array([*texts, None], pa.string()))
    for i, text in enumerate(texts):
        expected = reference(text)
        got = {name: found[name][i].as_py() for name in expected}
        assert all(
            e == pytest.approx(got[n]) if isinstance(e, float) else e == got[n] for n, e in expected.items()
        ), (text, expected, got)
        assert (found["text_hi"][i].as_py() is None) == (folded(text) == "")
    assert all(found[name][len(texts)].as_py() is None for name in found)


@settings(deadline=None)
@given(WRITTEN, WRITTEN)
def test_fingerprints_agree_where_normalised_texts_do(one, two):
    found = textfacts.facts(pa.array([one, two, f" {one.swapcase()}...", one + two]))
    prints = list(zip(found["text_hi"].to_pylist(), found["text_lo"].to_pylist(), strict=True))
    for i, a in enumerate((one, two)):
        for j, b in enumerate((one, two, f" {one.swapcase()}...", one + two)):
            assert (prints[i] == prints[j]) == (folded(a) == folded(b))


# id -> (text, normalised, words, emoji, urls, mentions, tags, script)
TEXTS = {
    "French": ("Déjà GOÛTÉE, l'été !", "dejagouteelete", 4, 0, 0, 0, 0, "latin"),
    "Chinese": ("很好吃的菜", "很好吃的菜", 3, 0, 0, 0, 0, "han"),
    "Thai": ("อร่อยมาก", "อร่อยมาก", 4, 0, 0, 0, 0, "thai"),
    "mixed": ("iPhone很好 v2", "iphone很好v2", 3, 0, 0, 0, 0, "latin"),
    "Russian": ("Очень вкусно", "оченьвкусно", 2, 0, 0, 0, 0, "cyrillic"),
    "Korean": ("정말 좋아요", "정말좋아요", 2, 0, 0, 0, 0, "hangul"),
    "decomposed": ("e\u0301te\u0301", "ete", 1, 0, 0, 0, 0, "latin"),
    "bold letters": ("𝗪𝗢𝗪 ok", "wowok", 2, 0, 0, 0, 0, "latin"),
    "family and flag": ("👨‍👩‍👧🇫🇷👍🏽1️⃣", "1", 1, 4, 0, 0, 0, "none"),
    "links and tags": (
        "see https://www.x.invalid @ann a@b.c #top #1 www.y.invalid",
        "seehttpswwwxinvalidannabctop1wwwyinvalid",
        14,
        0,
        2,
        1,
        2,
        "latin",
    ),
    "Weibo": ("#话题# @某人：好", "话题某人好", 3, 0, 0, 1, 1, "han"),
    "nothing": ("...", "", 0, 0, 0, 0, 0, "none"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text(case):
    text, normalised, *counts, script = TEXTS[case]
    found = textfacts.facts(pa.array([text]))
    assert folded(text) == normalised
    names = ("n_words", "n_emoji", "n_urls", "n_mentions", "n_hashtags")
    assert [found[n][0].as_py() for n in names] == counts
    assert found["script"][0].as_py() == script


def test_fingerprints_do_not_collide():
    texts = pa.array([f"{a}{'x' * (i % 7)}{i}" for i in range(100_000) for a in "ab"])
    found = textfacts.facts(texts)
    for name in ("text_hi", "text_lo"):
        assert pc.count_distinct(found[name]).as_py() == 200_000
        bits = found[name].to_numpy().view("uint64")
        shares = [float(((bits >> i) & 1).mean()) for i in range(64)]
        assert max(abs(s - 0.5) for s in shares) < 6 / math.sqrt(4 * 200_000)


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
