"""One account taken out of an audit: its rows, and every mention of it that can be found, in the folder and in the
review file beside it. What stays is a tombstone.

Figures of groups, posts and businesses stay as they were measured, with the account among those counted; a group is
renamed, because its name is a hash of its members' ids. Counts, and the lift of the first hour, are those of the rows
that are left.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import first_hours, output, pipeline
from fakedetect.decisions import Decisions, Entry, Erased
from fakedetect.dossier import traces
from fakedetect.dossier.pseudonyms import ERASED
from fakedetect.dossier.tables import SPOKEN
from fakedetect.errors import InputError
from fakedetect.relate.exhibits import group_name
from fakedetect.schema import Audit
from fakedetect.spill import aside, windows, with_column

QUOTED = 12
"""Characters of a text from which on it is looked for in what reviewers wrote."""


@dataclass(frozen=True)
class Erasure:
    """What was done: rows that went, and mentions elsewhere that were replaced."""

    comments: int
    edges: int
    rejects: int
    mentions: int
    groups: tuple[str, ...]
    """Groups that it stood in, as they are called now."""

    def tombstone(self, on: dt.date | None, previous: str) -> dict[str, Any]:
        """What the manifest keeps of it: nothing that tells who it was. previous: SHA-256 of the manifest before."""
        return {"accounts": 1, "comments": self.comments, "edges": self.edges, "rejects": self.rejects,
                "mentions": self.mentions, "groups": list(self.groups), "on": on.isoformat() if on else None,
                "previous": previous}


class _Traces:
    """Finds and replaces what names one account: its id, and its names.

    A name of one plain word counts only behind an @: an account may be called "merci", and others say so.
    """

    def __init__(self, author_id: str, names: set[str]) -> None:
        self.author_id = author_id
        self.words = sorted({author_id, traces.keyed(author_id), *names}, key=lambda w: (-len(w), w))
        long = [f for f in traces.forms(self.words) if traces.is_long(f)]
        inner = "|".join(traces.whole(f, at=traces.is_plain(f)) for f in long)
        self._pattern = re.compile(inner, re.IGNORECASE) if inner else None
        self._folded = [w.casefold() for w in long]
        self.mentions = 0

    def cleaned(self, text: str) -> str:
        """The text without what names the account; counts how often it did."""
        if text == self.author_id:
            self.mentions += 1
            return ERASED
        folded = text.casefold()
        if self._pattern is None or not any(w in folded for w in self._folded):
            return text
        text, n = self._pattern.subn(ERASED, text)
        self.mentions += n
        return text

    def inside(self, value: Any) -> Any:
        """A value of JSON, its texts cleaned."""
        if isinstance(value, str):
            return self.cleaned(value)
        if isinstance(value, Mapping):
            return {k: self.inside(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self.inside(v) for v in value]
        return value

    def summary(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """The summary with those of its sentences cleaned that can hold what a stranger wrote."""
        notes = [n | {k: self.cleaned(n[k]) for k in ("text", "fr")} for n in summary.get("notes") or []]
        refused = [r | {k: self.inside(r[k]) for k in ("reason", "restore", "page_id", "values") if k in r}
                   for r in summary["refused"]]
        out = dict(summary) | {"notes": notes, "refused": refused}
        if "agency" in out:
            brands = [b | {"page_ids": self.inside(b["page_ids"])} for b in out["agency"]["brands"]]
            out["agency"] = dict(out["agency"]) | {"brands": brands}
        return out

    def table(self, table: pa.Table) -> pa.Table:
        """A table with its texts cleaned, lists of texts too; words of the tool, and names of files, stay."""
        for i, f in enumerate(table.schema):
            inner = f.type.value_type if pa.types.is_list(f.type) else f.type
            if not pa.types.is_string(inner) or f.name in SPOKEN:
                continue
            column = table[f.name].combine_chunks()
            if pa.types.is_list(f.type):
                before = self.mentions
                known = column.flatten().unique().to_pylist()
                if self.inside(known) != known:
                    self.mentions = before
                    kept = [None if v is None else [self.inside(w) for w in v] for v in column.to_pylist()]
                    table = table.set_column(i, f, pa.array(kept, f.type))
                continue
            coded = column.dictionary_encode()
            words = coded.dictionary.to_pylist()
            before = self.mentions
            clean = [w if w is None else self.cleaned(w) for w in words]
            if clean != words:
                self.mentions = before
                for text, n in zip(*_counted(column), strict=True):  # as often as it stands there
                    once = self.mentions
                    if text is not None:
                        self.cleaned(text)
                        self.mentions = once + (self.mentions - once) * n
                table = table.set_column(i, f, pa.array(clean, f.type).take(coded.indices))
        return table


def _counted(column: pa.Array) -> tuple[list[Any], list[int]]:
    counts = column.value_counts()
    return counts.field("values").to_pylist(), counts.field("counts").to_pylist()


def _is(column: pa.ChunkedArray, value: str) -> pa.ChunkedArray:
    return pc.fill_null(pc.equal(column, value), False)


def without(audit: Audit, author_id: str) -> tuple[Audit, Erasure]:
    """The audit without one account, and what went. Raises InputError where nobody has this id."""
    mine = _is(audit.accounts["author_id"], author_id)
    row = audit.accounts.filter(mine).to_pylist()
    if not row:
        raise InputError("no account has this id", hint="a label, id or name from accounts.parquet")
    gone = audit.comments.filter(_is(audit.comments["author_id"], author_id))
    found = _Traces(author_id, _names(row[0], gone))

    def kept(table: pa.Table, column: str, *more: str) -> pa.Table:
        """A table of any size without the rows of the account, cleaned some rows at a time."""
        def clean(window: pa.Table) -> pa.Table:
            for c in (column, *more):
                window = window.filter(pc.invert(_is(window[c], author_id)))
            return found.table(_orphaned(window, gone["comment_id"]) if "parent_id" in window.column_names else window)

        return aside(map(clean, windows(table)))

    now = {"accounts": audit.accounts, "edges": audit.edges, "groups": _without_phrases(audit, gone)}
    if audit.brand_groups is not None:
        now["brand_groups"] = audit.brand_groups
    now, renamed = _regrouped(now, author_id, row[0]["group_id"])
    by_brand = now.pop("brand_groups", None)
    now = {"accounts": kept(now["accounts"], "author_id"), "edges": kept(now["edges"], "author_a", "author_b"),
           "groups": found.table(now["groups"]), "posts": aside(map(found.table, windows(audit.posts)))}
    for name in output.OPTIONAL:
        if (table := by_brand if name == "brand_groups" else getattr(audit, name)) is not None:
            now[name] = (kept(table, "author_id") if "author_id" in table.column_names
                         else aside(map(found.table, windows(table))))
    now["comments"] = kept(audit.comments, "author_id")
    own, n_rejects = set(gone["comment_id"].to_pylist()), 0

    def blanked(window: pa.Table) -> pa.Table:
        nonlocal n_rejects
        table, n = _blanked(window, found, own)
        n_rejects += n
        return table

    now["rejects"] = aside(map(blanked, windows(audit.rejects)))
    summary = _counted_again(found.summary(audit.summary), row[0]["verdict"], gone.num_rows, now["groups"])
    manifest = {k: v for k, v in audit.manifest.items() if k != "outputs"}
    summary["first_hour_lift"] = first_hours.lift(now["comments"], now["posts"], fdr=float(summary["fdr"]),
                                                  seed=int(manifest.get("seed") or 0))
    done = Erasure(gone.num_rows, audit.edges.num_rows - now["edges"].num_rows, n_rejects, found.mentions, renamed)
    return Audit(**now, summary=summary, manifest=manifest), done


def _names(row: Mapping[str, Any], gone: pa.Table) -> set[str]:
    """What an account was called: in its row, and over its comments."""
    return {n for n in (row["author_name"], *gone["author_name"].to_pylist()) if n}


def _orphaned(comments: pa.Table, gone: pa.ChunkedArray) -> pa.Table:
    """Answers to comments that went answer `erased`."""
    hit = pc.is_in(comments["parent_id"], value_set=gone.combine_chunks())
    return with_column(comments, "parent_id", pc.if_else(hit, ERASED, comments["parent_id"]))


def _blanked(rejects: pa.Table, found: _Traces, gone: set[str]) -> tuple[pa.Table, int]:
    """Rejected rows keep their place and reason; what a row of this account held goes."""
    n, raw = 0, []
    before = found.mentions
    for text in rejects["raw"].to_pylist():
        mine = text is not None and (found.cleaned(text) != text or any(f'"{g}"' in text for g in gone))
        n += mine
        raw.append(ERASED if mine else text)
    found.mentions = before
    return found.table(with_column(rejects, "raw", pa.array(raw, pa.string()))), n


def _without_phrases(audit: Audit, gone: pa.Table) -> pa.Table:
    """Groups quote sentences: those that this account wrote stay only where somebody else wrote them too."""
    shown = {p for row in audit.groups["phrases"].to_pylist() for p in row or ()}
    lost = _alone(audit.comments, gone, shown)
    if not lost:
        return audit.groups
    kept = [None if row is None else [p for p in row if p not in lost] for row in audit.groups["phrases"].to_pylist()]
    return with_column(audit.groups, "phrases", pa.array(kept, audit.groups.schema.field("phrases").type))


def _alone(comments: pa.Table, gone: pa.Table, among: set[str]) -> set[str]:
    """The texts among these that only this account wrote. gone: its comments."""
    wrote = pa.array(sorted(set(gone["text"].drop_null().to_pylist()) & among), pa.string())
    lost = set(wrote.to_pylist())
    for window in windows(comments.select(["author_id", "text"])) if lost else ():
        same = window.filter(pc.is_in(window["text"], value_set=wrote))
        others = pc.invert(pc.is_in(same["author_id"], value_set=gone["author_id"].slice(0, 1).combine_chunks()))
        lost -= set(same["text"].filter(others).to_pylist())
    return lost


def _regrouped(now: dict[str, pa.Table], author_id: str,
               group: str | None) -> tuple[dict[str, pa.Table], tuple[str, ...]]:
    """The tables with its group called after those who are left, and counted again; a group of nobody goes."""
    if group is None:
        return now, ()
    members = now["accounts"]["author_id"].filter(_is(now["accounts"]["group_id"], group)).to_pylist()
    members = [m for m in members if m != author_id]
    new = group_name(members) if members else None
    out = dict(now)
    for name, table in now.items():
        hit = _is(table["group_id"], group)
        table = with_column(table, "group_id", pc.if_else(hit, pa.scalar(new, pa.string()), table["group_id"]))
        if name == "groups":
            n = pc.if_else(hit, pa.scalar(len(members), pa.int64()), table["n_accounts"])
            table = with_column(table, "n_accounts", n)
        if name in ("groups", "brand_groups"):
            table = table.filter(pc.is_valid(table["group_id"]))
        out[name] = table
    return out, (new,) if new else ()


def _counted_again(summary: dict[str, Any], verdict: str, n_comments: int, groups: pa.Table) -> dict[str, Any]:
    accounts = dict(summary["accounts"])
    accounts["total"] -= 1
    accounts[verdict] -= 1
    rows = dict(summary["rows"])
    rows["read"] -= n_comments
    rows["scored"] -= n_comments
    erased = summary.get("erased") or {"accounts": 0, "comments": 0}
    erased = {"accounts": erased["accounts"] + 1, "comments": erased["comments"] + n_comments}
    return summary | {"accounts": accounts, "rows": rows, "groups": groups.num_rows, "erased": erased}


@dataclass(frozen=True)
class Plan:
    """What is due in the review file beside an audit when one account of it is erased there."""

    author_id: str
    clean: Callable[[str], str]
    groups: Mapping[str, str | None]
    """The group that it stood in -> how that is called afterwards."""

    def carry_out(self, decisions: Decisions, who: str) -> Erased:
        """Blank its entries, clean the others."""
        return decisions.erase(who, self.author_id, self.clean, self.groups)


def plan(audit: Audit, author_id: str, entries: Iterable[Entry],
         groups: Mapping[str, str | None] | None = None) -> Plan:
    """What the review file must lose: what names the account, what it alone wrote, and the old name of its group.

    A name of one plain word counts there as it is written, with its capital: reviewers write of people.
    """
    row = audit.accounts.filter(_is(audit.accounts["author_id"], author_id)).to_pylist()
    gone = audit.comments.filter(_is(audit.comments["author_id"], author_id))
    names = _names(row[0], gone) if row else set()
    found = _Traces(author_id, names)
    said = "\n".join(e.why for e in entries)
    quoted = {t for t in gone["text"].drop_null().unique().to_pylist() if len(t) >= QUOTED and t in said}
    due = {t: ERASED for t in [*_alone(audit.comments, gone, quoted), *gone["comment_id"].drop_null().to_pylist()]
           if len(t) >= traces.LEAST}
    due |= {n: ERASED for n in traces.forms(names) if traces.is_plain(n) and n[0].isupper() and traces.is_long(n)}
    due |= {old: new or ERASED for old, new in (groups or {}).items()}
    spoken = [(re.compile(traces.whole(t)), new) for t, new in sorted(due.items(), key=lambda i: (-len(i[0]), i[0]))
              if t in said or t in (groups or {})]

    def clean(text: str) -> str:
        for pattern, new in spoken:
            text = pattern.sub(new, text)
        return found.cleaned(text)

    return Plan(author_id, clean, dict(groups or {}))


def erase(folder: Path, account: str, *, who: str, on: dt.date | None = None,
          progress: Callable[[str, int, int], None] = lambda *_: None) -> tuple[Erasure, Erased, list[str]]:
    """Take one account (label, id or name) out of the audit folder, whole or not at all, and out of the review file
    beside it. Returns what went from either, and which inputs of the audit still hold it: files that this cannot touch.

    who: who erases, for the review file. Large tables are worked on some rows at a time. Raises InputError where nobody
    or several are called so, where the folder is no whole audit, where a file that the audit did not write still names
    the account, or where the review file cannot be trusted.
    """
    audit = output.read(folder)
    audit = replace(audit, rejects=output.read_rejects(folder))
    decisions = Decisions.of_audit(folder)
    row = pipeline.account_row(audit, account)
    author_id, old = row["author_id"], row["group_id"]
    progress("erase", 0, 1)
    gone = audit.comments.filter(_is(audit.comments["author_id"], author_id))
    inside = _others(folder, audit)
    for path in inside:
        if _holds(path, _Traces(author_id, _names(row, gone)).words):
            raise InputError("the file names this account, and the audit did not write it", where=str(path),
                             hint="erase the account there first, or move the file away")
    left, done = without(audit, author_id)
    previous = output.sha256(folder / "manifest.json")
    # Tombstones of members who went before name the group by its last members too.
    stones = [t | {"groups": sorted({*t["groups"]} - {old} | (set(done.groups) if old in t["groups"] else set()))}
              for t in audit.manifest.get("erasures", ())]
    stones.append(done.tombstone(on, previous))
    left = replace(left, manifest=dict(left.manifest) | {"erasures": stones})
    extra = {}
    if (folder / "report.html").is_file():
        said = audit.manifest.get("report") or {"lang": "en", "names": False}
        extra["report.html"] = pipeline.report(left, lang=said["lang"], names=said["names"])
    # By what a batch knows its folders: were it lost, `score --resume` would audit the dump again, account and all.
    extra |= {name: (folder / name).read_text("utf-8") for name in output.handed_on(audit)}
    renamed = {} if old is None else {old: next(iter(done.groups), None)}
    due = plan(audit, author_id, decisions.entries(), renamed)
    reviewed: list[Erased] = []
    # The review file first: were this cut off between the two, the account is still found, and erased the next time.
    _put(left, folder, extra, inside, lambda: reviewed.append(due.carry_out(decisions, who)))
    return done, reviewed[0], sorted(set(gone["source"].to_pylist()))


def _others(folder: Path, audit: Audit) -> list[Path]:
    """Files in the folder that the audit did not write."""
    known = {*audit.manifest["outputs"], "manifest.json"}
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and str(p.relative_to(folder)) not in known]


def _holds(path: Path, words: list[str]) -> bool:
    """Whether a file has one of these words in it, in one of the ways a text is mostly written."""
    held, long = path.read_bytes(), [w for w in words if traces.is_long(w)]
    written = {w.encode(e, "replace") for w in long for e in ("utf-8", "utf-16-le", "cp1252")}
    return any(w in held for w in written | {json.dumps(w)[1:-1].encode() for w in long})


def _put(audit: Audit, folder: Path, extra: Mapping[str, str], others: list[Path], first: Callable[[], None]) -> None:
    """Write the folder anew beside itself, with the files that were not ours, do what has to be done first, and put it
    in place."""
    folder = folder.resolve()
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-erase-", dir=folder.parent))
    try:
        new = beside / "new"
        output.write(audit, new, extra)
        for path in others:
            target = new / path.resolve().relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        first()
        output.swap(new, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
