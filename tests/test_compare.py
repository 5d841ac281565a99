"""Two audits side by side: who is the same, what carries over, and what cannot be compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import make_case
import pytest
from audits import run
from make_audit import make_audit

from fakedetect import output
from fakedetect.compare import carry, compare, text
from fakedetect.compare.matching import groups
from fakedetect.decisions import Decisions, Note, Overtaken, beside, fingerprint
from fakedetect.errors import InputError
from fakedetect.words import LANGS, Lang

OLD = make_audit(n_accounts=120, n_posts=40)
RING = [f"id{k}" for k in range(9)]


def people(*names: str) -> set[str]:
    return set(" ".join(names))- {" "}


MATCHES = {
    # name: (old, new, {new group: (old group, decision carries)}, gone)
    "the same": ({"a": people("abcde")}, {"b": people("abcde")}, {"b": ("a", True)}, []),
    "one joined, one left": ({"a": people("abcde")}, {"b": people("bcdef")}, {"b": ("a", True)}, []),
    "two in common are too few": ({"a": people("abc")}, {"b": people("abxyz")}, {}, ["a"]),
    "three strays among many": ({"a": people("abcdefgh")}, {"b": people("abcuvwxyz")}, {}, ["a"]),
    "half of the smaller": ({"a": people("abcdef")}, {"b": people("abcuvw")}, {"b": ("a", True)}, []),
    "grown beyond what was decided": ({"a": people("abcd")}, {"b": people("abcduvwxyz")}, {"b": ("a", False)}, []),
    "shrunk": ({"a": people("abcdefghij")}, {"b": people("abc")}, {"b": ("a", True)}, []),
    "split in two": ({"a": people("abcdefgh")}, {"b": people("abcd"), "c": people("efgh")},
                     {"b": ("a", True), "c": ("a", True)}, []),
    "two became one": ({"a": people("abcde"), "b": people("fgh")}, {"c": people("abcdefgh")}, {"c": ("a", True)}, []),
    "new": ({}, {"b": people("abc")}, {}, []),
    "gone": ({"a": people("abc")}, {}, {}, ["a"]),
}


@pytest.mark.parametrize(("old", "new", "same", "gone"), MATCHES.values(), ids=MATCHES)
def test_groups_are_the_same_by_their_members(old: dict[str, set[str]], new: dict[str, set[str]],
                                              same: dict[str, tuple[str, bool]], gone: list[str]) -> None:
    found = groups(old, new)
    assert {r["group_id"]: (r["old_id"], r["mostly_known"]) for r in found["still"]} == same
    assert [r["group_id"] for r in found["new"]] == [g for g in sorted(new) if g not in same]
    assert [r["old_id"] for r in found["gone"]] == gone
    assert all(r["split"] is (sum(s[0] == r["old_id"] for s in same.values()) > 1) for r in found["still"])


def test_accounts_by_what_became_of_them() -> None:
    """id0 left the ring, id1 was renamed, id2 vanished with its comments, id50 is a suspect now."""
    new = make_case.changed(OLD, {
        "id0": {"verdict": "no_evidence", "group_id": None, "label": "A00"},
        "id1": {"author_name": "Somebody Else"},
        "id50": {"verdict": "suspect", "group_id": "g1", "label": "S50"},
    }, without=("id2",))
    found = compare(OLD, new)
    status = {r["author_id"]: r for rows in found["accounts"].values() for r in rows}
    assert {a: r["status"] for a, r in status.items()} == {
        **dict.fromkeys([*RING, "id9", "id10", "id11"], "still"), "id0": "no_longer", "id2": "gone", "id50": "new"}
    assert status["id2"]["missing"] == "removed"
    assert found["renamed"] == {"named": ["id1"], "others": 0}
    assert found["vanished"] == {"accounts": 1, "removed": 1}
    [group] = found["groups"]["still"]
    assert (group["shared"], group["joined"], group["left"]) == (7, 1, 2)


def test_who_is_silent_is_not_said_to_be_removed() -> None:
    """The new export holds later posts only: nothing is known of who wrote under the old ones."""
    early = {c["author_id"] for c in OLD.comments.to_pylist()} - {
        c["author_id"] for c in OLD.comments.to_pylist() if int(c["post_id"][5:]) >= 30}
    new = make_case.changed(OLD, without=(*early, "id3"), posts_from=30)
    found = compare(OLD, new)
    assert found["vanished"] == {"accounts": len(early) + 1, "removed": 1}
    assert {n["code"] for n in found["notes"]} <= {"turned", "apart"}


REFUSED = {
    "kinds": ({"kind": "reviews"}, "comments and one of reviews"),
    "platforms": ({"platforms": ["tiktok"]}, "ids of facebook and of tiktok"),
}


@pytest.mark.parametrize(("facts", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_compared_is_refused_by_name(facts: dict[str, Any], says: str) -> None:
    old = make_case.changed(OLD, platforms=["facebook"])
    with pytest.raises(InputError, match=says):
        compare(old, make_case.changed(old, **facts))


def test_audits_without_a_common_account_are_refused() -> None:
    names = {r["author_id"]: {"author_id": f"name:{r['author_name']}"} for r in OLD.accounts.to_pylist()}
    with pytest.raises(InputError, match="no account in common") as told:
        compare(OLD, make_case.changed(OLD, names))
    assert "only names" in str(told.value)


NOTES = {"settings": {"fdr": 0.1}, "refused": {"refused": []}}


@pytest.mark.parametrize(("code", "facts"), NOTES.items(), ids=NOTES)
def test_what_else_may_explain_a_difference_is_told(code: str, facts: dict[str, Any]) -> None:
    assert [n["code"] for n in compare(OLD, make_case.changed(OLD, **facts))["notes"]] == [code]
    assert compare(OLD, OLD)["notes"] == []


def decide(folder: Path) -> Decisions:
    """Anna and Ben on the old audit: id0 cleared and signed, id1 confirmed, id2 disputed, id3 objects, g1 confirmed."""
    kept = Decisions(beside(folder), fingerprint(folder))
    for who, note in (
        ("Anna", Note("decision", "account", "id0", "cleared", "a fan club, they showed us")),
        ("Ben", Note("signoff", "account", "id0", "agree", about=1)),
        ("Anna", Note("decision", "account", "id1", "confirmed", "<b>same seconds</b>")),
        ("Anna", Note("decision", "account", "id2", "confirmed", "same seconds")),
        ("Ben", Note("signoff", "account", "id2", "disagree", "a friend", about=4)),
        ("Anna", Note("decision", "account", "id3", "confirmed", "same seconds")),
        ("Anna", Note("objection", "account", "id3", why="I am a fan")),
        ("Anna", Note("decision", "account", "id4", "cleared", "gone since")),
        ("Anna", Note("decision", "group", "g1", "confirmed", "one hand")),
    ):
        assert not isinstance(kept.write(who, [note]), Overtaken)
    return kept


def test_decisions_carry_over_once_and_never_over_a_new_one(tmp_path: Path) -> None:
    old = make_case.folder(tmp_path / "old", OLD)
    before = decide(old)
    moved = make_case.changed(OLD, {a: {"group_id": "g9"} for a in RING}, without=("id4",))
    new = make_case.folder(tmp_path / "new", moved)
    after = Decisions(beside(new), fingerprint(new))
    after.write("Cleo", [Note("decision", "account", "id1", "unsure", "I look again")])
    found = compare(output.read(old), output.read(new), before.standings(), after.standings())
    assert {(r["subject"], r["there"]) for r in found["decisions"]["carried"]} == {("id0", False), ("id1", True),
                                                                                  ("g9", False)}
    assert {r["old_subject"]: r["because"] for r in found["decisions"]["not_carried"]} == {
        "id2": "disputed", "id3": "objection", "id4": "gone"}
    assert len(carry(found, after, "Cleo", "old")) == 3
    now = after.standings()
    cleared = now["account", "id0"]
    assert (cleared.state, cleared.holds, cleared.signed_by) == ("signed", "cleared", "Ben")
    assert cleared.decision is not None and cleared.decision.by == "Anna" and cleared.decision.who == "Cleo"
    assert now["account", "id1"].holds == "unsure"
    assert now["group", "g9"].holds == "confirmed"
    assert now["account", "id3"].objections[0][0].why == "I am a fan"
    assert ("account", "id2") not in now and ("account", "id4") not in now
    again = compare(output.read(old), output.read(new), before.standings(), after.standings())
    assert carry(again, after, "Cleo", "old") == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("names", [False, True])
def test_as_text_it_is_80_columns_wide_and_harmless(lang: Lang, names: bool, tmp_path: Path) -> None:
    old = make_case.folder(tmp_path / "old", OLD)
    hostile = {f"id{k}": {"author_name": "\x1b[31m\u202eevil"} for k in range(20)}
    said = text.words(compare(OLD, make_case.changed(OLD, hostile, without=("id5", "id60")), decide(old).standings()),
                      lang, names=names, zone="Europe/Paris")
    assert max(map(len, said.splitlines())) <= 80
    assert "\x1b" not in said and "\u202e" not in said
    assert ("evil" in said) is names
    assert "g1" in said and "S00" in said


def test_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = make_case.folder(tmp_path / "old", OLD)
    decide(old)
    new = shutil.copytree(old, tmp_path / "new")
    run("compare", old, new, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["groups"]["still"][0]["old_id"] == "g1"
    assert not beside(new).exists()
    run("compare", old, new, "--carry-over", "--reviewer", "Cleo", "--lang", "fr")
    assert "Décisions reprises" in capsys.readouterr().out
    assert {e.who for e in Decisions(beside(new), "").entries()} == {"Cleo"}
    (new / "accounts.parquet").unlink()
    run("compare", old, new, expect=3)
    assert "the audit is damaged" in capsys.readouterr().err
    run("compare", old, tmp_path, expect=3)
    assert "no audit" in capsys.readouterr().err
