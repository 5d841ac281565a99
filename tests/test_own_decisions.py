"""The way round: audit, decisions of reviewers, labels, training; and the accounts that they cleared."""

from __future__ import annotations

import csv
from pathlib import Path

import own_pages
import pytest
from audits import audit, run, table

from fakedetect import pipeline
from fakedetect.cli_options import known_accounts
from fakedetect.decisions import Decisions, Note


@pytest.mark.slow
def test_what_reviewers_decided_makes_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dumps = own_pages.labelled(tmp_path)
    own_pages.quicken(own_pages.simulated(), monkeypatch)
    folder, labels = audit(tmp_path / "audit", *dumps[0]), tmp_path / "labels.csv"
    known = {row[0]: "confirmed" if row[1] == "suspect" else "cleared" for row in dumps[1]}
    notes = [Note("decision", "account", author, value, "known") for author, value in known.items()]
    kept = Decisions.of_audit(folder)
    kept.write("Anna", notes[:3])
    run("decisions", folder, "--labels", labels)
    run("train", "--labels", labels, dumps[0][0], "--out", tmp_path / "model", expect=3)
    said = capsys.readouterr().err
    assert "too few labels: 3 suspects in" in said and "label organic accounts too" in said
    assert not (tmp_path / "model").exists()

    kept.write("Anna", notes[3:])
    contested = notes[0].subject
    kept.write("Ben", [Note("objection", "account", contested, why="I am nobody's")])
    run("decisions", folder, "--labels", labels, "--known-innocent", tmp_path / "cleared.csv")
    with labels.open(newline="", encoding="utf-8") as file:
        rows = {row["author_id"]: row for row in csv.DictReader(file)}
    assert {a: row["label"] for a, row in rows.items()} == {
        a: {"confirmed": "suspect", "cleared": "organic"}[v] for a, v in known.items()} | {contested: "unsure"}
    grouped = dict(zip(*(table(folder, "accounts")[c].to_pylist() for c in ("author_id", "group_id")), strict=True))
    assert {a: row["campaign"] or None for a, row in rows.items()} == {a: grouped[a] for a in known}
    capsys.readouterr()
    run("train", "--labels", labels, *dumps[0], "--pages", "10", "--out", tmp_path / "model")
    told = capsys.readouterr().err
    assert f"left out: 1 of {len(known)} label rows are unsure or empty" in told
    assert f"labelled: {len(known) - 201} suspects in" in told and "and 200 organic accounts" in told
    facts = pipeline.load_model(tmp_path / "model").training
    assert facts["name"] == "own labels" and facts["own_labels"]["suspects"] == len(known) - 201
    cleared = {a for a, v in known.items() if v == "cleared"} - {contested}
    assert set(known_accounts(tmp_path / "cleared.csv")) == cleared
