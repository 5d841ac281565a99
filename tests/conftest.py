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


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of the corpora where they are not there, and tests in a browser where there is none. Where the
    environment says CI, a missing browser is a failure."""
    if item.get_closest_marker("corpora") and not SHARED.is_dir():
        pytest.skip("the research corpora (../shared) are not there")
    if item.get_closest_marker("browser") and not any(map(shutil.which, BROWSERS)):
        if os.environ.get("CI"):
            pytest.fail("no Chromium, and this is CI", pytrace=False)
        pytest.skip("no Chromium")


@pytest.fixture(scope="session")
def sample_audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit of the sample page that ships, made once by the command line."""
    return audits.audit(tmp_path_factory.mktemp("sample") / "audit", ROOT / "data" / "sample_page")
