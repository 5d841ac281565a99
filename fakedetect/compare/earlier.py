"""Accounts cleared on earlier audits: what people decided there, and a second person signed off, holds here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fakedetect import output
from fakedetect.compare import same_kind
from fakedetect.decisions import Clearance, Decisions, Earlier, beside, cleared, fingerprint
from fakedetect.errors import InputError, UsageError
from fakedetect.schema import Dump

MANY = "audits of pages of the same platforms, each with its review file beside it (DIR.review.sqlite)"


def read(folders: Sequence[Path], dump: Dump, told: Sequence[Mapping[str, Any]] | None = None) -> tuple[Earlier, ...]:
    """What the review files beside these audits cleared, its accounts called as they are in `dump`.

    told: what a manifest says of them, for an audit that is run again: the files are then read as far as they went.
    Raises InputError where a folder is no audit, has no review file, or is of another kind or platform; UsageError
    where it is none that `told` names, or one of them is lacking.
    """
    found = [_read(folder, dump, told) for folder in folders]
    lacking = len(told or ()) - len({e.audit for e in found})
    if lacking > 0:
        raise UsageError(f"{lacking} earlier audits are lacking whose decisions were respected",
                         hint="--earlier DIR for each, as the audit was given them")
    return tuple(sorted(found, key=lambda e: (e.audit, e.chain)))


def _read(folder: Path, dump: Dump, told: Sequence[Mapping[str, Any]] | None) -> Earlier:
    old = output.read(folder)
    same_kind(str(old.summary["kind"]), dump.kind)
    then, now = list(old.summary.get("platforms") or ()), list(dump.platforms)
    if then and now and not set(then) & set(now):
        raise InputError(f"ids of {', '.join(then)} and of {', '.join(now)} cannot be compared", where=str(folder),
                         hint=MANY)
    if not beside(folder).is_file():
        raise InputError("nobody has decided on this audit: it has no review file", where=str(beside(folder)),
                         hint="keep DIR.review.sqlite beside DIR, or leave --earlier out")
    mark = fingerprint(folder)
    kept = Decisions(beside(folder), mark)
    until = max((e.seq for e in kept.entries()), default=0)
    if told is not None:
        due = next((t for t in told if t["audit"] == mark), None)
        if due is None:
            raise UsageError("the audit was not given this earlier one", where=str(folder), hint="leave it out")
        until = int(due["entries"])
        if kept.check(until) != due["chain"]:
            raise InputError("its review file is another than the one that was respected", where=str(beside(folder)),
                             hint="take the file from a backup")
    standings = kept.standings(until)
    every, signed = cleared(standings), cleared(standings, signed_only=True)
    accounts = []
    for author, standing in signed:
        here, said = _called(author, then, now), standing.decision
        if here is not None and said is not None:
            at = str(said.origin.get("at", said.at))
            accounts.append(Clearance(here, said.by, standing.signed_by, at, said.why))
    return Earlier(mark, until, kept.check(until), folder.resolve().name, tuple(accounts), len(every) - len(signed))


def _called(author: str, then: Sequence[str], now: Sequence[str]) -> str | None:
    """The id of an account of the earlier audit as this one has it: a run over several platforms puts the platform in
    front. None where its platform is not here."""
    if len(set(then)) > 1 and len(set(now)) <= 1:
        platform = now[0] if now else ""
        return author.removeprefix(f"{platform}:") if author.startswith(f"{platform}:") else None
    if len(set(then)) == 1 and len(set(now)) > 1:
        return f"{then[0]}:{author}"
    return author
