"""Hard negatives of a review site: innocent accounts that look like something. The registry is REVIEW_NEGATIVES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fakedetect.simulate import curves as measured
from fakedetect.simulate import reviews_crowds as crowds
from fakedetect.simulate.grammar import Dice
from fakedetect.simulate.reviews_organic import outings, over_years
from fakedetect.simulate.reviews_scene import CATEGORIES, ReviewScene
from fakedetect.simulate.spec import Negative
from fakedetect.words import Text


@dataclass(frozen=True)
class ReviewKind:
    """One kind of innocent: `play(scene, people, rng)` adds their reviews and gives the businesses concerned (none
    where it is about the people)."""

    name: str
    label: Text
    play: Callable[[ReviewScene, np.ndarray, np.random.Generator], np.ndarray]
    n_accounts: int
    newness: float = 0.0


def play(scene: ReviewScene, negative: Negative, number: int) -> dict[str, Any]:
    """Hire and play one hard negative; gives its record for the truth: accounts and businesses as places."""
    kind = next(k for k in REVIEW_NEGATIVES if k.name == negative.kind)
    rng = measured.stream(scene.seed, "negative", number, kind.name)
    n = kind.n_accounts if negative.n_accounts is None else negative.n_accounts
    people = scene.hire(rng, n, "hard_negative", kind.name, newness=kind.newness)
    where = kind.play(scene, people, rng)
    return {"id": f"n{number}", "kind": kind.name, "n_accounts": n, "accounts": people, "businesses": where}


_NOWHERE = np.empty(0, np.int64)


def local_people(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """People who review many businesses of their own town over the years."""
    for place in range(scene.spec.n_places):
        mine = people[scene.crowd["home"][people] == place]
        account, business = outings(scene, rng, mine, rng.integers(12, 36, len(mine)), scene.place == place)
        scene.visit(rng, Dice(rng), account, business, over_years(scene, rng, account, business))
    return _NOWHERE


def tourists(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """People who come to one place for some days at the same season of each year and review three to seven."""
    years = max(1, scene.spec.n_days // 365)
    for one in people:
        there = (scene.place == rng.choice(scene.place)) & (scene.opens == 0)
        n_trips = int(rng.integers(1, years + 1))
        n = int(rng.integers(3, 8))
        account, business = outings(scene, rng, np.array([one]), np.array([n * n_trips]), there)
        trip = np.arange(len(account)) // n
        season = rng.integers(0, max(1, scene.spec.n_days - 365 * (years - 1) - 20))
        first = season + 365 * rng.permutation(years)[:n_trips]
        day = first[trip] + rng.integers(0, 8, n_trips)[trip] + rng.integers(0, 6, len(account))
        scene.visit(rng, Dice(rng), account, business, scene.clock(rng, day))
    return _NOWHERE


def _throughout(low: int, high: int, shift: float) -> Callable[..., np.ndarray]:
    """People who give nothing but `low` to `high` stars, wherever they go."""

    def play(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        account, business = outings(scene, rng, people, rng.integers(3, 11, len(people)))
        time_s = over_years(scene, rng, account, business)
        stars = scene.rate(rng, account, business, time_s, shift).clip(low, high)
        scene.add(account, business, time_s, stars, scene.say(Dice(rng), account, business, stars))
        return _NOWHERE

    return play


def chain_fans(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """People who like all that one owner has, and leave out little of it."""
    owners, size = np.unique(scene.owner, return_counts=True)
    chain = scene.owner == rng.choice(owners[size >= min(3, size.max())])
    n_each = chain.sum() - (rng.random(len(people)) < 0.25) * (chain.sum() > 2)
    account, business = outings(scene, rng, people, n_each, chain)
    time_s = over_years(scene, rng, account, business)
    stars = scene.rate(rng, account, business, time_s, 2.5).clip(4, 5)
    scene.add(account, business, time_s, stars, scene.say(Dice(rng), account, business, stars))
    return np.flatnonzero(chain)


def family(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Half of them live in households of up to three, behind one address each, and go out together; the others are
    guests of one hotel, over its wifi. Each has a taste of its own."""
    at_home = people[: (len(people) + 1) // 2]
    dice = Dice(rng)
    homes = np.arange(len(at_home)) // 3
    address = scene.addresses(int(homes.max()) + 1)
    for home in range(int(homes.max()) + 1):
        members = at_home[homes == home]
        head = members[:1]
        _, business = outings(scene, rng, head, np.array([4]))
        time_s = over_years(scene, rng, np.repeat(head, len(business)), business)
        who, visit = np.nonzero(rng.random((len(members), len(business))) < 0.8)
        late = rng.integers(60, 3 * 3600, len(who))
        scene.visit(rng, dice, members[who], business[visit], time_s[visit] + late, ip=int(address[home]))
    guests = people[len(at_home):]
    hotel = scene.pick(rng, np.flatnonzero(scene.category == CATEGORIES.index("hotel")))
    where = np.full(len(guests), hotel)
    scene.visit(rng, dice, guests, where, scene.clock(rng, scene.days(rng, where)), ip=int(scene.addresses(1)[0]))
    return np.array([hotel])


def switchers(scene: ReviewScene, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """People who like one business and dislike a competitor: each for itself. Which two, and which way round, is
    drawn as independent tastes would have it: by both popularities and both qualities."""
    pairs = np.array([(a, b) for a in range(scene.spec.n_businesses) for b in scene.rivals(a)])
    if not len(pairs):
        return _NOWHERE
    quality = scene.quality.mean(axis=1)
    weight = scene.traffic.sum(axis=1)
    weight = weight[pairs[:, 0]] * weight[pairs[:, 1]] * np.exp(quality[pairs[:, 0]] - quality[pairs[:, 1]])
    chosen = pairs[rng.choice(len(pairs), len(people), p=weight / weight.sum())]
    account, business = np.repeat(people, 2), chosen.ravel()
    like = np.tile([True, False], len(people))
    time_s = over_years(scene, rng, account, business)
    luck = rng.random(len(account))
    stars = np.where(like, np.where(luck < 0.65, 5, 4), np.where(luck < 0.6, 1, 2))
    scene.add(account, business, time_s, stars, scene.say(Dice(rng), account, business, stars))
    return _NOWHERE


REVIEW_NEGATIVES: tuple[ReviewKind, ...] = (
    ReviewKind("outcry", Text("the crowd of a real outcry", "la foule d'une vraie indignation"), crowds.outcry, 60),
    ReviewKind("recovery", Text("customers before and after a change of management",
                                "clients d'avant et d'après un changement de direction"), crowds.recovery, 60),
    ReviewKind("incentive_wave", Text("customers thanked with points or a discount who say so",
                                      "clients récompensés par des points ou une remise, qui le disent"),
               crowds.incentive_wave, 40),
    ReviewKind("invited_wave", Text("customers whom the business asked by mail",
                                    "clients sollicités par courriel par l'établissement"), crowds.invited_wave, 45),
    ReviewKind("locals", Text("people who review many businesses of their town",
                              "gens qui donnent leur avis sur beaucoup d'adresses de leur ville"), local_people, 25),
    ReviewKind("tourists", Text("visitors who review several places within days",
                                "visiteurs qui donnent plusieurs avis en quelques jours"), tourists, 30),
    ReviewKind("harsh", Text("people who are never content", "gens jamais contents"), _throughout(1, 2, -6.0), 15),
    ReviewKind("generous", Text("people who always give five stars", "gens qui donnent toujours cinq étoiles"),
               _throughout(5, 5, 6.0), 40),
    ReviewKind("chain_fans", Text("people who like all that one owner has",
                                  "gens qui aiment tout ce que tient un même propriétaire"), chain_fans, 12),
    ReviewKind("festival", Text("visitors of a whole street on its feast day",
                                "visiteurs de toute une rue un jour de fête"), crowds.festival, 120),
    ReviewKind("family", Text("households and hotel guests behind one address",
                              "foyers et clients d'hôtel derrière une même adresse"), family, 16),
    ReviewKind("new_business", Text("friends and first customers of a new business",
                                    "amis et premiers clients d'un nouvel établissement"), crowds.new_business, 12,
               newness=0.4),
    ReviewKind("switchers", Text("people who like one business and dislike its competitor",
                                 "gens qui aiment une adresse et pas sa concurrente"), switchers, 24),
)
