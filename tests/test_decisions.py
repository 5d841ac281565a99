"""What people decided: nothing is lost, nothing is changed, and everybody is told what the other said."""

from __future__ import annotations

import re
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from fakedetect.decisions import MAX_CHARS, Decisions, Entry, Erased, Note, Overtaken, same_person
from fakedetect.errors import InputError, UsageError

AUDIT = "a" * 64


def decision(value: str = "confirmed", subject: str = "id1", kind: str = "account", why: str = "because") -> Note:
    return Note("decision", kind, subject, value, why)


@pytest.fixture
def kept(tmp_path: Path) -> Decisions:
    return Decisions(tmp_path / "audit.review.sqlite", AUDIT)


def wrote(kept: Decisions, who: str, *notes: Note, seen: int | None = None) -> list[Entry]:
    done = kept.write(who, notes, seen)
    assert not isinstance(done, Overtaken), done
    return done


def test_a_file_is_made_at_the_first_entry_for_its_owner_alone(kept: Decisions) -> None:
    assert (kept.entries(), kept.standings(), kept.check(), kept.erase("Cleo", "id1")) == ([], {}, "", Erased(0, 0))
    assert not kept.path.exists()
    [entry] = wrote(kept, "Anna", decision())
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert (entry.seq, entry.who, entry.value, entry.why, entry.audit) == (1, "Anna", "confirmed", "because", AUDIT)
    assert kept.entries() == [entry] == Decisions(kept.path, AUDIT).entries("account", "id1")


CASES = {
    # name: (notes of (who, note), state, what holds)
    "nothing": ([], "open", None),
    "decided": ([("Anna", decision())], "decided", "confirmed"),
    "signed off": ([("Anna", decision()), ("Ben", Note("signoff", "account", "id1", "agree", about=1))],
                   "signed", "confirmed"),
    "disputed": ([("Anna", decision()), ("Ben", Note("signoff", "account", "id1", "disagree", "no", about=1))],
                 "disputed", None),
    "decided anew": ([("Anna", decision()), ("Ben", Note("signoff", "account", "id1", "disagree", "no", about=1)),
                      ("Ben", decision("cleared"))], "decided", "cleared"),
    "objection": ([("Anna", decision()), ("Anna", Note("objection", "account", "id1", why="it is me"))],
                  "objection", None),
    "objection rejected": ([("Anna", decision()), ("Anna", Note("objection", "account", "id1", why="it is me")),
                            ("Ben", Note("answer", "account", "id1", "rejected", "still", about=2))],
                           "decided", "confirmed"),
    "objection upheld": ([("Anna", decision()), ("Anna", Note("objection", "account", "id1", why="it is me")),
                          ("Ben", Note("answer", "account", "id1", "upheld", "right", about=2))], "upheld", None),
    "upheld, then decided anew": (
        [("Anna", decision()), ("Anna", Note("objection", "account", "id1", why="it is me")),
         ("Ben", Note("answer", "account", "id1", "upheld", "right", about=2)), ("Anna", decision("cleared"))],
        "decided", "cleared"),
    "blind judgements do not count": ([("Anna", Note("blind", "account", "id1", "confirmed"))], "open", None),
    "carried over": ([("Cleo", Note("carried", "account", "id1", "cleared", "club", origin={"by": "Anna"}))],
                     "decided", "cleared"),
    "carried over, signed": ([("Cleo", Note("carried", "account", "id1", "cleared", "club",
                                            origin={"by": "Anna", "signed_by": "Ben"}))], "signed", "cleared"),
}


@pytest.mark.parametrize(("notes", "state", "holds"), CASES.values(), ids=CASES)
def test_where_it_stands(kept: Decisions, notes: list[tuple[str, Note]], state: str, holds: str | None) -> None:
    for who, note in notes:
        wrote(kept, who, note)
    now = kept.of("account", "id1")
    assert (now.state, now.holds) == (state, holds)
    assert kept.standings().get(("account", "id1"), now).state == state


REFUSED = {
    "no reason": ([], "Anna", decision(why="  ")),
    "no such value": ([], "Anna", decision("guilty")),
    "no such kind": ([], "Anna", decision(kind="page")),
    "too long": ([], "Anna", decision(why="x" * (MAX_CHARS + 1))),
    "nobody": ([], "  ", decision()),
    "sign-off of nothing": ([], "Ben", Note("signoff", "account", "id1", "agree", about=1)),
    "sign-off of an old one": ([("Anna", decision()), ("Anna", decision("cleared"))], "Ben",
                               Note("signoff", "account", "id1", "agree", about=1)),
    "one's own sign-off": ([("Anna", decision())], " ANNA ", Note("signoff", "account", "id1", "agree", about=1)),
    "one's own, carried over by another": (
        [("Cleo", Note("carried", "account", "id1", "cleared", "club", origin={"by": "Anna"}))], "anna",
        Note("signoff", "account", "id1", "agree", about=1)),
    "a disagreement without a reason": ([("Anna", decision())], "Ben",
                                        Note("signoff", "account", "id1", "disagree", about=1)),
    "an answer to nothing": ([("Anna", decision())], "Ben", Note("answer", "account", "id1", "upheld", "y", about=1)),
    "a second answer": ([("Anna", Note("objection", "account", "id1", why="me")),
                         ("Ben", Note("answer", "account", "id1", "rejected", "no", about=1))], "Ben",
                        Note("answer", "account", "id1", "upheld", "yes", about=1)),
}


@pytest.mark.parametrize(("before", "who", "note"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_not_entered(kept: Decisions, before: list[tuple[str, Note]], who: str,
                                            note: Note) -> None:
    for name, earlier in before:
        wrote(kept, name, earlier)
    with pytest.raises(UsageError):
        kept.write(who, [decision(subject="id2"), note])
    assert len(kept.entries()) == len(before)  # all or nothing


def test_the_second_of_two_is_told_what_the_first_said(kept: Decisions) -> None:
    wrote(kept, "Anna", decision("unsure", why="first look"))
    seen = kept.of("account", "id1").last
    wrote(kept, "Anna", decision("confirmed", why="ring"), seen=seen)
    told = kept.write("Ben", [decision("cleared", why="club")], seen)
    assert isinstance(told, Overtaken)
    assert [(e.who, e.value, e.why) for e in told.since] == [("Anna", "confirmed", "ring")]
    assert [e.value for e in kept.entries()] == ["unsure", "confirmed"]
    wrote(kept, "Ben", decision("cleared", why="club"), seen=told.since[-1].seq)
    assert [e.value for e in kept.entries()] == ["unsure", "confirmed", "cleared"]


def test_a_blind_judgement_is_told_to_nobody_and_hinders_nobody(kept: Decisions) -> None:
    wrote(kept, "Ben", Note("blind", "account", "id1", "confirmed", "secret"))
    assert [e.what for e in wrote(kept, "Anna", decision(), seen=0)] == ["decision"]
    assert [e.value for e in wrote(kept, "Anna", Note("blind", "account", "id1", "cleared"))] == ["cleared"]


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    """Eight writers, each with its own connections, start together on a file that is not there yet."""
    path, start = tmp_path / "audit.review.sqlite", threading.Barrier(8)

    def write(writer: int) -> list[int]:
        kept = Decisions(path, AUDIT)
        start.wait()
        return [wrote(kept, f"w{writer}", decision(subject=f"id{writer}", why=f"{writer}-{i}"))[0].seq
                for i in range(10)]

    with ThreadPoolExecutor(8) as pool:
        written = sorted(seq for seqs in pool.map(write, range(8)) for seq in seqs)
    kept = Decisions(path, AUDIT)
    assert written == list(range(1, 81))
    assert {e.why for e in kept.entries()} == {f"{w}-{i}" for w in range(8) for i in range(10)}
    assert len(kept.check()) == 64


def test_of_two_at_once_on_one_account_exactly_one_wins(tmp_path: Path) -> None:
    kept, start = Decisions(tmp_path / "audit.review.sqlite", AUDIT), threading.Barrier(6)

    def write(who: str) -> list[Entry] | Overtaken:
        start.wait()
        return kept.write(who, [decision(why=who)], 0)

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(write, "abcdef"))
    won = [d for d in done if not isinstance(d, Overtaken)]
    assert len(won) == len(kept.entries()) == 1
    assert all(d.since[0].who == won[0][0].who for d in done if isinstance(d, Overtaken))


def changed(path: Path, statement: str, triggers: bool = False) -> None:
    with closing(sqlite3.connect(path)) as base:
        if triggers:
            base.execute("drop trigger nothing_changes")
            base.execute("drop trigger nothing_goes")
        base.execute(statement)
        base.commit()


@pytest.mark.parametrize("statement", ["delete from events where seq = 2", "update events set why = 'x' where seq = 2",
                                       "update events set who = 'x' where seq = 2"])
def test_entries_are_never_changed_or_removed(kept: Decisions, statement: str) -> None:
    for value in ("unsure", "confirmed", "cleared"):
        wrote(kept, "Anna", decision(value))
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        changed(kept.path, statement)
    assert [e.value for e in Decisions(kept.path, AUDIT).entries()] == ["unsure", "confirmed", "cleared"]
    changed(kept.path, statement, triggers=True)
    with pytest.raises(InputError, match=r"entry [23] of the review file was changed by another hand"):
        Decisions(kept.path, AUDIT)


def test_the_fingerprint_tells_when_the_end_was_cut_off(kept: Decisions) -> None:
    wrote(kept, "Anna", decision())
    before = kept.check()
    wrote(kept, "Anna", decision("cleared"))
    assert kept.check() != before
    changed(kept.path, "delete from events where seq = 2", triggers=True)
    assert kept.check() == before


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one" * 20, b"SQLite format 3\0" * 9])
def test_a_file_that_is_none_of_ours_is_left_alone(kept: Decisions, content: bytes) -> None:
    kept.path.write_bytes(content)
    with pytest.raises(InputError):
        Decisions(kept.path, AUDIT)
    assert kept.path.read_bytes() == content


def test_another_sqlite_file_is_left_alone(kept: Decisions) -> None:
    changed(kept.path, "create table events (seq integer)")
    with pytest.raises(InputError, match="no review file of this version"):
        Decisions(kept.path, AUDIT)


def test_erasing_a_person_keeps_the_chain_and_says_so(kept: Decisions) -> None:
    wrote(kept, "Anna", decision(why="Jean Dupont himself"), decision(subject="id2", why="other"))
    wrote(kept, "Ben", Note("signoff", "account", "id1", "agree", about=1))
    wrote(kept, "Ben", Note("objection", "account", "id1", why="it is Jean"))
    assert kept.erase("Cleo", "id1") == Erased(3, 0)
    assert kept.erase("Cleo", "id1") == Erased(0, 0)
    content = kept.path.read_bytes()
    assert b"Jean" not in content and b"id1" not in content and b"other" in content
    assert len(Decisions(kept.path, AUDIT).check()) == 64
    assert [e.what for e in kept.entries()] == ["erased", "decision", "erased", "erased", "erasure"]
    assert list(kept.standings()) == [("account", "id2")]


def test_what_names_an_erased_person_goes_out_of_other_entries_and_the_chain_holds(kept: Decisions) -> None:
    wrote(kept, "Anna", decision(why="himself"), decision(subject="id2", why="wrote as Jean did"),
          decision(subject="g-old", kind="group", why="with Jean"), decision(subject="id3", why="another"))
    wrote(kept, "Ben", Note("signoff", "account", "id2", "agree", about=2),
          Note("carried", "group", "g-new", "cleared",
               origin={"by": "Jean", "old_subject": "g-old", "from": "Jean/x"}))
    # As a file stands that was made before there were cleaned entries.
    changed(kept.path, "create trigger nothing_changes before update on events begin select raise(abort, 'never'); end",
            triggers=True)
    before = kept.entries()
    cleaned = {"Jean": "erased", "g-old": "g-now"}
    done = kept.erase("Cleo", "id1", lambda t: re.sub("Jean|g-old", lambda m: cleaned[m[0]], t), {"g-old": "g-now"})
    assert done == Erased(1, 3)
    content = kept.path.read_bytes()
    assert b"himself" not in content and b"g-old" not in content and content.count(b"Jean") == 1, "who carried it over"
    after = Decisions(kept.path, AUDIT).entries()
    assert [e.what for e in after[len(before):]] == ["cleaned"] * 3 + ["erasure"]
    assert [(e.subject, e.why) for e in after[1:6]] == [("id2", "wrote as erased did"), ("g-now", "with erased"),
                                                       ("id3", "another"), ("id2", ""), ("g-new", "")]
    assert after[5].origin == {"by": "Jean", "old_subject": "g-now", "from": "erased/x"}
    for old, new in zip(before[1:], after[1:], strict=False):
        assert replace(new, subject=old.subject, why=old.why, origin=old.origin) == old
    assert {k: s.state for k, s in kept.standings().items()} == {
        ("account", "id2"): "signed", ("group", "g-now"): "decided", ("account", "id3"): "decided",
        ("group", "g-new"): "decided"}
    for statement in ("update events set why = 'x' where seq = 4", "update events set value = 'cleared' where seq = 2",
                      "update events set what = 'cleaned' where seq = 2"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            changed(kept.path, statement)
    # The guard lets a cleaned entry be cleaned again; what the chain does not vouch for is found all the same.
    changed(kept.path, "update events set why = 'wrote alone' where seq = 2")
    with pytest.raises(InputError, match=r"entry 2 of the review file was changed"):
        Decisions(kept.path, AUDIT)


def test_a_group_of_which_nobody_is_left_is_blanked(kept: Decisions) -> None:
    wrote(kept, "Anna", decision(subject="g-old", kind="group"))
    assert kept.erase("Cleo", "id1", groups={"g-old": None}) == Erased(1, 0)
    assert kept.standings() == {} and b"g-old" not in kept.path.read_bytes()


@pytest.mark.parametrize(("a", "b", "same"), [("Anna", " anna ", True), ("Anna  B", "anna b", True),
                                              ("Ａｎｎａ", "anna", True), ("Anna", "Anne", False)])
def test_same_person(a: str, b: str, same: bool) -> None:
    assert same_person(a, b) is same
