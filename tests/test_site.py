"""The docs as a site: it builds without a warning, its menu holds every page, links lead somewhere, and it loads
nothing from elsewhere."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import browser

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(p.relative_to(ROOT).with_suffix(".html") for p in
               [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("data/*.md")])
TOOLS = ("sphinx", "myst_parser", "furo")
LOADS = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src", "video": "src",
         "object": "data", "use": "href", "image": "href", "form": "action", "meta": "content"}
"""Elements that make a browser ask for something, and the attribute that says what."""
WIDTHS = (390, 1100)


class Seen(HTMLParser):
    """What a page loads, where it leads, and what can be led to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.menu: list[str] = []
        self.ids: set[str] = set()
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.ids |= {given["id"]} if "id" in given else set()
        if tag in LOADS:
            self.loads.append(given.get(LOADS[tag], ""))
        if tag == "a":
            self.leads.append(given.get("href", ""))
            if "reference" in given.get("class", "").split() and "internal" in given["class"]:
                self.menu.append(given.get("href", ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if lacks := [t for t in TOOLS if importlib.util.find_spec(t) is None]:
        if os.environ.get("CI"):
            pytest.fail(f"no {', '.join(lacks)}, and this is CI", pytrace=False)
        pytest.skip('needs pip install -e ".[docs]"')
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-c", "docs", ".", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    yield out


def test_every_page_is_in_the_menu(site: Path) -> None:
    menu = {urlsplit(link).path for link in Seen(site / "README.html").menu}
    assert {str(p) for p in PAGES} - {"README.html"} - menu == set()
    assert all((site / page).is_file() for page in PAGES)


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    elsewhere = re.compile(r"(https?:)?//")
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(PAGES)
    assert [(p.name, what) for p in pages for what in Seen(p).loads if elsewhere.match(what)] == []
    styles = [(p.name, m[0]) for p in site.rglob("*.css")
              for m in re.finditer(r"(url\(|@import)\s*['\"]?(https?:)?//[^)]*", p.read_text("utf-8"))]
    assert styles == []


def test_links_and_anchors_lead_somewhere(site: Path) -> None:
    seen = {page: Seen(page) for page in sorted(site.rglob("*.html"))}
    astray = []
    for page, held in seen.items():
        for link in held.leads:
            parts = urlsplit(link)
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if parts.scheme or (parts.fragment == "" and target.is_file()):
                continue
            if not target.is_file() or unquote(parts.fragment) not in seen[target].ids:
                astray.append((page.name, link))
    assert astray == []


@pytest.mark.browser
def test_pages_fit_a_phone_and_ask_for_nothing(site: Path, chromium: str) -> None:
    with browser(chromium) as opened:
        for page in PAGES:
            for width in WIDTHS:
                opened.open(site / page, width=width)
                wide = opened.run("document.documentElement.scrollWidth")
                assert wide <= width, f"{page}: {wide} pixels wide on {width}"
        assert opened.asked == set()
        assert opened.complaints == []
