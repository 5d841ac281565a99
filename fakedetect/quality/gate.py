"""The gate: from a Dump to what it bears, page by page and post by post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.quality import clock, counts
from fakedetect.quality.catalogue import TESTS
from fakedetect.quality.clock import Bools, Floats, Ints
from fakedetect.quality.frame import Frame
from fakedetect.quality.outcome import Ledger, Quality, Values, refusal
from fakedetect.schema import Dump, Note

MIN_POSTS, MIN_TIMED = 20, 500
"""A page with less has no curve of its own (DESIGN 2)."""
MAX_STRAYS = 5
"""Up to five comments before their post are strays, whatever their share."""
POST_STRAYS = 0.05
"""More than two comments and 5 % before one post: that post's own time is wrong (edited, or scheduled)."""
COMPLETE = 0.8
"""A post counts for first-hour figures with this share of its comments: what is missing can then raise its
first-hour share by a quarter at most (1 / 0.8). The same bound holds for posts too young to have them all."""
MOST = 0.5
"""A field that fewer than half of the rows carry stands for a selection of them, and nobody says which."""
MIN_LONG_TEXTS, LONG_WORDS = 50, 5
"""A phrase seen twice is rare only against many others: with under 50, a 2 % phrase would pass for unique."""
MIN_RETURNING, MIN_RING_POSTS = 10, 5
"""Fewer accounts that return leave no background to call a group unusual against; over fewer than five posts,
being together on all of them is chance."""
FIRST_SEEN_SHARE, MIN_DATED_POSTS = 0.5, 5
TIMED_TESTS = ("delay", "first_hour", "burst", "closeness", "hours", "history")
DELAY_TESTS = ("delay", "first_hour", "burst")
SHARE_TESTS = ("first_hour", "burst")


def gate(dump: Dump) -> Quality:
    """Decide which tests `dump` bears. Vectorised: about a second for a million comments. Raises nothing."""
    f = Frame.of(dump)
    active = f.n_comments > 0
    if not active.any():
        none = np.full(f.n_pages, np.nan)
        return Quality(tuple(refusal(t.name, "no_comments") for t in TESTS if t.kind in (None, dump.kind)),
                       _pages(f, none, none, active, active, active),
                       _posts(f, f.post_rows > 0, f.post_rows > 0))
    ledger = Ledger(f.n_pages, dump.kind)
    resolution = _times(f, ledger, dump)
    _texts_and_people(f, ledger)
    _marks(f, ledger, dump)
    offset = _clocks(f, ledger, dump.notes, np.nan_to_num(resolution, nan=np.inf) <= clock.MINUTE)
    capped = _coverage(f, ledger, dump)
    posts_delay, posts_share = _usable_posts(f, ledger)
    own, pooled = _curves(f, ledger, posts_delay, posts_share)
    return Quality(ledger.refusals(f.page_ids, active),
                   _pages(f, resolution, offset, capped, own, pooled),
                   _posts(f, posts_delay & ledger.open("delay")[f.post_page],
                          posts_share & ledger.open("first_hour")[f.post_page]))


def _counted(hit: Ints, total: Ints) -> Values:
    return lambda p: {"n": int(hit[p].sum()), "total": int(total[p].sum())}


def _percent(part: float, whole: float) -> int:
    return round(100 * part / whole) if whole else 0


def _times(f: Frame, ledger: Ledger, dump: Dump) -> Floats:
    """Refuse what the comments' times cannot bear; the resolution per page in seconds."""
    noted = {n.code for n in dump.notes}
    no_times = f.n_timed == 0
    near = (*DELAY_TESTS, "closeness")
    # Whatever zone they may be in, and however few they are.
    ledger.refuse("times_from_ages", (*near, "hours"), "times_from_ages" in noted)
    for note, code in (("naive_time", "naive_times"), ("relative_time", "relative_words")):
        ledger.refuse(code, TIMED_TESTS, no_times & (note in noted))
    ledger.refuse("no_times", TIMED_TESTS, no_times)
    ledger.refuse("few_times", TIMED_TESTS, ~no_times & (f.n_timed < MOST * f.n_comments),
                  lambda p: {"percent": _percent(f.n_timed[p].sum(), f.n_comments[p].sum())})
    ledger.refuse("naive_times", ("hours",), not dump.zone)

    rows = np.flatnonzero(f.timed)
    t, author, post = f.t[rows], f.author_or_row[rows], f.post[rows]
    page = clock.resolution(f.page[rows], f.n_pages, t, author, post)
    one = f.n_pages == f.n_sources == 1
    source = page if one else clock.resolution(f.source[rows], f.n_sources, t, author, post)
    # A page too small to tell by itself shares the reading of its files.
    wider, wider_relative = np.zeros(f.n_pages), np.zeros(f.n_pages, bool)
    np.maximum.at(wider, f.page[rows], np.nan_to_num(source.resolution_s)[f.source[rows]])
    np.logical_or.at(wider_relative, f.page[rows], source.relative[f.source[rows]])
    takes_over = (page.n_moments < clock.MIN_MOMENTS) & (wider > np.nan_to_num(page.resolution_s))
    res = np.where(takes_over & ~no_times, wider, page.resolution_s)
    relative = np.where(takes_over, wider_relative, page.relative)
    worst = int(np.argmax(np.nan_to_num(source.resolution_s)))

    def seen(p: Ints) -> Mapping[str, Any]:
        own = len(p) == 1 and not takes_over[p[0]]
        r, i = (page, int(p[0])) if own else (source, worst)
        return {"distinct": int(r.n_distinct[i]), "n": int(r.n_rows[i]),
                "percent": _percent(r.common_share[i], 1), "day_percent": _percent(r.day_share[i], 1)}

    coarse = np.nan_to_num(res) > clock.MINUTE
    ledger.refuse("relative_times", (*near, "hours"), coarse & relative, seen)
    ledger.refuse("relative_times", ("history",), np.nan_to_num(res) > clock.DAY, seen)
    ledger.refuse("day_times", (*near, "hours"), coarse & ~relative & (res >= clock.DAY), seen)
    ledger.refuse("hour_times", near, coarse & ~relative & (res < clock.DAY), seen)
    return res


def _texts_and_people(f: Frame, ledger: Ledger) -> None:
    total = f.n_comments
    ledger.refuse("no_text", ("text", "text_reuse"), f.n_texts < MOST * total,
                  lambda p: {"percent": _percent(f.n_texts[p].sum(), total[p].sum())})
    ledger.refuse("short_texts", ("text_reuse",), f.n_long_texts(LONG_WORDS) < MIN_LONG_TEXTS,
                  lambda p: {"n": f.n_long_texts(LONG_WORDS)})
    ledger.refuse("reviews", ("conversation",), f.kind == "reviews")
    ledger.refuse("no_parents", ("conversation",), ~f.with_parents)
    ledger.refuse("no_profiles", ("profile",), not f.profiles)

    ledger.refuse("no_authors", ("identity", "ring", "closeness"), f.n_known < MOST * total,
                  lambda p: {"percent": _percent((total[p] - f.n_known[p]).sum(), total[p].sum())})
    split = counts.ids_split(f.author, f.name, f.post)
    if split:
        shares = {"names": _percent(split[0], 1), "ids": _percent(split[1], 1)}
        ledger.refuse("unstable_ids", ("identity", "ring", "closeness"), True, lambda p: shares)
    ledger.refuse("name_keys", ("identity",), f.n_name_keys > MOST * np.maximum(f.n_known, 1),
                  lambda p: {"percent": _percent(f.n_name_keys[p].sum(), total[p].sum())})
    n_returning = counts.returning(f.author, f.post)[1]
    n_posts = int((np.bincount(f.post) > 0).sum())
    ledger.refuse("few_returning", ("ring",), n_returning < MIN_RETURNING or n_posts < MIN_RING_POSTS,
                  lambda p: {"accounts": n_returning, "posts": n_posts})


def _marks(f: Frame, ledger: Ledger, dump: Dump) -> None:
    """Refuse what the stars cannot bear, or the accounts that gave them: namesakes would praise and trash as one."""
    rated = np.bincount(f.page[dump.comments["rating"].is_valid().to_numpy()], minlength=f.n_pages)
    ledger.refuse("few_ratings", ("marks", "wave"), rated < MOST * f.n_comments,
                  lambda p: {"percent": _percent(rated[p].sum(), f.n_comments[p].sum())})
    for test in ("identity", "history"):
        for code in dict.fromkeys(c for c in ledger.codes[test] if c is not None):
            ledger.refuse(code, ("marks",) if test == "identity" else ("wave",),
                          np.array([c == code for c in ledger.codes[test]], bool), ledger.values[code])


def _clocks(f: Frame, ledger: Ledger, notes: tuple[Note, ...], fine: Bools) -> Floats:
    """Refuse delays where posts and comments do not share a clock; the suspected offset per page in hours.

    Only pages with fine times are looked at for an offset: rounding alone puts comments before their post.
    """
    ledger.refuse("reviews", DELAY_TESTS, f.kind == "reviews")
    unread = any(n.code == "naive_post_time" for n in notes)
    ledger.refuse("naive_post_times" if unread else "no_post_time", DELAY_TESTS, f.n_delays == 0)
    for code, hit, total in (("day_post_times", f.n_midnight_posts, f.n_dated_posts),
                             ("first_comment_time", f.n_first_seen_posts, f.n_answered_posts)):
        page_hit = (hit > FIRST_SEEN_SHARE * total) & (total >= MIN_DATED_POSTS)
        everywhere = hit.sum() > FIRST_SEEN_SHARE * total.sum() and total.sum() >= MIN_DATED_POSTS
        ledger.refuse(code, DELAY_TESTS, page_hit | (everywhere & (total < MIN_DATED_POSTS)),
                      _counted(hit, total))

    n, neg = f.n_delays, f.n_negative
    wrong = fine & (neg > clock.STRAY * n) & (neg > MAX_STRAYS)
    small = fine & ~wrong & (n < MIN_TIMED)
    if neg[small].sum() > max(clock.STRAY * n[small].sum(), MAX_STRAYS):
        wrong |= small & (n > 0)
    offset = np.full(f.n_pages, np.nan)
    for i in np.flatnonzero(wrong):
        # Pages with a handful of delays say nothing about the size of an offset.
        if n[i] >= 30 and (hours := clock.offset_behind(f.delays_of(np.array([i])))) is not None:
            offset[i] = -hours
    late = fine & ~wrong & (n >= MIN_TIMED) & (f.n_answered_posts >= MIN_POSTS)
    for i in np.flatnonzero(late):
        if (hours := clock.offset_ahead(f.delays_of(np.array([i])))) is not None:
            offset[i] = hours

    def seen(p: Ints) -> Mapping[str, Any]:
        hours = abs(float(np.nanmedian(offset[p]))) if np.isfinite(offset[p]).any() else 0.0
        return {**_counted(neg, n)(p), "percent": _percent(neg[p].sum(), n[p].sum()),
                "hours": int(hours) if hours.is_integer() else hours}

    def late_seen(p: Ints) -> Mapping[str, Any]:
        return {"hours": seen(p)["hours"], "total": int(f.n_answered_posts[p].sum())}

    with_hours = (*DELAY_TESTS, "hours")
    ledger.refuse("clock_offset", with_hours, wrong & np.isfinite(offset), seen)
    ledger.refuse("before_post", with_hours, wrong & ~np.isfinite(offset), seen)
    ledger.refuse("clock_late", with_hours, ~wrong & np.isfinite(offset), late_seen)
    return offset


def _coverage(f: Frame, ledger: Ledger, dump: Dump) -> Bools:
    """Refuse first-hour figures where comments are missing; which pages were cut at a maximum."""
    undeclared = f.n_declared_posts == 0
    ledger.refuse("incomplete", SHARE_TESTS, ~undeclared & (f.coverage < COMPLETE),
                  lambda p: {"percent": int(np.ceil(100 * np.nanmedian(f.coverage[p])))})
    ledger.refuse("truncated", SHARE_TESTS, dump.truncated & undeclared)
    # Replies come later than what they answer: without them the first hour looks larger.
    ledger.refuse("missing_replies", SHARE_TESTS,
                  any(n.code == "missing_replies" for n in dump.notes) & undeclared)
    # Posts known to be whole are no witnesses of a cut.
    open_posts = (f.post_rows > 0) & ~(f.post_coverage >= COMPLETE)
    found = {}
    run_cap = counts.cap(f.post_rows[open_posts])
    by_page = np.bincount(f.post_page[open_posts], minlength=f.n_pages)
    for i in np.flatnonzero(by_page >= 3):
        mine = f.post_rows[open_posts & (f.post_page == i)]
        if mine.max() >= counts.MIN_CAP and (cut := counts.cap(mine)):
            found[i] = cut
    capped = np.zeros(f.n_pages, bool)
    capped[list(found)] = True
    if run_cap:  # the run's cut concerns the pages that have a post at it
        at_cap = open_posts & (f.post_rows >= counts.TOP * f.post_rows[open_posts].max())
        capped[f.post_page[at_cap]] = True

    def seen(p: Ints) -> Mapping[str, Any]:
        mine = [found[i] for i in p.tolist() if i in found] or [run_cap or (0, 0)]
        return {"cap": max(c for c, _ in mine), "n": sum(n for _, n in mine)}

    ledger.refuse("capped", SHARE_TESTS, capped, seen)
    return capped


def _usable_posts(f: Frame, ledger: Ledger) -> tuple[Bools, Bools]:
    """Posts whose delays can be used, and those whose first-hour share can."""
    neg, n = f.post_negative, f.post_delays
    delay = (n > 0) & ~((neg > 2) & (neg > POST_STRAYS * n))
    whole = np.fmin(np.where(np.isnan(f.post_coverage), 1.0, f.post_coverage), n / np.maximum(f.post_rows, 1))
    # A post younger than the time in which its page gets 80 % of its comments shows too large a first hour.
    own = (f.n_delays >= MIN_TIMED) & (f.n_answered_posts >= MIN_POSTS)
    pool = f.delays_of(np.flatnonzero(ledger.open("delay")))
    general = float(np.quantile(pool, COMPLETE)) if len(pool) else np.inf
    ripe = np.full(f.n_pages, general)
    for i in np.flatnonzero(own):
        ripe[i] = np.quantile(f.delays_of(np.array([i])), COMPLETE)
    old_enough = f.post_observed_s >= ripe[f.post_page]
    return delay, delay & (whole >= COMPLETE) & old_enough


def _curves(f: Frame, ledger: Ledger, posts_delay: Bools, posts_share: Bools) -> tuple[Bools, Bools]:
    """Pages with a curve of their own, and pages that lean on the run's; refuse what even the run cannot
    carry."""
    bears = ledger.open("delay") & (f.n_delays > 0)
    n_posts = f.posts_per_page(posts_delay)
    own = np.where(bears, (n_posts >= MIN_POSTS) & (f.n_delays >= MIN_TIMED),
                   (f.posts_per_page(f.post_timed > 0) >= MIN_POSTS) & (f.n_timed >= MIN_TIMED))
    pool = {"posts": int(n_posts[bears].sum()), "comments": int(f.n_delays[bears].sum())}
    too_small = pool["posts"] < MIN_POSTS or pool["comments"] < MIN_TIMED
    ledger.refuse("small_page", DELAY_TESTS, bears & ~own & too_small, lambda p: pool)

    ledger.refuse("no_whole_posts", SHARE_TESTS, f.posts_per_page(posts_share) == 0)
    usable = np.where(ledger.open("first_hour"), f.posts_per_page(posts_share), 0)
    ledger.refuse("few_posts", ("burst",), usable.sum() < MIN_POSTS, lambda p: {"n": int(usable.sum())})
    return own, bears & ~own & (not too_small)


def _pages(f: Frame, resolution: Floats, offset: Floats, capped: Bools, own: Bools,
           pooled: Bools) -> pa.Table:
    def real(values: Floats) -> pa.Array:
        return pa.array(values, pa.float64(), mask=np.isnan(values))

    return pa.table({
        "page_id": pa.array(f.page_ids, pa.string()),
        "n_posts": np.bincount(f.post_page, minlength=f.n_pages), "n_comments": f.n_comments,
        "n_timed": f.n_timed, "n_authors": f.n_authors, "n_delays": f.n_delays,
        "time_resolution_s": real(resolution), "share_midnight": real(f.share_midnight),
        "negative_share": real(f.negative_share), "clock_offset_h": real(offset),
        "post_time_share": real(f.post_time_share), "coverage": real(f.coverage),
        "null_author_share": real(f.share(f.n_comments - f.n_known)),
        "name_key_share": real(f.share(f.n_name_keys)),
        "capped": capped, "own_curve": own, "pooled": pooled,
    })


def _posts(f: Frame, delay: Bools, first_hour: Bools) -> pa.Table:
    return pa.table({
        "page_id": f.dump_posts["page_id"], "post_id": f.dump_posts["post_id"], "n_comments": f.post_rows,
        "n_timed": f.post_timed, "coverage": pc.if_else(pc.is_nan(f.post_coverage), None, f.post_coverage),
        "delay": delay, "first_hour": first_hour,
    })
