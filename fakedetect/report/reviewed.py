"""What a report on reviews says beside the others: businesses with their waves, and groups that are told by marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from fakedetect.report import wording as w
from fakedetect.report.blocks import Block, Para, Section, Table
from fakedetect.report.plain import isolated
from fakedetect.report.view import View, is_null
from fakedetect.words import Text

Row = Mapping[str, Any]
_MAX_BUSINESSES, _MAX_MEMBERS, _MAX_NAMED = 60, 60, 6

TITLE = Text("The businesses", "Les établissements")
NONE = Text("Of {all} reviewed businesses, none stands out.",
            "Sur {all} établissements évalués, aucun ne se distingue.")
COUNT = Text("Of {all} reviewed businesses, {n} stand out. A wave by itself proves nothing: a newspaper, a feast or an "
             "outcry makes one too.",
             "Sur {all} établissements évalués, {n} se distinguent. Une vague ne prouve rien à elle seule : un "
             "article, une fête ou une indignation en font aussi.")
NOT_THEIRS = Text("What is said here was done on a business's page. Nothing tells who wanted it: a rival can praise.",
                  "Ce qui est dit ici s'est passé sur la page de l'établissement. Rien ne dit qui l'a voulu : un "
                  "concurrent peut aussi vanter.")
CAPTION = Text("Businesses that stand out", "Établissements qui se distinguent")
LEFT = Text("{n} more stand in businesses.parquet.", "{n} autres se trouvent dans businesses.parquet.")
HEAD = (Text("Business", "Établissement"), Text("Finding", "Constat"), Text("Reviews", "Avis"), Text("Mean", "Moyenne"),
        Text("Why", "Pourquoi"), Text("By chance", "Par hasard"))
REASONS = {
    "praised_by_group": Text("a group praises it that gives bottom marks to its competitors",
                             "un groupe le vante, qui note au plus bas ses concurrents"),
    "trashed_by_group": Text("a group gives it bottom marks that praises a competitor",
                             "un groupe le note au plus bas, qui vante un concurrent"),
    "praised_from_one_device": Text("a group behind one address or device praises it",
                                    "un groupe derrière une même adresse ou un même appareil le vante"),
    "trashed_from_one_device": Text("a group behind one address or device gives it bottom marks",
                                    "un groupe derrière une même adresse ou un même appareil le note au plus bas"),
    "praise_after_crisis": Text("a wave of praise after a run of bad marks",
                                "une vague d'éloges après une série de mauvaises notes"),
    "wave_good": Text("{n} good marks from {first} to {last}, where about {expected} were to be expected",
                      "{n} bonnes notes du {first} au {last}, là où on en attendait environ {expected}"),
    "wave_bad": Text("{n} bad marks from {first} to {last}, where about {expected} were to be expected",
                     "{n} mauvaises notes du {first} au {last}, là où on en attendait environ {expected}"),
    "wave_disclosed": Text("a wave of good marks only with reviews that were invited or disclose an incentive",
                           "une vague de bonnes notes, mais seulement avec des avis sollicités ou qui annoncent une "
                           "contrepartie"),
    "average_moved": Text("an average shown to half a star is another since",
                          "une moyenne affichée à la demi-étoile en est changée"),
}
GROUP_MARKS = Text(
    "{accounts} gave top marks (or nearly) to {praised} and bottom marks (or nearly) to its competitors {trashed}, "
    "between {first} and {last}: more of those who rated both than tastes explain, by what others give these "
    "businesses and by how these accounts mark elsewhere.",
    "{accounts} ont noté au plus haut (ou presque) {praised} et au plus bas (ou presque) ses concurrents {trashed}, "
    "entre le {first} et le {last} : plus, parmi ceux qui ont noté les deux, que les goûts ne l'expliquent, d'après "
    "ce que d'autres y donnent et d'après ce que ces comptes donnent ailleurs.")
GROUP_WAVE = Text(
    "After a run of bad marks for {praised}, {accounts} gave it good marks between {first} and {last}: {excess} more "
    "than it gets by itself. Its defenders come at such a time too: each of them is a case to look at, none is named.",
    "Après une série de mauvaises notes pour {praised}, {accounts} lui donnent de bonnes notes entre le {first} et le "
    "{last} : {excess} de plus que d'ordinaire. Ses défenseurs viennent aussi à ce moment : chacun est un cas à "
    "regarder, aucun n'est désigné.")
GROUP_DEVICE = Text(
    "{accounts} that came from one address or device gave nothing but top marks to {named}, between {first} and "
    "{last}: more of them than tastes explain. The address alone proves nothing: households and hotels have one, too. "
    "Each of them is a case to look at, none is named.",
    "{accounts} venus d'une même adresse ou d'un même appareil n'ont donné que des notes au plus haut à {named}, entre "
    "le {first} et le {last} : plus que les goûts ne l'expliquent. L'adresse seule ne prouve rien : foyers et hôtels "
    "en ont une aussi. Chacun est un cas à regarder, aucun n'est désigné.")
GROUP_DEVICE_LOW = Text(
    "{accounts} that came from one address or device gave nothing but bottom marks to {named}, between {first} and "
    "{last}: more of them than tastes explain. The address alone proves nothing: households and hotels have one, too. "
    "Each of them is a case to look at, none is named.",
    "{accounts} venus d'une même adresse ou d'un même appareil n'ont donné que des notes au plus bas à {named}, entre "
    "le {first} et le {last} : plus que les goûts ne l'expliquent. L'adresse seule ne prouve rien : foyers et hôtels "
    "en ont une aussi. Chacun est un cas à regarder, aucun n'est désigné.")
SENTENCES = {"marks": GROUP_MARKS, "wave": GROUP_WAVE, "device": GROUP_DEVICE}
"""By the evidence of the group."""
MEMBERS = Text("Their marks", "Leurs notes")
MEMBERS_HEAD = (Text("Account", "Compte"), Text("Praised", "Vantés"), Text("Trashed", "Rabaissés"),
                Text("Chance that one guest marks so", "Chance qu'un client note ainsi"))
MARK = Text("{business}: {stars} ★, {day}", "{business} : {stars} ★, {day}")


def businesses(view: View) -> Section:
    """Of a run on reviews: the businesses that stand out, each with why."""
    table = view.audit.businesses
    rows = [] if table is None else table.to_pylist()
    flagged = sorted((r for r in rows if r["verdict"] in ("suspect", "review", "disclosed")),
                     key=lambda r: (list(w.VERDICTS).index(r["verdict"]), r["q_value"] or 0.0, r["business_id"]))
    n = view.number(len(flagged))
    blocks: list[Block] = [Para(view.say(COUNT if flagged else NONE, all=view.number(len(rows)), n=n), "lead")]
    if flagged:
        cells = [[_business(view, r), _verdict(view, r), view.number(r["n_reviews"]),
                  "–" if is_null(r["mean_rating"]) else view.number(r["mean_rating"]), _why(view, r),
                  "–" if is_null(r["p_value"]) else view.odds(r["p_value"])] for r in flagged[:_MAX_BUSINESSES]]
        blocks += [Table(view.line(CAPTION), [view.line(h) for h in HEAD], cells, frozenset({2, 3, 5})),
                   Para(view.say(NOT_THEIRS), "note")]
    if len(flagged) > _MAX_BUSINESSES:
        blocks.append(Para(view.say(LEFT, n=view.number(len(flagged) - _MAX_BUSINESSES)), "note"))
    return Section("businesses", view.say(TITLE), blocks)


def told_by_marks(group: Row) -> bool:
    """The group's evidence is marks alone."""
    return bool(group.get("evidence")) and set(group["evidence"]) <= set(SENTENCES)


def sentence(view: View, group: Row) -> Markup:
    """What such a group did."""
    return view.say(
        GROUP_DEVICE_LOW if group["kind"] == "one_device" and group["trashed"] else SENTENCES[group["evidence"][0]],
        accounts=view.counted("account", group["n_accounts"]),
        praised=_named(group["praised"]), trashed=_named(group["trashed"]),
        named=_named(group["praised"] or group["trashed"]),
        first=view.day(group["first_seen"]), last=view.day(group["last_seen"]),
        excess="–" if is_null(group.get("excess")) else view.number(round(group["excess"])),
    )


def marks(view: View, group: Row, members: list[str]) -> Table:
    """Per account of such a group its marks on both sides, and how likely they are for one with its own taste."""
    given: dict[str, dict[str, list[Markup]]] = {a: {"praised": [], "trashed": []} for a in members}
    for row in view.comments_of(members):
        if not is_null(row["rating"]):
            for side, told in given[row["author_id"]].items():
                if row["post_id"] in (group[side] or ()):
                    told.append(view.say(MARK, business=isolated(row["post_id"], 40), stars=view.number(row["rating"]),
                                         day=view.day(row["comment_time"])))
    rows = [[view.label(a), *(Markup("<br>").join(given[a][side]) or "–" for side in ("praised", "trashed")),
             "–" if is_null(p := view.account(a)["p_value"]) else view.odds(p)]
            for a in sorted(members, key=view.label)[:_MAX_MEMBERS]]
    return Table(view.line(MEMBERS), [view.line(h) for h in MEMBERS_HEAD], rows, frozenset({3}))


def _named(businesses: list[str] | None) -> Markup:
    shown = Markup(", ").join(isolated(b, 40) for b in (businesses or ())[:_MAX_NAMED])
    return shown + ("…" if len(businesses or ()) > _MAX_NAMED else "")


def _business(view: View, row: Row) -> Markup:
    known = [isolated(row[c], 40) for c in ("category", "place", "owner") if row[c]]
    name = isolated(row["business_id"], 40)
    return Markup('{}<br><span class="note">{}</span>').format(name, Markup(", ").join(known)) if known else name


def _verdict(view: View, row: Row) -> Markup:
    return Markup('<span class="badge {}">{}</span>').format(row["verdict"], view.line(w.VERDICTS[row["verdict"]][0]))


def _why(view: View, row: Row) -> Markup:
    wave = {} if is_null(row["wave_n"]) else {
        "n": view.number(row["wave_n"]), "first": view.day(row["wave_first"]), "last": view.day(row["wave_last"]),
        "expected": view.number(row["wave_expected"])}
    return Markup("; ").join(view.say(REASONS[code], **wave) for code in row["reasons"])
