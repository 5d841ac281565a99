"""How well accounts and comments can be told apart, on four corpora that others labelled.

Beside each figure stand what could explain it away: the majority, one column, shallow trees, a plain model, numbers
that only the publisher's file holds. What each corpus is worth: docs/measured-accounts.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits

from fakedetect.errors import InputError
from fakedetect.evaluate import accounts_comments as comments
from fakedetect.evaluate import accounts_models as models
from fakedetect.evaluate.accounts_figures import challenge, correlations, f1, precisions
from fakedetect.evaluate.accounts_posts import Feeds
from fakedetect.evaluate.corpora import BOOT_SEED, DRAWS, closed_items, codes
from fakedetect.evaluate.corpora_features import Columns, Ints
from fakedetect.evaluate.corpora_rows import Figure, Row, compared, lines
from fakedetect.evaluate.corpora_scores import Flags, Floats, accuracies, areas, resampled

BOTS, REDDIT, TUBE, INSTA = "bot_or_not", "rsc_reddit", "tubespam", "instafake"
NAMES = (BOTS, REDDIT, TUBE, INSTA)
SETS = (1, 2, 3, 4)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "accounts_": ("id", "tweet_count", "z_score", "username", "name", "description", "location", "ds", "lang",
                  "is_bot", "person"),
    "posts_": ("text", "created_at", "author_id"),
    REDDIT: ("ts", "user", "is_bot"),
    TUBE: ("COMMENT_ID", "AUTHOR", "DATE", "CONTENT", "CLASS", "video"),
    INSTA: ("userFollowerCount", "userFollowingCount", "userBiographyLength", "userMediaCount", "userHasProfilPic",
            "userIsPrivate", "usernameDigitCount", "usernameLength", "isFake"),
}
REFERENCES = {BOTS: models.QUICK, REDDIT: models.PLAIN_CLOCK, TUBE: "plain text", INSTA: models.PLAIN_COUNTS}
"""The plain model of each corpus, which the gains are against."""
REPEATS = {REDDIT: 4, INSTA: 3}
MANY_TIMES = 950
"""rsc_reddit holds at most 1,000 times of an account."""
N_OPEN_VIDEOS = 3
"""Of five videos, those that were looked at while models were made."""


@dataclass(frozen=True)
class Result:
    """rows: by corpus, plain model first."""

    rows: Mapping[str, tuple[Row, ...]]


def evaluate(folder: Path, names: Sequence[str] = NAMES, *, draws: int = DRAWS,
             progress: Callable[[int, int], None] | None = None) -> Result:
    """Measure the corpora `names` under `folder`, each in a folder of its name. Deterministic.

    Raises InputError where a file is missing or lacks a column.
    """
    measure = {BOTS: _bots, REDDIT: _reddit, TUBE: _tube, INSTA: _insta}
    rows = {}
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names))
        # One thread: sums in another order would be other sums.
        with threadpool_limits(1):
            rows[name] = tuple(measure[name](folder / name, draws))
    if progress is not None:
        progress(len(names), len(names))
    return Result(rows)


def markdown(result: Result) -> str:
    """One table per corpus."""
    return "\n\n".join("\n".join(lines(rows, REFERENCES[name])) for name, rows in result.rows.items())


# --- the corpora

def read(path: Path, columns: Sequence[str]) -> pa.Table:
    """These columns of one file."""
    if not path.is_file():
        raise InputError("there is no such corpus", where=str(path),
                         hint=f"name the folder that holds {path.parent.name}/")
    try:
        return pq.read_table(path, columns=list(columns))
    except (pa.ArrowInvalid, KeyError) as error:
        raise InputError(f"not the corpus that was expected: {error}", where=str(path)) from error


def feeds(folder: Path) -> tuple[Feeds, Flags, Ints, Columns]:
    """bot_or_not: accounts and posts of its four sets; who is a suspect; the language; what only the file tells."""
    accounts, posts = (pa.concat_tables([read(folder / f"{kind}{k}.parquet", COLUMNS[kind]) for k in SETS])
                       for kind in ("accounts_", "posts_"))
    at = {i: row for row, i in enumerate(accounts["id"].to_pylist())}
    owner = np.array([at[i] for i in posts["author_id"].to_pylist()], np.int64)
    moment = pc.cast(posts["created_at"], pa.timestamp("s", "UTC"), safe=False)
    time = np.asarray(moment.cast(pa.int64()), np.int64)
    order = np.lexsort((time, owner))
    written = posts["text"].to_pylist()
    group = accounts["ds"].to_numpy().astype(np.int64)
    profile = {c: tuple(accounts[c].to_pylist()) for c in ("username", "name", "description", "location")}
    found = Feeds(group, codes(accounts["person"]), profile["username"], profile["name"], profile["description"],
                  profile["location"],
                  {c: accounts[c].to_numpy().astype(float) for c in ("tweet_count", "z_score")},
                  owner[order], time[order], tuple(written[i] for i in order))
    place = np.concatenate([np.arange(n) / n for n in np.unique(group, return_counts=True)[1]])
    numbers = {"number in an id": np.array([float(int(i[:8], 16)) for i in at]), "place in the file": place}
    return found, np.array(accounts["is_bot"].to_pylist(), bool), codes(accounts["lang"]), numbers


def _bots(folder: Path, draws: int) -> list[Row]:
    found, suspect, lang, numbers = feeds(folder)
    scores = models.posts(found, suspect, lang, numbers).scores
    weights, closed = resampled(found.person, draws, BOOT_SEED), closed_items(found.person)
    rows = []
    for code, way in enumerate(("French to English", "English to French")):
        for figure, measure in (("AUC", areas), ("challenge", challenge)):
            rows += compared(f"{BOTS}, {way}", figure, measure, scores, suspect, weights=weights,
                             closed=closed, reference=models.QUICK, controls=models.CONTROLS, whole=lang == code)
    return rows


def times(folder: Path) -> tuple[list[Ints], Flags, Ints]:
    """rsc_reddit: the rising times of each account, who is a suspect, and the account's number."""
    table = read(folder / "timestamps.parquet", COLUMNS[REDDIT])
    user, ts = table["user"].to_numpy(), table["ts"].to_numpy()
    order = np.lexsort((ts, user))
    user, ts, label = user[order], ts[order], np.asarray(table["is_bot"])[order]
    first = np.flatnonzero(np.diff(user, prepend=user[0] - 1))
    return np.split(ts, first[1:]), label[first].astype(bool), user[first]


def _reddit(folder: Path, draws: int) -> list[Row]:
    found, suspect, number = times(folder)
    numbers = {"number in an id": number.astype(float)}
    scores = models.clocks(found, suspect, numbers, REPEATS[REDDIT])
    figures = (("AP", precisions), ("AUC", areas))
    rows = _each(REDDIT, figures, scores, suspect, draws, models.PLAIN_CLOCK)
    # Where all have about as many times, their number can tell nothing.
    like = np.array([len(t) >= MANY_TIMES for t in found])
    if not (like & suspect).any() or not (like & ~suspect).any():
        return rows
    return rows + _each(f"{REDDIT}, {MANY_TIMES} times or more", figures, scores, suspect, draws, models.PLAIN_CLOCK,
                        like)


def profiles(folder: Path) -> tuple[Columns, Flags, Columns]:
    """instafake without duplicate rows: its counts, who is a suspect, what only the file tells."""
    table = read(folder / "accounts.parquet", COLUMNS[INSTA])
    values = np.column_stack([table[name].to_numpy() for name in COLUMNS[INSTA]]).astype(float)
    kept = np.sort(np.unique(values, axis=0, return_index=True)[1])
    counts = {name: values[kept, i] for i, name in enumerate(COLUMNS[INSTA][:-1])}
    return counts, values[kept, -1] == 1, {"place in the file": kept.astype(float)}


def _insta(folder: Path, draws: int) -> list[Row]:
    counts, suspect, numbers = profiles(folder)
    scores = models.profiles(counts, suspect, numbers, REPEATS[INSTA])
    return _each(INSTA, (("AUC", areas), ("accuracy", accuracies), ("F1", f1)), scores, suspect, draws,
                 models.PLAIN_COUNTS)


def _each(corpus: str, figures: Sequence[tuple[str, Figure]], scores: Mapping[str, Floats], suspect: Flags, draws: int,
          reference: str, whole: Flags | None = None) -> list[Row]:
    """Rows where every row of the corpus is an item of its own; whole: those that are measured (None: all)."""
    item = np.arange(len(suspect))
    weights, closed = resampled(item, draws, BOOT_SEED), closed_items(item)
    return [row for figure, measure in figures
            for row in compared(corpus, figure, measure, scores, suspect, weights=weights, closed=closed,
                                reference=reference, controls=models.CONTROLS, whole=whole)]


def tube(folder: Path) -> tuple[comments.Comments, Flags]:
    """tubespam: comments in file order, and which are spam."""
    table = read(folder / "comments.parquet", COLUMNS[TUBE])
    time = np.array(table["DATE"].to_pylist(), "datetime64[s]").astype(np.int64).astype(float)
    text, name, host, number = (tuple(table[c].to_pylist()) for c in ("CONTENT", "AUTHOR", "video", "COMMENT_ID"))
    found = comments.Comments(text, codes(table["video"]), host, codes(table["AUTHOR"]), name, time, number)
    return found, table["CLASS"].to_numpy() == 1


def _tube(folder: Path, draws: int) -> list[Row]:
    found, suspect = tube(folder)
    ready = comments.prepared(found)
    video, early = found.video, comments.first_parts(suspect, found.video)
    # Whole videos, and within them whole authors.
    weights = resampled(video, draws, BOOT_SEED) * resampled(found.author, draws, BOOT_SEED + 1)
    seen = np.isin(ready.key, ready.key[early])
    elsewhere = np.array([bool(((ready.key == k) & (video != v)).any())
                          for k, v in zip(ready.key, video, strict=True)])
    rows = []
    for way, scores, test, copied, reference in (
            ("first 70 % trains", comments.within(ready, suspect).scores, ~early, seen, comments.PLAIN),
            ("video left out", comments.across(ready, suspect).scores, np.ones(len(suspect), bool), elsewhere,
             "plain text")):
        for kept, said in ((test, ""), (test & ~copied, ", leak-free")):
            rows += compared(f"{TUBE}, {way}{said}", "MCC", correlations(video), scores, suspect, weights=weights,
                             closed=closed_items(video, N_OPEN_VIDEOS), reference=reference,
                             controls=comments.CONTROLS, whole=kept)
    return rows
