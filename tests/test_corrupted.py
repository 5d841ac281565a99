"""A worse dump costs power and adds no flag: the same page with coarse clocks, wrong zones, lost columns and lost rows
names nobody but its ring, and says what it refused."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from fakedetect import pipeline
from fakedetect.errors import InputError
from fakedetect.outcome import Options
from fakedetect.schema import Audit
from fakedetect.simulate.page import page
from fakedetect.simulate.spec import Campaign, Negative, PageSpec
from fakedetect.simulate.write import write

Row = dict[str, str]
Rows = list[Row]
RING = 11


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A small page with a ring and loyal fans, as files, and the ring's ids."""
    folder = tmp_path_factory.mktemp("made") / "dump"
    spec = PageSpec(n_accounts=700, n_posts=60, return_share=0.3, with_accounts=False,
                    campaigns=(Campaign("tight_early", RING, participation=0.7),),
                    negatives=(Negative("loyal_fans", 15),))
    there = page(spec, 3)
    write(there, folder)
    return folder, {r["author_id"] for r in there.truth.to_pylist() if r["role"] == "campaign"}


def audited(folder: Path, out: Path, change: Callable[[Rows, Rows], tuple[Rows, Rows]]) -> Audit:
    def rows(name: str) -> Rows:
        with (folder / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    out.mkdir()
    for name, kept in zip(("comments.csv", "posts.csv"), change(rows("comments.csv"), rows("posts.csv")), strict=True):
        if kept:
            with (out / name).open("w", newline="", encoding="utf-8") as file:
                to = csv.DictWriter(file, list(kept[0]))
                to.writeheader()
                to.writerows(kept)
    audit = pipeline.audit(pipeline.read([out]), Options(seed=2))
    read = audit.summary["rows"]
    assert read["read"] == read["scored"] + read["rejected"]
    return audit


def cut(rows: Rows, column: str, kept: int, tail: str) -> Rows:
    return [r | {column: r[column][:kept] + tail} for r in rows]


def hours_on(rows: Rows, column: str, hours: int) -> Rows:
    def later(when: str) -> str:
        moved = datetime.datetime.fromisoformat(when) + datetime.timedelta(hours=hours)
        return moved.strftime("%Y-%m-%dT%H:%M:%SZ")

    return [r | {column: later(r[column])} for r in rows]


CHANGES: dict[str, Callable[[Rows, Rows], tuple[Rows, Rows]]] = {
    "no post times": lambda c, p: (c, []),
    "minutes": lambda c, p: (cut(c, "comment_time", 16, ":00Z"), p),
    "hours": lambda c, p: (cut(c, "comment_time", 13, ":00:00Z"), p),
    "days": lambda c, p: (cut(c, "comment_time", 10, "T00:00:00Z"), p),
    "one minute and second for all": lambda c, p: (cut(c, "comment_time", 13, ":17:42Z"), p),
    "comments two hours ahead": lambda c, p: (hours_on(c, "comment_time", 2), p),
    "comments two hours behind": lambda c, p: (hours_on(c, "comment_time", -2), p),
    "every row twice": lambda c, p: (c + c, p),
    "half of the authors deleted": lambda c, p: ([r | {"author_id": "", "author_name": "[deleted]"} if k % 2 else r
                                                  for k, r in enumerate(c)], p),
    "names only": lambda c, p: ([{k: v for k, v in r.items() if k != "author_id"} for r in c], p),
    "no texts": lambda c, p: ([r | {"text": ""} for r in c], p),
    "ten comments a post": lambda c, p: ([r for k, r in enumerate(c) if sum(
        o["post_id"] == r["post_id"] for o in c[:k]) < 10], p),
}
STILL_NAMED = ("minutes", "every row twice", "no texts")
"""What costs next to nothing."""
REFUSES = {"no post times": "delay", "days": "closeness", "hours": "closeness",
           "one minute and second for all": "closeness"}


@pytest.mark.parametrize("name", CHANGES)
def test_nobody_but_the_ring_is_named(name: str, made: tuple[Path, set[str]], tmp_path: Path) -> None:
    folder, ring = made
    audit = audited(folder, tmp_path / "worse", CHANGES[name])
    rows = audit.accounts.to_pylist()
    if name == "names only":
        with (folder / "comments.csv").open(newline="", encoding="utf-8") as file:
            ring = {f"name:{r['author_name']}" for r in csv.DictReader(file) if r["author_id"] in ring}
    accused = {r["author_id"] for r in rows if r["verdict"] in ("suspect", "review")}
    assert accused <= ring
    if name in STILL_NAMED:
        assert len(accused) >= RING - 2
    if name in REFUSES:
        assert REFUSES[name] in {r["test"] for r in audit.summary["refused"]}


def test_one_post(made: tuple[Path, set[str]], tmp_path: Path) -> None:
    def one(comments: Rows, posts: Rows) -> tuple[Rows, Rows]:
        post = comments[0]["post_id"]
        return [r for r in comments if r["post_id"] == post], [r for r in posts if r["post_id"] == post]

    audit = audited(made[0], tmp_path / "one", one)
    assert audit.groups.num_rows == 0
    assert {r["verdict"] for r in audit.accounts.to_pylist()} <= {"not_enough_data", "no_evidence", "declared"}


def test_no_comments(made: tuple[Path, set[str]], tmp_path: Path) -> None:
    with pytest.raises(InputError):
        audited(made[0], tmp_path / "none", lambda c, p: ([], p))
