"""What a campaign has to do to stay unseen: recall and accusations where its truth is known, family by family."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from fakedetect import pipeline
from fakedetect.errors import InputError
from fakedetect.evaluate.plant import MIN_COMMENTS, MIN_POSTS, PLANTS, Plant, pages_of, plant
from fakedetect.normalise import normalise
from fakedetect.readers import read as read_raw
from fakedetect.schema import Dump

BOOTSTRAPS = 2000
CAMPAIGN = ("campaign", "twice")
"""Roles of `plant` that are no honest account's."""


@dataclass(frozen=True)
class Trial:
    """One planting. counts: accounts by (role, verdict); role is campaign, twice, fan, club or other.

    n_shown: posts, of the n_added with comments of the campaign in the first hour, that a group shows; n_covered, of
    the n_told where there is one: those where the interval of comments beyond the ordinary holds the truth. n_bursts:
    groups with such an interval over all their posts; n_held: those where it holds the truth.
    """

    family: str
    dump: str
    page: str
    seed: int
    n_posts: int
    n_worked: int
    counts: dict[tuple[str, str], int]
    n_added: int
    n_shown: int
    n_told: int
    n_covered: int
    n_bursts: int
    n_held: int


@lru_cache(maxsize=2)
def pages_at(path: str) -> list[Dump]:
    """The pages of the dump at `path` that take part (see plant.pages_of)."""
    return pages_of(normalise(read_raw([Path(path)])))


def worked_on(path: str, page: int, what: Plant) -> list[Dump]:
    """The pages that `what` takes from `page` on."""
    return pages_at(path)[page:page + what.pages]


def places(path: str, what: Plant) -> range:
    """The pages from which `what` is planted, so that no page is taken twice and all plantings are of one size."""
    return range(0, len(pages_at(path)) - what.pages + 1, what.pages)


def trial(path: str, page: int, family: str, what: Plant, seed: int, page_alpha: float, fdr: float) -> Trial:
    """Plant and audit, on `page` and as many after it as the campaign works on. Accounts that the dump declares are not
    counted."""
    there = worked_on(path, page, what)
    planted = plant(there, what, seed)
    audit = pipeline.audit(planted.dump, pipeline.Options(seed=seed, page_alpha=page_alpha, fdr=fdr))
    counts: dict[tuple[str, str], int] = {}
    for author, verdict in zip(audit.accounts["author_id"].to_pylist(), audit.accounts["verdict"].to_pylist(),
                               strict=True):
        if verdict != "declared":
            key = (planted.role.get(author, "other"), verdict)
            counts[key] = counts.get(key, 0) + 1
    shown = {post for posts in audit.groups["exhibit_posts"].to_pylist() for post in posts}
    beyond = {r["post_id"]: (r["excess_low"], r["excess_high"]) for r in audit.posts.to_pylist()
              if r["excess_low"] is not None}
    told = [(n, *beyond[post]) for post, n in planted.added.items() if post in beyond]
    covered = sum(low <= n <= high for n, low, high in told)
    bursts = [g for g in audit.groups.to_pylist() if g["excess"] is not None]
    held = sum(g["excess_low"] <= _within(planted.dump, planted.role, g) <= g["excess_high"] for g in bursts)
    return Trial(family, Path(path).stem, str(there[0].posts["page_id"][0].as_py()), seed, planted.n_posts,
                 planted.n_worked, counts, len(planted.added), len(shown & set(planted.added)), len(told), covered,
                 len(bursts), held)


def _within(dump: Dump, role: Mapping[str, str], group: Mapping[str, Any]) -> int:
    """Comments of the campaign in the window of a burst, on its posts (exhibit_posts: farms have few)."""
    published = dict(zip(dump.posts["post_id"].to_pylist(), dump.posts["post_time"].to_pylist(), strict=True))
    rows = zip(*(dump.comments[c].to_pylist() for c in ("author_id", "post_id", "comment_time")), strict=True)
    return sum(role.get(author) in CAMPAIGN and post in group["exhibit_posts"]
               and (when - published[post]).total_seconds() <= group["window_s"] for author, post, when in rows)


def attack(paths: Sequence[Path], families: dict[str, Plant] | None = None, *, first_seed: int = 1, seeds: int = 1,
           jobs: int = 2, page_alpha: float = 0.02, fdr: float = 0.05,
           progress: Callable[[int, int], None] | None = None) -> list[Trial]:
    """Every family on every page of the dumps (on every so many, where it works on several), `seeds` times. Raises
    InputError where none can hold one. Deterministic by seed."""
    chosen = dict(PLANTS) if families is None else families
    if not any(pages_at(str(p)) for p in paths):
        raise InputError("no page takes part", hint=f"a page needs {MIN_POSTS} dated posts of {MIN_COMMENTS} comments")
    work = [(str(p), k, name, what, seed, page_alpha, fdr)
            for p in paths for name, what in chosen.items() for k in places(str(p), what)
            for seed in range(first_seed, first_seed + seeds)]
    for name, what in chosen.items():
        if not any(len(places(str(p), what)) for p in paths):
            raise InputError(f"no dump has the {what.pages} pages that {name!r} works on",
                             hint="name a dump with as many pages, or other families with --family")
    done: list[Trial] = []
    for one in joblib.Parallel(jobs, return_as="generator")(joblib.delayed(trial)(*w) for w in work):
        done.append(one)
        if progress is not None:
            progress(len(done), len(work))
    return done


@dataclass(frozen=True)
class Row:
    """A family over all its trials. recall: share of campaign accounts that are suspects, low and high its interval
    by bootstrap over pages; review: suspects and reviews; accused: honest accounts that are suspects, of n_honest.
    n_pages: places planted on, of one page or of as many as the campaign works on. size, worked, posts: fewest and most
    accounts of a campaign, posts it works on, posts there are to work on.

    Where accounts are thrown away: twice, the recall among those on two posts; shown, the share of its posts that a
    group shows; covered, the share of posts where the interval of the comments beyond the ordinary holds the truth, of
    those where there is one (told, their share); held, the same of the groups' intervals over all their posts.
    """

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
    size: tuple[int, int]
    worked: tuple[int, int]
    posts: tuple[int, int]
    twice: float | None = None
    shown: float | None = None
    told: float | None = None
    covered: float | None = None
    held: float | None = None


def table(trials: Sequence[Trial]) -> list[Row]:
    """One row per family, in the order of first appearance."""
    return [_row(name, [t for t in trials if t.family == name]) for name in dict.fromkeys(t.family for t in trials)]


def _row(name: str, trials: Sequence[Trial]) -> Row:
    def total(role: str, *verdicts: str) -> int:
        return sum(n for t in trials for (r, v), n in t.counts.items()
                   if r == role and (not verdicts or v in verdicts))

    def campaign(*verdicts: str) -> int:
        return sum(total(role, *verdicts) for role in CAMPAIGN)

    n, found = campaign(), campaign("suspect")
    low = high = None
    if n:
        pages = sorted({(t.dump, t.page) for t in trials})
        each = np.array([[sum(c for t in trials if (t.dump, t.page) == p for (r, v), c in t.counts.items()
                              if r in CAMPAIGN and (v == "suspect" or not only)) for only in (True, False)]
                         for p in pages], np.float64)
        drawn = each[np.random.default_rng(0).integers(len(pages), size=(BOOTSTRAPS, len(pages)))].sum(axis=1)
        low, high = (float(x) for x in np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975]))
    crowd = ("fan", "club")
    return Row(name, len({(t.dump, t.page) for t in trials}), n, found / n if n else None, low, high,
               campaign("suspect", "review") / n if n else None, total("other", "suspect"), total("other"),
               sum(total(r, "suspect") for r in crowd), sum(total(r) for r in crowd),
               _range([sum(n for (r, _), n in t.counts.items() if r in CAMPAIGN) for t in trials]),
               _range([t.n_worked for t in trials]), _range([t.n_posts for t in trials]), *_thrown_away(trials, total))


def _range(values: Sequence[int]) -> tuple[int, int]:
    return min(values), max(values)


def _thrown_away(trials: Sequence[Trial], total: Callable[..., int]) -> tuple[float | None, ...]:
    n, posts = total("twice"), sum(t.n_added for t in trials)
    told, bursts = sum(t.n_told for t in trials), sum(t.n_bursts for t in trials)
    if not n:
        return None, None, None, None, None
    return (total("twice", "suspect") / n, sum(t.n_shown for t in trials) / posts, told / posts,
            sum(t.n_covered for t in trials) / told if told else None,
            sum(t.n_held for t in trials) / bursts if bursts else None)


def _span(values: tuple[int, int]) -> str:
    return str(values[0]) if values[0] == values[1] else f"{values[0]}-{values[1]}"


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| family | pages | campaign accounts | on posts | suspect (95 %) | or review | others accused | crowd |",
             "|---|---|---|---|---|---|---|---|"]
    for r in rows:
        recall = "" if r.recall is None else f"{r.recall:.3f} ({r.low:.2f}-{r.high:.2f})"
        review = "" if r.review is None else f"{r.review:.3f}"
        crowd = f"{r.accused_crowd} of {r.n_crowd}" if r.n_crowd else ""
        per = f"{r.accused} of {r.n_honest:,} ({10_000 * r.accused / max(r.n_honest, 1):.2f} per 10,000)"
        each = f"{r.n_campaign} ({_span(r.size)} each)" if r.n_campaign else ""
        worked = f"{_span(r.worked)} of {_span(r.posts)}" if r.n_campaign else f"{_span(r.posts)}"
        lines.append(f"| {r.family} | {r.n_pages} | {each} | {worked} | {recall} | {review} | {per} | {crowd} |")
    for r in (r for r in rows if r.twice is not None):
        none = float("nan")
        said = (f"{r.family}: {r.twice:.3f} of the accounts on two posts are suspects; a group shows {r.shown:.3f} of "
                f"its posts; the interval of comments beyond the ordinary in the first hour is told on {r.told:.3f} of "
                f"them and holds the truth on {none if r.covered is None else r.covered:.3f} of those; that of a group "
                f"over its window and posts holds it in {none if r.held is None else r.held:.3f} of groups.")
        lines += ["", said]
    return "\n".join(lines)
