"""The protocol in a few minutes: fewer pages, seeds and fits, and for each figure a floor that it must not fall below.

The floors stand well under what was measured (docs/measured-classifier.md): they tell that something broke, not that
something became a little worse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from fakedetect.evaluate import metrics, training
from fakedetect.evaluate.attacks import pages_at
from fakedetect.evaluate.mixed import MECHANISMS
from fakedetect.evaluate.protocol import (
    PARTS,
    RATE,
    SIMULATED_FAMILIES,
    Floats,
    Progress,
    mechanisms,
    parts,
    thinner,
)
from fakedetect.evaluate.protocol_table import strata
from fakedetect.evaluate.rows import Rows, gathered, planted, simulated
from fakedetect.model.calibration import shift_prior

SEED = 90
"""Of every planting and simulated page here; known to whoever changes the code, so no figure for the docs."""


@dataclass(frozen=True)
class Size:
    """Pages of each kind: simulated ones with campaigns, with crowds that look like some, and those that are learned
    from; and how many of the dumps' pages have campaigns planted, the first ones (None: all)."""

    simulated: int = 6
    negatives: int = 3
    learned: int = 10
    planted: int | None = None


SEEN = ("minutes", "seldom", "copied", "own_moments")
"""Mechanisms that the audit names on nearly every page."""


@dataclass(frozen=True)
class Figure:
    """What was measured, its value, and the floor or ceiling that it has to keep."""

    name: str
    value: float
    limit: float
    at_most: bool = False

    @property
    def kept(self) -> bool:
        return self.value <= self.limit if self.at_most else self.value >= self.limit


def measured(dumps: Sequence[str], *, jobs: int = 2, progress: Progress, size: Size | None = None) -> list[Figure]:
    """The figures; those of planted campaigns only where there are dumps that can hold some."""
    size = size or Size()
    crowds = gathered([("negatives", SEED + k) for k in range(size.negatives)], simulated, jobs=jobs,
                      progress=lambda i, n: progress("simulate", i, n))[1]
    pages, verdicts = gathered([("training", SEED + k) for k in range(size.simulated)], simulated, jobs=jobs,
                               progress=lambda i, n: progress("train", i, n))
    out = [Figure("simulated pages: average precision of the shipped model", _precision(pages, _shipped(pages)), 0.25),
           *_innocent("simulated pages", crowds + verdicts)]
    places = [(d, k) for d in dumps for k in range(len(pages_at(d)))]
    places = places[:size.planted]
    if len(places) < PARTS:
        return out
    rows, verdicts = gathered([(d, k, SEED, 1) for d, k in places], planted, jobs=jobs,
                              progress=lambda i, n: progress("plant", i, n))
    examples = thinner(training.gather(size.learned, jobs=jobs, progress=lambda i, n: progress("learn", i, n)))
    return [*out, *_planted(rows, verdicts), *_left_out(rows, examples, progress)]


def _shipped(rows: Rows) -> Floats:
    return np.nan_to_num(rows.probability, nan=RATE)


def _precision(rows: Rows, score: Floats) -> float:
    return metrics.average_precision(rows.y, score, rows.weight)


def _innocent(where: str, verdicts: Counter[tuple[str, str, bool, str]]) -> Iterator[Figure]:
    found = [c for (stratum, _), c in strata(verdicts).items() if stratum == "kind"]
    n, named = sum(c["accounts"] for c in found), sum(c["suspect"] for c in found)
    yield Figure(f"{where}: suspects per 10,000 of {n:,} innocents", 1e4 * named / n, 0.5, at_most=True)
    yield Figure(f"{where}: largest share of suspects among a kind of innocents",
                 max(c["suspect"] / c["accounts"] for c in found), 0.01, at_most=True)


def _planted(rows: Rows, verdicts: Counter[tuple[str, str, bool, str]]) -> Iterator[Figure]:
    families = {f for name in SEEN for f in MECHANISMS[name]}
    mine = {key: n for key, n in verdicts.items() if key[0] == "kind" and key[1] in families and key[2]}
    named = sum(n for (*_, verdict), n in mine.items() if verdict == "suspect")
    yield Figure("planted campaigns of four mechanisms: accounts named", named / sum(mine.values()), 0.8)
    yield Figure("planted campaigns: average precision of the shipped model", _precision(rows, _shipped(rows)), 0.8)
    yield from _innocent("planted pages", verdicts)


def _left_out(rows: Rows, examples: training.Examples, progress: Progress) -> Iterator[Figure]:
    part, kind = parts(rows), mechanisms(rows.kind, MECHANISMS)
    without = examples.take(mechanisms(examples.kind, SIMULATED_FAMILIES) != "thrown_away")
    score, unseen = np.empty(len(rows)), np.empty(len(rows))
    for k in range(PARTS):
        x = rows.x[part == k].astype(np.float64)
        for those, learned, to in ((part != k, examples, score),
                                   ((part != k) & (kind != "thrown_away"), without, unseen)):
            model = training.fit(training.with_real(learned, rows.take(those).examples()))
            to[part == k] = model.predict_proba(x)[:, 1]
        progress("fit", k + 1, PARTS)
    yield Figure("pages left out: average precision", _precision(rows, score), 0.75)
    farm = (kind == "thrown_away") | (rows.y == 0)
    yield Figure("throwaway accounts, never taught: average precision", _precision(rows.take(farm), unseen[farm]), 0.3)
    weight = metrics.at_prevalence(rows.y, rows.weight, 0.01)
    p = special.expit(shift_prior(special.logit(np.clip(score, 1e-13, 1 - 1e-13)), RATE, 0.01))
    yield Figure("pages left out: Brier skill at 1 %", metrics.brier_skill(rows.y, p, weight), 0.5)


def markdown(figures: Sequence[Figure]) -> str:
    """One row a figure."""
    lines = ["| figure | value | floor | |", "|---|---|---|---|"]
    lines += [f"| {f.name} | {f.value:.3f} | {'at most ' if f.at_most else ''}{f.limit:g} | "
              f"{'kept' if f.kept else '**not kept**'} |" for f in figures]
    return "\n".join(lines)
