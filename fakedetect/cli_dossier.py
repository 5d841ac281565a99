"""The commands about evidence for third parties: `dossier`, `verify`, `replay` and `erase`."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fakedetect.cli_options import Local, Progress, known_accounts, options, reviewer_name, sources
from fakedetect.errors import InputError, UsageError
from fakedetect.words import Lang, Text

if TYPE_CHECKING:
    from fakedetect.dossier.replay import Replay

_FILE = Local(exists=True, dir_okay=False, path_type=Path)
_ANY = Local(dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])

MADE = Text("{out}: fingerprint {fingerprint}\nNote the fingerprint where the dossier does not go: it tells this dossier from another.",
            "{out} : empreinte {fingerprint}\nNotez l'empreinte là où le dossier ne va pas : elle distingue ce dossier d'un autre.")
KEY_MADE = Text("{key}: a new key. Keep it apart from the dossier: who has both can tell who is meant.",
                "{key} : une nouvelle clé. Gardez-la à part du dossier : qui a les deux sait de qui il s'agit.")
WHOLE = Text("{path}: nothing was changed. {files} files, fingerprint {fingerprint}",
             "{path} : rien n'a été changé. {files} fichiers, empreinte {fingerprint}")
NOT_ORIGIN = Text("This shows that the dossier is whole, not who made it: compare the fingerprint with the one you were given.",
                  "Cela montre que le dossier est entier, non qui l'a fait : comparez l'empreinte à celle qui vous a été donnée.")
TOMBSTONES = Text("Accounts erased after the audit: {n}.", "Comptes effacés après l'audit : {n}.")
CHANGED = Text("the dossier was changed", "le dossier a été changé")
PAST = Text("it was to be deleted after {day}", "il devait être supprimé après le {day}")
ERASED = Text("{account} is erased: {comments} comments, {edges} pairs, {mentions} mentions in other rows, {rejects} rejected rows.",
              "{account} est effacé : {comments} commentaires, {edges} paires, {mentions} mentions dans d'autres lignes, {rejects} lignes rejetées.")
STILL = Text("These inputs still hold the account; so may copies of the folder, and dossiers made before: {inputs}",
             "Ces fichiers d'origine contiennent encore le compte ; de même, peut-être, des copies du dossier et des dossiers déjà remis : {inputs}")
R_INPUTS = Text("The dossier is whole, and the inputs are those that it names.", "Le dossier est entier, et les fichiers sont ceux qu'il nomme.")
R_HERE = Text("{what}: {theirs} in the dossier, {ours} here", "{what} : {theirs} dans le dossier, {ours} ici")
R_ERASED = Text("Accounts of the inputs that are not in the dossier, erased after the audit, as its tombstones say: {n}.",
                "Comptes des fichiers qui ne sont pas dans le dossier, effacés après l'audit, comme le disent ses pierres tombales : {n}.")
R_TABLE = Text("{table}: differs ({what})", "{table} : diffère ({what})")
R_ROWS = Text("{missing} rows missing, {extra} rows too many", "{missing} lignes absentes, {extra} lignes en trop")
R_CONFUSED = Text("{n} pseudonyms stand for two, or two for one", "{n} pseudonymes pour deux, ou deux pour un")
R_COLUMN = Text("{column} in {n} rows", "{column} dans {n} lignes")
R_SUMMARY = Text("summary: differs in {keys}", "résumé : diffère pour {keys}")
R_FILES = Text("other bytes in: {files}", "octets différents dans : {files}")
R_PACKED = Text("every file has the same bytes, packed otherwise (another zlib)", "chaque fichier a les mêmes octets, compressés autrement (autre zlib)")
R_PEOPLE = Text("Entries of people, which nothing can compute, taken as they stand in the dossier: {n}.",
                "Inscriptions humaines, que rien ne peut recalculer, prises telles qu'elles sont dans le dossier : {n}.")
R_IDENTICAL = Text("The replay gives the same dossier, byte by byte.", "Le dossier est obtenu à nouveau, octet par octet.")
R_SAME = Text("The replay gives the same results.", "L'analyse donne les mêmes résultats.")
R_SAME_NO_KEY = Text("The replay gives the same results; without the key, pseudonyms were followed through the rows they come from.",
                     "L'analyse donne les mêmes résultats ; sans la clé, les pseudonymes ont été suivis par les lignes dont ils viennent.")
R_DIFFERS = Text("the replay gives another result than the dossier", "l'analyse donne un autre résultat que le dossier")


@click.command()
@click.argument("folder", metavar="DIR", type=Local(path_type=Path))
@click.option("--out", type=_ANY, required=True, help="The dossier to write, such as case.zip; never overwritten.")
@click.option("--key", type=_ANY, help="Key of the pseudonyms, made if it is not there (default: beside --out, ending in .key).")
@click.option("--exhibits", type=click.Choice(["rows", "verbatim"]), default="rows", show_default=True,
              help="Exhibits by file and row alone, or with the comments as they were written.")
@click.option("--names", is_flag=True, help="Add which accounts, posts and pages are meant.")
@click.option("--custody", type=_FILE, help="Who exported each input, when, with what: a CSV or JSON file (docs/dossier.md).")
@click.option("--retention", type=DAY, help="Day until which it may be kept (default: the audit's).")
@click.option("--review", type=_FILE, help="Review file with what people decided (default: DIR.review.sqlite, where it is there).")
@click.option("--no-review", is_flag=True, help="Leave out what people decided.")
@options("lang", "json", "quiet")
def dossier(folder: Path, out: Path, key: Path | None, exhibits: str, names: bool, custody: Path | None,
            retention: dt.datetime | None, review: Path | None, no_review: bool, lang: Lang, as_json: bool,
            quiet: bool) -> int:
    """Make a dossier of the audit in DIR: a zip that can be handed on, checked and run again.

    Accounts, posts, pages and reviewers stand in it under pseudonyms. It holds no name, and no text of a comment unless
    --exhibits verbatim. What people decided is in it, with their reasons: names and ids known to the audit are replaced
    there, too; read them before you hand the dossier on.
    The same audit, options and key give the same bytes.
    """
    from fakedetect import output
    from fakedetect.decisions import Decisions, beside
    from fakedetect.dossier import build, custody_file, facts, pseudonyms

    if review is not None and no_review:
        raise UsageError("--review names a file that --no-review leaves out", hint="one of the two")
    audit = output.read(folder)
    audit = replace(audit, rejects=output.read_rejects(folder))
    key = key or out.with_suffix(".key")
    if key.resolve().is_relative_to(folder.resolve()):
        raise UsageError("the key must not stand in the audit folder", where=str(key), hint="--key F somewhere else")
    if out.exists():
        raise UsageError("there is a file already", where=str(out), hint="--out NEW.zip")
    until = retention.date().isoformat() if retention else audit.manifest.get("retention")
    if until is not None and until < _today():
        raise UsageError(PAST.of(lang, day=until), where=str(folder),
                         hint="delete the folder; or, where the law lets you keep it, --retention LATER_DAY")
    said = custody_file.read(custody, audit.manifest["inputs"]) if custody else None
    choice = facts.Choice(exhibits == "verbatim", names, said, until)
    facts.settled(audit)
    path = review or beside(folder)
    decisions = None if no_review or not path.is_file() else Decisions.of_audit(folder, path)
    if decisions and review is not None and not any(e.audit in decisions.audits for e in decisions.entries()):
        raise UsageError("nothing in this file was decided on this audit", where=str(review),
                         hint="the review file of this audit, or --no-review")
    held, made = pseudonyms.load_or_make(key)
    fingerprint = build.write(audit, out, held, choice, decisions)
    if as_json:
        click.echo(output.to_json({"fingerprint": fingerprint, "key_fingerprint": held.fingerprint, "out": str(out)}), nl=False)
    elif not quiet:
        click.echo(MADE.of(lang, out=out, fingerprint=fingerprint))
        if made:
            click.echo(KEY_MADE.of(lang, key=key))
    return 0


@click.command()
@click.argument("case", metavar="CASE.zip", type=_ANY)
@click.option("--expect", metavar="FINGERPRINT", help="The fingerprint that was noted when it was made.")
@options("lang", "json", "quiet")
def verify(case: Path, expect: str | None, lang: Lang, as_json: bool, quiet: bool) -> int:
    """Check that no byte of a dossier was changed; name what was.

    It shows that the dossier is whole, not where it comes from: whoever changes everything can make a new chain, but
    not with the same fingerprint.
    """
    from fakedetect import output
    from fakedetect.dossier import build
    from fakedetect.dossier.verify import Case
    from fakedetect.dossier.verify import verify as check

    found = check(case)
    problems = list(found.problems)
    if expect is not None and found.fingerprint and expect.strip().lower() != found.fingerprint:
        problems.append(f"the fingerprint is {found.fingerprint}, not the expected one: this is another dossier")
    if as_json:
        click.echo(output.to_json({"fingerprint": found.fingerprint, "problems": problems, "whole": not problems,
                                   "files": [m.name for m in found.files], "made_with": found.made_with,
                                   "tombstones": len(found.tombstones)}), nl=False)
    if problems:
        raise InputError(CHANGED.of(lang) + ":\n  " + "\n  ".join(problems), where=str(case),
                         hint="take the dossier from whoever made it")
    if not as_json and not quiet:
        click.echo(WHOLE.of(lang, path=case, files=len(found.files) + 1, fingerprint=found.fingerprint))
        if found.tombstones:
            click.echo(TOMBSTONES.of(lang, n=len(found.tombstones)))
        if expect is None:
            click.echo(NOT_ORIGIN.of(lang))
    _warn_past(Case(case).json(build.MANIFEST)["retention"]["dossier"], case, lang)
    return 0


@click.command()
@click.argument("case", metavar="CASE.zip", type=_ANY)
@click.argument("dumps", nargs=-1, required=True, metavar="DUMP...")
@click.option("--key", type=_ANY, help="Key of the pseudonyms: with it every byte is compared.")
@options("posts", "accounts", "declared", "businesses", "known-innocent", "earlier", "model", "lang", "json", "quiet",
         "verbose")
def replay(case: Path, dumps: tuple[str, ...], key: Path | None, posts: Path | None, accounts: Path | None,
           declared: Path | None, businesses: Path | None, known_innocent: Path | None, earlier: tuple[Path, ...],
           model: Path | None, lang: Lang, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Run a dossier again from the inputs that it names, and compare.

    Options and seed are taken from the dossier; name the DUMPs, and side files, as the audit was given them (of an
    agency audit, all of them: which brand's they are is known by their content). Without
    --key the pseudonyms are followed through the rows that they come from; with it every byte is compared. The exit code
    is 3 where the result is another.
    """
    from fakedetect import output
    from fakedetect.dossier import build, pseudonyms
    from fakedetect.dossier.replay import replay as run
    from fakedetect.dossier.verify import Case

    held = pseudonyms.load(key) if key else None
    sides = {"posts": posts, "accounts": accounts, "declared": declared, "businesses": businesses}
    with Progress(quiet, verbose) as progress:
        found = run(case, sources(dumps), key=held, sides=sides, known_innocent=known_accounts(known_innocent),
                    earlier=earlier, model=model, progress=progress)
    _warn_past(Case(case).json(build.MANIFEST)["retention"]["dossier"], case, lang)
    if as_json:
        click.echo(output.to_json(asdict(found) | {"same": found.same, "identical": found.identical}), nl=False)
    elif not quiet or not found.same:
        click.echo("\n".join(_said(found, lang)))
    if not found.same:
        raise InputError(R_DIFFERS.of(lang), where=str(case))
    if not as_json and not quiet:
        text = R_IDENTICAL if found.identical else R_SAME if held else R_SAME_NO_KEY
        click.echo(text.of(lang))
    return 0


def _said(found: Replay, lang: Lang) -> list[str]:
    """What a replay found, a line each."""
    lines = [R_INPUTS.of(lang)]
    lines += [R_HERE.of(lang, what=n, theirs=a, ours=b) for n, (a, b) in found.environment.items()]
    if found.unexplained:
        lines.append(found.unexplained)
    elif found.erased:
        lines.append(R_ERASED.of(lang, n=found.erased))
    if found.decisions:
        lines.append(R_PEOPLE.of(lang, n=found.decisions))
    for d in found.tables:
        if d.same:
            continue
        what = [R_COLUMN.of(lang, column=c, n=n) for c, n in sorted(d.columns.items(), key=lambda i: (-i[1], i[0]))[:8]]
        what += [R_ROWS.of(lang, missing=d.missing, extra=d.extra)] if d.missing or d.extra else []
        what += [R_CONFUSED.of(lang, n=d.confused)] if d.confused else []
        lines.append(R_TABLE.of(lang, table=d.table, what="; ".join([*what, *([d.example] if d.example else [])])))
    if found.summary:
        lines.append(R_SUMMARY.of(lang, keys=", ".join(found.summary)))
    if found.files is not None:
        other = [n for n, same in found.files.items() if not same]
        if other:
            lines.append(R_FILES.of(lang, files=", ".join(other)))
        elif not found.zip_same:
            lines.append(R_PACKED.of(lang))
    return lines


@click.command()
@click.argument("folder", metavar="DIR", type=Local(path_type=Path))
@click.argument("account")
@click.option("--on", type=DAY, help="Day of the request, to stand in the tombstone.")
@click.option("--reviewer", metavar="NAME", help="Who erases, to stand in DIR.review.sqlite (default: the user's name).")
@options("lang", "json", "quiet")
def erase(folder: Path, account: str, on: dt.datetime | None, reviewer: str | None, lang: Lang, as_json: bool,
          quiet: bool) -> int:
    """Erase one ACCOUNT (label, id or name) from the audit in DIR and from the decisions beside it.

    Its rows go from every table, what others wrote about it by id or name is replaced, report and network are made anew.
    In DIR.review.sqlite entries about it are blanked, and others are rid of its name. A tombstone without its name stays in the manifest, goes into dossiers made from then on, and is told by `replay`.
    Inputs, copies and earlier dossiers are not touched; the inputs that still hold the account are named.
    """
    from fakedetect import output
    from fakedetect.decisions import beside
    from fakedetect.decisions.wording import BLANKED
    from fakedetect.dossier import erase as erasing

    review = beside(folder)
    who = reviewer_name(reviewer) if review.is_file() else ""
    done, reviewed, inputs = erasing.erase(folder, account, who=who, on=on.date() if on else None)
    counts = asdict(done)
    if as_json:
        click.echo(output.to_json({**counts, "inputs": inputs, "review": asdict(reviewed)}), nl=False)
    elif not quiet:
        click.echo(ERASED.of(lang, account=account, **{k: counts[k] for k in ("comments", "edges", "mentions", "rejects")}))
        if review.is_file():
            click.echo(BLANKED.of(lang, n=reviewed.blanked, others=reviewed.cleaned, path=review))
        click.echo(STILL.of(lang, inputs=", ".join(inputs) or "–"))
    return 0


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def _warn_past(day: Any, path: Path, lang: Lang) -> None:
    if day is not None and day < _today():
        click.echo(f"{path}: {PAST.of(lang, day=day)}", err=True)
