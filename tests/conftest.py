"""What a marker asks for, and what happens where it is not there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import audits
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
"""The research corpora, beside the checkout; no part of the project."""
BROWSERS = ("chromium", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests of the corpora where they are not there, and tests in a browser where there is none. Where
    CI says it is CI, a missing browser is no excuse: those tests run, and fail."""
    corpora = pytest.mark.skip(reason=f"the research corpora are not there ({SHARED.name}/ beside the checkout)")
    browser = pytest.mark.skip(reason="no Chromium here")
    for item in items:
        if item.get_closest_marker("corpora") and not SHARED.is_dir():
            item.add_marker(corpora)
        if item.get_closest_marker("browser") and not os.environ.get("CI") and not any(map(shutil.which, BROWSERS)):
            item.add_marker(browser)


@pytest.fixture(scope="session")
def sample_audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit of the sample page that ships, made once by the command line."""
    return audits.audit(tmp_path_factory.mktemp("sample") / "audit", ROOT / "data" / "sample_page")
