"""What a marker asks for, and what happens where it is not there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import audits
import cluster
import make_agency
import make_dossier
import pytest
from make_audit import make_audit

from fakedetect.engine import open_engine
from fakedetect.schema import Audit

if TYPE_CHECKING:
    from fakedetect.engine.duckdb import DuckDB
    from fakedetect.model.classifier import AccountClassifier

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
"""The research corpora, beside the checkout; no part of the project."""
LONG = ("spark", "batch", "full_disk", "relate", "cli", "own_labels", "dossier", "features_compute", "relate_rivals",
        "relate_phrases", "evaluate", "dossier_cold", "site", "accounts_corpora", "dossier_verify", "dossier_replay",
        "engine", "corpora", "model_spam", "incentives", "corrupted", "report", "businesses", "agency")
"""Files that take longest, run first: begun last, one of them would keep a single worker busy at the end."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, the others as they stand."""
    place = {f"test_{name}.py": k for k, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of the corpora and of Spark where these are not there; in CI, Spark is."""
    if item.get_closest_marker("corpora") and not SHARED.is_dir():
        pytest.skip("needs the research corpora (../shared): third-party data that the project must not ship")
    if item.get_closest_marker("spark") and (lacks := cluster.missing()):
        if os.environ.get("CI"):
            pytest.fail(f"{lacks}, and this is CI", pytrace=False)
        pytest.skip(lacks)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's command. Without one its tests are skipped; where the environment says CI, they fail."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, and this is CI", pytrace=False)
        pytest.skip(f"needs a browser to look at the report in: none of {', '.join(BROWSERS)} is on the PATH")
    return found


@pytest.fixture(scope="session")
def sample_audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit of the sample page that ships, made once by the command line."""
    return audits.audit(tmp_path_factory.mktemp("sample") / "audit", ROOT / "data" / "sample_page")


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> make_dossier.Case:
    """A small audit with a ring, and a dossier of it; tests that change something copy it first."""
    return make_dossier.case(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="session")
def found_audit() -> Audit:
    """An invented audit that names one group."""
    return make_audit()


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    with open_engine("duckdb", threads=2) as opened:
        yield opened


@pytest.fixture(scope="session")
def fitted() -> AccountClassifier:
    """A small classifier, fitted once; it is shared, so no test may change it."""
    import make_model  # here, so that tests of other things load no trees

    return make_model.fitted()


@pytest.fixture(scope="session")
def agency(tmp_path_factory: pytest.TempPathFactory) -> make_agency.Case:
    """An agency audit by the command line: one ring on the pages of two brands, and a page that it does not run."""
    return make_agency.case(tmp_path_factory.mktemp("agency"))
