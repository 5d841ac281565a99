"""A small simulated page with a ring, its audit, and dossiers made of it by the command line."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
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


def unpacked(path: Path) -> Iterator[tuple[str, str]]:
    """Every cell, file and entry below a path as text, tables and archives opened."""
    for p in [path] if path.is_file() else sorted(q for q in path.rglob("*") if q.is_file()):
        yield f"{p.name}, bytes", p.read_bytes().decode("utf-8", "replace")
        if p.suffix == ".parquet":
            held = pq.read_table(p)
            yield from ((f"{p.name}, {n}", json.dumps(held[n].to_pylist(), ensure_ascii=False, default=str))
                        for n in held.column_names)
        if p.suffix == ".zip":
            with zipfile.ZipFile(p) as inner:
                yield from ((f"{p.name}, {n}", inner.read(n).decode("utf-8")) for n in inner.namelist())


def spoken_of(case: Case, folder: Path) -> tuple[Path, str, str, set[str]]:
    """The audit with S01 spoken of everywhere: by others, in rejected rows, in a phrase, in a note, in the report.
    Gives the folder, its id and name, and the texts that only it wrote."""
    found = replace(output.read(case.folder), rejects=output.read_rejects(case.folder))
    row = next(r for r in found.accounts.to_pylist() if r["label"] == "S01")
    author, name = row["author_id"], "Zoé Lagarrigue-Ö"
    mine = pc.fill_null(pc.equal(found.comments["author_id"], author), False)
    named = pc.if_else(mine, name, found.comments["author_name"])
    texts = found.comments["text"].to_pylist()
    at = [i for i, m in enumerate(mine.to_pylist()) if not m][:4]
    for i, said in zip(at, (f"@{name} merci", f"merci {name.upper()} !", f"see {author}", f"1{author}2"), strict=True):
        texts[i] = said
    only = f"phrase that nobody else ever wrote {len(texts)}"
    texts[mine.to_pylist().index(True)] = only
    comments = found.comments
    for column, new in (("author_name", named), ("text", pa.array(texts, pa.string()))):
        comments = comments.set_column(comments.column_names.index(column), column, new)
    its = pc.if_else(pc.equal(found.accounts["author_id"], author), name, found.accounts["author_name"])
    accounts = found.accounts.set_column(found.accounts.column_names.index("author_name"), "author_name", its)
    groups = found.groups.to_pylist()
    groups[0]["phrases"] = [*(groups[0]["phrases"] or ()), only]
    rejects = pa.Table.from_pylist([{"source": "f", "row": 9, "reason": "duplicate row", "raw": json.dumps(
        {"author_id": author, "text": "twice"})}, {"source": "f", "row": 10, "reason": "r", "raw": "=kept"}],
        found.rejects.schema)
    counts = dict(found.summary["rows"])
    counts |= {k: counts[k] + 2 for k in ("read", "rejected")}
    note = {"code": "c", "text": f"of {name}", "fr": f"de {name}", "source": "f"}
    told = {**found.summary, "rows": counts, "notes": [note]}
    output.write(replace(found, comments=comments, accounts=accounts, rejects=rejects, summary=told,
                         groups=pa.Table.from_pylist(groups, found.groups.schema)), folder, {"report.html": name})
    theirs = set(comments.filter(mine)["text"].to_pylist()) - set(comments.filter(pc.invert(mine))["text"].to_pylist())
    # "merci" alone stands inside what others wrote.
    return folder, author, name, {t for t in theirs if t and len(t) > 15}
