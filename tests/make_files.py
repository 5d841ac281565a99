"""Small dumps written to disk and read back, for tests of the readers; no row may be lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fakedetect import readers
from fakedetect.readers import ReadOptions
from fakedetect.schema import Raw

SAMPLES = Path(__file__).parent / "samples"
HEADER = "post_id,author_id,comment_time,text\n"
ROWS = [f"p1,u{i},2024-03-05T17:00:{i:02d}Z,text {i}\n" for i in range(6)]


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


def put_odd_values(data: st.DataObject, found: Any, odd: st.SearchStrategy[Any]) -> None:
    """Replace one to four values of a JSON document, at any depth, by odd ones."""
    for _ in range(data.draw(st.integers(1, 4))):
        inner: Any = found
        while isinstance(inner, list | dict) and inner:
            key = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
            if not isinstance(inner[key], list | dict) or not inner[key] or data.draw(st.integers(0, 4)) == 0:
                inner[key] = data.draw(odd)
                break
            inner = inner[key]
