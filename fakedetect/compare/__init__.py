"""This month's audit against last month's: what is new, gone and still there, and which decisions carry over.

Accounts are the same where their ids are. A group's id is a hash of its members, so it changes with the first newcomer;
groups are the same by their members (`matching.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.compare import wording as w
from fakedetect.compare.matching import groups as match_groups
from fakedetect.decisions import Decisions, Entry, Note, Overtaken, Standing
from fakedetect.errors import InputError
from fakedetect.schema import Audit
from fakedetect.words import Text

FLAGGED = ("suspect", "review")
SETTINGS = ("fdr", "page_alpha", "base_rate")
Standings = Mapping[tuple[str, str], Standing]
Row = dict[str, Any]


def compare(old: Audit, new: Audit, decided: Standings | None = None, since: Standings | None = None) -> dict[str, Any]:
    """The comparison as data, for JSON and for `words`. decided: what was decided on OLD; since: on NEW, already.

    Keys: kind, old and new {accounts, suspect, review, groups, first, last}, notes, accounts {new, still, no_longer,
    gone}, groups {new, still, gone}, renamed {named, others}, vanished {accounts, removed}, decisions {carried,
    not_carried}. Raises InputError where the two cannot be compared.
    """
    _check(old, new)
    before, after = _accounts(old), _accounts(new)
    grouped = match_groups(_members(before), _members(after))
    there = set(new.accounts["author_id"].to_pylist())
    removed = _removed(old, new, there)
    flagged = {*_flagged(before), *_flagged(after)}
    rows = [_account(a, before.get(a), after.get(a), removed, there) for a in sorted(flagged)]
    rows.sort(key=lambda r: (r["label_new"] or r["label_old"], r["author_id"]))
    renamed = [a for a in before.keys() & after.keys()
               if before[a]["author_name"] and after[a]["author_name"]
               and before[a]["author_name"] != after[a]["author_name"]]
    named = {r["author_id"] for r in rows}
    return {
        "kind": new.summary["kind"],
        "old": _facts(old), "new": _facts(new),
        "notes": [{"code": code, "en": text.of("en", **values), "fr": text.of("fr", **values)}
                  for code, text, values in _notes(old, new)],
        "accounts": {status: [r for r in rows if r["status"] == status] for status in w.ACCOUNTS},
        "groups": grouped,
        "renamed": {"named": sorted(a for a in renamed if a in named), "others": sum(a not in named for a in renamed)},
        "vanished": {"accounts": len(before.keys() - there), "removed": len(removed)},
        "decisions": _decisions(decided or {}, since or {}, before, after, grouped),
    }


def carry(compared: Mapping[str, Any], into: Decisions, who: str, where: str) -> list[Entry]:
    """Enter the decisions that carry over among those on NEW: what is there already is not entered twice.

    who: the name of who carries them over; where: the folder that they come from, as it is named."""
    notes = []
    for row in compared["decisions"]["carried"]:
        if row["there"]:
            continue
        origin = {"from": where, **{k: row[k] for k in ("by", "at", "signed_by", "old_subject")}}
        notes.append(Note("carried", row["kind"], row["subject"], row["value"], row["why"], origin=origin))
    for row in compared["decisions"]["not_carried"]:
        notes += [Note("objection", row["kind"], row["subject"], "", said["why"],
                       origin={"from": where, "by": said["by"], "at": said["at"]}) for said in row["objections"]]
    written = into.write(who, notes) if notes else []
    assert not isinstance(written, Overtaken), "nothing was said of what had been seen"
    return written


def same_kind(old: str, new: str) -> None:
    """Raise InputError where one is of comments and the other of reviews."""
    if old != new:
        raise InputError(f"an audit of {old} and one of {new} cannot be compared", hint="two audits of the same page")


def _check(old: Audit, new: Audit) -> None:
    """Raise InputError for audits that cannot be compared."""
    same_kind(str(old.summary["kind"]), str(new.summary["kind"]))
    platforms = [sorted(a.summary.get("platforms") or ()) for a in (old, new)]
    if platforms[0] and platforms[1] and platforms[0] != platforms[1]:
        raise InputError(f"ids of {', '.join(platforms[0])} and of {', '.join(platforms[1])} cannot be compared",
                         hint="two audits of the same platform")
    ids = [a.accounts["author_id"] for a in (old, new)]
    if len(ids[0]) and len(ids[1]) and not pc.any(pc.is_in(ids[0], value_set=ids[1].combine_chunks())).as_py():
        hint = "two audits of the same page, with the same kind of author_id in both exports"
        if _by_name(old) != _by_name(new):
            hint = "one export has ids and the other only names: export both with ids"
        raise InputError("the two audits have no account in common", hint=hint)


def _by_name(audit: Audit) -> bool:
    """Whether its accounts are known by their names alone."""
    return bool(pc.any(pc.starts_with(audit.accounts["author_id"], "name:")).as_py())


def _notes(old: Audit, new: Audit) -> list[tuple[str, Text, dict[str, Any]]]:
    """What may explain a difference besides the accounts: (code, sentence, values)."""
    out: list[tuple[str, Text, dict[str, Any]]] = []
    spans = _span(old), _span(new)
    posted = [pc.max(a.posts["post_time"]).as_py() for a in (old, new)]
    # An old post gets comments for months, so the last post tells better than the last comment.
    last = posted if all(posted) else [span[1] for span in spans]
    if last[0] and last[1] and last[0] > last[1]:
        out.append(("turned", w.N_TURNED, {}))
    if spans[0][1] and spans[1][0] and spans[1][0] > spans[0][1]:
        out.append(("apart", w.N_APART, {}))
    pages = [set(a.posts["page_id"].to_pylist()) for a in (old, new)]
    if not pages[0] & pages[1]:
        out.append(("pages", w.N_PAGES, {}))
    if any(map(_by_name, (old, new))):
        out.append(("by_name", w.N_BY_NAME, {}))
    differ = [k for k in SETTINGS if old.summary[k] != new.summary[k]]
    if differ:
        out.append(("settings", w.N_SETTINGS, {"settings": ", ".join(f"--{k.replace('_', '-')}" for k in differ)}))
    if old.manifest.get("model") != new.manifest.get("model"):
        out.append(("model", w.N_MODEL, {}))
    if old.manifest.get("versions") != new.manifest.get("versions"):
        out.append(("versions", w.N_VERSIONS, {}))
    tests = [{r["test"] for r in a.summary["refused"]} for a in (old, new)]
    if tests[0] != tests[1]:
        out.append(("refused", w.N_REFUSED, {"tests": ", ".join(sorted(tests[0] ^ tests[1]))}))
    return out


def _span(audit: Audit) -> tuple[dt.datetime | None, dt.datetime | None]:
    times = pc.min_max(audit.comments["comment_time"]).as_py()
    return times["min"], times["max"]


def _facts(audit: Audit) -> Row:
    first, last = (t and t.isoformat() for t in _span(audit))
    counts = audit.summary["accounts"]
    return {"accounts": counts["total"], "suspect": counts["suspect"], "review": counts["review"],
            "groups": audit.summary["groups"], "first": first, "last": last}


def _accounts(audit: Audit) -> dict[str, Row]:
    """author_id -> the little that is compared of each account."""
    wanted = ["author_id", "author_name", "label", "verdict", "group_id"]
    return {r["author_id"]: r for r in audit.accounts.select(wanted).to_pylist()}


def _flagged(accounts: Mapping[str, Row]) -> list[str]:
    return [a for a, row in accounts.items() if row["verdict"] in FLAGGED]


def _members(accounts: Mapping[str, Row]) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for author, row in accounts.items():
        if row["group_id"] is not None:
            out.setdefault(row["group_id"], set()).add(author)
    return out


def _removed(old: Audit, new: Audit, there: set[str]) -> set[str]:
    """Accounts of OLD that are not in NEW although NEW holds posts and times at which they commented."""
    first = _span(new)[0]
    if first is None:
        return set()
    comments = old.comments.select(["author_id", "post_id", "comment_time"])
    seen = pc.and_kleene(pc.is_in(comments["post_id"], value_set=new.comments["post_id"].unique()),
                         pc.greater_equal(comments["comment_time"], pa.scalar(first, comments["comment_time"].type)))
    return set(comments.filter(pc.fill_null(seen, False))["author_id"].drop_null().to_pylist()) - there


def _account(author: str, before: Row | None, after: Row | None, removed: set[str], there: set[str]) -> Row:
    was, now = ((row or {}).get("verdict") for row in (before, after))
    if now in FLAGGED:
        status = "still" if was in FLAGGED else "new"
    else:
        status = "no_longer" if author in there else "gone"
    return {
        "author_id": author, "status": status, "seen_before": before is not None,
        "missing": None if status != "gone" else "removed" if author in removed else "silent",
        **{f"{name}_{side}": (row or {}).get(column) for name, column in (
            ("label", "label"), ("name", "author_name"), ("verdict", "verdict"), ("group", "group_id"))
           for side, row in (("old", before), ("new", after))},
    }


def _decisions(decided: Standings, since: Standings, before: Mapping[str, Row], after: Mapping[str, Row],
               grouped: Mapping[str, Any]) -> dict[str, list[Row]]:
    """What carries over and what does not, with the reason."""
    heirs = {row["old_id"]: row for row in grouped["still"]}
    carried: list[Row] = []
    left: list[Row] = []
    for (kind, subject), standing in sorted(decided.items()):
        if standing.decision is None and not standing.objections:
            continue
        heir = None if kind == "account" else heirs.get(subject)
        target = (subject if subject in after else None) if kind == "account" else heir and heir["group_id"]
        said = standing.decision
        row: Row = {
            "kind": kind, "subject": target, "old_subject": subject, "value": said.value if said else None,
            "label": (after.get(subject) or before.get(subject) or {}).get("label") if kind == "account" else target,
            "why": said.why if said else "", "by": said.by if said else "",
            "at": str(said.origin.get("at", said.at)) if said else "", "signed_by": standing.signed_by,
            "there": target is not None and (kind, target) in since,
        }
        reason = ("gone" if target is None else "grown" if heir and not heir["mostly_known"]
                  else None if standing.holds else standing.state)
        if reason is None:
            carried.append(row)
        else:
            unanswered = [e for e, answer in standing.objections if answer is None]
            left.append(row | {"because": reason, "objections": [] if target is None or row["there"] else [
                {"why": e.why, "by": e.by, "at": str(e.origin.get("at", e.at))} for e in unanswered]})
    return {"carried": carried, "not_carried": left}
