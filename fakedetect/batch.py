"""Many dumps, several at a time: each whole or absent, and an index of how each went.

Nothing is done twice and nothing lost, whenever the run is killed: a folder appears under its name when it is whole,
and holds in `reading.json` from which files and by which words it was read, so that a later run knows it again
without reading the dump.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fakedetect import jobs, output, pipeline, remote
from fakedetect.engine import Engine, check, divided, open_engine
from fakedetect.errors import EngineError, FakedetectError, InputError
from fakedetect.outcome import decided_by, manifest_options
from fakedetect.readers import ReadOptions
from fakedetect.readers.expand import expand
from fakedetect.schema import Dump, Kind
from fakedetect.spill import side_by_side

READING, INDEX = "reading.json", "index.json"
STDIN = "-"
_LEFT = re.compile(r"\.(index\.json|[\w-]+-[0-9a-f]{8})-(old-)?[a-z0-9_]{8}")
"""What a killed run leaves: folders and an index under way."""
_OWN = re.compile(r"[\w-]+-[0-9a-f]{8}")
"""What a dump's folder is called."""


@dataclass(frozen=True)
class _Task:
    """One dump to score; the same but for its name for all of a run."""

    name: str
    out: Path
    options: pipeline.Options
    memory: str | None
    """Of this process; `options.memory` is what all may have together, as the manifest tells it."""
    read_options: ReadOptions
    zone: str
    naive_zone: str | None
    kind: Kind | None
    resume: bool
    place: str = ""
    """Address of an object store where its folder goes from `out`, which is for the time of the run then."""
    there: tuple[str, ...] = ()
    """Addresses of the folders in `place` that were made of this dump, to be looked at by a run that resumes."""

    def words(self) -> dict[str, Any]:
        """What decides how the dump is read, beside its files."""
        options = asdict(self.read_options) | {"zone": self.zone, "naive_zone": self.naive_zone, "kind": self.kind}
        return json.loads(output.to_json({"dump": self.name, "options": options}))


def score(
    dumps: Sequence[str],
    out: str | Path,
    *,
    options: pipeline.Options,
    read_options: ReadOptions,
    zone: str,
    naive_zone: str | None,
    kind: Kind | None,
    resume: bool,
    n_jobs: int = 1,
    done: Callable[[dict[str, Any]], None] = lambda row: None,
) -> list[dict[str, Any]]:
    """Audit each dump into `out/<stem>-<8 hex of its content's hash>/`, here or in an object store, and write
    `out/index.json`.

    Returns the rows of the index in the order of the dumps: dump, folder, status ("done", "kept" by resume, "failed")
    and of a failure the error. A dump that fails does not stop the others, nor does one that ends its process. resume
    keeps folders that are whole and were made from the same files by the same options, model and versions. n_jobs:
    dumps at a time, each in a process of its own; they share `options.memory`. `done` is called as each is ready.
    Raises UsageError where another run of this machine writes into the folder `out`, ModelError and EngineError for
    what no dump could do without, before anything is written.
    """
    _model(options.model)
    check(options.engine)
    memory = divided(options.memory, min(n_jobs, len(dumps)))
    if not remote.is_address(out):
        tasks = [_Task(d, Path(out), options, memory, read_options, zone, naive_zone, kind, resume) for d in dumps]
        return _run(tasks, Path(out), n_jobs, done)
    place = str(out).rstrip("/")
    names = remote.folders(place)  # asked in any case: a store that does not answer is told before the work
    there = _earlier([f"{place}/{name}" for name in names if _OWN.fullmatch(name)]) if resume else {}
    with tempfile.TemporaryDirectory(prefix="fakedetect-") as scratch:
        tasks = [_Task(d, Path(scratch), options, memory, read_options, zone, naive_zone, kind, resume, place,
                       tuple(there.get(d, ()))) for d in dumps]
        rows = _run(tasks, Path(scratch), n_jobs, done)
        remote.put(Path(scratch) / INDEX, f"{place}/{INDEX}")
    return rows


def _earlier(folders: Sequence[str]) -> dict[str, list[str]]:
    """Dump -> the folders in a store that an earlier run made of it."""
    made = defaultdict[str, list[str]](list)
    for folder, text in zip(folders, side_by_side(lambda f: remote.text(f"{f}/{READING}"), folders), strict=True):
        try:
            made[json.loads(text)["dump"]].append(folder)
        except (ValueError, KeyError, TypeError):
            continue  # none of ours, or sent in part: its dump is scored again
    return made


def _run(tasks: Sequence[_Task], out: Path, n_jobs: int,
         done: Callable[[dict[str, Any]], None]) -> list[dict[str, Any]]:
    out.mkdir(parents=True, exist_ok=True)
    rows: dict[int, dict[str, Any]] = {}
    with jobs.alone(out):
        _clean(out)
        try:
            for number, row in _each(tasks, n_jobs, out):
                rows[number] = row
                done(row)
                _index(out, [rows[i] for i in sorted(rows)])
        finally:
            _clean(out)
    return [rows[i] for i in sorted(rows)]


def _each(tasks: Sequence[_Task], n_jobs: int, out: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and row of each task. Standard input can only be read here."""
    here = [i for i, task in enumerate(tasks) if task.name == STDIN]
    for number in here:
        yield number, _scored(tasks[number])
    there = [i for i in range(len(tasks)) if i not in set(here)]
    # Dumps of one stem may be equal, and then have the same folder.
    found = jobs.run(_scored, [tasks[i] for i in there], n_jobs, alike=lambda t: stem(t.name), lost=_lost, folder=out)
    for number, row in found:
        yield there[number], row


def _index(out: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """The index says what is there, not which run made it: the same for a run that was resumed."""
    told = [dict(row) | {"status": "done" if row["status"] == "kept" else row["status"]} for row in rows]
    output.replace_text(out / INDEX, output.to_json({"dumps": told}))


def _clean(out: Path) -> None:
    for path in out.iterdir():
        if _LEFT.fullmatch(path.name):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _lost(task: _Task, code: int) -> dict[str, Any]:
    what = f"signal {-code} ended" if code < 0 else f"an error of ours (exit {code}) ended"
    hint = "more memory, or fewer --jobs" if code < 0 else "report what stands above it on stderr"
    return _failure(task, EngineError(f"{what} the process that scored it", where=task.name, hint=hint))


def _failure(task: _Task, error: FakedetectError) -> dict[str, Any]:
    return {"dump": task.name, "status": "failed", "error": str(error), "exit_code": error.exit_code}


def _scored(task: _Task) -> dict[str, Any]:
    """One dump's row of the index; its folder is whole then, or it failed."""
    try:
        for address in task.there:
            remote.fetch_folder(address, task.out / address.rpartition("/")[2])
        whole = dict(_whole(task)) if task.resume else {}
        for folder in [folder for folder, unchanged in whole.items() if unchanged]:
            return _row(task, folder, "kept")
        with open_engine(task.options.engine, task.memory, whole=True) as engine:
            return _made(task, whole, engine)
    except FakedetectError as error:
        return _failure(task, error)
    except MemoryError:
        return _failure(task, EngineError("it does not fit into memory", where=task.name, hint="fewer --jobs"))
    finally:
        if task.place:
            for folder in task.out.glob(f"{stem(task.name)}-????????"):
                shutil.rmtree(folder, ignore_errors=True)


def _made(task: _Task, whole: Mapping[Path, bool], engine: Engine) -> dict[str, Any]:
    """Read the dump, and audit it unless one of the folders was made from what was read."""
    before = _files(task, {})
    dump = pipeline.read(
        task.name, options=task.read_options, zone=task.zone, naive_zone=task.naive_zone, kind=task.kind, engine=engine
    )
    folder = task.out / f"{stem(task.name)}-{digest(dump)}"
    if task.place:
        remote.check_replaceable(f"{task.place}/{folder.name}")
        if not folder.exists():
            remote.fetch_folder(f"{task.place}/{folder.name}", folder, {"manifest.json"})
    _check_own(folder, dump)
    if folder in whole and _reads_as(folder, dump):
        return _row(task, folder, "kept")
    audit = pipeline.audit(dump, task.options, engine=engine)
    files = _files(task, dump.sources) | before | {k: v for k, v in dump.sources.items() if k in before}
    output.write(audit, folder, {READING: output.to_json(task.words() | {"files": files})})
    if task.place:
        remote.send(folder, f"{task.place}/{folder.name}")
    return _row(task, folder, "done")


def _row(task: _Task, folder: Path, status: str) -> dict[str, Any]:
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    told = {k: summary[k] for k in ("rows", "accounts", "groups", "truncated")}
    return {"dump": task.name, "folder": folder.name, "status": status, "summary": told}


@cache
def _model(folder: str | None) -> pipeline.LoadedModel:
    return pipeline.load_model(folder)


def _check_own(folder: Path, dump: Dump) -> None:
    """Raise InputError where the folder of this name holds the audit of other content: 8 digits are not 64."""
    try:
        there = sorted(json.loads((folder / "manifest.json").read_text("utf-8"))["inputs"].values())
    except (OSError, ValueError, KeyError):
        return
    if there != sorted(dump.sources.values()):
        raise InputError("its results would stand in the folder of another dump", where=folder.name,
                         hint="rename the dump, or --out ANOTHER_FOLDER")


def _whole(task: _Task) -> Iterator[tuple[Path, bool]]:
    """The whole folders of this dump that were made by the same words, options, model and versions, and whether all
    files are as they were: those of the dump, and those beside it, which may be side tables."""
    decided = decided_by(_model(task.options.model))
    for folder in sorted(task.out.glob(f"{stem(task.name)}-????????")):
        try:
            reading = json.loads((folder / READING).read_text("utf-8"))
            if {k: v for k, v in reading.items() if k != "files"} != task.words():
                continue
            facts = output.read(folder).manifest
        except (OSError, ValueError, InputError):
            continue
        options = json.loads(output.to_json(manifest_options(task.options, facts["options"]["kind"], task.zone)))
        if facts["options"] == options and {k: facts[k] for k in decided} == decided:
            yield folder, task.name != STDIN and reading["files"] == _files(task, facts["inputs"])


def _reads_as(folder: Path, dump: Dump) -> bool:
    """Whether the folder was made from what was read, although other files stand beside the dump now."""
    inputs = json.loads((folder / "manifest.json").read_text("utf-8"))["inputs"]
    notes = json.loads((folder / "summary.json").read_text("utf-8"))["notes"]
    return inputs == dict(dump.sources) and notes == [asdict(note) for note in dump.notes]


def _files(task: _Task, inputs: Mapping[str, str]) -> dict[str, Any]:
    """The content of the dump, of what was named beside it and of side tables among `inputs`, and what else stands
    beside it and may become one: name -> SHA-256, or size; of objects in a store what it says of them. Raises
    InputError where there is nothing."""
    if task.name == STDIN:
        return {}
    held: dict[str, Any] = {}
    for side in asdict(task.read_options).values():
        if remote.is_address(side):
            held |= remote.versions(side)
        elif isinstance(side, Path):
            held[str(side)] = output.sha256(side)
    if remote.is_address(task.name):
        return held | remote.versions(task.name)
    with tempfile.TemporaryDirectory(prefix="fakedetect-") as scratch:
        found = expand([task.name], Path(scratch))
    for dump in found:
        held |= {name: output.sha256(path) for path, name in dump.files if path.is_file()}
        for path, name in dump.siblings:
            used = any(i == name or i.startswith(f"{name}/") for i in inputs)
            held[name] = output.sha256(path) if used else path.stat().st_size
    return held


def stem(name: str) -> str:
    """The dump's name without folder and endings, safe as a folder name."""
    base = "stdin" if name == STDIN else Path(name).name.split(".")[0] or "dump"
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in base)[:60]


def digest(dump: Dump) -> str:
    """8 hexadecimal digits of the hash over the hashes of its files."""
    return hashlib.sha256("\n".join(sorted(dump.sources.values())).encode()).hexdigest()[:8]
