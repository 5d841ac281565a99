"""Praise here, trash next door: accounts that give top marks to one business and bottom marks to its rivals.

Looked at are only accounts that rated both sides, so that who visits what decides nothing; asked is how their marks
come out. The null lets each account give its marks one by one, by what others give that business (at that time, if it
had a bad time), and by how the account marks elsewhere; and lets tastes go against each other (AGAINST). The evidence
for "some of them mark so whatever they found" is an e-value: its expectation under the null is 1 at most, so that
1 / alpha is passed with probability alpha at most (Vovk & Wang 2021, Annals of Statistics 49, 1736-1754).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import special

from fakedetect.relate.presence import MIN_ACCOUNTS, Floats, Ints
from fakedetect.relate.rated import Market, Rated

MARKS = ((1.0, 0.2), (0.8, 0.4))
"""Top marks from, bottom marks to, as shares of the best mark: five and one star; four and two."""
AGAINST = 1.5
"""Who likes one business may dislike another more often than all others of the page do whom they like: half as often
again, here (what they do on average is counted)."""
SET_ASIDE = 4
"""Pairs of businesses that may be a ring's."""
TOGETHER_DAYS = 1.0
"""Accounts whose marks of both sides stand within so many days of each other's may have dined together: they count as
one."""
MOST_RIVALS = 200
"""With more competitors than that, one against all the others is no camp."""
LOOKS = ((2, 30.0), (4, 30.0), (8, 30.0), (4, np.inf), (8, np.inf), (np.inf, 30.0), (np.inf, np.inf))
"""Accounts are looked at by how many businesses they rated at most, and within how many days both sides: regular guests
of both would hide a few who came for it. Neither says anything about the marks."""
NEAR_DAYS = 45.0
"""A business's marks within so many days tell what it was like then."""
PRIOR = 4.0
"""Marks' worth of what everybody gives, against what was given at that time, or by that account elsewhere."""
LEAST_LEANING = 0.5
"""However kind an account was elsewhere, a bad mark is expected of it half as often as of the others."""
MOST_IN_CELL = 200
"""Ratings of one account among businesses that compete; of one that gave more, no pairs are looked at."""
STARTS, MOST_TRASHED = 40, 6
"""Pairs from which groups of trashed rivals are grown, and how many these are at most."""
SHARES = tuple(round(0.05 * k, 2) for k in range(1, 20))
"""Shares of the accounts looked at that a group may be, weighed alike."""


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


@dataclass(frozen=True)
class Sides:
    """Two sides of a rivalry: codes of businesses."""

    praised: frozenset[int]
    trashed: frozenset[int]


@dataclass(frozen=True)
class _Finding:
    """What some accounts say of two sides. look: place in LOOKS; accounts: those it lets through; level: place in
    MARKS; strength: nats."""

    strength: float
    sides: Sides
    look: int
    accounts: tuple[int, ...]
    level: int

    def order(self) -> tuple[object, ...]:
        """A fixed order among those of one strength."""
        return sorted(self.sides.praised), sorted(self.sides.trashed), self.look, self.level


def rivalries(ratings: Rated, shops: Market) -> list[Rivalry]:
    """The groups whose marks say one thing here and the other next door, strongest first, those of strength 0 or less
    left out. Draws nothing; does not depend on the order of rows."""
    book = Book(ratings)
    pairs, n_pairs = _asked(book, _pairs(book, shops))
    found, n_camps = _asked(book, _camps(book, shops))
    # A third of the error goes to pairs of businesses, to camps, and to one business against several.
    price = [np.log(3.0 * len(MARKS) * max(n, 1)) for n in (n_pairs, n_camps)]
    found = [replace(f, strength=f.strength - price[1]) for f in found]
    found += [replace(f, strength=f.strength - price[0]) for f in pairs]
    starts = sorted(pairs, key=lambda f: (-f.strength, f.order()))[:STARTS]
    found += [grown for f in starts if (grown := _grown(book, shops, f)) is not None]
    found = [replace(f, strength=float(f"{f.strength:.9g}")) for f in found if f.strength > 0]
    found.sort(key=lambda f: (-f.strength, f.order()))
    return apart(_group(book, shops, one) for one in found)


def apart(groups: Iterable[Rivalry]) -> list[Rivalry]:
    """Those of the groups whose accounts stand in none before: the same are seen again from each of their shops."""
    out: list[Rivalry] = []
    taken: set[str] = set()
    for group in groups:
        if not taken & set(group.members):
            out.append(group)
            taken |= set(group.members)
    return out


class Book:
    """The ratings, looked up by account and by business."""

    def __init__(self, ratings: Rated) -> None:
        self.ratings = ratings
        self.starts = np.searchsorted(ratings.account, np.arange(len(ratings.authors) + 1))
        self.of_business: list[Ints] = [np.empty(0, np.int64)] * len(ratings.names)
        order = np.argsort(ratings.business, kind="stable")
        cuts = np.searchsorted(ratings.business[order], np.arange(len(ratings.names) + 1))
        for b in range(len(ratings.names)):
            self.of_business[b] = order[cuts[b] : cuts[b + 1]]
        self.against = [AGAINST] * len(MARKS)
        """By how much such marks are likelier together than one by one, of each of MARKS (`heed`)."""
        # Praise that was asked for, or that discloses its incentive, is no praise here.
        self.top = [(ratings.mark >= top - 1e-9) & ~ratings.told for top, _ in MARKS]
        self.low = [ratings.mark <= low + 1e-9 for _, low in MARKS]
        n = np.maximum(np.diff(cuts), 1)
        self.usually_top, self.usually_low = (
            [np.bincount(ratings.business, so, len(ratings.names)) / n for so in level]
            for level in (self.top, self.low))

    def heed(self, first: Ints, second: Ints) -> None:
        """Count how often those who rated two competitors praise one and trash the other, against what each mark by
        itself would have. first, second: places of the two ratings, one pair each (n,). People who are kind or harsh
        throughout do so less often than tastes of every mark alone, people who change sides more often; what the page
        shows, with two standard errors, is taken, without the few pairs of businesses where it is most (SET_ASIDE): a
        ring may stand there."""
        a, b = self.ratings.business[first], self.ratings.business[second]
        pair = np.unique(a * len(self.of_business) + b, return_inverse=True)[1]
        for k, (top, low) in enumerate(zip(self.top, self.low, strict=True)):
            so = (top[first] & low[second]).astype(np.float64) + (top[second] & low[first])
            high, deep = self.usually_top[k], self.usually_low[k]
            seen, alone = np.bincount(pair, so), np.bincount(pair, high[a] * deep[b] + high[b] * deep[a])
            rest = np.argsort(seen - alone, kind="stable")[: max(len(seen) - SET_ASIDE, 0)]
            if alone[rest].sum() >= 1.0:
                n = seen[rest].sum()
                self.against[k] = AGAINST * (n + 2.0 * np.sqrt(n) + 1.0) / alone[rest].sum()

    def own(self, account: int) -> range:
        """Places of an account's ratings."""
        return range(int(self.starts[account]), int(self.starts[account + 1]))

    def both(self, sides: Sides) -> list[int]:
        """The accounts that rated both sides."""
        fewer, more = sorted((sides.praised, sides.trashed), key=len)
        here = {int(a) for b in fewer for a in self.ratings.account[self.of_business[b]]}
        return sorted(a for a in here if any(int(self.ratings.business[r]) in more for r in self.own(a)))

    def looks(self, sides: Sides, accounts: list[int], repeated: bool = False) -> list[tuple[int, list[int]]]:
        """(place in LOOKS, those of the accounts that it lets through), none of fewer than MIN_ACCOUNTS; the same
        accounts again only if `repeated`."""
        n = {a: len(self.own(a)) for a in accounts}
        apart = {a: self._apart(sides, a) for a in accounts}
        chosen = [tuple(a for a in accounts if n[a] <= most and apart[a] <= days) for most, days in LOOKS]
        return [(k, list(c)) for k, c in enumerate(chosen)
                if len(c) >= MIN_ACCOUNTS and (repeated or c not in chosen[:k])]

    def _apart(self, sides: Sides, account: int) -> float:
        """Days between an account's ratings of one side and the nearest of the other; infinite where unknown."""
        here, there = ([self.ratings.day[r] for r in self.own(account) if self.ratings.business[r] in side]
                       for side in (sides.praised, sides.trashed))
        return float(np.nan_to_num(np.min(np.abs(np.subtract.outer(here, there))), nan=np.inf))

    def so_marked(self, sides: Sides, accounts: list[int], level: int) -> list[int]:
        """Of the accounts, those that give nothing but top marks to one side and bottom marks to the other."""
        out = []
        for account in accounts:
            here = [r for r in self.own(account) if self.ratings.business[r] in sides.praised]
            there = [r for r in self.own(account) if self.ratings.business[r] in sides.trashed]
            if self.top[level][here].all() and self.low[level][there].all():
                out.append(account)
        return out

    def chances(self, sides: Sides, accounts: list[int], said: list[int], level: int) -> Floats:
        """For each of the accounts `said`, how likely such marks are for an account with its own mind."""
        looked_at = np.isin(self.ratings.account, accounts)
        out = []
        for account in said:
            p = self.against[level] if sides.praised and sides.trashed else 1.0
            for r in self.own(account):
                business = int(self.ratings.business[r])
                if business in sides.praised:
                    p *= self._chance(r, self.top[level], self.usually_top[level], looked_at, sides)
                elif business in sides.trashed:
                    p *= self._chance(r, self.low[level], self.usually_low[level], looked_at, sides)
            out.append(min(p, 1.0))
        return np.array(out)

    def parties(self, sides: Sides, said: list[int], chances: Floats) -> Ints:
        """For each of the accounts `said`, the place of the one that stands for its party (TOGETHER_DAYS): of those who
        may have come together the one whose marks are likeliest."""
        days = np.array([[min((self.ratings.day[r] for r in self.own(account) if self.ratings.business[r] in side),
                              default=np.nan) for side in (sides.praised, sides.trashed)] for account in said])
        first = np.arange(len(said))
        kept: list[int] = []
        for i in np.argsort(-chances, kind="stable").tolist():
            first[i] = next((j for j in kept if (np.abs(days[i] - days[j]) <= TOGETHER_DAYS).all()), i)
            if first[i] == i:
                kept.append(i)
        return first

    def _chance(self, row: int, so: np.ndarray, usually: Floats, looked_at: np.ndarray, sides: Sides) -> float:
        """How likely a rating is `so`: by the business's others, those of its time, and by how often the account marks
        so elsewhere against what is `usually` given there; one standard error is added for what few others tell."""
        day, account = self.ratings.day, int(self.ratings.account[row])
        others = self.of_business[self.ratings.business[row]]
        others = others[~looked_at[others]]
        share, n = (so[others].sum() + 1.0) / (len(others) + 2.0), len(others) + 2.0
        near = others[np.abs(day[others] - day[row]) <= NEAR_DAYS] if np.isfinite(day[row]) else others[:0]
        then = (so[near].sum() + PRIOR * share) / (len(near) + PRIOR)
        expected = max(share, then) + np.sqrt(share * (1 - share) / (n + 1))
        elsewhere = [r for r in self.own(account)
                     if self.ratings.business[r] not in sides.praised | sides.trashed]
        usual = usually[self.ratings.business[elsewhere]].sum()
        leaning = max((so[elsewhere].sum() + PRIOR) / (usual + PRIOR), LEAST_LEANING)
        return float(min(expected * leaning, 1.0))


def _pairs(book: Book, shops: Market) -> Iterator[tuple[Sides, list[int]]]:
    """Each two businesses that compete, either way round, and the accounts that rated both."""
    both: dict[tuple[int, int], list[int]] = {}
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
                        both.setdefault((a, b), []).append(account)
                        met.append((one, other))
    if met:
        book.heed(*np.array(met, np.int64).T)
    for (a, b), accounts in sorted(both.items()):
        yield Sides(frozenset((a,)), frozenset((b,))), accounts
        yield Sides(frozenset((b,)), frozenset((a,))), accounts


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


def evidence_of(chances: Floats, n: int) -> Floats:
    """Log e-value for each of SHARES: n accounts of which those with `chances` marked so."""
    share = np.array(SHARES)
    return np.log1p(-share) * (n - len(chances)) + np.log((1 - share) + share / chances[:, None]).sum(axis=0)


def own_mind(chances: Floats, n: int, first: Ints | None = None) -> Floats:
    """Of n accounts of which those with `chances` marked so: how likely each of these has a mind of its own, by what
    the others say about how many have none. first: who stands for each one's party (`Book.parties`); a party counts
    once."""
    share = np.array(SHARES)
    first = np.arange(len(chances)) if first is None else first
    alone = np.unique(first)
    whole = evidence_of(chances[alone], n - (len(chances) - len(alone)))
    beside = whole - np.log((1 - share) + share / chances[first][:, None])
    weight = special.softmax(beside, axis=1)
    q = 1.0 - (weight * (share / (share + (1 - share) * chances[:, None]))).sum(axis=1)
    return np.clip(q, 0.0, 1.0)


def log_mean(logs: Floats) -> float:
    """Log of the mean of what is given as logs."""
    return float(special.logsumexp(logs) - np.log(len(logs)))


def _asked(book: Book, sides: Iterable[tuple[Sides, list[int]]]) -> tuple[list[_Finding], int]:
    """What each selection of accounts says, before the price of having looked at so many; and how many there were."""
    found, n = [], 0
    for each, accounts in sides:
        if len(accounts) >= MIN_ACCOUNTS:
            for look, chosen in book.looks(each, accounts):
                n += 1
                for level in range(len(MARKS)):
                    if (one := _finding(book, each, look, chosen, level)) is not None:
                        found.append(one)
    return found, n


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
        price = np.log(3.0 * (MOST_TRASHED - 1) * n_sides) + np.log(special.comb(len(others), k))
        then: _Finding | None = None
        for b in others:
            if b in now.sides.trashed:
                continue
            sides = Sides(now.sides.praised, now.sides.trashed | {b})
            accounts = dict(book.looks(sides, book.both(sides), repeated=True)).get(start.look)
            one = None if accounts is None else _finding(book, sides, start.look, accounts, start.level)
            if one is not None and (then is None or (-one.strength, one.order()) < (-then.strength, then.order())):
                then = one
        if then is None or then.strength <= now.strength:
            break
        now = then
        priced = replace(now, strength=now.strength - price)
        best = priced if best is None or priced.strength > best.strength else best
    return best


def _group(book: Book, shops: Market, found: _Finding) -> Rivalry:
    sides, accounts, level = found.sides, list(found.accounts), found.level
    said = book.so_marked(sides, accounts, level)
    p = book.chances(sides, accounts, said, level)
    q = own_mind(p, len(accounts), book.parties(sides, said, p))
    order = np.argsort([book.ratings.authors[a] for a in said])
    theirs = np.isin(book.ratings.account, said)
    met = set(book.ratings.business[theirs].tolist())
    # Other rivals that several of them trash are told too, though they added nothing to the strength.
    often = np.bincount(book.ratings.business[theirs & book.low[level]], minlength=len(shops.cell)) >= MIN_ACCOUNTS
    trashed = (sides.trashed & met) | {b for b in _rivals(shops, sorted(sides.praised)) if often[b]}
    named = [tuple(book.ratings.names[b] for b in sorted(side)) for side in (sides.praised & met, trashed)]
    members = tuple(book.ratings.authors[said[i]] for i in order)
    return Rivalry(found.strength, members, p[order], q[order], named[0], named[1])
