"""The stage on which a review site is played: its businesses, its crowd, and the reviews written so far."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fakedetect.simulate import curves as measured
from fakedetect.simulate.grammar import Dice, styles
from fakedetect.simulate.names import LAST_A, LAST_B
from fakedetect.simulate.reviews_grammar import Phrases, review, said
from fakedetect.simulate.reviews_words_en import REVIEWS_EN
from fakedetect.simulate.reviews_words_fr import REVIEWS_FR
from fakedetect.simulate.spec import ReviewSpec

WORDS: tuple[Phrases, ...] = (REVIEWS_EN, REVIEWS_FR)
"""Accounts hold the place of their language in this tuple."""
CATEGORIES = tuple(REVIEWS_EN.grammar.topics)
MAX_PLACES = min(len(w.places) for w in WORDS)
DAY = 86400
_CUTS = np.array([-2.75, -2.15, -1.25, 0.05])
"""Where the latent liking of a visit becomes 2, 3, 4, 5 stars: 9, 6, 12, 23 and 50 % of visits."""
_HOURS = np.array([2, 1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 10, 10, 9, 9, 10, 11, 12, 13, 14, 10, 5], float)
_WEEK = np.array([1.15, 1.0, 0.95, 0.95, 0.95, 1.1, 1.3])
"""Weight of Monday to Sunday: reviews follow the weekend's visits."""


@dataclass(frozen=True)
class Acts:
    """Reviews not yet written down; all arrays of one length n.

    account, business: places in the crowd and among the businesses. time_s: local epoch seconds. stars: 1 to 5.
    invited: 1, 0, or -1 where the business's habit decides. ip: number of a shared address, -1 for the account's
    own. bought: made for a campaign, so rarely with a purchase that the site knows.
    """

    account: np.ndarray
    business: np.ndarray
    time_s: np.ndarray
    stars: np.ndarray
    text: list[str | None]
    invited: np.ndarray
    ip: np.ndarray
    bought: np.ndarray


class ReviewScene:
    """One site while it is being made. Businesses are fixed at once; accounts are hired, reviews are added."""

    def __init__(self, spec: ReviewSpec, seed: int) -> None:
        self.spec = spec
        self.seed = seed
        self._acts: list[Acts] = []
        self.crowd: dict[str, np.ndarray] = {}
        self.roles: list[tuple[str, str, str | None, bool]] = []
        """(role, family, campaign, is_suspect) per account."""
        self.taken: set[int] = set()
        """Businesses to which something happens already: one event each, as far as they go round."""
        self._n_shared = 0
        self.begin_s = calendar.timegm(spec.start.timetuple())
        self._plan(measured.stream(seed, "businesses"))

    def _plan(self, rng: np.random.Generator) -> None:
        n, days = self.spec.n_businesses, self.spec.n_days
        self.category = np.arange(n) % self.spec.n_categories
        # The first place is twice as large as the others; each has every category.
        self.place = (np.arange(n) // self.spec.n_categories % (self.spec.n_places + 1) - 1).clip(0)
        self.popularity = rng.lognormal(0, 1.0, n)
        self.opens = np.where(rng.random(n) < 0.05, (days * rng.uniform(0.2, 0.8, n)).astype(np.int64), 0)
        self.opens[int(rng.integers(0, n))] = days // 2
        self._plan_owners(rng)
        # Quality drifts by some 0.3 of a standard deviation a year.
        self.quality = rng.normal(0, 0.6, n)[:, None] + np.cumsum(rng.normal(0, 0.25 / np.sqrt(365), (n, days)), 1)
        self._plan_days(rng)
        self.invites = np.where(rng.random(n) < 0.25, rng.uniform(0.1, 0.6, n), 0.0)
        self.answers = rng.beta(0.7, 1.5, n)
        share = self.spec.verified_share
        self.verified_share = float(rng.uniform(0, 0.6)) if share is None else share
        self.names = self._names(rng)

    def _plan_owners(self, rng: np.random.Generator) -> None:
        """One owner in seven has two to four businesses, of any category, mostly in one place."""
        n = self.spec.n_businesses
        self.owner = np.arange(n)
        free = rng.permutation(np.flatnonzero(self.opens == 0)).tolist()
        while len(free) > max(4, 0.65 * n):
            first, size = free.pop(), int(rng.integers(1, 4))
            near = [b for b in free if self.place[b] == self.place[first] or rng.random() < 0.2][:size]
            self.owner[near] = first
            free = [b for b in free if b not in near]

    def _plan_days(self, rng: np.random.Generator) -> None:
        """How many reviews to expect of a business on a day, up to a factor: the week, the season, growth, weather
        for all, and a week's and a day's luck of its own."""
        n, days = self.spec.n_businesses, self.spec.n_days
        day = np.arange(days)
        weekday = (day + self.spec.start.weekday()) % 7
        of_year = (day + self.spec.start.timetuple().tm_yday) / 365.25
        season = 1 + 0.3 * np.cos(2 * np.pi * (of_year - 0.58))
        site = _WEEK[weekday] * season * np.exp(0.25 * day / 365) * rng.gamma(8, 1 / 8, days)
        week = rng.gamma(3, 1 / 3, (n, days // 7 + 1))[:, day // 7]
        rate = site * week * rng.gamma(1.5, 1 / 1.5, (n, days)) * self.popularity[:, None]
        rate[day < self.opens[:, None]] = 0.0
        self.traffic = rate
        """float64 (businesses, days): expected reviews, up to a factor."""
        self._so_far = np.concatenate([np.zeros((n, 1)), np.cumsum(rate, axis=1)], axis=1)
        self.hours = _HOURS / _HOURS.sum()

    def _names(self, rng: np.random.Generator) -> list[str]:
        """One name per business, no two alike."""
        dice, out = Dice(rng), list[str]()
        langs = self.langs(rng, self.spec.n_businesses)
        surnames = [a + b for a in LAST_A for b in LAST_B]
        for b in range(self.spec.n_businesses):
            patterns = list(WORDS[langs[b]].grammar.topics.values())[self.category[b]][0].split("|")
            name = dice.pick(patterns).replace("{n}", dice.pick(surnames))
            while name in out:
                name = dice.pick(patterns).replace("{n}", dice.pick(surnames))
            out.append(name)
        return out

    def langs(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Languages of n people: the site's, and one in forty the other one."""
        first = {"en": 0.975, "fr": 0.025, "mixed": 0.5}[self.spec.lang]
        return (rng.random(n) >= first).astype(np.int64)

    # People

    def hire(self, rng: np.random.Generator, n: int, role: str, family: str, *, campaign: str | None = None,
             newness: float = 0.0, make: int = 0) -> np.ndarray:
        """n new accounts; gives their places in the crowd. newness: 0 (as everybody's profile) to 1 (new and
        empty). make: number of a make of names, 0 for everybody's."""
        new = {
            "lang": self.langs(rng, n),
            "leniency": 0.7 * rng.standard_t(6, n),
            "style": styles(rng, n),
            "home": rng.choice(self.spec.n_places, n, p=self._place_share()),
            "make": np.full(n, make),
            "newness": np.full(n, newness),
        }
        first = len(self.roles)
        self.crowd = {k: np.concatenate([self.crowd[k], v]) if self.crowd else v for k, v in new.items()}
        self.roles += [(role, family, campaign, campaign is not None)] * n
        return np.arange(first, first + n)

    def _place_share(self) -> np.ndarray:
        share = np.bincount(self.place, self.popularity, self.spec.n_places) + 1e-9
        return share / share.sum()

    def addresses(self, n: int) -> np.ndarray:
        """n new addresses that accounts share."""
        self._n_shared += n
        return np.arange(self._n_shared - n, self._n_shared)

    # Businesses

    def rivals(self, business: int) -> np.ndarray:
        """Businesses of the same place and category and another owner that were always open."""
        same = (self.place == self.place[business]) & (self.category == self.category[business])
        return np.flatnonzero(same & (self.owner != self.owner[business]) & (self.opens == 0))

    def pick(self, rng: np.random.Generator, among: Sequence[int] | np.ndarray | None = None) -> int:
        """A business to which something may happen, and marks it taken. Wished for, as far as `among` allows: one
        that was always open, to which nothing happens yet, of middling popularity."""
        places = np.arange(self.spec.n_businesses) if among is None else np.asarray(among, np.int64)
        rank = np.argsort(np.argsort(self.popularity)) / self.spec.n_businesses
        free = ~np.isin(np.arange(self.spec.n_businesses), sorted(self.taken))
        for wish in (self.opens == 0, free, (rank > 0.3) & (rank < 0.9)):
            if wish[places].any():
                places = places[wish[places]]
        one = int(rng.choice(places))
        self.taken.add(one)
        return one

    # What people do

    def days(self, rng: np.random.Generator, business: np.ndarray, first: np.ndarray | float = 0,
             last: np.ndarray | float | None = None) -> np.ndarray:
        """A day of the period for each visit, as the business's traffic goes, from `first` up to `last` (not
        included; None: the end)."""
        end = self.spec.n_days if last is None else last
        low, high = (np.broadcast_to(np.asarray(x, np.int64).clip(0, self.spec.n_days), len(business))
                     for x in (first, end))
        low = np.minimum(low, self.spec.n_days - 1)
        high = np.maximum(high, low + 1)
        u = rng.random(len(business))
        want = self._so_far[business, low] + u * (self._so_far[business, high] - self._so_far[business, low])
        out = np.empty(len(business), np.int64)
        for b in np.unique(business):
            rows = business == b
            out[rows] = np.searchsorted(self._so_far[b], want[rows], "right") - 1
        # Whoever would come only before it opens comes at any time after.
        opens = self.opens[business]
        late = opens + np.floor(u * (self.spec.n_days - opens)).astype(np.int64)
        return np.where(self._so_far[business, high] > self._so_far[business, low], out, late)

    def clock(self, rng: np.random.Generator, day: np.ndarray) -> np.ndarray:
        """Local epoch seconds on these days, at the hours at which people write reviews."""
        hour = rng.choice(24, len(day), p=self.hours)
        return self.begin_s + np.asarray(day, np.int64) * DAY + hour * 3600 + rng.integers(0, 3600, len(day))

    def rate(self, rng: np.random.Generator, account: np.ndarray, business: np.ndarray, time_s: np.ndarray,
             shift: np.ndarray | float = 0.0) -> np.ndarray:
        """Stars by an ordered logit: the business's quality then, the account's leniency, its own taste for the
        place, the visit's luck; `shift` moves the liking."""
        day = ((time_s - self.begin_s) // DAY).astype(np.int64).clip(0, self.spec.n_days - 1)
        liking = self.quality[business, day] + self.crowd["leniency"][account] + shift
        liking = liking + rng.normal(0, 0.5, len(account)) + rng.logistic(0, 1, len(account))
        return 1 + np.searchsorted(_CUTS, liking)

    def say(self, dice: Dice, account: np.ndarray, business: np.ndarray, stars: np.ndarray) -> list[str | None]:
        """Own words that fit the stars, or none."""
        rows = zip(self.crowd["lang"][account].tolist(), stars.tolist(), self.category[business].tolist(),
                   self.crowd["style"][account].tolist(), strict=True)
        return [review(dice, WORDS[g], s, c, style) for g, s, c, style in rows]

    def say_of(self, dice: Dice, occasion: str, account: np.ndarray, business: np.ndarray, stars: np.ndarray,
               **given: Sequence[str]) -> list[str | None]:
        """Own words about an occasion (a field of Phrases); `given` holds for each slot one filling per language."""
        out: list[str | None] = []
        for a, b, s in zip(account.tolist(), business.tolist(), stars.tolist(), strict=True):
            g = int(self.crowd["lang"][a])
            slots = {k: v[g] for k, v in given.items()}
            out.append(said(dice, WORDS[g], getattr(WORDS[g], occasion), int(self.category[b]),
                            int(self.crowd["style"][a]), s, **slots))
        return out

    def add(self, account: np.ndarray, business: np.ndarray, time_s: np.ndarray, stars: np.ndarray,
            text: list[str | None], *, invited: np.ndarray | int = -1, ip: np.ndarray | int = -1,
            bought: bool = False) -> None:
        """Add reviews; what would fall outside the period is left out."""
        n = len(account)
        inside = (time_s >= self.begin_s) & (time_s < self.begin_s + self.spec.n_days * DAY)

        def kept(values: np.ndarray | int) -> np.ndarray:
            return np.broadcast_to(np.asarray(values, np.int64), n)[inside]

        said_inside = [t for t, here in zip(text, inside.tolist(), strict=True) if here]
        self._acts.append(Acts(kept(account), kept(business), kept(time_s), kept(stars), said_inside,
                               kept(invited), kept(ip), kept(bought).astype(bool)))

    def visit(self, rng: np.random.Generator, dice: Dice, account: np.ndarray, business: np.ndarray,
              time_s: np.ndarray, *, ip: np.ndarray | int = -1) -> None:
        """Ordinary reviews, at these times: stars as people give them, words that fit."""
        stars = self.rate(rng, account, business, time_s)
        self.add(account, business, time_s, stars, self.say(dice, account, business, stars), ip=ip)

    def so_far(self) -> Acts:
        """Everything written until now, in the order of adding."""
        names = ("account", "business", "time_s", "stars", "invited", "ip", "bought")
        joined = {k: np.concatenate([getattr(a, k) for a in self._acts]) for k in names}
        return Acts(text=[t for a in self._acts for t in a.text], **joined)
