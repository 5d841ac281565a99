"""The docs, held to the code: generated pages, words in both languages, commands in the README."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import importlib.util
import pkgutil
import re
import shlex
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
import shown

import fakedetect
from fakedetect import cli
from fakedetect.features import FEATURES
from fakedetect.readers import FORMATS
from fakedetect.words import Text

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fakedetect"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md")])


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = generator()


@pytest.mark.parametrize("name", GENERATE.PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text("utf-8")
    assert written == GENERATE.PAGES[name](), "run: python docs/generate.py"


@pytest.mark.parametrize(("page", "names"), [
    ("features.md", [f.name for f in FEATURES]),
    ("formats.md", [r.name for r in FORMATS]),
    ("reference.md", list(GENERATE.commands())),
], ids=["features", "formats", "commands"])
def test_every_entry_of_a_registry_stands_in_its_page(page: str, names: list[str]) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    assert names
    assert [n for n in names if f"| `{n}` |" not in text and f"## {n}\n" not in text] == []


# --- words in two languages

def modules() -> list[ModuleType]:
    walked = pkgutil.walk_packages(fakedetect.__path__, "fakedetect.")
    # PySpark is an extra; what is written in that module is seen by `written_texts` all the same.
    left_out = () if find_spec("pyspark") else ("fakedetect.engine.spark",)
    return [importlib.import_module(m.name) for m in walked if m.name not in left_out]


def texts_in(value: Any, seen: set[int]) -> Iterator[Text]:
    """Texts in a value: itself, or inside tuples, lists, mappings and dataclasses."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts_in(key, seen)
            yield from texts_in(inner, seen)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from texts_in(inner, seen)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts_in(getattr(value, field.name), seen)


def written_texts() -> Iterator[tuple[str, Text]]:
    """Every `Text(...)` in the source whose two sentences are written out, with where it stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                said = [a.value for a in (*node.args, *(k.value for k in node.keywords)) if isinstance(a, ast.Constant)]
                if len(said) == 2:
                    by_name = {k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)}
                    text = Text(*said) if not by_name else Text(**{"en": said[0], "fr": said[-1]} | by_name)
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def test_every_sentence_has_the_same_fields_in_both_languages() -> None:
    held = [(m.__name__, t) for m in modules() for t in texts_in(tuple(vars(m).values()), set())]
    found = [*written_texts(), *held]
    assert len(found) > 200
    assert [(where, t) for where, t in found if t.fields()[0] != t.fields()[1] or not t.en or not t.fr] == []


def test_no_sentence_accuses() -> None:
    """Of a person the tool says account, suspect, indication: it finds fake engagement, never a fake person."""
    accusing = re.compile(r"\b(bots?|fakes?|faux comptes?|guilty|coupables?|culprits?)\b", re.IGNORECASE)
    innocent = re.compile(r"fake engagement|never (?:a )?proof", re.IGNORECASE)
    found = [(w, t) for w, t in written_texts() if accusing.search(innocent.sub("", f"{t.en} {t.fr}"))]
    assert found == []


# --- commands

@pytest.mark.parametrize("name", GENERATE.commands())
def test_every_command_and_option_has_help(name: str) -> None:
    command = GENERATE.commands()[name]
    assert command.help
    assert [p.opts for p in command.params if isinstance(p, click.Option) and not p.help] == []


def blocks(path: Path) -> Iterator[str]:
    """Lines that a reader may type: those of indented or fenced blocks, without a prompt. Those with a prompt are run
    by tests/test_tutorial_*.py."""
    text = path.read_text("utf-8")
    for block in shown.FENCE.finditer(text):
        if block[2] in ("", "sh"):
            yield from block[3].splitlines()
    bare = shown.FENCE.sub("", text)
    yield from (line.strip() for line in bare.splitlines() if line.startswith("    ") and "fakedetect" in line)


def typed(path: Path) -> list[list[str]]:
    """What stands behind `fakedetect` in each command of a page, as a shell would split it."""
    out = []
    for line in blocks(path):
        for part in line.split("&&"):
            words = shlex.split(part, comments=True)
            if words and words[0].rpartition("/")[2] == "fakedetect":
                out.append(words[1:])
    return out


def typed_commands() -> list[Any]:
    pages = [p for p in PAGES if p.name != "reference.md"]
    return [pytest.param(words, id=f"{p.name}: {' '.join(words)}") for p in pages for words in typed(p)]


@pytest.mark.parametrize("words", typed_commands())
def test_commands_in_the_docs_parse(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for word in words[1:]:  # files that the page calls by name
        if Path(word).suffix and not Path(word).is_absolute() and "=" not in word and "*" not in word:
            Path(word).parent.mkdir(parents=True, exist_ok=True)
            Path(word).touch()
    command = GENERATE.commands()[words[0]]
    try:
        command.make_context(words[0], list(words[1:]))
    except click.exceptions.Exit as done:  # --help
        assert done.exit_code == 0


def test_the_readme_gives_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert ["audit", "sample", "--out", "audit", "--open"] in typed(ROOT / "README.md")
    marked = re.search(r"<!-- test command -->\n+```[a-z]*\n(.+)\n```", text)
    assert marked is not None and marked[1] == ".venv/bin/python -m pytest"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


# --- sources

WHO = r"[A-Z][\w'-]+"
CITED = re.compile(rf"((?:van der )?{WHO})(?:(?:, {WHO})*,? & {WHO}| et al\.)?,? \(?((?:19|20)\d\d)\b")
TESTS_OF = ("relate/*.py", "model/*.py", "quality/*.py", "fdr.py", "shares.py", "measure.py", "decide.py",
            "review_app/agreement.py", "report/lift.py")
"""Where the statistics are."""


def test_every_source_that_is_cited_is_listed() -> None:
    """In the method page and in what the code says of its own tests: first author and year stand under Sources."""
    text, _, listed = (ROOT / "docs/method.md").read_text("utf-8").partition("\n## Sources\n")
    known = set(re.findall(rf"^- ((?:van der )?{WHO})[^0-9]* (\d{{4}}), ", listed, re.MULTILINE))
    said = [text, *(p.read_text("utf-8") for part in TESTS_OF for p in PACKAGE.glob(part))]
    cited = {(m[1], m[2]) for page in said for m in CITED.finditer(" ".join(page.split()))}
    assert len(cited) > 25
    assert cited - known == set()


def test_the_door_opens_on_every_name() -> None:
    assert all(getattr(fakedetect, name) for name in fakedetect.__all__)
    assert isinstance(cli.cli, click.Group)
