"""Ready-made pages: the case that started it all, the sample that ships, training pages, and clean ones."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import numpy as np

from fakedetect.simulate import curves as measured
from fakedetect.simulate.campaigns import FAMILIES
from fakedetect.simulate.negatives import NEGATIVES
from fakedetect.simulate.page import page
from fakedetect.simulate.reviews import reviews
from fakedetect.simulate.reviews_campaigns import REVIEW_FAMILIES
from fakedetect.simulate.reviews_negatives import REVIEW_NEGATIVES
from fakedetect.simulate.spec import (
    PROFILES,
    Campaign,
    Negative,
    PageSpec,
    ReviewCampaign,
    ReviewSpec,
    SimulatedPage,
)


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


def negatives(seed: int) -> SimulatedPage:
    """A page without any campaign and with sixty accounts or more of every hard negative that is not declared: what
    innocents are counted on."""
    each = tuple(Negative(k.name, max(k.n_accounts, MANY)) for k in NEGATIVES if k.name not in FEW_OF_A_KIND)
    drawn = _drawn(measured.stream(seed, "negatives"), campaigns=0)
    return page(replace(drawn, n_accounts=8_000, n_posts=max(drawn.n_posts, 80), negatives=each), seed)


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


def reviews_case(seed: int) -> SimulatedPage:
    """The case of bought reviews: among some 6,000 reviewers nine accounts that, over eight months, praise one
    business and run down two competitors, and review other places too. All hard negatives."""
    ring = ReviewCampaign("praise_and_trash", 9, camouflage=1.0, paraphrase=0.8, profile_strength=0.3)
    return reviews(replace(EVERY_NEGATIVE, campaigns=(ring,)), seed)


def reviews_clean(seed: int) -> SimulatedPage:
    """The same site without any campaign."""
    return reviews(EVERY_NEGATIVE, seed)


MANY = 60
FEW_OF_A_KIND = ("staff", "moderators", "support_account", "automaton")
"""A page has few of them."""
EVERY_NEGATIVE = ReviewSpec(
    n_accounts=5_500, n_businesses=80, negatives=tuple(Negative(k.name) for k in REVIEW_NEGATIVES)
)


def reviews_training(seed: int) -> SimulatedPage:
    """A review site drawn by the seed: 1,500 to 7,000 reviewers, 40 to 120 businesses, what the site shows, 0 to 3
    campaigns with every knob drawn, a random part of the hard negatives."""
    rng = measured.stream(seed, "reviews_training")
    campaigns = tuple(_review_campaign(rng) for _ in range(int(rng.choice(4, p=[0.2, 0.4, 0.25, 0.15]))))
    chosen = [k.name for k in REVIEW_NEGATIVES if rng.random() < 0.5]
    spec = ReviewSpec(
        n_accounts=int(np.exp(rng.uniform(np.log(1500), np.log(7000)))),
        n_businesses=int(rng.integers(40, 121)),
        n_categories=int(rng.integers(4, 7)),
        n_days=int(rng.integers(700, 1100)),
        lang=("fr", "en", "mixed")[rng.integers(0, 3)],
        day_only=bool(rng.random() < 0.35),
        with_ip=bool(rng.random() < 0.3),
        verified_share=0.0 if rng.random() < 0.4 else None,
        campaigns=campaigns,
        negatives=tuple(Negative(k) for k in chosen),
        with_accounts=bool(rng.random() < 0.5),
    )
    return reviews(spec, seed)


def _review_campaign(rng: np.random.Generator) -> ReviewCampaign:
    """A family with its knobs shaken; how long it takes is left as it is three times in four."""
    family = REVIEW_FAMILIES[rng.integers(0, len(REVIEW_FAMILIES))]
    n = max(4, round(float(np.exp(rng.uniform(np.log(0.5), np.log(2)))) * family.knobs.get("n_accounts", 25)))
    longer = 1.0 if rng.random() < 0.75 else float(np.exp(rng.uniform(np.log(0.4), np.log(2.5))))
    knobs: dict[str, Any] = {
        "n_accounts": n if family.name != "threshold_push" else None,
        "n_reviews": round(n * float(rng.uniform(1, 3))),
        "n_praised": int(rng.integers(1, 4)) if family.name == "praise_and_trash" else None,
        "n_trashed": int(rng.integers(1, 4)) if family.name == "praise_and_trash" else None,
        "spread_days": round(longer * family.knobs.get("spread_days", 7.0), 1),
        "paraphrase": round(float(rng.choice([rng.uniform(0, 1), 1.0])), 3),
        "camouflage": round(float(rng.choice([0.0, rng.uniform(0, 2)])), 3),
        "step": float(rng.choice([0.1, 0.5])),
    }
    return ReviewCampaign(family.name, **knobs)


PRESETS = {"orangina": orangina, "sample": sample, "clean": clean, "negatives": negatives, "training": training}
"""Pages of comments."""
REVIEW_PRESETS = {"reviews_case": reviews_case, "reviews_clean": reviews_clean, "reviews_training": reviews_training}
"""Review sites."""
