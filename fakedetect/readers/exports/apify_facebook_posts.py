"""Apify facebook-posts-scraper, as JSON: the posts of pages, companion of the comments (apify_facebook_comments).

`time` is written in several ways over the versions, `timestamp` in one. `facebookId` is the page's id here, where in
the comments it is the post's. A companion rejects no row: what is no post is counted in a note.
"""

from __future__ import annotations

from typing import Any

from fakedetect.readers.facebook import account_in, page_in, post_in
from fakedetect.readers.gather import Rows, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.words import Text

OWN = frozenset(("postId", "postFacebookId", "pageName", "topLevelUrl", "facebookUrl", "feedbackId",
                 "topReactionsCount"))
NOT = frozenset(("commentId", "commentUrl", "replyToCommentId", "groupTitle", "isRecommended", "ownerUsername"))
BAD_ROWS = Text("{n} items are no posts and were left out",
                "{n} éléments ne sont pas des publications et sont laissés de côté")


def sniff(head: Head) -> float:
    """Posts in Apify's words for Facebook."""
    return told_by(frozenset(head.keys)) if head.is_json else 0.0


def told_by(names: frozenset[str]) -> float:
    """.9 where these are fields of such posts."""
    return 0.9 if len(OWN & names) >= 2 and {"time", "timestamp"} & names and not NOT & names else 0.0


def visit(item: Any, rows: Rows) -> bool:
    """Gather one post; False where the item names none."""
    if not isinstance(item, dict):
        return False
    addresses = [a for n in ("topLevelUrl", "url") if isinstance(a := item.get(n), str)]
    post = item.get("postId") or item.get("postFacebookId") or next((p for a in addresses if (p := post_in(a))), None)
    if not isinstance(post, str | int) or isinstance(post, bool):
        return False
    pages = [p for n in ("facebookUrl", "url") if isinstance(a := item.get(n), str) and (p := page_in(a))]
    user = an_object(item.get("user"))
    rows.post(post_id=post, page_id=pages[0] if pages else item.get("pageName") or item.get("pageId"),
              post_time=item.get("timestamp") or item.get("time"), post_text=item.get("text"),
              declared_comments=item.get("comments"), post_author_id=author(user.get("id"), user.get("profileUrl")))
    return True


def author(given: object, address: object) -> str | None:
    """The account that published, written as `account_keys` writes those that comment."""
    return str(given) if str(given).isdecimal() else account_in(address if isinstance(address, str) else None)


READER = json_reader(
    "apify_facebook_posts",
    Text("Apify facebook-posts-scraper, JSON", "Apify facebook-posts-scraper, JSON"),
    platform="facebook",
    gives="posts only: id, page, text, time to the second (UTC), number of comments, the account that published; "
    "companion of apify_facebook_comments; fields seen in other projects' copies of its output, not in a real file",
    sniff=sniff,
    visit=visit,
    left_out=BAD_ROWS,
    holds=("posts",),
    verified=False,
)
