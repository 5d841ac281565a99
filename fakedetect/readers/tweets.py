"""Tweets of X (Twitter), whatever the export: ids that hold a time, and the posts that replies stand under."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import column, said, where_of
from fakedetect.readers.gather import Rows
from fakedetect.schema import Raw
from fakedetect.words import Text

CLOCK_BEGINS = 1288834974657
"""Epoch ms from which tweet ids count."""
FIRST_WITH_CLOCK = 1 << 36
"""Ids below are older than that clock (November 2010) and tell no time."""
FROM_ID = Text("{n} posts are not in the file: their time is read from their ids, which hold it to the millisecond",
               "{n} publications ne sont pas dans le fichier : leur heure est lue dans leurs identifiants, qui la "
               "portent à la milliseconde")
RETWEET = "a retweet: it has no text of its own"
NOT_A_TWEET = "not a tweet"


def posted(tweet: str) -> str | None:
    """When a tweet was published, from its id: epoch in ms. None for ids that hold no time."""
    if not re.fullmatch(r"[0-9]{11,19}", tweet) or int(tweet) < FIRST_WITH_CLOCK:
        return None
    return str((int(tweet) >> 22) + CLOCK_BEGINS)


@dataclass
class Posts:
    """The posts of a file, told when all of it was read: a root may come after its replies, or not at all."""

    known: dict[str, dict[str, object]] = field(default_factory=dict)
    """Tweet -> what is said of it."""
    roots: dict[str, None] = field(default_factory=dict)
    wanted: dict[str, str | None] = field(default_factory=dict)
    """Post under which a comment stands -> its author, where a reply tells."""

    def want(self, post: str | None, author: str | None = None) -> None:
        """A comment stands under this post."""
        if post is not None:
            self.wanted[post] = self.wanted.get(post) or author

    def tell(self, rows: Rows) -> None:
        """Hand over the posts, with the page (the account) they stand on."""
        from_id = 0
        for post in self.roots | self.wanted:
            told = self.known.get(post, {})
            author, time = told.get("post_author_id") or self.wanted.get(post), told.get("post_time")
            if time is None:
                time = posted(post)
                from_id += time is not None
            rows.post(**{**told, "post_id": post, "page_id": author, "post_author_id": author, "post_time": time})
        if from_id:
            rows.note("derived_time", FROM_ID, n=from_id)


def posts_by_id(raw: Raw, told: pa.Table, pages: dict[str, str]) -> Raw:
    """The Raw with posts: those told, and those that comments name, whose id holds their time."""
    known = set(told["post_id"].to_pylist())
    new = [p for p in pc.unique(column(raw.comments, "post_id")).to_pylist() if p is not None and p not in known]
    times = [posted(p) for p in new]
    named = pa.table({"post_id": pa.array(new, pa.string()), "post_time": pa.array(times, pa.string()),
                      "page_id": pa.array([pages.get(p) for p in new], pa.string()),
                      "post_author_id": pa.array([pages.get(p) for p in new], pa.string())})
    where = where_of(raw.comments)
    named = named.append_column("source", pa.array([where] * len(new), pa.string()))
    named = named.append_column("row", pa.array(range(1, len(new) + 1), pa.int64()))
    n = sum(t is not None for t in times)
    note = (said("derived_time", FROM_ID, where, n=n),) if n else ()
    return replace(raw, posts=pa.concat_tables([told, named], promote_options="default"), notes=(*raw.notes, *note))


def has_avatar(address: object) -> bool | None:
    """Whether a picture is the account's own; X's grey figure is not."""
    return "default_profile" not in address if isinstance(address, str) and address else None
