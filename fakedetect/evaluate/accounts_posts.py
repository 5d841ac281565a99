"""What an account's posts and profile tell in any language. No function here takes a label.

No column knows a word, a letter or a script: writing every letter as another of the same case changes none
(tests/test_accounts_corpora.py). What compares an account with others sees its own set whole, without labels.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from fakedetect import textfacts
from fakedetect.evaluate import accounts_clock
from fakedetect.evaluate.corpora_features import Columns, Floats, Ints

_COUNTED = ("n_chars", "n_words", "n_emoji", "n_urls", "n_mentions", "n_hashtags", "n_exclaims", "longest_run",
            "upper_share", "digit_share", "punct_share")
_SIGNS = {"question": "?", "line": "\n", "comma": ",", "stop": ".", "dots": "...", "ellipsis": "…", "quote": '"',
          "colon": ":", "straight": "'", "curly": "’", "ampersand": "&amp;"}


@dataclass(frozen=True)
class Feeds:
    """Accounts of several sets with their posts, without labels.

    group (n,): the set; person (n,); username, name, description, location: n texts, null where none; given: columns
    that the publisher counted. owner (m,): the account of each post, rising; time (m,): epoch seconds, rising within
    an account; text: m posts. Every account has a post.
    """

    group: Ints
    person: Ints
    username: tuple[str | None, ...]
    name: tuple[str | None, ...]
    description: tuple[str | None, ...]
    location: tuple[str | None, ...]
    given: Columns
    owner: Ints
    time: Ints
    text: tuple[str, ...]


def families(feeds: Feeds) -> dict[str, Columns]:
    """All columns by where they come from, each (n,)."""
    clock = accounts_clock.table(np.split(feeds.time, np.flatnonzero(np.diff(feeds.owner)) + 1))
    # A window of two days has no weeks, and hardly a day.
    for name in ("phase_week", "phase_day", "spike_day", "days_used_share", "gap_from_172800_s_share"):
        clock.pop(name)
    return {"given": feeds.given, "times": clock, "posts": {**written(feeds), **repeated(feeds)},
            "profile": profile(feeds)}


def simple(feeds: Feeds) -> Columns:
    """Simple counts, for the quick forest: the baseline. Unlike `table` it knows the hours."""
    facts, owner = _facts(feeds.text), feeds.owner
    out = dict(feeds.given)
    for name in ("n_chars", "n_words", "n_urls", "n_mentions", "n_hashtags", "n_emoji", "n_exclaims"):
        out[f"{name}_mean"] = _mean(facts[name], owner)
        out[f"{name}_std"] = _spread(facts[name], owner)
    cut = np.flatnonzero(np.diff(owner)) + 1
    times = np.split(feeds.time, cut)
    gaps = [np.diff(t) for t in times]
    for kind, of in (("mean", np.mean), ("std", np.std), ("median", np.median), ("least", np.min), ("most", np.max)):
        out[f"gap_{kind}_s"] = np.array([float(of(g)) if len(g) else -1.0 for g in gaps])
    out["hours"] = np.array([float(len(np.unique(t // 3600 % 24))) for t in times])
    for hour in range(24):
        out[f"hour_{hour}_share"] = np.array([float((t // 3600 % 24 == hour).mean()) for t in times])
    own = np.split(np.array(feeds.text, object), cut)
    out["distinct_share"] = np.array([len(set(t)) / len(t) for t in own])
    for name, texts in (("username", feeds.username), ("name", feeds.name), ("description", feeds.description)):
        out[f"{name}_chars"] = np.array([float(len(t or "")) for t in texts])
    out["located"] = np.array([float(t is not None) for t in feeds.location])
    return out


def written(feeds: Feeds) -> Columns:
    """How long posts are, what they hold, and how alike they are in that."""
    facts, owner = _facts(feeds.text), feeds.owner
    n_chars = facts["n_chars"]
    out = {}
    for name, each in facts.items():
        out[f"{name}_mean"] = _mean(each, owner)
        out[f"{name}_std"] = _spread(each, owner)
    for name in ("n_emoji", "n_urls", "n_mentions", "n_hashtags", "n_exclaims"):
        out[f"{name}_share"] = _mean((facts[name] > 0).astype(float), owner)
    out["n_chars_least"] = _by(np.minimum, n_chars, owner)
    out["n_chars_most"] = _by(np.maximum, n_chars, owner)
    for name, sign in _SIGNS.items():
        out[f"{name}_share"] = _mean(np.array([float(sign in t) for t in feeds.text]), owner)
    straight, curly = out["straight_share"], out.pop("curly_share")
    # How often apostrophes come depends on the language; which of the two is typed, on the keyboard.
    both = straight + curly
    out["straight_share"] = np.divide(straight, both, out=np.full(len(both), np.nan), where=both > 0)
    ends = [t.rstrip()[-1:] for t in feeds.text]
    out["ends_stop_share"] = _mean(np.array([float(e in {".", "!", "?"}) for e in ends]), owner)
    out["ends_tag_share"] = _mean(np.array([float((t.split() or [""])[-1].startswith("#")) for t in feeds.text]), owner)
    out["ends_link_share"] = _mean(np.array([float((t.split() or [""])[-1].startswith("http")) for t in feeds.text]),
                                   owner)
    out["lower_start_share"] = _mean(np.array([float(t[:1].islower()) for t in feeds.text]), owner)
    out["answers_share"] = _mean(np.array([float(t.startswith("@")) for t in feeds.text]), owner)
    out["spaced_share"] = _mean(np.array([float(t != t.strip() or "  " in t) for t in feeds.text]), owner)
    return out


def repeated(feeds: Feeds) -> Columns:
    """Texts and parts of texts that come again: in the account's own posts, in those of others of its set."""
    words = [[w for w in _plain(t).split() if not w.startswith(("http", "@"))] for t in feeds.text]
    whole = [" ".join(w) for w in words]
    grams = [{" ".join(w[i:i + 3]) for i in range(len(w) - 2)} for w in words]
    opening = [" ".join(w[:2]) for w in words]
    spans = np.searchsorted(feeds.owner, np.arange(len(feeds.group) + 1))
    rows = []
    # How many accounts of the set wrote this, one person counted once.
    wrote: Counter[tuple[int, str]] = Counter()
    wrote_gram: Counter[tuple[int, str]] = Counter()
    seen: set[tuple[int, int, str]] = set()
    for post, at in enumerate(feeds.owner.tolist()):
        group, person = int(feeds.group[at]), int(feeds.person[at])
        for what, counter in ((whole[post: post + 1], wrote), (grams[post], wrote_gram)):
            for each in what:
                if (group, person, each) not in seen:
                    seen.add((group, person, each))
                    counter[group, each] += 1
    for at, group in enumerate(feeds.group.tolist()):
        posts = range(spans[at], spans[at + 1])
        mine = [whole[p] for p in posts if whole[p]]
        own = Counter(g for p in posts for g in grams[p])
        tokens = [w for p in posts for w in words[p]]
        n_grams = max(sum(own.values()), 1)
        alike = _alike([grams[p] for p in posts])
        n_same = Counter(tokens)
        pairs = max(len(tokens) * (len(tokens) - 1), 1)
        rows.append({
            "same_text_share": 1 - len(set(mine)) / max(len(mine), 1),
            "near_text_mean": alike[0], "near_text_share": alike[1],
            "same_phrase_share": 1 - len(own) / n_grams,
            "same_opening_share": 1 - len({opening[p] for p in posts}) / len(posts),
            "shared_text_share": sum(wrote[group, t] > 1 for t in mine) / max(len(mine), 1),
            "shared_phrase_share": sum(n for g, n in own.items() if wrote_gram[group, g] > 1) / n_grams,
            # Simpson's index: unlike the share of distinct words it does not fall with length.
            "same_word_share": sum(n * (n - 1) for n in n_same.values()) / pairs,
        })
    out = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    tags = [[w for w in t.split() if w.startswith("#")] for t in feeds.text]
    out["tags_distinct_share"] = np.array([
        len({g for p in range(a, b) for g in tags[p]}) / max(sum(len(tags[p]) for p in range(a, b)), 1)
        for a, b in pairwise(spans)])
    return out


def _alike(grams: list[set[str]]) -> tuple[float, float]:
    """Of posts with phrases: mean likeness (Jaccard) to the nearest other one, and the share above one half."""
    some = [g for g in grams if g]
    if len(some) < 2:
        return np.nan, np.nan
    best = np.array([max(len(a & b) / len(a | b) for j, b in enumerate(some) if i != j) for i, a in enumerate(some)])
    return float(best.mean()), float((best > 0.5).mean())


def profile(feeds: Feeds) -> Columns:
    """What the profile holds, by length and kind of sign."""
    out: Columns = {}
    for name, texts in (("username", feeds.username), ("name", feeds.name), ("description", feeds.description)):
        facts = _facts(tuple(t or "" for t in texts))
        out[f"{name}_chars"] = facts["n_chars"]
        for each in ("upper_share", "digit_share", "punct_share", "n_emoji"):
            out[f"{name}_{each}"] = facts[each]
    for each in ("n_urls", "n_mentions", "n_hashtags"):
        out[f"description_{each}"] = facts[each]
    out["description_lines"] = np.array([float((t or "").count("\n")) for t in feeds.description])
    out["located"] = np.array([float(t is not None) for t in feeds.location])
    out["location_chars"] = np.array([float(len(t or "")) for t in feeds.location])
    return out


def _plain(text: str) -> str:
    """Case folded, signs dropped, links, names and tags kept as words of their own."""
    return "".join(c if c in "#@/:." or unicodedata.category(c)[0] in "LNMZ" else " " for c in text.casefold())


def _facts(texts: tuple[str, ...]) -> Columns:
    found = textfacts.facts(pa.array(texts, pa.string()))
    return {name: np.asarray(found[name].cast(pa.float64()).to_numpy(zero_copy_only=False), float)
            for name in _COUNTED}


def _mean(values: Floats, owner: Ints) -> Floats:
    known = ~np.isnan(values)
    n = np.bincount(owner, weights=known)
    total = np.bincount(owner, weights=np.where(known, values, 0.0))
    return np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)


def _spread(values: Floats, owner: Ints) -> Floats:
    return np.sqrt(np.maximum(_mean(values ** 2, owner) - _mean(values, owner) ** 2, 0))


def _by(least: np.ufunc, values: Floats, owner: Ints) -> Floats:
    return np.asarray(least.reduceat(values, np.flatnonzero(np.diff(owner, prepend=-1))), float)


def ranked(columns: Columns, group: Ints) -> Columns:
    """Each column as its rank among the accounts of the same set, 0 to 1, ties in the middle; nan stays nan.

    Two languages then lie on one scale, whatever the usual length of a post is in each.
    """
    out = {}
    for name, column in columns.items():
        rank = np.full(len(column), np.nan)
        for each in np.unique(group):
            at = np.flatnonzero((group == each) & ~np.isnan(column))
            order = np.sort(column[at])
            rank[at] = (np.searchsorted(order, column[at], "left") + np.searchsorted(order, column[at], "right")) \
                / (2 * max(len(at), 1))
        out[name] = rank
    return out
