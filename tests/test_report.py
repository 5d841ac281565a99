"""The report and `explain`: every section in both languages, and nothing that strangers wrote comes alive."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_audit import FEATURES, HOSTILE, REFUSAL_WORDS, TEST_LABELS, make_audit
from markupsafe import Markup

from fakedetect.errors import InputError
from fakedetect.report import charts, explain, plain, render, wording
from fakedetect.report.sections import SECTIONS, shape
from fakedetect.report.view import View
from fakedetect.schema import Audit
from fakedetect.words import LANGS, Lang, Text

SHAPES = ("found", "clean", "unknown")
VOID = {"meta", "link", "br", "img", "input", "hr"}


def html(audit: Audit, lang: Lang = "en", names: bool = False) -> str:
    return render(
        audit, lang=lang, names=names, features=FEATURES, refusal_words=REFUSAL_WORDS, test_labels=TEST_LABELS
    )


def view(audit: Audit, lang: Lang = "en") -> View:
    return View(audit, lang, False, FEATURES, REFUSAL_WORDS, TEST_LABELS)


class Page(HTMLParser):
    """What a browser would make of it: tags, attributes, headings, text; closing tags must match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.headings: list[int] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)


@pytest.fixture(scope="module", params=SHAPES)
def audit(request: pytest.FixtureRequest) -> Audit:
    return make_audit(shape=request.param)


@pytest.fixture(scope="module")
def found() -> Audit:
    return make_audit()


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
    for name, text in texts.items():
        english, french = text.fields()
        assert english == french, name
        assert text.en and text.fr, name
        assert not re.search(r"\b(bots?|fakes?)\b", text.en + " " + text.fr, re.IGNORECASE), name


def test_names_are_shown_only_when_asked(found: Audit) -> None:
    assert "Camille Martin" not in html(found) and "S00" in html(found)
    assert "Camille Martin" not in explain.account(found, "R11", lang="en", features=FEATURES)
    named = explain.account(found, "A100", lang="en", names=True, features=FEATURES)
    assert "Camille Martin 100 (A100)" in named


def test_reasons_carry_value_and_typical(found: Audit) -> None:
    text = html(found)
    assert re.search(
        r"It usually comments \d+\u00a0s from the nearest member of its group \(typical \d+\u00a0h\)", text
    )
    assert "80% of its texts use a phrase that others also use" in text
    assert "a group like its own once in 1,995 pages (typical none elsewhere)" in text


def test_refusals_use_the_words_of_their_code(found: Audit) -> None:
    assert "la moitié des publications contient moins de 40\u202f%" in html(found, "fr")
    assert "no &lt;i&gt;profiles&lt;/i&gt;" in html(found, "fr"), (
        "a refusal without a code falls back on its sentence"
    )


def test_optional_keys_may_be_absent(found: Audit) -> None:
    optional = {"zone", "kind", "formats", "notes", "pages", "model"}
    bare = {k: v for k, v in found.summary.items() if k not in optional}
    bare |= {"power": {"smallest": None}, "inauthentic_share": {"estimate": None, "low": None, "high": None}}
    assert "times on the clock of UTC" in html(dataclasses.replace(found, summary=bare))


def test_reviews_have_no_first_hour(found: Audit) -> None:
    assert "no first hour to measure" in html(
        dataclasses.replace(found, summary={**found.summary, "kind": "reviews"})
    )


GAPS = [
    pytest.param(
        (60.0,), "by size and participation; accounts about 60\u00a0s apart", "on 60% of posts", id="one gap"
    ),
    pytest.param((60.0, 900.0), "by size, participation and gap", "about 15\u00a0min apart", id="two gaps"),
]


@pytest.mark.parametrize(("gaps", "caption", "column"), GAPS)
def test_power_says_what_would_have_been_seen(
    found: Audit, gaps: tuple[float, ...], caption: str, column: str
) -> None:
    rings = [
        {"n_accounts": n, "participation": share, "gap_s": gap, "probability": 0.93}
        for n in (3, 5, 13)
        for share in (0.15, 0.6)
        for gap in gaps
    ]
    text = html(
        dataclasses.replace(found, summary={**found.summary, "power": {"rings": rings, "smallest": rings[0]}})
    )
    assert caption in text and column in text
    assert (
        "A group of 5 on 60% of the posts, its accounts about 60\u00a0s apart, would have been seen" in text
    )


# nothing comes alive


@pytest.mark.parametrize("names", [False, True], ids=["labels", "names"])
@pytest.mark.parametrize("lang", LANGS)
def test_hostile_words_stay_inert(found: Audit, lang: Lang, names: bool) -> None:
    text = html(found, lang, names)
    page = Page(text)
    assert not page.tags & {
        "script",
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
            assert value == "data:," or re.fullmatch(r"#[a-z-]+", value), value
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    assert "alert(1)" in "".join(page.words), "the exhibit shows what was written"


def test_policy_allows_this_style_and_nothing_else(found: Audit) -> None:
    text = html(found)
    style = text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(a[1:] for a in Page(text).attributes if a[0] == "meta")["content"]
    assert policy  # some content attribute is there; the policy itself is looked up exactly:
    assert (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
        in text
    )
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
def test_same_bytes_whatever_the_order_of_rows(found: Audit, names: bool) -> None:
    draw = np.random.default_rng(3)
    mixed = {
        name: getattr(found, name).take(draw.permutation(getattr(found, name).num_rows))
        for name in ("accounts", "comments", "posts", "groups", "edges", "rejects")
    }
    assert (
        html(found, names=names)
        == html(found, names=names)
        == html(dataclasses.replace(found, **mixed), names=names)
    )


def test_size_is_bounded() -> None:
    large = make_audit(n_accounts=20_000, n_posts=3_000, pages=12, groups=60)
    text = html(large, "fr", names=True)
    assert len(text.encode()) < 3_000_000
    assert "440 de plus dans accounts.parquet" in text.replace("\u00a0", " ")


def test_no_clock_time_of_the_run(found: Audit) -> None:
    year = str(dt.datetime.now(dt.UTC).year)
    assert year == "2024" or year not in html(found)


# pictures


MARKS = {
    # id: (shares, high, posts above, dots and diamonds drawn)
    "few": ([0.1, 0.5, 0.2], 0.3, 1, 3),
    "no band": ([0.1, 0.5], None, 0, 2),
    "many": ([0.1] * 2999 + [0.9], 0.3, 1, -(-3000 // charts.bin_size(3000)) + 1),
    "many above": ([0.9] * 3000, 0.3, 3000, -(-3000 // charts.bin_size(3000)) + 250),
}


@pytest.mark.parametrize(("shares", "high", "n_over", "n_drawn"), MARKS.values(), ids=MARKS)
def test_first_hour_chart(shares: list[float], high: float | None, n_over: int, n_drawn: int) -> None:
    marks = [
        charts.PostMark(s, None if high is None else 0.05, high, "1 Jan 2024", f"post {i}")
        for i, s in enumerate(shares)
    ]
    svg = charts.first_hour(marks, charts.Words("a", "name", "desc"))
    assert sum(m.is_over for m in marks) == n_over
    assert svg.count("<circle") + svg.count("<polygon") == n_drawn
    assert '<svg role="img"' in svg and '<title id="a-t">name</title>' in svg


def test_nearness_is_to_another_member_on_the_same_post(found: Audit) -> None:
    rows = view(found).first_comments([f"id{k}" for k in range(9)])
    assert rows
    for row in rows:
        others = [
            abs((r["comment_time"] - row["comment_time"]).total_seconds())
            for r in rows
            if r["post_id"] == row["post_id"] and r["author_id"] != row["author_id"]
        ]
        assert row["near_s"] == (min(others) if others else None)


def test_typical_leaves_out_those_who_are_listed(found: Audit) -> None:
    rows = found.accounts.to_pylist()
    rest = [r["copied_share"] for r in rows if r["verdict"] not in ("suspect", "review")]
    assert view(found).typical("copied_share", None) == pytest.approx(float(np.median(rest)))
    assert view(found).typical("account_age_days", None) is None


MOMENTS = [
    pytest.param("en", "9 Jan 2024, 00:30", id="english"),
    pytest.param("fr", "9 janv. 2024, 00:30", id="french"),
]


@pytest.mark.parametrize(("lang", "shown"), MOMENTS)
def test_times_stand_in_the_zone_of_the_run(lang: Lang, shown: str) -> None:
    when = dt.datetime(2024, 1, 8, 23, 30, tzinfo=dt.UTC)
    assert plain.moment(when, ZoneInfo("Europe/Paris"), lang).replace("\u00a0", " ") == shown


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_is_enough_to_read(found: Audit, scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", html(found).split("@media print")[0], re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[scheme]))

    def luminance(name: str) -> float:
        parts = [int(colours[name][i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    def contrast(a: str, b: str) -> float:
        dark, light = sorted((luminance(a), luminance(b)))
        return (light + 0.05) / (dark + 0.05)

    texts = [(ink, on) for ink in ("ink", "soft") for on in ("page", "card", "inset")]
    texts += [("link", "card"), ("warn-ink", "warn"), ("suspect-ink", "suspect"), ("review-ink", "review")]
    assert [pair for pair in texts if contrast(*pair) < 4.5] == []
    shapes = [("over", "card"), ("in", "card"), ("near0", "card"), ("over", "band")]
    assert [pair for pair in shapes if contrast(*pair) < 3] == []


# explain


@pytest.mark.parametrize("asked", ["S00", "id0", HOSTILE[0], "s00"], ids=["label", "id", "name", "case"])
@pytest.mark.parametrize("lang", LANGS)
def test_explain_finds_an_account(found: Audit, asked: str, lang: Lang) -> None:
    text = explain.account(found, asked, lang=lang, features=FEATURES)
    head = {"en": "Account S00", "fr": "Compte S00"}[lang]
    assert text.startswith(head + "\n===")
    assert all(len(line) <= 120 for line in text.splitlines())
    assert "g1" in text and "S01" in text


def test_explain_drives_no_terminal(found: Audit) -> None:
    for k in range(9):
        text = explain.account(found, f"S{k:02d}", lang="en", names=True, features=FEATURES)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


UNKNOWN = {
    # id: (asked, what the error says)
    "near a label": ("S0", "one of these: .*S0"),
    "near a name": ("Camille Martn 100", "one of these: A[15]00"),
    "nothing near": ("zzzzzzzzzzzzzzzzzzz", "a label, id or name"),
    "namesakes": ("Camille Martin 20", "2 accounts are called"),
}


@pytest.mark.parametrize(("asked", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_explain_says_who_was_meant(found: Audit, asked: str, said: str) -> None:
    with pytest.raises(InputError, match=re.compile(said, re.DOTALL)):
        explain.account(found, asked, lang="en", features=FEATURES)


# in a browser


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
    "--dump-dom",
]


def browse(page: Path) -> tuple[str, str, set[str]]:
    """The page as Chromium has it (network closed), its complaints, and what the page asked of the net."""
    log = page.with_suffix(".net.json")
    profile = page.with_suffix(".profile")
    command = [CHROMIUM, *SWITCHES, f"--log-net-log={log}", f"--user-data-dir={profile}", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    asked = [event.get("params", {}) for event in json.loads(log.read_text("utf-8"))["events"]]
    # What the browser asks of its maker by itself has no origin; what a page asks has one.
    urls = {p["url"] for p in asked if "url" in p and p.get("initiator", "not an origin") != "not an origin"}
    return done.stdout, done.stderr, {u for u in urls if not u.startswith(("file:", "data:"))}


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
@pytest.mark.parametrize("lang", LANGS)
def test_a_browser_loads_nothing_and_complains_of_nothing(found: Audit, tmp_path: Path, lang: Lang) -> None:
    page = tmp_path / "report.html"
    page.write_text(html(found, lang, names=True), "utf-8")
    dom, errors, urls = browse(page)
    assert "<main>" in dom and "<script" not in dom
    assert [line for line in errors.splitlines() if "CONSOLE" in line] == []
    assert urls == set()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_a_page_that_does_load_something_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "bait.html"
    page.write_text(
        "<!doctype html><img src='http://bait.example/a.png'><script>console.error('loud')</script>"
    )
    _, errors, urls = browse(page)
    assert urls == {"http://bait.example/a.png"}
    assert "loud" in errors
