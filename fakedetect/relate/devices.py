"""Accounts behind one address or device that give the same businesses nothing but top marks, or bottom marks.

An address by itself says nothing: a household, a hotel or a town's provider has one. So the accounts of an address are
taken as given, and which businesses they rate; asked is how their marks come out, where two of them or more stand on
two businesses or more. A mind of one's own and the e-value are as in `rivals`.
"""

from __future__ import annotations

import numpy as np

from fakedetect.relate.presence import MIN_ACCOUNTS
from fakedetect.relate.rated import Rated
from fakedetect.relate.rivals import MARKS, Book, Rivalry, Sides, apart, evidence_of, log_mean, own_mind

MIN_TOGETHER = 2
"""Businesses on which two of the accounts stand or more: one may have had a party."""
OCCASION_DAYS = 3.0
"""Marks of one business within so many days are of one occasion, as an evening that a family or a class shares."""
MOST_ACCOUNTS = 200
"""An address of more is a provider's."""


def devices(ratings: Rated) -> list[Rivalry]:
    """The groups behind one address, strongest first, those of strength 0 or less left out; they praise or they trash,
    and the other side is empty. Draws nothing; does not depend on the order of rows."""
    book = Book(ratings)
    asked: list[tuple[frozenset[int], list[int]]] = []
    order = np.flatnonzero(ratings.device >= 0)
    order = order[np.argsort(ratings.device[order], kind="stable")]
    for rows in np.split(order, np.flatnonzero(np.diff(ratings.device[order])) + 1):
        standing = np.bincount(ratings.business[rows], minlength=len(ratings.names))
        together = frozenset(np.flatnonzero(standing >= 2).tolist())
        accounts = sorted({int(ratings.account[r]) for r in rows if int(ratings.business[r]) in together})
        if len(together) >= MIN_TOGETHER and MIN_ACCOUNTS <= len(accounts) <= MOST_ACCOUNTS:
            asked.append((together, accounts))
    # Each is asked at two marks, of praise and of the contrary.
    price = np.log(2.0 * len(MARKS) * max(len(asked), 1))
    found = []
    for together, accounts in asked:
        for sides in (Sides(together, frozenset()), Sides(frozenset(), together)):
            for level in range(len(MARKS)):
                said = book.so_marked(sides, accounts, level)
                if len(said) >= MIN_ACCOUNTS:
                    p = _by_occasion(book, sides, said, book.chances(sides, accounts, said, level))
                    strength = float(f"{log_mean(evidence_of(p, len(accounts))) - price:.9g}")
                    if strength > 0:
                        found.append(_group(ratings, sides, said, strength, p, own_mind(p, len(accounts))))
    return apart(sorted(found, key=lambda g: (-g.strength, g.members)))


def _by_occasion(book: Book, sides: Sides, said: list[int], chances: np.ndarray) -> np.ndarray:
    """The chances, where a mark given within OCCASION_DAYS of another's on the same business says nothing new: people
    of one roof share an evening, and what they think of it."""
    day, business = book.ratings.day, book.ratings.business
    seen: dict[int, list[float]] = {}
    out = np.ones(len(said))
    for i in np.argsort(chances, kind="stable")[::-1].tolist():
        mine = [r for r in book.own(said[i]) if int(business[r]) in sides.praised | sides.trashed]
        fresh = [r for r in mine if not any(abs(day[r] - t) <= OCCASION_DAYS for t in seen.get(int(business[r]), ()))
                 and np.isfinite(day[r])]
        for r in fresh:
            seen.setdefault(int(business[r]), []).append(float(day[r]))
        out[i] = chances[i] ** (len(fresh) / len(mine))
    return out


def _group(ratings: Rated, sides: Sides, said: list[int], strength: float, p: np.ndarray, q: np.ndarray) -> Rivalry:
    named = [tuple(ratings.names[b] for b in sorted(side)) for side in (sides.praised, sides.trashed)]
    return Rivalry(strength, tuple(ratings.authors[a] for a in said), p, q, named[0], named[1])
