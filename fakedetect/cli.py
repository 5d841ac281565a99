"""The command line: words typed by a person become calls. Nothing is decided here."""

from __future__ import annotations

import datetime as dt
import errno
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from fakedetect import __version__
from fakedetect.cli_dossier import DAY, dossier, erase, replay, verify
from fakedetect.cli_evaluate import evaluate, train
from fakedetect.cli_options import (
    JUDGING,
    READING,
    Local,
    Place,
    Progress,
    brands,
    can_browse,
    entry,
    judging,
    known,
    number,
    options,
    pairs,
    read_options,
    sources,
    zones,
)
from fakedetect.cli_review import compare, decisions, review
from fakedetect.errors import EngineError, FakedetectError, InputError, UsageError
from fakedetect.words import Lang

WITH_SUSPECTS = 10
"""Exit code of --fail-on-suspects when there are any."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="fakedetect")
def cli() -> None:
    """Find fake engagement and astroturfing in exported comment dumps.

    A DUMP is a file, a folder, a glob, an s3:// address or - for standard input; .gz, .zst and .zip are read as they
    are. Only an author and either a text or a time are needed; each further field switches more tests on.

    What it finds are indications for a person to check, never proof of who runs an account. On a clean page it
    names nobody; where a dump cannot tell, it says so.

    \b
    Exit codes: 0 done, 2 usage, 3 input, 4 model, 5 engine, 1 a fault of ours,
    10 suspects found (only with --fail-on-suspects).
    """


@cli.command()
@click.argument("dumps", nargs=-1, required=True, metavar="DUMP...")
@click.option(
    "--out",
    type=Place(path_type=Path),
    required=True,
    help="Folder for the results, written whole or not at all; or its s3:// address.",
)
@options("agency", "not-run", "earlier", *READING, *JUDGING, "lang", "names", "json", "quiet", "verbose")
@click.option("--fail-on-suspects", is_flag=True, help="Exit with 10 when there are suspects.")
@click.option("--retention", type=DAY, help="Day until which the results may be kept; after it no dossier is made.")
@click.option("--open", "open_it", is_flag=True, help="Open the report in the browser.")
def audit(
    dumps: tuple[str, ...],
    out: str | Path,
    lang: Lang,
    names: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    agency: bool,
    not_run: tuple[str, ...],
    earlier: tuple[Path, ...],
    fail_on_suspects: bool,
    retention: dt.datetime | None,
    open_it: bool,
    **given: Any,
) -> int:
    """Audit one or several dumps as one: tables, summary and report into --out.

    The word `sample` stands for the sample page that comes with fakedetect. With --agency each DUMP is one brand's, and
    the report tells across them: groups that work for several brands, first hours by page and month, pages that the
    agency does not run.
    """
    from fakedetect import output, pipeline, remote
    from fakedetect.compare import earlier as before
    from fakedetect.engine import open_engine

    if open_it and remote.is_address(out):
        raise UsageError("--open shows a report of this machine", where=str(out), hint="leave --open out")
    output.check_replaceable(out)
    several = brands(sources(dumps), sources(not_run), agency, earlier)
    judged = judging(given)
    with open_engine(judged.engine, judged.memory, whole=True) as engine, Progress(quiet, verbose) as progress:
        dump = pipeline.read(
            sources((*dumps, *not_run)), options=read_options(given), **zones(given), kind=given["kind"], engine=engine,
            brands=several,
        )
        judged = replace(judged, earlier=before.read(earlier, dump))
        found = pipeline.audit(dump, judged, progress=progress, engine=engine)
    said = {"report": {"lang": lang, "names": names}}
    kept = {"retention": retention.date().isoformat()} if retention else {}
    found = replace(found, manifest={**found.manifest, **said, **kept})
    output.write(found, out, {"report.html": pipeline.report(found, lang=lang, names=names)})
    if as_json:
        click.echo(output.to_json(found.summary), nl=False)
    elif not quiet:
        click.echo(pipeline.brief(found, lang))
        page = f"{str(out).rstrip('/')}/report.html"
        click.echo({"en": f"Report: {page}", "fr": f"Rapport : {page}"}[lang])
    if open_it:
        page = Path(out, "report.html").resolve().as_uri()
        if not can_browse():
            click.echo({"en": f"There is no browser here to open {page} in.",
                        "fr": f"Aucun navigateur ici pour ouvrir {page}."}[lang], err=True)
        elif click.launch(page):
            click.echo({"en": f"No browser opened {page}.", "fr": f"Aucun navigateur n'a ouvert {page}."}[lang],
                       err=True)
    return WITH_SUSPECTS if fail_on_suspects and found.summary["accounts"]["suspect"] else 0


@cli.command()
@click.argument("dumps", nargs=-1, required=True, metavar="DUMP...")
@click.option(
    "--out",
    type=Place(path_type=Path),
    required=True,
    help="Folder that gets one folder per dump, and index.json; or its s3:// address.",
)
@click.option("--resume", is_flag=True, help="Keep finished folders of an earlier run with the same options.")
@click.option(
    "--jobs",
    "n_jobs",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Dumps at a time, each in a process of its own; they share --memory.",
)
@options(*READING, *JUDGING, "json", "quiet", "verbose")
@click.option("--fail-on-suspects", is_flag=True, help="Exit with 10 when there are suspects.")
def score(
    dumps: tuple[str, ...],
    out: str | Path,
    resume: bool,
    n_jobs: int,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    fail_on_suspects: bool,
    **given: Any,
) -> int:
    """Score many dumps, each for itself: tables only, no report.

    A dump that fails does not stop the others; the exit code is then 3. A run that was ended at any moment, however
    roughly, goes on with --resume where it was.
    """
    from fakedetect import batch, output
    from fakedetect.readers.expand import each

    def told(row: dict[str, Any]) -> None:
        if row["status"] == "failed":
            click.echo(f"{row['dump']}: failed\n  {row['error']}", err=True)
        elif not quiet and not as_json:
            counts = row["summary"]["accounts"]
            found = f"{counts['total']} accounts, {counts['suspect']} suspect"
            click.echo(f"{row['dump']}: {row['status']}, {found} -> {row['folder']}")

    rows = batch.score(
        each(sources(dumps)),
        out,
        options=judging(given),
        read_options=read_options(given),
        **zones(given),
        kind=given["kind"],
        resume=resume,
        n_jobs=n_jobs,
        done=told,
    )
    if as_json:
        click.echo(output.to_json({"dumps": rows}), nl=False)
    if any(row["status"] == "failed" for row in rows):
        return InputError.exit_code
    return (
        WITH_SUSPECTS
        if fail_on_suspects and any(row["summary"]["accounts"]["suspect"] for row in rows)
        else 0
    )


@cli.command()
@click.argument("dumps", nargs=-1, required=True, metavar="DUMP...")
@options(*READING, "lang", "json")
def inspect(dumps: tuple[str, ...], lang: Lang, as_json: bool, **given: Any) -> int:
    """Say what a dump is, what can be tested on it and what would restore the rest; write nothing."""
    from fakedetect import inspect as look
    from fakedetect import output

    found = look.inspect(sources(dumps), options=read_options(given), **zones(given), kind=given["kind"])
    click.echo(output.to_json(found) if as_json else look.words(found, lang), nl=False)
    return 0


@cli.command()
@click.argument("folder", metavar="DIR", type=Local(path_type=Path))
@click.argument("account")
@options("lang", "names", "json")
def explain(folder: Path, account: str, lang: Lang, names: bool, as_json: bool) -> int:
    """Show the evidence on one ACCOUNT (label, id or name) of the audit in DIR."""
    from fakedetect import output, pipeline

    found = output.read(folder)
    click.echo(
        output.to_json(pipeline.account_row(found, account))
        if as_json
        else pipeline.explain(found, account, lang=lang, names=names),
        nl=False,
    )
    return 0


@cli.command()
@click.option(
    "--out",
    type=Local(path_type=Path),
    required=True,
    help="Folder for the dump; the truth goes beside it.",
)
@click.option(
    "--kind",
    type=click.Choice(["comments", "reviews"]),
    default="comments",
    show_default=True,
    help="A page of comments, or a review site.",
)
@click.option(
    "--preset",
    help="Comments: sample (the default), orangina, clean, negatives or training; reviews: reviews_case (the default), "
    "reviews_clean or reviews_training.",
)
@click.option(
    "--family", "families", multiple=True, help="Campaigns to add, on a page of your own; may be repeated."
)
@click.option(
    "--accounts",
    "n_accounts",
    type=click.IntRange(50),
    default=5000,
    show_default=True,
    help="With --family: organic accounts.",
)
@click.option(
    "--posts",
    "n_posts",
    type=click.IntRange(5),
    default=120,
    show_default=True,
    help="With --family: posts, or businesses.",
)
@click.option(
    "--knob",
    "knobs",
    multiple=True,
    metavar="NAME=VALUE",
    help="With --family: a knob of the campaign, such as gap_s=40.",
)
@options("seed", "lang", "quiet")
def simulate(
    out: Path,
    kind: str,
    preset: str | None,
    families: tuple[str, ...],
    n_accounts: int,
    n_posts: int,
    knobs: tuple[str, ...],
    seed: int,
    lang: Lang,
    quiet: bool,
) -> int:
    """Make a page with known campaigns, to try the tool and to teach with."""
    from fakedetect import simulate as made_up
    from fakedetect.simulate.presets import PRESETS, REVIEW_PRESETS

    presets = REVIEW_PRESETS if kind == "reviews" else PRESETS
    preset = preset or ("reviews_case" if kind == "reviews" else "sample")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError("the folder is there and not empty", where=str(out), hint="--out NEW_FOLDER")
    if families:
        values = {k: number(v) for k, v in pairs(knobs, "--knob").items()}
        campaign = made_up.ReviewCampaign if kind == "reviews" else made_up.Campaign
        campaigns = tuple(known(campaign, family=f, **values) for f in families)
        if kind == "reviews":
            site = made_up.ReviewSpec(n_accounts=n_accounts, n_businesses=n_posts, campaigns=campaigns)
            made = made_up.reviews(site, seed)
        else:
            made = made_up.page(made_up.PageSpec(n_accounts=n_accounts, n_posts=n_posts, campaigns=campaigns), seed)
    elif preset not in presets:
        raise UsageError(f"unknown preset {preset!r}", hint=f"--kind {kind} has " + ", ".join(presets))
    else:
        made = presets[preset](seed)
    made_up.write(made, out)
    if not quiet:
        said = {
            "en": "{n} {what} by {a} accounts in {out}; who is who in {out}_truth",
            "fr": "{n} {what} de {a} comptes dans {out} ; qui est qui dans {out}_truth",
        }[lang]
        what = kind if lang == "en" else {"comments": "commentaires", "reviews": "avis"}[kind]
        click.echo(said.format(n=made.comments.num_rows, what=what, a=made.truth.num_rows, out=out))
    return 0


@cli.command()
@options("lang", "json")
def formats(lang: Lang, as_json: bool) -> int:
    """List the export formats that can be read."""
    from fakedetect.readers import FORMATS

    if as_json:
        rows = [
            {"name": r.name, "label": {"en": r.label.en, "fr": r.label.fr}, "platform": r.platform, "gives": r.gives}
            for r in FORMATS
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for reader in FORMATS:
            entry(reader.name, reader.label.of(lang), reader.gives)
    return 0


@cli.command()
@options("lang", "json")
def features(lang: Lang, as_json: bool) -> int:
    """List what is measured about an account."""
    from fakedetect.features import document

    rows = document()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        family = ""
        for row in rows:
            if row["family"] != family:
                family = row["family"]
                click.echo(f"\n{family.upper()}")
            entry(row["name"], f"{row['label'][lang]} ({row['unit']})", "")
    return 0


for command in (compare, decisions, dossier, erase, evaluate, replay, review, train, verify):
    cli.add_command(command)


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where a disk is full, or a file may not be as long."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors of the family are told on stderr, never as a traceback."""
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments), prog_name="fakedetect", standalone_mode=False
        )
        return int(code or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        click.echo("stopped", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except FakedetectError as error:
        return _told(error)
    except MemoryError:
        return _told(EngineError("memory ran out", hint="a shorter period, one page at a time, or a larger machine"))
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        return _told(EngineError(f"a temporary file cannot be written: {error.strerror}", where=tempfile.gettempdir(),
                                 hint="free some space there, or name another folder with the variable TMPDIR"))


def _told(error: FakedetectError) -> int:
    click.echo(f"fakedetect: {error}", err=True)
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
