"""The pages as HTML: the report's evidence, where things stand, and the forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from fakedetect import report
from fakedetect.decisions import DECISIONS, ERASED, MAX_CHARS, Entry, Standing, same_person
from fakedetect.decisions import wording as words
from fakedetect.report import cases
from fakedetect.report import wording as told
from fakedetect.report.blocks import Block
from fakedetect.report.plain import isolated, visible
from fakedetect.report.view import Row, View
from fakedetect.review_app import blind, evidence
from fakedetect.review_app import wording as w
from fakedetect.review_app.case import Case
from fakedetect.review_app.guard import Reviewer
from fakedetect.words import Lang, Text

PER_PAGE = 100
SHOWN: Mapping[str, tuple[str, ...]] = {
    "all": ("open", "decided", "signed", "disputed", "objection", "upheld"),
    "open": ("open", "upheld"),
    "second": ("decided",),
    "contested": ("disputed", "objection"),
    "done": ("signed",),
}


@cache
def templates() -> Environment:
    """The templates of this page and the blocks of the report."""
    return report.environment("fakedetect.review_app", "fakedetect.report")


@cache
def style() -> str:
    """The report's style sheet and what this page adds."""
    rooms = ("fakedetect.report", "style.css"), ("fakedetect.review_app", "review.css")
    return "".join(files(room).joinpath(name).read_text("utf-8") for room, name in rooms)


@dataclass(frozen=True)
class Draft:
    """What somebody typed that was not entered, and why; shown again in the form it came from."""

    action: str = ""
    about: int | None = None
    value: str = ""
    why: str = ""
    warning: str = ""
    since: Sequence[Entry] = field(default_factory=tuple)
    """What others entered in between."""


@dataclass(frozen=True)
class Pages:
    """The pages of one reviewer in one language. root: `/token`; path: of this page, behind the language."""

    case: Case
    reviewer: Reviewer
    lang: Lang
    root: str
    path: str = ""
    trial: blind.Trial | None = None

    @property
    def view(self) -> View:
        return self.case.views[self.lang]

    def at(self, *parts: str) -> str:
        """The address of a page behind the language."""
        return f"{self.root}/{self.lang}/" + "/".join(quote(part, safe="") for part in parts)

    def _render(self, name: str, title: str | Markup, **values: Any) -> str:
        def say(text: Text, **fields: object) -> Markup:
            return self.view.say(text, **fields)

        other = "fr" if self.lang == "en" else "en"
        return templates().get_template(name).render(
            say=say, w=w, lang=self.lang, title=title, at=self.at, root=self.root, csrf=self.reviewer.csrf,
            who=visible(self.reviewer.name, 60), max_chars=MAX_CHARS, other_lang=other,
            other=f"{self.root}/{other}/{self.path}", has_trial=self.trial is not None,
            folder=isolated(self.case.folder.name or self.case.folder, 60), **values)

    # to decide

    def overview(self, show: str, number: int, asked: str = "") -> str:
        """Groups and accounts to decide on. show: one of SHOWN; number: of the page, from 1; asked: a name that nobody
        has."""
        standings = self.case.decisions.standings()
        people = self.case.to_decide(standings)
        groups = [str(g["group_id"]) for g in self.case.groups]
        states = [standings.get(key, Standing()) for key in (*(("group", g) for g in groups),
                                                             *(("account", a) for a in people))]
        kept = [a for a in people if standings.get(("account", a), Standing()).state in SHOWN[show]]
        pages = max(1, -(-len(kept) // PER_PAGE))
        number = min(max(number, 1), pages)
        counts = {
            "all": len(states), "decided": sum(s.state in ("decided", "signed") for s in states),
            "signed": sum(s.state == "signed" for s in states), "signoff": sum(s.state == "decided" for s in states),
            "objections": sum(s.state in ("objection", "upheld", "disputed") for s in states),
        }
        return self._render(
            "overview.html", self.view.say(w.TITLE, folder=isolated(self.case.folder.name, 60)),
            counts={k: self.view.number(v) for k, v in counts.items()}, only=show, shown=list(SHOWN), number=number,
            pages=pages, asked=visible(asked, 80),
            groups=[self._group_row(g, standings) for g in self.case.groups
                    if standings.get(("group", str(g["group_id"])), Standing()).state in SHOWN[show]],
            accounts=[self._account_row(a, standings) for a in kept[(number - 1) * PER_PAGE : number * PER_PAGE]])

    def _group_row(self, group: Row, standings: Mapping[tuple[str, str], Standing]) -> Row:
        name = str(group["group_id"])
        now = standings.get(("group", name), Standing())
        return {"href": self.at("group", name), "name": visible(name, 40), "kind": cases.kind(self.view, group),
                "accounts": self.view.counted("account", group["n_accounts"]), "odds": self.view.odds(group["p_value"]),
                "state": self.state(now), "code": now.state}

    def _account_row(self, author: str, standings: Mapping[tuple[str, str], Standing]) -> Row:
        now, verdict = standings.get(("account", author), Standing()), self.case.verdicts[author]
        return {"href": self.at("account", self.case.labels[author]), "name": self.view.who(author),
                "verdict": verdict, "finding": self.view.line(told.VERDICTS[verdict][0]),
                "group": visible(self.case.group_of[author] or "–", 40), "state": self.state(now), "code": now.state}

    @staticmethod
    def said(text: str) -> Markup:
        """What somebody wrote, harmless, with its line breaks."""
        return Markup("<br>").join(isolated(line, MAX_CHARS) for line in text.splitlines())

    def state(self, now: Standing) -> str:
        """Where something stands, in words."""
        said = now.decision
        values = {} if said is None else {
            "value": self.view.line(words.VALUES[said.value]).lower(), "by": visible(said.by, 60),
            "second": visible(now.signed_by or (now.signoff.who if now.signoff else ""), 60)}
        text = self.view.line(words.STATES[now.state], **values)
        if said is not None and said.what == "carried" and now.state in ("decided", "signed"):
            text += f" ({self.view.line(w.CARRIED, where=visible(said.origin.get('from', '–'), 80))})"
        elif said is not None and said.audit not in self.case.decisions.audits:
            text += f" ({self.view.line(w.EARLIER)})"
        return text

    # one account or group

    def account(self, author: str, draft: Draft | None = None, entered: bool = False) -> str:
        """The evidence on one account, what was entered, and the forms."""
        group = self.case.group_of[author]
        links = [(self.at("group", group), self.view.line(w.IN_GROUP, id=visible(group, 40)))] if group else []
        return self._subject("account", author, self.view.who(author), (evidence.of_account(self.view, author), None),
                             links, draft, entered)

    def group(self, row: Row, draft: Draft | None = None, entered: bool = False) -> str:
        """The evidence on one group, what was entered, and the forms."""
        name = str(row["group_id"])
        links = [(self.at("account", self.case.labels[a]), self.view.label(a)) for a in self.view.members(name)]
        return self._subject("group", name, evidence.heading(self.view, row), evidence.of_group(self.view, row), links,
                             draft, entered)

    def _subject(self, kind: str, subject: str, title: Markup, shown: tuple[Sequence[Block], evidence.Lanes | None],
                 links: Sequence[tuple[str, str]], draft: Draft | None, entered: bool) -> str:
        standings = self.case.decisions.standings()
        now = standings.get((kind, subject), Standing())
        entries = [e for e in self.case.decisions.entries(kind, subject) if e.what != "blind"]
        undecided = [] if kind == "account" else [
            a for a in self.view.members(subject) if standings.get(("account", a), Standing()).state == "open"]
        said = now.decision
        return self._render(
            "subject.html", title, kind=kind, links=links, blocks=shown[0], lanes=shown[1], key=evidence.key(self.view),
            draft=draft or Draft(), entered=entered,
            standing=now, stands=self.state(now), entries=[self._entry(e) for e in entries],
            since=[self._entry(e) for e in draft.since] if draft else [],
            seen=self._seen(kind, subject, standings), values_said=self.choices(kind),
            undecided=self.view.counted("account", len(undecided)) if undecided else "",
            own=said is not None and same_person(said.by, self.reviewer.name),
            objections=[(said, self.said(said.why)) for said, answer in now.objections if answer is None],
            around=self._around(kind, subject, standings))

    def choices(self, kind: str) -> list[tuple[str, str, str]]:
        """What can be decided: value, its name, what it means."""
        return [(v, self.view.line(words.VALUES[v]), self.view.line(w.MEANINGS[kind][v])) for v in DECISIONS]

    def _seen(self, kind: str, subject: str, standings: Mapping[tuple[str, str], Standing]) -> int:
        """The last entry about it; of a group, about its accounts too, since its form may decide on them."""
        keys = [(kind, subject), *(("account", a) for a in (self.view.members(subject) if kind == "group" else ()))]
        return max((standings[k].last for k in keys if k in standings), default=0)

    def _around(self, kind: str, subject: str, standings: dict[tuple[str, str], Standing]) -> Row:
        """Addresses of the one before and the one after, and the place among all."""
        if kind == "group":
            names = [str(g["group_id"]) for g in self.case.groups]
            hrefs = [self.at("group", n) for n in names]
        else:
            names = self.case.to_decide(standings)
            hrefs = [self.at("account", self.case.labels[a]) for a in names]
        here = names.index(subject) if subject in names else -1
        return {"before": hrefs[here - 1] if here > 0 else "", "n": self.view.number(here + 1),
                "next": hrefs[here + 1] if 0 <= here < len(hrefs) - 1 else "", "all": self.view.number(len(names)),
                "listed": here >= 0}

    def _entry(self, entry: Entry) -> Row:
        """One entry for the list of what was entered."""
        value = self.view.line(words.VALUES[entry.value]) if entry.value in words.VALUES else ""
        who, by = isolated(entry.who, 60), isolated(entry.by, 60)
        what = self.view.say(words.WHAT[entry.what], who=who, by=by, value=value)
        at = self.view.moment(dt.datetime.fromisoformat(entry.at))
        return {"n": entry.seq, "at": at, "why": self.said(entry.why), "what": what}

    # the rest

    def history(self, number: int = 1) -> str:
        """Everything entered but blind judgements, newest first. number: of the page, from 1."""
        entries = [e for e in reversed(self.case.decisions.entries()) if e.what != "blind"]
        pages = max(1, -(-len(entries) // PER_PAGE))
        number = min(max(number, 1), pages)
        shown = entries[(number - 1) * PER_PAGE : number * PER_PAGE]
        rows = [self._entry(e) | {"about": self._about(e)} for e in shown]
        return self._render("history.html", self.view.line(w.P_HISTORY), rows=rows, number=number, pages=pages,
                            fingerprint=self.case.decisions.check())

    def _about(self, entry: Entry) -> tuple[str, str]:
        """What an entry is about, and its address; empty where it has none."""
        if entry.what == ERASED or not entry.subject:
            return "–", ""
        if entry.kind == "group":
            known = any(str(g["group_id"]) == entry.subject for g in self.case.groups)
            return visible(entry.subject, 40), self.at("group", entry.subject) if known else ""
        label = self.case.labels.get(entry.subject)
        return (visible(label), self.at("account", label)) if label else (visible(entry.subject, 60), "")

    def export(self) -> str:
        """Where the decisions can be downloaded."""
        return self._render("export.html", self.view.line(w.P_EXPORT))
