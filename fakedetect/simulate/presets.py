"""Ready-made pages: the case that started it all, the sample that ships, training pages, and clean ones."""

from __future__ import annotations

import datetime

import numpy as np

from fakedetect.simulate import curves as measured
from fakedetect.simulate.campaigns import FAMILIES
from fakedetect.simulate.negatives import NEGATIVES
from fakedetect.simulate.page import page
from fakedetect.simulate.spec import PROFILES, Campaign, Negative, PageSpec, SimulatedPage


def orangina(seed: int) -> SimulatedPage:
    """The case: 20,000 commenters of a page of 300,000 fans, 13 accounts on every status within minutes, and
    200 loyal fans of whom 100 are truly faster than the page."""
    return page(
        PageSpec(
            n_accounts=20_000,
            n_posts=120,
            lang="fr",
            return_share=0.4,
            name="Orangeade",
            campaigns=(Campaign("orangina"),),
            negatives=(
                Negative("loyal_fans", 100, (0.3, 0.7), (1200.0, 18000.0)),
                Negative("loyal_fans", 100, (0.3, 0.7), (120.0, 900.0)),
                Negative("staff"),
            ),
        ),
        seed,
    )


def sample(seed: int) -> SimulatedPage:
    """The page that ships: a few thousand comments under 80 posts, in French and English, one ring of 11,
    15 loyal fans, staff, a contest, two friends."""
    return page(
        PageSpec(
            n_accounts=1_700,
            n_posts=80,
            lang="mixed",
            return_share=0.28,
            start=datetime.date(2024, 3, 4),
            name="Limonade des Dunes",
            page_id="118822405516733",
            campaigns=(
                Campaign(
                    "tight_early",
                    11,
                    participation=0.6,
                    gap_s=30.0,
                    paraphrase=0.6,
                    profile_strength=0.4,
                    names_alike=False,
                    likes_inside=0.2,
                ),
            ),
            negatives=(
                Negative("loyal_fans", 15),
                Negative("staff", 3),
                Negative("contest", 90),
                Negative("two_friends", 2),
                Negative("incentive", 6),
                Negative("other_languages", 10),
            ),
        ),
        seed,
    )


def clean(seed: int) -> SimulatedPage:
    """A page without any campaign, of a kind, size and mixture of hard negatives drawn by the seed."""
    return page(_drawn(measured.stream(seed, "clean"), campaigns=0), seed)


def training(seed: int) -> SimulatedPage:
    """A page drawn by the seed: profile, language, 1,000 to 8,000 accounts, 40 to 200 posts, 0 to 3 campaigns
    with every knob drawn, a random part of the hard negatives."""
    rng = measured.stream(seed, "training")
    return page(_drawn(rng, campaigns=int(rng.choice(4, p=[0.2, 0.4, 0.25, 0.15]))), seed)


def _drawn(rng: np.random.Generator, campaigns: int) -> PageSpec:
    chosen = [k.name for k in NEGATIVES if rng.random() < 0.45]
    return PageSpec(
        n_accounts=int(np.exp(rng.uniform(np.log(1000), np.log(8000)))),
        n_posts=int(np.exp(rng.uniform(np.log(40), np.log(200)))),
        profile=PROFILES[rng.choice(5, p=[0.4, 0.2, 0.2, 0.1, 0.1])],
        lang=("fr", "en", "mixed")[rng.integers(0, 3)],
        posts_per_day=round(float(np.exp(rng.uniform(np.log(0.3), np.log(4)))), 2),
        return_share=round(float(rng.uniform(0.1, 0.4)), 3) if rng.random() < 0.6 else None,
        campaigns=tuple(_campaign(rng) for _ in range(campaigns)),
        negatives=tuple(Negative(k) for k in chosen),
        with_accounts=bool(rng.random() < 0.6),
        with_post_times=bool(rng.random() < 0.85),
    )


def _campaign(rng: np.random.Generator) -> Campaign:
    """A family with its knobs shaken: the family's own value, times a factor."""
    family = FAMILIES[rng.integers(0, len(FAMILIES))]
    first = float(rng.choice([0.0, 0.0, rng.uniform(0, 0.5)]))
    knobs = {
        "n_accounts": int(rng.integers(3, 14)),
        "participation": round(float(rng.uniform(0.1, 0.9)), 3),
        "presence": round(float(rng.uniform(0.6, 1.0)), 3),
        "gap_s": round(float(np.exp(rng.uniform(np.log(8), np.log(400)))), 1),
        "start_delay_s": round(float(np.exp(rng.uniform(np.log(30), np.log(8 * 3600)))), 1),
        "paraphrase": round(float(rng.choice([rng.uniform(0, 1), 1.0])), 3),
        "camouflage": round(float(rng.choice([0.0, rng.uniform(0, 2)])), 3),
        "likes_inside": round(float(rng.choice([0.0, rng.uniform(0, 0.6)])), 3),
    }
    if family.name == "farm":
        knobs |= {
            "n_accounts": int(rng.integers(40, 200)),
            "n_posts": int(rng.integers(3, 9)),
            "window_s": round(float(rng.uniform(300, 3600)), 1),
        }
    if family.name in ("spaced",):
        knobs["spacing_s"] = round(float(rng.uniform(600, 3000)), 1)
    if family.name == "split_crews":
        knobs |= {"n_crews": int(rng.integers(2, 4)), "n_accounts": int(rng.integers(6, 18))}
    # What makes a family is left as it is three times in four, so that each is well represented.
    for name in family.knobs:
        if name in knobs and family.name != "farm" and rng.random() < 0.75:
            del knobs[name]
    return Campaign(family.name, **knobs, first_share=round(first, 3))  # type: ignore[arg-type]


PRESETS = {"orangina": orangina, "sample": sample, "clean": clean, "training": training}
