"""Accounts that write each other's sentences: groups by phrases reused from post to post.

What is counted is whole comments of MIN_WORDS words or more, alike but for a word or two (`repeats`), and each phrase
of an account once, so that nobody's habit is evidence. Left out: phrases that stand on few posts for the number of
those who write them, because these posts asked for them (a contest, a joke, a question), and phrases that many write.
Words can be copied for fun, from a song or from each other; so this evidence alone makes a case for a person to look
at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse, special

from fakedetect.codes import codes, sorted_codes
from fakedetect.fdr import q_values
from fakedetect.relate.presence import MIN_ACCOUNTS, Floats, Ints
from fakedetect.relate.repeats import same_phrase
from fakedetect.spill import aside, gathered, spans

MIN_WORDS, MIN_CHARS = 5, 15
SPREAD, ENOUGH_POSTS = 0.6, 8.0
"""A phrase tells where it stands on so many posts for each account that writes it (inverse Simpson number of posts),
at least 2, and ENOUGH_POSTS are enough for any number."""
COMMON, COMMON_SHARE, MOST_WRITERS = 30, 0.01, 300
"""A phrase that more accounts than COMMON write, and a larger share of all that write so long, is the language's; and
one of more than MOST_WRITERS in any case."""
MAX_MEETINGS = 50_000_000
"""Bounds the pairs of writers of one phrase, summed over phrases: the most common are left out first, and counted."""
MOST_OF_ONE = 50
"""Phrases by which one account counts among all that is written: it can write each only once, and would thin out what
the others do."""
MIN_SHARED = 2
"""Two accounts are looked at together when they share two phrases."""
MOSTLY = 0.3
"""Who shares a smaller part of its phrases with the group has words of its own."""
N_SHOWN = 5
MOST_PAIRS = 20_000

Pair = tuple[str, str, int, float]


@dataclass(frozen=True)
class Phrased:
    """One group. strength: nats; chance makes one as strong with probability exp(-strength) at most. members: author
    ids, sorted; p: that an account with as many phrases writes as many of the others' (n,); q among all that write two
    phrases or more. pairs: (a, b, common phrases, p), MOST_PAIRS with most at most. texts: what most of them write,
    verbatim; posts: where."""

    strength: float
    members: tuple[str, ...]
    p: Floats
    q: Floats
    pairs: tuple[Pair, ...]
    texts: tuple[str, ...]
    posts: frozenset[tuple[str, str]]

    def only(self, stays: np.ndarray) -> Phrased:
        """The group of the members at `stays` (n,)."""
        members = tuple(a for a, s in zip(self.members, stays.tolist(), strict=True) if s)
        inside = set(members)
        return replace(self, members=members, p=self.p[stays], q=self.q[stays],
                       pairs=tuple(e for e in self.pairs if e[0] in inside and e[1] in inside))


@dataclass(frozen=True)
class _Written:
    """authors: sorted. own: telling phrases of each account (accounts x telling phrases, 0 or 1); n: all its phrases,
    telling or not (accounts,); writers: of each telling phrase; everything: phrases of all accounts, of each
    MOST_OF_ONE at most. author, phrase (-1 where it tells nothing), row in `comments`: of each text. skipped: telling
    phrases left out to bound the work."""

    authors: list[str]
    own: sparse.csr_matrix
    n: Ints
    writers: Floats
    everything: float
    author: Ints
    phrase: Ints
    row: Ints
    skipped: int


def phrased(comments: pa.Table, declared: set[str]) -> tuple[list[Phrased], int]:
    """Groups by phrases, strongest first, those of strength 0 or less left out; and how many phrases were left out to
    bound the work. Draws nothing; does not depend on the order of rows."""
    written = _written(comments, declared)
    if written is None:
        return [], 0
    own = written.own
    several = np.flatnonzero(np.diff(own.indptr) >= MIN_SHARED)
    common = sparse.triu(own[several] @ own[several].T, 1, "coo")
    linked = common.data >= MIN_SHARED
    pairs = several[np.stack([common.row[linked], common.col[linked]])]
    edges = sparse.csr_matrix((np.ones(pairs.shape[1], np.int8), (pairs[0], pairs[1])), (own.shape[0], own.shape[0]))
    out = []
    for members in _components(edges, np.unique(pairs)):
        kept = _kept(written, members)
        # Who leaves may have been what held the others together.
        for group in _components(edges, kept) if len(kept) < len(members) else [kept]:
            found = _group(comments, written, group)
            if found is not None:
                out.append(found)
    return sorted(out, key=lambda g: (-g.strength, g.members)), written.skipped


def _written(comments: pa.Table, declared: set[str]) -> _Written | None:
    if "text" not in comments.column_names:
        return None
    long = pc.and_(pc.and_(pc.greater_equal(comments["n_words"], MIN_WORDS),
                           pc.greater_equal(comments["n_chars"], MIN_CHARS)),
                   pc.and_(pc.is_valid(comments["author_id"]), pc.is_valid(comments["text_hi"]))).fill_null(False)
    known = pc.is_in(comments["author_id"], value_set=pa.array(sorted(declared), pa.string()))
    long = pc.and_(long, pc.invert(known))
    row = np.flatnonzero(long.to_numpy(zero_copy_only=False))
    if len(row) < MIN_ACCOUNTS * MIN_SHARED:
        return None
    author, names = sorted_codes(comments["author_id"].filter(long))
    phrase = _phrases(comments, row)
    pairs = np.sort(author * (int(phrase.max()) + 1) + phrase)
    who, what = np.divmod(pairs[_new(pairs)], int(phrase.max()) + 1)
    n = np.bincount(who, minlength=len(names))
    writers = np.bincount(what)
    several = writers[phrase] > 1
    on_posts = _posts_of(author[several], phrase[several], _posts(comments)[row[several]], len(writers))
    telling = (writers > 1) & (on_posts >= np.maximum(np.minimum(SPREAD * writers, ENOUGH_POSTS), 2.0))
    telling &= writers <= max(COMMON, COMMON_SHARE * len(names))
    n_telling = int(telling.sum())
    telling &= writers <= MOST_WRITERS
    by_number = np.flatnonzero(telling)[np.argsort(writers[telling], kind="stable")]
    too_many = by_number[np.cumsum(writers[by_number] ** 2) > MAX_MEETINGS]
    telling[too_many] = False
    place = np.where(telling, np.cumsum(telling) - 1, -1)
    inside = place[what] >= 0
    own = sparse.csr_matrix((np.ones(int(inside.sum()), np.int64), (who[inside], place[what[inside]])),
                            (len(names), int(telling.sum())))
    return _Written(names.to_pylist(), own, n, writers[telling].astype(np.float64),
                    float(np.minimum(n, MOST_OF_ONE).sum()), author, place[phrase], row,
                    n_telling - int(telling.sum()))


def _new(*columns: Ints) -> np.ndarray:
    """Where sorted rows differ from the row before (n,)."""
    new = np.ones(len(columns[0]), bool)
    new[1:] = np.logical_or.reduce([c[1:] != c[:-1] for c in columns])
    return new


def _phrases(comments: pa.Table, row: Ints) -> Ints:
    """A number for the text of each of these rows: equal for those of one phrase."""
    hi, lo = (comments[c].to_numpy()[row] for c in ("text_hi", "text_lo"))
    order = np.lexsort((lo, hi))
    new = _new(hi[order], lo[order])
    code = np.empty(len(order), np.int64)
    code[order] = np.cumsum(new) - 1
    # Of equal texts the first in canonical order; only these are held.
    first = row[order[new]]
    del hi, lo, order
    held = comments.select(["text"])
    texts = aside(gathered(held, first[span]) for span in spans(len(first)))["text"]
    return np.unique(same_phrase(texts), return_inverse=True)[1][code]


def _posts(comments: pa.Table) -> Ints:
    """A number for the post of each comment, equal for those of one page and post."""
    page, post = (codes(comments[name])[0] for name in ("page_id", "post_id"))
    return np.asarray((page + 1) * (int(post.max(initial=0)) + 2) + post + 1)


def _posts_of(author: Ints, phrase: Ints, where: Ints, n_phrases: int) -> Floats:
    """On how many posts each phrase stands, posts weighed by how many accounts write it there: the inverse Simpson
    number (n_phrases,), 0 for those of which no row is given. where: as `_posts` numbers them."""
    order = np.lexsort((author, where, phrase))
    order = order[_new(phrase[order], where[order], author[order])]
    first = np.flatnonzero(_new(phrase[order], where[order]))
    n = np.diff(np.append(first, len(order)))
    of = phrase[order[first]]
    return np.bincount(of, weights=n, minlength=n_phrases) ** 2 / np.maximum(
        np.bincount(of, weights=n.astype(np.float64) ** 2, minlength=n_phrases), 1.0)


def _components(edges: sparse.csr_matrix, members: Ints) -> list[Ints]:
    """The parts of `members` that hang together, of MIN_ACCOUNTS or more."""
    if len(members) < MIN_ACCOUNTS:
        return []
    label = sparse.csgraph.connected_components(edges[members][:, members], directed=False)[1]
    order = np.argsort(label, kind="stable")
    parts = np.split(members[order], np.flatnonzero(np.diff(label[order])) + 1)
    return [part for part in parts if len(part) >= MIN_ACCOUNTS]


def _kept(written: _Written, members: Ints) -> Ints:
    """Without those who mostly write words of their own, until nobody leaves."""
    while len(members) >= MIN_ACCOUNTS:
        mine = written.own[members]
        hits = mine @ (_used(mine) > 1).astype(np.int64)
        stays = (hits >= MIN_SHARED) & (hits >= MOSTLY * written.n[members])
        if stays.all():
            break
        members = members[stays]
    return members


def _used(mine: sparse.csr_matrix) -> Ints:
    return np.bincount(mine.indices, weights=mine.data, minlength=mine.shape[1]).astype(np.int64)


def _group(comments: pa.Table, written: _Written, members: Ints) -> Phrased | None:
    """Strength: n KL(share || expected) bounds the log chance that so many of the group's n phrases are among those it
    reuses, dealt anew over all accounts (Hoeffding 1963, theorem 1 and section 6: drawing without replacement is no
    looser); naming the accounts and the phrases costs -log of their shares of all that is written, less log k!."""
    mine, writers, everything = written.own[members], written.writers, written.everything
    used = _used(mine)
    reused = np.flatnonzero(used > 1)
    n, hits = float(written.n[members].sum()), float(used[reused].sum())
    expected = min(float(writers[reused].sum()) / everything, 1.0)
    share = hits / n if n else 0.0
    if share <= expected:
        return None
    evidence = n * (special.xlogy(share, share / expected) + special.xlogy(1 - share, (1 - share) / (1 - expected)))
    parts = (np.minimum(written.n[members], MOST_OF_ONE), writers[reused])
    strength = evidence - sum(float(-np.log(part / everything).sum() - special.gammaln(len(part) + 1.0)
                                    + np.log(len(part) * (len(part) + 1.0))) for part in parts)
    if strength <= 0:
        return None
    # What the others write, for each member: all that is used here, but what it alone uses.
    weight = np.where(used > 1, writers, 0.0)
    theirs = weight[used > 0].sum() + (writers * (used == 1)).sum() - mine @ np.where(used == 1, writers, 0.0)
    both = mine @ (used > 1).astype(np.int64)
    p = _tail(both, written.n[members], theirs - both, everything)
    inside = np.isin(written.author, members) & np.isin(written.phrase, reused)
    at = written.row[inside]
    order = reused[np.lexsort((reused, -used[reused]))][:N_SHOWN]
    texts = tuple(min(comments["text"].take(written.row[inside & (written.phrase == k)]).to_pylist()) for k in order)
    posts = frozenset((page or "", post or "") for page, post in zip(
        comments["page_id"].take(at).to_pylist(), comments["post_id"].take(at).to_pylist(), strict=True))
    n_tests = int((written.n >= MIN_SHARED).sum())
    return Phrased(float(f"{strength:.9g}"), tuple(written.authors[a] for a in members.tolist()), p,
                   q_values(p, n_tests=n_tests), _pairs(written, members, mine), texts, posts)


def _pairs(written: _Written, members: Ints, mine: sparse.csr_matrix) -> tuple[Pair, ...]:
    """The pairs that share most, with the larger of the two chances: of b's phrases among a's, and of a's among b's."""
    common = sparse.triu(mine @ mine.T, 1, "coo")
    linked = common.data >= MIN_SHARED
    a, b, both = common.row[linked], common.col[linked], common.data[linked]
    order = np.lexsort((b, a, -both))[:MOST_PAIRS]
    a, b, both = a[order], b[order], both[order]
    weight, n = mine @ written.writers, written.n[members]
    p = np.maximum(_tail(both, n[b], weight[a] - both, written.everything),
                   _tail(both, n[a], weight[b] - both, written.everything))
    names = [written.authors[k] for k in members.tolist()]
    return tuple((names[i], names[j], int(k), float(each)) for i, j, k, each in zip(
        a.tolist(), b.tolist(), both.tolist(), p.tolist(), strict=True))


def _tail(hits: Ints, n: Ints, theirs: Floats, everything: float) -> Floats:
    """Chance that of an account's n phrases so many are among those of others: binomial, the chance of one of them from
    all that everybody else writes of these, `theirs`, the group's own uses among it (conservative)."""
    chance = np.clip(theirs / np.maximum(everything - np.minimum(n, MOST_OF_ONE), 1.0), 0.0, 1.0)
    return np.asarray(np.where(hits > 0, special.bdtrc(hits - 1.0, n, chance), 1.0))
