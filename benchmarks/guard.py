"""A speed guard: no stage of an audit may become 1.5 times as dear, against bare scans of the same file beside it.

    python benchmarks/guard.py             # exit 1 where a stage became dearer than ratios.json allows
    python benchmarks/guard.py --write     # after a change that is meant: the ratios as they are now

A made-up dump of N_COMMENTS is audited; right before and right after each stage, in the same process, the file is
scanned. What is compared are seconds of CPU, of which other work on the machine takes little, a stage's over those of
the two scans: a machine that changes its speed changes both. Where a stage seems dearer all is measured again,
MOST_RUNS times at most, and its least ratio counts: noise makes a stage dearer, hardly cheaper.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import dumps
from scale import Stages, child, query, staged

N_COMMENTS, SCANS = 25_000, 5
MOST_RUNS = 4
DEARER = 1.5
WORTH = 5.0
"""Stages of less than so many scans are told by noise."""
RATIOS = Path(__file__).with_name("ratios.json")


class Paired(Stages):
    """Stages, each with its seconds of CPU per bare scan of `dump` beside it (`scans`)."""

    def __init__(self, dump: str) -> None:
        self.dump, self.scan = dump, 0.0
        super().__init__()

    def begin(self, name: str) -> None:
        """As Stages has it; the scans are in no stage."""
        import duckdb  # in the child only: who asks measures nothing

        super().begin(name)
        begin = time.process_time()
        for _ in range(SCANS):
            duckdb.sql(query(Path(self.dump))).fetchall()
        before, self.scan = self.scan, (time.process_time() - begin) / SCANS
        if self.rows and "scans" not in self.rows[-1]:
            self.rows[-1]["scans"] = self.rows[-1]["cpu_s"] / ((before + self.scan) / 2)
        self.at = (time.perf_counter(), time.process_time())


def measure(folder: Path, found: dict[str, float]) -> None:
    """One more run: the least ratio of each stage to a scan so far."""
    said, _ = child([sys.executable, str(Path(__file__).resolve()), "--staged", str(folder / "comments.csv"),
                     str(folder / "audit")])
    for row in json.loads(said):
        found[row["stage"]] = min(row["scans"], found.get(row["stage"], row["scans"]))


def dearer(now: dict[str, float], then: dict[str, float]) -> list[str]:
    """Stages that cost DEARER times what they did, and as much more than the others: what makes all of them dearer
    is a machine that scans better than it reckons, and no change of ours."""
    more = {name: ratio / max(then.get(name, 0.0), WORTH) for name, ratio in now.items()}
    all_of_them = max(1.0, statistics.median(more[name] for name in more if then.get(name, 0.0) >= WORTH))
    return [name for name in more if more[name] > DEARER * all_of_them]


def main() -> int:
    """Measure and compare; 1 where a stage became dearer."""
    if sys.argv[1:2] == ["--staged"]:
        staged(sys.argv[2], sys.argv[3], None, "duckdb", Paired(sys.argv[2]))
        return 0
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    now: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="fakedetect-guard-") as place:
        folder = Path(place)
        dumps.generate(folder, N_COMMENTS)
        # What kernels are compiled for is kept on disk, and stands in no figure.
        child([sys.executable, "-m", "fakedetect.cli", "audit", str(folder / "comments.csv"), "--out",
               str(folder / "warm"), "-q"])
        if given.write:
            for _ in range(MOST_RUNS):
                measure(folder, now)
            RATIOS.write_text(json.dumps({name: round(now[name], 1) for name in now}, indent=1) + "\n", "utf-8")
            return 0
        then = json.loads(RATIOS.read_text("utf-8"))
        measure(folder, now)
        for _ in range(MOST_RUNS - 1):
            if dearer(now, then):
                measure(folder, now)
    for name, ratio in now.items():
        sys.stdout.write(f"{name:<10} {ratio:8.1f} scans, {then.get(name, 0.0):8.1f} before\n")
    slow = dearer(now, then)
    if slow:
        sys.stdout.write(f"dearer than {DEARER} times what {RATIOS.name} holds: {', '.join(slow)}\n")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
