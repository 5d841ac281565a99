"""Train the classifier on simulated pages and on campaigns planted into real pages.

Of the dumps nothing goes into the model directory but weights, counts and names: no account, text or name of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fakedetect.errors import InputError
from fakedetect.evaluate import training
from fakedetect.evaluate.attacks import pages_at
from fakedetect.evaluate.mixed import FAMILIES
from fakedetect.evaluate.rows import gathered, planted
from fakedetect.evaluate.training import FIRST_SEED, N_PAGES

SEEDS = 3
"""Plantings per real page, with seeds from FIRST_SEED; everything that is measured uses seeds below."""


def train(out: str | Path, dumps: Sequence[str], *, n_pages: int = N_PAGES, seeds: int = SEEDS, jobs: int = 2,
          progress: Callable[[str, int, int], None]) -> str:
    """Simulate, plant, fit, and write the model directory `out`. Returns the model's fingerprint. Raises InputError
    where no page of the dumps can hold a campaign."""
    work = [(d, k, s, seeds, None, False) for s in range(FIRST_SEED, FIRST_SEED + seeds) for d in dumps
            for k in range(len(pages_at(d)))]
    if not work:
        raise InputError("no page can hold a campaign", hint="a page needs 60 dated posts with five comments or more")
    made = training.gather(n_pages, jobs=jobs, progress=lambda i, n: progress("simulate", i, n))
    rows, _ = gathered(work, planted, jobs=jobs, progress=lambda i, n: progress("plant", i, n))
    both = training.with_real(made, rows.examples())
    progress("fit", 0, 1)
    facts = training.facts_of(both, "fitted", n_pages) | {
        "planted": {"dumps": sorted(Path(d).name for d in dumps), "pages": len(np.unique(rows.page)),
                    "plantings": len(work), "accounts": len(rows), "standing_for": round(float(rows.weight.sum())),
                    "campaign_accounts": int(rows.y.sum()), "families": sorted(FAMILIES)}}
    return training.write(out, training.fit(both), facts, _card(facts))


def _card(facts: Mapping[str, Any]) -> str:
    planted_facts = facts["planted"]
    return f"""# Model card: fitted

A gradient-boosted classifier of accounts (LightGBM, monotone where a direction is known). It weighs evidence; it never
convicts alone: a verdict of `suspect` needs a group that passed its own tests.

- **Trained on** what `simulated` was trained on ({facts["pages"]} simulated pages), and on campaigns planted into
  {planted_facts["pages"]} real pages ({", ".join(planted_facts["dumps"])}): {planted_facts["plantings"]} plantings, {planted_facts["campaign_accounts"]:,} planted accounts,
  and a sample of {planted_facts["accounts"]:,} rows that stands for {planted_facts["standing_for"]:,} accounts. That nobody bought comments
  on these pages is assumed, not known.
- **Terms** are those of the dumps; nothing of them is in this folder but weights and these counts.
- **Calibrated** out of fold, page by page (isotonic), then moved to the stated base rate.
- **Reproduce** with `fakedetect train --planted-in DUMP ... --out FOLDER` on the same dumps; the same versions of the
  libraries give the same bytes. `simulated`, beside it, can be trained from a clone alone.
- **Licence** Apache-2.0, like the code.
- **Limits** Planted campaigns are what their author imagined, and the real pages are no others than those named above.
"""  # noqa: E501 (one line of text is one line of the card)
