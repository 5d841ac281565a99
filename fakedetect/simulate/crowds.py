"""Innocent crowds: many people who come at one time for one reason of their own."""

from __future__ import annotations

import numpy as np

from fakedetect.simulate.grammar import Dice, fill, typed, variants
from fakedetect.simulate.scene import GRAMMARS, Scene, acts
from fakedetect.simulate.spec import Negative


def phrase(scene: Scene, dice: Dice, key: str, account: int, post: int, **given: str) -> str:
    """One of the templates for an occasion, filled in the account's language."""
    grammar = GRAMMARS[scene.crowd["lang"][account]]
    return fill(dice, grammar, dice.pick(variants(grammar, key)), int(scene.post_topic[post]), **given)


def _phrases(
    scene: Scene, dice: Dice, key: str, account: np.ndarray, post: np.ndarray, **given: str
) -> list[str]:
    """A phrase for each pair, as each account types it."""
    out = []
    for a, p in zip(account.tolist(), post.tolist(), strict=True):
        text = phrase(scene, dice, key, a, p, **given)
        out.append(typed(dice, GRAMMARS[scene.crowd["lang"][a]], text, int(scene.crowd["style"][a])))
    return out


def contest(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """One or two contest posts; each entrant once, nearly all with the same three words."""
    posts = rng.choice(
        scene.spec.n_posts, min(1 + int(rng.random() < 0.4), scene.spec.n_posts), replace=False
    )
    post = posts[rng.integers(0, len(posts), len(people))]
    dice = Dice(rng)
    text = []
    for a in people.tolist():
        grammar, style = GRAMMARS[scene.crowd["lang"][a]], int(scene.crowd["style"][a])
        words = dice.often_first(
            variants(grammar, "contest") if "contest" in grammar.extra else grammar.short
        )
        text.append(typed(dice, grammar, words, style & ~4))
    scene.add(acts(people, post, scene.delays(rng, people, post), text))


def live_event(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """One post, two hours, a burst of cries within a minute of each great moment."""
    at = int(rng.integers(0, scene.spec.n_posts))
    moments = np.sort(rng.uniform(300, 7200, 7))
    n_cries = rng.geometric(0.5, len(people)).clip(1, 5)
    account = np.repeat(people, n_cries)
    moment = rng.choice(moments, len(account))
    post = np.full(len(account), at)
    delay = moment + rng.exponential(25.0, len(account))
    scene.add(acts(account, post, delay, _phrases(scene, Dice(rng), "live", account, post)))


def outcry_post(scene: Scene) -> int:
    """The post under which the page's outcry happens: the last quarter's largest, so that both sides meet."""
    start = scene.spec.n_posts * 3 // 4
    return start + int(np.argmax(scene.post_weight[start:]))


def outcry(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """An angry crowd under one post, some of it under the next one too; a slogan spreads."""
    dice = Dice(rng)
    tag = dice.pick(variants(GRAMMARS[scene.post_lang[outcry_post(scene)]], "tag"))
    tag = tag if " " not in tag else "shame"
    at = outcry_post(scene)
    again = people[rng.random(len(people)) < 0.2]
    account = np.concatenate([people, again])
    post = np.concatenate(
        [np.full(len(people), at), np.full(len(again), min(at + 1, scene.spec.n_posts - 1))]
    )
    # News of it spreads: first a few, then a wave.
    delay = rng.lognormal(np.log(3 * 3600), 0.8, len(account))
    scene.add(acts(account, post, delay, _phrases(scene, dice, "outcry", account, post, tag=tag)))


def defenders(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """Fans who take the page's side where it is attacked, in answers and in comments of their own."""
    at = outcry_post(scene)
    done = scene.so_far()
    there = np.flatnonzero((done.post == at) & (done.parent < 0))
    account = np.repeat(people, rng.geometric(0.5, len(people)).clip(1, 6))
    post = np.full(len(account), at)
    delay = rng.lognormal(np.log(4 * 3600), 0.8, len(account))
    parent = np.full(len(account), -1)
    if len(there):
        to = there[rng.integers(0, len(there), len(account))]
        answer = rng.random(len(account)) < 0.5
        parent = np.where(answer, to, -1)
        delay = np.where(answer, done.delay_s[to] + rng.lognormal(np.log(600), 1.0, len(account)), delay)
    scene.add(acts(account, post, delay, _phrases(scene, Dice(rng), "defend", account, post), parent=parent))


def fan_club(scene: Scene, n: Negative, people: np.ndarray, rng: np.random.Generator) -> None:
    """A club of another page that comes when its topic is on: a call goes out, members follow."""
    topics, counts = np.unique(scene.post_topic, return_counts=True)
    topic = topics[np.argmax(np.where(counts <= max(12, scene.spec.n_posts // 6), counts, 0))]
    posts = np.flatnonzero(scene.post_topic == topic)
    low, high = n.participation or (0.5, 0.7)
    here = rng.random((len(posts), len(people))) < rng.uniform(low, high, len(people))
    row, col = np.nonzero(here)
    call = rng.lognormal(np.log(1800), 0.8, len(posts))
    own = rng.lognormal(np.log(1200), 0.6, len(people))
    delay = call[row] + own[col] * rng.lognormal(0, 0.9, len(row))
    account, post = people[col], posts[row]
    dice = Dice(rng)
    plain = scene.say(rng, dice, account, post)
    club = _phrases(scene, dice, "club", account, post)
    text = [c if dice.roll() < 0.35 else p for c, p in zip(club, plain, strict=True)]
    scene.add(acts(account, post, delay, text))
