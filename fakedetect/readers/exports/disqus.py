"""Disqus export (XML): a <thread> for each page of a site, then a <post> for each comment.

A thread's createdAt is when Disqus first saw the page, which can be later than its publication.
"""

from __future__ import annotations

import re

from fakedetect.readers.gather import Rows
from fakedetect.readers.markup import plain
from fakedetect.readers.source import Head
from fakedetect.readers.xmlwalk import Element, Place, xml_reader
from fakedetect.words import Text

THREAD, POST = ("disqus", "thread"), ("disqus", "post")


def sniff(head: Head) -> float:
    """Its root."""
    return 0.9 if re.search(r"<disqus[\s>]", head.text) else 0.0


def visit(place: Place, element: Element, rows: Rows, said: dict[str, str]) -> bool:
    """A page of the site, or a comment."""
    del said
    name = element.attributes.get("id")
    if place == THREAD:
        rows.post(post_id=name, page_id=element.of("forum"), post_time=element.of("createdAt"),
                  post_text=element.of("title"), post_author_id=_account(element.child("author")))
        return True
    text = plain(element.of("message") or "")
    if _true(element, "isDeleted") or _true(element, "isSpam"):
        rows.reject("deleted" if _true(element, "isDeleted") else "marked as spam", text)
        return True
    author, thread, parent = element.child("author"), element.child("thread"), element.child("parent")
    rows.comment(comment_id=name, post_id=None if thread is None else thread.attributes.get("id"),
                 parent_id=None if parent is None else parent.attributes.get("id"),
                 author_id=_account(author),
                 author_name=None if author is None else author.of("name"), comment_time=element.of("createdAt"),
                 text=text, ip_code=element.of("ipAddress"))
    return True


def _account(author: Element | None) -> str | None:
    """The account, which guests have not."""
    return None if author is None or _true(author, "isAnonymous") else author.of("username")


def _true(element: Element, name: str) -> bool:
    return (element.of(name) or "").strip().lower() == "true"


READER = xml_reader(
    "disqus",
    Text("Disqus export (XML)", "Export Disqus (XML)"),
    platform="disqus",
    gives="username as the account (guests: the name they gave), time to the second (Z), replies, address where the "
    "export has it, title and site of the page; its time is when Disqus first saw it, which can be later than its "
    "publication; deleted comments and spam are rejected; e-mails are never read",
    sniff=sniff,
    wanted=(THREAD, POST),
    visit=visit,
)
