"""What people decided about an audit: one SQLite file beside its folder, which only ever grows.

DIR.review.sqlite stands beside DIR, so that the audit stays as it was written. Every entry says who, when, what and
why; no entry is changed or removed, but where a person is erased: entries about it are blanked, and what names it goes
out of the others. Each entry holds a hash of the one before it, so that a change by another hand is found. Two people
may write at once: who writes says which entry of the subject was the last seen, and is told what came in between.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from fakedetect.decisions.entries import (
    DECISIONS,
    KINDS,
    Clearance,
    Earlier,
    Entry,
    Erased,
    Note,
    Overtaken,
    Standing,
    cleared,
    person,
    same_person,
    standing,
)
from fakedetect.errors import InputError, UsageError

__all__ = ["DECISIONS", "KINDS", "Clearance", "Decisions", "Earlier", "Entry", "Erased", "Note", "Overtaken",
           "Standing", "beside", "cleared", "fingerprint", "lineage", "person", "same_person", "standing"]
APPLICATION, FORMAT = 0x66616B65, 1
"""PRAGMA application_id and user_version: what tells a review file from any other SQLite file."""
MAX_CHARS = 4000
"""Longest reason, objection or answer."""
BUSY_S = 15
ERASED, CLEANED = "erased", "cleaned"

_SCHEMA = """
create table events (
  seq integer primary key, at text not null, who text not null, what text not null, kind text not null,
  subject text not null, value text not null, why text not null, about integer, audit text not null,
  origin text not null, salt text not null, digest text not null, chain text not null);
create index events_of on events (kind, subject);
create trigger nothing_goes before delete on events
  begin select raise(abort, 'entries are never removed'); end;
"""
_GUARD = """
create trigger nothing_changes before update on events
  when not (new.seq = old.seq and new.at = old.at and new.kind = old.kind and new.about is old.about
            and new.audit = old.audit and new.digest = old.digest and new.chain = old.chain
            and (new.what = 'erased' and new.who = '' and new.subject = '' and new.value = '' and new.why = ''
                 and new.origin = '' and new.salt = ''
                 or new.what = old.what and new.who = old.who and new.value = old.value and exists
                    (select 1 from events e where e.what = 'cleaned' and e.about = old.seq)))
  begin select raise(abort, 'entries are never changed'); end
"""
_COLUMNS = "seq, at, who, what, kind, subject, value, why, about, audit, origin"


def beside(folder: str | Path) -> Path:
    """Where the decisions on the audit in `folder` are kept."""
    folder = Path(folder).resolve()
    return folder.with_name(f"{folder.name}.review.sqlite")


def fingerprint(folder: str | Path) -> str:
    """SHA-256 of the audit's manifest, which holds the hashes of all its files."""
    return hashlib.sha256((Path(folder) / "manifest.json").read_bytes()).hexdigest()


def lineage(folder: str | Path) -> tuple[str, ...]:
    """`fingerprint`, and before it those that the manifest had before each erasure, oldest first: what was decided on
    any of them was decided on this audit. Raises InputError where there is no manifest to read."""
    path = Path(folder) / "manifest.json"
    try:
        stones = json.loads(path.read_text("utf-8")).get("erasures") or ()
        return (*(str(stone["previous"]) for stone in stones), fingerprint(folder))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"the audit is damaged: {error}", where=str(path), hint="run the audit again") from error


class Decisions:
    """A review file. Safe for several threads and processes at once; every call opens it anew."""

    def __init__(self, path: str | Path, audit: str, before: Sequence[str] = ()) -> None:
        """path: the file, made (readable by its owner only) at the first entry. audit: `fingerprint` of the audit that
        is decided on; before: those that it had before its erasures. Raises InputError where the file is none of ours,
        or was changed by another hand."""
        self.path, self.audit = Path(path), audit
        self.audits = (*before, audit)
        """All hashes that stand for this audit, the first it had first."""
        self.check()

    @classmethod
    def of_audit(cls, folder: str | Path, path: str | Path | None = None) -> Decisions:
        """The decisions on the audit in `folder`, which stand beside it if not in `path`. Raises InputError."""
        *before, audit = lineage(folder)
        return cls(path or beside(folder), audit, before)

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
        for statement in (*_SCHEMA.split(";\n"), _GUARD):
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
        cleaned = {row[8]: row[6] for row in rows if row[3] == CLEANED}
        for number, row in enumerate(rows, 1):
            *content, salt, digest, chain = row
            # What was cleaned is vouched for by the entry that says so, and that one by the chain.
            same = content[3] == ERASED or _digest(salt, tuple(content)) == cleaned.get(number, digest)
            if content[0] != number or not same or _chained(before, digest) != chain:
                raise InputError(f"entry {number} of the review file was changed by another hand", where=str(self.path),
                                 hint="take the file from a backup")
            before = chain
            at_end = chain if until is None or number <= until else at_end
        return at_end

    def erase(self, who: str, author_id: str, clean: Callable[[str], str] = str,
              groups: Mapping[str, str | None] | None = None) -> Erased:
        """Blank all entries about one account, take what names it out of the others, and enter that it was done; all
        of it or nothing. Number, time and hash of every entry stay.

        clean: a text without what names the account. groups: a group that it stood in -> how that is called now; None
        where nobody is left in it, and entries about that group are blanked too.
        """
        groups = groups or {}
        subjects = {("account", author_id), *(("group", old) for old, new in groups.items() if new is None)}
        if not self.entries():
            return Erased(0, 0)
        with self._open() as base:
            base.execute("pragma secure_delete = on")
            base.execute("begin immediate")
            try:
                rows = base.execute(f"select {_COLUMNS} from events order by seq").fetchall()
                entries = [e for e in map(_entry, rows) if e.what != ERASED]
                theirs = [e for e in entries if (e.kind, e.subject) in subjects]
                others = [(e, now) for e in entries if e not in theirs and (now := _without(e, clean, groups)) != e]
                # A file that an earlier version made has a trigger that knows of no cleaned entries.
                base.execute("drop trigger if exists nothing_changes")
                base.execute(_GUARD)
                for e in theirs:
                    base.execute("update events set what = 'erased', who = '', subject = '', value = '', why = '', "
                                 "origin = '', salt = '' where seq = ?", (e.seq,))
                for e, now in others:
                    salt, row = secrets.token_hex(16), _row(now)
                    self._append(base, who, Note(CLEANED, e.kind, "", _digest(salt, row), "erased on request", e.seq))
                    base.execute("update events set subject = ?, why = ?, origin = ?, salt = ? where seq = ?",
                                 (now.subject, now.why, row[-1], salt, e.seq))
                if theirs:
                    self._append(base, who, Note("erasure", "account", "", str(len(theirs)), "erased on request"))
                base.execute("commit")
            finally:
                if base.in_transaction:
                    base.execute("rollback")
            base.execute("vacuum")
        return Erased(len(theirs), len(others))


def _without(entry: Entry, clean: Callable[[str], str], groups: Mapping[str, str | None]) -> Entry:
    """An entry about somebody else without what names the account. Who wrote it, and what was decided, stays."""
    now = {k: v if k in ("by", "signed_by", "at") or not isinstance(v, str) else clean(v)
           for k, v in entry.origin.items()}
    subject = groups.get(entry.subject) if entry.kind == "group" else None
    return replace(entry, subject=subject or entry.subject, why=clean(entry.why), origin=now)


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
