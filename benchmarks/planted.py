"""What benchmarks on planted campaigns ask for, and how they go through the pages; for the others in this folder."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

import joblib

from fakedetect.evaluate.attacks import places
from fakedetect.evaluate.plant import PLANTS


def parser(doc: str) -> argparse.ArgumentParser:
    """DUMP..., --family and --first-seed, under the first line of a module's docstring."""
    asks = argparse.ArgumentParser(description=doc.splitlines()[0])
    asks.add_argument("dumps", nargs="+")
    asks.add_argument("--family", action="append", choices=tuple(PLANTS))
    asks.add_argument("--first-seed", type=int, default=1)
    return asks


def on_every_page(trial: Callable[..., Any], dumps: Sequence[str], family: str, *more: Any) -> list[Any]:
    """`trial(dump, page, family, *more)` on each page that the family is planted from, two at a time."""
    return list(joblib.Parallel(2)(joblib.delayed(trial)(d, k, family, *more)
                                   for d in dumps for k in places(d, PLANTS[family])))
