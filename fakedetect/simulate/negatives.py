"""Hard negatives: innocent accounts that look like something. The registry is NEGATIVES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from fakedetect.simulate import crowds, helpers
from fakedetect.simulate import curves as measured
from fakedetect.simulate.grammar import EMOJI, Dice, typed
from fakedetect.simulate.scene import GRAMMARS, Scene, acts
from fakedetect.simulate.spec import Negative
from fakedetect.words import Text

HOUR = 3600.0


@dataclass(frozen=True)
class Kind:
    """One kind of innocent: `play(scene, negative, people, rng)` adds what they do. role: hard_negative, or
    declared with `declared_role` (a role of `schema.ROLES`)."""

    name: str
    label: Text
    play: Callable[[Scene, Negative, np.ndarray, np.random.Generator], None]
    n_accounts: int
    participation: tuple[float, float] = (0.0, 0.0)
    median_delay_s: tuple[float, float] | None = None
    spread: float = 0.7
    declared_role: str | None = None
    newness: float = 0.0


def play(scene: Scene, negative: Negative, number: int) -> dict[str, Any]:
    """Hire and play one hard negative; gives its record for the truth: knobs and accounts as places."""
    kind = next(k for k in NEGATIVES if k.name == negative.kind)
    rng = measured.stream(scene.seed, "negative", number, kind.name)
    done = Negative(
        kind.name,
        kind.n_accounts if negative.n_accounts is None else negative.n_accounts,
        negative.participation or kind.participation,
        negative.median_delay_s or kind.median_delay_s,
        kind.spread if negative.spread is None else negative.spread,
    )
    role = "declared" if kind.declared_role else "hard_negative"
    people = scene.hire(rng, done.n_accounts or 0, role, kind.name, newness=kind.newness)
    kind.play(scene, done, people, rng)
    return {
        "id": f"n{number}",
        **{f.name: getattr(done, f.name) for f in fields(done)},
        "declared_role": kind.declared_role,
        "accounts": people,
    }


def attend(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """(account, post, delay_s): each account on its own share of the posts, after its own median delay; where
    no median is asked for, at the page's own delays."""
    low, high = n.participation or (0.0, 0.0)
    share = rng.uniform(low, high, len(people))
    here = rng.random((len(people), scene.spec.n_posts)) < share[:, None]
    here[np.arange(len(people)), rng.integers(0, scene.spec.n_posts, len(people))] |= ~here.any(axis=1)
    row, post = np.nonzero(here)
    account = people[row]
    if n.median_delay_s is None:
        return account, post, scene.delays(rng, account, post)
    own = np.exp(rng.uniform(np.log(n.median_delay_s[0]), np.log(n.median_delay_s[1]), len(people)))
    return account, post, np.maximum(own[row] * rng.lognormal(0, n.spread or 0.0, len(row)), 3.0)


def _regulars(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """Accounts with habits of their own, in ordinary words."""
    account, post, delay = attend(scene, n, people, rng)
    scene.add(acts(account, post, delay, scene.say(rng, Dice(rng), account, post)))


def incentive(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """Customers thanked with points, who say so in every comment."""
    account, post, delay = attend(scene, n, people, rng)
    dice = Dice(rng)
    said = scene.say(rng, dice, account, post)
    text = [
        crowds.phrase(scene, dice, "disclosed", a, p, s=s)
        for a, p, s in zip(account.tolist(), post.tolist(), said, strict=True)
    ]
    scene.add(acts(account, post, delay, text))


def one_word(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """Accounts that write one word or one emoji, mostly their own favourite one."""
    account, post, delay = attend(scene, n, people, rng)
    dice = Dice(rng)
    favourite = {
        a: dice.often_first([w for w in GRAMMARS[g].short if " " not in w])
        for a, g in zip(people.tolist(), scene.crowd["lang"][people].tolist(), strict=True)
    }
    text = []
    for a in account.tolist():
        grammar, style = GRAMMARS[scene.crowd["lang"][a]], int(scene.crowd["style"][a])
        word = favourite[a] if dice.roll() < 0.6 else dice.pick([w for w in grammar.short if " " not in w])
        text.append(dice.often_first(EMOJI) if dice.roll() < 0.2 else typed(dice, grammar, word, style & ~2))
    scene.add(acts(account, post, delay, text))


def other_languages(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """People who write Spanish, Russian, Arabic, Chinese or Thai."""
    own = {scene.spec.lang}
    places = [i for i, g in enumerate(GRAMMARS) if g.lang not in {"en", "fr"} | own]
    scene.crowd["lang"][people] = np.array(places)[np.arange(len(people)) % len(places)]
    _regulars(scene, n, people, rng)


NEGATIVES: tuple[Kind, ...] = (
    Kind(
        "loyal_fans",
        Text(en="independent loyal fans", fr="fans fidèles, chacun pour soi"),
        _regulars,
        30,
        (0.3, 0.7),
        (120.0, 5 * HOUR),
    ),
    Kind(
        "always_first",
        Text(
            en="fans with notifications on, always first",
            fr="fans prévenus par notification, toujours premiers",
        ),
        _regulars,
        8,
        (0.25, 0.7),
        (25.0, 150.0),
        0.8,
    ),
    Kind(
        "contest",
        Text(
            en="contest entrants with the same three words",
            fr="participants à un concours, les mêmes trois mots",
        ),
        crowds.contest,
        250,
    ),
    Kind(
        "live_event", Text(en="the crowd of a live event", fr="la foule d'un direct"), crowds.live_event, 180
    ),
    Kind(
        "outcry",
        Text(en="the crowd of a real outcry", fr="la foule d'une vraie indignation"),
        crowds.outcry,
        220,
    ),
    Kind(
        "defenders",
        Text(en="fans who defend the page in an outcry", fr="fans qui défendent la page dans une polémique"),
        crowds.defenders,
        40,
    ),
    Kind(
        "fan_club",
        Text(
            en="a fan club from another page, on its topic's days",
            fr="un club venu d'une autre page, les jours de son sujet",
        ),
        crowds.fan_club,
        25,
        (0.5, 0.7),
    ),
    Kind(
        "staff",
        Text(en="declared staff who sign", fr="personnel déclaré, qui signe"),
        helpers.staff,
        5,
        (0.3, 0.6),
        declared_role="staff",
    ),
    Kind(
        "moderators",
        Text(en="declared moderators who sign", fr="modérateurs déclarés, qui signent"),
        helpers.moderators,
        3,
        (0.2, 0.5),
        declared_role="moderator",
    ),
    Kind(
        "incentive",
        Text(
            en="customers thanked with points who say so",
            fr="clients récompensés par des points, qui le disent",
        ),
        incentive,
        40,
        (0.01, 0.06),
    ),
    Kind(
        "new_accounts",
        Text(en="accounts opened lately", fr="comptes ouverts depuis peu"),
        _regulars,
        60,
        (0.005, 0.03),
        newness=1.0,
    ),
    Kind(
        "one_word",
        Text(en="accounts that write one word", fr="comptes qui écrivent un mot"),
        one_word,
        50,
        (0.03, 0.3),
    ),
    Kind(
        "other_languages",
        Text(en="people who write another language", fr="personnes qui écrivent une autre langue"),
        other_languages,
        60,
        (0.01, 0.08),
    ),
    Kind(
        "two_friends",
        Text(en="two friends who converse", fr="deux amis qui conversent"),
        helpers.two_friends,
        4,
        (0.3, 0.5),
        (300.0, 3 * HOUR),
    ),
    Kind(
        "support_account",
        Text(en="a support account that answers", fr="un compte d'assistance qui répond"),
        helpers.support,
        1,
        (0.6, 0.8),
        declared_role="staff",
    ),
    Kind(
        "automaton",
        Text(
            en="a declared automatic helper, seconds after each post",
            fr="un assistant automatique déclaré, quelques secondes après chaque publication",
        ),
        helpers.automaton,
        1,
        (1.0, 1.0),
        declared_role="partner",
    ),
)
