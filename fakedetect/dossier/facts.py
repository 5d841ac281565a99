"""The facts of a dossier as data: its manifest, its summary, and what is known of each group."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import __version__, output
from fakedetect.dossier.hypotheses import of as hypotheses_of
from fakedetect.dossier.pseudonyms import Naming
from fakedetect.dossier.tables import Inputs, plain
from fakedetect.errors import InputError
from fakedetect.normalise.keys import file_names
from fakedetect.readers.renamed import follow
from fakedetect.schema import Audit

FORMAT = 1
BASE_RATES = (0.0001, 0.00065, 0.005, 0.05)
"""Shares of suspects at which a probability is told besides the stated one."""
CLOSE_P = 0.05
"""A pair whose own p is above this does not stand out by itself."""


@dataclass(frozen=True)
class Choice:
    """What whoever made the dossier chose."""

    verbatim: bool = False
    """The exhibits' texts are in it."""
    names: bool = False
    """Which accounts, posts and pages are meant is in it."""
    custody: Mapping[str, Mapping[str, str]] | None = None
    """SHA-256 of an input -> field -> answer."""
    retention: str | None = None
    """The day until which it may be kept, ISO 8601."""


def settled(audit: Audit) -> Audit:
    """The audit with summary and manifest as they are after having been written and read: an audit just made and one
    read from its folder are then alike. Raises InputError where an earlier version made it."""
    missing = {"lock", "reading"} - set(audit.manifest)
    if missing:
        raise InputError("the audit was made by an earlier version and does not say how its input was read",
                         where="manifest.json", hint="run the audit again")
    summary, manifest = (json.loads(output.to_json(m)) for m in (audit.summary, audit.manifest))
    return replace(audit, summary=summary, manifest=manifest)


def short_names(audit: Audit, inputs: Inputs) -> dict[str, str]:
    """Input -> the end of its path that matters: pages without an id are called after it."""
    full = sorted(inputs.files)
    sources = sorted(inputs.sources)
    for depth in range(1, 1 + max(len(PurePath(n).parts) for n in full)):
        short = {n: str(PurePath(*PurePath(n).parts[-depth:])) for n in full}
        if len(set(short.values())) < len(full):
            continue
        kept = {s: follow(s, short) for s in sources}
        if list(file_names(sources).values()) == list(file_names([kept[s] for s in sources]).values()):
            return short
    return {n: n for n in full}


def manifest(audit: Audit, naming: Naming, inputs: Inputs, choice: Choice, fingerprint: str) -> dict[str, Any]:
    """What the dossier was made from, and with what; everything that a replay needs."""
    told = audit.manifest
    counts = {s: n for t in (audit.comments, audit.rejects) for s, n in _counts(t)}
    short = short_names(audit, inputs)
    custody = choice.custody or {}
    files = []
    for name, number in sorted(inputs.numbers.items(), key=lambda item: int(item[1][1:])):
        rows = sum(n for s, n in counts.items() if s == name or s.startswith(f"{name}/"))
        files.append({"input": number, "name": short[name], "sha256": inputs.files[name], "rows": rows or None,
                      "custody": dict(custody.get(inputs.files[name], {}))})
    options = dict(told["options"])
    if options["model"] is not None:
        options["model"] = PurePath(options["model"]).name
    options["engine"] = options["engine"].split("://")[0]
    options["known_innocent"] = naming.of("setting", options["known_innocent"])
    return {
        "format": FORMAT,
        "inputs": files,
        "reading": told["reading"],
        "options": options,
        "seed": told["seed"],
        "model": told["model"],
        "features": told["features"],
        "lock": told["lock"],
        "versions": told["versions"],
        "packed_with": __version__,
        "pseudonyms": {"algorithm": "HMAC-SHA256, 96 bits", "key_fingerprint": fingerprint},
        "holds": {"verbatim": choice.verbatim, "names": choice.names},
        "retention": {"audit": told.get("retention"), "dossier": choice.retention},
        "erasures": len(told.get("erasures") or ()),
        "replay": command(told["reading"], options),
    }


def _counts(table: pa.Table) -> list[tuple[str, int]]:
    return [(r["values"], r["counts"]) for r in pc.value_counts(table["source"]).to_pylist() if r["values"] is not None]


def command(reading: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """The line that replays the dossier."""
    words = ["fakedetect", "replay", "case.zip", *reading["dumps"]]
    for side in ("posts", "accounts", "declared", "businesses"):
        words += [f"--{side}", reading[side]] if reading.get(side) else []
    words += ["--known-innocent", "known_innocent.txt"] if options["known_innocent"] else []
    for i in range(len(options.get("earlier") or ())):
        words += ["--earlier", f"earlier_audit_{i + 1}"]
    words += ["--model", options["model"]] if options["model"] else []
    return shlex.join([*words, "--key", "case.key"])


def tombstones(audit: Audit, naming: Naming) -> list[dict[str, Any]]:
    """The erased accounts, as the chain tells of them."""
    return [{k: t[k] for k in ("accounts", "comments", "edges", "mentions", "on", "rejects")}
            | {"groups": [naming.of("group", g) for g in t["groups"]]} for t in audit.manifest.get("erasures") or ()]


def summary(audit: Audit, naming: Naming, inputs: Inputs) -> dict[str, Any]:
    """The run's summary, with files by number and pages by pseudonym."""
    out = {k: v for k, v in audit.summary.items() if k not in ("notes", "refused", "duties", "formats", "platforms")}
    pages = set(audit.posts["page_id"].to_pylist()) - {None}

    # A refusal's sentences hold its values, all of them numbers; the words are made from its code again.
    out["refused"] = [
        {"test": r["test"], "code": r.get("code", ""), "pages": r.get("pages"),
         "page": naming.of("page", r["page_id"]) if r.get("page_id") in pages else r.get("page_id"),
         "values": {n: v for n, v in (r.get("values") or {}).items() if isinstance(v, int | float)}}
        for r in audit.summary["refused"]]
    out["notes"] = [{"code": n["code"], "input": ", ".join(inputs.label(s) or "" for s in n["source"].split(", "))
                     if n["source"] else ""} for n in audit.summary.get("notes") or []]
    out["formats"] = sorted(audit.summary.get("formats") or [])
    out["platforms"] = sorted(audit.summary.get("platforms") or [])
    out["reject_reasons"] = dict(sorted(Counter(audit.rejects["reason"].to_pylist()).items()))
    if "agency" in out:
        told = [b | {"page_ids": [naming.of("page", p) for p in b["page_ids"]]} for b in out["agency"]["brands"]]
        out["agency"] = dict(out["agency"]) | {"brands": told}
    if "duties" in audit.summary:
        out["duties"] = [{k: d[k] for k in ("code", "source", "stage", "result", "n", "total")}
                         for d in audit.summary["duties"]]
    return out


def groups(audit: Audit, naming: Naming) -> list[dict[str, Any]]:
    """What is known of each group, the rarest first: how it was tested, its figures, its members, what speaks against
    it being one."""
    found = [_group(audit, g, naming) for g in audit.groups.to_pylist()]
    return sorted(found, key=lambda g: (g["q_value"], g["p_value"], g["group"]))


def _group(audit: Audit, group: Mapping[str, Any], naming: Naming) -> dict[str, Any]:
    mine = audit.accounts.filter(pc.fill_null(pc.equal(audit.accounts["group_id"], group["group_id"]), False))
    edges = audit.edges.filter(pc.equal(audit.edges["group_id"], group["group_id"])).to_pylist()
    light = ["author_id", "label", "verdict", "n_comments", "n_posts", "probability", "p_value", "q_value", "reasons",
             "counter"]
    members = [_member(row, naming, audit.summary["base_rate"])
               for row in sorted(mine.select(light).to_pylist(), key=lambda r: str(r["label"]))]
    shared, close = sum(e["n_shared"] for e in edges), sum(e["n_close"] for e in edges)
    found = {k: group[k] for k in ("kind", "n_accounts", "n_posts", "p_value", "q_value", "median_gap_s", "window_s",
                                   "excess", "excess_low", "excess_high", "names_p", "created_p", "pages_p")}
    evidence = sorted(group["evidence"] or ())
    return {
        "group": naming.of("group", group["group_id"]),
        **{k: v if v == v else None for k, v in found.items()},
        "evidence": evidence,
        "first_seen": plain(group["first_seen"]), "last_seen": plain(group["last_seen"]),
        "n_pages": len(group["page_ids"] or ()),
        "n_phrases": len(group["phrases"] or ()),
        "exhibit_posts": [naming.of("post", p) for p in group["exhibit_posts"] or ()],
        "praised": [naming.of("post", p) for p in group["praised"] or ()],
        "trashed": [naming.of("post", p) for p in group["trashed"] or ()],
        "pairs": {"n": len(edges), "posts_shared": shared, "posts_close": close,
                  "close_share": close / shared if shared else None,
                  "not_rare": sum(e["p_value"] is None or e["p_value"] > CLOSE_P for e in edges)},
        "members": members,
        "verdicts": dict(sorted(Counter(m["verdict"] for m in members).items())),
        "counter": dict(sorted(Counter(c for m in members for c in m["counter"]).items())),
        "hypotheses": [h.code for h in hypotheses_of(set(evidence))],
    }


def _member(row: Mapping[str, Any], naming: Naming, base: float) -> dict[str, Any]:
    p = row["probability"]
    known = p is not None and p == p
    return {
        "account": naming.of("account", row["author_id"]),
        **{k: row[k] if row[k] == row[k] else None for k in ("label", "verdict", "n_comments", "n_posts", "probability",
                                                             "p_value", "q_value")},
        "likelihood_ratio": likelihood_ratio(p, base) if known else None,
        "probability_at": {repr(b): at_base(p, base, b) for b in BASE_RATES} if known else None,
        "reasons": list(row["reasons"] or ()), "counter": list(row["counter"] or ()),
    }


def likelihood_ratio(p: float, base: float) -> float | None:
    """How many times likelier what was measured is of a suspect than of another account, as the classifier has it:
    posterior odds over prior odds, to three digits. None where the odds have no bound."""
    if not 0 < p < 1:
        return 0.0 if p <= 0 else None
    return float(f"{(p / (1 - p)) / (base / (1 - base)):.3g}")


def at_base(p: float, base: float, other: float) -> float:
    """The probability if another share of the accounts were suspects, to six digits."""
    if not 0 < p < 1:
        return float(p)
    odds = p / (1 - p) * (1 - base) / base * other / (1 - other)
    return float(f"{odds / (1 + odds):.6g}")


def exhibits(audit: Audit, inputs: Inputs) -> list[dict[str, Any]]:
    """The members' comments on each group's exhibit posts, by group, post and time: rows of the comments table, with
    group_id, label and `input`."""
    out = []
    label = dict(zip(audit.accounts["author_id"].to_pylist(), audit.accounts["label"].to_pylist(), strict=True))
    for group in audit.groups.to_pylist():
        mine = audit.accounts["author_id"].filter(
            pc.fill_null(pc.equal(audit.accounts["group_id"], group["group_id"]), False)).combine_chunks()
        posts = pa.array(group["exhibit_posts"] or [], pa.string())
        hit = pc.and_(pc.is_in(audit.comments["author_id"], value_set=mine),
                      pc.is_in(audit.comments["post_id"], value_set=posts))
        rows = audit.comments.filter(hit).to_pylist()
        # In order of the input and not of ids: pseudonyms order otherwise.
        rows.sort(key=lambda r: (inputs.label(r["source"]), r["row"], str(r["comment_id"])))
        out += [r | {"group_id": group["group_id"], "label": label[r["author_id"]], "input": inputs.label(r["source"])}
                for r in rows]
    return out


def choice_of(told: Mapping[str, Any]) -> Choice:
    """The choices behind a dossier's manifest."""
    custody = {f["sha256"]: f["custody"] for f in told["inputs"] if f["custody"]}
    return Choice(told["holds"]["verbatim"], told["holds"]["names"], custody or None, told["retention"]["dossier"])
