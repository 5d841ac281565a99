"""The traps of exports from Reddit, 4CAT, Weibo, Discourse and phpBB; and the samples of all these families."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from make_files import SAMPLES, codes, one, put_odd_values, write

from fakedetect import readers
from fakedetect.errors import InputError, PostsOnlyFile
from fakedetect.normalise import normalise
from fakedetect.readers.exports.discourse import own_words
from fakedetect.readers.exports.phpbb import typed
from fakedetect.readers.exports.weibo_ced import own_words as weibo_words
from fakedetect.schema import Raw

FORMATS = Path(__file__).parents[2] / "shared" / "formats"
RC = {"id": "c1", "author": "ana", "created_utc": 1614592830, "subreddit": "s", "link_id": "t3_a", "parent_id": "t3_a",
      "body": "oui", "score": 1}
RS = {"id": "a", "author": "page", "created_utc": 1614592800, "subreddit": "s", "title": "T", "selftext": "",
      "num_comments": 1}


def lines(*values: object) -> str:
    return "".join(json.dumps(v) + "\n" for v in values)


def comments(raw: Raw, *names: str) -> list[Any]:
    """Values of comments by name, one value a row where there is one name."""
    rows = [tuple(r[n] for n in names) for r in normalise([raw]).comments.to_pylist()]
    return [r[0] for r in rows] if len(names) == 1 else rows


def posts(raw: Raw) -> dict[str, dict[str, Any]]:
    return {p["post_id"]: p for p in normalise([raw]).posts.to_pylist()}


# Reddit


def test_a_zstd_archive_with_the_window_of_pushshift(tmp_path):
    window = zstandard.ZstdCompressionParameters(window_log=27)
    packed = zstandard.ZstdCompressor(compression_params=window).compress(lines(RC, {**RC, "id": "c2"}).encode())
    raw = one(write(tmp_path, "RC_2021-03.zst", packed))
    assert (raw.format, raw.comments.num_rows) == ("pushshift", 2)


def test_created_utc_over_the_years_and_those_who_are_gone(tmp_path):
    raw = one(write(tmp_path, "RC.ndjson", lines(
        RC, {**RC, "id": "c2", "created_utc": "1614592831"}, {**RC, "id": "c3", "created_utc": 1614592832.0},
        {**RC, "id": "c4", "author": "[deleted]", "body": "[deleted]", "created_utc": 1614592833},
        {**RC, "id": "c5", "author": "[deleted]", "body": "[ Removed by Reddit ]", "created_utc": 1614592834})))
    assert [t.second for t in comments(raw, "comment_time")] == [30, 31, 32, 33, 34]
    assert comments(raw, "author_id", "text")[2:] == [("ana", "oui"), (None, None), (None, None)]


def test_numbers_as_parents_are_ids_in_base_36(tmp_path):
    reply = {**RC, "id": "c2", "parent_id": int("c1", 36), "created_utc": 1614592831}
    raw = one(write(tmp_path, "RC.ndjson", lines(RC, reply)))
    assert comments(raw, "parent_id") == [None, "c1"]


def test_the_answer_of_pushshifts_api(tmp_path):
    raw = one(write(tmp_path, "a.json", json.dumps({"data": [RC, {"x": 1}, RS], "metadata": {}})))
    assert (raw.comments.num_rows, raw.posts.num_rows) == (1, 1)
    assert raw.rejects["reason"].to_pylist() == ["neither a comment nor a submission of Reddit"]


def test_submissions_join_beside_the_comments_and_are_refused_alone(tmp_path):
    write(tmp_path, "RC.ndjson", lines(RC))
    write(tmp_path, "RS.ndjson", lines(RS, {**RS, "id": "b"}))
    assert posts(one(tmp_path / "RC.ndjson"))["t3_a"]["post_time"].isoformat() == "2021-03-01T10:00:00+00:00"
    assert posts(one(tmp_path / "RC.ndjson", posts=tmp_path / "RS.ndjson"))["t3_a"]["declared_comments"] == 1
    with pytest.raises(PostsOnlyFile):
        one(tmp_path / "RS.ndjson")


def listing(*children: object, after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(children), "after": after}}


def thing(name: str, replies: object = "", **more: object) -> dict[str, Any]:
    return {"kind": "t1", "data": {**RC, "id": name, "replies": replies} | more}


def test_a_deep_tree_of_replies_is_read_to_its_end(tmp_path):
    tree: object = ""
    for k in range(60, 0, -1):
        tree = listing(thing(f"c{k}", tree, parent_id=f"t1_c{k - 1}", created_utc=1614592800 + k, author=f"a{k}"))
    raw = one(write(tmp_path, "a.json", json.dumps([listing({"kind": "t3", "data": RS}), tree])))
    assert comments(raw, "comment_id") == [f"c{k}" for k in range(1, 61)]


def test_stubs_are_counted_and_odd_things_rejected(tmp_path):
    more = [{"kind": "more", "data": {"count": n, "children": []}} for n in (7, 0, "many", -3, 5)]
    page = listing(thing("c1", []), {"kind": "t5", "data": {}}, 3, *more, after="t1_zz")
    raw = one(write(tmp_path, "a.jsonl", lines(page, page)))
    assert raw.truncated
    assert [n.text for n in raw.notes if n.code == "missing_replies"] == [
        "24 comments exist that the file does not hold, and 2 threads go on deeper"]
    assert raw.rejects.num_rows == 4


def test_a_listing_that_is_cut(tmp_path):
    text = json.dumps([listing({"kind": "t3", "data": RS}), listing(thing("c1"), thing("c2"), thing("c3"))])
    raw = one(write(tmp_path, "a.json", text[:-100]))
    assert raw.truncated and raw.comments.num_rows == 2


# 4CAT


def fourcat(rows: list[dict[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


X = {"id": "1777969768297398279", "thread_id": "1777969768297398279", "timestamp": "2024-04-10 08:00:00",
     "unix_timestamp": 1712736000, "body": "La une", "author": "page", "author_id": "51", "author_followers": 9,
     "reply_count": 2, "like_count": 1, "is_retweet": "no"}


def test_4cat_tweets(tmp_path):
    """Threads begin with posts; a thread whose beginning is missing is dated by its id; retweets are no comments."""
    rows = [X, {**X, "id": "2", "author": "lea", "author_id": "61", "body": "&lt;3"},
            {**X, "id": "3", "author": "bob", "author_id": "62", "is_retweet": "yes"},
            {**X, "id": "4", "thread_id": "1777667776828145671", "author": "lea", "author_id": "61"}]
    raw = one(write(tmp_path, "x.csv", fourcat(rows)))
    assert (raw.platform, raw.rejects.num_rows) == ("x", 1)
    assert sorted(comments(raw, "comment_id", "parent_id", "text")) == [("2", None, "<3"), ("4", None, "La une")]
    told = posts(raw)
    assert (told[X["id"]]["declared_comments"], told[X["id"]]["page_id"]) == (2, "51")
    assert told["1777667776828145671"]["post_time"].isoformat() == "2024-04-09T12:00:00.123000+00:00"


def test_4cat_posts_join_comments_and_are_refused_alone(tmp_path):
    video = {"id": "7401", "thread_id": "7401", "author": "page", "body": "Pain", "timestamp": "2024-08-12 17:00:00",
             "tiktok_url": "https://example.org", "comments": 3, "unix_timestamp": 1723482000}
    path = write(tmp_path, "d/videos.csv", fourcat([video]))
    with pytest.raises(PostsOnlyFile):
        one(path)
    write(tmp_path, "d/comments.csv", (SAMPLES / "fourcat_csv/tiktok-comments.csv").read_bytes())
    told = posts(one(tmp_path / "d"))["7401"]
    assert (told["post_time"].isoformat(), told["declared_comments"]) == ("2024-08-12T17:00:00+00:00", 3)


def test_4cat_ids_that_excel_cut_make_no_thread(tmp_path):
    rows = [{**X, "id": "1.77797E+18", "thread_id": "1.77797E+18", "author_id": str(k)} for k in range(3)]
    raw = one(write(tmp_path, "x.csv", fourcat(rows)))
    assert raw.comments.num_rows == 3 and "cut_id" in {n.code for n in normalise([raw]).notes}


def test_4cat_forums_without_names_and_a_subreddit(tmp_path):
    row = {"thread_id": "lv1", "id": "gq1", "timestamp": "2021-03-01 10:00:30", "body": "a", "subject": "",
           "author": "Anonymous", "subreddit": "s", "parent": "t1_gq0", "score": 4, "unix_timestamp": 1614592830}
    raw = one(write(tmp_path, "r.csv", fourcat([row, {**row, "id": "gq2", "author": "ana", "parent": "t3_lv1"}])))
    assert raw.platform == "reddit"
    assert sorted(comments(raw, "comment_id", "author_id", "parent_id", "page_id", "likes")) == [
        ("gq1", None, "gq0", "s", 4), ("gq2", "ana", None, "s", 4)]


# Weibo


@pytest.mark.parametrize(("text", "own"), [
    ("好//@远山:路上小心//@晚风：收到", "好"), ("好 // @远山: 小心", "好"), ("//@远山:小心", None), ("转发微博", None),
    ("轉發微博。//@远山:小心", None), ("http://example.org/a@b 看", "http://example.org/a@b 看"),
    ("回复@罗:好", "回复@罗:好"), ("", None), (None, None), (5, None), (" " * 50_000 + "//", "//"),
])
def test_what_a_weibo_comment_says_itself(text, own):
    assert (weibo_words(text) or "").strip() == (own or "")


def test_weibo_posts_join_their_comments_by_the_files_names(tmp_path):
    """The two files have one name and stand in two folders, as a zip or a pattern may name them."""
    name = "12_zAb3dE5fG_1700000001.json"
    for kind in ("weibo_ced", "weibo_ced_posts"):
        write(tmp_path, f"{kind}/{name}", (SAMPLES / kind / name).read_bytes())
    raw = one(f"{tmp_path}/*/{name}")
    told = posts(raw)["zAb3dE5fG"]
    assert (told["post_time"].isoformat(), told["declared_comments"]) == ("2013-04-30T16:00:00+00:00", 3)
    [owner] = normalise([raw]).accounts.to_pylist()
    assert (owner["author_id"], owner["created_at"].isoformat()) == ("1700000001", "2010-01-01T00:00:00+00:00")
    assert owner["bio"] is None


def test_a_weibo_file_of_another_name_is_its_own_post(tmp_path):
    text = (SAMPLES / "weibo_ced/12_zAb3dE5fG_1700000001.json").read_text("utf-8")
    raw = one(write(tmp_path, "page/mine.json", text).parent)
    assert set(comments(raw, "post_id", "page_id")) == {("mine", "page")}


# Discourse and phpBB


def test_discourse_pages_of_one_topic(tmp_path):
    """A later page has no first post and no stream; an answer to a post that is not here keeps that post's address."""
    first = json.loads((SAMPLES / "discourse/88.json").read_text("utf-8"))
    post = first["post_stream"]["posts"][1]
    later = {"id": 88, "post_stream": {"posts": [
        {**post, "id": 505, "post_number": 5, "reply_to_post_number": 3, "user_deleted": True},
        {**post, "id": 507, "post_number": 7, "reply_to_post_number": 40, "raw": "[quote=\"a\"]b[/quote]c"}, None]}}
    raw = one(write(tmp_path, "88.jsonl", lines(first, later)))
    assert comments(raw, "comment_id", "parent_id", "text")[1:3] == [("505", "503", None), ("507", "88/40", "c")]
    assert [n.text[0] for n in raw.notes if n.code == "missing_replies"] == ["1"]
    assert raw.rejects["reason"].to_pylist() == ["a note of the forum itself, no post", "not a post of Discourse"]


@pytest.mark.parametrize(("text", "own"), [
    ('<aside class="quote"><blockquote>x</blockquote></aside><p>oui</p>', "oui"),
    ('<aside class="quote"><aside class="quote">y</aside>x</aside><p>oui</p>', "oui"),
    ('<aside class="onebox">lien</aside> oui', "lien oui"), ("<p>a</p>\n<p>b &amp; c</p>", "a\nb & c"),
    ('<aside class="quote"' * 20_000, '<aside class="quote"' * 20_000),
])
def test_what_a_discourse_post_says_itself(text, own):
    assert own_words(text) == own


@pytest.mark.parametrize(("text", "own"), [
    ("[quote=&quot;a&quot;:1a2b3c4d]x[quote:1a2b3c4d]y[/quote:1a2b3c4d][/quote:1a2b3c4d]oui", "oui"),
    ("[url=https://example.org:1a2b3c4d]ici[/url:1a2b3c4d] [img:1a2b3c4d]a.png[/img:1a2b3c4d]", "ici a.png"),
    ("[list:1a2b3c4d][*:1a2b3c4d]un[/*:m:1a2b3c4d][/list:u:1a2b3c4d]", "un"), ("[good] &lt;3", "[good] <3"),
    ("<r><B><s>[b]</s>a<e>[/b]</e></B> <E>:)</E><br/>b</r>", "a :)\nb"), ("<t>a &amp; b</t>", "a & b"),
    ("[quote]jamais fermé", "jamais fermé"), ("[quote" * 20_000, "[quote" * 20_000),
])
def test_what_a_phpbb_post_says_itself(text, own):
    assert typed(text) == own


def test_phpbb_guests_of_all_versions_and_a_subject_that_answers(tmp_path):
    head = "post_id,topic_id,forum_id,poster_id,post_time,post_username,post_subject,post_text\n"
    raw = one(write(tmp_path, "p.csv", head + "1,1,1,2,1325376000,,Sujet,a\n2,1,1,-1,1325376001,Passant,Re: Sujet,b\n"
                    "3,1,1,1,1325376002,,Re: Sujet,c\n9,2,1,3,1325376003,,Re: Autre,d\nx,2,1,3,1325376004,,,e\n"))
    assert comments(raw, "comment_id", "author_id") == [("2", "name:Passant"), ("3", None), ("9", "3"), ("x", "3")]
    assert posts(raw)["1"]["post_author_id"] == "2" and posts(raw)["2"]["post_time"] is None


def test_phpbb_that_is_cut(tmp_path):
    text = (SAMPLES / "phpbb/phpbb_posts.csv").read_text("utf-8")
    raw = one(write(tmp_path, "p.csv", text[:-20]))
    assert raw.truncated and raw.rejects.num_rows == 1


def test_discourse_csv_without_kinds_and_with_html(tmp_path):
    raw = one(write(tmp_path, "d.csv", "id,user_id,topic_id,post_number,reply_to_post_number,cooked,created_at\n"
                    "9,3,8,2,1,<p>oui</p>,2024-02-01 06:00:00\n10,3,8,4,3,<p>non</p>,2024-02-01 06:00:01\n"))
    assert comments(raw, "parent_id", "text") == [(None, "oui"), ("8/3", "non")]


# All of them

JSONS = {"x_api_v2": "conversation.jsonl", "twitter_v1_1": "stream.jsonl", "pushshift": "RS_petiteville.ndjson",
         "reddit_listing": "thread.json", "fourcat_ndjson": "items.ndjson", "discourse": "88.json",
         "weibo_ced": "12_zAb3dE5fG_1700000001.json", "weibo_ced_posts": "12_zAb3dE5fG_1700000001.json"}
ODD = st.recursive(st.sampled_from([None, True, -1, 1e308, 10**400, "", "1e9", [], {}, "[deleted]"]),
                   lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "data"]), inner))


def values_in(text: str) -> list[Any]:
    return json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]


def read_as(name: str, folder: Path, found: object) -> Raw:
    path = write(folder, "1_a_2.json", json.dumps(found))
    reader = next(r for r in readers.FORMATS if r.name == name)
    return reader.read(readers.Source(path.name, path), readers.ReadOptions())


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(sorted(JSONS)))
def test_odd_values_anywhere_raise_nothing_and_lose_no_row(tmp_path_factory, data, name):
    found = values_in((SAMPLES / name / JSONS[name]).read_text("utf-8"))
    put_odd_values(data, found, ODD)
    raw = read_as(name, tmp_path_factory.mktemp("odd"), found)
    assert raw.rows_read == raw.comments.num_rows + raw.rejects.num_rows
    assert normalise([raw]).rows_read == raw.rows_read


def broken(value: Any) -> Any:
    """The same with half a character behind each text, as JSON allows and UTF-8 does not."""
    if isinstance(value, dict):
        return {k: broken(v) for k, v in value.items()}
    if isinstance(value, list):
        return [broken(v) for v in value]
    return value + "\ud83d" if isinstance(value, str) else value


@pytest.mark.parametrize("name", sorted(JSONS))
def test_half_characters_anywhere(tmp_path, name):
    raw = read_as(name, tmp_path, broken(values_in((SAMPLES / name / JSONS[name]).read_text("utf-8"))))
    assert raw.rows_read or raw.posts.num_rows


# folder of ../shared/formats -> format, comments, authors known, UTC time of the first comment
READ = {
    "x_api_v2_json": ("x_api_v2", 1, 1, "2024-03-05T17:00:41+00:00"),
    "twitter_v1_1_json": ("twitter_v1_1", 1, 1, "2015-01-07T11:14:38+00:00"),
    "pushshift_ndjson": ("pushshift", 2, 1, "2024-03-05T17:05:00+00:00"),
    "reddit_listing_json": ("reddit_listing", 4, 3, "2009-01-12T20:11:43+00:00"),
    "reddit_praw_csv": ("reddit_praw_csv", 5, 1, "2016-07-10T01:21:56+00:00"),
    "fourcat_csv": ("fourcat_csv", 1, 1, "2024-03-05T17:05:00+00:00"),
    "communalytic_csv": ("communalytic", 1, 1, None),
    "klout_when_to_post_tsv": ("klout_when_to_post", 9, 8, "2014-10-15T00:06:56.999000+00:00"),
    "twarc_v2_jsonl": ("x_api_v2", "PostsOnlyFile", 0, None),
    "x_archive_js": ("x_archive", "OwnerOnlyExport", 0, None),
    "weibo_ced_json": ("weibo_ced_posts", "PostsOnlyFile", 0, None),
}


@pytest.mark.corpora
@pytest.mark.parametrize("folder", READ)
def test_the_samples_of_the_corpora(folder):
    name, rows, authors, first = READ[folder]
    for path in sorted((FORMATS / folder).iterdir()):
        assert readers.detect(readers.Head.of(readers.Source(path.name, path))).name == name
    if isinstance(rows, str):
        with pytest.raises(InputError) as caught:
            one(FORMATS / folder)
        assert type(caught.value).__name__ == rows
        return
    table = normalise([one(FORMATS / folder)]).comments
    assert (table.num_rows, len(set(table["author_id"].to_pylist()) - {None})) == (rows, authors)
    times = [t for t in table["comment_time"].to_pylist() if t]
    assert (min(times).isoformat() if times else None) == first


def test_notes_are_said_once_a_file(tmp_path):
    raw = one(write(tmp_path, "1_a_2.json", (SAMPLES / "weibo_ced/12_zAb3dE5fG_1700000001.json").read_bytes()))
    assert codes(raw) == ["post_from_name"]
