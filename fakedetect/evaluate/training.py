"""Train the account classifier on simulated pages, whose truth is known.

Every page differs in every knob: platform profile, language, size, campaigns and their habits, innocents that
look like them, and which fields the export lacks. A page is one group: calibration never sees a page it was
fitted on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import joblib
import numpy as np
import pyarrow as pa

from fakedetect import features, pipeline, versions
from fakedetect.model.classifier import AccountClassifier
from fakedetect.model.store import save
from fakedetect.normalise import normalise
from fakedetect.schema import Dump, Raw
from fakedetect.simulate import SimulatedPage
from fakedetect.simulate.presets import training as training_page

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

N_PAGES = 80
FIRST_SEED = 100_000
"""Seeds of the training pages; everything that is measured uses seeds below."""
CAMPAIGN_WEIGHT = 12.0
"""A campaign weighs as much as this many accounts at most: a farm of 200 is one thing to learn, like a ring
of 10."""
LACKS: tuple[tuple[str, float], ...] = (
    ("accounts", 0.4),
    ("post_times", 0.15),
    ("parents", 0.15),
    ("texts", 0.05),
    ("likes", 0.3),
)
"""What an export lacks, and how often: independent draws per page."""


LEAST: Mapping[str, float] = {"group_p_log10": 0.8, "member_p_log10": 0.0, "member_q_log10": 0.0}
"""What the classifier starts from (`model.start`): log-odds per power of ten, at least. Learned from all families the
rarity of a group is worth .6; a least of .8 costs nothing there, and is what names a mechanism that nobody taught
(docs/decisions.md)."""


@dataclass(frozen=True)
class Examples:
    """x: (n, features); y: 1 for a campaign's account; weight, page and kind (its campaign's family, or what it is):
    (n,)."""

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    page: np.ndarray
    kind: np.ndarray

    def take(self, kept: np.ndarray) -> Examples:
        """Those at `kept`: places, or a mask."""
        return Examples(*(getattr(self, f.name)[kept] for f in fields(self)))


Columns = TypeVar("Columns", bound="DataclassInstance")


def joined(parts: Iterable[Columns]) -> Columns:
    """Dataclasses of arrays as one, in order."""
    first, *others = parts
    return type(first)(*(np.concatenate([getattr(p, f.name) for p in (first, *others)]) for f in fields(first)))


def with_real(simulated: Examples, real: Examples) -> Examples:
    """Both, their pages kept apart: seeds number the simulated ones."""
    return joined([simulated, replace(real, page=real.page + 10**9)])


def dump_of(page: SimulatedPage) -> Dump:
    """A simulated page as the reader would hand it on, typed and clean."""
    n = page.comments.num_rows
    comments = page.comments.append_column("source", pa.array(["simulated"] * n, pa.string())).append_column(
        "row", pa.array(range(1, n + 1), pa.int64())
    )
    return normalise(
        [
            Raw(
                comments=comments,
                posts=page.posts,
                accounts=page.accounts,
                declared=page.declared,
                businesses=page.businesses,
                format="simulated",
                rows_read=n,
                sources={"simulated": ""},
            )
        ]
    )


def thinned(page: SimulatedPage, rng: np.random.Generator) -> SimulatedPage:
    """The page as a poorer export would give it: some tables or columns are missing, drawn by LACKS."""
    missing = {what for what, chance in LACKS if rng.random() < chance}
    comments, posts, accounts = page.comments, page.posts, page.accounts
    if "accounts" in missing:
        accounts = accounts.slice(0, 0)
    if "post_times" in missing:
        posts = _emptied(posts, "post_time")
    if "parents" in missing:
        comments = _emptied(comments, "parent_id")
    if "texts" in missing:
        comments = _emptied(comments, "text")
    if "likes" in missing:
        comments = _emptied(comments, "likes")
    return replace(page, comments=comments, posts=posts, accounts=accounts)


def _emptied(table: pa.Table, column: str) -> pa.Table:
    at = table.column_names.index(column)
    return table.set_column(at, table.schema.field(at), pa.nulls(table.num_rows, table.schema.field(at).type))


def examples_of(seed: int) -> Examples:
    """Features and truth of the training page with this seed; declared accounts are left out."""
    rng = np.random.Generator(np.random.Philox(key=[seed, 7]))
    page = thinned(training_page(seed), rng)
    found = pipeline.evidence(dump_of(page), pipeline.Options(seed=seed), power=False)
    truth = {row["author_id"]: row for row in page.truth.to_pylist()}
    authors = found.accounts["author_id"].to_pylist()
    kept = np.array([a in truth and a not in found.declared for a in authors], bool)
    campaign = [
        truth[a]["campaign"] if k and truth[a]["is_suspect"] else None
        for a, k in zip(authors, kept, strict=True)
    ]
    size = {c: campaign.count(c) for c in set(campaign) if c is not None}
    weight = np.array([1.0 if c is None else min(1.0, CAMPAIGN_WEIGHT / size[c]) for c in campaign])
    y = np.array([c is not None for c in campaign], np.int64)
    kind = np.array([truth[a]["family"] if k else "" for a, k in zip(authors, kept, strict=True)])
    return Examples(found.matrix()[kept], y[kept], weight[kept], np.full(int(kept.sum()), seed), kind[kept])


def gather(
    n_pages: int = N_PAGES,
    first_seed: int = FIRST_SEED,
    jobs: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Examples:
    """Examples of `n_pages` training pages, in order of their seeds whatever the number of jobs."""
    parts = []
    work = joblib.Parallel(n_jobs=jobs, return_as="generator")(
        joblib.delayed(examples_of)(first_seed + i) for i in range(n_pages)
    )
    for part in work:
        parts.append(part)
        if progress is not None:
            progress(len(parts), n_pages)
    return joined(parts)


def fit(examples: Examples, *, base_rate: float = 0.00065, seed: int = 0, n_threads: int = 2) -> AccountClassifier:
    """The classifier, with directions from the feature registry, calibrated across pages."""
    model = AccountClassifier(
        n_trees=200,
        num_leaves=15,
        learning_rate=0.05,
        min_child=40,
        l2=10.0,
        monotone=[f.monotone for f in features.FEATURES],
        least=[LEAST.get(f.name) for f in features.FEATURES],
        base_rate=base_rate,
        seed=seed,
        n_threads=n_threads,
    )
    return model.fit(examples.x, examples.y, groups=examples.page, sample_weight=examples.weight)


def train(
    out: str | Path,
    *,
    n_pages: int = N_PAGES,
    jobs: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> str:
    """Simulate, fit, and write the model directory `out`. Returns the model's fingerprint."""
    examples = gather(n_pages, jobs=jobs, progress=progress)
    facts = facts_of(examples, "simulated", n_pages)
    return write(out, fit(examples), facts, card(facts))


def facts_of(examples: Examples, name: str, n_pages: int) -> dict[str, Any]:
    """What the model directory says of how `name` was trained."""
    return {
        "name": name,
        "pages": n_pages,
        "first_seed": FIRST_SEED,
        "accounts": len(examples.y),
        "campaign_accounts": int(examples.y.sum()),
        "weight_of_campaigns": round(float(examples.weight[examples.y == 1].sum()), 6),
        "lacks": dict(LACKS),
        "versions": {
            k: v for k, v in versions.versions().items() if k not in ("python", "machine", "fakedetect")
        },
    }


def write(out: str | Path, model: AccountClassifier, facts: Mapping[str, Any], card: str) -> str:
    """Write the model directory `out`. Returns the model's fingerprint."""
    listed = [
        {"name": f.name, "monotone": f.monotone, "family": f.family, "unit": f.unit}
        for f in features.FEATURES
    ]
    return save(model, out, features=listed, feature_fingerprint=features.fingerprint(), training=facts, card=card)


def card(facts: dict[str, Any]) -> str:
    """The model card, from what the run knows."""
    return f"""# Model card: simulated

A gradient-boosted classifier of accounts (LightGBM, {len(features.FEATURES)} features, monotone where a direction is known).
It weighs evidence; it never convicts alone: a verdict of `suspect` needs a group that passed its own tests.

- **Trained on** {facts["pages"]} simulated pages (seeds from {facts["first_seed"]}), {facts["accounts"]:,} accounts, {facts["campaign_accounts"]:,} of them in
  campaigns; a campaign weighs at most {CAMPAIGN_WEIGHT:g} accounts. No real account, text or name is in it. The simulator's
  delays, activity and hours follow aggregates of real pages (`fakedetect/simulate/curves.json`).
- **Made to lack** fields as real exports do: {", ".join(f"{k} on {v:.0%} of pages" for k, v in facts["lacks"].items())}.
- **Calibrated** out of fold, page by page (isotonic), then moved to the stated base rate.
- **Reproduce** with `python train.py`; the same versions of the libraries give the same bytes.
- **Licence** Apache-2.0, like the code.
- **Limits** Simulated campaigns are what their author imagined. Words are a grammar of French and English: text
  features mean less in other languages. It was not fitted to any labelled corpus.
"""  # noqa: E501 (one line of text is one line of the card)
