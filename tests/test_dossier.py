"""Dossiers by the command line, end to end: made, verified, replayed; nothing of a stranger in them."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import zipfile
from pathlib import Path
from typing import Any

import make_dossier
import pyarrow.parquet as pq
import pytest
from audits import audit, run, table
from make_dossier import HOSTILE, files, made

from fakedetect.cli import main
from fakedetect.dossier import facts, verify


def test_the_same_audit_choices_and_key_give_the_same_bytes(case: make_dossier.Case, tmp_path: Path) -> None:
    again = made(case.folder, tmp_path / "again.zip", case.key, "--custody", case.custody)
    assert again.read_bytes() == case.zip.read_bytes()
    other = made(case.folder, tmp_path / "other.zip", tmp_path / "other.key", "--custody", case.custody)
    assert other.read_bytes() != case.zip.read_bytes()


def test_no_id_no_name_no_text_of_a_stranger_is_in_it(case: make_dossier.Case) -> None:
    accounts, comments = table(case.folder, "accounts"), table(case.folder, "comments")
    strange = {v for t, names in ((accounts, ("author_id", "author_name", "page_ids")),
                                  (comments, ("comment_id", "post_id", "author_id", "author_name", "page_id", "text")))
               for n in names for v in t[n].to_pylist()
               # "Pourquoi ?" is a text of a stranger, and a word of ours.
               if isinstance(v, str) and len(v) > (20 if n == "text" else 6)}
    held = files(case.zip)
    words = [(n, s) for n, text in held.items() for s in strange if s in text]
    assert len(strange) > 1000
    assert words == []
    key = case.key.read_text("ascii").split()[-1]
    assert not any(key in text for text in held.values())


def test_verbatim_exhibits_quote_the_rows_they_name(case: make_dossier.Case, tmp_path: Path) -> None:
    out = made(case.folder, tmp_path / "v.zip", case.key, "--exhibits", "verbatim")
    rows = list(csv.DictReader(io.StringIO(files(out)["exhibits.csv"])))
    known = {r["row"]: r["text"] for r in table(case.folder, "comments").to_pylist()}
    assert len(rows) > 20
    assert all(r["text"].removeprefix("'") == known[int(r["row"])] for r in rows)
    assert "text" not in next(csv.reader(io.StringIO(files(case.zip)["exhibits.csv"])))


def test_names_stand_in_it_on_request(case: make_dossier.Case, tmp_path: Path) -> None:
    held = files(made(case.folder, tmp_path / "n.zip", case.key, "--names"))
    suspects = [r for r in table(case.folder, "accounts").to_pylist() if r["verdict"] == "suspect"]
    assert suspects and all(r["author_id"] in held["names.csv"] for r in suspects)
    assert all(r["author_id"] in held["notice.en.md"].replace("\\", "") for r in suspects)
    quiet = [r for r in table(case.folder, "accounts").to_pylist() if r["verdict"] == "no_evidence"]
    assert not any(r["author_id"] in held["names.csv"] for r in quiet)


def test_it_says_what_an_index_must(case: make_dossier.Case) -> None:
    held = files(case.zip)
    told = json.loads(held["manifest.json"])
    assert [f["sha256"] for f in told["inputs"]] == sorted(
        json.loads((case.folder / "manifest.json").read_text())["inputs"].values())
    first = next(f for f in told["inputs"] if f["rows"])
    assert first["custody"] == {"exported_by": "Ada <b>L.</b>", "exported_at": "2024-06-01", "tool": "=HYPERLINK(1)"}
    assert told["lock"]["sha256"] and told["model"] and told["seed"] == 0 and told["versions"]["fakedetect"]
    assert told["replay"].startswith("fakedetect replay case.zip")
    assert told["retention"] == {"audit": "2090-01-01", "dossier": "2090-01-01"}
    group = json.loads(held["groups.json"])["groups"][0]
    assert group["p_value"] < 0.02 and group["q_value"] < 0.05 and group["pairs"]["n"] > 0
    assert {"fans", "club", "staff", "chance", "coordinated"} <= set(group["hypotheses"])
    member = group["members"][0]
    assert facts.at_base(member["probability"], 0.00065, 0.00065) == pytest.approx(member["probability"], rel=1e-5)
    for lang in ("en", "fr"):
        for name in ("case", "data-quality", "notice", "error-table"):
            assert f'<html lang="{lang}">' in held[f"{name}.{lang}.html"] and held[f"{name}.{lang}.md"].startswith("# ")


def test_any_zip_tool_opens_it(case: make_dossier.Case) -> None:
    with zipfile.ZipFile(case.zip) as held:
        assert held.testzip() is None
        assert held.namelist()[-1] == "chain.jsonl"
        assert {i.date_time for i in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", ["case", "notice", "data-quality", "error-table"])
def test_hostile_words_stay_inert(case: make_dossier.Case, tmp_path: Path, name: str) -> None:
    folder = make_dossier.with_hostile_words(case, tmp_path / "hostile")
    held = files(made(folder, tmp_path / "h.zip", case.key, "--exhibits", "verbatim", "--names"))
    if name == "case":
        assert sum("alert" in held[f"case.{lang}.{kind}"] for lang in ("en", "fr") for kind in ("md", "html")) == 4
    for lang in ("en", "fr"):
        page = held[f"{name}.{lang}.html"]
        assert not re.search(r"<(script|img|a|iframe|svg|form|link)\b", page)
        assert "default-src 'none'" in page
        text = held[f"{name}.{lang}.md"]
        assert not re.search(r"(?<!\\)<(script|img|a)\b", text)
        assert not re.search(r"(?<!\\)\]\(", text) and "http://" not in text.replace("\\", "\0")
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", page + text)
        lines = [line for line in text.splitlines() if line.startswith("|")]
        assert all(len(re.findall(r"(?<!\\)\|", line)) > 1 for line in lines)
    for name in ("exhibits.csv", "names.csv"):
        cells = [c for row in csv.reader(io.StringIO(held[name])) for c in row]
        assert [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r"))] == []
        assert any(h in c for c in cells for h in HOSTILE)


def test_a_key_is_made_for_its_owner_and_guarded(case: make_dossier.Case, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    made(case.folder, tmp_path / "c.zip")
    key = tmp_path / "c.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)
    run("dossier", case.folder, "--out", tmp_path / "d.zip", "--key", key, expect=2)
    assert "chmod 600" in capsys.readouterr().err
    run("dossier", case.folder, "--out", tmp_path / "d.zip", "--key", case.folder / "k", expect=2)
    assert "must not stand in the audit folder" in capsys.readouterr().err
    (tmp_path / "text").write_text("no key")
    run("dossier", case.folder, "--out", tmp_path / "d.zip", "--key", tmp_path / "text", expect=2)
    run("dossier", case.folder, "--out", tmp_path / "c.zip", "--key", case.key, expect=2)
    assert not (tmp_path / "d.zip").exists() and not (case.folder / "k").exists()


CUSTODY = [
    pytest.param("file,exported_by\nother.csv,Ada\n", "no input is called 'other.csv'", id="other file"),
    pytest.param("file,exported_by,age\ncomments.csv,Ada,3\n", "nobody asks for 'age'", id="other question"),
    pytest.param("file,tool\ncomments.csv,a\ncomments.csv,b\n", "two rows speak of the same input", id="twice"),
    pytest.param('[{"sha256": "00"}]', "no input has this SHA-256", id="other hash"),
    pytest.param("[1]", "the row has no columns", id="no row"),
    pytest.param("[", "the custody file cannot be read", id="no JSON"),
    pytest.param("file,tool\ncomments.csv," + "x" * 1001, "longer than 1000", id="long"),
]


@pytest.mark.parametrize(("text", "said"), CUSTODY)
def test_a_custody_file_that_does_not_fit_is_refused(case: make_dossier.Case, tmp_path: Path, text: str, said: str,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "custody"
    path.write_text(text)
    run("dossier", case.folder, "--out", tmp_path / "c.zip", "--key", case.key, "--custody", path, expect=3)
    assert said in capsys.readouterr().err
    assert not (tmp_path / "c.zip").exists()


def broken(folder: Path, how: str) -> None:
    """An audit folder as a killed run, or a careless hand, could leave it."""
    if how == "no manifest":
        (folder / "manifest.json").unlink()
    elif how == "table missing":
        (folder / "edges.parquet").unlink()
    elif how == "table cut":
        (folder / "comments.parquet").write_bytes((folder / "comments.parquet").read_bytes()[:-100])
    elif how == "manifest cut":
        (folder / "manifest.json").write_text((folder / "manifest.json").read_text()[:200])
    else:
        facts = json.loads((folder / "manifest.json").read_text())
        del facts["reading"]
        (folder / "manifest.json").write_text(json.dumps(facts))


HALVES = {"no manifest": "manifest.json", "table missing": "edges.parquet", "table cut": "comments.parquet",
          "manifest cut": "audit"}


@pytest.mark.parametrize(("command", "how", "named"), [
    *(("dossier", how, named) for how, named in HALVES.items()),
    *(("erase", how, named) for how, named in HALVES.items()),
    # Erasing needs nothing that an earlier version lacks.
    ("dossier", "earlier version", "manifest.json"),
])
def test_a_folder_that_is_not_whole_is_refused_by_name(case: make_dossier.Case, tmp_path: Path, command: str, how: str,
                                                       named: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    broken(folder, how)
    words = ["--out", tmp_path / "c.zip", "--key", case.key] if command == "dossier" else ["S01"]
    run(command, folder, *words, expect=3)
    assert named in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["audit"]


def test_past_its_day_no_dossier_is_made(case: make_dossier.Case, tmp_path: Path,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(told | {"retention": "2020-01-01"}))
    run("dossier", folder, "--out", tmp_path / "c.zip", "--key", case.key, expect=2)
    assert "deleted after 2020-01-01" in capsys.readouterr().err
    made(folder, tmp_path / "c.zip", case.key, "--retention", "2091-01-01")
    assert "extended" in files(tmp_path / "c.zip")["case.en.md"]
    old = tmp_path / "old.zip"
    # What was made in time is still whole afterwards; a reader is told.
    choice = facts.Choice(retention="2020-01-02")
    make_dossier.build(folder, old, case.key, choice)
    assert main(["verify", str(old)]) == 0
    assert "deleted after 2020-01-02" in capsys.readouterr().err


def test_a_column_nobody_decided_on_stays_out(case: make_dossier.Case, tmp_path: Path) -> None:
    from fakedetect.errors import ContractError

    folder = make_dossier.copied(case, tmp_path / "audit")
    grown = pq.read_table(folder / "posts.parquet")
    grown = grown.append_column("caption", grown["post_id"])
    with pytest.raises(ContractError, match=r"posts\.caption"):
        make_dossier.build(folder, tmp_path / "c.zip", case.key, facts.Choice(), posts=grown)
    assert not (tmp_path / "c.zip").exists()


def test_a_dossier_of_reviews(tmp_path: Path) -> None:
    run("simulate", "--kind", "reviews", "--preset", "reviews_clean", "--out", tmp_path / "site", "-q")
    folder = audit(tmp_path / "audit", tmp_path / "site")
    out = made(folder, tmp_path / "c.zip", tmp_path / "k")
    held: dict[str, Any] = files(out)
    assert "tables/businesses.csv" in held
    owners = {o for o in table(folder, "businesses")["owner"].to_pylist() if o}
    assert not any(o in held["tables/businesses.csv"] for o in owners)
    for page in ("case.en.md", "error-table.en.md"):
        assert "Simulated review sites" in held[page] and "Real pages presumed clean" not in held[page]
    assert {m["what"]["en"].split(":")[0] for m in json.loads(held["error-table.json"])["measured"]} == {
        "Simulated review sites with honest crowds only", "Campaigns on simulated review sites"}
    assert verify.verify(out).problems == ()
    run("replay", out, tmp_path / "site", "--key", tmp_path / "k", "-q")
    run("replay", out, tmp_path / "site", "-q")
