"""What people decided about an audit: one SQLite file beside its folder, which only ever grows.

DIR.review.sqlite stands beside DIR, so that the audit stays as it was written. Every entry says who, when, what and
why; no entry is changed or removed, but for the content of one person's entries where that person is erased. Each
entry holds a hash of the one before it, so that a change by another hand is found. Two people may write at once: who
writes says which entry of the subject was the last seen, and is told what came in between.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fakedetect.errors import InputError, UsageError

DECISIONS = ("confirmed", "cleared", "unsure")
KINDS = ("account", "group")
APPLICATION, FORMAT = 0x66616B65, 1
"""PRAGMA application_id and user_version: what tells a review file from any other SQLite file."""
MAX_CHARS = 4000
"""Longest reason, objection or answer."""
BUSY_S = 15
ERASED = "erased"

_SCHEMA = """
create table events (
  seq integer primary key, at text not null, who text not null, what text not null, kind text not null,
  subject text not null, value text not null, why text not null, about integer, audit text not null,
  origin text not null, salt text not null, digest text not null, chain text not null);
create index events_of on events (kind, subject);
create trigger nothing_goes before delete on events
  begin select raise(abort, 'entries are never removed'); end;
create trigger nothing_changes before update on events
  when not (new.what = 'erased' and new.who = '' and new.subject = '' and new.value = '' and new.why = ''
            and new.origin = '' and new.salt = '' and new.seq = old.seq and new.at = old.at and new.kind = old.kind
            and new.about is old.about and new.audit = old.audit and new.digest = old.digest
            and new.chain = old.chain)
  begin select raise(abort, 'entries are never changed'); end;
"""
_COLUMNS = "seq, at, who, what, kind, subject, value, why, about, audit, origin"


@dataclass(frozen=True)
class Note:
    """What somebody wants to enter about one account (by author_id) or group (by group_id).

    what: decision (value: one of DECISIONS), signoff (agree or disagree, about: the decision's seq), objection,
    answer (upheld or rejected, about: the objection's seq), carried (one of DECISIONS), blind (one of DECISIONS).
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


def beside(folder: str | Path) -> Path:
    """Where the decisions on the audit in `folder` are kept."""
    folder = Path(folder).resolve()
    return folder.with_name(f"{folder.name}.review.sqlite")


def fingerprint(folder: str | Path) -> str:
    """SHA-256 of the audit's manifest, which holds the hashes of all its files."""
    return hashlib.sha256((Path(folder) / "manifest.json").read_bytes()).hexdigest()


def same_person(a: str, b: str) -> bool:
    """Whether two names are one, case and blanks aside."""
    one, other = (" ".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in (a, b))
    return one == other


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


class Decisions:
    """A review file. Safe for several threads and processes at once; every call opens it anew."""

    def __init__(self, path: str | Path, audit: str) -> None:
        """path: the file, made (readable by its owner only) at the first entry. audit: `fingerprint` of the audit that
        is decided on. Raises InputError where the file is none of ours, or was changed by another hand."""
        self.path, self.audit = Path(path), audit
        self.check()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            base = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
            try:
                base.execute("pragma trusted_schema = off")
                yield base
            finally:
                base.close()
        except sqlite3.Error as error:
            raise InputError(f"the review file cannot be used: {error}", where=str(self.path),
                             hint="somebody may hold it open; otherwise move it aside and start a new one") from error

    def _prepare(self, base: sqlite3.Connection) -> None:
        """The tables, where the file is new. Inside a transaction, so that of two first writers one makes them."""
        if not _empty(base):
            return
        for statement in _SCHEMA.split(";\n"):
            # A trigger ends in `end`, and `begin select ...; end` stands on one line.
            if statement.strip():
                base.execute(statement)
        base.execute(f"pragma application_id = {APPLICATION}")
        base.execute(f"pragma user_version = {FORMAT}")

    def entries(self, kind: str | None = None, subject: str | None = None) -> list[Entry]:
        """All entries, or those about one account or group, oldest first."""
        if not self.path.exists():
            return []
        where = "" if kind is None else " where kind = ? and subject = ?"
        with self._open() as base:
            query = f"select {_COLUMNS} from events{where} order by seq"
            rows = [] if _empty(base) else base.execute(query, () if kind is None else (kind, subject)).fetchall()
        return [_entry(row) for row in rows]

    def standings(self, until: int | None = None) -> dict[tuple[str, str], Standing]:
        """(kind, subject) -> where it stands, for all that have an entry; until: as of that entry."""
        held: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.entries():
            if until is not None and entry.seq > until:
                break
            if entry.what != "blind" and entry.subject:
                held.setdefault((entry.kind, entry.subject), []).append(entry)
        return {key: standing(entries) for key, entries in held.items()}

    def of(self, kind: str, subject: str) -> Standing:
        """Where one account or group stands."""
        return standing([e for e in self.entries(kind, subject) if e.what != "blind"])

    def write(self, who: str, notes: Sequence[Note], seen: int | None = None) -> list[Entry] | Overtaken:
        """Enter all notes, or none. seen: the last entry that the writer knew of about these subjects; where others
        came in since, nothing is written and they are returned. Raises UsageError for a note that makes no sense."""
        who = " ".join(who.split())
        if not who:
            raise UsageError("a decision needs the name of who takes it", hint="--reviewer NAME")
        if not self.path.exists():
            # An owner-only file before SQLite would make one that all may read; losing the race to another is fine.
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        with self._open() as base:
            base.execute("begin immediate")
            try:
                self._prepare(base)
                since = [e for n in notes for e in _of(base, n) if seen is not None and e.seq > seen]
                if since := [e for e in since if e.what != "blind"]:
                    base.execute("rollback")
                    return Overtaken(tuple(since))
                written = [self._append(base, who, note) for note in notes]
                base.execute("commit")
            finally:
                if base.in_transaction:
                    base.execute("rollback")
        return written

    def _append(self, base: sqlite3.Connection, who: str, note: Note) -> Entry:
        _check(note, who, [e for e in _of(base, note) if e.what != "blind"])
        last = base.execute("select seq, chain from events order by seq desc limit 1").fetchone() or (0, "")
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        entry = Entry(note.what, note.kind, note.subject, note.value, note.why.strip(), note.about, dict(note.origin),
                      last[0] + 1, at, who, self.audit)
        salt = secrets.token_hex(16)
        digest = _digest(salt, _row(entry))
        base.execute(f"insert into events ({_COLUMNS}, salt, digest, chain) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                     (*_row(entry), salt, digest, _chained(last[1], digest)))
        return entry

    def check(self, until: int | None = None) -> str:
        """The hash that stands for all entries, or for those up to `until`; empty where there is none. Raises
        InputError where the file is no review file, or an entry was changed, put in or taken out."""
        if not self.path.exists():
            return ""
        with self._open() as base:
            told = tuple(base.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version"))
            if told != (APPLICATION, FORMAT):
                if _empty(base):
                    return ""
                raise InputError("the file is no review file of this version", where=str(self.path),
                                 hint="move it aside")
            rows = base.execute(f"select {_COLUMNS}, salt, digest, chain from events order by seq").fetchall()
        before = at_end = ""
        for number, row in enumerate(rows, 1):
            *content, salt, digest, chain = row
            same = content[3] == ERASED or _digest(salt, tuple(content)) == digest
            if content[0] != number or not same or _chained(before, digest) != chain:
                raise InputError(f"entry {number} of the review file was changed by another hand", where=str(self.path),
                                 hint="take the file from a backup")
            before = chain
            at_end = chain if until is None or number <= until else at_end
        return at_end

    def erase(self, who: str, author_id: str) -> int:
        """Blank all entries about one account, keeping their hashes, and enter that it was done. Returns how many.

        What other entries say in words (a reason that names the person) is not looked into."""
        if not self.entries("account", author_id):
            return 0
        with self._open() as base:
            base.execute("pragma secure_delete = on")
            base.execute("begin immediate")
            try:
                done = base.execute("update events set what = 'erased', who = '', subject = '', value = '', why = '', "
                                    "origin = '', salt = '' where kind = 'account' and subject = ?", (author_id,))
                self._append(base, who, Note("erasure", "account", "", str(done.rowcount), "erased on request"))
                base.execute("commit")
            finally:
                if base.in_transaction:
                    base.execute("rollback")
            base.execute("vacuum")
        return done.rowcount


def _check(note: Note, who: str, before: Sequence[Entry]) -> None:
    """Raise UsageError for a note that makes no sense after the entries before it."""
    now = standing(before)
    allowed = {"decision": DECISIONS, "carried": DECISIONS, "blind": DECISIONS, "signoff": ("agree", "disagree"),
               "answer": ("upheld", "rejected")}.get(note.what, (note.value,))
    if note.kind not in KINDS or note.value not in allowed:
        raise UsageError(f"{note.value!r} is no {note.what} on {note.kind!r}", hint="one of " + ", ".join(allowed))
    if not note.why.strip() and not (note.what in ("carried", "blind") or note.value == "agree"):
        raise UsageError("a reason is needed", hint="say in a sentence what it rests on")
    if len(note.why) > MAX_CHARS:
        raise UsageError(f"the reason is longer than {MAX_CHARS} characters", hint="shorten it")
    if note.what == "signoff":
        if now.decision is None or note.about != now.decision.seq:
            raise UsageError("there is no such decision to sign off", hint="look at it again")
        if same_person(who, now.decision.by):
            raise UsageError("whoever decided cannot sign it off: a second person must", hint="--reviewer OTHER_NAME")
    if note.what == "answer" and note.about not in {said.seq for said, answer in now.objections if answer is None}:
        raise UsageError("there is no such objection without an answer", hint="look at it again")


def _empty(base: sqlite3.Connection) -> bool:
    """Whether it is a new file: whoever makes the first entry makes the file a moment before."""
    return not base.execute("select count(*) from sqlite_master").fetchone()[0]


def _of(base: sqlite3.Connection, note: Note) -> list[Entry]:
    rows = base.execute(f"select {_COLUMNS} from events where kind = ? and subject = ? order by seq",
                        (note.kind, note.subject)).fetchall()
    return [_entry(row) for row in rows]


def _row(entry: Entry) -> tuple[Any, ...]:
    """An entry as its row, in the order of _COLUMNS."""
    origin = json.dumps(dict(entry.origin), ensure_ascii=False, sort_keys=True) if entry.origin else ""
    return (entry.seq, entry.at, entry.who, entry.what, entry.kind, entry.subject, entry.value, entry.why, entry.about,
            entry.audit, origin)


def _entry(row: Sequence[Any]) -> Entry:
    seq, at, who, what, kind, subject, value, why, about, audit, origin = row
    return Entry(what, kind, subject, value, why, about, json.loads(origin) if origin else {}, seq, at, who, audit)


def _digest(salt: str, row: tuple[Any, ...]) -> str:
    """Of an entry's content. Salted, so that nobody can guess what an erased entry said."""
    return hashlib.sha256(json.dumps([salt, *row], ensure_ascii=False).encode()).hexdigest()


def _chained(before: str, digest: str) -> str:
    return hashlib.sha256(f"{before}{digest}".encode()).hexdigest()
