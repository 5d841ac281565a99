"""Known suspects and nobody known to be innocent: the interval for the hidden share holds what was planted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from fakedetect.model import unlabelled
from fakedetect.model.unlabelled import Floats, Scorer

DRAWS = 40


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Thousands of small fits: a second thread would only wait for the first."""
    with threadpool_limits(1):
        yield


def logistic(x: Floats, y: np.ndarray, seed: int) -> Scorer:
    return LogisticRegression(max_iter=200).fit(x, y).decision_function


def scar(share: float, seed: int, apart: float, n_known: int = 400,
         n_unknown: int = 1600) -> tuple[Floats, np.ndarray, np.ndarray]:
    """Known suspects drawn at random from all (SCAR): x, who is known, who is suspect among the unlabelled. Classes
    are normal in five dimensions, `apart` standard deviations from each other."""
    rng = np.random.default_rng(seed)
    hidden = rng.random(n_unknown) < share
    suspect = np.concatenate([np.ones(n_known, bool), hidden])
    x = rng.normal(size=(len(suspect), 5))
    x[suspect, 0] += apart
    return x, np.arange(len(suspect)) < n_known, suspect


def interval(share: float, seed: int, apart: float) -> unlabelled.Share:
    x, known, _ = scar(share, seed, apart)
    scores = unlabelled.cross_scores(x, known, np.arange(len(x)), logistic, folds=3, draws=3, seed=seed)
    return unlabelled.share(scores, known)


@pytest.mark.parametrize("apart", [1.5, 3.0], ids=["overlapping", "apart"])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
def test_the_interval_holds_the_planted_share(share: float, apart: float) -> None:
    found = [interval(share, seed, apart) for seed in range(DRAWS)]
    assert np.mean([f.low <= share <= f.high for f in found]) >= 0.9
    assert np.mean([f.low <= f.estimate <= f.high for f in found]) == 1
    # Conservative, but no idle interval: where classes are well apart it tells .05 from .2 from .4.
    if apart == 3.0:
        assert np.mean([f.high for f in found]) < share + 0.2
        assert np.mean([f.low for f in found]) > share / 10


def test_the_upper_end_holds_even_where_classes_hardly_differ() -> None:
    assert all(interval(0.2, seed, 0.5).high >= 0.2 for seed in range(10))


def test_where_classes_do_not_differ_at_all_everything_is_possible_above() -> None:
    assert interval(0.2, 1, 0.0).high > 0.9


def test_rows_of_one_group_count_as_one() -> None:
    rng = np.random.default_rng(5)
    known = np.arange(1000) < 300
    scores = rng.normal(size=1000) + known
    single = unlabelled.share(scores, known)
    grouped = unlabelled.share(scores, known, groups=np.arange(1000) // 5)
    assert grouped.estimate == single.estimate
    assert grouped.low < single.low and grouped.high >= single.high


def test_bagging_ranks_what_is_hidden() -> None:
    x, known, suspect = scar(0.2, 3, 2.0)
    score = unlabelled.bagged(x, known, logistic, draws=5)
    assert roc_auc_score(suspect[~known], score(x[~known])) > 0.88
    assert (score(x) == unlabelled.bagged(x, known, logistic, draws=5)(x)).all()
    assert (score(x) != unlabelled.bagged(x, known, logistic, draws=5, seed=1)(x)).any()


def test_no_row_is_scored_by_what_its_group_taught() -> None:
    """Groups whose rows are all alike: a learner that remembers rows cannot know a group it has not seen."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 5)
    x, known = np.repeat(rng.normal(size=(60, 3)), 5, axis=0), np.repeat(rng.random(60) < 0.5, 5)

    def remembers(x_: Floats, y: np.ndarray, seed: int) -> Scorer:
        told = {row.tobytes(): bool(t) for row, t in zip(x_, y, strict=True)}
        return lambda new: np.array([float(told.get(row.tobytes(), 0.5)) for row in new])

    assert set(unlabelled.cross_scores(x, known, groups, remembers)) == {0.5}


@pytest.mark.parametrize("known", [[True, True], [False, False]], ids=["all known", "none known"])
def test_one_side_alone_is_refused(known: list[bool]) -> None:
    with pytest.raises(ValueError, match="known suspects"):
        unlabelled.share(np.zeros(2), np.array(known))
    with pytest.raises(ValueError, match="known suspects"):
        unlabelled.bagged(np.zeros((2, 1)), np.array(known), logistic)


def test_a_level_out_of_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="level must be"):
        unlabelled.share(np.zeros(2), np.array([True, False]), level=1.0)
