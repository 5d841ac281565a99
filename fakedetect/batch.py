"""Many dumps, one after another: each whole or absent, and an index of how each went."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fakedetect import output, pipeline
from fakedetect.errors import FakedetectError, InputError
from fakedetect.outcome import manifest_options
from fakedetect.readers import ReadOptions
from fakedetect.schema import Dump, Kind


def score(
    dumps: Sequence[str],
    out: Path,
    *,
    options: pipeline.Options,
    read_options: ReadOptions,
    zone: str,
    naive_zone: str | None,
    kind: Kind | None,
    resume: bool,
    done: Callable[[dict[str, Any]], None] = lambda row: None,
) -> list[dict[str, Any]]:
    """Audit each dump into `out/<stem>-<8 hex of its content's hash>/` and write `out/index.json`.

    Returns the rows of the index: dump, folder, status ("done", "kept" by resume, "failed"), and for a failure the
    error. A dump that fails does not stop the others. resume keeps folders whose files are whole and whose options
    are the same.
    """
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in dumps:
        row: dict[str, Any] = {"dump": name}
        try:
            dump = pipeline.read(name, options=read_options, zone=zone, naive_zone=naive_zone, kind=kind)
            folder = out / f"{stem(name)}-{digest(dump)}"
            row["folder"] = folder.name
            kept = resume and _is_whole(folder, manifest_options(options, dump))
            if not kept:
                output.write(pipeline.audit(dump, options), folder)
            row["status"] = "kept" if kept else "done"
            row["summary"] = {
                k: json.loads((folder / "summary.json").read_text("utf-8"))[k]
                for k in ("rows", "accounts", "groups", "truncated")
            }
        except FakedetectError as error:
            row |= {"status": "failed", "error": str(error), "exit_code": error.exit_code}
        rows.append(row)
        done(row)
        (out / "index.json").write_text(output.to_json({"dumps": rows}), "utf-8")
    return rows


def stem(name: str) -> str:
    """The dump's name without folder and endings, safe as a folder name."""
    base = "stdin" if name == "-" else Path(name).name.split(".")[0] or "dump"
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in base)[:60]


def digest(dump: Dump) -> str:
    """8 hexadecimal digits of the hash over the hashes of its files."""
    return hashlib.sha256("\n".join(sorted(dump.sources.values())).encode()).hexdigest()[:8]


def _is_whole(folder: Path, options: dict[str, Any]) -> bool:
    try:
        return dict(output.read(folder).manifest["options"]) == json.loads(output.to_json(options))
    except InputError:
        return False
