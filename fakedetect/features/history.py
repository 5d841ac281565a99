"""How much an account comments, where, how steadily, and how it is received."""

from __future__ import annotations

from fakedetect.features.feature import Feature
from fakedetect.features.views import share
from fakedetect.words import Text

_NO_LIKES = "likes not in the file"

HISTORY: tuple[Feature, ...] = (
    Feature(
        name="n_comments", family="history", view="spoken", unit="count", higher_is="either",
        null="never", sql="count(*)",
        label=Text(en="Comments", fr="Commentaires"),
        reason=Text(
            en="it wrote {value} comments (typical {typical})",
            fr="il a écrit {value} commentaires (habituel {typical})"),
    ),
    Feature(
        name="n_posts", family="history", view="pages", unit="count", higher_is="either",
        null="never", sql="sum(n_posts)",
        label=Text(en="Posts commented", fr="Publications commentées"),
        reason=Text(
            en="it commented on {value} posts (typical {typical})",
            fr="il a commenté {value} publications (habituel {typical})"),
    ),
    Feature(
        name="comments_per_post", family="history", view="pages", unit="ratio", higher_is="either",
        null="never", sql="sum(n_rows) / sum(n_posts)",
        label=Text(en="Comments per post", fr="Commentaires par publication"),
        reason=Text(
            en="it writes {value} comments on a post (typical {typical})",
            fr="il écrit {value} commentaires par publication (habituel {typical})"),
    ),
    Feature(
        name="active_days", family="history", view="days", unit="days", higher_is="either",
        null="no comment times", needs=("history",), sql="count(*)",
        label=Text(en="Days with a comment", fr="Jours avec un commentaire"),
        reason=Text(
            en="it commented on {value} different days (typical {typical})",
            fr="il a commenté {value} jours différents (habituel {typical})"),
    ),
    Feature(
        name="span_days", family="history", view="spoken", unit="days", higher_is="either",
        null="no comment times", needs=("history",), sql="(max(comment_s) - min(comment_s)) / 86400",
        label=Text(en="From first to last comment", fr="Du premier au dernier commentaire"),
        reason=Text(
            en="{value} days lie between its first and its last comment (typical {typical})",
            fr="{value} jours séparent son premier et son dernier commentaire (habituel {typical})"),
    ),
    Feature(
        name="comments_per_active_day", family="history", view="days", unit="ratio", higher_is="either",
        null="no comment times", needs=("history",), sql="avg(n_rows)",
        label=Text(en="Comments per active day", fr="Commentaires par jour actif"),
        reason=Text(
            en="on a day on which it comments, it writes {value} comments (typical {typical})",
            fr="un jour où il commente, il écrit {value} commentaires (habituel {typical})"),
    ),
    Feature(
        name="busiest_day_share", family="history", view="days", unit="share", higher_is="either",
        null="one comment only, or no comment times", needs=("history",),
        sql="case when sum(n_rows) > 1 then max(n_rows) / sum(n_rows) end",
        label=Text(en="Share of its busiest day", fr="Part de son jour le plus chargé"),
        reason=Text(
            en="{value} of its comments fall on one day (typical {typical})",
            fr="{value} de ses commentaires tombent un même jour (habituel {typical})"),
    ),
    Feature(
        name="active_day_share", family="history", view="days", unit="share", higher_is="either",
        null="one active day only, or no comment times", needs=("history",),
        sql="case when count(*) > 1 then count(*) / cast(max(day) - min(day) + 1 as double) end",
        label=Text(en="Steadiness", fr="Assiduité"),
        reason=Text(
            en="from its first day to its last it commented on {value} of the days (typical {typical})",
            fr="de son premier à son dernier jour, il a commenté {value} des jours (habituel {typical})"),
    ),
    Feature(
        name="activity_centre_share", family="history", view="spoken", unit="share", higher_is="either",
        null="fewer than two moments, or no comment times", needs=("history",),
        sql="(avg(comment_s) - min(comment_s)) / nullif(max(comment_s) - min(comment_s), 0)",
        label=Text(en="Centre of its activity", fr="Centre de son activité"),
        reason=Text(
            en="its comments centre at {value} of the way from its first to its last (typical {typical})",
            fr="ses commentaires se centrent à {value} du chemin entre le premier et le dernier (habituel "
               "{typical})"),
    ),
    Feature(
        name="n_pages", family="history", view="pages", unit="count", higher_is="either",
        null="never", sql="count(*)",
        label=Text(en="Pages", fr="Pages"),
        reason=Text(
            en="it commented on {value} of the pages in this run (typical {typical})",
            fr="il a commenté sur {value} des pages de cet examen (habituel {typical})"),
    ),
    Feature(
        name="top_page_share", family="history", view="pages", unit="share", higher_is="either",
        null="never", sql="max(n_rows) / sum(n_rows)",
        label=Text(en="Share of its main page", fr="Part de sa page principale"),
        reason=Text(
            en="{value} of its comments stand on one page (typical {typical})",
            fr="{value} de ses commentaires se trouvent sur une seule page (habituel {typical})"),
    ),
    Feature(
        name="post_share", family="history", view="pages", unit="share", higher_is="either",
        null="fewer than two posts with a time", needs=("history",),
        sql="case when sum(n_dated) > 1 then sum(n_dated) / sum(n_passed) end",
        label=Text(en="Posts it did not miss", fr="Publications qu'il n'a pas manquées"),
        reason=Text(
            en="it commented on {value} of the posts published from its first to its last (typical "
               "{typical})",
            fr="il a commenté {value} des publications parues de sa première à sa dernière (habituel "
               "{typical})"),
    ),
    Feature(
        name="likes_mean", family="history", view="spoken", unit="ratio", higher_is="either",
        null=_NO_LIKES, sql="avg(likes)",
        label=Text(en="Likes per comment", fr="J'aime par commentaire"),
        reason=Text(
            en="its comments get {value} likes on average (typical {typical})",
            fr="ses commentaires reçoivent {value} j'aime en moyenne (habituel {typical})"),
    ),
    Feature(
        name="likes_max", family="history", view="spoken", unit="count", higher_is="either",
        null=_NO_LIKES, sql="max(likes)",
        label=Text(en="Likes of its best comment", fr="J'aime de son meilleur commentaire"),
        reason=Text(
            en="its most liked comment got {value} likes (typical {typical})",
            fr="son commentaire le plus aimé a reçu {value} j'aime (habituel {typical})"),
    ),
    Feature(
        name="liked_share", family="history", view="spoken", unit="share", higher_is="either",
        null=_NO_LIKES, sql=share("likes > 0"),
        label=Text(en="Comments that were liked", fr="Commentaires aimés"),
        reason=Text(
            en="{value} of its comments got at least one like (typical {typical})",
            fr="{value} de ses commentaires ont reçu au moins un j'aime (habituel {typical})"),
    ),
)
