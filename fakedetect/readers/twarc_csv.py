"""twarc-csv: what `twarc2 csv` makes of X API v2 tweets, one tweet a row under dotted names.

It writes the original's text into retweets, `\\n` for line breaks, and tweets that were only referred to as rows too.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.preset import csv_reader, with_column
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import distinct, rejects
from fakedetect.readers.x_api_v2 import FROM_ID, RETWEET, posted
from fakedetect.schema import REJECTS, Note, Raw
from fakedetect.words import Text

NAME = "twarc_csv"
LABEL = Text("twarc-csv, tweets of the X (Twitter) API v2", "twarc-csv, tweets de l'API X (Twitter) v2")
NEEDED = ("id", "conversation_id", "text", "referenced_tweets.replied_to.id")
PROFILE: dict[str, str | tuple[str, ...]] = {
    "author_id": ("author.id", "author_id"), "author_name": "author.username", "created_at": "author.created_at",
    "followers": "author.public_metrics.followers_count", "following": "author.public_metrics.following_count",
    "posts_count": "author.public_metrics.tweet_count", "has_avatar": "author.profile_image_url",
    "bio": "author.description", "verified": "author.verified",
}
# Columns that have no place among comments stand, until `fix` is done with them, in fields that comments of X have not.
RETWEETED, QUOTED, ANSWERS, ANSWERED = "invited", "verified_purchase", "rating", "ip_code"


def changed(table: pa.Table, name: str, change: Callable[[str], str | None]) -> pa.Table:
    """The table with each known value of that column changed."""
    if name not in table.column_names:
        return table
    return with_column(table, name, pa.array([None if v is None else change(v) for v in table[name].to_pylist()],
                                             pa.string()))


def column(table: pa.Table, name: str) -> pa.ChunkedArray | pa.Array:
    """That column with empty cells as null; all null where the table has none."""
    if name not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(table[name]), ""), None, table[name])


def same_id(one: pa.ChunkedArray | pa.Array, other: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Where both are one id. Two that a spreadsheet cut (1.7E+18) are alike and say nothing."""
    cut = pc.match_substring_regex(one, r"[eE]\+\d+\s*$")
    return pc.fill_null(pc.and_(pc.equal(one, other), pc.invert(cut)), False)


def set_apart(raw: Raw, *, posts: pa.ChunkedArray | pa.Array, bad: pa.ChunkedArray | pa.Array, reason: str) -> Raw:
    """The Raw without the comments that are posts themselves, and with those rejected that cannot be used.

    posts, bad: truth value per comment; null counts as no.
    """
    posts, bad = pc.fill_null(posts, False), pc.fill_null(bad, False)
    lost = raw.comments.filter(bad)
    added = rejects("", [(row, reason, name or "") for row, name in
                         zip(lost["row"].to_pylist(), column(lost, "comment_id").to_pylist(), strict=True)])
    added = added.set_column(0, "source", lost["source"])
    kept = raw.comments.filter(pc.invert(pc.or_(posts, bad)))
    bad_rows = pa.concat_tables([*([raw.rejects] if raw.rejects is not None else []), added.cast(REJECTS)])
    return replace(raw, comments=kept, rejects=bad_rows, rows_read=kept.num_rows + bad_rows.num_rows)


def without(raw: Raw, *names: str) -> Raw:
    """The Raw without these columns of its comments."""
    return replace(raw, comments=raw.comments.drop_columns([n for n in names if n in raw.comments.column_names]))


def posts_of(rows: pa.Table, declared: str = "") -> pa.Table:
    """Comment rows that are posts, as posts: `declared` is the column that counts their comments."""
    told = {"post_id": column(rows, "comment_id"), "page_id": column(rows, "page_id"),
            "post_time": column(rows, "comment_time"), "post_text": column(rows, "text"),
            "post_author_id": column(rows, "author_id"), "declared_comments": column(rows, declared),
            "source": rows["source"], "row": rows["row"]}
    return pa.table(told)


def posts_by_id(raw: Raw, told: pa.Table, pages: dict[str, str]) -> Raw:
    """The Raw with posts: those told, and those that comments name, whose id holds their time."""
    known = set(told["post_id"].to_pylist())
    new = [p for p in pc.unique(column(raw.comments, "post_id")).to_pylist() if p is not None and p not in known]
    times = [posted(p) for p in new]
    named = pa.table({"post_id": pa.array(new, pa.string()), "post_time": pa.array(times, pa.string()),
                      "page_id": pa.array([pages.get(p) for p in new], pa.string()),
                      "post_author_id": pa.array([pages.get(p) for p in new], pa.string())})
    where = raw.comments["source"][0].as_py() if raw.comments.num_rows else ""
    named = named.append_column("source", pa.array([where] * len(new), pa.string()))
    named = named.append_column("row", pa.array(range(1, len(new) + 1), pa.int64()))
    n = sum(t is not None for t in times)
    note = (Note("derived_time", FROM_ID.of("en", n=n), FROM_ID.of("fr", n=n), where),) if n else ()
    return replace(raw, posts=pa.concat_tables([told, named], promote_options="default"), notes=(*raw.notes, *note))


def fix(raw: Raw) -> Raw:
    """Roots of conversations become posts, quotes stand under what they quote, retweets are rejected."""
    table = changed(raw.comments, "text", lambda text: html.unescape(text.replace("\\n", "\n")))
    name, root, quoted = column(table, "comment_id"), column(table, "post_id"), column(table, QUOTED)
    retweeted = pc.is_valid(column(table, RETWEETED))
    is_root = pc.and_(same_id(root, name), pc.invert(retweeted))
    quotes = pc.and_(is_root, pc.is_valid(quoted))
    table = with_column(table, "post_id", pc.if_else(quotes, quoted, root))
    to, parent = column(table, ANSWERED), column(table, "parent_id")
    first = table.append_column("to", to).filter(pc.fill_null(pc.equal(parent, root), False))
    pages = dict(zip(first["post_id"].to_pylist(), first["to"].to_pylist(), strict=True))
    all_roots = posts_of(table.filter(is_root), ANSWERS)
    all_roots = with_column(all_roots, "page_id", all_roots["post_author_id"])
    raw = replace(raw, comments=table)
    raw = set_apart(raw, posts=pc.and_(is_root, pc.invert(quotes)), bad=retweeted, reason=RETWEET)
    # A quote is a post too where somebody answered it.
    asked = pc.is_in(all_roots["post_id"], value_set=pc.unique(column(raw.comments, "post_id")).drop_null())
    own = pc.invert(pc.is_in(all_roots["post_id"], value_set=pc.unique(column(raw.comments, "comment_id")).drop_null()))
    raw = posts_by_id(raw, all_roots.filter(pc.or_(asked, own)), {k: v for k, v in pages.items() if k and v})
    return without(raw, RETWEETED, QUOTED, ANSWERS, ANSWERED)


_TWEETS = csv_reader(
    NAME,
    LABEL,
    platform="x",
    gives="author id and handle, account age, followers, following, posts, avatar, bio, verified; time to the "
    "millisecond (Z); replies stand under their conversation's root, quotes under the quoted tweet; roots are posts, "
    "retweets (whose text is the original's) are rejected; post time from the root, else from its id",
    needed=NEEDED,
    columns={"comment_id": "id", "post_id": "conversation_id", "parent_id": "referenced_tweets.replied_to.id",
             "author_id": ("author_id", "author.id"), "author_name": ("author.username", "author.name"),
             "comment_time": "created_at", "text": "text", "likes": "public_metrics.like_count",
             RETWEETED: "referenced_tweets.retweeted.id", QUOTED: "referenced_tweets.quoted.id",
             ANSWERS: "public_metrics.reply_count", ANSWERED: "in_reply_to_user_id"},
    fix=fix,
    holds=("comments", "posts", "accounts"),
)
_PROFILES = csv_reader(NAME, LABEL, platform="x", gives="", table="accounts", needed=NEEDED, columns=PROFILE)


def read(source: Source, options: ReadOptions) -> Raw:
    """The tweets, and then what each row says of its author."""
    there = set(Head.of(source).columns)
    # Without their signs author_id and author.id are one name, and the second is empty where a profile is not known.
    own = {"author_id": "author_id"} if "author_id" in there else {}
    raw = _TWEETS.read(replace(source, role="comments"), replace(options, map={**own, **options.map}))
    if not there & {c for c in PROFILE.values() if isinstance(c, str)} - {"author.username"}:
        return raw
    accounts = _PROFILES.read(replace(source, role="accounts"), ReadOptions()).accounts
    if accounts is None or "has_avatar" not in accounts.column_names:
        return replace(raw, accounts=accounts)
    accounts = changed(accounts, "has_avatar", lambda a: "false" if "default_profile" in a else a)
    return replace(raw, accounts=distinct(accounts))


READER: Reader = replace(_TWEETS, read=read)
