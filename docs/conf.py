"""The docs as a site, with Sphinx:

    pip install -e ".[docs]"
    python -m sphinx -W --keep-going -n -c docs . site

The source is the whole checkout, so that every page stands where a reader on a code host finds it, and links between
pages are the same in both. The home page is README.md; what the menu shows is its list "The docs", read from there: a
page joins the menu by a link in that list, and a page under docs/ that is not in it is an error (of -W). Nothing on the
site loads anything from elsewhere; tests/test_site.py holds it to that.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HOME = "README"
LIST = "## The docs\n"
"""The heading in README.md behind which each line `- **Part**: [title](page.md) · ...` is a part of the menu."""

project = "fakedetect"
copyright = "the fakedetect authors, Apache-2.0"
extensions = ["myst_parser"]
root_doc = HOME
include_patterns = ["*.md", "docs/*.md", "data/*.md", "docs/pictures/*"]
exclude_patterns = ["site", "build", "dist", "audit", ".*", "fakedetect", "tests", "benchmarks", "models"]
myst_heading_anchors = 4
"""Headings have the anchors that code hosts give them."""

smartquotes = False  # two hyphens are an option, not a dash

html_theme = "furo"
html_title = "fakedetect"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def menu(readme: str) -> str:
    """The tables of contents that Sphinx wants, hidden, from the list in README.md."""
    listed = readme.partition(LIST)[2].partition("\n## ")[0]
    out = []
    for part, pages in re.findall(r"^- \*\*(.+?)\*\*: (.+(?:\n  .+)*)", listed, re.MULTILINE):
        links = re.findall(r"\[([^\]]+)\]\(([^)#]+)\.md\)", pages)
        entries = [f"{title[0].upper()}{title[1:]} </{page}>" for title, page in links]
        out += ["", "```{toctree}", ":hidden:", f":caption: {part}", "", *(" ".join(e.split()) for e in entries), "```"]
    return "\n".join(out) + "\n"


def read(_: Sphinx, page: str, source: list[str]) -> None:
    """Put the menu under the home page as Sphinx reads it."""
    if page == HOME:
        source[0] += menu(source[0])


def finished(app: Sphinx, failed: Exception | None) -> None:
    """A server looks for index.html; the home page is README.html, as in the checkout."""
    if failed is None:
        target = f"{HOME}.html"
        page = (f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{project}</title>\n'
                f'<meta http-equiv="refresh" content="0; url={target}">\n<a href="{target}">{project}</a>\n')
        (Path(app.outdir) / "index.html").write_text(page, "utf-8")


def setup(app: Sphinx) -> None:
    app.connect("source-read", read)
    app.connect("build-finished", finished)
