"""The section on the duties of who publishes reviews: what the dump shows of each, stage by stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from fakedetect.report.blocks import Block, Para, Part, Section, Table
from fakedetect.report.plain import isolated, typeset, visible
from fakedetect.report.view import View
from fakedetect.words import Text

TITLE = Text("The rules on online reviews", "Les règles sur les avis en ligne")
INTRO = Text("What these files show of the duties of French and European law (Code de la consommation, directive "
             "2005/29) and of the standard ISO 20488 (formerly NF Z74-501).",
             "Ce que ces fichiers montrent des obligations du droit français et européen (Code de la consommation, "
             "directive 2005/29) et de la norme ISO 20488 (ex-NF Z74-501).")
COUNT = Text("Of {all} duties: rows go against {fail}, no row goes against {passed}, {unseen} cannot be seen here.",
             "Sur {all} obligations : des lignes vont contre {fail}, aucune contre {passed}, {unseen} ne se voient "
             "pas ici.")
NO_LAW = Text("This is no legal finding. Most duties concern the site's pages, which are not in these files: the list "
              "says where to look and what to ask for. \"No row against it\" is not \"fulfilled\".",
              "Ceci n'est pas une constatation juridique. La plupart des obligations portent sur les pages du site, "
              "absentes de ces fichiers : la liste dit où regarder et quoi demander. « Aucune ligne contre » ne veut "
              "pas dire « respectée ».")
RESULTS = {
    "fail": Text("Rows against it", "Des lignes contre"),
    "pass": Text("No row against it", "Aucune ligne contre"),
    "unseen": Text("Cannot be seen here", "Ne se voit pas ici"),
}
STAGES = {
    "collection": Text("Collecting reviews", "La collecte des avis"),
    "moderation": Text("Moderating them", "La modération"),
    "publication": Text("Publishing them", "La publication"),
}
CAPTION = Text("{n} duties, and what these files show", "{n} obligations, et ce que ces fichiers montrent")
HEAD = (
    Text("Duty", "Obligation"),
    Text("Finding", "Constat"),
    Text("What is seen, or to be asked", "Vu, ou à demander"),
)
ROWS = Text("Rows: {rows}", "Lignes : {rows}")
FIRST = Text("The first {n} rows: {rows}", "Les {n} premières lignes : {rows}")

_MAX_FILE = 60


def duties(view: View) -> Section:
    """Of a run on reviews: every duty with its finding, and the rows that show it."""
    found: Sequence[Mapping[str, Any]] = view.summary["duties"]
    counts = Counter(f["result"] for f in found)
    lead = view.say(COUNT, all=len(found), fail=counts["fail"], passed=counts["pass"], unseen=counts["unseen"])
    blocks: list[Block] = [Para(view.say(INTRO)), Para(lead, "lead"), Para(view.say(NO_LAW), "warn")]
    head = [view.line(h) for h in HEAD]
    for stage, of_stage in groupby(found, key=lambda f: f["stage"]):
        rows = [[_duty(view, f), _result(view, f["result"]), _said(view, f)] for f in of_stage]
        caption = view.line(CAPTION, n=len(rows))
        blocks.append(Part(view.say(STAGES[stage]), [Table(caption, head, rows)]))
    return Section("duties", view.say(TITLE), blocks)


def _duty(view: View, found: Mapping[str, Any]) -> Markup:
    # One source to a line: a reference that breaks in its middle is hard to read.
    sources = Markup("<br>").join(visible(source) for source in str(found["source"]).split("; "))
    return Markup('{}<br><span class="note">{}</span>').format(_own(view, found["label"]), sources)


def _result(view: View, result: str) -> Markup:
    tone = "review" if result == "fail" else result
    return Markup('<span class="badge {}">{}</span>').format(tone, view.say(RESULTS[result]))


def _said(view: View, found: Mapping[str, Any]) -> Markup:
    said = _own(view, found["said"])
    if not found["rows"]:
        return said
    by_source = groupby(found["rows"], key=lambda r: r["source"])
    rows = Markup("; ").join(
        Markup("{} {}").format(_file(source), ", ".join(str(int(r["row"])) for r in mine))
        for source, mine in by_source
    )
    n = len(found["rows"])
    told = view.say(ROWS if n >= found["n"] else FIRST, n=n, rows=rows)
    return Markup('{}<br><span class="note">{}</span>').format(said, told)


def _file(source: object) -> Markup:
    """A file as the user named it; of a long path the end, where its name stands."""
    name = visible(source, 4000)
    return isolated(name if len(name) <= _MAX_FILE else "…" + name[-_MAX_FILE:], 1 + _MAX_FILE)


def _own(view: View, words: Mapping[str, str]) -> Markup:
    """A sentence of ours that came through summary.json."""
    return Markup("{}").format(typeset(visible(words[view.lang], 800), view.lang))
