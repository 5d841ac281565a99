"""Audit simulated pages whose truth is known: recall per campaign family, and which innocents are named.

    python benchmarks/simulated_pages.py [--pages 24] [--first-seed 1] [--presets training,clean,orangina]

Seeds start below those the shipped model was trained on (`evaluate.training.FIRST_SEED`). Pages lack fields at random
as training pages do. Prints two Markdown tables: campaigns, and innocents by kind.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import joblib
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fakedetect import pipeline
from fakedetect.evaluate.training import FIRST_SEED, dump_of, thinned
from fakedetect.simulate.presets import PRESETS


def verdicts(preset: str, seed: int) -> list[tuple[str, str, str]]:
    """(role, family, verdict) of each account of one page."""
    page = PRESETS[preset](seed)
    if preset != "orangina":
        page = thinned(page, np.random.Generator(np.random.Philox(key=[seed, 7])))
    audit = pipeline.audit(dump_of(page), pipeline.Options(seed=seed))
    found = dict(zip(audit.accounts["author_id"].to_pylist(), audit.accounts["verdict"].to_pylist(), strict=True))
    return [(row["role"], row["family"], found[row["author_id"]]) for row in page.truth.to_pylist()
            if row["author_id"] in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--presets", default="training,clean,orangina")
    asked = parser.parse_args()
    assert asked.first_seed + asked.pages <= FIRST_SEED, "these seeds were trained on"
    jobs = [(p, s) for p in asked.presets.split(",") for s in range(asked.first_seed, asked.first_seed + asked.pages)]
    counts: Counter[tuple[str, str, str]] = Counter()
    pages_named: Counter[str] = Counter()
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(verdicts)(*job) for job in jobs)
    for (preset, _), rows in zip(jobs, found, strict=True):
        counts.update(rows)
        pages_named[preset] += any(role != "campaign" and v == "suspect" for role, _, v in rows)
    say = sys.stdout.write
    say("| campaign | accounts | suspect | or review |\n|---|---|---|---|\n")
    kinds = sorted({(role, family) for role, family, _ in counts})
    for role, family in kinds:
        if role == "campaign":
            n = sum(counts[role, family, v] for v in ("suspect", "review", "no_evidence", "not_enough_data"))
            s, r = counts[role, family, "suspect"], counts[role, family, "review"]
            say(f"| {family} | {n} | {s / n:.2f} | {(s + r) / n:.2f} |\n")
    say("\n| innocents | accounts | suspect | review | suspects per 10,000 |\n|---|---|---|---|---|\n")
    for role, family in kinds:
        if role != "campaign":
            n = sum(c for (a, b, _), c in counts.items() if (a, b) == (role, family))
            s, r = counts[role, family, "suspect"], counts[role, family, "review"]
            say(f"| {family} ({role}) | {n:,} | {s} | {r} | {1e4 * s / n:.2f} |\n")
    for preset in asked.presets.split(","):
        say(f"\n{preset}: {asked.pages} pages, an innocent is a suspect on {pages_named[preset]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
