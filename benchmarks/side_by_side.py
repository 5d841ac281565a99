"""The same planted campaigns before fakedetect and before coordination-network-toolkit: recall, innocents, seconds.

    python benchmarks/side_by_side.py DUMP... --toolkit PYTHON [--family tight_early ...] [--first-seed 1]

PYTHON is the interpreter of an environment with `pip install coordination-network-toolkit`; it runs there as its own
users run it: co-reply, accounts that comment on one post within 60 s of each other, at least twice (an edge of weight 2
or more; an account's edge to itself is none). Every account with such an edge counts as accused. Families and pages are
those of `fakedetect evaluate attack-curves`. Prints a Markdown table.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from planted import on_every_page, parser

from fakedetect import pipeline
from fakedetect.evaluate.attacks import CAMPAIGN, worked_on
from fakedetect.evaluate.plant import PLANTS, plant
from fakedetect.schema import Dump

TOOLKIT = """
import contextlib, json, sqlite3, sys
from coordination_network_toolkit.compute_networks import compute_co_reply_network
from coordination_network_toolkit.preprocess import preprocess_csv_files
with contextlib.redirect_stdout(sys.stderr):
    preprocess_csv_files(sys.argv[1], [sys.argv[2]])
    compute_co_reply_network(sys.argv[1], 60, min_edge_weight=2, n_threads=1)
rows = sqlite3.connect(sys.argv[1]).execute("select user_1, user_2 from co_reply_network where user_1 <> user_2")
print(json.dumps(sorted({name for pair in rows for name in pair})))
"""
COLUMNS = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")


@dataclass(frozen=True)
class Seen:
    """One tool on one planting: accounts it accuses of the campaign's, of the fans and clubs, of all others."""

    campaign: int
    crowd: int
    other: int
    seconds: float


def by_toolkit(dump: Dump, python: str) -> tuple[set[str], float]:
    """Accounts with an edge, and seconds from the rows in memory to the answer."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.csv"
        with rows.open("w", newline="", encoding="utf-8") as file:
            to = csv.writer(file)
            to.writerow(COLUMNS)
            names = ("comment_id", "author_id", "post_id", "text", "comment_time")
            for k, (_, author, post, text, when) in enumerate(zip(*(dump.comments[c].to_pylist() for c in names),
                                                                  strict=True)):
                if author is not None and when is not None:
                    to.writerow((k, author, author, "", post, text or "", int(when.timestamp()), ""))
        said = subprocess.run([python, "-c", TOOLKIT, str(Path(folder) / "db.sqlite"), str(rows)], check=True,
                              capture_output=True, text=True)
    return set(json.loads(said.stdout.splitlines()[-1])), time.perf_counter() - began


def by_audit(dump: Dump, seed: int) -> tuple[set[str], float]:
    """Suspects, and seconds from the rows in memory to the answer."""
    began = time.perf_counter()
    accounts = pipeline.audit(dump, pipeline.Options(seed=seed)).accounts
    found = {a for a, v in zip(accounts["author_id"].to_pylist(), accounts["verdict"].to_pylist(), strict=True)
             if v == "suspect"}
    return found, time.perf_counter() - began


def trial(path: str, page: int, family: str, seed: int, python: str) -> tuple[int, int, int, list[Seen]]:
    """Accounts of the campaign, of the crowd, and others; what each tool saw of them."""
    there = plant(worked_on(path, page, PLANTS[family]), PLANTS[family], seed)
    declared = set(there.dump.declared["author_id"].drop_null().to_pylist())
    people = set(there.dump.comments["author_id"].drop_null().unique().to_pylist()) - declared
    campaign = {a for a in people if there.role.get(a) in CAMPAIGN}
    crowd = {a for a in people if there.role.get(a) in ("fan", "club")}
    seen = []
    for accused, seconds in (by_audit(there.dump, seed), by_toolkit(there.dump, python)):
        accused &= people
        seen.append(Seen(len(accused & campaign), len(accused & crowd), len(accused - campaign - crowd), seconds))
    return len(campaign), len(crowd), len(people - campaign - crowd), seen


def main(args: Sequence[str] | None = None) -> int:
    asks = parser(__doc__)
    asks.add_argument("--toolkit", required=True, metavar="PYTHON")
    asked = asks.parse_args(args)
    say = sys.stdout.write
    say("| family | pages | recall | toolkit | innocents per 10,000 | toolkit | crowd accused | toolkit | s | toolkit ")
    say("|\n")
    say("|---|---|---|---|---|---|---|---|---|---|\n")
    for family in asked.family or PLANTS:
        done = on_every_page(trial, asked.dumps, family, asked.first_seed, asked.toolkit)
        n_campaign, n_crowd, n_other = (sum(d[k] for d in done) for k in range(3))
        cells = []
        for name, n, per in (("campaign", n_campaign, 1), ("other", n_other, 10_000), ("crowd", n_crowd, None)):
            for tool in range(2):
                hits = sum(getattr(d[3][tool], name) for d in done)
                cells.append("" if not n else f"{hits} of {n}" if per is None else f"{per * hits / n:.2f}")
        cells += [f"{sum(d[3][tool].seconds for d in done):.0f}" for tool in range(2)]
        say(f"| {family} | {len(done)} | {' | '.join(cells)} |\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
