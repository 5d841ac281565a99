"""Files that a stranger may have written: read up to a bound, decoded and parsed strictly, never run."""

from __future__ import annotations

import json
import math
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fakedetect.errors import ModelError

MAX_BYTES = 50_000_000


def read_file(folder: Path, name: str, max_bytes: int = MAX_BYTES) -> bytes:
    """A regular file of at most `max_bytes`; a pipe or a device in its place is never opened."""
    path = folder / name
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ModelError(f"{name} is not a file", where=str(folder))
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        what = f"{name} is missing" if gone else f"{name} cannot be read ({error.strerror})"
        raise ModelError(what, where=str(folder)) from error
    if len(data) > max_bytes:
        raise ModelError(f"{name} exceeds {max_bytes:,} bytes", where=str(folder))
    return data


def read_json(data: bytes, name: str, keys: tuple[str, ...], version: int) -> dict[str, Any]:
    """An object with exactly `keys`, of format `version`, in strict JSON: no NaN, no number past a double, no
    key twice. Raises ModelError otherwise, naming the file `name`.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    def finite(text: str) -> float:
        if not math.isfinite(float(text)):
            raise ValueError(f"{text} is no number that JSON knows or a double holds")
        return float(text)

    text = read_text(data, name)
    try:
        found = json.loads(text, object_pairs_hook=once, parse_float=finite, parse_constant=finite)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{name} is malformed: {error}") from error
    if not isinstance(found, dict) or set(found) != set(keys):
        raise ModelError(f"{name} does not hold exactly {', '.join(keys)}")
    if found["format"] != version:
        raise ModelError(f"{name} is of format {found['format']!r}; this program reads {version}")
    return found


def dump_json(value: Mapping[str, Any]) -> bytes:
    """`value` as JSON with sorted keys; the same value gives the same bytes. Raises ValueError for NaN."""
    return (json.dumps(value, indent=1, sort_keys=True, allow_nan=False, default=_plain) + "\n").encode()


def _plain(value: Any) -> int | float:
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.floating):
        return float(value)
    raise TypeError(f"{value!r} is no JSON value")


def read_text(data: bytes, name: str) -> str:
    """The file `name` as UTF-8; raises ModelError where it is none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"{name} is not UTF-8 text") from error
