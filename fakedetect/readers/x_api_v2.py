"""X (Twitter) API v2: pages of tweets from the API, a stream or twarc2, and tweets that twarc2 flattened.

The root of a conversation is the post; a reply stands under it, a quote under the tweet it quotes. A retweet has no
text of its own. Tweets that stand only in `includes` were not collected: they tell of a post, and are no comments.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_object
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT, as_text
from fakedetect.schema import Raw
from fakedetect.words import Text

CLOCK_BEGINS = 1288834974657
"""Epoch ms from which tweet ids count."""
FIRST_WITH_CLOCK = 1 << 36
"""Ids below are older than that clock (November 2010) and tell no time."""
FROM_ID = Text("{n} posts are not in the file: their time is read from their ids, which hold it to the millisecond",
               "{n} publications ne sont pas dans le fichier : leur heure est lue dans leurs identifiants, qui la "
               "portent à la milliseconde")
PAGES_GO_ON = Text("next_token says that more pages of tweets exist",
                   "next_token dit que d'autres pages de tweets existent")
RETWEET = "a retweet: it has no text of its own"
NOT_A_TWEET = "not a tweet"


def sniff(head: Head) -> float:
    """Tweets with an `author_id` and what only v2 has."""
    known = {"conversation_id", "edit_history_tweet_ids", "referenced_tweets"} & head.keys
    return 0.9 if head.is_json and known and {"id", "text", "author_id"} <= head.keys else 0.0


def an_id(value: object) -> str | None:
    """An id as text; None where there is none."""
    return as_text(value) or None if isinstance(value, str | int) and not isinstance(value, bool) else None


def posted(tweet: str) -> str | None:
    """When a tweet was published, from its id: epoch in ms. None for ids that hold no time."""
    if not re.fullmatch(r"[0-9]{11,19}", tweet) or int(tweet) < FIRST_WITH_CLOCK:
        return None
    return str((int(tweet) >> 22) + CLOCK_BEGINS)


@dataclass
class Posts:
    """The posts of a file, told when all of it was read: a root may come after its replies, or not at all."""

    known: dict[str, dict[str, object]] = field(default_factory=dict)
    """Tweet -> what is said of it."""
    roots: dict[str, None] = field(default_factory=dict)
    wanted: dict[str, str | None] = field(default_factory=dict)
    """Post under which a comment stands -> its author, where a reply tells."""

    def want(self, post: str | None, author: str | None = None) -> None:
        """A comment stands under this post."""
        if post is not None:
            self.wanted[post] = self.wanted.get(post) or author

    def tell(self, rows: Rows) -> None:
        """Hand over the posts, with the page (the account) they stand on."""
        from_id = 0
        for post in self.roots | self.wanted:
            told = self.known.get(post, {})
            author, time = told.get("post_author_id") or self.wanted.get(post), told.get("post_time")
            if time is None:
                time = posted(post)
                from_id += time is not None
            rows.post(**{**told, "post_id": post, "page_id": author, "post_author_id": author, "post_time": time})
        if from_id:
            rows.note("derived_time", FROM_ID, n=from_id)


def read(source: Source, options: ReadOptions) -> Raw:
    """All tweets of the pages; a page that the API cut short says so by its next_token."""
    file, rows, posts = JsonFile(source), Rows(source, options), Posts()
    goes_on = False
    for item in file:
        if item.bad is not None or not _page(item.value, rows, posts):
            rows.reject("not of this format", item.bad if item.bad is not None else item.value)
        elif "meta" in item.value:
            goes_on = "next_token" in an_object(item.value["meta"])
    if file.truncated:
        rows.more(JSON_CUT)
    if goes_on:
        rows.more(PAGES_GO_ON)
    posts.tell(rows)
    return rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)


def _page(value: Any, rows: Rows, posts: Posts) -> bool:
    """One page (`data` is a list), one tweet of a stream (`data` is the tweet), or one flattened tweet."""
    if not isinstance(value, dict):
        return False
    if isinstance(data := value.get("data"), list | dict):
        includes = an_object(value.get("includes"))
        users = {an_id(u.get("id")): u for u in map(an_object, a_list(includes.get("users")))}
        tweets, beside = data if isinstance(data, list) else [data], a_list(includes.get("tweets"))
    elif "text" in value:
        tweets, beside = [value], a_list(value.get("referenced_tweets"))
        users = {}
        for tweet in map(an_object, (value, *beside)):
            # 4CAT calls it author_user.
            user = an_object(tweet.get("author")) or an_object(tweet.get("author_user"))
            users[an_id(tweet.get("author_id")) or an_id(user.get("id"))] = user
    elif isinstance(value.get("errors"), list) or "meta" not in value:
        if "errors" in value:
            rows.reject("an error of the API", value["errors"])
        return "errors" in value
    else:
        return True  # a page without results
    for tweet in map(an_object, beside):
        _learn(tweet, posts)
    for tweet in tweets:
        _tweet(an_object(tweet), users, rows, posts)
    return True


def _learn(tweet: Mapping[str, Any], posts: Posts) -> None:
    """What a tweet says of itself as a post. One that is only named has no author."""
    if (name := an_id(tweet.get("id"))) and an_id(tweet.get("author_id")):
        posts.known[name] = {"post_time": tweet.get("created_at"), "post_text": _text(tweet),
                             "post_author_id": an_id(tweet.get("author_id")),
                             "declared_comments": an_object(tweet.get("public_metrics")).get("reply_count")}


def _tweet(tweet: Mapping[str, Any], users: Mapping[str | None, Any], rows: Rows, posts: Posts) -> None:
    name = an_id(tweet.get("id"))
    if name is None or "text" not in tweet:
        rows.reject(NOT_A_TWEET, dict(tweet))
        return
    named = {str(r.get("type")): an_id(r.get("id")) for r in map(an_object, a_list(tweet.get("referenced_tweets")))}
    if "retweeted" in named:
        rows.reject(RETWEET, name)
        return
    parent, quoted, to = named.get("replied_to"), named.get("quoted"), an_id(tweet.get("in_reply_to_user_id"))
    root = an_id(tweet.get("conversation_id")) or (parent if parent or to else name)
    author = an_id(tweet.get("author_id"))
    if root == name:
        _learn(tweet, posts)
        if quoted is None:
            posts.roots[name] = None
            _account(author, users, rows)
            return
        root = quoted
    posts.want(root, to if parent == root else None)
    user = _account(author, users, rows)
    rows.comment(comment_id=name, post_id=root, parent_id=parent, author_id=author,
                 author_name=user.get("username") or user.get("name"), comment_time=tweet.get("created_at"),
                 text=_text(tweet), likes=an_object(tweet.get("public_metrics")).get("like_count"))


def _text(tweet: Mapping[str, Any]) -> object:
    """As typed: long tweets stand whole in note_tweet, and `<`, `>` and `&` come as entities."""
    text = an_object(tweet.get("note_tweet")).get("text") or tweet.get("text")
    return html.unescape(text) if isinstance(text, str) else None


def _account(author: str | None, users: Mapping[str | None, Any], rows: Rows) -> dict[str, Any]:
    user = an_object(users.get(author)) if author else {}
    counts = an_object(user.get("public_metrics"))
    if user:
        rows.account(author_id=author, author_name=user.get("username") or user.get("name"),
                     created_at=user.get("created_at"), followers=counts.get("followers_count"),
                     following=counts.get("following_count"), posts_count=counts.get("tweet_count"),
                     has_avatar=has_avatar(user.get("profile_image_url")), bio=user.get("description") or None,
                     verified=user.get("verified"))
    return user


def has_avatar(address: object) -> bool | None:
    """Whether a picture is the account's own; X's grey figure is not."""
    return "default_profile" not in address if isinstance(address, str) and address else None


READER = Reader(
    name="x_api_v2",
    label=Text("X (Twitter) API v2, JSON pages or twarc2 lines", "API X (Twitter) v2, pages JSON ou lignes twarc2"),
    platform="x",
    gives="author id and handle, account age, followers, following, posts, avatar, bio, verified (paid for since "
    "2023); time to the millisecond (Z); replies stand under their conversation's root, quotes under the quoted tweet; "
    "roots are posts, retweets are rejected; post time from the root, else from its id; the page is the root's author; "
    "next_token means more pages exist; declared comments count direct replies only",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts"),
)
