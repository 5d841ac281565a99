"""Campaigns on a review site: how accounts moved by one hand go to work. The registry is REVIEW_FAMILIES."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from fakedetect.errors import UsageError
from fakedetect.simulate import curves as measured
from fakedetect.simulate import reviews_crowds as crowds
from fakedetect.simulate.grammar import Dice
from fakedetect.simulate.reviews_grammar import bases, bought, mood
from fakedetect.simulate.reviews_organic import outings, over_years
from fakedetect.simulate.reviews_scene import DAY, WORDS, ReviewScene
from fakedetect.simulate.spec import ReviewCampaign
from fakedetect.words import Text

Done = dict[str, Any]
"""What a family did: places of `praised` and `trashed` businesses, and what else the truth tells."""


@dataclass(frozen=True)
class ReviewFamily:
    """One way of working: `play(scene, campaign, people, first_day, rng)` adds its reviews and tells what it did.
    knobs: what a ReviewCampaign's None stands for."""

    name: str
    label: Text
    play: Callable[[ReviewScene, ReviewCampaign, np.ndarray, int, np.random.Generator], Done]
    knobs: Mapping[str, Any]


_COMMON: Mapping[str, Any] = {
    "n_accounts": 25, "n_reviews": 25, "n_praised": 1, "n_trashed": 0, "spread_days": 7.0, "paraphrase": 0.7,
    "camouflage": 0.0, "n_devices": 0, "step": 0.5,
}


def play(scene: ReviewScene, campaign: ReviewCampaign, number: int) -> Done:
    """Hire and play one campaign; gives its record for the truth: id, knobs as they were in the end, accounts and
    businesses as places, and its first day.

    Raises UsageError where the site holds nothing that the campaign could work on.
    """
    known = next(f for f in REVIEW_FAMILIES if f.name == campaign.family)
    rng = measured.stream(scene.seed, "campaign", number, known.name)
    drawn = {
        "start_share": round(float(rng.uniform(0.1, 0.95)), 3),
        "profile_strength": 0.0 if rng.random() < 0.3 else round(float(rng.uniform(0.1, 1.0)), 3),
        "names_alike": bool(rng.random() < 0.25),
    }
    values = drawn | dict(_COMMON) | dict(known.knobs)
    c = replace(campaign, **{f.name: values[f.name] for f in fields(campaign)
                             if f.name in values and getattr(campaign, f.name) is None})
    n, spread, share, newness = c.n_accounts, c.spread_days, c.start_share, c.profile_strength
    assert n is not None and spread is not None and share is not None and newness is not None
    people = scene.hire(rng, n, "campaign", known.name, campaign=f"c{number}", newness=newness,
                        make=number if c.names_alike else 0)
    first_day = int(share * max(0.0, scene.spec.n_days - spread - 1))
    done = known.play(scene, c, people, first_day, rng)
    record = {"id": f"c{number}", **asdict(c), "accounts": people, "praised": [], "trashed": [], "day": first_day}
    return record | done


def _targets(scene: ReviewScene, c: ReviewCampaign, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(praised, trashed): one business or the businesses of one owner, and competitors of theirs."""
    wanted, against = c.n_praised or 1, c.n_trashed or 0
    n_rivals = np.array([len(scene.rivals(b)) for b in range(scene.spec.n_businesses)])
    if against and not n_rivals.max():
        raise UsageError("no two businesses of this site compete", hint="more businesses, fewer places")
    n_rivals[scene.opens > 0] = -1
    fit = np.flatnonzero(n_rivals >= min(against, n_rivals.max()))
    size = np.bincount(scene.owner, minlength=scene.spec.n_businesses)[scene.owner[fit]]
    first = scene.pick(rng, fit[size >= min(wanted, size.max())])
    others = np.setdiff1d(np.flatnonzero(scene.owner == scene.owner[first]), [first])
    praised = np.append(first, rng.permutation(others)[: wanted - 1])
    rivals = scene.rivals(first)
    trashed = rng.permutation(rivals)[:against]
    scene.taken.update(trashed.tolist())
    return praised, trashed


def _pairs(rng: np.random.Generator, people: np.ndarray, groups: tuple[np.ndarray, ...],
           n_reviews: int) -> tuple[np.ndarray, np.ndarray]:
    """(account, business): so many pairs, each once; every account at least one of each group of businesses."""
    business = np.concatenate(groups)
    order = rng.random((len(people), len(business)))
    start, least = 0, 0
    for group in groups:
        order[np.arange(len(people)), start + rng.integers(0, len(group), len(people))] -= 1
        start, least = start + len(group), least + len(people)
    row, col = np.divmod(np.argsort(order, axis=None)[: max(n_reviews, least)], len(business))
    return people[row], business[col]


def _words(scene: ReviewScene, c: ReviewCampaign, dice: Dice, account: np.ndarray, business: np.ndarray,
           stars: np.ndarray) -> list[str | None]:
    """What the accounts are given to write: a few wordings of praise or blame, reworded by `paraphrase`, or own
    words at 1."""
    if c.paraphrase is None or c.paraphrase >= 1:
        return scene.say(dice, account, business, stars)
    handed = [{True: bases(dice, w.praise, 3), False: bases(dice, w.trash, 2)} for w in WORDS]
    rows = zip(scene.crowd["lang"][account].tolist(), scene.crowd["style"][account].tolist(), stars.tolist(),
               strict=True)
    return [bought(dice, WORDS[g], handed[g][s > 2], c.paraphrase, mood(style, s)) for g, style, s in rows]


def _write(scene: ReviewScene, c: ReviewCampaign, account: np.ndarray, business: np.ndarray, day: np.ndarray,
           stars: np.ndarray, rng: np.random.Generator) -> None:
    """Add the campaign's reviews, and the ordinary ones behind which its accounts hide."""
    dice = Dice(rng)
    devices = scene.addresses(c.n_devices or 0)

    def ip(n: int) -> np.ndarray | int:
        return rng.choice(devices, n) if len(devices) else -1

    text = _words(scene, c, dice, account, business, stars)
    scene.add(account, business, scene.clock(rng, day), stars, text, ip=ip(len(account)), bought=True)
    people, n_own = np.unique(account, return_counts=True)
    n_hide = rng.poisson((c.camouflage or 0.0) * n_own)
    elsewhere = ~np.isin(np.arange(scene.spec.n_businesses), business)
    if n_hide.sum() and elsewhere.any():
        pairs = outings(scene, rng, people, n_hide, elsewhere)
        scene.visit(rng, dice, *pairs, over_years(scene, rng, *pairs), ip=ip(len(pairs[0])))


def _top(rng: np.random.Generator, n: int) -> np.ndarray:
    """Fives, and some fours."""
    return np.where(rng.random(n) < 0.85, 5, 4)


def _drawn_days(c: ReviewCampaign, rng: np.random.Generator, n: int, first_day: int) -> np.ndarray:
    """A day for each review: of a short campaign most in its first half, of a long one at any time."""
    spread = c.spread_days or 1.0
    share = rng.beta(1.3, 2.2, n) if spread < 45 else rng.random(n)
    return first_day + np.floor(spread * share).astype(np.int64)


def _work(scene: ReviewScene, c: ReviewCampaign, people: np.ndarray, first_day: int, rng: np.random.Generator,
          praised: np.ndarray, trashed: np.ndarray) -> Done:
    """Praise for the ones, bottom marks for the others, within the campaign's days."""
    groups = tuple(g for g in (praised, trashed) if len(g))
    account, business = _pairs(rng, people, groups, c.n_reviews or 0)
    day = _drawn_days(c, rng, len(account), first_day)
    bottom = np.where(rng.random(len(account)) < 0.8, 1, 2)
    stars = np.where(np.isin(business, trashed), bottom, _top(rng, len(account)))
    _write(scene, c, account, business, day, stars, rng)
    done = {"praised": praised, "trashed": trashed}
    return {k: b[np.isin(b, business)] for k, b in done.items()} | {"n_reviews": len(account)}


def _push(scene: ReviewScene, c: ReviewCampaign, people: np.ndarray, first_day: int,
          rng: np.random.Generator) -> Done:
    """Praise one business or one owner's, run down competitors, or both."""
    return _work(scene, c, people, first_day, rng, *_targets(scene, c, rng))


def _attack(scene: ReviewScene, c: ReviewCampaign, people: np.ndarray, first_day: int,
            rng: np.random.Generator) -> Done:
    """Bottom marks for a competitor; whoever pays for it gets nothing."""
    if not c.n_trashed:
        raise UsageError("n_trashed of a trash_wave must be 1 or more. Got 0 instead.")
    client, trashed = _targets(scene, c, rng)
    return _work(scene, c, people, first_day, rng, client[:0], trashed) | {"client": client}


def _launder(scene: ReviewScene, c: ReviewCampaign, people: np.ndarray, first_day: int,
             rng: np.random.Generator) -> Done:
    """Genuine customers are angry about an event; some days later bought praise pushes their reviews down."""
    praised, trashed = _targets(scene, c, rng)
    genuine = scene.hire(rng, max(5, int(0.6 * len(people))), "hard_negative", "outcry")
    event = max(0, first_day - int(rng.integers(6, 12)))
    crowds.angry(scene, genuine, int(praised[0]), event, rng)
    return _work(scene, c, people, event + 6, rng, praised, trashed) | {"genuine": genuine, "day": event}


def _mill(scene: ReviewScene, c: ReviewCampaign, people: np.ndarray, first_day: int,
          rng: np.random.Generator) -> Done:
    """Praise from few templates for many customers, of all places and categories."""
    praised = np.sort(rng.permutation(np.flatnonzero(scene.opens == 0))[: c.n_praised])
    return _work(scene, c, people, first_day, rng, praised, praised[:0])


def shown(mean: np.ndarray | float, step: float) -> np.ndarray:
    """The average that a site displays: to the nearest half star, or tenth."""
    return np.round(np.floor(np.asarray(mean) / step + 0.5 + 1e-9) * step, 1)


def _threshold(scene: ReviewScene, c: ReviewCampaign, people: np.ndarray, first_day: int,
               rng: np.random.Generator) -> Done:
    """Just enough fives to lift what the site displays by one step."""
    step = c.step or 0.5
    so_far = scene.so_far()
    until_s = scene.begin_s + (first_day + int(c.spread_days or 1) + 1) * DAY
    seen = so_far.time_s < until_s
    size = scene.spec.n_businesses
    n = np.bincount(so_far.business[seen], minlength=size)
    total = np.bincount(so_far.business[seen], so_far.stars[seen], minlength=size)
    fives = np.arange(len(people) + 1)[:, None]
    average = shown((total + 5 * fives) / np.maximum(n + fives, 1), step)
    needed = np.argmax(average > average[0], axis=0)
    fit = np.flatnonzero((needed >= 3) & (n >= 8))
    if not len(fit):
        raise UsageError(f"no business of this site is lifted a step by {len(people)} reviews",
                         hint="more accounts for threshold_push, or a smaller step")
    business = scene.pick(rng, fit)
    account = people[: needed[business]]
    where = np.full(len(account), business)
    _write(scene, c, account, where, _drawn_days(c, rng, len(account), first_day), np.full(len(account), 5), rng)
    return {"praised": where[:1], "n_reviews": len(account), "until_s": until_s,
            "shown": [float(average[0, business]), float(average[len(account), business])]}


REVIEW_FAMILIES: tuple[ReviewFamily, ...] = (
    ReviewFamily("praise_wave", Text("praise for one business within days", "éloges d'une adresse en quelques jours"),
                 _push, {}),
    ReviewFamily("praise_drip", Text("praise for one business over months", "éloges d'une adresse au fil des mois"),
                 _push, {"n_accounts": 40, "n_reviews": 40, "spread_days": 240.0}),
    ReviewFamily("trash_wave", Text("bottom marks for a competitor within days",
                                    "notes au plus bas d'un concurrent en quelques jours"),
                 _attack, {"n_accounts": 15, "n_reviews": 15, "n_trashed": 1, "spread_days": 10.0}),
    ReviewFamily("praise_and_trash", Text("the same accounts praise one and run down its competitors",
                                          "les mêmes comptes vantent l'un et dénigrent ses concurrents"),
                 _push, {"n_accounts": 9, "n_reviews": 24, "n_trashed": 2, "spread_days": 240.0, "camouflage": 0.5}),
    ReviewFamily("laundering", Text("praise that pushes a crisis down", "éloges qui enfouissent une crise"),
                 _launder, {"n_accounts": 35, "n_reviews": 35, "spread_days": 15.0}),
    ReviewFamily("phrase_mill", Text("praise from few templates over many businesses",
                                     "éloges tirés de peu de modèles pour beaucoup d'adresses"),
                 _mill, {"n_accounts": 30, "n_reviews": 70, "n_praised": 25, "spread_days": 365.0,
                         "paraphrase": 0.15}),
    ReviewFamily("one_device", Text("many accounts behind one or two addresses",
                                    "beaucoup de comptes derrière une ou deux adresses"),
                 _push, {"n_accounts": 12, "n_reviews": 24, "n_praised": 3, "n_devices": 2, "spread_days": 60.0}),
    ReviewFamily("threshold_push", Text("just enough fives to lift the average shown",
                                        "juste assez de cinq étoiles pour relever la moyenne affichée"),
                 _threshold, {"n_accounts": 40, "spread_days": 14.0}),
)
