"""Meta's "Download your information", comments_and_reactions/comments.json: one person's own comments, so refused.

Its texts are UTF-8 read as latin-1 (`\\u00c3\\u00a9` for é); the list stands under `comments_v2`, in older files
`comments`; a comment names its author, always the same, and its post only in a sentence of the owner's language.
"""

from __future__ import annotations

from fakedetect.errors import OwnerOnlyExport
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text


def sniff(head: Head) -> float:
    """Comments with author and time inside `data`, under one of the two keys, and a sentence as title."""
    inner = {"data", "comment", "author", "timestamp", "title"} <= head.keys
    return 0.95 if inner and head.keys & {"comments_v2", "comments"} and "created_time" not in head.keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Raises OwnerOnlyExport."""
    raise OwnerOnlyExport(
        "it is Meta's copy of one person's own comments (Download your information): it holds nobody to compare",
        where=source.name, hint="export the comments under the page's posts instead, with the Graph API or a scraper")


READER = Reader(
    name="facebook_dyi",
    label=Text('Meta "Download your information", own comments', "Meta « Télécharger vos informations », commentaires "
               "du titulaire"),
    platform="facebook",
    gives="nothing: one person's own comments, refused (display name, time to the second, mojibake texts, no post id)",
    sniff=sniff,
    read=read,
    holds=(),
)
