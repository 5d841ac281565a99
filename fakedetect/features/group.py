"""What the group stage found about an account beside others; null for an account in no candidate group."""

from __future__ import annotations

from fakedetect.features.feature import Feature
from fakedetect.words import Text

_NONE = "in no candidate group"
_LEAST_P = "1e-12"  # below this a p says no more, and 0 has no logarithm


def _rarity(p: str) -> str:
    """SQL: -log10(p), so that higher is rarer; at most 12."""
    bounded = f"case when {p} < {_LEAST_P} then {_LEAST_P} else {p} end"
    return f"max(case when {p} >= 0 then -log2({bounded}) / log2(10) end)"


GROUP: tuple[Feature, ...] = (
    Feature(
        name="group_p_log10", family="group", view="membership", unit="log10", higher_is="suspect",
        null=_NONE, needs=("ring",), sql=_rarity("group_p"),
        label=Text(en="Rarity of its group", fr="Rareté de son groupe"),
        reason=Text(
            en="chance alone makes a group like its own on one page in {value} (typical {typical})",
            fr="le hasard seul fait un groupe comme le sien sur une page parmi {value} (habituel {typical})"),
    ),
    Feature(
        name="member_p_log10", family="group", view="membership", unit="log10", higher_is="suspect",
        null=_NONE, needs=("ring",), sql=_rarity("member_p"),
        label=Text(en="Rarity of its place in the group", fr="Rareté de sa place dans le groupe"),
        reason=Text(
            en="with its own habits, chance alone ties it so closely to the rest of its group one time in {value} "
               "(typical {typical})",
            fr="avec ses propres habitudes, le hasard seul le lie d'aussi près au reste de son groupe une fois sur "
               "{value} (habituel {typical})"),
    ),
    Feature(
        name="member_q_log10", family="group", view="membership", unit="log10", higher_is="suspect",
        null="in no group that passed, or nothing about it alone was tested", needs=("ring",), sql=_rarity("member_q"),
        label=Text(en="Sureness of its place in the group", fr="Sûreté de sa place dans le groupe"),
        reason=Text(
            en="all tests together, an account so placed is there by chance one time in {value} (typical {typical})",
            fr="tous tests confondus, un compte ainsi placé l'est par hasard une fois sur {value} (habituel "
               "{typical})"),
    ),
    Feature(
        name="group_n", family="group", view="membership", unit="count", higher_is="either",
        null=_NONE, needs=("ring",), sql="max(group_n)",
        label=Text(en="Accounts in its group", fr="Comptes de son groupe"),
        reason=Text(
            en="its group has {value} accounts (typical {typical})",
            fr="son groupe compte {value} comptes (habituel {typical})"),
    ),
    Feature(
        name="group_n_close", family="group", view="membership", unit="count", higher_is="suspect",
        null=_NONE, needs=("ring",), sql="max(n_close)",
        label=Text(en="Posts beside another member", fr="Publications aux côtés d'un autre membre"),
        reason=Text(
            en="on {value} posts it stood close in time to another member of its group (typical {typical})",
            fr="sur {value} publications, il était proche dans le temps d'un autre membre de son groupe "
               "(habituel {typical})"),
    ),
    Feature(
        name="group_close_share", family="group", view="membership", unit="share", higher_is="suspect",
        null=_NONE, needs=("ring",), sql="max(close_share)",
        label=Text(
            en="Share of posts beside another member",
            fr="Part des publications aux côtés d'un autre membre"),
        reason=Text(
            en="on {value} of its posts it stood close in time to another member of its group (typical "
               "{typical})",
            fr="sur {value} de ses publications, il était proche dans le temps d'un autre membre de son "
               "groupe (habituel {typical})"),
    ),
    Feature(
        name="group_partners", family="group", view="membership", unit="count", higher_is="suspect",
        null=_NONE, needs=("ring",), sql="max(partners)",
        label=Text(en="Accounts it keeps close to", fr="Comptes dont il reste proche"),
        reason=Text(
            en="it keeps close in time to {value} other accounts (typical {typical})",
            fr="il reste proche dans le temps de {value} autres comptes (habituel {typical})"),
    ),
    Feature(
        name="group_gap_median_s", family="group", view="membership", unit="s", higher_is="organic",
        null=_NONE, needs=("ring",), sql="max(median_gap_s)",
        label=Text(
            en="Usual distance to the nearest member",
            fr="Distance habituelle au membre le plus proche"),
        reason=Text(
            en="it usually comments {value} from the nearest member of its group (typical {typical})",
            fr="il commente d'habitude à {value} du membre le plus proche de son groupe (habituel "
               "{typical})"),
    ),
    Feature(
        name="group_exclusive_share", family="group", view="membership", unit="share", higher_is="suspect",
        null=_NONE, needs=("ring",), sql="max(exclusive_share)",
        label=Text(en="Devotion to the group's posts", fr="Exclusivité aux publications du groupe"),
        reason=Text(
            en="{value} of its comments stand on posts that its group works on (typical {typical})",
            fr="{value} de ses commentaires se trouvent sur des publications où agit son groupe (habituel "
               "{typical})"),
    ),
    Feature(
        name="group_phrase_share", family="group", view="membership", unit="share", higher_is="suspect",
        null="in no candidate group, or no phrase to compare", needs=("text_reuse",), sql="max(phrase_share)",
        label=Text(en="Phrases shared with the group", fr="Phrases partagées avec le groupe"),
        reason=Text(
            en="{value} of its texts use a phrase that another member of its group also uses (typical "
               "{typical})",
            fr="{value} de ses textes emploient une phrase qu'un autre membre de son groupe emploie aussi "
               "(habituel {typical})"),
    ),
    Feature(
        name="group_together_z", family="group", view="membership", unit="ratio", higher_is="suspect",
        null=_NONE, needs=("ring",), sql="max(together_z)",
        label=Text(en="Togetherness beyond chance", fr="Proximité au-delà du hasard"),
        reason=Text(
            en="it stands with its group {value} standard deviations more often than chance (typical "
               "{typical})",
            fr="il se trouve avec son groupe {value} écarts-types plus souvent que le hasard (habituel "
               "{typical})"),
    ),
)
