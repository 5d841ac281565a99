"""A dossier run again: from the inputs as they were or moved, with and without the key, on other software, after an
erasure; and with inputs that are others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import make_dossier
import pytest
from audits import ROOT, audit, run, table
from make_dossier import made

from fakedetect.dossier.compare import Rows, compare


def said(capsys: pytest.CaptureFixture[str]) -> str:
    held = capsys.readouterr()
    return held.out + held.err


def test_with_the_key_every_byte_without_it_every_result(case: make_dossier.Case, tmp_path: Path,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    moved = tmp_path / "elsewhere" / "renamed"
    shutil.copytree(case.dump, moved)
    run("replay", case.zip, moved, "--key", case.key)
    assert "byte by byte" in said(capsys)
    run("replay", case.zip, case.dump, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["same"] and not told["identical"] and told["files"] is None
    assert {d["table"] for d in told["tables"]} >= {"comments", "accounts", "posts", "groups", "edges", "exhibits"}


def test_an_input_with_another_hash_is_named(case: make_dossier.Case, tmp_path: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "page"
    shutil.copytree(case.dump, other)
    with (other / "comments.csv").open("a") as file:
        file.write("\n")
    run("replay", case.zip, other, "--key", case.key, expect=3)
    told = said(capsys)
    assert f"{other}/comments.csv has SHA-256" in told and "/comments.csv, SHA-256" in told and "posts.csv" not in told


def test_a_key_that_is_another_or_not_there(case: make_dossier.Case, tmp_path: Path,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    run("replay", case.zip, case.dump, "--key", tmp_path / "none", expect=2)
    assert "the key is not there" in said(capsys) and not (tmp_path / "none").exists()
    made(case.folder, tmp_path / "other.zip")
    run("replay", case.zip, case.dump, "--key", tmp_path / "other.key", expect=2)
    assert "not the one that this dossier was made with" in said(capsys)


def test_a_changed_dossier_is_not_replayed(case: make_dossier.Case, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    held = bytearray(case.zip.read_bytes())
    held[100] ^= 1
    path = tmp_path / "x.zip"
    path.write_bytes(held)
    run("replay", path, case.dump, expect=3)
    assert "README.txt: its content was changed" in said(capsys)


def test_another_version_says_what_differs(case: make_dossier.Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    from fakedetect import versions

    here = versions.versions()
    monkeypatch.setattr(versions, "versions", lambda: here | {"numpy": "0.1", "fakedetect": "9"})
    run("replay", case.zip, case.dump, "--key", case.key)
    told = said(capsys)
    assert f"numpy: {here['numpy']} in the dossier, 0.1 here" in told and "fakedetect:" in told
    assert "other bytes in: " in told and "manifest.json" in told and "tables/" not in told
    assert "The replay gives the same results." in told


@pytest.mark.slow
def test_another_model_says_what_differs(case: make_dossier.Case, tmp_path: Path,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    model = ROOT / "models" / "simulated"
    run("replay", case.zip, case.dump, "--model", model, expect=2)
    assert "was not given --model" in said(capsys)
    folder = audit(tmp_path / "audit", case.dump, "--model", model)
    out = made(folder, tmp_path / "c.zip", case.key)
    run("replay", out, case.dump, "--key", case.key, expect=2)
    assert "the audit was given --model" in said(capsys)
    run("replay", out, case.dump, "--model", ROOT / "models" / "fitted", "--key", case.key, expect=3)
    told = said(capsys)
    assert "model: " in told and "accounts: differs (" in told and "probability in" in told


@pytest.mark.slow
def test_side_files_and_settings_are_taken_over(case: make_dossier.Case, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    dump, posts = tmp_path / "c.csv", tmp_path / "side" / "posts.csv"
    posts.parent.mkdir()
    shutil.copy(case.dump / "comments.csv", dump)
    shutil.copy(case.dump / "posts.csv", posts)
    known = tmp_path / "known.txt"
    known.write_text("1234567\n")
    folder = audit(tmp_path / "audit", dump, "--posts", posts, "--tz", "Europe/Paris", "--seed", "5",
                   "--known-innocent", known, "--map", "text=text")
    out = made(folder, tmp_path / "c.zip", case.key)
    run("replay", out, dump, "--key", case.key, expect=2)
    assert "given --posts" in said(capsys)
    run("replay", out, dump, "--posts", posts, "--known-innocent", known, "--key", case.key)
    assert "byte by byte" in said(capsys)


def test_after_an_erasure_the_tombstones_explain_what_is_missing(case: make_dossier.Case, tmp_path: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    run("erase", folder, "S01", "--on", "2026-01-02", "-q")
    quiet = next(r["author_id"] for r in table(folder, "accounts").to_pylist() if r["verdict"] == "no_evidence")
    run("erase", folder, quiet, "-q")
    out = made(folder, tmp_path / "c.zip", case.key, "--exhibits", "verbatim")
    run("verify", out)
    assert "Accounts erased after the audit: 2." in said(capsys)
    for words in ([], ["--key", case.key]):
        run("replay", out, case.dump, *words)
        told = said(capsys)
        assert "erased after the audit, as its tombstones say: 2." in told
        assert ("byte by byte" in told) == bool(words)


def test_an_account_that_vanished_without_a_tombstone_is_a_difference(case: make_dossier.Case, tmp_path: Path,
                                                                      capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    run("erase", folder, "S01", "-q")
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    del told["erasures"]
    (folder / "manifest.json").write_text(json.dumps(told))
    out = made(folder, tmp_path / "c.zip", case.key)
    run("replay", out, case.dump, expect=3)
    assert "comments: differs (" in said(capsys)


HEAD = ["comment_id", "post_id", "author_id", "page_id", "parent_id", "probability", "input", "row"]


def rows(*cells: str) -> Rows:
    return [HEAD, *([*c.split(",")] for c in cells)]


THEIRS = rows("c-1,p-1,a-1,w-1,,.5,I1,1", "c-2,p-1,a-2,w-1,c-1,.6,I1,2", "c-3,p-2,a-1,w-1,c-9,.5,I1,3")
COMPARED: list[Any] = [
    pytest.param(rows("c:x,p:P,a:A,w:W,,.5,I1,1", "c:y,p:P,a:B,w:W,c:x,.6,I1,2", "c:z,p:Q,a:A,w:W,c:q,.5,I1,3"),
                 {}, 0, 0, id="same"),
    pytest.param(rows("c:x,p:P,a:A,w:W,,.5,I1,1", "c:y,p:P,a:A,w:W,c:x,.6,I1,2", "c:z,p:Q,a:A,w:W,c:q,.5,I1,3"),
                 {"author_id": 1}, 0, 0, id="two accounts are one"),
    pytest.param(rows("c:x,p:P,a:A,w:W,,.5,I1,1", "c:y,p:P,a:B,w:W,c:x,.6,I1,2", "c:z,p:Q,a:C,w:W,c:q,.5,I1,3"),
                 {"author_id": 1}, 0, 0, id="one account is two"),
    pytest.param(rows("c:x,p:P,a:A,w:W,,.5,I1,1", "c:y,p:P,a:B,w:W,c:z,.6,I1,2", "c:z,p:Q,a:A,w:W,c:q,.5,I1,3"),
                 {"parent_id": 1}, 0, 0, id="another answer"),
    pytest.param(rows("c:x,p:P,a:A,w:W,,.5,I1,1", "c:y,p:P,a:B,w:W,c:x,.7,I1,2", "c:z,p:Q,a:A,w:W,c:q,.5,I1,3"),
                 {"probability": 1}, 0, 0, id="another figure"),
    pytest.param(rows("c:x,p:P,a:A,w:W,,.5,I1,1", "c:y,p:P,a:B,w:W,c:x,.6,I1,2"), {}, 0, 1, id="a row too many"),
    pytest.param(rows("c:x,p:P,a:A,w:W,,.5,I1,1", "c:y,p:P,a:B,w:W,c:x,.6000000000001,I1,2",
                      "c:z,p:Q,a:A,w:W,c:q,.5,I1,3"), {}, 0, 0, id="rounding"),
]


@pytest.mark.parametrize(("ours", "columns", "missing", "extra"), COMPARED)
def test_pseudonyms_are_followed_through_their_rows(ours: Rows, columns: dict[str, int], missing: int,
                                                    extra: int) -> None:
    found, = compare({"comments": THEIRS}, {"comments": ours}, keyed=False)
    assert (found.columns, found.missing, found.extra) == (columns, missing, extra)
    assert found.same == (not columns and not missing and not extra)
