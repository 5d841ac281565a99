"""Campaign families: how accounts moved by one hand go to work. The registry is FAMILIES:
a family is one way of playing and its knobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from fakedetect.simulate import curves as measured
from fakedetect.simulate.grammar import Dice
from fakedetect.simulate.scene import Scene, acts
from fakedetect.simulate.spec import Campaign, Negative
from fakedetect.words import Text

HOUR = 3600.0


@dataclass(frozen=True)
class Family:
    """One way of working: `play(scene, campaign, people, rng)` adds its comments and gives its posts.

    knobs: what a Campaign's None stands for. company: hard negatives that belong to the scene.
    """

    name: str
    label: Text
    play: Callable[[Scene, Campaign, np.ndarray, np.random.Generator], np.ndarray]
    knobs: Mapping[str, Any]
    company: tuple[Negative, ...] = ()


_COMMON: Mapping[str, Any] = {
    "n_accounts": 9,
    "participation": 0.6,
    "presence": 0.8,
    "gap_s": 25.0,
    "spacing_s": 0.0,
    "start_delay_s": 120.0,
    "paraphrase": 1.0,
    "camouflage": 0.0,
    "n_crews": 1,
    "n_posts": None,
    "window_s": 900.0,
    "likes_inside": 0.0,
}


def resolve(campaign: Campaign, family: Family, rng: np.random.Generator) -> Campaign:
    """The campaign with every None replaced: by its family's knob, by the common one, or by a draw."""
    drawn = {
        # Three in ten campaigns use profiles that look like anybody's.
        "profile_strength": 0.0 if rng.random() < 0.3 else round(float(rng.uniform(0.1, 1.0)), 3),
        "names_alike": bool(rng.random() < 0.35),
    }
    known = drawn | dict(_COMMON) | dict(family.knobs)
    gaps = {
        f.name: known[f.name]
        for f in fields(campaign)
        if f.name in known and getattr(campaign, f.name) is None
    }
    return replace(campaign, **gaps)


def play(scene: Scene, campaign: Campaign, number: int) -> dict[str, Any]:
    """Hire and play one campaign; gives its record for the truth: id, knobs, accounts and posts as places."""
    family = next(f for f in FAMILIES if f.name == campaign.family)
    rng = measured.stream(scene.seed, "campaign", number, family.name)
    c = resolve(campaign, family, rng)
    name = f"c{number}"
    assert c.n_accounts is not None and c.profile_strength is not None
    people = scene.hire(
        rng,
        c.n_accounts,
        "campaign",
        family.name,
        campaign=name,
        newness=c.profile_strength,
        make=number if c.names_alike else 0,
    )
    # A crew writes the page's language, whoever it is.
    scene.crowd["lang"][people] = scene.post_lang[rng.integers(0, scene.spec.n_posts, len(people))]
    worked = family.play(scene, c, people, rng)
    return {
        "id": name,
        **{f.name: getattr(c, f.name) for f in fields(c)},
        "accounts": people,
        "posts": worked,
    }


def _posts(scene: Scene, c: Campaign, rng: np.random.Generator) -> np.ndarray:
    """The posts that the campaign works on, sorted."""
    n = scene.spec.n_posts
    first, last = int(c.first_share * n), max(int(c.first_share * n) + 1, round(c.last_share * n))
    wanted = c.n_posts if c.n_posts is not None else round((c.participation or 0) * (last - first))
    return np.sort(rng.choice(np.arange(first, last), min(max(wanted, 1), last - first), replace=False))


def _present(c: Campaign, posts: np.ndarray, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """bool (posts, people): the crew whose turn it is, each member with chance `presence`."""
    crews = max(c.n_crews or 1, 1)
    turn = np.arange(len(posts))[:, None] % crews == np.arange(len(people)) % crews
    return turn & (rng.random(turn.shape) < (c.presence or 0))


def _write(
    scene: Scene,
    c: Campaign,
    account: np.ndarray,
    post: np.ndarray,
    delay_s: np.ndarray,
    people: np.ndarray,
    worked: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Add the campaign's comments, the likes of the crew, and the ordinary comments it hides behind."""
    dice = Dice(rng)
    likes = rng.binomial(len(people) - 1, c.likes_inside or 0.0, len(account))
    scene.add(
        acts(account, post, delay_s, scene.campaign_words(rng, dice, c, account, post), extra_likes=likes)
    )
    n_hide = rng.poisson(c.camouflage or 0.0, len(account))
    elsewhere = np.setdiff1d(np.arange(scene.spec.n_posts), worked)
    if n_hide.sum() and len(elsewhere):
        who = np.repeat(account, n_hide)
        p = scene.post_weight[elsewhere] / scene.post_weight[elsewhere].sum()
        pairs = np.unique(np.stack([who, rng.choice(elsewhere, len(who), p=p)]), axis=1)
        scene.add(acts(pairs[0], pairs[1], scene.delays(rng, *pairs), scene.say(rng, dice, *pairs)))
    return worked


def _relay(
    scene: Scene,
    c: Campaign,
    people: np.ndarray,
    rng: np.random.Generator,
    start: Callable[[int], np.ndarray] | None = None,
) -> np.ndarray:
    """One after another: a first comment `start_delay_s` after the post, the next after spacing and gap."""
    posts = _posts(scene, c, rng)
    here = _present(c, posts, people, rng)
    order = np.argsort(np.where(here, rng.random(here.shape), 2.0), axis=1)
    gap = rng.lognormal(np.log(c.gap_s or 1.0), 0.6, here.shape)
    gap += (c.spacing_s or 0.0) * rng.uniform(0.75, 1.25, here.shape)
    gap[:, 0] = start(len(posts)) if start else rng.lognormal(np.log(c.start_delay_s or 1.0), 0.6, len(posts))
    when = np.cumsum(gap, axis=1)
    taken = np.arange(len(people)) < here.sum(1)[:, None]
    account = people[order][taken]
    post = np.broadcast_to(posts[:, None], here.shape)[taken]
    return _write(scene, c, account, post, when[taken], people, posts, rng)


def _scattered(scene: Scene, c: Campaign, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Everybody at ordinary times: only the posts are chosen together."""
    posts = _posts(scene, c, rng)
    row, col = np.nonzero(_present(c, posts, people, rng))
    account, post = people[col], posts[row]
    return _write(scene, c, account, post, scene.delays(rng, account, post), people, posts, rng)


def _any_time(scene: Scene, c: Campaign, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Any time within twice the usual start: with 1,800 s, anywhere in the first hour."""
    return _relay(scene, c, people, rng, start=lambda n: rng.uniform(20, 2 * (c.start_delay_s or 1.0), n))


def _farm(scene: Scene, c: Campaign, people: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each account once or twice in all, within `window_s` of a few posts."""
    posts = _posts(scene, c, rng)
    first = rng.integers(0, len(posts), len(people))
    second = (first + rng.integers(1, max(len(posts), 2), len(people))) % len(posts)
    twice = (rng.random(len(people)) < 0.35) & (second != first)
    account = np.concatenate([people, people[twice]])
    post = posts[np.concatenate([first, second[twice]])]
    delay = 5 + rng.beta(1.2, 1.5, len(account)) * ((c.window_s or 900.0) - 5)
    return _write(scene, c, account, post, delay, people, posts, rng)


FAMILIES: tuple[Family, ...] = (
    Family(
        "tight_early",
        Text(en="one after another, soon after the post", fr="à la file, peu après la publication"),
        _relay,
        {},
    ),
    Family(
        "tight_late",
        Text(en="one after another, hours after the post", fr="à la file, des heures après la publication"),
        _relay,
        {"start_delay_s": 5 * HOUR},
    ),
    Family(
        "split_crews",
        Text(
            en="crews that take the posts in turn",
            fr="des équipes qui se relaient d'une publication à l'autre",
        ),
        _relay,
        {"n_crews": 2, "n_accounts": 12},
    ),
    Family(
        "camouflage",
        Text(en="hidden behind ordinary comments", fr="cachés derrière des commentaires ordinaires"),
        _relay,
        {"camouflage": 1.0},
    ),
    Family(
        "among_fans",
        Text(en="hidden among loyal fans", fr="cachés parmi des fans fidèles"),
        _relay,
        {},
        company=(Negative("loyal_fans"),),
    ),
    Family(
        "spaced",
        Text(
            en="a long wait between one account and the next", fr="une longue attente d'un compte au suivant"
        ),
        _relay,
        {"spacing_s": 840.0, "gap_s": 60.0},
    ),
    Family(
        "rare", Text(en="on few of the posts", fr="sur peu de publications"), _relay, {"participation": 0.125}
    ),
    Family(
        "small_slow",
        Text(en="few accounts, minutes apart", fr="peu de comptes, à quelques minutes d'écart"),
        _any_time,
        {"n_accounts": 4, "participation": 0.25, "gap_s": 300.0, "start_delay_s": 0.5 * HOUR},
    ),
    Family(
        "templates",
        Text(en="reworded templates at ordinary times", fr="des modèles reformulés, à des heures ordinaires"),
        _scattered,
        {"paraphrase": 0.45},
    ),
    Family(
        "own_words",
        Text(
            en="own words at ordinary times, together",
            fr="leurs propres mots, à des heures ordinaires, ensemble",
        ),
        _scattered,
        {"paraphrase": 1.0, "participation": 0.4},
    ),
    Family(
        "farm",
        Text(
            en="many throwaway accounts, once or twice each",
            fr="beaucoup de comptes jetables, une ou deux fois chacun",
        ),
        _farm,
        {
            "n_accounts": 120,
            "n_posts": 5,
            "participation": None,
            "presence": None,
            "gap_s": None,
            "start_delay_s": None,
            "paraphrase": 0.8,
        },
    ),
    Family(
        "orangina",
        Text(en="on every post within minutes", fr="sur chaque publication en quelques minutes"),
        _relay,
        {
            "n_accounts": 13,
            "participation": 1.0,
            "presence": 0.95,
            "gap_s": 20.0,
            "start_delay_s": 60.0,
            "paraphrase": 0.8,
        },
    ),
    Family(
        "copy_paste",
        Text(en="the same phrases word for word", fr="les mêmes phrases, mot pour mot"),
        _scattered,
        {"paraphrase": 0.0, "participation": 0.4},
    ),
)
