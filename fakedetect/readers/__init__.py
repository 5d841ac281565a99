"""Reading: export files of any known format in, one Raw per dump out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import remote
from fakedetect.errors import InputError, UsageError
from fakedetect.readers import assemble
from fakedetect.readers.expand import Files, expand
from fakedetect.readers.exports import FORMATS
from fakedetect.readers.headers import EXPECTED, match
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.sample import shrink
from fakedetect.readers.source import Head, Source, fresh, peek, sha256, unpack
from fakedetect.readers.tables import JSON_CUT, NO_COMMENTS, ROW_CUT
from fakedetect.schema import Note, Raw
from fakedetect.spill import Pile

__all__ = ["FORMATS", "Head", "ReadOptions", "Reader", "Source", "detect", "formats", "look", "read", "unpack"]

SURE = 0.2
"""A sniff below this is a format that could hold the file, not one that recognises it."""
MAX_PACKED = 16 << 20
"""Bytes of a packed file beside the dump that is looked into."""


def formats() -> list[dict[str, object]]:
    """Name, label, platform and fields of every format, for `fakedetect formats` and the docs."""
    return [{"name": r.name, "label": r.label, "platform": r.platform, "gives": r.gives} for r in FORMATS]


def detect(head: Head, mapped: bool = False) -> Reader:
    """The format that recognises the beginning of a file best; where it is `mapped`, of those that heed `--map`. Raises
    InputError where none could hold it."""
    score, best = _best(head, mapped)
    if score > 0:
        return best
    kind = "binary data" if head.is_binary else "text without columns" if head.text.strip() else "nothing"
    raise InputError(
        f"no known format: expected a table or JSON with {EXPECTED}; found {kind}",
        where=head.name,
        hint="fakedetect formats lists what can be read; save an .xls or .ods as .xlsx or CSV",
    )


def read(paths: Sequence[str | Path], options: ReadOptions | None = None) -> list[Raw]:
    """One Raw per dump: a file, a folder, a glob, or `-` for standard input.

    Files are told apart by content. Side tables are taken from --posts, --accounts, --declared and --businesses, else
    from the folder. Raises InputError and its children where a dump cannot be used, UsageError for unknown words.
    """
    options = _checked(options)
    with tempfile.TemporaryDirectory(prefix="fakedetect-") as folder:
        scratch = Path(folder)
        named = _named_sides(options, scratch)
        return [_dump(dump, options, scratch, named) for dump in expand(paths, scratch)]


def look(paths: Sequence[str | Path], options: ReadOptions | None = None) -> tuple[list[Raw], float]:
    """As `read`, in a time that does not grow with the files: of large ones the beginning and some blocks. Also the
    number of rows that the whole is estimated at. Files not read whole have no SHA-256 ("") and are never `truncated`
    for that."""
    options = _checked(options)
    raws, rows = [], 0.0
    with tempfile.TemporaryDirectory(prefix="fakedetect-") as folder:
        scratch = Path(folder)
        named = _named_sides(options, scratch)
        for dump in expand(paths, scratch):
            small = shrink(dump, scratch)
            raw = _dump(small.files, options, scratch, named)
            rows += _estimate(raw, small.shares)
            if small.shares:
                notes = tuple(n for n in raw.notes if n.code != "truncated"
                              or not n.text.startswith((JSON_CUT.en, ROW_CUT.en)))
                raw = replace(raw, notes=notes, truncated=any(n.code == "truncated" for n in notes),
                              sources={k: "" if _share(k, small.shares) else v for k, v in raw.sources.items()})
            raws.append(raw)
    return raws, rows


def _estimate(raw: Raw, shares: Mapping[str, float]) -> float:
    """Rows of the whole dump, from those of its parts."""
    tables = [t.select(["source"]) for t in (raw.comments, raw.rejects) if t is not None]
    counted = pc.value_counts(pa.concat_tables(tables)["source"].combine_chunks()).to_pylist()
    return float(sum(c["counts"] / (_share(c["values"], shares) or 1.0) for c in counted))


def _share(source: str, shares: Mapping[str, float]) -> float | None:
    """What was read of a file, or of a sheet of it; None where it was read whole."""
    return next((share for name, share in shares.items() if source == name or source.startswith(f"{name}/")), None)


def _checked(options: ReadOptions | None) -> ReadOptions:
    options = options or ReadOptions()
    if options.fmt is not None and options.fmt not in {r.name for r in FORMATS}:
        raise UsageError(
            f"unknown format {options.fmt!r}", hint="one of " + ", ".join(r.name for r in FORMATS)
        )
    match((), options.map)
    return options


def _best(head: Head, mapped: bool = False) -> tuple[float, Reader]:
    return max(((r.sniff(head), r) for r in FORMATS if r.maps or not mapped), key=lambda pair: (pair[0], pair[1].name))


def _read(reader: Reader, source: Source, options: ReadOptions) -> Raw:
    try:
        return reader.read(source, options)
    except InputError as error:
        error.where = error.where or source.name
        raise


def _named_sides(options: ReadOptions, scratch: Path) -> dict[str, tuple[Raw, str, str]]:
    """Table -> what `--posts F` and its like hold, the name of F, and its SHA-256."""
    out = {}
    for table in assemble.SIDES:
        name = getattr(options, table)
        if name is None:
            continue
        path = remote.fetch(name, fresh(scratch)) if remote.is_address(name) else Path(name)
        for source in unpack(path, str(name), scratch):
            source = Source(source.name, source.path, source.truncated, role=table)
            raw = _read(detect(Head.of(source)), source, options)
            if getattr(raw, table) is None:
                raise InputError(f"it holds no {table}", where=source.name)
            # A file of posts may come as an export with comments in it; those are not part of this dump.
            kept = Raw(
                comments=raw.comments.slice(0, 0).select(["source", "row"]),
                notes=raw.notes,
                **{table: getattr(raw, table)},
            )
            out[table] = (kept, str(name), sha256(path))
    return out


def _dump(dump: Files, options: ReadOptions, scratch: Path, named: dict[str, tuple[Raw, str, str]]) -> Raw:
    """The files of one dump, read and put together."""
    parts: list[Raw] = []
    held = Pile()
    notes: list[Note] = []
    sources: dict[str, str] = {}
    alone = len(dump.files) == 1
    sides = [p for p in (getattr(options, table) for table in assemble.SIDES) if p is not None]
    for path, name in dump.files:
        if any(name == p if remote.is_address(p) else path.samefile(p) for p in sides):
            continue
        for source in unpack(path, name, scratch):
            sources.setdefault(name, sha256(path))
            raw = _part(source, options, notes, alone and source.name == name)
            if raw is None:
                continue
            if dump.folder and _by_name(raw.format).one_post:
                raw = assemble.on_page(raw, Path(dump.folder).resolve().name)
            if assemble.role_of(raw) == "declared" and not assemble.known_roles(raw):
                notes.append(Note("skipped_file", "its roles are none that fakedetect knows",
                                  "ses rôles ne sont pas de ceux que connaît fakedetect", source.name))
                continue
            if not alone and assemble.role_of(raw) != "comments":
                notes.append(Note("side_file", f"taken as the table of {assemble.role_of(raw)}",
                                  f"prise comme table « {assemble.role_of(raw)} »", source.name))
            held.put(raw.comments)
            parts.append(assemble.without(replace(raw, comments=NO_COMMENTS), tuple(named)))
    parts = [replace(part, comments=table) for part, table in zip(parts, held.tables(), strict=True)]
    comments = (
        assemble.concat([p.comments for p in parts if p.rows_read])
        if any(p.rows_read for p in parts)
        else None
    )
    if comments is not None:
        for path, source in _siblings(dump, tuple(named), scratch):
            raw = _beside(source, options, tuple(named), notes)
            if raw is not None and assemble.shares_ids(raw, comments) and assemble.known_roles(raw):
                notes.append(
                    Note(
                        "side_file",
                        f"stands beside the dump, taken as the table of {assemble.role_of(raw)}",
                        f"à côté de l'export, prise comme table « {assemble.role_of(raw)} »",
                        source.name,
                    )
                )
                sources[source.name] = sha256(path)
                parts.append(raw)
    for raw, name, digest in named.values():
        parts.append(raw)
        sources[name] = digest
    where = dump.folder or ", ".join(name for _, name in dump.files[:3])
    return assemble.combine(parts, where, sources, notes)


def _part(source: Source, options: ReadOptions, notes: list[Note], alone: bool) -> Raw | None:
    """One file of a dump. In a folder, a file that no format recognises is noted and left out."""
    head = Head.of(source)
    if not alone:
        score, reader = _best(head, bool(options.map))
        # A forced format or mapping may read what nothing recognises, but not a side table that is
        # recognised.
        helped = options.fmt is not None or (
            bool(options.map) and match(head.columns, options.map).role is not None
        )
        if score < SURE and not (helped and not head.is_binary):
            notes.append(Note("skipped_file", "no known format recognises it", "aucun format connu ne le reconnaît",
                              source.name))
            return None
        if options.fmt is not None and _side_role(head) is None:
            reader = _by_name(options.fmt)
        return _read(reader, source, options)
    return _read(_by_name(options.fmt) if options.fmt else detect(head, bool(options.map)), source, options)


def _by_name(name: str) -> Reader:
    return next(r for r in FORMATS if r.name == name)


def _side_role(head: Head) -> str | None:
    """The side table that a file's columns make up, if any."""
    role = match(head.columns, {}).role if head.columns else None
    return role if role in assemble.SIDES else None


def _siblings(dump: Files, named: tuple[str, ...], scratch: Path) -> Iterator[tuple[Path, Source]]:
    """The files beside a dump that was named as a file, those in small archives and workbooks too. Of a packed file its
    beginning must show a side table, before it is unpacked, and nothing of it is left afterwards."""
    for path, name in dump.siblings:
        try:
            begin = peek(path)
            if begin is None:
                yield path, Source(name, path)
            elif path.stat().st_size <= MAX_PACKED and (not begin or _side_reader(Head(name, begin), named)):
                for source in unpack(path, name, scratch):
                    yield path, source
                    source.path.unlink(missing_ok=True)
        except (InputError, OSError):
            # The user did not name this file: what it is does not matter to the dump that was named.
            continue


def _side_reader(head: Head, named: tuple[str, ...]) -> Reader | None:
    """Who reads a file that by its beginning is a side table which the user did not name."""
    score, reader = _best(head)
    role = _side_role(head)
    holds = set(assemble.SIDES) & set(reader.holds)
    if score < SURE or not holds or (role is None and "comments" in reader.holds) or role in named:
        return None
    return reader


def _beside(source: Source, options: ReadOptions, named: tuple[str, ...], notes: list[Note]) -> Raw | None:
    """A file beside the dump, read if its beginning shows a side table that the user did not name."""
    head = Head.of(source)
    reader, role = _side_reader(head, named), _side_role(head)
    if reader is None:
        return None
    try:
        return assemble.without(_read(reader, source, ReadOptions(strict=options.strict)), named)
    except InputError as error:
        # The user did not name this file: it is no reason to refuse the dump that was named.
        notes.append(Note("skipped_file", f"it looks like a table of {role}, but {error.what}",
                          f"il ressemble à une table « {role} », mais ne peut être lu : {error.what}", source.name))
        return None
