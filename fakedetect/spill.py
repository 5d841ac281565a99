"""Tables of any size made piece by piece: in memory while they are small, then in an unnamed file that is mapped.

What is mapped takes memory only as long as the system has it to spare. The file has no name: it is gone with the last
table that reads it, also where the process is killed.
"""

from __future__ import annotations

import contextlib
import math
import mmap
import os
import tempfile
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import IO, TypeVar

import numpy as np
import pyarrow as pa

from fakedetect.errors import EngineError

MEMORY = 256 << 20
"""Bytes of one table that stay in memory."""
WINDOW = 1 << 19
"""Rows that are worked on at a time."""
ARRAY = 1 << 30
"""Bytes of rows that are put into one chunk: an array of texts holds no more than twice that."""
ROWS = 50_000
"""Rows held as Python values before they become columns."""
THREADS = 2
"""What leaves the interpreter's lock (Arrow, kernels) is run side by side on so many."""
_ALIGNED = 64
_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Spill:
    """Pieces of one table, which need not have the same columns."""

    def __init__(self) -> None:
        self._held: list[pa.Table] = []
        self._size = 0
        self._file: IO[bytes] | None = None
        self._starts: list[int] = []

    def put(self, table: pa.Table) -> None:
        """Take one more piece. Raises EngineError where there is no room for it."""
        self._held.append(table)
        self._size += table.nbytes
        if self._size > MEMORY:
            self._write()

    def tables(self) -> list[pa.Table]:
        """The pieces in their order; there are no more to come."""
        if self._file is None:
            return self._held
        if self._held:
            self._write()
        whole = pa.py_buffer(_mapped(self._file))
        return [pa.ipc.open_stream(whole.slice(at)).read_all() for at in self._starts]

    def _write(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="fakedetect-")  # noqa: SIM115 (closed by the next line)
                weakref.finalize(self, _close, self._file)
            for table in self._held:
                self._starts.append(self._file.tell())
                with pa.ipc.new_stream(self._file, table.schema) as stream:
                    stream.write_table(table.combine_chunks())
                self._file.write(b"\0" * (-self._file.tell() % _ALIGNED))
            self._file.flush()
        except OSError as error:
            raise _no_room(error) from error
        self._held, self._size = [], 0


def _close(file: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # what could not be written was said when it was tried
        file.close()


def _mapped(file: IO[bytes]) -> mmap.mmap:
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> EngineError:
    return EngineError(f"the input cannot be put aside: {error.strerror}", where=tempfile.gettempdir(),
                       hint="free some space there, or name another folder with the variable TMPDIR")


def unnamed(pieces: Iterable[bytes | memoryview]) -> mmap.mmap | bytes:
    """The pieces one after the other; beyond MEMORY in an unnamed file that is mapped. Raises EngineError where there
    is no room."""
    left, held, size = iter(pieces), list[bytes | memoryview](), 0
    for piece in left:
        held.append(piece)
        size += len(piece)
        if size > MEMORY:
            break
    else:
        return b"".join(held)
    file = tempfile.TemporaryFile(prefix="fakedetect-")  # noqa: SIM115 (closed below, whatever happens)
    try:
        for piece in chain(held, left):
            file.write(piece)
        file.flush()
        return _mapped(file)
    except OSError as error:
        raise _no_room(error) from error
    finally:
        _close(file)


def zeros(shape: tuple[int, ...], kind: type[np.generic]) -> np.ndarray:
    """An array of zeros that, beyond MEMORY, stands in an unnamed file that is mapped. Raises EngineError where there
    is no room."""
    size = math.prod(shape) * np.dtype(kind).itemsize
    if size <= MEMORY:
        return np.zeros(shape, kind)
    file = tempfile.TemporaryFile(prefix="fakedetect-")  # noqa: SIM115 (closed below, whatever happens)
    try:
        # All room is taken now: a mapped page that finds none would end the process.
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            file.truncate(size)
        return np.frombuffer(mmap.mmap(file.fileno(), size), kind).reshape(shape)
    except OSError as error:
        raise _no_room(error) from error
    finally:
        _close(file)


class Pile:
    """Tables of one kind from many sources, in their order: what together is large is put aside in one file."""

    def __init__(self) -> None:
        self._spill, self._large, self._n = Spill(), dict[int, pa.Table](), 0

    def put(self, table: pa.Table) -> None:
        """Take one more table. One that is large was put aside by who made it."""
        if table.nbytes > MEMORY:
            self._large[self._n] = table
        else:
            self._spill.put(table)
        self._n += 1

    def tables(self) -> list[pa.Table]:
        """The tables in their order; there are no more to come."""
        small = iter(self._spill.tables())
        return [self._large[i] if i in self._large else next(small) for i in range(self._n)]


def side_by_side(make: Callable[[_In], _Out], items: Iterable[_In]) -> Iterator[_Out]:
    """`map(make, items)`, THREADS at a time and no more than that ahead. make: what leaves the interpreter's lock."""
    with ThreadPoolExecutor(THREADS) as pool:
        ahead: deque[Future[_Out]] = deque()
        for item in items:
            ahead.append(pool.submit(make, item))
            if len(ahead) > THREADS:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def aside(pieces: Iterable[pa.Table]) -> pa.Table:
    """One table from pieces of one schema, at least one. What fits in memory stands there in one chunk."""
    spill = Spill()
    for piece in pieces:
        spill.put(piece)
    tables = spill.tables()
    whole = pa.concat_tables(tables)
    return whole.combine_chunks() if whole.nbytes <= MEMORY else whole


def spans(n_rows: int) -> Iterator[slice]:
    """The places 0 .. n_rows - 1, WINDOW at a time; of no rows, one empty span."""
    for at in range(0, max(n_rows, 1), WINDOW):
        yield slice(at, min(at + WINDOW, n_rows))


def windows(table: pa.Table) -> Iterator[pa.Table]:
    """The rows of a table, WINDOW at a time; an empty table is one window."""
    for span in spans(table.num_rows):
        yield table.slice(span.start, span.stop - span.start)


def chosen(table: pa.Table, wanted: pa.ChunkedArray) -> pa.Table:
    """`table.filter(wanted)` for a table of any size."""
    return aside(window.filter(wanted[span]) for span, window in zip(spans(len(wanted)), windows(table), strict=True))


def with_column(table: pa.Table, name: str, column: pa.ChunkedArray | pa.Array) -> pa.Table:
    """The table with another column of that name, of the same type."""
    return table.set_column(table.column_names.index(name), table.schema.field(name), column)


def changed(table: pa.Table, name: str, change: Callable[[pa.Table], pa.ChunkedArray | pa.Array]) -> pa.Table:
    """The table with another column of that name, made from some rows at a time."""
    return with_column(table, name, aside(pa.table({name: change(w)}) for w in windows(table))[name])


def gathered(table: pa.Table, rows: np.ndarray) -> pa.Table:
    """`table.take(rows)` for a table of many chunks: no more than these rows are held in memory."""
    if len(rows) == 0:
        return table.slice(0, 0)
    batches = table.to_batches()
    if len(batches) == 1:
        return table.take(pa.array(rows))
    ends = np.cumsum([b.num_rows for b in batches])
    where = np.searchsorted(ends, rows, side="right")
    order = np.argsort(where, kind="stable")
    cuts = np.searchsorted(where[order], np.arange(len(batches) + 1))
    pieces = [
        batch.take(pa.array(rows[order[a:b]] - (end - batch.num_rows)))
        for batch, end, a, b in zip(batches, ends.tolist(), cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)
        if b > a
    ]
    if sum(piece.nbytes for piece in pieces) > ARRAY and len(rows) > 1:
        half = len(rows) // 2
        return pa.concat_tables([gathered(table, rows[:half]), gathered(table, rows[half:])])
    back = np.empty(len(rows), np.int64)
    back[order] = np.arange(len(rows))
    return pa.Table.from_batches(pieces, table.schema).combine_chunks().take(pa.array(back))
