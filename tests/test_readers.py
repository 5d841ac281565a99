"""Readers: a sample of every format, Parquet, and real dumps whole."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from make_files import one

from fakedetect import readers

DUMPS = Path(__file__).parents[2] / "shared" / "data" / "dumps"

def test_formats_lists_the_registry():
    assert [f["name"] for f in readers.formats()] == [r.name for r in readers.FORMATS]
    assert all(f["gives"] and f["label"].fr for f in readers.formats())


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
