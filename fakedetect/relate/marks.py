"""What the marks of reviews say: praise here and trash next door, waves of marks, praise over a crisis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.relate.devices import devices
from fakedetect.relate.exhibits import N_EXHIBITS, Rows, as_time, as_z, group_name, phrase_shares
from fakedetect.relate.phrases import MOST_PAIRS
from fakedetect.relate.presence import MIN_ACCOUNTS
from fakedetect.relate.rated import DAY_S, market, rated
from fakedetect.relate.rivals import Rivalry, rivalries
from fakedetect.relate.waves import Wave, waves


@dataclass(frozen=True)
class Buried:
    """Praise that follows a crisis. strength: nats; chance makes one as strong, on any business, with probability
    exp(-strength) at most. members: who gave it, sorted."""

    strength: float
    praise: Wave
    crisis: Wave

    @property
    def members(self) -> tuple[str, ...]:
        return self.praise.members


@dataclass(frozen=True)
class Marks:
    """What the marks say: see `rivals`, `devices` and `waves`."""

    rivalries: list[Rivalry]
    devices: list[Rivalry]
    buried: list[Buried]
    waves: tuple[Wave, ...]
    given: pa.Table
    """The reviews whose marks were compared."""
    dated: pa.Table
    """Those whose times were."""


def marks(given: pa.Table, dated: pa.Table, businesses: pa.Table, apart: set[str]) -> Marks:
    """What marks say. given: the reviews whose marks may be compared between accounts; dated: those whose times may be;
    businesses: schema.BUSINESSES; apart: accounts that are left out. Draws nothing."""
    ratings = rated(given, apart)
    some = len(ratings.account) > 0
    found = rivalries(ratings, market(ratings.names, businesses)) if some else []
    behind = devices(ratings, market(ratings.names, businesses)) if some else []
    # Also without accounts a wave is one: what nobody signed counts here.
    ratings = rated(dated, apart, unsigned=True)
    seen = waves(ratings, market(ratings.names, businesses))
    buried = [Buried(float(f"{-math.log(max(praise.p * seen.n_asked, 1e-300)):.9g}"), praise, crisis)
              for praise, crisis in seen.buried]
    return Marks(found, behind, sorted((b for b in buried if b.strength > 0 and len(b.members) >= MIN_ACCOUNTS),
                                       key=lambda b: (-b.strength, b.praise.name)), seen.every, given, dated)


def rival_rows(comments: pa.Table, found: Rivalry, p: float, q: float, rows: Rows) -> None:
    """Add accounts that praise one side and trash the other, or are behind one device and do either, to `rows`, without
    those that stand in a group there."""
    both = bool(found.praised and found.trashed)
    taken = {m["author_id"] for m in rows.members}
    # Behind one address live people who eat together: each is a case to look at at most.
    own = {a: (float(pv), float(qv) if both else None)
           for a, pv, qv in zip(found.members, found.p.tolist(), found.q.tolist(), strict=True)}
    sides = [b for _, b in (*found.praised, *found.trashed)]
    _add(comments, [a for a in found.members if a not in taken], sides, own, {
        "p_value": p, "q_value": q, "kind": "praise_and_trash" if both else "one_device",
        "evidence": ["marks" if both else "device"],
        "page_ids": sorted({page for page, _ in (*found.praised, *found.trashed)}),
        "praised": [b for _, b in found.praised], "trashed": [b for _, b in found.trashed],
    }, rows)


def buried_rows(comments: pa.Table, found: Buried, p: float, q: float, rows: Rows) -> None:
    """Add those who praised a business right after its crisis to `rows`, without those that stand in a group there.
    Each is a case to look at: its defenders come then too."""
    taken = {m["author_id"] for m in rows.members}
    page, business = found.praise.name
    _add(comments, [a for a in found.members if a not in taken], [business], {}, {
        "p_value": p, "q_value": q, "kind": "laundering", "evidence": ["wave"], "page_ids": [page],
        "praised": [business], "trashed": [], "window_s": (found.praise.last - found.praise.first) * DAY_S,
        "excess": found.praise.n - found.praise.expected,
        "first_seen": as_time(found.praise.first * DAY_S), "last_seen": as_time(found.praise.last * DAY_S),
    }, rows)


def _add(comments: pa.Table, members: list[str], businesses: list[str], own: dict[str, tuple[float, float | None]],
         described: dict[str, Any], rows: Rows) -> None:
    if len(members) < MIN_ACCOUNTS:
        return
    name = group_name(members)
    phrases, said = phrase_shares(comments, dict.fromkeys(members, 0))
    there = comments.filter(pc.and_(pc.is_in(comments["author_id"], pa.array(members, pa.string())),
                                    pc.is_in(comments["post_id"], pa.array(businesses, pa.string()))))
    when = [t for t in there["comment_time"].to_pylist() if t is not None]
    met: dict[str, dict[str, float]] = {a: {} for a in members}
    micros = there["comment_time"].cast(pa.int64()).to_pylist()
    for author, post, t in zip(there["author_id"].to_pylist(), there["post_id"].to_pylist(), micros, strict=True):
        met[author].setdefault(post, math.nan if t is None else t / 1e6)
    total = dict(zip(*np.unique(comments["author_id"].drop_null().to_numpy(), return_counts=True), strict=True))
    rows.groups.append({
        "group_id": name, "n_accounts": len(members), "n_posts": len({p for posts in met.values() for p in posts}),
        "first_seen": min(when, default=None), "last_seen": max(when, default=None),
        "exhibit_posts": businesses[:N_EXHIBITS], "phrases": said.get(0, []), **described,
        "worked": sorted({(page or "", post) for page, post in zip(
            there["page_id"].to_pylist(), there["post_id"].to_pylist(), strict=True)}),
    })
    for author in members:
        member_p, member_q = own.get(author, (None, None))
        rows.members.append({
            "author_id": author, "group_id": name, "group_p": described["p_value"], "member_p": member_p,
            "member_q": member_q, "exclusive_share": min(len(met[author]) / int(total[author]), 1.0),
            "phrase_share": phrases.get(author), "together_z": None if member_p is None else as_z(member_p),
        })
    for a, b in list(combinations(members, 2))[:MOST_PAIRS]:
        both = sorted(set(met[a]) & set(met[b]))
        apart = [gap for k in both if not math.isnan(gap := abs(met[a][k] - met[b][k]))]
        rows.edges.append({
            "group_id": name, "author_a": a, "author_b": b, "n_shared": len(both), "n_close": 0,
            "median_gap_s": float(np.median(apart)) if apart else None,
            "p_value": own[a][0] * own[b][0] if a in own and b in own else None,
        })
