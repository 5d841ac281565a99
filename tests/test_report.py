"""The report: every section in both languages, and nothing that strangers wrote comes alive."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import re
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_audit import FEATURES, make_audit
from markupsafe import Markup
from rendered import Page, html, only_our_scripts, view

from fakedetect.report import explain, plain, wording
from fakedetect.report.sections import SECTIONS, shape
from fakedetect.schema import Audit
from fakedetect.words import LANGS, Lang, Text

FILES = files("fakedetect.report")
SHAPES = ("found", "clean", "unknown")


@pytest.fixture(scope="module", params=SHAPES)
def audit(request: pytest.FixtureRequest) -> Audit:
    return make_audit(shape=request.param)


# what is said


@pytest.mark.parametrize("lang", LANGS)
def test_every_section_renders(audit: Audit, lang: Lang) -> None:
    text = html(audit, lang)
    page = Page(text)
    assert not page.open and f'<html lang="{lang}">' in text
    for section in SECTIONS:
        made = section(view(audit, lang))
        assert f'<section id="{made.anchor}"' in text and made.blocks and made.title
    assert page.headings[0] == 1 and page.headings.count(2) == len(SECTIONS)
    steps = [b - a for a, b in zip(page.headings, page.headings[1:], strict=False)]
    assert max(steps) == 1, "a heading level is skipped"
    assert "{" not in "".join(page.words).replace("{{ 7 * 7 }} {value} %s {% raw %}", "")


LEADS = {
    (
        "found",
        "en",
    ): "The indications point to 1\u00a0group of accounts acting together, 9\u00a0suspects in all.",
    (
        "found",
        "fr",
    ): "Des indices désignent 1\u00a0groupe de comptes agissant de concert, 9\u00a0suspects en tout.",
    ("clean", "en"): "No indication of accounts acting together was found among 600\u00a0accounts.",
    ("clean", "fr"): "Aucun indice d&#39;action concertée n&#39;a été trouvé parmi 600\u00a0comptes.",
    ("unknown", "en"): "Not enough data to tell",
    ("unknown", "fr"): "Données insuffisantes pour conclure",
}


@pytest.mark.parametrize(("kind", "lang"), LEADS, ids=lambda key: str(key))
def test_verdict_in_one_sentence(kind: str, lang: Lang) -> None:
    made = make_audit(shape=kind)
    assert shape(view(made)) == kind
    assert LEADS[kind, lang] in html(made, lang)


def test_words_have_both_languages_and_the_same_fields() -> None:
    texts: dict[str, Text] = {}
    for name, value in vars(wording).items():
        values = value.values() if isinstance(value, dict) and name.isupper() else [value]
        for i, one in enumerate(values):
            texts |= {f"{name}.{i}.{j}": t for j, t in enumerate(one if isinstance(one, tuple) else [one])}
    texts = {name: text for name, text in texts.items() if isinstance(text, Text)}
    assert len(texts) > 150
    assert all(key.fields() == text.fields() for key, text in wording.OF_REVIEWS.items())
    for name, text in texts.items():
        english, french = text.fields()
        assert english == french, name
        assert text.en and text.fr, name
        assert not re.search(r"\b(bots?|fakes?)\b", text.en + " " + text.fr, re.IGNORECASE), name


def test_names_are_shown_only_when_asked(found_audit: Audit) -> None:
    assert "Camille Martin" not in html(found_audit) and "S00" in html(found_audit)
    assert "Camille Martin" not in explain.account(found_audit, "R11", lang="en", features=FEATURES)
    named = explain.account(found_audit, "A100", lang="en", names=True, features=FEATURES)
    assert "Camille Martin 100 (A100)" in named


def test_reasons_carry_value_and_typical(found_audit: Audit) -> None:
    text = html(found_audit)
    assert re.search(
        r"It usually comments \d+\u00a0s from the nearest member of its group \(typical \d+\u00a0h\)", text
    )
    assert "80% of its texts use a phrase that others also use" in text
    assert "a group like its own once in 2,000 pages</li>" in text, "nobody else has one"


def test_refusals_use_the_words_of_their_code(found_audit: Audit) -> None:
    assert "la moitié des publications contient moins de 40\u202f%" in html(found_audit, "fr")
    assert "no &lt;i&gt;profiles&lt;/i&gt;" in html(found_audit, "fr"), (
        "a refusal without a code falls back on its sentence"
    )


def test_optional_keys_may_be_absent(found_audit: Audit) -> None:
    optional = {"zone", "kind", "formats", "notes", "pages", "model"}
    bare = {k: v for k, v in found_audit.summary.items() if k not in optional}
    bare |= {"power": {"smallest": None}, "inauthentic_share": {"estimate": None, "low": None, "high": None}}
    assert "times on the clock of UTC" in html(dataclasses.replace(found_audit, summary=bare))


def test_a_few_of_millions_are_more_than_none(found_audit: Audit) -> None:
    share = {"estimate": 1.8e-6, "low": 1e-6, "high": 3.1e-6}
    text = html(dataclasses.replace(found_audit, summary={**found_audit.summary, "inauthentic_share": share}))
    assert "0.0002% are estimated" in text
    assert "(between 0.0001% and 0.0003%)" in text


def test_reviews_have_no_first_hour(found_audit: Audit) -> None:
    assert "no first hour to measure" in html(
        dataclasses.replace(found_audit, summary={**found_audit.summary, "kind": "reviews"})
    )


GAPS = [
    pytest.param(
        (60.0,), "by size and participation; accounts about 60\u00a0s apart", "on 60% of posts", id="one gap"
    ),
    pytest.param((60.0, 900.0), "by size, participation and gap", "about 15\u00a0min apart", id="two gaps"),
]


@pytest.mark.parametrize(("gaps", "caption", "column"), GAPS)
def test_power_says_what_would_have_been_seen(
    found_audit: Audit, gaps: tuple[float, ...], caption: str, column: str
) -> None:
    rings = [
        {"n_accounts": n, "participation": share, "gap_s": gap, "probability": 0.93}
        for n in (3, 5, 13)
        for share in (0.15, 0.6)
        for gap in gaps
    ]
    summary = {**found_audit.summary, "power": {"rings": rings, "smallest": rings[0]}}
    text = html(dataclasses.replace(found_audit, summary=summary))
    assert caption in text and column in text
    assert (
        "A group of 5 on 60% of the posts, its accounts about 60\u00a0s apart, would have been seen" in text
    )


def test_power_says_who_was_compared_with_nobody(found_audit: Audit) -> None:
    gate = {"accounts_skipped": 1200, "min_posts": 17}
    told = "1,200\u00a0accounts on fewer than 17\u00a0posts were not compared"
    assert told in html(dataclasses.replace(found_audit, summary={**found_audit.summary, "page_gate": gate}))
    assert told not in html(found_audit)


# nothing comes alive


@pytest.mark.parametrize("names", [False, True], ids=["labels", "names"])
@pytest.mark.parametrize("lang", LANGS)
def test_hostile_words_stay_inert(found_audit: Audit, lang: Lang, names: bool) -> None:
    text = html(found_audit, lang, names)
    page = Page(text)
    only_our_scripts(page)
    assert sum(bool(kind) for kind, _ in page.scripts) >= 4, "a chart each"
    assert not page.tags & {
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "base",
        "b",
        "i",
        "foreignobject",
    }
    for tag, name, value in page.attributes:
        assert not name.startswith("on") and name not in ("style", "src", "srcset", "action", "autofocus"), (
            tag,
            name,
        )
        if name in ("href", "xlink:href"):
            assert value == "data:," or re.fullmatch(r"#[a-z-]+[0-9]*", value), value
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    assert "alert(1)" in "".join(page.words), "the exhibit shows what was written"


def test_policy_allows_our_style_and_scripts_and_nothing_else(found_audit: Audit) -> None:
    text = html(found_audit)
    style = text.split("<style>")[1].split("</style>")[0]
    code = [body for kind, body in Page(text).scripts if not kind]
    digests = (base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in (style, *code))
    looks, *runs = (f"'sha256-{digest}'" for digest in digests)
    assert len(runs) == 2 and (
        f'content="default-src \'none\'; script-src {" ".join(runs)}; style-src-elem {looks}; '
        "style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\""
    ) in text
    assert text.count("<style") == 1 and "url(" not in style and "@import" not in style


@given(st.text(), st.integers(10, 80))
def test_visible_text_cannot_steer_its_surroundings(text: str, limit: int) -> None:
    shown = plain.visible(text, limit)
    assert len(shown) <= limit and "\n" not in shown
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f]", shown)
    assert set(re.findall("<[^>]*>", plain.isolated(text, limit))) == {"<bdi>", "</bdi>"}


@given(st.text(alphabet="<>&\"'{}%ab"), st.sampled_from(LANGS))
def test_values_in_sentences_are_escaped_and_not_filled_again(value: str, lang: Lang) -> None:
    said = plain.say(Text("a {x} b", "a {x} b"), lang, x=value)
    assert isinstance(said, Markup) and said.unescape() == f"a {value} b" and "<" not in said


# the same bytes, in bounds


@pytest.mark.parametrize("names", [False, True], ids=["labels", "names"])
def test_same_bytes_whatever_the_order_of_rows(found_audit: Audit, names: bool) -> None:
    draw = np.random.default_rng(3)
    mixed = {
        name: getattr(found_audit, name).take(draw.permutation(getattr(found_audit, name).num_rows))
        for name in ("accounts", "comments", "posts", "groups", "edges", "rejects")
    }
    assert (
        html(found_audit, names=names)
        == html(found_audit, names=names)
        == html(dataclasses.replace(found_audit, **mixed), names=names)
    )


def test_size_is_bounded() -> None:
    large = make_audit(n_accounts=20_000, n_posts=3_000, pages=12, groups=60)
    text = html(large, "fr", names=True)
    assert len(text.encode()) < 3_000_000
    assert "montre les 390 qui ne sont pas détaillés ici" in text
    # Ten times the accounts: the tables hold them, not the report.
    ten_times = with_more_accounts(large, 9)
    larger = html(ten_times, "fr", names=True)
    assert ten_times.accounts.num_rows > 190_000 and len(larger) < 1.01 * len(text)
    assert f"{ten_times.accounts.num_rows:,}".replace(",", "\u202f") in larger


def with_more_accounts(audit: Audit, times: int) -> Audit:
    """The audit with copies of the accounts of which nothing is told, and of their comments."""
    tables = {}
    for name, ids in (("accounts", ("author_id", "label")), ("comments", ("comment_id", "author_id"))):
        whole = getattr(audit, name)
        quiet = whole.filter(pc.is_in(whole["verdict"], value_set=pa.array(["no_evidence", "not_enough_data"])))
        copies = []
        for k in range(times):
            copy = quiet
            for column in ids:
                renamed = pc.binary_join_element_wise(quiet[column], f"x{k}", "")
                copy = copy.set_column(copy.column_names.index(column), column, renamed)
            copies.append(copy)
        tables[name] = pa.concat_tables([whole, *copies])
    counts = tables["accounts"]["verdict"].value_counts().to_pylist()
    n_of = {c["values"]: c["counts"] for c in counts} | {"total": tables["accounts"].num_rows}
    return dataclasses.replace(audit, **tables, summary={**audit.summary, "accounts": n_of})


def test_the_library_is_the_file_that_was_published() -> None:
    told = FILES.joinpath("echarts", "README.md").read_text("utf-8")
    shipped = FILES.joinpath("echarts", "echarts.min.js").read_bytes()
    assert f"`{hashlib.sha256(shipped).hexdigest()}`" in told
    assert {"LICENSE", "NOTICE", "LICENSE-d3"} <= {f.name for f in FILES.joinpath("echarts").iterdir()}


def test_no_clock_time_of_the_run(found_audit: Audit) -> None:
    year = str(dt.datetime.now(dt.UTC).year)
    assert year == "2024" or year not in html(found_audit)
