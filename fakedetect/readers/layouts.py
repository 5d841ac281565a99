"""Tables that are read otherwise than they are written."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace

import numpy as np

from fakedetect.readers.encoding import Decoded
from fakedetect.readers.headers import header, key
from fakedetect.readers.source import HEAD_BYTES, Source
from fakedetect.readers.split import records

_MARKED = re.compile(rb'(?m)(^|\t)("[^\t\r\n]*)')
_QUOTED = re.compile(rb'"(?:[^"]|"")*"')


@dataclass(frozen=True)
class Unquoted(Source):
    """A table that quotes nothing, read as one that does."""

    def decoded(self) -> Decoded:
        """The text; a field that begins with a quotation mark, and is no quoted field, is put in quotes."""
        found = super().decoded()
        whole = bytes(found.data[found.start :])
        return replace(found, data=_MARKED.sub(_in_quotes, whole), start=0)


def _in_quotes(field: re.Match[bytes]) -> bytes:
    if _QUOTED.fullmatch(field[2]):
        return field[0]
    return field[1] + b'"' + field[2].replace(b'"', b'""') + b'"'


def unquoted(source: Source) -> Source:
    """The source, read without quoting."""
    return Unquoted(source.name, source.path, source.truncated, source.role)


@dataclass(frozen=True)
class Appended(Source):
    """A table to which columns were appended: of two columns of one name, the last bears it."""

    def decoded(self) -> Decoded:
        """The text, with `(input)` behind the name of a column that comes again."""
        found = super().decoded()
        data = told_apart(found)
        return found if data is None else replace(found, data=data, start=0)


def told_apart(text: Decoded) -> bytes | None:
    """The table with `(input)` behind each column name that comes again after it; None where none does."""
    begun = bytes(text.data[text.start : text.start + HEAD_BYTES])
    head = begun.decode("utf-8", "replace")
    delimiter, names, skipped = header(head)
    last = {key(n): i for i, n in enumerate(names)}
    if len(last) == len(names):
        return None
    begin = len(head[:skipped].encode())
    _, ends, _ = records(np.frombuffer(begun, np.uint8), begin, delimiter)
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(
        n if last[key(n)] == i else f"{n} (input)" for i, n in enumerate(names))
    return begun[:begin] + line.getvalue().encode() + bytes(text.data[text.start + int(ends[0]) :])


def appended(source: Source) -> Source:
    """The source, read so that of two columns of one name the last bears it."""
    return Appended(source.name, source.path, source.truncated, source.role)
