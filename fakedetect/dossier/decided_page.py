"""The section of the case page on what people decided: where each account and group stands, in whose words, and who
objected."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fakedetect.decisions.wording import STATES, VALUES, WHAT
from fakedetect.dossier.document import Block, Heading, Para, Quote, Said, Table
from fakedetect.words import Lang, Text, number, percent

TITLE = Text("What people decided", "Ce que des personnes ont décidé")
NONE = Text("No decision of a person stands in this dossier: nobody had entered any, or they were left out.",
            "Aucune décision humaine ne figure dans ce dossier : personne n'en avait inscrit, ou elles ont été laissées de côté.")
INTRO = Text("The tool gives indications; what follows from them was decided by people, each entry with its day and its reason. Reviewers stand under pseudonyms. In their words, ids and names that the audit knows are replaced by pseudonyms, addresses and other numbers by […]; what nobody could recognise stands as it was written. No replay can make these decisions again.",
             "L'outil donne des indices ; ce qui en découle a été décidé par des personnes, chaque inscription avec son jour et sa raison. Les examinateurs portent des pseudonymes. Dans leurs textes, les identifiants et les noms connus de l'audit sont remplacés par des pseudonymes, les adresses et autres numéros par […] ; ce que rien ne permettait de reconnaître reste tel quel. Aucune nouvelle exécution ne peut refaire ces décisions.")
FINGERPRINT = Text("{n} entries; fingerprint of the review file: {fingerprint}", "{n} inscriptions ; empreinte du fichier d'examen : {fingerprint}")
H_SUBJECT, H_STATE, H_DAY = Text("Account or group", "Compte ou groupe"), Text("Where it stands", "Où en est-on"), Text("Decided on", "Décidé le")
H_REVIEWER, H_NAME, H_PSEUDONYM = Text("Reviewer", "Examinateur"), Text("Name", "Nom"), Text("Pseudonym", "Pseudonyme")
REVIEWER = Text("reviewer {n}", "l'examinateur {n}")
GROUP = Text("group {group}", "groupe {group}")
CARRIED = Text("carried over from an earlier audit", "reprise d'un audit antérieur")
EARLIER = Text("made on an earlier audit of the folder", "prise sur un audit antérieur du dossier")
S_WORDS = Text("In their words", "Dans leurs termes")
SAID = Text("{n}. {day}, {subject} – {what}", "{n}. {day}, {subject} – {what}")
ABOUT = Text("(about entry {n})", "(à propos de l'inscription {n})")
S_BLIND = Text("Blind trial: would two people see the same?", "Essai à l'aveugle : deux personnes verraient-elles la même chose ?")
BLIND = Text("Reviewers judged flagged accounts among unflagged ones of like activity, without the audit's word on any. Kappa: agreement beyond chance (0: none, 1: full). Half of the accounts were flagged, on a page hardly any are: this is no error rate.",
             "Des examinateurs ont jugé des comptes signalés parmi d'autres d'activité comparable, sans ce qu'en dit l'audit. Kappa : accord au-delà du hasard (0 : aucun, 1 : total). La moitié des comptes étaient signalés, presque aucun ne l'est sur une page : ce n'est pas un taux d'erreur.")
H_WHO, H_N, H_EQUAL, H_KAPPA = Text("Who", "Qui"), Text("Accounts in common", "Comptes en commun"), Text("Equal", "Égaux"), Text("Kappa (95 %)", "Kappa (95 %)")
TWO = Text("{a} and {b}", "{a} et {b}")
AUDIT = Text("{a} and the audit (unsure left out)", "{a} et l'audit (sans les incertains)")
MOST = 300
"""Entries whose words are quoted; all stand in decisions.json."""
MORE = Text("{n} more in decisions.json.", "{n} de plus dans decisions.json.")


def blocks(lang: Lang, decided: Mapping[str, Any] | None, called: Mapping[str, str]) -> list[Block]:
    """The section. decided: as `decided.data` makes it; called: pseudonym of an account -> how it is shown."""
    if decided is None:
        return [Heading(TITLE.of(lang)), Para(NONE.of(lang))]
    told = _Told(lang, decided, called)
    entries = {e["seq"]: e for e in decided["entries"]}
    people = [[told.who(r["reviewer"]), r["reviewer"], *([Said(r["name"])] if r["name"] else [])]
              for r in decided["reviewers"]]
    named = any(r["name"] for r in decided["reviewers"])
    head = [H_REVIEWER.of(lang), H_PSEUDONYM.of(lang), *([H_NAME.of(lang)] if named else [])]
    rows = []
    for s in sorted(decided["standings"], key=lambda s: (s["kind"] != "group", told.subject(s["kind"], s["subject"]))):
        said = entries.get(s["decision"])
        rows.append([told.subject(s["kind"], s["subject"]), told.state(s, said, entries.get(s["signoff"])),
                     day(said["carried_over"]["at"] or said["at"] if said["carried_over"] else said["at"]) if said else "–"])
    out: list[Block] = [
        Heading(TITLE.of(lang)), Para(INTRO.of(lang)),
        Para(FINGERPRINT.of(lang, n=number(len(decided["entries"]), lang), fingerprint=decided["fingerprint"])),
        Table(head, people),
        Table([H_SUBJECT.of(lang), H_STATE.of(lang), H_DAY.of(lang)], rows), Heading(S_WORDS.of(lang), 3)]
    spoken = [e for e in decided["entries"] if e["what"] not in ("erased", "cleaned")]
    for e in spoken[:MOST]:
        about = f" {ABOUT.of(lang, n=e['about'])}" if e["about"] else ""
        line = SAID.of(lang, n=e["seq"], day=day(e["at"]), subject=told.subject(e["kind"], e["subject"]), what=told.what(e) + about)
        out.append(Quote(line, Said(e["why"])) if e["why"] else Para(line))
    if len(spoken) > MOST:
        out.append(Para(MORE.of(lang, n=number(len(spoken) - MOST, lang))))
    return [*out, *(_blind(told, decided["blind"]) if decided["blind"] else ())]


def _blind(told: _Told, blind: Mapping[str, Any]) -> list[Block]:
    lang = told.lang
    rows = []
    for r in blind["agreement"]:
        who = TWO.of(lang, a=told.who(r["a"]), b=told.who(r["b"])) if r["b"] else AUDIT.of(lang, a=told.who(r["a"]))
        kappa = "–" if r["kappa"] is None else f"{told.two(r['kappa'])} ({told.two(r['low'])} – {told.two(r['high'])})"
        rows.append([who, number(r["n"], lang), percent(r["share"], lang, 0), kappa])
    return [Heading(S_BLIND.of(lang), 3), Para(BLIND.of(lang)),
            Table([t.of(lang) for t in (H_WHO, H_N, H_EQUAL, H_KAPPA)], rows)]


def day(moment: str | None) -> str:
    """The day of an ISO time."""
    return moment[:10] if moment else "–"


class _Told:
    """Who and what an entry speaks of, in one language."""

    def __init__(self, lang: Lang, decided: Mapping[str, Any], called: Mapping[str, str]) -> None:
        self.lang: Lang = lang
        self._called = called
        self._number = {r["reviewer"]: i for i, r in enumerate(decided["reviewers"], 1)}

    def who(self, reviewer: str | None) -> str:
        return REVIEWER.of(self.lang, n=self._number[reviewer]) if reviewer in self._number else "–"

    def subject(self, kind: str, token: str | None) -> str:
        if token is None:
            return "–"
        return GROUP.of(self.lang, group=token) if kind == "group" else self._called.get(token, token)

    def two(self, value: float) -> str:
        return f"{value:.2f}" if self.lang == "en" else f"{value:.2f}".replace(".", ",")

    def by(self, entry: Mapping[str, Any]) -> str:
        carried = entry["carried_over"]
        return self.who(carried["by"] if carried and carried["by"] else entry["who"])

    def what(self, entry: Mapping[str, Any]) -> str:
        value = VALUES[entry["value"]].of(self.lang) if entry["value"] in VALUES else ""
        return WHAT[entry["what"]].of(self.lang, who=self.who(entry["who"]), by=self.by(entry), value=value)

    def state(self, s: Mapping[str, Any], said: Mapping[str, Any] | None, signoff: Mapping[str, Any] | None) -> str:
        """Where an account or group stands, in words."""
        value = VALUES[said["value"]].of(self.lang).lower() if said else ""
        second = s["signed_by"] or (signoff["who"] if signoff else None)
        text = STATES[s["state"]].of(self.lang, value=value, by=self.by(said) if said else "–", second=self.who(second))
        more = CARRIED if said and said["what"] == "carried" else EARLIER if said and said["earlier_audit"] else None
        return f"{text} ({more.of(self.lang)})" if more else text


def accounts(decided: Mapping[str, Any] | None) -> Sequence[str]:
    """Pseudonyms of the accounts that something was entered about."""
    entries = decided["entries"] if decided else ()
    return sorted({e["subject"] for e in entries if e["kind"] == "account" and e["subject"]})
