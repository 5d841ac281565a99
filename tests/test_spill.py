"""Tables made piece by piece are the tables made at once, in memory or not."""

from __future__ import annotations

import json
import mmap
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_files import one, write
from make_raw import raw

from fakedetect import spill
from fakedetect.errors import EngineError
from fakedetect.normalise import normalise
from fakedetect.schema import Dump

TIMES = ("2024-03-02T10:00:00Z", "2024-03-02T10:00:01Z", "02/03/2024 10:00", "2/13/2024 10:00", "3 h ago", "1709373600",
         "2024-03-02 10:00", "")


@contextmanager
def in_pieces(size: int, memory: int) -> Iterator[None]:
    """Tables are worked on `size` rows at a time and leave memory beyond `memory` bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spill, "WINDOW", size)
        patch.setattr(spill, "ROWS", size)
        patch.setattr(spill, "MEMORY", memory)
        patch.setattr(spill, "ARRAY", memory // 4)
        yield


def messy(seed: int, n: int) -> list[dict[str, str | None]]:
    """Comments with all that rows can do to each other: twice the same, without ids, posts on several pages."""
    rng = random.Random(seed)
    pages = rng.choice([(None,), ("g",), ("g", "h"), ("g", "h", None)])
    ids = rng.choice([(None,), ("1", "2", "t1_3"), tuple(str(i) for i in range(3 * n)), (None, "1", "7")])
    times = rng.sample(TIMES, rng.randint(1, 4))
    return [
        {
            "comment_id": rng.choice(ids),
            "page_id": rng.choice(pages),
            "post_id": rng.choice(["p", "q", "1.7E+15", None]),
            "parent_id": rng.choice([None, "root", "t1_1", "p"]),
            "author_id": rng.choice(["a", "b", "4.2e+17", "[deleted]", None]),
            "author_name": rng.choice(["Zoé", "Zoé", "zo\u00c3\u00a9", "Facebook User", None]),
            "comment_time": rng.choice(times),
            "text": rng.choice(["x", "déjà vu", "d\u00c3\u00a9j\u00c3\u00a0 vu", "", None]),
            "likes": rng.choice(["1", "1.2k", ""]),
            "rating": rng.choice(["5", "FOUR", None]),
        }
        for _ in range(n)
    ]


def said(dump: Dump) -> tuple[object, ...]:
    """All of a dump."""
    tables = (dump.comments, dump.posts, dump.accounts, dump.declared, dump.rejects)
    return (*(t.to_pylist() for t in tables), dump.notes, dump.rows_read, dump.kind, dump.truncated)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 20), st.sampled_from([0, 2_000, 10**9]))
def test_normalising_in_windows_is_normalising_at_once(seed, n, size, memory):
    raws = [raw(messy(seed, n), "one/a.csv"), raw(messy(seed + 1, n), "one/b.csv")]
    whole = normalise(raws, naive_zone="Europe/Paris")
    with in_pieces(size, memory):
        parted = normalise(raws, naive_zone="Europe/Paris")
    assert said(parted) == said(whole)
    assert parted.comments.schema.equals(whole.comments.schema, check_metadata=True)


@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "parquet", "cp1252"])
def test_reading_in_windows_is_reading_at_once(tmp_path, form):
    rows = [{"post_id": f"p{i // 9}", "author_id": f"a{i % 7}", "text": f'dit "{i}", né\nle soir', "likes": str(i)}
            for i in range(100)]
    lines = ['"' + '","'.join(v.replace('"', '""') for v in r.values()) + '"' for r in rows]
    table = "\r\n".join([",".join(rows[0]), *lines[:50], "too,few", *lines[50:], '"cut']).encode("utf-8")
    contents = {
        "csv": table,
        "cp1252": table.decode().encode("cp1252"),
        "ndjson": "\n".join([*map(json.dumps, rows[:50]), "no JSON", *map(json.dumps, rows[50:])]).encode(),
        "json": (json.dumps([*rows, 7, None])[:-1] + ', {"post_id": "cut').encode(),
        "parquet": b"",
    }
    path = write(tmp_path, f"a.{form}", contents[form])
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=30)
    whole = one(path)
    with in_pieces(13, 1_000):
        parted = one(path)
    assert parted.comments.num_rows >= 100
    assert parted.comments["text"].num_chunks > 3 >= whole.comments["text"].num_chunks
    assert parted.comments.to_pylist() == whole.comments.to_pylist()
    assert parted.rejects.to_pylist() == whole.rejects.to_pylist()
    assert (parted.notes, parted.truncated, parted.encoding) == (whole.notes, whole.truncated, whole.encoding)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 39), max_size=60), st.lists(st.booleans(), min_size=40, max_size=40),
       st.sampled_from([0, 300, 10**9]))
def test_rows_are_taken_as_arrow_takes_them(rows, wanted, memory):
    table = pa.table({"n": range(40), "s": [None if i % 5 == 0 else f"t{i}" * (i % 3) for i in range(40)]})
    with in_pieces(7, memory):
        parts = spill.aside(spill.windows(table))
        taken = spill.gathered(parts, np.array(rows, np.int64))
        kept = spill.chosen(parts, pa.chunked_array([wanted]))
        longer = spill.changed(parts, "n", lambda w: pa.compute.add(w["n"], 1))
    assert parts.equals(table)
    assert taken.equals(table.take(pa.array(rows, pa.int64())))
    assert kept.equals(table.filter(pa.array(wanted)))
    assert longer["n"].to_pylist() == list(range(1, 41))


def test_the_file_is_gone_with_the_table(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with in_pieces(7, 0):
        table = spill.aside(spill.windows(pa.table({"n": range(40)})))
    assert list(tmp_path.iterdir()) == []
    assert table["n"].num_chunks == 6


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with in_pieces(7, 0), pytest.raises(EngineError, match="cannot be put aside") as caught:
        spill.aside(spill.windows(pa.table({"n": range(40)})))
    assert "TMPDIR" in str(caught.value)


def test_many_small_files_are_put_aside_together(tmp_path):
    for i in range(8):
        rows = "".join(f"p{i},u{j},text {j}\n" for j in range(60))
        write(tmp_path, f"part{i}.csv", "post_id,author_id,text\n" + rows)
    whole = one(tmp_path)
    with in_pieces(13, 3_000):
        # Each file stays in memory by itself; together they do not.
        parted = one(tmp_path)
        dump = normalise([parted, parted])
    assert parted.comments.to_pylist() == whole.comments.to_pylist()
    # Without a time two rows may only look the same.
    assert dump.comments.num_rows == len(dump.comments["comment_id"].unique()) == 960


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40), st.integers(1, 9))
def test_twins_keep_their_numbers_in_any_window(texts, size):
    rows = [{"post_id": "p", "author_name": "[deleted]", "text": t} for t in texts]
    whole = normalise([raw(rows)])
    with in_pieces(size, 0):
        parted = normalise([raw(rows)])
    assert parted.comments["comment_id"].to_pylist() == whole.comments["comment_id"].to_pylist()
    assert len(set(whole.comments["comment_id"].to_pylist())) == len(texts)


def test_a_trailing_delimiter_costs_no_row(tmp_path):
    text = "post_id;author_id;text\n" + "".join(f"p;u{i};text {i};\n" for i in range(50)) + "p;u;x;surplus;\n"
    path = write(tmp_path, "a.csv", text)
    whole = one(path)
    with in_pieces(7, 500):
        parted = one(path)
    assert whole.comments.num_rows == 50
    assert parted.comments.to_pylist() == whole.comments.to_pylist()
    assert parted.rejects.to_pylist() == whole.rejects.to_pylist()


def test_a_full_disk_is_said_while_recoding(tmp_path, monkeypatch):
    path = write(tmp_path, "a.csv", "post_id,author_id,text\np,u,né\n".encode("cp1252"))
    monkeypatch.setattr(spill, "MEMORY", 0)
    monkeypatch.setattr("fakedetect.spill.tempfile.TemporaryFile", lambda **_: (tmp_path / "ro").open("rb"))
    (tmp_path / "ro").write_bytes(b"")
    with pytest.raises(EngineError, match="cannot be put aside"):
        one(path)


def test_side_by_side_keeps_the_order_and_runs_no_further_ahead_than_it_may() -> None:
    begun: list[int] = []

    def make(item: int) -> int:
        begun.append(item)
        return item * item

    made = spill.side_by_side(make, range(50))
    assert [next(made) for _ in range(10)] == [k * k for k in range(10)]
    assert max(begun) <= 10 + spill.THREADS, "what is made ahead stands in memory"
    assert list(made) == [k * k for k in range(10, 50)]


def test_side_by_side_hands_on_what_goes_wrong() -> None:
    with pytest.raises(ZeroDivisionError):
        list(spill.side_by_side(lambda k: 1 // k, [2, 1, 0, 3]))


def test_large_zeros_are_mapped_and_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    small = spill.zeros((3, 4), np.uint16)
    monkeypatch.setattr(spill, "MEMORY", 100)
    large = spill.zeros((3, 100), np.uint64)
    assert small.base is None
    assert isinstance(large.base.base.obj, mmap.mmap)
    for array in (small, large):
        assert array.dtype in (np.uint16, np.uint64)
        assert not array.any()
        array[2, 1] = 7
        assert array.sum() == 7


def test_zeros_that_find_no_room_are_refused_before_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "MEMORY", 100)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(EngineError, match="put aside"):
            spill.zeros((1000,), np.int64)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "times"), [(1_150_000, 33), (530_000, 72)], ids=["in all", "in one window"])
def test_texts_of_more_than_one_array_can_hold(tmp_path: Path, n: int, times: int) -> None:
    """Two gigabytes and more of texts: no stage puts them into one array of strings."""
    dump, long = tmp_path / "comments.csv", "ten words of which no two stand here together as friends "
    with dump.open("w", encoding="utf-8") as file:
        file.write("comment_id,post_id,author_id,comment_time,text\n")
        for k in range(n):
            when = f"2024-03-{1 + k % 28:02}T{k % 24:02}:{k % 60:02}:00Z"
            file.write(f"c{k},p{k % 5_000},a{k % 90_000},{when},number {k} {long * times}\n")
    assert dump.stat().st_size > 2**31
    out = tmp_path / "audit"
    done = subprocess.run([sys.executable, "-m", "fakedetect.cli", "audit", str(dump), "--out", str(out), "-q"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((out / "summary.json").read_text("utf-8"))["rows"]["scored"] == n
