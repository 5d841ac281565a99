"""What a campaign has to do to stay unseen: recall and accusations where its truth is known, family by family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import joblib
import numpy as np

from fakedetect import pipeline
from fakedetect.errors import InputError
from fakedetect.evaluate.plant import MIN_COMMENTS, MIN_POSTS, PLANTS, Plant, pages_of, plant
from fakedetect.normalise import normalise
from fakedetect.readers import read as read_raw
from fakedetect.schema import Dump

BOOTSTRAPS = 2000


@dataclass(frozen=True)
class Trial:
    """One planting. counts: accounts by (role, verdict); role is campaign, fan, club or other."""

    family: str
    dump: str
    page: str
    seed: int
    n_posts: int
    n_worked: int
    counts: dict[tuple[str, str], int]


@lru_cache(maxsize=2)
def pages_at(path: str) -> list[Dump]:
    """The pages of the dump at `path` that take part (see plant.pages_of)."""
    return pages_of(normalise(read_raw([Path(path)])))


def trial(path: str, page: int, family: str, what: Plant, seed: int, page_alpha: float, fdr: float) -> Trial:
    """Plant and audit. Accounts that the dump declares are not counted."""
    there = pages_at(path)[page]
    planted = plant(there, what, seed)
    audit = pipeline.audit(planted.dump, pipeline.Options(seed=seed, page_alpha=page_alpha, fdr=fdr))
    counts: dict[tuple[str, str], int] = {}
    for author, verdict in zip(audit.accounts["author_id"].to_pylist(), audit.accounts["verdict"].to_pylist(),
                               strict=True):
        if verdict != "declared":
            key = (planted.role.get(author, "other"), verdict)
            counts[key] = counts.get(key, 0) + 1
    return Trial(family, Path(path).stem, str(there.posts["page_id"][0].as_py()), seed, planted.n_posts,
                 planted.n_worked, counts)


def attack(paths: Sequence[Path], families: dict[str, Plant] | None = None, *, first_seed: int = 1, seeds: int = 1,
           jobs: int = 2, page_alpha: float = 0.02, fdr: float = 0.05,
           progress: Callable[[int, int], None] | None = None) -> list[Trial]:
    """Every family on every page of the dumps that can hold it, `seeds` times. Deterministic by seed."""
    chosen = dict(PLANTS) if families is None else families
    if not any(pages_at(str(p)) for p in paths):
        raise InputError("no page takes part", hint=f"a page needs {MIN_POSTS} dated posts of {MIN_COMMENTS} comments")
    work = [(str(p), k, name, what, seed, page_alpha, fdr)
            for p in paths for k in range(len(pages_at(str(p)))) for name, what in chosen.items()
            for seed in range(first_seed, first_seed + seeds)]
    done: list[Trial] = []
    for one in joblib.Parallel(jobs, return_as="generator")(joblib.delayed(trial)(*w) for w in work):
        done.append(one)
        if progress is not None:
            progress(len(done), len(work))
    return done


@dataclass(frozen=True)
class Row:
    """A family over all its trials. recall: share of campaign accounts that are suspects, low and high its interval
    by bootstrap over pages; review: suspects and reviews; accused: honest accounts that are suspects, of n_honest."""

    family: str
    n_pages: int
    n_campaign: int
    recall: float | None
    low: float | None
    high: float | None
    review: float | None
    accused: int
    n_honest: int
    accused_crowd: int
    n_crowd: int


def table(trials: Sequence[Trial]) -> list[Row]:
    """One row per family, in the order of first appearance."""
    return [_row(name, [t for t in trials if t.family == name]) for name in dict.fromkeys(t.family for t in trials)]


def _row(name: str, trials: Sequence[Trial]) -> Row:
    def total(role: str, *verdicts: str) -> int:
        return sum(n for t in trials for (r, v), n in t.counts.items()
                   if r == role and (not verdicts or v in verdicts))

    n, found = total("campaign"), total("campaign", "suspect")
    low = high = None
    if n:
        pages = sorted({(t.dump, t.page) for t in trials})
        each = np.array([[sum(c for t in trials if (t.dump, t.page) == p for (r, v), c in t.counts.items()
                              if r == "campaign" and (v == "suspect" or not only)) for only in (True, False)]
                         for p in pages], np.float64)
        drawn = each[np.random.default_rng(0).integers(len(pages), size=(BOOTSTRAPS, len(pages)))].sum(axis=1)
        low, high = (float(x) for x in np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975]))
    crowd = ("fan", "club")
    return Row(name, len({(t.dump, t.page) for t in trials}), n, found / n if n else None, low, high,
               total("campaign", "suspect", "review") / n if n else None, total("other", "suspect"), total("other"),
               sum(total(r, "suspect") for r in crowd), sum(total(r) for r in crowd))


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| family | pages | campaign accounts | suspect (95 %) | or review | others accused | crowd accused |",
             "|---|---|---|---|---|---|---|"]
    for r in rows:
        recall = "" if r.recall is None else f"{r.recall:.3f} ({r.low:.2f}-{r.high:.2f})"
        review = "" if r.review is None else f"{r.review:.3f}"
        crowd = f"{r.accused_crowd} of {r.n_crowd}" if r.n_crowd else ""
        per = f"{r.accused} of {r.n_honest:,} ({10_000 * r.accused / max(r.n_honest, 1):.2f} per 10,000)"
        lines.append(f"| {r.family} | {r.n_pages} | {r.n_campaign or ''} | {recall} | {review} | {per} | {crowd} |")
    return "\n".join(lines)
