"""Apify clockworks/tiktok-scraper, as JSON: the videos of a page, companion of its comments."""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import NO_VIDEOS, Rows, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.readers.tiktok import own_picture, video_of
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """Videos with their author's facts, nested or flat (`authorMeta.name`)."""
    flat = any(k.startswith("authorMeta.") for k in head.keys)
    told = {"webVideoUrl", "createTimeISO", "playCount"} & head.keys
    return 0.9 if ("authorMeta" in head.keys or flat) and told and "cid" not in head.keys else 0.0


def visit(item: Any, rows: Rows) -> bool:
    """One post, and the account that published it."""
    if not isinstance(item, dict) or not {"webVideoUrl", "createTimeISO"} & item.keys():
        return False
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
    return True


READER = json_reader(
    "apify_tiktok_videos",
    Text("Apify tiktok-scraper (clockworks), videos, JSON", "Apify tiktok-scraper (clockworks), vidéos, JSON"),
    platform="tiktok",
    gives="posts only: id, text, publish time to the second (UTC), number of comments, sponsored, and the page's own "
    "account with its profile; companion of apify_tiktok_comments",
    sniff=sniff,
    visit=visit,
    left_out=NO_VIDEOS,
    holds=("posts", "accounts"),
)
