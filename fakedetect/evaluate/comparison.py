"""Two models on accounts that neither has learned from: which ranks better, which probabilities are worth more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from fakedetect.evaluate import metrics
from fakedetect.features import significant

Floats = NDArray[np.float64]

DRAWS = 1000
SEED = 0
FDR = 0.05
FIGURES = {
    "average_precision": "average precision",
    "auc": "area under the ROC curve (.5 is chance)",
    "log_loss": "log loss at the base rate",
    "recall": f"recall at {FDR:.0%} false ones among the named",
    "accused": "organic accounts above .5",
}
"""Of organic accounts above .5 and of the log loss less is better."""
WORSE_RANKS = "its average precision is lower by more than chance"
WORSE_LOSS = "its log loss is higher"
CHANCE = "it ranks the labelled accounts no better than chance would"
"""Where labels are mixed up, nothing ranks them, and the less a model dares to say the lower is its log loss."""


@dataclass(frozen=True)
class Scored:
    """What one model says of n accounts: raw scores, which rank, and probabilities at the base rate; (n,) each."""

    raw: Floats
    probability: Floats


def figures(scored: Scored, y: NDArray[np.int64], weight: Floats, base_rate: float) -> dict[str, float]:
    """FIGURES of one model; weight: how often each account counts. nan where one of the classes weighs nothing."""
    bad, good = weight * y, weight * (1 - y)
    if not bad.sum() or not good.sum():
        return dict.fromkeys(FIGURES, float("nan"))
    loss_bad = -(bad * np.log(scored.probability)).sum() / bad.sum()
    loss_good = -(good * np.log1p(-scored.probability)).sum() / good.sum()
    return {
        "average_precision": metrics.average_precision(y, scored.raw, weight),
        "auc": float(roc_auc_score(y, scored.raw, sample_weight=weight)),
        "log_loss": float(base_rate * loss_bad + (1 - base_rate) * loss_good),
        "recall": metrics.recall_at_fdr(y, scored.raw, weight, FDR),
        "accused": float(good[scored.probability > 0.5].sum()),
    }


def compare(
    old: Scored, new: Scored, y: NDArray[np.int64], group: NDArray[np.int64], base_rate: float, draws: int = DRAWS
) -> dict[str, Any]:
    """Figures of both models, their differences (new less old) with 95 % intervals from a paired bootstrap of whole
    groups, the lower end of the new one's area under the curve, and why the new one shall not take the old one's place.

    Groups with suspects and groups without are drawn apart, so that each draw holds both in the same numbers.
    """
    ones = np.ones(len(y))
    before, after = (figures(each, y, ones, base_rate) for each in (old, new))
    apart, areas = [], []
    for weight in _resampled(y, group, draws):
        a, b = (figures(each, y, weight, base_rate) for each in (old, new))
        apart.append([b[name] - a[name] for name in FIGURES])
        areas.append(b["auc"])
    low, high = np.nanpercentile(np.array(apart), [2.5, 97.5], axis=0)
    difference = {
        name: {"estimate": _short(after[name] - before[name]), "low": _short(low[i]), "high": _short(high[i])}
        for i, name in enumerate(FIGURES)
    }
    auc_low = _short(np.nanpercentile(areas, 2.5))
    worse = [CHANCE] if auc_low <= 0.5 else []
    worse += [WORSE_RANKS] if difference["average_precision"]["high"] < 0 else []
    worse += [WORSE_LOSS] if difference["log_loss"]["estimate"] > 0 else []
    return {
        "old": {name: _short(value) for name, value in before.items()},
        "new": {name: _short(value) for name, value in after.items()},
        "difference": difference,
        "auc_low": auc_low,
        "worse": worse,
        "suspects": int(y.sum()),
        "organic": int((1 - y).sum()),
        "groups": len(np.unique(group)),
        "groups_with_suspects": len(np.unique(group[y == 1])),
        "draws": draws,
        "base_rate": base_rate,
    }


def _resampled(y: NDArray[np.int64], group: NDArray[np.int64], draws: int) -> Iterator[Floats]:
    """Per draw how often each account counts: its group was drawn so often."""
    rng = np.random.Generator(np.random.Philox(key=[SEED, 31]))
    n = int(group.max()) + 1
    with_suspects = np.unique(group[y == 1])
    strata = [with_suspects, np.setdiff1d(np.unique(group), with_suspects)]
    for _ in range(draws):
        drawn = np.concatenate([rng.choice(s, len(s)) for s in strata if len(s)])
        yield np.bincount(drawn, minlength=n)[group].astype(np.float64)


def _short(value: float) -> float:
    return float(significant(np.array([value]))[0])


def markdown(found: Mapping[str, Any]) -> str:
    """The comparison as a table."""
    lines = ["| on accounts held out | old model | new model | difference (95 % interval) |", "|---|---|---|---|"]
    for name, label in FIGURES.items():
        apart = found["difference"][name]
        digits = {"accused": "{:z.0f}", "log_loss": "{:z.5f}"}.get(name, "{:z.3f}")
        old, new = (digits.format(found[side][name]) for side in ("old", "new"))
        by, low, high = (digits.format(apart[key]) for key in ("estimate", "low", "high"))
        lines.append(f"| {label} | {old} | {new} | {by} ({low} to {high}) |")
    return "\n".join(lines)
