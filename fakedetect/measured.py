"""Figures of the method, as the pages of docs/ state them, each once: report and dossiers tell them from here.

`page` and `row` name where one stands; tests/test_measured.py holds the figures to it. They were measured on pages where
the truth was planted or presumed, with the versions named there: on other pages they may be otherwise.
"""
# ruff: noqa: E501 - a row stands whole on one line

from __future__ import annotations

from dataclasses import dataclass

from fakedetect.words import Text


@dataclass(frozen=True)
class Rate:
    """One measured figure: of what, how many were counted, the figure, its interval (95 %), and the row of the page
    that it stands in; numbers as the page writes them. more: other figures of that row, by name."""

    stratum: Text
    counted: str
    figure: str
    interval: str
    page: str
    row: str
    more: tuple[tuple[str, str], ...] = ()

    @property
    def values(self) -> dict[str, float]:
        """The numbers by name: n (counted), figure, high (of its interval), and those of `more`."""
        high = self.interval.split("-")[-1].strip()
        told = {"n": self.counted, "figure": self.figure, **({"high": high} if high else {}), **dict(self.more)}
        return {k: float(v.replace(",", "").rstrip(" %")) for k, v in told.items()}


MEASURED = "docs/measured.md"

CLEAN_PAGES = Rate(Text("both", "les deux"), "512", "0", "0 - .0058", MEASURED, "| all | 16 | 512 | 0 |", more=(("pages", "16"),))
CLEAN_ACCOUNTS = Rate(Text("all five", "les cinq"), "602,513", "0", "0 - .05", MEASURED, "| all | 602,513 | 0 | 244 |", more=(("review", "244"),))
SMALL = Rate(Text("3 to 5 accounts, 25 % of posts, 5 minutes apart", "3 à 5 comptes, 25 % des publications, à 5 minutes"), "58", ".810", ".60-1.00", MEASURED, "| 3 to 5 accounts, 25 % of posts")
OWN_WORDS = Rate(Text("own words at ordinary times, 40 % of posts", "leurs propres mots à des heures ordinaires, 40 % des publications"), "208", "1.000", "1.00-1.00", MEASURED, "| own words at ordinary times, 40 % of posts")
FARM = Rate(Text("throwaway farm of 120 accounts", "ferme jetable de 120 comptes"), "1,920", ".421", ".35-.47", MEASURED, "| throwaway farm: 120 accounts", more=(("with_review", ".883"),))
LOYAL_FANS = Rate(Text("30 loyal fans on each page, no campaign", "30 fidèles par page, sans campagne"), "480", "0", "", MEASURED, "| none: 30 loyal fans | ")
FAN_CLUB = Rate(Text("a fan club of 15 on the page's topic days", "un club de 15 fans, aux jours de son sujet"), "240", "3", "", MEASURED, "| none: a fan club of 15 on the page's topic days |")
LATE = Rate(Text("13 accounts, 2 to 12 hours late", "13 comptes, 2 à 12 heures après"), "208", "1.000", "1.00-1.00", MEASURED, "| the same, 2 to 12 hours late")
FANS_BESIDE = Rate(Text("30 loyal fans beside a ring", "30 fidèles à côté d'un groupe concerté"), "480", "1", "", MEASURED, "| tight, hidden among 30 loyal fans")
RARE = Rate(Text("13 accounts on 5 % of posts", "13 comptes sur 5 % des publications"), "5 %", ".567", ".38-.75", MEASURED, "| participation | 5 %")

GATE: tuple[Rate, ...] = (
    Rate(Text("TikTok, 12 pages", "TikTok, 12 pages"), "384", "0", "0 - .0078", MEASURED, "| tiktok_creators | 12 | 384 | 0 |"),
    Rate(Text("Reddit, 4 pages", "Reddit, 4 pages"), "128", "0", "0 - .0231", MEASURED, "| reddit_forums | 4 | 128 | 0 |"),
    CLEAN_PAGES,
)
"""Pages without a group (times dealt anew): replicates, and in how many a group was named."""

INNOCENT: tuple[Rate, ...] = (
    Rate(Text("TikTok creators", "Créateurs TikTok"), "237,931", "0", "0 - .13", MEASURED, "| tiktok_creators | 237,931 | 0 | 0 |"),
    Rate(Text("Reddit forums", "Forums Reddit"), "81,337", "0", "0 - .37", MEASURED, "| reddit_forums | 81,337 | 0 | 0 |"),
    Rate(Text("a sponsored Reddit forum", "un forum Reddit sponsorisé"), "3,533", "0", "0 - 8.5", MEASURED, "| reddit_sponsor | 3,533 | 0 | 0 |"),
    Rate(Text("Weibo posts", "Publications Weibo"), "218,777", "0", "0 - .14", MEASURED, "| weibo_posts | 218,777 | 0 | 0 |"),
    Rate(Text("YouTube, 2013", "YouTube, 2013"), "60,935", "0", "0 - .49", MEASURED, "| youtube_2013 | 60,935 | 0 | 244 |"),
    CLEAN_ACCOUNTS,
)
"""Real pages presumed clean: accounts, and suspects per 10,000 of them."""

FOUND: tuple[Rate, ...] = (
    Rate(Text("13 accounts, seconds apart, early, on 60 % of posts", "13 comptes, à quelques secondes, tôt, sur 60 % des publications"), "208", "1.000", "1.00-1.00", MEASURED, "| tight (gaps of 25 s), early"),
    Rate(Text("the same among 30 loyal fans", "les mêmes parmi 30 fidèles"), "208", "1.000", "1.00-1.00", MEASURED, "| tight, hidden among 30 loyal fans"),
    Rate(Text("spaced 15 minutes apart", "espacés de 15 minutes"), "208", "1.000", "1.00-1.00", MEASURED, "| spaced 15 min apart"),
    Rate(Text("spaced 45 minutes apart", "espacés de 45 minutes"), "208", "1.000", "1.00-1.00", MEASURED, "| spaced 45 min apart"),
    Rate(Text("on 10 to 15 % of posts", "sur 10 à 15 % des publications"), "208", ".990", ".98-1.00", MEASURED, "| tight, on 10 to 15 % of posts"),
    SMALL,
    OWN_WORDS,
    FARM,
)
"""Campaigns planted on real pages: accounts, and the share named as suspects."""

FANS: tuple[Rate, ...] = (
    LOYAL_FANS,
    FAN_CLUB,
)
"""Innocent crowds planted on real pages: accounts, and how many were accused."""

TOLD: tuple[Rate, ...] = (LATE, FANS_BESIDE, RARE)
"""Told one by one alone."""

SITES = "docs/measured-reviews.md"
SITES_CLEAN: tuple[Rate, ...] = (
    Rate(Text("sites on which a group is put up for review", "sites où un groupe est à vérifier"), "200", "4", "", SITES, "| none | 200 |"),
    Rate(Text("sites on which an account is named as a suspect", "sites où un compte est désigné comme suspect"), "200", "0", "", SITES, "| none | 200 |"),
)
"""Simulated review sites without a campaign."""

SITES_FOUND: tuple[Rate, ...] = (
    Rate(Text("9 accounts that praise one business and trash its rivals", "9 comptes qui louent un établissement et dénigrent ses concurrents"), "72", "0.64", "", SITES, "| praise_and_trash | 8 |"),
    Rate(Text("the same, 13 accounts", "les mêmes, 13 comptes"), "104", "0.77", "", SITES, "| praise_and_trash, 13 |"),
    Rate(Text("a bought wave of praise", "une vague d'éloges achetée"), "200", "0.00", "", SITES, "| praise_wave | 8 |"),
    Rate(Text("bought praise, drop by drop", "des éloges achetés au goutte à goutte"), "320", "0.00", "", SITES, "| praise_drip | 8 |"),
    Rate(Text("praise that buries a crisis (half of them for review)", "des éloges qui noient une crise (la moitié à vérifier)"), "280", "0.00", "", SITES, "| laundering | 8 |"),
    Rate(Text("a dozen accounts behind two addresses (most of them for review)", "une douzaine de comptes derrière deux adresses (la plupart à vérifier)"), "96", "0.00", "", SITES, "| one_device | 8 |"),
)
"""Campaigns on simulated review sites: accounts, and the share named as suspects."""
