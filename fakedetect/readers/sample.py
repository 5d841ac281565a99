"""The beginning of large files and some blocks of them: a look at a large dump takes no longer than at a small one."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from fakedetect.readers.expand import Files
from fakedetect.readers.headers import header
from fakedetect.readers.source import MAX_RATIO, MAX_WINDOW, RATIO_FREE, Head
from fakedetect.readers.split import records

BUDGET = 3 << 20
"""Bytes that are looked at in one dump, spread over its files; a smaller dump is read whole."""
LEAST = 1 << 18
"""Of each file, at least."""
BLOCKS = 7
"""Places behind the beginning at which a plain file is looked at, evenly spaced."""
RUN = 3
"""So many records of the right width in a row: a block has found the beginning of one."""
ROWS = 20_000
"""Rows of a Parquet file, spread over its row groups."""


@dataclass(frozen=True)
class Shrunk:
    """A dump of which parts stand for the whole. shares: of each file that was not read whole, the part of its rows
    (Parquet) or bytes (all else) that was read."""

    files: Files
    shares: Mapping[str, float]


def shrink(dump: Files, scratch: Path) -> Shrunk:
    """Parts of the files of `dump` that are larger than their share of BUDGET, written to `scratch`."""
    folder = scratch / "sampled"
    folder.mkdir(exist_ok=True)
    room = max(BUDGET // max(len(dump.files), 1), LEAST)
    files: list[tuple[Path, str]] = []
    shares: dict[str, float] = {}
    for path, name in dump.files:
        parts = list(_parts(path, name, room, folder))
        files += [(part, its) for part, its, _ in parts] or [(path, name)]
        shares |= {its: share for _, its, share in parts}
    return Shrunk(replace(dump, files=tuple(files)), shares)


def _parts(path: Path, name: str, room: int, folder: Path) -> Iterator[tuple[Path, str, float]]:
    """What stands for one file: path, name and share of each part; nothing where it is read whole."""
    with path.open("rb") as file:
        magic = file.read(4)
    size = path.stat().st_size
    target = folder / f"part-{sum(1 for _ in folder.iterdir())}"
    if magic[:2] == b"\x1f\x8b" or magic == b"\x28\xb5\x2f\xfd":
        if size > room // 8:  # text packs by four to ten
            with path.open("rb") as packed:
                data = _unpacked(packed, magic, room)
                share = min(packed.tell() / size, 1.0)
            if len(data) >= room:
                target.write_bytes(_whole_records(data, name))
                yield target, name, share
    elif magic == b"PK\x03\x04":
        yield from _members(path, name, room, folder)
    elif magic == b"PAR1":
        yield from _row_groups(path, name, target)
    elif size > room:
        target.write_bytes(_spread(path, name, room))
        yield target, name, target.stat().st_size / size


def _unpacked(packed: IO[bytes], magic: bytes, room: int) -> bytes:
    """The first `room` bytes; fewer where the stream is damaged before, which the whole run will tell of."""
    out = bytearray()
    try:
        stream = gzip.GzipFile(fileobj=packed) if magic[:2] == b"\x1f\x8b" else zstandard.ZstdDecompressor(
            max_window_size=MAX_WINDOW).stream_reader(packed, 1 << 14, read_across_frames=True, closefd=False)
        while len(out) < room and (chunk := stream.read(1 << 16)):
            out += chunk
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError):
        pass
    return bytes(out)


def _members(path: Path, name: str, room: int, folder: Path) -> Iterator[tuple[Path, str, float]]:
    """The beginning of each member of an archive that is large; what is odd about it is left to `unpack`."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        return
    with archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        total = sum(m.file_size for m in members)
        odd = any(m.flag_bits & 1 or ".." in m.filename for m in members) or total > max(
            RATIO_FREE, MAX_RATIO * path.stat().st_size)
        if total <= room or odd or len(members) > 1000:
            return
        if any(m.filename == "[Content_Types].xml" for m in members):
            yield from _sheets(archive, members, name, room, folder)
            return
        each = max(room // len(members), LEAST)
        for member in members:
            with archive.open(member) as stream:
                data = stream.read(each)
            target = folder / f"part-{sum(1 for _ in folder.iterdir())}"
            target.write_bytes(data if len(data) < each else _whole_records(data, name))
            yield target, f"{name}/{member.filename}", sum(min(m.file_size, each) for m in members) / total


def _sheets(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], name: str, room: int,
            folder: Path) -> Iterator[tuple[Path, str, float]]:
    """The same workbook with the beginning of each sheet."""
    sheets = {m.filename: m.file_size for m in members if m.filename.lower().startswith("xl/worksheets/")}
    if sum(sheets.values()) <= room:
        return
    each = room // len(sheets)
    target = folder / f"part-{sum(1 for _ in folder.iterdir())}"
    with zipfile.ZipFile(target, "w") as part:
        for member in members:
            with archive.open(member) as stream, part.open(member.filename, "w") as to:
                if member.filename in sheets:
                    to.write(stream.read(each))
                else:
                    shutil.copyfileobj(stream, to)
    yield target, name, sum(min(size, each) for size in sheets.values()) / sum(sheets.values())


def _row_groups(path: Path, name: str, target: Path) -> Iterator[tuple[Path, str, float]]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError):
        return
    groups, n = file.num_row_groups, file.metadata.num_rows
    if n <= 2 * ROWS:
        return
    taken = sorted(set(np.linspace(0, groups - 1, min(groups, BLOCKS + 1)).astype(int).tolist()))
    tables = []
    for group in taken:
        batch = next(file.iter_batches(ROWS // len(taken), row_groups=[group]), None)
        if batch is not None:
            tables.append(pa.Table.from_batches([batch]))
    some = pa.concat_tables(tables)
    pq.write_table(some, target)
    yield target, name, some.num_rows / n


def _spread(path: Path, name: str, room: int) -> bytes:
    """The beginning of a plain file, and blocks of it where its rows can be told apart from anywhere."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = Head(name, file.read(min(1 << 18, room)))
        file.seek(0)
        if head.is_json and not _one_a_line(head):
            return file.read(room)
        if head.is_binary or not (head.is_json or len(head.columns) > 1):
            return file.read(room)
        each = room // (BLOCKS + 2)
        out = [_whole_records(file.read(2 * each), name)]
        for at in np.linspace(2 * each, size - each, BLOCKS).astype(int).tolist():
            file.seek(at)
            block = file.read(each)
            out.append(_lines(block) if head.is_json else _rows(block, head, last=at + each >= size))
    return b"".join(part if part.endswith(b"\n") or not part else part + b"\n" for part in out)


def _one_a_line(head: Head) -> bool:
    first = head.text.lstrip().partition("\n")
    try:
        return bool(first[1]) and isinstance(json.loads(first[0]), dict)
    except (ValueError, RecursionError):
        return False


def _lines(block: bytes) -> bytes:
    """The whole lines of a block."""
    return block[block.find(b"\n") + 1:block.rfind(b"\n") + 1]


def _rows(block: bytes, head: Head, last: bool) -> bytes:
    """The whole records of a block of a delimited file; none where their beginning is not found."""
    delimiter, names, _ = header(head.text)
    data = np.frombuffer(block, np.uint8)
    breaks = np.flatnonzero(data == 10)
    for at in breaks[:2000].tolist():
        fields = records(data[at + 1:at + 1 + (1 << 16)], 0, delimiter)[2]
        if len(fields) > RUN and (fields[:RUN] == len(names)).all():
            return block[at + 1:len(data) if last else at + 1 + _end(data[at + 1:], delimiter, len(names))]
    return b""


def _end(data: np.ndarray, delimiter: str, width: int) -> int:
    """Where the last whole record before the last one ends: the end of the data may cut it, in a quote too."""
    _, ends, fields = records(data, 0, delimiter)
    whole = np.flatnonzero(fields[:-1] == width)
    return int(ends[whole[-1]]) if len(whole) else len(data)


def _whole_records(data: bytes, name: str) -> bytes:
    """The data without the record or line that its end cuts."""
    head = Head(name, data[:1 << 18])
    if head.is_json and not _one_a_line(head):
        return data
    if not head.is_json and not head.is_binary and len(head.columns) > 1:
        delimiter, names, _ = header(head.text)
        return data[:_end(np.frombuffer(data, np.uint8), delimiter, len(names))]
    return data[:data.rfind(b"\n") + 1] or data

