"""The whole story, top to bottom: read -> normalise -> measure -> relate -> score -> decide -> report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import agency, businesses, decide, features, first_hours, outcome, shipped
from fakedetect.engine import Engine, Run, at_once, open_engine
from fakedetect.errors import ContractError
from fakedetect.measure import timing
from fakedetect.model.conformal import activity_strata, conformal_p
from fakedetect.model.spam import SpamModel
from fakedetect.model.store import LoadedModel, load
from fakedetect.normalise import normalise
from fakedetect.outcome import Evidence, Options
from fakedetect.quality import REASONS, TESTS, Quality, gate
from fakedetect.readers import ReadOptions
from fakedetect.readers import read as read_raw
from fakedetect.readers.assemble import SIDES
from fakedetect.readers.renamed import renamed
from fakedetect.relate import Rings, find, marks
from fakedetect.report import render
from fakedetect.report.brief import brief as brief_text
from fakedetect.report.explain import account as explain_account
from fakedetect.report.explain import find as find_account
from fakedetect.report.view import View
from fakedetect.schema import Audit, Brand, Dump, Kind
from fakedetect.spill import aside, windows
from fakedetect.words import Lang, Text

SCORE_TESTS = ("text", "profile", "delay", "history")
"""Tests on single accounts; where the data bears none of them, only groups can be judged."""
N_REASONS = 4
FIRST_REASONS = ("member_p_log10", "group_n_close", "group_phrase_share")
"""What a person can check first about an account in a group."""
UNLEARNED = frozenset({"marks", "device", "wave"})
"""Evidence of groups on which the classifier was not trained: it has no say there."""
OF_GROUP = frozenset(f.name for f in features.FEATURES if f.family == "group")
AS_SUSPECTED = {
    "group_n": 1, "early_share": 1, "first_tenth_share": 1, "first_hour_posts_share": 1, "top_three_share": 1,
    "top_ten_share": 1, "burst_posts_share": 1, "burst_excess_mean": 1, "delay_u_median": -1, "delay_u_min": -1,
    "delay_u_max": -1, "delay_median_s": -1, "place_min": -1, "delay_regularity": -1, "delay_u_spread": -1,
}
"""On which side of the typical a value is what a campaign looks like, where the classifier is free to read it either
way (loyal fans are early too, and of even delays): there it is told in nobody's favour."""
SAID_TWICE = ("member_q_log10",)
"""No reason of its own: the first of these says it."""

Progress = Callable[[str, int, int], None]


def _quiet(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def read(
    paths: Sequence[str | Path] | str | Path,
    *,
    options: ReadOptions | None = None,
    zone: str = "UTC",
    naive_zone: str | None = None,
    kind: Kind | None = None,
    engine: Engine | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
    brands: Sequence[Brand] = (),
) -> Dump:
    """Read and clean one audit's input: one or several dumps. Raises InputError and its children, UsageError.

    engine: who computes the facts of each text; None: this process. names: SHA-256 of a file -> the names under which
    it counts, for a file that has been moved since: pages without an id are called after their files. brands: of an
    agency audit, whose each of the paths is; of one that is run again, all of them, known by their inputs."""
    several = [paths] if isinstance(paths, (str, Path)) else list(paths)
    by_path = [read_raw([path], options) for path in several] if brands else [read_raw(several, options)]
    raws = [raw for held in by_path for raw in held]
    if any(brand.inputs for brand in brands):
        raws, each = agency.of_raws(brands, raws)
    else:
        each = [brand for brand, held in zip(brands, by_path, strict=True) for _ in held] if brands else []
    if names:
        raws = [renamed(raw, names) for raw in raws]
    how = options or ReadOptions()
    reading = {
        "dumps": [PurePath(p).name or str(p) for p in several],
        **{side: PurePath(named).name if (named := getattr(how, side)) is not None else None for side in SIDES},
        "format": how.fmt, "map": dict(how.map), "strict": how.strict, "kind": kind, "zone": zone,
        "naive_zone": naive_zone,
    }
    run = engine.map if engine is not None else at_once
    if engine is not None:
        engine.room("read")
    dump = normalise(raws, zone=zone, naive_zone=naive_zone, kind=kind, run=run, brands=each)
    told = {"agency": agency.as_read(dump.brands)} if dump.brands else {}
    return replace(dump, reading=reading | told)


def evidence(dump: Dump, options: Options, progress: Progress = _quiet, *, text: SpamModel | None = None,
             power: bool = True, engine: Engine | None = None) -> Evidence:
    """Measure and relate: everything the model and the verdicts rest on. text: the model's reader of comments; power:
    also what rings could be seen here (summary.json tells it; no account depends on it). engine: the running one; None
    opens that of the options."""
    with open_engine(options.engine, options.memory, whole=True) if engine is None else nullcontext(engine) as running:
        return _evidence(dump, options, progress, text, power, running)


def _evidence(dump: Dump, options: Options, progress: Progress, text: SpamModel | None, power: bool,
              engine: Engine) -> Evidence:
    progress = _within(engine, progress)
    progress("quality", 0, 1)
    quality = gate(dump)
    progress("measure", 0, 1)
    post_flags = [
        np.asarray(quality.posts[c].combine_chunks().to_numpy(zero_copy_only=False), bool)
        for c in ("delay", "first_hour")
    ]
    timed = timing(
        dump,
        allowed=quality.allowed,
        own_curve=quality.own_curve,
        tick_s=quality.tick_s,
        post_delay=post_flags[0],
        post_first_hour=post_flags[1],
        run=engine.map_groups,
    )
    declared = set(dump.declared["author_id"].drop_null().to_pylist())
    apart = declared | options.innocent
    reviews = dump.kind == "reviews"
    rated = marks(_bearing(timed.comments, quality, "marks"), _bearing(timed.comments, quality, "wave"),
                  dump.businesses, apart) if reviews else None
    rings = find(
        _bearing(timed.comments, quality, "closeness", "ring"),
        apart,
        seed=options.seed,
        fdr=options.fdr,
        page_alpha=options.page_alpha,
        posts=timed.posts,
        accounts=dump.accounts,
        written=_bearing(timed.comments, quality, "text_reuse", "ring"),
        reviews=rated,
        power=power,
        progress=progress,
    )
    progress("features", 0, 1)
    tables = {
        "comments": timed.comments.append_column("spam", _readings(timed.comments, text, engine.map)),
        "posts": timed.posts,
        "accounts": dump.accounts,
        "members": rings.members,
        "businesses": dump.businesses,
    }
    accounts = features.compute(engine, tables, lambda test: quality.allowed(test))
    return Evidence(quality, timed, rings, accounts, declared, rated)


def _within(engine: Engine, progress: Progress) -> Progress:
    """Progress that asks, as each stage begins, whether what is held is still what --memory allows."""
    def begun(stage: str, done: int, total: int) -> None:
        if not done:
            engine.room(stage)
        progress(stage, done, total)
    return begun


def _readings(comments: pa.Table, text: SpamModel | None, run: Run) -> pa.ChunkedArray | pa.Array:
    """Per comment how much its text reads like advertising; null throughout where no text model was given."""
    if text is None:
        return pa.nulls(comments.num_rows, pa.float64())
    return aside(run(partial(_read_texts, text), window) for window in windows(comments.select(["text"])))["spam"]


def _read_texts(text: SpamModel, rows: pa.Table) -> pa.Table:
    return pa.table({"spam": text.probability(rows["text"])})


def _bearing(comments: pa.Table, quality: Quality, *tests: str) -> pa.Table:
    """Without the comments of pages that do not bear one of the tests."""
    refused = {r.page_id for r in quality.refusals if r.test in tests}
    if None in refused:
        return comments.slice(0, 0)
    if not refused:
        return comments
    known = pa.array(sorted(p for p in refused if p is not None), pa.string())
    return comments.filter(pc.invert(pc.is_in(comments["page_id"], value_set=known)))


def load_model(folder: str | Path | None) -> LoadedModel:
    """The model in `folder`, or the shipped one. Raises ModelError where it does not fit the features here."""
    place = Path(folder) if folder is not None else shipped.folder("models", shipped.DEFAULT_MODEL)
    return load(
        place, feature_fingerprint=features.fingerprint(), feature_names=[f.name for f in features.FEATURES]
    )


def audit(dump: Dump, options: Options | None = None, *, progress: Progress = _quiet,
          engine: Engine | None = None) -> Audit:
    """Audit one dump: the tables and summary of the contract. The same dump, options and versions give the same
    tables. engine: the running one; None opens that of the options. Raises ModelError, EngineError; ContractError if a
    row were lost."""
    options = options or Options()
    model = load_model(options.model)
    found = evidence(dump, options, progress, text=model.text, engine=engine)
    progress("score", 0, 1)
    accounts, decision, ranked = judge(found, options, model)
    comments = outcome.comments_table(found.timing.comments, accounts)
    if dump.rows_read != comments.num_rows + dump.rejects.num_rows:
        raise ContractError(
            f"rows read {dump.rows_read} are not rows scored {comments.num_rows} plus rows rejected "
            f"{dump.rejects.num_rows}"
        )
    posts = outcome.posts_table(found.timing.posts, comments)
    done = Audit(
        accounts,
        comments,
        posts,
        found.rings.groups,
        found.rings.edges,
        dump.rejects,
        outcome.summary(dump, found, decision, options, model, ranked,
                        first_hours.lift(comments, posts, fdr=options.fdr, seed=options.seed)),
        outcome.manifest(dump, options, model),
        businesses.table(dump, found.rings, found.marks, comments, options.fdr) if found.marks is not None else None,
    )
    return _across(done, dump, found, options) if dump.brands else done


def _across(done: Audit, dump: Dump, found: Evidence, options: Options) -> Audit:
    """The audit with what it says across brands."""
    told = agency.tell(
        dump.brands, rings=found.rings, measured=found.timing.comments,
        bearing=_bearing(found.timing.comments, found.quality, "closeness", "ring"), comments=done.comments,
        posts=done.posts, known_innocent=options.known_innocent, earlier=options.earlier, zone=dump.zone,
        fdr=options.fdr, seed=options.seed)
    return replace(done, months=told.months, brand_groups=told.brand_groups, apart=told.apart,
                   summary={**done.summary, "agency": told.summary})


def judge(found: Evidence, options: Options, model: LoadedModel) -> tuple[pa.Table, decide.Decision, dict[str, Any]]:
    """The accounts of the contract, what was decided on them, and how the ranks came about."""
    unlearned = _unlearned(found.rings)
    authors = found.accounts["author_id"].to_pylist()
    classifier = model.classifier.recalibrate(options.base_rate)
    # Window by window: the features of all accounts are not held twice.
    score = np.concatenate([classifier.decision_function(outcome.matrix_of(window))
                            for window in windows(found.accounts)]) if authors else np.empty(0)
    probability = classifier.probability(score)
    refused = not any(found.quality.allowed(t) for t in SCORE_TESTS)
    members = set(found.rings.members["author_id"].to_pylist())
    # Everybody outside the groups: to leave out those whom the model finds odd would make them look odder.
    reference = np.array([a not in members and a not in found.declared for a in authors], bool)
    counts = found.accounts["n_comments"].to_numpy()
    rank = conformal_p(score, activity_strata(counts, reference), reference) if len(authors) else None
    decision = decide.verdicts(
        authors,
        probability=probability,
        rank_p=rank.p if rank else np.empty(0),
        rank_smallest=rank.smallest if rank else np.empty(0),
        members=found.rings.members,
        testable=found.rings.testable,
        declared=found.declared,
        innocent=options.innocent,
        score_refused=refused,
        fdr=options.fdr,
        disclosed=set(_disclosing(found.timing.comments)),
        unlearned=unlearned,
    )
    reasons, counter = _reasons(classifier, found.accounts, decision, unlearned)
    return (outcome.accounts_table(found, decision, reasons, counter), decision,
            {"reference": int(reference.sum()), "contamination": 0.0})


def _unlearned(rings: Rings) -> set[str]:
    """Accounts in groups by evidence that no page of training has."""
    seen = zip(*(rings.groups[c].to_pylist() for c in ("group_id", "evidence")), strict=True)
    groups = {group for group, evidence in seen if UNLEARNED & set(evidence)}
    members = zip(*(rings.members[c].to_pylist() for c in ("author_id", "group_id")), strict=True)
    return {author for author, group in members if group in groups}


def _disclosing(comments: pa.Table) -> list[str]:
    """Accounts of which a text discloses an incentive."""
    return comments.filter(pc.fill_null(comments["discloses"], False))["author_id"].drop_null().unique().to_pylist()


def _reasons(
    classifier: Any, accounts: pa.Table, decision: decide.Decision, unlearned: set[str]
) -> tuple[list[list[str]], list[list[str]]]:
    """Per account the features that moved it most towards suspicion and away from it; empty for the unflagged.

    unlearned: accounts in groups of which the classifier knows nothing. What it makes of such a group is no word in
    their favour.
    A sum of trees may move an account the other way than a value does that stands alone. Beside the typical account
    that reads as nonsense (in its favour: it is rarer), so such a feature is told on neither side.
    """
    from fakedetect.model.classifier import reasons as moved_by

    n = len(decision.verdict)
    speaks: list[list[str]] = [[] for _ in range(n)]
    against: list[list[str]] = [[] for _ in range(n)]
    flagged = [i for i, v in enumerate(decision.verdict) if v in ("suspect", "review")]
    if not flagged:
        return speaks, against
    names = [f.name for f in features.FEATURES]
    sides = {f.name: _sides(outcome.values(accounts[f.name]), f.monotone, flagged, AS_SUSPECTED.get(f.name, 0))
             for f in features.FEATURES}
    for i, row in zip(flagged, classifier.contributions(outcome.matrix_of(accounts.take(flagged))), strict=True):
        towards, away = moved_by(row, names, k=N_REASONS)
        known = [r for r in FIRST_REASONS if (accounts[r][i].as_py() or 0) > 0]
        # What is not known of an account may move the model; it is no reason that anybody could check.
        told = [name for name, _ in towards
                if name not in known and name not in SAID_TWICE and accounts[name][i].is_valid and sides[name][0][i]]
        speaks[i] = known + told[:N_REASONS]
        of_group = OF_GROUP if accounts["author_id"][i].as_py() in unlearned else frozenset()
        against[i] = [name for name, _ in away
                      if name not in of_group and accounts[name][i].is_valid and sides[name][1][i]]
        if not speaks[i]:
            # It ranks above its like although no single feature stands out: the activity it shares with them.
            speaks[i] = ["n_comments"]
    return speaks, against


def _sides(values: np.ndarray, monotone: int, flagged: Sequence[int],
           suspected: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Per account whether the value may speak against it, and whether for it, beside the median of the unflagged.
    monotone: the direction known beforehand, as `Feature.monotone`; suspected: as AS_SUSPECTED, 0 for neither side."""
    rest = np.delete(values, flagged)
    rest = rest[~np.isnan(rest)]
    if not len(rest):
        # What nobody else has, such as a place in a group, is beyond the typical.
        every = np.ones(len(values), bool)
        return every, every & (monotone == 0) & (suspected == 0)
    beyond = values - np.median(rest)
    if monotone:
        return monotone * beyond > 0, monotone * beyond < 0
    return beyond != 0, (beyond != 0) & (suspected * beyond <= 0)


def report(audit: Audit, *, lang: Lang, names: bool = False) -> str:
    """The audit as one self-contained HTML text."""
    return render(
        audit, lang=lang, names=names, features=_by_name(), refusal_words=REASONS, test_labels=_test_labels()
    )


def view(audit: Audit, *, lang: Lang, names: bool = False) -> View:
    """The audit prepared for reading, with all words that the pipeline knows."""
    return View(audit, lang, names, _by_name(), REASONS, _test_labels())


def brief(audit: Audit, lang: Lang) -> str:
    """The finding in a few lines of plain text."""
    return brief_text(audit, lang=lang, features=_by_name(), test_labels=_test_labels())


def explain(audit: Audit, account: str, *, lang: Lang, names: bool = False) -> str:
    """The evidence on one account as plain text. Raises InputError where nobody is called so."""
    return explain_account(audit, account, lang=lang, names=names, features=_by_name())


def account_row(audit: Audit, account: str) -> dict[str, Any]:
    """One account's row of accounts.parquet. Raises InputError where nobody is called so."""
    place = find_account(audit, account, _by_name())
    return audit.accounts.slice(place, 1).to_pylist()[0]


def _by_name() -> dict[str, features.Feature]:
    return {f.name: f for f in features.FEATURES}


def _test_labels() -> dict[str, Text]:
    return {t.name: t.label for t in TESTS}
