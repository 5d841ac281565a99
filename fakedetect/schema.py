"""The tables that pass between the stages: columns, types, units and meaning, each declared once.

Inputs are what DESIGN calls canonical: readers fill them, `normalise` types and cleans them. Times are UTC
microseconds. Ids are strings. Null means unknown, never zero and never the empty string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
Kind = Literal["comments", "reviews"]
VERDICTS = ("declared", "suspect", "review", "disclosed", "not_enough_data", "no_evidence")
ROLES = ("owner", "staff", "agency", "moderator", "partner")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table; `aliases` are other names under which a generic file may carry it."""

    name: str
    type: pa.DataType
    unit: str
    what: str
    aliases: tuple[str, ...] = ()


COMMENT_COLUMNS: tuple[Column, ...] = (
    Column("comment_id", pa.string(), "", "identity of the comment", ("id", "cid", "commentid")),
    Column("post_id", pa.string(), "", "the post (or reviewed item) it stands under",
           ("video_id", "status_id", "media_id", "thread_id", "postid", "item_id", "product_id", "business_id")),
    Column("page_id", pa.string(), "", "the page (channel, profile, forum) of the post",
           ("channel_id", "page", "subreddit", "pageid", "profile_id")),
    Column("parent_id", pa.string(), "", "the comment it answers; null at top level",
           ("in_reply_to", "reply_to", "parent", "parent_comment_id")),
    Column("author_id", pa.string(), "", "identity of the account on its platform",
           ("user_id", "author_channel_id", "from_id", "userid", "authorid", "uid", "reviewer_id")),
    Column("author_name", pa.string(), "", "the name shown",
           ("author", "user", "username", "user_name", "name", "from_name", "author_display_name", "auteur",
            "nom", "reviewer", "comment_author", "pseudo", "utilisateur")),
    Column("comment_time", TIME, "UTC", "when it was published",
           ("created_time", "created_at", "published_at", "publishedat", "timestamp", "date", "time", "datetime",
            "comment_published", "created_utc", "created", "date_publication", "heure", "published")),
    Column("text", pa.string(), "", "the comment as written",
           ("message", "comment", "body", "content", "comment_message", "texte", "commentaire", "review",
            "review_text", "comment_text", "avis", "contenu")),
    Column("likes", pa.int64(), "count", "likes it got",
           ("like_count", "likecount", "likes_count", "num_likes", "votes", "score", "jaime")),
    Column("rating", pa.float64(), "stars", "stars given (reviews only)",
           ("stars", "star", "note", "star_rating", "rating_value")),
    Column("verified_purchase", pa.bool_(), "", "the site knows the purchase (reviews only)", ("verified",)),
    Column("invited", pa.bool_(), "", "the site asked for the review (reviews only)", ("invitation",)),
    Column("reply_text", pa.string(), "", "the business's answer (reviews only)", ("reply", "owner_reply")),
    Column("ip_code", pa.string(), "", "a code of the address or device it came from", ("ip", "device_id")),
)
POST_COLUMNS: tuple[Column, ...] = (
    Column("post_id", pa.string(), "", "identity of the post", ("id", "video_id", "status_id", "media_id", "postid")),
    Column("page_id", pa.string(), "", "the page it stands on", ("channel_id", "page", "subreddit", "pageid")),
    Column("post_time", TIME, "UTC", "when it was published",
           ("created_time", "created_at", "published_at", "publish_time", "status_published", "post_published",
            "timestamp", "date", "time", "datetime", "created")),
    Column("post_text", pa.string(), "", "its text", ("text", "message", "title", "caption", "status_message")),
    Column("declared_comments", pa.int64(), "count", "how many comments the platform says it has",
           ("comment_count", "comments_count", "num_comments", "commentcount")),
    Column("sponsored", pa.bool_(), "", "the platform marks it as paid for", ("is_sponsored", "isad")),
    Column("post_author_id", pa.string(), "", "the account that published it", ("author_id", "owner_id", "from_id")),
)
ACCOUNT_COLUMNS: tuple[Column, ...] = (
    Column("author_id", pa.string(), "", "identity of the account", ("id", "user_id", "uid", "userid")),
    Column("author_name", pa.string(), "", "the name shown", ("name", "username", "screen_name", "author")),
    Column("created_at", TIME, "UTC", "when the account was opened", ("created", "account_created", "created_time")),
    Column("followers", pa.int64(), "count", "accounts that follow it", ("followers_count", "fans", "follower_count")),
    Column("following", pa.int64(), "count", "accounts it follows",
           ("following_count", "friends_count", "followings", "follows")),
    Column("posts_count", pa.int64(), "count", "posts it published", ("statuses_count", "tweet_count", "media_count")),
    Column("has_avatar", pa.bool_(), "", "it has a picture of its own", ("avatar", "profile_pic")),
    Column("bio", pa.string(), "", "its description", ("description", "signature", "biography")),
    Column("verified", pa.bool_(), "", "the platform verified it", ("is_verified",)),
)
DECLARED_COLUMNS: tuple[Column, ...] = (
    Column("author_id", pa.string(), "", "identity of the account", ("id", "user_id")),
    Column("author_name", pa.string(), "", "the name shown", ("name", "username", "nom")),
    Column("role", pa.string(), "", "one of " + ", ".join(ROLES), ("type", "status")),
)
BUSINESS_COLUMNS: tuple[Column, ...] = (
    Column("business_id", pa.string(), "", "the reviewed item: the post_id of its reviews",
           ("item_id", "product_id", "place_id", "location_id")),
    Column("owner", pa.string(), "", "who runs it: businesses of one owner are no rivals", ("company",)),
    Column("place", pa.string(), "", "town or quarter: rivals stand in the same", ("city", "town", "ville")),
    Column("category", pa.string(), "", "what it sells: rivals sell the same", ("categorie",)),
)

PROVENANCE = (pa.field("source", pa.string()), pa.field("row", pa.int64()))
"""Where a row came from: the file as named by the user, and its 1-based data row in that file."""


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """The pyarrow schema of declared columns, with unit and meaning as field metadata."""
    return pa.schema([pa.field(c.name, c.type, metadata={"unit": c.unit, "what": c.what}) for c in columns])


COMMENTS = schema_of(COMMENT_COLUMNS)
POSTS = schema_of(POST_COLUMNS)
ACCOUNTS = schema_of(ACCOUNT_COLUMNS)
DECLARED = schema_of(DECLARED_COLUMNS)
BUSINESSES = schema_of(BUSINESS_COLUMNS)
REJECTS = pa.schema([*PROVENANCE, pa.field("reason", pa.string()), pa.field("raw", pa.string())])

EDGES_OUT = pa.schema(
    [("group_id", pa.string()), ("author_a", pa.string()), ("author_b", pa.string()), ("n_shared", pa.int64()),
     ("n_close", pa.int64()), ("median_gap_s", pa.float64()), ("p_value", pa.float64()), ("n_phrases", pa.int64())]
)
GROUPS_OUT = pa.schema(
    [("group_id", pa.string()), ("n_accounts", pa.int64()), ("n_posts", pa.int64()), ("p_value", pa.float64()),
     ("q_value", pa.float64()), ("kind", pa.string()), ("first_seen", TIME), ("last_seen", TIME),
     ("page_ids", pa.list_(pa.string())), ("median_gap_s", pa.float64()), ("exhibit_posts", pa.list_(pa.string())),
     ("evidence", pa.list_(pa.string())), ("window_s", pa.float64()), ("excess", pa.float64()),
     ("excess_low", pa.float64()), ("excess_high", pa.float64()), ("phrases", pa.list_(pa.string())),
     ("names_p", pa.float64()), ("created_p", pa.float64()), ("pages_p", pa.float64()),
     ("praised", pa.list_(pa.string())), ("trashed", pa.list_(pa.string()))]
)
BUSINESSES_OUT = pa.schema(
    [("business_id", pa.string()), ("n_reviews", pa.int64()), ("n_reviewers", pa.int64()), ("p_value", pa.float64()),
     ("q_value", pa.float64()), ("verdict", pa.string()), ("reasons", pa.list_(pa.string())), ("page_id", pa.string()),
     ("owner", pa.string()), ("place", pa.string()), ("category", pa.string()), ("mean_rating", pa.float64()),
     ("suspect_share", pa.float64()), ("wave_first", TIME), ("wave_last", TIME), ("wave_rating", pa.float64()),
     ("wave_n", pa.int64()), ("wave_expected", pa.float64())]
)
POSTS_OUT = pa.schema(
    [("post_id", pa.string()), ("page_id", pa.string()), ("post_time", TIME), ("n_comments", pa.int64()),
     ("first_hour_share", pa.float64()), ("expected_first_hour_share", pa.float64()),
     ("burst_p_value", pa.float64()), ("suspect_share", pa.float64()),
     ("expected_low", pa.float64()), ("expected_high", pa.float64()), ("n_first_hour", pa.int64()),
     ("excess", pa.float64()), ("excess_low", pa.float64()), ("excess_high", pa.float64())]
)

MONTHS_OUT = pa.schema(
    [("brand", pa.string()), ("run", pa.bool_()), ("page_id", pa.string()), ("month", pa.string()),
     ("n_posts", pa.int64()), ("n_first_hour", pa.int64()), ("n_suspect", pa.int64()), ("n_review", pa.int64()),
     ("n_apart", pa.int64()), ("share", pa.float64()), ("share_low", pa.float64()), ("share_high", pa.float64()),
     ("too_few", pa.bool_())]
)
BRAND_GROUPS_OUT = pa.schema(
    [("group_id", pa.string()), ("brand", pa.string()), ("run", pa.bool_()), ("n_accounts", pa.int64()),
     ("n_posts", pa.int64()), ("n_comments", pa.int64()), ("first_seen", TIME), ("last_seen", TIME),
     ("p_value", pa.float64()), ("q_value", pa.float64()), ("works", pa.bool_())]
)
APART_OUT = pa.schema(
    [("author_id", pa.string()), ("brand", pa.string()), ("why", pa.string()), ("role", pa.string()),
     ("declared_by", pa.list_(pa.string())), ("n_comments", pa.int64()), ("n_posts", pa.int64()),
     ("n_first_hour", pa.int64()), ("decided_by", pa.string()), ("signed_by", pa.string()),
     ("decided_at", pa.string()), ("because", pa.string()), ("earlier", pa.string())]
)


@dataclass(frozen=True)
class Note:
    """One thing a reader found about an input and did about it, for `inspect`, summary and report: in English, and
    in French (`fr`)."""

    code: str
    text: str
    fr: str
    source: str = ""


@dataclass(frozen=True)
class Raw:
    """What a reader hands on: canonical names, values as found. `normalise` interprets them.

    Each table holds a subset of its canonical columns as strings, or natively typed where the format is typed,
    plus `source` and `row`. An absent column is all null. `rejects` are rows that could not even be split.
    """

    comments: pa.Table
    posts: pa.Table | None = None
    accounts: pa.Table | None = None
    declared: pa.Table | None = None
    businesses: pa.Table | None = None
    rejects: pa.Table | None = None
    format: str = ""
    platform: str = ""
    encoding: str = ""
    truncated: bool = False
    notes: tuple[Note, ...] = ()
    rows_read: int = 0
    sources: Mapping[str, str] = field(default_factory=dict)
    """source name -> SHA-256 of the file's bytes."""
    naive_zone: str | None = None
    """Zone that this format fixes for its naive times (IANA name); None where the format says nothing."""


@dataclass(frozen=True)
class Brand:
    """What one argument of an agency audit stands for. run: the agency runs its pages; else they are there to compare
    with. declared: author_id -> role, of the accounts that its own files declare. inputs: SHA-256 of its files."""

    name: str
    run: bool
    pages: tuple[str, ...] = ()
    declared: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dump:
    """One audit's input, typed and clean. Row order does not matter: rows stand in canonical order.

    comments: COMMENTS, `source`, `row`, and the facts of `normalise.DERIVED`; sorted by
    (page_id, post_id, comment_time, comment_id). posts, accounts, declared, businesses: as their schemas; posts
    hold a row for every post_id that a comment names. rejects: REJECTS. rows_read = len(comments) + len(rejects).
    """

    comments: pa.Table
    posts: pa.Table
    accounts: pa.Table
    declared: pa.Table
    rejects: pa.Table
    kind: Kind
    rows_read: int
    formats: tuple[str, ...]
    platforms: tuple[str, ...]
    truncated: bool
    notes: tuple[Note, ...]
    sources: Mapping[str, str]
    zone: str
    """Zone in which pages show times (report and hours of the day); tables stay UTC."""
    businesses: pa.Table = field(default_factory=BUSINESSES.empty_table)
    """BUSINESSES: what is known of reviewed items beside their reviews, one row each."""
    reading: Mapping[str, Any] = field(default_factory=dict)
    """How it was read: the dumps and side files named, and what was said about them; for the manifest."""
    brands: tuple[Brand, ...] = ()
    """Of an agency audit: whose pages they are, in the order in which they were named."""


@dataclass(frozen=True)
class Refusal:
    """A test that this data cannot bear. `page_id` is None where the whole run is meant."""

    test: str
    reason: str
    """English sentence for summary.json."""
    restore: str
    """What would restore the test, in English."""
    code: str = ""
    """Key of the two sentences in `quality.REASONS`, for the report in either language."""
    page_id: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit:
    """The result of one audit: the tables of the contract, as written to the output folder."""

    accounts: pa.Table
    comments: pa.Table
    posts: pa.Table
    groups: pa.Table
    edges: pa.Table
    rejects: pa.Table
    summary: Mapping[str, Any]
    manifest: Mapping[str, Any]
    businesses: pa.Table | None = None
    """BUSINESSES_OUT; of reviews only."""
    months: pa.Table | None = None
    """MONTHS_OUT; of agency audits only, like the next two."""
    brand_groups: pa.Table | None = None
    """BRAND_GROUPS_OUT."""
    apart: pa.Table | None = None
    """APART_OUT."""
