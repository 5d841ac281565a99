"""What speaks against one account, and for it, in the words of the feature registry."""

from __future__ import annotations

from fakedetect.features.feature import Feature
from fakedetect.report import wording as w
from fakedetect.report.plain import visible
from fakedetect.report.view import Row, View, is_null


def sentences(view: View, account: Row, column: str) -> list[str]:
    """The account's `reasons` or `counter` as sentences with value and typical value. Plain text.

    `account` is a whole row of the accounts table, feature columns included.
    """
    return [_sentence(view, account, code) for code in account.get(column) or ()]


def _sentence(view: View, account: Row, code: str) -> str:
    feature = view.features.get(code)
    if feature is None:
        return view.line(w.UNKNOWN_REASON, code=visible(code))
    value = account.get(code)
    if is_null(value):
        return view.line(w.UNKNOWN_VALUE, label=view.line(feature.label))
    typical = view.typical(code, account.get("page_ids"))
    shown = (_shown(view, each, feature) for each in (value, typical))
    text = view.line(feature.reason, **dict(zip(("value", "typical"), shown, strict=True)))
    return text[:1].upper() + text[1:]


def _shown(view: View, value: float | None, feature: Feature) -> str:
    """A value as the sentence wants it: spans and shares bring their unit, the sentence has others."""
    if is_null(value) or value is None:
        return view.line(w.NOT_ELSEWHERE)
    if feature.unit == "s":
        return view.duration(value)
    if feature.unit == "share":
        return view.percent(value, 1)
    if feature.unit == "log10":
        # A rarity is -log10(p), a count log10(1 + n): see features.group and features.views.
        return view.number(round(10.0**value - (not feature.name.endswith(("_p_log10", "_q_log10")))))
    return view.number(value)
