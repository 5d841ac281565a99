"""Many dumps: several at a time, killed at any moment and gone on with, and no row lost or doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from audits import ROOT, hold, run

from fakedetect import jobs, output

N_ROWS = 240
COMMAND = (sys.executable, "-c", "import sys; from fakedetect.cli import main; sys.exit(main())")


def dumps(folder: Path, n: int = 4) -> list[Path]:
    """n dumps of N_ROWS rows each, and one that no format can hold."""
    folder.mkdir()
    for k in range(n):
        times = [f"2024-01-{i % 28 + 1:02d}T10:{i % 60:02d}:{i * 7 % 60:02d}Z" for i in range(N_ROWS)]
        rows = [f"u{i % 30},hello number {i} of page {k},{time},p{i % 9}" for i, time in enumerate(times)]
        (folder / f"page{k}.csv").write_text("\n".join(["author_id,text,comment_time,post_id", *rows]) + "\n", "utf-8")
    (folder / "broken.csv").write_bytes(b"\0\1\2")
    return sorted(folder.iterdir())


def started(*words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *map(str, words)], cwd=ROOT, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def bytes_of(out: Path) -> dict[str, bytes]:
    """Path -> content of all that stands in the folder."""
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def index(out: Path) -> dict[str, dict[str, Any]]:
    return {Path(row["dump"]).name: row for row in json.loads((out / "index.json").read_text("utf-8"))["dumps"]}


def processes(pid: int) -> list[int]:
    """Processes that this one started and that run (Linux)."""
    return [int(p) for task in Path(f"/proc/{pid}/task").glob("*/children") for p in task.read_text().split()]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return dumps(tmp_path_factory.mktemp("batch") / "dumps")


@pytest.fixture(scope="module")
def uninterrupted(given: list[Path]) -> Path:
    out = given[0].parent.parent / "uninterrupted"
    run("score", *given, "--out", out, "-q", expect=3)
    return out


def test_each_dump_has_its_rows_once(given: list[Path], uninterrupted: Path) -> None:
    rows = index(uninterrupted)
    assert list(rows) == [p.name for p in given]
    assert {name: row["status"] for name, row in rows.items() if row["status"] != "done"} == {"broken.csv": "failed"}
    for row in rows.values():
        if row["status"] == "done":
            hold(uninterrupted / row["folder"])
            assert pq.read_table(uninterrupted / row["folder"] / "comments.parquet").num_rows == N_ROWS
    assert not [p for p in uninterrupted.iterdir() if p.name.startswith(".") and p.name != jobs.LOCK]


def test_several_at_a_time_give_the_same_bytes(given: list[Path], uninterrupted: Path, tmp_path: Path) -> None:
    run("score", *given, "--out", tmp_path / "out", "--jobs", "3", "-q", expect=3)
    assert bytes_of(tmp_path / "out") == bytes_of(uninterrupted)


def wait_for(out: Path, n_changes: int, process: subprocess.Popen[bytes]) -> None:
    """Until the names in `out` have changed so many times, or the process has ended."""
    seen, before = 0, None
    while seen < n_changes and process.poll() is None:
        now = sorted(p.name for p in out.iterdir()) if out.is_dir() else None
        seen += now != before
        before = now


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_killed_at_any_moment(given: list[Path], uninterrupted: Path, tmp_path: Path, seed: int) -> None:
    """By time, which falls anywhere, and by what changes in the folder, which falls on the moments of writing."""
    draw, out, killed = random.Random(seed), tmp_path / "out", 0
    words = ("score", *given, "--out", out, "--jobs", "2", "--resume", "-q")
    for _ in range(3):
        process = started(*words)
        if draw.random() < 0.3:
            time.sleep(draw.uniform(0.5, 3))
        else:
            wait_for(out, draw.randrange(2, 8), process)
        killed += process.poll() is None
        process.kill()
        process.wait()
        for folder in [p for p in out.glob("page*") if p.is_dir()]:
            assert output.read(folder).comments.num_rows == N_ROWS
        if (out / "index.json").exists():
            index(out)
    assert killed
    finished = {p.name: (p / "manifest.json").stat().st_mtime_ns for p in out.glob("page*")}
    assert started(*words).wait() == 3
    assert bytes_of(out) == bytes_of(uninterrupted)
    assert {name: (out / name / "manifest.json").stat().st_mtime_ns for name in finished} == finished


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_process_that_is_killed_fails_its_dump_alone(given: list[Path], uninterrupted: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("score", *given, "--out", out, "--jobs", "2", "-q")
    process = started(*words)
    wait_for(out, 5, process)
    workers = [p for p in processes(process.pid) if b"spawn_main" in Path(f"/proc/{p}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    assert process.wait() == 3
    failed = {name: row for name, row in index(out).items() if row["status"] == "failed"}
    assert len(failed) == 2
    (lost,) = [row for name, row in failed.items() if name != "broken.csv"]
    assert "signal 9" in lost["error"]
    assert "--jobs" in lost["error"]
    run(*words, "--resume", expect=3)
    assert bytes_of(out) == bytes_of(uninterrupted)


def test_one_run_at_a_time(given: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    process = started("score", *given, "--out", out, "-q")
    wait_for(out, 2, process)
    run("score", *given, "--out", out, "-q", expect=2)
    assert "another run" in capsys.readouterr().err
    assert process.wait() == 3


@pytest.mark.slow
def test_resume_knows_what_has_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = [p for p in dumps(tmp_path / "dumps", 2) if p.name != "broken.csv"]
    (tmp_path / "dumps" / "broken.csv").unlink()
    out = tmp_path / "out"
    words = ("score", first, second, "--out", out, "--jobs", "2")

    def told(*more: str) -> list[str]:
        capsys.readouterr()
        run(*words, *more)
        return sorted(line.split(": ")[1].split(",")[0] for line in capsys.readouterr().out.splitlines())

    assert told() == ["done", "done"]
    assert told("--resume") == ["kept", "kept"]
    assert told("--resume", "--tz", "Europe/Paris") == ["done", "done"]
    words = (*words, "--tz", "Europe/Paris")
    (first.parent / "notes.csv").write_text("a,b\n1,2\n", "utf-8")  # no side table
    assert told("--resume") == ["kept", "kept"]
    posts = [f"p{i},2024-01-01T00:00:00Z" for i in range(9)]
    (first.parent / "posts.csv").write_text("\n".join(["post_id,post_time", *posts]), "utf-8")
    assert told("--resume") == ["done", "done"]
    assert told("--resume") == ["kept", "kept"]
    second.write_text(second.read_text("utf-8").replace("page 1", "page 7"), "utf-8")
    assert told("--resume") == ["done", "kept"]
    (out / index(out)["page0.csv"]["folder"] / "accounts.parquet").write_bytes(b"cut")
    assert told("--resume") == ["done", "kept"]


def test_equal_dumps_of_one_name_share_their_folder(tmp_path: Path) -> None:
    for part in ("a", "b"):
        dumps(tmp_path / part, 1)
    run("score", tmp_path / "a/page0.csv", tmp_path / "b/page0.csv", "--out", tmp_path / "out", "--jobs", "2", "-q")
    rows = json.loads((tmp_path / "out" / "index.json").read_text("utf-8"))["dumps"]
    assert [row["status"] for row in rows] == ["done", "done"]
    assert rows[0]["folder"] == rows[1]["folder"]
    hold(tmp_path / "out" / rows[0]["folder"])


def test_another_dump_is_never_written_over(
    given: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight digits of a hash can be equal by chance; here one folder is given the name of the other."""
    out = tmp_path / "out"
    run("score", given[1], "--out", out, "-q")
    (folder,) = out.glob("page0*")
    other = tmp_path / "page0.csv"
    other.write_bytes(given[2].read_bytes())
    run("score", other, "--out", tmp_path / "elsewhere", "-q")
    (name,) = [p.name for p in (tmp_path / "elsewhere").glob("page0*")]
    folder.rename(out / name)
    before = bytes_of(out / name)
    run("score", other, "--out", out, "-q", expect=3)
    assert "another dump" in index(out)["page0.csv"]["error"]
    assert bytes_of(out / name) == before


def test_an_erased_account_stays_away(tmp_path: Path) -> None:
    """The folder is still known to be whole, so that a resumed run does not audit the dump again."""
    (dump,) = [p for p in dumps(tmp_path / "dumps", 1) if p.name != "broken.csv"]
    out = tmp_path / "out"
    run("score", dump, "--out", out, "-q")
    (folder,) = out.glob("page0*")
    run("erase", folder, "u7")
    run("score", dump, "--out", out, "--resume", "-q")
    assert "u7" not in pq.read_table(folder / "accounts.parquet")["author_id"].to_pylist()
    hold(folder)
