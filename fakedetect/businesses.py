"""Which reviewed businesses something was done to, or for: the table businesses.parquet, with the reasons as codes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.fdr import q_values
from fakedetect.features import significant
from fakedetect.features.marks import marks_of
from fakedetect.relate import Marks, Rings
from fakedetect.relate.rated import DAY_S
from fakedetect.relate.waves import Wave
from fakedetect.schema import BUSINESSES_OUT, Dump

REASONS = ("praised_by_group", "trashed_by_group", "praised_from_one_device", "trashed_from_one_device",
           "praise_after_crisis", "wave_good", "wave_bad", "wave_disclosed",
           "average_moved")
"""Codes of the column `reasons`, the gravest first."""
SHOWN_TO = 0.1
"""Share of the best mark to which an average may be shown: half a star of five."""
LEAST_P = 1e-9
"""A chance below this says no more."""


def table(dump: Dump, rings: Rings, marks: Marks, comments: pa.Table, fdr: float) -> pa.Table:
    """BUSINESSES_OUT: one row per reviewed item, sorted by page and id. comments: as the audit hands them out.

    A wave's p bounds the chance of one as telling among all windows of that business, doubled because good and bad
    marks are asked; q among all businesses that could be asked. `suspect`: a group praised it some of whose accounts
    are suspects. `review`: such a group trashed it, or a wave is rare among all businesses, or praise came over a
    crisis. `disclosed`: a wave only with the reviews that were invited or disclose an incentive.
    """
    suspects = set(comments.filter(pc.equal(comments["verdict"], "suspect"))["author_id"].drop_null().to_pylist())
    rows = {(r["page_id"], r["post_id"]): r for r in _counted(dump.comments, suspects)}
    told = {w.name: w for w in marks.waves if w.told}
    open_waves: dict[tuple[str, str], list[Wave]] = {}
    for wave in marks.waves:
        if not wave.told:
            open_waves.setdefault(wave.name, []).append(wave)
    # Of the two kinds of wave the rarer, for both were looked for.
    p = {name: min(1.0, *(2 * w.p for w in both)) for name, both in open_waves.items()}
    q = dict(zip(p, q_values(np.array(list(p.values()))).tolist(), strict=True))
    disclosed_p = {name: min(1.0, 2 * w.p) for name, w in told.items()}
    disclosed_q = dict(zip(disclosed_p, q_values(np.array(list(disclosed_p.values())), n_tests=max(len(p), 1)).tolist(),
                           strict=True))
    worked_on = _worked_on(rings, comments)
    described = {b["business_id"]: b for b in dump.businesses.to_pylist()}
    given = _marks_of(dump.comments)
    out = []
    for name in sorted(rows):
        groups = worked_on.get(name, {})
        reasons, p_value, verdict = set(groups), p.get(name), "not_enough_data"
        if p_value is not None:
            verdict = "no_evidence"
        shown = None
        if p_value is not None and q[name] <= fdr:
            # One wave is shown: the praise over a crisis, else the rarer of the two kinds.
            buried = "praise_after_crisis" in reasons
            shown = min(open_waves[name], key=lambda w: (buried and not w.good, w.p, not w.good))
            verdict = "review"
            reasons.add("wave_good" if shown.good else "wave_bad")
            if _moved(given[name], shown):
                reasons.add("average_moved")
        elif name in disclosed_q and disclosed_q[name] <= fdr:
            verdict, shown = "disclosed", told[name]
            p_value, q[name] = disclosed_p[name], disclosed_q[name]
            reasons.add("wave_disclosed")
        if "praise_after_crisis" in reasons:
            verdict = "review"
        by_group = min(((g["p_value"], g["q_value"], any(m in suspects for m in g["members"])) for code, g in
                        groups.items() if code != "praise_after_crisis"), default=None)
        if by_group is not None:
            p_value, q[name], named = by_group
            # Whom a group runs down is its victim.
            verdict = "suspect" if named and any(c.startswith("praised") for c in groups) else "review"
        out.append({
            "business_id": name[1], "page_id": name[0], "verdict": verdict,
            "reasons": [code for code in REASONS if code in reasons],
            **{c: rows[name][c] for c in ("n_reviews", "n_reviewers", "mean_rating", "suspect_share")},
            **{c: described.get(name[1], {}).get(c) for c in ("owner", "place", "category")},
            "p_value": _chance(p_value),
            "q_value": _chance(q.get(name)),
            **({} if shown is None else _wave(shown)),
        })
    return pa.Table.from_pylist(out, BUSINESSES_OUT)


def _counted(reviews: pa.Table, suspects: set[str]) -> list[dict[str, Any]]:
    by = pc.is_in(reviews["author_id"], value_set=pa.array(sorted(suspects), pa.string()))
    grouped = reviews.append_column("by", by.cast(pa.float64())).group_by(["page_id", "post_id"], use_threads=False)
    counted = grouped.aggregate([("post_id", "count"), ("author_id", "count_distinct"), ("rating", "mean"),
                                 ("by", "mean")])
    return [{"page_id": r["page_id"], "post_id": r["post_id"], "n_reviews": r["post_id_count"],
             "n_reviewers": r["author_id_count_distinct"], "mean_rating": _rounded(r["rating_mean"]),
             "suspect_share": _rounded(r["by_mean"])} for r in counted.to_pylist()]


def _worked_on(rings: Rings, comments: pa.Table) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """Per business the codes of what groups did to it, each with the group and its `members`."""
    out: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for group in rings.groups.to_pylist():
        members = rings.members.filter(pc.equal(rings.members["group_id"], group["group_id"]))["author_id"]
        theirs = comments.filter(pc.is_in(comments["author_id"], value_set=members.combine_chunks()))
        # The same id may be another business on another page.
        met = set(zip(theirs["page_id"].to_pylist(), theirs["post_id"].to_pylist(), strict=True))
        codes = {"praise_and_trash": {"praised": "praised_by_group", "trashed": "trashed_by_group"},
                 "one_device": {"praised": "praised_from_one_device", "trashed": "trashed_from_one_device"},
                 "laundering": {"praised": "praise_after_crisis"}}.get(group["kind"], {})
        for column, code in codes.items():
            for place in met:
                if place[1] in (group[column] or ()):
                    out.setdefault(place, {})[code] = group | {"members": members.to_pylist()}
    return out


def _marks_of(reviews: pa.Table) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Per business its (epoch seconds, share of the best mark), in time."""
    reviews = reviews.append_column("mark", marks_of(reviews["rating"], reviews["page_id"]))
    known = reviews.filter(pc.and_(pc.is_valid(reviews["mark"]), pc.is_valid(reviews["comment_time"])))
    out: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for page, post, t, mark in zip(known["page_id"].to_pylist(), known["post_id"].to_pylist(),
                                    known["comment_time"].cast(pa.int64()).to_pylist(), known["mark"].to_pylist(),
                                    strict=True):
        out.setdefault((page, post), []).append((t / 1e6, mark))
    return out


def _moved(marks: list[tuple[float, float]], wave: Wave) -> bool:
    """An average shown to half a star is another at the wave's end than it was before."""
    before = [mark for t, mark in marks if t < wave.first * DAY_S]
    after = [mark for t, mark in marks if t <= wave.last * DAY_S]
    if not before:
        return False
    shown = [round(sum(m) / len(m) / SHOWN_TO) for m in (before, after)]
    return shown[1] > shown[0] if wave.good else shown[1] < shown[0]


def _wave(wave: Wave) -> dict[str, Any]:
    first, last = (datetime.fromtimestamp(day * DAY_S, UTC) for day in (wave.first, wave.last))
    return {"wave_first": first, "wave_last": last,
            "wave_n": wave.n, "wave_expected": _rounded(wave.expected), "wave_rating": _rounded(wave.rating)}


def _chance(value: float | None) -> float | None:
    return None if value is None else max(_rounded(value) or 0.0, LEAST_P)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(significant(np.array([value]))[0])
