"""Audit one million made-up comments: seconds, peak memory, and the ratio to a bare scan of the same file.

    python benchmarks/audit_1m.py [--comments 1000000] [--model DIR] [--keep FOLDER]

The dump is generated into a temporary folder: some 145,000 accounts that comment (over a third of them once, the
busiest two thousand times) under 5,000 posts of log-normal size, log-normal delays, words by Zipf's law in several
scripts, emoji, and one ring of 13 on 60 of the posts. Audit and scan run each in a process of its own, and their time
and peak memory are the operating system's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
N_AUTHORS, N_POSTS, N_RING, N_RING_POSTS = 300_000, 5_000, 13, 60
START_US = 1_700_000_000_000_000
ALPHABETS = ("aeioubcdfglmnprstvz", "аеиоубвгдклмнпрст", "αειουβγδκλμνπρσ", "的一是不了人我在有他这中大来上",
             "กขคงจชดตนปมยรลวสหอ", "ابتجدرسعفكلمنهوي")
SCRIPT_SHARE = (0.7, 0.1, 0.04, 0.08, 0.04, 0.04)
EMOJI = ("😂", "❤️", "🔥", "👏", "😍", "👍", "🙏", "🍋")
SCAN = "import duckdb, sys; sys.stdout.write(str(duckdb.sql(sys.argv[1]).fetchall()) + '\\n')"


def zipf(rng: np.random.Generator, n_kinds: int, exponent: float, size: int) -> np.ndarray:
    """Draws of 0 .. n_kinds - 1 with chances falling as rank ** -exponent: shape (size,)."""
    return drawn_by(rng, np.arange(1, n_kinds + 1, dtype=np.float64) ** -exponent, size)


def drawn_by(rng: np.random.Generator, weight: np.ndarray, size: int) -> np.ndarray:
    """Draws of row numbers with chances as `weight`: shape (size,)."""
    return np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(size)).clip(0, len(weight) - 1)


def vocabulary(rng: np.random.Generator, alphabet: str, n_words: int = 20_000) -> np.ndarray:
    """Made-up words of 2 to 10 letters."""
    letters = np.array(list(alphabet))
    return np.array(["".join(letters[rng.integers(0, len(letters), n)]) for n in rng.integers(2, 11, n_words)], object)


def texts(rng: np.random.Generator, n: int) -> pa.Array:
    """Texts of a script each: a log-normal number of words by Zipf's law, one in five with emoji, some with signs."""
    out = np.empty(n, object)
    script = rng.choice(len(ALPHABETS), n, p=SCRIPT_SHARE)
    for s, alphabet in enumerate(ALPHABETS):
        words = vocabulary(rng, alphabet)
        rows = np.flatnonzero(script == s)
        count = np.clip(np.exp(rng.normal(1.9, 0.9, len(rows))), 1, 120).astype(np.int64)
        drawn = words[zipf(rng, len(words), 1.05, int(count.sum()))]
        ends = np.cumsum(count)
        for row, start, end in zip(rows.tolist(), (ends - count).tolist(), ends.tolist(), strict=True):
            out[row] = " ".join(drawn[start:end])
    for row in np.flatnonzero(rng.random(n) < 0.2).tolist():
        out[row] += " " + EMOJI[row % len(EMOJI)] * (1 + row % 3)
    for row in np.flatnonzero(rng.random(n) < 0.02).tolist():
        out[row] += ' "très bien", merci\n!!!'  # what CSV has to quote
    return pa.array(out, pa.string())


def generate(folder: Path, n: int, seed: int = 1) -> tuple[Path, list[str]]:
    """Write comments.csv and posts.csv; returns the first, and the ids of the ring."""
    rng = np.random.default_rng(seed)
    posted = START_US + np.sort(rng.integers(0, 700 * 86400, N_POSTS)) * 1_000_000
    author = drawn_by(rng, np.exp(rng.normal(0.0, 1.9, N_AUTHORS)), n)
    size = np.exp(rng.normal(0.0, 1.3, N_POSTS))
    post = drawn_by(rng, size, n)
    delay_s = np.exp(rng.normal(9.2, 2.0, n)).clip(5, 200 * 86400)

    # The ring: accounts like any other, half a minute apart, under posts of middling size.
    worked = rng.choice(np.argsort(size)[N_POSTS // 2:], N_RING_POSTS, replace=False)
    ring = rng.choice(N_AUTHORS, N_RING, replace=False)
    ring_rows = rng.choice(n, len(worked) * N_RING, replace=False)
    post[ring_rows] = np.repeat(worked, N_RING)
    author[ring_rows] = np.tile(ring, len(worked))
    steps = rng.exponential(30.0, (len(worked), N_RING)).cumsum(axis=1)
    delay_s[ring_rows] = (rng.uniform(120, 600, (len(worked), 1)) + rng.permuted(steps, axis=1)).ravel()

    when = pa.array((posted[post] + (delay_s * 1e6).astype(np.int64)) // 1_000_000, pa.timestamp("s"))
    comments = pa.table({
        "comment_id": pc.binary_join_element_wise("c", pa.array(np.arange(n)).cast(pa.string()), ""),
        "post_id": pc.binary_join_element_wise("p", pa.array(post).cast(pa.string()), ""),
        "author_id": pc.binary_join_element_wise("a", pa.array(author).cast(pa.string()), ""),
        "author_name": pc.binary_join_element_wise("name ", pa.array(author).cast(pa.string()), ""),
        "comment_time": pc.strftime(when, "%Y-%m-%dT%H:%M:%SZ"),
        "text": texts(rng, n),
        "likes": rng.poisson(0.7, n),
    })
    posts = pa.table({
        "post_id": [f"p{i}" for i in range(N_POSTS)],
        "post_time": pc.strftime(pa.array(posted // 1_000_000, pa.timestamp("s")), "%Y-%m-%dT%H:%M:%SZ"),
        "post_text": [f"post {i}" for i in range(N_POSTS)],
    })
    pyarrow.csv.write_csv(comments, folder / "comments.csv")
    pyarrow.csv.write_csv(posts, folder / "posts.csv")
    return folder / "comments.csv", [f"a{i}" for i in ring.tolist()]


def measured(command: list[str]) -> tuple[float, float, float]:
    """Run a command to its end: (wall seconds, CPU seconds, peak resident memory in GB). Exits where it fails."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"failed with {child.returncode}: {' '.join(command)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e9


def run(folder: Path, n: int, model: str | None) -> None:
    """Generate, warm up, scan, audit, and write the figures to standard output."""
    say = sys.stdout.write
    dump, ring = generate(folder, n)
    say(f"{n:,} comments, {dump.stat().st_size / 1e6:,.0f} MB\n")
    out = folder / "audit"
    extra = ["--model", model] if model else []
    begin = [sys.executable, "-m", "fakedetect.cli", "audit"]
    # Once on the sample, so that compiling kernels (kept on disk afterwards) is not in the figures.
    measured([*begin, "sample", "--out", str(folder / "warm"), "-q", *extra])
    sys.stdout.flush()
    query = f"select count(*), max(len(text)) from read_csv('{dump}', header = true, all_varchar = true)"
    scan = measured([sys.executable, "-c", SCAN, query])
    audit = measured([*begin, str(dump), "--out", str(out), "-q", *extra])
    found = pq.read_table(out / "accounts.parquet", columns=["author_id", "verdict"])
    named = {verdict: set(found.filter(pc.equal(found["verdict"], verdict))["author_id"].to_pylist())
             for verdict in ("suspect", "review")}
    for name, (seconds, cpu_s, peak_gb) in {"scan": scan, "audit": audit}.items():
        say(f"{name:<6} {seconds:7.1f} s  {cpu_s:7.1f} s of CPU  {peak_gb:5.2f} GB\n")
    say(f"ratio  {audit[0] / scan[0]:7.0f}\n")
    gate = json.loads((out / "summary.json").read_text("utf-8"))["page_gate"]
    say(f"page gate: {json.dumps(gate)}\n")
    for verdict, who in named.items():
        say(f"{verdict}: {len(who & set(ring))} of the ring's {len(ring)}, {len(who - set(ring))} others\n")


def main() -> None:
    """Read the arguments; keep the generated folder where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--model", help="model directory (default: the shipped one)")
    parser.add_argument("--keep", type=Path, help="generate into this folder and leave it there")
    given = parser.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        run(given.keep, given.comments, given.model)
    else:
        with tempfile.TemporaryDirectory(prefix="fakedetect-benchmark-") as folder:
            run(Path(folder), given.comments, given.model)


if __name__ == "__main__":
    main()
