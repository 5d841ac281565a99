"""Accounts that write each other's sentences: groups by phrases reused from post to post.

What is counted is whole comments of MIN_WORDS words or more, alike but for a word or two (`repeats`), and each phrase
of an account once, so that nobody's habit is evidence. Left out: phrases that mostly stand on one post, because that
post asked for them (a contest, a joke, an answer to its question), and phrases that many write. Words can be copied
for fun, from a song or from each other; so this evidence alone makes a case for a person to look at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse, special

from fakedetect.fdr import q_values
from fakedetect.relate.presence import Floats, Ints
from fakedetect.relate.repeats import same_phrase

MIN_WORDS, MIN_CHARS = 5, 15
ONE_POST = 0.5
"""A phrase with a larger share of its accounts on one post belongs to the post."""
COMMON, COMMON_SHARE = 30, 0.01
"""A phrase that more accounts than this write, and a larger share of all that write so long, is the language's."""
MIN_SHARED = 2
"""Two accounts are looked at together when they share two phrases."""
MIN_ACCOUNTS = 3
MOSTLY = 0.3
"""Who shares a smaller part of its phrases with the group has words of its own."""
N_SHOWN = 5


@dataclass(frozen=True)
class Phrased:
    """One group. strength: nats; chance makes one as strong with probability exp(-strength) at most. members: author
    ids, sorted; p: that an account with as many phrases writes as many of the others' (n,); q among all that write so
    long. shared: pairs (a, b, common phrases, p). texts: what most of them write, verbatim; posts: where."""

    strength: float
    members: tuple[str, ...]
    p: Floats
    q: Floats
    pairs: tuple[tuple[str, str, int, float], ...]
    texts: tuple[str, ...]
    posts: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class _Written:
    """authors: sorted. own: phrases of each account, accounts x phrases, 0 or 1; telling: which phrases (n_phrases,)
    may speak for a group. rows: author, phrase and row in `comments` of each text."""

    authors: list[str]
    own: sparse.csr_matrix
    telling: np.ndarray
    author: Ints
    phrase: Ints
    row: Ints


def phrased(comments: pa.Table, declared: set[str]) -> list[Phrased]:
    """Groups by phrases, strongest first; those of strength 0 or less are left out. Draws nothing; does not depend on
    the order of rows. Near-linear but for phrases that several write, of which each pair of writers is looked at."""
    written = _written(comments, declared)
    if written is None:
        return []
    shared = written.own[:, np.flatnonzero(written.telling)]
    common = (shared @ shared.T).tocoo()
    linked = (common.row < common.col) & (common.data >= MIN_SHARED)
    edges = sparse.coo_matrix((np.ones(int(linked.sum())), (common.row[linked], common.col[linked])), common.shape)
    out = []
    for members in _components(edges, np.flatnonzero(np.bincount(
            np.r_[common.row[linked], common.col[linked]], minlength=shared.shape[0]))):
        kept = _kept(shared, written.own, members)
        # Who leaves may have been what held the others together.
        for group in _components(edges, kept) if len(kept) < len(members) else [kept]:
            found = _group(comments, written, group)
            if found is not None:
                out.append(found)
    return sorted(out, key=lambda g: (-g.strength, g.members))


def _written(comments: pa.Table, declared: set[str]) -> _Written | None:
    if "text" not in comments.column_names:
        return None
    long = pc.and_(pc.and_(pc.greater_equal(comments["n_words"], MIN_WORDS),
                           pc.greater_equal(comments["n_chars"], MIN_CHARS)),
                   pc.and_(pc.is_valid(comments["author_id"]), pc.is_valid(comments["text_hi"]))).fill_null(False)
    known = pc.is_in(comments["author_id"], value_set=pa.array(sorted(declared), pa.string()))
    row = np.flatnonzero(pc.and_(long, pc.invert(known)).to_numpy(zero_copy_only=False))
    if len(row) < MIN_ACCOUNTS * MIN_SHARED:
        return None
    here = comments.select(["author_id", "page_id", "post_id", "text", "text_hi", "text_lo"]).take(row)
    author_ids = here["author_id"].combine_chunks().dictionary_encode()
    names = author_ids.dictionary.to_pylist()
    rank = np.argsort(np.argsort(np.array(names, object), kind="stable"), kind="stable")
    author = rank[author_ids.indices.to_numpy()]
    prints = np.stack([here[c].to_numpy() for c in ("text_hi", "text_lo")])
    # In the order of their fingerprints: any that the rows do not have would do.
    _, first, text = np.unique(prints, axis=1, return_index=True, return_inverse=True)
    phrase = same_phrase(here["text"].combine_chunks().take(pa.array(first)))[text.ravel()]
    phrase = np.unique(phrase, return_inverse=True)[1]
    post = _codes(here)
    pairs = np.unique(np.stack([author, phrase]), axis=1)
    own = sparse.csr_matrix((np.ones(pairs.shape[1], np.int64), (pairs[0], pairs[1])),
                            (len(names), int(phrase.max()) + 1))
    writers = np.bincount(pairs[1])
    there, n_there = np.unique(np.unique(np.stack([phrase, post, author]), axis=1)[:2], axis=1, return_counts=True)
    most = np.zeros(len(writers), np.int64)
    np.maximum.at(most, there[0], n_there)
    telling = (writers > 1) & (most <= ONE_POST * writers)
    telling &= writers <= max(COMMON, COMMON_SHARE * len(names))
    return _Written(sorted(names), own, telling, author, phrase, row)


def _codes(here: pa.Table) -> Ints:
    page, post = (here[c].combine_chunks().dictionary_encode().indices.fill_null(-1).to_numpy()
                  for c in ("page_id", "post_id"))
    return np.asarray(page.astype(np.int64) * (int(post.max(initial=0)) + 2) + post)


def _components(edges: sparse.coo_matrix, members: Ints) -> list[Ints]:
    """The parts of `members` that hang together, of MIN_ACCOUNTS or more."""
    if len(members) < MIN_ACCOUNTS:
        return []
    number, label = sparse.csgraph.connected_components(edges.tocsr()[members][:, members], directed=False)
    parts = [members[label == k] for k in range(number)]
    return [part for part in parts if len(part) >= MIN_ACCOUNTS]


def _kept(shared: sparse.csr_matrix, own: sparse.csr_matrix, members: Ints) -> Ints:
    """Without those who mostly write words of their own, until nobody leaves."""
    total = np.asarray(own.sum(axis=1)).ravel()
    while len(members) >= MIN_ACCOUNTS:
        hits = _hits(shared, members)
        stays = (hits >= MIN_SHARED) & (hits >= MOSTLY * total[members])
        if stays.all():
            break
        members = members[stays]
    return members


def _hits(shared: sparse.csr_matrix, members: Ints) -> Ints:
    """Of each member, how many of its phrases another member writes too."""
    mine = shared[members]
    several = np.asarray(mine.sum(axis=0)).ravel() > 1
    return np.asarray(mine[:, several].sum(axis=1)).ravel()


def _group(comments: pa.Table, written: _Written, members: Ints) -> Phrased | None:
    """Strength: n KL(share || expected) bounds the log chance that so many of the group's n phrases are among those it
    reuses, dealt anew over all accounts (Hoeffding 1963, theorem 1 and section 6: drawing without replacement is no
    looser); naming the accounts and the phrases costs -log of their shares of all that is written, less log k!."""
    own, telling = written.own, written.telling
    writers = np.asarray(own.sum(axis=0)).ravel()
    length = np.asarray(own.sum(axis=1)).ravel()
    everything = float(length.sum())
    mine = own[members]
    used = np.asarray(mine.sum(axis=0)).ravel()
    reused = np.flatnonzero((used > 1) & telling)
    n, hits = float(length[members].sum()), float(used[reused].sum())
    expected = min(float(writers[reused].sum()) / everything, 1.0)
    share = hits / n if n else 0.0
    if share <= expected:
        return None
    evidence = n * (special.xlogy(share, share / expected) + special.xlogy(1 - share, (1 - share) / (1 - expected)))
    strength = evidence - sum(
        float(-np.log(part / everything).sum() - special.gammaln(len(part) + 1.0)
              + np.log(len(part) * (len(part) + 1.0))) for part in (length[members], writers[reused]))
    if strength <= 0:
        return None
    p = np.array([_member_p(used - mine[k].toarray().ravel(), own[a].toarray().ravel(), writers, telling, everything)
                  for k, a in enumerate(members.tolist())])
    names = [written.authors[a] for a in members.tolist()]
    pairs = []
    rows = [mine[k].toarray().ravel() for k in range(len(members))]
    for i in range(len(members)):
        for j in range(i + 1, len(members)):
            both = int((rows[i] * rows[j])[telling].sum())
            if both >= MIN_SHARED:
                pairs.append((names[i], names[j], both, max(
                    _member_p(rows[i], rows[j], writers, telling, everything),
                    _member_p(rows[j], rows[i], writers, telling, everything))))
    inside = np.isin(written.author, members) & np.isin(written.phrase, reused)
    at = written.row[inside]
    order = reused[np.lexsort((reused, -used[reused]))][:N_SHOWN]
    texts = tuple(min(comments["text"].take(written.row[inside & (written.phrase == k)]).to_pylist()) for k in order)
    posts = frozenset((page or "", post or "") for page, post in zip(
        comments["page_id"].take(at).to_pylist(), comments["post_id"].take(at).to_pylist(), strict=True))
    return Phrased(float(f"{strength:.9g}"), tuple(names), p, q_values(p, n_tests=int((length >= MIN_SHARED).sum())),
                   tuple(pairs), texts, posts)


def _member_p(others: Ints, own: Ints, writers: Ints, telling: np.ndarray, everything: float) -> float:
    """Chance that of an account's phrases `own` so many that can speak are among those of `others`: binomial, the
    chance of one of them from all that others write. Both (n_phrases,). Conservative: the group's own count there."""
    theirs = (others > 0) & telling
    n, hits = int(own.sum()), int(own[theirs].sum())
    chance = float((writers - own)[theirs].sum()) / max(everything - n, 1.0)
    return float(special.bdtrc(hits - 1, n, min(chance, 1.0))) if hits else 1.0
