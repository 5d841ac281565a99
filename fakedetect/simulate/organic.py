"""The page without anybody's help: most accounts comment once, some return, some answer each other."""

from __future__ import annotations

import numpy as np

from fakedetect.simulate import curves as measured
from fakedetect.simulate.grammar import Dice
from fakedetect.simulate.scene import Scene, acts

_RUN = 120
"""The measured numbers of posts per returning account are over runs of this many posts."""


def organic(scene: Scene) -> None:
    """Hire and play the page's ordinary accounts, their replies and conversations."""
    rng = measured.stream(scene.seed, "organic")
    people = scene.hire(rng, scene.spec.n_accounts, "organic", "organic")
    account, post = _attendance(scene, rng, people)
    delay = scene.delays(rng, account, post)
    order = np.lexsort((delay, post))
    account, post, delay = account[order], post[order], delay[order]
    rows = _conversations(scene, rng, account, post, delay)
    scene.add(acts(rows[0], rows[1], rows[2], scene.say(rng, Dice(rng), rows[0], rows[1]), parent=rows[3]))


def _attendance(scene: Scene, rng: np.random.Generator, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who comments under which post: (account, post), each pair once."""
    spec, curves = scene.spec, scene.curves
    share = curves.return_share if spec.return_share is None else spec.return_share
    back = rng.random(len(people)) < share
    once = people[~back]
    post_once = rng.choice(spec.n_posts, len(once), p=scene.post_weight)
    fans = people[back]
    k = np.round(curves.at("posts_if_back", rng.random(len(fans))))
    k = np.round(2 + (k - 2) * min(1.0, spec.n_posts / _RUN)).astype(np.int64).clip(1, spec.n_posts)
    # A fan follows the page for a while: k posts drawn from a window whose width keeps the measured distance.
    width = curves.at("return_span", rng.random(len(fans))) * (k + 1) / np.maximum(k - 1, 1) * spec.n_posts
    width = np.maximum(width, k + 0.5 * (k > 1)).clip(1, spec.n_posts)
    begin = rng.random(len(fans)) * (spec.n_posts - width)
    at = np.arange(spec.n_posts)
    outside = (at + 0.5 < begin[:, None]) | (at - 0.5 > (begin + width)[:, None])
    chance = np.log(scene.post_weight) + rng.gumbel(size=outside.shape) - 1e6 * outside
    rank = np.argsort(-chance, axis=1)
    taken = at < k[:, None]
    who = np.broadcast_to(fans[:, None], outside.shape)[taken]
    return np.concatenate([once, who]), np.concatenate([post_once, rank[taken]])


def _conversations(
    scene: Scene, rng: np.random.Generator, account: np.ndarray, post: np.ndarray, delay: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Turn some comments into answers, and let some of the answered and some others write again.

    Takes first comments sorted by (post, delay); gives (account, post, delay_s, parent) with rows added.
    """
    curves = scene.curves
    share = curves.reply_share if scene.spec.reply_share is None else scene.spec.reply_share
    # Of those who write twice under a post, six in ten answer an answer, the others add a word.
    back_rate = min(0.5, 0.6 * curves.again_share / max(share, 0.02)) if share > 0 else 0.0
    share /= 1 + 1.56 * back_rate * (1 - share)  # the answers to answers count among the replies
    n = len(account)
    start = np.searchsorted(post, post)
    is_reply = (rng.random(n) < share) & (np.arange(n) > start)
    tops = np.flatnonzero(~is_reply)
    before: np.ndarray = np.cumsum(~is_reply) - ~is_reply
    n_before: np.ndarray = before - before[start]
    pick = before[start] + np.floor(rng.random(n) * n_before).astype(np.int64)
    parent = np.where(is_reply, tops[np.minimum(pick, len(tops) - 1)], -1)
    to_s = np.where(is_reply, delay[parent], 0.0)
    delay = np.where(is_reply, scene.reply_delays(rng, account, post, to_s), delay)

    out = [(account, post, delay, parent)]
    size, replies = n, np.flatnonzero(is_reply)
    who, to, at_post, when = account[parent[replies]], replies, post[replies], delay[replies]
    other = account[replies]
    for rate in (back_rate, 0.4, 0.4):
        go = rng.random(len(to)) < rate
        who, other, to, at_post, when = who[go], other[go], to[go], at_post[go], when[go]
        when = scene.reply_delays(rng, who, at_post, when)
        out.append((who, at_post, when, to))
        to = size + np.arange(len(who))
        size += len(who)
        who, other = other, who
    more = np.flatnonzero(rng.random(n) < 0.4 * curves.again_share)
    later = delay[more] + rng.lognormal(np.log(300), 1.8, len(more))
    out.append((account[more], post[more], later, np.full(len(more), -1)))
    return (np.concatenate([o[0] for o in out]), np.concatenate([o[1] for o in out]),
            np.concatenate([o[2] for o in out]), np.concatenate([o[3] for o in out]))  # fmt: skip
