"""Error rates of the method as a dossier shows them: the figures of `fakedetect.measured`, and what they are not."""
# ruff: noqa: E501 - a row stands whole on one line

from __future__ import annotations

from fakedetect.measured import FANS, FOUND, GATE, INNOCENT, SITES_CLEAN, SITES_FOUND, Rate
from fakedetect.words import Text

Told = tuple[Text, Text, Text, tuple[Rate, ...]]
"""Title, what was counted, what the figure is, rows."""

COMMENTS: tuple[Told, ...] = (
    (Text("Clean pages: how often any group is named", "Pages saines : combien de fois un groupe est nommé"),
     Text("replicates", "répliques"), Text("with a group (chance, 95 %)", "avec un groupe (probabilité, 95 %)"), GATE),
    (Text("Real pages presumed clean: suspects per 10,000 accounts", "Pages réelles présumées saines : suspects pour 10 000 comptes"),
     Text("accounts", "comptes"), Text("per 10,000 (95 %)", "pour 10 000 (95 %)"), INNOCENT),
    (Text("Innocent crowds planted on real pages: accounts accused", "Foules innocentes ajoutées à des pages réelles : comptes accusés"),
     Text("accounts", "comptes"), Text("accused", "accusés"), FANS),
    (Text("Campaigns planted on real pages: share of their accounts named as suspects", "Campagnes ajoutées à des pages réelles : part de leurs comptes désignés comme suspects"),
     Text("accounts", "comptes"), Text("share (95 %)", "part (95 %)"), FOUND),
)
REVIEWS: tuple[Told, ...] = (
    (Text("Simulated review sites with honest crowds only", "Sites d'avis simulés, sans campagne"),
     Text("sites", "sites"), Text("of them", "parmi eux"), SITES_CLEAN),
    (Text("Campaigns on simulated review sites: share of their accounts named as suspects", "Campagnes sur des sites d'avis simulés : part de leurs comptes désignés comme suspects"),
     Text("accounts", "comptes"), Text("share", "part"), SITES_FOUND),
)
TABLES = {"comments": COMMENTS, "reviews": REVIEWS}
"""Kind of run -> what was measured of it."""
LIMITS: tuple[Text, ...] = (
    Text("The truth was planted or presumed: these are no figures of caught campaigns.",
         "La vérité était ajoutée ou présumée : ce ne sont pas des chiffres de campagnes prises sur le fait."),
    Text("The pages are those on which the method was made; others are still to be measured.",
         "Les pages sont celles sur lesquelles la méthode a été faite ; d'autres restent à mesurer."),
    Text("Measured with the versions and models named there, which may not be those of this run.",
         "Mesuré avec les versions et modèles nommés là, qui ne sont peut-être pas ceux de cette analyse."),
    Text("Probabilities of .1 to .5 that the classifier gives were twice too high for kinds of campaign it never saw (docs/measured-classifier.md); the verdict rests on q.",
         "Les probabilités de 0,1 à 0,5 données par le classifieur étaient deux fois trop hautes pour des campagnes d'un genre jamais vu (docs/measured-classifier.md) ; le verdict repose sur q."),
    Text("They are those of the tool alone, before any person decided: whoever acts on this dossier decides, and answers for it.",
         "Ce sont ceux de l'outil seul, avant toute décision humaine : qui agit sur la foi de ce dossier décide, et en répond."),
)
