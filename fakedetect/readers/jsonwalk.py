"""JSON values one by one: one document, several in a row, one a line; cut ones up to the cut."""

from __future__ import annotations

import codecs
import json
import mmap
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
PIECE = 1 << 24
"""Bytes that are decoded at a time."""
NEAR_END = 16
"""Characters before the end of what is held within which a fault may come from the cut."""
_BLANK, _BETWEEN = re.compile(r"\s*"), re.compile(r"[\s,]*")


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
        begin = re.compile(rb"\S").search(self._data, self._start)
        if begin is None or begin.group() != b"{":
            return False  # an array may be one line of any length
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
        text, row = _Text(self._data, self._start), 0
        while text.skip(_BETWEEN):
            for value in self._elements(text) if text.starts("[") else self._single(text):
                row += 1
                yield Value(row, value)

    def _single(self, text: _Text) -> Iterator[Any]:
        try:
            yield text.value()
        except Wrong as error:
            raise self._refused(error) from error
        except (ValueError, RecursionError) as error:
            yield self._rescued(text.rest(), error)

    def _elements(self, text: _Text) -> Iterator[Any]:
        """The elements of the array that begins here, one by one: such a file may be larger than memory."""
        text.at += 1
        so_far = "["
        """Stands for what was read of the array, to tell a cut text from a wrong one."""
        error: Exception = ValueError("a comma or a bracket is missing after a value")
        while True:
            more = text.skip(_BLANK)
            if text.starts("]") and so_far != "[0,":
                text.at += 1
                return
            if text.starts(",") and so_far == "[0":
                text.at += 1
                so_far = "[0,"
                continue
            if not more and so_far == "[0":
                self.truncated = True  # cut right behind a value
                return
            if more and so_far != "[0":
                try:
                    value = text.value()
                except Wrong as fault:
                    raise self._refused(fault) from fault
                except (ValueError, RecursionError) as fault:
                    error = fault
                else:
                    yield value
                    so_far = "[0"
                    continue
            yield from self._rescued(f"{so_far} {text.rest()}", error)[so_far != "[" :]
            return

    def _rescued(self, text: str, error: Exception) -> Any:
        """The value up to the last whole array element before the end of a cut text."""
        mended = mend(text)
        if mended is None:
            raise self._refused(error) from error
        self.truncated = True
        return mended

    def _refused(self, error: Exception) -> InputError:
        return InputError(f"it is not valid JSON: {error}", where=self.source.name, hint="export or download it again")


class Wrong(ValueError):
    """No JSON, whatever follows."""


class _Text:
    """JSON text of which no more is held than the value that is read needs."""

    def __init__(self, data: mmap.mmap | bytes, start: int) -> None:
        self._data, self._next = data, start
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._decode = json.JSONDecoder().raw_decode
        self._held = ""
        self._gone = 0
        """Characters before those held."""
        self.at = 0

    def _more(self) -> bool:
        """Hold more of it, twice as much where a value is longer than PIECE; False at its end."""
        if self._next >= len(self._data):
            return False
        end = self._next + max(PIECE, len(self._held) - self.at)
        self._gone += self.at
        self._held = self._held[self.at :] + self._utf8.decode(self._data[self._next : end], end >= len(self._data))
        self._next, self.at = end, 0
        return True

    def skip(self, pattern: re.Pattern[str]) -> bool:
        """Go on behind what matches; False where the text ends there."""
        while True:
            found = pattern.match(self._held, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self._held):
                return True
            if not self._more():
                return False

    def starts(self, mark: str) -> bool:
        return self._held.startswith(mark, self.at)

    def value(self) -> Any:
        """The value that begins here. Raises Wrong where it is none, ValueError or RecursionError where it is none so
        far, with the whole rest."""
        while True:
            try:
                value, end = self._decode(self._held, self.at)
            except json.JSONDecodeError as error:
                place = f"{error.msg.removesuffix(' at')} at character {self._gone + error.pos + 1}"
                if error.pos < len(self._held) - NEAR_END and not error.msg.startswith("Unterminated string"):
                    raise Wrong(place) from error
                if not self._more():
                    raise ValueError(place) from error
                continue
            except RecursionError:
                if not self._more():
                    raise
                continue
            # A number may go on behind what is held.
            whole = not isinstance(value, int | float) or end < len(self._held) - NEAR_END
            if whole or not self._more():
                self.at = end
                return value

    def rest(self) -> str:
        """All that is left of it."""
        while self._more():
            pass
        left, self.at = self._held[self.at :], len(self._held)
        return left


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
