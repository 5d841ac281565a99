"""What speaks against one account, and for it, in the words of the feature registry."""

from __future__ import annotations

import re

from fakedetect import words
from fakedetect.features.feature import Feature
from fakedetect.report import wording as w
from fakedetect.report.plain import visible
from fakedetect.report.view import Row, View, is_null
from fakedetect.words import Text

PLACE = "member_p_log10"
"""How rarely chance puts an account where it stands in its group. What was tested there depends on the group."""
PLACES: dict[frozenset[str], Text] = {
    frozenset({"attendance"}): Text(
        "with its own habits, chance alone leads it so often to the same posts as the rest of its group one time in "
        "{value} (typical {typical})",
        "avec ses propres habitudes, le hasard seul le mène aussi souvent aux mêmes publications que le reste de son "
        "groupe une fois sur {value} (habituel {typical})"),
    frozenset({"attendance", "closeness"}): Text(
        "with its own habits, chance alone brings it so often to the posts of the rest of its group, and so near to it "
        "in time, one time in {value} (typical {typical})",
        "avec ses propres habitudes, le hasard seul l'amène aussi souvent sur les publications du reste de son groupe, "
        "et aussi près de lui dans le temps, une fois sur {value} (habituel {typical})"),
    frozenset({"farm"}): Text(
        "chance alone brings a visitor so rare so early to several of its group's posts one time in {value} (typical "
        "{typical})",
        "le hasard seul amène un visiteur aussi rare aussi tôt sur plusieurs publications de son groupe une fois sur "
        "{value} (habituel {typical})"),
    frozenset({"phrases"}): Text(
        "chance alone makes it write so many of the sentences that the rest of its group writes one time in {value} "
        "(typical {typical})",
        "le hasard seul lui fait écrire autant des phrases qu'écrit le reste de son groupe une fois sur {value} "
        "(habituel {typical})"),
    frozenset({"marks"}): Text(
        "with its own way of marking, it gives such marks to both sides by chance one time in {value} (typical "
        "{typical})",
        "avec sa propre façon de noter, il donne de telles notes des deux côtés par hasard une fois sur {value} "
        "(habituel {typical})"),
    frozenset({"device"}): Text(
        "with its own way of marking, it gives the same marks as the others behind this address or device by chance "
        "one time in {value} (typical {typical})",
        "avec sa propre façon de noter, il donne par hasard les mêmes notes que les autres derrière cette adresse ou "
        "cet appareil une fois sur {value} (habituel {typical})"),
}
"""PLACE in the words of what was tested, by the group's evidence; the feature's own words are those of closeness."""

_BARE = re.compile(r" \((?:typical|habituel) \{typical\}\)")
"""What a sentence says of the typical value; left out where nobody else has one."""
TIMED = frozenset({"attendance", "closeness", "farm"})


def sentences(view: View, account: Row, column: str) -> list[str]:
    """The account's `reasons` or `counter` as sentences with value and typical value. Plain text.

    `account` is a whole row of the accounts table, feature columns included.
    """
    return [_sentence(view, account, code) for code in account.get(column) or ()]


def named(view: View, account: Row) -> list[str]:
    """What speaks against the account in a few words each, without values."""
    return [view.line(view.features[code].label) if code in view.features else visible(code)
            for code in account.get("reasons") or ()]


def _sentence(view: View, account: Row, code: str) -> str:
    feature = view.features.get(code)
    if feature is None:
        return view.line(w.UNKNOWN_REASON, code=visible(code))
    value = account.get(code)
    if is_null(value):
        return view.line(w.UNKNOWN_VALUE, label=view.line(feature.label))
    typical = view.typical(code, account.get("page_ids"))
    said = PLACES.get(_tested(view, account), feature.reason) if code == PLACE else feature.reason
    text = view.line(said if typical is not None else Text(_BARE.sub("", said.en), _BARE.sub("", said.fr)),
                     value=_shown(view, value, feature), typical=_shown(view, typical, feature))
    return text[:1].upper() + text[1:]


def _tested(view: View, account: Row) -> frozenset[str]:
    """The evidence by which this account's place in its group was tested."""
    evidence = frozenset((view.groups.get(account["group_id"]) or {}).get("evidence") or ())
    beside = evidence - {"phrases"}
    # Who was put beside a group in time for its sentences alone stood near nobody.
    by_words = "phrases" in evidence and beside <= TIMED and is_null(account.get("group_n_close"))
    return frozenset({"phrases"}) if by_words or not beside else beside


def _shown(view: View, value: float | None, feature: Feature) -> str:
    """A value as the sentence wants it: spans and shares bring their unit, the sentence has others."""
    if is_null(value) or value is None:
        return "–"
    if feature.unit == "s":
        return view.duration(value)
    if feature.unit == "share":
        return view.percent(value, 1)
    if feature.unit == "log10":
        # A rarity is -log10(p), a count log10(1 + n): see features.group and features.views.
        if feature.name.endswith(("_p_log10", "_q_log10")):
            return view.number(words.one_in(10.0**-value))
        return view.number(round(10.0**value - 1))
    return view.number(value)
