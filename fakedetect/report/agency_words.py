"""Sentences of the report on several brands, in English and French."""
# ruff: noqa: E501 - a sentence stands whole on one line, its translation under it

from __future__ import annotations

from fakedetect.words import Text

LEFT = Text("{n} more rows stand in {file}.", "{n} autres lignes se trouvent dans {file}.")
TOO_FEW = Text("too few", "trop peu")
SHARE = Text("{share} ({low} to {high})", "{share} ({low} à {high})")
NOT_RUN_NAME = Text("{brand} (not run by the agency)", "{brand} (non gérée par l'agence)")

ACROSS_TITLE = Text("Groups on the pages of several brands", "Groupes sur les pages de plusieurs marques")
ACROSS = Text("{groups} found on the pages of more than one of the {brands} brands.",
              "Sur les pages de plus d'une des {brands} marques : {groups}.")
ACROSS_NONE = Text("No group was found to act together on the pages of more than one of the {brands} brands.",
                   "Aucun groupe n'agit de concert sur les pages de plus d'une des {brands} marques, à ce qu'on en voit.")
GROUP_FOR = Text("{id}: {brands}.", "{id} : {brands}.")
FOR_BRAND = Text("{brand}, {posts}, since {first}", "{brand}, {posts}, depuis le {first}")
BESIDE = Text("; ", " ; ")
ACROSS_CAPTION = Text("What each group did on whose pages", "Ce que chaque groupe a fait, et sur les pages de qui")
ACROSS_HEAD = (Text("Group", "Groupe"), Text("Brand", "Marque"), Text("Reading", "Lecture"),
               Text("Posts on which it acted together", "Publications où il agit de concert"),
               Text("Accounts there", "Comptes présents"), Text("Comments", "Commentaires"), Text("Since", "Depuis"),
               Text("Until", "Jusqu'au"), Text("By chance, on these pages alone", "Par hasard, sur ces pages seules"))
WORKS = {
    True: Text("acts together here", "agit de concert ici"),
    False: Text("its accounts write here; nothing beyond chance", "ses comptes écrivent ici ; rien au-delà du hasard"),
    None: Text("cannot be told on these pages alone", "ne peut pas se dire sur ces pages seules"),
}
ACROSS_HOW = Text("Groups are found on all pages at once. Whether one acts together on a brand's pages is asked once more there alone: are its accounts closer in time, or in their choice of posts, than chance makes them? The answers are held to the run's share of false ones. A group whose accounts merely write on a brand's pages is not counted for it; of a group that is told by its sentences alone this cannot be asked.",
                  "Les groupes sont cherchés sur toutes les pages à la fois. Qu'un groupe agisse de concert sur les pages d'une marque est redemandé là seulement : ses comptes y sont-ils plus proches dans le temps, ou par le choix des publications, que le hasard ne le fait ? Les réponses sont tenues à la part de faux de l'analyse. Un groupe dont les comptes ne font qu'écrire sur les pages d'une marque n'est pas compté pour elle ; d'un groupe qui ne tient qu'à ses phrases, cela ne peut pas se demander.")
ACROSS_WHO = Text("That a group acts on the pages of two brands tells neither who asked it to nor who runs its accounts: an agency, somebody it hired, or people who like both brands.",
                  "Qu'un groupe agisse sur les pages de deux marques ne dit ni qui le lui a demandé ni qui tient ses comptes : une agence, un sous-traitant, ou des gens qui aiment les deux marques.")
BRANDS_CAPTION = Text("The brands", "Les marques")
BRANDS_HEAD = (Text("Brand", "Marque"), Text("Pages", "Pages"), Text("Posts", "Publications"), Text("Comments", "Commentaires"),
               Text("Accounts", "Comptes"), Text("Suspects", "Suspects"), Text("To check", "À vérifier"),
               Text("First hours by suspects", "Premières heures, part des suspects"))

MONTHS_TITLE = Text("First hours by page and month", "Premières heures par page et par mois")
MONTHS_NONE = Text("No post has a first hour that can be told ({refused} says why).",
                   "Aucune publication n'a de première heure qui puisse se dire ({refused} dit pourquoi).")
MONTHS_INTRO = Text("Of the comments that came within an hour of their post, how many suspects wrote, by the month of the post.",
                    "Des commentaires arrivés dans l'heure qui suit leur publication, combien sont de suspects, selon le mois de la publication.")
MONTHS_CAPTION = Text("Comments of the first hours by month and page", "Commentaires des premières heures par mois et par page")
MONTHS_HEAD = (Text("Month", "Mois"), Text("Page", "Page"), Text("Posts", "Publications"), Text("In their first hours", "Dans leurs premières heures"),
               Text("By suspects", "De suspects"), Text("By accounts to check", "De comptes à vérifier"),
               Text("By accounts not judged", "De comptes non jugés"), Text("Share of suspects (95%)", "Part des suspects (95 %)"))
MONTHS_FOLD = Text("In figures: {n} rows", "En chiffres : {n} lignes")
MONTHS_WITHOUT = Text("{posts} without a first hour that can be told: not counted ({refused}).",
                      "{posts} sans première heure qui puisse se dire : non comptée(s) ({refused}).")
MONTHS_HOW = Text("The interval (95%) tells how the share varies between posts; its low end leaves out the share of suspects who may be there by chance, its high end counts the accounts to check as well. Where a month shows none, each post counts as one observation: none on thirty posts leaves up to 12% open. With fewer than eight posts or thirty comments no share is given: too few. Accounts not judged (declared, known to be organic, cleared) are among the comments counted and never among the suspects.",
                  "L'intervalle (95 %) dit comment la part varie d'une publication à l'autre ; sa borne basse ôte la part de suspects qui peuvent l'être par hasard, sa borne haute compte aussi les comptes à vérifier. Où un mois n'en montre aucun, chaque publication vaut une observation : aucun sur trente publications laisse jusqu'à 12 % possibles. À moins de huit publications ou de trente commentaires, aucune part n'est donnée : trop peu. Les comptes non jugés (déclarés, connus comme organiques, mis hors de cause) comptent parmi les commentaires, jamais parmi les suspects.")
CHART_NAME = Text("Comments of the first hours, by month", "Commentaires des premières heures, par mois")
CHART_CAPTION = Text("Comments within an hour of their post, by the month of the post.", "Commentaires dans l'heure qui suit leur publication, selon le mois de celle-ci.")
CHART_SAID = Text("{n} comments came in first hours, {suspects} of them by suspects.", "{n} commentaires dans les premières heures, dont {suspects} de suspects.")

COMPARE_TITLE = Text("Pages that the agency does not run", "Les pages que l'agence ne gère pas")
COMPARE_NONE = Text("No page that the agency does not run was given to compare with (--not-run PATH).",
                    "Aucune page non gérée par l'agence n'a été donnée pour comparer (--not-run CHEMIN).")
COMPARE_TOO_FEW = Text("The pages cannot be compared: on one side there are too few first hours.",
                       "Les pages ne peuvent pas être comparées : d'un côté, il y a trop peu de premières heures.")
COMPARE_LEAD = Text("On the pages that the agency runs, suspects wrote {run} of the first hours; on the others, {not_run}. The difference is {estimate} percentage points (between {low} and {high}).",
                    "Sur les pages que l'agence gère, des suspects ont écrit {run} des premières heures ; sur les autres, {not_run}. L'écart est de {estimate} points (entre {low} et {high}).")
COMPARE_ABOVE = Text("It is more than posts vary by themselves.", "C'est plus que les publications ne varient d'elles-mêmes.")
COMPARE_BELOW = Text("The agency's pages show less of it than the others, by more than posts vary by themselves.",
                     "Les pages de l'agence en montrent moins que les autres, plus que les publications ne varient d'elles-mêmes.")
COMPARE_OPEN = Text("No difference is a possible reading too.", "Une absence d'écart est aussi une lecture possible.")
COMPARE_CAPTION = Text("First hours on both sides", "Les premières heures des deux côtés")
COMPARE_HEAD = (Text("Pages", "Pages"), Text("How many", "Nombre"), Text("Posts", "Publications"), Text("In their first hours", "Dans leurs premières heures"),
                Text("By suspects", "De suspects"), Text("By accounts to check", "De comptes à vérifier"), Text("Months", "Mois"),
                Text("Share of suspects (95%)", "Part des suspects (95 %)"))
RUN = Text("run by the agency", "gérées par l'agence")
NOT_RUN = Text("not run by it", "non gérées par elle")
COMPARE_POSTS = Text("The interval tells how posts vary, not how pages do: with few pages on a side, what they show is theirs and not a rule.",
                     "L'intervalle dit comment varient les publications, non les pages : avec peu de pages d'un côté, ce qu'elles montrent est à elles, ce n'est pas une règle.")
COMPARE_CHOSEN = Text("Whoever chose the pages to compare with chose the answer in part: say how they were chosen.",
                      "Qui a choisi les pages de comparaison a choisi une part de la réponse : dites comment elles l'ont été.")
COMPARE_SPANS = Text("The two sides cover different months.", "Les deux côtés ne couvrent pas les mêmes mois.")

APART_TITLE = Text("Accounts that are not judged", "Comptes qui ne sont pas jugés")
APART_INTRO = Text("A page's own people, accounts known to be organic and accounts that were cleared earlier are never suspects and stand in no group. What they wrote is counted here.",
                   "Les gens de la page, les comptes connus comme organiques et les comptes mis hors de cause auparavant ne sont jamais suspects et ne sont dans aucun groupe. Ce qu'ils ont écrit est compté ici.")
APART_BRAND = Text("{brand}: declares {n}; {seen} declared accounts wrote on its pages.", "{brand} : en déclare {n} ; {seen} comptes déclarés ont écrit sur ses pages.")
APART_KNOWN = Text("Known to be organic (--known-innocent): {n}, of whom {seen} wrote here.", "Connus comme organiques (--known-innocent) : {n}, dont {seen} ont écrit ici.")
APART_CLEARED = Text("Cleared on an earlier audit and signed off by a second person: {n}, of whom {seen} wrote here.",
                     "Mis hors de cause lors d'un audit antérieur, avec la validation d'une seconde personne : {n}, dont {seen} ont écrit ici.")
APART_UNSIGNED = Text("Cleared there by one person alone, which does not count here: {n}.", "Mis hors de cause là par une seule personne, ce qui ne compte pas ici : {n}.")
APART_ELSEWHERE = Text("{accounts} declared for one brand also wrote on the pages of another that does not declare them. Ask both what they were doing there.",
                       "{accounts}, déclarés pour une marque, ont aussi écrit sur les pages d'une autre qui ne les déclare pas. Demandez aux deux ce qu'ils y faisaient.")
STAFF_CAPTION = Text("Declared accounts, by brand on whose pages they wrote", "Comptes déclarés, par marque sur les pages de laquelle ils ont écrit")
CLEARED_CAPTION = Text("Cleared earlier or known to be organic, by brand on whose pages they wrote", "Mis hors de cause ou connus comme organiques, par marque sur les pages de laquelle ils ont écrit")
_WHERE = (Text("Comments", "Commentaires"), Text("Posts", "Publications"), Text("In first hours", "En première heure"))
STAFF_HEAD = (Text("Account", "Compte"), Text("On the pages of", "Sur les pages de"), Text("Declared", "Déclaration"), *_WHERE)
CLEARED_HEAD = (Text("Account", "Compte"), Text("On the pages of", "Sur les pages de"), Text("Why it is not judged", "Pourquoi il n'est pas jugé"), *_WHERE)
WHY_DECLARED = Text("{role}, by {brands}", "{role}, par {brands}")
WHY_KNOWN = Text("named as known to be organic (--known-innocent)", "nommé comme connu pour organique (--known-innocent)")
WHY_CLEARED = Text("cleared on {audit} by {by} on {day}, signed off by {signed}", "mis hors de cause sur {audit} par {by} le {day}, validé par {signed}")
WHY_SAID = Text(": {why}", " : {why}")
ROLES = {
    "owner": Text("owner", "propriétaire"), "staff": Text("staff", "équipe"), "agency": Text("agency", "agence"),
    "moderator": Text("moderator", "modération"), "partner": Text("partner", "partenaire"),
}
