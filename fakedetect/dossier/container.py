"""A zip in which every byte is accounted for, written and checked by the same few functions.

Only what the format needs: no comment, no extra field, no time, no folder; each file deflated, or stored where it is
the chain. So each byte of the file belongs to a header that follows from the chain, or to data whose hash stands there.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from fakedetect.errors import UsageError

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
STORED, DEFLATED = 0, 8
MOST = 2**32 - 2
"""Bytes that sizes of a plain zip can say."""
_FLAGS = 0x0800  # names are UTF-8
_MADE_BY = 0x0314  # Unix, version 2.0
_NEEDS = 20
_DOS_TIME, _DOS_DATE = 0, 0x21  # 1980-01-01 00:00, the zero of zip: no clock time in any output
_MODE = 0o100644 << 16


@dataclass(frozen=True)
class Member:
    """One file of the zip: its name, how it is packed, and what its bytes are."""

    name: str
    method: int
    crc32: int
    size: int
    sha256: str
    stored_size: int
    stored_sha256: str


def local_header(m: Member) -> bytes:
    """The bytes in front of a member's data."""
    name = m.name.encode()
    return LOCAL + struct.pack("<5H3I2H", _NEEDS, _FLAGS, m.method, _DOS_TIME, _DOS_DATE, m.crc32, m.stored_size,
                               m.size, len(name), 0) + name


def central_header(m: Member, offset: int) -> bytes:
    """A member's entry in the central directory."""
    name = m.name.encode()
    return CENTRAL + struct.pack("<6H3I5H2I", _MADE_BY, _NEEDS, _FLAGS, m.method, _DOS_TIME, _DOS_DATE, m.crc32,
                                 m.stored_size, m.size, len(name), 0, 0, 0, 0, _MODE, offset) + name


def end_record(n: int, size: int, offset: int) -> bytes:
    """The last bytes of the zip."""
    return END + struct.pack("<4H2IH", 0, 0, n, n, size, offset, 0)


class Writer:
    """Writes members one after the other into an open binary file, at its beginning."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.members: list[Member] = []
        self._offsets: list[int] = []

    def add(self, name: str, pieces: Iterable[bytes], method: int = DEFLATED) -> Member:
        """Pack one file, piece by piece. Raises UsageError where it is larger than a zip can say."""
        offset = self._file.tell()
        blank = Member(name, method, 0, 0, "", 0, "")
        self._file.write(local_header(blank))
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS) if method == DEFLATED else None
        crc, size, stored = 0, 0, 0
        plain, packed = hashlib.sha256(), hashlib.sha256()
        for piece in pieces:
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            plain.update(piece)
            out = packer.compress(piece) if packer else piece
            stored += self._file.write(out)
            packed.update(out)
            if max(size, offset + stored) > MOST:
                raise UsageError("the dossier would be larger than 4 GB", where=name,
                                 hint="audit a shorter period, and make a dossier of that")
        if packer:
            out = packer.flush()
            stored += self._file.write(out)
            packed.update(out)
        member = Member(name, method, crc, size, plain.hexdigest(), stored, packed.hexdigest())
        end = self._file.tell()
        self._file.seek(offset)
        self._file.write(local_header(member))
        self._file.seek(end)
        self.members.append(member)
        self._offsets.append(offset)
        return member

    def close(self) -> None:
        """Write the central directory and the end."""
        begin = self._file.tell()
        for member, offset in zip(self.members, self._offsets, strict=True):
            self._file.write(central_header(member, offset))
        self._file.write(end_record(len(self.members), self._file.tell() - begin, begin))
