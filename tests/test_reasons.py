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
    decision = decide.Decision(["suspect"] * n, nobody, nobody, nobody, ["g"] * n, authors)
    speaks, favour = pipeline._reasons(pipeline.load_model(None).classifier, matrix, decision, accounts,
                                       set(authors) if unlearned else set())
    told = {code for codes in favour for code in codes}
    assert told - pipeline.OF_GROUP, "other features still do"
    assert bool(told & pipeline.OF_GROUP) is not unlearned
    assert all(speaks)
