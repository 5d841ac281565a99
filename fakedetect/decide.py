"""From evidence to words: p, q and verdict of each account, as DESIGN section 2 defines them.

Inside a group an account is judged by its own evidence against the group without it. Outside any group
nothing but its rank among accounts of like activity in the same run speaks, and that makes a case for a
person to look at at most: a page of 20,000 is too small to convict thirteen by rank, and on a clean page
somebody always comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fakedetect.fdr import q_values

Floats = NDArray[np.float64]

LIKELY = 0.5
"""A suspect whose calibrated probability is below this is a case for review."""


@dataclass(frozen=True)
class Decision:
    """Columns in the order of the accounts: shape (n,)."""

    verdict: list[str]
    p_value: Floats
    q_value: Floats
    probability: Floats
    group_id: list[str | None]
    label: list[str]


def verdicts(authors: Sequence[str], *, probability: Floats, rank_p: Floats, rank_smallest: Floats,
             members: pa.Table, testable: Mapping[str, float], declared: set[str], innocent: set[str],
             score_refused: bool, fdr: float, disclosed: Set[str] = frozenset(),
             unlearned: Set[str] = frozenset()) -> Decision:
    """Decide on every account.

    probability: calibrated, (n,). rank_p, rank_smallest: conformal p and the smallest it could have reached.
    members: `relate.MEMBERS`. testable: smallest member p an account could have reached, by author_id.
    declared: accounts whose role is known. innocent: accounts known to be organic (--known-innocent): never
    suspect or review. score_refused: the data bears no test on single accounts. disclosed: accounts that disclose an
    incentive. unlearned: accounts in groups by evidence on which no classifier was trained.
    """
    n = len(authors)
    row_of = {a: i for i, a in enumerate(authors)}
    p = np.full(n, np.nan) if score_refused else rank_p.copy()
    q = np.full(n, np.nan)
    verdict = np.full(n, "no_evidence", object)
    group: list[str | None] = [None] * n
    in_group = np.zeros(n, bool)
    for member in members.to_pylist():
        i = row_of[member["author_id"]]
        in_group[i], group[i] = True, member["group_id"]
        # Seen once in a throwaway farm's burst: nothing about it alone can be tested.
        p[i] = np.nan if member["member_p"] is None else member["member_p"]
        q[i] = np.nan if member["member_q"] is None else member["member_q"]
    apart = np.array([a in declared for a in authors], bool)
    alone = ~in_group & ~apart
    q[alone] = q_values(p[alone])

    reach = np.array([testable.get(a, 1.0) for a in authors], np.float64)
    # Ranks among the run's own accounts never survive correction over these accounts: where nobody could be reached as
    # part of a group, nothing here could have named anybody, and to have a rank is no evidence of innocence.
    mute = score_refused or not (reach <= fdr).any()
    silent = (mute | (np.nan_to_num(rank_smallest, nan=1.0) > fdr)) & (reach > fdr) & ~in_group
    verdict[silent] = "not_enough_data"
    found = ~silent & (np.nan_to_num(q, nan=1.0) <= fdr)
    verdict[in_group | (alone & found)] = "review"
    # Where no test on single accounts could be run, or the classifier knows nothing of what speaks against an account,
    # there is no probability, and q alone decides.
    no_probability = score_refused | np.array([a in unlearned for a in authors], bool)
    verdict[in_group & found & (no_probability | (probability >= LIKELY))] = "suspect"
    cleared = np.array([a in innocent for a in authors], bool)
    verdict[cleared & np.isin(verdict.astype(str), ["suspect", "review"])] = "no_evidence"
    quiet = np.isin(verdict.astype(str), ["no_evidence", "not_enough_data"])
    verdict[quiet & np.array([a in disclosed for a in authors], bool)] = "disclosed"
    verdict[apart] = "declared"
    untold = np.isin(verdict.astype(str), ["declared", "not_enough_data"])
    shown = np.where(untold | no_probability, np.nan, probability)
    p[untold], q[untold] = np.nan, np.nan
    words = [str(v) for v in verdict]
    return Decision(words, p, q, shown, group, _labels(authors, words, q, shown))


def _labels(authors: Sequence[str], verdict: Sequence[str], q: Floats, probability: Floats) -> list[str]:
    """A short name for each account that tells nothing about who it is: S01 for suspects, R01 for reviews,
    A0001 for the others."""
    names = pc.rank(pa.array(authors, pa.string()), tiebreaker="first").to_numpy()
    order = np.lexsort((names, -np.nan_to_num(probability), np.nan_to_num(q, nan=2.0)))
    said = np.array(verdict, object)
    out = np.empty(len(authors), object)
    suspect, review = said[order] == "suspect", said[order] == "review"
    for letter, mine in (("S", order[suspect]), ("R", order[review]), ("A", order[~suspect & ~review])):
        width = max(2, len(str(len(mine))))
        out[mine] = [letter + str(k).zfill(width) for k in range(1, len(mine) + 1)]
    return list(out)


def inauthentic_share(n_accounts: int, n_suspect: int, n_review: int, probability: Floats, fdr: float,
                      unseen: int | None) -> dict[str, float | None]:
    """Share of commenting accounts that are part of something inauthentic, with an interval.

    estimate: the expected number among the named (sum of their probabilities). low: the suspects less the
    false ones that the false discovery rate allows, or the estimate where that is lower. high: suspects,
    reviews, and the largest ring that could have stayed unseen here (`unseen`; None where nothing is known about
    that: then high is null).
    """
    if n_accounts == 0:
        return {"estimate": None, "low": None, "high": None}
    expected = float(np.nansum(probability))
    high = None if unseen is None else round(min(1.0, (n_suspect + n_review + unseen) / n_accounts), 9)
    low = min(n_suspect * (1 - fdr), expected)
    return {"estimate": round(expected / n_accounts, 9), "low": round(low / n_accounts, 9), "high": high}
