"""How often a page without any group is given one: the page gate, held to its own word on the pages of real dumps.

In each replicate the times of a post's comments are dealt anew among the accounts that commented there: who came to
which post, and when comments stood there, stays as it was; who came when with whom does not. So what is named by
closeness or as a farm is chance, and is counted. The choice of posts and sentences are left as they were, and what is
named by them is not counted: the nulls of these searches are simulated in tests/test_relate_attendance.py and
tests/test_relate_phrases.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa

from fakedetect import pipeline
from fakedetect.evaluate import metrics
from fakedetect.evaluate.attacks import pages_at
from fakedetect.schema import Dump

DEALT = {"closeness", "farm"}
"""Evidence that rests on times."""


@dataclass(frozen=True)
class Replicate:
    """One replicate: groups named by what was dealt anew, accounts convicted in them, and accounts compared."""

    dump: str
    page: str
    seed: int
    n_groups: int
    n_convicted: int
    n_accounts: int


def permuted(page: Dump, seed: int) -> Dump:
    """The page with comment times dealt anew within each post, top-level comments and answers apart."""
    comments = page.comments
    n = comments.num_rows
    draws = np.random.Generator(np.random.Philox(key=[seed, 17])).random(n)
    post = comments["post_id"].combine_chunks().dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    known = comments["comment_time"].is_valid().to_numpy(zero_copy_only=False)
    cell = np.where(known, post * 2 + comments["is_reply"].to_numpy(zero_copy_only=False), -1)
    kept = np.lexsort((np.arange(n), cell))
    dealt = np.lexsort((draws, cell))
    taken = np.empty(n, np.int64)
    taken[kept] = np.where(cell[kept] >= 0, dealt, kept)
    when = comments["comment_time"].take(pa.array(taken))
    where = comments.column_names.index("comment_time")
    return replace(page, comments=comments.set_column(where, "comment_time", when))


def one(path: str, page: int, seed: int, page_alpha: float, fdr: float) -> Replicate:
    """Audit one permuted page as far as its groups."""
    there = pages_at(path)[page]
    found = pipeline.evidence(permuted(there, seed), pipeline.Options(seed=seed, page_alpha=page_alpha, fdr=fdr))
    groups = {g["group_id"] for g in found.rings.groups.to_pylist() if DEALT & set(g["evidence"])}
    members = [m for m in found.rings.members.to_pylist() if m["group_id"] in groups]
    return Replicate(Path(path).stem, str(there.posts["page_id"][0].as_py()), seed, len(groups),
                     sum(m["member_q"] is not None and m["member_q"] <= fdr for m in members),
                     int(found.rings.gate["accounts_compared"]))


def audit(paths: Sequence[Path], *, first_seed: int = 1, seeds: int = 32, jobs: int = 2, page_alpha: float = 0.02,
          fdr: float = 0.05, progress: Callable[[int, int], None] | None = None) -> list[Replicate]:
    """`seeds` replicates of every page of the dumps that campaigns can be planted on. Deterministic by seed."""
    work = [(str(p), k, seed, page_alpha, fdr) for p in paths for k in range(len(pages_at(str(p))))
            for seed in range(first_seed, first_seed + seeds)]
    done: list[Replicate] = []
    for each in joblib.Parallel(jobs, return_as="generator")(joblib.delayed(one)(*w) for w in work):
        done.append(each)
        if progress is not None:
            progress(len(done), len(work))
    return done


def markdown(replicates: Sequence[Replicate], page_alpha: float) -> str:
    """One row per dump and one for all: replicates in which a group was named, and the most that allows at 95 %
    (Clopper & Pearson 1934)."""
    lines = ["| dump | pages | replicates | a group named | chance (95 % at most) | stated | accounts convicted |",
             "|---|---|---|---|---|---|---|"]
    dumps = list(dict.fromkeys(r.dump for r in replicates))
    for name in [*dumps, *(["all"] if len(dumps) > 1 else [])]:
        mine = [r for r in replicates if name in (r.dump, "all")]
        hits = sum(r.n_groups > 0 for r in mine)
        most = metrics.upper(hits, len(mine))
        lines.append(f"| {name} | {len({(r.dump, r.page) for r in mine})} | {len(mine)} | {hits} "
                     f"| {hits / len(mine):.4f} ({most:.4f}) | {page_alpha:g} "
                     f"| {sum(r.n_convicted for r in mine)} of {sum(r.n_accounts for r in mine):,} |")
    return "\n".join(lines)
