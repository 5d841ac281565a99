"""How well two raters agree beyond chance."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """n judgements in common; share of them that are equal; Cohen's kappa with its 95 % interval. None where it cannot
    be told: nothing in common, or both gave one and the same answer throughout."""

    n: int
    share: float | None
    kappa: float | None
    low: float | None
    high: float | None


def cohen(pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """Agreement of two raters on the same things (Cohen 1960, Educational and Psychological Measurement 20, 37-46),
    with the large-sample standard error of Fleiss, Cohen & Everitt (1969, Psychological Bulletin 72, 323-327): with
    few things in common the interval is a rough guide."""
    n = len(pairs)
    if n == 0:
        return Agreement(0, None, None, None, None)
    values = sorted({v for pair in pairs for v in pair}, key=str)
    cell = {(a, b): sum(p == (a, b) for p in pairs) / n for a in values for b in values}
    rows = {a: sum(cell[a, b] for b in values) for a in values}
    columns = {b: sum(cell[a, b] for a in values) for b in values}
    seen = sum(cell[v, v] for v in values)
    chance = sum(rows[v] * columns[v] for v in values)
    if math.isclose(chance, 1):
        return Agreement(n, seen, None, None, None)
    kappa = (seen - chance) / (1 - chance)
    agreed = sum(cell[v, v] * ((1 - chance) - (rows[v] + columns[v]) * (1 - seen)) ** 2 for v in values)
    differed = (1 - seen) ** 2 * sum(
        cell[a, b] * (columns[a] + rows[b]) ** 2 for a in values for b in values if a != b)
    variance = (agreed + differed - (seen * chance - 2 * chance + seen) ** 2) / (n * (1 - chance) ** 4)
    half = 1.96 * math.sqrt(max(variance, 0.0))
    return Agreement(n, seen, kappa, max(-1.0, kappa - half), min(1.0, kappa + half))
