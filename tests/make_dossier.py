"""A small simulated page with a ring, its audit, and dossiers made of it by the command line."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from audits import audit, run

from fakedetect import output
from fakedetect.dossier import build as building
from fakedetect.dossier import facts, pseudonyms

HOSTILE = (
    "<script>alert(1)</script>", "=HYPERLINK(\"http://evil.example\",\"x\")", "![alert](http://evil.example/x.png)",
    "[alert](javascript:alert(1)) | a | b |\n# alert", "</bdi><img src=x onerror=alert(1)>", "\u202ealert\u2066 `x`",
    "www.evil.example <a href=x>", "@SUM(1) ~~alert~~ **b** \\| c",
)


@dataclass(frozen=True)
class Case:
    """Where things stand: the dump, its audit folder, the key, what is said of custody, the dossier."""

    dump: Path
    folder: Path
    key: Path
    custody: Path
    zip: Path


def case(here: Path) -> Case:
    """A page of 300 accounts with a tight ring, audited; and its dossier."""
    dump = here / "page"
    run("simulate", "--out", dump, "--family", "tight_early", "--accounts", "300", "--posts", "60", "-q")
    folder = audit(here / "audit", dump, "--retention", "2090-01-01")
    custody = here / "custody.json"
    custody.write_text(json.dumps([{"file": "comments.csv", "exported_by": "Ada <b>L.</b>",
                                    "exported_at": "2024-06-01", "tool": "=HYPERLINK(1)"}]))
    key = here / "case.key"
    return Case(dump, folder, key, custody, made(folder, here / "case.zip", key, "--custody", custody))


def made(folder: Path, out: Path, key: Path | None = None, *words: object) -> Path:
    """A dossier by the command line."""
    run("dossier", folder, "--out", out, *(("--key", key) if key else ()), *words, "-q")
    return out


def files(path: Path) -> dict[str, str]:
    """Name -> text of every file in a dossier."""
    with zipfile.ZipFile(path) as held:
        return {n: held.read(n).decode("utf-8") for n in held.namelist()}


def build(folder: Path, out: Path, key: Path, choice: facts.Choice, **tables: pa.Table) -> None:
    """A dossier in this process, some tables of the audit replaced."""
    found = replace(output.read(folder), rejects=output.read_rejects(folder), **tables)
    building.write(found, out, pseudonyms.load(key), choice)


def with_hostile_words(made_: Case, to: Path) -> Path:
    """The audit with hostile texts and names in place of those of its group."""
    found = replace(output.read(made_.folder), rejects=output.read_rejects(made_.folder))
    grouped = found.accounts["author_id"].filter(pc.is_valid(found.accounts["group_id"])).to_pylist()

    def cursed(table: pa.Table, column: str) -> pa.Table:
        words = [HOSTILE[i % len(HOSTILE)] if a in grouped else t for i, (a, t) in enumerate(
            zip(table["author_id"].to_pylist(), table[column].to_pylist(), strict=True))]
        return table.set_column(table.column_names.index(column), column, pa.array(words, pa.string()))

    comments = cursed(cursed(found.comments, "text"), "author_name")
    output.write(replace(found, comments=comments, accounts=cursed(found.accounts, "author_name")), to)
    return to


def copied(of: Case, to: Path) -> Path:
    """A copy of the audit folder, to be changed."""
    shutil.copytree(of.folder, to)
    return to
