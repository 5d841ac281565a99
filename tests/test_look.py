"""A look at a large dump: parts of it, cut at whole rows, tell what it is, and estimates are marked as such."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from fakedetect import readers
from fakedetect.inspect import inspect, words
from fakedetect.readers import sample

N = 60_000


def line(k: int) -> str:
    """A row whose text is quoted, with quotes, delimiters and a line break in it."""
    return (f'p{k // 500},u{k * 7919 % 9000},2024-03-{1 + k % 28:02d}T{k % 24:02d}:{k % 60:02d}:{k * 7 % 60:02d}Z,'
            f'"said ""{k}"", and, more,\nof it on a second line",{k % 9}\n')


HEADER = "post_id,author_id,comment_time,text,likes\n"


@pytest.fixture(scope="module")
def table() -> str:
    return HEADER + "".join(line(k) for k in range(N))


@pytest.fixture(scope="module")
def lines() -> bytes:
    return b"".join(json.dumps({"post_id": f"p{k // 500}", "author_id": f"u{k % 9000}", "text": f"text number {k}",
                                "comment_time": 1_700_000_000 + 61 * k}).encode() + b"\n" for k in range(N))


def packed(folder: Path, name: str, table: str, lines: bytes) -> Path:
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(table.encode(), 1))
    elif name.endswith(".zst"):
        path.write_bytes(zstandard.compress(lines, 1))
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("export/comments.csv", table)
    elif name.endswith(".parquet"):
        rows = [json.loads(one) for one in lines.splitlines()]
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=7_000)
    elif name.endswith(".xlsx"):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Export")
        sheet.append(["post_id", "author_id", "text", "comment_time"])
        for one in lines.splitlines()[::3]:
            sheet.append(list(json.loads(one).values()))
        book.save(path)
    elif name == "array.json":
        path.write_bytes(b"[" + lines.strip().replace(b"\n", b",\n") + b"]")
    else:
        path.write_bytes(lines if name.endswith(".jsonl") else table.encode())
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.zip", "a.jsonl", "a.jsonl.zst", "array.json", "a.parquet",
                                  "a.xlsx"])
def test_parts_stand_for_the_whole(name: str, tmp_path: Path, table: str, lines: bytes,
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "BUDGET", 1 << 19)
    monkeypatch.setattr(sample, "ROWS", 4_000)
    path = packed(tmp_path, name, table, lines)
    [raw], rows = readers.look([path])
    assert 0 < raw.comments.num_rows < N / 3 and not raw.rejects.num_rows, "no row of a part is cut"
    there = N / 3 if name.endswith(".xlsx") else N
    assert rows == pytest.approx(there, rel=0.5 if name.endswith((".gz", ".zst")) else 0.12)
    assert not raw.truncated and "truncated" not in {n.code for n in raw.notes}
    whole = readers.read([path])[0].comments.drop_columns(["source", "row"]).to_pylist()
    assert {tuple(r.values()) for r in raw.comments.drop_columns(["source", "row"]).to_pylist()} <= {
        tuple(r.values()) for r in whole}
    if name in ("a.csv", "a.jsonl", "a.parquet"):
        posts = {int(p[1:]) for p in raw.comments["post_id"].to_pylist()}
        assert max(posts) >= 110 and len(posts) >= 8, "from everywhere in the file"


def test_a_small_dump_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_text(HEADER + "".join(line(k) for k in range(500)))
    [raw], rows = readers.look([path])
    assert rows == raw.rows_read == 500 and len(raw.sources[str(path)]) == 64
    d = inspect([path])
    assert d["part"] is None and d["open"] == [] and d["curves"] is not None


def test_what_a_part_cannot_tell_is_left_open(tmp_path: Path, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "BUDGET", 1 << 19)
    path = tmp_path / "large.csv"
    path.write_text(table)
    (tmp_path / "posts.csv").write_text("post_id,post_time,declared_comments\n" + "".join(
        f"p{k},2024-03-01T00:00:00Z,500\n" for k in range(N // 500)))
    d = inspect([path])
    assert d["part"]["rows"] == pytest.approx(N, rel=0.12) and 0 < d["part"]["share"] < 0.2
    assert d["coverage"] is None and d["curves"] is None and d["files"][str(path)] == ""
    assert "incomplete" not in {r["code"] for r in d["refused"]}
    assert not set(d["open"]) & ({r["test"] for r in d["refused"]} | set(d["can"]))
    for lang, said in (("en", "an estimate"), ("fr", "estimation")):
        text = " ".join(words(d, lang).split())
        assert said in text and "60" in text


def test_named_side_files_are_read_whole(tmp_path: Path, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "BUDGET", 1 << 18)
    path, posts = tmp_path / "large.csv", tmp_path / "posts.csv"
    path.write_text(table)
    posts.write_text("post_id,post_time,post_text\n" + "".join(
        f"p{k},2024-03-01T00:00:00Z,{'x' * 4000}\n" for k in range(120)))
    d = inspect([tmp_path], options=readers.ReadOptions(posts=posts))
    assert d["posts"]["total"] == 120 == d["posts"]["dated"] and d["part"] is not None
    assert not {"no_post_time", "repeated_post"} & {x["code"] for x in (*d["refused"], *d["notes"])}
