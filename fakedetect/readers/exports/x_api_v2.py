"""X (Twitter) API v2: pages of tweets from the API, a stream or twarc2, and tweets that twarc2 flattened.

The root of a conversation is the post; a reply stands under it, a quote under the tweet it quotes. A retweet has no
text of its own. Tweets that stand only in `includes` were not collected: they tell of a post, and are no comments.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from fakedetect.readers.gather import Rows, a_list, an_id, an_object, gathered
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tweets import NOT_A_TWEET, RETWEET, Posts, has_avatar
from fakedetect.schema import Raw
from fakedetect.words import Text

GOES_ON = "goes on"
PAGES_GO_ON = Text("next_token says that more pages of tweets exist",
                   "next_token dit que d'autres pages de tweets existent")


def sniff(head: Head) -> float:
    """Tweets with an `author_id` and what only v2 has."""
    known = {"conversation_id", "edit_history_tweet_ids", "referenced_tweets"} & head.keys
    return 0.9 if head.is_json and known and {"id", "text", "author_id"} <= head.keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """All tweets of the pages; a page that the API cut short says so by its next_token."""
    posts = Posts()
    rows = gathered(source, options, lambda value, rows: _page(value, rows, posts))
    if rows.tally[GOES_ON]:
        rows.more(PAGES_GO_ON)
    posts.tell(rows)
    return rows.raw(fmt=READER.name, platform=READER.platform)


def _page(value: Any, rows: Rows, posts: Posts) -> bool:
    """One page (`data` is a list), one tweet of a stream (`data` is the tweet), or one flattened tweet."""
    if not isinstance(value, dict):
        return False
    if "meta" in value:
        rows.tally[GOES_ON] = "next_token" in an_object(value["meta"])  # the last page counts
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
