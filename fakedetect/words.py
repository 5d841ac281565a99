"""English and French text: the one type for a sentence, and numbers as each language writes them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from string import Formatter
from typing import Literal

Lang = Literal["en", "fr"]
LANGS: tuple[Lang, ...] = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, with the same {fields} in each (held by tests/test_docs.py)."""

    en: str
    fr: str

    def of(self, lang: Lang, **values: object) -> str:
        """The sentence in `lang` with its fields filled. Raises KeyError where a field has no value."""
        return (self.fr if lang == "fr" else self.en).format(**values)

    def fields(self) -> tuple[set[str], set[str]]:
        """Names of the {fields} in English and in French."""
        named = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in (self.en, self.fr)]
        return named[0], named[1]


def number(value: float | int | None, lang: Lang, digits: int = 2) -> str:
    """A number as `lang` writes it: 12,345.6 or 12 345,6 (narrow no-break space). None and nan: a dash."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, int) or float(value).is_integer():
        text = f"{int(value):,}"
    elif abs(value) >= 1000:
        text = f"{value:,.0f}"
    else:
        text = f"{value:,.{digits}f}" if abs(value) >= 10**-digits else f"{value:.2g}"
    return text if lang == "en" else text.replace(",", " ").replace(".", ",")


def percent(share: float | None, lang: Lang, digits: int = 1) -> str:
    """A share (0 to 1) as a percentage: 12.3 % with a no-break space before the sign in French only."""
    if share is None or math.isnan(share):
        return "–"
    text = number(round(100 * share, digits), lang, digits)
    return f"{text}%" if lang == "en" else f"{text} %"


_SPANS: tuple[tuple[float, float, str, str], ...] = (
    # (up to seconds, seconds per unit, English, French)
    (120, 1, "s", "s"),
    (2 * 3600, 60, "min", "min"),
    (2 * 86400, 3600, "h", "h"),
    (math.inf, 86400, "days", "jours"),
)


def duration(seconds: float | None, lang: Lang) -> str:
    """A span of time in its natural unit: 45 s, 12 min, 3.5 h, 12 days. None and nan: a dash."""
    if seconds is None or math.isnan(seconds):
        return "–"
    for limit, unit_s, en, fr in _SPANS:
        if abs(seconds) < limit or limit == math.inf:
            value = seconds / unit_s
            shown = number(round(value) if abs(value) >= 10 else round(value, 1), lang, 1)
            return f"{shown} {en if lang == 'en' else fr}"
    raise AssertionError("the last span has no limit")


def odds_words(p_value: float, lang: Lang) -> str:
    """How rarely chance does it, in words: 1 in 2,000 / 1 sur 2 000."""
    n = one_in(p_value)
    return f"1 in {number(n, lang)}" if lang == "en" else f"1 sur {number(n, lang)}"


def one_in(p_value: float) -> int:
    """n of "1 in n", to three digits and a billion at most: more would claim to know chance better than anybody."""
    n = max(1, round(1 / max(p_value, 1e-9)))
    return round(n, min(0, 3 - len(str(n))))
