"""Who runs SQL: one file per engine. An engine knows no feature: tables and SQL text in, tables out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakedetect.errors import EngineError, UsageError

if TYPE_CHECKING:
    from fakedetect.engine.duckdb import DuckDB

ENGINES: tuple[str, ...] = ("duckdb",)
"""Names that `open_engine` opens."""


MEMORY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B)\s*", re.IGNORECASE)
"""How much memory, as people write it: a number and its unit."""


def divided(memory: str | None, n: int) -> str | None:
    """What each of n engines may hold at once, where together they may hold `memory`. Raises UsageError."""
    if memory is None:
        return None
    written = MEMORY.fullmatch(memory)
    if written is None:
        raise bad_memory(memory)
    return memory if n == 1 else f"{float(written[1]) / n:.6f}{written[2]}"


def bad_memory(memory: str) -> UsageError:
    """What to say of a memory that nobody can read."""
    return UsageError(f"the memory parameter must be a number and its unit. Got {memory!r} instead.",
                      hint="--memory 3GB")


def check(name: str) -> None:
    """Raises EngineError where `open_engine(name)` would for want of something that is not there, at once."""
    if name.partition(":")[0] == "spark":
        raise EngineError("the Spark engine is not part of this version", hint="--engine duckdb")
    if name not in ENGINES:
        raise EngineError(f"there is no engine named {name!r}", hint=f"--engine {' or '.join(ENGINES)}")


def open_engine(name: str, memory: str | None = None, threads: int | None = None) -> DuckDB:
    """A running engine; close it, or use it in a `with`.

    memory: most it may hold, with its unit ("3GB", "512MiB"), before it spills to disk; None: the engine's
    own default. threads: at least 1; None: all cores. Raises EngineError for an engine that this version does
    not have or that does not start, UsageError for a bad memory or threads.
    """
    check(name)
    if threads is not None and threads < 1:
        raise UsageError(f"the threads parameter must be an int in [1, inf). Got {threads} instead.")
    from fakedetect.engine.duckdb import DuckDB  # here, so that importing fakedetect loads no engine

    return DuckDB(memory, threads)
