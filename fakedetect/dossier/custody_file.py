"""Custody: what whoever exported the inputs says about them, file by file. The tool states it; it cannot check it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from fakedetect.errors import InputError
from fakedetect.words import Text

FIELDS: dict[str, Text] = {
    "exported_by": Text("Exported by", "Exporté par"),
    "exported_at": Text("Exported at", "Exporté le"),
    "tool": Text("Exported with", "Exporté avec"),
    "zone": Text("Zone of its times", "Fuseau de ses heures"),
    "truncation": Text("Known to be missing", "Manques connus"),
    "note": Text("Note", "Remarque"),
}
"""What is asked about each input."""
_KEYS = ("file", "sha256")
MOST = 1000
"""Characters of one answer."""
_HINT = "a CSV or JSON file with the columns " + ", ".join((*_KEYS, *FIELDS))


def read(path: Path, inputs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """SHA-256 -> field -> answer, of a custody file: a CSV, or a JSON list of objects; each row names an input by its
    `file` name or its `sha256`. inputs: name -> SHA-256.

    Raises InputError where it cannot be read, asks of a file that is no input, or answers what is not asked.
    """
    try:
        text = path.read_text("utf-8-sig")
        given: Any = json.loads(text) if text.lstrip()[:1] in ("[", "{") else list(csv.DictReader(io.StringIO(text)))
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"the custody file cannot be read: {error}", where=str(path), hint=_HINT) from error
    rows = [given] if isinstance(given, dict) else given
    out: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, 1):
        where = f"{path}, row {number}"
        if not isinstance(row, dict) or None in row:
            raise InputError("the row has no columns of its own", where=where, hint=_HINT)
        unknown = sorted(set(row) - {*_KEYS, *FIELDS})
        if unknown:
            raise InputError(f"nobody asks for {', '.join(map(repr, unknown))}", where=where, hint=_HINT)
        said = {k: str(v).strip() for k, v in row.items() if v is not None and str(v).strip()}
        if any(len(v) > MOST for v in said.values()):
            raise InputError(f"an answer is longer than {MOST} characters", where=where, hint="shorten it")
        digest = _which(said, inputs, where)
        if digest in out:
            raise InputError("two rows speak of the same input", where=where, hint="one row for each input")
        out[digest] = {k: said[k] for k in FIELDS if k in said}
    return out


def _which(said: Mapping[str, str], inputs: Mapping[str, str], where: str) -> str:
    """The input that a row speaks of."""
    listed = ", ".join(sorted({PurePath(n).name for n in inputs}))
    if digest := said.get("sha256", "").lower():
        if digest not in inputs.values():
            raise InputError("no input has this SHA-256", where=where, hint=f"the inputs are {listed}")
        return digest
    name = said.get("file", "")
    found = {d for n, d in inputs.items() if n == name or PurePath(n).name == PurePath(name).name != ""}
    if len(found) != 1:
        what = "several inputs are called" if found else "no input is called"
        raise InputError(f"{what} {name!r}", where=where, hint=f"name its sha256; the inputs are {listed}")
    return found.pop()
