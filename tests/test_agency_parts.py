"""The parts of an agency audit one by one: names, whose page is whose, months, clearances."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fakedetect import output, pipeline
from fakedetect.agency import as_read, brands, from_manifest, hours
from fakedetect.agency.named import name, of_raws
from fakedetect.compare import earlier as before
from fakedetect.decisions import Decisions, Note, beside, fingerprint
from fakedetect.errors import InputError, UsageError
from fakedetect.readers import read as read_raw
from fakedetect.schema import POSTS_OUT, TIME, Audit, Brand, Dump


def dump_at(folder: Path, rows: list[dict[str, Any]], posts: list[dict[str, Any]] | None = None) -> Path:
    """A folder with comments.csv, and posts.csv where given."""
    folder.mkdir(parents=True)
    for file, held in (("comments", rows), ("posts", posts or [])):
        if held:
            with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, list(held[0]))
                writer.writeheader()
                writer.writerows(held)
    return folder


def comments(start: int = 1, **more: Any) -> list[dict[str, Any]]:
    return [{"comment_id": f"c{k}", "post_id": "1", "author_id": f"u{k}", "text": "merci",
             "comment_time": f"2024-03-0{k}T10:00:00Z", **more} for k in range(start, start + 3)]


def read(*folders: Path, brands: tuple[Brand, ...] | None = None) -> Dump:
    named = brands if brands is not None else tuple(Brand(f.name, True) for f in folders)
    return pipeline.read(list(folders), brands=named)


@pytest.mark.parametrize(("path", "called"), [
    ("clients/soda", "soda"), ("clients/soda/", "soda"), ("clients/soda.csv.gz", "soda"),
    ("clients/soda/comments.csv", "soda"), ("clients/soda/export", "soda"), ("clients/soda/*.csv", "soda"),
    ("-", "stdin"),
])
def test_a_brand_is_called_after_its_folder_or_file(path: str, called: str) -> None:
    assert name(path) == called


def test_brands_come_first_those_run() -> None:
    found = brands(["a", "b"], ["c"])
    assert [(b.name, b.run) for b in found] == [("a", True), ("b", True), ("c", False)]
    for run, other in ((["a", "x/A"], []), (["a", "b"], ["x/B"]), (["a"], ["b"])):
        with pytest.raises(UsageError):
            brands(run, other)


def test_the_same_post_ids_of_two_brands_are_two_posts(tmp_path: Path) -> None:
    posts = [[{"post_id": "1", "post_time": f"2024-03-0{k}T09:00:00Z"}] for k in (1, 2)]
    found = read(dump_at(tmp_path / "soda", comments(), posts[0]), dump_at(tmp_path / "cake", comments(4), posts[1]))
    assert [(b.name, b.pages) for b in found.brands] == [("soda", ("soda",)), ("cake", ("cake",))]
    assert sorted(set(found.comments["page_id"].to_pylist())) == ["cake", "soda"]
    told = {p["page_id"]: p["post_time"].day for p in found.posts.to_pylist()}
    assert told == {"soda": 1, "cake": 2}, "each brand's post keeps its own time"


def test_a_page_of_two_brands_is_refused(tmp_path: Path) -> None:
    folders = dump_at(tmp_path / "soda", comments(page_id="p")), dump_at(tmp_path / "cake", comments(4, page_id="p"))
    with pytest.raises(UsageError, match="page 'p' stands in the dumps of two brands"):
        read(*folders)


def test_the_same_comments_for_two_brands_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="same comments are given for two brands"):
        read(dump_at(tmp_path / "soda", comments()), dump_at(tmp_path / "cake", comments()))


def test_brands_are_known_again_by_what_their_files_hold(tmp_path: Path) -> None:
    folders = dump_at(tmp_path / "soda", comments()), dump_at(tmp_path / "cake", comments(4))
    first = read(*folders, brands=(Brand("soda", True), Brand("cake", False)))
    again = from_manifest(as_read(first.brands))
    moved = [f.rename(tmp_path / f"moved_{f.name}") for f in folders[::-1]]
    raws, found = of_raws(again, read_raw(moved))
    assert [(b.name, b.run) for b in found] == [("soda", True), ("cake", False)]
    assert [r.comments["comment_id"][0].as_py() for r in raws] == ["c1", "c4"]
    with pytest.raises(InputError, match="none of the audit's"):
        of_raws(again, read_raw([dump_at(tmp_path / "else", comments(6))]))


def counted(n_posts: int, early: int, suspects: int = 0, page: str = "p", month: int = 3) -> tuple[pa.Table, pa.Table]:
    """posts.parquet and comments.parquet of a page on which each post has `early` comments in its first hour."""
    when = [dt.datetime(2024, month, 1 + k % 28, 9, tzinfo=dt.UTC) for k in range(n_posts)]
    posts = [{"post_id": f"{page}{month}-{k}", "page_id": page, "post_time": t, "first_hour_share": 0.5,
              "n_first_hour": early} for k, t in enumerate(when)]
    held = [{"page_id": page, "post_id": p["post_id"], "author_id": f"a{k}", "delay_s": 3600.0 if k < early else 3601.0,
             "verdict": "suspect" if k < suspects else "no_evidence"} for p in posts for k in range(early + 1)]
    return pa.Table.from_pylist(posts, POSTS_OUT), pa.Table.from_pylist(held, pa.schema([
        ("page_id", pa.string()), ("post_id", pa.string()), ("author_id", pa.string()), ("delay_s", pa.float64()),
        ("verdict", pa.string())]))


NOBODY = pa.array([], pa.string())


@pytest.mark.parametrize(("n_posts", "early", "too_few"), [(8, 4, False), (7, 9, True), (8, 3, True), (1, 500, True)])
def test_too_few_is_said(n_posts: int, early: int, too_few: bool) -> None:
    told = hours.share(hours.by_post(*counted(n_posts, early, 1), NOBODY, "UTC"), 0.05)
    assert (told["n_posts"], told["n_first_hour"], told["n_suspect"]) == (n_posts, n_posts * early, n_posts)
    assert told["too_few"] == too_few == (told["share"] is None)


def test_posts_without_a_first_hour_are_left_out() -> None:
    posts, held = counted(10, 5)
    at = posts.column_names.index("first_hour_share")
    posts = posts.set_column(at, "first_hour_share", pa.array([None] * 4 + [0.5] * 6, pa.float64()))
    found = hours.by_post(posts, held, pa.array(["a0"]), "UTC")
    assert (found.num_rows, sum(found["n_first_hour"].to_pylist()), sum(found["n_apart"].to_pylist())) == (6, 30, 6)


def test_a_post_without_a_time_has_no_month() -> None:
    posts, held = counted(10, 5)
    posts = posts.set_column(posts.column_names.index("post_time"), "post_time", pa.nulls(10, TIME))
    assert hours.by_post(posts, held, NOBODY, "UTC").num_rows == 0


def test_a_post_s_month_is_that_of_the_run_s_clock() -> None:
    posts, held = counted(1, 5)
    late = pa.array([dt.datetime(2024, 1, 31, 23, 30, tzinfo=dt.UTC)], TIME)
    posts = posts.set_column(posts.column_names.index("post_time"), "post_time", late)
    months = [hours.by_post(posts, held, NOBODY, zone)["month"].to_pylist() for zone in ("UTC", "Europe/Paris")]
    assert months == [["2024-01"], ["2024-02"]]


def test_nothing_is_compared_with_too_little() -> None:
    ours, theirs = counted(20, 9, 3), counted(6, 9, 0, page="q", month=4)
    posts, held = (pa.concat_tables(pair) for pair in zip(ours, theirs, strict=True))
    of = (Brand("soda", True, ("p",)), Brand("other", False, ("q",)))
    found = hours.comparison(hours.by_post(posts, held, NOBODY, "UTC"), of, 0.05)
    assert found is not None and found["difference"] is None and found["not_run"]["too_few"]
    assert (found["run"]["first_month"], found["not_run"]["last_month"]) == ("2024-03", "2024-04")
    assert hours.comparison(hours.by_post(posts, held, NOBODY, "UTC"), of[:1], 0.05) is None


def dump_of(platforms: tuple[str, ...], tmp_path: Path) -> Dump:
    folder = tmp_path / "soda"
    found = pipeline.read(folder if folder.exists() else dump_at(folder, comments()))
    return replace(found, platforms=platforms)


def earlier_audit(found: Audit, to: Path, platforms: list[str]) -> Path:
    """The audit, of these platforms, on which one account is cleared and signed off."""
    output.write(replace(found, summary={**found.summary, "platforms": platforms}), to)
    kept = Decisions(beside(to), fingerprint(to))
    account = "facebook:7" if len(platforms) > 1 else "7"
    said = kept.write("Ann", [Note("decision", "account", account, "cleared", "met")])
    assert isinstance(said, list)
    kept.write("Ben", [Note("signoff", "account", said[0].subject, "agree", about=said[0].seq)])
    return to


@pytest.mark.parametrize(("then", "now", "called"), [
    (["facebook"], ("facebook",), ["7"]),
    (["facebook"], ("facebook", "instagram"), ["facebook:7"]),
    (["facebook", "instagram"], ("facebook",), ["7"]),
    (["facebook", "instagram"], ("instagram",), []),
    ([], ("facebook",), ["7"]),
], ids=["same", "more-platforms-now", "more-then", "another-of-them", "unknown"])
def test_cleared_accounts_are_called_as_they_are_here(then: list[str], now: tuple[str, ...], called: list[str],
                                                      found_audit: Audit, tmp_path: Path) -> None:
    folder = earlier_audit(found_audit, tmp_path / "earlier", then)
    found, = before.read([folder], dump_of(now, tmp_path))
    assert [c.author_id for c in found.cleared] == called


def test_an_earlier_audit_of_another_platform_is_refused(found_audit: Audit, tmp_path: Path) -> None:
    folder = earlier_audit(found_audit, tmp_path / "earlier", ["tiktok"])
    with pytest.raises(InputError, match="cannot be compared"):
        before.read([folder], dump_of(("facebook",), tmp_path))


def test_a_replay_reads_a_review_file_as_far_as_it_went(found_audit: Audit, tmp_path: Path) -> None:
    folder, here = earlier_audit(found_audit, tmp_path / "earlier", []), dump_of((), tmp_path)
    first, = before.read([folder], here)
    told = [{"audit": first.audit, "entries": first.entries, "chain": first.chain}]
    kept = Decisions(beside(folder), fingerprint(folder))
    kept.write("Ann", [Note("decision", "account", "7", "confirmed", "I was wrong")])
    assert before.read([folder], here, told) == (first,)
    assert before.read([folder], here)[0].cleared == ()
    with pytest.raises(InputError, match="another than the one that was respected"):
        before.read([folder], here, [told[0] | {"chain": "0" * 64}])
    with pytest.raises(UsageError, match="lacking"):
        before.read([], here, told)
    with pytest.raises(UsageError, match="was not given this earlier one"):
        before.read([folder], here, [])
