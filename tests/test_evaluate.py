"""Planting: what is put onto a page is what was asked for, and nothing of the page is lost or changed by it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.compute as pc
import pytest
from click.testing import CliRunner

from fakedetect import pipeline
from fakedetect.cli import cli, main
from fakedetect.errors import InputError
from fakedetect.evaluate import attacks, curves
from fakedetect.evaluate.nulls import permuted
from fakedetect.evaluate.plant import PLANTS, PRESENCE, Plant, pages_of, plant
from fakedetect.schema import Dump
from fakedetect.shipped import folder

SAMPLE = folder("data", "sample_page")


@pytest.fixture(scope="module")
def page() -> Dump:
    [page] = pages_of(pipeline.read([SAMPLE]))
    return page


def planted(page: Dump, family: str, seed: int = 1) -> list[dict[str, object]]:
    made = plant([page], PLANTS[family], seed)
    rows = made.dump.comments
    assert made.dump.rejects.num_rows == 0
    mine = rows.filter(pc.equal(rows["source"], "planted"))
    kept = rows.filter(pc.not_equal(rows["source"], "planted"))
    assert sorted(kept["comment_id"].to_pylist()) == sorted(page.comments["comment_id"].to_pylist())
    assert set(mine["author_id"].to_pylist()) <= set(made.role)
    return list(mine.select(["author_id", "post_id", "comment_time", "text"]).to_pylist())


@pytest.mark.parametrize("family", PLANTS)
def test_the_page_keeps_its_comments(page: Dump, family: str) -> None:
    assert planted(page, family)


def test_no_account_depends_on_what_is_told_of_power() -> None:
    dump, options, model = pipeline.read([SAMPLE]), pipeline.Options(), pipeline.load_model(None)
    found = pipeline.evidence(dump, options, text=model.text, power=False)
    whole = pipeline.audit(dump, options)
    assert whole.summary["power"]["rings"]
    assert not found.rings.power
    assert pipeline.judge(found, options, model)[0].equals(whole.accounts)


def test_the_same_seed_plants_the_same(page: Dump) -> None:
    assert planted(page, "camouflaged", 3) == planted(page, "camouflaged", 3)
    assert planted(page, "camouflaged", 3) != planted(page, "camouflaged", 4)


def test_a_tight_ring_is_tight_and_present(page: Dump) -> None:
    made = plant([page], PLANTS["tight_early"], 1)
    rows = planted(page, "tight_early")
    by_post = Counter(r["post_id"] for r in rows)
    assert len(made.role) == 13 and made.n_worked == round(0.6 * made.n_posts)
    assert len(by_post) <= made.n_worked
    assert sum(by_post.values()) / (13 * made.n_worked) == pytest.approx(PRESENCE, abs=0.06)
    for post in by_post:
        times = sorted(r["comment_time"] for r in rows if r["post_id"] == post)
        assert (times[-1] - times[0]).total_seconds() < 1200


def test_crews_take_turns(page: Dump) -> None:
    rows = planted(page, "alternating_crews")
    crews: dict[object, set[object]] = {}
    for row in rows:
        crews.setdefault(row["post_id"], set()).add(row["author_id"])
    groups = list(crews.values())
    first = next(g for g in groups)
    apart = sum(1 for g in groups if not g & first)
    assert 0.3 < apart / len(groups) < 0.7


def test_a_short_page_takes_no_part(page: Dump) -> None:
    few = page.posts.slice(0, 30)
    with pytest.raises(InputError, match="dated posts"):
        plant([Dump(**{**page.__dict__, "posts": few})], Plant(), 1)


@pytest.mark.slow
def test_attack_curves_from_the_command_line(tmp_path: Path) -> None:
    asked = ["evaluate", "attack-curves", str(SAMPLE), "--family", "own_words", "--jobs", "1"]
    table = CliRunner().invoke(cli, asked)
    assert table.exit_code == 0, table.output
    assert table.output.splitlines()[2].startswith("| own_words | 1 | 13 (13 each) | 32 of 80 | ")
    result = CliRunner().invoke(cli, [*asked, "--json"])
    [row] = json.loads(result.output)
    assert row["n_campaign"] == 13 and 0 <= row["recall"] <= row["review"] <= 1
    # The sample's own ring is there too, and is no honest account: whoever else is accused would show here.
    assert row["accused"] <= 11


def test_a_dump_with_too_few_pages_for_a_campaign_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "attack-curves", str(SAMPLE), "--family", "across_4_pages", "--jobs", "1"]) == 3
    assert "4 pages" in capsys.readouterr().err


def test_an_unknown_family_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "attack-curves", str(SAMPLE), "--family", "nothing"]) == 2
    assert "own_words" in capsys.readouterr().err


def test_a_curve_is_drawn(tmp_path: Path) -> None:
    spans = ((13, 13), (36, 36), (60, 60))
    rows = [attacks.Row(f"crews: {k}", 3, 39, 1 - k / 8, 0.4, 1.0, 1.0, 0, 100, 0, 0, *spans) for k in (1, 2, 4)]
    drawn = ElementTree.fromstring(curves.picture([*rows, attacks.Row("a < b: none", 3, 0, None, None, None, None, 0, 1,
                                                                     0, 0, *spans)]))
    said = [t.text for t in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"crews", "a < b", "1", "2", "4", "none"} <= set(said)
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}circle"))) == 3


def test_curves_turn_one_knob_of_the_same_ring() -> None:
    planted = curves.families(["camouflage", "crews"])
    assert planted["crews: 1"] == planted["camouflage: 0 to 1"] == Plant()
    assert planted["camouflage: 4 to 1"].camouflage == 4.0 and planted["crews: 3"].crews == 3


@pytest.mark.parametrize(("asked", "told"), [(["--curve", "nothing"], "spacing"), (["--svg", "x.svg"], "--curve all"),
                                             (["--curve", "crews", "--family", "rare"], "one at a time")])
def test_what_cannot_be_asked_together_is_told(asked: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "attack-curves", str(SAMPLE), *asked]) == 2
    assert told in capsys.readouterr().err


def test_recall_is_pooled_over_accounts() -> None:
    def trial(page: str, found: int, missed: int) -> attacks.Trial:
        return attacks.Trial("f", "d", page, 1, 60, 36, {("campaign", "suspect"): found,
                                                        ("campaign", "no_evidence"): missed, ("other", "suspect"): 1,
                                                        ("other", "no_evidence"): 99}, 0, 0, 0, 0, 0, 0)

    [row] = attacks.table([trial("a", 9, 1), trial("b", 0, 10)])
    assert (row.recall, row.accused, row.n_honest, row.n_pages) == (0.45, 2, 200, 2)
    assert row.low is not None and row.high is not None and row.low <= 0.45 <= row.high


def test_bursts_are_counted_where_an_interval_is_told() -> None:
    def trial(told: int, covered: int, bursts: int) -> attacks.Trial:
        counts = {("twice", "suspect"): 3, ("twice", "review"): 1, ("campaign", "review"): 4}
        return attacks.Trial("farm", "d", "a", 1, 60, 5, counts, 5, 4, told, covered, bursts, bursts)

    [row] = attacks.table([trial(5, 4, 1), trial(0, 0, 0)])
    assert (row.twice, row.shown, row.told, row.covered, row.held) == (0.75, 0.8, 0.5, 0.8, 1.0)
    assert "0.800 of those" in attacks.markdown([row])
    [none] = attacks.table([trial(0, 0, 0)])
    assert none.covered is None and none.held is None and "nan" in attacks.markdown([none])


def test_permuting_keeps_who_was_where_and_every_moment(page: Dump) -> None:
    there = permuted(page, 1)
    keys = ("comment_id", "post_id", "author_id", "text")
    assert there.comments.select(keys).equals(page.comments.select(keys))

    def moments(dump: Dump) -> list[tuple[object, ...]]:
        rows = (dump.comments[c].to_pylist() for c in ("post_id", "is_reply", "comment_time"))
        return sorted(zip(*rows, strict=True), key=str)

    assert moments(there) == moments(page)
    moved = [a != b for a, b in zip(there.comments["comment_time"].to_pylist(),
                                    page.comments["comment_time"].to_pylist(), strict=True)]
    assert sum(moved) > 0.8 * len(moved)


def test_the_sample_ring_is_gone_when_times_are_permuted(page: Dump) -> None:
    """Who came to which post stays, so the ring is still seen by its posts; by its minutes it is not."""
    rings = pipeline.evidence(permuted(page, 1), pipeline.Options()).rings
    [group] = rings.groups.to_pylist()
    assert group["evidence"] == ["attendance"]


def test_null_audit_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "null-audit", str(SAMPLE), "--seeds", "1", "--jobs", "1", "--quiet"]) == 0
    row = capsys.readouterr().out.splitlines()[2].split("|")
    assert [c.strip() for c in row[1:5]] == ["sample_page", "1", "1", "0"], "the ring still named was not dealt anew"
