"""The pages of a blind trial as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from fakedetect.agreement import Agreement
from fakedetect.decisions import DECISIONS, Entry
from fakedetect.decisions import wording as words
from fakedetect.report.blocks import Block, Para, Table
from fakedetect.report.plain import visible
from fakedetect.review_app import blind
from fakedetect.review_app import wording as w
from fakedetect.review_app.pages import Draft, Pages


class BlindPages(Pages):
    """Pages that show no label, name, score, verdict or group. Accounts are numbers, in the reviewer's own order."""

    def _mine(self) -> tuple[blind.Trial, list[str], dict[str, Entry]]:
        assert self.trial is not None, "a blind page without a trial"
        entries = self.case.decisions.entries()
        return self.trial, self.trial.order(self.reviewer.name), self.trial.judged(entries, self.reviewer.name)

    def finished(self) -> bool:
        """Whether this reviewer has judged all accounts."""
        _, order, judged = self._mine()
        return len(judged) == len(order)

    def blind_list(self) -> str:
        """The accounts to judge."""
        _, order, judged = self._mine()
        rows = [{"href": self.at("blind", str(n)), "name": self.view.line(w.BLIND_ACCOUNT, n=str(n)),
                 "state": self.view.line(w.BLIND_JUDGED, value=self.view.line(words.VALUES[judged[a].value]).lower())
                 if a in judged else self.view.line(w.BLIND_OPEN), "done": a in judged}
                for n, a in enumerate(order, 1)]
        return self._render("blind_list.html", self.view.line(w.P_BLIND), rows=rows, all=self.view.number(len(order)),
                            n=self.view.number(len(judged)), finished=len(judged) == len(order), sealed=True)

    def blind_account(self, number: int, draft: Draft | None = None) -> str:
        """One account to judge, by its place (from 1) in the reviewer's order."""
        _, order, judged = self._mine()
        author = order[number - 1]
        mine = judged.get(author)
        return self._render(
            "blind_account.html", self.view.line(w.BLIND_ACCOUNT, n=str(number)), number=number, all=len(order),
            blocks=blind.evidence(self.view, author), values_said=self.choices("account"),
            draft=draft or Draft(value=mine.value if mine else "", why=mine.why if mine else ""),
            finished=len(judged) == len(order), sealed=True)

    def blind_result(self) -> str:
        """How well the reviewers, and the audit, agree; only for those who have judged all."""
        trial, order, _ = self._mine()
        found = blind.result(trial, self.case.decisions.entries())
        say, number = self.view.say, self.view.number
        blocks: list[Block] = [
            Para(say(w.R_LEAD, all=number(len(order)), flagged=number(len(trial.flagged)),
                     others=number(len(order) - len(trial.flagged)))),
            Para(say(w.R_NOTE), "note"),
            self._agreements(found.pairs), self._counts(found),
        ]
        blocks += [Para(say(w.R_BEFORE, who=visible(n, 60), n=number(found.before[n])), "note")
                   for n in found.who if found.before[n]]
        return self._render("blind_result.html", self.view.line(w.BLIND_RESULT),
                            blocks=[*blocks, Para(say(w.R_WAIT), "note")], finished=True, sealed=False)

    def _agreements(self, pairs: Sequence[tuple[str, str | None, Agreement]]) -> Table:
        line, number = self.view.line, self.view.number
        rows = []
        for a, b, found in pairs:
            who = (line(w.R_WITH_TOOL, who=visible(a, 60)) if b is None
                   else line(w.R_TWO, a=visible(a, 60), b=visible(b, 60)))
            interval = "–" if found.low is None else f"{number(found.low)} – {number(found.high)}"
            rows.append([who, number(found.n), self.view.percent(found.share), number(found.kappa), interval])
        head = [line(h) for h in (w.R_WHO, w.R_N, w.R_SHARE, w.R_KAPPA, w.R_INTERVAL)]
        return Table(line(w.R_PAIRS), head, rows, frozenset({1, 2, 3, 4}))

    def _counts(self, found: blind.Result) -> Table:
        columns = [(flag, v) for flag in (True, False) for v in DECISIONS]
        head = [self.view.line(w.R_FLAGGED if flag else w.R_OTHERS, value=self.view.line(words.VALUES[v]))
                for flag, v in columns]
        rows = [[visible(n, 60), *(self.view.number(found.counts[n, flag, v]) for flag, v in columns)]
                for n in found.who]
        return Table(self.view.line(w.R_COUNTS), [self.view.line(w.R_WHO), *head], rows,
                     frozenset(range(1, len(columns) + 1)))
