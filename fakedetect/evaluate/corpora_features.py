"""What a review says beyond its words, for the labelled review corpora. No function here takes a label.

Everything that compares a review with others (of its item, of the whole corpus) sees all reviews of the corpus, those
of the measured fold too, but never what they are labelled: the measurement is transductive, as an audit of a whole
dump is. Columns stand in four families, so that each can be left out: what the review itself holds, what its item's
other reviews hold, how its text stands to other texts, and counts and dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold

from fakedetect import textfacts
from fakedetect.model import text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = dict[str, Floats]

NEIGHBOURS = 10
STAR_SEED = 7
_BLOCK = 1000
"""Texts compared with all others at a time: bounds the memory."""

_MARKS = {
    "questions": r"[?？]",
    "brackets": r"[()（）\"“”]",
    "first_person": r"\b(?:i|me|my|mine|we|us|our)\b|我",
    "past": r"\b(?:was|were|had|did|went|came|got)\b|[了过]",
    "places": r"\b(?:in|on|at|near|around|between|behind|upstairs|inside|outside|corner|street|block|floor)\b"
              r"|[在里]|附近",
    "superlatives": r"\b(?:best|great|amazing|awesome|excellent|love|perfect|worst|terrible|horrible|awful|never"
                    r"|always|ever|most|very|really)\b|[很太最]|非常",
    "turns": r"\b(?:but|however|although|though|except)\b|但|不过|就是",
    "money": r"[$€£￥]|元|\bprices?\b|价格",
    "capital_words": r"\b[A-Z]{2,}\b",
}
"""Per character of text, English and Chinese. What a sign of specificity is: Ott et al. 2011 (places, first person,
superlatives), Newman et al. 2003 (turns such as but and except)."""


@dataclass(frozen=True)
class Reviews:
    """Reviews of one corpus without their labels; all of length n.

    item: what a review is compared within and folds are cut by (product, ip, hotel); user: who wrote it; day: days
    since some first day, or None; stars: nan where the corpus gives none (then so for all).
    """

    texts: tuple[str, ...]
    stars: Floats
    item: Ints
    user: Ints
    day: Ints | None


def own(reviews: Reviews) -> Columns:
    """What one review holds, whoever wrote it and whatever it is about."""
    facts = textfacts.facts(pa.array(reviews.texts, pa.string()))
    n_chars = np.array([len(t) for t in reviews.texts], float)
    out = {name: _numbers(facts[name]) for name in ("upper_share", "digit_share", "punct_share", "longest_run")}
    out["chars_log"] = np.log1p(n_chars)
    out["exclaims"] = np.sqrt(_numbers(facts["n_exclaims"]) / (n_chars + 1))
    for name, pattern in _MARKS.items():
        flags = 0 if name == "capital_words" else re.IGNORECASE
        found = re.compile(pattern, flags)
        hits = np.array([sum(1 for _ in found.finditer(t)) for t in reviews.texts], float)
        out[name] = np.sqrt(hits / (n_chars + 1))
    words = [re.findall(r"\w+", t.lower()) for t in reviews.texts]
    out["distinct_word_share"] = np.array([len(set(w)) / max(len(w), 1) for w in words])
    out["distinct_char_share"] = np.array([len(set(t)) / max(len(t), 1) for t in reviews.texts])
    out["word_length"] = np.array([sum(map(len, w)) / max(len(w), 1) for w in words])
    if not np.isnan(reviews.stars).any():
        out["stars"] = reviews.stars
        out["extremity"] = np.abs(reviews.stars - 3.5)
    return out


def _numbers(column: pa.Array) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), float)


def others(values: Floats, keys: Ints) -> Floats:
    """Mean of the other rows with the same key; nan where there is none. nan values count for nobody."""
    known = ~np.isnan(values)
    n = np.bincount(keys[known], minlength=keys.max() + 1)[keys] - known
    total = np.bincount(keys[known], weights=values[known], minlength=keys.max() + 1)[keys]
    rest = total - np.where(known, values, 0.0)
    return np.divide(rest, n, out=np.full(len(values), np.nan), where=n > 0)


def of_item(reviews: Reviews) -> Columns:
    """How the item's other reviews are, and how far this one is from them. How many they are stays out of it, but
    where there is none all is nan, and that shows."""
    stars, item = reviews.stars, reviews.item
    out = {
        "item_stars": others(stars, item),
        "item_extremity": others(np.abs(stars - 3.5), item),
        "item_five_share": others((stars == 5).astype(float), item),
        "item_one_share": others((stars == 1).astype(float), item),
        "item_chars_log": others(np.log1p([len(t) for t in reviews.texts]), item),
    }
    out["stars_from_item"] = stars - out["item_stars"]
    if reviews.day is not None:
        out["stars_from_then"] = stars - _then(stars, item, reviews.day)
    return out


def _then(stars: Floats, item: Ints, day: Ints, reach: int = 3) -> Floats:
    """Mean stars of the item's reviews up to `reach` places before and after in time; nan where there is none."""
    order = np.lexsort((np.arange(len(day)), day, item))
    total, n = np.zeros(len(day)), np.zeros(len(day))
    for step in range(1, reach + 1):
        a, b = order[:-step], order[step:]
        same = item[a] == item[b]
        a, b = a[same], b[same]
        for here, there in ((a, b), (b, a)):
            total[here] += stars[there]
            n[here] += 1
    return np.divide(total, n, out=np.full(len(day), np.nan), where=n > 0)


def around_texts(counted: sparse.csr_matrix, spec: text.TextSpec,
                 item: Ints) -> tuple[sparse.csr_matrix, Ints, Floats]:
    """Rows of unit length (idf over the whole corpus), and `nearest` of them."""
    n = counted.shape[0]
    df = np.bincount(counted.indices, minlength=counted.shape[1])
    x = text.weighed(counted, np.log((1 + n) / (1 + df)) + 1, spec)
    return x, *nearest(x, item)


def nearest(x: sparse.csr_matrix, item: Ints, k: int = NEIGHBOURS) -> tuple[Ints, Floats]:
    """The k most similar rows of other items, (n, k), and their cosines. x: rows of equal length, n > k."""
    n = x.shape[0]
    where, cosine = np.zeros((n, k), np.int64), np.zeros((n, k))
    turned = x.T.tocsr()
    for start in range(0, n, _BLOCK):
        block = (x[start:start + _BLOCK] @ turned).toarray()
        block[item[start:start + _BLOCK, None] == item[None, :]] = -1.0
        where[start:start + _BLOCK] = np.argpartition(-np.round(block, 9), k, axis=1)[:, :k]
        cosine[start:start + _BLOCK] = np.take_along_axis(block, where[start:start + _BLOCK], 1)
    return where, cosine


def of_texts(reviews: Reviews, x: sparse.csr_matrix, cosine: Floats) -> Columns:
    """How the text stands to others: phrases reused in other items, likeness to its own item, and the stars that
    its words promise (a regression on the stars of other items) against those it gives. x: rows of unit length.
    """
    item = reviews.item
    sums = sparse.csr_matrix((np.ones(len(item)), (item, np.arange(len(item)))), (item.max() + 1, len(item))) @ x
    n = np.bincount(item)[item]
    with_all = np.asarray(x.multiply(sums[item]).sum(axis=1)).ravel()
    itself = np.asarray(x.multiply(x).sum(axis=1)).ravel()
    rest = n - 1
    out = {
        "reused_most": cosine.max(axis=1), "reused_mean": cosine.mean(axis=1),
        "like_all": np.asarray(x @ np.asarray(x.mean(axis=0)).ravel()).ravel(),
        "like_item": np.divide(with_all - itself, rest, out=np.full(len(item), np.nan), where=rest > 0),
    }
    if not np.isnan(reviews.stars).any():
        promised = np.zeros(len(item))
        for train, test in GroupKFold(5, shuffle=True, random_state=STAR_SEED).split(item, groups=item):
            model = Ridge(alpha=2.0, solver="sparse_cg", tol=1e-6).fit(x[train], reviews.stars[train])
            promised[test] = model.predict(x[test])
        out |= {"stars_promised": promised, "stars_from_text": reviews.stars - promised}
    return out


def counts_and_dates(reviews: Reviews) -> Columns:
    """How many and when: what a corpus that was rebalanced by label gives away."""
    item, user, day = reviews.item, reviews.user, reviews.day
    out = {"n_of_item": np.bincount(item)[item].astype(float), "n_of_user": np.bincount(user)[user].astype(float)}
    pair = np.unique(np.stack([item, user]), axis=1)
    out["n_users_of_item"] = np.bincount(pair[0], minlength=item.max() + 1)[item].astype(float)
    if day is None:
        return out
    span = int(day.max()) + 1
    for name, each in (("n_same_day", day), ("n_same_week", day // 7)):
        _, where, n = np.unique(item * span + each, return_inverse=True, return_counts=True)
        out[name] = n[where].astype(float)
    order = np.lexsort((np.arange(len(day)), day, item))
    gap = np.full(len(day), float(span))
    a, b = order[:-1], order[1:]
    same = item[a] == item[b]
    a, b = a[same], b[same]
    apart = (day[b] - day[a]).astype(float)
    gap[a] = apart
    gap[b] = np.minimum(gap[b], apart)
    first = np.full(item.max() + 1, span)
    np.minimum.at(first, item, day)
    lonely = (out["n_of_user"] == 1) & (out["n_same_week"] >= 3)
    return out | {"gap_days": gap, "item_age_days": (day - first[item]).astype(float), "day": day.astype(float),
                  "weekday": (day % 7).astype(float), "single_in_burst": lonely.astype(float)}
