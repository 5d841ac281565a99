"""exportcomments.com, YouTube: CSV or spreadsheet, the comments of one video.

`Date` is day first, in a zone it does not name, and was made from the comment's age when the page was fetched: a page
shares its minutes and seconds. `id ` numbers the rows. Accounts are known by their handle only.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from fakedetect.readers.columns import cells, said, where_of, with_texts
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.youtube import FROM_NAME
from fakedetect.schema import Note, Raw
from fakedetect.words import Text

_DATE = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)[ T,]+(\d{1,2}:\d\d(?::\d\d)?)\s*", re.ASCII)
_NAMED = re.compile(r"yt-comments_([\w-]{11})_\d+", re.ASCII)
AGES = Text("{n} comment times were made by exportcomments.com from ages such as '1 year ago': they are not exact",
            "{n} dates de commentaires ont été déduites par exportcomments.com d'âges comme « il y a 1 an » : elles ne "
            "sont pas exactes")


def in_order(dates: list[str | None]) -> list[str | None]:
    """The dates year first. They are day first, unless one of them cannot be: then all stay as they are."""
    found = [None if d is None else _DATE.fullmatch(d) for d in dates]
    if any(f is not None and int(f[2]) > 12 for f in found):
        return dates
    return [d if f is None else f"{'20' * (len(f[3]) == 2)}{f[3]}-{f[2]:0>2}-{f[1]:0>2}T{f[4]}"
            for d, f in zip(dates, found, strict=True)]


def settled(raw: Raw) -> Raw:
    """The Raw with its dates year first, and the video that the file's name tells."""
    table = raw.comments
    if not table.num_rows:
        return raw
    where = where_of(table)
    dates, posts = in_order(cells(table, "comment_time")), cells(table, "post_id")
    notes: list[Note] = []
    if n := sum(d is not None for d in dates):
        notes.append(said("times_from_ages", AGES, where, n=n))
    if (named := _NAMED.search(PurePath(where).name)) and not any(posts):
        posts = [named[1]] * table.num_rows
        notes.append(said("post_from_name", FROM_NAME, where))
    return replace(raw, comments=with_texts(table, {"comment_time": dates, "post_id": posts}),
                   notes=(*raw.notes, *notes))


READER = csv_reader(
    "exportcomments_youtube",
    Text("exportcomments.com, YouTube", "exportcomments.com, YouTube"),
    platform="youtube",
    gives="author handle only; times day first without a zone (--tz says it), made from ages (hours to years), which "
    "rules out tests of timing; no replies marked, no ids; the video's id from the file's name, where "
    "exportcomments.com's was kept, and no publish time of it",
    needed=("Name", "Date", "Likes", "isHearted", "isPinned", "Comment"),
    columns={"author_name": "Name", "comment_time": "Date", "text": "Comment", "likes": "Likes"},
    fix=settled,
    one_post=True,
)
