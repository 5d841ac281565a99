"""The finding in a few lines of plain text, for the terminal after an audit."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from markupsafe import Markup

from fakedetect.features.feature import Feature
from fakedetect.report import agency
from fakedetect.report import wording as w
from fakedetect.report.blocks import Para, Points
from fakedetect.report.cases import how
from fakedetect.report.sections import shape, verdict
from fakedetect.report.view import View
from fakedetect.schema import Audit
from fakedetect.words import Lang, Text

WIDTH = 79

ROWS = Text(
    en="{read} rows read: {scored} scored, {rejected} rejected (rejects.csv says why).",
    fr="{read} lignes lues : {scored} évaluées, {rejected} rejetées (rejects.csv dit pourquoi).",
)
COUNTS = Text(en="{accounts}: {verdicts}.", fr="{accounts} : {verdicts}.")
GROUP = Text(
    en="Group {id}: {accounts} on {posts}, {how}; chance alone: {odds}.",
    fr="Groupe {id} : {accounts} sur {posts}, {how} ; par pur hasard : {odds}.",
)
REFUSED = Text(
    en="Refused tests: {tests}. `fakedetect inspect` says what would restore them.",
    fr="Tests refusés : {tests}. `fakedetect inspect` dit ce qui les rétablirait.",
)
BUSINESSES = Text(en="{all} reviewed businesses: {verdicts} (businesses.parquet says why).",
                  fr="{all} établissements évalués : {verdicts} (businesses.parquet dit pourquoi).")
NO_BUSINESS = Text(en="{all} reviewed businesses: none stands out.",
                   fr="{all} établissements évalués : aucun ne se distingue.")
NAMED = ("suspect", "review", "disclosed")
MOST_GROUPS = 8


def brief(
    audit: Audit, *, lang: Lang, features: Mapping[str, Feature], test_labels: Mapping[str, Text]
) -> str:
    """Finding, counts, groups and refused tests of an audit, at most 79 columns wide, without any name."""
    view = View(audit, lang, False, features, {}, test_labels)
    blocks = verdict(view).blocks
    lead = next(b for b in blocks if isinstance(b, Para) and b.tone == "lead")
    limits = next((b for b in blocks if isinstance(b, Points)), None)
    parts = [_plain(lead.text), ""]
    rows = {k: view.number(v) for k, v in audit.summary["rows"].items()}
    parts.append(ROWS.of(lang, **rows))
    counts = [
        f"{view.number(view.n_of(v))} {view.line(w.VERDICTS[v][0]).lower()}"
        for v in w.VERDICTS
        if view.n_of(v)
    ]
    parts.append(
        COUNTS.of(lang, accounts=view.counted("account", view.n_of("total")), verdicts=", ".join(counts))
    )
    for group in audit.groups.to_pylist()[:MOST_GROUPS]:
        parts.append(
            GROUP.of(
                lang,
                id=group["group_id"],
                accounts=view.counted("account", group["n_accounts"]),
                posts=view.counted("post", group["n_posts"]),
                how=how(view, group),
                odds=view.odds(group["p_value"]),
            )
        )
    parts += [_plain(text) for text in agency.lines(view)]
    if audit.businesses is not None:
        found = [v for v in audit.businesses["verdict"].to_pylist() if v in NAMED]
        told = ", ".join(f"{view.number(found.count(v))} {view.line(w.VERDICTS[v][0]).lower()}"
                         for v in NAMED if v in found)
        parts.append((BUSINESSES if found else NO_BUSINESS).of(
            lang, all=view.number(audit.businesses.num_rows), verdicts=told))
    tests = sorted({r["test"] for r in audit.summary["refused"]})
    if tests:
        parts.append(
            REFUSED.of(
                lang,
                tests=", ".join(view.line(test_labels[t]).lower() if t in test_labels else t for t in tests),
            )
        )
    if limits is not None and shape(view) != "clean":
        parts += ["", _plain(limits.items[0])]
    return "\n".join("\n".join(textwrap.wrap(_plain(p), WIDTH)) if p else "" for p in parts) + "\n"


def _plain(text: str) -> str:
    return str(Markup(text).striptags()) if isinstance(text, Markup) else str(text)
