"""What the profile says (side file --accounts), and the shape of the name: length and digits, no letters."""

from __future__ import annotations

from fakedetect.features.feature import Feature
from fakedetect.features.views import log10
from fakedetect.words import Text

_NO_FILE = "not in the accounts file"
_NO_NAME = "no name"

PROFILE: tuple[Feature, ...] = (
    Feature(
        name="account_age_days", family="profile", view="profile", unit="days", higher_is="organic",
        null="opening date not known", needs=("profile",),
        sql="max(case when first_s >= created_s then (first_s - created_s) / 86400 end)",
        label=Text(en="Age of the account", fr="Âge du compte"),
        reason=Text(
            en="the account was {value} days old at its first comment here (typical {typical})",
            fr="le compte avait {value} jours à son premier commentaire ici (habituel {typical})"),
    ),
    Feature(
        name="followers_log10", family="profile", view="profile", unit="log10", higher_is="either",
        null=_NO_FILE, needs=("profile",), sql=f"max({log10('followers')})",
        label=Text(en="Followers", fr="Abonnés"),
        reason=Text(
            en="it has {value} followers (typical {typical})",
            fr="il a {value} abonnés (habituel {typical})"),
    ),
    Feature(
        name="following_log10", family="profile", view="profile", unit="log10", higher_is="either",
        null=_NO_FILE, needs=("profile",), sql=f"max({log10('following')})",
        label=Text(en="Accounts it follows", fr="Comptes suivis"),
        reason=Text(
            en="it follows {value} accounts (typical {typical})",
            fr="il suit {value} comptes (habituel {typical})"),
    ),
    Feature(
        name="follow_ratio", family="profile", view="profile", unit="ratio", higher_is="either",
        null=_NO_FILE, needs=("profile",), sql="max(case when followers >= 0 and following >= 0"
                           " then (followers + 1) / cast(following + 1 as double) end)",
        label=Text(en="Followers per account followed", fr="Abonnés par compte suivi"),
        reason=Text(
            en="it has {value} followers for each account it follows (typical {typical})",
            fr="il a {value} abonnés pour chaque compte suivi (habituel {typical})"),
    ),
    Feature(
        name="posts_count_log10", family="profile", view="profile", unit="log10", higher_is="either",
        null=_NO_FILE, needs=("profile",), sql=f"max({log10('posts_count')})",
        label=Text(en="Posts of its own", fr="Publications propres"),
        reason=Text(
            en="it has {value} posts of its own (typical {typical})",
            fr="il a {value} publications à lui (habituel {typical})"),
    ),
    Feature(
        name="has_avatar", family="profile", view="profile", unit="count", higher_is="organic",
        null=_NO_FILE, needs=("profile",),
        sql="max(case when has_avatar then 1 when not has_avatar then 0 end)",
        label=Text(en="Picture of its own", fr="Photo de profil"),
        reason=Text(
            en="profile picture of its own (1 yes, 0 no) {value} (typical {typical})",
            fr="photo de profil (1 oui, 0 non) {value} (habituel {typical})"),
    ),
    Feature(
        name="has_bio", family="profile", view="profile", unit="count", higher_is="organic",
        null="no description in the accounts file", needs=("profile",),
        sql="max(case when bio_n_chars > 0 then 1 when bio_n_chars = 0 then 0 end)",
        label=Text(en="Description present", fr="Description présente"),
        reason=Text(
            en="profile description (1 yes, 0 no) {value} (typical {typical})",
            fr="description du profil (1 oui, 0 non) {value} (habituel {typical})"),
    ),
    Feature(
        name="bio_n_chars", family="profile", view="profile", unit="characters", higher_is="either",
        null="no description in the accounts file", needs=("profile",), sql="max(bio_n_chars)",
        label=Text(en="Length of the description", fr="Longueur de la description"),
        reason=Text(
            en="its profile description has {value} characters (typical {typical})",
            fr="la description de son profil fait {value} caractères (habituel {typical})"),
    ),
    Feature(
        name="verified", family="profile", view="profile", unit="count", higher_is="organic",
        null=_NO_FILE, needs=("profile",), sql="max(case when verified then 1 when not verified then 0 end)",
        label=Text(en="Verified by the platform", fr="Vérifié par la plateforme"),
        reason=Text(
            en="verified by the platform (1 yes, 0 no) {value} (typical {typical})",
            fr="vérifié par la plateforme (1 oui, 0 non) {value} (habituel {typical})"),
    ),
    Feature(
        name="name_n_chars", family="profile", view="profile", unit="characters", higher_is="either",
        null=_NO_NAME, sql="max(name_n_chars)",
        label=Text(en="Length of the name", fr="Longueur du nom"),
        reason=Text(
            en="its name has {value} characters (typical {typical})",
            fr="son nom fait {value} caractères (habituel {typical})"),
    ),
    Feature(
        name="name_n_words", family="profile", view="profile", unit="words", higher_is="either",
        null=_NO_NAME, sql="max(name_n_words)",
        label=Text(en="Words in the name", fr="Mots dans le nom"),
        reason=Text(
            en="its name has {value} words (typical {typical})",
            fr="son nom compte {value} mots (habituel {typical})"),
    ),
    Feature(
        name="name_digit_share", family="profile", view="profile", unit="share", higher_is="either",
        null=_NO_NAME, sql="max(name_n_digits / cast(nullif(name_n_chars, 0) as double))",
        label=Text(en="Digits in the name", fr="Chiffres dans le nom"),
        reason=Text(
            en="digits make up {value} of its name (typical {typical})",
            fr="les chiffres forment {value} de son nom (habituel {typical})"),
    ),
    Feature(
        name="name_tail_digits", family="profile", view="profile", unit="characters", higher_is="either",
        null=_NO_NAME, sql="max(name_tail_digits)",
        label=Text(en="Digits at the end of the name", fr="Chiffres à la fin du nom"),
        reason=Text(
            en="its name ends in {value} digits (typical {typical})",
            fr="son nom se termine par {value} chiffres (habituel {typical})"),
    ),
)
