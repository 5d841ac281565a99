"""What simple classifiers make of planted campaigns: the best single feature and a depth-3 tree, beside the audit.

    python benchmarks/controls.py DUMP... [--family tight_early ...] [--first-seed 1]

A figure of recall says little where a shallow tree reaches it too. Families and pages are those of `fakedetect evaluate
attack-curves`; every account's features are computed as an audit computes them, without those of the group it stands
in. Each page is judged by what was learned on the others: the tree at its own threshold; the single feature, chosen
there by its average precision, at the threshold that accuses one innocent in 10,000 there. Features that are known of
no planted account (likes, names) are left out. Prints a Markdown table: recall, and innocents accused per 10,000, of
the audit's suspects and of both.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.tree import DecisionTreeClassifier

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from planted import on_every_page, parser

from fakedetect import pipeline
from fakedetect.evaluate.attacks import CAMPAIGN, worked_on
from fakedetect.evaluate.plant import PLANTS, plant
from fakedetect.features import FEATURES
from fakedetect.schema import Audit

ONE_IN = 10_000
OWN = [k for k, f in enumerate(FEATURES) if f.family != "group"]
"""Features of an account that no group goes into."""


@dataclass(frozen=True)
class Page:
    """features: (accounts, features), nan for unknown; campaign, suspect: truth value of each account."""

    features: np.ndarray
    campaign: np.ndarray
    suspect: np.ndarray


def page_of(path: str, page: int, family: str, seed: int) -> Page:
    there = plant(worked_on(path, page, PLANTS[family]), PLANTS[family], seed)
    audit = pipeline.audit(there.dump, pipeline.Options(seed=seed))
    return seen(audit, {a for a, role in there.role.items() if role in CAMPAIGN})


def seen(audit: Audit, campaign: set[str]) -> Page:
    """What a control may know of the accounts of an audit, declared ones left out."""
    accounts = audit.accounts.filter([v != "declared" for v in audit.accounts["verdict"].to_pylist()])
    columns = [np.array(accounts[FEATURES[k].name].to_pylist(), np.float64) for k in OWN]
    moved = np.array([a in campaign for a in accounts["author_id"].to_pylist()])
    suspect = np.array([v == "suspect" for v in accounts["verdict"].to_pylist()])
    return Page(np.column_stack(columns), moved, suspect)


def cut(score: np.ndarray, campaign: np.ndarray) -> float:
    """The threshold beyond which one innocent in ONE_IN lies."""
    return float(np.quantile(score[~campaign], 1 - 1 / ONE_IN, method="higher"))


def single(train: Sequence[Page]) -> tuple[int, float, float]:
    """The feature and direction that tell campaigns best on these pages, and the threshold."""
    x, y = np.concatenate([p.features for p in train]), np.concatenate([p.campaign for p in train])
    best = (-1.0, 0, 1.0)
    for k in range(x.shape[1]):
        for sign in (1.0, -1.0):
            score = np.nan_to_num(sign * x[:, k], nan=-np.inf)
            finite = np.where(np.isfinite(score), score, -1e300)
            best = max(best, (float(average_precision_score(y, finite)), k, sign))
    _, k, sign = best
    return k, sign, cut(np.nan_to_num(sign * x[:, k], nan=-1e300), y)


def judged(pages: Sequence[Page]) -> tuple[list[str], str]:
    """Cells of recall and of innocents accused per 10,000 of the audit, the single feature and the tree, each page
    judged by what was learned on the others; and the feature chosen most often."""
    # What is known of no account of a campaign (likes and names, where it is planted) would tell all.
    known = [k for k in range(len(OWN)) if any(np.isfinite(p.features[p.campaign, k]).any() for p in pages)]
    pages = [replace(p, features=p.features[:, known]) for p in pages]
    hits: dict[str, list[np.ndarray]] = {"audit": [], "single": [], "tree": []}
    chosen = []
    for k, page in enumerate(pages):
        train = [p for j, p in enumerate(pages) if j != k]
        feature, sign, at = single(train)
        chosen.append(FEATURES[OWN[known[feature]]].name)
        tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(
            np.concatenate([p.features for p in train]), np.concatenate([p.campaign for p in train]))
        hits["audit"].append(page.suspect)
        hits["single"].append(np.nan_to_num(sign * page.features[:, feature], nan=-1e300) > at)
        hits["tree"].append(tree.predict(page.features).astype(bool))
    truth = np.concatenate([p.campaign for p in pages])
    cells = []
    for name in hits:
        found = np.concatenate(hits[name])
        cells += [f"{found[truth].mean():.2f}", f"{10_000 * found[~truth].mean():.1f}"]
    return cells, max(sorted(set(chosen)), key=chosen.count)


def main(args: Sequence[str] | None = None) -> int:
    asked = parser(__doc__).parse_args(args)
    say = sys.stdout.write
    say("| family | pages | audit | innocents per 10,000 | best single feature | innocents | depth-3 tree | innocents ")
    say("| single feature |\n|---|---|---|---|---|---|---|---|---|\n")
    for family in asked.family or [f for f, what in PLANTS.items() if what.size[1] and what.pages == 1]:
        pages = on_every_page(page_of, asked.dumps, family, asked.first_seed)
        cells, feature = judged(pages)
        say(f"| {family} | {len(pages)} | {' | '.join(cells)} | {feature} |\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
