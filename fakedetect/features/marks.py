"""Stars as shares of the best mark that their site gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Column = Any
"""A pyarrow Array or ChunkedArray: its type stubs refuse what its functions take."""

GRID = 2.0**36
"""Steps of a mark: sums of up to 100,000 are exact, so that an average at the edge of a half star lies on the same side
in whatever order, and by whatever engine, it is added up."""
SCALES = (5.0, 10.0, 20.0, 100.0)
"""Best marks that sites give."""
NEARLY_ALL = 0.99
"""A slip of the pen (55 for 5) is no other scale."""
OWN_SCALE = 20
"""Stars from which on a page has a scale of its own; a smaller one has that of the run."""


def marks_of(rating: Column, page: Column) -> Column:
    """Stars as shares of the best mark: of the smallest scale that holds nearly all of the page. Null for stars beyond
    it, and for none of five."""
    stars = rating.cast(pa.float64()).to_numpy(zero_copy_only=False)
    known = np.flatnonzero(np.isfinite(stars))
    if not len(known):
        return pa.array(stars, mask=np.isnan(stars))
    of_run = _scale(stars[known])
    code = pc.fill_null(page.cast(pa.string()), "").dictionary_encode()
    code = code.combine_chunks() if isinstance(code, pa.ChunkedArray) else code
    where = code.indices.to_numpy(zero_copy_only=False)[known]
    scale = np.full(len(stars), of_run)
    for one in np.unique(where).tolist():
        mine = known[where == one]
        scale[mine] = _scale(stars[mine]) if len(mine) >= OWN_SCALE else of_run
    none = (stars > scale) | (stars < 0) | ((stars == 0) & (scale == SCALES[0])) | ~np.isfinite(stars)
    return pa.array(np.where(none, np.nan, stars / scale), mask=none)


def on_grid(mark: Column) -> Column:
    """Marks on a binary grid, moved away from one half: what is at least .7, or at most .3, stays so."""
    value = mark.to_numpy(zero_copy_only=False)
    moved = np.where(value < 0.5, np.floor(value * GRID), np.ceil(value * GRID)) / GRID
    return pa.array(moved, mask=np.isnan(moved))


def _scale(stars: np.ndarray) -> float:
    most = float(np.quantile(stars, NEARLY_ALL, method="nearest"))
    return next((s for s in SCALES if most <= s), most)
