"""Bad input, met by the program as a person starts it: a changed dossier, other software, a folder that a killed run
left behind."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import make_case
import make_dossier
import pytest
from audits import ROOT, run
from make_dossier import made

from fakedetect.decisions import Decisions, Note

HOW = [sys.executable, "-m", "fakedetect.cli"]


def typed(*words: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as typed; it must end by itself."""
    return subprocess.run([*HOW, *map(str, words)], capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)


def places(path: Path) -> Iterator[tuple[int, str]]:
    """Bytes of a dossier, and what has to be named where one of them is changed."""
    size = path.stat().st_size
    with zipfile.ZipFile(path) as held:
        for info in held.infolist():
            if info.filename in ("case.en.html", "decisions.json", "tables/comments.csv", "chain.jsonl"):
                data = info.header_offset + 30 + len(info.filename)
                yield data + info.compress_size // 2, info.filename
        yield held.infolist()[3].header_offset + 10, held.infolist()[3].filename
        yield held.start_dir + 12, held.infolist()[0].filename
    yield size - 1, "the end of the archive"


def test_a_changed_byte_is_found_and_named(case: make_dossier.Case, tmp_path: Path) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    Decisions.of_audit(folder).write("Anna", [Note("decision", "account", "x", "cleared", "a club")])
    whole = made(folder, tmp_path / "c.zip", case.key)
    held, path = whole.read_bytes(), tmp_path / "x.zip"
    assert typed("verify", whole).returncode == 0
    for at, named in places(whole):
        path.write_bytes(held[:at] + bytes([held[at] ^ 4]) + held[at + 1:])
        done = typed("verify", path)
        assert done.returncode == 3 and named in done.stderr, (at, named, done.stderr)
        assert "Traceback" not in done.stderr


def test_a_replay_on_other_software_says_what_is_other(case: make_dossier.Case, tmp_path: Path) -> None:
    """A dossier of an audit that other versions made, as its manifest says."""
    folder = make_dossier.copied(case, tmp_path / "audit")
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    told["versions"] |= {"fakedetect": "0.0.9", "numpy": "1.26.0"}
    (folder / "manifest.json").write_text(json.dumps(told))
    done = typed("replay", made(folder, tmp_path / "c.zip", case.key), case.dump)
    assert done.returncode == 0, done.stderr
    assert "fakedetect: 0.0.9 in the dossier, " in done.stdout and "numpy: 1.26.0 in the dossier, " in done.stdout
    assert "The replay gives the same results" in done.stdout


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from make_audit import make_audit
from fakedetect import output
made = make_audit(n_accounts=400)
while True:
    output.write(made, Path(sys.argv[1]))
"""


def killed(place: Path) -> Path | None:
    """The folder that a run left behind which was killed while it wrote; None where it was a moment too late."""
    out = place / "audit"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(out), str(ROOT / "tests")], cwd=ROOT) as running:
        while running.poll() is None:
            half = [p for p in place.glob(".audit-*") if (p / "accounts.parquet").exists()]
            if half:
                running.send_signal(signal.SIGKILL)
                break
            time.sleep(0.001)
        running.wait()
    assert running.returncode == -signal.SIGKILL
    left = [p for p in place.glob(".audit-*") if p.is_dir() and not (p / "manifest.json").exists() and any(p.iterdir())]
    return left[0] if left else None


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for attempt in range(10):
        if (half := killed(tmp_path_factory.mktemp(f"killed{attempt}"))) is not None:
            return half
    raise AssertionError("ten runs were killed, and none while it wrote")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_case.folder(tmp_path_factory.mktemp("sound") / "audit")


CONSUMERS = {
    "explain": ("explain", "{half}", "S01"), "dossier": ("dossier", "{half}", "--out", "{new}"),
    "compare, as the old one": ("compare", "{half}", "{sound}"),
    "compare, as the new one": ("compare", "{sound}", "{half}"),
    "review": ("review", "{half}"), "decisions": ("decisions", "{half}"), "erase": ("erase", "{half}", "S01"),
}


@pytest.mark.parametrize("words", CONSUMERS.values(), ids=CONSUMERS)
def test_a_folder_half_written_by_a_killed_run_is_refused_by_name(words: tuple[str, ...], left_behind: Path,
                                                                  sound: Path, tmp_path: Path) -> None:
    before = sorted(p.name for p in left_behind.parent.iterdir())
    done = typed(*(w.format(half=left_behind, sound=sound, new=tmp_path / "c.zip") for w in words))
    assert done.returncode == 3, done.stdout + done.stderr
    assert str(left_behind) in done.stderr and "manifest.json" in done.stderr and "Traceback" not in done.stderr
    assert sorted(p.name for p in left_behind.parent.iterdir()) == before and not any(tmp_path.iterdir())


@pytest.mark.parametrize("words", CONSUMERS.values(), ids=CONSUMERS)
def test_a_folder_in_which_a_table_is_cut_is_refused_by_name(words: tuple[str, ...], sound: Path, tmp_path: Path,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    half = tmp_path / "half"
    shutil.copytree(sound, half)
    path = half / "comments.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    run(*(w.format(half=half, sound=sound, new=tmp_path / "c.zip") for w in words), expect=3)
    assert f"{path}: the file was changed" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["half"]
