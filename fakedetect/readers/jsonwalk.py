"""JSON values one by one: one document, several in a row, one a line; cut ones up to the cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fakedetect.errors import InputError
from fakedetect.readers.source import Source

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
"""A text (the last one may be cut), or a mark outside texts."""
_CLOSER = {"[": "]", "{": "}"}
MAX_DEPTH = 200


@dataclass(frozen=True)
class Value:
    """One JSON value, or the text of a line that is none (`bad`)."""

    row: int
    """1-based, over the values and bad lines of the file."""
    value: Any = None
    bad: str | None = None


class JsonFile:
    """The values of a JSON file in order. After the iteration, `truncated` says whether the file was cut.

    A top-level array gives its elements. Raises InputError where the text is not JSON.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.truncated = source.truncated
        text = source.decoded()
        self.encoding, self.replaced = text.encoding, text.replaced
        self._data = text.data
        self._start = text.start

    def __iter__(self) -> Iterator[Value]:
        if self._one_a_line():
            yield from self._lines()
        else:
            yield from self._documents()

    def _one_a_line(self) -> bool:
        """The first line is a whole object, and another one or nothing follows."""
        lines = self._raw_lines()
        first = next((line for line in lines if line.strip()), b"")
        second = next((line for line in lines if line.strip()), b"{").lstrip()
        if not first.lstrip().startswith(b"{") or not second.startswith(b"{"):
            return False
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            return False
        return True

    def _raw_lines(self) -> Iterator[bytes]:
        at, size = self._start, len(self._data)
        while at < size:
            end = self._data.find(b"\n", at)
            end = size if end < 0 else end + 1
            yield self._data[at:end]
            at = end

    def _lines(self) -> Iterator[Value]:
        row, held = 0, None
        for line in self._raw_lines():
            if held is not None:
                yield held
                held = None
            if not line.strip():
                continue
            row += 1
            try:
                yield Value(row, json.loads(line))
            except (ValueError, RecursionError):
                held = Value(row, bad=line.decode("utf-8", "replace").rstrip("\r\n"))
                if not line.endswith(b"\n"):
                    # The last line, and unfinished: the cut. It is still a row of the file, and a rejected
                    # one.
                    self.truncated = True
        if held is not None:
            yield held

    def _documents(self) -> Iterator[Value]:
        text = bytes(self._data[self._start :]).decode("utf-8", "replace")
        decoder, at, row = json.JSONDecoder(), 0, 0
        while at < len(text):
            try:
                value, end = decoder.raw_decode(text, at)
            except (ValueError, RecursionError) as error:
                value, end = self._rescued(text[at:], error), len(text)
            for inner in value if isinstance(value, list) else [value]:
                row += 1
                yield Value(row, inner)
            blank = re.compile(r"[\s,]*").match(text, end)
            at = blank.end() if blank else end

    def _rescued(self, text: str, error: Exception) -> Any:
        """The value up to the last whole array element before the end of a cut text."""
        mended = mend(text)
        if mended is None:
            raise InputError(
                f"it is not valid JSON: {error}", where=self.source.name, hint="export or download it again"
            ) from error
        self.truncated = True
        return mended


def mend(text: str) -> Any | None:
    """The value of a JSON text that was cut: up to its last whole array element, open brackets closed.

    None where the text is not a cut JSON text, or is cut before its first element.
    """
    stack: list[str] = []
    best: tuple[int, str] | None = None
    inside = True
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in _CLOSER:
            stack.append(mark)
            if len(stack) > MAX_DEPTH:
                return None
        elif mark in "]}":
            if not stack or _CLOSER[stack.pop()] != mark:
                return None
            if not stack:
                inside = False
                break
        elif mark != ",":
            continue
        if stack and stack[-1] == "[" and mark in ("}", "]", ","):
            end = token.start() if mark == "," else token.end()
            best = end, "".join(_CLOSER[s] for s in reversed(stack))
    if not inside or best is None:
        return None
    try:
        return json.loads(text[: best[0]] + best[1])
    except (ValueError, RecursionError):
        return None
