"""Normalising one cell: authors, numbers, texts, and the facts about one text against a plain reference."""

from __future__ import annotations

import math
import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_raw import T, codes, raw

from fakedetect import textfacts
from fakedetect.normalise import normalise, values

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


SIGNS_OF_MOJIBAKE = (b"\xc2", b"\xc3", b"\xd0", b"\xd1", b"\xe2\x80", b"\xf0\x9f")
"""First bytes of accented, Cyrillic and typographic characters and of emoji, in UTF-8."""


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_whole_texts_stay_or_come_back(text):
    """What was read as latin-1 comes back where it shows a sign of it, else stays; whole texts without one stay."""
    garbled = text.encode().decode("latin-1")
    shows = any(c.encode().startswith(SIGNS_OF_MOJIBAKE) for c in text)
    whole = re.sub("[ÂÃÐÑâð]", "", text)
    found = values.repaired(pa.chunked_array([pa.array([garbled, whole])]))[0].to_pylist()
    assert found == [text if shows else garbled, whole]


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
