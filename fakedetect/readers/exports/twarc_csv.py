"""twarc-csv: what `twarc2 csv` makes of X API v2 tweets, one tweet a row under dotted names.

It writes the original's text into retweets, `\\n` for line breaks, and tweets that were only referred to as rows too.
"""

from __future__ import annotations

import html
from dataclasses import replace
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import changed, column, posts_of, same_id, set_apart, with_column
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Source
from fakedetect.readers.tables import distinct
from fakedetect.readers.tweets import RETWEET, posts_by_id
from fakedetect.schema import Raw
from fakedetect.words import Text

FACTS = {"created_at": "author.created_at", "followers": "author.public_metrics.followers_count",
         "following": "author.public_metrics.following_count", "posts_count": "author.public_metrics.tweet_count",
         "has_avatar": "author.profile_image_url", "bio": "author.description", "verified": "author.verified"}


def fix(raw: Raw) -> Raw:
    """Roots of conversations become posts, quotes stand under what they quote, retweets are rejected."""
    table = changed(raw.comments, "text", lambda text: html.unescape(text.replace("\\n", "\n")))
    name, root, quoted = column(table, "comment_id"), column(table, "post_id"), column(table, "quoted")
    retweeted = pc.is_valid(column(table, "retweeted"))
    is_root = pc.and_(same_id(root, name), pc.invert(retweeted))
    quotes = pc.and_(is_root, pc.is_valid(quoted))
    table = with_column(table, "post_id", pc.if_else(quotes, quoted, root))
    to, parent = column(table, "answered"), column(table, "parent_id")
    first = table.append_column("to", to).filter(pc.fill_null(pc.equal(parent, root), False))
    pages = dict(zip(first["post_id"].to_pylist(), first["to"].to_pylist(), strict=True))
    all_roots = posts_of(table.filter(is_root), "answers")
    all_roots = with_column(all_roots, "page_id", all_roots["post_author_id"])
    raw = replace(raw, comments=table, accounts=None if raw.accounts is None else _described(raw.accounts))
    raw = set_apart(raw, posts=pc.and_(is_root, pc.invert(quotes)), bad=retweeted, reason=RETWEET)
    # A quote is a post too where somebody answered it.
    asked = pc.is_in(all_roots["post_id"], value_set=pc.unique(column(raw.comments, "post_id")).drop_null())
    own = pc.invert(pc.is_in(all_roots["post_id"], value_set=pc.unique(column(raw.comments, "comment_id")).drop_null()))
    return posts_by_id(raw, all_roots.filter(pc.or_(asked, own)), {k: v for k, v in pages.items() if k and v})


def _described(accounts: pa.Table) -> pa.Table:
    """The accounts that have a profile; a row has none where the API did not hand it out."""
    told = [pc.is_valid(column(accounts, n)) for n in FACTS if n in accounts.column_names]
    accounts = accounts.filter(reduce(pc.or_, told))
    return distinct(changed(accounts, "has_avatar", lambda a: "false" if "default_profile" in a else a))


_TWEETS = csv_reader(
    "twarc_csv",
    Text("twarc-csv, tweets of the X (Twitter) API v2", "twarc-csv, tweets de l'API X (Twitter) v2"),
    platform="x",
    gives="author id and handle, account age, followers, following, posts, avatar, bio, verified; time to the "
    "millisecond (Z); replies stand under their conversation's root, quotes under the quoted tweet; roots are posts, "
    "retweets (whose text is the original's) are rejected; post time from the root, else from its id",
    needed=("id", "conversation_id", "text", "referenced_tweets.replied_to.id"),
    columns={"comment_id": "id", "post_id": "conversation_id", "parent_id": "referenced_tweets.replied_to.id",
             "author_id": ("author_id", "author.id"), "author_name": ("author.username", "author.name"),
             "comment_time": "created_at", "text": "text", "likes": "public_metrics.like_count",
             **FACTS},
    also={"retweeted": "referenced_tweets.retweeted.id", "quoted": "referenced_tweets.quoted.id",
          "answers": "public_metrics.reply_count", "answered": "in_reply_to_user_id"},
    fix=fix,
    holds=("comments", "posts", "accounts"),
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The tweets, whichever of its tables is wanted: posts and accounts come out of the same rows."""
    return _TWEETS.read(replace(source, role="comments"), options)


READER: Reader = replace(_TWEETS, read=read)
