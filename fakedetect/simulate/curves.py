"""The measured curves of each kind of page (made by benchmarks/fit_curves.py), and draws from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np


@dataclass(frozen=True)
class Curves:
    """The aggregates of one kind of page. Curves are quantiles on `grid`; shares lie in 0 to 1."""

    grid: np.ndarray
    quantiles: Mapping[str, np.ndarray]
    """chars, delay_log10_s, likes, posts_if_back, post_size_log10, reply_log10_s, return_span."""
    hours: np.ndarray
    """24 shares of comments by local hour."""
    post_hours: np.ndarray
    post_share: float
    """Share of the delays' spread (normal scores) that is the post's own."""
    account_share: float
    """Share of the rest that is the account's own habit."""
    again_share: float
    """Accounts on a post that comment there more than once."""
    return_share: float
    reply_share: float
    no_letters_share: float
    shared_text_share: float
    """Texts of 15+ letters and digits that another author uses too."""
    scripts: Mapping[str, float]

    def at(self, curve: str, u: np.ndarray) -> np.ndarray:
        """The curve's values at the quantiles `u` (0 to 1), float64 of the same shape."""
        return np.interp(u, self.grid, self.quantiles[curve])


@cache
def load(profile: str) -> Curves:
    """The curves of one profile. Raises KeyError for a name not in `spec.PROFILES`."""
    raw = json.loads(resources.files("fakedetect.simulate").joinpath("curves.json").read_text("utf-8"))
    one = raw["profiles"][profile]
    names = (
        "chars",
        "delay_log10_s",
        "likes",
        "posts_if_back",
        "post_size_log10",
        "reply_log10_s",
        "return_span",
    )
    return Curves(
        grid=np.array(raw["grid"], float),
        quantiles={name: np.array(one[name], float) for name in names},
        hours=_normal(one["hours"]),
        post_hours=_normal(one["post_hours"]),
        scripts=one["scripts"],
        **{
            k: float(one[k])
            for k in (
                "post_share",
                "account_share",
                "again_share",
                "return_share",
                "reply_share",
                "no_letters_share",
                "shared_text_share",
            )
        },
    )


def _normal(values: list[float]) -> np.ndarray:
    """Shares that sum to 1."""
    return np.array(values, float) / sum(values)


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """A generator of its own for each (seed, names): adding a campaign changes nobody else's draws."""
    key = [seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF]
    for name in names:
        key += [name] if isinstance(name, int) else list(name.encode())
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))
