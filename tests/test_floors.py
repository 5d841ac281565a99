"""The protocol at its smallest keeps its floors: something that breaks the classifier is seen here."""

from __future__ import annotations

import pytest
from conftest import SHARED

from fakedetect.evaluate import floors


@pytest.mark.slow
@pytest.mark.corpora
def test_the_quick_version_keeps_its_floors() -> None:
    figures = floors.measured([str(SHARED / "data" / "dumps" / "tiktok_creators")], progress=lambda *_: None,
                              size=floors.Size(simulated=2, negatives=1, learned=2, planted=4))
    assert len(figures) == 10
    assert not [f"{f.name}: {f.value:.3f}, {f.limit:g}" for f in figures if not f.kept]


def test_a_figure_below_its_floor_is_not_kept() -> None:
    assert floors.Figure("recall", 0.8, 0.8).kept
    assert not floors.Figure("recall", 0.79, 0.8).kept
    assert not floors.Figure("accused", 0.6, 0.5, at_most=True).kept
    assert "**not kept**" in floors.markdown([floors.Figure("recall", 0.79, 0.8)])
