"""Where the model, the sample page and the lock file that come with fakedetect stand: inside the installed package, or
at the top of a checkout."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from fakedetect import versions
from fakedetect.errors import FakedetectError, ModelError

_PACKAGE = Path(__file__).resolve().parent
DEFAULT_MODEL = "fitted"
LOCK = "requirements.lock"


def folder(kind: str, name: str) -> Path:
    """The shipped folder `name` of `kind` ("models" or "data"). Raises ModelError where it is not there."""
    places = (_PACKAGE / "_shipped" / kind / name, _PACKAGE.parent / kind / name)
    for place in places:
        if place.is_dir():
            return place
    raise ModelError(
        f"the shipped {kind}/{name} is missing",
        where=str(places[0]),
        hint="install fakedetect again, or name a model with --model DIR",
    )


def lock() -> dict[str, Any]:
    """The lock file's SHA-256, and which of the libraries that decide a result are not at its versions here: name ->
    {locked, here}. Raises FakedetectError where the file is not there."""
    places = (_PACKAGE / "_shipped" / LOCK, _PACKAGE.parent / LOCK)
    path = next((p for p in places if p.is_file()), None)
    if path is None:
        raise FakedetectError("the lock file is missing", where=str(places[0]), hint="install fakedetect again")
    held = path.read_bytes()
    pins = dict(line.split("==", 1) for line in held.decode("utf-8").splitlines() if "==" in line and line[0] != "#")
    here = versions.versions()
    differs = {n: {"locked": pins[n], "here": here[n]} for n in versions.DECIDING if n in pins and pins[n] != here[n]}
    return {"sha256": hashlib.sha256(held).hexdigest(), "differs": differs}
