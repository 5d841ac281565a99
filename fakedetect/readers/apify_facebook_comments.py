"""Apify facebook-comments-scraper, as JSON: comments and replies in one list, each with its post's id or address.

`profileId` is mostly a `pfbid...`, which changes from run to run and from post to post: see `account_keys`. Who exports
chooses the fields, and often leaves some out. The time of a post comes from a list of posts (apify_facebook_posts).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa

from fakedetect.errors import InputError
from fakedetect.readers.gather import Rows, a_list, json_reader
from fakedetect.readers.preset import with_column
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import as_text
from fakedetect.schema import Note, Raw
from fakedetect.words import Text

OWN = frozenset(("facebookUrl", "facebookId", "feedbackId", "commentUrl", "commentId", "profileName", "profileId",
                 "profileUrl", "profilePicture", "threadingDepth", "postTitle", "replyToCommentId", "inputUrl"))
ONLY = frozenset(("facebookUrl", "facebookId", "feedbackId", "threadingDepth", "replyToCommentId", "profileName"))
"""Those of OWN that Apify's scrapers of other platforms do not have."""
NOT = frozenset(("postId", "pageName", "topComments", "topLevelUrl", "topReactionsCount", "postFacebookId",
                 "groupTitle", "sharesCount", "shares", "isRecommended", "ownerUsername", "videoWebUrl"))
"""Fields of posts, of reviews and of other platforms."""
PROFILE, ADDRESS, ANNOUNCED = "ip_code", "page_id", "rating"
"""Columns of comments that carry the profile's and the post's address and the number of replies until `settled`."""

_POST = re.compile(r"/(?:posts|permalink|videos|reel|photos/[^/]+)/(?:[^/]+/)?(\d+)$")
_COMMENT = re.compile(r"[?&]comment_id=(\d+)")
_REPLY = re.compile(r"[?&]reply_comment_id=(\d+)")
_NODE = re.compile(r"(?:comment|feedback):(\d+)(?:_(\d+))?")
MAX_DEPTH = 20
"""Levels of nested replies that are followed."""
_NO_PAGE = frozenset(("photo", "photo.php", "photos", "watch", "reel", "reels", "video.php", "events", "media", "share",
                      "hashtag", "stories", "p", "plugins", "login"))
UNSTABLE = Text(
    "{n} comments tell their author by a pfbid, which changes from run to run: the account is known by its profile's "
    "address in {by_address} of them, by its name in {by_name}, where namesakes count as one account",
    "{n} commentaires désignent leur auteur par un pfbid, qui change d'une collecte à l'autre : le compte est reconnu "
    "à l'adresse de son profil dans {by_address} d'entre eux, à son nom dans {by_name}, où les homonymes ne font qu'un")
MISSING_REPLIES = Text("{missing} replies exist that the file does not hold",
                       "{missing} réponses existent que le fichier ne contient pas")


def sniff(head: Head) -> float:
    """Comments in Apify's words for Facebook, whichever fields were kept."""
    return told_by(frozenset(head.keys))


def told_by(names: frozenset[str]) -> float:
    """.9 where these are fields of such comments: their text, and two more of which one is Facebook's."""
    mine = "text" in names and len(OWN & names) >= 2 and ONLY & names and not NOT & names
    return 0.9 if mine else 0.0


def post_in(address: str) -> str | None:
    """The number of the post that an address on Facebook names; None where it names none, as with pfbid."""
    parts = _split(address)
    if parts is None:
        return None
    path, query = parts
    for name in ("story_fbid", "fbid", "v", "multi_permalinks"):
        if query.get(name, "").isdecimal():
            return query[name]
    named = _POST.search(path)
    return named[1] if named else None


def page_in(address: str) -> str | None:
    """The page (or group) on which a post stands, by its address or by the page's own; None where it tells none."""
    parts = _split(address)
    steps = [s for s in parts[0].split("/") if s] if parts else []
    if parts is None or not steps:
        return None
    first = steps[0].lower()
    if first in ("permalink.php", "story.php", "profile.php"):
        return parts[1].get("id") or None
    if first in ("groups", "people"):
        return steps[-1 if first == "people" else 1].lower() if len(steps) > 1 else None
    return None if first in _NO_PAGE else first


def account_in(address: str | None) -> str | None:
    """What stays the same in the address of a profile: its number, or the address itself; None for pfbid."""
    parts = _split(address) if address and "pfbid" not in address else None
    if parts is None or not parts[0].strip("/"):
        return None
    path, query = parts[0].rstrip("/"), parts[1]
    last = query.get("id", "") if path.endswith("/profile.php") else path.rpartition("/")[2]
    if last.isdecimal():
        return last
    return f"https://www.facebook.com{path.lower()}"


def node(value: str | None) -> tuple[str | None, str | None]:
    """(post, comment) in an id of Facebook's graph, base64 of `comment:900_700`; None where it is no such id."""
    if not value or len(value) > 200 or not value.startswith(("Y29tbWVudD", "ZmVlZGJhY2")):
        return None, None
    try:
        plain = base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    named = _NODE.fullmatch(plain)
    return (named[1], named[2]) if named else (None, None)


def _split(address: str) -> tuple[str, dict[str, str]] | None:
    """Path without its last stroke, and the query, of an address on Facebook."""
    try:
        url = urlsplit(address.strip())
        query = parse_qs(url.query)
    except ValueError:
        return None
    host = url.netloc.lower()
    if host != "facebook.com" and not host.endswith(".facebook.com"):
        return None
    return url.path.rstrip("/"), {name: values[0] for name, values in query.items()}


def cells(table: pa.Table, name: str) -> list[str | None]:
    """A column's values, None for empty cells; all None where there is no such column."""
    if name not in table.column_names:
        return [None] * table.num_rows
    return [v if v and v.strip() else None for v in table[name].to_pylist()]


def with_texts(table: pa.Table, columns: Mapping[str, Sequence[str | None]]) -> pa.Table:
    """The table with these columns, in place of those of their names."""
    for name, values in columns.items():
        table = with_column(table, name, pa.array(values, pa.string()))
    return table


def without(table: pa.Table, *names: str) -> pa.Table:
    """The table without those columns, where it has them."""
    return table.drop_columns([n for n in names if n in table.column_names])


def said(code: str, what: Text, where: str, **values: object) -> Note:
    """A note on the file `where`."""
    return Note(code, what.of("en", **values), what.of("fr", **values), where)


def account_keys(ids: Sequence[str | None], profiles: Sequence[str | None], names: Sequence[str | None],
                 where: str) -> tuple[list[str | None], list[Note]]:
    """The id of each author, and what to say of it.

    A number is one. In place of a pfbid stands the number that the same profile has elsewhere in the file, else the
    profile's address; where that changes too, nothing: the account is then known by its name.
    """
    lasting = {p: account_in(p) for p in set(profiles)}
    numbers: dict[str, str] = {}
    for given, profile in zip(ids, profiles, strict=True):
        if given and given.isdecimal() and (at := lasting[profile]):
            numbers[at] = min(given, numbers.get(at, given))
    keys: list[str | None] = []
    n = by_address = by_name = 0
    for given, profile, name in zip(ids, profiles, names, strict=True):
        # An address stands for the id where a table has no column of ids.
        if given and "pfbid" not in given and not given.startswith("http"):
            keys.append(given)
            continue
        at = lasting[profile]
        keys.append(numbers.get(at, at) if at else None)
        if "pfbid" in (given or profile or ""):
            n, by_address, by_name = n + 1, by_address + (at is not None), by_name + (at is None and name is not None)
    note = said("unstable_author_id", UNSTABLE, where, n=n, by_address=by_address, by_name=by_name)
    return keys, [note] if n else []


def missing_replies(announced: Sequence[str | None], parents: Sequence[str | None], where: str) -> list[Note]:
    """A note where top-level comments announce more replies than the file holds."""
    told = (a for a, p in zip(announced, parents, strict=True) if p is None and a and re.fullmatch(r"\d{1,9}", a))
    missing = sum(map(int, told)) - sum(p is not None for p in parents)
    return [said("missing_replies", MISSING_REPLIES, where, missing=missing)] if missing > 0 else []


def no_authors(where: str) -> InputError:
    """The error for an export from which every field that tells the author was left out."""
    return InputError("its authors were left out of the export (profileName, profileUrl, profileId): nobody can be "
                      "compared", where=where, hint="export the dataset again from Apify with all its fields")


def settled(raw: Raw) -> Raw:
    """The Raw with ids in place of addresses: posts, pages, comments, accounts. Raises InputError without authors."""
    table = raw.comments
    if not table.num_rows:
        return raw
    where = str(table["source"][0].as_py())
    ids, profiles, names = (cells(table, n) for n in ("author_id", PROFILE, "author_name"))
    if not any((*ids, *profiles, *names)):
        raise no_authors(where)
    posts, addresses = cells(table, "post_id"), cells(table, ADDRESS)
    parents = [_comment(p) for p in cells(table, "parent_id")]
    keys, notes = account_keys(ids, profiles, names, where)
    notes += missing_replies(cells(table, ANNOUNCED), parents, where)
    pages = [page_in(a) if a else None for a in addresses]
    columns = {
        "comment_id": [_comment(c) for c in cells(table, "comment_id")],
        "post_id": [_post(p, a) for p, a in zip(posts, addresses, strict=True)],
        # Where some addresses tell no page (/reel/123), the others would stand as a second page beside them.
        "page_id": pages if all(pages) else [None] * len(pages),
        "parent_id": parents,
        "author_id": keys,
    }
    table = without(with_texts(table, columns), PROFILE, ANNOUNCED)
    return replace(raw, comments=table, notes=(*raw.notes, *notes))


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
                     **{PROFILE: item.get("profileUrl"), ADDRESS: address, ANNOUNCED: item.get("commentsCount")})
        nested = a_list(item.get("comments")) if depth < MAX_DEPTH else []
        stack += [(inner, comment, depth + 1) for inner in reversed(nested) if isinstance(inner, dict)]
    return True


_ITEMS = json_reader(
    "apify_facebook_comments",
    Text("Apify facebook-comments-scraper, JSON", "Apify facebook-comments-scraper, JSON"),
    platform="facebook",
    gives="author id and name, time to the second (UTC), replies, likes, post id (its number, else its address), page "
    "from the post's address; ids that begin with pfbid are not stable: the profile's address or the name stands in "
    "their place; no post time, which apify_facebook_posts adds; fields may have been left out",
    sniff=sniff,
    visit=visit,
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The comments, then ids in place of addresses."""
    return settled(_ITEMS.read(source, options))


READER: Reader = replace(_ITEMS, read=read)
