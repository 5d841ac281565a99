"""What an audit hands out: its options and evidence, the tables of the contract, summary and manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import decide, duties, features, shipped, versions
from fakedetect.decisions import Earlier
from fakedetect.measure import Timing
from fakedetect.model.store import LoadedModel
from fakedetect.quality import Quality
from fakedetect.relate import Marks, Rings
from fakedetect.schema import POSTS_OUT, VERDICTS, Dump, Refusal


@dataclass(frozen=True)
class Options:
    """How to audit; every field stands in the manifest."""

    fdr: float = 0.05
    page_alpha: float = 0.02
    base_rate: float = 0.00065
    known_innocent: tuple[str, ...] = ()
    model: str | None = None
    engine: str = "duckdb"
    memory: str | None = None
    seed: int = 0
    earlier: tuple[Earlier, ...] = ()
    """Earlier audits whose cleared accounts are respected."""

    @property
    def innocent(self) -> set[str]:
        """Accounts known to be organic, and accounts cleared earlier."""
        return {*self.known_innocent, *(c.author_id for e in self.earlier for c in e.cleared)}


@dataclass(frozen=True)
class Evidence:
    """What is measured before anybody is judged. accounts: `features.compute`, sorted by author_id."""

    quality: Quality
    timing: Timing
    rings: Rings
    accounts: pa.Table
    declared: set[str] = field(default_factory=set)
    marks: Marks | None = None
    """Of reviews only."""

    def matrix(self) -> np.ndarray:
        """`matrix_of` all accounts."""
        return matrix_of(self.accounts)


def matrix_of(accounts: pa.Table) -> np.ndarray:
    """Features as the model takes them: float64 of shape (accounts, features), nan for unknown."""
    return np.column_stack([values(accounts[f.name]) for f in features.FEATURES])


def values(feature: pa.ChunkedArray) -> np.ndarray:
    """A feature as float64, nan for unknown."""
    return np.asarray(feature.cast(pa.float64()).combine_chunks().to_numpy(zero_copy_only=False), np.float64)


def accounts_table(
    found: Evidence, decision: decide.Decision, reasons: list[list[str]], counter: list[list[str]]
) -> pa.Table:
    table = found.accounts
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        name: table[name] for name in ("author_id", "author_name", "n_comments", "n_posts")
    }
    columns |= {
        "probability": _rounded(decision.probability),
        "p_value": _rounded(decision.p_value),
        "q_value": _rounded(decision.q_value),
        "verdict": pa.array(decision.verdict, pa.string()),
        "group_id": pa.array(decision.group_id, pa.string()),
        "reasons": pa.array(reasons, pa.list_(pa.string())),
        "counter": pa.array(counter, pa.list_(pa.string())),
        "label": pa.array(decision.label, pa.string()),
        "page_ids": _page_ids(found.timing.comments, table["author_id"]),
    }
    columns |= {name: table[name] for name in table.column_names if name not in columns}
    return pa.table(columns)


def _page_ids(comments: pa.Table, authors: pa.ChunkedArray) -> pa.Array:
    """The pages on which each of `authors` (n,) comments, sorted."""
    signed = comments.select(["author_id", "page_id"]).filter(comments["author_id"].is_valid())
    seen = signed.group_by(["author_id", "page_id"]).aggregate([])
    place = pc.index_in(seen["author_id"], value_set=authors.combine_chunks())
    rows = pa.table({"place": place, "page": seen["page_id"]}).sort_by([("place", "ascending"), ("page", "ascending")])
    starts = np.searchsorted(rows["place"].to_numpy(), np.arange(len(authors) + 1))
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), rows["page"].combine_chunks())


def _rounded(values: np.ndarray) -> pa.Array:
    kept = features.significant(np.asarray(values, np.float64))
    return pa.array(kept, pa.float64(), mask=np.isnan(kept))


def comments_table(comments: pa.Table, accounts: pa.Table) -> pa.Table:
    """One row per comment: its account's probability and verdict. A comment without an account has no verdict."""
    place = pc.index_in(comments["author_id"], accounts["author_id"].combine_chunks()).combine_chunks()
    verdict = pc.fill_null(accounts["verdict"].combine_chunks().take(place), "not_enough_data")
    names = (
        "comment_id",
        "post_id",
        "author_id",
        "page_id",
        "parent_id",
        "author_name",
        "comment_time",
        "text",
        "delay_s",
        "delay_u",
        "rating",
        "discloses",
        "source",
        "row",
    )
    columns = {name: comments[name] for name in names[:3]}
    columns |= {"probability": accounts["probability"].combine_chunks().take(place), "verdict": verdict}
    return pa.table(columns | {name: comments[name] for name in names[3:]})


def posts_table(posts: pa.Table, comments: pa.Table) -> pa.Table:
    """Posts of the contract, with the share of each one's comments that suspects wrote."""
    suspect = pc.equal(comments["verdict"], "suspect").cast(pa.float64())
    share = (
        pa.table({"page_id": comments["page_id"], "post_id": comments["post_id"], "s": suspect})
        .group_by(["page_id", "post_id"])
        .aggregate([("s", "mean")])
        .to_pydict()
    )
    of = {(a, b): s for a, b, s in zip(share["page_id"], share["post_id"], share["s_mean"], strict=True)}
    keys = zip(posts["page_id"].to_pylist(), posts["post_id"].to_pylist(), strict=True)
    table = posts.append_column("suspect_share", pa.array([of.get(k) for k in keys], pa.float64()))
    return table.select(POSTS_OUT.names).cast(POSTS_OUT)


def summary(
    dump: Dump,
    found: Evidence,
    decision: decide.Decision,
    options: Options,
    model: LoadedModel,
    ranking: Mapping[str, float],
    lift: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """summary.json of the contract. lift: `first_hours.lift`."""
    counts = {v: decision.verdict.count(v) for v in VERDICTS}
    smallest = found.rings.smallest
    named = np.array(
        [
            # Without a probability, the chance that it has no mind of its own, given the others.
            np.nan if v not in ("suspect", "review") else 1 - q if np.isnan(p) else p
            for p, q, v in zip(decision.probability.tolist(), decision.q_value.tolist(), decision.verdict, strict=True)
        ]
    )
    reason = None if found.rings.power else "no test for groups could be run here"
    return {
        "rows": {"read": dump.rows_read, "scored": dump.comments.num_rows, "rejected": dump.rejects.num_rows},
        "accounts": {"total": len(decision.verdict), **counts},
        "groups": found.rings.groups.num_rows,
        "inauthentic_share": decide.inauthentic_share(
            len(decision.verdict),
            counts["suspect"],
            counts["review"],
            named,
            options.fdr,
            int(smallest["n_accounts"]) - 1 if smallest else None,
        ),
        "first_hour_lift": dict(lift) if lift else None,
        "power": {
            "smallest": dict(smallest) if smallest else None,
            "rings": [dict(r) for r in found.rings.power],
            "reason": reason,
        },
        "refused": _refused(found.quality.refusals, found.quality.pages.num_rows),
        "fdr": options.fdr,
        "page_alpha": options.page_alpha,
        "base_rate": options.base_rate,
        "truncated": dump.truncated,
        "versions": versions.versions(),
        "kind": dump.kind,
        "zone": dump.zone,
        "formats": list(dump.formats),
        "platforms": list(dump.platforms),
        "pages": found.quality.pages.num_rows,
        "posts": dump.posts.num_rows,
        "pooled_pages": sum(not own for own in found.quality.pages["own_curve"].to_pylist()),
        "notes": [asdict(n) for n in dump.notes],
        "page_gate": dict(found.rings.gate),
        "ranking": dict(ranking),
        "model": {"fingerprint": model.fingerprint, "name": str(model.training.get("name", ""))},
        **({"duties": duties.told(dump)} if dump.kind == "reviews" else {}),
    }


def _refused(refusals: Sequence[Refusal], n_pages: int) -> list[dict[str, Any]]:
    """Refusals of one test for one reason on several pages told once, with the number of pages."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for r in refusals:
        row = merged.setdefault(
            (r.test, r.code),
            {
                "test": r.test,
                "reason": r.reason,
                "restore": r.restore,
                "code": r.code,
                "page_id": r.page_id,
                "values": dict(r.values),
                "pages": 0,
            },
        )
        row["pages"] += n_pages if r.page_id is None else 1
        if row["pages"] > 1 and row["page_id"] is not None:
            row["page_id"] = None if row["pages"] >= n_pages else f"{row['pages']} pages"
    return list(merged.values())


def manifest(dump: Dump, options: Options, model: LoadedModel) -> dict[str, Any]:
    return {
        "inputs": dict(sorted(dump.sources.items())),
        "lock": shipped.lock(),
        "reading": dict(dump.reading),
        "options": manifest_options(options, dump.kind, dump.zone),
        "seed": options.seed,
        **decided_by(model),
    }


def decided_by(model: LoadedModel) -> dict[str, Any]:
    """What decides the results beside input and options: hashes of model and features, versions of the libraries."""
    return {"model": model.fingerprint, "features": features.fingerprint(), "versions": versions.versions()}


def manifest_options(options: Options, kind: str, zone: str) -> dict[str, Any]:
    """The options as the manifest holds them: known innocents as a hash, earlier audits by their fingerprints, the
    model by the name given."""
    known = (
        hashlib.sha256("\n".join(sorted(options.known_innocent)).encode()).hexdigest()
        if options.known_innocent
        else None
    )
    earlier = [{"audit": e.audit, "entries": e.entries, "chain": e.chain} for e in options.earlier]
    return asdict(options) | {"kind": kind, "zone": zone, "known_innocent": known, "earlier": earlier}
