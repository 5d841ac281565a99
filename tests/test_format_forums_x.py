"""The traps of exports from X (Twitter): API v2, twarc-csv, API v1.1 and the archive."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from make_files import SAMPLES, codes, one, write

from fakedetect.errors import OwnerOnlyExport, PostsOnlyFile, TruncatedInput
from fakedetect.normalise import normalise
from fakedetect.readers.exports.twitter_v1_1 import iso
from fakedetect.readers.tweets import posted
from fakedetect.schema import Raw

ROOT, GONE = "1777969768297398279", "1777667776828145671"
ROWS = list(csv.DictReader(io.StringIO((SAMPLES / "twarc_csv/tweets.csv").read_text("utf-8"), newline="")))


def lines(*values: object) -> str:
    return "".join(json.dumps(v) + "\n" for v in values)


def comments(raw: Raw, *names: str) -> list[Any]:
    """Values of comments by name, one value a row where there is one name."""
    table = normalise([raw]).comments
    rows = [tuple(r[n] for n in names) for r in table.to_pylist()]
    return [r[0] for r in rows] if len(names) == 1 else rows


def posts(raw: Raw) -> dict[str, dict[str, Any]]:
    return {p["post_id"]: p for p in normalise([raw]).posts.to_pylist()}


def tweet(name: int, text: str = "oui", **more: object) -> dict[str, Any]:
    return {"id": str(name), "author_id": "7", "conversation_id": str(name), "text": text,
            "created_at": "2024-04-10T09:00:00.000Z"} | more


def answer(name: int, to: str, **more: object) -> dict[str, Any]:
    return tweet(name, conversation_id=to, referenced_tweets=[{"type": "replied_to", "id": to}], **more)


@pytest.mark.parametrize(("name", "ms"), [
    ("1777969768297398279", "1712736000500"),  # made from 2024-04-10T08:00:00.500Z
    ("29700859247", None),  # older than the clock
    ("9" * 30, None), ("", None), ("12e4", None), ("-1777969768297398279", None),
])
def test_the_time_in_an_id(name, ms):
    assert posted(name) == ms


def test_a_stream_gives_one_tweet_a_line_and_its_errors(tmp_path):
    """In a stream `data` is the tweet itself; the root stands in includes or not at all."""
    root = tweet(5, "La une", author_id="9", created_at="2010-01-01T00:00:00.000Z")
    raw = one(write(tmp_path, "s.jsonl", lines(
        {"data": answer(1777969768297398000, "5"), "includes": {"users": [], "tweets": [root]}},
        {"errors": [{"title": "operational-disconnect"}]},
        {"data": answer(1777969768297399000, GONE)},
        {"meta": {"result_count": 0}},
    )))
    assert raw.rejects["reason"].to_pylist() == ["an error of the API"]
    assert comments(raw, "post_id") == ["5", GONE]
    told = posts(raw)
    assert told["5"]["post_time"].isoformat() == "2010-01-01T00:00:00+00:00"
    assert (told["5"]["page_id"], told["5"]["post_text"]) == ("9", "La une")
    assert told[GONE]["post_time"].isoformat() == "2024-04-09T12:00:00.123000+00:00"
    assert "1 posts are not in the file" in next(n.text for n in raw.notes if n.code == "derived_time")


def test_a_post_whose_id_tells_no_time_has_none(tmp_path):
    raw = one(write(tmp_path, "old.jsonl", lines({"data": [answer(1777969768297398000, "12345")]})))
    assert posts(raw)["12345"]["post_time"] is None and "derived_time" not in codes(raw)


def test_flattened_tweets_carry_their_author_and_their_root(tmp_path):
    """twarc2 calls the author `author`, 4CAT `author_user`; what was referred to stands whole inside."""
    root = {**tweet(5, "La une &amp; le reste", author_id="9"), "type": "replied_to", "author": {"id": "9"}}
    told = answer(8, "5") | {"author": {"id": "7", "username": "lea_b", "created_at": "2020-01-01T00:00:00.000Z",
                                        "public_metrics": {"followers_count": 4}}, "referenced_tweets": [root]}
    ours = answer(10, "5", author_id="8") | {"author_user": {"id": "8", "username": "hugo_b", "verified": True}}
    raw = one(write(tmp_path, "flat.jsonl", lines(told, ours)))
    dump = normalise([raw])
    assert raw.format == "x_api_v2"
    assert comments(raw, "author_name") == ["hugo_b", "lea_b"]
    assert posts(raw)["5"]["post_text"] == "La une & le reste"
    assert [(a["author_id"], a["followers"], a["verified"]) for a in dump.accounts.to_pylist()] == [
        ("7", 4, None), ("8", None, True)]


def test_long_tweets_are_read_whole(tmp_path):
    long = answer(8, "5", note_tweet={"text": "tout &lt;le&gt; texte"})
    raw = one(write(tmp_path, "a.jsonl", lines({"data": [long]})))
    assert comments(raw, "text") == ["tout <le> texte"]


def test_without_conversation_ids_the_answered_tweet_is_the_post(tmp_path):
    bare = {k: v for k, v in answer(1777969768297398000, GONE).items() if k != "conversation_id"}
    root = {k: v for k, v in tweet(6).items() if k != "conversation_id"} | {"edit_history_tweet_ids": ["6"]}
    raw = one(write(tmp_path, "a.jsonl", lines({"data": [bare, root]})))
    assert comments(raw, "post_id", "parent_id") == [(GONE, None)]
    assert set(posts(raw)) == {GONE, "6"}


def test_a_quote_that_was_answered_is_a_comment_and_a_post(tmp_path):
    quote = tweet(20, referenced_tweets=[{"type": "quoted", "id": "5"}])
    raw = one(write(tmp_path, "a.jsonl", lines({"data": [answer(21, "20"), quote]})))
    assert comments(raw, "comment_id", "post_id") == [("21", "20"), ("20", "5")]
    assert posts(raw)["20"]["post_time"].isoformat() == "2024-04-10T09:00:00+00:00"


def test_pages_that_go_on_and_a_page_that_is_cut(tmp_path):
    page = {"data": [answer(8, "5"), answer(9, "5")], "meta": {"next_token": "x"}}
    raw = one(write(tmp_path, "a.json", json.dumps(page)))
    assert raw.truncated and codes(raw).count("truncated") == 1
    with pytest.raises(TruncatedInput):
        one(tmp_path / "a.json", strict=True)
    whole = lines({"data": [answer(8, "5")], "meta": {}})
    cut = one(write(tmp_path, "b.jsonl", whole + lines(page)[:-30]))
    assert (cut.comments.num_rows, cut.rejects.num_rows, cut.truncated) == (1, 1, True)


def test_the_same_tweet_on_two_pages_counts_once(tmp_path):
    raw = one(write(tmp_path, "a.jsonl", lines({"data": [answer(8, "5")]}, {"data": [answer(8, "5")]})))
    dump = normalise([raw])
    assert (dump.comments.num_rows, dump.rejects["reason"].to_pylist()) == (1, ["duplicate comment_id"])


def test_only_roots_are_posts_only(tmp_path):
    with pytest.raises(PostsOnlyFile):
        one(write(tmp_path, "a.jsonl", lines({"data": [tweet(8), tweet(9)]})))


def table(rows: list[dict[str, str]], drop: tuple[str, ...] = ()) -> str:
    out = io.StringIO()
    names = [n for n in rows[0] if n not in drop]
    writer = csv.DictWriter(out, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_twarc_csv_without_profiles_and_counts(tmp_path):
    """`--output-columns` may leave out all that is not needed."""
    drop = tuple(n for n in ROWS[0] if n.startswith(("author.", "public_metrics.", "in_reply_to")))
    raw = one(write(tmp_path, "t.csv", table(ROWS, drop)))
    assert raw.format == "twarc_csv" and raw.accounts is None
    assert comments(raw, "author_id", "page_id") == [("61", "51"), ("62", "51"), ("63", "51"), ("63", "t")]
    assert not {"rating", "invited", "verified_purchase", "ip_code"} & set(raw.comments.column_names)


def test_twarc_csv_ids_that_excel_cut_count_as_missing(tmp_path):
    rows = [{**r, "conversation_id": "1.77797E+18", "id": "1.77797E+18"} if r["author_id"] == "62" else r for r in ROWS]
    raw = one(write(tmp_path, "t.csv", table(rows)))
    dump = normalise([raw])
    assert "cut_id" in {n.code for n in dump.notes}
    assert dump.comments.num_rows == 4 and dump.rows_read == dump.comments.num_rows + dump.rejects.num_rows


def test_twarc_csv_that_is_cut(tmp_path):
    raw = one(write(tmp_path, "t.csv", table(ROWS)[:-60]))
    assert raw.truncated and raw.rejects.num_rows == 2  # the retweet and the cut row


@pytest.mark.parametrize(("time", "found"), [
    ("Wed Feb 03 10:00:05 +0000 2016", "2016-02-03T10:00:05+0000"),
    ("Thu Jan 01 00:00:00 +0530 2015", "2015-01-01T00:00:00+0530"),
    ("mer. févr. 03 10:00:05 +0000 2016", "mer. févr. 03 10:00:05 +0000 2016"),
    (1454493605, 1454493605), (None, None),
])
def test_times_of_v1_1(time, found):
    assert iso(time) == found


def old(name: int, to: int | None = None, **more: object) -> dict[str, Any]:
    return {"id": name, "id_str": str(name), "text": f"t{name}", "created_at": "Wed Feb 03 10:00:05 +0000 2016",
            "in_reply_to_status_id_str": str(to) if to else None, "user": {"id_str": "7", "screen_name": "a"}} | more


def test_v1_1_chains_are_walked_whatever_their_order(tmp_path):
    raw = one(write(tmp_path, "a.jsonl", lines(old(4, 3), old(3, 2), old(2, 1), old(1), old(31, 30), old(30, 29))))
    assert sorted(comments(raw, "comment_id", "post_id", "parent_id")) == [
        ("2", "1", None), ("3", "1", "2"), ("30", "29", None), ("31", "29", "30"), ("4", "1", "3")]
    assert set(posts(raw)) == {"1", "29"}


def test_v1_1_tweets_that_answer_in_a_circle_end(tmp_path):
    raw = one(write(tmp_path, "a.jsonl", lines(old(2, 3), old(3, 2), old(4, 4))))
    assert len(comments(raw, "comment_id")) == 3


def test_v1_1_search_answers_quotes_and_texts(tmp_path):
    quoted = old(50, full_text="l'original &amp; entier", user={"id_str": "9", "screen_name": "page"})
    found = {"statuses": [old(60, quoted_status_id_str="50", quoted_status=quoted, full_text="bien dit"),
                          old(61, 50, text="coupé…", truncated=True)],
             "search_metadata": {"next_results": "?max_id=1"}}
    raw = one(write(tmp_path, "a.json", json.dumps(found)))
    assert raw.truncated and {"cut_text", "truncated"} <= set(codes(raw))
    assert comments(raw, "comment_id", "post_id", "text") == [("60", "50", "bien dit"), ("61", "50", "coupé…")]
    assert (posts(raw)["50"]["page_id"], posts(raw)["50"]["post_text"]) == ("9", "l'original & entier")


def test_v1_1_notices_of_the_stream_are_rejected_and_counted(tmp_path):
    notices = [{"limit": {"track": 12}}, {"limit": {"track": 40}}, {"delete": {"status": {"id": 1}}}, {"x": 1}, 5]
    raw = one(write(tmp_path, "a.json", json.dumps([old(2, 1), *notices])))
    assert raw.rejects["reason"].to_pylist() == [
        "a notice of the stream (limit), no tweet", "a notice of the stream (limit), no tweet",
        "a notice of the stream (delete), no tweet", "not a tweet", "not a tweet"]
    assert "40 tweets" in next(n.text for n in raw.notes if n.code == "missing_replies")


@pytest.mark.parametrize("text", [
    'window.YTD.tweet.part0 = [ {"tweet": {"id_str": "1"}} ]', "window.YTD.account.part0=[]",
    '\ufeff[ { "tweet" : { "id" : 1 } } ]',
])
def test_an_archive_is_refused_in_any_of_its_parts(tmp_path, text):
    with pytest.raises(OwnerOnlyExport) as caught:
        one(write(tmp_path, "tweet.js", text))
    assert caught.value.where and "conversation" in str(caught.value.hint)


def test_a_companion_of_roots_joins_replies_collected_without_them(tmp_path: Path):
    """Two files of one dump: replies, and the page's own tweets."""
    write(tmp_path, "d/replies.jsonl", lines({"data": [answer(1777969768297398000, ROOT)]}))
    own = tweet(int(ROOT), author_id="51", created_at="2024-04-10T08:00:00.500Z")
    write(tmp_path, "d/own.jsonl", lines({"data": [own]}))
    raw = one(tmp_path / "d")
    told = posts(raw)[ROOT]
    assert (told["page_id"], told["post_time"].isoformat()) == ("51", "2024-04-10T08:00:00.500000+00:00")
    assert comments(raw, "page_id") == ["51"]
