"""The duties of who collects, moderates and publishes reviews, and what a dump shows of each.

No finding is a legal one: the rows of a dump go against a duty, or none does, or a dump cannot show it; the last is
the case of most, and then the words say where to look and what to ask for.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.duties.catalogue import DUTIES
from fakedetect.duties.duty import STAGES, Duty, Finding, Result, Seen, Stage
from fakedetect.schema import Dump
from fakedetect.words import LANGS, Text, number

__all__ = ["DUTIES", "STAGES", "Duty", "Finding", "Result", "Seen", "Stage", "check", "told"]


def check(dump: Dump) -> tuple[Finding, ...]:
    """A finding for each of DUTIES, in their order, from a dump of reviews. Answers (`is_reply`) are no reviews."""
    reviews = dump.comments
    if pc.any(reviews["is_reply"]).as_py():
        reviews = reviews.filter(pc.invert(reviews["is_reply"]))
    return tuple(_finding(duty, reviews, dump) for duty in DUTIES)


def told(dump: Dump) -> list[dict[str, Any]]:
    """`check` for summary.json, with what the report needs to show it in either language."""
    return [
        {
            "code": duty.code,
            "source": duty.source,
            "stage": duty.stage,
            "label": asdict(duty.label),
            "result": found.result,
            "n": found.n,
            "total": found.total,
            "rows": [{"source": source, "row": row} for source, row in found.rows],
            "said": asdict(found.said),
        }
        for duty, found in zip(DUTIES, check(dump), strict=True)
    ]


def _finding(duty: Duty, reviews: pa.Table, dump: Dump) -> Finding:
    seen = duty.check(reviews, dump) if duty.check is not None and reviews.num_rows else Seen("unseen")
    found = {"pass": duty.passed, "fail": duty.failed, "unseen": duty.hint if seen.n else None}[seen.result]
    parts = [t for t in (found, duty.unseen if seen.result == "unseen" else None) if t is not None]
    said = {
        lang: " ".join(t.of(lang, n=number(seen.n, lang), total=number(seen.total, lang)) for t in parts)
        for lang in LANGS
    }
    return Finding(duty.code, seen.result, seen.n, seen.total, seen.rows, Text(**said))
