"""A whole audit of a large made-up dump, stage by stage: seconds, peak memory, and ratios to a bare DuckDB scan.

    python benchmarks/scale.py FOLDER [--comments 10000000] [--form csv] [--memory 6GB] [--json F]

FOLDER keeps the dump (`dumps.py`), which is made where it is not there. Scan and audit run each in a process of its
own, in turns, `--runs` times; the smallest seconds count. The audit is what `fakedetect audit` does, with a look at the
clock and at the kernel's high-water mark of resident memory between its stages. An audit of the sample comes first, so
that compiling kernels, which are kept on disk, is in no figure.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import dumps
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
SCAN = "import duckdb, sys; sys.stdout.write(str(duckdb.sql(sys.argv[1]).fetchall()) + '\\n')"
CLEAR = Path("/proc/self/clear_refs")
LOOK_S = 0.05


class Stages:
    """Seconds, seconds of CPU and peak memory of each stage of this process."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.name = ""
        self.begin(self.name)

    def begin(self, name: str) -> None:
        """A stage begins; the one before it has ended."""
        now = (time.perf_counter(), time.process_time())
        if self.name:
            self.rows.append({"stage": self.name, "began": self.at[0], "seconds": now[0] - self.at[0],
                              "cpu_s": now[1] - self.at[1], "peak_gb": memory_of("self")["VmHWM"]})
        self.name, self.at = name, now
        CLEAR.write_text("5")  # resets the high-water mark

    def progress(self, stage: str, done: int, total: int) -> None:
        """As the pipeline calls it."""
        if stage != self.name:
            self.begin(stage)


def memory_of(pid: int | str) -> dict[str, float]:
    """GB: VmHWM, the peak of all that was resident, mapped files too; RssAnon, what is the process's own now."""
    try:
        text = Path(f"/proc/{pid}/status").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return {}
    return {k: int(v) / 1e6 for k, v in re.findall(r"^(VmHWM|RssAnon):\s+(\d+) kB", text, re.MULTILINE)}


def staged(dump: str, out: str, memory: str | None, engine: str, stages: Stages) -> None:
    """In the child: audit, and write the stages to standard output as JSON."""
    stages.begin("import")
    from fakedetect import output, pipeline
    from fakedetect.engine import open_engine

    with open_engine(engine, memory, whole=True) as running:
        stages.begin("read")
        read = pipeline.read(dump, engine=running)
        stages.begin("gate")
        options = pipeline.Options(memory=memory, engine=engine)
        found = pipeline.audit(read, options, progress=stages.progress, engine=running)
    stages.begin("report")
    page = pipeline.report(found, lang="en")
    stages.begin("write")
    output.write(found, out, {"report.html": page})
    stages.begin("")
    sys.stdout.write(json.dumps(stages.rows))


def child(command: list[str], own: list[tuple[float, float]] | None = None) -> tuple[str, dict[str, float]]:
    """Run a command to its end: what it said, and seconds, seconds of CPU, peak GB. Exits where it fails. own: gets
    (time, GB of its own) every LOOK_S."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, cwd=ROOT, stdout=said)
        while True:
            ended, status, usage = os.wait4(running.pid, 0 if own is None else os.WNOHANG)
            if ended:
                break
            assert own is not None
            own.append((time.perf_counter(), memory_of(running.pid).get("RssAnon", 0.0)))
            time.sleep(LOOK_S)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            sys.exit(f"failed with {running.returncode}: {' '.join(command)}")
        said.seek(0)
        text = said.read().decode()
    return text, {"seconds": time.perf_counter() - begin, "cpu_s": usage.ru_utime + usage.ru_stime,
                  "peak_gb": usage.ru_maxrss / 1e6}


def query(dump: Path) -> str:
    """The bare scan: every value of the file is read."""
    if dump.suffix == ".parquet":
        return f"select count(*), max(len(columns(*)::varchar)) from read_parquet('{dump}')"
    return f"select count(*), max(len(text)) from read_csv('{dump}', header = true, all_varchar = true)"


def measure(dump: Path, out: Path, *, memory: str | None = None, engine: str = "duckdb",
            runs: int = 1) -> dict[str, Any]:
    """Scan and audit in turns: the quickest scan, the quickest audit, and its stages."""
    child([sys.executable, "-m", "fakedetect.cli", "audit", "sample", "--out", str(out.with_name("warm")), "-q"])
    scans, audits = [], []
    for _ in range(runs):
        scans.append(child([sys.executable, "-c", SCAN, query(dump)])[1])
        own: list[tuple[float, float]] = []
        said, whole = child([sys.executable, str(Path(__file__).resolve()), "--staged", str(dump), str(out),
                             memory or "", engine], own)
        stages = json.loads(said)
        for stage in stages:
            until = stage["began"] + stage["seconds"]
            stage["own_gb"] = max((gb for at, gb in own if stage["began"] <= at <= until), default=0.0)
        audits.append((whole | {"own_gb": max(gb for _, gb in own)}, stages))
    scan = min(scans, key=lambda one: one["seconds"])
    whole, stages = min(audits, key=lambda one: one[0]["seconds"])
    return {"scan": scan, "audit": whole, "stages": stages}


def table(found: dict[str, Any]) -> str:
    """The figures as a Markdown table; ratios are to the scan's seconds."""
    scan = found["scan"]["seconds"]
    lines = ["| stage | seconds | CPU s | x scan | peak GB | of its own |", "|---|---|---|---|---|---|"]
    for row in [*found["stages"], {"stage": "**whole**", **found["audit"]}, {"stage": "bare scan", **found["scan"]}]:
        own = f"{row['own_gb']:.2f}" if "own_gb" in row else ""
        lines.append(f"| {row['stage']} | {row['seconds']:.1f} | {row['cpu_s']:.1f} | {row['seconds'] / scan:.1f} "
                     f"| {row['peak_gb']:.2f} | {own} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the arguments, measure, and say what was found."""
    if sys.argv[1:2] == ["--staged"]:
        staged(sys.argv[2], sys.argv[3], sys.argv[4] or None, sys.argv[5], Stages())
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--form", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--memory")
    parser.add_argument("--engine", default="duckdb")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    dump, ring = given.folder / f"comments.{given.form}", given.folder / "ring.json"
    if not (dump.exists() and ring.exists()):
        ring.write_text(json.dumps(dumps.generate(given.folder, given.comments, form=given.form).ring), "utf-8")
    found = measure(dump, given.folder / "audit", memory=given.memory, engine=given.engine, runs=given.runs)
    sys.stdout.write(f"{dump.name}, {dump.stat().st_size / 1e6:,.0f} MB\n\n{table(found)}\n")
    gate = json.loads((given.folder / "audit" / "summary.json").read_text("utf-8"))["page_gate"]
    sys.stdout.write(f"page gate: {json.dumps(gate)}\n")
    accounts = pq.read_table(given.folder / "audit" / "accounts.parquet", columns=["author_id", "verdict"])
    planted = set(json.loads(ring.read_text("utf-8")))
    for verdict in ("suspect", "review"):
        who = set(accounts.filter(pc.equal(accounts["verdict"], verdict))["author_id"].to_pylist())
        sys.stdout.write(f"{verdict}: {len(who & planted)} of the ring's {len(planted)}, {len(who - planted)} others\n")
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
