"""The traps of exports from YouTube: API dumps, yt-dlp, downloaders, Takeout, YouTube Data Tools, minet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_files import SAMPLES, codes, one, put_odd_values, write

from fakedetect import readers
from fakedetect.errors import InputError, OwnerOnlyExport, PostsOnlyFile
from fakedetect.inspect import inspect
from fakedetect.normalise import normalise
from fakedetect.readers.exports.exportcomments_youtube import in_order
from fakedetect.readers.youtube import as_typed, channel, video
from fakedetect.schema import Raw

FORMATS = Path(__file__).parents[2] / "shared" / "formats"
RUN = 1717200000 + 14 * 3600 + 5 * 60 + 37
AGES = [n * unit for unit in (3600, 86400, 604800, 2592000, 31536000) for n in range(1, 7)] * 2
"""Ages of sixty comments as YouTube shows them, in seconds."""


def table(*rows: dict[str, object], **how: Any) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n", **how)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def comments(raw: Raw, *names: str, zone: str | None = None) -> list[Any]:
    """Values of comments by name, one value a row where there is one name; zone: of naive times."""
    rows = [tuple(r[n] for n in names) for r in normalise([raw], naive_zone=zone).comments.to_pylist()]
    return [r[0] for r in rows] if len(names) == 1 else rows


def posts(raw: Raw) -> dict[str, dict[str, Any]]:
    return {p["post_id"]: p for p in normalise([raw]).posts.to_pylist()}


def said(raw: Raw, code: str) -> list[str]:
    return [n.text for n in raw.notes if n.code == code]


ROW = {"comment_id": "Ug1", "video_id": "vidPotager1", "text": "Oui", "author": "@a", "author_channel_id": "UC1",
       "like_count": 1, "reply_count": 0, "published_at": "2024-05-04T17:00:09Z", "parent_comment_id": ""}


@pytest.mark.parametrize(("written", "known"), [
    ("{'value': 'UCx-1'}", "UCx-1"), ('{"value": "UCx_2"}', "UCx_2"), (" { 'value':'UC3'}", "UC3"), ("{}", None),
    ("{'value': None}", None), ("{'value': '", None), ("UC4", "UC4"), (None, None),
    ("http://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", "UCabcdefghijklmnopqrstuv"),
    ("{'value': __import__('os')}", None), ("{" * 50_000, None),
])
def test_the_channel_of_an_author_as_scripts_write_it(written, known):
    assert channel(written) == known


@pytest.mark.parametrize(("written", "known"), [
    ("https://www.youtube.com/watch?v=vidPotager1&t=3", "vidPotager1"), ("https://youtu.be/vid-_otage1", "vid-_otage1"),
    ("https://www.youtube.com/shorts/vidPotager1?x=1", "vidPotager1"), ("vidPotager1", "vidPotager1"), (None, None),
    ("https://example.org/a", "https://example.org/a"),
])
def test_the_video_as_scripts_write_it(written, known):
    assert video(written) == known


def test_only_a_column_that_shows_html_is_taken_for_html():
    assert as_typed(["a <b et c> d", "I <3 U", None]) == ["a <b et c> d", "I <3 U", None]
    html = ["C&#39;est", 'a <a href="x">12:40</a> &lt;b&gt;', "<b>gras</b>"]
    assert as_typed(html) == ["C'est", "a 12:40 <b>", "gras"]


def test_columns_as_pandas_flattens_them(tmp_path):
    inner = "snippet.topLevelComment.snippet."
    raw = one(write(tmp_path, "c.csv", table({
        "kind": "youtube#commentThread", "id": "Ug1", "snippet.channelId": "UCpage", "snippet.videoId": "vidPotager1",
        "snippet.topLevelComment.id": "Ug1", f"{inner}textDisplay": "J&#39;aime", f"{inner}textOriginal": "J'aime",
        f"{inner}authorDisplayName": "@a", f"{inner}authorChannelId.value": "UC1", f"{inner}likeCount": 4,
        f"{inner}publishedAt": "2024-05-04T17:00:09Z", "snippet.totalReplyCount": 2})))
    assert raw.format == "youtube_api_comments"
    assert comments(raw, "comment_id", "post_id", "page_id", "author_id", "author_name", "text", "likes") == [
        ("Ug1", "vidPotager1", "UCpage", "UC1", "@a", "J'aime", 4)]
    assert said(raw, "missing_replies") == ["2 replies exist that the file does not hold"]


def test_replies_are_counted_where_pandas_wrote_them(tmp_path):
    rows = [{**ROW, "reply_count": "8.0", "parent_comment_id": "nan"},
            {**ROW, "comment_id": "Ug1.a", "reply_count": "nan", "parent_comment_id": "Ug1"}]
    raw = one(write(tmp_path, "c.csv", table(*rows)))
    assert said(raw, "missing_replies") == ["7 replies exist that the file does not hold"]
    assert comments(raw, "parent_id") == [None, "Ug1"]


def test_videos_in_csv_join_their_comments(tmp_path):
    for name, file in (("youtube_api_comments", "comments.csv"), ("youtube_api_videos", "videos.csv")):
        write(tmp_path, file, (SAMPLES / name / file).read_bytes())
    for raw in (one(tmp_path), one(tmp_path / "comments.csv"),
                one(tmp_path / "comments.csv", posts=tmp_path / "videos.csv")):
        assert set(comments(raw, "page_id")) == {"UCpotagerpotagerpotager1"}
        told = posts(raw)["vidPotager1"]
        assert (told["post_time"].isoformat(), told["declared_comments"]) == ("2024-05-04T17:00:00+00:00", 5)
        assert told["post_author_id"] == "UCpotagerpotagerpotager1"


def test_the_video_list_of_youtube_data_tools(tmp_path):
    path = write(tmp_path, "videolist_channel1.csv", table({
        "position": 1, "channelId": "UCpage", "channelTitle": "P", "videoId": "vidPotager1",
        "publishedAt": "2024-05-04T17:00:00Z", "publishedAtSQL": "2024-05-04 17:00:00", "videoTitle": "Arroser",
        "hasPaidProductPlacement": True, "commentCount": 5}))
    with pytest.raises(PostsOnlyFile):
        one(path)
    write(tmp_path, "comments.csv", table(ROW))
    told = posts(one(tmp_path / "comments.csv"))["vidPotager1"]
    assert (told["post_text"], told["sponsored"], told["post_time"].minute) == ("Arroser", True, 0)


def test_lists_of_videos_of_every_kind_join_threads(tmp_path):
    write(tmp_path, "threads.json", (SAMPLES / "youtube_channels/threads.json").read_bytes())
    search = {"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": "vidCuisine1"},
              "snippet": {"publishedAt": "2024-03-01T09:00:00Z", "channelId": "UCcuisinecuisinecuisine1"}}
    listed = {"kind": "youtube#playlistItem", "contentDetails": {"videoPublishedAt": "2024-03-01T09:00:00Z"},
              "snippet": {"publishedAt": "2025-01-01T00:00:00Z", "channelId": "UCsomebody", "title": "T",
                          "videoOwnerChannelId": "UCcuisinecuisinecuisine1", "resourceId": {"videoId": "vidCuisine1"}}}
    for item in (search, listed):
        write(tmp_path, "videos.json", json.dumps({"items": [item, {"kind": "youtube#channel"}, None, 5]}))
        raw = one(tmp_path / "threads.json")
        told = posts(raw)["vidCuisine1"]
        assert (told["post_time"].isoformat(), told["post_author_id"]) == (
            "2024-03-01T09:00:00+00:00", "UCcuisinecuisinecuisine1")
        assert said(raw, "bad_side_rows") == ["3 items are no videos and were left out"]


def test_videos_and_channels_whose_kind_was_left_out(tmp_path):
    seen = json.loads((SAMPLES / "youtube_videos/videos.json").read_text("utf-8"))["items"]
    bare = [{k: v for k, v in item.items() if k != "kind"} for item in seen]
    path = write(tmp_path, "v.jsonl", "".join(json.dumps(item) + "\n" for item in bare))
    assert readers.detect(readers.Head.of(readers.Source("v", path))).name == "youtube_videos"
    item = {"id": "UC1", "snippet": {"title": "A"}, "statistics": {"subscriberCount": "5", "videoCount": "1"}}
    path = write(tmp_path, "c.json", json.dumps({"items": [item]}))
    assert readers.detect(readers.Head.of(readers.Source("c", path))).name == "youtube_channels"


def test_channels_named_as_accounts_and_alone(tmp_path):
    folder = SAMPLES / "youtube_channels"
    path = write(tmp_path, "x/threads.json", (folder / "threads.json").read_bytes())
    first, second = normalise([one(path, accounts=folder / "channels.json")]).accounts.to_pylist()
    assert (first["followers"], second["followers"], second["created_at"].day) == (1230, None, 28)
    with pytest.raises(InputError, match="no comments in it"):
        one(write(tmp_path, "y/channels.json", (folder / "channels.json").read_bytes()))


# yt-dlp

INFO = {"id": "vidForge001", "title": "La fonte", "channel_id": "UCf", "webpage_url": "https://example.org",
        "upload_date": "20220910", "timestamp": 1662829203, "comment_count": 2}
SAYS = {"id": "Ug1", "parent": "root", "text": "Oui", "author_id": "UC1", "author": "@a", "author_is_uploader": False,
        "timestamp": 1671667200, "_time_text": "1 year ago"}


def test_an_info_json_without_comments_is_a_companion(tmp_path):
    write(tmp_path, "a.info.json", json.dumps(INFO))
    with pytest.raises(PostsOnlyFile):
        one(tmp_path / "a.info.json")
    write(tmp_path, "vidForge001.jsonl", (SAMPLES / "youtube_comment_downloader/vidLacs-_01.jsonl").read_bytes())
    told = posts(one(tmp_path))["vidForge001"]
    assert (told["post_time"].isoformat(), told["declared_comments"]) == ("2022-09-10T17:00:03+00:00", 2)


def test_a_day_is_no_publish_time_and_an_age_no_comment_time(tmp_path):
    older = {k: v for k, v in SAYS.items() if k != "timestamp"}
    info = {**{k: v for k, v in INFO.items() if k != "timestamp"}, "comments": [older]}
    raw = one(write(tmp_path, "a.info.json", json.dumps(info)))
    assert posts(raw)["vidForge001"]["post_time"] is None and comments(raw, "comment_time") == [None]
    assert "relative_time" in {n.code for n in normalise([raw]).notes} and "times_from_ages" not in codes(raw)


def test_playlists_gone_videos_broken_runs_and_odd_comments(tmp_path):
    broken = {**INFO, "comment_count": None,
              "comments": [SAYS, "odd", {**SAYS, "id": "Ug2", "author_is_uploader": True}]}
    tabs: dict[str, Any] = {"_type": "playlist", "id": "UCf", "title": "Forge", "channel_id": "UCf", "webpage_url": "x",
                            "extractor_key": "YoutubeTab", "entries": [{"title": "Videos", "entries": [broken, None]}]}
    raw = one(write(tmp_path, "a.json", json.dumps(tabs)))
    assert (raw.comments.num_rows, raw.rejects["reason"].to_pylist(), raw.truncated) == (2, ["not a comment"], True)
    assert said(raw, "bad_side_rows") == ["1 items are no videos and were left out"]
    assert posts(raw)["vidForge001"]["post_author_id"] == "UC1"  # who uploaded is known from a comment of theirs


def test_an_info_json_that_is_cut(tmp_path):
    text = json.dumps({**INFO, "comments": [SAYS, {**SAYS, "id": "Ug2"}, {**SAYS, "id": "Ug3"}]}, indent=1)
    raw = one(write(tmp_path, "a.info.json", text[:-60]))
    assert raw.truncated and comments(raw, "comment_id") == ["Ug1", "Ug2"]


def coarse(kind: str) -> tuple[str, str]:
    """Name and text of a file of sixty comments whose times were made from ages."""
    made = [(k, RUN - age) for k, age in enumerate(AGES)]
    if kind == "ytdlp_info":
        said = [{**SAYS, "id": f"Ug{k}", "author_id": f"UC{k}", "timestamp": t - t % 86400} for k, t in made]
        return "a.info.json", json.dumps({**INFO, "timestamp": 1262304003, "comments": said})
    if kind == "youtube_comment_downloader":
        return "vidForge001.jsonl", "".join(json.dumps(
            {"cid": f"Ug{k}", "text": "a", "time": "il y a 1 an", "author": f"@{k}", "channel": f"UC{k}", "votes": "0",
             "heart": False, "time_parsed": t + 0.25}) + "\n" for k, t in made)
    dates = [f"{18 + k % 10:02d}/05/{10 + k % 15} {k % 24:02d}:{5 + k // 20:02d}:37" for k, _ in made]
    lines = (f"{k},,@{k},{d},0,no,no,a,v\n" for k, d in enumerate(dates))
    return "yt-comments_vidForge001_7.csv", HEADER + "".join(lines)


@pytest.mark.parametrize("kind", ["ytdlp_info", "youtube_comment_downloader", "exportcomments_youtube"])
def test_times_made_from_ages_bear_no_test_of_timing(kind, tmp_path):
    path = write(tmp_path, *coarse(kind))
    [raw] = readers.read([path])
    assert raw.format == kind and "times_from_ages" in codes(raw)
    refused = {r["test"]: r["code"] for r in inspect([path], naive_zone="Europe/Paris")["refused"]}
    assert {refused[test] for test in ("delay", "first_hour", "burst", "closeness", "hours")} == {"times_from_ages"}


@pytest.mark.parametrize(("name", "post"), [
    ("vidLacs-_01.json", "vidLacs-_01"), ("commentaire.jsonl", "commentaire"), ("lac.jsonl", "lac")])
def test_the_video_is_known_by_a_name_that_can_be_one(name, post, tmp_path):
    said_it = {"cid": "Ug1", "text": "a", "time": "2 days ago", "author": "@a", "channel": "UC1", "votes": "3 k",
               "heart": False}
    raw = one(write(tmp_path, name, json.dumps({"comments": [said_it, 5, {"text": "b"}]}, indent=4)))
    assert comments(raw, "post_id", "likes", "comment_time") == [(post, 3000, None)]
    assert ("post_from_name" in codes(raw)) == (name == "vidLacs-_01.json")
    assert raw.rejects.num_rows == 2


def test_takeout_in_a_language_that_is_not_known(tmp_path):
    text = (SAMPLES / "google_takeout_youtube/commentaires.csv").read_text("utf-8").partition("\n")[2]
    head = "Kommentar-ID,Kanal-ID,Zeitstempel,Preis,Übergeordnet,Beitrags-ID,Video-ID,Kommentartext,Oberste ID\n"
    with pytest.raises(OwnerOnlyExport, match="one person's own YouTube comments"):
        one(write(tmp_path, "kommentare.csv", head + text))


HEADER = "id ,,Name,Date,Likes,isHearted,isPinned,Comment,(view source)\n"


@pytest.mark.parametrize(("written", "read"), [
    (["03/12/25 06:24:13"], ["2025-12-03T06:24:13"]), (["3/1/2000 6:24"], ["2000-01-03T6:24"]),
    (["2025-12-03 06:24:13", None], ["2025-12-03 06:24:13", None]), (["29/02/24 06:24:13"], ["2024-02-29T06:24:13"]),
    (["12/31/25 06:24:13", "01/02/25 06:24:13"], ["12/31/25 06:24:13", "01/02/25 06:24:13"]),
])
def test_dates_are_day_first_unless_one_cannot_be(written, read):
    assert in_order(written) == read


def test_exportcomments_in_a_zone_that_the_user_states(tmp_path):
    raw = one(write(tmp_path, "page/comments.csv", HEADER + '1,,@a,03/02/25 06:24:13,3,no,no,"Oui, non",view comment\n'
                    "2,,@b,04/07/25 06:24:13,0,no,no,Oui,view comment\n3,,@c,04/07/25 06:24:13,0,no,no,\"Cou").parent)
    assert [t.isoformat() for t in comments(raw, "comment_time", zone="Europe/Paris")] == [
        "2025-02-03T05:24:13+00:00", "2025-07-04T04:24:13+00:00"]
    assert comments(raw, "page_id", "post_id") == [("page", "page")] * 2 and raw.truncated
    assert all(c.startswith("made:") for c in comments(raw, "comment_id"))


# YouTube Data Tools

SECOND = {"videoId": "vidVerger01", "id": "Ug1", "totalReplyCount": 1, "inferredReplyCount": 1, "inferredLevel": 0,
          "likeCount": 2, "publishedAt": "2026-02-03 06:00:12", "authorName": "@a", "authorChannelId": "UC1",
          "isChannelOwner": "no", "text": "Oui", "isReply": 0, "threadId": "Ug1", "isReplyToId": "",
          "isReplyToName": ""}


def test_ytdt_2_marks_the_owner_and_videos_that_failed(tmp_path):
    rows = [SECOND, {**SECOND, "id": "Ug1.a", "totalReplyCount": "", "authorName": "@p", "authorChannelId": "UCp",
                     "isChannelOwner": "yes", "isReply": 1, "isReplyToId": "Ug1", "isReplyToName": "@a"},
            {k: {"videoId": "vidVerger09", "text": "[video not found: vidVerger09]"}.get(k, "") for k in SECOND}]
    raw = one(write(tmp_path, "videocomments_bulk_seeds2_comments_2026_02_04-10_00_00.csv", table(*rows)))
    assert raw.rejects["reason"].to_pylist() == ["it says that the comments of a video could not be fetched"]
    assert raw.rejects["row"].to_pylist() == [3] and "missing_replies" not in codes(raw)
    assert comments(raw, "post_id", "parent_id") == [("vidVerger01", None), ("vidVerger01", "Ug1")]
    assert posts(raw)["vidVerger01"]["post_author_id"] == "UCp"
    assert comments(raw, "comment_time")[0].isoformat() == "2026-02-03T06:00:12+00:00"


def test_ytdt_pseudonyms_are_accounts_without_a_name(tmp_path):
    first = {"id": "ab" * 20, "likeCount": 0, "publishedAt": "2024-06-01 06:00:12", "authorName": "cd" * 20,
             "text": "Oui", "isReply": 0, "isReplyTo": "", "isReplyToName": ""}
    raw = one(write(tmp_path, "c.csv", table(first)))
    assert comments(raw, "author_id", "author_name", "post_id") == [("cd" * 20, None, "c")]
    second = {**SECOND, "authorName": "cd" * 20, "authorChannelId": "ef" * 20}
    assert comments(one(write(tmp_path, "d.csv", table(second))), "author_id", "author_name") == [("ef" * 20, None)]


def test_ytdt_of_the_first_years_and_of_a_list_of_videos(tmp_path):
    """Texts were HTML, and the tabs stood between cells without quotes."""
    path = write(tmp_path, "videoinfo_UCvergervergervergerver1_vidVerger01_2016_06_02-10_20_30_comments.tab",
                 "id\treplyCount\tlikeCount\tpublishedAt\tauthorName\ttext\tauthorChannelId\tauthorChannelUrl\tisReply\t"
                 "isReplyTo\tisReplyToName\nz1\t0\t1\t2016-06-01 06:00:12\tAna \"la\" B\t<a href=\"x\">2:10</a> J&#39;y"
                 "&quot;suis&quot;<br />ici\tUC1\thttp://x\t0\t\t\n")
    raw = one(path)
    assert comments(raw, "post_id", "page_id", "author_name", "text") == [
        ("vidVerger01", "UCvergervergervergerver1", 'Ana "la" B', '2:10 J\'y"suis"\nici')]


def test_basicinfo_alone_beside_and_broken(tmp_path):
    for file in sorted((SAMPLES / "ytdt").iterdir()):
        write(tmp_path, file.name, file.read_bytes())
    comment_file = next(tmp_path.glob("*_comments.tab"))
    assert posts(one(comment_file))["vidVerger01"]["post_time"].isoformat() == "2024-06-01T06:00:00+00:00"
    assert set(comments(one(comment_file), "page_id")) == {"UCvergervergervergerver1"}
    info = next(tmp_path.glob("*_basicinfo.tab"))
    with pytest.raises(PostsOnlyFile):
        one(info)
    bare = info.read_text("utf-8").replace("published_unix\t1717221600", "published_unix\t")
    info.write_text(bare.replace("published_unix\t\n", "published_unix\t\"\"\n"))
    assert posts(one(comment_file))["vidVerger01"]["post_time"].isoformat() == "2024-06-01T06:00:00+00:00"
    info.write_text(bare.replace("published_unix\t\n", "published_unix\t1\n") + "description\t" + "x" * 200_000)
    assert "skipped_file" in codes(one(comment_file))


OWN = {"comment_id": "Ug1", "author_name": "@a", "author_channel_id": "UC1", "text": "I <3 &", "like_count": 1,
       "published_at": "2024-04-06T10:02:44Z", "updated_at": "2024-04-06T10:02:44Z"}


def test_minet_behind_other_columns(tmp_path):
    """A column of the input that is called as one of minet's is not read in its place."""
    now = "video_url;text;published_at;" + ";".join((*OWN, "video_id", "reply_count", "parent_comment_id")) + "\n"
    raw = one(write(tmp_path, "m.csv", now + '"https://youtu.be/vidRuche001";"Note\n""à moi""";2011-01-01;'
                    + ";".join(map(str, OWN.values())) + ";vidRuche001;0;\n"))
    assert comments(raw, "text", "post_id", "page_id") == [("I <3 &", "vidRuche001", "m")]
    assert comments(raw, "comment_time")[0].year == 2024 and raw.encoding == "utf-8" and raw.posts is None


def test_minets_old_layout(tmp_path):
    old = {"url": "https://www.youtube.com/watch?v=vidRuche001", **OWN, "total_reply": 3, "Parent_com_id": ""}
    raw = one(write(tmp_path, "m.csv", table(old)))
    assert raw.format == "minet_youtube" and "missing_replies" in codes(raw)
    assert comments(raw, "post_id", "author_id") == [("vidRuche001", "UC1")]


JSONS = {"youtube_videos": "videos.json", "youtube_channels": "channels.json",
         "ytdlp_info": "La fonte [vidForge001].info.json", "youtube_comment_downloader": "vidLacs-_01.jsonl"}
ODD = st.recursive(st.sampled_from([None, True, -1, 1e308, 10**400, "", "\ud800", "1e9", [], {}, "."]),
                   lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "items"]), inner))


@settings(max_examples=120, deadline=None)
@given(st.data(), st.sampled_from(sorted(JSONS)))
def test_odd_values_anywhere_raise_nothing_and_lose_no_row(tmp_path_factory, data, name):
    text = (SAMPLES / name / JSONS[name]).read_text("utf-8")
    found = [json.loads(line) for line in text.splitlines()] if JSONS[name].endswith("l") else [json.loads(text)]
    put_odd_values(data, found, ODD)
    path = tmp_path_factory.mktemp("odd") / "a.json"
    path.write_text(json.dumps(found))
    reader = next(r for r in readers.FORMATS if r.name == name)
    raw = reader.read(readers.Source("vidOdd00001.json", path), readers.ReadOptions())
    assert raw.rows_read == raw.comments.num_rows + raw.rejects.num_rows
    assert normalise([raw]).rows_read == raw.rows_read


# folder of ../shared/formats: file -> format, comments, authors known, UTC time of the first comment
READ = {
    "youtube_api_csv/real_sample_comments_head.csv": ("youtube_api_comments", 10, 10, "2025-10-12T06:58:54"),
    "youtube_api_csv/real_videos_head.csv": ("youtube_api_videos", "PostsOnlyFile", 0, ""),
    "youtube_comment_downloader_jsonl/invented.jsonl": ("youtube_comment_downloader", 2, 2, "2024-03-05T00:00:00"),
    "ytdlp_info_json/invented_EXAMPLEvid1.info.json": ("ytdlp_info", 2, 2, "2024-03-05T00:00:00"),
    "ytdt_tab/invented_comments.tab": ("ytdt", 1, 1, "2024-03-05T17:04:10"),
    "minet_csv/invented_youtube_comments.csv": ("minet_youtube", 1, 1, "2024-03-05T17:04:10"),
    "google_takeout_youtube_csv/invented_new.csv": ("google_takeout_youtube", "OwnerOnlyExport", 0, ""),
    "google_takeout_youtube_csv/invented_old_pre_2024-06.csv": ("google_takeout_youtube", "OwnerOnlyExport", 0, ""),
    "exportcomments_youtube_csv/real_pseudonymised_yt-comments_ExportComments.com.csv": (
        "exportcomments_youtube", 100, 97, "2025-12-03T05:24:13"),
    "youtube_commentthreads_json/invented_commentThreads_list.json": ("youtube_threads", 2, 2, "2024-03-05T17:04:10"),
}


@pytest.mark.corpora
@pytest.mark.parametrize("file", READ)
def test_the_samples_of_the_corpora(file):
    name, rows, authors, first = READ[file]
    path = FORMATS / file
    assert readers.detect(readers.Head.of(readers.Source(path.name, path))).name == name
    if isinstance(rows, str):
        with pytest.raises(InputError) as caught:
            one(path)
        assert type(caught.value).__name__ == rows
        return
    stated = "Europe/Paris" if name == "exportcomments_youtube" else None
    found = normalise([one(path)], naive_zone=stated).comments
    assert (found.num_rows, len(set(found["author_id"].to_pylist()) - {None})) == (rows, authors)
    assert min(t for t in found["comment_time"].to_pylist() if t).isoformat() == f"{first}+00:00"
