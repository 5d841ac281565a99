"""The report in a real browser: it loads nothing and complains of nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from rendered import html

from fakedetect.schema import Audit
from fakedetect.words import LANGS, Lang

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


def browse(chromium: str, page: Path) -> tuple[str, str, set[str]]:
    """The page as Chromium has it (network closed), its complaints, and what the page asked of the net."""
    log = page.with_suffix(".net.json")
    profile = page.with_suffix(".profile")
    command = [chromium, *SWITCHES, f"--log-net-log={log}", f"--user-data-dir={profile}", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    asked = [event.get("params", {}) for event in json.loads(log.read_text("utf-8"))["events"]]
    # What the browser asks of its maker by itself has no origin; what a page asks has one.
    urls = {p["url"] for p in asked if "url" in p and p.get("initiator", "not an origin") != "not an origin"}
    return done.stdout, done.stderr, {u for u in urls if not u.startswith(("file:", "data:"))}


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGS)
def test_a_browser_loads_nothing_and_complains_of_nothing(found_audit: Audit, chromium: str, tmp_path: Path,
                                                          lang: Lang) -> None:
    page = tmp_path / "report.html"
    page.write_text(html(found_audit, lang, names=True), "utf-8")
    dom, errors, urls = browse(chromium, page)
    assert "<main>" in dom and "<script" not in dom
    assert [line for line in errors.splitlines() if "CONSOLE" in line] == []
    assert urls == set()


@pytest.mark.browser
def test_a_page_that_does_load_something_is_noticed(chromium: str, tmp_path: Path) -> None:
    page = tmp_path / "bait.html"
    page.write_text(
        "<!doctype html><img src='http://bait.example/a.png'><script>console.error('loud')</script>"
    )
    _, errors, urls = browse(chromium, page)
    assert urls == {"http://bait.example/a.png"}
    assert "loud" in errors
