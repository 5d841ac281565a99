"""Where the records of a delimited text begin and end: one pass over its bytes, in compiled code.

The grammar is that of Python's csv module and of Arrow (a quote opens only at the start of a field; two
quotes in a quoted field are one), with one difference: a quoted field that spans lines must close before a
delimiter or a line end, and within MAX_QUOTED bytes. Otherwise its quote is a stray one, and only the line
it stands on is given up, where a plain reader would swallow the rows below it.
"""

from __future__ import annotations

import numba
import numpy as np

MAX_QUOTED = 1 << 20
UNCLOSED = -1
"""In place of a field count: the record's quote never closes."""


@numba.njit(cache=True, nogil=True)
def _lines(data: np.ndarray, start: int) -> int:
    n = 1
    for i in range(start, data.size):
        if data[i] == 10 or data[i] == 13:
            n += 1
    return n


@numba.njit(cache=True, nogil=True)
def _records(data, start, delimiter, max_quoted, starts, ends, fields):  # type: ignore[no-untyped-def]
    size, at, n = data.size, start, 0
    while at < size:
        if data[at] == 10 or data[at] == 13:
            at += 1
            continue
        count, first_break, fresh, i = 1, -1, True, at
        while i < size:
            c = data[i]
            if fresh and c == 34:
                i += 1
                opened, closed, inner_break = i, False, -1
                while i < size and i - opened <= max_quoted:
                    c = data[i]
                    if c == 34:
                        if i + 1 < size and data[i + 1] == 34:
                            i += 2
                            continue
                        closed = True
                        i += 1
                        break
                    if (c == 10 or c == 13) and inner_break < 0:
                        inner_break = i
                    i += 1
                tail = data[i] if i < size else 10
                if not closed or (inner_break >= 0 and tail != delimiter and tail != 10 and tail != 13):
                    if first_break < 0:
                        first_break = inner_break
                    i = first_break if first_break >= 0 else size
                    count = -1
                    break
                if first_break < 0:
                    first_break = inner_break
                fresh = False
            elif c == delimiter:
                count += 1
                fresh = True
                i += 1
            elif c == 10 or c == 13:
                break
            else:
                fresh = False
                i += 1
        starts[n], ends[n], fields[n] = at, min(i, size), count
        n += 1
        at = i
    return n


def records(data: np.ndarray, start: int, delimiter: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start, end (exclusive, without line end) and field count of each record of `data` (uint8) from `start`.

    Blank lines are no records. A field count of UNCLOSED marks a line whose quote never closes.
    """
    room = _lines(data, start)
    starts, ends, fields = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int32)
    n = _records(data, start, ord(delimiter), MAX_QUOTED, starts, ends, fields)
    return starts[:n], ends[:n], fields[:n]
