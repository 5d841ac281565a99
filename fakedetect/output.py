"""The audit folder: written whole or not at all, the same bytes for the same audit."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fakedetect import remote, spill
from fakedetect.errors import EngineError, InputError, UsageError
from fakedetect.schema import REJECTS, Audit

TABLES = ("accounts", "comments", "posts", "groups", "edges")
OPTIONAL = ("businesses", "months", "brand_groups", "apart")
"""Tables of reviews only, and of agency audits only."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""
CONTROL = {c: None for c in range(32) if chr(c) not in "\t\n\r"}


def write(audit: Audit, out: str | Path, extra: Mapping[str, str] | None = None) -> None:
    """Write the folder `out`, here or in an object store: tables, summary, manifest, rejects, network, and `extra`
    texts by file name.

    An audit folder that stands there is replaced; any other folder that is not empty is refused (UsageError).
    Raises EngineError where it cannot be written; then nothing is.
    """
    check_replaceable(out)
    if remote.is_address(out):
        with tempfile.TemporaryDirectory(prefix="fakedetect-") as scratch:
            folder = Path(scratch) / "audit"
            write(audit, folder, extra)
            remote.send(folder, str(out))
        return
    out = Path(out)
    try:
        _write(audit, out, extra or {})
    except OSError as error:
        raise _unwritten(error, out) from error


def _write(audit: Audit, out: Path, extra: Mapping[str, str]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        scratch.chmod(0o755)
        tables = (*TABLES, *(n for n in OPTIONAL if getattr(audit, n) is not None))
        for _ in spill.side_by_side(lambda name: pq.write_table(getattr(audit, name), scratch / f"{name}.parquet",
                                                                compression="zstd"), tables):
            pass
        with (scratch / "rejects.csv").open("w", encoding="utf-8", newline="") as file:
            write_rejects(audit.rejects, file)
        (scratch / "network.gexf").write_text(gexf(audit), "utf-8")
        (scratch / "summary.json").write_text(to_json(audit.summary), "utf-8")
        for name, text in extra.items():
            (scratch / name).write_text(text, "utf-8")
        outputs = {p.name: sha256(p) for p in sorted(scratch.iterdir())}
        (scratch / "manifest.json").write_text(to_json(dict(audit.manifest) | {"outputs": outputs}), "utf-8")
        swap(scratch, out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def handed_on(audit: Audit) -> list[str]:
    """Files of a read audit's folder that are neither made from its tables nor its report: the other `extra` texts."""
    made = {"rejects.csv", "network.gexf", "summary.json", "report.html"}
    return sorted(n for n in audit.manifest["outputs"] if n not in made and not n.endswith(".parquet"))


def check_replaceable(out: str | Path) -> None:
    """Raise UsageError where writing `out` would destroy something that is no audit."""
    if remote.is_address(out):
        remote.check_replaceable(str(out))
        return
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise UsageError("the output must be a folder", where=str(out), hint="--out NEW_FOLDER")
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        raise UsageError(
            "the folder is not empty and holds no audit", where=str(out), hint="--out NEW_FOLDER"
        )


def swap(scratch: Path, out: Path) -> None:
    """Put the finished folder in place; what stood there is moved aside first, so a crash leaves one of the two."""
    if not out.exists():
        os.replace(scratch, out)  # noqa: PTH105 - a folder onto a name
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    os.replace(out, aside / "old")  # noqa: PTH105
    os.replace(scratch, out)  # noqa: PTH105
    shutil.rmtree(aside)


def read(folder: str | Path) -> Audit:
    """The audit in `folder`. Raises InputError where it is none, or where a file of it was changed or is missing."""
    folder = Path(folder)
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise InputError(
            "no audit: it holds no manifest.json", where=str(folder), hint="fakedetect audit DUMP --out DIR"
        )
    try:
        facts = json.loads(manifest.read_text("utf-8"))
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
        for name, digest in facts["outputs"].items():
            if sha256(folder / name) != digest:
                raise InputError(
                    "the file was changed after the audit wrote it",
                    where=str(folder / name),
                    hint="run the audit again",
                )
        tables = {name: _table(folder / f"{name}.parquet") for name in TABLES}
        tables |= {n: _table(folder / name) for n in OPTIONAL if (name := f"{n}.parquet") in facts["outputs"]}
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise InputError(
            f"the audit is damaged: {error}", where=str(folder), hint="run the audit again"
        ) from error
    rejects = pa.table({name: pa.nulls(0, pa.string()) for name in ("source", "row", "reason", "raw")})
    return Audit(**tables, rejects=rejects, summary=summary, manifest=facts)


def _table(path: Path) -> pa.Table:
    """A table of the audit; one that is large is put aside, so that it takes memory only while it is looked at."""
    with pq.ParquetFile(path) as file:
        pieces = (pa.Table.from_batches([batch]) for batch in file.iter_batches(spill.WINDOW))
        return spill.aside(chain([file.schema_arrow.empty_table()], pieces))


def replace_text(path: Path, text: str) -> None:
    """Write a file so that it is the old one or the new one at any moment. Raises EngineError where it cannot."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        scratch = Path(name)
        try:
            with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            scratch.chmod(0o644)
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritten(error, path) from error


def _unwritten(error: OSError, path: Path) -> EngineError:
    return EngineError(f"the results cannot be written: {error.strerror or error}", where=str(path),
                       hint="free some space there, or name another folder with --out")


def read_rejects(folder: str | Path) -> pa.Table:
    """The rejected rows of the audit in `folder`, as REJECTS; cells as they stand in the file. Raises InputError where
    it cannot be read. `read` leaves them out: there may be many, and nothing is told from them but counts."""
    path = Path(folder) / "rejects.csv"
    limit = csv.field_size_limit(2**31 - 1)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return spill.aside(chain([REJECTS.empty_table()], _rejected(csv.DictReader(file))))
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise InputError(f"the audit is damaged: {error}", where=str(path), hint="run the audit again") from error
    finally:
        csv.field_size_limit(limit)


def _rejected(lines: Iterable[Mapping[str, Any]]) -> Iterator[pa.Table]:
    rows = iter(lines)
    while some := list(islice(rows, spill.ROWS)):
        yield pa.Table.from_pylist([{**r, "row": int(r["row"]) if r["row"] else None} for r in some], REJECTS)


def to_json(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no nan: the same bytes for the same value."""
    return (
        json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False, default=str) + "\n"
    )


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cell(text: str | None) -> str:
    """A cell that no spreadsheet will run: a quote stands before what it would take for a formula."""
    if text is None:
        return ""
    return "'" + text if text.startswith(FORMULA) else text


def uncell(text: str) -> str:
    """What `cell` was given, for files of ours that come back."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def write_rejects(rejects: pa.Table, file: TextIO) -> None:
    """Rejected rows as CSV, one per row: source file, row number, reason, the raw row."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["source", "row", "reason", "raw"])
    for row in (r for batch in rejects.to_batches(max_chunksize=spill.ROWS) for r in batch.to_pylist()):
        # A NUL would end the file for many readers.
        writer.writerow(
            [
                cell(row["source"]),
                "" if row["row"] is None else row["row"],
                cell(row["reason"]),
                cell(row["raw"]).replace("\0", "\N{REPLACEMENT CHARACTER}"),
            ]
        )


def gexf(audit: Audit) -> str:
    """The groups as a GEXF 1.3 network for Gephi: one node per account, one edge per pair in a group."""
    root = ET.Element("gexf", {"xmlns": "http://gexf.net/1.3", "version": "1.3"})
    graph = ET.SubElement(root, "graph", {"defaultedgetype": "undirected", "mode": "static"})
    for kind, columns in (
        ("node", ("group_id", "verdict", "author_id")),
        ("edge", ("n_shared", "n_close", "median_gap_s", "p_value", "n_phrases")),
    ):
        attributes = ET.SubElement(graph, "attributes", {"class": kind, "mode": "static"})
        for i, name in enumerate(columns):
            ET.SubElement(
                attributes,
                "attribute",
                {"id": str(i), "title": name, "type": "string" if kind == "node" else "double"},
            )
    nodes, edges = ET.SubElement(graph, "nodes"), ET.SubElement(graph, "edges")
    grouped = audit.accounts.filter(pc.is_valid(audit.accounts["group_id"]))
    names = {}
    for row in grouped.select(["author_id", "label", "group_id", "verdict"]).to_pylist():
        names[row["author_id"]] = row["label"]
        node = ET.SubElement(nodes, "node", {"id": row["label"], "label": row["label"]})
        _values(node, [row["group_id"], row["verdict"], row["author_id"].translate(CONTROL)])
    for i, row in enumerate(audit.edges.to_pylist()):
        edge = ET.SubElement(
            edges,
            "edge",
            {
                "id": str(i),
                "source": names[row["author_a"]],
                "target": names[row["author_b"]],
                "weight": str(row["n_close"] or row["n_phrases"] or 0),
            },
        )
        _values(edge, [row["n_shared"], row["n_close"], row["median_gap_s"], row["p_value"], row["n_phrases"]])
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _values(parent: ET.Element, values: list[Any]) -> None:
    held = ET.SubElement(parent, "attvalues")
    for i, value in enumerate(values):
        if value is not None:
            ET.SubElement(held, "attvalue", {"for": str(i), "value": str(value)})
