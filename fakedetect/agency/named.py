"""Whose dump is whose: each argument of an agency audit is one brand, called after its folder or file."""

from __future__ import annotations

import glob
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fakedetect.errors import InputError, UsageError
from fakedetect.normalise.keys import stem
from fakedetect.schema import Brand, Raw

LEAST = 2
"""Brands from which on an audit is one of an agency."""


def brands(run: Sequence[str], not_run: Sequence[str]) -> tuple[Brand, ...]:
    """One brand per argument, those that the agency runs first. Raises UsageError where there is one alone, or where
    two would be called alike."""
    if len(run) < LEAST:
        raise UsageError("--agency is for the pages of several brands, and one is named",
                         where=", ".join(run) or None,
                         hint="name each brand's folder or file, as fakedetect audit client_a/ client_b/ --agency "
                         "--out DIR; for one brand leave --agency out")
    out = [Brand(name(path), True) for path in run] + [Brand(name(path), False) for path in not_run]
    seen: dict[str, str] = {}
    for brand, path in zip(out, (*run, *not_run), strict=True):
        key = " ".join(unicodedata.normalize("NFKC", brand.name).casefold().split())
        if key in seen:
            raise UsageError(f"two brands would be called {brand.name!r}: {seen[key]} and {path}",
                             hint="a brand is called after its folder or file: rename one of them")
        seen[key] = path
    return tuple(out)


def name(path: str) -> str:
    """What a brand is called: its folder's or file's name without endings; of a pattern, the folder's before it."""
    if path == "-":
        return "stdin"
    here = Path(path)
    while glob.has_magic(here.name) and not here.exists() and here.parent != here:
        here = here.parent
    return stem(str(here.resolve())) or str(here)


def of_raws(known: Sequence[Brand], raws: Sequence[Raw]) -> tuple[list[Raw], list[Brand]]:
    """The dumps of an audit that is run again, in the order of their brands, and the brand of each, by the hashes of
    its files. Raises InputError for a dump of none."""
    out: list[tuple[int, Raw]] = []
    for raw in raws:
        hashes = set(raw.sources.values())
        mine = [b for b in known if hashes <= set(b.inputs)]
        if len(mine) != 1:
            raise InputError("the dump is none of the audit's, or is not named as it was", where=", ".join(raw.sources),
                             hint="give each brand's folder or file as the audit was given it")
        out.append((known.index(mine[0]), raw))
    out.sort(key=lambda each: each[0])
    return [raw for _, raw in out], [Brand(known[k].name, known[k].run) for k, _ in out]


def as_read(known: Sequence[Brand]) -> list[dict[str, Any]]:
    """The brands as the manifest holds them."""
    return [{"brand": b.name, "run": b.run, "inputs": list(b.inputs)} for b in known]


def from_manifest(told: Sequence[Mapping[str, Any]]) -> tuple[Brand, ...]:
    """The brands that a manifest tells of."""
    return tuple(Brand(b["brand"], b["run"], inputs=tuple(b["inputs"])) for b in told)
