"""The section on error rates: what the run was held to, and what was measured where the truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """One result of the docs page; `rows` are pieces of text that stand in it."""

    rows: tuple[str, ...]
    where: Text
    found: Text


COMMENTS: tuple[Measured, ...] = (
    Measured(("| all | 602,513 | 0 | 244 | 0 (.05) | |",),
             Text("Wrongly named: five real dumps presumed clean, 602,513 accounts",
                  "Désignés à tort : cinq vrais exports tenus pour sains, 602 513 comptes"),
             Text("0 suspects (at most .05 in 10,000, 95%), 244 to check by hand",
                  "0 suspect (au plus 0,05 sur 10 000, à 95 %), 244 à vérifier à la main")),
    Measured(("| all | 16 | 512 | 0 | 0 (.0058) | .02 | 0 of 144,160 |",),
             Text("Wrongly named: 16 real pages, their comment times dealt anew 512 times in all",
                  "Désignés à tort : 16 vraies pages, leurs heures redistribuées 512 fois en tout"),
             Text("never a group (at most .58% of pages, 95%)", "jamais de groupe (au plus 0,58 % des pages, à 95 %)")),
    Measured(("| none: 30 loyal fans | | | | | | 0 | 0 of 480 |", "| 0 | **3** of 240 |", "| 0 | 1 of 480 |"),
             Text("Wrongly named: people who come together for good reasons",
                  "Désignés à tort : des gens qui viennent ensemble pour de bonnes raisons"),
             Text("loyal fans: 0 of 480, beside a ring 1 of 480; a fan club: 3 of 240",
                  "fidèles : 0 sur 480, à côté d'un groupe concerté 1 sur 480 ; un club de fans : 3 sur 240")),
    Measured(("| the same, 2 to 12 hours late | 208 | 42-184 | 1.000",
              "| own words at ordinary times, 40 % of posts | 208 | 28-122 | 1.000"),
             Text("Found: rings of 13 on 40% of the posts or more, early or late, in their own words",
                  "Trouvés : groupes de 13 sur 40 % des publications ou plus, tôt ou tard, avec leurs propres mots"),
             Text("all, or nearly all", "tous, ou presque")),
    Measured(("**.810** (.60-1.00)", "5 %: .567 (.38-.75)", ".421 (.35-.47) | **.883**"),
             Text("Missed: small, rare or thrown away", "Manqués : petits, rares ou jetables"),
             Text("3 to 5 accounts on a quarter of the posts: 81% named; 13 accounts on 5% of the posts: 57%; "
                  "throwaway accounts: 42% named, 88% with those to check",
                  "3 à 5 comptes sur un quart des publications : 81 % désignés ; 13 comptes sur 5 % des publications : "
                  "57 % ; comptes jetables : 42 % désignés, 88 % avec ceux à vérifier")),
)
REVIEWS: tuple[Measured, ...] = (
    Measured(("no innocent of 2,063,991 account looks is a suspect, 130 are put up for review",),
             Text("Wrongly named: honest reviewers of 272 simulated sites, 2,063,991 looks",
                  "Désignés à tort : clients honnêtes de 272 sites simulés, 2 063 991 examens"),
             Text("0 suspects, 130 to check by hand", "0 suspect, 130 à vérifier à la main")),
    Measured(("accounts 5 of 8 sites, .46 named, .54 with those for review; thirteen 8 of 8, .84 and .96",),
             Text("Found: praise for one business, bottom marks for its competitors",
                  "Trouvés : éloges pour un établissement, notes au plus bas pour ses concurrents"),
             Text("nine accounts: 46% named; thirteen: 84%", "neuf comptes : 46 % désignés ; treize : 84 %")),
    Measured(("`praise_wave`, `trash_wave`: their businesses stand out on 5 of 8 sites, their accounts nowhere",),
             Text("Missed: bought waves of good or bad marks", "Manqués : vagues achetées de bonnes ou mauvaises "
                                                               "notes"),
             Text("the business stands out on 5 of 8 sites; no account is named",
                  "l'établissement se distingue sur 5 sites sur 8 ; aucun compte n'est désigné")),
    Measured(("`praise_drip`, `threshold_push`: not seen",),
             Text("Missed: praise in drops, or just enough for the next half star",
                  "Manqués : éloges au goutte à goutte, ou juste assez pour la demi-étoile suivante"),
             Text("not seen", "non vus")),
)
PAGES: dict[str, tuple[str, Sequence[Measured]]] = {
    "comments": ("measured.md", COMMENTS), "reviews": ("measured-reviews.md", REVIEWS)}
"""Kind of run: the docs page that holds the figures, and what of it is told."""


def errors(view: View) -> Section:
    """The error rates that the run was held to, and measured ones."""
    kind = "reviews" if view.is_reviews else "comments"
    page, measured = PAGES[kind]
    summary = view.summary
    held = [view.say(w.METHOD_GATE, alpha=view.percent(summary["page_alpha"], 1)),
            view.say(w.METHOD_FDR, fdr=view.percent(summary["fdr"], 1)),
            view.say(w.METHOD_BASE, odds=view.odds(summary["base_rate"]))]
    rows = [[view.say(m.where), view.say(m.found)] for m in measured]
    return Section("errors", view.say(TITLE), [
        Para(view.say(INTRO_REVIEWS if view.is_reviews else INTRO)), Points(held),
        Table(view.line(CAPTION), [view.line(h) for h in HEAD], rows), Para(view.say(SOURCE, page=page), "note")])
