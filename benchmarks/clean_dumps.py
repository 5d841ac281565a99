"""Audit dumps that are presumed clean and count whom they name: suspects and reviews per 10,000 accounts, with the
exact upper bound (Clopper & Pearson 1934) that so few allow.

    python benchmarks/clean_dumps.py DUMP... [--innocent-csv known_automata.csv]

Declared accounts (a page's owners) and the accounts of --innocent-csv (column author_id: automata that say so) are
left out of the count. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fakedetect import pipeline
from fakedetect.evaluate.metrics import upper


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dumps", nargs="+")
    parser.add_argument("--innocent-csv", type=Path)
    asked = parser.parse_args()
    automata: set[str] = set()
    if asked.innocent_csv:
        with asked.innocent_csv.open(newline="", encoding="utf-8") as file:
            automata = {row["author_id"] for row in csv.DictReader(file)}
    say = sys.stdout.write
    say("| dump | accounts | suspect | review | groups | suspects per 10,000 (95 % at most) ")
    say("| smallest ring seen | s |\n")
    say("|---|---|---|---|---|---|---|---|\n")
    total = hits = 0
    for name in asked.dumps:
        began = time.perf_counter()
        audit = pipeline.audit(pipeline.read(name))
        seconds = time.perf_counter() - began
        rows = audit.accounts.select(["author_id", "verdict"]).to_pylist()
        counted = [r["verdict"] for r in rows if r["author_id"] not in automata and r["verdict"] != "declared"]
        n, suspects = len(counted), counted.count("suspect")
        ring = audit.summary["power"]["smallest"]
        seen = f"{ring['n_accounts']} on {ring['n_posts']} posts" if ring else "none"
        say(f"| {Path(name).name} | {n:,} | {suspects} | {counted.count('review')} | {audit.summary['groups']} "
            f"| {1e4 * suspects / max(n, 1):.2f} ({1e4 * upper(suspects, n):.2f}) | {seen} | {seconds:.0f} |\n")
        total, hits = total + n, hits + suspects
    say(f"| all | {total:,} | {hits} | | | {1e4 * hits / total:.3f} ({1e4 * upper(hits, total):.3f}) | | |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
