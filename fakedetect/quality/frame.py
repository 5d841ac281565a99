"""A Dump as arrays: dense codes for pages, posts, accounts and files, and the counts the gate looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.codes import codes, distinct
from fakedetect.quality.clock import Bools, Floats, Ints
from fakedetect.schema import ACCOUNTS, Dump, Kind
from fakedetect.spill import aside, windows

SKEW_S = 60
PROFILE_COLUMNS = tuple(n for n in ACCOUNTS.names if n not in ("author_id", "author_name"))


def seconds(column: pa.ChunkedArray) -> tuple[Ints, Bools]:
    """Whole epoch seconds (0 where null) and whether they are known."""
    micros = column.cast(pa.int64()).combine_chunks()
    known = micros.is_valid().to_numpy(zero_copy_only=False)
    return micros.fill_null(0).to_numpy(zero_copy_only=False) // 10**6, known


def at_midnight(column: pa.ChunkedArray, zone: str) -> Bools:
    """Exactly midnight, in UTC or in `zone`; null is not."""
    day = 86_400
    t, known = seconds(column)
    if not zone or zone == "UTC":
        return known & (t % day == 0)
    local = pc.local_timestamp(column.cast(pa.timestamp("us", tz=str(ZoneInfo(zone)))))
    return known & ((t % day == 0) | (seconds(local)[0] % day == 0))


@dataclass(frozen=True)
class Frame:
    """Arrays over comments (page, post, author, name, source, t, timed), over posts (post_*) and over pages
    (n_*)."""

    kind: Kind
    dump_posts: pa.Table
    profiles: bool
    page_ids: list[str]
    page: Ints
    post: Ints
    """Row of the comment's post in `Dump.posts`."""
    post_page: Ints
    author: Ints
    name: Ints
    name_key: Bools
    source: Ints
    n_sources: int
    t: Ints
    timed: Bools
    midnight: Bools
    reply: Bools
    has_text: Bools
    n_words: Ints
    post_t: Ints
    post_dated: Bools
    post_midnight: Bools
    post_declared: Floats

    @classmethod
    def of(cls, dump: Dump) -> Frame:
        """The arrays of a dump; a comment's post is found by page and id together."""
        c, p = dump.comments, dump.posts
        pages = pa.chunked_array([*c["page_id"].chunks, *p["page_id"].chunks], pa.string())
        page_all, page_ids = codes(pc.fill_null(pages, ""))
        ids = pa.chunked_array([*c["post_id"].chunks, *p["post_id"].chunks], pa.string())
        post_all, names = codes(pc.fill_null(ids, ""))
        key = page_all * max(len(names), 1) + post_all
        n = c.num_rows
        order = np.argsort(key[n:], kind="stable")
        post = order[np.searchsorted(key[n:], key[:n], sorter=order)] if n else key[:0]
        author, author_ids = codes(c["author_id"])
        by_name = np.append(pc.starts_with(author_ids, "name:").to_numpy(zero_copy_only=False), False)  # last: null
        t, timed = seconds(c["comment_time"])
        post_t, post_dated = seconds(p["post_time"])
        source, source_ids = codes(pc.fill_null(c["source"], ""))
        # Window by window: all texts in one array may be more than it can hold (2 GB).
        written = aside(pa.table({"written": pc.fill_null(
            pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(w["text"])), 0), False)})
            for w in windows(c.select(["text"])))["written"]
        profiles = dump.accounts.num_rows > 0 and any(
            dump.accounts[name].null_count < dump.accounts.num_rows for name in PROFILE_COLUMNS)
        declared = p["declared_comments"].cast(pa.float64()).fill_null(np.nan)
        return cls(
            kind=dump.kind, dump_posts=p, profiles=profiles, page_ids=page_ids.to_pylist(), page=page_all[:n],
            post=post, post_page=page_all[n:], author=author, name=codes(c["author_name"])[0], name_key=by_name[author],
            source=source, n_sources=max(len(source_ids), 1), t=t, timed=timed,
            midnight=at_midnight(c["comment_time"], dump.zone),
            reply=c["is_reply"].combine_chunks().fill_null(False).to_numpy(zero_copy_only=False),
            has_text=written.to_numpy(),
            n_words=c["n_words"].combine_chunks().fill_null(0).to_numpy(zero_copy_only=False),
            post_t=post_t, post_dated=post_dated, post_midnight=at_midnight(p["post_time"], dump.zone),
            post_declared=declared.to_numpy(),
        )

    # sizes

    @property
    def n_pages(self) -> int:
        return len(self.page_ids)

    @property
    def n_posts(self) -> int:
        return len(self.post_page)

    def per_page(self, rows: Bools) -> Ints:
        """Comments of each page among `rows`, (n_pages,)."""
        return np.bincount(self.page[rows], minlength=self.n_pages)

    def per_post(self, rows: Bools) -> Ints:
        """Comments of each post among `rows`, (n_posts,)."""
        return np.bincount(self.post[rows], minlength=self.n_posts)

    def share(self, part: Ints) -> Floats:
        """`part` of each page's comments, nan without comments."""
        return np.where(self.n_comments > 0, part / np.maximum(self.n_comments, 1), np.nan)

    # over comments

    @cached_property
    def author_or_row(self) -> Ints:
        """The account's code; each comment without an account is one of its own."""
        alone = self.author.max(initial=-1) + 1 + np.arange(len(self.author))
        return np.where(self.author >= 0, self.author, alone)

    @cached_property
    def has_delay(self) -> Bools:
        return self.timed & self.post_dated[self.post]

    @cached_property
    def delay(self) -> Ints:
        """Seconds after the post; 0 where unknown."""
        return np.where(self.has_delay, self.t - self.post_t[self.post], 0)

    def delays_of(self, pages: list[int] | Ints) -> Floats:
        """All known delays of these pages, in order of page."""
        order, starts = self._delay_order
        parts = [self.delay[order[starts[i]:starts[i + 1]]] for i in pages]
        return np.concatenate(parts).astype(np.float64) if parts else np.empty(0)

    @cached_property
    def _delay_order(self) -> tuple[Ints, Ints]:
        rows = np.flatnonzero(self.has_delay)
        order = rows[np.argsort(self.page[rows], kind="stable")]
        return order, np.searchsorted(self.page[order], np.arange(self.n_pages + 1))

    def n_long_texts(self, words: int) -> int:
        """Texts of the run with at least so many words."""
        return int((self.n_words >= words).sum())

    # over pages

    @cached_property
    def n_comments(self) -> Ints:
        return np.bincount(self.page, minlength=self.n_pages)

    @cached_property
    def n_timed(self) -> Ints:
        return self.per_page(self.timed)

    @cached_property
    def n_known(self) -> Ints:
        """Comments whose account is known."""
        return self.per_page(self.author >= 0)

    @cached_property
    def n_authors(self) -> Ints:
        rows = self.author >= 0
        width = int(self.author.max(initial=0)) + 1
        pairs = distinct(self.page[rows] * width + self.author[rows])[0]
        return np.bincount(pairs // width, minlength=self.n_pages)

    @cached_property
    def n_name_keys(self) -> Ints:
        return self.per_page(self.name_key)

    @cached_property
    def n_texts(self) -> Ints:
        return self.per_page(self.has_text)

    @cached_property
    def n_delays(self) -> Ints:
        return self.per_page(self.has_delay)

    @cached_property
    def n_negative(self) -> Ints:
        """Comments more than a minute before their post: less is rounding, or two machines' clocks."""
        return self.per_page(self.delay < -SKEW_S)

    @cached_property
    def negative_share(self) -> Floats:
        return np.where(self.n_delays > 0, self.n_negative / np.maximum(self.n_delays, 1), np.nan)

    @cached_property
    def share_midnight(self) -> Floats:
        return np.where(self.n_timed > 0, self.per_page(self.midnight) / np.maximum(self.n_timed, 1), np.nan)

    @cached_property
    def with_parents(self) -> Bools:
        """Pages with rows from a file that names parents at all: a page without replies is then just that."""
        tells = np.bincount(self.source[self.reply], minlength=self.n_sources) > 0
        return self.per_page(tells[self.source]) > 0

    # over posts

    @cached_property
    def post_rows(self) -> Ints:
        return np.bincount(self.post, minlength=self.n_posts)

    @cached_property
    def post_timed(self) -> Ints:
        return self.per_post(self.timed)

    @cached_property
    def post_delays(self) -> Ints:
        return self.per_post(self.has_delay)

    @cached_property
    def post_negative(self) -> Ints:
        return self.per_post(self.delay < -SKEW_S)

    @cached_property
    def post_coverage(self) -> Floats:
        """Rows over declared comments; nan where nothing is declared or none are. Above 1 it happens
        (Weibo)."""
        return np.where(self.post_declared > 0, self.post_rows / np.fmax(self.post_declared, 1), np.nan)

    @cached_property
    def post_observed_s(self) -> Floats:
        """From the post to the last comment of its file: how long it was watched at least; -inf if
        unknown."""
        last = np.full(self.n_sources, -np.inf)
        np.maximum.at(last, self.source[self.timed], self.t[self.timed].astype(np.float64))
        out = np.full(self.n_posts, -np.inf)
        rows = self.has_delay
        np.maximum.at(out, self.post[rows], last[self.source[rows]] - self.post_t[self.post[rows]])
        return out

    # of posts, over pages

    def posts_per_page(self, posts: Bools) -> Ints:
        return np.bincount(self.post_page[posts], minlength=self.n_pages)

    @cached_property
    def post_time_share(self) -> Floats:
        n = self.posts_per_page(np.ones(self.n_posts, bool))
        return np.where(n > 0, self.posts_per_page(self.post_dated) / np.maximum(n, 1), np.nan)

    @cached_property
    def n_dated_posts(self) -> Ints:
        return self.posts_per_page(self.post_dated)

    @cached_property
    def n_midnight_posts(self) -> Ints:
        return self.posts_per_page(self.post_midnight)

    @cached_property
    def n_answered_posts(self) -> Ints:
        """Posts with a publish time and a timed comment."""
        return self.posts_per_page(self.post_delays > 0)

    @cached_property
    def n_first_seen_posts(self) -> Ints:
        """Posts whose publish time is to the second that of their first comment. Per page one account counts
        once: an automaton that greets every post in its second is no copied time."""
        first = np.full(self.n_posts, np.iinfo(np.int64).max)
        rows = np.flatnonzero(self.has_delay)
        np.minimum.at(first, self.post[rows], self.delay[rows])
        zero = rows[(self.delay[rows] == 0) & (first[self.post[rows]] == 0)]
        zero = zero[np.unique(self.post[zero], return_index=True)[1]]  # one comment per post
        width = int(self.author_or_row.max(initial=0)) + 1
        pairs = distinct(self.page[zero] * width + self.author_or_row[zero])[0]
        return np.bincount(pairs // width, minlength=self.n_pages)

    @cached_property
    def n_declared_posts(self) -> Ints:
        return self.posts_per_page(self.post_declared > 0)

    @cached_property
    def coverage(self) -> Floats:
        """Median of the posts' coverage per page, nan where nothing is declared."""
        rows = np.flatnonzero(~np.isnan(self.post_coverage))
        order = rows[np.lexsort((self.post_coverage[rows], self.post_page[rows]))]
        start = np.searchsorted(self.post_page[order], np.arange(self.n_pages + 1))
        n = np.diff(start)
        out = np.full(self.n_pages, np.nan)
        some = n > 0
        low, high = start[:-1][some] + (n[some] - 1) // 2, start[:-1][some] + n[some] // 2
        values = self.post_coverage[order]
        out[some] = (values[low] + values[high]) / 2
        return out
