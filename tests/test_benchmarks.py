"""The benchmarks' own arithmetic: what is made, what the speed guard calls dearer, and the co-reply network."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.insert(0, str(FOLDER))

import co_reply  # noqa: E402
import dumps  # noqa: E402
import guard  # noqa: E402


def test_the_same_dump_in_two_forms(tmp_path: Path) -> None:
    tables = []
    for form in ("csv", "parquet"):
        (tmp_path / form).mkdir()
        made = dumps.generate(tmp_path / form, 20_000, form=form)
        assert len(made.ring) == dumps.N_RING
        tables.append(pq.read_table(made.comments) if form == "parquet" else pyarrow.csv.read_csv(
            made.comments, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(column_types={"comment_time": pa.string()})))
    assert tables[0].equals(tables[1].cast(tables[0].schema))
    counts = np.array(tables[0]["author_id"].value_counts().field("counts"))
    assert (counts == 1).mean() > 0.3 and counts.max() > 100, "heavy-tailed"


def test_a_stage_that_costs_half_as_much_again_is_dearer() -> None:
    then = {"read": 10.0, "pairs": 6.0, "null": 50.0, "tiny": 0.01}
    now = {"read": 9.9, "pairs": 9.1, "null": 49.0, "tiny": 7.0}
    assert guard.dearer(now, then) == ["pairs"]
    assert guard.dearer(now | {"pairs": 8.9, "new": 8.0}, then) == ["new"], "a stage that nobody weighed stands out"
    assert guard.dearer({"read": 16.0, "pairs": 9.6, "null": 80.0}, then) == [], "all are dearer: it is the machine"
    assert guard.dearer({"read": 16.0, "pairs": 9.6, "null": 125.0}, then) == ["null"]


def test_co_reply_edges_are_those_of_the_definition() -> None:
    rng = np.random.default_rng(4)
    n = 400
    author, post, t = rng.integers(0, 12, n), rng.integers(0, 9, n), rng.integers(0, 1500, n)
    comments = pa.table({"author_id": [f"a{k:02d}" for k in author], "post_id": [f"p{k}" for k in post],
                         "comment_time": pa.array(t * 1_000_000).cast(pa.timestamp("us", "UTC"))})
    names, edges = co_reply.co_replies(comments)
    met: dict[tuple[int, int], set[int]] = {(a, a): set(np.flatnonzero(author == a).tolist()) for a in range(12)}
    for i, j in combinations(range(n), 2):
        if post[i] == post[j] and abs(t[i] - t[j]) <= co_reply.WINDOW_S:
            met.setdefault((author[i], author[j]), set()).add(i)
            met.setdefault((author[j], author[i]), set()).add(j)
    expected = {(f"a{a:02d}", f"a{b:02d}", len(rows)) for (a, b), rows in met.items()
                if len(rows) >= co_reply.MIN_WEIGHT}
    assert {(names[a], names[b], w) for a, b, w in edges.tolist()} == expected


@pytest.mark.parametrize("name", ["dumps", "scale", "guard", "co_reply", "read_large", "spark_cost",
                                  "account_features"])
def test_each_says_what_it_does(name: str) -> None:
    said = subprocess.run([sys.executable, str(FOLDER / f"{name}.py"), "--help"], capture_output=True, text=True,
                          check=True)
    assert said.stdout.startswith("usage:")
