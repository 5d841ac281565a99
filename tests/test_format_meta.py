"""Formats of Meta's platforms: the traps that their samples do not show. The exports are invented."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from make_files import codes, one, write

from fakedetect import errors, readers
from fakedetect.normalise import normalise
from fakedetect.readers import Head, ReadOptions, Source
from fakedetect.readers.exports.crowdtangle import ZONES

CORPORA = Path(__file__).parents[2] / "shared" / "formats"
FB = "https://www.facebook.com"
BY_NAME = {r.name: r for r in readers.FORMATS}


def posts(path: Path) -> list[dict]:
    """Posts of a companion, as they stand in it."""
    source = Source(path.name, path)
    reader = readers.detect(Head.of(source))
    raw = reader.read(source, ReadOptions())
    assert raw.rows_read == 0, "a companion reads no rows of comments"
    return raw.posts.to_pylist()


def dump(paths: list[Path], **options) -> list[dict]:
    """The posts of one dump, as normalise has them."""
    [raw] = readers.read(paths)
    return normalise([raw], **options).posts.to_pylist()


def column(raw, name: str) -> list:
    return raw.comments[name].to_pylist()


# --- Apify, comments

def item(n: int, **changed) -> dict:
    return {"facebookUrl": f"{FB}/bols/posts/pfbid0{n}", "facebookId": f"90{n}", "commentId": f"70{n}",
            "date": f"2024-03-05T17:0{n}:00.000Z", "text": f"texte {n}", "profileId": f"10000{n}",
            "profileName": f"Nom {n}", "profileUrl": f"{FB}/nom.{n}", "likesCount": "0", "threadingDepth": 0} | changed


def apify(folder: Path, *items: object) -> object:
    return one(write(folder, "a.json", json.dumps(items)))


def test_a_number_is_the_account_also_where_it_hides_behind_a_pfbid(tmp_path):
    raw = apify(tmp_path, item(1), item(2, profileId="pfbid0A", profileUrl=f"{FB}/nom.1"), item(3, profileId=100003),
                item(4, profileId="pfbid0B"))
    assert column(raw, "author_id") == ["100001", "100001", "100003", f"{FB}/nom.4"]
    [note] = [n.text for n in raw.notes if n.code == "unstable_author_id"]
    assert note.startswith("2 comments") and "address in 2 of them, by its name in 0" in note


def test_numbers_alone_need_no_note(tmp_path):
    assert codes(apify(tmp_path, item(1), item(2))) == []


def test_odd_values_are_unknown_and_break_nothing(tmp_path):
    odd = {"facebookUrl": 7, "commentId": {"a": 1}, "replyToCommentId": [1], "profileUrl": ["x"], "comments": {"b": 2},
           "date": None, "commentsCount": True, "likesCount": "beaucoup"}
    raw = apify(tmp_path, item(1, **odd), 5, None, ["a"], {"other": 1}, item(2))
    assert [r["reason"] for r in raw.rejects.to_pylist()] == ["not of this format"] * 4
    assert column(raw, "comment_id") == [None, "702"] and column(raw, "page_id") == [None, None]
    assert normalise([raw]).comments["likes"].to_pylist() == [None, 0]


def test_nested_replies_are_read_and_those_that_are_missing_said(tmp_path):
    reply = item(2, replyToCommentId=None, comments=[item(3, replyToCommentId="702")])
    raw = apify(tmp_path, item(1, commentsCount=5, comments=[reply, "x"]))
    assert dict(zip(column(raw, "comment_id"), column(raw, "parent_id"), strict=True)) == {
        "701": None, "702": "701", "703": "702"}
    assert [n.text[:9] for n in raw.notes if n.code == "missing_replies"] == ["3 replies"]


def test_nesting_without_end_ends(tmp_path):
    deep = item(1)
    for level in range(60):
        deep = item(1, commentId=str(level), profileId=str(level), comments=[deep])
    assert apify(tmp_path, deep).comments.num_rows == 21


def test_posts_keep_their_address_where_no_number_is_told(tmp_path):
    raw = apify(tmp_path, item(1, facebookId=None), item(2, facebookId=None, facebookUrl=f"{FB}/reel/55?s=1"))
    assert column(raw, "post_id") == [f"{FB}/bols/posts/pfbid01", "55"]
    assert column(raw, "page_id") == [None, None], "a reel tells no page: the other would stand apart"


def test_an_id_of_the_graph_or_an_address_tells_the_comment(tmp_path):
    raw = apify(tmp_path, item(1, commentId=None, id=base64.b64encode(b"comment:901_701").decode()),
                item(2, commentId=None, commentUrl=f"{FB}/x?comment_id=701&reply_comment_id=702",
                     replyToCommentId="701"))
    assert column(raw, "comment_id") == ["701", "702"] and column(raw, "parent_id") == [None, "701"]


@pytest.mark.parametrize("name", ["a.json", "a.csv"])
def test_without_its_authors_it_is_refused(tmp_path, name):
    fields = {"postTitle": "T", "text": "a", "likesCount": "0", "facebookUrl": f"{FB}/photo/?fbid=5&set=a.1"}
    table = ",".join(fields) + "\n" + ",".join(fields.values()) + "\n"
    with pytest.raises(errors.InputError, match="authors were left out") as caught:
        one(write(tmp_path, name, json.dumps([fields]) if name == "a.json" else table))
    assert caught.value.where and caught.value.hint


def test_cut_files_keep_the_rows_before_the_cut(tmp_path):
    text = json.dumps([item(1), item(2)])
    raw = one(write(tmp_path, "a.json", text[:-40]))
    assert raw.truncated and column(raw, "comment_id") == ["701"]
    table = "facebookUrl,text,profileName\n" + f'{FB}/b/posts/1,a,A\n{FB}/b/posts/1,"b\n'
    raw = one(write(tmp_path, "a.csv", table))
    assert raw.truncated and (raw.comments.num_rows, raw.rejects.num_rows) == (1, 1)


def test_ids_that_a_spreadsheet_cut_count_as_missing(tmp_path):
    table = f"facebookUrl,text,profileName,profileId,profileUrl\n{FB}/b/posts/1,a,A,1.00E+14,{FB}/a\n"
    made = normalise([one(write(tmp_path, "a.csv", table))])
    assert made.comments["author_id"].to_pylist() == ["name:A"]
    assert "cut_id" in {n.code for n in made.notes}


def test_its_own_profile_address_may_stand_alone(tmp_path):
    table = f"facebookUrl,text,profileUrl\n{FB}/b/posts/1,a,{FB}/A.a/\n{FB}/b/posts/1,b,{FB}/people/C/pfbid02/\n"
    raw = one(write(tmp_path, "a.csv", table))
    assert column(raw, "author_id") == [f"{FB}/a.a", None] and "unstable_author_id" in codes(raw)


def test_posts_of_apify_beside_comments_bring_their_times(tmp_path):
    told = {"postId": "901", "pageName": "Bols", "facebookUrl": f"{FB}/Bols", "time": "mardi", "timestamp": 1709658002,
            "comments": 12, "text": "Le post", "user": {"id": "pfbid0P", "profileUrl": f"{FB}/Bols"}}
    own = item(1, commentId="799", profileName="Bols", profileId="pfbid0Q", profileUrl=f"{FB}/bols")
    comments = write(tmp_path, "comments.json", json.dumps([item(1), own]))
    write(tmp_path, "list.json", json.dumps([told, {"error": "gone"}]))
    [raw] = readers.read([comments])
    made = normalise([raw])
    assert [(p["post_id"], p["page_id"], p["declared_comments"], p["post_time"].isoformat())
            for p in made.posts.to_pylist()] == [("901", "bols", 12, "2024-03-05T17:00:02+00:00")]
    assert made.declared["author_id"].to_pylist() == [f"{FB}/bols"], "the page's own comment is known as the owner's"
    assert {"side_file", "bad_side_rows"} <= {n.code for n in raw.notes}


# --- companions

@pytest.mark.parametrize("word", ZONES)
def test_words_for_one_zone_are_read(tmp_path, word):
    head = "Page Name,User Name,Facebook Id,Post Created,URL,Message\n"
    [post] = posts(write(tmp_path, "p.csv", head + f"B,b,8,2021-02-16 14:03:11 {word},{FB}/8/posts/9,M\n"))
    assert post["post_time"] == "2021-02-16 14:03:11" + ZONES[word]


def test_words_for_several_zones_are_left_and_said(tmp_path):
    head = "Page Name,User Name,Facebook Id,Post Created,URL,Message\n"
    rows = "".join(f"B,b,8,2021-02-16 14:03:{i:02d} {w},{FB}/8/posts/{i},M\n" for i, w in
                   enumerate(("CST", "IST", "CET", "PM", "")))
    write(tmp_path, "posts.csv", head + rows)
    comments = write(tmp_path, "c.csv", "post_id,author_id,comment_time,text\n0,u,2021-02-16T15:00:00Z,a\n"
                                        "2,u,2021-02-16T15:00:00Z,a\n")
    times = {p["post_id"]: p["post_time"] for p in dump([comments])}
    assert times["0"] is None and times["1"] is None and times["4"] is None
    assert times["2"].isoformat() == "2021-02-16T13:03:02+00:00"
    [raw] = readers.read([comments])
    assert next(n.text for n in raw.notes if n.code == "ambiguous_zone").startswith("2 post times")


def test_minets_posts_are_utc_whatever_the_zone_of_the_comments(tmp_path):
    write(tmp_path, "posts.csv", "ct_id,id,datetime,account_id,actual_comment_count,message\n"
                                 "7|9,8_9,2021-02-16 09:53:10,8,4,M\n7|10,8_10,2021-02-16T09:53:10-05:00,8,4,M\n")
    comments = write(tmp_path, "c.csv", "post_id,author_id,comment_time,text\n9,u,2021-02-16 12:00:00,a\n")
    made = {p["post_id"]: p["post_time"].isoformat() for p in dump([comments], naive_zone="Europe/Paris")}
    assert made == {"9": "2021-02-16T09:53:10+00:00", "10": "2021-02-16T14:53:10+00:00"}


SUITE = "Post ID,Account ID,Account username,Description,Publish time,Permalink,Post type,Date,Comments\n"


@pytest.mark.parametrize(("second", "first_time"), [
    ("06/14/2024 18:05", "2024-06-03T07:30:00+00:00"), ("14/06/2024 18:05", "2024-03-06T08:30:00+00:00"),
    ("07/03/2024 18:05", None)], ids=["month first", "day first", "unknown"])
def test_the_order_of_day_and_month_is_read_only_where_it_is_proved(tmp_path, second, first_time):
    rows = "".join(f"{i},17,bols,D,{t},https://example.org/{i},IG image,Lifetime,2\n"
                   for i, t in (("41", "06/03/2024 09:30"), ("42", second)))
    write(tmp_path, "content.csv", SUITE + rows)
    comments = write(tmp_path, "c.csv", "post_id,author_id,comment_time,text\n41,u,2024-06-03T10:00:00Z,a\n")
    [made] = [p["post_time"] for p in dump([comments], naive_zone="Europe/Paris") if p["post_id"] == "41"]
    assert (made and made.isoformat()) == first_time


def test_rows_of_single_days_say_no_number_of_comments(tmp_path):
    rows = "".join(f"{i},17,bols,D,06/14/2024 09:30,https://example.org/1,IG image,06/{d}/2024,{d}\n"
                   for i, d in (("41", 15), ("41", 16), ("42", 15), ("4.1E+17", 15), ("4.1E+17", 16)))
    assert [p["declared_comments"] for p in posts(write(tmp_path, "c.csv", SUITE + rows))] == [
        None, None, "15", "15", "16"]


@pytest.mark.parametrize("header", [
    "Publicerings-id,Sid-id,Titel,Publiceringstid,Permalänk,Kommentarer",
    "Identifiant de la publication,Identifiant de la Page,Titre,Heure de publication,Permalien,Commentaires"])
def test_headers_in_other_languages(tmp_path, header):
    path = write(tmp_path, "c.csv", f"\ufeff{header}\n41,17,T,06/14/2024 09:30,https://example.org,3\n")
    [post] = posts(path)
    assert {k: post[k] for k in ("post_id", "page_id", "post_text", "declared_comments")} == {
        "post_id": "41", "page_id": "17", "post_text": "T", "declared_comments": "3"}


# --- owner-only

@pytest.mark.parametrize("key", ["comments_v2", "comments"])
def test_ones_own_comments_are_refused_also_beside_a_dump(tmp_path, key):
    said = {"comment": {"timestamp": 1, "comment": "c", "author": "A"}}
    path = write(tmp_path, "x.json", json.dumps({key: [{"timestamp": 1, "title": "T", "data": [said]}]}))
    with pytest.raises(errors.OwnerOnlyExport) as caught:
        readers.read([path])
    assert caught.value.where == str(path) and "Graph API" in caught.value.hint
    dumped = write(tmp_path, "c.csv", "post_id,author_id,comment_time,text\n1,u,2024-01-01T00:00:00Z,a\n")
    assert readers.read([dumped])[0].comments.num_rows == 1


# --- Netvizz

NETVIZZ = ("post_id\tpost_by\tpost_text\tpost_published\tcomment_id\tcomment_by\tis_reply\tcomment_message\t"
           "comment_published\tcomment_like_count\n")


def vizz(comment: str, reply: int, minute: int, text: str = "t", by: str = "aa") -> str:
    return (f"8_9\tbb\tP\t2016-03-05T17:00:00+0000\t9_{comment}\t{by}\t{reply}\t{text}\t"
            f"2016-03-05T17:{minute:02d}:00+0000\t0\n")


@pytest.mark.parametrize(("rows", "parents"), [
    ([("2", 1, 9), ("3", 1, 8), ("1", 0, 5), ("4", 0, 7)], ["9_1", "9_1", None, None]),
    ([("1", 0, 5), ("2", 1, 9)], [None, None]),
    ([("2", 1, 4), ("1", 0, 5)], [None, None]),
], ids=["as written", "sorted by hand", "older than what it answers"])
def test_replies_of_netvizz_by_the_order_of_rows(tmp_path, rows, parents):
    raw = one(write(tmp_path, "c.tab", NETVIZZ + "".join(vizz(*r) for r in rows)))
    assert column(raw, "parent_id") == parents
    assert codes(raw) == ["derived_parent" if any(parents) else "no_parents"]


def test_netvizz_quotes_nothing(tmp_path):
    texts = ['"jamais fermé', '"bol" bleu', 'un "bol"', '""', '"entier"']
    rows = "".join(vizz(str(i), 0, i, t) for i, t in enumerate(texts))
    raw = one(write(tmp_path, "c.tab", NETVIZZ + rows))
    assert raw.rejects.num_rows == 0
    assert column(raw, "text") == [*texts[:3], "", "entier"], "a well quoted field may come from a spreadsheet"


def test_the_hash_of_nothing_is_nobody(tmp_path):
    rows = vizz("1", 0, 1, by="d41d8cd98f00b204e9800998ecf8427e").replace("\tbb\t", "\tda39a3ee5e6b4b0d3255bfef95601890"
                                                                       "afd80709\t") + vizz("2", 0, 2)
    made = normalise([one(write(tmp_path, "c.tab", NETVIZZ + rows))])
    assert made.comments["author_id"].to_pylist() == [None, "aa"]
    assert made.declared["author_id"].to_pylist() == ["bb"]


# --- Facepager

FACEPAGER = ("level", "id", "parent_id", "object_id", "object_type", "query_status", "query_time", "query_type",
             "from.id", "message")


def nodes(*rows: tuple) -> str:
    told = [FACEPAGER, *((*r[:5], "fetched (200)", "", *r[5:]) for r in rows)]
    return "".join(";".join(f'"{c}"' for c in row) + "\r\n" for row in told)


def test_posts_typed_in_as_seeds(tmp_path):
    raw = one(write(tmp_path, "n.csv", nodes(
        (0, 1, "", "8_9", "seed", "", "", ""), (1, 2, 1, "9_1", "data", "Facebook:/<Object ID>/comments", "a", "un"),
        (2, 3, 2, "9_2", "data", "Facebook:/<Object ID>/comments", "b", "deux"))))
    assert [column(raw, n) for n in ("post_id", "page_id", "parent_id")] == [["8_9"] * 2, ["8"] * 2, [None, "9_1"]]
    assert raw.posts is None


def test_a_level_alone_takes_its_posts_from_its_ids(tmp_path):
    raw = one(write(tmp_path, "n.csv", nodes((2, 3, 2, "9_1", "data", "Facebook:/<post-id>/comments", "a", "un"),
                                             (2, 4, 2, "8_9_2", "data", "Facebook:/<post-id>/comments", "a", "deux"))))
    assert column(raw, "post_id") == ["9", "8_9"] and codes(raw) == ["derived_id"]


def test_nodes_in_a_circle_end(tmp_path):
    circle = nodes((2, 3, 4, "9_1", "data", "", "a", "un"), (3, 4, 3, "9_2", "data", "", "b", "deux"))
    raw = one(write(tmp_path, "n.csv", circle))
    assert column(raw, "parent_id") == ["9_2", "9_1"] and column(raw, "post_id") == ["9", "9"]


def test_posts_alone_are_a_companion(tmp_path):
    path = write(tmp_path, "n.csv", nodes((0, 1, "", "8", "seed", "", "", ""),
                                          (1, 2, 1, "8_9", "data", "Facebook:/<page-id>/posts", "8", "P"),
                                          (1, 3, 1, "", "offcut", "Facebook:/<page-id>/posts", "", "")))
    assert [(p["post_id"], p["page_id"], p["post_text"]) for p in posts(path)] == [("8_9", "8", "P")]
    with pytest.raises(errors.PostsOnlyFile):
        readers.read([path])


def test_the_wide_format_is_refused(tmp_path):
    wide = nodes().replace('"message"', '"lvl_0_message";"lvl_1_message"')
    with pytest.raises(errors.InputError, match="wide format"):
        one(write(tmp_path, "n.csv", wide))


# --- minet

def test_minets_own_columns_stand_behind_those_of_its_input(tmp_path):
    comment = base64.b64encode(b"comment:9_1").decode()
    head = "id,text,post_url,id,fbid,depth,parent_id,author_name,author_url,created_time,text,reactions,replies\n"
    row = f'8_9,"un ""post""",{FB}/Bols/posts/9,{comment},1,0,,A,{FB}/a.a,1709658221,le commentaire,3,0\n'
    raw = one(write(tmp_path, "m.csv", f"\ufeffsep=,\n{head}{row}"))
    [made] = normalise([raw]).comments.to_pylist()
    assert {k: made[k] for k in ("comment_id", "post_id", "page_id", "author_id", "text", "likes")} == {
        "comment_id": comment, "post_id": "9", "page_id": "bols", "author_id": f"{FB}/a.a", "text": "le commentaire",
        "likes": 3}


# --- RingCentral

def test_ringcentral_with_its_threads_and_a_zone(tmp_path):
    write(tmp_path, "threads.csv", "id,foreign_id,source_id,created_at,title,contents_count,first_content_id\n"
                                   "t1,8_9,s1,20/09/2023 13:00,P,2,c1\n")
    head = "created_at,source_id,content_thread_id,id,private_message,creator_id,author_id,body,in_reply_to_id\n"
    path = write(tmp_path, "messages.csv", f"{head}20/09/2023 13:15,s1,t1,c2,0,,u1,a,c1\n"
                                           "21/09/2023 08:00,s1,t1,c3,0,g1,page,b,c2\n"
                                           "21/09/2023 09:00,s1,t2,c4,1,,u2,c,\n")
    made = normalise(readers.read([path]), naive_zone="Europe/Paris")
    assert [c["comment_time"].isoformat() for c in made.comments.to_pylist()] == [
        "2023-09-20T11:15:00+00:00", "2023-09-21T06:00:00+00:00"]
    assert made.posts.to_pylist()[0]["post_time"].isoformat() == "2023-09-20T11:00:00+00:00"
    assert made.declared.to_pylist() == [{"author_id": "page", "author_name": None, "role": "staff"}]
    assert made.rejects.num_rows == 1 and made.comments["parent_id"].to_pylist() == ["c1", "c2"]


def test_what_was_seen_in_no_file_says_so():
    unsure = [BY_NAME[n] for n in ("meta_content_library", "apify_facebook_posts", "apify_facebook_posts_csv")]
    assert not any(r.verified for r in unsure)
    assert all("not verified" in r.gives for r in unsure if r.maps)


# --- the corpora

SEEN = {  # file -> format, comments, authors, first comment's time; or the refusal
    "apify_facebook_comments_json/invented.json": ("apify_facebook_comments", 1, 1, "2024-03-05T17:03:41+00:00"),
    "facepager_csv/invented.csv": ("facepager", 1, 1, "2024-03-05T17:03:41+00:00"),
    "minet_csv/invented_facebook_comments.csv": ("minet_facebook_comments", 1, 1, "2024-03-05T17:03:41+00:00"),
    "netvizz_tab/invented_page_comments.tab": ("netvizz_comments", 1, 1, "2016-03-05T17:03:41+00:00"),
    "apify_facebook_comments_xlsx/real_dataset_facebook-comments-scraper.xlsx": errors.InputError,
    "facebook_dyi_json/invented_comments.json": errors.OwnerOnlyExport,
    "meta_business_suite_csv/invented_content.csv": errors.PostsOnlyFile,
    "crowdtangle_minet_csv/real_example_posts.csv": errors.PostsOnlyFile,
}


@pytest.mark.corpora
@pytest.mark.parametrize("name", SEEN)
def test_the_samples_of_the_corpora(name):
    told = SEEN[name]
    if not isinstance(told, tuple):
        with pytest.raises(told):
            readers.read([CORPORA / name])
        return
    raw = one(CORPORA / name)
    made = normalise([raw]).comments
    assert (raw.format, made.num_rows, len(set(made["author_id"].to_pylist()) - {None}),
            made["comment_time"][0].as_py().isoformat()) == told


@pytest.mark.corpora
def test_the_real_posts_of_minet():
    made = posts(CORPORA / "crowdtangle_minet_csv/real_example_posts.csv")
    assert len(made) == 11 and all(p["post_id"].isdecimal() and p["post_time"].endswith("Z") for p in made)
