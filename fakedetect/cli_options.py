"""What the commands share: options declared once, progress, and words typed by a person made into values."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fakedetect.errors import InputError, UsageError
from fakedetect.words import LANGS

if TYPE_CHECKING:
    from fakedetect.outcome import Options
    from fakedetect.readers import ReadOptions
    from fakedetect.schema import Brand

SAMPLE = "sample"
"""Stands for the sample page that comes with fakedetect, unless a file of that name exists."""


def options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The shared options of these names, so that each is declared once."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            command = SHARED[name](command)
        return command

    return add


class Local(click.Path):
    """A path of this machine. An address of an object store, taken for one, would become a folder called `s3:`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if "://" in str(value):
            raise UsageError("an address is taken for a DUMP, the tables beside it, and by --out of audit and score;"
                             " here it must be a path",
                             where=str(value), hint="copy it to this machine, or mount it there")
        return super().convert(value, param, ctx)


class Place(Local):
    """A path of this machine, or, as it was typed, an address of an object store."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from fakedetect import remote

        return value if remote.is_address(value) else super().convert(value, param, ctx)


_FILE = Local(exists=True, dir_okay=False, path_type=Path)
_SIDE = Place(exists=True, dir_okay=False, path_type=Path)
_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
SHARED: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "posts": click.option(
        "--posts", type=_SIDE, help="Posts with their publish times, if not found beside the dump."
    ),
    "accounts": click.option("--accounts", type=_SIDE, help="Profiles of the accounts."),
    "declared": click.option(
        "--declared",
        type=_SIDE,
        help="Accounts of the page's own people: owner, staff, agency, moderator, partner.",
    ),
    "businesses": click.option(
        "--businesses", type=_SIDE, help="Reviewed businesses: business_id, owner, place, category."
    ),
    "kind": click.option(
        "--kind", type=click.Choice(["comments", "reviews"]), help="What the rows are (default: seen)."
    ),
    "format": click.option(
        "--format", "fmt", metavar="NAME", help="One of `fakedetect formats` (default: detected by content)."
    ),
    "map": click.option(
        "--map",
        "mapping",
        multiple=True,
        metavar="FIELD=COLUMN",
        help="Read FIELD from COLUMN of a table; may be repeated.",
    ),
    "tz": click.option(
        "--tz",
        metavar="ZONE",
        help="Zone of times that name none, such as Europe/Paris; also the zone the report shows.",
    ),
    "strict": click.option(
        "--strict",
        is_flag=True,
        help="Refuse a file that ends too early instead of keeping the rows before the cut.",
    ),
    "fdr": click.option(
        "--fdr",
        type=_SHARE,
        default=0.05,
        show_default=True,
        help="Share of false ones tolerated among the named.",
    ),
    "page-alpha": click.option(
        "--page-alpha",
        type=_SHARE,
        default=0.02,
        show_default=True,
        help="Chance tolerated of naming any group on a clean page.",
    ),
    "base-rate": click.option(
        "--base-rate",
        type=_SHARE,
        default=0.00065,
        show_default=True,
        help="Share of suspects assumed before looking.",
    ),
    "known-innocent": click.option(
        "--known-innocent", type=_FILE, help="Accounts known to be organic: one author_id per line."
    ),
    "model": click.option(
        "--model", type=Local(path_type=Path), help="A model directory (default: the one that ships)."
    ),
    "engine": click.option(
        "--engine",
        default="duckdb",
        show_default=True,
        metavar="NAME",
        help="What computes: duckdb, spark (this machine) or spark://HOST:PORT (a cluster).",
    ),
    "memory": click.option(
        "--memory", metavar="SIZE", help="Memory to keep to, such as 4GB: the disk helps; too little is refused."
    ),
    "agency": click.option(
        "--agency",
        is_flag=True,
        help="Each DUMP is one brand's, called after its folder or file: tell across the brands of an agency.",
    ),
    "not-run": click.option(
        "--not-run",
        multiple=True,
        metavar="PATH",
        help="With --agency: dump of pages that the agency does not run, to compare its brands with. May be repeated.",
    ),
    "earlier": click.option(
        "--earlier",
        multiple=True,
        type=Local(path_type=Path),
        metavar="DIR",
        help="With --agency: an earlier audit. Accounts cleared and signed off in its review file (DIR.review.sqlite) "
        "are shown as cleared and never as suspects. May be repeated.",
    ),
    "seed": click.option("--seed", type=int, default=0, show_default=True, help="Seed of every random draw."),
    "lang": click.option(
        "--lang",
        type=click.Choice(LANGS),
        default="en",
        show_default=True,
        help="Language of report and messages.",
    ),
    "names": click.option("--names", is_flag=True, help="Show the accounts' names, not only their labels."),
    "json": click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    "quiet": click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors."),
    "verbose": click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is being done."),
}
READING = ("posts", "accounts", "declared", "businesses", "kind", "format", "map", "tz", "strict")
JUDGING = ("fdr", "page-alpha", "base-rate", "known-innocent", "model", "engine", "memory", "seed")


class Progress:
    """What is being done, on stderr: in place on a terminal, a line per stage with --verbose, else nothing."""

    def __init__(self, quiet: bool, verbose: bool) -> None:
        self.inline = sys.stderr.isatty() and not quiet
        self.verbose = verbose and not self.inline
        self.stage = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.inline and self.stage:
            click.echo("\r\033[K", err=True, nl=False)

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.inline:
            share = f" {done}/{total}" if total > 1 else ""
            click.echo(f"\r\033[K{stage}{share}", err=True, nl=False)
        elif self.verbose and stage != self.stage:
            click.echo(stage, err=True)
        self.stage = stage


def entry(name: str, label: str, more: str) -> None:
    width, column = 78, " " * 29
    if len(name) > 26:
        click.echo(f"  {name}")
        name = ""
    click.echo(click.wrap_text(label, width, f"  {name:<26} ", column))
    if more:
        click.echo(click.wrap_text(more, width, column, column))


def sources(dumps: Sequence[str]) -> list[str]:
    from fakedetect import shipped

    return [
        str(shipped.folder("data", "sample_page")) if d == SAMPLE and not Path(d).exists() else d
        for d in dumps
    ]


def read_options(given: dict[str, Any]) -> ReadOptions:
    from fakedetect.readers import ReadOptions

    return ReadOptions(
        posts=given["posts"],
        accounts=given["accounts"],
        declared=given["declared"],
        businesses=given["businesses"],
        fmt=given["fmt"],
        map=pairs(given["mapping"], "--map"),
        strict=given["strict"],
    )


def zones(given: dict[str, Any]) -> dict[str, Any]:
    return {"zone": given["tz"] or "UTC", "naive_zone": given["tz"]}


def judging(given: dict[str, Any]) -> Options:
    from fakedetect.pipeline import Options

    return Options(
        fdr=given["fdr"],
        page_alpha=given["page_alpha"],
        base_rate=given["base_rate"],
        known_innocent=known_accounts(given["known_innocent"]),
        model=str(given["model"]) if given["model"] else None,
        engine=given["engine"],
        memory=given["memory"],
        seed=given["seed"],
    )


def brands(run: Sequence[str], not_run: Sequence[str], agency: bool, earlier: Sequence[Path]) -> Sequence[Brand]:
    """The brands of an agency audit, none of another. Raises UsageError where the words do not fit together."""
    if agency:
        from fakedetect.agency.named import brands as named

        return named(run, not_run)
    for option, value, hint in (("--not-run", not_run, "add --agency, or leave --not-run out"),
                                ("--earlier", earlier, ("add --agency; or fakedetect decisions DIR --signed-only "
                                                        "--known-innocent F, then --known-innocent F"))):
        if value:
            raise UsageError(f"{option} belongs to --agency", hint=hint)
    return ()


def known_accounts(path: Path | None) -> tuple[str, ...]:
    """The ids in a file of --known-innocent, sorted; none without a file. Raises InputError where it is no text."""
    from fakedetect.output import uncell

    if path is None:
        return ()
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError("the file is no UTF-8 text", where=str(path), hint="one author_id per line") from error
    return tuple(sorted({uncell(line.strip()) for line in lines if line.strip() and line.strip() != "author_id"}))


def can_browse() -> bool:
    """Whether something could show a page: a Linux without display or $BROWSER has nothing, and xdg-open says so at
    length."""
    return sys.platform != "linux" or any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def pairs(words: Sequence[str], option: str) -> dict[str, str]:
    out = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals and value):
            raise UsageError(
                f"{option} {word!r} is not of the form NAME=VALUE", hint=f"{option} text=message"
            )
        out[name] = value
    return out


def number(text: str) -> float | int:
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError as error:
            raise UsageError(f"{text!r} is not a number", hint="--knob gap_s=40") from error


def known(make: Callable[..., Any], **values: Any) -> Any:
    try:
        return make(**values)
    except TypeError as error:
        from dataclasses import fields

        known = [f.name for f in fields(make)]  # type: ignore[arg-type]
        raise UsageError(f"unknown knob among {sorted(values)}", hint="one of " + ", ".join(known)) from error


def reviewer_name(given: str | None) -> str:
    """The name that a decision is entered under: the one given, else the user's own on this machine."""
    import getpass

    try:
        return given or getpass.getuser()
    except OSError as error:
        raise UsageError("nobody knows who is deciding", hint="--reviewer NAME") from error
