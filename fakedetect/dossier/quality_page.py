"""The data-quality page: what was read, what was refused and why, what ring would have been seen."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fakedetect.dossier.document import Block, Document, Heading, Para, Said, Table
from fakedetect.quality import REASONS, TESTS
from fakedetect.report import wording as w
from fakedetect.words import Lang, Text, number, percent

TITLE = Text("Data quality", "Qualité des données")
ROWS = Text("{read} rows read, {scored} analysed, {rejected} rejected; zone of the times shown: {zone}; formats: {formats}.",
            "{read} lignes lues, {scored} analysées, {rejected} rejetées ; fuseau des heures : {zone} ; formats : {formats}.")
CUT = Text("An input ended too early: what came after the cut is unknown.", "Un fichier s'arrête trop tôt : la suite est inconnue.")
S_REJECTED = Text("Rejected rows", "Lignes rejetées")
S_REFUSED = Text("Tests that the data does not bear", "Tests que les données ne supportent pas")
S_NOTES = Text("What was seen in the files", "Ce qui a été vu dans les fichiers")
NOTES = Text("By code; inspecting the inputs (fakedetect inspect) says it in words.", "Par code ; inspecter les fichiers (fakedetect inspect) le dit en toutes lettres.")
NONE = Text("None.", "Aucun.")
H_TEST, H_WHY, H_RESTORE, H_PAGES = Text("Test", "Test"), Text("Why", "Pourquoi"), Text("What would restore it", "Ce qui le rétablirait"), Text("Pages", "Pages")
H_REASON, H_ROWS, H_CODE, H_INPUT = Text("Reason", "Raison"), Text("Rows", "Lignes"), Text("Code", "Code"), Text("Input", "Fichier")
S_POWER = Text("What would have been seen", "Ce qui aurait été vu")
H_SIZE, H_SHARE, H_CHANCE = Text("Accounts", "Comptes"), Text("On posts", "Présence"), Text("Chance of being seen", "Chance d'être vu")


def page(lang: Lang, summary: Mapping[str, Any]) -> Document:
    """The page in one language, from the summary as `facts.summary` makes it."""
    rows = summary["rows"]
    doc = Document(TITLE.of(lang), lang, [Para(ROWS.of(
        lang, zone=summary["zone"], formats=", ".join(summary["formats"]) or "–",
        **{k: number(rows[k], lang) for k in ("read", "scored", "rejected")}))])
    if summary["truncated"]:
        doc.blocks.append(Para(CUT.of(lang), warn=True))
    doc.blocks += [Heading(S_REFUSED.of(lang)), *_refused(lang, summary)]
    reasons = [[Said(reason), number(n, lang)] for reason, n in summary["reject_reasons"].items()]
    doc.blocks += [Heading(S_REJECTED.of(lang)),
                   Table([H_REASON.of(lang), H_ROWS.of(lang)], reasons) if reasons else Para(NONE.of(lang))]
    notes = [[n["code"], n["input"] or "–"] for n in summary["notes"]]
    doc.blocks += [Heading(S_NOTES.of(lang)), Para(NOTES.of(lang)),
                   Table([H_CODE.of(lang), H_INPUT.of(lang)], notes) if notes else Para(NONE.of(lang))]
    rings = [[number(r["n_accounts"], lang), percent(r["participation"], lang), percent(r["probability"], lang)]
             for r in summary["power"]["rings"]]
    doc.blocks += [Heading(S_POWER.of(lang)),
                   Table([H_SIZE.of(lang), H_SHARE.of(lang), H_CHANCE.of(lang)], rings) if rings
                   else Para(w.POWER_NONE.of(lang))]
    return doc


def _refused(lang: Lang, summary: Mapping[str, Any]) -> list[Block]:
    label = {t.name: t.label.of(lang) for t in TESTS}
    lines = []
    for r in summary["refused"]:
        words = REASONS.get(r["code"])
        shown = {k: number(v, lang) for k, v in r["values"].items()}
        why, restore = (t.of(lang, **shown) for t in words) if words else (r["code"], "–")
        lines.append([label.get(r["test"], r["test"]), why, restore, number(r["pages"], lang)])
    head = [H_TEST.of(lang), H_WHY.of(lang), H_RESTORE.of(lang), H_PAGES.of(lang)]
    return [Table(head, lines)] if lines else [Para(NONE.of(lang))]
