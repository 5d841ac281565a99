"""How well the evidence of single reviews separates, on three corpora that others labelled.

Beside each figure stand the controls that could explain it away: a plain text model, the best single column, a tree of
depth 3, counts and dates alone. Which corpus lies how, and what its labels are worth: docs/measured-reviews.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from fakedetect.codes import sorted_codes
from fakedetect.errors import InputError
from fakedetect.evaluate import corpora_hotels as hotels
from fakedetect.evaluate.corpora_features import (
    Columns,
    Reviews,
    around_texts,
    counts_and_dates,
    of_item,
    of_texts,
    own,
)
from fakedetect.evaluate.corpora_rows import Row, compared, lines
from fakedetect.evaluate.corpora_scores import Flags, Floats, Problem, accuracies, areas, resampled
from fakedetect.evaluate.corpora_variants import CONTROLS, PLAIN, measured
from fakedetect.model import text
from fakedetect.model.unlabelled import Share, share

DRAWS = 1000
BOOT_SEED = 11
OPEN_SEED = 20261121
"""Features and recipes were looked at on a random half of the items of this seed (hotels: folds 1 to 3) and frozen;
the other half is measured apart, as `closed`."""
HOTELS, DIANPING, YELP = "ott_hotels", "dianping", "yelp_subset"
NAMES = (HOTELS, DIANPING, YELP)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    HOTELS: ("hotel", "polarity", "fold", "deceptive", "text"),
    DIANPING: ("label", "user", "ip", "star", "text"),
    YELP: ("UserID", "ProductID", "Date", "Review", "Rating", "fake"),
}


@dataclass(frozen=True)
class Result:
    """rows: by corpus, plain text model first; chosen: what inner folds chose, by corpus; hidden: the share of
    inauthentic reviews among dianping's unlabelled, None where dianping was not asked for."""

    rows: tuple[Row, ...]
    chosen: Mapping[str, tuple[str, ...]]
    hidden: Share | None


def evaluate(folder: Path, names: Sequence[str] = NAMES, *, draws: int = DRAWS,
             progress: Callable[[int, int], None] | None = None) -> Result:
    """Measure the corpora `names` under `folder`, each at `<name>/reviews.parquet`. Deterministic.

    Raises InputError where a file is missing or lacks a column.
    """
    rows: list[Row] = []
    chosen: dict[str, tuple[str, ...]] = {}
    hidden = None
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names))
        table = read(folder, name)
        if name == HOTELS:
            found, choices = _hotels(table, draws)
        else:
            # One thread: sums in another order would be other sums, and thousands of small fits gain nothing by two.
            with threadpool_limits(1):
                problem = dianping(table) if name == DIANPING else yelp(table)
                scored = measured(problem)
            found = _rows(name, "AUC", scored.scores, problem.suspect, problem.reviews.item,
                          closed_items(problem.reviews.item), draws)
            choices = [f"{model}: {', '.join(each)}" for model, each in scored.chosen.items()]
            if name == DIANPING:
                hidden = share(scored.scores["review, item and neighbours"], problem.suspect,
                               groups=problem.reviews.item)
        rows += found
        chosen[name] = tuple(choices)
    if progress is not None:
        progress(len(names), len(names))
    return Result(tuple(rows), chosen, hidden)


# --- the corpora

def read(folder: Path, name: str) -> pa.Table:
    """The columns of COLUMNS of one corpus."""
    path = folder / name / "reviews.parquet"
    if not path.is_file():
        raise InputError("there is no such corpus", where=str(path), hint=f"name the folder that holds {name}/")
    try:
        return pq.read_table(path, columns=list(COLUMNS[name]))
    except (pa.ArrowInvalid, KeyError) as error:
        raise InputError(f"not the corpus that was expected: {error}", where=str(path)) from error


def yelp(table: pa.Table) -> Problem:
    """Reviews of New York restaurants, label: the site's filter; products and users are kept apart."""
    date = np.array(table["Date"].to_pylist(), "datetime64[D]")
    reviews = Reviews(tuple(table["Review"].to_pylist()), table["Rating"].to_numpy().astype(float),
                      codes(table["ProductID"]), codes(table["UserID"]), (date - date.min()).astype(np.int64))
    specs = {"words": (text.TextSpec(chars=(0, 0)), 1.0), "both": (text.REVIEWS, 0.3)}
    numbers = {"UserID": table["UserID"].to_numpy().astype(float)}
    return _problem(reviews, table["fake"].to_numpy() == 1, specs, "words", numbers, users_apart=True,
                    learners=("trees", "linear", "blend"))


def dianping(table: pa.Table) -> Problem:
    """Reviews of Shanghai restaurants, label: the site's filter, the others unlabelled; ips are kept apart."""
    reviews = Reviews(tuple(table["text"].to_pylist()), table["star"].to_numpy().astype(float), codes(table["ip"]),
                      codes(table["user"]), None)
    numbers = {name: np.array([float(str(v).removeprefix(name.upper())) for v in table[name].to_pylist()])
               for name in ("user", "ip")}
    return _problem(reviews, np.array(table["label"].to_pylist()) == "+", {"chars": (text.DENSE, 1.0)}, "chars",
                    numbers, users_apart=False, learners=("trees", "linear", "blend", "bagged"))


def _problem(reviews: Reviews, suspect: Flags, specs: Mapping[str, tuple[text.TextSpec, float]], plain: str,
             numbers: Columns, *, users_apart: bool, learners: tuple[str, ...]) -> Problem:
    counted = {name: text.counts(reviews.texts, spec) for name, (spec, _) in specs.items()}
    x, near, cosine = around_texts(counted[plain], specs[plain][0], reviews.item)
    families = {"own": own(reviews), "item": of_item(reviews), "texts": of_texts(reviews, x, cosine),
                "counts": counts_and_dates(reviews), "numbers": numbers}
    return Problem(reviews, suspect, families, specs, counted, near, users_apart, plain, learners)


def codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """0, 1, ... for each distinct value, in the order of the values themselves: their numbers say nothing."""
    return sorted_codes(column)[0]


def closed_items(item: NDArray[np.int64], n_open: int | None = None) -> Flags:
    """The rows of the items that were not looked at: all but n_open items drawn at random (None: half of them)."""
    n = int(item.max()) + 1
    order = np.random.default_rng(OPEN_SEED).permutation(n)
    return ~np.isin(item, order[:n // 2 if n_open is None else n_open])


# --- figures

def _hotels(table: pa.Table, draws: int) -> tuple[list[Row], list[str]]:
    texts = tuple(table["text"].to_pylist())
    hotel, fold = codes(table["hotel"]), table["fold"].to_numpy()
    suspect = table["deceptive"].to_numpy() == 1
    positive = np.array(table["polarity"].to_pylist()) == "positive"
    none = np.full(len(texts), np.nan)
    columns = own(Reviews(texts, none, hotel, np.arange(len(texts)), None))
    found = hotels.scores(texts, suspect, positive, fold, columns)
    rows = []
    for polarity, at in (("positive", positive), ("negative", ~positive)):
        some = {model: score[at] for model, score in found.scores.items()}
        rows += _rows(f"{HOTELS}, {polarity}", "accuracy", some, suspect[at], hotel[at], fold[at] > 3, draws)
    return rows, [f"{model}: {'; '.join(each)}" for model, each in found.chosen.items()]


def _rows(corpus: str, figure: str, scores: Mapping[str, Floats], suspect: Flags, item: NDArray[np.int64],
          closed: Flags, draws: int) -> list[Row]:
    measure = areas if figure == "AUC" else accuracies
    return compared(corpus, figure, measure, scores, suspect, weights=resampled(item, draws, BOOT_SEED), closed=closed,
                    reference=PLAIN, controls=CONTROLS)


def markdown(result: Result) -> str:
    """The rows as one table, then what was chosen, and the share hidden among the unlabelled."""
    out = lines(result.rows, PLAIN)
    for corpus, each in result.chosen.items():
        out += ["", f"{corpus}, chosen by inner folds, one per fold:", *(f"- {line}" for line in each)]
    if result.hidden is not None:
        h = result.hidden
        out += ["", f"{DIANPING}, inauthentic among the unlabelled: {h.estimate:.3f} ({h.low:.3f} to {h.high:.3f})"]
    return "\n".join(out)
