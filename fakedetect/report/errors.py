"""The section on error rates: what the run was held to, and what was measured where the truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fakedetect import measured
from fakedetect.report import wording as w
from fakedetect.report.blocks import Para, Points, Section, Table
from fakedetect.report.view import View
from fakedetect.words import Text

TITLE = Text("How often this is wrong", "Combien de fois cela se trompe")
INTRO = Text("What the run was held to, and what was measured where the truth is known: pages with nothing planted, "
             "and "
             "campaigns planted on real pages. Your page can differ from those.",
             "Ce à quoi l'analyse s'est tenue, et ce qui a été mesuré là où la vérité est connue : des pages sans rien "
             "d'ajouté, et des campagnes ajoutées à de vraies pages. Votre page peut en différer.")
INTRO_REVIEWS = Text("What the run was held to, and what was measured where the truth is known: simulated review "
                     "sites, "
                     "with and without a campaign. Your site can differ from those.",
                     "Ce à quoi l'analyse s'est tenue, et ce qui a été mesuré là où la vérité est connue : des sites "
                     "d'avis simulés, avec et sans campagne. Votre site peut en différer.")
CAPTION = Text("Measured", "Mesuré")
HEAD = (Text("Where the truth is known", "Là où la vérité est connue"), Text("What was found", "Ce qui a été trouvé"))
SOURCE = Text("Figures of docs/{page}, with how they were measured and what was missed.",
              "Chiffres de docs/{page}, avec la façon de mesurer et ce qui a échappé.")


@dataclass(frozen=True)
class Measured:
    """One result in words; fields are numbers of the figures in `of` ({a_n}: how many were counted; {a_figure} as a
    number, {a_figure_share} as a percentage; {b_n} of the second). rows: pieces of the docs page that say what is said
    here in words alone."""

    where: Text
    found: Text
    of: tuple[measured.Rate, ...] = ()
    rows: tuple[str, ...] = ()


COMMENTS: tuple[Measured, ...] = (
    Measured(Text("Wrongly named: five real dumps presumed clean, {a_n} accounts",
                  "Désignés à tort : cinq vrais exports tenus pour sains, {a_n} comptes"),
             Text("{a_figure} suspects (at most {a_high} in 10,000, 95%), {a_review} to check by hand",
                  "{a_figure} suspect (au plus {a_high} sur 10 000, à 95 %), {a_review} à vérifier à la main"),
             (measured.CLEAN_ACCOUNTS,)),
    Measured(Text("Wrongly named: {a_pages} real pages, their comment times dealt anew {a_n} times in all",
                  "Désignés à tort : {a_pages} vraies pages, leurs heures redistribuées {a_n} fois en tout"),
             Text("a group {a_figure} times (at most {a_high_share} of pages, 95%)",
                  "un groupe {a_figure} fois (au plus {a_high_share} des pages, à 95 %)"), (measured.CLEAN_PAGES,)),
    Measured(Text("Wrongly named: people who come together for good reasons",
                  "Désignés à tort : des gens qui viennent ensemble pour de bonnes raisons"),
             Text("loyal fans: {a_figure} of {a_n}, beside a ring {b_figure} of {b_n}; a fan club: {c_figure} of "
                  "{c_n}",
                  "fidèles : {a_figure} sur {a_n}, à côté d'un groupe concerté {b_figure} sur {b_n} ; un club de "
                  "fans : {c_figure} sur {c_n}"), (measured.LOYAL_FANS, measured.FANS_BESIDE, measured.FAN_CLUB)),
    Measured(Text("Found: rings of 13 on 40% of the posts or more, early or late, in their own words",
                  "Trouvés : groupes de 13 sur 40 % des publications ou plus, tôt ou tard, avec leurs propres mots"),
             Text("2 to 12 hours late {a_figure_share}; in their own words at ordinary times {b_figure_share}",
                  "2 à 12 heures après {a_figure_share} ; avec leurs propres mots à des heures ordinaires "
                  "{b_figure_share}"),
             (measured.LATE, measured.OWN_WORDS)),
    Measured(Text("Missed: small, rare or thrown away", "Manqués : petits, rares ou jetables"),
             Text("3 to 5 accounts on a quarter of the posts: {a_figure_share} named; 13 accounts on {b_n}% of the "
                  "posts: {b_figure_share}; throwaway accounts: {c_figure_share} named, {c_with_review_share} with "
                  "those to check",
                  "3 à 5 comptes sur un quart des publications : {a_figure_share} désignés ; 13 comptes sur {b_n} % "
                  "des publications : {b_figure_share} ; comptes jetables : {c_figure_share} désignés, "
                  "{c_with_review_share} avec ceux à vérifier"), (measured.SMALL, measured.RARE, measured.FARM)),
)
REVIEWS: tuple[Measured, ...] = (
    Measured(Text("Wrongly named: honest reviewers of 272 simulated sites, 2,063,991 looks",
                  "Désignés à tort : clients honnêtes de 272 sites simulés, 2 063 991 examens"),
             Text("0 suspects, 130 to check by hand", "0 suspect, 130 à vérifier à la main"),
             rows=("no innocent of 2,063,991 account looks is a suspect, 130 are put up for review",)),
    Measured(Text("Found: praise for one business, bottom marks for its competitors",
                  "Trouvés : éloges pour un établissement, notes au plus bas pour ses concurrents"),
             Text("nine accounts: 46% named; thirteen: 84%", "neuf comptes : 46 % désignés ; treize : 84 %"),
             rows=("accounts 5 of 8 sites, .46 named, .54 with those for review; thirteen 8 of 8, .84 and .96",)),
    Measured(Text("Missed: bought waves of good or bad marks", "Manqués : vagues achetées de bonnes ou mauvaises "
                                                               "notes"),
             Text("the business stands out on 5 of 8 sites; no account is named",
                  "l'établissement se distingue sur 5 sites sur 8 ; aucun compte n'est désigné"),
             rows=("`praise_wave`, `trash_wave`: their businesses stand out on 5 of 8 sites, their accounts nowhere",)),
    Measured(Text("Missed: praise in drops, or just enough for the next half star",
                  "Manqués : éloges au goutte à goutte, ou juste assez pour la demi-étoile suivante"),
             Text("not seen", "non vus"), rows=("`praise_drip`, `threshold_push`: not seen",)),
)
PAGES: dict[str, tuple[str, Sequence[Measured]]] = {
    "comments": ("measured.md", COMMENTS), "reviews": ("measured-reviews.md", REVIEWS)}
"""Kind of run: the docs page that holds the figures, and what of it is told."""


def errors(view: View) -> Section:
    """The error rates that the run was held to, and measured ones."""
    kind = "reviews" if view.is_reviews else "comments"
    page, results = PAGES[kind]
    summary = view.summary
    held = [view.say(w.METHOD_GATE, alpha=view.percent(summary["page_alpha"], 1)),
            view.say(w.METHOD_FDR, fdr=view.percent(summary["fdr"], 1)),
            view.say(w.METHOD_BASE, odds=view.odds(summary["base_rate"]))]
    rows = [[view.say(text, **_figures(view, m)) for text in (m.where, m.found)] for m in results]
    return Section("errors", view.say(TITLE), [
        Para(view.say(INTRO_REVIEWS if view.is_reviews else INTRO)), Points(held),
        Table(view.line(CAPTION), [view.line(h) for h in HEAD], rows), Para(view.say(SOURCE, page=page), "note")])


def _figures(view: View, said: Measured) -> dict[str, str]:
    """The fields of its sentences."""
    out = {}
    for letter, rate in zip("abc", said.of, strict=False):
        for name, value in rate.values.items():
            out[f"{letter}_{name}"] = view.number(value)
            if value <= 1:
                out[f"{letter}_{name}_share"] = view.percent(value, 2 if value < 0.01 else 0)
    return out
