"""Write the pages of the docs that derive from the registries and the command line.

    python docs/generate.py

features.md from `features.FEATURES`, formats.md from `readers.FORMATS`, duties.md from `duties.DUTIES`,
reference.md from the commands. Nobody edits them: tests/test_docs.py holds them to what this script gives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from inspect import cleandoc
from pathlib import Path

import click

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))  # the checkout's own package, installed or not

from fakedetect import cli, duties, features, readers  # noqa: E402
from fakedetect.features.views import VIEWS  # noqa: E402
from fakedetect.schema import (  # noqa: E402
    ACCOUNT_COLUMNS,
    COMMENT_COLUMNS,
    DECLARED_COLUMNS,
    POST_COLUMNS,
    Column,
)

GENERATED = "<!-- Written by docs/generate.py; edits here are lost. -->"
FAMILIES = {
    "timing": "When it comments: on posts, after its own last comment, over the day",
    "text": "What it writes: lengths, characters, texts that others used too",
    "profile": "What its public profile says",
    "history": "How its activity lies over days, posts and pages",
    "neighbour": "Whom it stands beside: who commented right before and right after it",
    "group": "How it stands to the group it was found in",
    "review": "What its reviews say beside those of others; null of comments",
}
STAGES = {
    "collection": "Collecting reviews",
    "moderation": "Moderating them",
    "publication": "Publishing them",
}
RESULTS = {
    "`fail`": "rows of the dump go against the duty; `rows` says which. Each has an innocent reading, and is to be "
              "looked at",
    "`pass`": "no row that was looked at goes against it. It does not mean that the duty is fulfilled",
    "`unseen`": "a dump cannot show it, or this one does not hold what is needed; `said` says where to look and what "
                "to ask for. Rows that are named here are no finding, only a question",
}
DIRECTIONS = {"suspect": "more is more suspect", "organic": "more is less suspect", "either": "either way"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; bars in cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def page(*lines: str) -> str:
    return "\n".join((GENERATED, *lines)).rstrip() + "\n"


def features_page() -> str:
    """features.md: one row per feature, family by family, and the views they are computed over."""
    rows = features.document()
    lines = [
        "# What is measured about an account", "",
        f"{len(rows)} features, each one aggregate over a view of the comments. The same list is the columns of",
        "`accounts.parquet`, what the classifier sees, and what the reasons in a report are made of. Null means",
        "unknown, never zero. A feature whose tests the quality gate refuses is null for everybody. The direction is",
        "what is known beforehand; it binds the classifier.",
    ]
    for family, what in FAMILIES.items():
        mine = [r for r in rows if r["family"] == family]
        lines += ["", f"## {family.capitalize()}", "", f"{what}.", ""]
        lines += table(
            ("feature", "what it is", "en français", "unit", "null when", "direction", "needs", "view"),
            ((f"`{r['name']}`", r["label"]["en"], r["label"]["fr"], r["unit"], r["null"], DIRECTIONS[r["higher_is"]],
              ", ".join(r["needs"]) or "nothing", f"`{r['view']}`") for r in mine))
    lines += ["", "## Views", ""]
    lines += table(("view", "what stands in it"), ((f"`{v.name}`", v.what) for v in VIEWS))
    return page(*lines)


def formats_page() -> str:
    """formats.md: the export formats, and the fields that generic tables may carry."""
    lines = [
        "# What can be read", "",
        "A format is recognised by its content, never by the file's name. `.gz`, `.zst` and `.zip` are read as they",
        "are, each sheet of an `.xlsx` as a table; a folder is one dump. What a reader does not know by name can be",
        "named with `--map field=column`.", "",
        "Files of posts or accounts alone are companions: put them beside the comments, or name them with `--posts`",
        "and `--accounts`. Exports of one person's own comments are refused: they hold nobody to compare.", "",
        f"{len(readers.FORMATS)} formats. Where nobody could look at a real file or the exporter's documentation, the",
        "format is *unverified*: check what `fakedetect inspect` says, and correct with `--map`.", "",
    ]
    lines += table(
        ("format", "what it is", "en français", "platform", "tables", "what it gives, and traps"),
        ((f"`{r.name}`", r.label.en, r.label.fr, r.platform or "any", ", ".join(r.holds) or "refused",
          ("" if r.verified else "*unverified*; ") + r.gives) for r in readers.FORMATS))
    lines += [
        "", "## Fields", "",
        "Needed: `author_id` or `author_name`, and one of `text` and `comment_time`. Each further field switches more",
        "tests on; `fakedetect inspect` says which. Upper and lower case, blanks and signs in a column's name do not",
        "matter.",
    ]
    sides: dict[str, tuple[str, tuple[Column, ...]]] = {
        "Comments": ("the dump itself", COMMENT_COLUMNS),
        "Posts": ("`--posts F`, or beside the dump", POST_COLUMNS),
        "Accounts": ("`--accounts F`, or beside the dump", ACCOUNT_COLUMNS),
        "Declared": ("`--declared F`, or beside the dump: the page's own people, who are never suspects",
                     DECLARED_COLUMNS),
    }
    for name, (where, columns) in sides.items():
        lines += ["", f"### {name}", "", f"From {where}.", ""]
        lines += table(("field", "what it is", "unit", "also read as"),
                       ((f"`{c.name}`", c.what, c.unit, ", ".join(f"`{a}`" for a in c.aliases)) for c in columns))
    return page(*lines)


def duties_page() -> str:
    """duties.md: what is asked of who publishes reviews, and what a dump can show of it."""
    seen = sum(d.check is not None for d in duties.DUTIES)
    lines = [
        "# The rules on online reviews", "",
        "Whoever collects, moderates or publishes consumers' reviews has duties: in France by the *Code de la",
        "consommation* (art. L111-7-2 and D111-16 to D111-19, the latter from decree 2017-1436 of 29 September",
        "2017); in the European Union by directive 2005/29/EC as amended by directive 2019/2161 (art. 7(6) and annex",
        "I, 23b and 23c; in France art. L121-3 and L121-4, 27° and 28°); and, for who chooses to follow it, by the",
        "standard ISO 20488:2018, which took the place of NF Z74-501. In a run on reviews the report lists them, and",
        "`duties` in `summary.json` holds the same: `code`, `source`, `stage`, `label`, `result`, `n`, `total`,",
        "`rows` (the first 20), `said`.", "",
        *table(("result", "what it means"), RESULTS.items()), "",
        "None of the three is a legal finding. What the law asks is mostly words on the site's pages, and a dump",
        f"holds no pages: {seen} of the {len(duties.DUTIES)} duties can be looked up in rows at all, and those only in",
        "part. A column that is empty throughout counts as left out by the export, never against the site. Answers",
        "to reviews are not looked at.", "",
        "The duties are told in our own words, and for French sites; other countries' laws transpose the same",
        "directive. The clauses of the standard are named for who holds it, as its public table of contents numbers",
        "them; `one_review` is our reading of it. Whether a date is true, whether a review was changed, and what was",
        "never published, no dump can tell.",
    ]
    for stage, title in STAGES.items():
        mine = [d for d in duties.DUTIES if d.stage == stage]
        lines += ["", f"## {title}", ""]
        lines += table(
            ("code", "duty", "en français", "source", "what is looked at, and its limit", "where it cannot be seen"),
            ((f"`{d.code}`", d.label.en, d.label.fr, d.source, d.what.en, d.unseen.en) for d in mine))
    return page(*lines)


def commands() -> dict[str, click.Command]:
    """Every command of the command line, by its name as typed after `fakedetect`."""
    out: dict[str, click.Command] = {}
    for name, command in sorted(cli.cli.commands.items()):
        if isinstance(command, click.Group):
            out |= {f"{name} {inner}": command.commands[inner] for inner in sorted(command.commands)}
        else:
            out[name] = command
    return out


def prose(command: click.Command) -> list[str]:
    """The lines of a command's help, as its docstring has them; click's mark against wrapping is left out."""
    return [line for line in cleandoc(command.help or "").splitlines() if line.strip() != "\b"]


def option_row(parameter: click.Parameter) -> tuple[str, str]:
    """How an option is typed, with its choices, and what it does."""
    typed = ", ".join(f"`{o}`" for o in (*parameter.opts, *parameter.secondary_opts))
    if isinstance(parameter.type, click.Choice):
        typed += " " + " or ".join(f"`{c}`" for c in parameter.type.choices)
    help_text = getattr(parameter, "help", None) or ""
    default = parameter.default
    if getattr(parameter, "show_default", None) and isinstance(default, str | int | float | Path):
        help_text += f" Default: `{default}`."
    return typed, help_text


def reference_page() -> str:
    """reference.md: every command with its arguments and options."""
    lines = ["# Commands", "", "`fakedetect COMMAND --help` says the same in a terminal.", ""]
    lines += prose(cli.cli)
    for name, command in commands().items():
        arguments = [p for p in command.params if isinstance(p, click.Argument)]
        options = [p for p in command.params if isinstance(p, click.Option)]
        typed = " ".join(p.metavar or (p.name or "").upper() for p in arguments)
        lines += ["", f"## {name}", "", "```", f"fakedetect {name} {typed} [OPTIONS]".replace("  ", " "), "```", ""]
        lines += [*prose(command), ""]
        lines += table(("option", "what it does"), map(option_row, options))
    return page(*lines)


PAGES = {
    "features.md": features_page,
    "formats.md": formats_page,
    "duties.md": duties_page,
    "reference.md": reference_page,
}

if __name__ == "__main__":
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), "utf-8")
