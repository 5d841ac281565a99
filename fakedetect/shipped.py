"""Where the model and the sample page that come with fakedetect stand: inside the installed package, or at the
top of a checkout."""

from __future__ import annotations

from pathlib import Path

from fakedetect.errors import ModelError

_PACKAGE = Path(__file__).resolve().parent
DEFAULT_MODEL = "fitted"


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
