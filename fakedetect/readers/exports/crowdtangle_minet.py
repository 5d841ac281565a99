"""minet's CSV of posts from CrowdTangle's API (minet ct posts, search, posts-by-id).

`datetime` is naive: the API writes UTC. Post ids are written as bare numbers, as crowdtangle does.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fakedetect.readers.columns import cells, said, where_of, with_texts
from fakedetect.readers.layouts import appended
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Source
from fakedetect.schema import Raw
from fakedetect.words import Text

_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
IN_UTC = Text("{n} post times name no zone and are read as UTC, which the API writes",
              "{n} heures de publication ne disent pas leur fuseau et sont lues comme UTC, celui de l'API")


def settled(raw: Raw) -> Raw:
    """The Raw with Z behind its times, and ids without the page's in front."""
    table = raw.posts
    if table is None or not table.num_rows:
        return raw
    times = cells(table, "post_time")
    # Said in each time, since a companion's own zone is not heard beside comments.
    bare = [t is not None and _NAIVE.fullmatch(t.strip()) is not None for t in times]
    columns = {"post_time": [f"{t.strip()}Z" if t and b else t for t, b in zip(times, bare, strict=True)],
               "post_id": [p.rpartition("_")[2] if p else p for p in cells(table, "post_id")]}
    note = [said("derived_time", IN_UTC, where_of(table), n=sum(bare))] if any(bare) else []
    return replace(raw, posts=with_texts(table, columns), notes=(*raw.notes, *note))


_POSTS = csv_reader(
    "crowdtangle_minet",
    Text("minet, posts from CrowdTangle's API", "minet, publications de l'API CrowdTangle"),
    platform="facebook",
    gives="posts only: id, page, text, time to the second (UTC, not named), number of comments; companion of comments "
    "whose post ids are bare numbers",
    table="posts",
    needed=("ct_id", "datetime", "account_id", "actual_comment_count"),
    columns={"post_id": "id", "page_id": "account_id", "post_time": "datetime", "post_text": ("message", "title"),
             "declared_comments": "actual_comment_count"},
    fix=settled,
)


def read(source: Source, options: ReadOptions) -> Raw:
    """The posts, by minet's own columns: those of its input stand before them."""
    return _POSTS.read(appended(source), options)


READER: Reader = replace(_POSTS, read=read)
