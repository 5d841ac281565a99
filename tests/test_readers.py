"""Readers: every sample, every trap of real exports, and that no row is lost."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from fakedetect import readers
from fakedetect.errors import InputError, OwnerOnlyExport, PostsOnlyFile, TruncatedInput, UsageError
from fakedetect.readers import ReadOptions
from fakedetect.readers.jsonwalk import mend
from fakedetect.schema import Raw

SAMPLES = Path(__file__).parent / "samples"
HEADER = "post_id,author_id,comment_time,text\n"
ROWS = [f"p1,u{i},2024-03-05T17:00:{i:02d}Z,text {i}\n" for i in range(6)]
DUMPS = Path(__file__).parents[2] / "shared" / "data" / "dumps"

# sample -> rows, side posts, truncated, one cell (column, row index, value)
EXPECTED = {
    "generic_csv": (3, 0, False, ("text", 1, "Où la trouver ?\nÀ Lyon ?")),
    "generic_jsonl": (3, 0, False, ("author_name", 2, "Ana Lima")),
    "generic_parquet": (3, 0, False, ("author_id", 2, None)),
    "youtube_threads": (3, 1, True, ("text", 2, "L'orange\ndu matin ici")),
    "graph_api": (3, 1, True, ("parent_id", 1, "20_1")),
}


def one(path: Path, **options: object) -> Raw:
    raw = readers.read([path], ReadOptions(**options))[0]
    assert raw.rows_read == raw.comments.num_rows + raw.rejects.num_rows
    return raw


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def codes(raw: Raw) -> list[str]:
    return [n.code for n in raw.notes]


def test_every_format_has_a_sample():
    assert {r.name for r in readers.FORMATS} == set(EXPECTED) == {p.name for p in SAMPLES.iterdir()}


@pytest.mark.parametrize("name", EXPECTED)
def test_sample(name):
    rows, posts, truncated, (column, at, value) = EXPECTED[name]
    raw = one(SAMPLES / name)
    assert raw.format == name
    assert (raw.rows_read, raw.posts.num_rows if raw.posts else 0, raw.truncated) == (rows, posts, truncated)
    assert raw.comments[column][at].as_py() == value
    assert raw.comments["row"].to_pylist() == [1, 2, 3]
    assert all(len(digest) == 64 for digest in raw.sources.values())


def test_formats_lists_the_registry():
    assert [f["name"] for f in readers.formats()] == [r.name for r in readers.FORMATS]
    assert all(f["gives"] and f["label"].fr for f in readers.formats())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_encodings(tmp_path, encoding, delimiter):
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=delimiter)
    table.writerow(["Auteur", "Commentaire", "DATE"])
    for i in range(30):
        table.writerow(
            [f"Hélène {i}", f'déjà goûté, {delimiter} très bon ; "oui"\nà Sète', "2024-03-05T17:00:00Z"]
        )
    raw = one(write(tmp_path, "a.txt", out.getvalue().encode(encoding)))
    assert raw.comments["author_name"][0].as_py() == "Hélène 0"
    assert raw.comments["text"][29].as_py() == f'déjà goûté, {delimiter} très bon ; "oui"\nà Sète'
    assert raw.rows_read == 30


# id -> (content, rows kept, row numbers and reasons of rejects, truncated)
CSV_TRAPS = {
    "short row": (
        HEADER + ROWS[0] + "p1,u9\n" + ROWS[1],
        2,
        [(2, "2 columns where the header has 4")],
        False,
    ),
    "long row": (HEADER + ROWS[0] + "p1,u9,x,y,z\n", 1, [(2, "5 columns where the header has 4")], False),
    "empty surplus columns": (HEADER + "p1,u9,2024-03-05T17:00:00Z,hi,,\n" + ROWS[0], 2, [], False),
    "blank lines": (HEADER + ROWS[0] + "\n\n" + ROWS[1], 2, [], False),
    "stray quote": (
        HEADER + ROWS[0] + 'p1,u9,t,"oops\n' + "".join(ROWS[1:]),
        6,
        [(2, "a quote opens and never closes")],
        False,
    ),
    "stray quote closed by a later one": (
        HEADER + 'p1,u9,t,"oops\n' + ROWS[0] + 'p1,u8,t,"fine"\n',
        2,
        [(1, "a quote opens and never closes")],
        False,
    ),
    "quotes inside a quoted field": (HEADER + 'p1,u9,t,"he said "hi" to me"\n' + ROWS[0], 2, [], False),
    "cut inside a quoted field": (
        HEADER + ROWS[0] + 'p1,u9,t,"first line\nsecond li',
        1,
        [(2, "a quote opens and never closes")],
        True,
    ),
    "cut inside a row": (
        HEADER + ROWS[0] + "p1,u9,2024-",
        1,
        [(2, "3 columns where the header has 4")],
        True,
    ),
    "no line end at the end": (HEADER + ROWS[0] + ROWS[1].rstrip(), 2, [], False),
    "old Mac line ends": ((HEADER + ROWS[0] + ROWS[1]).replace("\n", "\r"), 2, [], False),
    "Excel's sep line": ("sep=;\n" + (HEADER + ROWS[0]).replace(",", ";"), 1, [], False),
    "header only": (HEADER, None, InputError, False),
    "empty": ("", None, InputError, False),
    "no table": ("a,b,c\n1,2,3\n", None, InputError, False),
    "posts only": (
        "post_id,post_time,post_text\np1,2024-03-05T17:00:00Z,hello\n",
        None,
        PostsOnlyFile,
        False,
    ),
    "one person's own comments": (
        "author,text\n" + "".join(f"me,text {i}\n" for i in range(30)),
        None,
        OwnerOnlyExport,
        False,
    ),
}


@pytest.mark.parametrize("trap", CSV_TRAPS)
def test_csv_trap(tmp_path, trap):
    content, kept, rejects, truncated = CSV_TRAPS[trap]
    path = write(tmp_path, "dump.csv", content)
    if kept is None:
        with pytest.raises(rejects) as caught:
            one(path)
        assert caught.value.where
        return
    raw = one(path)
    assert raw.comments.num_rows == kept
    assert [(r["row"], r["reason"]) for r in raw.rejects.to_pylist()] == rejects
    assert all(r["raw"] for r in raw.rejects.to_pylist())
    assert raw.truncated == truncated == ("truncated" in codes(raw))
    if truncated:
        with pytest.raises(TruncatedInput):
            one(path, strict=True)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text(st.sampled_from('ab,;"\n\r é\x00=\u2028'), max_size=6)] * 2),
        min_size=1,
        max_size=8,
    )
)
def test_what_python_writes_is_read_back(tmp_path_factory, rows):
    out = io.StringIO(newline="")
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    table.writerows([("author_id", "text"), *rows])
    raw = one(write(tmp_path_factory.mktemp("csv"), "a.csv", out.getvalue()))
    assert list(zip(*(raw.comments[c].to_pylist() for c in ("author_id", "text")), strict=True)) == rows


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('ab,"\n\r é'), max_size=60))
def test_no_garbage_loses_a_row_or_crashes(tmp_path_factory, garbage):
    path = write(tmp_path_factory.mktemp("csv"), "a.csv", "author_id,text\nu0,hello\n" + garbage)
    raw = one(path)
    assert raw.comments["text"][0].as_py() == "hello"
    assert sorted(raw.comments["row"].to_pylist() + raw.rejects["row"].to_pylist()) == list(
        range(1, raw.rows_read + 1)
    )


def test_mostly_utf8_stays_utf8(tmp_path):
    body = (HEADER + "".join(f"p,u{i},2024-03-05T17:00:00Z,déjà goûté à Sète\n" for i in range(50))).encode()
    raw = one(write(tmp_path, "a.csv", body + b"p,u99,2024-03-05T17:00:00Z,caf\xe9\n"))
    assert (raw.encoding, raw.rows_read) == ("utf-8", 51)
    assert raw.comments["text"][0].as_py() == "déjà goûté à Sète"
    assert codes(raw) == ["undecodable"]


def test_map_wins_and_is_checked(tmp_path):
    path = write(tmp_path, "a.csv", "who,author,text,quand\nu1,x,hello,2024-03-05T17:00:00Z\n")
    raw = one(path, map={"author_id": "who", "comment_time": "Quand"})
    assert raw.comments.select(["author_id", "author_name", "comment_time"]).to_pylist() == [
        {"author_id": "u1", "author_name": "x", "comment_time": "2024-03-05T17:00:00Z"}
    ]
    with pytest.raises(UsageError):
        one(path, map={"colour": "who"})
    with pytest.raises(InputError, match="no such column"):
        one(path, map={"author_id": "nobody"})
    with pytest.raises(UsageError):
        one(path, fmt="nothing")


# id -> (file name, content, rows, rejects, truncated)
LINE = '{"user_id":"u1","text":"a","user":{"name":"N"}}\n'
JSON_TRAPS = {
    "lines": (LINE * 3, 3, 0, False),
    "array": ("[" + ",\n".join([LINE] * 3) + "]", 3, 0, False),
    "wrapped": ('{"meta":1,"data":[' + ",".join([LINE] * 3) + "]}", 3, 0, False),
    "bad line": (LINE + "{broken\n" + LINE, 2, 1, False),
    "no object": (LINE + "[1]\n" + LINE, 2, 1, False),
    "cut line": (LINE * 2 + LINE[:20], 2, 1, True),
    "cut array": ("[" + ",".join([LINE] * 3)[:-10], 2, 0, True),
    "cut wrapped array": ('{"data":[' + ",".join([LINE] * 3)[:-10], 2, 0, True),
    "late key": (LINE * 2 + '{"user_id":"u2","text":"b","created_at":"2024-03-05T17:00:00Z"}\n', 3, 0, False),
    "number too long": (LINE + '{"user_id":' + "9" * 5000 + "}\n", 1, 1, False),
    "nested too deep": (
        LINE + '{"user_id":"u2","text":"b","x":' + '{"a":' * 900 + "1" + "}" * 901 + "\n",
        2,
        0,
        False,
    ),
    "BOM": ("\ufeff" + LINE * 2, 2, 0, False),
}


@pytest.mark.parametrize("trap", JSON_TRAPS)
def test_json_trap(tmp_path, trap):
    content, rows, rejects, truncated = JSON_TRAPS[trap]
    path = write(tmp_path, "dump.json", content)
    raw = one(path)
    assert (raw.comments.num_rows, raw.rejects.num_rows, raw.truncated) == (rows, rejects, truncated)
    if truncated:
        with pytest.raises(TruncatedInput):
            one(path, strict=True)


@pytest.mark.parametrize(
    "content", ["{not json at all", "[]", "{}", '{"a":1}'], ids=["broken", "[]", "{}", "no table"]
)
def test_json_that_is_no_dump(tmp_path, content):
    with pytest.raises(InputError) as caught:
        one(write(tmp_path, "dump.json", content))
    assert caught.value.where


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.text(max_size=5),
        lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=3), x, max_size=3),
        max_leaves=12,
    ),
    st.integers(0, 200),
)
def test_a_cut_json_is_mended_or_given_up(value, at):
    text = json.dumps([value, value, "end"])
    mended = mend(text[: min(at, len(text) - 1)])
    assert mended is None or isinstance(mended, list)


def test_nested_json_is_cut_at_a_whole_element(tmp_path):
    whole = (SAMPLES / "graph_api" / "feed.json").read_text()
    raw = one(write(tmp_path, "feed.json", whole[: whole.index("20_3")]))
    assert (raw.rows_read, raw.posts.num_rows, raw.truncated) == (2, 1, True)


def test_youtube_tells_what_is_missing():
    raw = one(SAMPLES / "youtube_threads")
    assert codes(raw) == ["truncated", "missing_replies"]
    assert "2 replies" in raw.notes[1].text
    assert raw.comments["author_id"].to_pylist() == ["UClou", "UCmax", None]
    assert raw.posts["post_author_id"].to_pylist() == ["UCpageinvented"]
    with pytest.raises(TruncatedInput):
        one(SAMPLES / "youtube_threads", strict=True)


@pytest.mark.parametrize("shape", ["list", "lines"])
def test_youtube_pages_in_a_row(tmp_path, shape):
    first = json.loads((SAMPLES / "youtube_threads" / "threads.json").read_text())
    last = json.loads(json.dumps(first).replace('"T', '"S').replace('"nextPageToken"', '"x"'))
    text = (
        json.dumps([first, last]) if shape == "list" else json.dumps(first) + "\n" + json.dumps(last) + "\n"
    )
    raw = one(write(tmp_path, "all.json", text))
    assert (raw.format, raw.rows_read, raw.truncated) == ("youtube_threads", 6, False)


def test_graph_posts_come_with_the_comments():
    raw = one(SAMPLES / "graph_api")
    assert raw.posts.drop_columns(["source", "row"]).to_pylist() == [
        {
            "post_id": "10_20",
            "page_id": "10",
            "post_time": "2024-03-05T17:00:00+0000",
            "post_text": "Nouveau parfum",
            "declared_comments": "9",
            "post_author_id": "10",
        }
    ]
    assert raw.comments["author_id"].to_pylist() == ["u1", "10", None]


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


def test_parquet_oddities(tmp_path):
    table = pa.table(
        {
            "author_id": pa.array(["a", "b"]).dictionary_encode(),
            "text": pa.array(["x", "y"], pa.large_string()),
            "comment_time": pa.array([1, 2], pa.timestamp("ns")),
            "likes": pa.nulls(2),
            "nested": pa.array([[1], [2]]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    raw = one(tmp_path / "a.parquet")
    assert (
        raw.comments.schema.field("author_id").type == raw.comments.schema.field("text").type == pa.string()
    )
    assert "nested" not in raw.comments.column_names


@pytest.mark.corpora
@pytest.mark.parametrize(
    ("name", "rows", "posts"),
    [
        ("tiktok_creators", 334_757, 2_984),
        ("reddit_forums", 497_870, 29_664),
        ("reddit_sponsor", 6_306, 25),
        ("weibo_posts", 237_812, 906),
        ("youtube_2013", 81_449, 96),
    ],
)
def test_real_dump(name, rows, posts):
    for path in (DUMPS / name, DUMPS / name / "comments.parquet"):
        raw = one(path)
        assert (raw.rows_read, raw.posts.num_rows, raw.rejects.num_rows) == (rows, posts, 0)
