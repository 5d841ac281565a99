"""Times as found -> UTC microseconds, and what kind of time each value was."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.schema import TIME

EMPTY, ZONED, NAIVE, EPOCH, SLASHED, UNREADABLE = range(6)
"""Kinds of value. SLASHED: numbers in the order day/month or month/day, which the whole column must tell."""
MIN_YEAR, MAX_YEAR = 1970, 2200
_NONE = np.iinfo(np.int64).min
_RELATIVE = re.compile(
    r"\bago\b|\bil y a\b|\bhace\b|\bvor \d|\bfa$|前|yesterday|\bhier\b|just now|instant|"
    r"^\W*\d+\s*(s|sec|m|min|mins|h|hr|hrs|d|j|w|sem|mo|mois|y|yr|yrs|an|ans|hours?|days?|weeks?|months?|years?|"
    r"heures?|jours?|semaines?|minutes?|secondes?|seconds?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Times:
    """A time column read: values, and how many were left null for which reason."""

    values: pa.Array
    """timestamp us UTC."""
    found: np.ndarray
    """bool: something stood in the cell."""
    naive: int = 0
    """Without a zone, and none was stated."""
    relative: int = 0
    unreadable: int = 0
    example: str = ""
    """One value that was left null."""


@numba.njit(cache=True, nogil=True)
def _days(year, month, day):  # type: ignore[no-untyped-def]
    """Days from 1970-01-01 (Hinnant's civil calendar)."""
    y = year - 1 if month <= 2 else year
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


@numba.njit(cache=True, nogil=True)
def _date(year, month, day):  # type: ignore[no-untyped-def]
    """Microseconds of a date, or the smallest int64 where there is no such day."""
    if month < 1 or month > 12 or day < 1 or day > 31 or year < MIN_YEAR or year > MAX_YEAR:
        return _NONE
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (month in (4, 6, 9, 11) and day > 30) or (month == 2 and day > (29 if leap else 28)):
        return _NONE
    return _days(year, month, day) * 86_400_000_000


@numba.njit(cache=True, nogil=True)
def _number(data, at, end, most):  # type: ignore[no-untyped-def]
    """(value, position after) of up to `most` digits."""
    value, i = 0, at
    while i < end and i - at < most and 48 <= data[i] <= 57:
        value = value * 10 + data[i] - 48
        i += 1
    return value, i


@numba.njit(cache=True, nogil=True)
def _one(data, at, end):  # type: ignore[no-untyped-def]
    """(kind, microseconds, microseconds read as month/day) of one value."""
    while at < end and data[at] <= 32:
        at += 1
    while end > at and data[end - 1] <= 32:
        end -= 1
    if at == end:
        return EMPTY, _NONE, _NONE
    whole, i = _number(data, at, end, 18)
    digits = i - at
    if digits >= 9 and (i == end or data[i] == 46):
        fraction, scale, j = 0, 1, i
        if i < end:
            fraction, j = _number(data, i + 1, end, 6)
            for _ in range(j - i - 1):
                scale *= 10
            while j < end and 48 <= data[j] <= 57:
                j += 1
        if j == end:
            unit = 1_000_000 if digits <= 11 else 1000 if digits <= 14 else 1
            if digits <= 17 and whole * unit < (MAX_YEAR - 1970) * 31_557_600_000_000:
                return EPOCH, whole * unit + fraction * unit // scale, _NONE
        return UNREADABLE, _NONE, _NONE
    if i >= end or digits == 0 or data[i] not in (45, 47, 46):
        return UNREADABLE, _NONE, _NONE
    mark = data[i]
    second, j = _number(data, i + 1, end, 2)
    if j >= end or j == i + 1 or data[j] != mark:
        return UNREADABLE, _NONE, _NONE
    third, k = _number(data, j + 1, end, 4)
    size = k - j - 1
    if digits == 4 and 1 <= size <= 2:
        day, other, kind = _date(whole, second, third), _NONE, NAIVE
    elif digits <= 2 and size in (2, 4):
        year = third if size == 4 else 2000 + third
        day, other, kind = _date(year, second, whole), _date(year, whole, second), SLASHED
        if mark == 46:
            other = _NONE  # with dots the day always comes first
    else:
        return UNREADABLE, _NONE, _NONE
    if day == _NONE and other == _NONE:
        return UNREADABLE, _NONE, _NONE
    clock, kind, ok = _clock(data, k, end, kind)
    if not ok:
        return UNREADABLE, _NONE, _NONE
    return kind, day + clock if day != _NONE else _NONE, other + clock if other != _NONE else _NONE


@numba.njit(cache=True, nogil=True)
def _clock(data, i, end, kind):  # type: ignore[no-untyped-def]
    """(microseconds to add, kind, readable) of what follows a date: nothing, hh:mm[:ss[.ffffff]], am/pm, a
    zone.
    """
    if i == end:
        return 0, kind, True
    while i < end and (data[i] == 32 or data[i] == 84 or data[i] == 116 or data[i] == 44):
        i += 1
    hour, j = _number(data, i, end, 2)
    if j == i or j >= end or data[j] != 58:
        return 0, kind, False
    minute, i = _number(data, j + 1, end, 2)
    second = micro = 0
    if i - j != 3 or minute > 59:
        return 0, kind, False
    if i < end and data[i] == 58:
        second, j = _number(data, i + 1, end, 2)
        if j - i != 3 or second > 60:
            return 0, kind, False
        i = j
        if i < end and (data[i] == 46 or data[i] == 44):
            micro, j = _number(data, i + 1, end, 6)
            for _ in range(6 - (j - i - 1)):
                micro *= 10
            while j < end and 48 <= data[j] <= 57:
                j += 1
            i = j
    while i < end and data[i] == 32:
        i += 1
    if i + 1 < end and (data[i + 1] | 32) == 109 and (data[i] | 32) in (97, 112) and 1 <= hour <= 12:
        hour = hour % 12 + (12 if (data[i] | 32) == 112 else 0)
        i += 2
        while i < end and data[i] == 32:
            i += 1
    if hour > 23:
        return 0, kind, False
    total = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro
    if i == end:
        return total, kind, True
    zoned = ZONED if kind == NAIVE else kind + 16
    if (data[i] | 32) == 122 and i + 1 == end:
        return total, zoned, True
    if i + 3 <= end and (
        (data[i] == 85 and data[i + 1] == 84 and data[i + 2] == 67)
        or (data[i] == 71 and data[i + 1] == 77 and data[i + 2] == 84)
    ):
        i += 3
        if i == end:
            return total, zoned, True
    if data[i] != 43 and data[i] != 45:
        return 0, kind, False
    sign = -1 if data[i] == 45 else 1
    hours, j = _number(data, i + 1, end, 2)
    if j - i != 3 or hours > 15:
        return 0, kind, False
    if j < end and data[j] == 58:
        j += 1
    minutes, i = _number(data, j, end, 2)
    return total - sign * (hours * 60 + minutes) * 60_000_000, zoned, i == end and minutes < 60


@numba.njit(cache=True, nogil=True)
def _all(data, offsets, valid, kinds, micros, others):  # type: ignore[no-untyped-def]
    for row in range(valid.size):
        if valid[row]:
            kinds[row], micros[row], others[row] = _one(data, offsets[row], offsets[row + 1])


def parse(column: pa.Array | pa.ChunkedArray, naive_zone: str | None) -> Times:
    """A column of times as UTC: ISO 8601 with or without zone, epoch s, ms or us, day/month/year, native.

    A naive time is read in `naive_zone` (an hour that a change of clocks repeats or skips: the earlier
    reading); without one it is null. Numeric dates are read day first or month first only where the column
    proves which.
    """
    array = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_null(array.type):
        return Times(pa.nulls(len(array), TIME), np.zeros(len(array), np.bool_))
    if pa.types.is_date(array.type):
        array = array.cast(pa.timestamp("us"))
    if pa.types.is_timestamp(array.type):
        return _native(array.combine_chunks(), naive_zone)
    if pa.types.is_floating(array.type):
        array = _plain_numbers(array)
    return _strings(array, naive_zone)


def _native(array: pa.Array, naive_zone: str | None) -> Times:
    found = array.is_valid().to_numpy(zero_copy_only=False)
    if array.type.tz is not None:
        return Times(pc.cast(array, TIME, safe=False), found)
    micros = pc.cast(array, pa.timestamp("us"), safe=False)
    if naive_zone is None:
        first = array.drop_null()
        return Times(
            pa.nulls(len(array), TIME),
            found,
            naive=int(found.sum()),
            example=str(first[0]) if len(first) else "",
        )
    return Times(_placed(micros, naive_zone), found)


def _placed(naive: pa.Array, zone: str) -> pa.Array:
    return pc.assume_timezone(naive, zone, ambiguous="earliest", nonexistent="earliest").cast(TIME)


def _plain_numbers(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Epochs that were floats, as decimal text."""
    return pa.chunked_array(
        [pa.array([None if v is None or v != v else f"{v:.6f}" for v in c.to_pylist()], pa.string())
         for c in array.chunks], pa.string()
    )


def _strings(array: pa.ChunkedArray, naive_zone: str | None) -> Times:
    n = len(array)
    valid = array.is_valid().to_numpy()
    kinds, micros, others = np.zeros(n, np.int8), np.full(n, _NONE), np.full(n, _NONE)
    done = 0
    for given in array.chunks:
        chunk, here = given.cast(pa.large_string()), slice(done, done + len(given))
        _, at, data = chunk.buffers()
        _all(
            np.frombuffer(data if data is not None and data.size else b"\0", np.uint8),
            np.frombuffer(at, np.int64, len(chunk) + 1, 8 * chunk.offset),
            valid[here],
            kinds[here],
            micros[here],
            others[here],
        )
        done += len(given)
    slashed = (kinds & 15) == SLASHED
    if slashed.any():
        day_first = bool((slashed & (others == _NONE)).any())
        month_first = bool((slashed & (micros == _NONE)).any())
        if month_first and not day_first:
            micros[slashed] = others[slashed]
        elif day_first == month_first:
            # Either nothing tells the order, or the column contradicts itself: only the same both ways is
            # known.
            micros[slashed & (micros != others)] = _NONE
        settled = slashed & (micros != _NONE)
        kinds[settled] = np.where(kinds[settled] >= 16, ZONED, NAIVE)
        kinds[slashed & ~settled] = UNREADABLE
    naive, odd = kinds == NAIVE, kinds == UNREADABLE
    known = (kinds == ZONED) | (kinds == EPOCH)
    values = pa.array(micros, pa.int64(), mask=~known).cast(TIME)
    if naive.any() and naive_zone is not None:
        placed = _placed(pa.array(micros, pa.int64(), mask=~naive).cast(pa.timestamp("us")), naive_zone)
        values = pc.coalesce(values, placed)
    left = pc.value_counts(array.filter(pa.array(odd)).cast(pa.string())).to_pylist() if odd.any() else []
    n_relative = sum(v["counts"] for v in left if _RELATIVE.search(v["values"]))
    shown = np.flatnonzero(naive if naive.any() and naive_zone is None else odd)
    return Times(
        values,
        valid & (kinds != EMPTY),
        naive=int(naive.sum()) if naive_zone is None else 0,
        relative=n_relative,
        unreadable=int(odd.sum()) - n_relative,
        example=str(array[int(shown[0])].as_py()) if len(shown) else "",
    )
