"""WordPress's own export (WXR, an RSS file): posts with their comments, and shops' reviews of products.

Large blogs come in several files with the same beginning. Files made for an import into Disqus look the same.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from fakedetect.readers.exports.wordpress_comments import refused
from fakedetect.readers.gather import Rows
from fakedetect.readers.markup import plain
from fakedetect.readers.source import Head
from fakedetect.readers.xmlwalk import Element, Place, xml_reader
from fakedetect.words import Text

CHANNEL = ("rss", "channel")
ITEM = (*CHANNEL, "item")
COMMENT = (*ITEM, "comment")
AUTHOR = (*CHANNEL, "author")
BLOG = ((*CHANNEL, "base_blog_url"), (*CHANNEL, "link"))
_RFC822 = re.compile(r"[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
LOCAL = Text("some times stand in the blog's own zone only (comment_date), which the file does not name: they are left "
             "out",
             "certaines heures ne sont données que dans le fuseau du blog (comment_date), que le fichier ne dit pas : "
             "elles sont laissées de côté")


def sniff(head: Head) -> float:
    """RSS with WordPress's own names in it."""
    return 0.9 if "wordpress.org/export/" in head.text and "<rss" in head.text else 0.0


def visit(place: Place, element: Element, rows: Rows, said: dict[str, str]) -> bool:
    """The blog and its authors are named first; an item's comments come after what it says of itself."""
    if place in BLOG:
        said["page"] = element.text.strip() or said.get("page", "")
    elif place == AUTHOR:
        said[f"author {element.of('author_login')}"] = element.of("author_id") or ""
    elif place == COMMENT and element.inside is not None:
        _comment(element, element.inside, rows, said)
        _post(element.inside, rows, said)  # now: a cut file may never come to the item's end
    elif place == ITEM and element.of("post_type") in (None, "post", "page", "product"):
        _post(element, rows, said)
    return True


def _id(item: Element) -> str | None:
    return item.of("post_id") or item.of("thread_identifier") or item.of("link")


def _post(item: Element, rows: Rows, said: dict[str, str]) -> None:
    """The post of an item that is not a draft."""
    written = _known(item.of("post_date_gmt")) or _rfc822(item.of("pubDate"))
    if _id(item) and item.of("status") not in ("draft", "auto-draft", "trash", "private"):
        rows.post(post_id=_id(item), page_id=said.get("page") or None, post_time=written, post_text=item.of("title"),
                  post_author_id=said.get(f"author {item.of('creator')}") or None)


def _comment(element: Element, item: Element, rows: Rows, said: dict[str, str]) -> None:
    text = plain(element.of("comment_content") or "")
    if why := refused(element.of("comment_approved"), element.of("comment_type")):
        rows.reject(why, text)
        return
    when = _known(element.of("comment_date_gmt"))
    if when is None and _known(element.of("comment_date")) and all(n.code != "local_time" for n in rows.notes):
        rows.note("local_time", LOCAL)
    user = (element.of("comment_user_id") or "0").strip()
    meta = {m.of("meta_key"): m.of("meta_value") for m in element.children if m.name == "commentmeta"}
    rows.comment(comment_id=element.of("comment_id"), post_id=_id(item), page_id=said.get("page") or None,
                 parent_id=element.of("comment_parent"), author_id=None if user == "0" else user,
                 author_name=element.of("comment_author"), comment_time=when, text=text,
                 rating=meta.get("rating"), verified_purchase=meta.get("verified"),
                 ip_code=element.of("comment_author_IP"))


def _known(time: str | None) -> str | None:
    """0000-00-00 stands for no time."""
    return None if time is None or time.strip().startswith("0000") else time


def _rfc822(time: str | None) -> str | None:
    """`Tue, 05 Mar 2024 17:00:00 +0000` in ISO 8601; None where it names no zone or no such day."""
    # A draft's is in the year -0001, which the library takes for 2000.
    if time is None or not _RFC822.fullmatch(time.strip()):
        return None
    try:
        return parsedate_to_datetime(time).isoformat()
    except ValueError:
        return None


READER = xml_reader(
    "wordpress_wxr",
    Text("WordPress export (WXR), posts with comments", "Export WordPress (WXR), articles et commentaires"),
    platform="wordpress",
    gives="name (guests) and user id (members), time to the second (UTC), replies, address as written, title and time "
    "of the post, blog as the page; stars of products in shops; spam, the bin, pingbacks and trackbacks "
    "are rejected; e-mails are never read",
    sniff=sniff,
    wanted=(*BLOG, AUTHOR, ITEM, COMMENT),
    visit=visit,
    naive_zone="UTC",
)
