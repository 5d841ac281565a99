"""RomySihananda's tiktok-comment-scrapper, JSON: one video a file, or many under `videos` with names like `_username`.

Its times are the local time of the machine that ran it, and name no zone. The comment's id holds a moment in UTC, so
each row tells its own distance from UTC: changes of clocks inside one file are no trap. Some comments, mostly the
page's own answers, are published long after their id was made; those go by the comments next to them in time.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from fakedetect.readers.columns import with_column
from fakedetect.readers.gather import Rows, a_list
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.replies import MISSING_REPLIES
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import JSON_CUT
from fakedetect.readers.tiktok import own_picture, video_of
from fakedetect.schema import Note, Raw
from fakedetect.words import Text

HALF_HOUR = 1800
EARLY, LATE = -5, 120
"""Seconds from the clock of an id to the comment's time, besides the zone; 4 to 34 on real files."""
FIRST, LAST = -24, 28
"""Zones of the world in half hours: UTC-12 to UTC+14. Those at a quarter (Nepal) are left as written."""
HOUR, FEW, SHARE = 2, 3, 0.05
"""Clocks change by an hour (two steps); another distance counts from three rows and 5 % of the rows on."""
NEAR_S = 30 * 86_400
"""How far away in time a neighbour may be."""
MAX_DEPTH = 20
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", re.ASCII)
_ID = re.compile(r"\d{15,20}", re.ASCII)
MOVED = Text("{n} times are local to the machine that ran the scraper; they were moved to UTC by their distance from "
             "the clock in the comment ids: {offsets}",
             "{n} moments sont à l'heure locale de la machine qui a collecté ; ils ont été ramenés en UTC selon leur "
             "écart avec l'horloge des identifiants de commentaires : {offsets}")
NEXT_TO = Text("{n} of these have no id, or one made long before they were published, and go by the comments next to "
               "them in time",
               "{n} d'entre eux n'ont pas d'identifiant, ou un bien plus ancien que leur publication, et suivent les "
               "commentaires voisins dans le temps")
UNCHECKED = Text("{n} times have no comment id that tells their distance from UTC: they stay as written, in the local "
                 "time of the machine that ran the scraper; --tz states its zone",
                 "{n} moments n'ont pas d'identifiant de commentaire qui dise leur écart avec UTC : ils restent tels "
                 "quels, à l'heure locale de la machine qui a collecté ; --tz dit son fuseau")
PAGES_GO_ON = Text("has_more says that comments go on, for {more} videos",
                   "has_more dit que les commentaires continuent, pour {more} vidéos")


@dataclass
class Found:
    """What is said of the file as a whole, once it is read."""

    missing: int = 0
    more: int = 0


@dataclass(frozen=True)
class Moved:
    """Times in UTC, or as written where nothing tells their distance from it."""

    times: list[str | None]
    offsets: Counter[int]
    """Half hours from UTC -> rows."""
    by_neighbours: int
    unchecked: int


def sniff(head: Head) -> float:
    """Comments with a `create_time` and a `nickname`, underscored or not, under a video."""
    keys = head.keys
    many = {"videos", "_comment_id", "_create_time", "_username"} <= keys
    return 0.9 if many or {"video_url", "comments", "nickname", "create_time", "total_reply"} <= keys else 0.0


def read(source: Source, options: ReadOptions) -> Raw:
    """Comments, replies under them, and the videos."""
    file, rows, found = JsonFile(source), Rows(source, options), Found()
    for item in file:
        value = item.value if isinstance(item.value, dict) else {}
        videos = value.get("videos")
        for video in videos if isinstance(videos, list) else [value]:
            if not isinstance(video, dict) or not isinstance(video.get("comments"), list):
                rows.reject("not a video with comments", item.bad if item.bad is not None else video or item.value)
            else:
                _video(video, rows, found)
    if file.truncated:
        rows.more(JSON_CUT)
    if found.more:
        rows.more(PAGES_GO_ON, more=found.more)
    if found.missing:
        rows.note("missing_replies", MISSING_REPLIES, missing=found.missing)
    raw = rows.raw(fmt=READER.name, platform=READER.platform, encoding=file.encoding)
    if not {"comment_time", "comment_id"} <= set(raw.comments.column_names):
        return raw
    moved = in_utc(raw.comments["comment_time"].to_pylist(), raw.comments["comment_id"].to_pylist())
    notes = [Note(code, text.of("en", **values), text.of("fr", **values), source.name)
             for code, text, values in _told(moved) if values["n"]]
    comments = with_column(raw.comments, "comment_time", pa.array(moved.times, pa.string()))
    return replace(raw, comments=comments, notes=(*raw.notes, *notes))


def in_utc(times: Sequence[str | None], ids: Sequence[str | None]) -> Moved:
    """Local times moved to UTC by the clock in the ids."""
    local = [_seconds(t) for t in times]
    steps = [_steps(t, i) for t, i in zip(local, ids, strict=True)]
    seen = Counter(k for k in steps if k is not None)
    main = min(seen, key=lambda k: (-seen[k], k), default=0)
    real = {k for k, n in seen.items() if abs(k - main) in (0, HOUR) or n >= max(FEW, SHARE * seen.total())}
    known = sorted((t, k) for t, k in zip(local, steps, strict=True) if t is not None and k in real)
    out = list(times)
    offsets, by_neighbours, unchecked = Counter[int](), 0, 0
    for row, (t, k) in enumerate(zip(local, steps, strict=True)):
        if t is None:
            continue
        if k not in real:
            k = _of_neighbours(t, known)
            by_neighbours += k is not None
        if k is None:
            unchecked += 1
        else:
            offsets[k] += 1
            out[row] = datetime.fromtimestamp(t - k * HALF_HOUR, UTC).isoformat()
    return Moved(out, offsets, by_neighbours, unchecked)


def _seconds(written: str | None) -> int | None:
    """A time without a zone as if it were UTC; None for anything else."""
    if written is None or not _NAIVE.fullmatch(written):
        return None
    try:
        return int(datetime.fromisoformat(f"{written}+00:00").timestamp())
    except ValueError:  # no such day
        return None


def _steps(local: int | None, number: str | None) -> int | None:
    """Half hours from the clock of the id to the local time, where it is a whole number of them."""
    if local is None or number is None or not _ID.fullmatch(number):
        return None
    distance = local - (int(number) >> 32)
    steps = (distance - EARLY) // HALF_HOUR
    return steps if FIRST <= steps <= LAST and distance - steps * HALF_HOUR <= LATE else None


def _of_neighbours(t: int, known: list[tuple[int, int]]) -> int | None:
    """The distance of the comments before and after in time, where they agree and are near."""
    at = bisect(known, (t, LAST + 1))
    beside = {k for time, k in known[max(0, at - 1) : at + 1] if abs(time - t) <= NEAR_S}
    return beside.pop() if len(beside) == 1 else None


def _told(moved: Moved) -> list[tuple[str, Text, dict[str, Any]]]:
    listed = sorted(moved.offsets.items(), key=lambda pair: (-pair[1], pair[0]))
    offsets = ", ".join(f"{_zone(k)} ({n})" for k, n in listed)
    return [("derived_time", MOVED, {"n": moved.offsets.total(), "offsets": offsets}),
            ("derived_time", NEXT_TO, {"n": moved.by_neighbours}),
            ("local_time", UNCHECKED, {"n": moved.unchecked})]


def _video(video: dict[str, Any], rows: Rows, found: Found) -> None:
    post, page = video_of(video.get("original_url"), video.get("video_url"))
    post = video.get("video_id") or post
    found.more += video.get("has_more") in (1, True)
    if post:
        rows.post(post_id=post, page_id=page, post_text=video.get("description") or video.get("caption"),
                  post_author_id=page)
    for comment, parent in _nested(video["comments"], None, 0):
        if not isinstance(comment, dict) or not {"_comment", "comment", "_create_time", "create_time"} & comment.keys():
            rows.reject("not a comment", comment)
            continue
        one = {k.removeprefix("_"): v for k, v in comment.items()}
        announced = one.get("total_reply")
        if isinstance(announced, int) and 0 < announced < 1 << 31:
            found.missing += max(0, announced - len(a_list(one.get("replies"))))
        name = one.get("username")
        # A name that @ mentions reach is one account's alone, unlike the nickname beside it.
        rows.comment(comment_id=one.get("comment_id"), post_id=post, page_id=page, parent_id=parent, author_id=name,
                     author_name=name, comment_time=one.get("create_time"), text=one.get("comment"))
        if (picture := own_picture(one.get("avatar"))) is not None:
            rows.account(author_id=name, author_name=name, has_avatar=picture)


def _nested(listed: list[Any], parent: object, depth: int) -> Iterator[tuple[Any, object]]:
    """Comments and, behind each, its replies with the id of the comment they answer."""
    for comment in listed:
        yield comment, parent
        if isinstance(comment, dict) and depth < MAX_DEPTH:
            replies = a_list(comment.get("_replies", comment.get("replies")))
            yield from _nested(replies, comment.get("_comment_id", comment.get("comment_id")), depth + 1)


def _zone(steps: int) -> str:
    return f"UTC{'-' if steps < 0 else '+'}{abs(steps) // 2:02}:{abs(steps) % 2 * 30:02}"


READER = Reader(
    name="romy_tiktok_comments",
    label=Text("tiktok-comment-scrapper (RomySihananda), JSON", "tiktok-comment-scrapper (RomySihananda), JSON"),
    platform="tiktok",
    gives="author by unique name, replies, page and its own account, time to the second: local to the scraping machine "
    "and moved to UTC row by row by the clock in the comment ids; no publish time of the video, which its list "
    "(tiktok_video_list) adds",
    sniff=sniff,
    read=read,
    holds=("comments", "posts", "accounts"),
)
