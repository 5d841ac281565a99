"""Names and profiles: invented, in several makes; campaign accounts may look newer and emptier, or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from fakedetect.schema import ACCOUNTS, TIME
from fakedetect.simulate.grammar import Grammar
from fakedetect.simulate.names import FIRST, HANDLE, LAST_A, LAST_B


def _objects(words: Sequence[str]) -> np.ndarray:
    out = np.empty(len(words), object)
    out[:] = words
    return out


def names(
    rng: np.random.Generator, grammars: Sequence[Grammar], lang: np.ndarray, make: np.ndarray, handles: bool
) -> list[str]:
    """One name per account, in the account's language; of one make where `make` > 0.

    handles: most names are handles (TikTok, Reddit) rather than first and last names (Facebook, YouTube).
    """
    n = len(lang)
    first = np.empty(n, object)
    for i, grammar in enumerate(grammars):
        rows = np.flatnonzero(lang == i)
        pool = _objects(FIRST[grammar.lang].split("|"))
        first[rows] = pool[rng.integers(0, len(pool), len(rows))]
    last = (
        _objects(LAST_A)[rng.integers(0, len(LAST_A), n)] + _objects(LAST_B)[rng.integers(0, len(LAST_B), n)]
    )
    word = _objects(HANDLE)[rng.integers(0, len(HANDLE), n)]
    syllables = _objects([b for b in LAST_B if len(b) < 5])
    tail = syllables[rng.integers(0, len(syllables), n)]
    number = rng.integers(1, 3000, n).astype(str).astype(object)
    low = np.array([x.lower() for x in last], object)
    kind = rng.random(n)
    plain = np.where(
        kind < 0.75,
        first + " " + last,
        np.where(
            kind < 0.85,
            first + " " + [x[0] + "." for x in last],
            np.where(kind < 0.93, first + "-" + last, word + tail),
        ),
    )
    handle = np.where(
        kind < 0.3,
        word + tail,
        np.where(
            kind < 0.55, word + "_" + low, np.where(kind < 0.8, word + tail + number, low + "." + number)
        ),
    )
    use_handle = rng.random(n) < (0.85 if handles else 0.06)
    out = np.where(use_handle, handle, plain)
    for m in sorted(set(make[make > 0].tolist())):
        rows = np.flatnonzero(make == m)
        pattern = m % 3
        few = rng.permutation(len(LAST_A))[:6]
        surname = _objects(LAST_A)[rng.choice(few, len(rows))] + tail[rows]
        digits = rng.integers(10, 100, len(rows)).astype(str).astype(object)
        out[rows] = (
            first[rows] + " " + surname,
            first[rows] + digits + "_" + word[m % n],
            surname + "." + first[rows] + digits,
        )[pattern]
    return out.tolist()


def profiles(
    rng: np.random.Generator,
    grammars: Sequence[Grammar],
    ids: pa.Array,
    name: list[str],
    lang: np.ndarray,
    newness: np.ndarray,
    first_seen_s: np.ndarray,
) -> pa.Table:
    """The side table of accounts: ACCOUNTS, in the order given, about 2 % of its rows missing.

    newness: 0 to 1 per account. At 1 the median account is some 40 days old and has a tenth of the followers;
    organic ones are some three years old, with a wide spread, so that the two overlap.
    """
    n = len(name)
    own = newness * rng.uniform(0.5, 1.0, n)
    age_days = 10 ** (rng.normal(3.05, 0.45, n) - 1.9 * own).clip(-0.5, 3.75)
    created = first_seen_s - (age_days * 86400).astype(np.int64)
    counts = {
        "followers": 10 ** (rng.normal(2.2, 0.6, n) - 1.3 * own),
        "following": 10 ** (rng.normal(2.4, 0.45, n) + 0.2 * own),
        "posts_count": 10 ** (rng.normal(1.9, 0.8, n) - 1.3 * own),
    }
    bios = [g.extra.get("bio", "").split("|") for g in grammars]
    has_bio = rng.random(n) < 0.42 - 0.3 * own
    at = rng.random(n)
    bio = [
        bios[g][int(u * len(bios[g]))] or None if h else None
        for g, u, h in zip(lang, at, has_bio, strict=True)
    ]
    table = pa.table(
        [
            ids,
            pa.array(name),
            pa.array(created * 1_000_000).cast(TIME),
            *(pa.array(np.floor(v).astype(np.int64)) for v in counts.values()),
            pa.array(rng.random(n) < 0.94 - 0.45 * own),
            pa.array(bio, pa.string()),
            pa.array(rng.random(n) < 0.004),
        ],
        schema=ACCOUNTS,
    )
    return table.filter(pa.array(rng.random(n) >= 0.02))
