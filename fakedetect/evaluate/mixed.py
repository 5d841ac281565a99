"""Real pages with several campaigns and honest crowds at once: what a classifier is fitted to and measured on.

A campaign's knobs are drawn around its family's own. Planted accounts have what the page's accounts have: their words
come from another page of the dump (a text that stands on the page already would tell by being there twice), their
likes from comments on the same post, their names are names of the page with letters shuffled and other digits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pyarrow.compute as pc

from fakedetect.errors import InputError
from fakedetect.evaluate.plant import PLANTS, Act, Plant, campaign_acts, crowd_acts, put, templated, usable_posts
from fakedetect.normalise import normalise
from fakedetect.schema import Dump

MECHANISMS: Mapping[str, tuple[str, ...]] = {
    "minutes": ("tight_early", "tight_late", "alternating_crews", "camouflaged"),
    "spaced": ("spaced_15_min", "spaced_45_min"),
    "seldom": ("rare",),
    "few": ("small_slow",),
    "copied": ("templates",),
    "own_moments": ("own_words",),
    "thrown_away": ("farm",),
}
"""Families by how they work. What is called another family is held out with all of its mechanism."""
FAMILIES = tuple(f for group in MECHANISMS.values() for f in group)
N_CAMPAIGNS = 2
CROWDS = Plant(size=(0, 0), fans=30, club=15)
"""Stand on every page: fans who are always early, and a club that comes to the page's topic."""


@dataclass(frozen=True)
class Mixed:
    """dump: the page with what was planted. family: of each planted author_id, its campaign's family, `fan` or `club`;
    campaign: the campaign's number, of those in one."""

    dump: Dump
    family: Mapping[str, str]
    campaign: Mapping[str, int]


def drawn(rng: np.random.Generator, family: str) -> Plant:
    """The family with its knobs shaken: up to half as much again, or a third less."""
    own = PLANTS[family]

    def shaken(pair: tuple[float, float]) -> tuple[float, float]:
        factor = float(np.exp(rng.uniform(-0.4, 0.4)))
        return pair[0] * factor, pair[1] * factor

    n = max(3, round(own.size[1] * float(np.exp(rng.uniform(-0.4, 0.4)))))
    share = shaken(own.share)
    return replace(
        own, size=own.size if family == "small_slow" else (n, n), fans=0,
        share=(min(share[0], 0.95), min(share[1], 0.95)), start_s=shaken(own.start_s),
        gap_s=None if own.gap_s is None else shaken((own.gap_s, own.gap_s))[0],
        camouflage=float(rng.choice([own.camouflage, rng.uniform(0.0, 1.5)])),
        crews=int(rng.integers(2, 4)) if own.crews > 1 else 1,
        templates=int(rng.integers(8, 19)) if own.templates else 0)


def mixed(page: Dump, texts: Sequence[str], seed: int, families: Sequence[str] = FAMILIES) -> Mixed:
    """Put N_CAMPAIGNS of `families`, drawn, and CROWDS onto `page` (of plant.pages_of), with `texts` of elsewhere: each
    is used once, so there have to be enough of them. The same page, texts and seed give the same dump. Raises
    InputError where texts run out."""
    own = hashlib.sha256(f"mixed {page.posts['page_id'][0].as_py()}".encode()).digest()
    rng = np.random.Generator(np.random.Philox(key=[seed, int.from_bytes(own[:8])]))
    usable = usable_posts(page)
    keys = sorted(usable, key=lambda k: (usable[k][0], k))
    fresh = (texts[k] for k in rng.permutation(len(texts)).tolist())
    acts: list[Act] = []
    said: list[str] = []
    family: dict[str, str] = {}
    campaign: dict[str, int] = {}
    for k, name in enumerate(rng.choice(families, min(N_CAMPAIGNS, len(families)), replace=False).tolist()):
        what = drawn(rng, name)
        its, role, _ = campaign_acts(rng, what, usable, keys, prefix=f"planted-{k}c")
        sentences = _some(fresh, what.templates)
        words = _some(fresh, len(its))
        said += [text if act[3] < 0 else templated(sentences[act[3]], text)
                 for text, act in zip(words, its, strict=True)]
        acts += its
        family |= dict.fromkeys(role, name)
        campaign |= dict.fromkeys(role, k)
    its, role = crowd_acts(rng, CROWDS, page, usable, keys)
    acts, family = acts + its, family | role
    said += _some(fresh, len(its))
    shape = _names(page, rng, sorted(family))
    raw = put(page, acts, usable, keys, said, likes=_likes(page, rng, [keys[p] for _, p, _, _ in acts]),
              author_name=[shape[a] for a, *_ in acts])
    return Mixed(normalise([raw]), family, campaign)


def _some(fresh: Iterator[str], n: int) -> list[str]:
    out = list(islice(fresh, n))
    if len(out) < n:
        raise InputError("the dump's other pages have too few texts for what is planted",
                         hint="a dump of several pages, or a larger one")
    return out


def _likes(page: Dump, rng: np.random.Generator, posts: list[str]) -> list[int | None]:
    """For each of the posts the likes of one of its comments."""
    there: dict[str, list[int | None]] = {}
    for post, likes in zip(*(page.comments[c].to_pylist() for c in ("post_id", "likes")), strict=True):
        there.setdefault(post, []).append(likes)
    return [there[post][int(rng.integers(len(there[post])))] for post in posts]


def _names(page: Dump, rng: np.random.Generator, accounts: list[str]) -> dict[str, str | None]:
    """Per account a name of the page, with its letters shuffled and other digits."""
    known = page.comments.filter(pc.is_valid(page.comments["author_id"]))["author_name"].to_pylist()
    if not known:
        return dict.fromkeys(accounts)
    chosen = [known[int(k)] for k in rng.integers(len(known), size=len(accounts))]
    return {a: None if name is None else _other(rng, name) for a, name in zip(accounts, chosen, strict=True)}


def _other(rng: np.random.Generator, name: str) -> str:
    letters = [c for c in name if c.isalpha()]
    rng.shuffle(letters)
    rest = iter(letters)
    return "".join(str(rng.integers(10)) if c.isdecimal() else next(rest) if c.isalpha() else c for c in name)
