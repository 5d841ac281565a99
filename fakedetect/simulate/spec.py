"""What can be asked of the simulator, and what it gives back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from fakedetect.schema import BUSINESSES

LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh", "th")
PROFILES = ("facebook_brand", "tiktok", "reddit", "weibo", "youtube")
_TRUTH: list[pa.Field[Any]] = [
    *(pa.field(name, pa.string()) for name in ("author_id", "role", "campaign", "family")),
    pa.field("is_suspect", pa.bool_()),
]
TRUTH = pa.schema(_TRUTH)
"""role: organic, hard_negative, declared or campaign. family: the family or hard negative ("organic", "owner"
otherwise). campaign: c1, c2, ... in the order of the spec; null outside campaigns."""


@dataclass(frozen=True)
class Campaign:
    """Accounts that one hand moves. A knob left None takes its family's own value."""

    family: str
    n_accounts: int | None = None
    participation: float | None = None
    """Share of the page's posts that the campaign works on, 0 to 1."""
    presence: float | None = None
    """Chance that an account comments on a post its crew works on."""
    gap_s: float | None = None
    """Median seconds between one account of the crew and the next."""
    spacing_s: float | None = None
    """Seconds that the operator waits between two accounts, added to the gap."""
    start_delay_s: float | None = None
    """Median seconds from the post to the crew's first comment."""
    paraphrase: float | None = None
    """0: the same phrases word for word; between: that share of places reworded; 1: own words."""
    camouflage: float | None = None
    """Ordinary comments on other posts, per comment made for the campaign."""
    n_crews: int | None = None
    """Crews that take the campaign's posts in turn."""
    n_posts: int | None = None
    """Posts worked on, instead of `participation`."""
    window_s: float | None = None
    """Seconds after the post within which a farm's comments fall."""
    profile_strength: float | None = None
    """0: profiles as everybody's; 1: clearly newer and emptier (they still overlap). None: drawn."""
    names_alike: bool | None = None
    """Names of one make. None: drawn."""
    likes_inside: float | None = None
    """Share of the crew that likes each of its comments."""
    first_share: float = 0.0
    """The campaign starts after this share of the page's posts."""
    last_share: float = 1.0
    """The campaign ends after this share of the page's posts."""


@dataclass(frozen=True)
class Negative:
    """Innocent accounts that look like something. A knob left None takes the kind's own value."""

    kind: str
    n_accounts: int | None = None
    participation: tuple[float, float] | None = None
    """Each account's share of the page's posts is drawn evenly from this range."""
    median_delay_s: tuple[float, float] | None = None
    """Each account's own median delay is drawn evenly in log from this range."""
    spread: float | None = None
    """Standard deviation of an account's ln(delay) around its own median."""


@dataclass(frozen=True)
class PageSpec:
    """One page. `n_accounts` counts organic commenters; campaigns and hard negatives come on top."""

    n_accounts: int = 5000
    n_posts: int = 120
    profile: str = "facebook_brand"
    lang: str = "fr"
    """One of LANGUAGES, or "mixed": English and French."""
    start: datetime.date = datetime.date(2023, 1, 9)
    posts_per_day: float = 1.0
    utc_offset_h: float = 1.0
    """Where the page's people live: their hours of the day; the tables are UTC."""
    return_share: float | None = None
    """Share of accounts seen on two posts or more. None: as measured for the profile."""
    reply_share: float | None = None
    """Share of comments that answer another. None: as measured for the profile."""
    campaigns: tuple[Campaign, ...] = ()
    negatives: tuple[Negative, ...] = ()
    with_accounts: bool = True
    with_post_times: bool = True
    page_id: str = "204118733962015"
    name: str = "page"


@dataclass(frozen=True)
class ReviewCampaign:
    """Accounts that one hand moves on a review site. A knob left None takes its family's own value."""

    family: str
    n_accounts: int | None = None
    """Of `threshold_push`: how many would be willing; as many as it takes are used."""
    n_reviews: int | None = None
    """Reviews made for the campaign, in all: at least one per account, at most one per account and business."""
    n_praised: int | None = None
    """Businesses praised."""
    n_trashed: int | None = None
    """Competitors run down, of the place and category of the business praised (or that pays)."""
    spread_days: float | None = None
    """Days over which the campaign's reviews lie."""
    start_share: float | None = None
    """The campaign begins after this share of the site's period. None: drawn."""
    paraphrase: float | None = None
    """0: the same phrases word for word; between: that share of places reworded; 1: own words."""
    camouflage: float | None = None
    """Ordinary reviews of other businesses, per review made for the campaign."""
    step: float | None = None
    """Of `threshold_push`: the site shows averages rounded to this many stars, 0.5 or 0.1."""
    n_devices: int | None = None
    """Addresses that the campaign's reviews come from. 0: each account has its own."""
    profile_strength: float | None = None
    """0: profiles as everybody's; 1: clearly newer and emptier (they still overlap). None: drawn."""
    names_alike: bool | None = None
    """Names of one make. None: drawn."""


@dataclass(frozen=True)
class ReviewSpec:
    """One review site. `n_accounts` counts organic reviewers; campaigns and hard negatives come on top. Of a
    Negative, the kind and n_accounts are heeded: the other knobs belong to pages of comments."""

    n_accounts: int = 5000
    n_businesses: int = 70
    n_places: int = 2
    n_categories: int = 5
    n_days: int = 900
    lang: str = "fr"
    """en, fr, or "mixed": both."""
    start: datetime.date = datetime.date(2022, 1, 10)
    utc_offset_h: float = 1.0
    """Where the reviewers live: their hours of the day; the tables are UTC."""
    day_only: bool = False
    """The site shows the day of a review only: its time is midnight."""
    with_ip: bool = False
    """The dump holds a code of the address that each review came from."""
    verified_share: float | None = None
    """Share of reviews whose purchase the site knows; 0: it knows none, and the column is null. None: drawn,
    0 to 0.6."""
    campaigns: tuple[ReviewCampaign, ...] = ()
    negatives: tuple[Negative, ...] = ()
    with_accounts: bool = True
    page_id: str = "reviews"
    name: str = "reviews"


@dataclass(frozen=True)
class SimulatedPage:
    """A page and the truth about it. comments, posts, accounts, declared, businesses: canonical schemas of
    `schema`; businesses of review sites only.

    truth: TRUTH, one row per account that commented. campaigns, negatives: every knob as it was in the end,
    `id`, `accounts` (ids) and, for campaigns, `posts` (ids worked on). Of review sites: `praised`, `trashed` and
    `businesses` (ids) in place of `posts`, `day` (the first of what happens), and `genuine` (ids of the
    customers whose crisis a laundering pushes down).
    """

    comments: pa.Table
    posts: pa.Table
    accounts: pa.Table
    declared: pa.Table
    truth: pa.Table
    campaigns: tuple[Mapping[str, Any], ...]
    negatives: tuple[Mapping[str, Any], ...]
    spec: PageSpec | ReviewSpec
    seed: int
    businesses: pa.Table = field(default_factory=BUSINESSES.empty_table)
