"""Formats: a sample of each, invented, is recognised by its content and read whole into canonical tables.

Beside the folder of a sample stands what it must give, `<format>.json`: the comments as `normalise` has them (empty
fields left out), and posts, accounts, rejects, notes and zone where there are any; or `refused`, the error's name.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from make_files import SAMPLES

from fakedetect import errors, readers
from fakedetect.normalise import normalise
from fakedetect.schema import ACCOUNTS, COMMENTS, POSTS

NAMES = [r.name for r in readers.FORMATS]


def rows(table: pa.Table, names: list[str]) -> list[dict[str, Any]]:
    """Rows with known values only (names: of these columns, all if there are none); times in ISO 8601."""
    return [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items() if v is not None}
            for row in (table.select(names) if names else table).to_pylist()]


def posts_of(name: str) -> list[dict[str, Any]]:
    """Posts as they stand in the files of a sample that holds no comments: times as written."""
    reader = next(r for r in readers.FORMATS if r.name == name)
    out = []
    for path in sorted((SAMPLES / name).iterdir()):
        raw = reader.read(readers.Source(path.name, path), readers.ReadOptions())
        assert raw.posts is not None and raw.rows_read == 0
        out += rows(raw.posts.drop_columns(["source", "row"]), [])
    return out


def given(name: str) -> dict[str, Any]:
    """What reading the sample gives, in the words of its `.json`."""
    try:
        [raw] = readers.read([SAMPLES / name])
    except errors.PostsOnlyFile:
        return {"refused": "PostsOnlyFile", "posts": posts_of(name)}
    except errors.InputError as error:
        return {"refused": type(error).__name__}
    dump = normalise([raw])
    out: dict[str, Any] = {"format": raw.format, "comments": rows(dump.comments, COMMENTS.names)}
    told = {
        "posts": rows(dump.posts, POSTS.names),
        "accounts": rows(dump.accounts, ACCOUNTS.names),
        "rejects": [r["reason"] for r in dump.rejects.to_pylist()],
        "notes": sorted({n.code for n in dump.notes}),
        "truncated": dump.truncated,
    }
    return out | {k: v for k, v in told.items() if v}


def test_every_format_has_a_sample_and_says_what_it_gives() -> None:
    assert {p.name for p in SAMPLES.iterdir() if p.is_dir()} == set(NAMES)
    assert {p.stem for p in SAMPLES.glob("*.json")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_what_stands_beside_it(name: str) -> None:
    told = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    assert given(name) == told
    assert told.get("refused") or len(told["comments"]) + len(told.get("posts", ())) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_recognised_by_its_content_alone(name: str, tmp_path: Path) -> None:
    """Whatever the files are called, the same format recognises them, and no other as well."""
    best = set()
    for k, path in enumerate(sorted((SAMPLES / name).iterdir())):
        renamed = tmp_path / f"f{k}.dat"
        renamed.write_bytes(path.read_bytes())
        for source in readers.unpack(renamed, renamed.name, tmp_path):
            scores = sorted(((r.sniff(readers.Head.of(source)), r.name) for r in readers.FORMATS), reverse=True)
            assert scores[0][0] > scores[1][0], f"{scores[:2]} tie on {path.name}"
            best.add(scores[0][1])
    assert name in best
