"""Comments under videos that others labelled as spam: what each holds, and models within and across videos.

No column takes a label, but the two of an author, which count labels of the training part alone. When a comment came
and where it stands in the file are only controls: at some videos spam was collected at another time than the rest.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse
from sklearn.model_selection import GroupKFold

from fakedetect import textfacts
from fakedetect.evaluate.accounts_scores import Model, blend, filled, forest, linear, simple, single, tree
from fakedetect.evaluate.corpora_features import Columns, Ints
from fakedetect.evaluate.corpora_hotels import steady
from fakedetect.evaluate.corpora_scores import FOLDS, INNER_SEED, Flags, Floats, Found, Rows
from fakedetect.model import text

PLAIN = "plain text, its own video"
CONTROLS = ("majority", "best single feature", "tree of depth 2", "tree of depth 3", "time alone",
            "place in the file alone", "number in an id alone")
LETTERS = text.TextSpec(words=(0, 0), chars=(2, 5), across=True)
WORDS = text.TextSpec(chars=(0, 0))
PLAIN_C, C = 10.0, 30.0
TRAIN_SHARE = 0.7
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|tv|be|co|me|ly|info|ru|us|uk)\b\S*", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:my|me|i|we|our|us|mine)\b")
_SECOND = re.compile(r"\b(?:you|your|u|guys|please|plz|pls)\b")


@dataclass(frozen=True)
class Comments:
    """Comments without labels, all of length n. video, author: 0, 1, ...; host: the id of the video, as in links;
    time: epoch seconds; id: the comment's."""

    content: tuple[str, ...]
    video: Ints
    host: tuple[str, ...]
    author: Ints
    name: tuple[str, ...]
    time: Floats
    id: tuple[str, ...]


@dataclass(frozen=True)
class Prepared:
    """What the models read. counted: by recipe, (counts, spec); likeness (n, n): cosines of letters 2-5; key: the same
    for texts that are the same but for case, signs and spaces."""

    counted: Mapping[str, tuple[sparse.csr_matrix, text.TextSpec]]
    likeness: NDArray[np.float32]
    own: Columns
    names: Columns
    controls: Mapping[str, Columns]
    author: Ints
    video: Ints
    key: Ints


def prepared(comments: Comments) -> Prepared:
    """Columns and counts of all comments; the idf of the likeness is of them all, unlabelled."""
    plain = [c.lower() for c in comments.content]
    cleaned = [clean(c) for c in comments.content]
    marked = [_LINK.sub(lambda m: " urlx " + m.group(0), c).lower() for c in cleaned]
    folded = [_folded(c, host) for c, host in zip(cleaned, comments.host, strict=True)]
    texts = {"plain": (plain, LETTERS), "letters": (marked, LETTERS), "words": (marked, WORDS),
             "any": (marked, text.ANY), "folded": (folded, text.ANY)}
    counted = {name: (text.counts(t, spec), spec) for name, (t, spec) in texts.items()}
    x = counted["letters"][0]
    unit = text.weighed(x, np.log((1 + x.shape[0]) / (1 + np.bincount(x.indices, minlength=x.shape[1]))) + 1, LETTERS)
    same = ["".join(ch for ch in c.casefold() if ch.isalnum()) for c in cleaned]
    return Prepared(counted, (unit @ unit.T).toarray().astype(np.float32), own(cleaned, comments.content),
                    shapes(comments.name), controls(comments), comments.author, comments.video,
                    np.unique(same, return_inverse=True)[1])


def clean(content: str) -> str:
    """Without tags, escapes and byte-order marks, which only say how and when the comment was collected."""
    return re.sub(r"<[^>]+>", " ", html.unescape(content).replace("\ufeff", "").strip())


def _folded(cleaned: str, host: str) -> str:
    """Compatible forms made one, numbers made zeros; a link to the video itself is no link elsewhere."""
    once = re.sub(r"\S*" + re.escape(host) + r"\S*", " ownlinkx ", unicodedata.normalize("NFKC", cleaned))
    linked = _LINK.sub(lambda m: " urlx " + m.group(0), once)
    return re.sub(r"\d+", lambda m: "0" * min(len(m.group(0)), 4), linked).lower()


def own(cleaned: list[str], content: tuple[str, ...]) -> Columns:
    """What one comment holds beside its words."""
    facts = textfacts.facts(pa.array(cleaned, pa.string()))
    out = {}
    for name in ("n_chars", "n_words", "n_emoji", "n_urls", "n_mentions", "n_hashtags", "n_exclaims", "longest_run",
                 "upper_share", "digit_share", "punct_share"):
        column = np.asarray(facts[name].cast(pa.float64()).to_numpy(zero_copy_only=False), float)
        out[name] = column if name.endswith("_share") else np.log1p(column)
    words = [c.lower().split() for c in cleaned]
    out["link"] = np.array([float(bool(_LINK.search(c))) for c in cleaned])
    out["tag"] = np.array([float("<" in c) for c in content])
    out["lines"] = np.log1p([float(c.count("\n")) for c in cleaned])
    for name, marks in (("first_person", _FIRST), ("second_person", _SECOND)):
        out[name] = np.array([len(marks.findall(c.lower())) / (len(w) + 3)
                              for c, w in zip(cleaned, words, strict=True)])
    out["distinct_share"] = np.array([len(set(w)) / max(len(w), 1) for w in words])
    return out


def shapes(names: tuple[str, ...]) -> Columns:
    """The shape of a name: its length, capitals, digits and spaces."""
    return {"name_chars": np.array([float(len(n)) for n in names]),
            "name_capitals": np.array([float(sum(c.isupper() for c in n)) for n in names]),
            "name_digits": np.array([float(sum(c.isdigit() for c in n)) for n in names]),
            "name_spaces": np.array([float(n.count(" ")) for n in names])}


def controls(comments: Comments) -> dict[str, Columns]:
    """By control, what it alone is given: the moment, the place in the file, the form of the id."""
    place = np.zeros(len(comments.video))
    for v in np.unique(comments.video):
        at = np.flatnonzero(comments.video == v)
        place[at] = np.arange(len(at)) / len(at)
    day = comments.time % 86400
    return {"time alone": {"time_s": comments.time, "second_of_day": day, "weekday": comments.time // 86400 % 7},
            "place in the file alone": {"place": place},
            "number in an id alone": {"id_chars": np.array([float(len(i)) for i in comments.id]),
                                      "id_begins": np.array([float(ord(i[0])) for i in comments.id])}}


def first_parts(suspect: Flags, video: Ints) -> Flags:
    """The authors' split: per video, the first 70 % of each class in file order train."""
    out = np.zeros(len(suspect), bool)
    for v in np.unique(video):
        for side in (suspect, ~suspect):
            rows = np.flatnonzero((video == v) & side)
            out[rows[:int(TRAIN_SHARE * len(rows) + 1e-9)]] = True
    return out


def within(p: Prepared, y: Flags) -> Found:
    """Scores by model under the authors' split; nan where a comment trains."""
    found = Found()
    early = first_parts(y, p.video)
    side = _models(p, y)
    for v in np.unique(p.video):
        test = np.flatnonzero(~early & (p.video == v))
        mine, everyone = np.flatnonzero(early & (p.video == v)), np.flatnonzero(early)
        for name, model in side.items():
            if name in CONTROLS:  # the moment and the place say something of their own video only
                found.put(name, test, model(mine, test), len(y))
            else:
                found.put(f"{name}, its own video", test, model(mine, test), len(y))
                found.put(f"{name}, all videos", test, model(everyone, test), len(y))
    return found


def across(p: Prepared, y: Flags) -> Found:
    """Scores by model, each video measured by what the others teach."""
    found = Found()
    for v in np.unique(p.video):
        train, test = np.flatnonzero(p.video != v), np.flatnonzero(p.video == v)
        for name, model in _models(p, y).items():
            found.put(name, test, model(train, test), len(y))
    return found


def _models(p: Prepared, y: Flags) -> dict[str, Model]:
    columns = {**p.own, **p.names}

    def alone(recipe: str, c: float) -> Model:
        x, spec = p.counted[recipe]
        return lambda train, test: text.fit(x[train], y[train], spec, c=c).score_counts(x[test])

    return {
        "plain text": alone("plain", PLAIN_C),
        **simple(columns, y),
        **{name: single(of, y) if len(of) == 1 else tree(of, y, 3) for name, of in p.controls.items()},
        "cleaned text": alone("letters", C),
        "stacked": stacked(p, y, authors=False),
        "stacked, with its author": stacked(p, y, authors=True),
        "steady words, taught by its own verdicts": lambda train, test: taught(p, y, train, test),
    }


def taught(p: Prepared, y: Flags, train: Rows, test: Rows, rounds: int = 2) -> Floats:
    """Words that the measured comments use as often as the training ones weigh most; then the surest verdicts on the
    measured ones train along (their labels unread), twice."""
    x, spec = p.counted["folded"]
    scale = steady(x, train, test)
    score = text.fit(x[train], y[train], spec, c=C, scale=scale).score_counts(x[test])
    for _ in range(rounds):
        if (score > 0).all() or (score <= 0).all():
            return score
        up = score >= np.quantile(score[score > 0], 0.4)
        down = score <= np.quantile(score[score <= 0], 0.6)
        rows = np.concatenate([train, test[up], test[down]])
        said = np.concatenate([y[train], np.ones(up.sum(), bool), np.zeros(down.sum(), bool)])
        score = text.fit(x[rows], said, spec, c=C, scale=scale).score_counts(x[test])
    return score


def stacked(p: Prepared, y: Flags, *, authors: bool) -> Model:
    """Text scores, likeness to the nearest comments of both kinds, and columns, joined by a line and a forest. What the
    join learns from was scored out of inner folds: whole videos, or whole texts where there is one video."""
    beside = filled({**p.own, **p.names} if authors else p.own, 0.0)

    def model(train: Rows, test: Rows) -> Floats:
        n = len(y)
        x: Floats = np.zeros((n, 0))
        several = len(np.unique(p.video[train])) > 1
        groups = p.video[train] if several else p.key[train]
        cuts = GroupKFold(len(np.unique(groups)) if several else FOLDS, shuffle=True, random_state=INNER_SEED)
        for a, b in [*((train[a], train[b]) for a, b in cuts.split(train, groups=groups)), (train, test)]:
            part = _texts(p, y, a, b)
            if authors:
                part = np.hstack([part, _author(p.author, y, a, b)])
            x = x if x.shape[1] else np.full((n, part.shape[1]), np.nan)
            x[b] = part
        x = np.hstack([x, beside])
        scale = x[train].std(axis=0)
        x = (x - x[train].mean(axis=0)) / np.where(scale > 0, scale, 1)
        each = np.arange(n)
        return blend([linear(x, y, each, 0.1), forest(x, y, each, extra=True, least=3, features=0.4)])(train, test)

    return model


def _texts(p: Prepared, y: Flags, train: Rows, test: Rows) -> Floats:
    """(len(test), 7): three text scores; how near the nearest spam of `train` is, and the nearest other."""
    out = [text.fit(x[train], y[train], spec, c=C).score_counts(x[test])
           for x, spec in (p.counted[name] for name in ("letters", "words", "any"))]
    near = p.likeness[np.ix_(test, train)]
    spam, other = (np.sort(near[:, side], axis=1)[:, -3:] for side in (y[train], ~y[train]))
    return np.column_stack([*out, spam[:, -1] - other[:, -1], spam.mean(axis=1) - other.mean(axis=1), spam[:, -1],
                            other[:, -1]])


def _author(author: Ints, y: Flags, train: Rows, test: Rows) -> Floats:
    """(len(test), 2): comments of the author in `train`, and their share of spam, drawn to one half."""
    n = np.bincount(author[train], minlength=int(author.max()) + 1)[author[test]]
    bad = np.bincount(author[train], weights=y[train], minlength=int(author.max()) + 1)[author[test]]
    return np.column_stack([n, (bad + 0.5) / (n + 1)])
