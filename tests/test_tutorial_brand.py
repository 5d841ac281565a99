"""The tutorial for who audits her own page, and the README's quick start: run as they are typed, outputs compared."""

from __future__ import annotations

import re
from pathlib import Path

import shown


def test_the_tutorial_is_true() -> None:
    assert shown.differences(shown.ROOT / "docs/tutorial-brand.md") == []


def test_the_quick_start_is_true(tmp_path: Path) -> None:
    """All but the installation, which .ci/run does word for word."""
    text = (shown.ROOT / "README.md").read_text("utf-8")
    told = re.search(r"<!-- quick start -->\n```\n(.+)\n```", text)
    said = re.search(r"<!-- shown by the quick start -->\n```text\n(.+?)```", text, re.DOTALL)
    assert told is not None and said is not None
    venv, install, audit = told[1].split(" && ")
    assert (venv, install) == ("python -m venv .venv", '.venv/bin/pip install -e ".[test]"')
    step = shown.Step("console", audit.removeprefix(".venv/bin/"), said[1], (0, 0))
    (tmp_path / "bin").mkdir()
    real = shown.Session(tmp_path, tmp_path / "bin").run(step)
    assert shown.alike(said[1], re.sub(r"^There is no browser here .*\n", "", real, flags=re.MULTILINE))
    assert (tmp_path / "audit/report.html").is_file()
