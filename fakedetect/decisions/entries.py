"""What can be entered about an account or a group of an audit, and where it stands after all that was entered."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

DECISIONS = ("confirmed", "cleared", "unsure")
KINDS = ("account", "group")


@dataclass(frozen=True)
class Note:
    """What somebody wants to enter about one account (by author_id) or group (by group_id).

    what: decision (value: one of DECISIONS), signoff (agree or disagree, about: the decision's seq), objection,
    answer (upheld or rejected, about: the objection's seq), carried (one of DECISIONS), blind (one of DECISIONS);
    made by `Decisions.erase` alone: erasure, and cleaned (about: the entry; value: hash of what it says now).
    """

    what: str
    kind: str
    subject: str
    value: str = ""
    why: str = ""
    about: int | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    """Of what was carried over: where from, by whom and when it was entered there."""


@dataclass(frozen=True)
class Entry(Note):
    """A note as it was entered. at: UTC, ISO 8601 to the second; audit: SHA-256 of the manifest it was made on."""

    seq: int = 0
    at: str = ""
    who: str = ""
    audit: str = ""

    @property
    def by(self) -> str:
        """Who decided: of what was carried over, who decided it there."""
        return str(self.origin.get("by", self.who))


@dataclass(frozen=True)
class Overtaken:
    """Nothing was written: these entries came in since the writer looked."""

    since: tuple[Entry, ...]


@dataclass(frozen=True)
class Erased:
    """How many entries were about an erased account and are blank now, and how many others had named it."""

    blanked: int
    cleaned: int


@dataclass(frozen=True)
class Standing:
    """Where one account or group stands after all entries about it."""

    decision: Entry | None = None
    signoff: Entry | None = None
    """The second reviewer's word on that very decision."""
    objections: tuple[tuple[Entry, Entry | None], ...] = ()
    """Each objection with its answer, if any."""
    last: int = 0

    @property
    def state(self) -> str:
        """open, decided, signed, disputed (the second reviewer disagrees), objection (unanswered), or upheld (an
        objection was upheld and nobody has decided since)."""
        if any(answer is None for _, answer in self.objections):
            return "objection"
        since = self.decision.seq if self.decision else 0
        if any(answer is not None and answer.value == "upheld" and answer.seq > since for _, answer in self.objections):
            return "upheld"
        if self.decision is None:
            return "open"
        if self.signoff is None:
            return "signed" if self.decision.origin.get("signed_by") else "decided"
        return "signed" if self.signoff.value == "agree" else "disputed"

    @property
    def holds(self) -> str | None:
        """The decision where nothing stands against it, else None."""
        return self.decision.value if self.decision and self.state in ("decided", "signed") else None

    @property
    def signed_by(self) -> str:
        """Who signed the decision off; empty where nobody did."""
        if self.state != "signed" or self.decision is None:
            return ""
        return self.signoff.who if self.signoff else str(self.decision.origin.get("signed_by", ""))


@dataclass(frozen=True)
class Clearance:
    """An account that people cleared, the second of them signing it off."""

    author_id: str
    by: str
    signed_by: str
    at: str
    why: str


@dataclass(frozen=True)
class Earlier:
    """What the review file of an earlier audit says after its first `entries` entries. audit: fingerprint of that
    audit; chain: the hash that stands for these entries; where: what its folder is called; unsigned: accounts cleared
    there by one person alone, which do not count."""

    audit: str
    entries: int
    chain: str
    where: str
    cleared: tuple[Clearance, ...] = ()
    unsigned: int = 0


def cleared(standings: Mapping[tuple[str, str], Standing], signed_only: bool = False) -> list[tuple[str, Standing]]:
    """The accounts that are cleared, by id, with where they stand. Contested ones are not."""
    return [(subject, now) for (kind, subject), now in sorted(standings.items())
            if kind == "account" and now.holds == "cleared" and (now.signed_by or not signed_only)]


def person(name: str) -> str:
    """Who is meant by a name: case and blanks aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def same_person(a: str, b: str) -> bool:
    """Whether two names are one person's."""
    return person(a) == person(b)


def standing(entries: Sequence[Entry]) -> Standing:
    """Where things stand after `entries`, all about one subject, in order. Blind judgements do not count."""
    now = Standing(last=max((e.seq for e in entries), default=0))
    for entry in entries:
        if entry.what in ("decision", "carried"):
            now = replace(now, decision=entry, signoff=None)
        elif entry.what == "signoff":
            now = replace(now, signoff=entry)
        elif entry.what == "objection":
            now = replace(now, objections=(*now.objections, (entry, None)))
        elif entry.what == "answer":
            now = replace(now, objections=tuple(
                (said, entry if said.seq == entry.about else answer) for said, answer in now.objections))
    return now
