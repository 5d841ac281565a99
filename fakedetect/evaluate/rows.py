"""Audited pages whose truth is known, as rows that classifiers are fitted to and measured on.

A page gives its campaigns and honest crowds whole, and of its other accounts a sample that says how many each stands
for; verdicts are counted over all of them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fakedetect import pipeline
from fakedetect.evaluate.attacks import pages_at
from fakedetect.evaluate.mixed import mixed
from fakedetect.evaluate.plant import MIN_POSTS, usable_posts
from fakedetect.evaluate.training import CAMPAIGN_WEIGHT, FIRST_SEED, Examples, dump_of, joined, thinned
from fakedetect.features import FEATURES
from fakedetect.normalise import normalise
from fakedetect.readers import read as read_raw
from fakedetect.schema import Dump
from fakedetect.simulate.presets import PRESETS, REVIEW_PRESETS

Names = NDArray[np.str_]

RETURNING, ONCE = 3000, 1500
"""Accounts of a page that are kept at most over all its plantings: seen on two posts or more, and on one."""
ACTIVITY = (1, 2, 5, 20)
YOUNG_DAYS = 90.0


@dataclass(frozen=True)
class Rows:
    """One row per kept account, (n,). x: (n, features), float32; y: 1 for a campaign's account; weight: accounts it
    stands for. kind: its campaign's family, or what it is; campaign: names it among all, or is empty. platform, page,
    run: where it was. probability: of the shipped model, nan where it was refused; q: of its place in a group that
    passed, nan outside."""

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    weight: NDArray[np.float64]
    kind: Names
    campaign: Names
    platform: Names
    page: Names
    run: Names
    probability: NDArray[np.float64]
    q: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.y)

    def take(self, kept: NDArray[Any]) -> Rows:
        """The rows at `kept`: places, or a mask."""
        return Rows(*(getattr(self, f.name)[kept] for f in fields(self)))

    def examples(self) -> Examples:
        """As the classifier is fitted to them: a campaign weighs as `training` has it, a run is a page."""
        _, code, size = np.unique(self.campaign, return_inverse=True, return_counts=True)
        per = np.minimum(1.0, CAMPAIGN_WEIGHT / size)[code]
        run = np.unique(self.run, return_inverse=True)[1]
        return Examples(self.x.astype(np.float64), self.y, np.where(self.y == 1, per, self.weight), run,
                        self.kind)


@dataclass(frozen=True)
class Run:
    """One audit: its rows, and how many accounts of each (stratum, its value, campaign or not) got which verdict."""

    rows: Rows
    verdicts: Counter[tuple[str, str, bool, str]]


def planted(path: str, page: int, seed: int, n_seeds: int, half: int | None = None, judged: bool = True) -> Run:
    """A real page (the dump's `page`-th of those that can hold a campaign) with campaigns and crowds on it.

    n_seeds: plantings of the page that share its sample; half: only the first (0) or second (1) half of its posts;
    judged: by the shipped model, too (it need not fit the features otherwise).
    """
    pages = pages_at(path)
    page_id = pages[page].posts["page_id"][0].as_py()
    words = [text for where, text in texts_at(path) if where != page_id]
    there = mixed(pages[page] if half is None else halves(pages[page])[half], words, seed)
    accounts = _judged(there.dump, seed) if judged else _measured(there.dump, seed)
    platform = path.rstrip("/").rsplit("/", 1)[-1]
    name = f"{platform}/{page_id}"
    campaign = {a: f"{name}/{seed}/{k}" for a, k in there.campaign.items()}
    return _run(accounts, there.family, campaign, platform, name, seed, "en", n_seeds)


@lru_cache(maxsize=2)
def texts_at(path: str) -> list[tuple[str | None, str]]:
    """(page, text) of what was said in the dump at `path`, each text once, in order of the texts."""
    comments = normalise(read_raw([Path(path)])).comments
    found = comments.select(["page_id", "text"]).group_by("text").aggregate([("page_id", "min")])
    return sorted(((p, t) for p, t in zip(found["page_id_min"].to_pylist(), found["text"].to_pylist(), strict=True)
                   if t and t.strip()), key=lambda pair: pair[1])


def halves(page: Dump) -> list[Dump]:
    """The page's earlier posts and its later ones, with their comments; none where a half could not hold a campaign."""
    keys = [k for _, k in sorted((t, k) for k, (t, _) in usable_posts(page).items())]
    if len(keys) < 2 * MIN_POSTS:
        return []
    out = []
    for part in (keys[: len(keys) // 2], keys[len(keys) // 2 :]):
        there = pa.array(part)
        out.append(replace(page, posts=page.posts.filter(pc.is_in(page.posts["post_id"], value_set=there)),
                           comments=page.comments.filter(pc.is_in(page.comments["post_id"], value_set=there))))
    return out


def simulated(preset: str, seed: int) -> Run:
    """A simulated page; of training pages, and review sites, also what their exports lack is drawn."""
    if seed >= FIRST_SEED:
        raise ValueError(f"seeds from {FIRST_SEED} on were trained on. Got {seed} instead.")
    whole = (PRESETS | REVIEW_PRESETS)[preset](seed)
    page = whole
    if preset.endswith("training"):
        page = thinned(whole, np.random.Generator(np.random.Philox(key=[seed, 7])))
    accounts = _judged(dump_of(page), seed)
    truth = page.truth.to_pylist()
    family = {r["author_id"]: r["family"] for r in truth if r["role"] != "organic"}
    campaign = {r["author_id"]: f"{preset}/{seed}/{r['campaign']}" for r in truth if r["is_suspect"]}
    return _run(accounts, family, campaign, "simulated", f"{preset}/{seed}", seed, page.spec.lang)


def _judged(dump: Dump, seed: int) -> pa.Table:
    options, model = pipeline.Options(seed=seed), pipeline.load_model(None)
    accounts, *_ = pipeline.judge(pipeline.evidence(dump, options, text=model.text, power=False), options, model)
    return accounts.filter([v != "declared" for v in accounts["verdict"].to_pylist()])


def _measured(dump: Dump, seed: int) -> pa.Table:
    found = pipeline.evidence(dump, pipeline.Options(seed=seed), power=False)
    known = found.accounts.filter([a not in found.declared for a in found.accounts["author_id"].to_pylist()])
    none = pa.nulls(known.num_rows, pa.float64())
    for name in ("probability", "q_value", "group_id"):
        known = known.append_column(name, none)
    return known.append_column("verdict", pa.array([""] * known.num_rows))


def _run(known: pa.Table, family: Mapping[str, str], campaign: Mapping[str, str], platform: str, page: str, seed: int,
         lang: str, n_seeds: int = 1) -> Run:
    authors = known["author_id"].to_pylist()
    suspect = np.array([a in campaign for a in authors], bool)
    n_posts = known["n_posts"].to_numpy()
    kept, weight = _sample(np.array([a in family for a in authors], bool), n_posts, n_seeds, f"{page} {seed}")
    x = np.column_stack([np.array(known[f.name].to_pylist(), np.float64) for f in FEATURES]).astype(np.float32)
    probability = np.array(known["probability"].to_pylist(), np.float64)
    q = np.where(pc.is_valid(known["group_id"]), np.array(known["q_value"].to_pylist(), np.float64), np.nan)
    kind = np.array([family.get(a, "other") for a in authors])
    rows = Rows(x[kept], suspect[kept].astype(np.int64), weight[kept], kind[kept],
                np.array([campaign.get(a, "") for a in authors])[kept], np.full(kept.sum(), platform),
                np.full(kept.sum(), page), np.full(kept.sum(), f"{page}/{seed}"), probability[kept],
                q[kept])
    counts: Counter[tuple[str, str, bool, str]] = Counter()
    verdict = known["verdict"].to_pylist()
    age = np.array(known["account_age_days"].to_pylist(), np.float64)
    named = [n is not None for n in known["author_name"].to_pylist()]
    active = np.searchsorted(ACTIVITY, known["n_comments"].to_numpy(), side="right") - 1
    for k in range(len(authors)):
        young = "unknown" if np.isnan(age[k]) else "young" if age[k] < YOUNG_DAYS else "old"
        for stratum, value in (("kind", str(kind[k])), ("language", lang), ("platform", platform),
                               ("activity", f"{ACTIVITY[active[k]]} comments or more"), ("account age", young),
                               ("name", "known" if named[k] else "unknown")):
            counts[stratum, value, bool(suspect[k]), verdict[k]] += 1
    return Run(rows, counts)


def _sample(whole: NDArray[np.bool_], n_posts: NDArray[np.int64], n_seeds: int,
            name: str) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Whom to keep, and how many each stands for. whole: who is kept whatever is drawn."""
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))
    kept, weight = whole.copy(), np.ones(len(whole))
    for part, most in ((~whole & (n_posts > 1), RETURNING), (~whole & (n_posts <= 1), ONCE)):
        places = np.flatnonzero(part)
        chosen = rng.choice(places, min(most // n_seeds, len(places)), replace=False)
        kept[chosen] = True
        weight[chosen] = len(places) / max(len(chosen), 1)
    return kept, weight


def gathered(work: Sequence[tuple[Any, ...]], run: Callable[..., Run], *, jobs: int = 2,
             progress: Callable[[int, int], None] | None = None) -> tuple[Rows, Counter[tuple[str, str, bool, str]]]:
    """The rows and counts of `run` on each piece of work, in its order whatever the number of jobs."""
    parts: list[Rows] = []
    counts: Counter[tuple[str, str, bool, str]] = Counter()
    for one in joblib.Parallel(jobs, return_as="generator")(joblib.delayed(run)(*w) for w in work):
        parts.append(one.rows)
        counts.update(one.verdicts)
        if progress is not None:
            progress(len(parts), len(work))
    return joined(parts), counts
