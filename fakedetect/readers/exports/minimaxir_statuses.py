"""facebook-page-post-scraper (minimaxir): the posts, companion of its comments."""

from __future__ import annotations

from fakedetect.readers.exports.minimaxir_comments import ZONE
from fakedetect.readers.preset import csv_reader
from fakedetect.words import Text

READER = csv_reader(
    "minimaxir_statuses",
    Text("facebook-page-post-scraper (minimaxir), posts", "facebook-page-post-scraper (minimaxir), publications"),
    platform="facebook",
    gives="posts only: id, text, time (UTC less five hours all year), number of comments; companion of its comments",
    table="posts",
    needed=("status_id", "status_message", "status_published", "num_comments"),
    lacks=("comment_message",),
    columns={"post_id": "status_id", "post_time": "status_published", "post_text": "status_message",
             "declared_comments": "num_comments"},
    naive_zone=ZONE,
)
