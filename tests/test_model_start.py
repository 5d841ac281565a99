"""Where the trees start: evidence counts where no example showed it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from sklearn.metrics import average_precision_score

from fakedetect.model import start
from fakedetect.model.classifier import AccountClassifier


def test_it_finds_the_weights_that_made_the_data() -> None:
    rng = np.random.default_rng(0)
    x = rng.exponential(size=(40_000, 3))
    y = rng.random(len(x)) < special.expit(-3 + 1.2 * x[:, 0] + 0.4 * x[:, 1])
    found = start.fit(x, y, np.ones(len(x)), [0.0, 0.0, None])
    assert found.intercept == pytest.approx(-3, abs=0.1)
    assert found.weights == pytest.approx([1.2, 0.4, 0.0], abs=0.06)


def test_no_weight_is_below_its_least() -> None:
    rng = np.random.default_rng(1)
    x = rng.exponential(size=(5_000, 2))
    y = rng.random(len(x)) < special.expit(-1 - x[:, 0])
    found = start.fit(x, y, np.ones(len(x)), [0.8, 0.0])
    assert found.weights[0] == 0.8
    assert found.weights[1] >= 0


def test_what_is_unknown_adds_nothing() -> None:
    first = start.Start(-4.0, np.array([2.0, 0.0]))
    x = np.array([[np.nan, 5.0], [1.5, np.nan], [0.0, 1.0]])
    assert first.score(x).tolist() == [-4.0, -1.0, -4.0]
    assert first.parts(x).tolist() == [[0.0, 0.0], [3.0, 0.0], [0.0, 0.0]]


def test_weights_are_relative() -> None:
    rng = np.random.default_rng(2)
    x = rng.exponential(size=(2_000, 1))
    y = rng.random(len(x)) < 0.3
    weight = rng.uniform(0.5, 2, len(x))
    one, ten = (start.fit(x, y, weight * factor, [0.0]) for factor in (1.0, 10.0))
    assert one.intercept == pytest.approx(ten.intercept, rel=1e-6)


def _two_mechanisms(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Evidence (known of all throwaways, most busy accounts, and by chance of some organic ones) and activity; which: 0
    organic, 1 busy accounts of a ring, 2 throwaways of a farm, as active as the organic."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, 6_000, p=[0.9, 0.05, 0.05])
    activity = np.where(kind == 1, rng.integers(10, 40, len(kind)), rng.integers(1, 4, len(kind)))
    evidence = np.where(kind == 0, rng.exponential(1.0, len(kind)), rng.uniform(4, 12, len(kind)))
    known = rng.random(len(kind)) < np.array([0.1, 0.7, 1.0])[kind]
    return np.column_stack([np.where(known, evidence, np.nan), activity]).astype(float), (kind > 0).astype(int), kind


def test_a_mechanism_that_no_example_showed_is_ranked_by_its_evidence() -> None:
    x, y, kind = _two_mechanisms(3)
    fresh, _, kinds = _two_mechanisms(4)
    seen, of_farms, of_rings = kind != 2, kinds != 1, kinds != 2
    params = {"n_trees": 60, "monotone": (1, 0), "calibration": "none", "n_threads": 1}

    def figures(least: tuple[float | None, ...] | None) -> tuple[float, float]:
        score = AccountClassifier(least=least, **params).fit(x[seen], y[seen]).decision_function(fresh)
        return (float(average_precision_score(kinds[of_farms] == 2, score[of_farms])),
                float(average_precision_score(kinds[of_rings] == 1, score[of_rings])))

    farms, rings = figures((0.8, None))
    farms_without, rings_without = figures(None)
    assert farms > 0.98
    assert farms > farms_without + 0.02
    # It takes nothing from what the examples did show.
    assert rings >= rings_without - 0.001


@pytest.mark.parametrize("least", [(0.5,), (0.5, None, None), (None, None), (None, -1.0), (None, 0.5), (True, None)])
def test_least_is_checked(least: tuple[float | None, ...]) -> None:
    x, y, _ = _two_mechanisms(5)
    with pytest.raises(ValueError, match="least must h"):
        AccountClassifier(least=least, monotone=(1, 0), n_trees=2).fit(x, y)
