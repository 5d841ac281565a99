"""Measure the classifier as `protocol.md` says, which was written before: splits, controls and figures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import combinations
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy import special
from sklearn.tree import DecisionTreeClassifier

from fakedetect.decide import LIKELY
from fakedetect.errors import InputError
from fakedetect.evaluate import metrics, training
from fakedetect.evaluate.attacks import pages_at
from fakedetect.evaluate.mixed import MECHANISMS
from fakedetect.evaluate.rows import Rows, gathered, halves, planted, simulated
from fakedetect.evaluate.training import Examples
from fakedetect.features import FEATURES
from fakedetect.model.calibration import shift_prior
from fakedetect.model.classifier import AccountClassifier
from fakedetect.outcome import Options
from fakedetect.pipeline import load_model

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

PARTS = 4
N_TRAININGS = 10
"""Of the stability figures."""
PREVALENCES = (0.0001, 0.001, 0.01)
CROWDS = ("fan", "club")
SIMULATED_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "minutes": ("tight_early", "tight_late", "split_crews", "camouflage", "among_fans", "orangina"),
    "spaced": ("spaced",),
    "seldom": ("rare",),
    "few": ("small_slow",),
    "copied": ("templates", "copy_paste"),
    "own_moments": ("own_words",),
    "thrown_away": ("farm",),
}
"""What the simulator calls the families of each mechanism."""
SAMPLE = 4
"""Of simulated organic accounts so manieth is taken, and stands for so many."""
RATE = Options().base_rate
Scored = tuple[Floats, Floats | None]
"""What ranks accounts, and probabilities at RATE where there are some. Calibrated probabilities are flat in parts: by
them many accounts are equal."""


@dataclass(frozen=True)
class Figures:
    """One model on one set of rows. ap, low, high: average precision at the page's own prevalence and its interval;
    at: by prevalence, (average precision, recall at FDR 5 %, at 10 %, slope, Brier skill); the last two are nan for
    scores that are no probabilities. bins: metrics.top_bins at 1 %."""

    model: str
    split: str
    ap: float
    low: float
    high: float
    at: Mapping[float, tuple[float, ...]]
    bins: Sequence[tuple[float, float, float, float, float]] = ()
    families: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """All that the protocol prints. difference: average precision of fitted less simulated where a platform was left
    out, with its interval. origin: how well a tree tells the dump of an organic account, and the best constant.
    stability: by family and of "all", mean and least overlap (Jaccard) of the suspects of two trainings."""

    text_hash: str
    n_pages: int
    n_runs: int
    figures: list[Figures]
    difference: tuple[float, float, float] | None
    origin: tuple[float, float]
    stability: Mapping[str, tuple[float, float]]
    verdicts: Counter[tuple[str, str, bool, str]]
    facts: Mapping[str, Any]


def text() -> str:
    """The protocol as it was written."""
    return resources.files("fakedetect.evaluate").joinpath("protocol.md").read_text("utf-8")


def protocol(dumps: Sequence[str], *, seeds: int, first_seed: int, pages: int, train_pages: int, jobs: int = 2,
             progress: Progress) -> Report:
    """Audit, fit and measure. seeds: plantings per real page; pages: simulated ones with every hard negative;
    train_pages: simulated ones in training. Raises InputError where fewer than PARTS pages can hold a campaign."""
    places = [(d, k) for d in dumps for k in range(len(pages_at(d)))]
    if len(places) < PARTS:
        raise InputError(f"{len(places)} pages can hold a campaign; {PARTS} are needed",
                         hint="each needs 60 dated posts with five comments or more")
    chosen = range(first_seed, first_seed + seeds)
    rows, verdicts = gathered([(d, k, s, seeds) for s in chosen for d, k in places], planted, jobs=jobs,
                              progress=lambda i, n: progress("plant", i, n))
    halved = [(d, k, first_seed + h, 2, h) for d, k in places if halves(pages_at(d)[k]) for h in (0, 1)]
    in_time = gathered(halved, planted, jobs=jobs, progress=lambda i, n: progress("halves", i, n))[0]
    crowds = gathered([("negatives", s) for s in range(first_seed, first_seed + pages)], simulated, jobs=jobs,
                      progress=lambda i, n: progress("simulate", i, n))[1]
    examples = thinner(training.gather(train_pages, jobs=jobs, progress=lambda i, n: progress("train", i, n)))
    figures, difference = _measured(rows, in_time, examples, jobs, progress)
    return Report(hashlib.sha256(text().encode()).hexdigest(), len(places), len(np.unique(rows.run)), figures,
                  difference, _origin(rows), stability(rows, examples, jobs, progress), verdicts + crowds,
                  {"seeds": seeds, "first_seed": first_seed, "rows": len(rows), "model": load_model(None).fingerprint})


def thinner(examples: Examples) -> Examples:
    kept = (examples.y == 1) | (np.arange(len(examples.y)) % SAMPLE == 0)
    thin = examples.take(kept)
    return Examples(thin.x, thin.y, np.where(thin.y == 1, thin.weight, thin.weight * SAMPLE), thin.page, thin.kind)


def _measured(rows: Rows, in_time: Rows, examples: Examples, jobs: int,
              progress: Progress) -> tuple[list[Figures], tuple[float, float, float] | None]:
    part = parts(rows)
    mechanism = mechanisms(rows.kind, MECHANISMS)
    work: list[tuple[str, NDArray[np.bool_], NDArray[np.bool_], str, Rows | None]] = []
    for k in range(PARTS):
        work.append(("page", part != k, part == k, "", None))
        for name in MECHANISMS:
            work.append((f"mechanism {name}", (part != k) & (mechanism != name),
                         (part == k) & ((mechanism == name) | (rows.y == 0)), name, None))
    platforms = np.unique(rows.platform)
    if len(platforms) > 1:
        work += [("platform", rows.platform != p, rows.platform == p, "", None) for p in platforms]
    first = np.char.endswith(in_time.run, f"/{in_time.run[0].rsplit('/', 1)[1]}") if len(in_time) else None
    if first is not None:
        work.append(("time", first, ~first, "", in_time))

    def fitted(split: str, train: NDArray[np.bool_], test: NDArray[np.bool_], without: str,
               other: Rows | None) -> dict[str, Scored]:
        there = rows if other is None else other
        mine = examples if not without else examples.take(mechanisms(examples.kind, SIMULATED_FAMILIES) != without)
        x = there.x[test].astype(np.float64)
        real = there.take(train).examples()
        out = {"fitted": _scored(training.fit(training.with_real(mine, real), n_threads=1), x)}
        if split == "page":
            out |= {name: (score, None) for name, score in _controls(real, x).items()}
        if split == "platform":
            out["simulated, same examples"] = _scored(training.fit(mine, n_threads=1), x)
        return out

    done: list[dict[str, Scored]] = []
    for one in joblib.Parallel(jobs, return_as="generator")(joblib.delayed(fitted)(*w) for w in work):
        done.append(one)
        progress("fit", len(done), len(work))
    return _figures(rows, in_time, work, done)


def parts(rows: Rows) -> NDArray[np.int64]:
    """The part of each row's page, 0 to PARTS - 1."""
    pages = np.unique(rows.page)
    return np.random.default_rng(1).permutation(np.arange(len(pages)) % PARTS)[np.searchsorted(pages, rows.page)]


def stability(rows: Rows, examples: Examples, jobs: int, progress: Progress) -> dict[str, tuple[float, float]]:
    """By campaign family and of all, mean and least Jaccard overlap of the suspects of two of N_TRAININGS, each on
    pages drawn with replacement. Judged are the pages of the first part, on which none was trained: who is in a group
    that passed, at a q and a probability that make a suspect."""
    part = parts(rows)
    known, judged = rows.take(part != 0), rows.take(part == 0)
    real = known.examples()
    x = judged.x.astype(np.float64)
    convicted = np.nan_to_num(judged.q, nan=1.0) <= Options().fdr

    def suspects(seed: int) -> NDArray[np.bool_]:
        rng = np.random.default_rng(seed)
        drawn = training.with_real(_redrawn(examples, examples.page, rng), _redrawn(real, known.page, rng))
        return convicted & (training.fit(drawn, n_threads=1).predict_proba(x)[:, 1] >= LIKELY)

    named = []
    for one in joblib.Parallel(jobs, return_as="generator")(joblib.delayed(suspects)(k) for k in range(N_TRAININGS)):
        named.append(one)
        progress("stability", len(named), N_TRAININGS)
    out = {}
    for kind in ("all", *sorted(set(judged.kind[judged.y == 1].tolist()))):
        here = (judged.kind == kind) | (kind == "all")
        unions = [(a & b & here).sum() / (a | b)[here].sum() for a, b in combinations(named, 2) if (a | b)[here].any()]
        if unions:
            out[kind] = (float(np.mean(unions)), float(np.min(unions)))
    return out


def _redrawn(these: Examples, page: NDArray[Any], rng: np.random.Generator) -> Examples:
    """Of as many of the pages, drawn with replacement."""
    names, code = np.unique(page, return_inverse=True)
    times = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))
    return these.take(np.repeat(np.arange(len(code)), times[code]))


def mechanisms(kind: NDArray[np.str_], names: Mapping[str, tuple[str, ...]]) -> NDArray[np.str_]:
    of = {family: mechanism for mechanism, families in names.items() for family in families}
    return np.array([of.get(k, "") for k in kind.tolist()])


def _scored(model: AccountClassifier, x: Floats) -> Scored:
    return model.decision_function(x), model.predict_proba(x)[:, 1]


def _controls(real: Examples, x: Floats) -> dict[str, Floats]:
    """Scores of what is simpler, by name, fitted on `real`."""
    family = np.array([f.family for f in FEATURES])
    known, seen = (np.nan_to_num(a, nan=-1e12) for a in (real.x, x))
    candidates = [(metrics.average_precision(real.y, sign * known[:, k], real.weight), k, sign)
                  for k in range(known.shape[1]) for sign in (1.0, -1.0)]
    _, best, sign = max(candidates)
    out = {"best single feature": sign * seen[:, best]}
    for depth in (2, 3):
        tree = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(known, real.y, sample_weight=real.weight)
        out[f"tree of depth {depth}"] = tree.predict_proba(seen)[:, 1]
    for name in ("profile", "text", "timing"):
        chosen = np.flatnonzero(family == name)
        model = AccountClassifier(n_trees=100, num_leaves=15, min_child=40, calibration="none", n_threads=1)
        model.fit(real.x[:, chosen], real.y, sample_weight=real.weight)
        out[f"{name} alone"] = model.decision_function(x[:, chosen])
    return out


def _figures(rows: Rows, in_time: Rows, work: Sequence[tuple[Any, ...]], done: Sequence[Mapping[str, Scored]]) -> tuple[
        list[Figures], tuple[float, float, float] | None]:
    """The parts of each split put together, and what each model is worth there."""
    out: list[Figures] = []
    difference = None
    for split in ("page", "mechanism", "platform", "time"):
        mine = [k for k, w in enumerate(work) if w[0].split()[0] == split]
        if not mine:
            continue
        there = in_time if split == "time" else rows
        tested = training.joined([there.take(work[k][2]) for k in mine])
        scores = {name: np.concatenate([done[k][name][0] for k in mine]) for name in done[mine[0]]}
        said = {name: np.concatenate([done[k][name][1] for k in mine])
                for name, (_, probability) in done[mine[0]].items() if probability is not None}
        scores["as shipped"] = said["as shipped"] = np.nan_to_num(tested.probability, nan=RATE)
        left_out = np.concatenate([np.full(work[k][2].sum(), work[k][3]) for k in mine])
        for name, score in scores.items():
            out.append(_of(name, split, tested, score, said.get(name), left_out))
        if split == "page":
            same = np.full(len(tested), RATE)
            out.append(_of("constant", split, tested, same, same, left_out))
        if split == "platform":
            def gain(weight: Floats, tested: Rows = tested, scores: Mapping[str, Floats] = scores) -> float:
                return (metrics.average_precision(tested.y, scores["fitted"], weight)
                        - metrics.average_precision(tested.y, scores["simulated, same examples"], weight))
            difference = (gain(tested.weight), *metrics.over_clusters(gain, tested.page, tested.weight))
    return out, difference


def _of(model: str, split: str, rows: Rows, score: Floats, said: Floats | None,
        left_out: NDArray[np.str_]) -> Figures:
    """score: what ranks; said: probabilities at RATE, where the model gives some."""
    families = {}
    for kind in sorted(set(rows.kind[rows.y == 1].tolist())):
        mechanism = str(mechanisms(np.array([kind]), MECHANISMS)[0])
        here = (rows.kind == kind) | ((rows.y == 0) & ((left_out == mechanism) | (split != "mechanism")))
        families[kind] = metrics.average_precision(rows.y[here], score[here], rows.weight[here])
    if split == "mechanism":
        # Organic accounts stand there once for each mechanism that was left out.
        rows = Rows(**{**vars(rows), "weight": np.where(rows.y == 1, rows.weight, rows.weight / len(MECHANISMS))})
    low, high = metrics.over_clusters(lambda w: metrics.average_precision(rows.y, score, w), rows.page, rows.weight)
    at = {}
    bins: list[tuple[float, float, float, float, float]] = []
    for share in PREVALENCES:
        weight = metrics.at_prevalence(rows.y, rows.weight, share)
        slope = skill = float("nan")
        if said is not None:
            p = special.expit(shift_prior(special.logit(np.clip(said, 1e-13, 1 - 1e-13)), RATE, share))
            slope = metrics.calibration_slope(rows.y, p, weight) if model != "constant" else float("nan")
            skill = metrics.brier_skill(rows.y, p, weight)
            bins = metrics.top_bins(rows.y, p, weight) if share == PREVALENCES[-1] else bins
        recall = [metrics.recall_at_fdr(rows.y, score, weight, fdr) for fdr in (0.05, 0.10)]
        at[share] = (metrics.average_precision(rows.y, score, weight), *recall, slope, skill)
    return Figures(model, split, metrics.average_precision(rows.y, score, rows.weight), low, high, at, bins, families)


def _origin(rows: Rows) -> tuple[float, float]:
    """(share of organic accounts whose dump a tree of depth 3 tells, on pages it did not see; the same of the best
    constant). nan where there is one dump."""
    organic = rows.take(rows.y == 0)
    if len(np.unique(organic.platform)) < 2:
        return float("nan"), float("nan")
    x = np.nan_to_num(organic.x.astype(np.float64), nan=-1e12)
    pages = np.unique(organic.page)
    half = (np.searchsorted(pages, organic.page) % 2).astype(bool)
    right = 0.0
    for train, test in ((half, ~half), (~half, half)):
        tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(x[train], organic.platform[train])
        right += float((tree.predict(x[test]) == organic.platform[test]).sum())
    share = np.unique(organic.platform, return_counts=True)[1].max() / len(organic)
    return right / len(organic), float(share)
