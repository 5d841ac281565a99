"""RingCentral Engage Digital, its export of threads in CSV: companion of its messages, with the times of posts."""

from __future__ import annotations

from fakedetect.readers.preset import csv_reader
from fakedetect.words import Text

READER = csv_reader(
    "ringcentral_engage_threads",
    Text("RingCentral Engage Digital, threads in CSV", "RingCentral Engage Digital, fils en CSV"),
    platform="",
    gives="posts only: id, title, time to the minute without a zone (--tz says it), number of messages, account that "
    "began the thread; companion of its messages; fields as documented, no real file was seen",
    table="posts",
    needed=("id", "foreign_id", "created_at", "contents_count", "first_content_id"),
    lacks=("content_thread_id",),
    columns={"post_id": "id", "page_id": ("source_name", "source_id"), "post_time": "created_at", "post_text": "title",
             "declared_comments": "contents_count", "post_author_id": "first_content_author_id"},
)
