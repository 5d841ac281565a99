"""What people decided, in a dossier: under pseudonyms, in its pages and its chain; a replay takes it as it stands."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import make_case
import make_dossier
import pytest
from audits import run, table
from make_dossier import HOSTILE, files, made, spoken_of

from fakedetect.decisions import Decisions, Entry, Note, Overtaken, beside
from fakedetect.dossier import build, decided, pseudonyms
from fakedetect.dossier.spoken import LEFT_OUT, Spoken
from fakedetect.dossier.verify import verify
from fakedetect.schema import Audit


@dataclass(frozen=True)
class Reviewed:
    """An audit that people decided on, its S01 called by name; and a dossier of both."""

    case: make_dossier.Case
    folder: Path
    ids: dict[str, str]
    """label -> author_id"""
    name: str
    group: str
    zip: Path


def wrote(folder: Path, who: str, *notes: Note) -> None:
    done = Decisions.of_audit(folder).write(who, notes)
    assert not isinstance(done, Overtaken)


@pytest.fixture(scope="module")
def reviewed(case: make_dossier.Case, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    here = tmp_path_factory.mktemp("reviewed")
    folder, author, name, _ = spoken_of(case, here / "audit")
    ids = {r["label"]: r["author_id"] for r in table(folder, "accounts").to_pylist()}
    group = table(folder, "groups")["group_id"][0].as_py()
    wrote(folder, "Anna Lindqvist",
          Note("decision", "account", author, "confirmed", f"{name} told us; see {ids['S02']}, j.d@x.example"),
          Note("decision", "account", ids["S02"], "cleared",
               f"came with Zoé, says Lagarrigue. {HOSTILE[0]} {HOSTILE[3]}"),
          Note("decision", "group", group, "confirmed", f"With group {group}: one crew, says anna lindqvist"))
    wrote(folder, "Ben Okonkwo", Note("signoff", "account", author, "agree", about=1),
          Note("objection", "account", ids["S02"], why="+33 6 12 34 56 78 called: I am nobody's"),
          Note("answer", "account", ids["S02"], "rejected", "heard, and not upheld", 5),
          Note("carried", "account", ids["S03"], "unsure", "as before", origin={
              "from": "/home/x/audit_may", "by": "Cleo Marchetti", "at": "2024-05-06T07:08:09+00:00",
              "old_subject": ids["S03"]}))
    said = {"Anna Lindqvist": "confirmed confirmed cleared", "Ben Okonkwo": "confirmed cleared cleared"}
    for who, values in said.items():
        wrote(folder, who, *(Note("blind", "account", ids[label], value, "secret") for label, value in zip(
            ("S01", "S02", next(k for k in ids if k[0] == "A")), values.split(), strict=True)))
    return Reviewed(case, folder, ids, name, group, made(folder, here / "case.zip", case.key))


PRIVATE = ("Anna", "Okonkwo", "Lindqvist", "Marchetti", "Lagarrigue", "j.d@x", "12 34 56", "audit_may", "secret")


def test_decisions_stand_in_it_under_pseudonyms(reviewed: Reviewed) -> None:
    held, key = files(reviewed.zip), pseudonyms.load(reviewed.case.key)
    private = {*PRIVATE, reviewed.group, *(reviewed.ids[k] for k in ("S01", "S02", "S03"))}
    # A long number may hold a short one: ids stand in no text as words of their own.
    assert [(n, w) for n, text in held.items() for w in private if w in text.replace("\\", "")] == []
    told = json.loads(held[decided.NAME])
    assert told["fingerprint"] == Decisions.of_audit(reviewed.folder).check()
    assert json.loads(held[build.MANIFEST])["decisions"] == {"fingerprint": told["fingerprint"], "entries": 7}
    tokens = {label: key.of("account", reviewed.ids[label]) for label in ("S01", "S02", "S03")}
    people = [r["reviewer"] for r in told["reviewers"]]
    assert len(set(people)) == 3 and {r["name"] for r in told["reviewers"]} == {None}
    stands = {(s["kind"], s["subject"]): (s["state"], s["holds"], s["signed_by"]) for s in told["standings"]}
    assert stands == {
        ("account", tokens["S01"]): ("signed", "confirmed", people[1]),
        ("account", tokens["S02"]): ("decided", "cleared", None),
        ("account", tokens["S03"]): ("decided", "unsure", None),
        ("group", key.of("group", reviewed.group)): ("decided", "confirmed", None)}
    said = {e["seq"]: e for e in told["entries"]}
    assert said[1]["why"] == f"{tokens['S01']} told us; see {tokens['S02']}, {LEFT_OUT}"
    assert said[2]["why"].startswith(f"came with Zoé, says {tokens['S01']}. "), "a name of three letters is a word"
    assert said[3]["why"] == f"With group {key.of('group', reviewed.group)}: one crew, says {people[0]}"
    assert (said[5]["what"], said[5]["why"]) == ("objection", f"{LEFT_OUT} called: I am nobody's")
    assert (said[6]["value"], said[6]["about"]) == ("rejected", 5)
    assert said[7]["carried_over"] == {"by": people[2], "at": "2024-05-06T07:08:09+00:00", "signed_by": None,
                                       "subject": tokens["S03"]}


def test_the_trial_is_told_as_agreement(reviewed: Reviewed) -> None:
    told = json.loads(files(reviewed.zip)[decided.NAME])
    both, anna, ben = told["blind"]["agreement"]
    # Of three accounts two are judged alike: (2/3 - 4/9) / (1 - 4/9). The audit flags the first two.
    assert (both["n"], both["share"], both["kappa"]) == (3, 0.666666667, 0.4)
    assert (anna["b"], anna["kappa"], ben["kappa"]) == (None, 1.0, 0.4)
    assert [r["n"] for r in told["blind"]["judged"]] == [3, 3]


def test_the_case_page_shows_them_and_nothing_in_them_runs(reviewed: Reviewed) -> None:
    held = files(reviewed.zip)
    for lang, words in (("en", ("What people decided", "confirmed, by reviewer 1; signed off by reviewer 2", "S01 (a-",
                                "Objection of the account", "carried over", "0.40 (")),
                        ("fr", ("Ce que des personnes ont décidé", "examinateur 1 a décidé", "validé par",
                                "0,40 ("))):
        page, text = held[f"case.{lang}.html"], held[f"case.{lang}.md"]
        assert [w for w in words if w not in page] == []
        assert [w for w in words if w.split(" (")[0] not in text] == []
        assert "<script" not in page and "&lt;script&gt;" in page and "\\<script\\>" in text


def test_a_changed_byte_of_a_decision_is_named(reviewed: Reviewed, tmp_path: Path) -> None:
    path, held = tmp_path / "x.zip", reviewed.zip.read_bytes()
    with zipfile.ZipFile(reviewed.zip) as inner:
        info = inner.getinfo(decided.NAME)
    begin = info.header_offset + 30 + len(decided.NAME)
    for at in range(begin, begin + info.compress_size, 7):
        path.write_bytes(held[:at] + bytes([held[at] ^ 1]) + held[at + 1:])
        assert verify(path).problems == (f"{decided.NAME}: its content was changed",)


def test_a_replay_takes_them_as_they_stand_and_says_so(reviewed: Reviewed, case: make_dossier.Case, tmp_path: Path,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    shutil.copy(beside(reviewed.folder), beside(folder))
    out = made(folder, tmp_path / "c.zip", case.key, "--names")
    run("replay", out, case.dump, "--key", case.key)
    told = capsys.readouterr().out
    assert "Entries of people, which nothing can compute, taken as they stand in the dossier: 7." in told
    assert "byte by byte" in told
    run("replay", out, case.dump, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["same"] and told["decisions"] == 7
    # Where names were asked for, reviewers are named, too.
    held = files(out)
    assert "Anna Lindqvist" in held["names.csv"] and "Anna Lindqvist" in held["case.en.html"]


def test_they_can_be_left_out_or_taken_from_elsewhere(reviewed: Reviewed, case: make_dossier.Case, tmp_path: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    held = files(made(reviewed.folder, tmp_path / "none.zip", case.key, "--no-review"))
    assert decided.NAME not in held and json.loads(held[build.MANIFEST])["decisions"] is None
    assert "No decision of a person stands in this dossier" in held["case.en.md"]
    moved = shutil.copy(beside(reviewed.folder), tmp_path / "elsewhere.sqlite")
    again = made(reviewed.folder, tmp_path / "again.zip", case.key, "--review", moved)
    assert again.read_bytes() == reviewed.zip.read_bytes(), "the same decisions, the same bytes"
    run("dossier", case.folder, "--out", tmp_path / "x.zip", "--key", case.key, "--review", moved, expect=2)
    assert "nothing in this file was decided on this audit" in capsys.readouterr().err
    run("dossier", reviewed.folder, "--out", tmp_path / "x.zip", "--key", case.key, "--review", moved, "--no-review",
        expect=2)
    bad = tmp_path / "bad.sqlite"
    bad.write_bytes(b"SQLite format 3\0" * 9)
    run("dossier", reviewed.folder, "--out", tmp_path / "x.zip", "--key", case.key, "--review", bad, expect=3)
    assert "bad.sqlite" in capsys.readouterr().err
    assert not (tmp_path / "x.zip").exists()


NAMED = {"id0": "Jean Dupont", "id1": "merci", "id2": "Nadine", "id3": "王小明", "id50": "bravo", "id51": "Lea Roy",
         "id52": "Max Mustermann", "id9": "Paul Martin"}
SAID = {
    # what a reviewer wrote about id0: what a dossier shows; {0} is the pseudonym of id0
    "whole name, any case": ("JEAN DUPONT did", "{0} did"),
    "each word of the name of whom it is about": ("Mr Dupont (jean)", "Mr {0} ({0})"),
    "not inside a word": ("Jeanette and Dupontel", "Jeanette and Dupontel"),
    "decomposed": ("Jean Dupont and Le\u0301a", "{0} and Léa"),
    "another flagged account by one word": ("like Nadine", "like {2}"),
    "a flagged account called like a word": ("merci", "{1}"),
    "no spaces in the script": ("和王小明一起", "和{3}一起"),
    "another's whole name": ("and Max Mustermann", "and {52}"),
    "a word that is a name of somebody else": ("bravo to them", "bravo to them"),
    "behind an @": ("@bravo and @nobody.here", "@{50} and […]"),
    "a word of another flagged name, as it is written": ("and Martin, not martin", "and {9}, not martin"),
    "half of the name of somebody else": ("and Mustermann", "and Mustermann"),
    "a whole name behind an @": ("@Max Mustermann @Jean Dupont", "@{52} @{0}"),
    "ids": ("id52, c0000003 on post_0004", "{52}, {c} on {p}"),
    "what is nobody's": ("http://x.example/me?a=1 me@x.example 06 12 34 56 78 0612345678", "[…] […] […] […]"),
    "days and small numbers stay": ("2024-03-05 13:02, 27 of 30, p = .0005", "2024-03-05 13:02, 27 of 30, p = .0005"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "shown"), SAID.values(), ids=SAID)
def test_what_reviewers_wrote(found_audit: Audit, text: str, shown: str) -> None:
    audit = make_case.changed(found_audit, {a: {"author_name": n} for a, n in NAMED.items()})
    key = pseudonyms.Pseudonyms(b"k" * 32)
    entry = Entry("decision", "account", "id0", "confirmed", text, seq=1, who="Anna")
    tokens = {f"{n}": key.of("account", f"id{n}") for n in range(60)}
    expected = shown
    for n, token in tokens.items():
        expected = expected.replace(f"{{{n}}}", str(token))
    for mark, kind, value in (("{c}", "comment", "c0000003"), ("{p}", "post", "post_0004")):
        expected = expected.replace(mark, str(key.of(kind, value)))
    assert Spoken(audit, key, [entry], {"Anna": "r-1"}).of(entry) == expected
