"""Formats of review sites, VK, LinkedIn and blogs: the traps that their samples do not show."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from make_files import SAMPLES, codes, one, write

from fakedetect import readers
from fakedetect.errors import InputError, OwnerOnlyExport, PostsOnlyFile, TruncatedInput
from fakedetect.normalise import normalise
from fakedetect.readers.exports.google_business_reviews import original
from fakedetect.readers.exports.trustpilot_business import invited
from fakedetect.schema import Dump

CORPORA = Path(__file__).parents[2] / "shared" / "formats"


def lines(*values: Any) -> str:
    return "".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values)


def dumped(folder: Path, name: str, content: str | bytes, **options: Any) -> Dump:
    return normalise([one(write(folder, name, content), **options)])


def column(dump: Dump, name: str) -> list[Any]:
    return dump.comments[name].to_pylist()


def review(**more: Any) -> dict[str, Any]:
    return {"name": "accounts/1/locations/2/reviews/3", "reviewer": {"displayName": "Ada"}, "starRating": "THREE",
            "comment": "fine", "createTime": "2023-01-01T00:00:00Z", **more}


@pytest.mark.parametrize(("text", "kept"), [
    ("(Translated by Google) Good\n\n(Original)\nBien", "Bien"),
    ("Bien\n\n(Translated by Google)\nGood", "Bien"),
    ("(Traduit par Google) Bien\n\n(Avis d'origine)\nGood\n\nreally", "Good\n\nreally"),
    ("(Translated by Google) Good", "(Translated by Google) Good"),
    ("I like (Translated by Google) signs", "I like (Translated by Google) signs"),
    ("plain", "plain"), (None, None), (["x"], ["x"]),
    ("\n" * 50_000 + "(Translated by Google)", "\n" * 50_000 + "(Translated by Google)"),
], ids=range(9))
def test_of_a_translated_review_only_the_original_is_kept(text: object, kept: object) -> None:
    assert original(text) == kept


def test_google_pages_of_one_location_are_finished_by_the_last(tmp_path: Path) -> None:
    pages = ({"reviews": [review(reviewId="a")], "nextPageToken": "t"}, {"reviews": [review(reviewId="b"), "odd", {}]})
    raw = one(write(tmp_path, "r.json", lines(*pages)))
    assert (raw.format, raw.truncated, raw.comments.num_rows, raw.rejects.num_rows) == (
        "google_business_reviews", False, 2, 2)
    assert one(write(tmp_path, "r.json", lines(*pages[::-1]))).truncated
    with pytest.raises(TruncatedInput):
        one(tmp_path / "r.json", strict=True)


def test_google_reviews_of_several_locations_and_without_names(tmp_path: Path) -> None:
    batch = {"locationReviews": [{"name": "accounts/9/locations/7", "review": review(name=None, reviewId="x")},
                                 {"name": "locations/8/reviews/y", "review": {"starRating": "ONE"}}, 5]}
    raw = one(write(tmp_path, "r.json", json.dumps([batch, review(name=17, reviewer="odd", starRating=None)])))
    assert raw.comments["comment_id"].to_pylist() == ["x", "y", None]
    assert raw.comments["post_id"].to_pylist() == ["7", "8", None]
    assert (raw.rejects.num_rows, raw.truncated) == (1, False)


@pytest.mark.parametrize(("source", "told"), [("Organic", "false"), ("AFSv2", "true"), ("", None), ("False", "false"),
                                              ("BasicLink", "true")])
def test_trustpilot_says_where_a_review_comes_from(source: str, told: str | None) -> None:
    assert invited(source) == told


def test_trustpilot_headers_in_any_case_and_no_emails(tmp_path: Path) -> None:
    head = "DOMAIN URL;Review id;review created (utc);Review username;Review User Email;Review content;Review stars\n"
    dump = dumped(tmp_path, "t.csv", head + "shop.example;r1;2024-01-31 23:59:59;Ada;secret@mail.example;ok;4\n")
    assert dump.formats == ("trustpilot_business",)
    assert column(dump, "comment_time")[0].isoformat() == "2024-01-31T23:59:59+00:00"
    assert "secret@" not in str([dump.comments.to_pylist(), dump.accounts.to_pylist(), dump.posts.to_pylist()])


def test_trustpilot_pages_without_authors_are_read(tmp_path: Path) -> None:
    text = (SAMPLES / "trustpilot_nextdata" / "court.csv").read_text("utf-8")
    raw = one(write(tmp_path, "a.csv", text[:-120]))
    assert (raw.comments.num_rows, raw.truncated) == (1, True)
    assert not {"author_id", "author_name"} & set(raw.comments.column_names)
    dump = normalise([raw])
    assert (column(dump, "author_id"), dump.kind) == ([None], "reviews")


def test_tripadvisor_names_of_the_content_api(tmp_path: Path) -> None:
    item = {"id": 5, "location_id": 77, "published_date": "2024-04-10T10:15:00Z", "rating": 5, "helpful_votes": 1,
            "text": "ok", "user": {"username": "u"}, "owner_response": "thanks"}
    dump = dumped(tmp_path, "t.json", json.dumps({"data": [item, "odd", {"rating": 1}]}))
    assert dump.formats == ("tripadvisor",)
    assert [column(dump, n)[0] for n in ("post_id", "author_name", "likes", "reply_text")] == ["77", "u", 1, "thanks"]
    assert dump.rejects.num_rows == 2


def test_amazon_editions_mixed_and_broken(tmp_path: Path) -> None:
    old = {"reviewerID": "A1", "asin": "B1", "helpful": [3, 4], "reviewText": "x", "overall": 5.0,
           "unixReviewTime": 1405036800, "reviewTime": "07 11, 2014"}
    dump = dumped(tmp_path, "a.jsonl", lines(old, {"asin": "B2"}, {**old, "asin": None}, [1]) + '{"asin": "B')
    assert dump.formats == ("amazon_reviews",)
    assert (column(dump, "likes"), dump.rejects.num_rows, dump.truncated) == ([3, 3], 3, True)
    assert {t.isoformat() for t in column(dump, "comment_time")} == {"2014-07-11T00:00:00+00:00"}


def vk(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "from_id": 7, "date": 1600000000 + number, "text": f"t{number}", "post_id": 1, "owner_id": -5,
            "parents_stack": [], **more}


def page(*items: Any, **more: Any) -> dict[str, Any]:
    return {"response": {"items": list(items), **more}}


@pytest.mark.parametrize(("content", "rows", "missing", "declared"), [
    (lines(page(vk(1), count=2), page(vk(2), count=2)), 2, False, [2]),
    (lines(page(vk(1), count=3), page(vk(2), count=3)), 2, True, [3]),
    (lines(page(vk(1, thread={"count": 2, "items": [vk(2, parents_stack=[1])]}))), 2, True, []),
    (lines(page(vk(1, thread={"count": 1, "items": []})), page(vk(2, parents_stack=[1]), count=1)), 2, False, []),
    (lines({"response": [{"items": [vk(1)], "count": 1}, {"items": [vk(3, post_id=2)], "count": 1}]}), 2, False,
     [1, 1]),
    (lines(vk(1), vk(2, reply_to_comment=1)), 2, False, []),
    (json.dumps({"items": [vk(1, attachments=[{"wall": {"post_type": "post", "reposts": {}}}])], "count": 1}),
     1, False, [1]),
    (lines({"response": {"count": 1, "items": [{"id": 9, "from_id": 7, "date": 1600000000, "text": "old"}]}}),
     1, False, []),
], ids=["pages", "a page lacks", "thread lacks", "thread apart", "execute", "bare", "shared post", "before 2019"])
def test_vk_counts_what_is_missing(tmp_path: Path, content: str, rows: int, missing: bool, declared: list[int]) -> None:
    raw = one(write(tmp_path, "v.json", content))
    assert (raw.format, raw.comments.num_rows, "missing_replies" in codes(raw)) == ("vk_api", rows, missing)
    dump = normalise([raw])
    assert dump.posts["declared_comments"].drop_null().to_pylist() == declared


def test_vk_odd_answers_are_rejected(tmp_path: Path) -> None:
    deep: Any = page(vk(9))
    for _ in range(300):
        deep = {"response": deep}
    odd = (page(vk(1, from_id=True, likes=3, thread=[]), 5, {"date": 3}, profiles=[{"id": "x"}, 7]), deep, "x",
           {"error": {"error_code": 15}}, page(vk(2, from_id=None), vk(3, from_id=0), vk(4, post_id={}, owner_id=[])))
    raw = one(write(tmp_path, "v.json", lines(*odd)))
    assert (raw.comments.num_rows, raw.rejects.num_rows) == (4, 5)
    assert raw.comments["author_id"].to_pylist()[1:3] == [None, None]


def test_vk_posts_stand_beside_and_alone(tmp_path: Path) -> None:
    dump = write(tmp_path, "comments.json", lines(page(vk(1), count=1)))
    wall = {"id": 1, "owner_id": -5, "from_id": -5, "date": 1599999000, "text": "p", "post_type": "post"}
    write(tmp_path, "wall.json", lines(page(wall, count=1)))
    [post] = normalise([one(dump)]).posts.to_pylist()
    assert (post["post_id"], post["page_id"], post["post_time"].isoformat()) == ("1", "-5", "2020-09-13T12:10:00+00:00")
    with pytest.raises(PostsOnlyFile):
        one(tmp_path / "wall.json")


def test_a_members_own_linkedin_comments_are_refused(tmp_path: Path) -> None:
    own = (SAMPLES / "linkedin_comments" / "Comments.csv").read_bytes()
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("Comments.csv", own)
        archive.writestr("Shares.csv", "Date,ShareLink,ShareCommentary\n2024-01-01,https://www.linkedin.com/x,y\n")
    with pytest.raises(OwnerOnlyExport, match="LinkedIn"):
        one(tmp_path / "export.zip")
    with pytest.raises(InputError) as caught:
        one(write(tmp_path, "mine.csv", "Date,Link,Message\n2024-01-01,https://example.org,x\n"))
    assert not isinstance(caught.value, OwnerOnlyExport)


def test_linkedin_ids_names_and_odd_values(tmp_path: Path) -> None:
    full = {"id": "urn:li:comment:(urn:li:ugcPost:3,44)", "actor": "urn:li:person:z", "message": {"text": "x"},
            "actor~": {"localizedFirstName": "Ada", "localizedLastName": "L"}, "created": {"time": 1641024000000}}
    odd = ({"elements": [full, 5, {"actor": "a"}], "paging": {"total": "many"}},
           {"elements": [{**full, "id": "45", "object": "urn:li:activity:3", "message": [], "created": 4}]})
    raw = one(write(tmp_path, "l.json", lines(*odd)))
    assert (raw.format, raw.comments.num_rows, raw.rejects.num_rows, raw.truncated) == ("linkedin_api", 2, 2, False)
    assert raw.comments.to_pylist()[0]["comment_id"] == "44"
    assert raw.comments["author_name"].to_pylist() == ["Ada L", "Ada L"]


WP = "comment_ID,comment_post_ID,comment_author,{time},comment_content,comment_approved,comment_type,user_id\n"


def test_wordpress_local_times_need_a_zone(tmp_path: Path) -> None:
    row = "1,2,Ada,2024-07-01 10:00:00,hello,1,,0\n"
    path = write(tmp_path, "c.csv", WP.format(time="comment_date") + row)
    local, utc = normalise([one(path)]), dumped(tmp_path, "d.csv", WP.format(time="comment_date_gmt") + row)
    assert local.formats == utc.formats == ("wordpress_comments",)
    assert (column(local, "comment_time"), [n.code for n in local.notes]) == ([None], ["naive_time"])
    assert column(normalise([one(path)], naive_zone="Europe/Paris"), "comment_time")[0].hour == 8
    assert column(utc, "comment_time")[0].hour == 10


def test_wordpress_rows_that_are_no_comments(tmp_path: Path) -> None:
    rows = ["1,2,A,2024-07-01 10:00:00,a,1,comment,5", "1.22158E+17,2,B,2024-07-01 10:00:01,b,0,review,0",
            "3,2,C,2024-07-01 10:00:02,c,trash,,0", "4,2,D,2024-07-01 10:00:03,d,1,order_note,0", "5,2,E"]
    dump = dumped(tmp_path, "c.csv", WP.format(time="comment_date_gmt") + "\n".join(rows) + "\n")
    assert column(dump, "text") == ["a", "b"]
    assert column(dump, "author_id") == ["5", "name:B"]
    assert sorted(dump.rejects["reason"].to_pylist()) == ["3 columns where the header has 8", "in the bin",
                                                          "of another comment_type than comment"]
    assert "cut_id" in [n.code for n in dump.notes]
    assert dump.comments["row"].to_pylist() == [1, 2]


RSS = ('<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dsq="http://www.disqus.com/">'
       "<channel><link>https://blog.example</link>{}</channel></rss>")
ITEM = "<item><title>T</title>{}</item>"


def wp_comment(number: int, **more: str) -> str:
    told = {"id": str(number), "author": f"N{number}", "date_gmt": f"2024-01-01 00:00:0{number}", "content": "x",
            "approved": "1", "type": "", "parent": "0", "user_id": "0", **more}
    return "<wp:comment>" + "".join(f"<wp:comment_{k}>{v}</wp:comment_{k}>" for k, v in told.items()) + "</wp:comment>"


@pytest.mark.parametrize(("told", "time"), [
    ("<wp:post_date_gmt>2024-01-01 00:00:00</wp:post_date_gmt>", "2024-01-01T00:00:00+00:00"),
    ("<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt><pubDate>Mon, 01 Jan 2024 02:00:00 +0100</pubDate>",
     "2024-01-01T01:00:00+00:00"),
    ("<pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>", None), ("<pubDate>soon</pubDate>", None),
    ("<wp:post_date>2024-01-01 00:00:00</wp:post_date>", None),
], ids=["gmt", "pubDate", "year -1", "no date", "local"])
def test_the_time_of_a_wordpress_post(tmp_path: Path, told: str, time: str | None) -> None:
    dump = dumped(tmp_path, "w.xml", RSS.format(ITEM.format(told + "<wp:post_id>4</wp:post_id>" + wp_comment(1))))
    assert dump.formats == ("wordpress_wxr",)
    [post] = dump.posts.to_pylist()
    assert (post["post_time"].isoformat() if post["post_time"] else None) == time


def test_wordpress_comments_without_gmt_shops_and_imports(tmp_path: Path) -> None:
    stars = "<wp:commentmeta><wp:meta_key>rating</wp:meta_key><wp:meta_value>4</wp:meta_value></wp:commentmeta>"
    shop = "<wp:post_id>4</wp:post_id><wp:post_type>product</wp:post_type>" + wp_comment(
        1, type="review").replace("</wp:comment>", stars + "</wp:comment>")
    local = "<dsq:thread_identifier>page-9</dsq:thread_identifier>" + wp_comment(
        2, date_gmt="0000-00-00 00:00:00", date="2024-01-01 00:00:00")
    dump = dumped(tmp_path, "w.xml", RSS.format(ITEM.format(shop) + ITEM.format(local)))
    assert (column(dump, "rating"), column(dump, "post_id")) == ([4.0, None], ["4", "page-9"])
    assert (column(dump, "comment_time")[1], [n.code for n in dump.notes]) == (None, ["local_time"])


def test_a_post_is_told_even_where_its_end_is_cut_off(tmp_path: Path) -> None:
    whole = RSS.format(ITEM.format("<wp:post_id>4</wp:post_id>" + wp_comment(1) + wp_comment(2)))
    dump = dumped(tmp_path, "w.xml", whole[:whole.index("N2")])
    assert (column(dump, "author_name"), dump.posts["post_text"].to_pylist(), dump.truncated) == (["N1"], ["T"], True)


def test_the_files_of_one_blog_are_one_page(tmp_path: Path) -> None:
    for k in (1, 2):
        write(tmp_path, f"blog.00{k}.xml", RSS.format(ITEM.format(f"<wp:post_id>{k}</wp:post_id>" + wp_comment(k))))
    assert pc.unique(normalise([one(tmp_path)]).comments["page_id"]).to_pylist() == ["https://blog.example"]


def test_a_disqus_export_as_it_is_sent_and_cut(tmp_path: Path) -> None:
    whole = (SAMPLES / "disqus" / "site.xml").read_bytes().replace(b"<isDeleted>false", b"<isDeleted>true", 2)
    raw = one(write(tmp_path, "all.xml.gz", gzip.compress(whole)))
    assert sorted(raw.rejects["reason"].to_pylist()) == ["deleted", "marked as spam"]
    cut = one(write(tmp_path, "cut.xml", whole[:whole.rindex(b"<isSpam>")]))
    assert (cut.format, cut.rows_read, cut.truncated) == ("disqus", 2, True)
    with pytest.raises(TruncatedInput):
        one(tmp_path / "cut.xml", strict=True)


@pytest.mark.corpora
@pytest.mark.parametrize(("path", "fmt", "rows", "authors", "first"), [
    ("google_business_reviews_json/invented_reviews.json", "google_business_reviews", 1, 1,
     "2024-03-05T17:03:41.123456+00:00"),
    ("trustpilot_business_csv/invented.csv", "trustpilot_business", 1, 1, "2024-03-05T17:03:41+00:00"),
    ("trustpilot_nextdata_csv/real_head.csv", "trustpilot_nextdata", None, 0, None),
    ("tripadvisor_json/invented_UNVERIFIED.json", "tripadvisor", 1, 1, None),
    ("amazon_reviews_2023_jsonl/invented.jsonl", "amazon_reviews", 1, 1, "2024-03-05T17:03:41.123000+00:00"),
])
def test_what_the_corpora_give(path: str, fmt: str, rows: int | None, authors: int, first: str | None) -> None:
    reader = next(r for r in readers.FORMATS if r.name == fmt)
    source = readers.Source(path, CORPORA / path)
    assert readers.detect(readers.Head.of(source)) is reader
    dump = normalise([reader.read(source, readers.ReadOptions())])
    times = [t for t in column(dump, "comment_time") if t is not None]
    assert dump.comments.num_rows == (rows or dump.rows_read) and dump.rejects.num_rows == 0
    assert len(set(column(dump, "author_id")) - {None}) == authors
    assert dump.kind == "reviews"
    if first is not None:
        assert min(times).isoformat() == first
