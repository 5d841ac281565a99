"""What a dump is and what it bears, as data (`describe`) and as a page of plain text (`words`)."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc

from fakedetect.normalise import normalise
from fakedetect.quality import OF_THE_WHOLE, REASONS, TESTS, Quality, gate
from fakedetect.readers import ReadOptions, look
from fakedetect.schema import ACCOUNTS, COMMENTS, POSTS, Dump, Kind, Refusal
from fakedetect.words import Lang, Text, duration, number, percent

WIDTH = 78
"""Columns of a terminal, less a margin."""
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Unicode categories that a terminal obeys, or that turn a line around, instead of showing them."""
REVIEW_FIELDS = ("rating", "verified_purchase", "invited", "reply_text", "ip_code")
SOME_PAGES = 3
"""Pages named where a refusal holds on some only; the number of all of them stands beside."""

LABELS = {
    "files": Text("Files", "Fichiers"),
    "format": Text("Format", "Format"),
    "encoding": Text("Encoding", "Encodage"),
    "part": Text("Looked at", "Parcouru"),
    "rows": Text("Rows", "Lignes"),
    "accounts": Text("Accounts", "Comptes"),
    "posts": Text("Posts", "Publications"),
    "items": Text("Reviewed items", "Objets d'avis"),
    "pages": Text("Pages", "Pages"),
    "period": Text("Period", "Période"),
    "times": Text("Times", "Heures"),
    "coverage": Text("Coverage", "Couverture"),
    "curves": Text("Habits", "Habitudes"),
    "missing": Text("Not in it", "N'y sont pas"),
    "notes": Text("Seen while reading", "Vu à la lecture"),
    "can": Text("Can be tested", "Peut être testé"),
    "open": Text("Only the whole can tell", "Seul l'ensemble peut le dire"),
    "refused": Text("Cannot be tested", "Ne peut pas être testé"),
}
PHRASES = {
    "rows": Text("{read} read, {kept} kept, {rejected} rejected",
                 "{read} lues, {kept} gardées, {rejected} rejetées"),
    "part": Text("{share} of it, at the beginning and in places; all counts below are of this part. In all some"
                 " {rows} rows (an estimate)",
                 "{share}, au début et par endroits ; tous les nombres ci-dessous sont ceux de cette partie. En tout"
                 " quelque {rows} lignes (estimation)"),
    "truncated": Text("the export is not whole", "l'export n'est pas entier"),
    "accounts": Text("{n}, of which {returning} on two posts or more; {share} of the rows name none",
                     "{n}, dont {returning} sur deux publications ou plus ; {share} des lignes n'en nomment"
                     " pas"),
    "posts": Text("{n}, of which {answered} with comments and {dated} with a publish time",
                  "{n}, dont {answered} avec des commentaires et {dated} avec une heure de publication"),
    "period": Text("{first} to {last}", "du {first} au {last}"),
    "times": Text("shown in {zone}; exact to {resolution}; {share} of the rows carry one",
                  "affichées en {zone} ; précises à {resolution} près ; {share} des lignes en portent une"),
    "no_times": Text("none that can be used", "aucune utilisable"),
    "coverage": Text("on the median post, {share} of the comments that the platform counts",
                     "sur la publication médiane, {share} des commentaires que compte la plateforme"),
    "curves": Text("pages with posts and comments enough to know their own: {own} of {n}; leaning on"
                   " those of all pages together: {pooled}",
                   "pages avec assez de publications et de commentaires pour connaître les leurs : {own} sur"
                   " {n} ; s'appuyant sur celles de toutes les pages : {pooled}"),
    "on_pages": Text(", on {n} of {total} pages, for instance {some}",
                     ", sur {n} pages de {total}, par exemple {some}"),
    "restore": Text("To restore it: {what}.", "Pour le rétablir : {what}."),
    "none": Text("nothing", "rien"),
}


def inspect(paths: Sequence[str | Path], *, options: ReadOptions | None = None, zone: str = "UTC",
            naive_zone: str | None = None, kind: Kind | None = None) -> dict[str, Any]:
    """What the dumps are and what they bear, ready for JSON (see `describe`); of large files, by parts of them. Writes
    nothing. Raises InputError and its children, UsageError."""
    raws, rows = look(list(paths), options)
    dump = normalise(raws, zone=zone, naive_zone=naive_zone, kind=kind)
    return describe(dump, gate(dump), [r.encoding for r in raws], rows)


def describe(dump: Dump, quality: Quality, encodings: Iterable[str] = (), rows: float | None = None) -> dict[str, Any]:
    """Everything `inspect` says, ready for JSON. encodings: those the readers found; rows: of the whole, where
    `dump` holds parts of it.

    Keys: kind, formats, platforms, encodings, files {name: sha256}, truncated, rows {read, kept, rejected,
    reasons}, accounts {total, returning, unnamed_share}, posts {total, answered, dated}, pages, period
    [first, last] or null, times {zone, resolution_s, share}, coverage, curves {own, pooled}, missing (fields
    without one value), notes, can [test], refused [{test, code, reason, restore, values, pages, some_pages}], open
    [test]; a refusal for the same reason on several pages is one entry, `pages` null where the whole run is meant.

    part: {share, rows}, where a part was read: all counts are of it, `rows` is what the whole is estimated at; coverage
    and curves are null, and `open` holds the tests that the number of comments, posts and accounts decides.
    """
    c, p = dump.comments, dump.posts
    n = c.num_rows
    n_posts = c.select(["author_id", "page_id", "post_id"]).filter(pc.is_valid(c["author_id"]))
    per_account = n_posts.group_by(["author_id", "page_id", "post_id"]).aggregate([]).group_by("author_id")
    seen = per_account.aggregate([("post_id", "count")])["post_id_count"].to_numpy()
    times = pc.min_max(c["comment_time"]).as_py()
    counted = quality.posts["coverage"].drop_null().to_numpy()
    pages = quality.pages
    active = pages.filter(pc.greater(pages["n_comments"], 0))
    reviews = dump.kind == "reviews"
    wanted = [f for f in COMMENTS.names if reviews or f not in REVIEW_FIELDS]
    share = dump.rows_read / rows if rows else 1.0
    part = share < 0.999
    refusals = [r for r in quality.refusals if not (part and r.code in OF_THE_WHOLE)]
    undecided = {r.test for r in quality.refusals} - {r.test for r in refusals}
    missing = [f"comments.{f}" for f in wanted if _empty(c, f)]
    missing += [f"posts.{f}" for f in POSTS.names if not reviews and _empty(p, f)]
    missing += [f"accounts.{f}" for f in ACCOUNTS.names if _empty(dump.accounts, f)]
    return {
        "kind": dump.kind, "formats": list(dump.formats), "platforms": list(dump.platforms),
        "encodings": sorted({e for e in encodings if e}), "files": dict(sorted(dump.sources.items())),
        "truncated": dump.truncated,
        "rows": {"read": dump.rows_read, "kept": n, "rejected": dump.rejects.num_rows,
                 "reasons": dict(sorted(Counter(dump.rejects["reason"].to_pylist()).items()))},
        "accounts": {"total": len(seen), "returning": int((seen > 1).sum()),
                     "unnamed_share": c["author_id"].null_count / n if n else None},
        "posts": {"total": p.num_rows, "answered": int((quality.posts["n_comments"].to_numpy() > 0).sum()),
                  "dated": p.num_rows - p["post_time"].null_count},
        "pages": active.num_rows,
        "period": None if times["min"] is None else [times["min"].isoformat(), times["max"].isoformat()],
        "times": {"zone": dump.zone, "resolution_s": quality.time_resolution_s,
                  "share": 1 - c["comment_time"].null_count / n if n else None},
        "coverage": float(np.median(counted)) if len(counted) and not part else None,
        "curves": None if part else {"own": _true(active, "own_curve"), "pooled": _true(active, "pooled")},
        "part": {"share": share, "rows": round(rows)} if part and rows else None,
        "missing": missing,
        "notes": [{"code": x.code, "text": x.text, "fr": x.fr, "source": x.source} for x in dump.notes],
        "can": [t.name for t in TESTS
                if t.kind in (None, dump.kind) and quality.allowed(t.name) and t.name not in undecided],
        "open": [t.name for t in TESTS if t.name in undecided],
        "refused": _refused(refusals),
    }


def _empty(table: Any, name: str) -> bool:
    return bool(table[name].null_count == table.num_rows)


def _true(table: Any, name: str) -> int:
    return int(table[name].to_numpy(zero_copy_only=False).sum())


def _refused(refusals: Iterable[Refusal]) -> list[dict[str, Any]]:
    """One entry per test and reason; of several pages, the first one's figures stand for all."""
    entries: dict[tuple[str, str], dict[str, Any]] = {}
    for r in refusals:
        entry = entries.setdefault((r.test, r.code), {
            "test": r.test, "code": r.code, "reason": r.reason, "restore": r.restore,
            "values": dict(r.values), "pages": None if r.page_id is None else 0, "some_pages": []})
        if r.page_id is not None:
            entry["pages"] += 1
            entry["some_pages"] = [*entry["some_pages"], r.page_id][:SOME_PAGES]
    return list(entries.values())


def words(description: Mapping[str, Any], lang: Lang) -> str:
    """`describe`'s answer as plain text for a terminal of 80 columns, control characters of the input left
    out."""
    d = description
    lines: list[str] = []
    colon = ":" if lang == "en" else " :"

    def say(key: str, what: str) -> None:
        label = LABELS[key].of(lang)  # 18 columns hold the longest, in either language
        lines.extend(_wrap(what, f"{label:<18}  ", " " * 20))

    def fill(key: str, **values: object) -> str:
        return PHRASES[key].of(lang, **values)

    def n(value: int | float | None) -> str:
        return number(value, lang)

    say("files", ", ".join(d["files"]) or "–")
    say("format", ", ".join([*d["formats"], *d["platforms"]]) or "–")
    if d["encodings"]:
        say("encoding", ", ".join(d["encodings"]))
    if d["part"]:
        say("part", fill("part", share=percent(d["part"]["share"], lang), rows=n(_rounded(d["part"]["rows"]))))
    rows = d["rows"]
    told = fill("rows", read=n(rows["read"]), kept=n(rows["kept"]), rejected=n(rows["rejected"]))
    reasons = "; ".join(f"{reason}: {n(count)}" for reason, count in rows["reasons"].items())
    told += f" ({reasons})" if reasons else ""
    say("rows", told + (f"; {fill('truncated')}" if d["truncated"] else ""))
    a, p, t = d["accounts"], d["posts"], d["times"]
    say("accounts", fill("accounts", n=n(a["total"]), returning=n(a["returning"]),
                         share=percent(a["unnamed_share"], lang)))
    say("items" if d["kind"] == "reviews" else "posts",
        fill("posts", n=n(p["total"]), answered=n(p["answered"]), dated=n(p["dated"])))
    say("pages", n(d["pages"]))
    if d["period"]:
        say("period", fill("period", first=d["period"][0][:10], last=d["period"][1][:10]))
    say("times", fill("no_times") if t["resolution_s"] is None else fill(
        "times", zone=t["zone"] or "–", resolution=duration(t["resolution_s"], lang),
        share=percent(t["share"], lang)))
    if d["coverage"] is not None:
        say("coverage", fill("coverage", share=percent(d["coverage"], lang)))
    if d["curves"] is not None:
        say("curves", fill("curves", own=n(d["curves"]["own"]), n=n(d["pages"]), pooled=n(d["curves"]["pooled"])))
    if d["missing"]:
        say("missing", ", ".join(d["missing"]))

    labels = {x.name: x.label.of(lang) for x in TESTS}
    can = ", ".join(labels[x] for x in d["can"]) or fill("none")
    lines += ["", *_wrap(f"{LABELS['can'].of(lang)}{colon} {can}.", "", "  ")]
    if d["open"]:
        told = ", ".join(labels[x] for x in d["open"])
        lines += ["", *_wrap(f"{LABELS['open'].of(lang)}{colon} {told}.", "", "  ")]
    lines += ["", LABELS["refused"].of(lang) + ("" if d["refused"] else f"{colon} {fill('none')}")]
    for entries in _by_reason(d["refused"]):
        first = entries[0]
        reason, restore = REASONS[first["code"]]
        where = "" if first["pages"] is None else fill(
            "on_pages", n=n(first["pages"]), total=n(d["pages"]), some=first["some_pages"][0])
        tests = ", ".join(labels[e["test"]] for e in entries)
        lines += _wrap(f"{tests}{where}{colon} {reason.of(lang, **first['values'])}.", "  - ", "    ")
        lines += _wrap(fill("restore", what=restore.of(lang, **first["values"])), "    ", "    ")
    if d["notes"]:
        lines += ["", LABELS["notes"].of(lang)]
        for note in d["notes"]:
            source = f" ({note['source']})" if note["source"] else ""
            lines += _wrap(note["fr" if lang == "fr" else "text"] + source, "  - ", "    ")
    return "\n".join(lines) + "\n"


def _rounded(rows: int) -> int:
    """To two digits: an estimate claims no more."""
    digits = max(len(str(rows)) - 2, 0)
    return round(rows / 10**digits) * 10**digits


def _by_reason(refused: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Entries that say the same of the same pages stand together, in the order in which they were made."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for entry in refused:
        groups.setdefault((entry["code"], str((entry["pages"], entry["some_pages"]))), []).append(entry)
    return list(groups.values())


def _wrap(text: str, first: str, later: str) -> list[str]:
    """Lines of at most WIDTH columns; French marks stay with their word, options and dates are not cut at a
    dash."""
    tied = re.sub(r" (?=[;:%?!»])|(?<=«) ", "\u00a0", printable(text))
    return textwrap.wrap(tied, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


def printable(text: str) -> str:
    """Text without control and direction-changing characters: names of files and pages come from
    strangers."""
    return "".join(" " if unicodedata.category(c) in UNSEEN else c for c in text)
