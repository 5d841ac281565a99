"""A disk that is full: a sentence that says what to do, and nothing half written. A real process that may write no
file beyond a few kilobytes stands in for the disk."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = 8 * 1024


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "fakedetect.cli", *words], cwd=cwd, capture_output=True, text=True,
                          check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL)))


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Kernels are compiled once and kept on disk, which is not what is tried here."""
    subprocess.run([sys.executable, "-m", "fakedetect.cli", "audit", "sample", "--out", "X", "-q"],
                   cwd=tmp_path_factory.mktemp("warm"), check=True)


def test_an_audit_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    done = run("audit", "sample", "--out", "X", "-q", cwd=tmp_path)
    assert done.returncode == 5, done.stderr
    assert "cannot be written" in done.stderr and "--out" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_an_audit_that_stood_there_stays_whole(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "fakedetect.cli", "audit", "sample", "--out", "X", "-q"], cwd=tmp_path,
                   check=True)
    before = {p.name: p.read_bytes() for p in (tmp_path / "X").iterdir()}
    assert run("audit", "sample", "--out", "X", "--seed", "5", "-q", cwd=tmp_path).returncode == 5
    assert {p.name: p.read_bytes() for p in (tmp_path / "X").iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["X"]


@pytest.mark.slow
def test_a_batch_says_which_dump_could_not_be_written(tmp_path: Path) -> None:
    done = run("score", "sample", "--out", "Y", "-q", cwd=tmp_path)
    assert done.returncode == 3 and "cannot be written" in done.stderr
    row, = json.loads((tmp_path / "Y" / "index.json").read_text("utf-8"))["dumps"]
    assert row["status"] == "failed" and "free some space" in row["error"]
    assert not [p for p in (tmp_path / "Y").iterdir() if p.is_dir()]


def test_a_dump_that_cannot_be_put_aside(tmp_path: Path) -> None:
    """Larger than what stands in memory: it goes to the folder for temporary files, which has no room."""
    rows = "".join(f"c{k},p{k % 50},a{k % 9000},2024-03-02T10:00:00Z,{'one two three four five six seven ' * 24}\n"
                   for k in range(400_000))
    (tmp_path / "large.csv").write_text("comment_id,post_id,author_id,comment_time,text\n" + rows, "utf-8")
    for words in (("inspect", "large.csv"), ("audit", "large.csv", "--out", "X", "-q")):
        done = run(*words, cwd=tmp_path)
        assert done.returncode == 5 and "TMPDIR" in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["large.csv"]
