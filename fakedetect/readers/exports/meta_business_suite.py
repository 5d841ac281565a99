"""Meta Business Suite's list of content: the posts of a page or of an Instagram account, one a row.

Headers are in the language of whoever exports, times without a zone and mostly month first, ids ruined by a spreadsheet
(1.22158E+17). The daily breakdown has a row per post and day, where comments are those of the day.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from fakedetect.readers.columns import cells, said, where_of, with_texts
from fakedetect.readers.headers import key
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader
from fakedetect.readers.source import Head
from fakedetect.schema import Raw
from fakedetect.words import Text

IDS = ("Post ID", "Identifiant de la publication", "Identifiant de publication", "ID de la publication",
       "Publicerings-id")
TIMES = ("Publish time", "Heure de publication", "Date de publication", "Publiceringstid")
"""English, French (not seen in a file), Swedish."""
DAILY = Text("{n} posts stand on several rows, one a day: their numbers of comments are those of a day and not used",
             "{n} publications figurent sur plusieurs lignes, une par jour : leurs nombres de commentaires sont ceux "
             "d'un jour et ne servent pas")


def sniff(head: Head) -> float:
    """An id and a publish time, in one of the known languages, beside what else the list always has."""
    if head.is_json or head.is_binary:
        return 0.0
    there = {key(c) for c in head.columns}
    beside = {key(n) for n in ("Permalink", "Post type", "Page ID", "Account ID", "Permalien", "Type de publication",
                               "Identifiant de la Page", "Nom de la Page", "Permalänk", "Inläggstyp", "Sid-id")}
    return 0.9 if there & {key(n) for n in IDS} and there & {key(n) for n in TIMES} and there & beside else 0.0


def settled(raw: Raw) -> Raw:
    """The Raw without the numbers of comments of posts that stand on several rows."""
    table = raw.posts
    if table is None or "declared_comments" not in table.column_names:
        return raw
    posts = cells(table, "post_id")
    # A cut id is several posts at once; those are told by their note downstream.
    often = {p for p, n in Counter(posts).items() if p and n > 1 and p.isdecimal()}
    if not often:
        return raw
    counts = [None if p in often else c for p, c in zip(posts, cells(table, "declared_comments"), strict=True)]
    note = said("daily_rows", DAILY, where_of(table), n=len(often))
    return replace(raw, posts=with_texts(table, {"declared_comments": counts}), notes=(*raw.notes, note))


_POSTS = csv_reader(
    "meta_business_suite",
    Text("Meta Business Suite, list of content (CSV)", "Meta Business Suite, liste de contenus (CSV)"),
    platform="",
    gives="posts only: id (often cut by a spreadsheet), page, title, number of comments, time to the minute without a "
    "zone (--tz says it), month first or day first as the column proves; French headers not verified: check with "
    "inspect; --map corrects",
    table="posts",
    needed=(),
    columns={"post_id": IDS, "post_time": TIMES,
             "page_id": ("Page ID", "Account ID", "Identifiant de la Page", "ID de la Page", "Identifiant du compte",
                         "Sid-id", "Konto-id"),
             "post_text": ("Title", "Titre", "Titel", "Description", "Beskrivning"),
             "declared_comments": ("Comments", "Commentaires", "Kommentarer")},
    fix=settled,
)
READER: Reader = replace(_POSTS, sniff=sniff)
