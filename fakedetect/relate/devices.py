"""Accounts behind one address or device that stand on the same businesses and give them only top, or bottom marks.

An address by itself says nothing: a household, a hotel or a town's provider has one. Asked is first how their marks
come out, where two of them or more stand on two businesses or more; which ones they rate is taken as given. A mind of
one's own and the e-value are as in `book`. Only where marks speak for it, and of more accounts than a household has,
it also counts how few businesses the address keeps to, against what this page's addresses of strangers do: the ratio
of two Polya urns (Dirichlet-multinomial likelihoods, Mosimann 1962), an e-value as well, and independent of the marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np
from scipy import special

from fakedetect.relate.book import MARKS, Book, Sides, evidence_of, log_mean, own_mind
from fakedetect.relate.presence import MIN_ACCOUNTS, Floats, Ints
from fakedetect.relate.rated import Market, Rated
from fakedetect.relate.rivals import Rivalry, apart

MIN_TOGETHER = 2
"""Businesses on which two of the accounts stand or more: one may have had a party."""
OCCASION_DAYS = 3.0
"""Marks of one business within so many days are of one occasion, as an evening that a family or a class shares."""
MOST_ACCOUNTS = 200
"""An address of more is a provider's."""
HOUSEHOLD = 6
"""Of so many accounts at most nothing is made of where they go."""
SAME_ACCOUNTS = 2
"""Addresses that so many accounts use both are asked together, too."""
KEEPS = 1.0
"""Weight of the urn of an address that keeps to few businesses, in occasions."""
STRANGERS = (1.0, 3.0, 10.0, 30.0)
"""Weights of the urn among which that of addresses of strangers is chosen, by likelihood on this page."""
FEW_ADDRESSES, UNKNOWN = 5, 10.0
"""Of fewer addresses it cannot be told, and is this."""


def devices(ratings: Rated, shops: Market) -> list[Rivalry]:
    """The groups behind one address, strongest first, those of strength 0 or less left out; they praise or they trash,
    and the other side is empty. Draws nothing; does not depend on the order of rows."""
    book = Book(ratings)
    addresses = list(_addresses(ratings))
    asked = [rows for rows in addresses if _stands(ratings, rows) is not None]
    # A hotel's own address, where all rate the hotel, tells nothing of the others.
    crowds = [(rows, seen, _local(ratings, shops, seen)) for rows in addresses
              if len(np.unique(ratings.account[rows])) > HOUSEHOLD
              and ((seen := _occasions(ratings, rows)) > 0).sum() > 1]
    # Each is asked at two marks, of praise and of the contrary, with and without where it goes.
    price = np.log(4.0 * len(MARKS) * max(len(asked), 1))
    found = []
    for rows in asked:
        where = _keeping(ratings, rows, crowds)
        together, accounts = _stands(ratings, rows) or (frozenset(), [])
        for sides in (Sides(together, frozenset()), Sides(frozenset(), together)):
            for level in range(len(MARKS)):
                said = book.so_marked(sides, accounts, level)
                if len(said) >= MIN_ACCOUNTS:
                    p = _by_occasion(book, sides, said, book.chances(sides, accounts, said, level))
                    marks = log_mean(evidence_of(p, len(accounts)))
                    strength = float(f"{marks + (max(where, 0.0) if marks > 0 else 0.0) - price:.9g}")
                    if strength > 0:
                        found.append(_group(ratings, sides, said, strength, p, own_mind(p, len(accounts))))
    # Of those as strong, whom more accounts are in: fours are praise as fives are.
    return apart(sorted(found, key=lambda g: (-g.strength, -len(g.members), g.members)))


def _addresses(ratings: Rated) -> Iterator[Ints]:
    """Places of the ratings of each address, and of addresses that SAME_ACCOUNTS use both."""
    order = np.flatnonzero(ratings.device >= 0)
    order = order[np.argsort(ratings.device[order], kind="stable")]
    rows = np.split(order, np.flatnonzero(np.diff(ratings.device[order])) + 1)
    used: dict[int, list[int]] = {}
    for k, mine in enumerate(rows):
        for account in np.unique(ratings.account[mine]).tolist():
            used.setdefault(account, []).append(k)
    both = Counter(pair for mine in used.values() if len(mine) <= MOST_ACCOUNTS for pair in combinations(mine, 2))
    first = list(range(len(rows)))

    def root(k: int) -> int:
        while first[k] != k:
            k = first[k]
        return k

    for (one, other), n in sorted(both.items()):
        if n >= SAME_ACCOUNTS:
            first[root(other)] = root(one)
    linked: dict[int, list[int]] = {}
    for k in range(len(rows)):
        linked.setdefault(root(k), []).append(k)
    yield from rows
    yield from (np.concatenate([rows[k] for k in parts]) for parts in linked.values() if len(parts) > 1)


def _stands(ratings: Rated, rows: Ints) -> tuple[frozenset[int], list[int]] | None:
    """The businesses on which two of the address's accounts stand, and the accounts that do; None where that is too
    little, or too many."""
    standing = np.bincount(ratings.business[rows], minlength=len(ratings.names))
    together = frozenset(np.flatnonzero(standing >= 2).tolist())
    accounts = sorted({int(ratings.account[r]) for r in rows if int(ratings.business[r]) in together})
    fit = len(together) >= MIN_TOGETHER and MIN_ACCOUNTS <= len(accounts) <= MOST_ACCOUNTS
    return (together, accounts) if fit else None


def _occasions(ratings: Rated, rows: Ints) -> Ints:
    """On how many occasions the address stands on each business, (n_businesses,)."""
    n = np.zeros(len(ratings.names), np.int64)
    until: dict[int, float] = {}
    for r in rows[np.lexsort((rows, ratings.day[rows]))]:
        b, day = int(ratings.business[r]), float(ratings.day[r])
        n[b] += b not in until or day > until[b]
        until[b] = max(until.get(b, -np.inf), day + OCCASION_DAYS)
    return n


def _local(ratings: Rated, shops: Market, where: Ints) -> Floats:
    """What people of the place where the address is seen most choose, as shares (n_businesses,)."""
    popular = np.bincount(ratings.business, minlength=len(ratings.names)).astype(np.float64)
    if (shops.place[where > 0] >= 0).all():
        there = np.bincount(shops.place[where > 0], where[where > 0])
        popular[(shops.place != there.argmax()) & (where == 0)] = 0.0
    return popular / popular.sum()


def _urn(where: Ints, shares: Floats, weight: float) -> float:
    """Log likelihood of the occasions in the order they came, from an urn in which each draw adds its like."""
    at = where > 0
    return float(special.gammaln(weight) - special.gammaln(weight + where.sum())
                 + (special.gammaln(weight * shares[at] + where[at]) - special.gammaln(weight * shares[at])).sum())


def _keeping(ratings: Rated, rows: Ints, crowds: list[tuple[Ints, Ints, Floats]]) -> float:
    """Log e-value for an address that keeps to few businesses, against the urn that fits the page's other addresses of
    more than a household best; 0 for a household. crowds: places of ratings, occasions by business and what is chosen
    around there, of each such address."""
    mine = [(where, shares) for those, where, shares in crowds if np.array_equal(those, rows)]
    others = [(where, shares) for those, where, shares in crowds if not np.isin(those, rows).any()]
    if not mine:
        return 0.0
    [(where, shares)] = mine
    fits = [sum(_urn(*other, weight) for other in others) for weight in STRANGERS]
    strangers = UNKNOWN if len(others) < FEW_ADDRESSES else STRANGERS[int(np.argmax(fits))]
    return _urn(where, shares, KEEPS) - _urn(where, shares, strangers)


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
