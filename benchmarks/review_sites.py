"""Audit simulated review sites whose truth is known: each campaign family among all hard negatives, and none.

    python benchmarks/review_sites.py [--sites 10] [--first-seed 1] [--family NAME ...] [--clean 200]

Each site has some 6,000 reviewers of 80 businesses and every hard negative of the simulator. Prints three Markdown
tables: campaigns (each on sites of its own); beside the audit, what a single feature and a depth-3 tree find that were
shown the same campaign on the other sites (`controls.py`); and innocents by kind over all sites.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import joblib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from controls import Page, judged, seen

from fakedetect import pipeline
from fakedetect.evaluate.training import dump_of
from fakedetect.simulate import REVIEW_FAMILIES, ReviewCampaign, reviews
from fakedetect.simulate.presets import EVERY_NEGATIVE

LARGER = {"praise_and_trash": (13, 35)}
"""Families that are tried with so many accounts and reviews beside their own numbers."""


@dataclass(frozen=True)
class Site:
    """What an audit said of one site. accounts: (role, family) and verdict of each; groups: kinds; right, all:
    businesses that the campaign worked on and that stand out, and all of them; wrong: others that stand out, named by
    a group, or for review; page: for the controls."""

    accounts: Counter[tuple[str, str, str]]
    groups: Counter[str]
    right: int
    all: int
    wrong: Counter[str]
    page: Page


def audited(campaign: ReviewCampaign | None, seed: int) -> Site:
    """One site with a campaign, or with none."""
    made = reviews(replace(EVERY_NEGATIVE, campaigns=(campaign,) if campaign else (), with_ip=True), seed)
    found = pipeline.audit(dump_of(made), pipeline.Options(seed=seed))
    verdict = dict(zip(found.accounts["author_id"].to_pylist(), found.accounts["verdict"].to_pylist(), strict=True))
    told = Counter((r["role"], r["family"], verdict[r["author_id"]]) for r in made.truth.to_pylist()
                   if r["author_id"] in verdict)
    worked_on = {b for c in made.campaigns for b in (*c["praised"], *c["trashed"])}
    assert found.businesses is not None
    shown = {b["business_id"]: b["verdict"] for b in found.businesses.to_pylist()
             if b["verdict"] in ("suspect", "review")}
    return Site(told, Counter(found.groups["kind"].to_pylist()), len(worked_on & set(shown)), len(worked_on),
                Counter(v for b, v in shown.items() if b not in worked_on),
                seen(found, {a for c in made.campaigns for a in c["accounts"]}))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [f.name for f in REVIEW_FAMILIES]
    parser.add_argument("--sites", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--family", action="append", choices=names)
    parser.add_argument("--clean", type=int, default=10, metavar="N", help="sites without any campaign")
    asked = parser.parse_args()
    say = sys.stdout.write
    everybody: Counter[tuple[str, str, str]] = Counter()
    say("| campaign | sites | accounts | suspect | or review | its businesses | groups | innocents named | reviews "
        "| other businesses named | for review |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
    chosen: list[tuple[str, ReviewCampaign | None]] = []
    for name in asked.family or names:
        chosen.append((name, ReviewCampaign(name)))
        if name in LARGER:
            n, n_reviews = LARGER[name]
            chosen.append((f"{name}, {n}", ReviewCampaign(name, n_accounts=n, n_reviews=n_reviews)))
    chosen += [("none", None)] if asked.clean else []
    controls = []
    for name, campaign in chosen:
        seeds = range(asked.first_seed, asked.first_seed + (asked.sites if campaign else asked.clean))
        sites = joblib.Parallel(n_jobs=2)(joblib.delayed(audited)(campaign, s) for s in seeds)
        told = sum((s.accounts for s in sites), Counter())
        everybody += told
        ours = {v: sum(n for (role, _, got), n in told.items() if role == "campaign" and got == v)
                for v in ("suspect", "review")}
        total = sum(n for (role, _, _), n in told.items() if role == "campaign")
        others = {v: sum(n for (role, _, got), n in told.items() if role != "campaign" and got == v)
                  for v in ("suspect", "review")}
        groups = sum((s.groups for s in sites), Counter())
        wrong = sum((s.wrong for s in sites), Counter())
        share = [f"{n / total:.2f}" if total else "" for n in (ours["suspect"], ours["suspect"] + ours["review"])]
        businesses = sum(s.all for s in sites)
        right = f"{sum(s.right for s in sites)} of {businesses}" if businesses else ""
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(groups.items())) or "0"
        say(f"| {name} | {len(sites)} | {total or ''} | {share[0]} | {share[1]} | {right} | {kinds} | "
            f"{others['suspect']} | {others['review']} | {wrong['suspect']} | {wrong['review']} |\n")
        sys.stdout.flush()
        if campaign and len(sites) > 1:
            controls.append((name, *judged([s.page for s in sites])))
    say("\n| campaign | audit | innocents per 10,000 | best single feature | innocents | depth-3 tree | innocents "
        "| single feature |\n|---|---|---|---|---|---|---|---|\n")
    for name, cells, feature in controls:
        say(f"| {name} | {' | '.join(cells)} | {feature} |\n")
    say("\n| innocents | accounts | suspect | review | disclosed |\n|---|---|---|---|---|\n")
    for role, family in sorted({(r, f) for r, f, _ in everybody if r != "campaign"}):
        n = {v: everybody[role, family, v] for v in ("suspect", "review", "disclosed")}
        total = sum(c for (r, f, _), c in everybody.items() if (r, f) == (role, family))
        say(f"| {family} ({role}) | {total:,} | {n['suspect']} | {n['review']} | {n['disclosed']} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
