"""Apify facebook-comments-scraper, as JSON: comments and replies in one list, each with its post's id or address.

`profileId` is mostly a `pfbid...`, which changes from run to run and from post to post: see `account_keys`. Who exports
chooses the fields, and often leaves some out. The time of a post comes from a list of posts (apify_facebook_posts).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from fakedetect.errors import InputError
from fakedetect.readers.columns import cells, where_of, with_texts
from fakedetect.readers.facebook import account_keys, node, page_in, post_in
from fakedetect.readers.gather import Rows, a_list, json_reader
from fakedetect.readers.replies import missing_replies
from fakedetect.readers.source import Head
from fakedetect.readers.tables import as_text
from fakedetect.schema import Raw
from fakedetect.words import Text

OWN = frozenset(("facebookUrl", "facebookId", "feedbackId", "commentUrl", "commentId", "profileName", "profileId",
                 "profileUrl", "profilePicture", "threadingDepth", "postTitle", "replyToCommentId", "inputUrl"))
ONLY = frozenset(("facebookUrl", "facebookId", "feedbackId", "threadingDepth", "replyToCommentId", "profileName"))
"""Those of OWN that Apify's scrapers of other platforms do not have."""
NOT = frozenset(("postId", "pageName", "topComments", "topLevelUrl", "topReactionsCount", "postFacebookId",
                 "groupTitle", "sharesCount", "shares", "isRecommended", "ownerUsername", "videoWebUrl"))
"""Fields of posts, of reviews and of other platforms."""
ALSO = ("profile", "address", "announced")
"""Beside the comments until `settled`: the profile's and the post's address, and the number of replies."""

_COMMENT = re.compile(r"[?&]comment_id=(\d+)")
_REPLY = re.compile(r"[?&]reply_comment_id=(\d+)")
MAX_DEPTH = 20
"""Levels of nested replies that are followed."""


def sniff(head: Head) -> float:
    """Comments in Apify's words for Facebook, whichever fields were kept."""
    return told_by(frozenset(head.keys))


def told_by(names: frozenset[str]) -> float:
    """.9 where these are fields of such comments: their text, and two more of which one is Facebook's."""
    mine = "text" in names and len(OWN & names) >= 2 and ONLY & names and not NOT & names
    return 0.9 if mine else 0.0


def no_authors(where: str) -> InputError:
    """The error for an export from which every field that tells the author was left out."""
    return InputError("its authors were left out of the export (profileName, profileUrl, profileId): nobody can be "
                      "compared", where=where, hint="export the dataset again from Apify with all its fields")


def settled(raw: Raw) -> Raw:
    """The Raw with ids in place of addresses: posts, pages, comments, accounts. Raises InputError without authors."""
    table = raw.comments
    if not table.num_rows:
        return raw
    where = where_of(table)
    ids, profiles, names = (cells(table, n) for n in ("author_id", "profile", "author_name"))
    if not any((*ids, *profiles, *names)):
        raise no_authors(where)
    posts, addresses = cells(table, "post_id"), cells(table, "address")
    parents = [_comment(p) for p in cells(table, "parent_id")]
    keys, notes = account_keys(ids, profiles, names, where)
    notes += missing_replies(cells(table, "announced"), parents, where)
    pages = [page_in(a) if a else None for a in addresses]
    columns = {
        "comment_id": [_comment(c) for c in cells(table, "comment_id")],
        "post_id": [_post(p, a) for p, a in zip(posts, addresses, strict=True)],
        # Where some addresses tell no page (/reel/123), the others would stand as a second page beside them.
        "page_id": pages if all(pages) else [None] * len(pages),
        "parent_id": parents,
        "author_id": keys,
    }
    return replace(raw, comments=with_texts(table, columns), notes=(*raw.notes, *notes))


def _comment(value: str | None) -> str | None:
    """A comment's number, from itself, its address or its id in the graph; else the value."""
    if not value or value.isdecimal():
        return value
    named = _REPLY.search(value) or _COMMENT.search(value)
    return named[1] if named else node(value)[1] or value


def _post(value: str | None, address: str | None) -> str | None:
    """A post's number: as given, from its address, else the address without what follows the question mark."""
    given = value or address
    if not given or not given.startswith("http"):
        return given
    return post_in(given) or given.partition("?")[0].rstrip("/")


def visit(value: Any, rows: Rows) -> bool:
    """A comment, and those that some versions nest under it. An item that only tells an error is rejected with it."""
    if not isinstance(value, dict):
        return False
    stack: list[tuple[dict[str, Any], object, int]] = [(value, None, 0)]
    while stack:
        item, parent, depth = stack.pop()
        if not {"text", "date", "commentId", "commentUrl", "profileName"} & item.keys():
            if depth == 0 and "error" not in item:
                return False
            failed = f"the scraper failed here: {(as_text(item['error']) or '')[:200]}" if "error" in item else ""
            rows.reject(failed or "not a comment", item)
            continue
        comment = item.get("commentId") or item.get("commentUrl") or item.get("id")
        address = item.get("facebookUrl") or item.get("inputUrl")
        rows.comment(comment_id=comment, post_id=item.get("facebookId"),
                     parent_id=item.get("replyToCommentId") or parent, author_id=item.get("profileId"),
                     author_name=item.get("profileName"),
                     comment_time=item.get("date"), text=item.get("text"), likes=item.get("likesCount"),
                     profile=item.get("profileUrl"), address=address, announced=item.get("commentsCount"))
        nested = a_list(item.get("comments")) if depth < MAX_DEPTH else []
        stack += [(inner, comment, depth + 1) for inner in reversed(nested) if isinstance(inner, dict)]
    return True


READER = json_reader(
    "apify_facebook_comments",
    Text("Apify facebook-comments-scraper, JSON", "Apify facebook-comments-scraper, JSON"),
    platform="facebook",
    gives="author id and name, time to the second (UTC), replies, likes, post id (its number, else its address), page "
    "from the post's address; ids that begin with pfbid are not stable: the profile's address or the name stands in "
    "their place; no post time, which apify_facebook_posts adds; fields may have been left out",
    sniff=sniff,
    visit=visit,
    also=ALSO,
    fix=settled,
)
