"""What a review says: clauses that fit the stars, campaign phrases at any paraphrase, an owner's answer."""

from __future__ import annotations

from dataclasses import dataclass

from fakedetect.simulate.grammar import Dice, Grammar, choices, fill, reword, typed

_GLUE = (". ", ". ", ", ", "! ", "... ", "\n")


@dataclass(frozen=True, eq=False)
class Phrases:
    """The words of one language. `grammar` holds the slots; its topics are categories: (patterns of business
    names with {n}, words for {topic}). Clauses may hold slots; praise and trash hold [one|or|other] choices."""

    grammar: Grammar
    good: tuple[str, ...]
    meh: tuple[str, ...]
    bad: tuple[str, ...]
    short: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    """Whole reviews of a few words: of 1-2 stars, of 3, of 4-5."""
    trash: tuple[str, ...]
    disclosed: tuple[str, ...]
    """Around {s}: what a customer got for the review."""
    friends: tuple[str, ...]
    """Of a new business."""
    angry: tuple[str, ...]
    """After an {event}."""
    events: tuple[str, ...]
    changed: tuple[str, ...]
    """After a change of management."""
    festival: tuple[str, ...]
    thanks: tuple[str, ...]
    """Answers to good reviews; {n} signs."""
    sorry: tuple[str, ...]
    """Answers to bad reviews; {n} signs."""
    places: tuple[str, ...]

    @property
    def praise(self) -> tuple[str, ...]:
        return self.grammar.praise


def review(dice: Dice, words: Phrases, stars: int, category: int, style: int) -> str | None:
    """A review in somebody's own words, or none: stars alone. One in six says nothing, one in five a few words;
    the others are one to nine clauses long. Customers too write the sentences that campaigns are made of, in any
    wording."""
    length, style = dice.roll(), mood(style, stars)
    if length < 0.16:
        return None
    if length < 0.36:
        return typed(dice, words.grammar, dice.often_first(words.short[(stars > 2) + (stars > 3)]), style)
    if length < 0.42 and stars != 3:
        return bought(dice, words, bases(dice, words.praise if stars > 3 else words.trash, 1), 1.0, style)
    return typed(dice, words.grammar, _clauses(dice, words, stars, category, 1 + int(8.5 * dice.roll() ** 2.2)), style)


def mood(style: int, stars: int) -> int:
    """The style without emoji where somebody is angry."""
    return style if stars > 2 else style & ~2


def said(dice: Dice, words: Phrases, templates: tuple[str, ...], category: int, style: int, stars: int | None = None,
         **given: str) -> str:
    """One of the phrases for an occasion; with `stars`, clauses that fit them before or after it, or neither."""
    text = fill(dice, words.grammar, dice.pick(templates), category, **given)
    more = dice.roll()
    if stars is not None and more < 0.7:
        own = _clauses(dice, words, stars, category, 1 + int(2 * dice.roll()))
        text = f"{text}. {own}" if more < 0.4 else f"{own}. {text}"
    return typed(dice, words.grammar, text, style if stars is None else mood(style, stars))


def _clauses(dice: Dice, words: Phrases, stars: int, category: int, n: int) -> str:
    """n clauses, each of another template where there are enough; fewer stars, more of the bad ones."""
    out: list[str] = []
    used: set[str] = set()
    for _ in range(n):
        felt = stars + 1.6 * (dice.roll() - 0.5)
        bank = words.bad if felt < 2.4 else words.meh if felt < 3.4 else words.good
        template = dice.pick(bank)
        if template not in used:
            used.add(template)
            out.append(fill(dice, words.grammar, template, category))
    text = out[0]
    for clause in out[1:]:
        glue = dice.pick(_GLUE)
        text += glue + (clause[:1].upper() + clause[1:] if glue != ", " else clause)
    return text


Wording = tuple[str, list[int], bool]
"""A template, which of its choices are taken, and whether it ends at its first comma."""


def bases(dice: Dice, templates: tuple[str, ...], n: int) -> list[Wording]:
    """n of the templates, each in one wording, some of them short: what an operator hands to a crew."""
    left = list(templates)
    some = [left.pop(int(dice.roll() * len(left))) for _ in range(min(n, len(left)))]
    return [(t, [int(dice.roll() * len(o)) for o in choices(t)], dice.roll() < 0.4) for t in some]


def bought(dice: Dice, words: Phrases, handed: list[Wording], paraphrase: float, style: int) -> str:
    """A campaign's review: one of the wordings handed out, that share of its places reworded; as it was handed
    out at paraphrase 0, as its account types otherwise."""
    template, base, cut = dice.pick(handed)
    text = reword(dice, template, base, paraphrase)
    text = text.split(",")[0] if cut else text
    return typed(dice, words.grammar, text, style) if paraphrase > 0 else text


def answer(dice: Dice, words: Phrases, stars: int, name: str) -> str:
    """The owner's answer to a review of so many stars, signed."""
    templates = words.thanks if stars > 3 else words.sorry
    return fill(dice, words.grammar, dice.pick(templates), 0, n=name)
