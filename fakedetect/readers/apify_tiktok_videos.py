"""Apify clockworks/tiktok-scraper, as JSON: the videos of a page, companion of its comments."""

from __future__ import annotations

from typing import Any

from fakedetect.readers.apify_tiktok_comments import own_picture, video_of
from fakedetect.readers.gather import Rows, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.schema import Raw
from fakedetect.words import Text

BAD_ROWS = Text("{n} items are no videos and were left out",
                "{n} éléments ne sont pas des vidéos et sont laissés de côté")


def sniff(head: Head) -> float:
    """Videos with their author's facts, nested or flat (`authorMeta.name`)."""
    flat = any(k.startswith("authorMeta.") for k in head.keys)
    told = {"webVideoUrl", "createTimeISO", "playCount"} & head.keys
    return 0.9 if ("authorMeta" in head.keys or flat) and told and "cid" not in head.keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Posts, and the accounts that published them. What is no video is counted in a note: a companion rejects no row.
    """
    file, rows = JsonFile(source), Rows(source, options)
    lost = 0
    for item in file:
        if isinstance(item.value, dict) and ("webVideoUrl" in item.value or "createTimeISO" in item.value):
            _video(item.value, rows)
        else:
            lost += 1
    if lost:
        rows.note("bad_side_rows", BAD_ROWS, n=lost)
    if file.truncated:
        rows.more(JSON_CUT)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _video(item: dict[str, Any], rows: Rows) -> None:
    who = an_object(item.get("authorMeta")) or {
        k.removeprefix("authorMeta."): v for k, v in item.items() if k.startswith("authorMeta.")}
    post, page = video_of(item.get("webVideoUrl"))
    name, paid = who.get("name"), [item.get("isSponsored"), item.get("isAd")]
    rows.post(post_id=item.get("id") or post, page_id=name.lower() if isinstance(name, str) else page,
              post_time=item.get("createTimeISO") or item.get("createTime"), post_text=item.get("text"),
              declared_comments=item.get("commentCount"), post_author_id=who.get("id"),
              sponsored=True if True in paid else paid[0])
    if who.get("id"):
        rows.account(author_id=who["id"], author_name=name, followers=who.get("fans"), following=who.get("following"),
                     posts_count=who.get("video"), verified=who.get("verified"), bio=who.get("signature") or None,
                     has_avatar=own_picture(who.get("avatar")))


READER = Reader(
    name="apify_tiktok_videos",
    label=Text("Apify tiktok-scraper (clockworks), videos, JSON", "Apify tiktok-scraper (clockworks), vidéos, JSON"),
    platform="tiktok",
    gives="posts only: id, text, publish time to the second (UTC), number of comments, sponsored, and the page's own "
    "account with its profile; companion of apify_tiktok_comments",
    sniff=sniff,
    read=read,
    holds=("posts", "accounts"),
)
