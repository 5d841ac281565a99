"""YouTube Data API v3, channels.list as JSON: the accounts that comment; companion of comments."""

from __future__ import annotations

from typing import Any

from fakedetect.readers.gather import LEFT_OUT, Rows, an_object, json_reader
from fakedetect.readers.source import Head
from fakedetect.readers.youtube import items
from fakedetect.words import Text

BAD_ROWS = Text("{n} items are no channels and were left out",
                "{n} éléments ne sont pas des chaînes et sont laissés de côté")


def sniff(head: Head) -> float:
    """Items that say they are channels; where that was left out, their count of subscribers."""
    told = '"youtube#channel"' in head.text or {"subscriberCount", "videoCount"} <= head.keys
    found = '"youtube#searchResult"' in head.text or {"topLevelComment", "videoId"} & head.keys
    return 0.9 if told and {"snippet", "statistics"} & head.keys and not found else 0.0


def visit(value: Any, rows: Rows) -> bool:
    """One response, or one item of it."""
    rows.tally[LEFT_OUT] += sum(not _channel(item, rows) for item in items(value))
    return True


def _channel(value: Any, rows: Rows) -> bool:
    """One channel; False where the item is none. A count of subscribers that is hidden reads 0."""
    item = an_object(value)
    snippet, counts = an_object(item.get("snippet")), an_object(item.get("statistics"))
    if not isinstance(item.get("id"), str) or not (snippet or counts):
        return False
    hidden = counts.get("hiddenSubscriberCount") in (True, "true")
    rows.account(author_id=item["id"], author_name=snippet.get("title"), created_at=snippet.get("publishedAt"),
                 followers=None if hidden else counts.get("subscriberCount"), posts_count=counts.get("videoCount"),
                 bio=snippet.get("description"))
    return True


READER = json_reader(
    "youtube_channels",
    Text("YouTube Data API v3, channels.list", "API YouTube Data v3, channels.list"),
    platform="youtube",
    gives="accounts only: id, title, when the channel was opened, subscribers (three leading digits, none where they "
    "are hidden), number of videos, description; companion of comments with channel ids",
    sniff=sniff,
    visit=visit,
    left_out=BAD_ROWS,
    holds=("accounts",),
)
