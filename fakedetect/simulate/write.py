"""A simulated page as files: the dump as an export would look, and the truth."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

import pyarrow as pa

from fakedetect.simulate.spec import SimulatedPage


def write(made: SimulatedPage, folder: Path, truth_folder: Path | None = None) -> None:
    """Write comments.csv, posts.csv, accounts.csv, declared.csv and businesses.csv into `folder`, truth.csv and
    truth.json into `truth_folder` (None: beside it, `<folder>_truth`, so that an audit of `folder` does not read them).
    Same page, same bytes. Empty tables are not written.

    Texts are written as they are: this is a dump, and a dump holds what its authors wrote.
    """
    truth_folder = truth_folder or folder.with_name(f"{folder.name}_truth")
    folder.mkdir(parents=True, exist_ok=True)
    truth_folder.mkdir(parents=True, exist_ok=True)
    for name in ("comments", "posts", "accounts", "declared", "businesses"):
        table: pa.Table = getattr(made, name)
        if table.num_rows:
            _csv(table, folder / f"{name}.csv")
    _csv(made.truth, truth_folder / "truth.csv")
    told = {
        "seed": made.seed,
        "spec": asdict(made.spec),
        "campaigns": made.campaigns,
        "negatives": made.negatives,
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    (truth_folder / "truth.json").write_text(text + "\n", "utf-8", newline="\n")


def _csv(table: pa.Table, path: Path) -> None:
    """Comma-separated UTF-8 with a header; null is empty, times ISO 8601 with Z, empty columns left out."""
    kept = [c for c in table.column_names if table.num_rows > table[c].null_count]
    columns = [_cells(table[c]) for c in kept]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(kept)
        writer.writerows(zip(*columns, strict=True))


def _cells(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        return [
            None if t is None else t.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            for t in column.to_pylist()
        ]
    if pa.types.is_boolean(column.type):
        return [None if v is None else str(v).lower() for v in column.to_pylist()]
    return column.to_pylist()
