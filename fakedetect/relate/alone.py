"""Does a group act together on some pages, asked on those pages alone?

A group is found on all pages at once, and its accounts write elsewhere too. That they were seen somewhere is no word on
whether they worked there. So closeness and the choice of posts are asked once more of the accounts as they are, on the
comments of those pages and nothing else: no search, no price of naming anybody. Which accounts stand in the group was
settled on all pages, these among them, so that a p here is a little smaller than one of a group named beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from fakedetect.relate.attendance import Looks, bayes_factor, looks
from fakedetect.relate.dealing import deal, dealt
from fakedetect.relate.pairs import READINGS, Pairs, Reading, all_pairs, deviate, pair_p, reading
from fakedetect.relate.presence import LEAST_P, MIN_ACCOUNTS, Floats, Ints, Presence, gather
from fakedetect.relate.spans import popularity, publish_times

REPLICATES, FEWEST = 999, 99
MOST_MEETINGS = 50_000_000
"""Meetings dealt anew in all replicates together: groups of hundreds of accounts get fewer of them."""


def together_p(comments: pa.Table, groups: Mapping[str, Sequence[str]], apart: set[str], *,
               seed: int) -> dict[str, float]:
    """Group -> p that its accounts (author_ids) would be as close, or choose their posts as alike, by chance in
    `comments` (measured): the smaller of the two, doubled where both could be asked. Groups of which too few accounts
    were on three posts there are left out. apart: accounts that are not compared. Null simulation:
    tests/test_relate_alone.py."""
    here = gather(comments, apart)
    place = {author: k for k, author in enumerate(here.authors)}
    cores = {name: np.array(sorted(place[a] for a in members if a in place), np.int64)
             for name, members in groups.items()}
    cores = {name: core for name, core in cores.items() if len(core) >= MIN_ACCOUNTS}
    if not cores:
        return {}
    ways = looks(here, publish_times(comments, here), popularity(comments, here))
    out = {}
    for name, core in cores.items():
        asked = [p for p in (_close(here, core, seed), _chosen(ways, core)) if p is not None]
        if asked:
            out[name] = min(1.0, max(LEAST_P, len(asked) * min(asked)))
    return out


def _close(here: Presence, core: Ints, seed: int) -> float | None:
    """P of the sum of the pairs' deviates in each reading, every account's moments dealt anew; the largest p counts.
    None where no two share posts enough."""
    mine = _only(here, core)
    them = all_pairs(mine)
    if not len(them.a):
        return None
    readings = [reading(mine, them, which) for which in READINGS]
    found = [_sum(them, read, read.moment, read.normal) - 1e-9 for read in readings]
    replicates = int(np.clip(MOST_MEETINGS // len(them.rows_a), FEWEST, REPLICATES))
    reached = np.zeros(len(readings), np.int64)
    for r in range(replicates):
        draws = np.random.Generator(np.random.Philox(key=[seed, r])).random(len(mine.account))
        order = deal(mine, them, draws)
        for k, read in enumerate(readings):
            reached[k] += _sum(them, read, *dealt(mine, read, order, draws)) >= found[k]
    return (1 + int(reached.max())) / (1 + replicates)


def _sum(them: Pairs, read: Reading, moment: Floats, normal: Floats) -> float:
    return float(deviate(pair_p(them, read, moment, normal)).sum())


def _chosen(ways: Looks, core: Ints) -> float | None:
    """Bound of the chance that these accounts choose their posts as alike: the weakest of all looks. None where no two
    of them choose within one span."""
    if any((np.bincount(np.concatenate([who.span[who.starts[a]:who.starts[a + 1]] for a in core.tolist()]),
                        minlength=1) < 2).all() for who, _ in ways.grown):
        return None
    return min(1.0, math.exp(-min(bayes_factor(*look, core) for look in ways.every)))


def _only(here: Presence, core: Ints) -> Presence:
    """The rows of these accounts (sorted codes) alone."""
    inside = np.isin(here.account, core)
    account = np.searchsorted(core, here.account[inside])
    n = len(here.authors)
    post, pair = np.divmod(here.linked, n * n)
    a, b = np.divmod(pair, n)
    both = np.isin(a, core) & np.isin(b, core)
    linked = (post[both] * len(core) + np.searchsorted(core, a[both])) * len(core) + np.searchsorted(core, b[both])
    columns = ("post", "t", "u", "v", "floor_u", "floor_v", "session", "session_low")
    return replace(
        here, authors=[here.authors[k] for k in core.tolist()], account=account,
        **{name: getattr(here, name)[inside] for name in columns}, linked=np.unique(linked),
        starts=np.concatenate([[0], np.cumsum(np.bincount(account, minlength=len(core)))]).astype(np.int64))
