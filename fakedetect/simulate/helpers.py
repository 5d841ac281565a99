"""Those who answer for a living or as friends: staff, moderators, support, an automatic helper, friends."""

from __future__ import annotations

import numpy as np

from fakedetect.simulate.crowds import phrase
from fakedetect.simulate.grammar import Dice
from fakedetect.simulate.names import FIRST
from fakedetect.simulate.scene import GRAMMARS, LANG_AT, Scene, acts
from fakedetect.simulate.spec import Negative


def _page_language(scene: Scene, people: np.ndarray) -> None:
    """Those who work for the page write its language."""
    scene.crowd["lang"][people] = (
        LANG_AT["en"] if scene.spec.lang not in LANG_AT else LANG_AT[scene.spec.lang]
    )


def _first_name(scene: Scene, dice: Dice, account: int) -> str:
    return dice.pick(FIRST[GRAMMARS[scene.crowd["lang"][account]].lang].split("|"))


def _visits(
    scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """(account, post): each account on its share of the posts."""
    low, high = n.participation or (0.0, 0.0)
    here = rng.random((len(people), scene.spec.n_posts)) < rng.uniform(low, high, len(people))[:, None]
    row, post = np.nonzero(here)
    return people[row], post


def _answers(
    scene: Scene, rng: np.random.Generator, account: np.ndarray, post: np.ndarray, median_s: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Turn visits into answers to comments found there: (account, post, delay_s, parent)."""
    done = scene.so_far()
    tops = np.flatnonzero(done.parent < 0)
    tops = tops[np.argsort(done.post[tops], kind="stable")]
    low, high = np.searchsorted(done.post[tops], post), np.searchsorted(done.post[tops], post, "right")
    some = high > low
    account, post, low, high = account[some], post[some], low[some], high[some]
    parent = tops[low + np.floor(rng.random(len(post)) * (high - low)).astype(np.int64)]
    return account, post, done.delay_s[parent] + rng.lognormal(np.log(median_s), 0.9, len(post)), parent


def staff(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """Staff who comment early, before the shift gets busy, and sign with their first name."""
    _page_language(scene, people)
    account, post = _visits(scene, n, people, rng)
    dice = Dice(rng)
    own_name = {a: _first_name(scene, dice, a) for a in people.tolist()}
    said = scene.say(rng, dice, account, post)
    text = [
        phrase(scene, dice, "staff", a, p, s=s, n=own_name[a])
        for a, p, s in zip(account.tolist(), post.tolist(), said, strict=True)
    ]
    scene.add(acts(account, post, rng.lognormal(np.log(420), 0.9, len(account)), text))


def moderators(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """Moderators who answer comments with the house rules, and sign."""
    _page_language(scene, people)
    dice = Dice(rng)
    own_name = {a: _first_name(scene, dice, a) for a in people.tolist()}
    account, post, delay, parent = _answers(scene, rng, *_visits(scene, n, people, rng), median_s=1500)
    text = [
        phrase(scene, dice, "moderator", a, p, n=own_name[a])
        for a, p in zip(account.tolist(), post.tolist(), strict=True)
    ]
    scene.add(acts(account, post, delay, text, parent=parent))


def support(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """An account that answers customers within minutes, in a handful of set sentences."""
    _page_language(scene, people)
    account, post = _visits(scene, n, people, rng)
    times = rng.integers(1, 6, len(post))
    account, post, delay, parent = _answers(
        scene, rng, np.repeat(account, times), np.repeat(post, times), median_s=480
    )
    dice = Dice(rng)
    text = [
        phrase(scene, dice, "support", a, p, n=_first_name(scene, dice, a))
        for a, p in zip(account.tolist(), post.tolist(), strict=True)
    ]
    scene.add(acts(account, post, delay, text, parent=parent))


def owner(scene: Scene, people: np.ndarray, rng: np.random.Generator) -> None:
    """The page itself, which answers a few comments."""
    n = Negative("owner", participation=(0.1, 0.3))
    _page_language(scene, people)
    account, post, delay, parent = _answers(scene, rng, *_visits(scene, n, people, rng), median_s=1800)
    dice = Dice(rng)
    text = [
        phrase(scene, dice, "support", a, p, n=_first_name(scene, dice, a))
        for a, p in zip(account.tolist(), post.tolist(), strict=True)
    ]
    scene.add(acts(account, post, delay, text, parent=parent))


def automaton(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """A helper that says it is automatic and posts one text seconds after each post."""
    _page_language(scene, people)
    account, post = _visits(scene, n, people, rng)
    dice = Dice(rng)
    text = [
        phrase(scene, dice, "automaton", a, p) for a, p in zip(account.tolist(), post.tolist(), strict=True)
    ]
    scene.add(acts(account, post, rng.uniform(2, 6, len(account)), text))


def two_friends(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """Pairs of friends: one comments at her own time, the other answers within minutes, and they go on."""
    dice = Dice(rng)
    low, high = n.participation or (0.3, 0.5)
    for one, two in zip(people[0::2].tolist(), people[1::2].tolist(), strict=False):
        scene.crowd["lang"][two] = scene.crowd["lang"][one]
        posts = np.flatnonzero(rng.random(scene.spec.n_posts) < rng.uniform(low, high))
        if n.median_delay_s is None:
            when = scene.delays(rng, np.full(len(posts), one), posts)
        else:
            own = np.exp(rng.uniform(*np.log(n.median_delay_s)))
            when = own * rng.lognormal(0, n.spread or 0.0, len(posts))
        first, second = np.where(rng.random(len(posts)) < 0.7, one, two), np.full(len(posts), one + two)
        second = second - first
        at = scene.add(acts(first, posts, when, scene.say(rng, dice, first, posts)))
        while len(posts):
            when = when + rng.lognormal(np.log(110), 0.8, len(posts))
            text = [
                phrase(scene, dice, "chat", a, p)
                for a, p in zip(second.tolist(), posts.tolist(), strict=True)
            ]
            at = scene.add(acts(second, posts, when, text, parent=at))
            go = rng.random(len(posts)) < 0.65
            first, second, posts, when, at = second[go], first[go], posts[go], when[go], at[go]
