"""What the gate hands on (Quality), and the ledger in which its checks write their refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect.quality.catalogue import REASONS, TEST_NAMES, TESTS
from fakedetect.quality.clock import MINUTE, Bools, Ints
from fakedetect.schema import Kind, Refusal

Values = Callable[[Ints], Mapping[str, Any]]
"""From the pages concerned (codes) to the {fields} of the two sentences."""


def no_values(pages: Ints) -> Mapping[str, Any]:
    """For sentences without fields."""
    return {}


@dataclass(frozen=True)
class Quality:
    """What a dump bears. A comment before its post has no delay, whatever is allowed.

    pages: one row per page: page_id, n_posts, n_comments, n_timed, n_authors, n_delays, time_resolution_s (1,
    60, 3600, 86400, 30 days; null without times), share_midnight, negative_share, clock_offset_h (hours the
    comments' clock seems ahead of the posts'; null if none), post_time_share, coverage (median of rows /
    declared), capped, own_curve, pooled (its curve is that of the run's pages). posts: one row per row of
    `Dump.posts`, same order: page_id, post_id, n_comments, n_timed, coverage, delay and first_hour (whether
    this post's figures can be used).
    """

    refusals: tuple[Refusal, ...]
    pages: pa.Table
    posts: pa.Table

    def allowed(self, test: str, page_id: str | None = None) -> bool:
        """Whether the data bears `test` on this page; without a page, on any page. KeyError for an unknown
        test."""
        if test not in TEST_NAMES:
            raise KeyError(test)
        return (test, None) not in self._refused and (test, page_id) not in self._refused

    def refusal(self, test: str, page_id: str | None = None) -> Refusal | None:
        """Why `test` is refused there, or None."""
        return self._refused.get((test, None)) or self._refused.get((test, page_id))

    def own_curve(self, page_id: str) -> bool:
        """Whether the page has posts and comments enough for a curve of its own."""
        return bool(self._page[page_id]["own_curve"])

    def tick_s(self, page_id: str) -> float:
        """Seconds that one tick of the page's clock holds: 1 or 60; inf where times are coarser or absent."""
        tick = self._page[page_id]["time_resolution_s"]
        return float(tick) if tick is not None and tick <= MINUTE else np.inf

    @property
    def time_resolution_s(self) -> float | None:
        """The resolution that holds for most comments; None without times."""
        n: Counter[float] = Counter()
        for row in self._page.values():
            if row["time_resolution_s"] is not None:
                n[row["time_resolution_s"]] += row["n_timed"]
        return max(n, key=lambda r: (n[r], r), default=None)

    @cached_property
    def _refused(self) -> Mapping[tuple[str, str | None], Refusal]:
        return {(r.test, r.page_id): r for r in self.refusals}

    @cached_property
    def _page(self) -> Mapping[str, dict[str, Any]]:
        return {r["page_id"]: r for r in self.pages.to_pylist()}


class Ledger:
    """Which test is refused on which page; the first reason given stands, so the gravest comes first."""

    def __init__(self, n_pages: int, kind: Kind) -> None:
        self.n_pages = n_pages
        self.codes: dict[str, list[str | None]] = {t.name: [None] * n_pages for t in TESTS}
        self.kind = kind
        self.values: dict[str, Values] = {}

    def refuse(self, code: str, tests: Iterable[str], pages: Bools | bool,
               values: Values = no_values) -> None:
        """Refuse `tests` on the pages of a mask, or everywhere (True), where nothing refused them before."""
        self.values[code] = values
        hit = np.flatnonzero(np.broadcast_to(pages, self.n_pages)).tolist()
        for test in tests:
            codes = self.codes[test]
            for i in hit:
                codes[i] = codes[i] or code

    def open(self, test: str) -> Bools:
        """Mask of the pages on which `test` still stands."""
        return np.array([c is None for c in self.codes[test]], bool)

    def refusals(self, page_ids: list[str], active: Bools) -> tuple[Refusal, ...]:
        """Run-wide, for its commonest reason, where every page that has comments is refused; else one per
        page."""
        found: list[Refusal] = []
        live = np.flatnonzero(active).tolist()
        for test, codes in ((t.name, self.codes[t.name]) for t in TESTS if t.kind in (None, self.kind)):
            hit = [(i, code) for i in live if (code := codes[i]) is not None]
            if hit and len(hit) == len(live):
                code = Counter(c for _, c in hit).most_common(1)[0][0]
                found.append(self._refusal(test, code, [i for i, c in hit if c == code], None))
            else:
                found += [self._refusal(test, code, [i], page_ids[i]) for i, code in hit]
        return tuple(found)

    def _refusal(self, test: str, code: str, pages: list[int], page_id: str | None) -> Refusal:
        return refusal(test, code, page_id, self.values[code](np.array(pages, np.int64)))


def refusal(test: str, code: str, page_id: str | None = None,
            values: Mapping[str, Any] | None = None) -> Refusal:
    """The refusal of `test` for the reason `code`, in English, with what fills the sentences."""
    filled = dict(values or {})
    reason, restore = REASONS[code]
    return Refusal(test, reason.of("en", **filled), restore.of("en", **filled), code, page_id, filled)
