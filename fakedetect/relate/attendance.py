"""Joint attendance: do accounts choose the same posts, beyond what the calendar and a post's appeal explain?

Words and hours can be varied at no cost; a campaign still has to be where it was paid to be. Which posts of a span an
account took is dealt anew (`spans`), its number in each kept: the interval jitter of Amarasingham, Harrison,
Hatsopoulos & Geman 2012 over posts instead of seconds, each deal a conditional Bernoulli draw (Chen, Dempster & Liu
1994). Two fans of one season expect to meet; two accounts that keep to the same twelve posts of a hundred do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import special

from fakedetect.relate.pairs import Pairs
from fakedetect.relate.polynomials import ways_of
from fakedetect.relate.presence import MIN_ACCOUNTS, Floats, Ints, Presence
from fakedetect.relate.spans import SPAN, TILTS, Choice, alike, spans, tilted
from fakedetect.spill import THREADS, side_by_side

SHARES = (0.1, 0.3, 0.6)
ODDS = (4.0, 16.0, 64.0)
"""Shares of posts a group may work on, and how much likelier its accounts are there: what is averaged over."""
BITS = (np.arange(1 << SPAN)[:, None] >> np.arange(SPAN) & 1).astype(np.int64)
"""Which places of a span are worked on, for every pattern: (2 ** SPAN, SPAN)."""
WORTH_SHARING = 1_000
"""Pairs from which on threads take a part each."""
AT_ONCE = 16
"""A group of more accounts than this loses several at a time, one for each so many."""


@dataclass(frozen=True)
class Attended:
    """Each account's spans: rows sorted by (account, span); `starts` (n_accounts + 1,) delimits an account's.

    taken: which places of the span it took, (n_rows, SPAN); n: how many.
    """

    starts: Ints
    span: Ints
    n: Ints
    taken: NDArray[np.bool_]


Look = tuple[Attended, Choice]
"""Accounts in one way of cutting posts into spans."""


@dataclass(frozen=True)
class Looks:
    """Every way in which a group must have chosen its posts together. grown: those from which pairs and groups grow,
    posts that follow one another first, then posts of like popularity. drawn: the first again, for accounts that are
    drawn by popularity otherwise than the rest; they can only weaken a group."""

    grown: tuple[Look, ...]
    drawn: tuple[Look, ...]

    @property
    def every(self) -> tuple[Look, ...]:
        return self.grown + self.drawn

    def of(self, here: Presence) -> Looks:
        """The same spans, taken by other accounts."""
        return Looks(*(tuple((attended(here, choice), choice) for _, choice in part)
                       for part in (self.grown, self.drawn)))


def looks(here: Presence, published: Floats, popular: Floats) -> Looks:
    """published: of each post code, as `spans.publish_times` gives it (n_posts,); popular: as `spans.popularity`."""
    choices = (spans(here, published, popular), spans(here, alike(here, published, popular), popular))
    grown = tuple((attended(here, choice), choice) for choice in choices)
    # Loyal fans may come to any post where the others come to what is popular: no group may rest on leaving that out.
    return Looks(grown, tuple((grown[0][0], tilted(choices[0], popular, power)) for power in TILTS))


def attended(here: Presence, choice: Choice, accounts: Ints | None = None) -> Attended:
    """Which posts of which spans each account took; or each of `accounts` (codes): the others then took none."""
    n_accounts = len(here.authors)
    inside = choice.span[here.post] >= 0
    if accounts is not None:
        asked = np.zeros(n_accounts, bool)
        asked[accounts] = True
        inside &= asked[here.account]
    account, post = here.account[inside], here.post[inside]
    span = choice.span[post]
    order = np.lexsort((post, span, account))
    account, post, span = account[order], post[order], span[order]
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(account) != 0) | (np.diff(span) != 0)
    row = np.cumsum(new) - 1
    taken = np.zeros((int(new.sum()), SPAN), np.bool_)
    place = np.zeros(len(choice.span), np.int64)
    of_span, at = np.nonzero(choice.posts >= 0)
    place[choice.posts[of_span, at]] = at
    taken[row, place[post]] = True
    starts = np.concatenate([[0], np.cumsum(np.bincount(account[new], minlength=n_accounts))]).astype(np.int64)
    return Attended(starts, span[new], taken.sum(axis=1).astype(np.int64), taken)


def shown_p(them: Pairs, every: Sequence[Look]) -> Floats:
    """P-value of each pair to be shown: the largest over all looks."""
    return np.asarray(np.max([attendance_p(them, *look, mid=False) for look in every], axis=0))


def attendance_p(them: Pairs, who: Attended, choice: Choice, *, mid: bool = True) -> Floats:
    """P-value of each pair: common posts, if b had chosen its own anew, given that there are as many as it needs to
    be looked at (`Pairs.least`).

    Exact: span by span, n conditional Bernoulli draws fall on a's posts by a ratio of symmetric polynomials of the
    weights; the spans are convolved. mid: mid-p, for sums over pairs; without it the tail itself, to be shown. A pair
    that chooses in no common span says nothing: .5, or 1. Meetings in which one answered the other are not in `them`,
    so they do not count. Null simulation: tests/test_relate_attendance.py.
    """
    def part(pairs: Ints) -> Floats:
        return np.asarray(_common(them.a[pairs], them.b[pairs], them.n_shared[pairs], them.least[pairs], who.starts,
                                  who.span, who.n, who.taken, choice.weight, choice.size, mid))

    every = np.arange(len(them.a))
    if len(every) < WORTH_SHARING:
        return part(every)
    return np.concatenate(list(side_by_side(part, np.array_split(every, THREADS))))


def strength(who: Attended, choice: Choice, members: Ints, cost: Floats, *, drop: bool = True) -> tuple[Ints, float]:
    """The members that speak for each other, and their strength: log Bayes factor less the price of their names.

    The group's hypothesis: it works on a part of the posts, and on those its accounts are ODDS times likelier to be
    found. Averaged over which posts these are (each on its own with one of SHARES) and over ODDS, and conditional on
    how many posts of each span every account took, as the null is. Its mean under the null is one for any set of
    accounts, and the prices of all sets are a code, so chance names a group of strength t or more with probability
    exp(-t) at most (Markov; Shafer & Vovk 2019), whatever the search did. drop: accounts are dropped while that helps.

    cost: nats to name each account (n_accounts,).
    """
    kept = np.sort(members)
    owner, spoken, n_spans = _spoken(who, choice, kept)
    total = np.zeros((n_spans, len(ODDS), len(BITS)))
    _add(total, np.ones(len(owner)), *spoken)
    evidence, posterior = _evidence(total)
    best = float(_worth(evidence) - _price(cost[kept].sum(), len(kept)))
    stays = np.ones(len(kept), np.bool_)
    at, taken, mask, less, common = spoken
    spoken_against = (at, taken, mask, np.exp(less), np.exp(-common))
    while drop and (n := int(stays.sum())) > MIN_ACCOUNTS:
        change = _without(posterior, owner, stays, *spoken_against)
        inside = np.flatnonzero(stays)
        worth = _worth(evidence + change[inside]) - _price(cost[kept[inside]].sum() - cost[kept[inside]], n - 1)
        leave = inside[worth > best][np.argsort(-worth[worth > best], kind="stable")]
        # One by one from a small group; a large one would take its number squared.
        leave = leave[:min(1 + n // AT_ONCE, n - MIN_ACCOUNTS)]
        after = stays.copy()
        after[leave] = False
        now = total.copy()
        _add(now, np.where(np.isin(owner, leave), -1.0, 0.0), *spoken)
        evidence, posterior = _evidence(now)
        then = float(_worth(evidence) - _price(cost[kept[after]].sum(), int(after.sum())))
        if then <= best:
            break
        best, stays, total = then, after, now
    return kept[stays], best


def bayes_factor(who: Attended, choice: Choice, members: Ints) -> float:
    """Log Bayes factor of accounts that were not searched for: as `strength`, without a price. Chance gives one of t or
    more with probability exp(-t) at most."""
    owner, spoken, n_spans = _spoken(who, choice, np.sort(members))
    total = np.zeros((n_spans, len(ODDS), len(BITS)))
    _add(total, np.ones(len(owner)), *spoken)
    return float(_worth(_evidence(total)[0]))


def _price(cost: Floats, n: int) -> Floats:
    """Nats to name n accounts whose costs add up to `cost` (any shape), in no order, and how many they are."""
    return np.asarray(cost - special.gammaln(n + 1.0) + np.log(n * (n + 1.0)))


def _spoken(who: Attended, choice: Choice, members: Ints) -> tuple[Ints, tuple[Any, ...], int]:
    """The members' rows in spans where two or more of them were: which member (its place in `members`); for `_add`,
    the span's place among those, the number and pattern of posts taken, and the tables of which a row's likelihood
    ratio is the product; and the number of spans."""
    rows = [np.arange(who.starts[a], who.starts[a + 1]) for a in members.tolist()]
    owner = np.repeat(np.arange(len(members)), [len(r) for r in rows])
    row = np.concatenate(rows)
    spans_of, at, met = np.unique(who.span[row], return_inverse=True, return_counts=True)
    stays = met[at] > 1
    place = np.cumsum(met > 1) - 1
    ways = np.moveaxis(ways_of(choice.weight[spans_of[met > 1]], np.array(ODDS), BITS), 3, 1)
    # 1 / likelihood ratio = ways / ways without odds / odds ** (posts of the pattern among those taken).
    less = np.ascontiguousarray(np.log(np.maximum(ways, 1e-300)) - np.log(np.maximum(ways[..., :1], 1e-300)))
    common = np.log(ODDS)[:, None] * (BITS @ BITS.T)[:, None, :]
    mask = who.taken[row[stays]] @ (1 << np.arange(SPAN))
    return owner[stays], (place[at[stays]], who.n[row[stays]], mask, less, common), int((met > 1).sum())


def _evidence(total: Floats) -> tuple[Floats, Floats]:
    """Log likelihood ratio of the group by share and odds (shares, odds), and the posterior of each pattern in each
    span given them, (shares, odds, n_spans, patterns); total: summed over accounts, (n_spans, odds, patterns)."""
    on = BITS.sum(axis=1)
    prior = np.array([on * np.log(share) + (SPAN - on) * np.log(1 - share) for share in SHARES])
    joint = np.moveaxis(total, 1, 0)[None] + prior[:, None, None, :]
    each = special.logsumexp(joint, axis=3)
    return each.sum(axis=2), np.exp(joint - each[..., None])


def _worth(evidence: Floats) -> Floats:
    """Log Bayes factor from the log likelihood ratios by share and odds (..., shares, odds)."""
    return np.asarray(special.logsumexp(evidence, axis=(-2, -1)) - np.log(len(SHARES) * len(ODDS)))


@numba.njit(cache=True, nogil=True)
def _common(a, b, n_shared, least, starts, span, n, taken, weight, size, mid):  # type: ignore[no-untyped-def]
    most = weight.shape[1]
    out = np.full(len(a), 0.5 if mid else 1.0)
    row_of = np.full(len(size), -1, np.int64)
    now = -1
    on, off, part = np.zeros(most + 1), np.zeros(most + 1), np.zeros(most + 1)
    chance = np.zeros(most * len(size) + 1)
    for k in range(len(a)):
        if a[k] != now:
            if now >= 0:
                for r in range(starts[now], starts[now + 1]):
                    row_of[span[r]] = -1
            now = a[k]
            for r in range(starts[now], starts[now + 1]):
                row_of[span[r]] = r
        chance[0] = 1.0
        top = seen = 0
        for r in range(starts[b[k]], starts[b[k] + 1]):
            s = span[r]
            o = row_of[s]
            if o < 0:
                continue
            on[:], off[:], part[:] = 0.0, 0.0, 0.0
            on[0] = off[0] = 1.0
            n_on = n_off = 0
            for j in range(size[s]):
                w = weight[s, j]
                if taken[o, j]:
                    n_on += 1
                    for i in range(n_on, 0, -1):
                        on[i] += w * on[i - 1]
                else:
                    n_off += 1
                    for i in range(n_off, 0, -1):
                        off[i] += w * off[i - 1]
                seen += taken[o, j] and taken[r, j]
            low, high = max(0, n[r] - n_off), min(n[r], n_on)
            total = 0.0
            for i in range(low, high + 1):
                part[i] = on[i] * off[n[r] - i]
                total += part[i]
            for i in range(top + high, -1, -1):
                value = 0.0
                for x in range(max(low, i - top), min(high, i) + 1):
                    value += chance[i - x] * part[x] / total
                chance[i] = value
            top += high
        seen = min(seen, n_shared[k])
        if seen < least[k]:
            continue
        looked_at = beyond = 0.0
        for i in range(top, least[k] - 1, -1):
            looked_at += chance[i]
            if i > seen:
                beyond += chance[i]
            elif i == seen:
                beyond += chance[i] / 2 if mid else chance[i]
        if looked_at > 0:
            out[k] = min(beyond / looked_at, 1.0)
    return out


@numba.njit(cache=True, nogil=True)
def _add(total, times, at, n, mask, less, common):  # type: ignore[no-untyped-def]
    """Add the log likelihood ratio of each row to `total` (n_spans, odds, patterns), `times` over."""
    for r in range(len(at)):
        if times[r] != 0.0:
            for o in range(total.shape[1]):
                for b in range(total.shape[2]):
                    total[at[r], o, b] += times[r] * (common[mask[r], o, b] - less[at[r], n[r], o, b])


@numba.njit(cache=True, nogil=True)
def _without(posterior, owner, stays, at, n, mask, against, alone):  # type: ignore[no-untyped-def]
    """How the log likelihood ratio by share and odds changes without each member: (n_members, shares, odds)."""
    n_shares, n_odds, _, n_patterns = posterior.shape
    out = np.zeros((len(stays), n_shares, n_odds))
    ratio = np.empty(n_patterns)
    for r in range(len(at)):
        if not stays[owner[r]]:
            continue
        for o in range(n_odds):
            for b in range(n_patterns):
                ratio[b] = against[at[r], n[r], o, b] * alone[mask[r], o, b]
            for h in range(n_shares):
                mean = 0.0
                for b in range(n_patterns):
                    mean += posterior[h, o, at[r], b] * ratio[b]
                out[owner[r], h, o] += np.log(mean)
    return out
