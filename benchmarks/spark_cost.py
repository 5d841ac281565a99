"""The same audit by DuckDB and by Spark: seconds, CPU, and whether their tables are equal.

    python benchmarks/spark_cost.py [--comments 1000000] [--engine spark] [--memory 4GB]

The dump is that of `dumps.py`. `--engine spark://host:port` asks a cluster; its CPU is not counted then.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from dumps import generate
from scale import child

TABLES = ("accounts", "comments", "posts", "groups", "edges")


def differing(a: pa.Table, b: pa.Table) -> list[str]:
    """Columns that are not equal; floats are where they differ by more than a relative 1e-9."""
    out = []
    for name in a.column_names:
        one, two = a[name].combine_chunks(), b[name].combine_chunks()
        if pa.types.is_floating(one.type):
            x, y = (column.to_numpy(zero_copy_only=False) for column in (one, two))
            equal = np.allclose(x, y, rtol=1e-9, atol=0, equal_nan=True)
        else:
            equal = one.equals(two)
        if not equal:
            out.append(name)
    return out


def run(folder: Path, n: int, engine: str, memory: str) -> None:
    """Generate, warm up, audit twice, compare."""
    dump = generate(folder, n).comments
    begin = [sys.executable, "-m", "fakedetect.cli", "audit"]
    child([*begin, "sample", "--out", str(folder / "warm"), "-q"])
    for name in ("duckdb", engine):
        words = ["--out", str(folder / name.partition(":")[0]), "--engine", name, "--memory", memory, "-q"]
        took = child([*begin, str(dump), *words])[1]
        sys.stdout.write(f"{name:<8} {took['seconds']:8.1f} s  {took['cpu_s']:8.1f} s of CPU  "
                         f"{took['peak_gb']:5.2f} GB (largest process)\n")
        sys.stdout.flush()
    for table in TABLES:
        here, far = (pq.read_table(folder / e / f"{table}.parquet") for e in ("duckdb", engine.partition(":")[0]))
        wrong = differing(here, far) if here.num_rows == far.num_rows else ["the number of rows"]
        told = f"differ in {', '.join(wrong)}" if wrong else "equal"
        sys.stdout.write(f"{table}: {here.num_rows:,} rows, {told}\n")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--engine", default="spark")
    parser.add_argument("--memory", default="4GB")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fakedetect-benchmark-") as folder:
        run(Path(folder), given.comments, given.engine, given.memory)


if __name__ == "__main__":
    main()
