"""A grammar of comments: templates with slots, filled by dice; how one person's typing changes the result."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

import numpy as np

T = TypeVar("T")
EMOJI = (
    "😍", "😂", "❤️", "🔥", "👏", "🍊", "😭", "🙏", "😊", "🤩", "💛", "🥰",
    "👍", "😋", "☀️", "🎉", "💪", "🤣", "😅", "🧡", "🤔", "😮", "🙄", "💕",
    "😎", "🍹", "🤤", "✨", "👀", "💯", "😡", "🏆", "⚽", "🎶", "🌞", "🫶",
)  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\]]+)\]")
N_SHORT_CLAUSES = 20
"""The first so many clauses of a grammar are short ones, for comments of up to some 30 characters."""


class Dice:
    """Uniform draws from one generator, handed out one by one: many times faster than one call each."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._left: list[float] = []

    def roll(self) -> float:
        """A number in [0, 1)."""
        if not self._left:
            self._left = self._rng.random(16384).tolist()
        return self._left.pop()

    def pick(self, options: Sequence[T]) -> T:
        """Any of `options`, each as likely."""
        return options[int(self.roll() * len(options))]

    def often_first(self, options: Sequence[T]) -> T:
        """Any of `options`, the first ones more often: words are not used evenly."""
        return options[int(self.roll() ** 2 * len(options))]


@dataclass(frozen=True, eq=False)
class Grammar:
    """What one language says. `clauses` and the values of `slots` may hold {slots}, {topic} among them;
    `praise` holds [one|or|other] choices; `topics` give a post's sentence and the words that go with it."""

    lang: str
    slots: Mapping[str, Sequence[str]]
    clauses: tuple[str, ...]
    short: tuple[str, ...]
    stock: tuple[str, ...]
    topics: Mapping[str, tuple[str, str]]
    praise: tuple[str, ...]
    extra: Mapping[str, str]
    slang: Mapping[str, str]
    merged: Mapping[str, str] = field(default_factory=dict)
    """Words that melt into one wherever they meet: de le -> du."""
    density: float = 1.0
    """Characters it needs for what English says in one."""


@cache
def _parts(template: str) -> tuple[str, ...]:
    """Literals at even places, slot names at odd ones."""
    return tuple(_SLOT.split(template))


@cache
def choices(template: str) -> tuple[tuple[str, ...], ...]:
    """A praise template as a row of alternatives; literals have one."""
    return tuple(
        tuple(part.split("|")) if i % 2 else (part,) for i, part in enumerate(_CHOICE.split(template))
    )


@cache
def variants(grammar: Grammar, key: str) -> tuple[str, ...]:
    """The templates that a special occasion uses; any clause where the language has none of its own."""
    return tuple(grammar.extra[key].split("|")) if key in grammar.extra else grammar.clauses


@cache
def topic_words(grammar: Grammar, topic: int) -> tuple[str, ...]:
    """The words that go with a post's topic, by its number."""
    return tuple(list(grammar.topics.values())[topic][1].split("|")) if grammar.topics else ()


@cache
def _near(words: tuple[str, ...], length: int) -> tuple[str, ...]:
    """Those of `words` whose length is nearest to `length`, at least three."""
    by_distance = sorted(words, key=lambda w: abs(len(w) - length))
    close = [w for w in by_distance if abs(len(w) - length) <= 1]
    return tuple(close if len(close) >= 3 else by_distance[:3])


def fill(dice: Dice, grammar: Grammar, template: str, topic: int, **given: str) -> str:
    """The template with each slot filled; a filled slot may hold slots itself."""
    parts = _parts(template)
    if len(parts) == 1:
        return template
    out = list(parts)
    for i in range(1, len(parts), 2):
        name = parts[i]
        if name in given:
            out[i] = given[name]
        elif name == "topic":
            out[i] = dice.pick(topic_words(grammar, topic))
        else:
            word = dice.pick(grammar.slots[name])
            out[i] = fill(dice, grammar, word, topic) if "{" in word else word
    return "".join(out)


def reword(dice: Dice, template: str, base: Sequence[int], share: float) -> str:
    """A praise template in the wording `base`, each place with alternatives redrawn with chance `share`."""
    out = []
    for options, at in zip(choices(template), base, strict=True):
        out.append(dice.pick(options) if len(options) > 1 and dice.roll() < share else options[at])
    return "".join(out)


def praise(dice: Dice, grammar: Grammar) -> str:
    """Praise in any wording, as real customers write it now and then."""
    template = dice.pick(grammar.praise)
    return reword(dice, template, [0] * len(choices(template)), 1.0)


def ordinary(
    dice: Dice, grammar: Grammar, length: float, topic: int, style: int, shared: float, no_letters: float
) -> str:
    """One comment of about `length` characters, as an account of this `style` types it.

    `shared` is the chance of a stock phrase, `no_letters` that of emoji alone.
    """
    if length <= 8 and dice.roll() < no_letters:
        return dice.often_first(EMOJI) * max(1, min(8, round(length)))
    if length < 15:
        return typed(dice, grammar, dice.often_first(_near(grammar.short, round(length))), style)
    if length < 45 and grammar.stock and dice.roll() < shared:
        return typed(dice, grammar, dice.pick(grammar.stock), style & ~_TYPO)
    length -= 2  # what typing adds on average
    if length > 70 and grammar.praise and dice.roll() < 0.08:
        text = praise(dice, grammar)
    else:
        text = _clause(dice, grammar, length, topic)
    while len(text) < length - 15:
        glue = _GLUE[int(dice.roll() * 5)] if text[-1].isalnum() else " "
        text += glue + _clause(dice, grammar, length - len(text), topic)
    return typed(dice, grammar, text, style)


_GLUE = (". ", ", ", " ", "... ", "! ")


def _clause(dice: Dice, grammar: Grammar, length: float, topic: int) -> str:
    """A clause for a place of `length` characters: any if there is room, else the best of a few."""
    if length > 75:
        return fill(dice, grammar, dice.pick(grammar.clauses), topic)
    bank = grammar.clauses if length > 40 else grammar.clauses[:N_SHORT_CLAUSES]
    if length < 45 and "mention" in grammar.extra and dice.roll() < (0.7 if length < 32 else 0.35):
        bank = variants(grammar, "mention")  # many short comments call a friend
    best = ""
    for _ in range(3):
        text = fill(dice, grammar, dice.pick(bank), topic)
        room = length - len(text)
        # Short clauses have few fillings: a word before or after keeps strangers from writing the same one.
        if room > 4 and "open" in grammar.slots:
            if dice.roll() < 0.5:
                text = f"{dice.pick(grammar.slots['open'])} {text}"
            else:
                text = f"{text}, {dice.pick(grammar.slots['close'])}"
        if not best or abs(len(text) - length) < abs(len(best) - length):
            best = text
    return best


_LOWER, _EMOJI, _TYPO, _SLANG, _PERIOD, _SHOUT = 1, 2, 4, 8, 16, 32


def styles(rng: np.random.Generator, n: int) -> np.ndarray:
    """How n people type, as int64 flags: no capitals, emoji, typos, slang, full stops, exclamation marks."""
    chance = np.array([0.45, 0.35, 0.2, 0.25, 0.25, 0.25])
    return (rng.random((n, 6)) < chance) @ np.array([_LOWER, _EMOJI, _TYPO, _SLANG, _PERIOD, _SHOUT])


def typed(dice: Dice, grammar: Grammar, text: str, style: int) -> str:
    """The text as somebody of this style types it."""
    for words, word in grammar.merged.items():
        if words in text:
            text = text.replace(words, word)
    if style & _SLANG:
        for word, short in grammar.slang.items():
            if word in text and dice.roll() < 0.6:
                text = text.replace(word, short)
    if not style & _LOWER:
        text = text[:1].upper() + text[1:]
    if style & _TYPO and len(text) > 6 and dice.roll() < 0.6:
        at = 1 + int(dice.roll() * (len(text) - 3))
        kind = dice.roll()
        if kind < 0.4:
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        elif kind < 0.75:
            text = text[:at] + text[at + 1 :]
        else:
            text = text[:at] + text[at] * (2 + int(dice.roll() * 3)) + text[at:]
    if style & _SHOUT and dice.roll() < 0.6:
        text += dice.pick(("!", "!!", "!!!", " !", " !!"))
    elif style & _PERIOD and text[-1:].isalpha():
        text += "."
    if style & _EMOJI and dice.roll() < 0.55:
        text += " " + dice.often_first(EMOJI) * (1 + int(dice.roll() ** 3 * 3))
    return text
