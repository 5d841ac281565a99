"""Apify clockworks/tiktok-scraper, as CSV or spreadsheet: the videos of a page (`authorMeta.name` or `/name`)."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import column, each, with_column
from fakedetect.readers.delimited import read as read_delimited
from fakedetect.readers.headers import key
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import distinct
from fakedetect.readers.tiktok import own_picture, video_of
from fakedetect.schema import ACCOUNT_COLUMNS, Raw
from fakedetect.words import Text

PROFILE = {"author_id": "authorMeta.id", "author_name": "authorMeta.name", "followers": "authorMeta.fans",
           "following": "authorMeta.following", "posts_count": "authorMeta.video", "verified": "authorMeta.verified",
           "bio": "authorMeta.signature", "has_avatar": "authorMeta.avatar"}


def _numbers(raw: Raw) -> Raw:
    """The posts with plain ids: some views of the data set hold no id but in the address."""
    if raw.posts is None or not raw.posts.num_rows:
        return raw
    posts = with_column(raw.posts, "post_id", each(column(raw.posts, "post_id"), lambda a: video_of(a)[0], pa.string()))
    return replace(raw, posts=with_column(posts, "page_id", pc.utf8_lower(column(posts, "page_id"))))


_POSTS = csv_reader(
    "apify_tiktok_videos_csv",
    Text("Apify tiktok-scraper (clockworks), videos, CSV", "Apify tiktok-scraper (clockworks), vidéos, CSV"),
    platform="tiktok",
    gives="as apify_tiktok_videos; companion of apify_tiktok_comments_csv",
    table="posts",
    needed=("webVideoUrl", "authorMeta.name"),
    lacks=("cid",),
    columns={"post_id": ("id", "webVideoUrl"), "page_id": "authorMeta.name",
             "post_time": ("createTimeISO", "createTime"), "post_text": "text", "declared_comments": "commentCount",
             "sponsored": ("isSponsored", "isAd"), "post_author_id": "authorMeta.id"},
    fix=_numbers,
    holds=("posts", "accounts"),
)


def read(source: Source, options: ReadOptions) -> Raw:
    """Posts, and the accounts that published them."""
    raw = _POSTS.read(replace(source, role="posts"), options)
    there = {key(c) for c in Head.of(source).columns}
    if key(PROFILE["author_id"]) not in there:
        return raw
    known = {c.name: PROFILE.get(c.name, "") if key(PROFILE.get(c.name, "")) in there else "" for c in ACCOUNT_COLUMNS}
    people = read_delimited(replace(source, role="accounts"), ReadOptions(map=known)).accounts
    if people is not None and "has_avatar" in people.column_names:
        people = with_column(people, "has_avatar", each(column(people, "has_avatar"), own_picture, pa.bool_()))
    return raw if people is None else replace(raw, accounts=distinct(people))


READER = replace(_POSTS, read=read)
