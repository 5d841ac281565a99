"""What of the duties can be looked up in the rows of a dump.

Each check is (reviews, dump) -> Seen and errs on the side of "unseen": a column that is empty throughout was left
out by whoever exported, which says nothing of the site.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import incentives
from fakedetect.codes import codes
from fakedetect.duties.duty import Row, Seen
from fakedetect.schema import PROVENANCE, TIME, Dump

MAX_ROWS = 20
MIN_COPY_WORDS = 5
OWN_ROLES = ("owner", "staff", "agency")
FIRST_DATE = dt.datetime(1995, 1, 1, tzinfo=dt.UTC)
"""No site published a consumer's review before; an earlier date is an empty field written as a number."""

_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_PHONE = (
    r"(?:^|[^0-9+])(?:"
    r"0[1-9](?:[ .-]?[0-9]{2}){4}"  # French: 06 12 34 56 78
    r"|(?:\+|00)[1-9][0-9]{0,2}[ .-]?(?:\(0\)[ .-]?)?[0-9](?:[ .-]?[0-9]){6,10}"  # +33 6 12 34 56 78
    r"|\([2-9][0-9]{2}\) ?[0-9]{3}[ .-][0-9]{4}"  # (212) 555-0100
    r")(?:$|[^0-9])"
)


def says_something(reviews: pa.Table, dump: Dump) -> Seen:
    """Reviews with neither words nor a rating."""
    empty = pc.and_(pc.invert(_worded(reviews)), pc.is_null(reviews["rating"]))
    return _seen(reviews, empty) if not _all(empty) else Seen("unseen")


def author_known(reviews: pa.Table, dump: Dump) -> Seen:
    """Reviews under no account."""
    nobody = pc.is_null(reviews["author_id"])
    return _seen(reviews, nobody) if not _all(nobody) else Seen("unseen")


def one_review(reviews: pa.Table, dump: Dump) -> Seen:
    """Reviews after the first of one account on one item. Accounts known by name alone may be namesakes: left out."""
    stable = pc.and_(pc.is_valid(reviews["post_id"]), _by_id(reviews))
    at = np.flatnonzero(_mask(stable))
    authors, items = (codes(reviews[name])[0][at] for name in ("author_id", "post_id"))
    # Rows stand in order of time within an item, so the first occurrence is the earliest.
    first = np.unique(items * (1 + authors.max(initial=0)) + authors, return_index=True)[1]
    again = np.zeros(reviews.num_rows, np.bool_)
    again[np.delete(at, first)] = True
    return _seen(reviews, pa.array(again), stable)


def own_people(reviews: pa.Table, dump: Dump) -> Seen:
    """Reviews by declared owners, staff or agencies; by the author of an item, on that item's page only."""
    own = dump.declared.filter(pc.is_in(dump.declared["role"], value_set=pa.array(OWN_ROLES)))
    ids = pc.unique(own["author_id"]).drop_null()
    if not len(ids):
        return Seen("unseen")
    items = dump.posts.filter(pc.is_valid(dump.posts["post_author_id"]))
    at_home = pc.is_in(_pair(reviews, "author_id"), value_set=pc.unique(_pair(items, "post_author_id")))
    elsewhere = pc.is_in(reviews["author_id"], value_set=pc.unique(items["post_author_id"]))
    theirs = pc.and_(
        pc.is_in(reviews["author_id"], value_set=ids), pc.or_(at_home, pc.invert(elsewhere))
    )
    return _seen(reviews, theirs, pc.is_valid(reviews["author_id"]))


def copied(reviews: pa.Table, dump: Dump) -> Seen:
    """Texts of five words or more that stand under two accounts or more."""
    long = pc.fill_null(pc.greater_equal(reviews["n_words"], MIN_COPY_WORDS), False)
    asked = pc.and_(pc.and_(long, pc.is_valid(reviews["text_hi"])), _by_id(reviews))
    texts = reviews.select(["text_hi", "text_lo", "author_id"])
    texts = texts.append_column("at", pa.array(np.arange(reviews.num_rows))).filter(asked)
    if texts.num_rows == 0 or pc.count_distinct(texts["author_id"]).as_py() < 2:
        return Seen("unseen")
    by_text = texts.group_by(["text_hi", "text_lo"]).aggregate([("author_id", "count_distinct")])
    shared = by_text.filter(pc.greater(by_text["author_id_count_distinct"], 1)).select(["text_hi", "text_lo"])
    again = np.zeros(reviews.num_rows, np.bool_)
    again[texts.join(shared, keys=["text_hi", "text_lo"], join_type="left semi")["at"].to_numpy()] = True
    return _seen(reviews, pa.array(again), asked)


def compensation(reviews: pa.Table, dump: Dump) -> Seen:
    """Texts that say that something was given. Whether the site tells so stands on its pages: never a finding."""
    # Chunk by chunk: all texts of a large dump do not fit in one array.
    told = pa.chunked_array([incentives.found(chunk) for chunk in reviews["text"].chunks], pa.bool_())
    seen = _seen(reviews, told, _worded(reviews))
    return Seen("unseen", seen.n, seen.total, seen.rows)


def contact_data(reviews: pa.Table, dump: Dump) -> Seen:
    """Texts with an e-mail address or a telephone number."""
    held = pc.or_(
        pc.match_substring_regex(reviews["text"], _MAIL), pc.match_substring_regex(reviews["text"], _PHONE)
    )
    return _seen(reviews, held, _worded(reviews))


def dated(reviews: pa.Table, dump: Dump) -> Seen:
    """Reviews without a date, or with one that no review can have."""
    none = pc.is_null(reviews["comment_time"])
    if _all(none):
        return Seen("unseen")
    early = pc.less(reviews["comment_time"], pa.scalar(FIRST_DATE, TIME))
    return _seen(reviews, pc.or_(none, pc.fill_null(early, False)))


def origin_told(reviews: pa.Table, dump: Dump) -> Seen:
    """Reviews of which alone the dump does not say whether the purchase is known.

    Where only "yes" is ever written, an empty field may well mean "no": unseen.
    """
    known = reviews["verified_purchase"]
    if not known.null_count:
        return _seen(reviews, pc.is_null(known))
    return _seen(reviews, pc.is_null(known)) if pc.min(known).as_py() is False else Seen("unseen")


def complete(reviews: pa.Table, dump: Dump) -> Seen:
    """Items of which the dump holds at least as many reviews as the site counts.

    Fewer may be a partial export as well as reviews that are counted and not shown: unseen, with their number.
    """
    counted = dump.posts.filter(pc.is_valid(dump.posts["declared_comments"])).select(["post_id", "declared_comments"])
    if dump.truncated or counted.num_rows == 0:
        return Seen("unseen")
    held = reviews.select(["post_id"]).group_by("post_id").aggregate([([], "count_all")])
    items = counted.join(held, keys="post_id", join_type="left outer")
    short = pc.less(pc.fill_null(items["count_all"], 0), items["declared_comments"])
    n = int(pc.sum(short).as_py())
    return Seen("unseen" if n else "pass", n, items.num_rows)


def reply(reviews: pa.Table, dump: Dump) -> Seen:
    """Reviews with an answer of the business: that there are some shows that it can answer."""
    n = reviews.num_rows - reviews["reply_text"].null_count
    return Seen("pass" if n else "unseen", n, reviews.num_rows)


def _seen(
    reviews: pa.Table, against: pa.Array | pa.ChunkedArray, asked: pa.Array | pa.ChunkedArray | None = None
) -> Seen:
    """Reviews `against` a duty among those `asked` (all, if not given); unseen where nobody was asked."""
    judged = _mask(asked) if asked is not None else np.ones(reviews.num_rows, np.bool_)
    found = _mask(against) & judged
    n, total = int(found.sum()), int(judged.sum())
    return Seen("unseen" if not total else "fail" if n else "pass", n, total, _rows(reviews, found))


def _rows(reviews: pa.Table, found: np.ndarray) -> tuple[Row, ...]:
    """The first rows in order of their files."""
    where = reviews.select([f.name for f in PROVENANCE]).filter(pa.array(found))
    first = where.take(pc.select_k_unstable(where, MAX_ROWS, [("source", "ascending"), ("row", "ascending")]))
    return tuple((r["source"], r["row"]) for r in first.to_pylist())


def _mask(values: pa.Array | pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.fill_null(values, False))


def _all(values: pa.ChunkedArray) -> bool:
    return bool(pc.all(values, min_count=0).as_py())


def _worded(reviews: pa.Table) -> pa.ChunkedArray:
    """Texts with a letter, a sign or a picture in them."""
    return pc.fill_null(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(reviews["text"])), 0), False)


def _by_id(reviews: pa.Table) -> pa.ChunkedArray:
    return pc.fill_null(pc.invert(pc.starts_with(reviews["author_id"], "name:")), False)


def _pair(table: pa.Table, author: str) -> pa.ChunkedArray:
    """An account and the page it stands on as one key; null where either is unknown."""
    return pc.binary_join_element_wise(table[author], table["page_id"], "\x1f")
