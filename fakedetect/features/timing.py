"""When an account comments, relative to the page's own organic curve. Weak evidence: fans are early too."""

from __future__ import annotations

from fakedetect.features.feature import Feature
from fakedetect.features.views import log10, share
from fakedetect.words import Text

_NO_CURVE = "the page has no curve of its own"
_NO_DELAY = "delays cannot be trusted here"
_NO_TIME = "comment times cannot be trusted here"
_NO_HOUR = "the time zone is not known"

TIMING: tuple[Feature, ...] = (
    Feature(
        name="delay_u_median", family="timing", view="firsts", unit="share", higher_is="either",
        null=_NO_CURVE, needs=("delay",), sql="median(delay_u)",
        label=Text(en="Usual moment on a post", fr="Moment habituel sur une publication"),
        reason=Text(
            en="by the time it usually comments, {value} of a post's ordinary comments are there (typical "
               "{typical})",
            fr="au moment où il commente d'habitude, {value} des commentaires ordinaires d'une publication "
               "sont déjà là (habituel {typical})"),
    ),
    Feature(
        name="delay_u_min", family="timing", view="firsts", unit="share", higher_is="either",
        null=_NO_CURVE, needs=("delay",), sql="min(delay_u)",
        label=Text(en="Earliest moment on a post", fr="Moment le plus précoce sur une publication"),
        reason=Text(
            en="at its earliest it commented when {value} of the ordinary comments were there (typical "
               "{typical})",
            fr="au plus tôt, il a commenté quand {value} des commentaires ordinaires étaient là (habituel "
               "{typical})"),
    ),
    Feature(
        name="delay_u_max", family="timing", view="firsts", unit="share", higher_is="either",
        null=_NO_CURVE, needs=("delay",), sql="max(delay_u)",
        label=Text(en="Latest moment on a post", fr="Moment le plus tardif sur une publication"),
        reason=Text(
            en="at its latest it commented when {value} of the ordinary comments were there (typical "
               "{typical})",
            fr="au plus tard, il a commenté quand {value} des commentaires ordinaires étaient là (habituel "
               "{typical})"),
    ),
    Feature(
        name="delay_u_spread", family="timing", view="firsts", unit="share", higher_is="either",
        null="one post only, or no curve", needs=("delay",), sql="stddev_samp(delay_u)",
        label=Text(en="Spread of its moments", fr="Dispersion de ses moments"),
        reason=Text(
            en="its moment varies by {value} of a post's ordinary comments from post to post (typical "
               "{typical})",
            fr="son moment varie de {value} des commentaires ordinaires d'une publication à l'autre "
               "(habituel {typical})"),
    ),
    Feature(
        name="early_share", family="timing", view="firsts", unit="share", higher_is="either",
        null=_NO_CURVE, needs=("delay",), sql=share("delay_u < 0.05"),
        label=Text(en="Very early comments", fr="Commentaires très précoces"),
        reason=Text(
            en="on {value} of its posts it came before 95% of the ordinary comments (typical {typical})",
            fr="sur {value} de ses publications, il est venu avant 95 % des commentaires ordinaires "
               "(habituel {typical})"),
    ),
    Feature(
        name="first_tenth_share", family="timing", view="firsts", unit="share", higher_is="either",
        null=_NO_CURVE, needs=("delay",), sql=share("delay_u < 0.1"),
        label=Text(en="Comments in the first tenth", fr="Commentaires dans le premier dixième"),
        reason=Text(
            en="on {value} of its posts it came within the first tenth of the ordinary comments (typical "
               "{typical})",
            fr="sur {value} de ses publications, il est venu dans le premier dixième des commentaires "
               "ordinaires (habituel {typical})"),
    ),
    Feature(
        name="very_late_share", family="timing", view="firsts", unit="share", higher_is="either",
        null=_NO_CURVE, needs=("delay",), sql=share("delay_u > 0.9"),
        label=Text(en="Very late comments", fr="Commentaires très tardifs"),
        reason=Text(
            en="on {value} of its posts it came after nine tenths of the ordinary comments (typical "
               "{typical})",
            fr="sur {value} de ses publications, il est venu après neuf dixièmes des commentaires "
               "ordinaires (habituel {typical})"),
    ),
    Feature(
        name="delay_median_s", family="timing", view="firsts", unit="s", higher_is="either",
        null=_NO_DELAY, needs=("delay",), sql="median(delay_s)",
        label=Text(en="Usual delay", fr="Délai habituel"),
        reason=Text(
            en="it usually comments {value} after the post (typical {typical})",
            fr="il commente d'habitude {value} après la publication (habituel {typical})"),
    ),
    Feature(
        name="delay_regularity", family="timing", view="firsts", unit="ratio", higher_is="either",
        null="fewer than two posts with a delay", needs=("delay",), sql=f"stddev_samp({log10('delay_s')})",
        label=Text(en="Spread of its delays", fr="Dispersion de ses délais"),
        reason=Text(
            en="its delays spread over {value} powers of ten (0: always the same delay; typical {typical})",
            fr="ses délais s'étalent sur {value} puissances de dix (0 = toujours le même délai, habituel "
               "{typical})"),
    ),
    Feature(
        name="first_hour_posts_share", family="timing", view="firsts", unit="share", higher_is="either",
        null=_NO_DELAY, needs=("delay",), sql=share("delay_s <= 3600"),
        label=Text(en="Posts commented within the hour", fr="Publications commentées dans l'heure"),
        reason=Text(
            en="on {value} of its posts it came within the first hour (typical {typical})",
            fr="sur {value} de ses publications, il est venu dans la première heure (habituel {typical})"),
    ),
    Feature(
        name="place_min", family="timing", view="places", unit="count", higher_is="either",
        null=_NO_TIME, needs=("closeness",), sql="min(place)",
        label=Text(en="Best place in the queue", fr="Meilleure place dans la file"),
        reason=Text(
            en="at its earliest it was account number {value} to comment on a post (typical {typical})",
            fr="au plus tôt, il a été le compte numéro {value} à commenter une publication "
               "(habituel {typical})"),
    ),
    Feature(
        name="top_three_share", family="timing", view="places", unit="share", higher_is="either",
        null=_NO_TIME, needs=("closeness",), sql=share("place <= 3"),
        label=Text(en="Among the first three", fr="Parmi les trois premiers"),
        reason=Text(
            en="on {value} of its posts it was among the first three accounts (typical {typical})",
            fr="sur {value} de ses publications, il était parmi les trois premiers comptes "
               "(habituel {typical})"),
    ),
    Feature(
        name="top_ten_share", family="timing", view="places", unit="share", higher_is="either",
        null=_NO_TIME, needs=("closeness",), sql=share("place <= 10"),
        label=Text(en="Among the first ten", fr="Parmi les dix premiers"),
        reason=Text(
            en="on {value} of its posts it was among the first ten accounts (typical {typical})",
            fr="sur {value} de ses publications, il était parmi les dix premiers comptes "
               "(habituel {typical})"),
    ),
    Feature(
        name="burst_posts_share", family="timing", view="firsts", unit="share", higher_is="either",
        null="first hours cannot be measured here", needs=("burst",), sql=share("first_hour_excess > 0"),
        label=Text(en="Posts with a busy first hour", fr="Publications à première heure chargée"),
        reason=Text(
            en="{value} of its posts had a busier first hour than this page leads to expect (typical "
               "{typical})",
            fr="{value} de ses publications ont eu une première heure plus chargée qu'attendu sur cette "
               "page (habituel {typical})"),
    ),
    Feature(
        name="burst_excess_mean", family="timing", view="firsts", unit="share", higher_is="either",
        null="first hours cannot be measured here", needs=("burst",), sql="avg(first_hour_excess)",
        label=Text(en="First-hour excess of its posts", fr="Excès de première heure de ses publications"),
        reason=Text(
            en="the first hours of its posts exceed what this page leads to expect by {value} of the "
               "comments (typical {typical})",
            fr="les premières heures de ses publications dépassent ce qu'on attend sur cette page de "
               "{value} des commentaires (habituel {typical})"),
    ),
    Feature(
        name="gap_median_s", family="timing", view="gaps", unit="s", higher_is="either",
        null="one comment only", needs=("closeness",), sql="median(gap_s)",
        label=Text(en="Usual pause between comments", fr="Pause habituelle entre commentaires"),
        reason=Text(
            en="it usually leaves {value} between two of its comments (typical {typical})",
            fr="il laisse d'habitude {value} entre deux de ses commentaires (habituel {typical})"),
    ),
    Feature(
        name="gap_min_s", family="timing", view="gaps", unit="s", higher_is="either",
        null="one comment only", needs=("closeness",), sql="min(gap_s)",
        label=Text(en="Shortest pause between comments", fr="Pause la plus courte entre commentaires"),
        reason=Text(
            en="its two closest comments are {value} apart (typical {typical})",
            fr="ses deux commentaires les plus proches sont à {value} l'un de l'autre (habituel {typical})"),
    ),
    Feature(
        name="gap_variation", family="timing", view="gaps", unit="ratio", higher_is="either",
        null="fewer than three comments", needs=("closeness",),
        sql="stddev_samp(gap_s) / nullif(avg(gap_s), 0)",
        label=Text(en="Regularity of posting", fr="Régularité des commentaires"),
        reason=Text(
            en="the pauses between its comments vary by {value} times their mean (0: a metronome; typical "
               "{typical})",
            fr="les pauses entre ses commentaires varient de {value} fois leur moyenne (0 = un métronome, "
               "habituel {typical})"),
    ),
    Feature(
        name="gap_minute_share", family="timing", view="gaps", unit="share", higher_is="either",
        null="one comment only", needs=("closeness",), sql=share("gap_s < 60"),
        label=Text(en="Comments in quick succession", fr="Commentaires coup sur coup"),
        reason=Text(
            en="{value} of its comments follow the one before within a minute (typical {typical})",
            fr="{value} de ses commentaires suivent le précédent en moins d'une minute (habituel {typical})"),
    ),
    Feature(
        name="gap_week_share", family="timing", view="gaps", unit="share", higher_is="either",
        null="one comment only", needs=("closeness",), sql=share("gap_s > 604800"),
        label=Text(en="Long silences", fr="Longs silences"),
        reason=Text(
            en="{value} of its comments come after more than a week of silence (typical {typical})",
            fr="{value} de ses commentaires viennent après plus d'une semaine de silence (habituel "
               "{typical})"),
    ),
    Feature(
        name="hour_entropy_bits", family="timing", view="hours", unit="bits", higher_is="either",
        null="fewer than three comments, or no time zone", needs=("hours",),
        sql="case when sum(n_rows) > 2 then log2(sum(n_rows)) - sum(n_rows * log2(n_rows)) / sum(n_rows) end",
        label=Text(en="Variety of hours", fr="Variété des heures"),
        reason=Text(
            en="its comments spread over the hours of the day with a variety of {value} bits (0: always "
               "the same hour, 4.6: all hours alike; typical {typical})",
            fr="ses commentaires se répartissent sur les heures du jour avec une variété de {value} bits "
               "(0 = toujours la même heure, 4,6 = toutes les heures également, habituel {typical})"),
    ),
    Feature(
        name="top_hour_share", family="timing", view="hours", unit="share", higher_is="either",
        null="fewer than three comments, or no time zone", needs=("hours",),
        sql="case when sum(n_rows) > 2 then max(n_rows) / sum(n_rows) end",
        label=Text(en="Share of its busiest hour", fr="Part de son heure la plus chargée"),
        reason=Text(
            en="{value} of its comments fall in one and the same hour of the day (typical {typical})",
            fr="{value} de ses commentaires tombent dans une même heure du jour (habituel {typical})"),
    ),
    Feature(
        name="night_share", family="timing", view="hours", unit="share", higher_is="either",
        null=_NO_HOUR, needs=("hours",),
        sql="sum(case when hour < 6 then n_rows when hour >= 6 then 0 end) / sum(n_rows)",
        label=Text(en="Comments at night", fr="Commentaires de nuit"),
        reason=Text(
            en="{value} of its comments come between midnight and 6 a.m. (typical {typical})",
            fr="{value} de ses commentaires viennent entre minuit et 6 h (habituel {typical})"),
    ),
)
