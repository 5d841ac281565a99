"""Words of strangers made harmless, and our own words set as each language sets them.

Names and texts come from the accounts under suspicion. Markup in them is escaped by jinja2 and markupsafe;
this module takes care of what escaping leaves alive: characters that reorder or hide the text around them,
and control characters that drive a terminal.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from fakedetect import words
from fakedetect.words import Lang, Text

_REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile(r"[\s\u0085\u2028\u2029]+")
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
}


def visible(text: object, limit: int = 400) -> str:
    """`text` on one line: reordering characters removed, controls shown as U+FFFD, cut at `limit`."""
    line = _CONTROLS.sub("\ufffd", _BREAKS.sub(" ", _REORDERS.sub("", str(text)))).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def isolated(text: object, limit: int = 400) -> Markup:
    """`visible` text inside <bdi>, so that its direction stays its own."""
    return Markup("<bdi>{}</bdi>").format(visible(text, limit))


def typeset(text: str, lang: Lang) -> str:
    """French with the no-break spaces that its punctuation and numbers want; English as it is."""
    if lang == "en":
        return text
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "\u202f", text)
    text = re.sub(r" (?=[;!?%])", "\u202f", text)
    return re.sub(r" (?=[:»])|(?<=«) ", "\u00a0", text)


def say(text: Text, lang: Lang, **values: object) -> Markup:
    """The sentence in `lang` as HTML: its own words and every value escaped, Markup values kept.

    Raises KeyError where a field has no value.
    """
    return Markup(escape(typeset(text.fr if lang == "fr" else text.en, lang))).format(**values)


def joined(text: str) -> str:
    """Short words that belong on one line, such as a number and its noun."""
    return text.replace(" ", "\u00a0")


def line(text: Text, lang: Lang, **values: object) -> str:
    """The sentence in `lang` as plain text. Raises KeyError where a field has no value."""
    return typeset(text.fr if lang == "fr" else text.en, lang).format(**values)


def number(value: float | int | None, lang: Lang, digits: int = 2) -> str:
    """`words.number`, set without line breaks inside."""
    return typeset(words.number(value, lang, digits), lang)


def percent(share: float | None, lang: Lang, digits: int = 1) -> str:
    """`words.percent`, set without line breaks inside."""
    return typeset(words.percent(share, lang, digits), lang)


def duration(seconds: float | None, lang: Lang) -> str:
    """`words.duration`, set without line breaks inside."""
    return joined(words.duration(seconds, lang))


def odds(p_value: float | None, lang: Lang) -> str:
    """`words.odds_words`, set without line breaks inside; a dash where there is no p."""
    return "–" if p_value is None else joined(words.odds_words(p_value, lang))


def moment(when: dt.datetime | None, zone: ZoneInfo, lang: Lang, seconds: bool = False) -> str:
    """A UTC time on the clock of `zone`: 3 Mar 2024, 14:05. None: a dash."""
    if when is None:
        return "–"
    local = when.astimezone(zone)
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{day(when, zone, lang)}, {clock}".replace(" ", "\u00a0").replace(",\u00a0", ", ")


def month(year: int, number: int, lang: Lang) -> str:
    """A month of a year: Mar 2024."""
    return joined(f"{_MONTHS[lang][number - 1]} {year}")


def day(when: dt.datetime, zone: ZoneInfo, lang: Lang) -> str:
    """The date of a UTC time in `zone`: 3 Mar 2024."""
    local = when.astimezone(zone)
    return f"{local.day} {_MONTHS[lang][local.month - 1]} {local.year}"
