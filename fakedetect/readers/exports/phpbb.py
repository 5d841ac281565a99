"""phpBB's table of posts (phpbb_posts) in CSV, any version: the first post of a topic is the topic's own.

Texts are BBCode, marked with a code of the post (`[b:1a2b3c4d]`), or XML since 3.2. Guests all have one poster_id.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.readers.columns import changed, column, posts_of, said, set_apart, where_of, with_column
from fakedetect.readers.markup import plain, without_quotes
from fakedetect.readers.preset import csv_reader
from fakedetect.schema import Raw
from fakedetect.words import Text

GUESTS = ("1", "-1", "0")
"""The one poster_id of all guests and of members who are gone: 1, in phpBB 2 it was -1."""
_XML_MARK = re.compile(r"<([se])>[^<]*</\1>")
_SMILEY = re.compile(r"<!-- s(\S{1,50}) -->.{0,500}?<!-- s\1 -->", re.DOTALL)
_LINK_MARK = re.compile(r"<!-- \w -->")
_TAG = re.compile(
    r"\[/?(?:(?:b|i|u|s|quote|code|list|\*|img|url|size|color|email|attachment|flash|align|center|spoiler)"
    r"(?:=[^\]\n]{0,999})?|(?:\*|[a-z]\w*)(?:=[^\]\n]{0,999})?(?::[a-z])?:[a-z0-9]{5,10})(?::[a-z0-9]+)*\]",
    re.IGNORECASE)
OPENING = Text("the first post of each of {n} topics is taken as the topic's own, and its time as the topic's",
               "le premier message de chacun de {n} sujets est pris pour celui du sujet, et son heure avec lui")


def typed(text: str) -> str:
    """What the author wrote, without quotes and marks."""
    text = without_quotes(text)
    if text.startswith(("<r>", "<t>")):
        text = _XML_MARK.sub("", text)
    return _TAG.sub("", plain(_LINK_MARK.sub("", _SMILEY.sub(r"\1", text)))).strip()


def fix(raw: Raw) -> Raw:
    """Texts as typed, guests by their name, and each topic's first post as the post."""
    table = changed(raw.comments, "text", typed)
    guest = pc.is_in(pc.utf8_trim_whitespace(column(table, "author_id")), value_set=pa.array(GUESTS))
    table = with_column(table, "author_id", pc.if_else(guest, None, column(table, "author_id")))
    first: dict[str, int] = {}
    names, topics = column(table, "comment_id").to_pylist(), column(table, "post_id").to_pylist()
    for name, topic in zip(names, topics, strict=True):
        if topic is not None and name is not None and re.fullmatch(r"\s*\d{1,18}\s*", name):
            first[topic] = min(int(name), first.get(topic, int(name)))
    # An export of some time only begins in the middle of topics: what answers says Re: in its subject.
    rows = zip(names, topics, column(table, "subject").to_pylist(), strict=True)
    opens = pa.array([name is not None and name.strip() == str(first.get(topic)) and not (head or "").startswith("Re:")
                      for name, topic, head in rows], pa.bool_())
    opening = table.filter(opens)
    posts = with_column(posts_of(opening), "post_id", column(opening, "post_id"))
    posts = with_column(posts, "post_text", pc.binary_join_element_wise(
        pc.fill_null(column(opening, "subject"), ""), pc.fill_null(column(opening, "text"), ""), "\n"))
    raw = set_apart(replace(raw, comments=table), posts=opens, bad=pa.nulls(table.num_rows, pa.bool_()), reason="")
    if n := posts.num_rows:
        raw = replace(raw, posts=posts, notes=(*raw.notes, said("opening_post", OPENING, where_of(posts), n=n)))
    return raw


READER = csv_reader(
    "phpbb",
    Text("phpBB, table of posts in CSV", "phpBB, table des messages en CSV"),
    platform="",
    gives="author id (guests by the name they gave), time to the second (UTC), topic as the post, forum as the page; "
    "the first post of a topic is the topic's own and gives its time; quotes and BBCode are cut; members' names stand "
    "in phpbb_users; addresses (poster_ip) are not read",
    needed=("post_id", "topic_id", "forum_id", "poster_id", "post_time", "post_text"),
    columns={"comment_id": "post_id", "post_id": "topic_id", "page_id": "forum_id", "author_id": "poster_id",
             "author_name": ("username", "post_username"), "comment_time": "post_time", "text": "post_text"},
    also={"subject": "post_subject"},
    fix=fix,
    holds=("comments", "posts"),
)
