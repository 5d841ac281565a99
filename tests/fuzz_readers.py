"""Mutated exports through every reader: `python tests/fuzz_readers.py --inputs 100000` (the suite runs a few hundred).

Samples of all formats are cut, spliced, flipped, repeated, and their values replaced by odd ones. Whatever comes out is
read, or refused by name, within LIMIT_S; and every row that was read is a comment or a reject.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakedetect import readers
from fakedetect.errors import FakedetectError
from fakedetect.normalise import normalise

SAMPLES = Path(__file__).parent / "samples"
LIMIT_S = 5
ODD: tuple[Any, ...] = (
    None, True, [], {}, "", 0, -1, 1.5e300, 2**70, "\x00", "\ud800", "=1+1", "<script>alert(1)</script>", "nan",
    "9" * 400, [[[[1]]]], {"data": {"data": {}}}, "2024-13-45T99:99:99Z", "1.22158E+17", "\u202e\u2066", ["a", 1, None],
    {"": ""}, "il y a 3 h", "'", '"', ";", "\r\n", "//@name:", 10**18, "😀" * 50,
)
BYTES = (
    b"\x00", b"\xff\xfe", b'"', b"\n", b"\r", b"{", b"[", b"]", b"}", b",", b";", b"\t", b"\\", b"\xef\xbb\xbf",
    b"\xc3", b"</", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<![CDATA[", b"\x1f\x8b", b"PK\x03\x04",
    b"\x28\xb5\x2f\xfd", b"PAR1",
)


class TooSlow(Exception):
    """An input took longer than LIMIT_S."""


@dataclass(frozen=True)
class Finding:
    """An input that did not do as it should: the seed that makes it again, its sample, and what happened."""

    seed: int
    sample: str
    what: str


@contextmanager
def limit(seconds: int) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"over {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@lru_cache
def samples() -> dict[str, list[tuple[str, bytes]]]:
    """Format -> the files of its sample."""
    return {folder.name: [(p.name, p.read_bytes()) for p in sorted(folder.iterdir())]
            for folder in sorted(SAMPLES.iterdir()) if folder.is_dir()}


def mutated(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """One file with some of what goes wrong in files."""
    if data[:4] != b"PAR1" and rng.random() < 0.5 and (changed := _values(rng, data)) is not None:
        data = changed
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        at = rng.randrange(len(data) + 1)
        to = min(at + rng.choice((1, 3, 20, 200)), len(data))
        match rng.randrange(8):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + data[to:]
            case 2:
                data = data[:at] + rng.choice(BYTES) + data[at:]
            case 3:
                data = data[:at] + rng.choice(BYTES) + data[to:]
            case 4:
                data = data[:to] + data[at:to] * rng.choice((1, 5, 50)) + data[to:]
            case 5:
                other = rng.choice(others)
                data = data[:at] + other[rng.randrange(len(other) + 1):]
            case 6:
                data = data[:at] + bytes(rng.randrange(256) for _ in range(to - at)) + data[to:]
            case 7:
                data = data.decode("utf-8", "replace").encode(rng.choice(("utf-16", "cp1252", "utf-8-sig")), "replace")
    return data


def _values(rng: random.Random, data: bytes) -> bytes | None:
    """The file with some values replaced by odd ones, if it is JSON or a table."""
    text = data.decode("utf-8", "replace")
    if text.lstrip()[:1] in ("{", "["):
        try:
            values = [json.loads(text)]
        except ValueError:
            try:
                values = [json.loads(line) for line in text.splitlines() if line.strip()]
            except ValueError:
                return None
        changed = [_odd(rng, value) for value in values]
        written = "\n".join(json.dumps(v, ensure_ascii=rng.random() < 0.5) for v in changed)
        return written.encode("utf-8", "surrogatepass")
    rows = text.splitlines(keepends=True)
    if len(rows) < 2:
        return None
    at = rng.randrange(1, len(rows))
    for mark in (",", ";", "\t"):
        cells = rows[at].split(mark)
        if len(cells) > 2:
            cells[rng.randrange(len(cells))] = str(rng.choice(ODD))
            rows[at] = mark.join(cells)
    return "".join(rows).encode("utf-8", "replace")


def _odd(rng: random.Random, value: Any, depth: int = 0) -> Any:
    if rng.random() < 0.04 or depth > 60:
        return rng.choice(ODD)
    if isinstance(value, dict):
        out = {k: _odd(rng, v, depth + 1) for k, v in value.items() if rng.random() > 0.02}
        if out and rng.random() < 0.05:
            out[rng.choice(list(out))] = rng.choice(ODD)
        return out
    if isinstance(value, list):
        out_list = [_odd(rng, v, depth + 1) for v in value if rng.random() > 0.02]
        return out_list * rng.choice((1, 1, 1, 1, 3))
    return value


def one(seed: int) -> tuple[str, float]:
    """Read one mutated sample: what became of it and the seconds it took. Raises what a reader must not."""
    with tempfile.TemporaryDirectory() as folder:
        return _one(seed, Path(folder))


def _one(seed: int, folder: Path) -> tuple[str, float]:
    all_samples = samples()
    rng = random.Random(seed)
    name = rng.choice(sorted(all_samples))
    others = [data for files in all_samples.values() for _, data in files]
    for file, data in all_samples[name]:
        (folder / file).write_bytes(mutated(rng, data, others))
    options = readers.ReadOptions(fmt=name if rng.random() < 0.3 else None, strict=rng.random() < 0.1)
    target = folder if rng.random() < 0.5 or len(all_samples[name]) > 1 else folder / all_samples[name][0][0]
    began = time.perf_counter()
    with limit(LIMIT_S):
        try:
            raws = readers.look([target], options)[0] if rng.random() < 0.2 else readers.read([target], options)
            for raw in raws:
                held = raw.comments.num_rows + (raw.rejects.num_rows if raw.rejects is not None else 0)
                if raw.rows_read != held:
                    raise AssertionError(f"{raw.rows_read} rows read, {held} held")
            dump = normalise(raws)
            outcome = "read" if dump.comments.num_rows else "nothing kept"
        except FakedetectError as error:
            if error.exit_code == 1:
                raise
            outcome = type(error).__name__
    return outcome, time.perf_counter() - began


def warm_up() -> None:
    """Compile the kernels (or take them from the disk) before anything is timed."""
    for folder in ("generic_csv", "generic_jsonl", "netvizz_comments", "minimaxir_comments", "pushshift"):
        normalise(readers.read([SAMPLES / folder]), naive_zone="UTC")


def run(seeds: range, jobs: int = 2) -> tuple[list[Finding], Counter[str], float]:
    """What went wrong, what became of the inputs, and the longest time one took."""
    findings: list[Finding] = []
    outcomes: Counter[str] = Counter()
    longest = 0.0
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), warm_up) as pool:
        for seed, done in [(seed, pool.submit(one, seed)) for seed in seeds]:
            if (error := done.exception()) is not None:
                name = random.Random(seed).choice(sorted(samples()))
                findings.append(Finding(seed, name, f"{type(error).__name__}: {error}"[:300]))
                outcomes["WRONG"] += 1
                continue
            outcome, took = done.result()
            outcomes[outcome] += 1
            longest = max(longest, took)
    return findings, outcomes, longest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first-seed", type=int, default=1)
    given = parser.parse_args()
    findings, outcomes, longest = run(range(given.first_seed, given.first_seed + given.inputs))
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    sys.stdout.write(f"{given.inputs} inputs over {len(samples())} formats, seeds from {given.first_seed}: "
                     f"{dict(outcomes.most_common())}; the longest took {longest:.2f} s; {len(findings)} wrong\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
