"""`inspect` says what a dump is and bears: as JSON, and as plain text in two languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from make_dump import make_dump, organic

from fakedetect import schema
from fakedetect.inspect import LABELS, PHRASES, describe, words
from fakedetect.quality import TESTS, gate
from fakedetect.words import LANGS, Lang

COMMENTS, POSTS = organic(n_posts=30, n_comments=1200, n_accounts=400)


def told(comments: Any = COMMENTS, posts: Any = POSTS, **fields: Any) -> dict[str, Any]:
    dump = make_dump(comments, posts, **fields)
    return describe(dump, gate(dump), ["utf-8"])


def test_describe_counts() -> None:
    d = told()
    assert json.loads(json.dumps(d)) == d
    assert d["rows"] == {"read": 1200, "kept": 1200, "rejected": 0, "reasons": {}}
    assert d["accounts"]["total"] == len({c["author_id"] for c in COMMENTS})
    assert d["posts"] == {"total": 30, "answered": 30, "dated": 30}
    assert d["times"] == {"zone": "UTC", "resolution_s": 1.0, "share": 1.0}
    assert d["curves"] == {"own": 1, "pooled": 0} and d["pages"] == 1
    assert "comments.likes" in d["missing"] and "comments.rating" not in d["missing"]
    assert set(d["can"]) == {t.name for t in TESTS if t.kind != "reviews"} - {"profile"}
    assert [r["test"] for r in d["refused"]] == ["profile"]


def test_rejects_are_counted_by_reason() -> None:
    rejects = schema.REJECTS.empty_table().from_pylist(
        [{"source": "dump.csv", "row": i, "reason": "duplicate", "raw": ""} for i in (7, 9)], schema.REJECTS)
    d = told(rejects=rejects)
    assert d["rows"] == {"read": 1202, "kept": 1200, "rejected": 2, "reasons": {"duplicate": 2}}
    assert "duplicate: 2" in words(d, "en")


def test_one_reason_on_many_pages_is_said_once() -> None:
    comments, posts = list(COMMENTS), list(POSTS)
    for k in range(6):
        more, more_posts = organic(n_posts=30, n_comments=700, seed=k, page_id=f"p{k}")
        for p in more_posts:
            p["declared_comments"] = 100
        comments, posts = comments + more, posts + more_posts
    d = told(comments, posts)
    entries = [r for r in d["refused"] if r["code"] == "incomplete"]
    assert [(r["test"], r["pages"]) for r in entries] == [("first_hour", 6), ("burst", 6)]
    assert entries[0]["some_pages"] == ["p0", "p1", "p2"]
    text = " ".join(words(d, "en").split())
    assert "Burst after a post, on 6 of 7 pages, for instance p0: of the comments" in text
    assert text.count("of the comments that the platform counts, half") == 1


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("fields", [
    {}, {"kind": "reviews"}, {"truncated": True}, {"zone": "Europe/Paris"},
    {"notes": (schema.Note("mojibake", "3 texts were repaired", "3 textes réparés", "dump.csv"),)},
    {"sources": {"a/very/long/" + "path/" * 30 + "dump.csv": "0" * 64}},
], ids=["plain", "reviews", "truncated", "zone", "notes", "long path"])
def test_words_fit_a_terminal(lang: Lang, fields: dict[str, Any]) -> None:
    text = words(told(**fields), lang)
    assert max(map(len, text.splitlines())) <= 80
    assert "{" not in text and "None" not in text


def test_words_without_times_or_authors() -> None:
    d = told({"text": ["bonjour", "merci"], "author_name": ["Zoé", "Léa"]}, None)
    assert d["period"] is None and d["times"]["resolution_s"] is None
    assert "aucune utilisable" in words(d, "fr")
    assert "none that can be used" in words(d, "en")


def test_notes_are_told_in_the_readers_language() -> None:
    notes = (schema.Note("mojibake", "3 texts were repaired", "3 textes réparés", "dump.csv"),)
    assert "3 textes réparés (dump.csv)" in words(told(notes=notes), "fr")
    assert "3 texts were repaired (dump.csv)" in words(told(notes=notes), "en")


def test_nothing_from_outside_moves_the_cursor() -> None:
    note = schema.Note("x", "\x1b[2J\u202ewiped", "", "\x07name.csv")
    text = words(told(notes=(note,), sources={"a\x1b]0;b\x07.csv": "0" * 64}), "en")
    assert "wiped" in text and "name.csv" in text, "they are shown, without what would move the cursor"
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_languages_have_the_same_fields() -> None:
    for text in [*LABELS.values(), *PHRASES.values()]:
        assert text.fields()[0] == text.fields()[1]
