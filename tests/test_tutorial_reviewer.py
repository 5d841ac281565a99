"""The tutorial for who checks an agency: run as it is typed, outputs compared."""

from __future__ import annotations

import pytest
import shown


@pytest.mark.slow
def test_the_tutorial_is_true() -> None:
    assert shown.differences(shown.ROOT / "docs/tutorial-reviewer.md") == []
