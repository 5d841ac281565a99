"""A page of a dossier, once: the same blocks as Markdown and as HTML. Nothing in either loads, runs or links.

What strangers wrote is wrapped as `Said`: every sign in it that means something to Markdown is escaped, and in HTML
everything is.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from fakedetect.report.plain import typeset, visible
from fakedetect.words import Lang

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_OWN = re.compile(r"([\\`*_<>|\[\]])")
STYLE = "".join((
    ":root{color-scheme:light}",
    "body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1c2330}",
    "h1{font-size:1.7rem;line-height:1.2}",
    "h2{margin-top:2.2rem;border-bottom:2px solid #c9d2de;padding-bottom:.2rem}",
    "h3{margin-top:1.6rem}",
    "table{border-collapse:collapse;margin:.8rem 0;font-size:.93rem}",
    "th,td{border:1px solid #c9d2de;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}",
    "th{background:#eef2f7;overflow-wrap:normal}",
    ".wide{overflow-x:auto}",
    "blockquote{margin:.5rem 0;padding:.2rem .9rem;border-left:4px solid #7a8aa0;background:#f6f8fb}",
    "blockquote,code{overflow-wrap:anywhere}",
    ".warn{border:1px solid #b4552d;padding:.5rem .8rem}",
    "@media print{body{margin:0;max-width:none;font-size:11pt}h2,h3{break-after:avoid}}",
    "@media print{tr,blockquote{break-inside:avoid}}",
))


class Said(str):
    """A stranger's words."""

    __slots__ = ()


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Para:
    """A paragraph; `warn`: one that must not be missed."""

    text: str
    warn: bool = False


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table; every row as long as its head."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Quote:
    """A stranger's text, with what is said about it."""

    about: str
    text: Said


@dataclass(frozen=True)
class Code:
    """A line to be typed."""

    text: str


Block = Heading | Para | Points | Table | Quote | Code


@dataclass
class Document:
    """A page: its title and its blocks, in one language."""

    title: str
    lang: Lang
    blocks: list[Block] = field(default_factory=list)

    def markdown(self) -> str:
        """The page as CommonMark with tables."""
        lines = [f"# {self._md(self.title)}", ""]
        for block in self.blocks:
            lines += [*self._md_block(block), ""]
        return "\n".join(lines).rstrip() + "\n"

    def html(self) -> str:
        """The page as HTML that needs nothing else."""
        digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        inner = "\n".join(self._html_block(b) for b in self.blocks)
        return (
            f'<!doctype html>\n<html lang="{self.lang}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{self._html(self.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
            f"<h1>{self._html(self.title)}</h1>\n{inner}\n</main>\n</body>\n</html>\n"
        )

    def _text(self, text: str) -> str:
        """One line: a stranger's words made visible, ours set as the language sets them."""
        return visible(text, 4000) if isinstance(text, Said) else typeset(text, self.lang)

    def _md(self, text: str) -> str:
        found = _PUNCTUATION if isinstance(text, Said) else _OWN
        return found.sub(r"\\\1", self._text(text))

    def _html(self, text: str) -> str:
        held = html.escape(self._text(text))
        return f"<bdi>{held}</bdi>" if isinstance(text, Said) else held

    def _md_block(self, block: Block) -> list[str]:
        match block:
            case Heading(text, level):
                return [f"{'#' * level} {self._md(text)}"]
            case Para(text, warn):
                return [f"**{self._md(text)}**" if warn else self._md(text)]
            case Points(items):
                return [f"- {self._md(item)}" for item in items]
            case Table(head, rows):
                lines = [head, ["---"] * len(head), *rows]
                return ["| " + " | ".join(c if i == 1 else self._md(c) for c in line) + " |"
                        for i, line in enumerate(lines)]
            case Quote(about, text):
                return [self._md(about), "", f"> {self._md(text)}"]
            case Code(text):
                return [f"    {self._text(text)}"]

    def _html_block(self, block: Block) -> str:
        match block:
            case Heading(text, level):
                return f"<h{level}>{self._html(text)}</h{level}>"
            case Para(text, warn):
                return f'<p class="warn">{self._html(text)}</p>' if warn else f"<p>{self._html(text)}</p>"
            case Points(items):
                return "<ul>" + "".join(f"<li>{self._html(i)}</li>" for i in items) + "</ul>"
            case Table(head, rows):
                top = "".join(f'<th scope="col">{self._html(h)}</th>' for h in head)
                body = "".join("<tr>" + "".join(f"<td>{self._html(c)}</td>" for c in r) + "</tr>" for r in rows)
                return (f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>')
            case Quote(about, text):
                return f"<p>{self._html(about)}</p><blockquote>{self._html(text)}</blockquote>"
            case Code(text):
                return f"<p><code>{html.escape(self._text(text))}</code></p>"
