"""An audit prepared for reading: who is called what, which accounts are shown, what is typical on a page.

The sections and `explain` read only from here. Whole columns are worked on as arrays; Python rows are made
only for accounts, comments and posts that are shown, so that 200,000 accounts cost little more than a few.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from fakedetect.features.feature import Feature
from fakedetect.report import plain
from fakedetect.report import wording as w
from fakedetect.schema import Audit
from fakedetect.words import Lang, Text

Row = dict[str, Any]
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
CLOSE_S = (60, 300, 3600)
"""Steps of closeness in the pictures and words, in seconds."""


def is_null(value: object) -> bool:
    """None or nan: both mean unknown in a table that passed through parquet."""
    return value is None or (isinstance(value, float) and value != value)


@dataclass(frozen=True)
class View:
    """One audit, in one language, with or without names. `cached_property` holds what is worked out once."""

    audit: Audit
    lang: Lang
    names: bool
    features: Mapping[str, Feature]
    refusal_words: Mapping[str, tuple[Text, Text]]
    test_labels: Mapping[str, Text]

    # words

    def say(self, text: Text, **values: object) -> Markup:
        """The sentence as HTML; see `plain.say`."""
        return plain.say(self._of_kind(text), self.lang, **values)

    def line(self, text: Text, **values: object) -> str:
        """The sentence as plain text; see `plain.line`."""
        return plain.line(self._of_kind(text), self.lang, **values)

    def _of_kind(self, text: Text) -> Text:
        return w.OF_REVIEWS.get(text, text) if self.is_reviews else text

    def link(self, anchor: str, text: Text) -> Markup:
        """A section by its title, as a link to it."""
        return Markup('<a href="#{}">{}</a>').format(anchor, self.say(text))

    def counted(self, noun: str, n: int) -> str:
        """A number with its noun: 1 account, 9 accounts; French counts 0 as one."""
        one, several = w.NOUNS[w.NOUNS_OF_REVIEWS.get(noun, noun) if self.is_reviews else noun]
        alone = n == 1 or (n == 0 and self.lang == "fr")
        return plain.joined(self.line(one if alone else several, n=self.number(n)))

    def number(self, value: float | int | None, digits: int = 2) -> str:
        return plain.number(value, self.lang, digits)

    def percent(self, share: float | None, digits: int = 0) -> str:
        return "–" if is_null(share) else plain.percent(share, self.lang, digits)

    def duration(self, seconds: float | None) -> str:
        return plain.duration(seconds, self.lang)

    def odds(self, p_value: float | None) -> str:
        return plain.odds(None if is_null(p_value) else p_value, self.lang)

    def moment(self, when: Any, seconds: bool = False) -> str:
        return plain.moment(when, self.zone, self.lang, seconds)

    def day(self, when: Any) -> str:
        return "–" if when is None else plain.day(when, self.zone, self.lang)

    # the run

    @property
    def summary(self) -> Mapping[str, Any]:
        return self.audit.summary

    @property
    def is_reviews(self) -> bool:
        """A run on reviews, not on comments."""
        return bool(self.summary.get("kind") == "reviews")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown; UTC where the run states none."""
        return ZoneInfo(self.summary.get("zone") or "UTC")

    @cached_property
    def page_ids(self) -> list[str]:
        """Pages by number of posts, most first."""
        counts = self.audit.posts["page_id"].value_counts().to_pylist()
        return [c["values"] for c in sorted(counts, key=lambda c: (-c["counts"], str(c["values"])))]

    def n_of(self, verdict: str) -> int:
        """Accounts with this verdict."""
        return int(self.summary["accounts"].get(verdict, 0))

    # who

    @cached_property
    def _place(self) -> dict[str, int]:
        return {author: i for i, author in enumerate(self.audit.accounts["author_id"].to_pylist())}

    @property
    def known(self) -> Mapping[str, int]:
        """author_id of every account of the run, with its place."""
        return self._place

    def label(self, author_id: str, limit: int = 60) -> str:
        """The account's label, with its name (cut at `limit`) where names were asked for. Harmless text."""
        i = self._place[author_id]
        label = plain.visible(self.audit.accounts["label"][i].as_py())
        name = self.audit.accounts["author_name"][i].as_py() if self.names else None
        return f"{plain.visible(name, limit)} ({label})" if name else label

    def who(self, author_id: str) -> Markup:
        """The account as it is shown in HTML."""
        return Markup("<bdi>{}</bdi>").format(self.label(author_id))

    def accounts_with(self, verdict: str) -> list[Row]:
        """Accounts with this verdict, lowest q first, then by label; feature columns left out."""
        accounts = self.audit.accounts
        light = accounts.select([c for c in accounts.column_names if c not in self.features])
        rows = light.filter(pc.equal(accounts["verdict"], verdict)).to_pylist()
        return sorted(rows, key=lambda r: (_worst(r["q_value"]), -_least(r["probability"]), str(r["label"])))

    @cached_property
    def groups(self) -> dict[str, Row]:
        """group_id -> the group's row."""
        return {r["group_id"]: r for r in self.audit.groups.to_pylist()}

    def members(self, group_id: object) -> list[str]:
        """The group's accounts in order of their labels."""
        accounts = self.audit.accounts
        mine = accounts.select(["author_id", "label"]).filter(
            pc.equal(accounts["group_id"], pa.scalar(group_id, accounts["group_id"].type))
        )
        return [r["author_id"] for r in sorted(mine.to_pylist(), key=lambda r: str(r["label"]))]

    def account(self, author_id: str) -> Row:
        """One account's whole row."""
        return self.audit.accounts.slice(self._place[author_id], 1).to_pylist()[0]

    # comments and posts

    def comments_of(self, authors: list[str]) -> list[Row]:
        """Every comment of these accounts, oldest first (unknown times last)."""
        comments = self.audit.comments
        wanted = pa.array(authors, comments["author_id"].type)
        rows = comments.filter(pc.is_in(comments["author_id"], value_set=wanted)).to_pylist()
        return sorted(rows, key=_by_time)

    @cached_property
    def posts(self) -> dict[tuple[str | None, str], Row]:
        """(page_id, post_id) -> the post's row."""
        return {(r["page_id"], r["post_id"]): r for r in self.audit.posts.to_pylist()}

    def first_comments(self, authors: list[str]) -> list[Row]:
        """Each account's first timed comment on each post.

        `near_s`: seconds to the nearest first comment of another of these accounts there; null if alone.
        """
        first: dict[tuple[str | None, str, str], Row] = {}
        for row in self.comments_of(authors):
            if row.get("comment_time") is not None:
                first.setdefault((row.get("page_id"), row["post_id"], row["author_id"]), row)
        by_post: dict[tuple[str | None, str], list[Row]] = {}
        for (page, post, _), row in first.items():
            by_post.setdefault((page, post), []).append(row)
        # Each row has another author, and rows are in order of time, so the nearest stands next to it.
        for rows in by_post.values():
            times = [row["comment_time"] for row in rows]
            gaps = [(b - a).total_seconds() for a, b in pairwise(times)]
            for row, near in zip(rows, zip([None, *gaps], [*gaps, None], strict=True), strict=True):
                row["near_s"] = min((g for g in near if g is not None), default=None)
        return list(first.values())

    # what is typical

    @cached_property
    def _pages_flat(self) -> tuple[pa.Array, pa.Array] | None:
        if "page_ids" not in self.audit.accounts.column_names or len(self.page_ids) < 2:
            return None
        lists = self.audit.accounts["page_ids"].combine_chunks()
        return pc.list_flatten(lists), pc.list_parent_indices(lists)

    @cached_property
    def _listed(self) -> np.ndarray:
        named = pa.array(["suspect", "review"])
        return pc.is_in(self.audit.accounts["verdict"], value_set=named).to_numpy()

    @cached_property
    def _typical(self) -> dict[tuple[str, str | None], float | None]:
        return {}

    def typical(self, feature: str, pages: list[str] | None) -> float | None:
        """Median of a feature over the accounts of the first of these pages that have a value.

        Suspects and reviews are left out: they are compared with it. None where nobody else has a value.
        """
        page = pages[0] if pages and self._pages_flat is not None else None
        key = (feature, page)
        if key not in self._typical:
            values = self.audit.accounts[feature].to_numpy().astype(np.float64)
            values = np.where(self._listed, np.nan, values)
            if page is not None and self._pages_flat is not None:
                flat, parents = self._pages_flat
                values = values[parents.filter(pc.equal(flat, page)).to_numpy(zero_copy_only=False)]
            known = values[~np.isnan(values)]
            self._typical[key] = float(np.median(known)) if len(known) else None
        return self._typical[key]


def _by_time(row: Row) -> tuple[bool, dt.datetime, str]:
    when = row.get("comment_time")
    return when is None, when or _NEVER, str(row["comment_id"])


def _worst(q_value: float | None) -> float:
    return 1.0 if is_null(q_value) or q_value is None else float(q_value)


def _least(probability: float | None) -> float:
    return 0.0 if is_null(probability) or probability is None else float(probability)
