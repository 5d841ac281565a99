"""The commands that need known truth: `train` and `evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fakedetect.cli_options import READING, Local, Progress, options, read_options, sources, zones
from fakedetect.errors import UsageError


@click.command()
@click.argument("dumps", nargs=-1, metavar="[DUMP...]")
@click.option(
    "--labels",
    type=Local(exists=True, dir_okay=False, path_type=Path),
    help="Own truth about accounts of the dumps: author_id (or author_name, or comment_id), label (suspect, organic "
    "or unsure) and, if known, campaign.",
)
@click.option(
    "--planted-in", multiple=True, metavar="DUMP", type=Local(exists=True),
    help="Also learn from campaigns planted into the real pages of this dump; may be repeated.",
)
@click.option(
    "--out",
    type=Local(path_type=Path),
    help="Model directory to write (otherwise models/simulated; with --planted-in models/fitted).",
)
@click.option(
    "--replace", is_flag=True, help="With --labels: replace the model in --out, unless the new one is worse."
)
@click.option(
    "--pages",
    type=click.IntRange(10),
    default=None,
    help="Simulated pages to learn from (default: as the shipped model).",
)
@click.option(
    "--jobs", type=click.IntRange(1), default=2, show_default=True, help="Pages simulated side by side."
)
@options("model", *READING, "quiet", "verbose")
def train(dumps: tuple[str, ...], labels: Path | None, planted_in: tuple[str, ...], out: Path | None, replace: bool,
          pages: int | None, jobs: int, model: Path | None, quiet: bool, verbose: bool, **given: Any) -> int:
    """Train the classifier on simulated pages and write a model directory.

    With --labels and the dumps that they are about, on these accounts too. The new model is then held against the
    old one (--model, else the shipped one) on labelled accounts that it did not see; the table is printed and stands
    in the model card. With --replace the old one is the model in --out, which stays, and the exit code is 4, if the
    new one is worse.

    The same input and versions of the libraries give the same bytes.
    """
    from fakedetect.evaluate import training

    if labels is None:
        unused = [name for name, value in {**given, "model": model, "replace": replace, "DUMP": dumps}.items() if value]
        if unused:
            raise UsageError("dumps, and options about them and other models, go with --labels",
                             hint="fakedetect train --labels LABELS.csv DUMP... --out NEW_FOLDER")
        out = out or Path("models/fitted" if planted_in else "models/simulated")
        with Progress(quiet, verbose) as progress:
            if planted_in:
                from fakedetect.evaluate import fitted

                fingerprint = fitted.train(out, planted_in, n_pages=pages or training.N_PAGES, jobs=jobs,
                                           progress=progress)
            else:
                fingerprint = training.train(out, n_pages=pages or training.N_PAGES, jobs=jobs,
                                             progress=lambda done, total: progress("train", done, total))
        if not quiet:
            click.echo(f"{out}: model {fingerprint[:12]}")
        return 0
    if planted_in:
        raise UsageError("--planted-in does not go with --labels", hint="name one of them")
    if out is None or not dumps:
        raise UsageError("--labels needs the dumps that it is about, and --out",
                         hint="fakedetect train --labels LABELS.csv DUMP... --out NEW_FOLDER")
    if replace and model is not None and out.exists() and model.resolve() != out.resolve():
        raise UsageError("with --replace the old model is the one in --out", hint="leave --model out")
    from fakedetect.evaluate import comparison, own_training

    told = {"pages": pages or training.N_PAGES, "format": given["fmt"], "kind": given["kind"], "tz": given["tz"],
            "strict": given["strict"], "map": sorted(given["mapping"])}
    reading = {"options": read_options(given), **zones(given), "kind": given["kind"]}
    with Progress(quiet, verbose) as progress:
        done = own_training.train(
            labels, sources(dumps), out, old=model, replace=replace, n_pages=pages or training.N_PAGES, jobs=jobs,
            reading=reading, options=told, tell=lambda line: None if quiet else click.echo(line, err=True),
            progress=progress,
        )
    if done.fingerprint is None or not quiet:
        click.echo(comparison.markdown(done.comparison))
    if done.fingerprint is None:
        raise own_training.refused(out, done)
    if not quiet:
        click.echo(f"{own_training.verdict(done.comparison)}\n{out}: model {done.fingerprint[:12]}")
    return 0


@click.group()
def evaluate() -> None:
    """Measure detection against known truth."""


@evaluate.command("attack-curves")
@click.argument("dumps", nargs=-1, required=True, type=Local(exists=True, path_type=Path), metavar="DUMP...")
@click.option("--family", "families", multiple=True, help="Only this family; may be repeated (default: all).")
@click.option("--curve", "knobs", multiple=True, metavar="KNOB",
              help="Instead of families: recall against one knob; may be repeated, `all` for every one.")
@click.option("--svg", type=Local(path_type=Path, dir_okay=False), help="Draw the curves into this file.")
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="Plantings per page and family.")
@click.option("--first-seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the first.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Pages audited side by side.")
@options("json", "quiet")
def attack_curves(dumps: tuple[Path, ...], families: tuple[str, ...], knobs: tuple[str, ...], svg: Path | None,
                  seeds: int, first_seed: int, jobs: int, as_json: bool, quiet: bool) -> int:
    """Plant campaigns and honest crowds on the pages of real dumps, audit them, and count.

    A page takes part with 60 dated posts of five comments or more. Prints one row per family: the share of the
    campaign's accounts that are suspects, and the honest accounts accused.
    """
    from dataclasses import asdict

    from fakedetect.evaluate import attacks, curves
    from fakedetect.evaluate.plant import PLANTS

    for asked, known, what in ((families, PLANTS, "family"), (knobs, [*curves.CURVES, "all"], "curve")):
        unknown = sorted(set(asked) - set(known))
        if unknown:
            raise UsageError(f"no such {what}: {', '.join(unknown)}", hint=f"one of {', '.join(known)}")
    if families and knobs:
        raise UsageError("--family and --curve are two tables", hint="ask for one at a time")
    if svg and not knobs:
        raise UsageError("--svg draws curves", hint="add --curve all")
    planted = (curves.families(list(curves.CURVES) if "all" in knobs else knobs) if knobs
               else {f: PLANTS[f] for f in families or PLANTS})
    with Progress(quiet, False) as progress:
        trials = attacks.attack(dumps, planted, first_seed=first_seed, seeds=seeds,
                                jobs=jobs, progress=lambda done, total: progress("evaluate", done, total))
    rows = attacks.table(trials)
    if svg:
        svg.write_text(curves.picture(rows), encoding="utf-8")
    if as_json:
        click.echo(json.dumps([asdict(r) for r in rows], indent=2))
    else:
        click.echo(attacks.markdown(rows))
    return 0


@evaluate.command("null-audit")
@click.argument("dumps", nargs=-1, required=True, type=Local(exists=True, path_type=Path), metavar="DUMP...")
@click.option("--seeds", type=click.IntRange(1), default=32, show_default=True, help="Replicates per page.")
@click.option("--first-seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the first.")
@click.option("--page-alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.02,
              show_default=True, help="The gate that is held to its word.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Pages audited side by side.")
@options("quiet")
def null_audit(dumps: tuple[Path, ...], seeds: int, first_seed: int, page_alpha: float, jobs: int, quiet: bool) -> int:
    """Deal the comment times of real pages anew within each post, and count how often a group is named all the same."""
    from fakedetect.evaluate import nulls

    with Progress(quiet, False) as progress:
        found = nulls.audit(dumps, first_seed=first_seed, seeds=seeds, jobs=jobs, page_alpha=page_alpha,
                            progress=lambda done, total: progress("evaluate", done, total))
    click.echo(nulls.markdown(found, page_alpha))
    return 0


@evaluate.command("reviews")
@click.argument("folder", type=Local(exists=True, file_okay=False, path_type=Path))
@click.option("--corpus", "names", multiple=True,
              help="Only this corpus; may be repeated (default: ott_hotels, dianping and yelp_subset).")
@click.option("--draws", type=click.IntRange(100), default=1000, show_default=True, help="Bootstrap draws.")
@options("json", "quiet")
def reviews(folder: Path, names: tuple[str, ...], draws: int, as_json: bool, quiet: bool) -> int:
    """How well the evidence of single reviews separates, on labelled corpora in FOLDER.

    FOLDER holds NAME/reviews.parquet for each corpus. Beside each figure stand controls that could explain it away,
    and intervals from a bootstrap of whole products, ips or hotels.
    """
    from dataclasses import asdict

    from fakedetect.evaluate import corpora

    unknown = sorted(set(names) - set(corpora.NAMES))
    if unknown:
        raise UsageError(f"no such corpus: {', '.join(unknown)}", hint=f"one of {', '.join(corpora.NAMES)}")
    with Progress(quiet, False) as progress:
        found = corpora.evaluate(folder, names or corpora.NAMES, draws=draws,
                                 progress=lambda done, total: progress("evaluate", done, total))
    click.echo(json.dumps(asdict(found), indent=2) if as_json else corpora.markdown(found))
    return 0


@evaluate.command("protocol")
@click.argument("dumps", nargs=-1, type=Local(exists=True), metavar="DUMP...")
@click.option("--quick", is_flag=True, help="A few minutes: few pages, and exit 1 where a figure is below its floor.")
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True, help="Plantings per real page.")
@click.option("--first-seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the first.")
@click.option("--pages", type=click.IntRange(1), default=50, show_default=True,
              help="Simulated pages with every hard negative.")
@click.option("--train-pages", type=click.IntRange(10), help="Simulated pages to learn from (default: as shipped).")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Pages audited side by side.")
@options("json", "quiet")
def protocol(dumps: tuple[str, ...], quick: bool, seeds: int, first_seed: int, pages: int, train_pages: int | None,
             jobs: int, as_json: bool, quiet: bool) -> int:
    """Measure the classifier as its protocol says, on campaigns planted into the real pages of the dumps.

    Pages, mechanisms of campaigns, platforms and time are left out in turn; controls that could explain a figure away
    stand beside it. The protocol was written before; its hash is printed. With --quick and no dump, what simulated
    pages can tell.
    """
    from dataclasses import asdict

    from fakedetect.evaluate import floors, protocol_table, training
    from fakedetect.evaluate.protocol import protocol as measure

    if quick:
        with Progress(quiet, False) as progress:
            figures = floors.measured(dumps, jobs=jobs, progress=progress)
        click.echo(json.dumps([asdict(f) | {"kept": f.kept} for f in figures], indent=2) if as_json
                   else floors.markdown(figures))
        return 0 if all(f.kept for f in figures) else 1
    if not dumps:
        raise UsageError("no dump to plant campaigns in", hint="name one or several, or ask for --quick")
    with Progress(quiet, False) as progress:
        report = measure(dumps, seeds=seeds, first_seed=first_seed, pages=pages,
                         train_pages=train_pages or training.N_PAGES, jobs=jobs, progress=progress)
    click.echo(json.dumps(protocol_table.as_data(report), indent=2) if as_json else protocol_table.markdown(report))
    return 0


@evaluate.command("accounts")
@click.argument("folder", type=Local(exists=True, file_okay=False, path_type=Path))
@click.option("--corpus", "names", multiple=True,
              help="Only this corpus; may be repeated (default: bot_or_not, rsc_reddit, tubespam and instafake).")
@click.option("--draws", type=click.IntRange(100), default=1000, show_default=True, help="Bootstrap draws.")
@options("json", "quiet")
def accounts(folder: Path, names: tuple[str, ...], draws: int, as_json: bool, quiet: bool) -> int:
    """How well accounts and comments can be told apart, on labelled corpora in FOLDER.

    FOLDER holds a folder of Parquet files for each corpus. Beside each figure stand controls that could explain it
    away, and intervals from a bootstrap of whole people, users or videos.
    """
    from dataclasses import asdict

    from fakedetect.evaluate import accounts as labelled

    unknown = sorted(set(names) - set(labelled.NAMES))
    if unknown:
        raise UsageError(f"no such corpus: {', '.join(unknown)}", hint=f"one of {', '.join(labelled.NAMES)}")
    with Progress(quiet, False) as progress:
        found = labelled.evaluate(folder, names or labelled.NAMES, draws=draws,
                                  progress=lambda done, total: progress("evaluate", done, total))
    click.echo(json.dumps(asdict(found), indent=2) if as_json else labelled.markdown(found))
    return 0
