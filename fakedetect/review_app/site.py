"""The page's addresses, and what a form does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from fakedetect.decisions import DECISIONS, MAX_CHARS, Note, Overtaken, Standing, same_person
from fakedetect.errors import FakedetectError, InputError, UsageError
from fakedetect.report.explain import find
from fakedetect.review_app import blind, export, pages
from fakedetect.review_app import wording as w
from fakedetect.review_app.blind_pages import BlindPages
from fakedetect.review_app.case import Case
from fakedetect.review_app.guard import Page, Reviewer, admit, sealed
from fakedetect.review_app.pages import Draft
from fakedetect.words import Lang

ADDRESSES = Map([
    Rule("/<any(en,fr):lang>/", endpoint="overview", methods=["GET"]),
    Rule("/<any(en,fr):lang>/find", endpoint="find", methods=["GET"]),
    Rule("/<any(en,fr):lang>/account/<label>", endpoint="account"),
    Rule("/<any(en,fr):lang>/group/<name>", endpoint="group"),
    Rule("/<any(en,fr):lang>/history", endpoint="history", methods=["GET"]),
    Rule("/<any(en,fr):lang>/export", endpoint="export", methods=["GET"]),
    Rule("/<any(en,fr):lang>/labels.csv", endpoint="labels", methods=["GET"]),
    Rule("/<any(en,fr):lang>/known-innocent.csv", endpoint="innocents", methods=["GET"]),
    Rule("/<any(en,fr):lang>/blind", endpoint="blind_list", methods=["GET"]),
    Rule("/<any(en,fr):lang>/blind/<int:number>", endpoint="blind_account"),
    Rule("/<any(en,fr):lang>/blind/result", endpoint="blind_result", methods=["GET"]),
    Rule("/style.css", endpoint="style", methods=["GET"]),
    Rule("/", endpoint="door", methods=["GET"]),
], strict_slashes=False, merge_slashes=False)
WHAT = {"decide": "decision", "signoff": "signoff", "object": "objection", "answer": "answer"}
"""Field `action` of a form -> what it enters."""
VALUES = {"decide": DECISIONS, "signoff": ("agree", "disagree"), "object": ("",), "answer": ("upheld", "rejected")}


class Site:
    """The review page as a WSGI application. blind: flagged accounts in a blind trial, 0 for none."""

    def __init__(self, case: Case, reviewers: Sequence[Reviewer], *, port: int, lang: Lang = "en",
                 blind_n: int = 0) -> None:
        self.case, self.reviewers, self.port, self.lang = case, tuple(reviewers), port, lang
        self.trial = blind.trial(case, blind_n) if blind_n else None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            response = self._answer(Page(environ))
        except HTTPException as error:
            response = Response(f"{error.code} {error.name}\n{error.description}\n", error.code or 500,
                                mimetype="text/plain")
        except FakedetectError as error:
            response = Response(f"{error}\n", 500, mimetype="text/plain")
        return sealed(response)(environ, start_response)

    def _answer(self, request: Page) -> Response:
        reviewer, path = admit(request, self.reviewers, self.port)
        endpoint, found = ADDRESSES.bind(f"127.0.0.1:{self.port}").match("/" + path, request.method)
        if endpoint == "style":
            return Response(pages.style(), mimetype="text/css")
        values = dict(found)
        lang = values.pop("lang", self.lang)
        root = f"/{reviewer.token}"
        if endpoint == "door":
            return redirect(f"{root}/{lang}/", 303)
        here = BlindPages(self.case, reviewer, lang, root, path.partition("/")[2], self.trial)
        if not endpoint.startswith("blind") and self.trial is not None and not here.finished():
            return redirect(here.at("blind"), 303)
        answer: Response = getattr(self, f"_{endpoint}")(request, here, **values)
        return answer

    # to decide

    def _overview(self, request: Page, here: BlindPages) -> Response:
        show = request.args.get("show", "all")
        return _html(here.overview(show if show in pages.SHOWN else "all", request.args.get("page", 1, int)))

    def _find(self, request: Page, here: BlindPages) -> Response:
        asked = request.args.get("q", "").strip()
        try:
            place = find(self.case.audit, asked, here.view.features)
        except InputError:
            return _html(here.overview("all", 1, asked=asked or "–"), 404)
        author = self.case.audit.accounts["author_id"][place].as_py()
        return redirect(here.at("account", self.case.labels[author]), 303)

    def _account(self, request: Page, here: BlindPages, label: str) -> Response:
        author = self.case.authors.get(label)
        if author is None:
            raise NotFound(here.view.line(w.NOT_FOUND))
        return self._subject(request, here, "account", author, lambda *told: here.account(author, *told))

    def _group(self, request: Page, here: BlindPages, name: str) -> Response:
        row = next((g for g in self.case.groups if str(g["group_id"]) == name), None)
        if row is None:
            raise NotFound(here.view.line(w.NOT_FOUND))
        return self._subject(request, here, "group", name, lambda *told: here.group(row, *told))

    def _subject(self, request: Page, here: BlindPages, kind: str, subject: str,
                 page: Callable[..., str]) -> Response:
        if request.method != "POST":
            return _html(page(None, "entered" in request.args))
        draft, code = self._enter(request, here, kind, subject)
        if draft is not None:
            return _html(page(draft), code)
        return redirect(f"{request.path}?entered=1", 303)

    def _enter(self, request: Page, here: BlindPages, kind: str, subject: str) -> tuple[Draft | None, int]:
        """Enter what a form says; else what was typed, with the warning to show and the status to show it with."""
        form, line = request.form, here.view.line
        action, about, seen = form.get("action", ""), form.get("about", None, int), form.get("seen", 0, int)
        draft = Draft(action, about, form.get("value", ""), form.get("why", "").replace("\r\n", "\n").strip())
        allowed = VALUES.get(action)
        warning = (
            line(w.NO_VALUE) if allowed is None or draft.value not in allowed
            else line(w.NO_WHY) if not draft.why and draft.value != "agree"
            else line(w.TOO_LONG, n=here.view.number(MAX_CHARS)) if len(draft.why) > MAX_CHARS else ""
        )
        if warning:
            return _warned(draft, warning), 400
        notes = [Note(WHAT[action], kind, subject, draft.value, draft.why, about)]
        if action == "decide" and kind == "group" and form.get("members"):
            standings = self.case.decisions.standings()
            why = line(w.MEMBERS_WHY, id=subject, why=draft.why)[:MAX_CHARS]
            notes += [Note("decision", "account", a, draft.value, why) for a in here.view.members(subject)
                      if standings.get(("account", a), Standing()).state == "open"]
        try:
            done = self.case.decisions.write(here.reviewer.name, notes, seen)
        except UsageError:
            return _warned(draft, line(w.REFUSED)), 409
        if isinstance(done, Overtaken) and not _twice(done, here.reviewer.name, notes):
            return _warned(draft, line(w.OVERTAKEN), done), 409
        return None, 303

    # the rest

    def _history(self, request: Page, here: BlindPages) -> Response:
        return _html(here.history(request.args.get("page", 1, int)))

    def _export(self, request: Page, here: BlindPages) -> Response:
        return _html(here.export())

    def _labels(self, request: Page, here: BlindPages) -> Response:
        return _file(export.labels_csv(self.case.decisions.standings(), self.case.group_of)[0], "labels.csv")

    def _innocents(self, request: Page, here: BlindPages) -> Response:
        return _file(export.innocents_text(self.case.decisions.standings())[0], "known-innocent.csv")

    # the blind trial

    def _blind_list(self, request: Page, here: BlindPages) -> Response:
        if self.trial is None:
            raise NotFound
        return _html(here.blind_list())

    def _blind_account(self, request: Page, here: BlindPages, number: int) -> Response:
        if self.trial is None or not 1 <= number <= len(self.trial.authors):
            raise NotFound
        if request.method != "POST":
            return _html(here.blind_account(number))
        value, why = request.form.get("value", ""), request.form.get("why", "").strip()
        if value not in DECISIONS or len(why) > MAX_CHARS:
            warning = here.view.line(w.NO_VALUE) if value not in DECISIONS else here.view.line(
                w.TOO_LONG, n=here.view.number(MAX_CHARS))
            return _html(here.blind_account(number, Draft("judge", None, value, why, warning)), 400)
        author = self.trial.order(here.reviewer.name)[number - 1]
        self.case.decisions.write(here.reviewer.name, [Note("blind", "account", author, value, why)])
        judged = self.trial.judged(self.case.decisions.entries(), here.reviewer.name)
        order = self.trial.order(here.reviewer.name)
        # The next one that is not judged yet, from here on round; the list when there is none.
        left = [n for n in (*range(number + 1, len(order) + 1), *range(1, number)) if order[n - 1] not in judged]
        return redirect(here.at("blind", str(left[0])) if left else here.at("blind"), 303)

    def _blind_result(self, request: Page, here: BlindPages) -> Response:
        if self.trial is None:
            raise NotFound
        return _html(here.blind_result()) if here.finished() else redirect(here.at("blind"), 303)


def _twice(overtaken: Overtaken, who: str, notes: Sequence[Note]) -> bool:
    """Whether all that came in is this very form, sent twice by an impatient hand."""
    mine = {(n.what, n.subject, n.value, n.why.strip()) for n in notes}
    return all(same_person(e.who, who) and (e.what, e.subject, e.value, e.why) in mine for e in overtaken.since)


def _warned(draft: Draft, warning: str, overtaken: Overtaken | None = None) -> Draft:
    return Draft(draft.action, draft.about, draft.value, draft.why, warning, overtaken.since if overtaken else ())


def _html(text: str, code: int = 200) -> Response:
    return Response(text, code, mimetype="text/html")


def _file(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
