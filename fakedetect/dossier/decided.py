"""What people decided about an audit, as a dossier holds it: under pseudonyms, and of blind trials the agreement alone.

Nothing of it can be computed again: it is what people said, on a day, under a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

from fakedetect.agreement import cohen
from fakedetect.decisions import DECISIONS, Decisions, Entry, Standing, person
from fakedetect.dossier.pseudonyms import Naming
from fakedetect.dossier.spoken import FLAGGED, Spoken, reviewers
from fakedetect.schema import Audit

NAME = "decisions.json"


def data(audit: Audit, decisions: Decisions, naming: Naming, *, names: bool) -> dict[str, Any] | None:
    """decisions.json: reviewers, where each account and group stands, every entry, agreement in a blind trial. None
    where nobody entered anything. names: with the reviewers' names. Raises InputError where the review file cannot be
    trusted."""
    entries = decisions.entries()
    if not entries:
        return None
    called = {name: str(naming.of("reviewer", person(name))) for name in reviewers(entries)}
    shown: dict[str, str] = {}
    for name, token in called.items():
        shown.setdefault(token, name)
    spoken = Spoken(audit, naming, entries, called)
    standings = [_standing(kind, naming, subject, now, called)
                 for (kind, subject), now in decisions.standings().items()]
    return {
        "fingerprint": decisions.check(),
        "reviewers": [{"reviewer": token, "name": name if names else None} for token, name in shown.items()],
        "standings": sorted(standings, key=lambda s: (s["kind"] != "group", s["subject"])),
        "entries": [_entry(e, naming, spoken, called, e.audit not in decisions.audits)
                    for e in entries if e.what != "blind"],
        "blind": _blind(audit, [e for e in entries if e.what == "blind" and e.audit in decisions.audits], called),
    }


def _standing(kind: str, naming: Naming, subject: str, now: Standing, called: Mapping[str, str]) -> dict[str, Any]:
    return {"kind": kind, "subject": naming.of(kind, subject), "state": now.state, "holds": now.holds,
            "decision": now.decision.seq if now.decision else None,
            "signoff": now.signoff.seq if now.signoff else None,
            "signed_by": called[now.signed_by] if now.signed_by else None,
            "objections": [{"objection": said.seq, "answer": answer.seq if answer else None}
                           for said, answer in now.objections]}


def _entry(e: Entry, naming: Naming, spoken: Spoken, called: Mapping[str, str], earlier: bool) -> dict[str, Any]:
    """One entry. earlier: it was made on another audit that stood in the folder."""
    carried = None
    if e.origin:
        old, by, signed = (e.origin.get(k) for k in ("old_subject", "by", "signed_by"))
        carried = {"by": called[str(by)] if by else None, "at": e.origin.get("at"),
                   "signed_by": called[str(signed)] if signed else None,
                   "subject": naming.of(e.kind, str(old)) if old else None}
    # The hash that vouches for a cleaned entry says nothing to a reader.
    value = "" if e.what == "cleaned" else e.value
    return {"seq": e.seq, "at": e.at, "what": e.what, "who": called[e.who] if e.who else None, "kind": e.kind,
            "subject": naming.of(e.kind, e.subject) if e.subject else None, "value": value, "why": spoken.of(e),
            "about": e.about, "carried_over": carried, "earlier_audit": earlier}


def _blind(audit: Audit, entries: Sequence[Entry], called: Mapping[str, str]) -> dict[str, Any] | None:
    """Agreement beyond chance of every two reviewers, and of each with the audit (b is null; unsure left out), on the
    accounts that both judged without the audit's word on them."""
    judged: dict[str, dict[str, str]] = {}
    for e in entries:
        judged.setdefault(called[e.who], {})[e.subject] = e.value
    if not judged:
        return None
    columns = (audit.accounts[c].to_pylist() for c in ("author_id", "verdict"))
    flagged = {a for a, verdict in zip(*columns, strict=True) if verdict in FLAGGED}
    pairs: list[tuple[str, str | None, list[tuple[Any, Any]]]] = [
        (a, b, [(judged[a][x], judged[b][x]) for x in sorted(judged[a].keys() & judged[b].keys())])
        for a, b in combinations(judged, 2)]
    pairs += [(a, None, [(v == "confirmed", x in flagged) for x, v in sorted(said.items()) if v != "unsure"])
              for a, said in judged.items()]
    return {"judged": [{"reviewer": a, "n": len(said), **{v: list(said.values()).count(v) for v in DECISIONS}}
                       for a, said in judged.items()],
            "agreement": [{"a": a, "b": b, **{k: _digits(v) for k, v in asdict(cohen(both)).items()}}
                          for a, b, both in pairs]}


def _digits(value: float | None) -> float | None:
    return float(f"{value:.9g}") if isinstance(value, float) else value
