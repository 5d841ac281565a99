"""Whether a dossier is as it was made: every byte of the file is compared or hashed, and what was changed is named."""

from __future__ import annotations

import hashlib
import json
import mmap
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakedetect.dossier import chain
from fakedetect.dossier.container import STORED, Member, central_header, end_record, local_header
from fakedetect.errors import InputError

_CHAIN_HEADER = re.compile(rb"PK\x03\x04.{26}" + re.escape(chain.NAME.encode()), re.DOTALL)
_HINT = "take the dossier from whoever made it, and compare the fingerprint"
_STEP = 1 << 20


@dataclass(frozen=True)
class Verified:
    """What a check found: `problems` is empty where nothing was changed. Each names the place, and what is wrong."""

    problems: tuple[str, ...]
    fingerprint: str
    """Of the chain; empty where the chain itself was changed."""
    files: tuple[Member, ...] = ()
    tombstones: tuple[Mapping[str, Any], ...] = ()
    made_with: str = ""


def verify(path: Path) -> Verified:
    """Check every byte of a dossier. Raises InputError where the file cannot be read or is no dossier at all."""
    with _bytes(path) as held:
        return _verify(held, str(path))


def _verify(held: mmap.mmap, where: str) -> Verified:
    at = [m.start() for m in _CHAIN_HEADER.finditer(held)]
    if not at:
        if held[:2] != b"PK" and chain.NAME.encode() not in held[-400:]:
            raise InputError("this is no dossier of fakedetect", where=where, hint="fakedetect dossier DIR --out F.zip")
        return Verified((f"{chain.NAME}: its place in the archive was changed or is missing",), "")
    begin = at[-1]
    # Sizes in its header may be what was changed: the chain goes up to the central directory, which begins with PK.
    data = begin + 30 + len(chain.NAME)
    stop = held.find(b"\nPK", data)
    stop = held.rfind(b"}\n", data) + 1 if stop < 0 else stop
    lines = held[data:max(stop + 1, data)]
    try:
        told = chain.read(lines)
    except InputError as error:
        return Verified((f"{error.where}: {error.what}",), "")
    seal = Member(chain.NAME, STORED, zlib.crc32(lines), len(lines), "", len(lines), "")
    problems = list(_layout(held, (*told.members, seal)))
    return Verified(tuple(problems), told.fingerprint, told.members, told.tombstones, told.made_with)


def _layout(held: mmap.mmap, members: tuple[Member, ...]) -> Iterator[str]:
    """What differs from the one file that these members make."""
    offset, offsets = 0, []
    for m in members:
        offsets.append(offset)
        header = local_header(m)
        if held[offset:offset + len(header)] != header:
            yield f"{m.name}: its header in the archive was changed"
        offset += len(header)
        if m.method != STORED and (wrong := _content(held, offset, m)):
            yield f"{m.name}: {wrong}"
        offset += m.stored_size
    directory = offset
    for m, begin in zip(members, offsets, strict=True):
        header = central_header(m, begin)
        if held[offset:offset + len(header)] != header:
            yield f"{m.name}: its entry in the archive's directory was changed"
        offset += len(header)
    end = end_record(len(members), offset - directory, directory)
    if held[offset:offset + len(end)] != end:
        yield "the end of the archive was changed"
    if len(held) != offset + len(end):
        yield f"the archive has {len(held)} bytes where {offset + len(end)} are due"


def _content(held: mmap.mmap, offset: int, m: Member) -> str:
    """What is wrong with a member's data; empty where they are what the chain says, packed and unpacked."""
    packed, plain, size, unpack = hashlib.sha256(), hashlib.sha256(), 0, zlib.decompressobj(-zlib.MAX_WBITS)
    whole = True
    for at in range(offset, offset + m.stored_size, _STEP):
        piece = held[at:min(at + _STEP, offset + m.stored_size)]
        packed.update(piece)
        while whole and piece and size <= m.size:
            try:
                out = unpack.decompress(piece, _STEP)
            except zlib.error:
                whole = False
                break
            plain.update(out)
            size, piece = size + len(out), unpack.unconsumed_tail
    if packed.hexdigest() != m.stored_sha256:
        return "its content was changed"
    whole = whole and unpack.eof and not unpack.unused_data and (size, plain.hexdigest()) == (m.size, m.sha256)
    return "" if whole else "it does not unpack to what the chain says"


@contextmanager
def _bytes(path: Path) -> Iterator[mmap.mmap]:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            yield held
    except (OSError, ValueError) as error:
        raise InputError(f"the dossier cannot be read: {error}", where=str(path), hint="check the path") from error


class Case:
    """A dossier that was verified, and what stands in it."""

    def __init__(self, path: Path) -> None:
        """Raises InputError where it was changed, naming where."""
        self.path = path
        self.verified = verify(path)
        if self.verified.problems:
            raise InputError("the dossier was changed: " + "; ".join(self.verified.problems), where=str(path),
                             hint=_HINT)

    def content(self, name: str) -> bytes:
        """One file of the dossier, unpacked. Raises InputError where it holds none of that name, or it unpacks to
        something else than the chain says."""
        offset = 0
        for m in self.verified.files:
            begin = offset + len(local_header(m))
            offset = begin + m.stored_size
            if m.name == name:
                with _bytes(self.path) as held:
                    out = zlib.decompressobj(-zlib.MAX_WBITS).decompress(held[begin:offset], m.size + 1)
                if hashlib.sha256(out).hexdigest() != m.sha256:
                    raise InputError("its content is not what the chain says", where=f"{self.path}/{name}", hint=_HINT)
                return out
        raise InputError(f"the dossier holds no {name}", where=str(self.path), hint=_HINT)

    def json(self, name: str) -> dict[str, Any]:
        """A JSON file of the dossier."""
        return dict(json.loads(self.content(name)))
