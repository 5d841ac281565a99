"""The report in a real browser: it asks the net for nothing, complains of nothing, and does what its controls say."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, browser
from make_audit import make_audit
from rendered import html

from fakedetect.schema import Audit
from fakedetect.words import LANGS, Lang

pytestmark = pytest.mark.browser
WIDTHS = (1100, 390)
AXE = os.environ.get("FAKEDETECT_AXE", "")
"""Where axe.min.js of the npm package axe-core is (MPL-2.0: fetched for the tests by .ci/run, never shipped)."""
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with browser(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, found_audit: Audit) -> dict[Lang, Path]:
    """The report of the invented, hostile audit in each language, with names."""
    folder = tmp_path_factory.mktemp("report")
    for lang in LANGS:
        (folder / f"{lang}.html").write_text(html(found_audit, lang, names=True), "utf-8")
    return {lang: folder / f"{lang}.html" for lang in LANGS}


def quiet(chrome: Browser) -> None:
    assert chrome.complaints == []
    assert chrome.asked == set()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGS)
def test_it_loads_nothing_complains_of_nothing_and_draws(chrome: Browser, pages: dict[Lang, Path], lang: Lang,
                                                         width: int) -> None:
    chrome.open(pages[lang], width=width)
    quiet(chrome)
    charts = chrome.run("[...document.querySelectorAll('.chart')].map(c => c.querySelectorAll('svg path').length)")
    assert len(charts) >= 5 and min(charts) > 10
    assert chrome.run("document.documentElement.scrollWidth") == width, "only its tables scroll sideways"
    assert chrome.run("[...document.scripts].filter(s => !s.type).length") == 2
    assert chrome.run("document.querySelectorAll('img, iframe, object, embed, form, [onerror], [onfocus]').length") == 0
    assert chrome.run("document.querySelectorAll('.chart [title], .chart b, .chart a').length") == 0


def test_a_page_that_does_load_something_is_noticed(chromium: str, tmp_path: Path) -> None:
    page = tmp_path / "bait.html"
    page.write_text("<!doctype html><img src='http://bait.example/a.png'><script>console.error('loud')</script>")
    with browser(chromium) as chrome:
        chrome.open(page)
        assert chrome.asked == {"http://bait.example/a.png"}
        assert "loud" in chrome.complaints


def test_a_script_that_came_in_with_a_text_would_not_run(chromium: str, found_audit: Audit, tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    bait = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'></h1>"
    page.write_text(html(found_audit).replace("</h1>", bait), "utf-8")
    with browser(chromium) as chrome:
        chrome.open(page)
        assert chrome.run("window.ran === undefined")
        assert any("Content Security Policy" in c for c in chrome.complaints)


SHOWN = "[...document.querySelectorAll('.register tbody tr')].filter(r => !r.hidden).map(r => r.cells[0].textContent)"


def test_accounts_are_searched_and_sorted_by_keyboard(chrome: Browser, pages: dict[Lang, Path]) -> None:
    chrome.open(pages["en"])
    everybody = chrome.run(SHOWN)
    assert len(everybody) == 12
    chrome.run("document.querySelector('.tools input').focus()")
    chrome.write("HYPERLINK prize (s02)")
    assert [w[-5:] for w in chrome.run(SHOWN)] == ["(S02)"]
    assert chrome.run("document.querySelector('[role=status]').textContent") == "1 of 12 shown"
    assert chrome.run("[...document.querySelectorAll('.entry')].filter(e => !e.hidden).length") == 1
    chrome.run("(() => { const box = document.querySelector('.tools input'); box.value = ''; "
               "box.dispatchEvent(new Event('input')); })()")
    # By Tab from the search box: the region of the table, then its headings, of which the fourth counts comments.
    for _ in range(5):
        chrome.press("Tab", 9)
    counts = "[...document.querySelectorAll('.register tbody tr')].map(r => Number(r.cells[3].dataset.v))"
    chrome.press("Enter", 13, "\r")
    assert chrome.run(counts) == sorted(chrome.run(counts))
    assert chrome.run("document.activeElement.closest('th').getAttribute('aria-sort')") == "ascending"
    chrome.press("Enter", 13, "\r")
    assert chrome.run(counts) == sorted(chrome.run(counts), reverse=True)
    entries = "[...document.querySelectorAll('.entry')].map(e => e.id)"
    rows = "[...document.querySelectorAll('.register tbody tr')].map(r => r.dataset.entry)"
    order = chrome.run(rows)
    suspects = [e for e in order if e in chrome.run(entries)[:9]]
    assert chrome.run(entries)[:9] == suspects, "entries stand in the order of the list"
    quiet(chrome)


def test_a_link_of_the_list_opens_the_entry(chrome: Browser, pages: dict[Lang, Path]) -> None:
    chrome.open(pages["en"])
    chrome.run("document.querySelector('.register tbody tr:nth-child(3) a').focus()")
    chrome.press("Enter", 13, "\r")
    chrome.run("new Promise(done => setTimeout(done, 100))")
    assert chrome.run("[...document.querySelectorAll('details.entry[open]')].map(e => e.id)") == ["account-3"]
    assert chrome.run("document.activeElement.parentElement.id") == "account-3"


def test_paper_has_everything_on_white(chrome: Browser, pages: dict[Lang, Path]) -> None:
    chrome.open(pages["en"], dark=True)
    dark = chrome.run("getComputedStyle(document.body).backgroundColor")
    chrome.call("Emulation.setEmulatedMedia", media="print",
                features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert chrome.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)" != dark
    boxes = "[...document.querySelectorAll('.entry > .quote')].map(q => q.getBoundingClientRect().height)"
    assert len(chrome.run(boxes)) >= 12 and min(chrome.run(boxes)) > 0, "closed entries are open on paper"
    folds = "[...document.querySelectorAll('details.screen')].map(d => d.getBoundingClientRect().height)"
    assert max(chrome.run(folds)) == 0, "what only repeats or goes on is left to the screen"
    svg = "[...document.querySelectorAll('.chart')].map(c => [c.clientWidth, c.querySelector('svg').clientWidth])"
    assert all(there <= room for room, there in chrome.run(svg))
    assert chrome.paper().startswith(b"%PDF")
    chrome.call("Emulation.setEmulatedMedia", media="", features=[])


AXE_RUN = """axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>
    ({id: v.id, impact: v.impact, at: v.nodes.slice(0, 3).map(n => n.target.join(' '))})))"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("shape", ["found", "clean", "unknown", "reviews"])
def test_axe_finds_nothing_serious(chrome: Browser, tmp_path: Path, shape: str, width: int, dark: bool) -> None:
    if not Path(AXE).is_file() or not AXE:
        pytest.skip("needs axe-core: npm install axe-core, FAKEDETECT_AXE=node_modules/axe-core/axe.min.js")
    audit = make_audit(shape="found" if shape == "reviews" else shape)
    if shape == "reviews":
        audit = dataclasses.replace(audit, summary={**audit.summary, "kind": "reviews"})
    page = tmp_path / "report.html"
    page.write_text(html(audit, "fr", names=True), "utf-8")
    chrome.open(page, width=width, dark=dark)
    chrome.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    chrome.run(Path(AXE).read_text("utf-8") + "; true")
    found = chrome.run(AXE_RUN)
    assert [v for v in found if v["impact"] in SERIOUS] == []
