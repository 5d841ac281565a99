"""Audits made by the command line, for tests: each is held against the contract as it is made."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq

import fakedetect
from fakedetect.cli import main

ROOT = Path(__file__).resolve().parent.parent
CHECK = ROOT.parent / "shared" / "check_contract.py"
SCHEMAS = Path(fakedetect.__file__).parent / "schemas"


def run(*words: object, expect: int = 0) -> None:
    """Run a command in this process; its exit code must be `expect`."""
    code = main([str(w) for w in words])
    assert code == expect, f"fakedetect {' '.join(map(str, words))}: exit {code}, not {expect}"


def audit(out: Path, *words: object, expect: int = 0) -> Path:
    """Run `fakedetect audit` into `out` and hold the folder against the contract."""
    run("audit", *words, "--out", out, "-q", expect=expect)
    hold(out)
    return out


def hold(folder: Path) -> None:
    """The contract: both JSON files by their schemas, rows in = scored + rejected, and the checker that stands
    beside the checkout where it is there."""
    for name in ("summary", "manifest"):
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
        jsonschema.validate(json.loads((folder / f"{name}.json").read_text("utf-8")), schema)
    rows = summary(folder)["rows"]
    assert (
        rows["read"] == rows["scored"] + rows["rejected"] == table(folder, "comments").num_rows + len(rejects(folder))
    )
    if CHECK.is_file():
        command = [sys.executable, str(CHECK), str(folder), "--rows", str(rows["read"])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def summary(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "summary.json").read_text("utf-8"))


def table(folder: Path, name: str) -> Any:
    return pq.read_table(folder / f"{name}.parquet")


def rejects(folder: Path) -> list[dict[str, str]]:
    before = csv.field_size_limit(2**31 - 1)  # of the whole process: other tests count on it
    try:
        with (folder / "rejects.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    finally:
        csv.field_size_limit(before)


def verdicts(folder: Path) -> dict[str, str]:
    """author_id -> verdict."""
    accounts = table(folder, "accounts")
    return dict(zip(accounts["author_id"].to_pylist(), accounts["verdict"].to_pylist(), strict=True))


def truth(folder: Path) -> dict[str, dict[str, str]]:
    """author_id -> row of a simulated page's truth.csv."""
    with (folder / "truth.csv").open(newline="", encoding="utf-8") as file:
        return {row["author_id"]: row for row in csv.DictReader(file)}
