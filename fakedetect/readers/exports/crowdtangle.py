"""CrowdTangle's CSV from its web pages: posts with the zone of their times as a word (`2021-02-16 14:03:11 CET`).

It has no column of post ids: they stand in the address, and are written as bare numbers, as in exports of comments that
lack post times (Apify, Business Suite). A zone word that means several zones (CST, IST) is left, and so not read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from fakedetect.readers.columns import cells, said, where_of, with_texts
from fakedetect.readers.facebook import post_in
from fakedetect.readers.preset import csv_reader
from fakedetect.schema import Raw
from fakedetect.words import Text

ZONES = {
    "UTC": "+00:00", "GMT": "+00:00", "WET": "+00:00", "WEST": "+01:00", "BST": "+01:00", "CET": "+01:00",
    "CEST": "+02:00", "EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00", "SAST": "+02:00", "WAT": "+01:00",
    "CAT": "+02:00", "EAT": "+03:00", "EST": "-05:00", "EDT": "-04:00", "MDT": "-06:00", "PST": "-08:00",
    "PDT": "-07:00",
    "AKST": "-09:00", "AKDT": "-08:00", "HST": "-10:00", "NST": "-03:30", "NDT": "-02:30", "JST": "+09:00",
    "KST": "+09:00", "HKT": "+08:00", "AEST": "+10:00", "AEDT": "+11:00", "ACST": "+09:30", "ACDT": "+10:30",
    "AWST": "+08:00", "NZST": "+12:00", "NZDT": "+13:00",
}
"""Words that mean one zone where CrowdTangle was used. Not CST, CDT, MST, IST, AST, ADT: each means several."""
_WORD = re.compile(r"\s+([A-Za-z]{1,5})$")
ZONE_WORDS = Text("{n} post times name their zone by a word ({words}) and are read with its offset",
                  "{n} heures de publication disent leur fuseau par un mot ({words}) et sont lues avec son décalage")
OTHER_WORDS = Text("{n} post times name their zone by a word that means several zones or none ({words}): they are NOT "
                   "used; write the offset in its place, as +08:00",
                   "{n} heures de publication disent leur fuseau par un mot qui en désigne plusieurs ou aucun "
                   "({words}) : elles ne servent PAS ; écrivez le décalage à sa place, comme +08:00")
FROM_ADDRESS = Text("the ids of {n} posts are taken from their addresses",
                    "les identifiants de {n} publications sont tirés de leurs adresses")


def offset(time: str | None, read: Counter[str], left: Counter[str]) -> str | None:
    """The time with its zone's offset in place of the zone's word; words are counted as read or left."""
    word = _WORD.search(time.rstrip()) if time else None
    if not time or not word or word[1].upper() in ("AM", "PM"):
        return time
    known = ZONES.get(word[1].upper())
    (read if known else left)[word[1].upper()] += 1
    return time[: word.start()] + known if known else time


def settled(raw: Raw) -> Raw:
    """The Raw with offsets for zone words, ids for addresses, and posts that name a sponsor as sponsored."""
    table = raw.posts
    if table is None or not table.num_rows:
        return raw
    where = where_of(table)
    addresses = cells(table, "post_id")
    ids = [post_in(a) if a else None for a in addresses]
    read, left = Counter[str](), Counter[str]()
    columns = {
        "post_id": [i or a for i, a in zip(ids, addresses, strict=True)],
        "post_time": [offset(t, read, left) for t in cells(table, "post_time")],
        "sponsored": ["true" if s else None for s in cells(table, "sponsored")],
    }
    n = sum(i is not None for i in ids)
    notes = [*raw.notes, *([said("derived_id", FROM_ADDRESS, where, n=n)] if n else [])]
    for code, what, words in (("derived_time", ZONE_WORDS, read), ("ambiguous_zone", OTHER_WORDS, left)):
        if words:
            notes.append(said(code, what, where, n=words.total(), words=", ".join(sorted(words))))
    return replace(raw, posts=with_texts(table, columns), notes=tuple(notes))


READER = csv_reader(
    "crowdtangle",
    Text("CrowdTangle, posts in CSV", "CrowdTangle, publications en CSV"),
    platform="facebook",
    gives="posts only: id (from the address), page, text, time to the second with its zone as a word (unambiguous "
    "words are read), number of comments, sponsored; companion of comments whose post ids are bare numbers",
    table="posts",
    needed=("Post Created", "Facebook Id", "URL", "Message"),
    columns={"post_id": "URL", "page_id": "Facebook Id", "post_time": "Post Created", "post_text": "Message",
             "declared_comments": "Comments", "sponsored": "Sponsor Id"},
    fix=settled,
)
