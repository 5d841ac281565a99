"""Instagram and TikTok: the traps of their exports that no sample shows."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from make_files import SAMPLES, codes, one, write

from fakedetect import readers
from fakedetect.errors import PostsOnlyFile, TruncatedInput
from fakedetect.normalise import normalise
from fakedetect.readers.facebook import short_code as post_of
from fakedetect.readers.tiktok import own_picture, video_of
from fakedetect.schema import Dump, Raw

FORMATS = Path(__file__).parents[2] / "shared" / "formats"
PAGE = "https://www.tiktok.com/@page.x/video/"


def loaded(name: str, file: str) -> Any:
    return json.loads((SAMPLES / name / file).read_text("utf-8"))


def dumped(path: Path, **options: Any) -> Dump:
    return normalise([one(path, **options)])


def put(folder: Path, value: Any, name: str = "f.json") -> Path:
    return write(folder, name, value if isinstance(value, str) else json.dumps(value))


def sniffed(name: str, data: str) -> float:
    return reader_of(name).sniff(readers.Head("f", data.encode()))


def reader_of(name: str) -> readers.Reader:
    return next(r for r in readers.FORMATS if r.name == name)


def reasons(raw: Raw) -> list[str]:
    return raw.rejects["reason"].to_pylist()


def column(dump: Dump, name: str) -> list[Any]:
    return dump.comments[name].to_pylist()


REAL = {
    # folder: (format, rows, accounts named, first comment's time)
    "instagram_graph_json": ("instagram_graph", 2, 2, "2024-03-05T17:01:15"),
    "exportcomments_instagram_csv": ("exportcomments_instagram", 1, 1, None),
    "apify_instagram_comments_json": ("apify_instagram_comments", 1, 1, "2024-03-05T17:01:15"),
    "apify_tiktok_comments": ("apify_tiktok_comments", 17, 12, "2024-01-02T19:55:23"),
    "romy_tiktok_comment_scrapper_json": ("romy_tiktok_comments", 9, 8, "2024-07-02T09:45:28"),
    "tiktok_research_api_json": ("tiktok_research_api", 1, 0, "2024-03-05T17:05:00"),
    "apify_tiktok_videos": ("PostsOnlyFile", 0, 0, None),
    "tiktok_video_list_json": ("PostsOnlyFile", 0, 0, None),
}


@pytest.mark.corpora
@pytest.mark.parametrize("folder", REAL)
def test_samples_of_others_are_read(folder):
    fmt, rows, authors, first = REAL[folder]
    path = next((FORMATS / folder).iterdir())
    if fmt == "PostsOnlyFile":
        with pytest.raises(PostsOnlyFile):
            one(path)
        return
    raw = one(path)
    dump = normalise([raw])
    times = [t for t in column(dump, "comment_time") if t is not None]
    assert (raw.format, dump.comments.num_rows, dump.rejects.num_rows) == (fmt, rows, 0)
    assert len({a for a in column(dump, "author_id") if a is not None}) == authors
    assert (min(times).isoformat() if times else None) == (f"{first}+00:00" if first else None)


ODD = (None, [], {}, "x", 5, True, 7.38e18, ["x", {}], {"data": [3]})
JSON_SAMPLES = [("instagram_graph", "media.json"), ("apify_instagram_comments", "dataset.json"),
                ("apify_tiktok_comments", "dataset.json"), ("apify_tiktok_videos", "videos.json"),
                ("romy_tiktok_comments", "comments.json"), ("tiktok_video_list", "videos.json"),
                ("tiktok_research_api", "comments.json"), ("tiktok_research_api", "videos.json")]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, v in inner:
        yield from places(v, (*path, key))


@pytest.mark.parametrize(("name", "file"), JSON_SAMPLES, ids=lambda v: v)
def test_any_value_may_stand_anywhere(tmp_path, name, file):
    """A row is a comment or a reject, whatever stands in it, and nothing raises."""
    whole, reader = loaded(name, file), reader_of(name)
    path = tmp_path / "f.json"
    for place in list(places(whole))[1:]:
        for odd in ODD:
            changed = copy.deepcopy(whole)
            at = changed
            for key in place[:-1]:
                at = at[key]
            at[place[-1]] = odd
            path.write_text(json.dumps(changed))
            raw = reader.read(readers.Source("f.json", path), readers.ReadOptions())
            assert raw.rows_read == raw.comments.num_rows + raw.rejects.num_rows
            assert raw.format == name


# Instagram


def media(**values: Any) -> dict[str, Any]:
    return {"id": "41", "timestamp": "2025-03-02T08:00:00+0000", "permalink": "https://example.org/p/x/", **values}


def said(number: int, name: str, **values: Any) -> dict[str, Any]:
    return {"id": f"10{number}", "timestamp": f"2025-03-02T08:0{number}:00+0000", "text": f"mot {number}",
            "username": name, **values}


def test_the_owner_is_known_by_id_or_by_name(tmp_path):
    """The page's own comments have an id of another kind, or none: all are one declared account."""
    talk = {"data": [said(1, "ann", **{"from": {"id": "77", "username": "ann"}}),
                     said(2, "page.x", **{"from": {"id": "88", "username": "page.x"}}), said(3, "page.x")]}
    by_id = dumped(put(tmp_path, media(username="page.x", owner={"id": "900"}, comments=talk)))
    assert column(by_id, "author_id") == ["77", "900", "900"]
    assert set(by_id.declared["author_id"].to_pylist()) == {"900"}
    by_name = dumped(put(tmp_path, media(username="page.x", comments=talk)))
    assert column(by_name, "author_id") == ["77", "name:page.x", "name:page.x"]
    assert by_name.declared["author_id"].to_pylist() == ["name:page.x"]


def test_answers_of_instagram_in_other_shapes(tmp_path):
    account = {"id": "900", "username": "page.x", "media": {"data": [media(comments={"data": [said(1, "ann")]})],
                                                            "paging": {"next": "https://example.org"}}}
    raw = one(put(tmp_path, account))
    assert (raw.format, raw.truncated, raw.comments["page_id"].to_pylist()) == ("instagram_graph", True, ["page.x"])
    first = {"data": [said(1, "ann", media={"id": "41"})], "paging": {"next": "https://example.org"}}
    last = {"data": [said(2, "bob", media={"id": "41"})], "paging": {"cursors": {}}}
    raw = one(put(tmp_path, [first, last]))
    assert (raw.rows_read, raw.truncated, raw.comments["post_id"].to_pylist()) == (2, False, ["41", "41"])
    bare = media(comments=[said(1, "ann", replies=[said(2, "bob")])])
    raw = one(put(tmp_path, json.dumps(bare)))
    assert raw.comments["parent_id"].to_pylist() == [None, "101"]
    raw = one(put(tmp_path, [bare, {"error": {"message": "token expired"}}, {"data": [7]}]))
    assert reasons(raw) == ["the API answered with an error: token expired", "neither media nor a comment"]


def test_media_alone_are_a_companion_and_threads_another_format(tmp_path):
    with pytest.raises(PostsOnlyFile):
        one(put(tmp_path, {"data": [media(caption="a", comments_count=0)]}))
    threads = {"data": [said(1, "ann", permalink="https://example.org", root_post={"id": "1"})]}
    assert sniffed("instagram_graph", json.dumps(threads)) == 0


def test_a_cut_file_keeps_the_comments_before_the_cut(tmp_path):
    whole = (SAMPLES / "apify_tiktok_comments" / "dataset.json").read_text("utf-8")
    path = put(tmp_path, whole[: whole.index('"Et le prix')])
    raw = one(path)
    assert (raw.rows_read, raw.truncated) == (2, True)
    with pytest.raises(TruncatedInput):
        one(path, strict=True)


HEAD = "Name,Username,Profile ID,Date,Likes,Comment,User Verified,Comment ID,Profile URL,Comment URL\n"
LINK = "https://www.instagram.com/p/Dx_1/c/1805000000000010"


def test_exportcomments_takes_its_zone_from_the_user(tmp_path):
    row = f"Ann,ann,71,2025-07-02 09:01:30,1.2K,Oui,no,18050000000000101,https://example.org,{LINK}1\n"
    path = put(tmp_path, HEAD + row, "c.csv")
    [raw] = readers.read([path])
    assert normalise([raw]).comments["comment_time"].null_count == 1
    dump = normalise([raw], naive_zone="Europe/Paris")
    assert column(dump, "comment_time") == [datetime(2025, 7, 2, 7, 1, 30, tzinfo=UTC)]
    assert column(dump, "likes") == [1200] and "derived_id" not in codes(raw)


def test_ids_that_excel_cut_come_from_the_address(tmp_path):
    rows = [f"Ann,ann,7.1E+11,2025-07-02 09:01:30,1,Oui,no,1.805E+16,,{LINK}1",
            "Bob,bob,72,2025-07-02 09:02:30,1,Non,no,18050000000000102,,https://www.instagram.com/p/Dx_1/",
            "Cy,cy,73,2025-07-02 09:03:30,1,Si,no,1.805E+16,,"]
    dump = dumped(put(tmp_path, (HEAD + "\n".join(rows) + "\n").replace(",", ";"), "c.csv"))
    by_name = {r["author_name"]: r for r in dump.comments.to_pylist()}
    assert by_name["ann"]["comment_id"] == "18050000000000101" and by_name["ann"]["author_id"] == "name:ann"
    assert by_name["bob"]["comment_id"] == "18050000000000102" and by_name["bob"]["post_id"] == "Dx_1"
    assert by_name["cy"]["comment_id"].startswith("made:") and by_name["cy"]["post_id"] == "c"
    assert {"derived_id", "cut_id"} <= {n.code for n in dump.notes}


@pytest.mark.parametrize(("address", "post"), [
    ("https://www.instagram.com/p/D-x_1/c/18/r/19/", "D-x_1"), ("https://www.instagram.com/some.one/reel/Dx/", "Dx"),
    ("https://instagram.com/reels/Dx?img_index=1", "Dx"), ("https://www.instagram.com/tv/Dx", "Dx"),
    ("https://example.org/short?x=1", "https://example.org/short"),
])
def test_posts_of_instagram_by_address(address, post):
    assert post_of(address) == post


def test_instagram_items_without_the_usual_fields(tmp_path):
    items = [{"ownerUsername": "ann", "text": "a", "timestamp": "2025-01-01T00:00:00.000Z",
              "commentUrl": "https://www.instagram.com/p/Dx/c/5"},
             {"id": "6", "ownerUsername": None, "text": "b", "timestamp": "x", "repliesCount": 2, "replies": [1]},
             {"items": [{"id": "7", "text": "c", "ownerUsername": "bo", "timestamp": None}]}, {"url": "x"}]
    raw = one(put(tmp_path, items))
    assert raw.comments["post_id"].to_pylist() == ["Dx", None, None]
    assert reasons(raw) == ["not a comment", "not a comment"] and "1 replies" in raw.notes[0].text


@pytest.mark.parametrize("extra", ["caption", "shortCode"])
def test_posts_with_some_comments_are_another_format(extra):
    post = {extra: "x", "ownerUsername": "p", "latestComments": [{"text": "a", "timestamp": "t", "id": "1"}]}
    assert sniffed("apify_instagram_comments", json.dumps([post])) == 0
    assert sniffed("apify_instagram_comments_csv", f"ownerUsername,text,timestamp,{extra}\na,b,c,d\n") == 0


def test_replies_in_columns_without_their_authors_are_left(tmp_path):
    """The file then holds no reply: the count says how many are missing."""
    text = ("id,ownerUsername,postUrl,text,timestamp,repliesCount,replies/0/text\n"
            "1,ann,https://www.instagram.com/p/Dx/,a,2025-01-01T00:00:00.000Z,1.0,reply\n")
    raw = one(put(tmp_path, text, "d.csv"))
    assert raw.rows_read == 1 and "1 replies" in raw.notes[-1].text


# TikTok


@pytest.mark.parametrize(("addresses", "found"), [
    (("https://www.tiktok.com/@Page.X/video/7420?lang=fr",), ("7420", "page.x")),
    ((None, "https://www.tiktok.com/@page.x/photo/7421"), ("7421", "page.x")),
    (("https://www.tiktok.com/@/video/7422",), ("7422", None)),
    (("https://t.tiktok.com/i18n/share/video/7423/?_d=0",), ("7423", None)),
    (("https://vm.tiktok.com/ZMabc/?k=1", 7), ("https://vm.tiktok.com/ZMabc/", None)),
    (("https://vm.tiktok.com/ZMabc/", PAGE + "7424"), ("7424", "page.x")), (({}, ""), (None, None)),
])
def test_videos_by_address(addresses, found):
    assert video_of(*addresses) == found


@pytest.mark.parametrize(("address", "own"), [
    ("https://example.org/a.jpeg", True), ("", None), (None, None), (["x"], None),
    ("https://example.org/musically-maliva-obj/1594805258216454~c5_100x100.jpeg", False),
    ("https://example.org/464760996_1254146839119862_3605321457742435801_n.jpg?x", False),
])
def test_default_pictures_are_no_pictures(address, own):
    assert own_picture(address) is own


def test_a_video_id_is_never_a_publish_time(tmp_path):
    """Videos are uploaded days before they are published: without their list, nothing says when."""
    alone = dumped(put(tmp_path, loaded("apify_tiktok_comments", "dataset.json")))
    assert alone.posts["post_time"].null_count == alone.posts.num_rows == 2
    both = dumped(SAMPLES / "apify_tiktok_comments" / "dataset.json")  # its list stands beside it
    assert [t.day for t in both.posts["post_time"].to_pylist()] == [3, 10]
    assert [(int(p) >> 32) < t.timestamp() - 3600 for p, t in zip(
        both.posts["post_id"].to_pylist(), both.posts["post_time"].to_pylist(), strict=True)] == [True, True]


@pytest.mark.parametrize(("comments", "videos"), [
    ("apify_tiktok_comments/dataset.json", "apify_tiktok_videos_csv/videos.csv"),
    ("apify_tiktok_comments_csv/dataset.csv", "apify_tiktok_videos/videos.json"),
    ("romy_tiktok_comments/comments.json", "tiktok_video_list/videos.json"),
    ("apify_tiktok_comments/dataset.json", "tiktok_research_api/videos.json"),
])
def test_publish_times_come_from_a_companion(comments, videos):
    dump = dumped(SAMPLES / comments, posts=SAMPLES / videos)
    times = {p: t for p, t in zip(*(dump.posts[n].to_pylist() for n in ("post_id", "post_time")), strict=True) if t}
    assert set(times) <= set(column(dump, "post_id")) and times
    assert all(t >= times[p] for t, p in zip(column(dump, "comment_time"), column(dump, "post_id"), strict=True)
               if p in times)


@pytest.mark.parametrize(("name", "owner"), [
    ("apify_tiktok_comments", "6900000000000000100"), ("apify_tiktok_comments_csv", "6900000000000000100"),
    ("romy_tiktok_comments", "atelier.sureau"),
])
def test_who_comments_under_the_page_s_name_owns_it(tmp_path, name, owner):
    """Told by the comments' file alone; with no comment by the page, by none of Apify's."""
    path = next(p for p in (SAMPLES / name).iterdir() if not p.name.startswith("videos"))
    dump = dumped(write(tmp_path, path.name, path.read_bytes()))
    assert [dump.declared[n].to_pylist() for n in ("author_id", "role")] == [[owner], ["owner"]]
    assert owner in column(dump, "author_id")
    other = dumped(write(tmp_path, path.name, path.read_bytes().replace(b"/@atelier.sureau/", b"/@page.x/")))
    assert owner not in other.declared["author_id"].to_pylist() and set(column(other, "page_id")) == {"page.x"}


def test_ids_that_were_made_floats_are_missing(tmp_path):
    items = loaded("apify_tiktok_comments", "dataset.json")
    items[0]["cid"], items[0]["uid"] = float(items[0]["cid"]), int(items[0]["uid"])
    items[2]["uid"] = 6.9e18
    dump = dumped(put(tmp_path, {"items": items}))
    first, last = (dump.comments.to_pylist()[k] for k in (0, -1))
    assert first["comment_id"].startswith("made:") and first["author_id"] == "6900000000000000101"
    assert last["author_id"] == "name:user7731"
    assert sum(n.code == "cut_id" for n in dump.notes) == 2


def test_videos_in_other_views(tmp_path):
    flat = {"authorMeta.name": "Page.X", "authorMeta.id": 900, "createTimeISO": "2025-01-01T00:00:00.000Z",
            "webVideoUrl": PAGE + "7420", "isAd": True, "isSponsored": False}
    raw = one(put(tmp_path, [{"cid": "1", "videoWebUrl": PAGE + "7420", "uniqueId": "ann", "text": "a", "uid": "5"}]),
              posts=put(tmp_path, [flat, {"error": "x"}], "v.json"))
    assert [raw.posts[n][0].as_py() for n in ("post_id", "page_id", "post_author_id", "sponsored")] == [
        "7420", "page.x", "900", "true"]
    assert "bad_side_rows" in codes(raw)
    csv = f"authorMeta/name,createTimeISO,webVideoUrl\nPage.X,2025-01-01T00:00:00.000Z,{PAGE}7420\n"
    raw = one(tmp_path / "f.json", posts=put(tmp_path, csv, "v.csv"))
    assert [raw.posts[n][0].as_py() for n in ("post_id", "page_id")] == ["7420", "page.x"]


# TikTok Research API


def test_research_pages_of_one_video_are_complete_with_the_last(tmp_path):
    first = loaded("tiktok_research_api", "comments.json")
    last = json.loads(json.dumps(first).replace("true", "false").replace('"id": 7', '"id": 6'))
    raw = one(put(tmp_path, [first, last]))
    assert (raw.rows_read, raw.truncated) == (4, False)
    assert "author_id" not in raw.comments.column_names and "no_authors" in codes(raw)
    failed = {"data": {}, "error": {"code": "invalid_params"}}
    raw = one(put(tmp_path, [*first["data"]["comments"], failed, {"data": {"comments": [4]}}]))
    assert raw.rows_read == 4
    assert reasons(raw) == ["the API answered with an error: invalid_params", "not of this format"]


def test_research_comments_keep_no_account(tmp_path):
    dump = dumped(put(tmp_path, loaded("tiktok_research_api", "comments.json")))
    assert dump.comments["author_id"].null_count == dump.comments.num_rows == 2
    assert dump.comments["parent_id"].null_count == 1 and dump.posts["post_time"].null_count == 1
