"""The models that are set side by side on labelled accounts, and which of them are there only to be doubted by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fakedetect.evaluate import accounts_clock, accounts_posts
from fakedetect.evaluate.accounts_figures import ACCUSED, FOUND, MISSED
from fakedetect.evaluate.accounts_posts import Feeds
from fakedetect.evaluate.accounts_scores import (
    Model,
    across,
    blend,
    boosted,
    filled,
    forest,
    linear,
    repeated,
    simple,
    single,
    tree,
)
from fakedetect.evaluate.corpora_features import Columns, Ints
from fakedetect.evaluate.corpora_scores import Flags, Floats, Found

QUICK = "quick forest on simple counts"
PLAIN_CLOCK = "plain trees, 31 columns"
PLAIN_COUNTS = "plain trees, 8 counts"
CONTROLS = ("majority", "best single feature", "tree of depth 2", "tree of depth 3", "number in an id alone",
            "place in the file alone", "count of posts alone", "how many and when collected alone")
ODDS = -ACCUSED / (FOUND - MISSED)
"""Naming an account is worth FOUND - MISSED points if it is a suspect, and ACCUSED if not: it pays above these odds."""


def posts(feeds: Feeds, suspect: Flags, lang: Ints, numbers: Columns) -> Found:
    """Across languages. numbers: columns of what only the publisher's file tells, each for a control of its own."""
    families = accounts_posts.families(feeds)
    columns: Columns = {name: each for family in families.values() for name, each in family.items()}
    person = feeds.person
    # Absent is below all others to a forest on raw columns, and in the middle of the ranks.
    raw, rank = filled(columns, -1.0), filled(accounts_posts.ranked(columns, feeds.group), 0.5)
    normal = (rank - 0.5) * np.sqrt(12)

    def trees(of: Columns) -> Model:
        return forest(filled(of, -1.0), suspect, person)

    models: dict[str, Model] = {
        QUICK: trees(accounts_posts.simple(feeds)),
        **simple(columns, suspect),
        "count of posts alone": single({"tweet_count": feeds.given["tweet_count"]}, suspect),
        **{f"{name} alone": single({name: column}, suspect) for name, column in numbers.items()},
        "forest, times alone": trees(families["times"]),
        "forest, posts alone": trees(families["posts"]),
        "forest, profile alone": trees(families["profile"]),
        "forest, all columns": trees(columns),
        "forests and a line, with ranks": blend([
            *(forest(x, suspect, person) for x in (raw, rank)),
            *(forest(x, suspect, person, extra=True, least=2) for x in (raw, rank)),
            linear(normal, suspect, person, 0.03),
        ]),
    }
    return across(models, suspect, person, lang, ODDS)


def clocks(times: Sequence[Ints], suspect: Flags, numbers: Columns, repeats: int) -> dict[str, Floats]:
    """Scores (repeats, n) by model from comment times alone, five folds."""
    columns = accounts_clock.table(times)
    each = np.arange(len(suspect))
    models: dict[str, Model] = {
        PLAIN_CLOCK: boosted(filled(accounts_clock.plain(times), np.nan), suspect),
        **simple(columns, suspect),
        **{f"{name} alone": single({name: column}, suspect) for name, column in numbers.items()},
        "how many and when collected alone": tree(accounts_clock.collected(times), suspect, 3),
        "boosted trees": boosted(filled(columns, np.nan), suspect),
        "forest of random cuts": forest(filled(columns, 0.0), suspect, each, extra=True, least=2, features=0.3,
                                        balanced=True),
    }
    return repeated(models, suspect, 5, repeats)


def profiles(counts: Columns, suspect: Flags, numbers: Columns, repeats: int) -> dict[str, Floats]:
    """Scores (repeats, n) by model from eight counts of a profile, ten folds. nan in no count."""
    each = np.arange(len(suspect))
    made = made_of(counts)
    models: dict[str, Model] = {
        PLAIN_COUNTS: boosted(filled(counts, np.nan), suspect),
        **simple(counts, suspect),
        **{f"{name} alone": single({name: column}, suspect) for name, column in numbers.items()},
        "trees and a forest, with ratios": blend([
            boosted(filled(made, np.nan), suspect),
            forest(filled(made, 0.0), suspect, each, extra=True, least=2),
        ]),
    }
    return repeated(models, suspect, 10, repeats)


def made_of(counts: Columns) -> Columns:
    """Logs and ratios of the eight counts of instafake, and how much of a profile is empty."""
    log = {name: np.log1p(counts[name]) for name in ("userFollowerCount", "userFollowingCount", "userBiographyLength",
                                                     "userMediaCount")}
    followers, following, media = (log[f"user{what}Count"] for what in ("Follower", "Following", "Media"))
    empty = sum((counts[name] == 0).astype(float) for name in ("userBiographyLength", "userMediaCount",
                                                               "userHasProfilPic"))
    return {**counts, **log, "followers_to_following": followers - following, "media_to_followers": media - followers,
            "media_to_following": media - following, "empty": np.asarray(empty, float),
            "digit_share": counts["usernameDigitCount"] / np.maximum(counts["usernameLength"], 1)}
