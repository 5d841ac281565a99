"""Read a dump larger than memory should have to be: seconds, and the most memory of its own that reading took.

    python benchmarks/read_large.py [--gigabytes 5] [--form csv|ndjson.zst] [--keep FOLDER]

Comments are made up (`dumps.py`) until the file (of ndjson.zst: the table it is made from) is as long; then `fakedetect
inspect` looks at it, and it is read and normalised, each in a process of its own.
Memory of its own is what the system cannot take back while the process runs (RssAnon, Linux), sampled twenty times a
second; what is put aside stands in a file that is mapped, and counts apart.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import dumps
import zstandard

ROOT = Path(__file__).resolve().parent.parent

READ = """import sys, fakedetect
dump = fakedetect.read(sys.argv[1])
sys.stdout.write(f"{dump.comments.num_rows:,} comments, {dump.rejects.num_rows:,} rejects\\n")"""
BYTES_PER_COMMENT = 166
"""Of CSV."""
AS_REDDIT = """copy (select comment_id as id, 't3_' || post_id as link_id, 't3_' || post_id as parent_id,
    author_id as author,
    epoch(comment_time::timestamp)::bigint as created_utc, text as body, likes::int as score, 'sub' as subreddit
    from read_csv('{source}', header = true, all_varchar = true)) to '{target}' (format json)"""


def large(folder: Path, n_bytes: float, form: str) -> Path:
    """Write the dump; gives its path."""
    path = dumps.generate(folder, int(n_bytes / BYTES_PER_COMMENT)).comments
    if form == "csv":
        return path
    plain, packed = folder / "large.ndjson", folder / "large.ndjson.zst"
    duckdb.sql(AS_REDDIT.format(source=path, target=plain))
    with plain.open("rb") as text, packed.open("wb") as file:
        zstandard.ZstdCompressor(level=3).copy_stream(text, file)
    for spent in (path, plain):
        spent.unlink()
    return packed


def measured(name: str, command: list[str]) -> None:
    """Run a command to its end and say what it took. Exits where it fails."""
    begin, own, mapped = time.perf_counter(), 0, 0
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL if name == "inspect" else None)
    while child.poll() is None:
        try:
            lines = Path(f"/proc/{child.pid}/status").read_text("ascii").splitlines()
        except ProcessLookupError:
            break
        told = dict(line.split(":", 1) for line in lines)
        own = max(own, int(told.get("RssAnon", "0").split()[0]))
        mapped = max(mapped, int(told.get("RssFile", "0").split()[0]))
        time.sleep(0.05)
    if child.wait():
        sys.exit(f"failed with {child.returncode}: {' '.join(command)}")
    sys.stdout.write(f"{name}: {time.perf_counter() - begin:.1f} s, {own / 1e6:.2f} GB of its own, "
                     f"{mapped / 1e6:.2f} GB mapped\n")
    sys.stdout.flush()


def run(folder: Path, gigabytes: float, form: str) -> None:
    """Write, read and look, and say what each took."""
    dump = large(folder, gigabytes * 1e9, form)
    sys.stdout.write(f"{dump.stat().st_size / 1e9:.2f} GB of {form}\n")
    sys.stdout.flush()
    measured("inspect", [sys.executable, "-m", "fakedetect.cli", "inspect", str(dump), "--json"])
    measured("read", [sys.executable, "-c", READ, str(dump)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=5.0)
    parser.add_argument("--form", choices=("csv", "ndjson.zst"), default="csv")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    if given.keep is not None:
        given.keep.mkdir(parents=True, exist_ok=True)
        run(given.keep, given.gigabytes, given.form)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), given.gigabytes, given.form)


if __name__ == "__main__":
    main()
