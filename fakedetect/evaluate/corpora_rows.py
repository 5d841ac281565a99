"""Rows of a table of figures: models of one corpus side by side, with what chance leaves of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Figure = Callable[[Floats, Flags, Floats], Floats]
"""(scores (n,), suspect (n,), weights (draws, n)) -> the figure of each draw."""


@dataclass(frozen=True)
class Row:
    """One model's figure on one corpus, with a 95 % interval from a bootstrap of whole items.

    figure: what is measured (`AUC`, `accuracy`, ...). gain: against the reference model on the same draws, None for
    that model itself. closed: the figure on the rows that were not looked at while features were chosen.
    """

    corpus: str
    model: str
    control: bool
    figure: str
    value: float
    low: float
    high: float
    gain: float | None
    gain_low: float | None
    gain_high: float | None
    closed: float


def compared(corpus: str, figure: str, measure: Figure, scores: Mapping[str, Floats], suspect: Flags, *,
             weights: Floats, closed: Flags, reference: str, controls: Collection[str],
             whole: Flags | None = None) -> list[Row]:
    """A row per model. scores: (n,) each, or (repeats, n), whose figures are averaged; weights: (draws, n); whole: the
    rows that are measured (None: all)."""
    counted = np.ones(len(suspect)) if whole is None else whole.astype(float)

    def drawn(score: Floats, weight: Floats) -> Floats:
        return np.mean([measure(each, suspect, weight * counted) for each in np.atleast_2d(score)], axis=0)

    everyone = np.ones((1, len(suspect)))
    against, value_against = drawn(scores[reference], weights), drawn(scores[reference], everyone)[0]
    rows = []
    for model, score in scores.items():
        value, spread = drawn(score, everyone)[0], drawn(score, weights)
        low, high = np.quantile(spread, [0.025, 0.975])
        gain_low, gain_high = np.quantile(spread - against, [0.025, 0.975])
        apart = model != reference
        rows.append(Row(corpus, model, model in controls, figure, float(value), float(low), float(high),
                        float(value - value_against) if apart else None, float(gain_low) if apart else None,
                        float(gain_high) if apart else None, float(drawn(score, closed[None, :].astype(float))[0])))
    return rows


def lines(rows: Iterable[Row], reference: str) -> list[str]:
    """The rows as a Markdown table; reference: what the gains are against."""
    out = [f"| corpus | model | figure | value (95 %) | against {reference} (95 %) | closed half |",
           "|---|---|---|---|---|---|"]
    for r in rows:
        gain = "" if r.gain is None else f"{r.gain:+.3f} ({r.gain_low:+.3f} to {r.gain_high:+.3f})"
        name = f"control: {r.model}" if r.control else r.model
        out.append(f"| {r.corpus} | {name} | {r.figure} | {r.value:.3f} ({r.low:.3f} to {r.high:.3f}) | {gain} "
                   f"| {r.closed:.3f} |")
    return out
