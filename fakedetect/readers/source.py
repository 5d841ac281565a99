"""Input files as plain bytes: opened, unpacked within limits, hashed, decoded to UTF-8.

Everything compressed is spooled to a scratch folder first, so that each reader sees one ordinary file.
"""

from __future__ import annotations

import gzip
import hashlib
import mmap
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO

import zstandard

from fakedetect.errors import InputError
from fakedetect.readers.encoding import Decoded, decode, guess
from fakedetect.readers.headers import column_names

HEAD_BYTES = 1 << 18
CHUNK = 1 << 20
MAX_RATIO = 200
"""Unpacked to packed bytes. Text dumps stay under 50; deflate's limit, which bombs use, is 1032."""
RATIO_FREE = 100 << 20
"""Bytes that may be unpacked whatever the ratio."""
MAX_UNPACKED = 100 << 30
MAX_MEMBERS = 10_000
MAX_WINDOW = 1 << 31
"""zstd window of `--long=31` archives (Pushshift)."""


@dataclass(frozen=True)
class Source:
    """One plain file to read. `name` is the file as the user named it (`dump.zip/member.csv` inside an
    archive).
    """

    name: str
    path: Path
    truncated: bool = False
    """The compressed stream ended early; what came before is in `path`."""
    role: str | None = None
    """comments, posts, accounts or declared where the user said so; None: told by content."""

    def bytes(self) -> mmap.mmap | bytes:
        """The file's bytes, mapped and not loaded."""
        if self.path.stat().st_size == 0:
            return b""
        with self.path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def decoded(self) -> Decoded:
        """The file as UTF-8 bytes without a byte order mark, and the encoding it had."""
        return decode(self.bytes())


@dataclass(frozen=True)
class Head:
    """The beginning of a file, for detection: raw bytes, text, column names or JSON keys."""

    name: str
    data: bytes = field(repr=False)
    path: Path | None = None

    @classmethod
    def of(cls, source: Source) -> Head:
        """The first 256 KiB of a source."""
        with source.path.open("rb") as file:
            return cls(source.name, file.read(HEAD_BYTES), source.path)

    @cached_property
    def text(self) -> str:
        """The beginning as text; undecodable bytes become U+FFFD."""
        return self.data.decode(guess(self.data), errors="replace").removeprefix("\ufeff")

    @property
    def is_parquet(self) -> bool:
        """The magic bytes say Parquet."""
        return self.data[:4] == b"PAR1"

    @property
    def is_json(self) -> bool:
        """The first character opens a JSON object or array."""
        return not self.is_parquet and self.text.lstrip()[:1] in ("{", "[")

    @property
    def is_xml(self) -> bool:
        """The first character opens an XML declaration or element."""
        return not self.is_binary and re.match(r"\s*<[?!A-Za-z]", self.text) is not None

    @property
    def is_binary(self) -> bool:
        """It cannot be text in any encoding read here."""
        first_line = self.text.partition("\n")[0]
        return (
            self.is_parquet or self.data[:4] in (b"PK\x03\x04", b"%PDF", b"\x89PNG") or "\x00" in first_line
        )

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every JSON key seen in the beginning, at any depth."""
        return frozenset(re.findall(r'"([^"\\\n]{1,80})"\s*:', self.text)) if self.is_json else frozenset()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Column names: of the table, or of the first JSON objects with nested keys joined by dots."""
        return column_names(self.text, self.path if self.is_parquet else None, self.is_json)


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def peek(path: Path) -> bytes | None:
    """The unpacked beginning of a gzip or zstandard file; nothing of a workbook, whose sheets must be read to be known;
    None of a plain file. Raises InputError for another archive."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] != b"\x1f\x8b" and magic not in (b"\x28\xb5\x2f\xfd", b"PK\x03\x04"):
        return None
    if magic == b"PK\x03\x04":
        with _archive(path, path.name) as archive:
            if "[Content_Types].xml" not in archive.namelist():
                raise InputError("an archive of several files", where=str(path))
        return b""
    begin = b""
    for chunk in (_gunzip if magic[:2] == b"\x1f\x8b" else _unzstd)(path, path.name):
        begin += chunk or b""
        if chunk is None or len(begin) >= HEAD_BYTES:
            break
    return begin[:HEAD_BYTES] or b"\n"


def unpack(path: Path, name: str, scratch: Path) -> Iterator[Source]:
    """The plain files in `path`: itself, its unpacked form, the members of a zip, or the sheets of an .xlsx.

    Raises InputError for members that climb out, symbolic links, encrypted members and bombs.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise InputError(f"the file cannot be opened: {error.strerror}", where=name) from error
    if magic[:2] == b"\x1f\x8b":
        yield _spooled(name, _gunzip(path, name), path.stat().st_size, scratch)
    elif magic == b"\x28\xb5\x2f\xfd":
        yield _spooled(name, _unzstd(path, name), path.stat().st_size, scratch)
    elif magic == b"PK\x03\x04":
        yield from _members(path, name, scratch)
    else:
        yield Source(name, path)


def spool(stream: IO[bytes], name: str, scratch: Path) -> Path:
    """Write a stream (standard input) to a scratch file and give its path."""
    target = fresh(scratch)
    with target.open("wb") as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
    return target


def fresh(scratch: Path) -> Path:
    """A new path in scratch. The input's own name is kept out of it: it may be hostile."""
    return scratch / f"part-{sum(1 for _ in scratch.iterdir())}"


def _spooled(name: str, chunks: Iterator[bytes | None], packed: int, scratch: Path) -> Source:
    """Write chunks to a scratch file within the limits; a final None says that the stream was cut."""
    target, size, truncated = fresh(scratch), 0, False
    with target.open("wb") as file:
        for chunk in chunks:
            if chunk is None:
                truncated = True
                break
            size += len(chunk)
            if size > MAX_UNPACKED or (size > RATIO_FREE and size > MAX_RATIO * max(packed, 1)):
                raise InputError(
                    f"it unpacks to over {size >> 20} MiB from {packed} bytes: refused as a bomb",
                    where=name,
                    hint="unpack it yourself, look at it, and name the plain file",
                )
            file.write(chunk)
    if truncated and size == 0:
        raise InputError(
            "the compressed file is damaged from its first bytes",
            where=name,
            hint="download or copy it again",
        )
    return Source(name, target, truncated)


def _gunzip(path: Path, name: str) -> Iterator[bytes | None]:
    with gzip.open(path) as file:
        while True:
            try:
                chunk = file.read1(CHUNK) if hasattr(file, "read1") else file.read(CHUNK)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                yield None
                return
            if not chunk:
                return
            yield chunk


def _unzstd(path: Path, name: str) -> Iterator[bytes | None]:
    engine = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
    frame, fed = engine.decompressobj(), False
    with path.open("rb") as file:
        while chunk := file.read(CHUNK >> 3):
            while chunk:
                try:
                    out = frame.decompress(chunk)
                except zstandard.ZstdError:
                    yield None
                    return
                fed = True
                if out:
                    yield out
                chunk = b""
                if frame.eof:
                    chunk, frame, fed = frame.unused_data, engine.decompressobj(), False
    if fed:
        yield None


def _archive(path: Path, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise InputError(
            "the zip archive is damaged or cut (its list of members is missing)",
            where=name,
            hint="download or copy it again",
        ) from error


def _members(path: Path, name: str, scratch: Path) -> Iterator[Source]:
    with _archive(path, name) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if len(members) > MAX_MEMBERS:
            raise InputError(f"the archive has {len(members)} members, over {MAX_MEMBERS}", where=name)
        for member in members:
            _refuse(member, name)
        total = sum(m.file_size for m in members)
        if total > MAX_UNPACKED or (total > RATIO_FREE and total > MAX_RATIO * path.stat().st_size):
            raise InputError(
                f"it would unpack to {total >> 20} MiB: refused as a bomb",
                where=name,
                hint="unpack it yourself, look at it, and name the plain files",
            )
        if any(m.filename == "[Content_Types].xml" for m in members):
            yield from _office(archive, members, Source(name, path), scratch)
            return
        for member in members:
            parts = PurePosixPath(member.filename).parts
            if parts[0] == "__MACOSX" or parts[-1].startswith("."):
                continue
            inner = f"{name}/{member.filename}"
            yield _spooled(inner, _zip_chunks(archive, member), max(member.compress_size, 1), scratch)


def _office(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], whole: Source, scratch: Path) -> Iterator[Source]:
    """The sheets of an .xlsx as plain files; another Office document stays whole."""
    from fakedetect.readers.sheets import sheets  # loaded here: it builds on this module

    named = {m.filename.replace("\\", "/").lstrip("/").lower(): m for m in members}

    def part(inner: str) -> Source | None:
        member = named.get(inner.lower())
        if member is None:
            return None
        return _spooled(f"{whole.name}/{inner}", _zip_chunks(archive, member), max(member.compress_size, 1), scratch)

    try:
        yield from sheets(whole, part, lambda: fresh(scratch))
    except InputError as error:
        error.where = error.where or whole.name
        raise


def _refuse(member: zipfile.ZipInfo, name: str) -> None:
    """Raise InputError for a member that leaves the archive, is a link, or is encrypted."""
    parts = PurePosixPath(member.filename.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or re.match(r"^[A-Za-z]:", member.filename):
        raise InputError(f"the member {member.filename!r} climbs out of the archive: refused", where=name)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise InputError(f"the member {member.filename!r} is a symbolic link: refused", where=name)
    if member.flag_bits & 1:
        raise InputError(
            f"the member {member.filename!r} is encrypted",
            where=name,
            hint="unpack it with its password and name the plain file",
        )


def _zip_chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes | None]:
    try:
        stream = archive.open(member)
    except (zipfile.BadZipFile, EOFError, ValueError, OSError):  # its own header is damaged
        yield None
        return
    except NotImplementedError as error:
        raise InputError(f"the member {member.filename!r} is packed in a way that is not read here: {error}",
                         where=archive.filename, hint="unpack it yourself and name the plain file") from error
    with stream as file:
        while True:
            try:
                chunk = file.read(CHUNK)
            except (EOFError, zlib.error, zipfile.BadZipFile):
                yield None
                return
            if not chunk:
                return
            yield chunk
