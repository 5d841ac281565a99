"""The duties of who publishes reviews: what rows show, what they cannot, and the section that says so."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from make_audit import HOSTILE, make_audit
from make_dump import make_dump
from rendered import Page, html, only_our_scripts

from fakedetect import duties, outcome, pipeline
from fakedetect.duties import DUTIES, STAGES, Finding
from fakedetect.report.duties import RESULTS
from fakedetect.schema import Audit, Dump
from fakedetect.words import LANGS, Lang

LONG = "The room was clean and the people were kind"
DAY = 86_400
START = 1_700_000_000


def reviews(*given: dict[str, Any], **more: Any) -> Dump:
    """A dump of these reviews: item, account, day, text and rating as of an ordinary one unless given."""
    rows = [
        {"post_id": f"item{i % 2}", "author_id": f"u{i}", "comment_time": START + DAY * i, "rating": 4.0,
         "text": f"{LONG}, visit number {i}", **row}
        for i, row in enumerate(given)
    ]
    return make_dump(rows, kind="reviews", **more)


def finding(dump: Dump, code: str) -> Finding:
    return next(f for f in duties.check(dump) if f.code == code)


OWNER = [{"author_id": "u1", "role": "owner"}]
CASES: list[tuple[str, Dump, str, list[int]]] = [
    # (duty, dump, result, rows)
    ("says_something", reviews({}, {"text": None}, {"rating": None}), "pass", []),
    ("says_something", reviews({}, {"text": "  ", "rating": None}), "fail", [2]),
    ("says_something", reviews({"text": None, "rating": None}), "unseen", []),
    ("author_known", reviews({}, {}), "pass", []),
    ("author_known", reviews({}, {"author_id": None}), "fail", [2]),
    ("author_known", reviews({"author_id": None}, {"author_id": None}), "unseen", []),
    ("one_review", reviews({}, {}, {"author_id": "u1"}), "pass", []),
    ("one_review", reviews({}, {}, {"author_id": "u0"}, {}, {"author_id": "u0"}), "fail", [3, 5]),
    ("one_review", reviews({"author_id": "name:Ann"}, {}, {"author_id": "name:Ann"}), "pass", []),
    ("one_review", reviews({"author_id": "name:Ann"}, {"author_id": None}), "unseen", []),
    ("compensation", reviews({}, {"text": "I received this product for free in exchange for my honest review."}),
     "unseen", [2]),
    ("compensation", reviews({}, {}), "unseen", []),
    ("own_people", reviews({}, {}, declared=[{"author_id": "boss", "role": "owner"}]), "pass", []),
    ("own_people", reviews({}, {}, declared=OWNER), "fail", [2]),
    ("own_people", reviews({}, {}, declared=[{"author_id": "u1", "role": "partner"}]), "unseen", []),
    ("own_people", reviews({}, {}), "unseen", []),
    ("copied", reviews({"text": "Nice"}, {"text": "Nice"}, {}, {}), "pass", []),
    ("copied", reviews({"text": LONG}, {}, {"text": LONG.upper() + "!"}), "fail", [1, 3]),
    ("copied", reviews({"text": LONG}, {"text": LONG, "author_id": "u0"}, {}), "pass", []),
    ("copied", reviews({"text": "Nice"}, {"text": "Nice"}), "unseen", []),
    ("contact_data", reviews({"text": "12 out of 10, since 06/2020, room 0123, @anna"}, {}), "pass", []),
    ("contact_data", reviews({}, {"text": "ask anna.k@mail.example.org"}, {"text": "tel 06.12.34.56.78!"},
                             {"text": "+33 (0)6 12 34 56 78"}, {"text": "(212) 555-0100"}), "fail", [2, 3, 4, 5]),
    ("contact_data", reviews({"text": None}), "unseen", []),
    ("dated", reviews({}, {}), "pass", []),
    ("dated", reviews({}, {"comment_time": None}, {"comment_time": 0}), "fail", [2, 3]),
    ("dated", reviews({"comment_time": None}), "unseen", []),
    ("origin_told", reviews({"verified_purchase": True}, {"verified_purchase": False}), "pass", []),
    ("origin_told", reviews({"verified_purchase": True}, {"verified_purchase": False}, {}), "fail", [3]),
    ("origin_told", reviews({"verified_purchase": True}, {}), "unseen", []),
    ("origin_told", reviews({}, {}), "unseen", []),
    ("complete", reviews({}, {}, posts=[{"post_id": "item0", "declared_comments": 1}]), "pass", []),
    ("complete", reviews({}, {}, posts=[{"post_id": "item0", "declared_comments": 9}]), "unseen", []),
    ("complete", reviews({}, posts=[{"post_id": "item0", "declared_comments": 1}], truncated=True), "unseen", []),
    ("complete", reviews({}, {}), "unseen", []),
    ("reply", reviews({}, {"reply_text": "Thank you"}), "pass", []),
    ("reply", reviews({}, {}), "unseen", []),
]


@pytest.mark.parametrize(("code", "dump", "result", "rows"), CASES, ids=[f"{c[0]}-{c[2]}" for c in CASES])
def test_what_rows_show(code: str, dump: Dump, result: str, rows: list[int]) -> None:
    found = finding(dump, code)
    assert found.result == result
    assert found.rows == tuple(("dump.csv", row) for row in rows)
    assert found.n <= found.total or result == "unseen"
    assert found.said.en and found.said.fr and "{" not in found.said.en + found.said.fr


def test_every_check_has_its_cases() -> None:
    """A case for each result that a check can give: those that have a sentence, and unseen."""
    for duty in DUTIES:
        if duty.check is not None:
            words = {"pass": duty.passed, "fail": duty.failed, "unseen": duty.unseen}
            assert {c[2] for c in CASES if c[0] == duty.code} == {r for r, text in words.items() if text}, duty.code


def test_duties_without_a_check_are_never_seen() -> None:
    found = {f.code: f for f in duties.check(reviews({}, {}))}
    assert list(found) == [d.code for d in DUTIES] and len(set(found)) == len(DUTIES)
    for duty in DUTIES:
        if duty.check is None:
            assert found[duty.code] == Finding(duty.code, "unseen", 0, 0, (), duty.unseen)
    assert [d.stage for d in DUTIES] == sorted((d.stage for d in DUTIES), key=STAGES.index)


def test_a_dump_without_reviews_shows_nothing() -> None:
    empty = reviews({"parent_id": "c9"})
    assert {f.result for f in duties.check(empty)} == {"unseen"}, "an answer is no review"


def test_owner_of_an_item_may_review_another_page() -> None:
    posts = [{"post_id": "mine", "page_id": "a", "post_author_id": "u0"},
             {"post_id": "yours", "page_id": "b", "post_author_id": "u9"}]
    dump = reviews({"post_id": "yours"}, {"post_id": "yours", "author_id": "u9"}, posts=posts,
                   declared=[{"author_id": "u0", "role": "owner"}, {"author_id": "u9", "role": "owner"}])
    assert finding(dump, "own_people").rows == (("dump.csv", 2),)


def test_rows_are_the_first_twenty_of_their_files() -> None:
    given = [{"author_id": None, "source": "ba"[i % 2] + ".csv", "row": 99 - i} for i in range(60)]
    found = finding(reviews({}, *given), "author_known")
    assert (found.n, found.total) == (60, 61)
    assert found.rows == tuple(("a.csv", row) for row in range(40, 80, 2))


def test_numbers_are_written_in_each_language() -> None:
    found = finding(reviews(*[{} for _ in range(1200)], {"comment_time": None}), "dated")
    assert "1 of 1,201" in found.said.en and "1 sur 1 201" in found.said.fr


def test_a_question_is_no_finding() -> None:
    dump = reviews({}, {}, posts=[{"post_id": "item0", "declared_comments": 9}])
    said = finding(dump, "complete").said
    assert said.en.startswith("Items with fewer rows than the site counts: 1 of 1;")
    assert said.en.endswith("export all.") and "9" not in said.en


def test_no_duty_claims_a_breach() -> None:
    legal = re.compile(r"\b(breach|illegal|unlawful|violat\w+|infraction|illégal\w*|infring\w+)\b", re.IGNORECASE)
    words = [t for d in DUTIES for t in (d.label, d.what, d.unseen, d.passed, d.failed, d.hint) if t is not None]
    assert len(words) > 3 * len(DUTIES)
    assert [t for t in words if legal.search(f"{t.en} {t.fr}")] == []


# in the summary and the report


def reviewed(dump: Dump) -> Audit:
    """An invented audit whose summary has the duties of `dump`, as they are read back from a file."""
    audit = make_audit(shape="clean")
    told = json.loads(json.dumps(duties.told(dump)))
    return dataclasses.replace(audit, summary={**audit.summary, "kind": "reviews", "duties": told})


@pytest.mark.parametrize("lang", LANGS)
def test_the_section_names_every_duty_and_result(lang: Lang) -> None:
    text = html(reviewed(reviews({}, {"comment_time": None}, declared=OWNER)), lang)
    page = Page(text)
    words = re.sub(r"\s+", " ", "".join(page.words))
    assert '<section id="duties"' in text and '<a href="#duties">' in text and not page.open
    for duty in DUTIES:
        label = duty.label.fr if lang == "fr" else duty.label.en
        assert label in words, duty.code
        assert [s for s in duty.source.split("; ") if s not in words] == []
    section = text.split('<section id="duties"')[1].split("</section>")[0]
    for result in RESULTS.values():
        assert (result.fr if lang == "fr" else result.en) in section
    assert "dump.csv</bdi> 2" in section


def test_the_end_of_a_long_path_is_shown() -> None:
    text = html(reviewed(reviews({"author_id": None, "source": "/exports" * 20 + "/march.csv"}, {})))
    assert "/march.csv</bdi> 1" in text and "…ts/exports" in text


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_file_names_stay_inert(lang: Lang) -> None:
    given = [{"author_id": None, "source": name, "text": name} for name in HOSTILE]
    text = html(reviewed(reviews({}, *given)), lang)
    page = Page(text)
    only_our_scripts(page)
    assert not page.tags & {"img", "b", "i", "iframe"}
    assert not [a for a in page.attributes if a[1].startswith("on") or a[1] in ("src", "style", "autofocus")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", text)
    assert "alert(1)" in "".join(page.words)


def test_comments_have_no_such_section(sample_audit: Path) -> None:
    assert 'id="duties"' not in html(make_audit())
    assert "duties" not in json.loads((sample_audit / "summary.json").read_text("utf-8"))


def test_the_summary_of_reviews_has_them(tmp_path: Path) -> None:
    lines = [f"u{i},item{i % 2},2024-03-{1 + i % 9:02d}T10:00:00Z,{1 + i % 5},{LONG} {i}" for i in range(20)]
    head = "user_id,item_id,created_at,stars,review"
    (tmp_path / "given.csv").write_text("\n".join([head, *lines, ",item0,2024-03-05T10:00:00Z,2,No"]), "utf-8")
    audit = pipeline.audit(pipeline.read([tmp_path / "given.csv"]), outcome.Options())
    told = {d["code"]: d for d in audit.summary["duties"]}
    assert list(told) == [d.code for d in DUTIES]
    assert (told["author_known"]["result"], told["author_known"]["n"], told["author_known"]["total"]) == ("fail", 1, 21)
    assert [r["row"] for r in told["author_known"]["rows"]] == [21]
    assert told["dated"]["result"] == "pass" and told["reply"]["result"] == "unseen"
    assert set(told["dated"]["label"]) == set(told["dated"]["said"]) == set(LANGS)
