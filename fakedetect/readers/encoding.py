"""Bytes of unknown encoding to UTF-8: byte order mark, UTF-8, UTF-16, then the likeliest older encoding."""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fakedetect.spill import unnamed

CHUNK = 1 << 22
SAMPLE = 1 << 17
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_LATIN = (
    "gb",
    "big5",
    "shift_jis",
    "euc_",
    "cp932",
    "cp949",
    "johab",
    "koi8",
    "cp1251",
    "cp1253",
    "cp1255",
    "cp1256",
    "mac_cyrillic",
    "iso8859_5",
    "iso8859_7",
    "iso8859_8",
    "tis_620",
    "cp874",
    "hz",
)
"""Families kept when guessed; every other guess is a sister of cp1252, which real exports use."""


@dataclass(frozen=True)
class Decoded:
    """UTF-8 bytes without byte order mark from `start` on, and the encoding found."""

    data: mmap.mmap | bytes
    start: int
    encoding: str
    replaced: int = 0
    """Sequences that were not valid in the encoding and became U+FFFD."""


def decode(data: mmap.mmap | bytes) -> Decoded:
    """The bytes as UTF-8. Valid UTF-8 is handed on uncopied."""
    if data[:3] == codecs.BOM_UTF8:
        name, start = "utf-8-sig", 3
    else:
        name, start = "utf-8", 0
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _recoded(data, 0, "utf-16")
    if wide := _utf16_without_mark(data[:4096]):
        return _recoded(data, 0, wide)
    if (fault := _first_fault(data, start)) is None:
        return Decoded(data, start, name)
    window = bytes(data[max(0, fault - SAMPLE) : fault + SAMPLE])
    if start or _mostly_utf8(window):
        return _recoded(data, start, name)
    return _recoded(data, 0, _older(window, data))


def guess(head: bytes) -> str:
    """Name of the encoding of a file by its beginning; a character cut at the end does not count."""
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if wide := _utf16_without_mark(head[:4096]):
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "utf-8" if _mostly_utf8(head) else _older(head[:SAMPLE], head)
    return "utf-8"


def _recoded(data: mmap.mmap | bytes, start: int, encoding: str) -> Decoded:
    """Decode with U+FFFD for what does not fit, counted: piece by piece into an unnamed file, which is mapped."""
    replaced = 0

    def recoded() -> Iterator[bytes]:
        nonlocal replaced
        for text in _pieces(data, start, encoding, "replace"):
            replaced += text.count("\ufffd")
            yield text.encode("utf-8", errors="replace")

    whole = unnamed(recoded())
    if encoding.startswith("utf-8"):
        replaced -= sum(1 for _ in re.finditer("\ufffd".encode(), data))
    return Decoded(whole, 3 if whole[:3] == codecs.BOM_UTF8 else 0, encoding, max(replaced, 0))


def _pieces(data: mmap.mmap | bytes, start: int, encoding: str, errors: str) -> Iterator[str]:
    """The text, a few million characters at a time."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for at in range(start, len(data), CHUNK):
        yield decoder.decode(data[at : at + CHUNK], final=at + CHUNK >= len(data))


def _first_fault(data: mmap.mmap | bytes, start: int) -> int | None:
    """Offset of the first byte that is not UTF-8. A character cut by the end of the file is no fault."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for at in range(start, len(data), CHUNK):
        try:
            decoder.decode(data[at : at + CHUNK])
        except UnicodeDecodeError as error:
            return max(start, at + error.start - 3)
    return len(data) - 1 if decoder.getstate()[0] else None


def _mostly_utf8(window: bytes) -> bool:
    """Ten valid multi-byte characters stand here for each byte that fits none."""
    valid = _MULTIBYTE.findall(window)
    stray = sum(byte >= 0x80 for byte in window) - sum(len(v) for v in valid)
    return len(valid) >= 10 * max(stray, 1)


def _utf16_without_mark(head: bytes) -> str | None:
    """utf-16-le or utf-16-be where every other byte is mostly zero, as in Latin text."""
    if len(head) < 8:
        return None
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else None


def _older(window: bytes, data: mmap.mmap | bytes) -> str:
    """cp1252, or latin-1 where cp1252 has no such byte, or a guess outside the Latin family."""
    import charset_normalizer  # loaded here: valid UTF-8 never needs it

    best = charset_normalizer.from_bytes(window).best()
    if best is not None and best.encoding.startswith(_NOT_LATIN):
        try:
            for _ in _pieces(data, 0, best.encoding, "strict"):
                pass
        except UnicodeDecodeError:
            pass
        else:
            return best.encoding
    return "latin-1" if any(byte in window for byte in b"\x81\x8d\x8f\x90\x9d") else "cp1252"
