"""One audit over several brands, end to end: groups on the pages of more than one, first hours by page and month, pages
that the agency does not run, accounts that are not judged."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audits import ROOT, audit, run, summary, table, verdicts
from browser import browser
from make_agency import HOSTILE, RING, WHY, Case
from make_dossier import files
from rendered import Page, only_our_scripts

from fakedetect import output, pipeline
from fakedetect.cli import main
from fakedetect.decisions import beside
from fakedetect.words import LANGS, Lang

SAMPLE = ROOT / "data" / "sample_page"


def rows(case: Case, name: str) -> list[dict[str, Any]]:
    return table(case.folder, name).to_pylist()


def words_of(case: Case, lang: Lang, names: bool = False) -> tuple[str, str]:
    """The report as HTML, and its words on one line."""
    html = pipeline.report(output.read(case.folder), lang=lang, names=names)
    return html, re.sub(r"\s+", " ", " ".join(Page(html).words))


def test_the_ring_is_told_on_the_pages_of_both_brands(agency: Case) -> None:
    group, = rows(agency, "groups")
    by_brand = {r["brand"]: r for r in rows(agency, "brand_groups")}
    assert set(by_brand) == {"lemonade", HOSTILE}
    left = agency.ring - {agency.cleared, agency.innocent}
    comments = rows(agency, "comments")
    for name, row in by_brand.items():
        # Those of the truth on which two accounts or more of the group came: it worked on all of them.
        mine = [c for c in comments if c["author_id"] in left and c["post_id"] in agency.worked[name]]
        met = [p for p in agency.worked[name] if len({c["author_id"] for c in mine if c["post_id"] == p}) > 1]
        assert row["works"] and row["run"] and row["q_value"] < 1e-4
        assert row["n_posts"] == len(met) > 10
        assert row["n_accounts"] == len(left) == RING - 2
        on = [c for c in mine if c["post_id"] in met]
        assert row["n_comments"] == len(on)
        assert (row["first_seen"], row["last_seen"]) == (min(c["comment_time"] for c in on),
                                                         max(c["comment_time"] for c in on))
    assert by_brand[HOSTILE]["first_seen"] > by_brand["lemonade"]["first_seen"]
    assert sum(r["n_posts"] for r in by_brand.values()) == group["n_posts"]
    assert min(r["first_seen"] for r in by_brand.values()) == group["first_seen"]
    assert summary(agency.folder)["agency"]["groups_for_several"] == 1


def test_monthly_shares_are_those_of_the_tables(agency: Case) -> None:
    told = {(r["page_id"], r["month"]): r for r in rows(agency, "months")}
    posts = {(p["page_id"], p["post_id"]): p for p in rows(agency, "posts")}
    apart = {r["author_id"] for r in rows(agency, "apart")}
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for post in posts.values():
        here = counted.setdefault((post["page_id"], f"{post['post_time']:%Y-%m}"), dict.fromkeys(
            ("n_posts", "n_first_hour", "n_suspect", "n_review", "n_apart"), 0))
        here["n_posts"] += 1
        here["n_first_hour"] += post["n_first_hour"]
    for c in rows(agency, "comments"):
        if c["delay_s"] is not None and c["delay_s"] <= 3600:
            post = posts[c["page_id"], c["post_id"]]
            here = counted[c["page_id"], f"{post['post_time']:%Y-%m}"]
            here["n_apart"] += c["author_id"] in apart
            if c["verdict"] in ("suspect", "review"):
                here[f"n_{c['verdict']}"] += 1
    assert {key: {n: row[n] for n in counted[key]} for key, row in told.items()} == counted
    for row in told.values():
        few = row["n_posts"] < 8 or row["n_first_hour"] < 30
        assert row["too_few"] == few == (row["share"] is None)
        if not few:
            assert row["share"] == pytest.approx(row["n_suspect"] / row["n_first_hour"])
            assert row["share_low"] <= row["share"] <= row["share_high"]
    assert any(r["too_few"] for r in told.values()) and any(r["n_suspect"] for r in told.values())


def test_the_page_that_the_agency_does_not_run_shows_none(agency: Case) -> None:
    found = summary(agency.folder)["agency"]
    ours, theirs, apart = (found["comparison"][k] for k in ("run", "not_run", "difference"))
    assert theirs["n_suspect"] == 0 and theirs["share"] == 0.0 and 0 < theirs["share_high"] < 0.1
    assert [r for r in rows(agency, "months") if not r["run"] and (r["n_suspect"] or r["n_review"])] == []
    assert apart["estimate"] == pytest.approx(ours["share"]) and 0.15 < apart["low"] < apart["estimate"] < apart["high"]
    assert ours["n_suspect"] == sum(r["n_suspect"] for r in rows(agency, "months"))
    assert [b["run"] for b in found["brands"]] == [True, True, False]
    assert [b["suspect"] for b in found["brands"]] == [RING - 2, RING - 2, 0]


def test_staff_known_and_cleared_accounts_stand_apart(agency: Case) -> None:
    verdict = verdicts(agency.folder)
    apart: dict[str, set[str]] = {}
    for row in rows(agency, "apart"):
        apart.setdefault(row["why"], set()).add(row["author_id"])
        assert verdict[row["author_id"]] == ("declared" if row["why"] == "declared" else "no_evidence")
        if row["why"] == "declared":
            assert row["declared_by"] == [row["brand"]] and row["author_id"] in agency.declared[row["brand"]]
        if row["why"] == "cleared":
            assert (row["decided_by"], row["signed_by"], row["because"], row["earlier"]) == (
                "Ann", "Ben", WHY, "earlier")
    assert apart["declared"] == {a for a in set.union(*map(set, agency.declared.values())) if a in verdict}
    assert (apart["cleared"], apart["known_innocent"]) == ({agency.cleared}, {agency.innocent})
    assert verdict[agency.alone] == "suspect", "one person's word alone does not count"
    told = summary(agency.folder)["agency"]
    assert told["cleared"] == {"given": 1, "seen": 1, "unsigned": 1}
    assert told["known_innocent"] == {"given": 2, "seen": 1}
    written = [c for c in rows(agency, "comments") if c["author_id"] == agency.cleared]
    mine = [r for r in rows(agency, "apart") if r["author_id"] == agency.cleared]
    assert sum(r["n_comments"] for r in mine) == len(written)
    assert sum(r["n_first_hour"] for r in mine) == sum((c["delay_s"] or 0) <= 3600 for c in written)


SAID: dict[Lang, tuple[str, ...]] = {
    "en": ("1 group found on the pages of more than one of the 2 brands", "First hours by page and month", "Too few",
           "acts together here", "neighbour (not run by the agency)", "The difference is 30.4 percentage points",
           "signed off by Ben", "named as known to be organic", "Staff, by lemonade",
           "Cleared there by one person alone, which does not count here: 1."),
    "fr": ("Sur les pages de plus d'une des 2 marques : 1 groupe", "Premières heures par page et par mois", "Trop peu",
           "agit de concert ici", "neighbour (non gérée par l'agence)", "L'écart est de 30,4 points",
           "validé par Ben", "nommé comme connu pour organique", "Équipe, par lemonade",
           "Mis hors de cause là par une seule personne, ce qui ne compte pas ici : 1."),
}


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_tells_it(agency: Case, lang: Lang) -> None:
    html, told = words_of(agency, lang)
    plain = told.replace("\u00a0", " ").replace("\u202f", " ").casefold()
    plain = re.sub(r" +", " ", plain)
    assert [s for s in SAID[lang] if s.casefold() not in plain] == []
    assert WHY.split()[0] + " met" not in told, "a reason may tell who it is"
    assert agency.cleared not in html
    places = [html.index(f'id="{anchor}"') for anchor in ("brands", "months", "comparison", "apart", "numbers")]
    assert places == sorted(places)


def test_strangers_words_stay_inert(agency: Case) -> None:
    html, told = words_of(agency, "en", names=True)
    assert HOSTILE in told and WHY in told and "</td>biscuit_page" in told
    only_our_scripts(Page(html))
    assert not {"img", "b"} & Page(html).tags


def test_the_terminal_tells_it(agency: Case, capsys: pytest.CaptureFixture[str]) -> None:
    told = pipeline.brief(output.read(agency.folder), "en")
    assert "1 group found on the pages of more than one of the 2 brands." in told
    assert "lemonade, 30 posts, since" in re.sub(r"\s+", " ", told)


@pytest.mark.parametrize(("words", "says"), [
    pytest.param((SAMPLE,), "one is named", id="one-brand"),
    pytest.param((SAMPLE, SAMPLE.parent / ".." / "data" / "sample_page"), "two brands would be called", id="twice"),
    pytest.param((SAMPLE, SAMPLE / "posts.csv", "--not-run", SAMPLE), "two brands would be called", id="both-sides"),
    pytest.param((SAMPLE, SAMPLE / "comments.csv"), "two brands would be called", id="generic-file-in-its-folder"),
])
def test_words_that_do_not_fit(words: tuple[object, ...], says: str, tmp_path: Path,
                               capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", *map(str, words), "--agency", "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert says in told and "try:" in told and not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--not-run", "--earlier"])
def test_options_of_an_agency_need_one(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(SAMPLE), option, str(SAMPLE), "--out", str(tmp_path / "out")]) == 2
    assert f"{option} belongs to --agency" in capsys.readouterr().err


def test_an_earlier_audit_needs_its_decisions(agency: Case, tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    earlier = shutil.copytree(agency.earlier, tmp_path / "earlier")
    words = ["audit", *agency.brands, "--agency", "--earlier", earlier, "--out", tmp_path / "out"]
    assert not beside(earlier).exists()
    assert main([str(w) for w in words]) == 3
    assert "no review file" in capsys.readouterr().err


def test_an_audit_of_one_page_has_nothing_of_it(agency: Case) -> None:
    assert "agency" not in summary(agency.earlier)
    assert not any((agency.earlier / f"{n}.parquet").exists() for n in ("months", "brand_groups", "apart"))
    assert 'id="comparison"' not in (agency.earlier / "report.html").read_text("utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1100, 390])
def test_in_a_browser(agency: Case, chromium: str, tmp_path: Path, width: int) -> None:
    for lang in LANGS:
        (tmp_path / f"{lang}.html").write_text(words_of(agency, lang, names=True)[0], "utf-8")
        with browser(chromium) as chrome:
            chrome.open(tmp_path / f"{lang}.html", width=width)
            assert chrome.complaints == [] and chrome.asked == set()
            drawn = chrome.run("[...document.querySelectorAll('#months .chart')].map(c => "
                               "c.querySelectorAll('svg path').length)")
            assert len(drawn) == 3 and min(drawn) > 3
            assert chrome.run("document.documentElement.scrollWidth") == width
            assert chrome.run("document.querySelectorAll('img, iframe, form, [onerror]').length") == 0


def test_declared_for_one_brand_and_writing_for_another_is_told(agency: Case, tmp_path: Path) -> None:
    """Whoever declares the ring for one brand takes it out of the verdicts of both: the report says where it wrote."""
    for brand in agency.brands:
        (tmp_path / brand.name).mkdir()
        for path in brand.iterdir():
            (tmp_path / brand.name / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "lemonade" / "declared.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{a},,agency\n" for a in sorted(agency.ring))
    found = audit(tmp_path / "out", tmp_path / "lemonade", tmp_path / HOSTILE, "--agency")
    assert {verdicts(found)[a] for a in agency.ring} == {"declared"}
    told = summary(found)["agency"]
    assert told["comparison"] is None and told["groups_for_several"] == 0
    elsewhere = [r for r in table(found, "apart").to_pylist() if r["brand"] not in (r["declared_by"] or [r["brand"]])]
    assert {r["author_id"] for r in elsewhere} == agency.ring and {r["role"] for r in elsewhere} == {"agency"}
    html = Page((found / "report.html").read_text("utf-8"))
    assert f"{RING}\u00a0accounts declared for one brand also wrote on the pages of another" in " ".join(html.words)


@pytest.mark.slow
def test_replay_dossier_verify_and_erase(agency: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = ("--known-innocent", agency.known_innocent)
    given = (*agency.brands[::-1], agency.not_run, "--earlier", agency.earlier, *known)
    key, zipped = tmp_path / "case.key", tmp_path / "case.zip"
    run("dossier", agency.folder, "--out", zipped, "--key", key, "-q")
    run("verify", zipped, "-q")
    run("replay", zipped, *given, "--key", key)
    assert "same dossier, byte by byte" in capsys.readouterr().out
    assert main(["replay", str(zipped), *map(str, (*given[:3], *known))]) == 2
    assert "--earlier DIR" in capsys.readouterr().err
    copy = tmp_path / "audit"
    output.write(output.read(agency.folder), copy, {"report.html": (agency.folder / "report.html").read_text("utf-8")})
    gone = next(iter(sorted(agency.ring - {agency.cleared, agency.alone, agency.innocent})))
    run("erase", copy, gone, "-q")
    assert gone not in "".join(str(table(copy, n).to_pylist()) for n in ("accounts", "apart", "brand_groups", "edges"))
    ids = set(table(copy, "groups")["group_id"].to_pylist())
    assert set(table(copy, "brand_groups")["group_id"].to_pylist()) == ids != {rows(agency, "groups")[0]["group_id"]}
    run("dossier", copy, "--out", tmp_path / "less.zip", "--key", key, "-q")
    run("replay", tmp_path / "less.zip", *given)
    told = capsys.readouterr().out
    assert "The replay gives the same results; without the key" in told and "as its tombstones say: 1." in told


def test_the_dossier_holds_no_id_and_no_reviewer(agency: Case, tmp_path: Path) -> None:
    zipped = tmp_path / "case.zip"
    run("dossier", agency.folder, "--out", zipped, "-q")
    held = files(zipped)
    assert {"tables/months.csv", "tables/brand_groups.csv", "tables/apart.csv"} <= set(held)
    for name, text in held.items():
        assert agency.cleared not in text and "Ann" not in text and "biscuit_page" not in text, name
    first = held["tables/months.csv"].splitlines()[1]
    assert first.startswith("'=1+1"), "a spreadsheet must not run a brand's name"
    assert np.isfinite(json.loads(held["summary.json"])["agency"]["comparison"]["difference"]["low"])
