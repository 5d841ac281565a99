"""Twitter API v1.1: one tweet a value, or the answer of a search (`statuses`).

A tweet names only the one it answers; the post is the first tweet of that chain, as far as the file holds it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fakedetect.readers.columns import with_texts
from fakedetect.readers.gather import Rows, an_id, an_object, gathered
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tweets import NOT_A_TWEET, RETWEET, Posts, has_avatar
from fakedetect.schema import Raw
from fakedetect.words import Text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTICES = ("delete", "limit", "scrub_geo", "status_withheld", "user_withheld", "disconnect", "warning")
_TIME = re.compile(r"\w{3} (\w{3}) (\d\d) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
PAGES_GO_ON = Text("next_results says that more pages of tweets exist",
                   "next_results dit que d'autres pages de tweets existent")
UNDELIVERED = Text("the stream says that {n} tweets were not delivered",
                   "le flux dit que {n} tweets n'ont pas été livrés")
CUT_TEXT = Text("{n} texts were cut at 140 characters; collect them with tweet_mode=extended",
                "{n} textes ont été coupés à 140 caractères ; recueillez-les avec tweet_mode=extended")


def sniff(head: Head) -> float:
    """Tweets with their `user`."""
    return 0.9 if head.is_json and {"id_str", "user", "screen_name", "in_reply_to_status_id_str",
                                    "created_at"} <= head.keys else 0.0


def iso(time: object) -> object:
    """`Wed Jan 07 11:11:33 +0000 2015` in ISO 8601, whatever the language of the machine; other values as found."""
    if isinstance(time, str) and (found := _TIME.fullmatch(time.strip())) and found[1] in MONTHS:
        return f"{found[5]}-{MONTHS.index(found[1]) + 1:02}-{found[2]}T{found[3]}{found[4]}"
    return time


@dataclass
class Chain:
    """What was read so far: which tweet answers which, and which are quotes."""

    posts: Posts = field(default_factory=Posts)
    answers: dict[str, str] = field(default_factory=dict)
    to: dict[str, str] = field(default_factory=dict)
    """Tweet -> author of the tweet it answers."""
    cut_texts: int = 0
    undelivered: int = 0
    goes_on: bool = False

    def root(self, tweet: str) -> str:
        """The first tweet of the chain, or the earliest that the file names; of a circle, any."""
        seen = {tweet}
        while (above := self.answers.get(tweet)) and above not in seen:
            seen.add(above)
            tweet = above
        return tweet


def read(source: Source, options: ReadOptions) -> Raw:
    """All tweets; then each reply is put under the root of its chain."""
    chain = Chain()
    rows = gathered(source, options, lambda value, rows: _answer(value, rows, chain), otherwise=NOT_A_TWEET)
    if chain.goes_on:
        rows.more(PAGES_GO_ON)
    roots = {tweet: chain.root(tweet) for tweet in chain.answers}
    for tweet, root in roots.items():
        chain.posts.want(root, chain.to.get(tweet) if chain.answers[tweet] == root else None)
    chain.posts.tell(rows)
    if chain.cut_texts:
        rows.note("cut_text", CUT_TEXT, n=chain.cut_texts)
    if chain.undelivered:
        rows.note("missing_replies", UNDELIVERED, n=chain.undelivered)
    raw = rows.raw(fmt=READER.name, platform=READER.platform)
    if not raw.comments.num_rows:
        return raw
    # A reply came with its own id in place of its root's.
    posts = [roots.get(p, p) for p in raw.comments["post_id"].to_pylist()]
    return replace(raw, comments=with_texts(raw.comments, {"post_id": posts}))


def _answer(value: Any, rows: Rows, chain: Chain) -> bool:
    """The answer of a search, or one tweet."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("statuses"), list):
        chain.goes_on = "next_results" in an_object(value.get("search_metadata"))
        for tweet in value["statuses"]:
            _tweet(an_object(tweet), rows, chain)
    else:
        _tweet(value, rows, chain)
    return True


def _tweet(tweet: Mapping[str, Any], rows: Rows, chain: Chain) -> None:
    name = an_id(tweet.get("id_str")) or an_id(tweet.get("id"))
    if name is None or not {"text", "full_text"} & tweet.keys():
        if isinstance(track := an_object(tweet.get("limit")).get("track"), int):
            chain.undelivered = max(chain.undelivered, track)  # a running total
        notice = next((n for n in NOTICES if n in tweet), None)
        rows.reject(f"a notice of the stream ({notice}), no tweet" if notice else NOT_A_TWEET, dict(tweet))
        return
    if tweet.get("retweeted_status"):
        rows.reject(RETWEET, name)
        return
    user, author = an_object(tweet.get("user")), _author(tweet)
    if author:
        rows.account(author_id=author, author_name=user.get("screen_name"), created_at=iso(user.get("created_at")),
                     followers=user.get("followers_count"), following=user.get("friends_count"),
                     posts_count=user.get("statuses_count"), has_avatar=_avatar(user),
                     bio=user.get("description") or None, verified=user.get("verified"))
    parent = an_id(tweet.get("in_reply_to_status_id_str")) or an_id(tweet.get("in_reply_to_status_id"))
    quoted = an_id(tweet.get("quoted_status_id_str")) or an_id(tweet.get("quoted_status_id"))
    _learn(an_object(tweet.get("quoted_status")), chain)
    if parent is None:
        _learn(tweet, chain)
        if quoted is None:
            chain.posts.roots[name] = None
            return
        chain.posts.want(quoted)
    else:
        chain.answers[name] = parent
        if to := an_id(tweet.get("in_reply_to_user_id_str")) or an_id(tweet.get("in_reply_to_user_id")):
            chain.to[name] = to
    rows.comment(comment_id=name, post_id=quoted if parent is None else name, parent_id=parent, author_id=author,
                 author_name=user.get("screen_name"), comment_time=iso(tweet.get("created_at")),
                 text=_text(tweet, chain), likes=tweet.get("favorite_count"))


def _learn(tweet: Mapping[str, Any], chain: Chain) -> None:
    """What a tweet that answers none says of itself as a post."""
    if name := an_id(tweet.get("id_str")) or an_id(tweet.get("id")):
        chain.posts.known[name] = {"post_time": iso(tweet.get("created_at")), "post_text": _text(tweet, None),
                                   "post_author_id": _author(tweet), "declared_comments": tweet.get("reply_count")}


def _author(tweet: Mapping[str, Any]) -> str | None:
    user = an_object(tweet.get("user"))
    return an_id(user.get("id_str")) or an_id(user.get("id"))


def _avatar(user: Mapping[str, Any]) -> bool | None:
    default = user.get("default_profile_image")
    return not default if isinstance(default, bool) else has_avatar(user.get("profile_image_url_https"))


def _text(tweet: Mapping[str, Any], chain: Chain | None) -> str | None:
    """As typed, and whole where the tweet says it whole; `chain` counts the others."""
    whole = an_object(tweet.get("extended_tweet")).get("full_text") or tweet.get("full_text")
    if chain is not None and tweet.get("truncated") is True and not whole:
        chain.cut_texts += 1
    text = whole or tweet.get("text")
    return html.unescape(text) if isinstance(text, str) else None


READER = Reader(
    name="twitter_v1_1",
    label=Text("Twitter API v1.1, tweets in JSON", "API Twitter v1.1, tweets en JSON"),
    platform="x",
    gives="author id and handle, account age, followers, following, posts, own picture, bio, verified; time to the "
    "second (zone stated); the post is the first tweet of a chain of replies as far as the file holds the chain, or "
    "the quoted tweet; tweets that answer none are posts, retweets are rejected; post time from the tweet, else from "
    "its id; texts cut at 140 characters are counted",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts"),
)
