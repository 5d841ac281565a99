"""What features are aggregated over: the input tables made ready for SQL, and the named views on them.

Accounts, posts and pages are whole numbers here (`who`, `post`, `page`), times are seconds since 1970 UTC as
doubles: the SQL is the same, word for word, on every engine, and grouping by numbers is several times faster
than by ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.codes import distinct, sorted_codes
from fakedetect.features.marks import marks_of, on_grid
from fakedetect.features.reading import read
from fakedetect.spill import aside, windows

Column = Any
"""A pyarrow Array or ChunkedArray: its type stubs refuse what its functions take."""


@dataclass(frozen=True, slots=True)
class View:
    """A named query over the prepared tables and the views before it."""

    name: str
    sql: str
    what: str


SHOWN_FROM = 8
"""Reviews from which on an average is looked at: the first ones move it anyway."""
_STEPS = tuple(round(0.05 + 0.1 * k, 2) for k in range(10))
"""Averages, as shares of the best mark, where the half star shown changes."""


def _crossed(low: str, high: str) -> str:
    return " + ".join(f"case when {low} < {step} and {high} >= {step} then 1 else 0 end" for step in _STEPS)


VIEWS: tuple[View, ...] = (
    View("spoken", "select * from comments", "one row per comment of a known account"),
    View(
        "own_texts",
        """select who, text_hi, text_lo, count(*) as n_rows,
                  max(case when n_words >= 5 and n_chars >= 15 then 1 else 0 end) as is_long
           from comments where text_hi is not null group by who, text_hi, text_lo""",
        "one row per account and text; only texts of 5 words and 15 characters can count as copied",
    ),
    View(
        "shared_texts",
        """select text_hi, text_lo, count(*) as n_accounts
           from own_texts where is_long = 1 group by text_hi, text_lo having count(*) > 1""",
        "one row per text that several accounts used",
    ),
    View(
        "said",
        """select o.who, o.n_rows, case when o.is_long = 1 then o.n_rows end as n_long,
                  case when o.is_long = 1 then coalesce(s.n_accounts, 1) end as text_accounts
           from own_texts o
           left join shared_texts s on o.text_hi = s.text_hi and o.text_lo = s.text_lo""",
        "one row per account and text, with the number of accounts that used it (null for short texts)",
    ),
    View(
        "firsts",
        """select c.who, c.delay_s, c.delay_u, c.hour,
                  p.first_hour_share, p.first_hour_share - p.expected_first_hour_share as first_hour_excess
           from comments c left join posts p on c.post = p.post where c.is_first""",
        "one row per account and post: its first comment there",
    ),
    View(
        "places",
        """select who, rank() over (partition by post order by comment_s) as place
           from comments where is_first and comment_s is not null""",
        "one row per account and post: its place in time among the accounts on the post, ties alike",
        # Apart from `firsts`: a sort by post and medians by account in one query spill (4M rows in 2 GB took
        # 118 s together, 3 s apart).
    ),
    View(
        "gaps",
        """select who, comment_s - lag(comment_s) over (partition by who order by comment_s) as gap_s
           from comments where n_own > 1 and comment_s is not null""",
        "one row per comment with a time: seconds since the account's comment before (null at its first)",
    ),
    View(
        "hours",
        "select who, hour, count(*) as n_rows from comments where hour is not null group by who, hour",
        "one row per account and hour of the day",
    ),
    View(
        "days",
        "select who, day, count(*) as n_rows from comments where day is not null group by who, day",
        "one row per account and UTC day",
    ),
    View(
        "wall",
        """select post, rank() over (partition by page order by post_s, post) as nth
           from posts where post_s is not null""",
        "one row per post with a time: its number on its page",
    ),
    View(
        "seats",
        "select who, page, post, count(*) as n_rows from comments group by who, page, post",
        "one row per account and post",
    ),
    View(
        "pages",
        """select s.who, s.page, sum(s.n_rows) as n_rows, count(*) as n_posts, count(w.nth) as n_dated,
                  max(w.nth) - min(w.nth) + 1 as n_passed
           from seats s left join wall w on s.post = w.post group by s.who, s.page""",
        "one row per account and page: comments, posts, dated posts, posts of the page from first to last",
    ),
    View(
        "profile",
        """select a.*, f.first_s from accounts a
           left join (select who, min(comment_s) as first_s from comments group by who) f on a.who = f.who""",
        "one row per account: its profile, the shape of its name, its first comment here",
    ),
    View(
        "queue",
        """select who, lag(who) over (partition by post order by comment_s, who) as before,
                  comment_s - lag(comment_s) over (partition by post order by comment_s, who) as gap_s
           from comments where is_first and comment_s is not null""",
        "one row per account and post: who commented right before it, and how long before",
    ),
    View(
        "beside",
        """select who, before as other, gap_s from queue where before is not null
           union all select before as who, who as other, gap_s from queue where before is not null""",
        "one row per account and place right before or after it on a post",
    ),
    View(
        "met",
        "select who, other, count(*) as n_met from beside group by who, other",
        "one row per account and other account: how often they stood side by side",
    ),
    View(
        "known",
        """select a.who, a.created_s, n.n_posts from accounts a
           join (select who, count(*) as n_posts from seats group by who) n on a.who = n.who""",
        "one row per account: the posts it came to, and when it was opened",
    ),
    View(
        "company",
        """select b.who, b.gap_s, o.n_posts, abs(a.created_s - o.created_s) / 86400 as created_d
           from beside b join known a on b.who = a.who join known o on b.other = o.who""",
        "one row per account and place right before or after it: what is known of who holds it",
    ),
    View("given", "select * from comments where mark is not null", "one row per review with stars"),
    View(
        "items",
        "select post, count(*) as n_marks, sum(mark) as total from given group by post",
        "one row per reviewed item: its marks and their sum",
    ),
    View(
        "marked",
        """select g.who, g.mark, case when i.n_marks > 1 then (i.total - g.mark) / (i.n_marks - 1) end as others
           from given g join items i on g.post = i.post""",
        "one row per review with stars, with the mean of the item's other marks",
    ),
    View(
        "shown",
        """select who, post, mark, comment_s,
                  sum(mark) over (partition by post order by comment_s)
                    - sum(mark) over (partition by post, comment_s) as total_before,
                  count(*) over (partition by post order by comment_s)
                    - count(*) over (partition by post, comment_s) as n_before,
                  avg(mark) over (partition by post order by comment_s) as after
           from given where comment_s is not null""",
        "one row per dated review with stars: the item's average with it, its sum and number of marks before",
    ),
    View(
        "moved",
        f"""select who, case when mark > total_before / n_before then {_crossed("total_before / n_before", "after")}
                            when mark < total_before / n_before then {_crossed("after", "total_before / n_before")}
                            else 0 end as n_halves
           from shown where n_before >= {SHOWN_FROM}""",
        "one row per review of an item with some already: how many half stars of five the average that sites show "
        "moved its way (with all reviews of its moment)",
    ),
    View(
        "signed",
        """select who, post, day, day - day % 7 as week,
                  case when mark >= 0.7 then 1 when mark <= 0.5 then -1 else 0 end as sign
           from given where day is not null""",
        "one row per review with stars and a date: its week, and whether it is good or bad",
    ),
    View(
        "weeks",
        "select post, week, sign, count(*) as n_week from signed group by post, week, sign",
        "one row per item, week and kind of mark",
    ),
    View(
        "lives",
        "select post, sign, count(*) as n_all, max(week) - min(week) + 7 as span_d from signed group by post, sign",
        "one row per item and kind of mark: how many, and over how many days",
    ),
    View(
        "busy",
        """select s.who, w.n_week * l.span_d / (7.0 * l.n_all) as ratio
           from signed s join weeks w on s.post = w.post and s.week = w.week and s.sign = w.sign
           join lives l on s.post = l.post and s.sign = l.sign""",
        "one row per review: marks like it in its week, against the item's mean week",
    ),
    View(
        "owned",
        """select g.who, p.owner, count(*) as n_rows from given g join posts p on g.post = p.post
           where p.owner is not null group by g.who, p.owner""",
        "one row per account and owner of businesses it reviewed",
    ),
    View(
        "sources",
        "select device, who from comments where device is not null group by device, who",
        "one row per address or device and account",
    ),
    View(
        "sharing",
        """select s.who, n.n_users from sources s
           join (select device, count(*) as n_users from sources group by device) n on s.device = n.device""",
        "one row per account and address or device, with the number of accounts behind it",
    ),
    View(
        "membership",
        "select m.*, count(*) over (partition by group_id) as group_n from members m",
        "one row per account in a candidate group: the evidence that relates it to the others",
    ),
)
"""In the order in which they are defined: a view uses only tables and the views above it."""


def share(condition: str) -> str:
    """SQL: the share of rows for which `condition` holds, among those for which it is known."""
    return f"avg(case when {condition} then 1 when not ({condition}) then 0 end)"


def log10(number: str) -> str:
    """SQL: log10(1 + number), null below 0 (log10 is not among the functions that all engines share)."""
    return f"case when {number} >= 0 then log2({number} + 1) / log2(10) end"


_IDS = ("author_id", "author_name", "post_id", "page_id", "comment_time", "hour")
_FACTS = ("n_chars", "n_words", "n_emoji", "n_urls", "n_mentions", "n_hashtags", "n_exclaims", "longest_run",
          "upper_share", "digit_share", "punct_share", "text_hi", "text_lo", "is_reply", "is_first",
          "delay_s", "delay_u", "likes", "spam")
_REVIEW = ("verified_purchase", "invited", "discloses")
_PROFILE = ("followers", "following", "posts_count", "has_avatar", "verified")
_EVIDENCE = ("group_p", "member_p", "member_q", "n_close", "close_share", "partners", "median_gap_s", "exclusive_share",
             "phrase_share", "together_z")


def prepare(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables `comments`, `posts`, `accounts`, `members` and `businesses` as the views want them.

    comments: rows with an author; `spam` is a text model's reading of each, null where there is no such model; `who` is
    the account's row in accounts, `n_own` its number of comments,
    `post` a post of one page (comments without a post_id stand on one post of their page). accounts: one row
    per author of a comment, sorted by author_id, with author_name (its most frequent; of equals the smallest)
    and its shape, and the profile where known. posts: one row per post, with the number of its owner where it is a
    business and he is known. members: rows whose account
    commented. nan and infinity become null. Raises KeyError for an absent table or column.
    """
    replies = pc.is_valid(tables["comments"]["reply_text"])
    kept = [*_IDS, *_FACTS, *_REVIEW, "rating", "ip_code"]
    comments, texts = tables["comments"].select(kept).append_column("answered", replies), tables["comments"]["text"]
    if comments["author_id"].null_count:
        signed = pc.is_valid(comments["author_id"])
        comments, texts = comments.filter(signed), texts.filter(signed)
    who, authors = sorted_codes(comments["author_id"])
    names = _names(comments["author_name"], who, len(authors))
    page, post, posts = _posts(comments, tables["posts"], tables["businesses"])
    mark = marks_of(comments["rating"], comments["page_id"])
    reads, rarity = read(texts, mark.to_numpy(zero_copy_only=False), post.to_numpy())
    comment_s = _epoch(comments["comment_time"])
    numbered: dict[str, Column] = {
        "who": pa.array(who),
        "n_own": pa.array(np.bincount(who, minlength=len(authors))[who]),
        "page": page,
        "post": post,
        "comment_s": comment_s,
        "day": pc.floor(pc.divide(comment_s, 86400.0)).cast(pa.int64()),
        "hour": comments["hour"].cast(pa.int64()),
        "mark": on_grid(mark),
        "reads": pa.array(reads, mask=np.isnan(reads)),
        "rarity": pa.array(rarity, mask=np.isnan(rarity)),
        "answered": pc.if_else(pc.is_valid(mark), comments["answered"], None),
        "device": _numbered(comments["ip_code"]),
    }
    facts = comments.select([*_FACTS, *_REVIEW])
    counted = pa.table(numbered | dict(zip(facts.column_names, facts.columns, strict=True)))
    return {
        # Some 350 bytes a comment: what is large stands in a file.
        "comments": aside(pa.table({name: _finite(w[name]) for name in w.column_names}) for w in windows(counted)),
        "posts": posts,
        "accounts": _accounts(tables["accounts"], authors, names),
        "members": _members(tables["members"], authors),
    }


def _posts(comments: pa.Table, posts: pa.Table, businesses: pa.Table) -> tuple[Column, Column, pa.Table]:
    """Page and post of each comment as numbers (no order of rows changes them), and the posts table."""
    both = {name: pa.chunked_array([*comments[name].chunks, *posts[name].chunks], pa.string())
            for name in ("page_id", "post_id")}
    page, within = (sorted_codes(column)[0] for column in both.values())
    pair = page * (within.max(initial=0) + 2) + within
    post = np.unique(pair, return_inverse=True)[1]
    first_row = np.unique(post[len(comments):], return_index=True)[1]
    rows = posts.take(first_row)
    numbered: dict[str, Column] = {
        "post": pa.array(post[len(comments):][first_row]),
        "page": pa.array(page[len(comments):][first_row]),
        "post_s": _epoch(rows["post_time"]),
        "owner": _owners(rows["post_id"], businesses),
        **{name: _finite(rows[name]) for name in ("first_hour_share", "expected_first_hour_share")},
    }
    return pa.array(page[:len(comments)]), pa.array(post[:len(comments)]), pa.table(numbered)


def _owners(items: Column, businesses: pa.Table) -> Column:
    """The number of each item's owner; null where nobody is named."""
    named: Column = businesses["owner"].combine_chunks()
    known = businesses["business_id"].combine_chunks()
    owner: Column = named.take(pc.index_in(items.combine_chunks(), value_set=known))
    return _numbered(pa.chunked_array([owner]))


def _accounts(profiles: pa.Table, authors: Column, names: Column) -> pa.Table:
    place: Column = pc.index_in(authors, value_set=profiles["author_id"].combine_chunks())
    rows = profiles.take(place)
    names = pc.coalesce(names, rows["author_name"].combine_chunks())
    n_chars: Column = pc.utf8_length(names)
    n_unended: Column = pc.utf8_length(pc.utf8_rtrim(names, "0123456789"))
    n_digits: Column = pc.count_substring_regex(names, r"\p{Nd}")
    n_words: Column = pc.count_substring_regex(names, r"[\p{L}\p{M}\p{N}]+")
    bio: Column = rows["bio"]
    columns: dict[str, Column] = {
        "who": pa.array(np.arange(len(authors))),
        "author_id": authors,
        "author_name": names,
        "created_s": _epoch(rows["created_at"]),
        **{name: _finite(rows[name]) for name in _PROFILE},
        "bio_n_chars": pc.utf8_length(bio).cast(pa.int64()),
        "name_n_chars": n_chars.cast(pa.int64()),
        "name_n_digits": n_digits.cast(pa.int64()),
        "name_n_words": n_words.cast(pa.int64()),
        "name_tail_digits": pc.subtract(n_chars, n_unended).cast(pa.int64()),
    }
    return pa.table(columns)


def _members(members: pa.Table, authors: Column) -> pa.Table:
    members = members.filter(pc.is_in(members["author_id"], value_set=authors))
    columns: dict[str, Column] = {
        "who": pc.index_in(members["author_id"], value_set=authors).cast(pa.int64()),
        "group_id": members["group_id"],
        **{name: _finite(members[name]) for name in _EVIDENCE},
    }
    return pa.table(columns)


def _names(names: Column, who: np.ndarray, n_accounts: int) -> Column:
    """Per account its most frequent name, of equals the smallest; null where it never had one."""
    code, called = sorted_codes(names)
    pairs, counts = distinct((who * max(len(called), 1) + code)[code >= 0])
    account, name = np.divmod(pairs, max(len(called), 1))
    order = np.lexsort((name, -counts, account))
    first = order[np.diff(account[order], prepend=-1) > 0]
    chosen = np.full(n_accounts, -1)
    chosen[account[first]] = name[first]
    return called.take(pa.array(chosen, mask=chosen < 0))


def _numbered(column: Column) -> Column:
    """A number for each row's value, in their order; null where it has none."""
    code = sorted_codes(column)[0]
    return pa.array(code, mask=code < 0)


def _epoch(column: Column) -> Column:
    micros = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
    return pc.divide(micros.cast(pa.float64(), safe=False), 1e6)


def _finite(column: Column) -> Column:
    """The column with one type per kind: bool, int64, or float64 without nan and infinity."""
    if pa.types.is_floating(column.type):
        finite: Column = pc.is_finite(column)
        if not pc.all(finite, min_count=0).as_py():
            column = pc.if_else(finite, column, pa.scalar(None, column.type))
        return column.cast(pa.float64())
    return column if pa.types.is_boolean(column.type) else column.cast(pa.int64())
