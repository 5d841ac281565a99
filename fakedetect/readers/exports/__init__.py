"""The export formats, one file each with a READER; FORMATS is found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from fakedetect.readers.reader import Reader


def _walk() -> Iterator[Reader]:
    for module in pkgutil.iter_modules(__path__):
        yield importlib.import_module(f"{__name__}.{module.name}").READER


FORMATS: tuple[Reader, ...] = tuple(sorted(_walk(), key=lambda r: r.name))
