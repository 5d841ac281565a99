"""The command line as a user meets it: outputs, exit codes, errors that say what to do."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from audits import ROOT, audit, hold, rejects, run, summary, table, truth, verdicts

from fakedetect import output

SAMPLE = ROOT / "data" / "sample_page"
TRUTH = ROOT / "data" / "sample_page_truth"


def test_the_sample_names_the_ring_and_nobody_else(sample_audit: Path) -> None:
    found, known = verdicts(sample_audit), truth(TRUTH)
    ring = {a for a, row in known.items() if row["role"] == "campaign"}
    suspects = {a for a, v in found.items() if v == "suspect"}
    named = suspects | {a for a, v in found.items() if v == "review"}
    assert suspects <= ring
    assert len(suspects) >= 10
    assert named <= ring
    assert {a for a, row in known.items() if row["role"] == "declared" and a in found} <= {
        a for a, v in found.items() if v == "declared"
    }


def test_golden(sample_audit: Path) -> None:
    """Counts, ids and verdicts of the sample audit; regenerate by hand when a change of them is meant."""
    golden = json.loads((ROOT / "tests" / "golden" / "sample.json").read_text("utf-8"))
    facts = summary(sample_audit)
    accounts = table(sample_audit, "accounts").to_pylist()
    assert facts["accounts"] == golden["accounts"]
    assert facts["rows"] == golden["rows"]
    assert sorted({r["test"] for r in facts["refused"]}) == golden["refused"]
    assert {r["author_id"]: r["group_id"] for r in accounts if r["verdict"] == "suspect"} == golden["suspects"]
    assert facts["power"]["smallest"] == golden["smallest"]


def test_same_bytes_twice(sample_audit: Path, tmp_path: Path) -> None:
    again = audit(tmp_path / "again", SAMPLE)
    names = sorted(p.name for p in sample_audit.iterdir())
    assert names == sorted(p.name for p in again.iterdir())
    for name in names:
        if name != "manifest.json":
            assert (sample_audit / name).read_bytes() == (again / name).read_bytes(), name


def test_row_order_changes_no_verdict(sample_audit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "turned"
    folder.mkdir()
    for path in SAMPLE.iterdir():
        head, *rows = path.read_text("utf-8").splitlines(keepends=True)
        if path.name == "comments.csv":  # texts may hold newlines: turn records, not lines
            with path.open(newline="", encoding="utf-8") as file:
                records = list(csv.reader(file))
            with (folder / path.name).open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([records[0], *records[:0:-1]])
        else:
            (folder / path.name).write_text(head + "".join(rows[::-1]), "utf-8")
    turned = audit(tmp_path / "out", folder)
    assert verdicts(turned) == verdicts(sample_audit)
    a, b = table(turned, "accounts"), table(sample_audit, "accounts")
    for column in ("probability", "p_value", "q_value", "reasons", "group_id"):
        assert a[column].to_pylist() == b[column].to_pylist(), column


def test_manifest_holds_hashes_of_inputs_and_outputs(sample_audit: Path) -> None:
    manifest = json.loads((sample_audit / "manifest.json").read_text("utf-8"))
    assert set(manifest["outputs"]) == {p.name for p in sample_audit.iterdir()} - {"manifest.json"}
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((sample_audit / name).read_bytes()).hexdigest() == digest
    digests = {hashlib.sha256(p.read_bytes()).hexdigest() for p in SAMPLE.iterdir()}
    assert set(manifest["inputs"].values()) == digests


def test_features_are_columns_of_accounts(sample_audit: Path) -> None:
    from fakedetect.features import FEATURES

    assert {f.name for f in FEATURES} <= set(table(sample_audit, "accounts").column_names)


def test_every_suspect_and_review_has_reasons_in_the_registry(sample_audit: Path) -> None:
    from fakedetect.features import FEATURES

    known = {f.name for f in FEATURES}
    flagged = [r for r in table(sample_audit, "accounts").to_pylist() if r["verdict"] in ("suspect", "review")]
    assert flagged
    assert all(r["reasons"] and set(r["reasons"]) <= known for r in flagged)


def test_fail_on_suspects(sample_audit: Path, tmp_path: Path) -> None:
    """The exit code alone changes, and only where there are suspects."""
    dull = tmp_path / "dull.csv"
    dull.write_text("author_id,text\n" + "\n".join(f"u{i},hello number {i} again" for i in range(60)), "utf-8")
    assert "suspect" not in verdicts(audit(tmp_path / "quiet", dull, "--fail-on-suspects")).values()
    run("score", dull, "--out", tmp_path / "one", "--fail-on-suspects", "-q")
    run("score", dull, SAMPLE, "--out", tmp_path / "both", "--fail-on-suspects", "-q", expect=10)
    [folder] = (tmp_path / "both").glob("sample*")
    assert verdicts(folder) == verdicts(sample_audit)
    assert "suspect" in verdicts(folder).values()


def test_known_innocents_are_never_named(sample_audit: Path, tmp_path: Path) -> None:
    suspects = sorted(a for a, v in verdicts(sample_audit).items() if v == "suspect")
    cleared = tmp_path / "cleared.csv"
    cleared.write_text("author_id\n" + "\n".join(suspects[:3]), "utf-8")
    # Others are still suspects, and the exit code says so.
    found = verdicts(audit(tmp_path / "out", SAMPLE, "--known-innocent", cleared, "--fail-on-suspects", expect=10))
    assert {found[a] for a in suspects[:3]} == {"no_evidence"}


def test_json_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("audit", SAMPLE, "--out", tmp_path / "out", "--json")
    assert json.loads(capsys.readouterr().out) == summary(tmp_path / "out")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_terminal_is_80_columns_wide(
    lang: str, tmp_path: Path, sample_audit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["inspect", SAMPLE], ["explain", sample_audit, "S01"], ["formats"], ["features"]):
        run(*words, "--lang", lang)
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) > 5, words
        assert [line for line in lines if len(line) > 80] == []


def test_explain_gives_the_row_as_json(sample_audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("explain", sample_audit, "s01", "--json")
    row = json.loads(capsys.readouterr().out)
    assert (row["label"], row["verdict"]) == ("S01", "suspect")


def test_inspect_writes_nothing_and_speaks_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run("inspect", SAMPLE, "--json")
    assert json.loads(capsys.readouterr().out)["rows"]["read"] > 1000
    assert not list(tmp_path.iterdir())


def test_sample_is_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    run("inspect", "sample", "--json")
    assert any(name.endswith("comments.csv") for name in json.loads(capsys.readouterr().out)["files"])
    (tmp_path / "sample").write_text("", "utf-8")
    run("inspect", "sample", expect=3)


ERRORS = {
    "no dump": (("audit", "--out", "X"), 2, "Missing argument"),
    "no such file": (("audit", "nowhere.csv", "--out", "X"), 3, "nowhere.csv"),
    "bad option": (("audit", "sample", "--out", "X", "--fdr", "1.5"), 2, "--fdr"),
    "bad zone": (("audit", "sample", "--out", "X", "--tz", "Mars/Olympus"), 2, "Mars/Olympus"),
    "bad map": (("audit", "sample", "--out", "X", "--map", "text"), 2, "--map"),
    "bad format": (("audit", "sample", "--out", "X", "--format", "wax"), 2, "wax"),
    "no model": (("audit", "sample", "--out", "X", "--model", "nowhere"), 4, "nowhere"),
    "no engine": (("audit", "sample", "--out", "X", "--engine", "abacus"), 5, "abacus"),
    "spark is not there": (("audit", "sample", "--out", "X", "--engine", "spark://127.0.0.1:1"), 5, "Spark"),
    "no audit": (("explain", "nowhere", "S01"), 3, "no audit"),
    "unknown preset": (("simulate", "--out", "X", "--preset", "mars"), 2, "orangina"),
    "unknown family": (("simulate", "--out", "X", "--family", "mars"), 2, "mars"),
    "unknown command": (("frobnicate",), 2, "frobnicate"),
}


@pytest.mark.parametrize(("words", "code", "says"), ERRORS.values(), ids=ERRORS)
def test_errors_say_what_and_leave_nothing(
    words: tuple[str, ...],
    code: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    run(*words, expect=code)
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_no_audit_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "precious.txt").write_text("mine", "utf-8")
    run("audit", SAMPLE, "--out", tmp_path, expect=2)
    assert (tmp_path / "precious.txt").read_text("utf-8") == "mine"


def test_a_changed_table_is_refused_by_name(
    sample_audit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(sample_audit, broken)
    rows = pq.read_table(broken / "accounts.parquet")
    pq.write_table(rows.slice(1), broken / "accounts.parquet")
    run("explain", broken, "S01", expect=3)
    assert "accounts.parquet" in capsys.readouterr().err


def test_score_goes_on_after_a_failure_and_resumes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = tmp_path / "small.csv"
    small.write_text("author_id,text\n" + "\n".join(f"u{i},hello number {i} again" for i in range(60)), "utf-8")
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\0\1\2")
    out = tmp_path / "out"
    run("score", small, broken, "--out", out, expect=3)
    index = {row["dump"]: row for row in json.loads((out / "index.json").read_text("utf-8"))["dumps"]}
    assert (index[str(small)]["status"], index[str(broken)]["status"]) == ("done", "failed")
    folder = out / index[str(small)]["folder"]
    hold(folder)
    before = (folder / "manifest.json").stat().st_mtime_ns
    run("score", small, "--out", out, "--resume")
    assert (folder / "manifest.json").stat().st_mtime_ns == before
    run("score", small, "--out", out, "--resume", "--fdr", "0.01")
    assert (folder / "manifest.json").stat().st_mtime_ns != before


def test_formulas_are_neutralised_in_rejects(tmp_path: Path) -> None:
    dump = tmp_path / "dump.csv"
    rows = [f"c{i},u{i},a text of some length {i}" for i in range(40)]
    dump.write_text(
        "comment_id,author_id,text\n" + "\n".join([*rows, "=HYPERLINK(1),u1,=cmd|x", *rows[:2]]) + "\n=1,a,b,c,d,e\n",
        "utf-8",
    )
    found = rejects(audit(tmp_path / "out", dump))
    assert [row["raw"].lstrip("'") for row in found if "=1" in row["raw"]] == ["=1,a,b,c,d,e"]
    assert all(not value.startswith(output.FORMULA) for row in found for value in row.values() if value)


def test_several_dumps_are_one_audit(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(
            "author_id,text\n" + "\n".join(f"{name}{i % 40},words of {name} number {i}" for i in range(80)), "utf-8"
        )
    found = summary(audit(tmp_path / "out", tmp_path / "one.csv", tmp_path / "two.csv"))
    assert found["pages"] == 2
    assert found["rows"]["scored"] == 160


def test_simulate_is_deterministic_and_its_truth_stands_beside(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(
            "simulate",
            "--out",
            tmp_path / name,
            "--family",
            "tight_early",
            "--accounts",
            "300",
            "--posts",
            "20",
            "--knob",
            "gap_s=40",
            "--seed",
            "3",
            "-q",
        )
    for kind in ("", "_truth"):
        left, right = tmp_path / f"a{kind}", tmp_path / f"b{kind}"
        assert {p.name: p.read_bytes() for p in left.iterdir()} == {p.name: p.read_bytes() for p in right.iterdir()}


def test_without_a_browser_the_page_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    dump = tmp_path / "few.csv"
    dump.write_text("post_id,author_id,text\n" + "".join(f"p{k % 3},u{k},hello number {k}\n" for k in range(30)))
    run("audit", dump, "--out", tmp_path / "out", "-q", "--open", "--lang", "fr")
    said = capfd.readouterr().err.strip()
    assert said == f"Aucun navigateur ici pour ouvrir {(tmp_path / 'out/report.html').as_uri()}."
