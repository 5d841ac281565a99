"""Innocent crowds of a review site: many people who write at one time for one reason of their own."""

from __future__ import annotations

import numpy as np

from fakedetect.simulate.grammar import Dice
from fakedetect.simulate.reviews_grammar import said
from fakedetect.simulate.reviews_organic import outings
from fakedetect.simulate.reviews_scene import DAY, WORDS, ReviewScene

_HALF_DAY = DAY // 2


def angry(scene: ReviewScene, people: np.ndarray, business: int, day: int, rng: np.random.Generator) -> None:
    """People who each write once, angry about one event: a few within the hour, most within two days."""
    dice = Dice(rng)
    at = scene.begin_s + day * DAY + _HALF_DAY
    time_s = at + np.ceil(rng.lognormal(np.log(14 * 3600), 1.0, len(people)))
    where = np.full(len(people), business)
    stars = np.where(rng.random(len(people)) < 0.85, 1, 2)
    event = [dice.pick(tuple(range(len(WORDS[0].events))))]
    told = {"event": [w.events[event[0]] for w in WORDS]}
    scene.add(people, where, time_s, stars, scene.say_of(dice, "angry", people, where, stars, **told))


def outcry(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The crowd of a real outcry at one business."""
    business = scene.pick(rng)
    angry(scene, people, business, _day(scene, rng, 20), rng)
    return np.array([business])


def recovery(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Half of them come in the bad months of a business, half after the management changed, when it is as good as
    it was."""
    business = scene.pick(rng)
    months = min(80, scene.spec.n_days // 6)
    day = _day(scene, rng, 4 * months)
    late = np.arange(len(people)) >= len(people) // 2
    where = np.full(len(people), business)
    start = np.where(late, day + months, day)
    time_s = scene.clock(rng, scene.days(rng, where, start, start + np.where(late, 2 * months, months)))
    stars = scene.rate(rng, people, where, time_s, np.where(late, 0.3, -3.2))
    dice = Dice(rng)
    changed = scene.say_of(dice, "changed", people, where, stars)
    plain = scene.say(dice, people, where, stars)
    text = [c if n and s > 3 and dice.roll() < 0.4 else p
            for c, p, n, s in zip(changed, plain, late.tolist(), stars.tolist(), strict=True)]
    scene.add(people, where, time_s, stars, text)
    return np.array([business])


def incentive_wave(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Customers of one business thanked with points or a discount within a month, who say so."""
    where, time_s, stars = _wave(scene, people, rng, spread_days=30.0, shift=1.5)
    dice = Dice(rng)
    text: list[str | None] = []
    for a, b, own in zip(people.tolist(), where.tolist(), scene.say(dice, people, where, stars), strict=True):
        words = WORDS[scene.crowd["lang"][a]]
        short = own or words.short[2][int(dice.roll() * len(words.short[2]))]
        text.append(said(dice, words, words.disclosed, int(scene.category[b]), int(scene.crowd["style"][a]) & ~4,
                         s=short))
    scene.add(people, where, time_s, stars, text)
    return where[:1]


def invited_wave(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Customers whom one business asks by mail; the site knows it. Who is asked is a little happier."""
    where, time_s, stars = _wave(scene, people, rng, spread_days=10.0, shift=0.9)
    scene.add(people, where, time_s, stars, scene.say(Dice(rng), people, where, stars), invited=1)
    return where[:1]


def _wave(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator, *, spread_days: float,
          shift: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(business, time_s, stars): one visit each to one business, most of them early in so many days."""
    where = np.full(len(people), scene.pick(rng))
    day = _day(scene, rng, int(spread_days)) + np.floor(spread_days * rng.beta(1.3, 3.0, len(people)))
    time_s = scene.clock(rng, day)
    return where, time_s, scene.rate(rng, people, where, time_s, shift)


def festival(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A Saturday on which up to eight neighbours are full: each visitor reviews one to three of them."""
    here = np.flatnonzero((scene.place == rng.choice(scene.place)) & (scene.opens == 0))
    street = np.zeros(scene.spec.n_businesses, bool)
    street[rng.permutation(here)[:8]] = True
    account, business = outings(scene, rng, people, rng.geometric(0.6, len(people)).clip(1, 3), street)
    day = _day(scene, rng, 8)
    day += (5 - (scene.spec.start.weekday() + day)) % 7
    time_s = scene.begin_s + day * DAY + np.ceil(3600 * (11 + 20 * rng.beta(2, 3, len(account)))).astype(np.int64)
    stars = scene.rate(rng, account, business, time_s, 0.3)
    dice = Dice(rng)
    plain, there = (scene.say(dice, account, business, stars),
                    scene.say_of(dice, "festival", account, business, stars))
    scene.add(account, business, time_s, stars,
              [t if dice.roll() < 0.4 else p for p, t in zip(plain, there, strict=True)])
    return np.flatnonzero(street)


def new_business(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Friends and first customers of a business that opens in the period: five stars, within five weeks."""
    where = np.full(len(people), scene.pick(rng, np.flatnonzero(scene.opens > 0)))
    day = scene.opens[where] + np.floor(35 * rng.beta(1.0, 2.0, len(people))).astype(np.int64)
    stars = np.full(len(people), 5)
    dice = Dice(rng)
    plain, glad = scene.say(dice, people, where, stars), scene.say_of(dice, "friends", people, where, stars)
    text = [g if dice.roll() < 0.5 else p for p, g in zip(plain, glad, strict=True)]
    scene.add(people, where, scene.clock(rng, day), stars, text)
    return where[:1]


def _day(scene: ReviewScene, rng: np.random.Generator, needed: int) -> int:
    """A day from which so many days are left, not in the first tenth of the period."""
    first = scene.spec.n_days // 10
    return int(rng.integers(first, max(first + 1, scene.spec.n_days - needed)))
