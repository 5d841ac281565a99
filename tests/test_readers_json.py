"""Reading JSON: its shapes, cut and broken files, and the exports of YouTube and of the Graph API."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_files import SAMPLES, codes, one, write

from fakedetect.errors import InputError, TruncatedInput
from fakedetect.readers import jsonwalk
from fakedetect.readers.jsonwalk import JsonFile, mend
from fakedetect.readers.source import Source

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
        lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=5), x, max_size=3),
        max_leaves=12,
    ),
    st.integers(0, 200),
)
def test_a_cut_json_is_mended_or_given_up(value, at):
    """Whole elements before the cut are kept, nothing is made up, and only a cut before the first is given up."""
    text = json.dumps([value, value, "end"])
    cut = text[: min(at, len(text) - 1)]
    first = len(json.dumps([value]))  # with the comma behind it
    whole = (len(cut) >= first) + (len(cut) >= 2 * first)
    mended = mend(cut)
    if mended is None:
        assert whole == 0
    else:
        assert mended[:whole] == [value] * whole
        made = json.dumps(mended)
        assert any(cut.startswith(made[:k]) and not made[k:].strip("]}") for k in range(len(made) + 1)), made


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


def test_a_key_that_is_no_text_stands_for_its_column(tmp_path):
    raw = one(write(tmp_path, "a.jsonl", '{"auth\\ud800or": "ann", "text": "hello", "\\ud800": 1}\n{"text": "b"}\n'))
    assert raw.comments["text"].to_pylist() == ["hello", "b"]
    assert raw.comments["author_name"].to_pylist() == ["ann", None]


def test_a_rejected_value_that_is_no_text_is_kept_as_far_as_it_is(tmp_path):
    raw = one(write(tmp_path, "a.jsonl", '{"author": "ann", "text": "hello"}\n"\\ud800x"\n'))
    assert raw.rejects["raw"].to_pylist() == ["?x"]


@pytest.mark.parametrize("rows", [[{"post_id": "p", "author_id": f"u{i}", "text": f"t {i}, ok"} for i in range(4)]])
def test_an_array_cut_anywhere_gives_its_whole_rows(tmp_path, monkeypatch, rows):
    """Also where it is read in small pieces, and where the cut stands right behind a row."""
    text = json.dumps(rows)
    ends = [text.index(json.dumps(row)) + len(json.dumps(row)) for row in rows]
    for piece in (1 << 24, 40, 7):
        monkeypatch.setattr(jsonwalk, "PIECE", piece)
        for at in range(ends[0], len(text)):
            raw = one(write(tmp_path, "a.json", text[:at]))
            whole = [r["text"] for r, end in zip(rows, ends, strict=True) if end <= at]
            assert raw.comments["text"].to_pylist() == whole
            assert raw.truncated


def test_a_fault_is_told_by_its_place_in_the_file(tmp_path, monkeypatch):
    text = '[{"author_id": "a", "text": "x"}, {"author_id": "b" oops}, {"author_id": "c", "text": "y"}]'
    told = set()
    for piece in (1 << 24, 16, 5):
        monkeypatch.setattr(jsonwalk, "PIECE", piece)
        with pytest.raises(InputError) as caught:
            one(write(tmp_path, "a.json", text))
        told.add(str(caught.value))
    assert len(told) == 1
    assert f"character {text.index('oops') + 1}" in told.pop()


def test_numbers_at_the_border_of_what_is_held(tmp_path, monkeypatch):
    for piece in range(1, 12):
        monkeypatch.setattr(jsonwalk, "PIECE", piece)
        source = Source("n.json", write(tmp_path, "n.json", "[1.5, 12e3, -7, 123456]"))
        assert [v.value for v in JsonFile(source)] == [1.5, 12000.0, -7, 123456]


def test_keys_that_are_the_same_flattened(tmp_path):
    lines = '{"post_id":"p","text":"x","author":{"id":"a1"},"author.id":"b0"}\n{"post_id":"p","text":"y"}\n'
    raw = one(write(tmp_path, "a.jsonl", lines), map={"author_id": "author.id"})
    assert raw.comments["author_id"].to_pylist() == ["a1", None]
