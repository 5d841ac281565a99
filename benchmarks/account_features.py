"""Features of accounts by the SQL of fakedetect in DuckDB, and the same by pandas, on the same rows in the same run.

    python benchmarks/account_features.py FOLDER [--comments 1000000]

The dump is that of `dumps.py`; FOLDER keeps it. Compared are the features that are aggregates of an account's own
comments (view `spoken`), to nine digits; each side in a process of its own, after reading. Prints seconds, seconds of
CPU and the peak of memory that each added to what it was given.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import dumps
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scale import CLEAR, child, memory_of

from fakedetect import pipeline
from fakedetect.engine import open_engine
from fakedetect.features import FEATURES, select, significant
from fakedetect.features.views import VIEWS, prepare
from fakedetect.measure import timing
from fakedetect.quality import gate
from fakedetect.relate import MEMBERS

ASKED = [f for f in FEATURES if f.view == "spoken"]
SHARES = {"empty_share": ("n_words", "eq", 0), "one_word_share": ("n_words", "eq", 1),
          "long_share": ("n_words", "ge", 30), "emoji_share": ("n_emoji", "gt", 0), "url_share": ("n_urls", "gt", 0),
          "mention_share": ("n_mentions", "gt", 0), "hashtag_share": ("n_hashtags", "gt", 0),
          "liked_share": ("likes", "gt", 0), "reply_share": ("is_reply", "eq", True),
          "verified_purchase_share": ("verified_purchase", "eq", True), "invited_share": ("invited", "eq", True)}
"""Shares of comments for which a column compares so to a value, among those where it is known."""
PLAIN = {
    "n_words_mean": ("n_words", "mean"), "n_words_median": ("n_words", "median"), "n_words_spread": ("n_words", "std"),
    "n_chars_median": ("n_chars", "median"), "emoji_per_comment": ("n_emoji", "mean"),
    "exclaim_mean": ("n_exclaims", "mean"), "upper_share_mean": ("upper_share", "mean"),
    "digit_share_mean": ("digit_share", "mean"), "punct_share_mean": ("punct_share", "mean"),
    "punct_share_spread": ("punct_share", "std"), "longest_run_max": ("longest_run", "max"),
    "spam_mean": ("spam", "mean"), "spam_max": ("spam", "max"), "likes_mean": ("likes", "mean"),
    "likes_max": ("likes", "max"),
}


def by_pandas(comments: pd.DataFrame) -> pd.DataFrame:
    """The features of ASKED by account: one grouping for all."""
    shares = pd.DataFrame({name: getattr(comments[column], how)(value).where(comments[column].notna()).astype(float)
                           for name, (column, how, value) in SHARES.items()})
    grouped = pd.concat([comments, shares], axis=1).groupby("who")
    found = grouped.agg(n_comments=("who", "size"), first=("comment_s", "min"), last=("comment_s", "max"),
                        centre=("comment_s", "mean"), **PLAIN, **{name: (name, "mean") for name in SHARES})
    span = found["last"] - found["first"]
    found["span_days"] = span / 86_400
    found["activity_centre_share"] = (found["centre"] - found["first"]) / span.where(span != 0)
    return found[[f.name for f in ASKED]]


def by_duckdb(comments: pa.Table) -> pa.Table:
    """The same by the SQL of the features."""
    with open_engine("duckdb") as engine:
        engine.register("comments", comments)
        view = next(v for v in VIEWS if v.name == "spoken")
        engine.define(view.name, view.sql)
        return engine.query(select(view.name, ASKED))


def one(side: str, rows: str, out: str) -> None:
    """In the child: compute, write what was found, and say what it took."""
    comments = pq.read_table(rows)
    given: Any = comments.to_pandas() if side == "pandas" else comments
    del comments
    CLEAR.write_text("5")  # sets the high-water mark to what is held
    held, begin, cpu = memory_of("self")["VmHWM"], time.perf_counter(), time.process_time()
    found = by_pandas(given) if side == "pandas" else by_duckdb(given)
    took = {"seconds": time.perf_counter() - begin, "cpu_s": time.process_time() - cpu,
            "added_gb": memory_of("self")["VmHWM"] - held}
    table = pa.Table.from_pandas(found.reset_index()) if isinstance(found, pd.DataFrame) else found
    pq.write_table(table.sort_by("who"), out)
    sys.stdout.write(json.dumps(took))


def differing(a: pa.Table, b: pa.Table) -> list[str]:
    """Features whose values are not equal to nine digits."""
    values = ((f.name, *(np.asarray(t[f.name].to_numpy(zero_copy_only=False), float) for t in (a, b))) for f in ASKED)
    return [name for name, x, y in values
            if not np.allclose(significant(x), significant(y), rtol=1e-8, atol=1e-9, equal_nan=True)]


def prepared(dump: Path, rows: Path) -> int:
    """Write the comments as the views take them to `rows`; their number."""
    read = pipeline.read(dump)
    quality = gate(read)
    timed = timing(read, allowed=quality.allowed, own_curve=quality.own_curve, tick_s=quality.tick_s)
    unread = pa.nulls(timed.comments.num_rows, pa.float64())
    tables = {"comments": timed.comments.append_column("spam", unread), "posts": timed.posts,
              "accounts": read.accounts, "members": MEMBERS.empty_table(), "businesses": read.businesses}
    comments = prepare(tables)["comments"]
    pq.write_table(comments, rows)
    return comments.num_rows


def main() -> None:
    """Read the arguments, measure, and say what was found."""
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:5])
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--comments", type=int, default=1_000_000)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    dump, rows = given.folder / "comments.csv", given.folder / "rows.parquet"
    if not dump.exists():
        dumps.generate(given.folder, given.comments)
    sys.stdout.write(f"{prepared(dump, rows):,} comments\n")
    tables = []
    for side in ("duckdb", "pandas"):
        out = given.folder / f"{side}.parquet"
        took = json.loads(child([sys.executable, str(Path(__file__).resolve()), "--one", side, str(rows), str(out)])[0])
        sys.stdout.write(f"{side:<7} {took['seconds']:7.1f} s {took['cpu_s']:7.1f} s of CPU, "
                         f"{took['added_gb']:5.2f} GB more\n")
        tables.append(pq.read_table(out))
    wrong = differing(*tables)
    sys.stdout.write(f"{len(ASKED)} features of {tables[0].num_rows:,} accounts: "
                     f"{'differ in ' + ', '.join(wrong) if wrong else 'equal'}\n")


if __name__ == "__main__":
    main()
