"""Work done by several processes at once: one that dies fails what it had in hand, and nothing else.

Processes live as long as there is work, so that start-up is paid once each; a dead one is replaced. They end with the
process that started them, also where that is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, TypeVar

from fakedetect.errors import UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

LOCK = ".lock"
"""File in the folder that is written to. It stays: whoever removes a lock may remove somebody else's."""
PATIENCE_S = 60.0
"""How long a new run waits for the last processes of a killed one, which end with their next line of Python."""
_MOST = 4096
_FIRST = 1 << 20
"""Bytes of the lock file that are locked stand behind all that is written into it: one for the run, then one for each
process."""
_SCRATCH = re.compile(r"fakedetect-score-[a-z0-9_]{8}")


@dataclass
class _Worker(Generic[Task]):
    process: BaseProcess
    pipe: Connection
    task: int | None = None


def run(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    n_jobs: int,
    *,
    alike: Callable[[Task], object],
    lost: Callable[[Task, int], Result],
    folder: Path,
) -> Iterator[tuple[int, Result]]:
    """Each task's number and its result, in the order in which they are done.

    work: a function of a module, with a task and a result that can be sent to another process; an error it raises ends
    its process. alike: tasks for which it is equal are never worked on at once. lost: the result of a task whose
    process ended with this code (below 0: by that signal). folder: where the lock of `alone` is held.
    """
    start = multiprocessing.get_context("spawn")
    waiting = list(range(len(tasks)))
    workers: list[_Worker[Task] | None] = [None] * min(n_jobs, len(tasks), _MOST)
    try:
        while waiting or any(w is not None and w.task is not None for w in workers):
            busy = {alike(tasks[w.task]) for w in workers if w is not None and w.task is not None}
            for place, worker in enumerate(workers):
                if worker is not None and worker.task is not None:
                    continue
                free = next((i for i in waiting if alike(tasks[i]) not in busy), None)
                if free is None:
                    break
                if worker is None:
                    worker = workers[place] = _hired(start, work, folder, place)
                try:
                    worker.pipe.send(tasks[free])
                except BrokenPipeError:  # it was killed while it had nothing in hand
                    worker.process.join()
                    worker.pipe.close()
                    workers[place] = None
                    continue
                waiting.remove(free)
                busy.add(alike(tasks[free]))
                worker.task = free
            by_pipe = {w.pipe: (place, w) for place, w in enumerate(workers) if w is not None and w.task is not None}
            for pipe in wait(list(by_pipe)):
                place, worker = by_pipe[pipe]  # type: ignore[index]
                task = worker.task
                assert task is not None
                try:
                    result = worker.pipe.recv()
                except (EOFError, ConnectionError):
                    worker.process.join()
                    worker.pipe.close()
                    workers[place] = None
                    result = lost(tasks[task], worker.process.exitcode or 0)
                else:
                    worker.task = None
                yield task, result
    finally:
        for one in workers:
            if one is not None:
                one.process.kill()
                one.process.join()
                one.pipe.close()


def _hired(start: Any, work: Callable[[Task], Result], folder: Path, place: int) -> _Worker[Task]:
    here, there = start.Pipe()
    process = start.Process(target=_serve, args=(there, work, folder, place, tempfile.gettempdir()), daemon=False)
    process.start()
    there.close()
    return _Worker(process, here)


def _serve(pipe: Connection, work: Callable[[Any], Any], folder: Path, place: int, scratch: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches everybody; who started this process ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    tempfile.tempdir = scratch
    with (folder / LOCK).open("r+b") as file:
        _lock(file.fileno(), _FIRST + 1 + place)
        while True:
            try:
                task = pipe.recv()
            except EOFError:
                return
            pipe.send(work(task))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


@contextmanager
def alone(folder: Path) -> Iterator[Path]:
    """A folder for temporary files, while no other run writes into `folder` (which is there).

    Waits for the last processes of a run that was killed, and removes its temporary files. Raises UsageError where
    another run is at work.
    """
    with (folder / LOCK).open("a+b") as file:
        number = file.fileno()
        if not _locked(number, _FIRST):
            raise UsageError("another run writes into this folder", where=str(folder), hint="--out ANOTHER_FOLDER")
        _outlast(number, folder)
        file.seek(0)
        left = file.read(200).decode("utf-8", "replace")
        if _SCRATCH.fullmatch(left):
            shutil.rmtree(Path(tempfile.gettempdir()) / left, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix="fakedetect-score-"))
        before = tempfile.tempdir
        try:
            file.truncate(0)
            file.write(scratch.name.encode())
            file.flush()
            tempfile.tempdir = str(scratch)
            yield scratch
        finally:
            tempfile.tempdir = before
            shutil.rmtree(scratch, ignore_errors=True)
            file.truncate(0)


def _outlast(number: int, folder: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    for place in range(_MOST):
        while not _locked(number, _FIRST + 1 + place):
            if time.monotonic() > until:
                raise UsageError("processes of an earlier run still write into this folder", where=str(folder),
                                 hint="end them, or --out ANOTHER_FOLDER")
            time.sleep(0.1)
        _unlock(number, _FIRST + 1 + place)


if sys.platform == "win32":
    import msvcrt

    def _locked(number: int, at: int) -> bool:
        os.lseek(number, at, os.SEEK_SET)
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _lock(number: int, at: int) -> None:
        while not _locked(number, at):
            time.sleep(0.1)

    def _unlock(number: int, at: int) -> None:
        os.lseek(number, at, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _locked(number: int, at: int) -> bool:
        try:
            fcntl.lockf(number, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, at)
        except (BlockingIOError, PermissionError):  # POSIX allows either
            return False
        return True

    def _lock(number: int, at: int) -> None:
        fcntl.lockf(number, fcntl.LOCK_EX, 1, at)

    def _unlock(number: int, at: int) -> None:
        fcntl.lockf(number, fcntl.LOCK_UN, 1, at)
