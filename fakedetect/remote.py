"""Addresses of an object store, `s3://bucket/key`: fetched to this machine to be read, sent there when all is written.

Who may read there, and where the store is, the environment tells, as for other tools: AWS_ACCESS_KEY_ID and its like or
a profile, AWS_REGION, AWS_ENDPOINT_URL for a store that is not Amazon's.
"""

from __future__ import annotations

import glob
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pyarrow import fs

from fakedetect.errors import EngineError, InputError, UsageError

_Kind = type[InputError] | type[EngineError]
SCHEMES = ("s3://", "s3a://")
CHUNK = 1 << 22
LAST = "manifest.json"
"""Without it a folder is no audit."""
HINT = "check the address and the store's variables: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID or AWS_PROFILE"


def is_address(name: str | Path) -> bool:
    """Whether a name is that of a place in an object store."""
    return str(name).startswith(SCHEMES)


def found(address: str) -> list[str]:
    """Addresses of the objects that are meant: the one of this name, all directly in the folder of this name, or those
    that match the pattern, in order. Raises InputError where there is none or the store does not answer."""
    return list(_meant(address))


def versions(address: str) -> dict[str, str]:
    """Each object meant -> its size and when it was last written: what changes when the object does."""
    return {each: f"{info.size} bytes of {info.mtime}" for each, info in _meant(address).items()}


def _meant(address: str) -> dict[str, Any]:
    """Address -> what the store says of it, of the objects of `found`."""
    store, path = _store(address)
    with _asking(address):
        here = store.get_file_info(path)
        pattern = here.type == fs.FileType.NotFound and glob.has_magic(path)
        if pattern:
            base = path
            while glob.has_magic(base):
                base = base.rpartition("/")[0]
            everything = store.get_file_info(fs.FileSelector(base, allow_not_found=True, recursive=True))
            held = [i for i in everything if _matches(i.path, path)]
        else:
            held = store.get_file_info(fs.FileSelector(path)) if here.type == fs.FileType.Directory else [here]
    objects = {i.path: i for i in held if i.type == fs.FileType.File and not i.base_name.startswith(".")}
    if not objects:
        what = "nothing matches this pattern" if pattern else "no object of this name, and no folder with objects"
        raise InputError(what, where=address, hint=HINT)
    scheme = address[:address.index("//") + 2]
    return {scheme + path: objects[path] for path in sorted(objects)}


def fetch(address: str, target: Path) -> Path:
    """Copy one object to the file `target`. Raises InputError where the store does not give it."""
    store, path = _store(address)
    with _asking(address):
        source = store.open_input_stream(path)
    with target.open("wb") as file, source:
        while chunk := _chunk(source, address):
            file.write(chunk)
    return target


def folders(address: str) -> list[str]:
    """Names of the folders directly in `address`, which need not be there. Raises EngineError where the store does not
    answer."""
    store, path = _store(address, EngineError)
    with _asking(address, EngineError):
        held = store.get_file_info(fs.FileSelector(path, allow_not_found=True))
    return sorted(i.base_name for i in held if i.type == fs.FileType.Directory)


def fetch_folder(address: str, target: Path, names: Collection[str] | None = None) -> None:
    """Copy an audit, or its files of these names, into the new folder `target`; nothing from a folder that holds none.
    Raises InputError where the store does not give it."""
    store, path = _store(address)
    with _asking(address):
        inside = store.get_file_info(fs.FileSelector(path, allow_not_found=True))
    held = {i.base_name for i in inside if i.type == fs.FileType.File}
    target.mkdir()
    for name in held if LAST in held else ():
        if not name.startswith(".") and (names is None or name in names):
            fetch(f"{address}/{name}", target / name)


def text(address: str) -> str:
    """The text of an object; "" where there is none."""
    store, path = _store(address)
    with _asking(address):
        if store.get_file_info(path).type != fs.FileType.File:
            return ""
        with store.open_input_stream(path) as held:
            return bytes(held.read()).decode("utf-8")


def check_replaceable(address: str) -> None:
    """Raise UsageError where sending an audit to `address` would destroy something that is no audit."""
    store, path = _store(address, EngineError)
    with _asking(address, EngineError):
        here = store.get_file_info(path)
        held = here.type == fs.FileType.Directory and store.get_file_info(fs.FileSelector(path))
        whole = store.get_file_info(f"{path}/{LAST}").type == fs.FileType.File
    if here.type == fs.FileType.File:
        raise UsageError("the output must be a folder", where=address, hint="--out another address")
    if held and not whole:
        raise UsageError("the folder is not empty and holds no audit", where=address, hint="--out another address")


def send(folder: Path, address: str) -> None:
    """Put the files of `folder` in the place of the audit at `address`, or where nothing is: ask `check_replaceable`
    before. An empty manifest goes first and the true one last: what was sent in part is no audit, and may be replaced.
    Objects of the earlier audit that the new one has not stay: the manifest tells what belongs to it. Raises
    EngineError where it cannot be sent."""
    store, path = _store(address, EngineError)
    names = sorted(p.name for p in folder.iterdir() if p.name != LAST)
    with _asking(address, EngineError), store.open_output_stream(f"{path}/{LAST}"):
        pass
    for name in (*names, LAST):
        put(folder / name, f"{address.rstrip('/')}/{name}")


def put(file: Path, address: str) -> None:
    """Make the object `address` from a file. Raises EngineError where it cannot be sent."""
    store, path = _store(address, EngineError)
    with _asking(address, EngineError), file.open("rb") as held, store.open_output_stream(path) as to:
        shutil.copyfileobj(held, to, CHUNK)


def _matches(path: str, pattern: str) -> bool:
    """Part by part: a star stands for no slash, `**` for any folders."""
    def fits(parts: list[str], wanted: list[str]) -> bool:
        if not wanted:
            return not parts
        if wanted[0] == "**":
            return any(fits(parts[k:], wanted[1:]) for k in range(len(parts) + 1))
        return bool(parts) and fnmatchcase(parts[0], wanted[0]) and fits(parts[1:], wanted[1:])

    return fits(path.split("/"), pattern.split("/"))


def _store(address: str, kind: _Kind = InputError) -> tuple[Any, str]:
    """The store and the path in it: bucket/key. Raises UsageError for an address without a bucket."""
    path = address.partition("//")[2].strip("/")
    bucket = path.partition("/")[0]
    if not bucket or glob.has_magic(bucket):
        raise UsageError("the address names no bucket", where=address, hint="s3://BUCKET/FOLDER/FILE")
    with _asking(address, kind):
        # By an address: the class itself does not heed AWS_ENDPOINT_URL.
        return fs.FileSystem.from_uri(f"s3://{bucket}")[0], path


def _chunk(source: Any, address: str) -> bytes:
    with _asking(address):
        return bytes(source.read(CHUNK))


@contextmanager
def _asking(address: str, kind: _Kind = InputError) -> Iterator[None]:
    """What the store refuses, as a sentence."""
    try:
        yield
    except (OSError, ValueError) as error:
        said = re.sub(r"\s+", " ", str(error))
        raise kind(f"the store does not give or take this: {said}", where=address, hint=HINT) from error
