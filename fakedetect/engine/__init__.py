"""Who runs SQL: one file per engine. An engine knows no feature: tables and SQL text in, tables out."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol

import pyarrow as pa

from fakedetect.errors import EngineError, UsageError

ENGINES: tuple[str, ...] = ("duckdb", "spark")
"""Names that `open_engine` opens; spark://host:port is the second on a cluster."""
MEMORY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B)\s*", re.IGNORECASE)
"""How much memory, as people write it: a number and its unit."""
_STATM = Path("/proc/self/statm")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


Kernel = Callable[[pa.Table], pa.Table]
"""A function of rows, one row out per row in, in their order. It can be sent to another machine that has fakedetect."""


Run = Callable[[Kernel, pa.Table], pa.Table]
RunGroups = Callable[[Kernel, pa.Table, str], pa.Table]
"""Who runs a kernel: an engine's `map` and `map_groups`, or `at_once`."""


def at_once(kernel: Kernel, table: pa.Table, by: str | None = None) -> pa.Table:
    """`kernel(table)`, in this process."""
    return kernel(table)


class Engine(Protocol):
    """What each engine does."""

    @property
    def version(self) -> str: ...
    def register(self, name: str, table: pa.Table) -> None: ...
    def unregister(self, name: str) -> None: ...
    def define(self, name: str, sql: str) -> None: ...
    def query(self, sql: str) -> pa.Table: ...
    def map(self, kernel: Kernel, table: pa.Table) -> pa.Table: ...
    def map_groups(self, kernel: Kernel, table: pa.Table, by: str) -> pa.Table: ...
    def room(self, stage: str) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Engine: ...
    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def divided(memory: str | None, n: int) -> str | None:
    """What each of n engines may hold at once, where together they may hold `memory`. Raises UsageError."""
    if memory is None:
        return None
    each = in_bytes(memory) // n
    return memory if n == 1 else f"{each / 1000:.3f}KB"


def in_bytes(memory: str) -> int:
    """What somebody wrote, in bytes: 1KB is 1000 of them, 1KiB 1024. Raises UsageError."""
    written = MEMORY.fullmatch(memory)
    if written is None:
        raise bad_memory(memory)
    unit = written[2].lower()
    return int(float(written[1]) * (1024 if "i" in unit else 1000) ** (1 + "kmgt".index(unit[0])))


def held() -> int | None:
    """Bytes of memory that this process holds of its own, without mapped files; None where the system does not tell."""
    if not _STATM.exists():
        return None
    _, resident, shared = map(int, _STATM.read_text("ascii").split()[:3])
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def bad_memory(memory: str) -> UsageError:
    """What to say of a memory that nobody can read."""
    return UsageError(f"the memory parameter must be a number and its unit. Got {memory!r} instead.",
                      hint="--memory 3GB")


def check(name: str) -> None:
    """Raises EngineError where `open_engine(name)` would for want of something that is not there, at once."""
    if name.startswith("spark://") or name == "spark":
        from fakedetect.engine import java

        java.check(name)
    elif name not in ENGINES:
        raise EngineError(f"there is no engine named {name!r}",
                          hint=f"--engine {' or '.join(ENGINES)} or spark://HOST:PORT")


def open_engine(name: str, memory: str | None = None, threads: int | None = None, *, whole: bool = False) -> Engine:
    """A running engine; close it, or use it in a `with`.

    name: one of ENGINES, or spark://host:port. memory: most it may hold, with its unit ("3GB", "512MiB"), before it
    spills to disk; None: the engine's own default. threads: at least 1; None: all cores. whole: `memory` is for this
    process with all it holds beside the engine; `room` then raises EngineError where that alone is too much. Raises
    EngineError for an engine that this version does not have or that does not start, UsageError for a bad memory or
    threads.
    """
    check(name)
    if threads is not None and threads < 1:
        raise UsageError(f"the threads parameter must be an int in [1, inf). Got {threads} instead.")
    # Here, so that importing fakedetect loads no engine.
    if name.startswith("spark"):
        with warnings.catch_warnings():  # of pandas, which is not used here
            warnings.simplefilter("ignore", FutureWarning)
            from fakedetect.engine.spark import Spark

        return Spark(name, memory, threads)
    from fakedetect.engine.duckdb import DuckDB

    return DuckDB(memory, threads, whole=whole)


def checked_name(name: str) -> str:
    """The name of a table. Raises EngineError for what is none: names are ours and never come from a file."""
    if not _NAME.fullmatch(name):
        raise EngineError(f"{name!r} is no name for a table")
    return name


def first_line(fault: BaseException) -> str:
    """What a fault says first."""
    return str(fault).partition("\n")[0]
