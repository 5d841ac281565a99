"""Two small simulated pages with labels, and training in seconds, for the tests of a brand's own labels."""

from __future__ import annotations

import functools
import random
from pathlib import Path

import numpy as np
import pytest

from fakedetect import pipeline
from fakedetect.evaluate import training
from fakedetect.evaluate.training import Examples
from fakedetect.model.classifier import AccountClassifier
from fakedetect.simulate import Campaign, Negative, PageSpec, page, write

Rows = list[tuple[str, ...]]


def labelled(root: Path) -> tuple[list[Path], Rows]:
    """Two small pages of two campaigns each, and labels of all campaign accounts and some others."""
    rows: Rows = []
    for i in range(2):
        campaigns = (Campaign("own_words", 8), Campaign("spaced", 7))
        made = page(PageSpec(n_accounts=400, n_posts=60, name=f"page {i}", page_id=f"p{i}", campaigns=campaigns,
                             negatives=(Negative("loyal_fans", 20), Negative("staff", 2))), 50 + i)
        write(made, root / f"page{i}")
        known = [r for r in made.truth.to_pylist() if r["role"] != "declared"]
        rows += [(r["author_id"], "suspect", f"{i} {r['campaign']}") for r in known if r["is_suspect"]]
        organic = [(r["author_id"], "organic", "") for r in known if not r["is_suspect"]]
        rows += random.Random(i).sample(organic, 100)
    return [root / "page0", root / "page1"], rows


def simulated() -> Examples:
    """Two of the training pages, small ones, in the place of the usual hundred."""
    small = functools.partial(PageSpec, n_accounts=700, n_posts=50, negatives=(Negative("loyal_fans", 20),))
    parts = []
    for seed, family in enumerate(("tight_early", "templates")):
        made = page(small(campaigns=(Campaign(family, 10),)), seed)
        found = pipeline.evidence(training.dump_of(made), pipeline.Options())
        truth = {r["author_id"]: r["is_suspect"] for r in made.truth.to_pylist()}
        authors = found.accounts["author_id"].to_pylist()
        y = np.array([int(truth[a]) for a in authors])
        parts.append(Examples(found.matrix(), y, np.ones(len(y)), np.full(len(y), seed),
                              np.full(len(y), family)))
    return training.joined(parts)


def quicken(few: Examples, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training in seconds: few simulated accounts, few trees, one thread. Everything else is as a user has it."""
    monkeypatch.setattr(training, "gather", lambda *_, **__: few)

    def small(**given: object) -> AccountClassifier:
        return AccountClassifier(**{**given, "n_trees": 40, "min_child": 10, "n_threads": 1})  # type: ignore[arg-type]

    monkeypatch.setattr(training, "AccountClassifier", small)
