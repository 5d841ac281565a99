"""Comments and submissions of Reddit under the names of its API, whoever kept them."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from fakedetect.readers.gather import Rows, an_object

GONE = ("[deleted]", "[removed]", "[ Removed by Reddit ]")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def visit(value: Any, rows: Rows) -> bool:
    """One comment or submission, or the answer of Pushshift's API (`data`)."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("data"), list):
        for inner in value["data"]:
            if not one(an_object(inner), rows):
                rows.reject("neither a comment nor a submission of Reddit", inner)
        return True
    return one(value, rows)


def one(value: Mapping[str, Any], rows: Rows) -> bool:
    """Gather a comment or a submission; False where it is neither."""
    if "link_id" in value and "id" in value:
        comment(value, rows)
    elif "title" in value and ("id" in value or "name" in value):
        submission(value, rows)
    else:
        return False
    return True


def comment(value: Mapping[str, Any], rows: Rows) -> None:
    """Names are unique on Reddit and stand for the account: ids of accounts (t2_) came late and not for all."""
    author = value.get("author")
    rows.comment(comment_id=value.get("id"), post_id=value.get("link_id"), page_id=value.get("subreddit"),
                 parent_id=_parent(value.get("parent_id")), author_id=author, author_name=author,
                 comment_time=value.get("created_utc"), text=written(value.get("body")), likes=value.get("score"))
    if isinstance(author, str) and author not in GONE and value.get("author_created_utc") is not None:
        rows.account(author_id=author, author_name=author, created_at=value["author_created_utc"])


def submission(value: Mapping[str, Any], rows: Rows) -> None:
    """A post, under the id by which comments name it (t3_)."""
    name = value.get("name")
    texts = [t for t in (written(value.get("title")), written(value.get("selftext"))) if t]
    rows.post(post_id=name if isinstance(name, str) and name.startswith("t3_") else f"t3_{value.get('id')}",
              page_id=value.get("subreddit"), post_time=value.get("created_utc"), post_text="\n".join(texts) or None,
              declared_comments=value.get("num_comments"), post_author_id=value.get("author"),
              sponsored=value.get("promoted"))


def written(text: object) -> str | None:
    """The text as typed; None where it is gone."""
    return html.unescape(text) if isinstance(text, str) and text.strip() not in GONE else None


def _parent(parent: object) -> object:
    """As found; Pushshift's API of 2022-23 wrote the number that a comment's id is in base 36."""
    if not isinstance(parent, int) or isinstance(parent, bool) or not 0 < parent < 1 << 63:
        return parent
    digits = ""
    while parent:
        parent, digit = divmod(parent, 36)
        digits = _DIGITS[digit] + digits
    return f"t1_{digits}"
