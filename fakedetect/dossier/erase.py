"""One account taken out of an audit: its rows, and every mention of it that can be found. What stays is a tombstone.

Figures of groups, posts and businesses stay as they were measured, with the account among those counted; a group is
renamed, because its name is a hash of its members' ids.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import output, pipeline
from fakedetect.dossier.pseudonyms import ERASED
from fakedetect.dossier.tables import SPOKEN
from fakedetect.errors import InputError
from fakedetect.relate.exhibits import group_name
from fakedetect.schema import Audit

LEAST = 4
"""Characters of an id or a name from which on it is looked for in what others wrote; shorter ones stand everywhere."""


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
        keyed = author_id.rpartition("name:")[2] if "name:" in author_id else author_id
        self.words = sorted({author_id, keyed, *names}, key=lambda w: (-len(w), w))
        forms = {unicodedata.normalize(f, w) for w in self.words for f in ("NFC", "NFD", "NFKC")}
        long = sorted((f for f in forms if len(f) >= LEAST), key=lambda w: (-len(w), w))
        # A word of its own: an id within a longer number is another id.
        inner = "|".join((r"(?<=@)" if f.isalpha() else r"(?<![^\W_])") + re.escape(f) for f in long)
        self._pattern = re.compile(rf"(?:{inner})(?![^\W_])", re.IGNORECASE) if inner else None
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


def without(audit: Audit, author_id: str) -> tuple[Audit, Erasure]:
    """The audit without one account, and what went. Raises InputError where nobody has this id."""
    mine = pc.equal(audit.accounts["author_id"], author_id)
    row = audit.accounts.filter(mine).to_pylist()
    if not row:
        raise InputError("no account has this id", hint="a label, id or name from accounts.parquet")
    theirs = pc.fill_null(pc.equal(audit.comments["author_id"], author_id), False)
    gone = audit.comments.filter(theirs)
    names = {n for t in (audit.accounts.filter(mine), gone) for n in t["author_name"].to_pylist() if n}
    traces = _Traces(author_id, names)
    accounts = audit.accounts.filter(pc.invert(mine))
    comments = _orphaned(audit.comments.filter(pc.invert(theirs)), gone["comment_id"])
    ends = pc.or_(*(pc.equal(audit.edges[c], author_id) for c in ("author_a", "author_b")))
    edges = audit.edges.filter(pc.invert(ends))
    rejects, n_rejects = _blanked(audit.rejects, traces, set(gone["comment_id"].to_pylist()))
    now = {"accounts": accounts, "comments": comments, "edges": edges, "posts": audit.posts, "rejects": rejects,
           "groups": _without_phrases(audit.groups, gone, comments)}
    now |= {n: table for n in output.OPTIONAL if (table := getattr(audit, n)) is not None}
    if "apart" in now:
        now["apart"] = now["apart"].filter(pc.not_equal(now["apart"]["author_id"], author_id))
    now, renamed = _regrouped(now, row[0]["group_id"])
    now = {name: traces.table(table) for name, table in now.items()}
    summary = _counted_again(traces.summary(audit.summary), row[0]["verdict"], gone.num_rows, now["groups"])
    manifest = {k: v for k, v in audit.manifest.items() if k != "outputs"}
    done = Erasure(gone.num_rows, audit.edges.num_rows - edges.num_rows, n_rejects, traces.mentions, renamed)
    return Audit(**now, summary=summary, manifest=manifest), done


def _orphaned(comments: pa.Table, gone: pa.ChunkedArray) -> pa.Table:
    """Answers to comments that went answer `erased`."""
    hit = pc.is_in(comments["parent_id"], value_set=gone.combine_chunks())
    at = comments.column_names.index("parent_id")
    return comments.set_column(at, comments.schema.field(at), pc.if_else(hit, ERASED, comments["parent_id"]))


def _blanked(rejects: pa.Table, traces: _Traces, gone: set[str]) -> tuple[pa.Table, int]:
    """Rejected rows keep their place and reason; what a row of this account held goes."""
    n, raw = 0, []
    before = traces.mentions
    for text in rejects["raw"].to_pylist():
        mine = text is not None and (traces.cleaned(text) != text or any(f'"{g}"' in text for g in gone))
        n += mine
        raw.append(ERASED if mine else text)
    traces.mentions = before
    at = rejects.column_names.index("raw")
    return rejects.set_column(at, rejects.schema.field(at), pa.array(raw, pa.string())), n


def _without_phrases(groups: pa.Table, gone: pa.Table, left: pa.Table) -> pa.Table:
    """Groups quote sentences: those that this account wrote stay only where somebody else wrote them too."""
    wrote = set(gone["text"].drop_null().to_pylist())
    shown = {p for row in groups["phrases"].to_pylist() for p in row or ()} & wrote
    if not shown:
        return groups
    lost = shown - set(left["text"].filter(pc.is_in(left["text"], value_set=pa.array(sorted(shown)))).to_pylist())
    at = groups.column_names.index("phrases")
    kept = [None if row is None else [p for p in row if p not in lost] for row in groups["phrases"].to_pylist()]
    return groups.set_column(at, groups.schema.field(at), pa.array(kept, groups.schema.field(at).type))


def _regrouped(now: dict[str, pa.Table], group: str | None) -> tuple[dict[str, pa.Table], tuple[str, ...]]:
    """The tables with its group called after those who are left, and counted again; a group of nobody goes."""
    if group is None:
        return now, ()
    members = now["accounts"]["author_id"].filter(pc.equal(now["accounts"]["group_id"], group)).to_pylist()
    new = group_name(members) if members else None
    out = dict(now)
    for name in ("accounts", "edges", "groups", *(["brand_groups"] if "brand_groups" in now else [])):
        table = now[name]
        at = table.column_names.index("group_id")
        hit = pc.fill_null(pc.equal(table["group_id"], group), False)
        table = table.set_column(at, table.schema.field(at),
                                 pc.if_else(hit, pa.scalar(new, pa.string()), table["group_id"]))
        if name == "groups":
            n = table.column_names.index("n_accounts")
            table = table.set_column(n, table.schema.field(n),
                                     pc.if_else(hit, pa.scalar(len(members), pa.int64()), table["n_accounts"]))
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


def erase(folder: Path, account: str, *, on: dt.date | None = None,
          progress: Callable[[str, int, int], None] = lambda *_: None) -> tuple[Erasure, list[str]]:
    """Take one account (label, id or name) out of the audit folder, whole or not at all. Returns what went, and which
    inputs of the audit still hold it: files that this cannot touch.

    Raises InputError where nobody or several are called so, where the folder is no whole audit, or where a file that
    the audit did not write still names the account.
    """
    audit = output.read(folder)
    audit = replace(audit, rejects=output.read_rejects(folder))
    row = pipeline.account_row(audit, account)
    author_id, old = row["author_id"], row["group_id"]
    progress("erase", 0, 1)
    sources = set(audit.comments["source"].filter(
        pc.fill_null(pc.equal(audit.comments["author_id"], author_id), False)).to_pylist())
    names = {n for n in audit.comments["author_name"].filter(
        pc.fill_null(pc.equal(audit.comments["author_id"], author_id), False)).to_pylist() if n}
    inside = _others(folder, audit)
    review = folder.resolve().with_name(f"{folder.resolve().name}.review.sqlite")
    for path in [*inside, *([review] if review.is_file() else [])]:
        if _holds(path, _Traces(author_id, names).words):
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
    _put(left, folder, extra, inside)
    return done, sorted(sources)


def _others(folder: Path, audit: Audit) -> list[Path]:
    """Files in the folder that the audit did not write."""
    known = {*audit.manifest["outputs"], "manifest.json"}
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and str(p.relative_to(folder)) not in known]


def _holds(path: Path, words: list[str]) -> bool:
    """Whether a file has one of these words in it, in one of the ways a text is mostly written."""
    held, long = path.read_bytes(), [w for w in words if len(w) >= LEAST]
    written = {w.encode(e, "replace") for w in long for e in ("utf-8", "utf-16-le", "cp1252")}
    return any(w in held for w in written | {json.dumps(w)[1:-1].encode() for w in long})


def _put(audit: Audit, folder: Path, extra: Mapping[str, str], others: list[Path]) -> None:
    """Write the folder anew beside itself, with the files that were not ours, and put it in place."""
    folder = folder.resolve()
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-erase-", dir=folder.parent))
    try:
        new = beside / "new"
        output.write(audit, new, extra)
        for path in others:
            target = new / path.resolve().relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        output.swap(new, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
