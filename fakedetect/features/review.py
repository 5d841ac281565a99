"""What an account's reviews say beside those of others: stars, weeks, owners, addresses, what the site and it tell."""

from __future__ import annotations

from fakedetect.features.feature import Feature
from fakedetect.features.views import share
from fakedetect.words import Text

_NO_STARS = "no stars in the file"

REVIEW: tuple[Feature, ...] = (
    Feature(
        name="mark_mean", family="review", view="marked", unit="share", higher_is="either",
        null=_NO_STARS, needs=("marks",), sql="avg(mark)",
        label=Text(en="Mean mark", fr="Note moyenne"),
        reason=Text(
            en="its marks are {value} of the best mark on average (typical {typical})",
            fr="ses notes valent en moyenne {value} de la meilleure (habituel {typical})"),
    ),
    Feature(
        name="mark_extreme_share", family="review", view="marked", unit="share", higher_is="either",
        null=_NO_STARS, needs=("marks",), sql=share("mark >= 0.9 or mark <= 0.3"),
        label=Text(en="Top and bottom marks", fr="Notes extrêmes"),
        reason=Text(
            en="{value} of its marks are the best or the worst (typical {typical})",
            fr="{value} de ses notes sont les meilleures ou les pires (habituel {typical})"),
    ),
    Feature(
        name="mark_above_others", family="review", view="marked", unit="share", higher_is="either",
        null="nobody else gave these items stars", needs=("marks",), sql="avg(mark - others)",
        label=Text(en="Above what others give", fr="Au-dessus des autres notes"),
        reason=Text(
            en="its marks lie {value} of the best mark above those of others on the same items (typical {typical})",
            fr="ses notes dépassent de {value} de la meilleure note celles des autres au même endroit (habituel "
               "{typical})"),
    ),
    Feature(
        name="mark_off_others", family="review", view="marked", unit="share", higher_is="either",
        null="nobody else gave these items stars", needs=("marks",),
        sql="avg(case when mark >= others then mark - others else others - mark end)",
        label=Text(en="Away from what others give", fr="Écart aux autres notes"),
        reason=Text(
            en="its marks lie {value} of the best mark away from those of others on the same items (typical {typical})",
            fr="ses notes s'écartent de {value} de la meilleure note de celles des autres au même endroit (habituel "
               "{typical})"),
    ),
    Feature(
        name="busy_week_bits", family="review", view="busy", unit="bits", higher_is="either",
        null="no stars with a date", needs=("marks", "wave"), sql="avg(log2(ratio))",
        label=Text(en="In busy weeks", fr="En semaines chargées"),
        reason=Text(
            en="in the weeks of its reviews such marks were 2 to the power {value} times as many as in the item's mean "
               "week (typical {typical})",
            fr="dans les semaines de ses avis, de telles notes étaient 2 puissance {value} fois plus nombreuses que "
               "dans la semaine moyenne (habituel {typical})"),
    ),
    Feature(
        name="owner_share", family="review", view="owned", unit="share", higher_is="either",
        null="fewer than two reviews of businesses with a known owner", needs=("marks",),
        sql="case when sum(n_rows) > 1 then max(n_rows) / sum(n_rows) end",
        label=Text(en="Reviews for one owner", fr="Avis pour un même propriétaire"),
        reason=Text(
            en="{value} of its reviews are of one owner's businesses (typical {typical})",
            fr="{value} de ses avis portent sur les établissements d'un même propriétaire (habituel {typical})"),
    ),
    Feature(
        name="device_accounts_max", family="review", view="sharing", unit="count", higher_is="either",
        null="no address or device code in the file", needs=("identity",), sql="max(n_users)",
        label=Text(en="Accounts behind its address", fr="Comptes derrière son adresse"),
        reason=Text(
            en="{value} accounts write from an address or device of its own (typical {typical}); households and hotels "
               "share one, too",
            fr="{value} comptes écrivent depuis une même adresse ou un même appareil que lui (habituel {typical}) ; "
               "foyers et hôtels en partagent aussi"),
    ),
    Feature(
        name="verified_purchase_share", family="review", view="spoken", unit="share", higher_is="either",
        null="the site does not say", sql=share("verified_purchase"),
        label=Text(en="Purchases that the site knows", fr="Achats connus du site"),
        reason=Text(
            en="of {value} of its reviews the site knows the purchase (typical {typical})",
            fr="pour {value} de ses avis, le site connaît l'achat (habituel {typical})"),
    ),
    Feature(
        name="invited_share", family="review", view="spoken", unit="share", higher_is="either",
        null="the site does not say", sql=share("invited"),
        label=Text(en="Reviews it was asked for", fr="Avis sollicités"),
        reason=Text(
            en="for {value} of its reviews it was asked by the site (typical {typical})",
            fr="{value} de ses avis ont été sollicités par le site (habituel {typical})"),
    ),
    Feature(
        name="disclosed_share", family="review", view="given", unit="share", higher_is="either",
        null="no text, or no stars in the file", needs=("text", "marks"), sql=share("discloses"),
        label=Text(en="Incentives it discloses", fr="Contreparties qu'il annonce"),
        reason=Text(
            en="{value} of its texts disclose an incentive (typical {typical})",
            fr="{value} de ses textes annoncent une contrepartie (habituel {typical})"),
    ),
    Feature(
        name="answered_share", family="review", view="given", unit="share", higher_is="either",
        null=_NO_STARS, needs=("marks",), sql=share("answered"),
        label=Text(en="Reviews that were answered", fr="Avis qui ont une réponse"),
        reason=Text(
            en="the business answered {value} of its reviews (typical {typical})",
            fr="l'établissement a répondu à {value} de ses avis (habituel {typical})"),
    ),
    Feature(
        name="mark_off_text", family="review", view="given", unit="share", higher_is="either",
        null="too few words or too few reviews to tell what words say of a mark", needs=("text", "marks"),
        sql="avg(case when mark >= reads then mark - reads else reads - mark end)",
        label=Text(en="Away from what its words say", fr="Écart entre notes et mots"),
        reason=Text(
            en="its marks lie {value} of the best mark away from what its words read as (typical {typical})",
            fr="ses notes s'écartent de {value} de la meilleure note de ce que disent ses mots (habituel {typical})"),
    ),
    Feature(
        name="word_rarity_bits", family="review", view="given", unit="bits", higher_is="either",
        null="too few words or too few reviews to tell which words are rare", needs=("text", "marks"),
        sql="avg(rarity)",
        label=Text(en="Words of its own", fr="Mots bien à lui"),
        reason=Text(
            en="a word of its reviews stands in one review of 2 to the power {value}, on average (typical {typical}); "
               "details make words rare",
            fr="un mot de ses avis figure en moyenne dans un avis sur 2 puissance {value} (habituel {typical}) ; "
               "les détails rendent les mots rares"),
    ),
    Feature(
        name="average_moved_share", family="review", view="moved", unit="share", higher_is="either",
        null="no dated stars for items with eight marks already", needs=("marks", "wave"),
        sql=share("n_halves > 0"),
        label=Text(en="Reviews that move the average shown", fr="Avis qui déplacent la moyenne affichée"),
        reason=Text(
            en="{value} of its reviews moved the average that a site shows by half a star (typical {typical})",
            fr="{value} de ses avis ont déplacé d'une demi-étoile la moyenne affichée (habituel {typical})"),
    ),
)
