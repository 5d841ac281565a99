"""A comparison as plain text, at most 79 columns wide."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from fakedetect.compare import wording as w
from fakedetect.decisions.wording import VALUES
from fakedetect.report import plain
from fakedetect.report import wording as report
from fakedetect.words import Lang, Text

MOST = 40
"""Rows of one kind; --json has all."""
_WIDTH = 79
Row = Mapping[str, Any]


class _Page:
    """Lines in one language, with or without names."""

    def __init__(self, lang: Lang, names: bool, zone: str) -> None:
        self.lang, self.names, self.zone = lang, names, ZoneInfo(zone)
        self.lines: list[str] = []

    def line(self, text: Text, **values: object) -> str:
        return plain.line(text, self.lang, **values)

    def add(self, text: str, indent: str = "") -> None:
        self.lines += textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))

    def several(self, said: list[str]) -> str:
        return plain.typeset({"en": "; ", "fr": " ; "}[self.lang].join(said), self.lang)

    def head(self, text: str) -> None:
        self.lines += ["", text, "-" * len(text)]

    def day(self, when: str | None) -> str:
        return plain.day(dt.datetime.fromisoformat(when), self.zone, self.lang) if when else "–"

    def number(self, n: int) -> str:
        return plain.number(n, self.lang)

    def counted(self, noun: str, n: int) -> str:
        one, several = report.NOUNS[noun]
        return self.line(one if n == 1 or (n == 0 and self.lang == "fr") else several, n=self.number(n))

    def listed(self, title: Text, rows: list[str]) -> None:
        if rows:
            self.head(f"{self.line(title)} ({self.number(len(rows))})")
            for row in rows[:MOST]:
                self.add(row, "  - ")
            if len(rows) > MOST:
                self.add(self.line(w.MORE, n=self.number(len(rows) - MOST)), "    ")


def words(compared: Row, lang: Lang, *, names: bool = False, zone: str = "UTC") -> str:
    """The comparison for people. names: show the accounts' names beside their labels; zone: of the dates."""
    page = _Page(lang, names, zone)
    title = page.line(w.TITLE)
    page.lines += [title, "=" * len(title)]
    for side, name in w.SIDES.items():
        page.add(_side(page, name, compared[side]))
    if compared["notes"]:
        page.lines += [""]
        page.add(page.line(w.NOTES))
        for note in compared["notes"]:
            page.add(plain.typeset(plain.visible(note[lang]), lang), "  - ")
    for status, heading in w.GROUPS.items():
        page.listed(heading, [_group(page, status, row) for row in compared["groups"][status]])
    renamed = set(compared["renamed"]["named"])
    for status, heading in w.ACCOUNTS.items():
        page.listed(heading, [_account(page, row, renamed) for row in compared["accounts"][status]])
    if not any(map(any, (compared["groups"].values(), compared["accounts"].values()))):
        page.lines += [""]
        page.add(page.line(w.NOTHING))
    page.lines += [""]
    vanished = {"n": "accounts", "removed": "removed"}
    page.add(page.line(w.VANISHED, **{k: page.number(compared["vanished"][v]) for k, v in vanished.items()}))
    if compared["renamed"]["others"]:
        page.add(page.line(w.RENAMED, n=page.number(compared["renamed"]["others"])))
    page.listed(w.DECISIONS, [_carried(page, row) for row in compared["decisions"]["carried"]])
    page.listed(w.NOT_CARRIED, [page.several([_decided(page, row), page.line(w.BECAUSE[row["because"]])])
                                for row in compared["decisions"]["not_carried"]])
    return "\n".join(page.lines) + "\n"


def _side(page: _Page, name: Text, facts: Row) -> str:
    return page.line(
        w.SIDE, which=page.line(name), accounts=page.counted("account", facts["accounts"]),
        suspects=page.counted("suspect", facts["suspect"]), reviews=page.number(facts["review"]),
        groups=page.counted("group", facts["groups"]), first=page.day(facts["first"]), last=page.day(facts["last"]))


def _group(page: _Page, status: str, row: Row) -> str:
    if status != "still":
        name = row["group_id"] if status == "new" else row["old_id"]
        return page.line(w.G_NEW, id=name, accounts=page.counted("account", row["n_accounts"]))
    numbers = {k: page.number(row[k]) for k in ("shared", "joined", "left")}
    told = w.G_SAME if row["group_id"] == row["old_id"] else w.G_STILL
    said = [page.line(told, id=row["group_id"], old=row["old_id"],
                      accounts=page.counted("account", row["n_accounts"]), **numbers)]
    said += [page.line(w.G_MORE["also"], old=old) for old in row["also"]]
    said += [page.line(w.G_MORE["split"], old=row["old_id"])] if row["split"] else []
    return page.several(said)


def _who(page: _Page, row: Row, side: str) -> str:
    label, name = plain.visible(row[f"label_{side}"]), row[f"name_{side}"]
    return f"{plain.visible(name, 60)} ({label})" if page.names and name else label


def _account(page: _Page, row: Row, renamed: set[str]) -> str:
    now, was = (page.line(report.VERDICTS[v][0]).lower() if (v := row[f"verdict_{s}"]) else None
                for s in ("new", "old"))
    side = "old" if row["status"] == "gone" else "new"
    values = {"who": _who(page, row, side), "verdict": now or was}
    if row["status"] == "gone":
        said = [page.line(w.A_ROW, **values), page.line(w.MISSING[row["missing"]])]
    elif was is not None and was != now:
        said = [page.line(w.A_CHANGED, **values, old=was)]
    elif row["label_old"] and row["label_old"] != row["label_new"]:
        said = [page.line(w.A_BEFORE, **values, label=plain.visible(row["label_old"]))]
    else:
        said = [page.line(w.A_ROW, **values)]
    if row["status"] == "new" and not row["seen_before"]:
        said.append(page.line(w.A_FIRST))
    if row[f"group_{side}"]:
        said.append(page.line(w.A_GROUP, id=plain.visible(row[f"group_{side}"], 40)))
    if row["author_id"] in renamed:
        old, new = (plain.visible(row[f"name_{s}"], 60) for s in ("old", "new"))
        said.append(page.line(w.A_RENAMED_NAMES, old=old, new=new) if page.names else page.line(w.A_RENAMED))
    return page.several(said)


def _carried(page: _Page, row: Row) -> str:
    said = [_decided(page, row)]
    said += [page.line(w.D_SIGNED, by=plain.visible(row["signed_by"], 60))] if row["signed_by"] else []
    said += [page.line(w.D_THERE)] if row["there"] else []
    return page.several(said)


def _decided(page: _Page, row: Row) -> str:
    who = plain.visible(row["label"] or row["old_subject"], 60)
    if row["kind"] == "group" and row["subject"] and row["old_subject"] != row["subject"]:
        who = page.line(w.D_WAS, who=who, old=plain.visible(row["old_subject"], 60))
    if row["value"] is None:
        return who
    value = page.line(VALUES[row["value"]]).lower()
    return page.line(w.D_ROW, who=who, value=value, by=plain.visible(row["by"], 60), at=page.day(row["at"]))
