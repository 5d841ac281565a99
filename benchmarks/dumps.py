"""Made-up dumps of any size: heavy-tailed posts and authors, log-normal delays, Zipf's words in several scripts.

    python benchmarks/dumps.py --comments 10000000 --form csv FOLDER

Per million comments some 150,000 accounts that comment (over a third of them once, the busiest two thousand times) and
5,000 posts of log-normal size; a post with 100,000 comments in its first hour, where there are a million or more; one
ring of 13 accounts, half a minute apart, on 60 posts of middling size. Memory does not grow with the dump: rows are
drawn, in no order, and written a million at a time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

AUTHORS_PER_MILLION, POSTS_PER_MILLION = 300_000, 5_000
N_RING, N_RING_POSTS = 13, 60
N_BURST, BURST_FROM = 100_000, 1_000_000
"""Comments of the burst, and comments in all from which on there is one."""
CHUNK = 1_000_000
START_US = 1_700_000_000_000_000
ALPHABETS = ("aeioubcdfglmnprstvz", "аеиоубвгдклмнпрст", "αειουβγδκλμνπρσ", "的一是不了人我在有他这中大来上",
             "กขคงจชดตนปมยรลวสหอ", "ابتجدرسعفكلمنهوي")
SCRIPT_SHARE = (0.7, 0.1, 0.04, 0.08, 0.04, 0.04)
EMOJI = ("😂", "❤️", "🔥", "👏", "😍", "👍", "🙏", "🍋")
QUOTED = ' "très bien", merci\n!!!'
"""What CSV has to quote."""


@dataclass(frozen=True)
class Made:
    """What was written: the files, and the ids of the ring."""

    comments: Path
    posts: Path
    ring: list[str]


def drawn_by(rng: np.random.Generator, cumulative: np.ndarray, size: int) -> np.ndarray:
    """Draws of row numbers with chances whose running sum is `cumulative`: shape (size,)."""
    return np.searchsorted(cumulative, rng.random(size) * cumulative[-1]).clip(0, len(cumulative) - 1)


def vocabularies(rng: np.random.Generator, n_words: int = 20_000) -> list[pa.Array]:
    """Made-up words of 2 to 10 letters, one array per script."""
    out = []
    for alphabet in ALPHABETS:
        letters = np.array(list(alphabet))
        out.append(pa.array(["".join(letters[rng.integers(0, len(letters), n)])
                             for n in rng.integers(2, 11, n_words)], pa.string()))
    return out


def texts(rng: np.random.Generator, n: int, words: list[pa.Array]) -> pa.Array:
    """Texts of a script each: a log-normal number of words by Zipf's law, one in five with emoji, some with signs."""
    ranks = np.cumsum(np.arange(1, len(words[0]) + 1, dtype=np.float64) ** -1.05)
    script = rng.choice(len(words), n, p=SCRIPT_SHARE)
    count = np.clip(np.exp(rng.normal(1.9, 0.9, n)), 1, 120).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(count)])
    rank = drawn_by(rng, ranks, int(starts[-1]))
    every = pa.concat_arrays(words)
    said = every.take(pa.array(np.repeat(script, count) * len(words[0]) + rank))
    plain = pc.binary_join(pa.ListArray.from_arrays(pa.array(starts, pa.int32()), said), " ")
    ends = np.full(n, 0)
    smiling = rng.random(n) < 0.2
    ends[smiling] = 1 + rng.integers(0, 3 * len(EMOJI), int(smiling.sum()))
    ends[rng.random(n) < 0.02] = 3 * len(EMOJI) + 1
    tails = pa.array(["", *(" " + sign * times for times in (1, 2, 3) for sign in EMOJI), QUOTED])
    return pc.binary_join_element_wise(plain, tails.take(pa.array(ends)), "")


class _Page:
    """What all chunks are drawn from."""

    def __init__(self, n: int, seed: int, burst: bool) -> None:
        self.rng = np.random.default_rng(seed)
        millions = max(n / 1e6, 0.05)
        n_posts, n_authors = int(POSTS_PER_MILLION * millions), int(AUTHORS_PER_MILLION * millions)
        self.posted = START_US + np.sort(self.rng.integers(0, 700 * 86400, n_posts)) * 1_000_000
        self.authors = np.cumsum(np.exp(self.rng.normal(0.0, 1.9, n_authors)))
        size = np.exp(self.rng.normal(0.0, 1.3, n_posts))
        self.posts = np.cumsum(size)
        self.words = vocabularies(self.rng)
        self.worked = self.rng.choice(np.argsort(size)[n_posts // 2:], N_RING_POSTS, replace=False)
        self.ring = self.rng.choice(n_authors, N_RING, replace=False)
        self.burst = int(np.argmax(size)) if burst and n >= BURST_FROM else None

    def chunk(self, first: int, n: int, planted: bool) -> pa.Table:
        """Rows `first` and on; planted: with the ring and the burst."""
        rng = self.rng
        author, post = drawn_by(rng, self.authors, n), drawn_by(rng, self.posts, n)
        delay_s = np.exp(rng.normal(9.2, 2.0, n)).clip(5, 200 * 86400)
        if planted:
            rows = rng.choice(n, N_RING_POSTS * N_RING + (N_BURST if self.burst is not None else 0), replace=False)
            ring, burst = np.split(rows, [N_RING_POSTS * N_RING])
            # Accounts like any other, half a minute apart, under posts of middling size.
            post[ring], author[ring] = np.repeat(self.worked, N_RING), np.tile(self.ring, N_RING_POSTS)
            steps = rng.exponential(30.0, (N_RING_POSTS, N_RING)).cumsum(axis=1)
            delay_s[ring] = (rng.uniform(120, 600, (N_RING_POSTS, 1)) + rng.permuted(steps, axis=1)).ravel()
            if self.burst is not None:
                post[burst], delay_s[burst] = self.burst, rng.uniform(5, 3600, len(burst))
        when = pa.array((self.posted[post] + (delay_s * 1e6).astype(np.int64)) // 1_000_000, pa.timestamp("s"))

        def named(letter: str, code: np.ndarray) -> pa.Array:
            return pc.binary_join_element_wise(letter, pa.array(code).cast(pa.string()), "")

        return pa.table({
            "comment_id": named("c", np.arange(first, first + n)), "post_id": named("p", post),
            "author_id": named("a", author), "author_name": named("name ", author),
            "comment_time": pc.strftime(when, "%Y-%m-%dT%H:%M:%SZ"), "text": texts(rng, n, self.words),
            "likes": rng.poisson(0.7, n)})


def _chunks(page: _Page, n: int) -> Iterator[pa.Table]:
    for first in range(0, n, CHUNK):
        yield page.chunk(first, min(CHUNK, n - first), first == 0)


def generate(folder: Path, n: int, *, form: str = "csv", seed: int = 1, burst: bool = True) -> Made:
    """Write comments and posts into `folder`. form: csv or parquet; burst: with the post of 100,000 comments in its
    first hour. The same arguments give the same rows."""
    page = _Page(n, seed, burst)
    comments, posts = folder / f"comments.{form}", folder / f"posts.{form}"
    chunks = _chunks(page, n)
    head = next(chunks)
    with (pyarrow.csv.CSVWriter(comments, head.schema) if form == "csv"
          else pq.ParquetWriter(comments, head.schema)) as out:
        out.write_table(head)
        for table in chunks:
            out.write_table(table)
    said = pa.table({
        "post_id": [f"p{i}" for i in range(len(page.posted))],
        "post_time": pc.strftime(pa.array(page.posted // 1_000_000, pa.timestamp("s")), "%Y-%m-%dT%H:%M:%SZ"),
        "post_text": [f"post {i}" for i in range(len(page.posted))]})
    if form == "csv":
        pyarrow.csv.write_csv(said, posts)
    else:
        pq.write_table(said, posts)
    return Made(comments, posts, [f"a{i}" for i in page.ring.tolist()])


def main() -> None:
    """Read the arguments and write the dump."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--form", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    made = generate(given.folder, given.comments, form=given.form, seed=given.seed)
    sys.stdout.write(f"{made.comments}: {made.comments.stat().st_size / 1e6:,.0f} MB; ring: {' '.join(made.ring)}\n")


if __name__ == "__main__":
    main()
