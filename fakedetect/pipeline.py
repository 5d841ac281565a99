"""The whole story, top to bottom: read -> normalise -> measure -> relate -> score -> decide -> report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fakedetect import decide, features, shipped, versions
from fakedetect.engine import open_engine
from fakedetect.errors import ContractError
from fakedetect.measure import Timing, timing
from fakedetect.model.conformal import activity_strata, conformal_p
from fakedetect.model.store import LoadedModel, load
from fakedetect.normalise import normalise
from fakedetect.quality import Quality, gate
from fakedetect.readers import ReadOptions
from fakedetect.readers import read as read_raw
from fakedetect.relate import Rings, find
from fakedetect.schema import POSTS_OUT, Audit, Dump, Kind, Refusal

SCORE_TESTS = ("text", "profile", "delay", "history")
"""Tests on single accounts; where the data bears none of them, only groups can be judged."""
N_REASONS = 4
FIRST_REASONS = ("member_p_log10", "group_n_close")
"""What a person can check first about an account in a group."""

Progress = Callable[[str, int, int], None]


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


@dataclass(frozen=True)
class Evidence:
    """What is measured before anybody is judged. accounts: `features.compute`, sorted by author_id."""

    quality: Quality
    timing: Timing
    rings: Rings
    accounts: pa.Table
    declared: set[str] = field(default_factory=set)

    def matrix(self) -> np.ndarray:
        """Features as the model takes them: float64 of shape (accounts, features), nan for unknown."""
        columns = [self.accounts[f.name].cast(pa.float64()).combine_chunks().to_numpy(zero_copy_only=False)
                   for f in features.FEATURES]
        return np.column_stack(columns) if columns else np.empty((self.accounts.num_rows, 0))


def _quiet(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def read(paths: Sequence[str | Path] | str | Path, *, options: ReadOptions | None = None, zone: str = "UTC",
         naive_zone: str | None = None, kind: Kind | None = None) -> Dump:
    """Read and clean one audit's input: one or several dumps. Raises InputError and its children, UsageError."""
    several = [paths] if isinstance(paths, (str, Path)) else list(paths)
    return normalise(read_raw(several, options), zone=zone, naive_zone=naive_zone, kind=kind)


def evidence(dump: Dump, options: Options, progress: Progress = _quiet) -> Evidence:
    """Measure and relate: everything the model and the verdicts rest on."""
    progress("quality", 0, 1)
    quality = gate(dump)
    progress("measure", 0, 1)
    post_flags = [np.asarray(quality.posts[c].combine_chunks().to_numpy(zero_copy_only=False), bool)
                  for c in ("delay", "first_hour")]
    timed = timing(dump, allowed=quality.allowed, own_curve=quality.own_curve, tick_s=quality.tick_s,
                   post_delay=post_flags[0], post_first_hour=post_flags[1])
    declared = set(dump.declared["author_id"].drop_null().to_pylist())
    apart = declared | set(options.known_innocent)
    rings = find(_may_relate(timed.comments, quality), apart, seed=options.seed, fdr=options.fdr,
                 page_alpha=options.page_alpha, progress=lambda i, n: progress("relate", i, n))
    progress("features", 0, 1)
    tables = {"comments": timed.comments, "posts": timed.posts, "accounts": dump.accounts, "members": rings.members}
    with open_engine(options.engine, options.memory) as engine:
        accounts = features.compute(engine, tables, lambda test: quality.allowed(test))
    return Evidence(quality, timed, rings, accounts, declared)


def _may_relate(comments: pa.Table, quality: Quality) -> pa.Table:
    """Without the comments of pages whose clocks bear no closeness test."""
    refused = {r.page_id for r in quality.refusals if r.test in ("closeness", "ring")}
    if None in refused:
        return comments.slice(0, 0)
    if not refused:
        return comments
    kept = np.array([p not in refused for p in comments["page_id"].to_pylist()], bool)
    return comments.filter(pa.array(kept))


def load_model(folder: str | Path | None) -> LoadedModel:
    """The model in `folder`, or the shipped one. Raises ModelError where it does not fit the features here."""
    place = Path(folder) if folder is not None else shipped.folder("models", shipped.DEFAULT_MODEL)
    return load(place, feature_fingerprint=features.fingerprint(), feature_names=[f.name for f in features.FEATURES])


def audit(dump: Dump, options: Options | None = None, *, progress: Progress = _quiet) -> Audit:
    """Audit one dump: the tables and summary of the contract. The same dump, options and versions give the same
    tables. Raises ModelError, EngineError; ContractError if a row were lost."""
    options = options or Options()
    model = load_model(options.model)
    found = evidence(dump, options, progress)
    progress("score", 0, 1)
    authors = found.accounts["author_id"].to_pylist()
    classifier = model.classifier.recalibrate(options.base_rate)
    matrix = found.matrix()
    probability = classifier.predict_proba(matrix)[:, 1] if len(authors) else np.empty(0)
    score = classifier.decision_function(matrix) if len(authors) else np.empty(0)
    refused = not any(found.quality.allowed(t) for t in SCORE_TESTS)
    members = set(found.rings.members["author_id"].to_pylist())
    reference = np.array([a not in members and a not in found.declared and p < decide.LIKELY
                          for a, p in zip(authors, probability.tolist(), strict=True)], bool)
    counts = found.accounts["n_comments"].to_numpy()
    rank = conformal_p(score, activity_strata(counts, reference), reference) if len(authors) else None
    decision = decide.verdicts(
        authors, probability=probability, rank_p=rank.p if rank else np.empty(0),
        rank_smallest=rank.smallest if rank else np.empty(0), members=found.rings.members,
        testable=found.rings.testable, declared=found.declared, innocent=set(options.known_innocent),
        score_refused=refused, fdr=options.fdr)
    reasons, counter = _reasons(classifier, matrix, decision, found.accounts)
    accounts = _accounts(found, decision, reasons, counter)
    comments = _comments(found.timing.comments, accounts)
    if dump.rows_read != comments.num_rows + dump.rejects.num_rows:
        raise ContractError(f"rows read {dump.rows_read} are not rows scored {comments.num_rows} plus rows rejected "
                            f"{dump.rejects.num_rows}")
    left_out = {"robust_outliers": int((~reference).sum()) - len(members | found.declared & set(authors)),
                "reference": int(reference.sum())}
    return Audit(accounts, comments, _posts(found.timing.posts, comments), found.rings.groups, found.rings.edges,
                 dump.rejects, _summary(dump, found, decision, options, model, left_out), _manifest(dump, options, model))


def _reasons(classifier: Any, matrix: np.ndarray, decision: decide.Decision,
             accounts: pa.Table) -> tuple[list[list[str]], list[list[str]]]:
    """Per account the features that moved it most towards suspicion and away from it; empty for the unflagged."""
    from fakedetect.model.classifier import reasons as moved_by

    n = len(decision.verdict)
    speaks: list[list[str]] = [[] for _ in range(n)]
    against: list[list[str]] = [[] for _ in range(n)]
    flagged = [i for i, v in enumerate(decision.verdict) if v in ("suspect", "review")]
    if not flagged:
        return speaks, against
    names = [f.name for f in features.FEATURES]
    for i, row in zip(flagged, classifier.contributions(matrix[flagged]), strict=True):
        towards, away = moved_by(row, names, k=N_REASONS)
        known = [r for r in FIRST_REASONS if accounts[r][i].is_valid]
        speaks[i] = known + [name for name, _ in towards if name not in known][: N_REASONS]
        against[i] = [name for name, _ in away]
        if not speaks[i]:
            # It ranks above its like although no single feature stands out: the activity it shares with them.
            speaks[i] = ["n_comments"]
    return speaks, against


def _accounts(found: Evidence, decision: decide.Decision, reasons: list[list[str]], counter: list[list[str]]) -> pa.Table:
    table = found.accounts
    pages: dict[str, set[str]] = {}
    spoken = found.timing.comments.group_by(["author_id", "page_id"]).aggregate([]).to_pydict()
    for author, page in zip(spoken["author_id"], spoken["page_id"], strict=True):
        if author is not None:
            pages.setdefault(author, set()).add(page)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {name: table[name] for name in ("author_id", "author_name", "n_comments", "n_posts")}
    columns |= {
        "probability": _rounded(decision.probability), "p_value": _rounded(decision.p_value), "q_value": _rounded(decision.q_value),
        "verdict": pa.array(decision.verdict, pa.string()), "group_id": pa.array(decision.group_id, pa.string()),
        "reasons": pa.array(reasons, pa.list_(pa.string())), "counter": pa.array(counter, pa.list_(pa.string())),
        "label": pa.array(decision.label, pa.string()),
        "page_ids": pa.array([sorted(pages.get(a, ())) for a in table["author_id"].to_pylist()], pa.list_(pa.string())),
    }
    columns |= {name: table[name] for name in table.column_names if name not in columns}
    return pa.table(columns)


def _rounded(values: np.ndarray) -> pa.Array:
    kept = features.significant(np.asarray(values, np.float64))
    return pa.array(kept, pa.float64(), mask=np.isnan(kept))


def _comments(comments: pa.Table, accounts: pa.Table) -> pa.Table:
    """One row per comment: its account's probability and verdict. A comment without an account has no verdict."""
    place = pa.compute.index_in(comments["author_id"].combine_chunks(), accounts["author_id"].combine_chunks())
    verdict = pa.compute.fill_null(accounts["verdict"].combine_chunks().take(place), "not_enough_data")
    names = ("comment_id", "post_id", "author_id", "page_id", "parent_id", "author_name", "comment_time", "text", "delay_s", "delay_u",
             "source", "row")
    columns = {name: comments[name] for name in names[:3]}
    columns |= {"probability": accounts["probability"].combine_chunks().take(place), "verdict": verdict}
    return pa.table(columns | {name: comments[name] for name in names[3:]})


def _posts(posts: pa.Table, comments: pa.Table) -> pa.Table:
    """Posts of the contract, with the share of each one's comments that suspects wrote."""
    suspect = pa.compute.equal(comments["verdict"], "suspect").cast(pa.float64())
    share = pa.table({"page_id": comments["page_id"], "post_id": comments["post_id"], "s": suspect}).group_by(
        ["page_id", "post_id"]).aggregate([("s", "mean")]).to_pydict()
    of = {(a, b): s for a, b, s in zip(share["page_id"], share["post_id"], share["s_mean"], strict=True)}
    keys = zip(posts["page_id"].to_pylist(), posts["post_id"].to_pylist(), strict=True)
    table = posts.append_column("suspect_share", pa.array([of.get(k) for k in keys], pa.float64()))
    return table.select(POSTS_OUT.names).cast(POSTS_OUT)


def _summary(dump: Dump, found: Evidence, decision: decide.Decision, options: Options, model: LoadedModel,
             left_out: Mapping[str, int]) -> dict[str, Any]:
    counts = {v: decision.verdict.count(v) for v in
              ("declared", "suspect", "review", "disclosed", "not_enough_data", "no_evidence")}
    smallest = found.rings.smallest
    named = np.array([p if v in ("suspect", "review") else np.nan
                      for p, v in zip(decision.probability.tolist(), decision.verdict, strict=True)])
    reason = None if found.rings.power else "no test for groups could be run here"
    return {
        "rows": {"read": dump.rows_read, "scored": dump.comments.num_rows, "rejected": dump.rejects.num_rows},
        "accounts": {"total": len(decision.verdict), **counts},
        "groups": found.rings.groups.num_rows,
        "inauthentic_share": decide.inauthentic_share(
            len(decision.verdict), counts["suspect"], counts["review"], named, options.fdr,
            int(smallest["n_accounts"]) - 1 if smallest else None),
        "power": {"smallest": dict(smallest) if smallest else None, "rings": [dict(r) for r in found.rings.power], "reason": reason},
        "refused": _refused(found.quality.refusals, found.quality.pages.num_rows),
        "fdr": options.fdr, "page_alpha": options.page_alpha, "base_rate": options.base_rate,
        "truncated": dump.truncated, "versions": versions.versions(),
        "kind": dump.kind, "zone": dump.zone, "formats": list(dump.formats), "platforms": list(dump.platforms),
        "pages": found.quality.pages.num_rows, "posts": dump.posts.num_rows,
        "pooled_pages": sum(not own for own in found.quality.pages["own_curve"].to_pylist()),
        "notes": [asdict(n) for n in dump.notes],
        "page_gate": dict(found.rings.gate), "ranking": dict(left_out),
        "model": {"fingerprint": model.fingerprint, "name": str(model.training.get("name", ""))},
    }


def _refused(refusals: Sequence[Refusal], n_pages: int) -> list[dict[str, Any]]:
    """Refusals of one test for one reason on several pages told once, with the number of pages."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for r in refusals:
        row = merged.setdefault((r.test, r.code), {
            "test": r.test, "reason": r.reason, "restore": r.restore, "code": r.code, "page_id": r.page_id,
            "values": dict(r.values), "pages": 0})
        row["pages"] += n_pages if r.page_id is None else 1
        if row["pages"] > 1 and row["page_id"] is not None:
            row["page_id"] = None if row["pages"] >= n_pages else f"{row['pages']} pages"
    return list(merged.values())


def _manifest(dump: Dump, options: Options, model: LoadedModel) -> dict[str, Any]:
    return {"inputs": dict(sorted(dump.sources.items())), "model": model.fingerprint, "features": features.fingerprint(),
            "options": asdict(options) | {"kind": dump.kind, "zone": dump.zone,
                                          "known_innocent": len(options.known_innocent)},
            "seed": options.seed, "versions": versions.versions()}
