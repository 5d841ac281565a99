"""Who commented within a minute of whom: the co-reply network of coordination-network-toolkit, edge for edge, and
beside it the toolkit itself and the ring stage of an audit, on the same rows in the same run.

    python benchmarks/co_reply.py FOLDER --comments 1000000 [--toolkit PYTHON] [--edges FILE]

An edge (a, b) weighs as many comments of a as have a comment of b on the same post at most WINDOW_S seconds away; kept
from MIN_WEIGHT on. FOLDER keeps the dump, which is one without a burst: 100,000 comments in an hour alone make some 300
million edges. PYTHON is the interpreter of an environment with `pip install coordination-network-toolkit`. --edges
writes ours as CSV, heaviest first.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dumps
import numba
import numpy as np
import pyarrow as pa
from scale import child

from fakedetect import pipeline
from fakedetect.codes import sorted_codes
from fakedetect.output import cell

WINDOW_S, MIN_WEIGHT = 60, 2
PARTS = 16
TOOLKIT = """
import contextlib, sys
from coordination_network_toolkit.compute_networks import compute_co_reply_network
from coordination_network_toolkit.preprocess import preprocess_csv_files
with contextlib.redirect_stdout(sys.stderr):
    preprocess_csv_files(sys.argv[1], [sys.argv[2]])
    compute_co_reply_network(sys.argv[1], int(sys.argv[3]), min_edge_weight=int(sys.argv[4]), n_threads=2)
"""
COLUMNS = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")


@numba.njit(cache=True, nogil=True)
def _edges(starts, rows, account, post, t, window, least, first, last):  # type: ignore[no-untyped-def]
    """Edges (a, b, weight) of the accounts first .. last - 1. account, post, t: in order of (post, t); rows: places
    there by account, delimited by starts."""
    n_accounts = len(starts) - 1
    count, seen = np.zeros(n_accounts, np.int64), np.full(n_accounts, -1)
    touched = np.empty(n_accounts, np.int64)
    out = np.empty((1024, 3), np.int64)
    n = 0
    for a in range(first, last):
        n_touched = 0
        if starts[a + 1] - starts[a] < least:  # as the toolkit does: too few comments for any edge from here
            continue
        for e in range(starts[a], starts[a + 1]):
            i = rows[e]
            for step in (-1, 1):
                j = i if step == 1 else i - 1
                while 0 <= j < len(t) and post[j] == post[i] and abs(t[j] - t[i]) <= window:
                    b = account[j]
                    if seen[b] != i:
                        seen[b] = i
                        if count[b] == 0:
                            touched[n_touched] = b
                            n_touched += 1
                        count[b] += 1
                    j += step
        for k in range(n_touched):
            b = touched[k]
            if count[b] >= least:
                if n == len(out):
                    out = np.concatenate((out, np.empty_like(out)))
                out[n] = a, b, count[b]
                n += 1
            count[b] = 0
    return out[:n].copy()


def co_replies(comments: pa.Table, window_s: int = WINDOW_S, least: int = MIN_WEIGHT) -> tuple[list[str], np.ndarray]:
    """Accounts, and edges (a, b, weight) by their places there: int64 of shape (n, 3), a before b, with loops."""
    known = comments.select(["author_id", "post_id", "comment_time"]).drop_null()
    author, signed = sorted_codes(known["author_id"])
    names, post = signed.to_pylist(), sorted_codes(known["post_id"])[0]
    t = known["comment_time"].cast(pa.int64()).to_numpy() // 1_000_000
    order = np.lexsort((t, post))
    author, post, t = author[order], post[order], t[order]
    rows = np.argsort(author, kind="stable")
    starts = np.searchsorted(author[rows], np.arange(len(names) + 1))
    cuts = starts.searchsorted(np.linspace(0, len(rows), PARTS + 1).astype(np.int64))
    cuts[-1] = len(names)
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(lambda k: _edges(starts, rows, author, post, t, window_s, least, cuts[k], cuts[k + 1]),
                         range(PARTS))
        return names, np.concatenate(list(parts))


def by_toolkit(comments: pa.Table, names: list[str], folder: Path, python: str) -> tuple[dict[str, float], np.ndarray]:
    """What it took, from a file of its own format to its edges, and these as `co_replies` gives them, in its order."""
    rows, database = folder / "toolkit.csv", folder / "toolkit.sqlite"
    database.unlink(missing_ok=True)
    with rows.open("w", newline="", encoding="utf-8") as file:
        to = csv.writer(file)
        to.writerow(COLUMNS)
        for batch in comments.select(["author_id", "post_id", "comment_time"]).to_batches(1 << 16):
            for k, (author, post, when) in enumerate(zip(*(c.to_pylist() for c in batch.columns), strict=True)):
                to.writerow((f"{id(batch)}-{k}", author, author, "", post, "", int(when.timestamp()), ""))
    took = child([python, "-c", TOOLKIT, str(database), str(rows), str(WINDOW_S), str(MIN_WEIGHT)])[1]
    return took, edges_in(database, names)


def edges_in(database: Path, names: list[str]) -> np.ndarray:
    """The edges that the toolkit left, by the places of accounts in names, sorted: int64 of shape (n, 3)."""
    place = {name: k for k, name in enumerate(names)}
    pieces = [np.empty((0, 3), np.int64)]
    with sqlite3.connect(database) as found:
        rows = found.execute("select user_1, user_2, weight from co_reply_network")
        while some := rows.fetchmany(100_000):
            pieces.append(np.array([(place[a], place[b], weight) for a, b, weight in some], np.int64))
    return in_order(np.concatenate(pieces))


def in_order(edges: np.ndarray) -> np.ndarray:
    """Edges by their accounts."""
    return np.asarray(edges[np.lexsort((edges[:, 1], edges[:, 0]))])


def run(folder: Path, n: int, python: str | None, edges_file: Path | None) -> dict[str, Any]:
    """Make the dump, and time the three."""
    dump = folder / "comments.csv"
    if not dump.exists():
        dumps.generate(folder, n, burst=False)
    read = pipeline.read(dump)
    comments = read.comments
    found: dict[str, Any] = {"comments": comments.num_rows}
    co_replies(comments.slice(0, 1000))  # compiles
    begin = time.perf_counter()
    names, edges = co_replies(comments)
    found |= {"edges": len(edges), "edges_s": time.perf_counter() - begin}
    if edges_file is not None:
        with edges_file.open("w", newline="", encoding="utf-8") as file:
            to = csv.writer(file)
            to.writerow(("a", "b", "weight"))
            for a, b, weight in edges[np.lexsort((edges[:, 1], edges[:, 0], -edges[:, 2]))].tolist():
                to.writerow((cell(names[a]), cell(names[b]), weight))
    reached: dict[str, float] = {}

    def progress(stage: str, done: int, total: int) -> None:
        reached.setdefault(stage, time.perf_counter())

    pipeline.evidence(read, pipeline.Options(), progress, power=False)
    found["rings_s"] = reached["features"] - reached["pairs"]
    if python is not None:
        took, theirs = by_toolkit(comments, names, folder, python)
        found |= {"toolkit_s": took["seconds"], "toolkit_edges": len(theirs),
                  "equal": np.array_equal(in_order(edges), theirs)}
    return found


def main() -> None:
    """Read the arguments, measure, and say what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--toolkit", metavar="PYTHON")
    parser.add_argument("--edges", type=Path, metavar="FILE")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(json.dumps(run(given.folder, given.comments, given.toolkit, given.edges), indent=1) + "\n")


if __name__ == "__main__":
    main()
