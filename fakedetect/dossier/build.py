"""A dossier put together: tables, facts and pages into one zip, the same bytes for the same audit, choices and key."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fakedetect import __version__, features, output
from fakedetect.decisions import Decisions
from fakedetect.dossier import case_page, chain, decided_page, facts, notice, quality_page, tables
from fakedetect.dossier import decided as deciding
from fakedetect.dossier.container import STORED, Writer
from fakedetect.dossier.document import Document
from fakedetect.dossier.pseudonyms import Naming, Pseudonyms
from fakedetect.dossier.tables import Inputs, plain
from fakedetect.errors import UsageError
from fakedetect.quality import REASONS, TESTS
from fakedetect.report.view import View
from fakedetect.schema import Audit
from fakedetect.words import LANGS

MANIFEST, SUMMARY, GROUPS, EXHIBITS, NAMES = (
    "manifest.json", "summary.json", "groups.json", "exhibits.csv", "names.csv")
READ_ME = """\
A dossier made by fakedetect {version}. Open case.en.html, or case.fr.html in French.
Un dossier de fakedetect {version}. Ouvrir case.fr.html, ou case.en.html en anglais.

    fakedetect verify case.zip              is it as it was made?      est-il tel qu'il a été fait ?
    {replay}
                                            does it come out again?    obtient-on la même chose ?

{note}
"""
NOTE = ("Indications, never guilt. Personal data under pseudonyms: keep it from others.\n"
        "Des indices, jamais une culpabilité. Données personnelles sous pseudonymes : à protéger.")


@dataclass(frozen=True)
class Content:
    """What stands in a dossier: files in order, each as the pieces of its bytes, and the tombstones."""

    files: tuple[tuple[str, Callable[[], Iterable[bytes]]], ...]
    tombstones: tuple[Mapping[str, Any], ...]


def content(audit: Audit, naming: Naming, fingerprint: str, choice: facts.Choice,
            decided: Mapping[str, Any] | None = None) -> Content:
    """All of a dossier but the chain. fingerprint: that of the key. decided: what people decided, as `decided.data`
    makes it. Raises InputError for an audit of an earlier version, ContractError for a column that nobody has decided
    on."""
    audit = facts.settled(audit)
    inputs = Inputs.of(audit)
    told = facts.manifest(audit, naming, inputs, choice, fingerprint)
    told["decisions"] = {"fingerprint": decided["fingerprint"], "entries": len(decided["entries"])} if decided else None
    summary = facts.summary(audit, naming, inputs)
    groups = facts.groups(audit, naming)
    shown = facts.exhibits(audit, inputs)
    called = [_pseudonymised(r, naming, choice) for r in shown]
    account = {m["account"]: f"{m['label']} ({m['account']})" for g in groups for m in g["members"]}
    if spoken := set(decided_page.accounts(decided)) - account.keys():
        for author, label in zip(*(audit.accounts[c].to_pylist() for c in ("author_id", "label")), strict=True):
            if (told_as := str(naming.of("account", author))) in spoken:
                account[told_as] = f"{label} ({told_as})"
    if choice.names:
        ids = zip(audit.accounts["author_id"].to_pylist(), audit.accounts["author_name"].to_pylist(), strict=True)
        for author, name in ids:
            if (token := naming.of("account", author)) in account and token is not None:
                account[token] = f"{account[token]} {name or author}"
    located = [{"group": str(naming.of("group", r["group_id"])), "account_id": r["author_id"],
                "comment_id": r["comment_id"], "post_id": r["post_id"]} for r in shown] if choice.names else []
    files: dict[str, Callable[[], Iterable[bytes]]] = {
        "README.txt": _text(READ_ME.format(version=__version__, replay=told["replay"], note=NOTE)),
        MANIFEST: _json(told), SUMMARY: _json(summary), GROUPS: _json({"groups": groups}),
        **({deciding.NAME: _json(decided)} if decided else {}),
        "notice.json": _json(notice.notice_data(groups, located)),
        "error-table.json": _json(notice.errors_data(summary, told["model"])),
    }
    for lang in LANGS:
        view = View(audit, lang, False, {f.name: f for f in features.FEATURES}, REASONS,
                    {t.name: t.label for t in TESTS})
        pages: dict[str, Document] = {
            "case": case_page.page(audit, lang, told, summary, groups, called, view, account,
                                   decided),
            "data-quality": quality_page.page(lang, summary),
            "notice": notice.notice(lang, groups, located),
            "error-table": notice.errors(lang, summary, told["model"]),
        }
        for name, page in pages.items():
            files[f"{name}.{lang}.html"] = _text(page.html())
            files[f"{name}.{lang}.md"] = _text(page.markdown())
    files[EXHIBITS] = partial(tables.as_csv, _exhibit_rows(called, choice.verbatim))
    if choice.names:
        files[NAMES] = partial(tables.as_csv, _names(audit, naming, shown, decided))
    for name in tables.names(audit):
        files[f"tables/{name}.csv"] = partial(_table, audit, name, naming, inputs)
    return Content(tuple(files.items()), tuple(facts.tombstones(audit, naming)))


def _pseudonymised(row: Mapping[str, Any], naming: Naming, choice: facts.Choice) -> dict[str, Any]:
    """An exhibit as it may be shown."""
    out = {
        "group": naming.of("group", row["group_id"]), "label": row["label"],
        "account": naming.of("account", row["author_id"]), "input": row["input"], "row": row["row"],
        "post": naming.of("post", row["post_id"]), "comment_time": plain(row["comment_time"]),
        "delay_s": plain(row["delay_s"]),
    }
    return out | ({"text": row["text"] or ""} if choice.verbatim else {})


def _exhibit_rows(called: list[dict[str, Any]], verbatim: bool) -> list[list[str]]:
    head = ["group", "label", "account", "input", "row", "post", "comment_time", "delay_s"]
    head += ["text"] if verbatim else []
    return [head, *([plain(r[c]) if c != "text" else output.cell(r[c]) for c in head] for r in called)]


def _names(audit: Audit, naming: Naming, shown: list[dict[str, Any]],
           decided: Mapping[str, Any] | None) -> list[list[str]]:
    """Who is meant: accounts that are named, stand in a group or were decided on, the posts of the exhibits, the pages,
    the reviewers."""
    rows = {("reviewer", r["reviewer"], "", r["name"] or "") for r in (decided or {}).get("reviewers", ())}
    spoken = set(decided_page.accounts(decided))
    columns = ("author_id", "author_name", "verdict", "group_id")
    for author, name, verdict, group in zip(*(audit.accounts[c].to_pylist() for c in columns), strict=True):
        if group is not None or verdict in ("suspect", "review") or (spoken and naming.of("account", author) in spoken):
            rows.add(("account", naming.of("account", author), author, name or ""))
    rows |= {("post", naming.of("post", r["post_id"]), r["post_id"], "") for r in shown}
    pages = audit.posts["page_id"].drop_null().unique().to_pylist()
    rows |= {("page", naming.of("page", p), p, "") for p in pages}
    return [["what", "pseudonym", "id", "name"], *([output.cell(c) for c in row] for row in sorted(rows))]


def _table(audit: Audit, name: str, naming: Naming, inputs: Inputs) -> Iterator[bytes]:
    return tables.as_csv(tables.rows(audit, name, naming, inputs))


def _text(text: str) -> Callable[[], Iterable[bytes]]:
    return lambda: [text.encode("utf-8", "backslashreplace")]


def _json(value: Mapping[str, Any]) -> Callable[[], Iterable[bytes]]:
    return _text(output.to_json(value))


def write(audit: Audit, out: Path, key: Pseudonyms, choice: facts.Choice, decisions: Decisions | None = None) -> str:
    """Write the dossier of an audit, and of what people decided about it, to `out`, whole or not at all; returns its
    fingerprint. Raises UsageError where something stands there, InputError where the review file cannot be trusted."""
    if out.exists():
        raise UsageError("there is a file already", where=str(out), hint="--out NEW.zip")
    out.parent.mkdir(parents=True, exist_ok=True)
    held, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    scratch = Path(name)
    try:
        with os.fdopen(held, "w+b") as file:
            decided = deciding.data(audit, decisions, key, names=choice.names) if decisions else None
            fingerprint = pack(content(audit, key, key.fingerprint, choice, decided), file, __version__)
        os.replace(scratch, out)  # noqa: PTH105 - a file onto a name
    finally:
        scratch.unlink(missing_ok=True)
    return fingerprint


def pack(held: Content, file: Any, made_with: str) -> str:
    """Write a dossier's zip into an open binary file; returns its fingerprint."""
    zipped = Writer(file)
    for name, pieces in held.files:
        zipped.add(name, pieces())
    text, fingerprint = chain.text(zipped.members, held.tombstones, f"fakedetect {made_with}")
    zipped.add(chain.NAME, [text.encode()], STORED)
    zipped.close()
    return fingerprint


def digest(pieces: Iterable[bytes]) -> str:
    """SHA-256 of a file's pieces."""
    told = hashlib.sha256()
    for piece in pieces:
        told.update(piece)
    return told.hexdigest()
