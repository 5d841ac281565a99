"""Decisions handed on: labels for training, and cleared accounts for the next audit."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fakedetect.decisions import Standing, cleared
from fakedetect.errors import InputError
from fakedetect.output import cell

LABELS = {"confirmed": "suspect", "cleared": "organic", "unsure": "unsure"}
"""Decision -> what `fakedetect train --labels` calls it."""
COLUMNS = ("author_id", "label", "campaign", "decision", "state", "decided_by", "decided_at", "signed_off_by", "reason")
Standings = Mapping[tuple[str, str], Standing]


def labels_csv(standings: Standings, group_of: Mapping[str, str | None], signed_only: bool = False) -> tuple[str, int]:
    """One row per decided account as CSV, and their number. What is contested is `unsure`; with `signed_only` so is
    what no second person signed off. group_of: author_id -> the group it stands in, as the campaign."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    n = 0
    for author, now in _accounts(standings):
        said = now.decision
        if said is None:
            continue
        counts = now.holds is not None and (bool(now.signed_by) or not signed_only)
        row = (author, LABELS[said.value] if counts else "unsure", group_of.get(author) or "", said.value, now.state,
               said.by, str(said.origin.get("at", said.at)), now.signed_by, said.why)
        writer.writerow([cell(value) for value in row])
        n += 1
    return held.getvalue(), n


def innocents_text(standings: Standings, signed_only: bool = False) -> tuple[str, int]:
    """The cleared accounts for --known-innocent, one author_id per line, and their number. Contested ones are not."""
    ids = [author for author, _ in cleared(standings, signed_only)]
    return "".join(f"{cell(line)}\n" for line in ("author_id", *ids)), len(ids)


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner only: it holds ids. Raises InputError where it cannot."""
    try:
        handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.resolve().parent)
    except OSError as error:
        raise InputError(f"the file cannot be written: {error.strerror}", where=str(path),
                         hint="another path") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(scratch).replace(path)
    finally:
        Path(scratch).unlink(missing_ok=True)


def _accounts(standings: Standings) -> list[tuple[str, Standing]]:
    return sorted((subject, now) for (kind, subject), now in standings.items() if kind == "account")
