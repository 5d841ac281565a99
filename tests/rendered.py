"""The report of an invented audit as text, and what a browser would make of it, for tests."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib.resources import files

from make_audit import FEATURES, REFUSAL_WORDS, TEST_LABELS

from fakedetect.report import SCRIPTS, render
from fakedetect.report.view import View
from fakedetect.schema import Audit
from fakedetect.words import Lang

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
        self.scripts: list[tuple[str, str]] = []
        """Of each script element its type and its text."""
        self._kind = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._kind = dict(attrs).get("type") or ""
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
        if self.open and self.open[-1] == "script":
            self.scripts.append((self._kind, data))
        elif self.open and self.open[-1] != "style":
            self.words.append(data)


def only_our_scripts(page: Page) -> None:
    """Hold that the page runs our scripts, unchanged, and no other; that data beside them is data and opens no tag."""
    code = [body for kind, body in page.scripts if not kind]
    assert code == [files("fakedetect.report").joinpath(*place).read_text("utf-8") for place in SCRIPTS]
    for kind, body in page.scripts:
        if kind:
            assert kind == "application/json" and isinstance(json.loads(body), dict) and "<" not in body
