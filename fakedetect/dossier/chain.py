"""The chain: one line of JSON per entry of a dossier, each with the hash of the one before it.

The first line says what the file is, the last (the seal) how many lines there are; between them stand a line for every
file, and one for every account that was erased. The hash of the seal is the dossier's fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fakedetect.dossier.container import DEFLATED, Member
from fakedetect.errors import InputError

NAME = "chain.jsonl"
FORMAT = 1
_NOTHING = "0" * 64
_FILE = {"crc32": int, "kind": str, "name": str, "sha256": str, "size": int, "stored_sha256": str, "stored_size": int}
TOMBSTONE = ("accounts", "comments", "edges", "groups", "mentions", "on", "rejects")
"""What is told of an erased account: counts, the groups it stood in, and the day, where it was stated."""


@dataclass(frozen=True)
class Chain:
    """A chain that was read: its files in order, its tombstones, its fingerprint, who made it."""

    members: tuple[Member, ...]
    tombstones: tuple[Mapping[str, Any], ...]
    fingerprint: str
    made_with: str


def canonical(value: Any) -> str:
    """JSON on one line, keys sorted: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def text(members: Sequence[Member], tombstones: Sequence[Mapping[str, Any]], made_with: str) -> tuple[str, str]:
    """The chain as text, and its fingerprint."""
    entries: list[dict[str, Any]] = [{"format": FORMAT, "kind": "dossier", "made_with": made_with}]
    for m in members:
        # The chain lists files that are packed one way only, so that nothing in it needs to say how.
        entries.append({"kind": "file", **{k: v for k, v in asdict(m).items() if k != "method"}})
    entries += [{"kind": "tombstone", **t} for t in tombstones]
    entries.append({"entries": len(entries) + 1, "kind": "seal"})
    before, lines = _NOTHING, []
    for entry in entries:
        digest = _digest(before, entry)
        lines.append(canonical({"entry": entry, "hash": digest, "previous": before}))
        before = digest
    return "".join(f"{line}\n" for line in lines), before


def _digest(before: str, entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{before}\n{canonical(entry)}".encode()).hexdigest()


def read(held: bytes) -> Chain:
    """The chain in these bytes. Raises InputError that names the first line that was changed."""
    before = _NOTHING
    entries: list[dict[str, Any]] = []
    lines = held.split(b"\n")
    if lines[-1]:
        raise _changed(len(lines), "it does not end as a line does")
    for number, line in enumerate(lines[:-1], 1):
        try:
            said = json.loads(line)
            # Two texts can mean the same JSON; only one of them is the chain's.
            if canonical(said).encode() != line or set(said) != {"entry", "hash", "previous"}:
                raise _changed(number, "it is not written as the chain writes")
            entry = said["entry"]
            if said["previous"] != before or said["hash"] != _digest(before, entry):
                raise _changed(number, "its hash does not follow from the line before it and what it says")
            entries.append(_checked(entry))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise _changed(number, f"it cannot be read: {type(error).__name__}") from error
        before = said["hash"]
    kinds = [e["kind"] for e in entries]
    if (len(entries) < 2 or kinds[0] != "dossier" or kinds[-1] != "seal" or entries[-1]["entries"] != len(entries)
            or {"dossier", "seal"} & set(kinds[1:-1])):
        raise _changed(len(entries) + 1, "lines are missing, or too many")
    if entries[0]["format"] != FORMAT:
        raise InputError(f"the dossier has format {entries[0]['format']}, this version reads {FORMAT}", where=NAME,
                         hint=f"use the version that made it: {entries[0]['made_with']}")
    members = tuple(Member(e["name"], DEFLATED, e["crc32"], e["size"], e["sha256"], e["stored_size"],
                           e["stored_sha256"]) for e in entries if e["kind"] == "file")
    stones = tuple({k: e[k] for k in TOMBSTONE} for e in entries if e["kind"] == "tombstone")
    return Chain(members, stones, before, str(entries[0]["made_with"]))


def _checked(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry, if it has what its kind has. Raises ValueError, KeyError or TypeError."""
    wanted = {"dossier": {"format", "kind", "made_with"}, "file": set(_FILE), "tombstone": {"kind", *TOMBSTONE},
              "seal": {"entries", "kind"}}[entry["kind"]]
    if set(entry) != wanted:
        raise ValueError("other fields")
    if entry["kind"] == "file":
        if any(type(entry[k]) is not t for k, t in _FILE.items()):
            raise TypeError("other types")
        if not all(0 <= entry[k] < 2**32 for k in ("crc32", "size", "stored_size")) or len(entry["name"]) > 200:
            raise ValueError("out of bounds")
    return entry


def _changed(number: int, how: str) -> InputError:
    return InputError(f"line {number} was changed: {how}", where=NAME, hint="take the dossier from whoever made it")
