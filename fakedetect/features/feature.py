"""What a feature is: one declaration from which the query, the model's columns, the command
`fakedetect features`, the docs page and the reasons in a report all derive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fakedetect.words import Text


@dataclass(frozen=True, slots=True)
class Feature:
    """One number about one account.

    sql: an aggregate over `view`, grouped by account, in the dialect that DuckDB and Spark share word for word
    (abs count sum avg min max median stddev_samp filter case cast coalesce nullif log2 lag rank over); null in,
    null out.
    """

    name: str
    """`what_statistic`, the unit as a suffix: gap_median_s, copied_share, n_posts."""
    family: Literal["timing", "text", "profile", "history", "neighbour", "group", "review"]
    view: str
    """One of `features.views.VIEWS`."""
    unit: Literal["s", "share", "count", "ratio", "bits", "days", "characters", "words", "log10"]
    null: str
    """What a null means, in a few English words: 'one comment only', 'no profile file'."""
    higher_is: Literal["suspect", "organic", "either"]
    """Direction known beforehand; gives the model's monotone constraint (+1, -1, 0)."""
    sql: str
    label: Text
    reason: Text
    """A sentence for a reader, with {value} and {typical}, that holds whether it speaks for or against."""
    needs: tuple[str, ...] = ()
    """Tests of the quality gate without which the feature is null: see `quality.TESTS`."""

    @property
    def monotone(self) -> int:
        """LightGBM's monotone constraint."""
        return {"suspect": 1, "organic": -1, "either": 0}[self.higher_is]
