"""facebook-page-post-scraper (minimaxir): the comments. Its times are UTC less five hours all year, and name no zone.

`[[PHOTO]]`, `[[STICKER]]` and the like stand for attachments; alike texts would be made of them.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow.compute as pc

from fakedetect.readers.columns import with_column
from fakedetect.readers.preset import csv_reader
from fakedetect.schema import Raw
from fakedetect.words import Text

ZONE = "Etc/GMT+5"
"""UTC minus five hours, as POSIX writes it; read in the scraper's code."""
ATTACHED = r"\s*\[\[[A-Z_]+\]\]\s*"


def without_attachments(raw: Raw) -> Raw:
    """The comments without the marks that stand for attachments."""
    if "text" not in raw.comments.column_names:
        return raw
    text = pc.utf8_trim_whitespace(pc.replace_substring_regex(raw.comments["text"], ATTACHED, " "))
    return replace(raw, comments=with_column(raw.comments, "text", text))


READER = csv_reader(
    "minimaxir_comments",
    Text("facebook-page-post-scraper (minimaxir), comments", "facebook-page-post-scraper (minimaxir), commentaires"),
    platform="facebook",
    gives="author name only; times are UTC less five hours all year and are read so; post time from the statuses file "
    "beside it; [[PHOTO]], [[STICKER]] and the like are cut from texts",
    needed=("comment_id", "status_id", "comment_message", "comment_author", "comment_published"),
    columns={"comment_id": "comment_id", "post_id": "status_id", "parent_id": "parent_id",
             "author_name": "comment_author", "comment_time": "comment_published", "text": "comment_message",
             "likes": ("num_likes", "comment_likes")},
    fix=without_attachments,
    naive_zone=ZONE,
)
