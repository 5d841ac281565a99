"""DuckDB, embedded: the default engine. Spills to a private temporary folder that goes when it is closed."""

from __future__ import annotations

import tempfile
from types import TracebackType

import duckdb
import pyarrow as pa

from fakedetect.engine import Kernel, at_once, checked_name, first_line, held, in_bytes
from fakedetect.errors import EngineError

LEAST = 128 << 20
"""Bytes with which the engine can work, spilling."""


class DuckDB:
    """One in-memory database. It reads no file and loads no extension: it knows what was registered."""

    name = "duckdb"

    def __init__(self, memory: str | None = None, threads: int | None = None, *, whole: bool = False) -> None:
        ceiling = in_bytes(memory) if memory is not None else None
        self._ceiling, self._locked = ceiling if whole else None, False
        self._spill = tempfile.TemporaryDirectory(prefix="fakedetect-")
        options: dict[str, str | bool | list[str]] = {
            "temp_directory": self._spill.name,
            "preserve_insertion_order": False,  # no result's order counts; keeping it costs memory
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,  # a table name never reaches a Python variable
        }
        if memory is not None:
            options["memory_limit"] = f"{ceiling}B"
        if threads is not None:
            options["threads"] = str(threads)
        try:
            self._connection = duckdb.connect(":memory:", config=options)
            # After the start: the spill folder can only be named while files may still be reached.
            self._connection.execute("set enable_external_access = false")
        except duckdb.Error as fault:
            self._spill.cleanup()
            raise EngineError(f"DuckDB did not start: {first_line(fault)}") from fault

    @property
    def version(self) -> str:
        """Version of the library, for summary.json."""
        return duckdb.__version__

    def register(self, name: str, table: pa.Table) -> None:
        """Makes `table` known to SQL as `name` (lower case letters, digits, _), in place of an earlier one.
        Its buffers are read where they are, so they live until `unregister` or `close`."""
        checked_name(name)
        self.room(f"table {name}")
        try:
            if not self._locked:
                # Only now is it known what the process holds beside the engine.
                if (left := self._left()) is not None:
                    self._connection.execute(f"set memory_limit = '{left}B'")
                self._connection.execute("set lock_configuration = true")
                self._locked = True
            self._connection.register(name, table)
        except duckdb.Error as fault:
            raise self._error(fault, f"table {name}") from fault

    def unregister(self, name: str) -> None:
        """Lets go of the table registered as `name`."""
        self._connection.unregister(checked_name(name))

    def define(self, name: str, sql: str) -> None:
        """Names a query, in place of an earlier one; it is run where a later query uses it."""
        try:
            self._connection.execute(f"create or replace temp view {checked_name(name)} as {sql}")
        except duckdb.Error as fault:
            raise self._error(fault, f"view {name}") from fault

    def query(self, sql: str) -> pa.Table:
        """The result of one SELECT; its rows stand in no order unless it gives one. Raises EngineError."""
        try:
            return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as fault:
            raise self._error(fault, "query") from fault

    def map(self, kernel: Kernel, table: pa.Table) -> pa.Table:
        """`kernel(table)`: one row per row, in their order."""
        return at_once(kernel, table)

    def map_groups(self, kernel: Kernel, table: pa.Table, by: str) -> pa.Table:
        """`kernel(table)`: one row per row, in their order; it sees all rows of one value of `by` together."""
        return at_once(kernel, table)

    def room(self, stage: str) -> None:
        """Raises EngineError where this process holds more than it may, or so much that no engine works beside it."""
        left = self._left()
        if left is not None and left < (0 if self._locked else LEAST):
            assert self._ceiling is not None
            own = _spoken(self._ceiling - left)
            raise EngineError(f"--memory allows {_spoken(self._ceiling)}, and {own} are held already", where=stage,
                              hint="a larger --memory, a shorter period, or one page at a time")

    def _left(self) -> int | None:
        """Bytes that the engine may hold beside what else the process does; None where nobody asked."""
        if self._ceiling is None or (own := held()) is None:
            return None
        return self._ceiling - own

    def close(self) -> None:
        """Lets go of all tables, memory and spilled files. Closing twice is fine."""
        self._connection.close()
        self._spill.cleanup()

    def __enter__(self) -> DuckDB:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _error(self, fault: duckdb.Error, where: str) -> EngineError:
        if isinstance(fault, duckdb.OutOfMemoryException):
            return EngineError(f"DuckDB ran out of memory: {first_line(fault)}", where=where,
                               hint="a larger --memory, or more room in the folder for temporary files")
        return EngineError(f"DuckDB could not run this: {first_line(fault)}", where=where)


def _spoken(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
