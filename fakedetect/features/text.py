"""How an account writes: lengths, marks, repetition, likeness to advertising. Never in which language or script."""

from __future__ import annotations

from fakedetect.features.feature import Feature
from fakedetect.features.views import share
from fakedetect.words import Text

_NO_TEXT = "no text"
_NO_LONG = "no text of five words"

TEXT: tuple[Feature, ...] = (
    Feature(
        name="n_words_mean", family="text", view="spoken", unit="words", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql="avg(n_words)",
        label=Text(en="Average length", fr="Longueur moyenne"),
        reason=Text(
            en="its comments average {value} words (typical {typical})",
            fr="ses commentaires font {value} mots en moyenne (habituel {typical})"),
    ),
    Feature(
        name="n_words_median", family="text", view="spoken", unit="words", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql="median(n_words)",
        label=Text(en="Usual length", fr="Longueur habituelle"),
        reason=Text(
            en="half of its comments have at most {value} words (typical {typical})",
            fr="la moitié de ses commentaires font au plus {value} mots (habituel {typical})"),
    ),
    Feature(
        name="n_words_spread", family="text", view="spoken", unit="words", higher_is="either",
        null="fewer than two texts", needs=("text",), sql="stddev_samp(n_words)",
        label=Text(en="Spread of lengths", fr="Dispersion des longueurs"),
        reason=Text(
            en="the length of its comments varies by {value} words (typical {typical})",
            fr="la longueur de ses commentaires varie de {value} mots (habituel {typical})"),
    ),
    Feature(
        name="n_chars_median", family="text", view="spoken", unit="characters", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql="median(n_chars)",
        label=Text(en="Usual length in characters", fr="Longueur habituelle en caractères"),
        reason=Text(
            en="half of its comments have at most {value} characters (typical {typical})",
            fr="la moitié de ses commentaires font au plus {value} caractères (habituel {typical})"),
    ),
    Feature(
        name="empty_share", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql=share("n_words = 0"),
        label=Text(en="Comments without a word", fr="Commentaires sans un mot"),
        reason=Text(
            en="{value} of its comments hold no word, only signs or emoji (typical {typical})",
            fr="{value} de ses commentaires sont sans un mot, signes ou émojis seulement (habituel "
               "{typical})"),
    ),
    Feature(
        name="one_word_share", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql=share("n_words = 1"),
        label=Text(en="One-word comments", fr="Commentaires d'un mot"),
        reason=Text(
            en="{value} of its comments are one word (typical {typical})",
            fr="{value} de ses commentaires tiennent en un mot (habituel {typical})"),
    ),
    Feature(
        name="long_share", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql=share("n_words >= 30"),
        label=Text(en="Long comments", fr="Commentaires longs"),
        reason=Text(
            en="{value} of its comments have 30 words or more (typical {typical})",
            fr="{value} de ses commentaires font 30 mots ou plus (habituel {typical})"),
    ),
    Feature(
        name="distinct_text_share", family="text", view="said", unit="share", higher_is="either",
        null="fewer than two texts", needs=("text",),
        sql="case when sum(n_rows) > 1 then count(*) / sum(n_rows) end",
        label=Text(en="Texts that differ", fr="Textes différents"),
        reason=Text(
            en="{value} of its texts differ from each other (typical {typical})",
            fr="{value} de ses textes sont différents les uns des autres (habituel {typical})"),
    ),
    Feature(
        name="top_text_share", family="text", view="said", unit="share", higher_is="either",
        null="fewer than two texts", needs=("text",),
        sql="case when sum(n_rows) > 1 then max(n_rows) / sum(n_rows) end",
        label=Text(en="Share of its favourite text", fr="Part de son texte favori"),
        reason=Text(
            en="{value} of its comments are one and the same text (typical {typical})",
            fr="{value} de ses commentaires sont un seul et même texte (habituel {typical})"),
    ),
    Feature(
        name="own_repeat_share", family="text", view="said", unit="share", higher_is="either",
        null="fewer than two texts of five words", needs=("text",),
        sql="case when sum(n_long) > 1 then 1 - count(n_long) / sum(n_long) end",
        label=Text(en="Repeats of its own phrases", fr="Répétitions de ses propres phrases"),
        reason=Text(
            en="{value} of its texts of five words or more repeat an earlier one of its own (typical "
               "{typical})",
            fr="{value} de ses textes de cinq mots ou plus répètent l'un de ses textes précédents "
               "(habituel {typical})"),
    ),
    Feature(
        name="copied_share", family="text", view="said", unit="share", higher_is="suspect",
        null=_NO_LONG, needs=("text_reuse",),
        sql="sum(case when text_accounts > 1 then n_long when text_accounts = 1 then 0 end)"
            " / nullif(sum(n_long), 0)",
        label=Text(en="Texts also used by others", fr="Textes aussi employés par d'autres"),
        reason=Text(
            en="{value} of its texts of five words or more were also used by another account (typical "
               "{typical})",
            fr="{value} de ses textes de cinq mots ou plus ont aussi été employés par un autre compte "
               "(habituel {typical})"),
    ),
    Feature(
        name="copied_few_share", family="text", view="said", unit="share", higher_is="suspect",
        null=_NO_LONG, needs=("text_reuse",),
        sql="sum(case when text_accounts between 2 and 20 then n_long when text_accounts >= 1 then 0 end)"
            " / nullif(sum(n_long), 0)",
        label=Text(en="Texts shared with a few accounts", fr="Textes partagés avec quelques comptes"),
        reason=Text(
            en="{value} of its texts of five words or more were used by a small circle, 2 to 20 accounts "
               "(typical {typical})",
            fr="{value} de ses textes de cinq mots ou plus ont été employés par un petit cercle, 2 à 20 "
               "comptes (habituel {typical})"),
    ),
    Feature(
        name="copied_by_max", family="text", view="said", unit="count", higher_is="either",
        null=_NO_LONG, needs=("text_reuse",), sql="max(text_accounts) - 1",
        label=Text(en="Others with the same text", fr="Autres comptes au même texte"),
        reason=Text(
            en="up to {value} other accounts used one of its texts word for word (typical {typical})",
            fr="jusqu'à {value} autres comptes ont employé l'un de ses textes mot pour mot (habituel "
               "{typical})"),
    ),
    Feature(
        name="emoji_per_comment", family="text", view="spoken", unit="ratio", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql="avg(n_emoji)",
        label=Text(en="Emoji per comment", fr="Émojis par commentaire"),
        reason=Text(
            en="it puts {value} emoji in a comment on average (typical {typical})",
            fr="il met {value} émojis par commentaire en moyenne (habituel {typical})"),
    ),
    Feature(
        name="emoji_share", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql=share("n_emoji > 0"),
        label=Text(en="Comments with emoji", fr="Commentaires avec émoji"),
        reason=Text(
            en="{value} of its comments hold an emoji (typical {typical})",
            fr="{value} de ses commentaires contiennent un émoji (habituel {typical})"),
    ),
    Feature(
        name="url_share", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql=share("n_urls > 0"),
        label=Text(en="Comments with a link", fr="Commentaires avec un lien"),
        reason=Text(
            en="{value} of its comments hold a link (typical {typical})",
            fr="{value} de ses commentaires contiennent un lien (habituel {typical})"),
    ),
    Feature(
        name="mention_share", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql=share("n_mentions > 0"),
        label=Text(en="Comments with a mention", fr="Commentaires avec une mention"),
        reason=Text(
            en="{value} of its comments mention another account (typical {typical})",
            fr="{value} de ses commentaires mentionnent un autre compte (habituel {typical})"),
    ),
    Feature(
        name="hashtag_share", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql=share("n_hashtags > 0"),
        label=Text(en="Comments with a hashtag", fr="Commentaires avec un mot-dièse"),
        reason=Text(
            en="{value} of its comments hold a hashtag (typical {typical})",
            fr="{value} de ses commentaires contiennent un mot-dièse (habituel {typical})"),
    ),
    Feature(
        name="exclaim_mean", family="text", view="spoken", unit="ratio", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql="avg(n_exclaims)",
        label=Text(en="Exclamation marks per comment", fr="Points d'exclamation par commentaire"),
        reason=Text(
            en="it puts {value} exclamation marks in a comment on average (typical {typical})",
            fr="il met {value} points d'exclamation par commentaire en moyenne (habituel {typical})"),
    ),
    Feature(
        name="upper_share_mean", family="text", view="spoken", unit="share", higher_is="either",
        null="no letter that has a capital", needs=("text",), sql="avg(upper_share)",
        label=Text(en="Capital letters", fr="Lettres capitales"),
        reason=Text(
            en="{value} of its letters are capitals (typical {typical})",
            fr="{value} de ses lettres sont des capitales (habituel {typical})"),
    ),
    Feature(
        name="digit_share_mean", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql="avg(digit_share)",
        label=Text(en="Digits", fr="Chiffres"),
        reason=Text(
            en="digits make up {value} of its comments (typical {typical})",
            fr="les chiffres forment {value} de ses commentaires (habituel {typical})"),
    ),
    Feature(
        name="punct_share_mean", family="text", view="spoken", unit="share", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql="avg(punct_share)",
        label=Text(en="Punctuation", fr="Ponctuation"),
        reason=Text(
            en="punctuation makes up {value} of its comments (typical {typical})",
            fr="la ponctuation forme {value} de ses commentaires (habituel {typical})"),
    ),
    Feature(
        name="punct_share_spread", family="text", view="spoken", unit="share", higher_is="either",
        null="fewer than two texts", needs=("text",), sql="stddev_samp(punct_share)",
        label=Text(en="Spread of punctuation", fr="Dispersion de la ponctuation"),
        reason=Text(
            en="the share of punctuation varies by {value} from comment to comment (typical {typical})",
            fr="la part de ponctuation varie de {value} d'un commentaire à l'autre (habituel {typical})"),
    ),
    Feature(
        name="longest_run_max", family="text", view="spoken", unit="characters", higher_is="either",
        null=_NO_TEXT, needs=("text",), sql="max(longest_run)",
        label=Text(en="Longest stretched letter", fr="Plus longue lettre étirée"),
        reason=Text(
            en="it wrote one character up to {value} times in a row (typical {typical})",
            fr="il a écrit un même caractère jusqu'à {value} fois de suite (habituel {typical})"),
    ),
    Feature(
        name="reply_share", family="text", view="spoken", unit="share", higher_is="either",
        null="the file does not tell replies", needs=("conversation",), sql=share("is_reply"),
        label=Text(en="Replies to others", fr="Réponses à d'autres"),
        reason=Text(
            en="{value} of its comments answer another comment (typical {typical})",
            fr="{value} de ses commentaires répondent à un autre commentaire (habituel {typical})"),
    ),
    Feature(
        name="spam_mean", family="text", view="spoken", unit="share", higher_is="either",
        null="no text, or the model reads none", needs=("text",), sql="avg(spam)",
        label=Text(en="Texts that read like advertising", fr="Textes qui se lisent comme de la publicité"),
        reason=Text(
            en="its texts read like advertising to {value} on average (typical {typical})",
            fr="ses textes se lisent comme de la publicité à {value} en moyenne (habituel {typical})"),
    ),
    Feature(
        name="spam_max", family="text", view="spoken", unit="share", higher_is="either",
        null="no text, or the model reads none", needs=("text",), sql="max(spam)",
        label=Text(en="Text most like advertising", fr="Texte le plus proche d'une publicité"),
        reason=Text(
            en="its text most like advertising reads so to {value} (typical {typical})",
            fr="son texte le plus proche de la publicité se lit ainsi à {value} (habituel {typical})"),
    ),
)
