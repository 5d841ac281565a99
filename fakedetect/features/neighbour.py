"""Whom an account stands beside: the accounts right before and right after it on each post."""

from __future__ import annotations

from fakedetect.features.feature import Feature
from fakedetect.features.views import log10, share
from fakedetect.words import Text

_ALONE = "nobody beside it, or no comment times"

NEIGHBOUR: tuple[Feature, ...] = (
    Feature(
        name="beside_again_share", family="neighbour", view="met", unit="share", higher_is="suspect",
        null=_ALONE, needs=("closeness",), sql="sum(case when n_met > 1 then n_met else 0 end) / sum(n_met)",
        label=Text(en="Beside the same accounts again", fr="De nouveau à côté des mêmes comptes"),
        reason=Text(
            en="{value} of the places right beside it are held by accounts that stand beside it more than once "
               "(typical {typical})",
            fr="{value} des places juste à côté de lui reviennent à des comptes qui s'y trouvent plus d'une fois "
               "(habituel {typical})"),
    ),
    Feature(
        name="beside_once_share", family="neighbour", view="company", unit="share", higher_is="either",
        null=_ALONE, needs=("closeness",), sql=share("n_posts = 1"),
        label=Text(en="Beside accounts seen once", fr="À côté de comptes vus une fois"),
        reason=Text(
            en="{value} of the places right beside it are held by accounts that came to one post only (typical "
               "{typical})",
            fr="{value} des places juste à côté de lui reviennent à des comptes venus sur une seule publication "
               "(habituel {typical})"),
    ),
    Feature(
        name="beside_posts_log10", family="neighbour", view="company", unit="log10", higher_is="either",
        null=_ALONE, needs=("closeness",), sql=f"avg({log10('n_posts')})",
        label=Text(en="Activity of those beside it", fr="Activité de ses voisins"),
        reason=Text(
            en="the accounts right beside it came to {value} posts (typical {typical})",
            fr="les comptes juste à côté de lui sont venus sur {value} publications (habituel {typical})"),
    ),
    Feature(
        name="beside_gap_log10", family="neighbour", view="company", unit="log10", higher_is="either",
        null=_ALONE, needs=("closeness",), sql=f"avg({log10('gap_s')})",
        label=Text(en="Distance to those beside it", fr="Distance à ses voisins"),
        reason=Text(
            en="{value} seconds lie between it and those right beside it (typical {typical})",
            fr="{value} secondes le séparent de ceux qui sont juste à côté (habituel {typical})"),
    ),
    Feature(
        name="beside_created_log10", family="neighbour", view="company", unit="log10", higher_is="either",
        null="nobody beside it whose date of creation is known, or its own is not", needs=("closeness",),
        sql=f"avg({log10('created_d')})",
        label=Text(en="Ages of those beside it", fr="Âge de ses voisins"),
        reason=Text(
            en="it and the accounts right beside it were opened {value} days apart (typical {typical})",
            fr="{value} jours séparent son ouverture de celle des comptes juste à côté (habituel {typical})"),
    ),
)
