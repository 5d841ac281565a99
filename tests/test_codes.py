"""Columns as whole numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakedetect.codes import codes, distinct, sorted_codes

CHUNKS = st.lists(st.lists(st.none() | st.sampled_from(["", "a", "é", "b", "\U0001f600", "A"]), max_size=6), max_size=4)


@given(CHUNKS)
@settings(deadline=None)
def test_codes_stand_for_the_values(chunks: list[list[str | None]]) -> None:
    column = pa.chunked_array(chunks, pa.string())
    rows = [value for chunk in chunks for value in chunk]
    for number, in_order in ((codes, False), (sorted_codes, True)):
        at, values = number(column)
        assert at.dtype == np.int64
        assert [None if k < 0 else values[k].as_py() for k in at.tolist()] == rows
        seen = list(dict.fromkeys(v for v in rows if v is not None))
        assert values.to_pylist() == (sorted(seen, key=lambda v: v.encode()) if in_order else seen)


@pytest.mark.parametrize("keys", [[], [3], [2, 2, 2], [5, -1, 5, 0, -1, 7]])
def test_distinct_is_what_numpy_says(keys: list[int]) -> None:
    found = distinct(np.array(keys, np.int64))
    for mine, theirs in zip(found, np.unique(np.array(keys, np.int64), return_counts=True), strict=True):
        assert mine.tolist() == theirs.tolist()
