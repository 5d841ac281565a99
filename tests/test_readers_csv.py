"""Reading CSV: delimiters, encodings, every trap of real exports, and that no row is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_files import HEADER, ROWS, codes, one, write

from fakedetect.errors import InputError, OwnerOnlyExport, PostsOnlyFile, TruncatedInput, UsageError


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
