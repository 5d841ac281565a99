"""How accounts mark businesses, and what is to be expected of marks given by an account with a mind of its own.

The null lets each account give its marks one by one, by what others give that business (at that time, if it had a bad
time), and by how the account marks elsewhere; and lets tastes go against each other (AGAINST). The evidence for "some
of them mark so whatever they found" is an e-value: its expectation under the null is 1 at most, so that 1 / alpha is
passed with probability alpha at most (Vovk & Wang 2021, Annals of Statistics 49, 1736-1754).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from fakedetect.relate.presence import MIN_ACCOUNTS, Floats, Ints
from fakedetect.relate.rated import Rated

MARKS = ((1.0, 0.2), (0.8, 0.4))
"""Top marks from, bottom marks to, as shares of the best mark: five and one star; four and two."""
AGAINST = 1.5
"""Who likes one business may dislike another more often than all others of the page do whom they like: half as often
again, here (what they do on average is counted)."""
FEW_RATED = 8
"""Of an account that rated no more businesses, its other marks tell little about it."""
SET_ASIDE = 4
"""Pairs of businesses that may be a ring's."""
TOGETHER_DAYS = 1.0
"""Accounts whose marks of both sides stand within so many days of each other's may have dined together: they count as
one."""
LOOKS = ((2, 30.0), (4, 30.0), (8, 30.0), (4, np.inf), (8, np.inf), (np.inf, 30.0), (np.inf, np.inf))
"""Accounts are looked at by how many businesses they rated at most, and within how many days both sides: regular guests
of both would hide a few who came for it. Neither says anything about the marks."""
NEAR_DAYS = 45.0
"""A business's marks within so many days tell what it was like then."""
PRIOR = 4.0
"""Marks' worth of what everybody gives, against what was given at that time, or by that account elsewhere."""
LEAST_LEANING = 0.5
"""However kind an account was elsewhere, a bad mark is expected of it half as often as of the others."""
SHARES = tuple(round(0.05 * k, 2) for k in range(1, 20))
"""Shares of the accounts looked at that a group may be, weighed alike."""


@dataclass(frozen=True)
class Sides:
    """Two sides of a rivalry: codes of businesses."""

    praised: frozenset[int]
    trashed: frozenset[int]


@dataclass(frozen=True)
class _Alike:
    """By how much likelier an account's next top mark is after one, and after one beside a bad mark; and its next bad
    mark after one, and after one beside a top mark. 1 or more."""

    top: float
    top_beside: float
    low: float
    low_beside: float


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
        # An account has a handful of ratings: lists are far quicker there than arrays.
        self._business, self._day = ratings.business.tolist(), ratings.day.tolist()
        self._so = [(top.tolist(), low.tolist()) for top, low in zip(self.top, self.low, strict=True)]
        self._begin = self.starts.tolist()
        n = np.maximum(np.diff(cuts), 1)
        self.usually_top, self.usually_low = (
            [np.bincount(ratings.business, so, len(ratings.names)) / n for so in level]
            for level in (self.top, self.low))
        self.alike = [self._alike(k) for k in range(len(MARKS))]

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
                self.against[k] = AGAINST * _above(seen[rest].sum(), alone[rest].sum())

    def _alike(self, level: int) -> _Alike:
        """How much one mark of an account says of its next, counted among those who rated FEW_RATED at most: of others
        their marks elsewhere tell. Bad marks come together where people are harsh; of those who praise something that
        is hardly so."""
        account, business = self.ratings.account, self.ratings.business
        few = np.diff(self.starts)[account] <= FEW_RATED
        out = []
        for so, other, usual, usual_other in (
                (self.top, self.low, self.usually_top, self.usually_low),
                (self.low, self.top, self.usually_low, self.usually_top)):
            (x, u), (y, v) = (((few & is_so[level]).astype(np.float64), np.where(few, usually[level][business], 0.0))
                              for is_so, usually in ((so, usual), (other, usual_other)))

            def total(weight: Floats) -> Floats:
                return np.bincount(account, weight, len(self.starts) - 1).astype(np.float64)

            n, m = total(x), total(y)
            sum_u, sum_uu, sum_v, sum_uv, sum_uuv = (total(w) for w in (u, u * u, v, u * v, u * u * v))
            twice = (sum_u**2 - sum_uu) / 2
            alone = _ratio((n * (n - 1) / 2).sum(), twice.sum())
            one_each = (n * m).sum() / max((sum_u * sum_v - sum_uv).sum(), 1e-9)
            beside = _ratio((m * n * (n - 1) / 2).sum(),
                            one_each * (sum_v * twice - sum_uv * sum_u + sum_uuv).sum())
            out.append((alone, beside))
        return _Alike(*out[0], *out[1])

    def own(self, account: int) -> range:
        """Places of an account's ratings."""
        return range(self._begin[account], self._begin[account + 1])

    def both(self, sides: Sides) -> list[int]:
        """The accounts that rated both sides."""
        fewer, more = sorted((sides.praised, sides.trashed), key=len)
        here = {a for b in fewer for a in self.ratings.account[self.of_business[b]].tolist()}
        return sorted(a for a in here if any(self._business[r] in more for r in self.own(a)))

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
        here, there = ([self._day[r] for r in self.own(account) if self._business[r] in side]
                       for side in (sides.praised, sides.trashed))
        apart = [abs(h - t) for h in here for t in there]
        return math.inf if any(map(math.isnan, apart)) else min(apart)

    def so_marked(self, sides: Sides, accounts: list[int], level: int) -> list[int]:
        """Of the accounts, those that give nothing but top marks to one side and bottom marks to the other."""
        top, low = self._so[level]
        return [account for account in accounts
                if all((top[r] or self._business[r] not in sides.praised)
                       and (low[r] or self._business[r] not in sides.trashed) for r in self.own(account))]

    def chances(self, sides: Sides, accounts: list[int], said: list[int], level: int) -> Floats:
        """For each of the accounts `said`, how likely such marks are for an account with its own mind."""
        looked_at = np.isin(self.ratings.account, accounts)
        out = []
        for account in said:
            p = self.against[level] if sides.praised and sides.trashed else 1.0
            alike = self.alike[level]
            both = bool(sides.praised and sides.trashed)
            for side, so, usually, next_one in (
                    (sides.praised, self.top[level], self.usually_top[level],
                     alike.top_beside if both else alike.top),
                    (sides.trashed, self.low[level], self.usually_low[level],
                     alike.low_beside if both else alike.low)):
                mine = [r for r in self.own(account) if self._business[r] in side]
                for k, r in enumerate(mine):
                    one = self._chance(r, so, usually, looked_at, sides)
                    p *= one if k == 0 else min(one * next_one, 1.0)
            out.append(min(p, 1.0))
        return np.array(out)

    def parties(self, sides: Sides, said: list[int], chances: Floats) -> Ints:
        """For each of the accounts `said`, the place of the one that stands for its party (TOGETHER_DAYS): of those who
        may have come together the one whose marks are likeliest."""
        days = np.array([[min((self._day[r] for r in self.own(account) if self._business[r] in side),
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
                     if self._business[r] not in sides.praised and self._business[r] not in sides.trashed]
        usual = usually[self.ratings.business[elsewhere]].sum()
        leaning = max((so[elsewhere].sum() + PRIOR) / (usual + PRIOR), LEAST_LEANING)
        return float(min(expected * leaning, 1.0))


def _above(seen: float, alone: float) -> float:
    return float((seen + 2.0 * np.sqrt(seen) + 1.0) / alone)


def _ratio(seen: float, alone: float) -> float:
    """What the page shows, with two standard errors; AGAINST, where it shows too little."""
    return AGAINST if alone < 1.0 else max(_above(seen, alone), 1.0)


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
