"""What the user named, as dumps of files: a file, a folder, a glob (here or in an object store), or `-` for standard
input."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fakedetect import remote
from fakedetect.errors import InputError
from fakedetect.readers.source import fresh, spool

STDIN = "stdin"
MAX_SIBLINGS = 50


@dataclass(frozen=True)
class Files:
    """The files of one dump, each with the name under which it is reported."""

    files: tuple[tuple[Path, str], ...]
    siblings: tuple[tuple[Path, str], ...] = ()
    """Other files in the folder of a dump that was named as a file: side tables may stand there."""
    folder: str = ""
    """The folder as named, where it was a folder."""


def expand(paths: Sequence[str | Path], scratch: Path) -> list[Files]:
    """One Files per dump. A glob is one dump of the files it matches, and one per folder it matches.

    Raises InputError for what does not exist or holds no file.
    """
    dumps: list[Files] = []
    for given in paths:
        name = str(given)
        if name == "-":
            dumps.append(Files(((spool(sys.stdin.buffer, STDIN, scratch), STDIN),)))
        elif remote.is_address(name):
            dumps.append(_fetched(name, scratch))
        elif (path := Path(name)).is_dir():
            dumps.append(_folder(path))
        elif path.exists():
            dumps.append(_file(path))
        elif glob.has_magic(name):
            found = sorted(Path(p) for p in glob.glob(name, recursive=True))  # noqa: PTH207 (keeps the name as given)
            files = [p for p in found if p.is_file()]
            if not found:
                raise InputError("nothing matches this pattern", where=name)
            if len(files) == 1:
                dumps.append(_file(files[0]))
            elif files:
                dumps.append(Files(tuple((p, str(p)) for p in files)))
            dumps += [_folder(p) for p in found if p.is_dir()]
        else:
            raise InputError(
                "no such file or folder", where=name, hint="check the path; quote a name with blanks"
            )
    if not dumps:
        raise InputError("no dump was named", hint="fakedetect audit FILE_OR_FOLDER --out DIR")
    named = {path.resolve() for dump in dumps for path, _ in dump.files}
    return [replace(d, siblings=tuple(s for s in d.siblings if s[0].resolve() not in named)) for d in dumps]


def _visible(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "~$")))


def _folder(folder: Path) -> Files:
    files = _visible(folder)
    if not files:
        inner = sorted(p.name for p in folder.iterdir() if p.is_dir())
        hint = f"name the folders inside it, as {folder / inner[0]}" if inner else "put the export there"
        raise InputError("the folder holds no file", where=str(folder), hint=hint)
    return Files(tuple((p, str(p)) for p in files), folder=str(folder))


def _fetched(address: str, scratch: Path) -> Files:
    """Copies of the objects meant. What stands beside one that is named by itself is not fetched."""
    objects = remote.found(address)
    copies = tuple((remote.fetch(each, fresh(scratch)), each) for each in objects)
    return Files(copies, folder="" if objects == [address] or glob.has_magic(address) else address)


def _file(path: Path) -> Files:
    if not path.is_file():
        return Files(((path, str(path)),))
    beside = [p for p in _visible(path.parent) if p.name != path.name and os.access(p, os.R_OK)]
    return Files(((path, str(path)),), tuple((p, str(p)) for p in beside[:MAX_SIBLINGS]))


def each(paths: Sequence[str]) -> list[str]:
    """The dumps named, one by one: a pattern that the shell left alone stands for each thing it matches."""
    out: list[str] = []
    for name in paths:
        if remote.is_address(name):
            out += remote.found(name) if glob.has_magic(name) else [name]
            continue
        matches = glob.has_magic(name) and name != "-" and not Path(name).exists()
        out += sorted(glob.glob(name, recursive=True)) if matches else [name]  # noqa: PTH207
    if not out:
        raise InputError("nothing matches", where=" ".join(paths))
    return out
