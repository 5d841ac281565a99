"""What stands for and against an account: the classifier's word, but for what it knows nothing of."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from fakedetect import decide, pipeline
from fakedetect.features import FEATURES


@pytest.mark.parametrize("unlearned", [False, True], ids=["a group as in training", "a group of another kind"])
def test_a_group_that_the_classifier_never_learned_speaks_in_nobodys_favour(unlearned: bool) -> None:
    """Two hundred accounts of drawn features, all in groups, as the shipped model sees them."""
    n = 200
    draw = np.random.default_rng(5)
    matrix = draw.gamma(1.0, 1.0, (n, len(FEATURES)))
    authors = [f"a{i}" for i in range(n)]
    accounts = pa.table({"author_id": authors} | {f.name: matrix[:, k] for k, f in enumerate(FEATURES)})
    nobody = np.full(n, np.nan)
    verdicts = ["suspect", "no_evidence"] * (n // 2)
    decision = decide.Decision(verdicts, nobody, nobody, nobody, ["g"] * n, authors)
    speaks, favour = pipeline._reasons(pipeline.load_model(None).classifier, accounts, decision,
                                       set(authors) if unlearned else set())
    told = {code for codes in favour for code in codes}
    assert told - pipeline.OF_GROUP, "other features still do"
    assert bool(told & pipeline.OF_GROUP) is not unlearned
    assert all(speaks[::2]) and not any(speaks[1::2]) and not any(favour[1::2])


@pytest.mark.parametrize(("suspected", "expected"), [(1, (True, False)), (-1, (True, True)), (0, (True, True))])
def test_what_a_campaign_looks_like_is_told_in_nobodys_favour(suspected: int, expected: tuple[bool, bool]) -> None:
    """A value above the typical, of a feature that the classifier may read either way."""
    against, favour = pipeline._sides(np.array([3.0, 1.0, 2.0]), 0, [0], suspected)
    assert (bool(against[0]), bool(favour[0])) == expected
    assert not pipeline._sides(np.array([3.0, np.nan]), 0, [0], 1)[1][0], "where nobody else has it"


def test_features_that_show_a_campaign_exist_and_are_free() -> None:
    free = {f.name for f in FEATURES if f.monotone == 0}
    assert set(pipeline.AS_SUSPECTED) <= free


@pytest.mark.parametrize(("value", "monotone", "others", "expected"), [
    pytest.param(3.0, 1, [1.0, 2.0], (True, False), id="more than typical of what is suspect"),
    pytest.param(1.0, 1, [1.0, 2.0], (False, True), id="less"),
    pytest.param(1.0, -1, [1.0, 2.0], (True, False), id="less of what is organic"),
    pytest.param(1.5, 1, [1.0, 2.0], (False, False), id="typical says nothing"),
    pytest.param(3.0, 0, [1.0, 2.0], (True, True), id="no direction known"),
    pytest.param(3.0, 1, [np.nan], (True, False), id="nobody else has it"),
    pytest.param(3.0, 0, [np.nan], (True, True), id="nobody else has it, no direction known"),
])
def test_a_reason_stands_on_the_side_where_its_value_is(value: float, monotone: int, others: list[float],
                                                        expected: tuple[bool, bool]) -> None:
    against, favour = pipeline._sides(np.array([value, *others]), monotone, [0])
    assert (bool(against[0]), bool(favour[0])) == expected
