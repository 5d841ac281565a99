"""CSV lists of YouTube videos: of scripts over the Data API v3, of minet, of YouTube Data Tools."""

from __future__ import annotations

from fakedetect.readers.preset import csv_reader
from fakedetect.words import Text

READER = csv_reader(
    "youtube_api_videos",
    Text("YouTube Data API v3, videos in CSV", "API YouTube Data v3, vidéos en CSV"),
    platform="youtube",
    gives="posts only: id, channel, title, publish time to the second (Z), number of comments, sponsored where the "
    "list says so; also minet youtube videos and the video list of YouTube Data Tools; companion of comments",
    table="posts",
    needed=("video_id", "published_at", "channel_id"),
    lacks=("comment_id", "comment", "text", "text_display", "text_original", "author_channel_id", "author_name"),
    columns={"post_id": "video_id", "page_id": "channel_id", "post_author_id": "channel_id",
             "post_time": "published_at", "post_text": ("title", "video_title"), "declared_comments": "comment_count",
             "sponsored": "has_paid_product_placement"},
)
