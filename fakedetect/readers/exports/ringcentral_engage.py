"""RingCentral Engage Digital (Dimelo), its export of messages in CSV: what a social inbox holds, of any source.

Times are day first, to the minute, in a zone that its documentation does not tell. Private messages are no public
comments. A thread's first message may be the post itself. Separator and encoding were seen in no file.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import cells, where_of, with_rejects, with_texts
from fakedetect.readers.preset import csv_reader
from fakedetect.readers.tables import from_dicts
from fakedetect.schema import Raw
from fakedetect.words import Text


def settled(raw: Raw) -> Raw:
    """The Raw without private messages, answers to a thread's first message at its top, and the staff's accounts.

    A message that has a creator was written by an agent in the tool, under an account of the business.
    """
    table = raw.comments
    if not table.num_rows:
        return raw
    where = where_of(table)
    private = [(p or "").strip().lower() in ("true", "1") for p in cells(table, "private")]
    bad = [(row, "a private message, no public comment", name or "")
           for row, name, p in zip(table["row"].to_pylist(), cells(table, "comment_id"), private, strict=True) if p]
    lost = with_rejects(raw, where, bad)
    table = table.filter(pc.invert(pa.array(private, pa.bool_())))
    names, parents = cells(table, "comment_id"), cells(table, "parent_id")
    first = {n for n, p in zip(names, parents, strict=True) if n and p is None}
    table = with_texts(table, {"parent_id": [None if p in first else p for p in parents]})
    agents, ids, shown = cells(table, "agent"), cells(table, "author_id"), cells(table, "author_name")
    staff = sorted({(i or "", s or "") for a, i, s in zip(agents, ids, shown, strict=True) if a and (i or s)})
    declared = from_dicts([{"author_id": i or None, "author_name": s or None, "role": "staff"} for i, s in staff],
                          ("author_id", "author_name", "role"), where) if staff else None
    return replace(raw, comments=table, rejects=lost, declared=declared)


READER = csv_reader(
    "ringcentral_engage",
    Text("RingCentral Engage Digital, messages in CSV", "RingCentral Engage Digital, messages en CSV"),
    platform="",
    gives="author id and name, time to the minute without a zone (--tz says it), day first as the column proves, "
    "replies, rating of reviews; accounts that agents wrote under are staff, private messages are rejected; fields as "
    "documented, no real file was seen",
    needed=("id", "content_thread_id", "created_at", "author_id", "source_id"),
    columns={"comment_id": "id", "post_id": "content_thread_id", "page_id": ("source_name", "source_id"),
             "parent_id": "in_reply_to_id", "author_id": "author_id", "author_name": "author_name",
             "comment_time": "created_at", "text": ("body_as_text", "body"), "rating": "rating"},
    also={"private": "private_message", "agent": "creator_id"},
    fix=settled,
    holds=("comments", "declared"),
)
