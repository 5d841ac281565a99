"""A speed guard: no stage of an audit may become 1.5 times as dear, against a bare scan in the same run.

    python benchmarks/guard.py             # exit 1 where a stage became dearer than ratios.json allows
    python benchmarks/guard.py --write     # after a change that is meant: the ratios as they are now

A made-up dump of N_COMMENTS is audited and scanned in turns; what is compared are seconds of CPU, of which other work
on the machine takes little, each stage's least over the least of the scan. Where a stage seems dearer it is measured
again, MOST_RUNS times at most: what is only noise goes away.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import dumps
from scale import child, query

N_COMMENTS, SCANS = 100_000, 10
FEWEST_RUNS, MOST_RUNS = 1, 4
DEARER = 1.5
WORTH = 0.5
"""Stages of less than so many scans are told by noise."""
RATIOS = Path(__file__).with_name("ratios.json")
SCAN = f"import duckdb, sys\nfor _ in range({SCANS}): duckdb.sql(sys.argv[1]).fetchall()"


def measure(folder: Path, runs: int, scans: list[float], stages: dict[str, list[float]]) -> dict[str, float]:
    """Add `runs` runs to `scans` and `stages` (seconds of CPU); the ratio of each stage to one scan."""
    dump = folder / "comments.csv"
    for _ in range(runs):
        scans.append(child([sys.executable, "-c", SCAN, query(dump)])[1]["cpu_s"] / SCANS)
        said, _ = child([sys.executable, str(Path(__file__).with_name("scale.py")), "--staged", str(dump),
                         str(folder / "audit"), "", "duckdb"])
        for row in json.loads(said):
            stages.setdefault(row["stage"], []).append(row["cpu_s"])
    return {name: min(seconds) / min(scans) for name, seconds in stages.items()}


def dearer(now: dict[str, float], then: dict[str, float]) -> list[str]:
    """Stages that cost DEARER times what they did."""
    return [name for name, ratio in now.items() if ratio > DEARER * max(then.get(name, 0.0), WORTH)]


def main() -> int:
    """Measure and compare; 1 where a stage became dearer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    scans: list[float] = []
    stages: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="fakedetect-guard-") as place:
        folder = Path(place)
        dumps.generate(folder, N_COMMENTS)
        # What kernels are compiled for is kept on disk, and stands in no figure.
        child([sys.executable, "-m", "fakedetect.cli", "audit", str(folder / "comments.csv"), "--out",
               str(folder / "warm"), "-q"])
        now = measure(folder, FEWEST_RUNS + given.write, scans, stages)
        if given.write:
            RATIOS.write_text(json.dumps({name: round(now[name], 1) for name in now}, indent=1) + "\n", "utf-8")
            return 0
        then = json.loads(RATIOS.read_text("utf-8"))
        while dearer(now, then) and len(scans) < MOST_RUNS:
            now = measure(folder, 1, scans, stages)
    for name, ratio in now.items():
        sys.stdout.write(f"{name:<10} {ratio:8.1f} scans, {then.get(name, 0.0):8.1f} before\n")
    slow = dearer(now, then)
    if slow:
        sys.stdout.write(f"dearer than {DEARER} times what {RATIOS.name} holds: {', '.join(slow)}\n")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
