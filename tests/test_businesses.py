"""An audit of reviews: businesses.parquet, groups told by marks, disclosed incentives, and what is refused."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from audits import audit, run, summary, table
from rendered import Page

from fakedetect import pipeline
from fakedetect.businesses import REASONS
from fakedetect.report.reviewed import REASONS as WORDS
from fakedetect.simulate import ReviewCampaign, write
from fakedetect.simulate.presets import EVERY_NEGATIVE

from simulated_reviews import made_of  # isort: skip

NAMED = ("suspect", "review", "disclosed")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A simulated site with a ring of 13 and a crisis that is buried, audited; and the truth about it."""
    ring = ReviewCampaign("praise_and_trash", 13, n_reviews=40, camouflage=0.5)
    made = made_of(replace(EVERY_NEGATIVE, n_accounts=3500, campaigns=(ring, ReviewCampaign("laundering"))), 5)
    folder = tmp_path_factory.mktemp("site")
    write(made, folder / "dump")
    return audit(folder / "out", folder / "dump"), json.loads((folder / "dump_truth" / "truth.json").read_text("utf-8"))


def by_business(folder: Path) -> dict[str, dict[str, Any]]:
    return {b["business_id"]: b for b in table(folder, "businesses").to_pylist()}


def test_a_ring_is_named_with_its_businesses_and_nobody_else(site):
    out, truth = site
    ring = truth["campaigns"][0]
    suspects = {a["author_id"] for a in table(out, "accounts").to_pylist() if a["verdict"] == "suspect"}
    assert len(suspects) >= 9
    assert len(suspects - set(ring["accounts"])) <= 1  # a share of .05 is what the false discovery rate allows
    [group] = [g for g in table(out, "groups").to_pylist() if g["kind"] == "praise_and_trash"]
    assert group["praised"] == ring["praised"]
    assert set(group["trashed"]) & set(ring["trashed"])
    found = by_business(out)
    assert found[ring["praised"][0]]["verdict"] == "suspect"
    assert "praised_by_group" in found[ring["praised"][0]]["reasons"]
    for victim in group["trashed"]:
        assert found[victim]["verdict"] == "review"
        assert "trashed_by_group" in found[victim]["reasons"]


def test_praise_over_a_crisis_is_a_case_to_look_at(site):
    out, truth = site
    business = truth["campaigns"][1]["praised"][0]
    [group] = [g for g in table(out, "groups").to_pylist() if g["kind"] == "laundering"]
    assert group["praised"] == [business]
    assert group["excess"] > 10
    members = [a for a in table(out, "accounts").to_pylist() if a["group_id"] == group["group_id"]]
    assert {a["verdict"] for a in members} == {"review"}
    assert {a["author_id"] for a in members} & set(truth["campaigns"][1]["accounts"])
    row = by_business(out)[business]
    assert row["verdict"] == "review"
    assert {"praise_after_crisis", "wave_good"} <= set(row["reasons"])
    assert row["wave_n"] > 3 * row["wave_expected"]


def test_the_table_holds_every_reviewed_business_once(site):
    out, _ = site
    table_, comments = table(out, "businesses"), table(out, "comments")
    assert sorted(table_["business_id"].to_pylist()) == sorted(comments["post_id"].unique().to_pylist())
    assert sum(table_["n_reviews"].to_pylist()) == comments.num_rows
    for row in table_.to_pylist():
        assert set(row["reasons"]) <= set(REASONS)
        assert bool(row["reasons"]) == (row["verdict"] in NAMED), row
        assert row["place"]
        assert (row["p_value"] is None) == (row["verdict"] == "not_enough_data"), row


def test_disclosed_incentives_are_a_verdict_of_their_own(site):
    out, truth = site
    thanked = next(n for n in truth["negatives"] if n["kind"] == "incentive_wave")
    verdicts = {a["author_id"]: a["verdict"] for a in table(out, "accounts").to_pylist()}
    told = [verdicts[a] for a in thanked["accounts"]]
    assert told.count("disclosed") > len(told) / 4
    assert not {"suspect", "review"} & set(told)
    assert summary(out)["accounts"]["disclosed"] == list(verdicts.values()).count("disclosed")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_report_says_what_was_done_to_whom(site, lang):
    from fakedetect import output

    out, truth = site
    page = Page(pipeline.report(output.read(out), lang=lang))
    text = " ".join(page.words)
    assert WORDS["trashed_by_group"].of(lang) in text
    assert WORDS["praise_after_crisis"].of(lang) in text
    assert truth["campaigns"][0]["praised"][0] in text


@pytest.mark.parametrize("zone", [[], ["--tz", "Europe/Paris"]])
def test_dates_without_hours_lose_the_clock_and_not_the_marks(site, tmp_path, zone):
    out, truth = site
    path = tmp_path / "dump" / "comments.csv"
    path.parent.mkdir()
    with (out.parent / "dump" / "comments.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**row, "comment_time": row["comment_time"][:10]} for row in csv.DictReader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    side = out.parent / "dump" / "businesses.csv"
    found = audit(tmp_path / "out", path, "--businesses", side, *zone)
    assert {"closeness", "delay"} <= {r["test"] for r in summary(found)["refused"]}
    [group] = [g for g in table(found, "groups").to_pylist() if g["kind"] == "praise_and_trash"]
    members = {a["author_id"] for a in table(found, "accounts").to_pylist() if a["group_id"] == group["group_id"]}
    assert len(members & set(truth["campaigns"][0]["accounts"])) >= 9
    if zone:
        assert "laundering" in table(found, "groups")["kind"].to_pylist()


def test_names_are_not_compared_and_waves_still_are(tmp_path):
    """A scrape without user ids: namesakes must not praise and trash as one."""
    made = made_of(EVERY_NEGATIVE, 6)
    write(made, tmp_path / "dump")
    (tmp_path / "dump" / "accounts.csv").unlink()
    path = tmp_path / "dump" / "comments.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [n for n in rows[0] if n != "author_id"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    out = audit(tmp_path / "out", tmp_path / "dump")
    assert "marks" in {r["test"] for r in summary(out)["refused"]}
    assert "wave" not in {r["test"] for r in summary(out)["refused"]}
    assert "praise_and_trash" not in table(out, "groups")["kind"].to_pylist()
    assert "no_evidence" in table(out, "businesses")["verdict"].to_pylist()


def test_comments_have_no_businesses(sample_audit, tmp_path):
    assert not (sample_audit / "businesses.parquet").exists()
    assert not {"marks", "wave"} & {r["test"] for r in summary(sample_audit)["refused"]}
    dump = tmp_path / "few.csv"
    dump.write_text("author_id,post_id,text,rating\na,p,fine,FIVE\nb,p,bad,1\nc,q,so so,7 out of 9\n", "utf-8")
    out = audit(tmp_path / "out", dump)
    assert set(table(out, "businesses")["verdict"].to_pylist()) == {"not_enough_data"}
    assert "wave" in {r["test"] for r in summary(out)["refused"]}


def test_businesses_can_be_named(tmp_path):
    dump, side = tmp_path / "few.csv", tmp_path / "elsewhere" / "shops.csv"
    side.parent.mkdir()
    dump.write_text("author_id,post_id,text,rating\na,p,fine,5\nb,p,bad,1\n", "utf-8")
    side.write_text("business_id,owner,ville,categorie\np,=cmd(),Nancy,hôtel\nz,x,y,w\n", "utf-8")
    out = audit(tmp_path / "out", dump, "--businesses", side)
    [row] = table(out, "businesses").to_pylist()
    assert (row["owner"], row["place"], row["category"]) == ("=cmd()", "Nancy", "hôtel")
    run("audit", dump, "--businesses", dump, "--out", tmp_path / "none", "-q", expect=3)
