"""The protocol on made-up rows: what is left out is left out, and the tables say what was measured."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from fakedetect.errors import InputError
from fakedetect.evaluate import protocol_table, training
from fakedetect.evaluate.mixed import FAMILIES, MECHANISMS
from fakedetect.evaluate.protocol import Report, _measured, _origin, protocol, stability, text
from fakedetect.evaluate.rows import Rows
from fakedetect.evaluate.training import Examples
from fakedetect.features import FEATURES

N_PAGES, PER_PAGE, N_CAMPAIGN = 8, 160, 24


def made(seed: int = 0, general: float = 2.0, own: float = 0.0, seeds: tuple[int, ...] = (1,)) -> Rows:
    """Pages of two dumps; each has two campaigns. general: what all campaigns show in one feature; own: what each
    mechanism shows in a feature of its own."""
    rng = np.random.default_rng(seed)
    mechanism = {f: k for k, group in enumerate(MECHANISMS.values()) for f in group}
    parts = []
    for run_seed in seeds:
        for page in range(N_PAGES):
            x = np.full((PER_PAGE, len(FEATURES)), np.nan, np.float32)
            x[:, :10] = rng.normal(size=(PER_PAGE, 10))
            y = (np.arange(PER_PAGE) < N_CAMPAIGN).astype(np.int64)
            families = [FAMILIES[(2 * page + k + run_seed) % len(FAMILIES)] for k in (0, 1)]
            kind = np.array([families[k % 2] if k < N_CAMPAIGN else "fan" if k < 60 else "other"
                             for k in range(PER_PAGE)])
            x[y == 1, 0] += general
            for k in np.flatnonzero(y):
                x[k, 1 + mechanism[kind[k]]] += own
            platform, name = ("one" if page % 2 else "two"), f"page {page}"
            campaign = [f"{name}/{run_seed}/{k % 2}" if k < N_CAMPAIGN else "" for k in range(PER_PAGE)]
            parts.append(Rows(x, y, np.where(y == 1, 1.0, 5.0), kind, np.array(campaign),
                              np.full(PER_PAGE, platform), np.full(PER_PAGE, name),
                              np.full(PER_PAGE, f"{name}/{run_seed}"), rng.uniform(0, 0.2, PER_PAGE),
                              np.where(y == 1, 0.01, np.nan)))
    return training.joined(parts)


def examples(general: float, seed: int = 9) -> Examples:
    """Simulated pages with campaigns that show in the same feature."""
    rng = np.random.default_rng(seed)
    x = np.full((600, len(FEATURES)), np.nan)
    x[:, :10] = rng.normal(size=(600, 10))
    y = (np.arange(600) % 10 == 0).astype(np.int64)
    x[y == 1, 0] += general
    return Examples(x, y, np.ones(600), np.arange(600) // 60, np.array(["rare" if one else "organic" for one in y]))


def measured(there: Rows, general: float) -> Report:
    later = made(5, general, seeds=(1, 2))
    figures, difference = _measured(there, later, examples(general), 1, lambda *_: None)
    stable = {"all": (0.95, 0.9)}
    return Report("0" * 64, N_PAGES, len(np.unique(there.run)), figures, difference, _origin(there), stable,
                  Counter({("kind", "fan", False, "no_evidence"): 3000, ("platform", "one", False, "suspect"): 1,
                           ("platform", "one", False, "no_evidence"): 9999}), {"seeds": 1})


@pytest.fixture(scope="module")
def report() -> Report:
    return measured(made(), 2.0)


def of(report: Report, split: str, model: str = "fitted"):
    [figure] = [f for f in report.figures if f.split == split and f.model == model]
    return figure


@pytest.mark.slow
def test_what_all_campaigns_show_is_found_whatever_is_left_out(report: Report) -> None:
    for split in ("page", "mechanism", "platform", "time"):
        figure = of(report, split)
        assert figure.ap > 2 * 24 / (24 + 5 * 136)
        assert figure.low <= figure.ap <= figure.high
    assert of(report, "page", "constant").ap == pytest.approx(24 / (24 + 5 * 136))
    assert {f.model for f in report.figures if f.split == "page"} >= {
        "best single feature", "tree of depth 2", "tree of depth 3", "profile alone", "text alone", "timing alone",
        "as shipped", "constant"}
    assert report.difference is not None


@pytest.mark.slow
def test_a_mechanism_that_is_left_out_teaches_nothing() -> None:
    """Each mechanism shows in a feature of its own only: known where pages are left out, unknown where it is."""
    there = made(general=0.0, own=4.0, seeds=(1, 2))
    report = measured(replace(there, platform=np.full(len(there), "one")), 0.0)
    known, unknown = of(report, "page"), of(report, "mechanism")
    assert known.ap > 0.4
    assert np.mean(list(unknown.families.values())) < 0.5 * np.mean(list(known.families.values()))
    # One dump has no platform to leave out.
    assert report.difference is None
    assert not [f for f in report.figures if f.split == "platform"]
    assert "it ships" not in protocol_table.markdown(report)


@pytest.mark.slow
def test_the_tables_say_it(report: Report) -> None:
    told = protocol_table.markdown(report)
    for title in protocol_table.SPLITS.values():
        assert f"## {title}" in told
    assert "Fitted less simulated, a platform left out" in told
    assert "| kind: fan | 3,000 | 0 | 0 | 0.00 (9.98) |" in told
    assert json.loads(json.dumps(protocol_table.as_data(report)))["n_pages"] == N_PAGES
    assert protocol_table.strata(report.verdicts)["platform", "one"] == {"accounts": 10_000, "suspect": 1, "review": 0}


@pytest.mark.slow
def test_trainings_that_agree_and_trainings_that_do_not() -> None:
    there = made(general=6.0, seeds=(1, 2))
    found = stability(there, examples(6.0), 1, lambda *_: None)
    assert found["all"][0] > 0.9
    assert found["all"][1] <= found["all"][0]
    assert set(found) <= {"all", *FAMILIES}
    # Outside groups nobody is a suspect, whatever the classifier says.
    assert stability(replace(there, q=np.full(len(there), np.nan)), examples(6.0), 1, lambda *_: None) == {}


def test_too_few_pages_are_refused(tmp_path) -> None:
    (tmp_path / "comments.csv").write_text("author_id,text,comment_time,post_id\n1,a,2024-01-01T00:00:00Z,p\n")
    with pytest.raises(InputError, match="0 pages can hold a campaign"):
        protocol([str(tmp_path)], seeds=1, first_seed=1, pages=1, train_pages=10, progress=lambda *_: None)


def test_the_text_names_what_is_measured() -> None:
    for name in (*MECHANISMS, *(f for f in FAMILIES if "spaced" not in f)):
        assert name in text()
