"""The labelled review corpora: columns read no label, folds keep apart what they say, and noise stays noise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from conftest import SHARED
from sklearn.metrics import accuracy_score, roc_auc_score

from fakedetect.cli import cli
from fakedetect.errors import InputError
from fakedetect.evaluate import corpora, corpora_hotels, corpora_scores
from fakedetect.evaluate import corpora_features as features
from fakedetect.evaluate.corpora_features import Reviews
from fakedetect.model import text

N = 500


def invented(seed: int = 0, told: float = 0.0) -> pa.Table:
    """Reviews in the layout of yelp_subset; a share `told` of those labelled 1 praises in the same words."""
    rng = np.random.default_rng(seed)
    words = np.array(["the", "a", "soup", "door", "waiter", "was", "cold", "warm", "slow", "near", "we", "our", "tea"])
    fake = rng.random(N) < 0.5
    texts = [" ".join(rng.choice(words, rng.integers(5, 30))) + (" simply superb" if f and rng.random() < told else "")
             for f in fake]
    days = np.datetime64("2012-01-01") + rng.integers(0, 900, N)
    return pa.table({"UserID": rng.integers(0, 350, N), "ProductID": rng.integers(0, 60, N),
                     "Date": [str(d) for d in days], "Review": texts, "Rating": rng.integers(1, 6, N),
                     "fake": fake.astype(int)})


def written(folder: Path, table: pa.Table, name: str = corpora.YELP) -> Path:
    (folder / name).mkdir(parents=True)
    pq.write_table(table, folder / name / "reviews.parquet")
    return folder


@pytest.fixture
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora_scores, "N_TREES", 15)
    monkeypatch.setattr(corpora_scores, "BAG_DRAWS", 2)


# --- noise and signal

def test_labels_without_meaning_give_nothing(tmp_path: Path, few_trees: None) -> None:
    """Nested folds, scores of neighbours and choices inside: if any read a label of the test rows, it shows here."""
    found = corpora.evaluate(written(tmp_path, invented()), [corpora.YELP], draws=100)
    assert len(found.rows) == 13
    assert [r.model for r in found.rows if not 0.42 < r.value < 0.58] == []
    assert found.hidden is None


def test_what_is_told_is_found_by_text_and_by_no_control(tmp_path: Path, few_trees: None) -> None:
    folder = written(tmp_path, invented(told=0.9))
    done = CliRunner().invoke(cli, ["evaluate", "reviews", str(folder), "--corpus", corpora.YELP, "--draws", "100",
                                    "--json", "-q"], standalone_mode=False)
    assert done.exception is None
    rows = {r["model"]: r for r in json.loads(done.output)["rows"]}
    assert rows["plain text"]["low"] > 0.85
    assert rows["review alone"]["low"] > 0.85
    for control in ("counts and dates alone", "item count alone", "number in an id alone"):
        assert rows[control]["control"] and rows[control]["high"] < 0.65
        assert rows[control]["gain_high"] < 0


def test_an_unlabelled_share_is_given_for_dianping(tmp_path: Path, few_trees: None) -> None:
    table = invented(told=0.9)
    rng = np.random.default_rng(1)
    known = table["fake"].to_numpy().astype(bool) & (rng.random(N) < 0.7)
    made = pa.table({"label": np.where(known, "+", "-"), "user": [f"USER{u}" for u in table["UserID"].to_pylist()],
                     "ip": [f"IP{i}" for i in table["ProductID"].to_pylist()], "star": table["Rating"],
                     "text": table["Review"]})
    found = corpora.evaluate(written(tmp_path, made, corpora.DIANPING), [corpora.DIANPING], draws=100)
    hidden = table["fake"].to_numpy()[~known].mean()
    assert found.hidden is not None and found.hidden.low <= hidden <= found.hidden.high
    assert "among the unlabelled" in corpora.markdown(found)


# --- columns

def reviews(**changed: Any) -> Reviews:
    given = {"texts": ("We loved the soup!", "Cold. Slow?", "the soup was cold", "fine", "fine soup"),
             "stars": np.array([5.0, 1.0, 3.0, 4.0, 2.0]), "item": np.array([0, 0, 0, 1, 2]),
             "user": np.array([0, 1, 2, 0, 3]), "day": np.array([0, 0, 9, 3, 3])}
    return Reviews(**{**given, **changed})


@pytest.mark.parametrize(("family", "column", "expected"), [
    (features.own, "questions", [0, np.sqrt(1 / 12), 0, 0, 0]),
    (features.own, "first_person", [np.sqrt(1 / 19), 0, 0, 0, 0]),
    (features.own, "past", [0, 0, np.sqrt(1 / 18), 0, 0]),
    (features.own, "stars", [5, 1, 3, 4, 2]),
    (features.of_item, "item_stars", [2, 4, 3, np.nan, np.nan]),
    (features.of_item, "stars_from_item", [3, -3, 0, np.nan, np.nan]),
    (features.of_item, "item_five_share", [0, 0.5, 0.5, np.nan, np.nan]),
    (features.of_item, "stars_from_then", [3, -3, 0, np.nan, np.nan]),
    (features.counts_and_dates, "n_of_item", [3, 3, 3, 1, 1]),
    (features.counts_and_dates, "n_of_user", [2, 1, 1, 2, 1]),
    (features.counts_and_dates, "n_users_of_item", [3, 3, 3, 1, 1]),
    (features.counts_and_dates, "n_same_day", [2, 2, 1, 1, 1]),
    (features.counts_and_dates, "gap_days", [0, 0, 9, 10, 10]),
    (features.counts_and_dates, "item_age_days", [0, 0, 9, 0, 0]),
    (features.counts_and_dates, "single_in_burst", [0, 0, 0, 0, 0]),
], ids=lambda v: v if isinstance(v, str) else getattr(v, "__name__", ""))
def test_columns(family: Any, column: str, expected: list[float]) -> None:
    assert family(reviews())[column] == pytest.approx(expected, nan_ok=True)


def test_a_corpus_without_stars_or_days_has_no_such_columns() -> None:
    none = reviews(stars=np.full(5, np.nan), day=None)
    assert "stars" not in features.own(none)
    assert set(features.counts_and_dates(none)) == {"n_of_item", "n_of_user", "n_users_of_item"}


def test_nearest_texts_are_of_other_items() -> None:
    problem = corpora.yelp(invented())
    item = problem.reviews.item
    assert problem.near.shape == (N, features.NEIGHBOURS)
    assert (item[problem.near] != item[:, None]).all()


def test_no_column_reads_a_label() -> None:
    table = invented()
    at = table.column_names.index("fake")
    turned = table.set_column(at, "fake", pa.array(1 - table["fake"].to_numpy()))
    one, other = corpora.yelp(table), corpora.yelp(turned)
    assert (one.suspect != other.suspect).all()
    for family, columns in one.families.items():
        for name, column in columns.items():
            assert np.array_equal(column, other.families[family][name], equal_nan=True), name


# --- folds and figures

def test_folds_keep_items_and_users_apart() -> None:
    problem = corpora.yelp(invented())
    seen = []
    for train, test in corpora_scores.folds(problem, np.arange(N), 1):
        for side in (problem.reviews.item, problem.reviews.user):
            assert not set(side[train]) & set(side[test])
        seen += test.tolist()
    assert sorted(seen) == list(range(N))


def test_areas_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    y, score = rng.random(80) < 0.4, rng.integers(0, 9, 80).astype(float)
    weights = np.stack([np.ones(80), rng.integers(0, 4, 80).astype(float)])
    expected = [roc_auc_score(y, score, sample_weight=w) for w in weights]
    assert corpora_scores.areas(score, y, weights) == pytest.approx(expected)


def test_groups_are_drawn_whole() -> None:
    group = np.array([0, 0, 1, 2, 2, 2])
    weights = corpora_scores.resampled(group, 50, 1)
    assert (weights[:, 0] == weights[:, 1]).all() and (weights[:, 3] == weights[:, 5]).all()
    assert (weights[:, [0, 2, 3]].sum(axis=1) == 3).all()
    assert (weights == corpora_scores.resampled(group, 50, 1)).all()


def test_half_of_the_items_stay_closed() -> None:
    item = np.repeat(np.arange(100), 3)
    closed = corpora.closed_items(item)
    assert closed.sum() == 150
    assert all(len(set(closed[item == i])) == 1 for i in range(100))


# --- refusals

def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such corpus"):
        corpora.evaluate(tmp_path, [corpora.HOTELS])


def test_another_table_is_refused(tmp_path: Path) -> None:
    written(tmp_path, pa.table({"a": [1]}))
    with pytest.raises(InputError, match="not the corpus"):
        corpora.evaluate(tmp_path, [corpora.YELP])


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["evaluate", "reviews", str(tmp_path), "--corpus", "amazon"])
    assert "no such corpus: amazon" in str(done.exception)


# --- the corpora themselves

@pytest.mark.corpora
def test_the_plain_model_is_where_it_was_published() -> None:
    """Bag of words on the corpus's own folds: .894 and .873 (../shared/DATA.md)."""
    table = corpora.read(SHARED / "data" / "labelled", corpora.HOTELS)
    spec, c = corpora_hotels.PLAIN
    counted = text.counts(table["text"].to_pylist(), spec)
    suspect, fold = table["deceptive"].to_numpy() == 1, table["fold"].to_numpy()
    positive = np.array(table["polarity"].to_pylist()) == "positive"
    for at, published in ((positive, 0.894), (~positive, 0.873)):
        named = np.zeros(len(suspect), bool)
        for k in range(1, 6):
            train, test = at & (fold != k), at & (fold == k)
            named[test] = text.fit(counted[train], suspect[train], spec, c=c).score_counts(counted[test]) > 0
        assert accuracy_score(suspect[at], named[at]) == pytest.approx(published, abs=0.02)
