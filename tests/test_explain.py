"""`explain`: one account in plain text, found by label, id or name, and safe to print."""

from __future__ import annotations

import re

import pytest
from make_audit import FEATURES, HOSTILE

from fakedetect.errors import InputError
from fakedetect.report import explain
from fakedetect.schema import Audit
from fakedetect.words import LANGS, Lang


@pytest.mark.parametrize("asked", ["S00", "id0", HOSTILE[0], "s00"], ids=["label", "id", "name", "case"])
@pytest.mark.parametrize("lang", LANGS)
def test_explain_finds_an_account(found_audit: Audit, asked: str, lang: Lang) -> None:
    text = explain.account(found_audit, asked, lang=lang, features=FEATURES)
    head = {"en": "Account S00", "fr": "Compte S00"}[lang]
    assert text.startswith(head + "\n===")
    assert all(len(line) <= 120 for line in text.splitlines())
    assert "g1" in text and "S01" in text


def test_explain_drives_no_terminal(found_audit: Audit) -> None:
    for k in range(9):
        text = explain.account(found_audit, f"S{k:02d}", lang="en", names=True, features=FEATURES)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


UNKNOWN = {
    # id: (asked, what the error says)
    "near a label": ("S0", "one of these: .*S0"),
    "near a name": ("Camille Martn 100", "one of these: A[15]00"),
    "nothing near": ("zzzzzzzzzzzzzzzzzzz", "a label, id or name"),
    "namesakes": ("Camille Martin 20", "2 accounts are called"),
}


@pytest.mark.parametrize(("asked", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_explain_says_who_was_meant(found_audit: Audit, asked: str, said: str) -> None:
    with pytest.raises(InputError, match=re.compile(said, re.DOTALL)):
        explain.account(found_audit, asked, lang="en", features=FEATURES)
