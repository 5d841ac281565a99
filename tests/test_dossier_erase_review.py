"""Erasing a person who was decided on: nothing of it is left in the review file either, and the rest stands."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import make_dossier
import pytest
from audits import hold, run, table
from make_dossier import files, made, spoken_of, unpacked

from fakedetect import output, pipeline
from fakedetect.decisions import Decisions, Entry, Note, Overtaken, beside, lineage
from fakedetect.dossier import decided
from fakedetect.review_app import blind
from fakedetect.review_app.case import Case
from fakedetect.review_app.guard import Reviewer
from fakedetect.review_app.pages import Pages


def wrote(folder: Path, who: str, *notes: Note) -> list[Entry]:
    done = Decisions.of_audit(folder).write(who, notes)
    assert not isinstance(done, Overtaken)
    return done


def decided_on(case: make_dossier.Case, folder: Path) -> tuple[str, str, set[str], dict[str, str], str]:
    """An audit in `folder` with decisions that name S01 everywhere. Gives S01's id, name and texts, the ids by label,
    and the group's id."""
    _, author, name, texts = spoken_of(case, folder)
    ids = {r["label"]: r["author_id"] for r in table(folder, "accounts").to_pylist()}
    group = table(folder, "groups")["group_id"][0].as_py()
    own = next(r["comment_id"] for r in table(folder, "comments").to_pylist() if r["author_id"] == author)
    wrote(folder, "Anna",
          Note("decision", "account", author, "confirmed", "the same minutes, again and again"),
          Note("decision", "account", ids["S02"], "confirmed", f"as {name} ({author}): {sorted(texts)[0]} in {own}"),
          Note("decision", "group", group, "confirmed", "one crew"),
          Note("decision", "account", ids["S04"], "confirmed", f"With group {group}: one crew"))
    wrote(folder, "Ben", Note("signoff", "account", author, "agree", "seen", 1),
          Note("signoff", "account", ids["S02"], "agree", about=2),
          Note("objection", "account", author, why=f"{name.upper()} rang us up"),
          Note("answer", "account", author, "rejected", "no", 7),
          Note("carried", "account", ids["S03"], "cleared", "club", origin={
              "from": "may", "by": "Cleo", "at": "2024-05-06T07:08:09+00:00", "old_subject": ids["S03"]}),
          Note("blind", "account", author, "confirmed", "himself"), Note("blind", "account", ids["S02"], "cleared"))
    return author, name, texts, ids, group


@pytest.mark.parametrize("names", [False, True], ids=["labels", "a report with names"])
def test_nothing_is_left_in_any_byte_and_the_rest_stands(case: make_dossier.Case, tmp_path: Path, names: bool,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    folder, other = tmp_path / "audit", tmp_path / "june"
    author, name, texts, ids, group = decided_on(case, folder)
    if names:
        found = replace(output.read(folder), rejects=output.read_rejects(folder))
        told = {**found.manifest, "report": {"lang": "fr", "names": True}}
        # Rewriting the folder is no erasure: what was decided was decided on an earlier audit.
        shown = {"report.html": pipeline.report(found, lang="fr", names=True)}
        output.write(replace(found, manifest=told), folder, shown)
        assert name in (folder / "report.html").read_text("utf-8")
    own = {r["comment_id"] for r in table(folder, "comments").to_pylist() if r["author_id"] == author}
    before, standings = Decisions.of_audit(folder).entries(), Decisions.of_audit(folder).standings()
    fingerprint = lineage(folder)[-1]
    run("erase", folder, "S01", "--reviewer", "Dora")
    assert "5 blanked and 3 rid of its name" in " ".join(capsys.readouterr().out.split())

    words = {name, name.upper(), "rang us up", "himself", "again and again", group, *texts, *own}
    for where, text in unpacked(tmp_path):
        assert not [w for w in words if w in text], where
        assert author not in text.replace(f"1{author}2", ""), where
    assert sorted(p.name for p in tmp_path.iterdir()) == ["audit", "audit.review.sqlite"]
    hold(folder)

    kept = Decisions.of_audit(folder)
    assert kept.audits == (fingerprint, lineage(folder)[-1]) and len(kept.check()) == 64
    new, = table(folder, "groups")["group_id"].to_pylist()
    for old, now in zip(before, kept.entries(), strict=False):
        if old.subject == author:
            assert replace(now, what=old.what, who=old.who, subject=author, value=old.value, why=old.why) == old
        else:
            assert replace(now, why=old.why, subject=old.subject) == old
            assert now.subject == {group: new}.get(old.subject, old.subject)
    assert next(e.why for e in kept.entries() if e.subject == ids["S02"]) == "as erased (erased): erased in erased"
    assert [e.why for e in kept.entries() if e.subject == ids["S04"]] == [f"With group {new}: one crew"]
    assert {e.who for e in kept.entries()[len(before):]} == {"Dora"}
    states = {(k, {group: new}.get(s, s)): now.state for (k, s), now in standings.items() if s != author}
    assert {key: now.state for key, now in kept.standings().items()} == states

    # The review opens, takes these decisions for its own (if they were), and the next ones too.
    opened = Case.open(folder)
    state = Pages(opened, Reviewer("Eve"), "en", "").state(kept.standings()["account", ids["S02"]])
    assert ("earlier audit" in state) == names
    assert ids["S02"] in blind.trial(opened, 20).authors
    wrote(folder, "Eve", Note("decision", "account", ids["S05"], "unsure", "later"))
    # The decisions carry over to the next audit, those on the renamed group too.
    shutil.copytree(case.folder, other)
    run("compare", folder, other, "--carry-over", "--reviewer", "Eve")
    assert {(e.kind, e.value) for e in Decisions.of_audit(other).entries()} == {
        ("account", "confirmed"), ("account", "cleared"), ("account", "unsure"), ("group", "confirmed")}
    assert {e.subject for e in Decisions.of_audit(other).entries() if e.kind == "account"} == {
        ids[k] for k in ("S02", "S03", "S04", "S05")}


def test_a_dossier_after_an_erasure_tells_of_it_and_is_replayed(case: make_dossier.Case, tmp_path: Path,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    ids = {r["label"]: r["author_id"] for r in table(folder, "accounts").to_pylist()}
    wrote(folder, "Anna", Note("decision", "account", ids["S01"], "confirmed", "seen"),
          Note("decision", "account", ids["S02"], "cleared", f"not as {ids['S01']}"))
    run("erase", folder, "S01", "--reviewer", "Anna", "-q")
    out = made(folder, tmp_path / "c.zip", case.key)
    told = json.loads(files(out)[decided.NAME])
    assert [(e["what"], e["why"], e["earlier_audit"]) for e in told["entries"]] == [
        ("erased", "", False), ("decision", "not as erased", False), ("cleaned", "erased on request", False),
        ("erasure", "erased on request", False)]
    run("replay", out, case.dump, "--key", case.key)
    said = capsys.readouterr().out
    assert "erased after the audit, as its tombstones say: 1." in said and "byte by byte" in said


def test_a_review_file_that_cannot_be_trusted_stops_it(case: make_dossier.Case, tmp_path: Path,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    beside(folder).write_bytes(b"SQLite format 3\0" * 99)
    run("erase", folder, "S01", expect=3)
    assert "audit.review.sqlite" in capsys.readouterr().err
    assert "S01" in table(folder, "accounts")["label"].to_pylist()


def test_decisions_erase_alone_cleans_the_other_entries_too(case: make_dossier.Case, tmp_path: Path,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "audit"
    author, name, texts, ids, group = decided_on(case, folder)
    run("decisions", folder, "--erase", "S01", "--reviewer", "Dora")
    assert "5 blanked and 1 rid of its name" in capsys.readouterr().err
    held = beside(folder).read_bytes()
    assert not [w for w in (author, name, *texts) if w.encode() in held] and group.encode() in held
    assert ids["S02"].encode() in held
