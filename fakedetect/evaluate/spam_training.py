"""The text model of comments, trained on a corpus of labelled YouTube comments (or on labels of one's own).

TubeSpam (Alberto, Lochter, Almeida, ICMLA 2015; CC BY 4.0): 1,956 comments under five music videos of 2013 to 2015,
half of them spam as a person judged them. The corpus itself is never part of the project; a model trained on it may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fakedetect.errors import InputError
from fakedetect.model.spam import SpamModel
from fakedetect.model.spam_fit import Fitted, fit_comments, mcc
from fakedetect.readers.markup import plain

TUBESPAM = "tubespam"
LICENCE = "CC BY 4.0"
SOURCE = "TubeSpam, T. C. Alberto, J. V. Lochter, T. A. Almeida, 2015 (UCI Machine Learning Repository)"
COLUMNS = ("CONTENT", "CLASS", "video")
TRAINED_PART = 0.7
"""The authors' own split: this part of each class of each video, in the order of the file, trains."""


@dataclass(frozen=True)
class Comments:
    """texts: as a reader hands them on; spam, video: (n,) each, in the order of the file."""

    texts: pa.Array
    spam: NDArray[np.bool_]
    video: tuple[str, ...]


def read(folder: Path) -> Comments:
    """The corpus in `folder`, a `comments.parquet`. Raises InputError where it is missing or lacks a column."""
    path = folder / "comments.parquet"
    if not path.is_file():
        raise InputError("there is no such corpus", where=str(path), hint=f"name the folder of {TUBESPAM}")
    try:
        table = pq.read_table(path, columns=list(COLUMNS))
    except (pa.ArrowInvalid, KeyError) as error:
        raise InputError(f"not the corpus that was expected: {error}", where=str(path)) from error
    # The corpus holds what the site handed out as HTML; readers hand on what was typed.
    texts = [None if text is None else plain(text) for text in table["CONTENT"].to_pylist()]
    return Comments(pa.array(texts, pa.large_string()), table["CLASS"].to_numpy() == 1,
                    tuple(table["video"].to_pylist()))


def train(folder: Path) -> tuple[SpamModel, dict[str, Any]]:
    """The text model for a model directory (`store.save(..., text=...)`), and the facts for its card: how much text,
    under which terms, and what it is worth on videos that it has not seen. Raises InputError.
    """
    comments = read(folder)
    fitted = fit_comments(comments.texts, comments.spam, comments.video)
    return fitted.model, facts(fitted, source=SOURCE, licence=LICENCE)


def train_on(texts: Sequence[str | None], labels: Sequence[bool], groups: Sequence[Any],
             source: str, licence: str) -> tuple[SpamModel, dict[str, Any]]:
    """The same from comments that the user labelled. groups: their pages or posts. Raises ValueError as
    `fit_comments`.
    """
    fitted = fit_comments(texts, labels, groups)
    return fitted.model, facts(fitted, source=source, licence=licence)


def facts(fitted: Fitted, *, source: str, licence: str) -> dict[str, Any]:
    return {"source": source, "licence": licence, **fitted.facts}


def split(comments: Comments) -> NDArray[np.bool_]:
    """(n,) whether the authors' split trains on the comment."""
    key = np.array([f"{v} {s}" for v, s in zip(comments.video, comments.spam, strict=True)])
    out = np.zeros(len(key), bool)
    for one in np.unique(key):
        rows = np.flatnonzero(key == one)
        out[rows[:int(TRAINED_PART * len(rows))]] = True
    return out


def by_split(comments: Comments, fitted: Fitted) -> dict[str, Mapping[str, float]]:
    """Per video the MCC on the authors' split: of all its test rows, and of those without a near-duplicate in training.

    The choice inside is by near-duplicate sets of the training rows alone: within a video there is no other group.
    """
    trained, video = split(comments), np.array(comments.video)
    out: dict[str, Mapping[str, float]] = {}
    for one in np.unique(video):
        train_rows, test = (np.flatnonzero((video == one) & side) for side in (trained, ~trained))
        model = fit_comments(comments.texts.take(pa.array(train_rows)), comments.spam[train_rows],
                             fitted.copies[train_rows].tolist()).model
        told = model.score(comments.texts.take(pa.array(test))) > 0
        apart = ~np.isin(fitted.copies[test], fitted.copies[train_rows])
        truth = comments.spam[test]
        out[str(one)] = {"mcc": mcc(truth, told), "n": len(test),
                         "mcc_unlike": mcc(truth[apart], told[apart]), "n_unlike": int(apart.sum())}
    return out
