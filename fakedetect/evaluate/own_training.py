"""Train the classifier on simulated pages and on a brand's own labels, and hold it against the model it would replace.

The comparison is cross-fitted: each labelled account is scored by trees and a calibrator that saw nothing of its
group. Nothing of the labels or dumps goes into the model directory but counts, hashes and the options of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fakedetect import features, pipeline, versions
from fakedetect.errors import ModelError, UsageError
from fakedetect.evaluate import comparison, own_labels, training
from fakedetect.evaluate.own_labels import Own
from fakedetect.evaluate.training import Examples
from fakedetect.model.classifier import AccountClassifier
from fakedetect.model.store import LoadedModel, check_replaceable, save

FOLDS = 3
"""Of the comparison, at most; each costs as much as the model itself."""
MAX_WEIGHT = 20.0
"""Simulated accounts that one labelled account may weigh."""
BASE_RATE = pipeline.Options().base_rate
SEED = pipeline.Options().seed

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Trained:
    """What came of it. fingerprint: of the model written; None where it was not, being worse than the one there."""

    comparison: Mapping[str, Any]
    fingerprint: str | None


def check_out(out: Path, replace: bool) -> None:
    """Raise UsageError where something stands in `out` that is not to be replaced, ModelError where it is no model."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        if not replace:
            raise UsageError("the folder is there and not empty", where=str(out),
                             hint="--out NEW_FOLDER, or --replace to put the new model in the old one's place")
        check_replaceable(out)


def train(
    labels: Path,
    dumps: Sequence[str],
    out: Path,
    *,
    old: Path | None = None,
    replace: bool = False,
    n_pages: int = training.N_PAGES,
    jobs: int = 2,
    reading: Mapping[str, Any],
    options: Mapping[str, Any],
    tell: Callable[[str], None],
    progress: Progress,
) -> Trained:
    """Read labels and dumps, simulate, compare, fit, and write the model directory `out`, whole or not at all.

    reading: keywords of `pipeline.read`; options: how they are told in training.json. tell: hears what was left out,
    before the long part. With `replace`, a model in `out` is the old one, and stays where the new one is worse; else
    the old one is that in `old` (None: the shipped). Raises UsageError, InputError and its children, ModelError.
    """
    check_out(out, replace)
    there = out.is_dir() and any(out.iterdir())
    before = pipeline.load_model(out if there else old)
    given = own_labels.read(labels)
    progress("read", 0, 1)
    dump = pipeline.read(dumps, **reading)
    own = own_labels.find(given, dump, pipeline.evidence(dump, pipeline.Options(), progress))
    own_labels.check_enough(own, given.where)
    hashes = sorted(set(dump.sources.values()))
    seen = _seen(before, hashes)
    for line in (*own.told, f"the old model learned from {seen} of these {len(hashes)} files itself" if seen else ""):
        if line:
            tell(line)
    n, campaigns = int(own.y.sum()), len(set(own.campaign[own.y == 1]))
    tell(f"labelled: {n} suspects in {campaigns} campaigns and {len(own.y) - n} organic accounts")
    simulated = training.gather(n_pages, jobs=jobs, progress=lambda done, total: progress("train", done, total))
    found = compared(before, simulated, own, progress)
    if there and found["worse"]:
        return Trained(found, None)
    progress("fit", 0, 1)
    examples = with_labels(simulated, own, np.ones(len(own.y), bool))
    facts = {
        "name": "own labels",
        "pages": n_pages,
        "first_seed": training.FIRST_SEED,
        "lacks": dict(training.LACKS),
        "accounts": len(simulated.y),
        "campaign_accounts": int(simulated.y.sum()),
        "seed": SEED,
        "own_labels": {
            "labels": given.sha256,
            "dumps": hashes,
            "files_old_model_saw": seen,
            "suspects": n,
            "campaigns": campaigns,
            "organic": len(own.y) - n,
            "groups": len(set(own.group)),
            "groups_are": own.by,
            "left_out": dict(own.counts),
            "weight_of_one": _weight_of_one(simulated, own, np.ones(len(own.y), bool)),
        },
        "options": dict(options),
        "comparison": {**found, "old_model": before.fingerprint},
        "versions": {k: v for k, v in versions.versions().items() if k not in ("python", "machine", "fakedetect")},
    }
    fingerprint = save(
        training.fit(examples, base_rate=BASE_RATE, seed=SEED),
        out,
        features=[{"name": f.name, "monotone": f.monotone, "family": f.family, "unit": f.unit}
                  for f in features.FEATURES],
        feature_fingerprint=features.fingerprint(),
        training=facts,
        card=card(facts),
    )
    return Trained(found, fingerprint)


def _seen(old: LoadedModel, hashes: Sequence[str]) -> int:
    """How many of these files the old model learned from itself: to it their accounts are not held out."""
    known = old.training.get("own_labels")
    dumps = known.get("dumps") if isinstance(known, dict) else None
    return sum(h in dumps for h in hashes) if isinstance(dumps, list) else 0


# --- weights

def _campaign_weights(own: Own, rows: np.ndarray) -> np.ndarray:
    """Of each row, as of simulated accounts: a campaign weighs CAMPAIGN_WEIGHT accounts at most."""
    campaign, y = own.campaign[rows], own.y[rows]
    size = np.bincount(campaign[y == 1], minlength=int(campaign.max()) + 1)[campaign]
    return np.where(y == 1, np.minimum(1.0, training.CAMPAIGN_WEIGHT / np.maximum(size, 1)), 1.0)


def _weight_of_one(simulated: Examples, own: Own, rows: np.ndarray) -> float:
    """How many simulated accounts a labelled one weighs.

    As many as bring the labels to the simulated weight in the first of the two classes to get there, MAX_WEIGHT at
    most and one at least. One number for both classes: with a number for each, so that suspects are as rare among the
    labelled as among the simulated, ranks and probabilities came out worse (docs/decisions.md).
    """
    y, weight = own.y[rows], _campaign_weights(own, rows)
    shares = [simulated.weight[simulated.y == c].sum() / weight[y == c].sum() for c in (0, 1) if (y == c).any()]
    return round(float(np.clip(min(shares), 1.0, MAX_WEIGHT)), 6)


def with_labels(simulated: Examples, own: Own, rows: np.ndarray) -> Examples:
    """The simulated examples and these rows (truth value per labelled account); groups are pages, ours negative."""
    weight = _campaign_weights(own, rows) * _weight_of_one(simulated, own, rows)
    kind = np.full(int(rows.sum()), "labelled")
    return training.joined([simulated, Examples(own.x[rows], own.y[rows], weight, -1 - own.group[rows], kind)])


# --- comparison

def folds(own: Own) -> Iterator[np.ndarray]:
    """The held-out rows of each cut: whole groups, those with suspects spread first."""
    n = min(FOLDS, len(set(own.group[own.y == 1])))
    groups = sorted(set(own.group.tolist()), key=lambda g: (-own.y[own.group == g].sum(), -(own.group == g).sum(), g))
    load = np.zeros((n, 2))
    fold: dict[int, int] = {}
    for g in groups:
        mine = own.group == g
        # Suspects are what is scarce; of groups without, the fold with the fewest accounts gets the next.
        column = 0 if own.y[mine].any() else 1
        fold[g] = int(np.argmin(load[:, column]))
        load[fold[g]] += own.y[mine].sum(), mine.sum()
    of = np.array([fold[g] for g in own.group.tolist()])
    for k in range(n):
        yield of == k


def compared(old: LoadedModel, simulated: Examples, own: Own, progress: Progress) -> dict[str, Any]:
    """The old model and the new one on the labelled accounts; the new one without their groups each time."""
    raw, probability = np.empty(len(own.y)), np.empty(len(own.y))
    cuts = list(folds(own))
    for done, out in enumerate(cuts):
        progress("compare", done, len(cuts))
        model = training.fit(with_labels(simulated, own, ~out), base_rate=BASE_RATE, seed=SEED)
        raw[out], probability[out] = _scores(model, own.x[out])
    before = comparison.Scored(*_scores(old.classifier.recalibrate(BASE_RATE), own.x))
    after = comparison.Scored(raw, probability)
    return comparison.compare(before, after, own.y, own.group, BASE_RATE) | {"folds": len(cuts), "groups_are": own.by}


def _scores(model: AccountClassifier, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (features.significant(model.decision_function(x)),
            features.significant(model.predict_proba(x)[:, 1]))


def verdict(found: Mapping[str, Any]) -> str:
    """One sentence on a comparison."""
    if found["worse"]:
        return "The new model shall not take the old one's place: " + " and ".join(found["worse"]) + "."
    better = found["difference"]["average_precision"]["low"] > 0
    return "The new model ranks better than the old one." if better else "The new model is not worse than the old one."


def refused(out: Path, trained: Trained) -> ModelError:
    """The error for a model that was not written."""
    return ModelError(f"{verdict(trained.comparison)} It was not written, the old one stays", where=str(out),
                      hint="label more accounts, check the labels, or write it to another folder with --out")


def card(facts: Mapping[str, Any]) -> str:
    """The model card, from what the run knows."""
    own, found = facts["own_labels"], facts["comparison"]
    left = own["left_out"]
    kept_apart = {
        "page": "Groups are pages, those joined that a suspect or a campaign works on together: it was measured on "
                "pages it had not seen.",
        "campaign": "Groups are campaigns, because all suspects stand on one page, or on pages that hang together: it "
                    "was measured on campaigns it had not seen, but on a page whose organic accounts it had; how it "
                    "does on another page is not known.",
    }[own["groups_are"]]
    seen = own["files_old_model_saw"]
    favoured = f"- The old model learned from {seen} of these files itself, which favours it here.\n" if seen else ""
    return f"""# Model card: own labels

A gradient-boosted classifier of accounts (LightGBM, {len(features.FEATURES)} features, monotone where a direction is known).
It weighs evidence; it never convicts alone: a verdict of `suspect` needs a group that passed its own tests.

- **Trained on** {facts["pages"]} simulated pages (seeds from {facts["first_seed"]}; {facts["accounts"]:,} accounts, {facts["campaign_accounts"]:,} in campaigns), and on
  {own["suspects"]} suspects in {own["campaigns"]} campaigns and {own["organic"]} organic accounts that people labelled.
- **Weights** A labelled account weighs as {own["weight_of_one"]:g} simulated ones, so that the labels count beside many more
  simulated accounts; a campaign weighs {training.CAMPAIGN_WEIGHT:g} accounts at most, whoever labelled it.
- **Labels left out** of {left["rows"]} rows: {left["unsure"]} unsure, {left["unmatched"]} that match nothing in the dumps, {left["ambiguous"]} that several accounts bear;
  of the accounts {left["contradicted"]} labelled both ways, {left["declared"]} declared, {left["on_several_pages"]} organic ones on pages of several groups.
- **No data** of the labels or dumps is in it, only counts, SHA-256 hashes and options (`training.json`). Trees do hold
  thresholds of features.
- **Calibrated** out of fold, group by group (isotonic), then moved to the stated base rate.
- **Limits** Who was labelled was chosen by people, and so was what they saw. The labels' mistakes are learned.

## Against the old model

{found["suspects"]} suspects and {found["organic"]} organic accounts, in {found["groups"]} groups, {found["groups_with_suspects"]} of them with suspects; {found["folds"]} cuts, intervals from {found["draws"]:,}
draws of whole groups. {kept_apart} The base rate is {found["base_rate"]:g}; the other figures are of the labelled accounts as
they are, where suspects are far more frequent. Few groups make wide and uncertain intervals.

{comparison.markdown(found)}

{verdict(found)}

- Old model: fingerprint {found["old_model"]}.
{favoured}"""  # noqa: E501 (one line of text is one line of the card)
