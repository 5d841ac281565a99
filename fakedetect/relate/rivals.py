"""Praise here, trash next door: accounts that give top marks to one business and bottom marks to its rivals.

Looked at are only accounts that rated both sides, so that who visits what decides nothing about the strength; asked is
how their marks come out (`book`). Where more accounts met than popularity brings together is asked first: each question
has a share of the error that falls with its rank, which who rated what decides, and no mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import special

from fakedetect.relate.book import LOOKS, MARKS, Book, Sides, evidence_of, log_mean, own_mind
from fakedetect.relate.presence import MIN_ACCOUNTS, Floats
from fakedetect.relate.rated import Market, Rated

MOST_RIVALS = 200
"""With more competitors than that, one against all the others is no camp."""
MOST_IN_CELL = 200
"""Ratings of one account among businesses that compete; of one that gave more, no pairs are looked at."""
MOST_FOR_THREES = 8
"""Accounts that rated more are not asked what they say of three businesses together: guests of a place meet at many."""
STARTS, MOST_TRASHED = 40, 6
"""Pairs from which groups of trashed rivals are grown, and how many these are at most."""
SEARCHES = 4
"""Pairs of businesses, threes, camps, and one business against several: each has as much of the error."""


@dataclass(frozen=True)
class Rivalry:
    """One group. strength: nats; chance makes one as strong with probability exp(-strength) at most. members: author
    ids, sorted; p: that such marks come from an account with its own mind (n,); q: the chance that it is such an
    account, given the others (n,). praised, trashed: (page_id, business_id)."""

    strength: float
    members: tuple[str, ...]
    p: Floats
    q: Floats
    praised: tuple[tuple[str, str], ...]
    trashed: tuple[tuple[str, str], ...]

    def only(self, stays: np.ndarray, q: Floats) -> Rivalry:
        """The group of the members at `stays` (n,), with other q (n,)."""
        members = tuple(a for a, s in zip(self.members, stays.tolist(), strict=True) if s)
        return replace(self, members=members, p=self.p[stays], q=q[stays])


_Asked = tuple[Sides, list[int]]
"""Two sides, and the accounts that rated both."""


@dataclass(frozen=True)
class _Finding:
    """What some accounts say of two sides. look: place in LOOKS; accounts: those it lets through; level: place in
    MARKS; raw: nats, before the price of having looked at so much."""

    raw: float
    sides: Sides
    look: int
    accounts: tuple[int, ...]
    level: int
    price: float = 0.0

    @property
    def strength(self) -> float:
        """In steps that do not depend on the machine."""
        return float(f"{self.raw - self.price:.9g}")

    def order(self) -> tuple[object, ...]:
        """Strongest first, and a fixed order among those of one strength."""
        return -self.strength, sorted(self.sides.praised), sorted(self.sides.trashed), self.look, self.level


def rivalries(ratings: Rated, shops: Market) -> list[Rivalry]:
    """The groups whose marks say one thing here and the other next door, strongest first, those of strength 0 or less
    left out. Draws nothing; does not depend on the order of rows."""
    book = Book(ratings)
    twos, threes = _met(book, shops)
    popular = np.array([len(rows) for rows in book.of_business], np.float64)

    def visits(sides: Sides) -> float:
        return float(popular[list(sides.praised)].sum() * popular[list(sides.trashed)].sum())

    def all_three(sides: Sides) -> float:
        return float(popular[list(sides.praised | sides.trashed)].prod())

    found = pairs = _asked(book, twos, visits)
    found = found + _asked(book, threes, all_three) + _asked(book, _camps(book, shops), visits)
    starts = sorted(pairs, key=lambda f: (-f.raw, f.order()))[:STARTS]
    found += [grown for f in starts if (grown := _grown(book, shops, f)) is not None]
    return apart(_group(book, shops, f) for f in sorted(found, key=_Finding.order) if f.strength > 0)


def apart(groups: Iterable[Rivalry]) -> list[Rivalry]:
    """Those of the groups whose accounts stand in none before: the same are seen again from each of their shops."""
    out: list[Rivalry] = []
    taken: set[str] = set()
    for group in groups:
        if not taken & set(group.members):
            out.append(group)
            taken |= set(group.members)
    return out


def _met(book: Book, shops: Market) -> tuple[list[_Asked], list[_Asked]]:
    """Businesses that compete, each in turn as the one that is praised, and the accounts that rated all of them: one
    against one, and one against two (of accounts that rated MOST_FOR_THREES at most)."""
    twos: dict[tuple[int, ...], list[int]] = {}
    threes: dict[tuple[int, ...], list[int]] = {}
    met: list[tuple[int, int]] = []
    business = book.ratings.business
    for account in np.flatnonzero(np.diff(book.starts) > 1).tolist():
        cells: dict[int, list[int]] = {}
        for r in book.own(account):
            cells.setdefault(int(shops.cell[business[r]]), []).append(r)
        for mine in cells.values():
            if 1 < len(mine) <= MOST_IN_CELL:
                for one, other in combinations(mine, 2):
                    a, b = int(business[one]), int(business[other])
                    if _compete(shops, a, b):
                        twos.setdefault((a, b), []).append(account)
                        met.append((one, other))
            if len(book.own(account)) <= MOST_FOR_THREES:
                for three in combinations([int(business[r]) for r in mine], 3):
                    threes.setdefault(three, []).append(account)
    if met:
        book.heed(*np.array(met, np.int64).T)
    return _turned(shops, twos), _turned(shops, threes)


def _turned(shops: Market, met: dict[tuple[int, ...], list[int]]) -> list[_Asked]:
    return [(Sides(frozenset((a,)), frozenset(businesses) - {a}), accounts)
            for businesses, accounts in sorted(met.items()) if len(accounts) >= MIN_ACCOUNTS
            for a in businesses if all(_compete(shops, a, b) for b in businesses if b != a)]


def _camps(book: Book, shops: Market) -> Iterator[tuple[Sides, list[int]]]:
    """Each owner's businesses, and each business alone, against all that compete; and who rated both sides."""
    owned: dict[int, list[int]] = {}
    for b, owner in enumerate(shops.owner.tolist()):
        if owner >= 0:
            owned.setdefault(owner, []).append(b)
    cells = np.bincount(shops.cell)
    sides = [(b,) for b in range(len(shops.cell))] + [tuple(b) for _, b in sorted(owned.items()) if len(b) > 1]
    for mine in sides:
        if cells[shops.cell[list(mine)]].max() > MOST_RIVALS:
            continue
        rivals = _rivals(shops, mine)
        if len(rivals) + len(mine) > 2:
            camp = Sides(frozenset(mine), frozenset(rivals))
            yield camp, book.both(camp)


def _rivals(shops: Market, mine: Sequence[int]) -> list[int]:
    """Businesses in a cell with one of `mine`, and of none of their owners."""
    cells = [int(shops.cell[b]) for b in mine]
    return [b for b in np.flatnonzero(np.isin(shops.cell, cells)).tolist()
            if b not in mine and all(_compete(shops, a, b) for a in mine)]


def _compete(shops: Market, a: int, b: int) -> bool:
    return int(shops.owner[a]) < 0 or shops.owner[a] != shops.owner[b]


def _asked(book: Book, sides: Iterable[_Asked], expected: Callable[[Sides], float]) -> list[_Finding]:
    """What each selection of the accounts says. expected: what is proportional to how many accounts popularity brings
    to both sides; where more are, relative to that, is asked first, at a lower price."""
    questions = [(each, look, chosen) for each, accounts in sides if len(accounts) >= MIN_ACCOUNTS
                 for look, chosen in book.looks(each, accounts)]
    found = []
    harmonic = special.digamma(len(questions) + 1.0) + np.euler_gamma if questions else 1.0
    for rank, k in enumerate(_in_order(questions, expected), 1):
        each, look, chosen = questions[k]
        price = float(np.log(SEARCHES * len(MARKS) * rank * harmonic))
        for level in range(len(MARKS)):
            if (one := _finding(book, each, look, chosen, level)) is not None:
                found.append(replace(one, price=price))
    return found


def _in_order(questions: list[tuple[Sides, int, list[int]]], expected: Callable[[Sides], float]) -> list[int]:
    """Places of the questions, those first where more accounts met than popularity brings together, in units of
    Poisson's log likelihood; by what nobody's mark has a say in."""
    n = np.array([len(accounts) for _, _, accounts in questions], np.float64)
    look = np.array([k for _, k, _ in questions], np.int64)
    by_chance = np.array([expected(sides) for sides, _, _ in questions], np.float64)
    for k in np.unique(look):
        by_chance[look == k] *= n[look == k].sum() / by_chance[look == k].sum()
    above = np.round(np.sign(n - by_chance) * (n * np.log(n / by_chance) - n + by_chance), 6)
    return [int(k) for k in np.lexsort((np.arange(len(n)), -above))]


def _finding(book: Book, sides: Sides, look: int, accounts: list[int], level: int) -> _Finding | None:
    said = book.so_marked(sides, accounts, level)
    if len(said) < MIN_ACCOUNTS:
        return None
    chances = book.chances(sides, accounts, said, level)
    first = np.unique(book.parties(sides, said, chances))
    if len(first) < MIN_ACCOUNTS:
        return None
    n = len(accounts) - (len(said) - len(first))
    return _Finding(log_mean(evidence_of(chances[first], n)), sides, look, tuple(accounts), level)


def _grown(book: Book, shops: Market, start: _Finding) -> _Finding | None:
    """The start with more rivals trashed, one after the other, as long as that says more; None where it never does."""
    (praised,) = start.sides.praised
    others = _rivals(shops, (praised,))
    n_sides = len(shops.cell) * len(LOOKS) * len(MARKS)
    best: _Finding | None = None
    now = start
    while len(now.sides.trashed) < min(MOST_TRASHED, len(others)):
        k = len(now.sides.trashed) + 1
        price = np.log(SEARCHES * (MOST_TRASHED - 1) * n_sides) + np.log(special.comb(len(others), k))
        then: _Finding | None = None
        for b in others:
            if b in now.sides.trashed:
                continue
            sides = Sides(now.sides.praised, now.sides.trashed | {b})
            accounts = dict(book.looks(sides, book.both(sides), repeated=True)).get(start.look)
            one = None if accounts is None else _finding(book, sides, start.look, accounts, start.level)
            if one is not None and (then is None or one.order() < then.order()):
                then = one
        if then is None or then.raw <= now.raw:
            break
        now = then
        priced = replace(now, price=float(price))
        best = priced if best is None or priced.strength > best.strength else best
    return best


def _group(book: Book, shops: Market, found: _Finding) -> Rivalry:
    sides, accounts, level = found.sides, list(found.accounts), found.level
    said = book.so_marked(sides, accounts, level)
    p = book.chances(sides, accounts, said, level)
    q = own_mind(p, len(accounts), book.parties(sides, said, p))
    # Who met only some of the businesses is asked among all who did.
    wider = [a for a in book.both(sides) if a in accounts or len(book.own(a)) <= LOOKS[found.look][0]]
    also = book.so_marked(sides, wider, level)
    p_also = book.chances(sides, wider, also, level)
    q_also = own_mind(p_also, len(wider), book.parties(sides, also, p_also))
    new = [i for i, a in enumerate(also) if a not in said]
    said, p, q = said + [also[i] for i in new], np.append(p, p_also[new]), np.append(q, q_also[new])
    order = np.argsort([book.ratings.authors[a] for a in said])
    theirs = np.isin(book.ratings.account, said)
    met = set(book.ratings.business[theirs].tolist())
    # Other rivals that several of them trash are told too, though they added nothing to the strength.
    often = np.bincount(book.ratings.business[theirs & book.low[level]], minlength=len(shops.cell)) >= MIN_ACCOUNTS
    trashed = (sides.trashed & met) | {b for b in _rivals(shops, sorted(sides.praised)) if often[b]}
    named = [tuple(book.ratings.names[b] for b in sorted(side)) for side in (sides.praised & met, trashed)]
    members = tuple(book.ratings.authors[said[i]] for i in order)
    return Rivalry(found.strength, members, p[order], q[order], named[0], named[1])
