"""Comments from Meta Content Library's API, saved as CSV. Field names are those of its data dictionary; the way a table
flattens them, and the form of its times, were seen in no file. Who is no public figure has no name there."""

from __future__ import annotations

from fakedetect.readers.preset import csv_reader
from fakedetect.words import Text

READER = csv_reader(
    "meta_content_library",
    Text("Meta Content Library, comments in CSV", "Meta Content Library, commentaires en CSV"),
    platform="facebook",
    gives="account id and name (withheld for most people), time, replies, likes, post id of the library (not that of "
    "facebook.com); field names not verified: check with inspect; --map corrects; times that name no zone: --tz UTC",
    needed=("id", "text", "creation_time", "post_id"),
    columns={"comment_id": "id", "post_id": "post_id", "parent_id": ("parent_comment_id", "parent_id"),
             "author_id": ("owner.id", "owner_id", "author_id"),
             "author_name": ("owner.name", "owner_name", "owner.username", "owner_username"),
             "comment_time": "creation_time", "text": "text",
             "likes": ("statistics.like_count", "statistics.reaction_count", "like_count")},
    verified=False,
)
