"""Dumps as the readers hand them on, from plain rows, for tests of `normalise`."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from fakedetect.normalise import normalise
from fakedetect.schema import Dump, Raw

T = "2024-03-05T17:00:00Z"


def table(rows: list[dict], source: str = "dump.csv") -> pa.Table:
    names = dict.fromkeys(n for r in rows for n in r)
    columns = {n: pa.array([r.get(n) for r in rows]) for n in names}
    return pa.table(
        {
            **columns,
            "source": pa.array([source] * len(rows), pa.string()),
            "row": pa.array(range(1, len(rows) + 1), pa.int64()),
        }
    )


def raw(rows: list[dict], source: str = "dump.csv", **more: object) -> Raw:
    return Raw(comments=table(rows, source), rows_read=len(rows), **more)


def column(rows: list[dict], name: str, **more: object) -> list:
    return normalise([raw(rows)], **more).comments[name].to_pylist()


def codes(dump: Dump) -> list[str]:
    return [n.code for n in dump.notes]


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)
