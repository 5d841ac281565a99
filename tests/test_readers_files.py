"""Which files are read: folders, files beside a dump, patterns, standard input, archives; and what is refused."""

from __future__ import annotations

import gzip
import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from make_files import HEADER, ROWS, codes, one, write

from fakedetect import readers
from fakedetect.errors import InputError, TruncatedInput
from fakedetect.readers import source

POSTS = "post_id,post_time,post_text\np1,2024-03-05T17:00:00Z,hello\n"
OTHER_POSTS = "post_id,post_time,post_text\nzz,2024-03-05T17:00:00Z,hello\n"
ACCOUNTS = "user_id,username,followers_count,created_at\nu1,ann,3,2020-01-01T00:00:00Z\n"
DECLARED = "author_name,role\nann,staff\n"


def test_a_folder_is_one_dump(tmp_path):
    for name, content in (
        ("x1", HEADER + ROWS[0]),
        ("x2", HEADER + ROWS[1]),
        ("y", POSTS),
        ("z", ACCOUNTS),
        ("w", DECLARED),
        ("readme", "how this was made"),
        ("truth", "author_id,role\nu1,ring\n"),
    ):
        write(tmp_path, name, content)
    raw = one(tmp_path)
    assert raw.rows_read == 2
    assert (raw.posts.num_rows, raw.accounts.num_rows, raw.declared.num_rows) == (1, 1, 1)
    assert raw.comments["row"].to_pylist() == [1, 1]
    assert sorted(codes(raw)) == ["side_file"] * 3 + ["skipped_file"] * 2


def test_side_files_beside_a_file_are_found_by_content(tmp_path):
    dump = write(tmp_path, "dump.csv", HEADER + "".join(ROWS))
    write(tmp_path, "a", POSTS)
    write(tmp_path, "b", OTHER_POSTS)
    write(tmp_path, "c", HEADER + ROWS[0])
    write(tmp_path, "d", "[" + '{"post_id":"p1","post_time":"2024-03-05T17:00:00Z"} oops]')
    raw = one(dump)
    assert (raw.rows_read, raw.posts["post_id"].to_pylist(), raw.accounts) == (6, ["p1"], None)
    assert set(raw.sources) == {str(dump), str(tmp_path / "a")}


def test_named_side_files_win(tmp_path):
    write(tmp_path / "dump", "dump.csv", HEADER + "".join(ROWS))
    write(tmp_path / "dump", "posts.csv", POSTS)
    mine = write(tmp_path, "mine.csv", OTHER_POSTS)
    for path in (tmp_path / "dump", tmp_path / "dump" / "dump.csv"):
        assert one(path, posts=mine).posts["post_id"].to_pylist() == ["zz"]
    with pytest.raises(InputError):
        one(tmp_path / "dump", posts=write(tmp_path, "no.csv", DECLARED))


def test_facts_about_the_post_on_each_comment(tmp_path):
    raw = one(
        write(
            tmp_path,
            "a.csv",
            "post_id,post_time,author,text\np1,2024-03-05T17:00:00Z,ann,a\np1,2024-03-05T17:00:00Z,bob,b\n",
        )
    )
    assert raw.posts.drop_columns(["source", "row"]).to_pylist() == [
        {"post_id": "p1", "post_time": "2024-03-05T17:00:00Z"}
    ]


def test_glob_and_stdin(tmp_path, monkeypatch):
    for i in range(2):
        write(tmp_path, f"x{i}.csv", HEADER + ROWS[i])
    assert one(tmp_path / "x*.csv").rows_read == 2
    piped = type("Piped", (), {"buffer": io.BytesIO((HEADER + ROWS[0]).encode())})
    monkeypatch.setattr("sys.stdin", piped)
    raw = readers.read(["-"])[0]
    assert (raw.rows_read, raw.comments["source"][0].as_py()) == (1, "stdin")


@pytest.mark.parametrize(
    "missing", ["nothing.csv", "nothing*.csv", "."], ids=["file", "glob", "empty folder"]
)
def test_nothing_there(tmp_path, missing):
    with pytest.raises(InputError):
        one(tmp_path / missing)


BODY = (
    HEADER + "".join(f"p1,u{i},2024-03-05T17:00:00Z,text {i} {i * 7919 % 10007}\n" for i in range(20_000))
).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(BODY),
        zstandard.ZstdCompressor().compress(BODY),
        gzip.compress(BODY[:1000]) + gzip.compress(BODY[1000:]),
        zipped({"in/dump.csv": BODY, "posts.csv": POSTS.encode(), "__MACOSX/x": b"y"}),
    ],
    ids=["gz", "zst", "two gz members", "zip"],
)
def test_compressed(tmp_path, packed):
    raw = one(write(tmp_path, "dump", packed))
    assert (raw.rows_read, raw.truncated, len(raw.sources)) == (20_000, False, 1)


@pytest.mark.parametrize(
    "packed", [gzip.compress(BODY), zstandard.ZstdCompressor().compress(BODY)], ids=["gz", "zst"]
)
def test_cut_archive_keeps_the_rows_before(tmp_path, packed):
    path = write(tmp_path, "dump", packed[: len(packed) * 9 // 10])
    raw = one(path)
    assert 2_000 < raw.comments.num_rows < 20_000
    assert raw.truncated
    with pytest.raises(TruncatedInput):
        one(path, strict=True)


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = zipfile.ZipInfo("link.csv")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/hostname")
    return out.getvalue()


@pytest.mark.parametrize(
    "packed",
    [
        zipped({"../out.csv": BODY}),
        zipped({"/abs.csv": BODY}),
        zipped({"C:\\x.csv": BODY}),
        linked(),
        zipped({"bomb.csv": bytes(120 << 20)}),
        gzip.compress(bytes(120 << 20)),
        zipped({"a.csv": BODY})[:-40],
        b"\x1f\x8b\x08garbage",
        b"\x28\xb5\x2f\xfdgarbage",
        b"PAR1garbagePAR1",
        b"%PDF-1.7 hello",
    ],
    ids=[
        "climbs out",
        "absolute",
        "drive",
        "symlink",
        "zip bomb",
        "gz bomb",
        "cut zip",
        "bad gz",
        "bad zst",
        "bad parquet",
        "pdf",
    ],
)
def test_refused(tmp_path, packed):
    with pytest.raises(InputError) as caught:
        one(write(tmp_path, "dump", packed))
    assert caught.value.where


def test_post_ids_with_and_without_their_page_are_joined(tmp_path):
    write(tmp_path, "comments.csv", "post_id,author_id,text\n10_900,a,x\n10_901,b,y\n")
    write(tmp_path, "posts.csv", "post_id,post_time\n900,2024-03-05T17:00:00Z\n77,2024-03-05T18:00:00Z\n")
    raw = one(tmp_path)
    assert raw.posts["post_id"].to_pylist() == ["10_900", "77"] and "joined_ids" in codes(raw)
    write(tmp_path, "posts.csv", "post_id,post_time\n10_901,2024-03-05T17:00:00Z\n900,2024-03-05T18:00:00Z\n")
    raw = one(tmp_path)
    assert raw.posts["post_id"].to_pylist() == ["10_901", "900"] and "joined_ids" not in codes(raw)
    write(tmp_path, "comments.csv", "post_id,author_id,text\n10_900,a,x\n11_900,b,y\n")
    write(tmp_path, "posts.csv", "post_id,post_time\n900,2024-03-05T17:00:00Z\n")
    assert one(tmp_path).posts["post_id"].to_pylist() == ["900"], "which of the two is meant nobody knows"


def test_a_parquet_file_with_damaged_or_doubled_names_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    table = pa.table([["p"], ["a"], ["x"], ["y"]], names=["post_id", "author_id", "text", "text"])
    pq.write_table(table, path)
    with pytest.raises(InputError, match="several columns are named 'text'"):
        one(path)
    pq.write_table(table.rename_columns(["post_id", "author_id", "text", "sometext"]), path)
    path.write_bytes(path.read_bytes().replace(b"sometext", b"somete\xbct"))
    with pytest.raises(InputError):
        one(path)


def test_packed_dumps_of_one_run_are_not_unpacked_for_each_other(tmp_path, monkeypatch):
    """Twelve packed dumps beside each other: each is spooled once, and what stands beside is told by its beginning."""
    paths = [write(tmp_path, f"d{i:02d}.csv.gz", gzip.compress((HEADER + "".join(ROWS)).encode())) for i in range(12)]
    write(tmp_path, "posts.csv.gz", gzip.compress(POSTS.encode()))
    spooled = []
    spool = source._spooled
    monkeypatch.setattr(source, "_spooled", lambda name, *rest: spooled.append(name) or spool(name, *rest))
    raws = readers.read(paths)
    assert [r.posts["post_id"].to_pylist() for r in raws] == [["p1"]] * 12
    assert len([name for name in spooled if "posts" not in name]) == 12
    spooled.clear()
    readers.read(paths[:1])
    assert sorted(spooled) == sorted([str(paths[0]), str(tmp_path / "posts.csv.gz")])
