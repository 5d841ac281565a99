"""tiktok-comment-scrapper: times local to the machine that ran it, moved to UTC by the clock in the comment ids."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from make_files import one, write

from fakedetect.normalise import normalise
from fakedetect.readers.exports.romy_tiktok_comments import in_utc

FORMATS = Path(__file__).parents[2] / "shared" / "formats"


def clock(utc: str, low: int = 7) -> str:
    return str(int(datetime.fromisoformat(f"{utc}+00:00").timestamp()) << 32 | low)


LOCAL = {
    # id: (written, moment of the id) for each row -> times given
    "one zone": ([("2025-05-01T10:00:20", "2025-05-01T08:00:00")], ["2025-05-01T08:00:20+00:00"]),
    "behind UTC, half an hour": ([("2025-05-01T10:00:20", "2025-05-01T13:30:00")], ["2025-05-01T13:30:20+00:00"]),
    "east of all": ([("2025-05-01T10:00:20", "2025-04-30T20:00:00")], ["2025-04-30T20:00:20+00:00"]),
    "past the date line": ([("2025-05-01T10:00:20", "2025-04-30T18:00:00")], ["2025-05-01T10:00:20"]),
    "before its id": ([("2025-05-01T09:59:50", "2025-05-01T08:00:00")], ["2025-05-01T09:59:50"]),
    "quarter of an hour": ([("2025-05-01T13:45:20", "2025-05-01T08:00:00")], ["2025-05-01T13:45:20"]),
    "clocks change": ([("2025-03-30T01:59:20", "2025-03-30T00:59:00"), ("2025-03-30T03:00:30", "2025-03-30T01:00:10")],
                      ["2025-03-30T00:59:20+00:00", "2025-03-30T01:00:30+00:00"]),
    "an hour twice": ([("2025-10-26T02:30:20", "2025-10-26T00:30:00"), ("2025-10-26T02:30:30", "2025-10-26T01:30:10")],
                      ["2025-10-26T00:30:20+00:00", "2025-10-26T01:30:30+00:00"]),
    "published late": ([("2025-05-01T10:00:20", "2025-05-01T08:00:00"), ("2025-05-01T12:00:00", "2025-05-01T09:12:00"),
                        ("2025-05-02T10:00:20", "2025-05-02T08:00:00")],
                       ["2025-05-01T08:00:20+00:00", "2025-05-01T10:00:00+00:00", "2025-05-02T08:00:20+00:00"]),
    "late by half an hour": ([("2025-05-01T10:00:20", "2025-05-01T08:00:00"),
                              ("2025-05-01T10:00:30", "2025-05-01T08:00:10"),
                              ("2025-05-01T12:30:20", "2025-05-01T10:00:00")],
                             ["2025-05-01T08:00:20+00:00", "2025-05-01T08:00:30+00:00", "2025-05-01T10:30:20+00:00"]),
    "far from all others": ([("2025-05-01T10:00:20", "2025-05-01T08:00:00"),
                             ("2025-09-01T12:00:00", "2025-09-01T09:12:00")],
                            ["2025-05-01T08:00:20+00:00", "2025-09-01T12:00:00"]),
    "neighbours disagree": ([("2025-03-29T12:00:20", "2025-03-29T11:00:00"),
                             ("2025-03-30T12:00:00", "2025-03-30T09:12:00"),
                             ("2025-03-31T12:00:20", "2025-03-31T10:00:00")],
                            ["2025-03-29T11:00:20+00:00", "2025-03-30T12:00:00", "2025-03-31T10:00:20+00:00"]),
    "no time": ([("2025-02-30T12:00:20", "2025-03-29T11:00:00"), ("1743245000", "2025-03-29T11:00:00")],
                ["2025-02-30T12:00:20", "1743245000"]),
}


@pytest.mark.parametrize("case", LOCAL)
def test_local_times_go_by_the_clock_in_the_ids(case):
    rows, given = LOCAL[case]
    moved = in_utc([w for w, _ in rows], [clock(at) for _, at in rows])
    assert moved.times == given
    assert moved.offsets.total() == sum(t.endswith("+00:00") for t in given)
    assert moved.unchecked == (0 if case == "no time" else sum(not t.endswith("+00:00") for t in given))


@pytest.mark.parametrize("number", [None, "", "12", "7.38e+18", "x" * 18, "9" * 30])
def test_an_id_that_is_none_tells_nothing(number):
    assert in_utc(["2025-05-01T10:00:20"], [number]).unchecked == 1


def test_the_scraper_s_own_file_of_one_video(tmp_path):
    """Its names have no underscore, and `has_more` stays from the first page that it read."""
    talk = {"comment_id": clock("2025-05-01T08:00:00"), "username": "ann.b", "nickname": "Ann", "comment": "a",
            "create_time": "2025-05-01T15:00:09", "avatar": "https://example.org/a.jpg", "total_reply": 0}
    old = {k: v for k, v in talk.items() if k != "comment_id"}
    whole = {"caption": "c", "video_url": "https://t.tiktok.com/i18n/share/video/7420/?_d=0", "has_more": 1,
             "comments": [talk, old, 5]}
    raw = one(write(tmp_path, "f.json", json.dumps(whole)))
    dump = normalise([raw])
    assert (raw.format, raw.truncated) == ("romy_tiktok_comments", True)
    assert raw.rejects["reason"].to_pylist() == ["not a comment"]
    assert set(dump.comments["comment_time"].to_pylist()) == {datetime(2025, 5, 1, 8, 0, 9, tzinfo=UTC)}
    assert dump.posts["post_id"].to_pylist() == ["7420"] and dump.accounts["has_avatar"].to_pylist() == [True]
    assert "UTC+07:00 (2)" in next(n.text for n in raw.notes if n.code == "derived_time")
    raw = one(write(tmp_path, "f.json", json.dumps({**whole, "comments": [old]})))  # the oldest version writes no ids
    assert {"local_time", "no_comment_id"} <= {n.code for n in normalise([raw]).notes}


@pytest.mark.corpora
def test_real_times_agree_with_the_ids():
    """The page's two answers came 30 minutes and 2 1/2 hours after their ids were made; all others at once."""
    dump = normalise([one(next((FORMATS / "romy_tiktok_comment_scrapper_json").iterdir()))])
    late = sorted(c["comment_time"].timestamp() - (int(c["comment_id"]) >> 32) for c in dump.comments.to_pylist())
    assert late[6] < 35 and 1700 < late[7] < 1900 and 8000 < late[8] < 9000
