"""Does this account choose its posts with that group? Asked of each account against the group without it.

Over several ways to cut the posts into spans (`naming.Chosen`), of which the largest p counts: among posts that follow
one another, among posts of like popularity, and among posts of like appeal to the group. The last forgives a taste: a
club that comes when its topic is on comes to the posts whose words, weekday or hour say so, and any stranger with the
same taste would meet it there. A campaign's choice is not told by the posts themselves.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import pyarrow as pa
from scipy import sparse, special
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import OrthogonalMatchingPursuit, Ridge
from sklearn.model_selection import KFold

from fakedetect.relate.attendance import Attended
from fakedetect.relate.members import FIRST_LOOK, LAST_LOOK, WORTH_COUNTING
from fakedetect.relate.presence import Floats, Ints, Presence
from fakedetect.relate.spans import Choice, spans
from fakedetect.relate.tails import tail
from fakedetect.spill import side_by_side

FOLDS = 5
DEALS = FIRST_LOOK
PER_TEST = 40
"""A chance is told no smaller than one in so many for each account that is tested, twice what the smallest q of .05
takes, and in LAST_LOOK at most: the weights of the posts are themselves estimated, and far out nobody knows them."""
FEW_WORDS = 3
HOURS_TOGETHER = 4
"""Hours of the day are told apart in blocks of four."""


def smallest_choice_p(who: Attended, choice: Choice) -> Floats:
    """The smallest p that each account's numbers of posts allow: one over the ways to take them."""
    size, n = choice.size[who.span], who.n
    ways = special.gammaln(size + 1.0) - special.gammaln(n + 1.0) - special.gammaln(size - n + 1.0)
    account = np.repeat(np.arange(len(who.starts) - 1), np.diff(who.starts))
    return np.asarray(np.exp(-np.bincount(account, weights=ways, minlength=len(who.starts) - 1)))


def choosers(who: Attended, choice: Choice, accounts: Ints, core: Ints, *, seed: int, exact: bool = True,
             n_tests: int | None = None, worth: Floats | float = WORTH_COUNTING) -> tuple[Floats, Floats]:
    """P and z of each of `accounts`: posts of its own that the core takes more than expected, summed, if it had chosen
    its own anew. A screen by the normal tail first, then deals that are drawn towards it (`tails`) where it matters.
    n_tests: how many accounts are tested (None: these), which bounds how small a p is told. worth: the p (of each
    account or of all) from which on nobody could be convicted; who is beyond it in the screen is left there, at most
    WORTH_COUNTING.
    """
    least = np.minimum(np.broadcast_to(worth, len(accounts)), WORTH_COUNTING)
    smallest = 1 / (1 + min(LAST_LOOK, max(5 * FIRST_LOOK, PER_TEST * (n_tests or len(accounts)))))
    crowded = _crowded(who, choice, core)
    inside = np.isin(accounts, core)
    found, mean, variance = _screen(accounts, who.starts, who.span, who.n, who.taken, crowded, choice.present,
                                    choice.size, inside)
    told = variance > 1e-12
    z = np.where(told, (found - mean) / np.sqrt(np.where(told, variance, 1.0)), 0.0)
    p = np.where(told, special.ndtr(-z), 1.0)

    def counted(k: int) -> float:
        account = int(accounts[k])
        lo, hi = who.starts[account], who.starts[account + 1]
        span, n, taken = who.span[lo:hi], who.n[lo:hi], who.taken[lo:hi]
        pull = _drawn_to(span, n, taken, crowded, choice.present, choice.size, inside[k])[3]
        seen = tail(span, n, pull, choice.weight, choice.size, found[k], DEALS, seed * 1_000_003 + account)
        return max(float(seen), smallest)

    close = np.flatnonzero(told & (p <= least)) if exact else np.empty(0, np.int64)
    p[close] = list(side_by_side(counted, close.tolist()))
    return p, z


@dataclass(frozen=True)
class Told:
    """What posts tell of themselves. usable: their codes, those that stand in a span (n,); facts: weekday, hour and
    words of each, for either regression; None where there are too few to learn from."""

    usable: Ints
    facts: tuple[Any, Any] | None


def told_by(here: Presence, choice: Choice, published: Floats, posts: pa.Table | None) -> Told:
    """Weekday, hour and words of the posts of the spans of `choice`."""
    usable = np.flatnonzero(choice.span >= 0)
    if len(usable) < 2 * FOLDS:
        return Told(usable, None)
    when, texts = _when(published[usable]), _texts(here, usable, posts)
    grams = _beside(when, texts, TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), max_features=4000,
                                                 sublinear_tf=True))
    words = _beside(when, texts, CountVectorizer(analyzer=_words, min_df=3, max_features=2000, binary=True))
    return Told(usable, (grams, words.toarray()))


def tastes(here: Presence, who: Attended, choice: Choice, core: Ints, told: Told, popular: Floats, *,
           seed: int) -> list[Choice]:
    """Spans of posts that are alike in how far their own words, weekday and hour let one expect the core there.

    Two regressions of the core's attendance, each post predicted from the others (FOLDS folds): ridge on character
    n-grams, for a topic with many words in any script; and a few single words (orthogonal matching pursuit), for a
    hashtag. What the posts do not tell cannot be learned: the spans of a campaign are then as good as drawn by lot.
    """
    if told.facts is None:
        return []
    usable = told.usable
    crowded = _crowded(who, choice, core)
    place = np.argmax(choice.posts[choice.span[usable]] == usable[:, None], axis=1)
    target = crowded[choice.span[usable], place] / max(len(core), 1)
    models = (Ridge(alpha=1.0, solver="sparse_cg", tol=1e-8), OrthogonalMatchingPursuit(n_nonzero_coefs=FEW_WORDS))
    out = []
    for model, facts in zip(models, told.facts, strict=True):
        expected = np.full(len(here.post_names), np.nan)
        for learn, guess in KFold(FOLDS, shuffle=True, random_state=seed % 2**32).split(usable):
            with warnings.catch_warnings():
                # Where words always stand together, fewer than FEW_WORDS say all there is to say.
                warnings.filterwarnings("ignore", "Orthogonal matching pursuit ended prematurely", RuntimeWarning)
                expected[usable[guess]] = model.fit(facts[learn], target[learn]).predict(facts[guess])
        # Held to few digits: the last ones depend on the machine, and must not decide in which span a post falls.
        out.append(spans(here, np.round(expected, 6), popular))
    return out


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _when(published: Floats) -> Floats:
    """Weekday and hour of publishing (UTC), one column each."""
    day = np.floor(published / 86400).astype(np.int64)
    block = (published % 86400 // (3600 * HOURS_TOGETHER)).astype(np.int64)
    return np.hstack([np.eye(7)[day % 7], np.eye(24 // HOURS_TOGETHER)[block]])


def _texts(here: Presence, usable: Ints, posts: pa.Table | None) -> list[str]:
    if posts is None or "post_text" not in posts.column_names:
        return [""] * len(usable)
    keys = zip(posts["page_id"].to_pylist(), posts["post_id"].to_pylist(), strict=True)
    said = {(page or "", post): text for (page, post), text in zip(keys, posts["post_text"].to_pylist(), strict=True)}
    return [said.get(here.post_names[k]) or "" for k in usable.tolist()]


def _beside(when: Floats, texts: list[str], told: CountVectorizer) -> sparse.csr_matrix:
    """The columns of `when`, and those of the texts where they have any."""
    try:
        return sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(when), told.fit_transform(texts)]))
    except ValueError:  # no words at all, or none that two posts share
        return sparse.csr_matrix(when)


def _crowded(who: Attended, choice: Choice, core: Ints) -> Floats:
    """How many more of the core than expected took each post: (n_spans, SPAN)."""
    out = np.zeros(choice.posts.shape)
    for account in core.tolist():
        for r in range(who.starts[account], who.starts[account + 1]):
            s = who.span[r]
            out[s] += who.taken[r] - choice.present[s, who.n[r]]
    return out


@numba.njit(cache=True, nogil=True)
def _drawn_to(span, n, taken, crowded, present, size, inside):  # type: ignore[no-untyped-def]
    """The account's sum over its posts of how crowded they are, its mean and variance over deals, and the crowdedness
    of each place without the account itself."""
    found = mean = variance = 0.0
    pull = np.zeros((len(span), crowded.shape[1]))
    for r in range(len(span)):
        s = span[r]
        m = size[s]
        centre = weight = 0.0
        for j in range(m):
            p = present[s, n[r], j]
            pull[r, j] = crowded[s, j] - (taken[r, j] - p if inside else 0.0)
            centre += p * (1 - p) * pull[r, j]
            weight += p * (1 - p)
        if weight > 0:
            centre /= weight
        for j in range(m):
            p = present[s, n[r], j]
            found += taken[r, j] * pull[r, j]
            mean += p * pull[r, j]
            if m > 1:
                variance += p * (1 - p) * (pull[r, j] - centre) ** 2 * m / (m - 1.0)
    return found, mean, variance, pull


@numba.njit(cache=True, nogil=True)
def _screen(accounts, starts, span, n, taken, crowded, present, size, inside):  # type: ignore[no-untyped-def]
    """What `_drawn_to` finds of each account: (found, mean, variance)."""
    out = np.zeros((3, len(accounts)))
    for k in range(len(accounts)):
        lo, hi = starts[accounts[k]], starts[accounts[k] + 1]
        found, mean, variance, _ = _drawn_to(span[lo:hi], n[lo:hi], taken[lo:hi], crowded, present, size, inside[k])
        out[0, k], out[1, k], out[2, k] = found, mean, variance
    return out[0], out[1], out[2]
