"""Where the accounts of a network stand in its picture: who is paired stands near, groups stand apart.

Each group is laid out by springs (Fruchterman and Reingold 1991, "Graph drawing by force-directed placement") from a
circle, so that the same groups give the same picture; then groups are set in rows like words on a page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 80
ASPECT = 2.2
"""Width of the picture by its height."""
SCALE = 100
GAP = 1.2
"""Between groups, where neighbours in a group stand about 1 apart."""


def placed(groups: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """x and y of each account, in pixels before any scaling. groups: the group of each, members one after the other;
    pairs: places of two accounts."""
    of = np.asarray(groups, np.int64)
    spots = np.zeros((len(of), 2))
    boxes = []
    for group in dict.fromkeys(of.tolist()):
        members = np.flatnonzero(of == group)
        first = int(members[0])
        mine = [(a - first, b - first) for a, b in pairs if of[a] == group == of[b]]
        spots[members] = _springs(len(members), np.asarray(mine, np.int64).reshape(-1, 2))
        boxes.append((members, spots[members].max(axis=0) + GAP))
    wide = max(float(np.sqrt(ASPECT * sum(w * h for _, (w, h) in boxes))), *(w for _, (w, _) in boxes), 1.0)
    x = y = tall = 0.0
    for members, (w, h) in boxes:
        if x and x + w > wide:
            x, y, tall = 0.0, y + tall, 0.0
        spots[members] += (x, y)
        x, tall = x + w, max(tall, h)
    return [(round(SCALE * float(a)), round(SCALE * float(b))) for a, b in spots]


def _springs(n: int, pairs: NDArray[np.int64]) -> Floats:
    """Spots of n accounts, (n, 2), from 0 up; neighbours stand about 1 apart."""
    turn = 2 * np.pi * np.arange(n) / max(n, 1)
    spots = np.column_stack([np.cos(turn), np.sin(turn)]) * max(1.0, n / (2 * np.pi))
    if n > 2:
        for heat in np.linspace(0.5, 0.02, STEPS):
            apart = spots[:, None] - spots[None]
            square = np.maximum((apart**2).sum(axis=2), 0.01)
            push = (apart / square[..., None]).sum(axis=1)
            for one, other in ((0, 1), (1, 0)):
                arm = spots[pairs[:, other]] - spots[pairs[:, one]]
                np.add.at(push, pairs[:, one], arm * np.sqrt((arm**2).sum(axis=1))[:, None] / max(n / 4, 1))
            push -= spots * 0.05
            length = np.sqrt((push**2).sum(axis=1))[:, None]
            spots = spots + push / np.maximum(length, 1e-9) * np.minimum(length, heat)
    spots = spots - spots.min(axis=0)
    return np.asarray(spots, np.float64)
