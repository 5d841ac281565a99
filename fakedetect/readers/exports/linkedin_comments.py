"""LinkedIn's copy of a member's data, Comments.csv: what that member wrote, and nobody else."""

from __future__ import annotations

from fakedetect.errors import OwnerOnlyExport
from fakedetect.readers.headers import key
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.schema import Raw
from fakedetect.words import Text

COLUMNS = {"date", "link", "message"}


def sniff(head: Head) -> float:
    """Its three columns, and addresses of LinkedIn."""
    if head.is_json or head.is_binary or {key(c) for c in head.columns} != COLUMNS:
        return 0.0
    return 0.9 if "linkedin.com" in head.text else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Raises OwnerOnlyExport."""
    del options
    raise OwnerOnlyExport(
        "this is LinkedIn's copy of one member's data: only that member's own comments stand in it",
        where=source.name,
        hint="have an administrator of the page fetch the comments of its posts from LinkedIn's API "
        "(socialActions/.../comments, format linkedin_api)",
    )


READER = Reader(
    name="linkedin_comments",
    label=Text("LinkedIn, a member's own comments", "LinkedIn, les commentaires d'un membre"),
    platform="linkedin",
    gives="nothing: the member's own comments hold nobody to compare, and are refused",
    sniff=sniff,
    read=read,
    holds=(),
)
