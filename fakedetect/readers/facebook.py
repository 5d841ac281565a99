"""Addresses and ids on Facebook and Instagram, and who stands behind a `pfbid`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from fakedetect.readers.columns import said
from fakedetect.schema import Note
from fakedetect.words import Text

_POST = re.compile(r"/(?:posts|permalink|videos|reel|photos/[^/]+)/(?:[^/]+/)?(\d+)$")
_SHORT_CODE = re.compile(r"/(?:p|reels?|tv)/([\w-]+)", re.ASCII)
_NODE = re.compile(r"(?:comment|feedback):(\d+)(?:_(\d+))?")
_NO_PAGE = frozenset(("photo", "photo.php", "photos", "watch", "reel", "reels", "video.php", "events", "media", "share",
                      "hashtag", "stories", "p", "plugins", "login"))
UNSTABLE = Text(
    "{n} comments tell their author by a pfbid, which changes from run to run: the account is known by its profile's "
    "address in {by_address} of them, by its name in {by_name}, where namesakes count as one account",
    "{n} commentaires désignent leur auteur par un pfbid, qui change d'une collecte à l'autre : le compte est reconnu "
    "à l'adresse de son profil dans {by_address} d'entre eux, à son nom dans {by_name}, où les homonymes ne font qu'un")


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


def page_of(post: str | None) -> str | None:
    """The page in front of a post's id: 100 in 100_900."""
    return post.partition("_")[0] if post and "_" in post else None


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
    if not value or len(value) > 200 or not value.isascii() or not value.startswith(("Y29tbWVudD", "ZmVlZGJhY2")):
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


def short_code(address: str) -> str:
    """The short code of the post in an address; the address without its query where it has none."""
    named = _SHORT_CODE.search(address)
    return named[1] if named else address.partition("?")[0]


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
