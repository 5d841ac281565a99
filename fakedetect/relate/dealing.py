"""Replicates of the null of closeness: each account keeps its moments, and which post each belongs to is dealt anew."""

from __future__ import annotations

import numba
import numpy as np

from fakedetect.relate.pairs import Pairs, Reading
from fakedetect.relate.presence import Floats, Ints, Presence


def deal(here: Presence, them: Pairs, draws: Floats) -> Ints:
    """Which row's moment each row has in one replicate of the null (n_rows,), from one uniform draw per row: each
    account's own, in another order. Accounts that stand in no pair keep theirs: nothing is asked of them."""
    paired = np.zeros(len(here.authors), bool)
    paired[them.a], paired[them.b] = True, True
    return np.asarray(_dealt_order(draws, here.starts, paired))


def dealt(here: Presence, read: Reading, order: Ints, draws: Floats) -> tuple[Floats, Floats]:
    """One replicate of the null, as (moment, normal): in u and v each account's own moments on its own posts in another
    order (`deal`); in w each comment anywhere in its own sitting, by one uniform draw per row."""
    if read.which == "w":
        return here.session_low + draws * here.session, read.normal
    return read.moment[order], read.normal[order]


@numba.njit(cache=True, nogil=True)
def _dealt_order(draws, starts, paired):  # type: ignore[no-untyped-def]
    out = np.arange(len(draws))
    for k in range(len(paired)):
        if paired[k]:
            lo, hi = starts[k], starts[k + 1]
            out[lo:hi] = lo + np.argsort(draws[lo:hi])
    return out
