"""Error rates of the method, as docs/measured.md and docs/measured-classifier.md state them; no other number.

`page` names where a row stands there; tests/test_dossier_words.py holds the figures to it. They were measured on pages
where the truth was planted, with the versions named there: on other pages they may be otherwise.
"""
# ruff: noqa: E501 - a row stands whole on one line

from __future__ import annotations

from dataclasses import dataclass

from fakedetect.words import Text


@dataclass(frozen=True)
class Rate:
    """One measured figure: of what, how many were counted, the figure, its interval (95 %), and the row of the page
    that it stands in."""

    stratum: Text
    counted: str
    figure: str
    interval: str
    page: str
    row: str


MEASURED, CLASSIFIER = "docs/measured.md", "docs/measured-classifier.md"

GATE: tuple[Rate, ...] = (
    Rate(Text("TikTok, 12 pages", "TikTok, 12 pages"), "384", "0", "0 - .0078", MEASURED, "| tiktok_creators | 12 | 384 | 0 |"),
    Rate(Text("Reddit, 4 pages", "Reddit, 4 pages"), "128", "0", "0 - .0231", MEASURED, "| reddit_forums | 4 | 128 | 0 |"),
    Rate(Text("both", "les deux"), "512", "0", "0 - .0058", MEASURED, "| all | 16 | 512 | 0 |"),
)
"""Pages without a group (times dealt anew): replicates, and in how many a group was named."""

INNOCENT: tuple[Rate, ...] = (
    Rate(Text("TikTok creators", "Créateurs TikTok"), "237,931", "0", "0 - .13", MEASURED, "| tiktok_creators | 237,931 | 0 | 0 |"),
    Rate(Text("Reddit forums", "Forums Reddit"), "81,337", "0", "0 - .37", MEASURED, "| reddit_forums | 81,337 | 0 | 0 |"),
    Rate(Text("a sponsored Reddit forum", "un forum Reddit sponsorisé"), "3,533", "0", "0 - 8.5", MEASURED, "| reddit_sponsor | 3,533 | 0 | 0 |"),
    Rate(Text("Weibo posts", "Publications Weibo"), "218,777", "0", "0 - .14", MEASURED, "| weibo_posts | 218,777 | 0 | 0 |"),
    Rate(Text("YouTube, 2013", "YouTube, 2013"), "60,935", "0", "0 - .49", MEASURED, "| youtube_2013 | 60,935 | 0 | 244 |"),
    Rate(Text("all five", "les cinq"), "602,513", "0", "0 - .05", MEASURED, "| all | 602,513 | 0 | 244 |"),
)
"""Real pages presumed clean: accounts, and suspects per 10,000 of them."""

FOUND: tuple[Rate, ...] = (
    Rate(Text("13 accounts, seconds apart, early, on 60 % of posts", "13 comptes, à quelques secondes, tôt, sur 60 % des publications"), "208", "1.000", "1.00-1.00", MEASURED, "| tight (gaps of 25 s), early"),
    Rate(Text("the same among 30 loyal fans", "les mêmes parmi 30 fidèles"), "208", "1.000", "1.00-1.00", MEASURED, "| tight, hidden among 30 loyal fans"),
    Rate(Text("spaced 15 minutes apart", "espacés de 15 minutes"), "208", "1.000", "1.00-1.00", MEASURED, "| spaced 15 min apart"),
    Rate(Text("spaced 45 minutes apart", "espacés de 45 minutes"), "208", "1.000", "1.00-1.00", MEASURED, "| spaced 45 min apart"),
    Rate(Text("on 10 to 15 % of posts", "sur 10 à 15 % des publications"), "208", ".990", ".98-1.00", MEASURED, "| tight, on 10 to 15 % of posts"),
    Rate(Text("3 to 5 accounts, 25 % of posts, 5 minutes apart", "3 à 5 comptes, 25 % des publications, à 5 minutes"), "58", ".810", ".60-1.00", MEASURED, "| 3 to 5 accounts, 25 % of posts"),
    Rate(Text("own words at ordinary times, 40 % of posts", "leurs propres mots à des heures ordinaires, 40 % des publications"), "208", "1.000", "1.00-1.00", MEASURED, "| own words at ordinary times, 40 % of posts"),
    Rate(Text("throwaway farm of 120 accounts", "ferme jetable de 120 comptes"), "1,920", ".421", ".35-.47", MEASURED, "| throwaway farm: 120 accounts"),
)
"""Campaigns planted on real pages: accounts, and the share named as suspects."""

FANS: tuple[Rate, ...] = (
    Rate(Text("30 loyal fans on each page, no campaign", "30 fidèles par page, sans campagne"), "480", "0", "", MEASURED, "| none: 30 loyal fans | "),
    Rate(Text("a fan club of 15 on the page's topic days", "un club de 15 fans, aux jours de son sujet"), "240", "3", "", MEASURED, "| none: a fan club of 15 on the page's topic days |"),
)
"""Innocent crowds planted on real pages: accounts, and how many were accused."""

TABLES: tuple[tuple[Text, Text, Text, tuple[Rate, ...]], ...] = (
    (Text("Clean pages: how often any group is named", "Pages saines : combien de fois un groupe est nommé"),
     Text("replicates", "répliques"), Text("with a group (chance, 95 %)", "avec un groupe (probabilité, 95 %)"), GATE),
    (Text("Real pages presumed clean: suspects per 10,000 accounts", "Pages réelles présumées saines : suspects pour 10 000 comptes"),
     Text("accounts", "comptes"), Text("per 10,000 (95 %)", "pour 10 000 (95 %)"), INNOCENT),
    (Text("Innocent crowds planted on real pages: accounts accused", "Foules innocentes ajoutées à des pages réelles : comptes accusés"),
     Text("accounts", "comptes"), Text("accused", "accusés"), FANS),
    (Text("Campaigns planted on real pages: share of their accounts named as suspects", "Campagnes ajoutées à des pages réelles : part de leurs comptes désignés comme suspects"),
     Text("accounts", "comptes"), Text("share (95 %)", "part (95 %)"), FOUND),
)
"""Title, what was counted, what the figure is, rows."""
LIMITS: tuple[Text, ...] = (
    Text("The truth was planted or presumed: these are no figures of caught campaigns.",
         "La vérité était ajoutée ou présumée : ce ne sont pas des chiffres de campagnes prises sur le fait."),
    Text("The pages are those on which the method was made; others are still to be measured.",
         "Les pages sont celles sur lesquelles la méthode a été faite ; d'autres restent à mesurer."),
    Text("Measured with the versions and models named there, which may not be those of this run.",
         "Mesuré avec les versions et modèles nommés là, qui ne sont peut-être pas ceux de cette analyse."),
    Text("Probabilities of .1 to .5 that the classifier gives were twice too high for kinds of campaign it never saw (docs/measured-classifier.md); the verdict rests on q.",
         "Les probabilités de 0,1 à 0,5 données par le classifieur étaient deux fois trop hautes pour des campagnes d'un genre jamais vu (docs/measured-classifier.md) ; le verdict repose sur q."),
    Text("No human moderator decided here: whoever acts on this dossier decides, and answers for it.",
         "Aucun modérateur n'a décidé ici : qui agit sur la foi de ce dossier décide, et en répond."),
)
