"""Small simulated review sites and what the tests of the simulator look up in them."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from functools import cache
from typing import Any

from fakedetect.simulate import REVIEW_FAMILIES, REVIEW_NEGATIVES, reviews
from fakedetect.simulate.spec import Negative, ReviewCampaign, ReviewSpec, SimulatedPage

SMALL = ReviewSpec(n_accounts=900, n_businesses=45, with_ip=True)
EVERYTHING = dataclasses.replace(
    SMALL,
    campaigns=tuple(ReviewCampaign(f.name) for f in REVIEW_FAMILIES),
    negatives=tuple(Negative(k.name) for k in REVIEW_NEGATIVES),
)


@cache
def made_of(spec: ReviewSpec, seed: int = 21) -> SimulatedPage:
    return reviews(spec, seed)


def with_campaign(family: str, **knobs: Any) -> SimulatedPage:
    return made_of(dataclasses.replace(SMALL, campaigns=(ReviewCampaign(family, **knobs),)))


def with_negative(kind: str, n_accounts: int | None = None) -> SimulatedPage:
    return made_of(dataclasses.replace(SMALL, negatives=(Negative(kind, n_accounts),)))


def rows_of(made: SimulatedPage, accounts: list[str]) -> list[dict[str, Any]]:
    chosen = set(accounts)
    return [r for r in made.comments.to_pylist() if r["author_id"] in chosen]


def day_of(row: dict[str, Any]) -> datetime.date:
    return row["comment_time"].date()


def by_account(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for r in rows:
        out[r["author_id"]].append(r)
    return out


def known(made: SimulatedPage, column: str) -> dict[str, str]:
    """business_id -> owner, place or category."""
    return dict(zip(made.businesses["business_id"].to_pylist(), made.businesses[column].to_pylist(), strict=True))
