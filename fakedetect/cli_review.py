"""The commands about what people decide: `compare`, `review` and `decisions`."""

from __future__ import annotations

from pathlib import Path

import click

from fakedetect.cli_options import Local, can_browse, options, reviewer_name
from fakedetect.errors import UsageError
from fakedetect.words import Lang

_AUDIT = Local(path_type=Path)
_FILE = Local(path_type=Path, dir_okay=False)


@click.command()
@click.argument("old", metavar="OLD", type=_AUDIT)
@click.argument("new", metavar="NEW", type=_AUDIT)
@click.option("--carry-over", is_flag=True, help="Enter the decisions that carry over among those on NEW.")
@click.option("--reviewer", metavar="NAME", help="Who carries them over (default: the user's name).")
@options("lang", "names", "json")
def compare(old: Path, new: Path, carry_over: bool, reviewer: str | None, lang: Lang, names: bool,
            as_json: bool) -> int:
    """Compare the audit in NEW with the one in OLD: what is new, gone and still there.

    Decisions that `fakedetect review` kept on OLD are shown with what they come to in NEW.
    """
    from fakedetect import compare as comparing
    from fakedetect import decisions, output
    from fakedetect.compare import text
    from fakedetect.compare import wording as w

    before, after = output.read(old), output.read(new)
    kept = [decisions.Decisions.of_audit(f) for f in (old, new)]
    found = comparing.compare(before, after, decided=kept[0].standings(), since=kept[1].standings())
    if as_json:
        click.echo(output.to_json(found), nl=False)
    else:
        click.echo(text.words(found, lang, names=names, zone=after.summary.get("zone") or "UTC"), nl=False)
    if carry_over:
        entered = comparing.carry(found, kept[1], reviewer_name(reviewer), str(old))
        click.echo("\n" + w.CARRIED.of(lang, path=kept[1].path, n=len(entered)), err=as_json)
    elif not as_json and any(not row["there"] for row in found["decisions"]["carried"]):
        click.echo("\n" + w.CARRY_HINT.of(lang))
    return 0


@click.command()
@click.argument("folder", metavar="DIR", type=_AUDIT)
@click.option("--reviewer", "reviewers", multiple=True, metavar="NAME",
              help="Who decides; repeated for several people, each gets a link (default: the user's name).")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 takes a free one.")
@click.option("--blind", is_flag=True, help="A blind trial first: no scores or verdicts, unflagged accounts mixed in.")
@click.option("--sample", type=click.IntRange(1), default=20, show_default=True,
              help="With --blind: flagged accounts, and as many others.")
@click.option("--open", "open_it", is_flag=True, help="Open the first link in the browser.")
@options("lang", "names")
def review(folder: Path, reviewers: tuple[str, ...], port: int, blind: bool, sample: int, open_it: bool, lang: Lang,
           names: bool) -> int:
    """Serve a page on this machine on which people decide about the audit in DIR.

    Decisions, with reasons, sign-offs and objections, go into DIR.review.sqlite beside DIR, which stays as it is. The
    page answers to this machine alone and only to who has a link; Ctrl+C ends it.
    """
    from fakedetect.decisions import same_person
    from fakedetect.report.plain import visible
    from fakedetect.review_app import serve
    from fakedetect.review_app import wording as w
    from fakedetect.review_app.case import Case

    people = list(reviewers) or [reviewer_name(None)]
    if any(same_person(a, b) for i, a in enumerate(people) for b in people[:i]) or not all(n.strip() for n in people):
        raise UsageError("each reviewer needs a name of their own", hint="--reviewer ANNA --reviewer BEN")
    case = Case.open(folder, names)
    if blind and not case.flagged:
        raise UsageError("the audit flags nobody, so there is nothing to try blindly", where=str(folder),
                         hint="leave --blind out")
    server, links = serve.server(case, people, port=port, lang=lang, blind=sample if blind else 0)
    click.echo(click.wrap_text(w.STARTED.of(lang, folder=visible(folder, 400)), 79))
    for name, link in links.items():
        click.echo(w.LINK.of(lang, who=visible(name, 60), link=link))
    if len(links) > 1:
        click.echo(w.SEVERAL.of(lang))
    if open_it and can_browse():
        click.launch(next(iter(links.values())))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo()
    finally:
        server.server_close()
    return 0


@click.command()
@click.argument("folder", metavar="DIR", type=_AUDIT)
@click.option("--labels", type=_FILE, help="Write the decisions on accounts into this CSV, for train --labels.")
@click.option("--known-innocent", type=_FILE, help="Write the cleared accounts into this file, for --known-innocent.")
@click.option("--signed-only", is_flag=True, help="Count only what a second person signed off.")
@click.option("--erase", metavar="ACCOUNT", help="Blank all entries on this account (label, id or name) for good.")
@click.option("--reviewer", metavar="NAME", help="With --erase: who erases (default: the user's name).")
@options("lang", "json")
def decisions(folder: Path, labels: Path | None, known_innocent: Path | None, signed_only: bool, erase: str | None,
              reviewer: str | None, lang: Lang, as_json: bool) -> int:
    """Show what was decided on the audit in DIR, and write it out for training and for the next audit."""
    from dataclasses import asdict

    from fakedetect import output
    from fakedetect.decisions.wording import BLANKED
    from fakedetect.dossier import erase as erasing
    from fakedetect.features import FEATURES as declared
    from fakedetect.report.explain import find
    from fakedetect.report.plain import visible
    from fakedetect.review_app import export
    from fakedetect.review_app import wording as w
    from fakedetect.review_app.case import Case
    from fakedetect.review_app.guard import Reviewer
    from fakedetect.review_app.pages import Pages

    case = Case.open(folder)
    if erase is not None:
        # Who was erased from the audit before is no account of it any more, but may still be known here by the id.
        known = any(e.kind == "account" and e.subject == erase for e in case.decisions.entries())
        place = None if known else find(case.audit, erase, {f.name: f for f in declared})
        author = erase if place is None else case.audit.accounts["author_id"][place].as_py()
        due = erasing.plan(case.audit, author, case.decisions.entries())
        done = due.carry_out(case.decisions, reviewer_name(reviewer))
        click.echo(BLANKED.of(lang, n=done.blanked, others=done.cleaned, path=case.decisions.path), err=True)
    standings = case.decisions.standings()
    if as_json:
        click.echo(output.to_json({"fingerprint": case.decisions.check(),
                                   "entries": [asdict(e) for e in case.decisions.entries() if e.what != "blind"]}),
                   nl=False)
    else:
        page = Pages(case, Reviewer(""), lang, "")
        named = {(kind, subject): case.labels.get(subject, subject) if kind == "account" else subject
                 for kind, subject in standings}
        for (kind, subject), name in sorted(named.items(), key=lambda item: (item[0][0], item[1])):
            now = standings[kind, subject]
            click.echo(click.wrap_text(f"{visible(name, 60)}: {page.state(now)}", 79, "", "  "))
        if not standings:
            click.echo(w.NO_DECISION.of(lang))
    for path, (text, n) in ((labels, export.labels_csv(standings, case.group_of, signed_only)),
                            (known_innocent, export.innocents_text(standings, signed_only))):
        if path is not None:
            export.write(path, text)
            click.echo(w.WROTE.of(lang, path=path, n=n), err=True)
    return 0
