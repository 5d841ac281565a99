"""The stage on which a page is played: its posts, its crowd, and what everybody did so far."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from fakedetect.simulate import curves as measured
from fakedetect.simulate.grammar import Dice, Grammar, choices, ordinary, reword, styles, topic_words, typed
from fakedetect.simulate.spec import Campaign, PageSpec
from fakedetect.simulate.words_en import ENGLISH
from fakedetect.simulate.words_fr import FRENCH
from fakedetect.simulate.words_other import OTHERS

GRAMMARS: tuple[Grammar, ...] = (ENGLISH, FRENCH, *OTHERS)
"""Accounts and posts hold the place of their language in this tuple."""
LANG_AT = {g.lang: i for i, g in enumerate(GRAMMARS)}
_SCRIPT_LANG = {"han": "zh", "cyrillic": "ru", "arabic": "ar", "thai": "th"}


@dataclass(frozen=True)
class Acts:
    """Comments not yet written down; all arrays of one length n.

    account, post: places in the crowd and among the posts. delay_s: seconds after the post. parent: place of
    the comment answered in `Scene.so_far()`, -1 at top level. extra_likes: likes from the crew.
    """

    account: np.ndarray
    post: np.ndarray
    delay_s: np.ndarray
    text: list[str]
    parent: np.ndarray
    extra_likes: np.ndarray


def acts(
    account: np.ndarray,
    post: np.ndarray,
    delay_s: np.ndarray,
    text: list[str],
    parent: np.ndarray | None = None,
    extra_likes: np.ndarray | None = None,
) -> Acts:
    """Acts with the usual defaults: top level, no likes from a crew."""
    n = len(account)
    return Acts(
        np.asarray(account, np.int64),
        np.asarray(post, np.int64),
        np.asarray(delay_s, float),
        text,
        np.full(n, -1, np.int64) if parent is None else np.asarray(parent, np.int64),
        np.zeros(n, np.int64) if extra_likes is None else np.asarray(extra_likes, np.int64),
    )


class Scene:
    """One page while it is being made. Posts are fixed at once; accounts are hired, acts are added."""

    def __init__(self, spec: PageSpec, seed: int) -> None:
        self.spec = spec
        self.seed = seed
        self.curves = measured.load(spec.profile)
        self._acts: list[Acts] = []
        self.n_acts = 0
        self.crowd: dict[str, np.ndarray] = {}
        self.roles: list[tuple[str, str, str | None, bool]] = []
        """(role, family, campaign, is_suspect) per account."""
        self._plan_posts(measured.stream(seed, "posts"))

    def _plan_posts(self, rng: np.random.Generator) -> None:
        n, spec = self.spec.n_posts, self.spec
        day = np.floor((np.arange(n) + rng.uniform(-0.4, 0.4, n)).clip(0) / spec.posts_per_day)
        hour = rng.choice(24, n, p=self.curves.post_hours)
        # Planned posts go out on the hour or the half hour, the others at any second.
        minute = np.where(rng.random(n) < 0.4, rng.choice([0, 30], n), rng.integers(0, 60, n))
        local = day * 86400 + hour * 3600 + minute * 60 + rng.integers(0, 60, n)
        begin = calendar.timegm(spec.start.timetuple()) - spec.utc_offset_h * 3600
        self.post_time_s = np.unique((begin + local).astype(np.int64))
        while len(self.post_time_s) < n:
            self.post_time_s = np.unique(np.append(self.post_time_s, self.post_time_s[-1] + 977))
        size = 10 ** self.curves.at("post_size_log10", (rng.permutation(n) + rng.random(n)) / n)
        self.post_weight = size / size.sum()
        self.post_shift = rng.standard_normal(n)
        langs = [LANG_AT[x] for x in (("en", "fr") if spec.lang == "mixed" else (spec.lang,))]
        self.post_lang = np.array(langs)[rng.integers(0, len(langs), n)]
        self.post_topic = rng.integers(0, len(ENGLISH.topics), n)
        dice = Dice(rng)
        self.post_text = [
            self._post_words(dice, int(g), int(t))
            for g, t in zip(self.post_lang, self.post_topic, strict=True)
        ]

    def _post_words(self, dice: Dice, lang: int, topic: int) -> str:
        grammar = GRAMMARS[lang]
        if not grammar.topics:
            return ordinary(dice, grammar, 60, topic, 0, 0.0, 0.0)
        sentence = list(grammar.topics.values())[topic][0]
        return sentence.replace("{a}", dice.pick(topic_words(grammar, topic)))

    def hire(
        self,
        rng: np.random.Generator,
        n: int,
        role: str,
        family: str,
        *,
        campaign: str | None = None,
        newness: np.ndarray | float = 0.0,
        make: int = 0,
        lang: str | None = None,
    ) -> np.ndarray:
        """n new accounts; gives their places in the crowd. newness: 0 (as everybody's profile) to 1 (new and
        empty). make: number of a make of names, 0 for everybody's."""
        new = {
            "lang": self._langs(rng, n) if lang is None else np.full(n, LANG_AT[lang]),
            "habit": rng.standard_normal(n),
            "chronotype_h": rng.normal(0, 1.6, n),
            "style": styles(rng, n),
            "newness": np.broadcast_to(np.asarray(newness, float), n).copy(),
            "make": np.full(n, make),
        }
        first = len(self.roles)
        self.crowd = {k: np.concatenate([self.crowd[k], v]) if self.crowd else v for k, v in new.items()}
        self.roles += [(role, family, campaign, campaign is not None)] * n
        return np.arange(first, first + n)

    def _langs(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Languages of n people: those of the page, and the measured few who write another script."""
        own = ("en", "fr") if self.spec.lang == "mixed" else (self.spec.lang,)
        names, weights = list(own), [1.0 / len(own)] * len(own)
        if self.spec.profile != "weibo":
            others = {lang: self.curves.scripts[s] for s, lang in _SCRIPT_LANG.items()} | {"es": 0.004}
            names += [x for x in others if x not in own]
            weights += [w for x, w in others.items() if x not in own]
        p = np.array(weights) / sum(weights)
        return np.array([LANG_AT[x] for x in names])[rng.choice(len(names), n, p=p)]

    def delays(self, rng: np.random.Generator, account: np.ndarray, post: np.ndarray) -> np.ndarray:
        """Organic delays in seconds: the page's curve, moved by the post, by the account's habit and by its
        hours of the day."""
        c = self.curves
        own = np.sqrt(c.account_share) * self.crowd["habit"][account]
        rest = np.sqrt(1 - c.account_share)
        base = np.sqrt(c.post_share) * self.post_shift[post]
        scale = np.sqrt(1 - c.post_share)

        def clock(eps: np.ndarray) -> np.ndarray:
            return 10 ** c.at("delay_log10_s", ndtr(base + scale * (own + rest * eps)))

        return np.maximum(self._awake(rng, account, post, clock), 1.0)

    def reply_delays(
        self, rng: np.random.Generator, account: np.ndarray, post: np.ndarray, since_s: np.ndarray
    ) -> np.ndarray:
        """Seconds after the post at which accounts answer comments made `since_s` after it, as measured."""

        def clock(z: np.ndarray) -> np.ndarray:
            return since_s + 5 + 10 ** self.curves.at("reply_log10_s", ndtr(z))

        return self._awake(rng, account, post, clock, since_s)

    def _awake(
        self,
        rng: np.random.Generator,
        account: np.ndarray,
        post: np.ndarray,
        clock: Callable[[np.ndarray], np.ndarray],
        since_s: np.ndarray | float = 0.0,
    ) -> np.ndarray:
        """`clock` of normal scores, in seconds after the post, with few moments at which the account sleeps.

        Such a moment moves along the clock's curve, in steps that keep its law; what comes within 20 minutes
        of `since_s` stays: whoever answers at once is awake.
        """
        likely = self.curves.hours / self.curves.hours.max()
        z = rng.standard_normal(len(account))
        delay = clock(z)
        for _ in range(5):
            local = (self.post_time_s[post] + delay) / 3600 + self.spec.utc_offset_h
            hour = np.floor(local - self.crowd["chronotype_h"][account]).astype(np.int64) % 24
            asleep = (rng.random(len(account)) > likely[hour]) & (delay - since_s > 1200)
            z = np.where(asleep, 0.92 * z + 0.392 * rng.standard_normal(len(account)), z)
            delay = np.where(asleep, clock(z), delay)
        return delay

    def say(self, rng: np.random.Generator, dice: Dice, account: np.ndarray, post: np.ndarray) -> list[str]:
        """Ordinary comments, one per pair, with the measured lengths, in the account's own typing."""
        c = self.curves
        lengths = c.at("chars", rng.random(len(account))).tolist()
        rows = zip(
            self.crowd["lang"][account].tolist(),
            self.crowd["style"][account].tolist(),
            self.post_topic[post].tolist(),
            lengths,
            strict=True,
        )
        # Some of the shared texts are stock phrases; the grammar repeats itself for the others. Emoji alone
        # stand for texts of up to 8 characters.
        stock, tiny = 0.35 * c.shared_text_share, float(np.interp(8.5, c.quantiles["chars"], c.grid))
        no_letters = min(0.95, c.no_letters_share / max(tiny, 0.01))
        return [
            ordinary(dice, GRAMMARS[g], n * GRAMMARS[g].density, t, s, stock, no_letters)
            for g, s, t, n in rows
        ]

    def campaign_words(
        self, rng: np.random.Generator, dice: Dice, c: Campaign, account: np.ndarray, post: np.ndarray
    ) -> list[str]:
        """What a campaign has its accounts write: a few templates, reworded by `paraphrase`, or own words."""
        assert c.paraphrase is not None
        if c.paraphrase >= 1:
            return self.say(rng, dice, account, post)
        bases: dict[int, list[tuple[str, list[int], bool]]] = {}
        out = []
        crowd = self.crowd
        for lang, style in zip(
            crowd["lang"][account].tolist(), crowd["style"][account].tolist(), strict=True
        ):
            grammar = GRAMMARS[lang] if GRAMMARS[lang].praise else ENGLISH
            if lang not in bases:
                some = rng.permutation(len(grammar.praise))[: 4 + int(dice.roll() * 4)]
                # Half of the phrases end at the first comma: a crew writes short comments too.
                bases[lang] = [
                    (
                        grammar.praise[i],
                        [int(dice.roll() * len(o)) for o in choices(grammar.praise[i])],
                        dice.roll() < 0.5,
                    )
                    for i in some
                ]
            template, base, cut = dice.pick(bases[lang])
            text = reword(dice, template, base, c.paraphrase)
            text = text.split(",")[0] if cut else text
            out.append(typed(dice, grammar, text, style) if c.paraphrase > 0 else text)
        return out

    def add(self, new: Acts) -> np.ndarray:
        """Add acts; gives their places in `so_far()`."""
        first = self.n_acts
        self._acts.append(new)
        self.n_acts += len(new.account)
        return np.arange(first, self.n_acts)

    def so_far(self) -> Acts:
        """Everything done until now, in the order of adding."""

        def joined(name: str) -> np.ndarray:
            return np.concatenate([getattr(a, name) for a in self._acts])

        return Acts(
            joined("account"),
            joined("post"),
            joined("delay_s"),
            [t for a in self._acts for t in a.text],
            joined("parent"),
            joined("extra_likes"),
        )
