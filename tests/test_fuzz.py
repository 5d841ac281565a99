"""A short run of tests/fuzz_readers.py; the long one is made by hand (docs/measured.md)."""

from __future__ import annotations

import json
from pathlib import Path

import fuzz_readers
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fakedetect import readers
from fakedetect.errors import InputError
from fakedetect.readers.facebook import node


def test_mutated_exports_are_read_or_refused() -> None:
    findings, outcomes, _ = fuzz_readers.run(range(600))
    assert findings == []
    assert outcomes["read"] > 100 and outcomes["InputError"] > 20 and len(outcomes) >= 4


def test_what_the_long_run_found(tmp_path: Path) -> None:
    """An id that is an object, an id of Facebook's graph with a foreign letter, a Parquet page that is no UTF-8."""
    thread = {"snippet": {"videoId": {"a": 1}, "channelId": "UC1", "topLevelComment": {
        "id": "T1", "snippet": {"videoId": {"a": 1}, "channelId": "UC1", "textOriginal": "hello"}}}}
    (tmp_path / "threads.json").write_text(json.dumps({"items": [thread]}))
    [raw] = readers.read([tmp_path / "threads.json"])
    assert raw.comments["post_id"].to_pylist() == [None] and raw.rows_read == 1
    assert node("Y29tbWVudDé") == (None, None)
    table = pa.table({"author_id": ["u1", "u2"], "text": ["abcdefgh", "ijklmnop"]})
    pq.write_table(table, tmp_path / "a.parquet", compression="none", use_dictionary=False)
    data = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(data.replace(b"abcdefgh", b"abc\xff\xfefgh"))
    with pytest.raises(InputError, match="damaged"):
        readers.read([tmp_path / "a.parquet"])
