"""What can be shown of a group: its posts, its gaps, its pairs, the phrases its accounts share."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import special

from fakedetect.relate.farms import MIN_TWICE, Farm
from fakedetect.relate.members import CLOSE_SHARE
from fakedetect.relate.pairs import Pairs
from fakedetect.relate.phrases import MIN_WORDS, N_SHOWN, Phrased
from fakedetect.relate.presence import MIN_ACCOUNTS, Firsts, Floats, Ints, Presence
from fakedetect.relate.repeats import same_phrase

RELAY_GAP_S = 300.0
"""Accounts that follow each other at five minutes or more hand over rather than arrive together."""
PHRASES_SHARE = 0.3
"""Above this share of repeated phrases, words are part of what relates a group."""
N_EXHIBITS = 12


@dataclass(frozen=True)
class Rows:
    """Rows of GROUPS_OUT (and `worked`, the posts counted in n_posts), EDGES_OUT and relate.MEMBERS, as they are
    found."""

    groups: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    members: list[dict[str, Any]]


def group_name(authors: Sequence[str]) -> str:
    """A group is named after who is in it, so that next month's audit can tell whether it is the same."""
    return "g-" + hashlib.sha256("\n".join(sorted(authors)).encode()).hexdigest()[:8]


def group_row(
    here: Presence, members: Ints, name: str, phrase: list[float | None], evidence: set[str]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of GROUPS_OUT (p and q apart), and per member n_close, close_share, partners, median_gap_s and
    exclusive_share. members: account codes. evidence: "closeness", "attendance" or both. A post is the group's where
    two of its accounts stood close; by attendance, where a third of them (two at least) were."""
    rows = np.flatnonzero(np.isin(here.account, members))
    order = rows[np.lexsort((here.t[rows], here.post[rows]))]
    post, u, t = here.post[order], here.u[order], here.t[order]
    account, floor = here.account[order], here.floor_u[order]
    nearest, gap, partner = _nearest(post, u, floor, t, account)
    close = nearest <= CLOSE_SHARE
    telling = close if "closeness" in evidence else np.zeros(len(post), bool)
    if "attendance" in evidence:
        telling |= np.isin(post, np.flatnonzero(np.bincount(post) >= max(2, len(members) / 3)))
    worked = np.unique(post[telling])
    on_worked = np.isin(post, worked)
    per_post = {int(k): int(c) for k, c in zip(*np.unique(post[telling], return_counts=True), strict=True)}
    exhibits = sorted(per_post, key=lambda k: (-per_post[k], here.post_names[k]))[:N_EXHIBITS]
    gaps = gap[on_worked & np.isfinite(gap)]
    typical = float(np.median(gaps)) if len(gaps) else None
    spoken = [s for s in phrase if s is not None]
    kind = "relay" if typical is not None and typical >= RELAY_GAP_S else "synchronised"
    if spoken and float(np.median(spoken)) >= PHRASES_SHARE:
        kind = "mixed" if "closeness" in evidence else "copy_paste"
    described = {
        "group_id": name, "n_accounts": len(members), "n_posts": len(worked), "kind": kind,
        "first_seen": as_time(t[on_worked].min() if on_worked.any() else t.min()),
        "last_seen": as_time(t[on_worked].max() if on_worked.any() else t.max()),
        "page_ids": sorted({here.post_names[int(k)][0] for k in worked}), "median_gap_s": typical,
        "worked": [here.post_names[int(k)] for k in worked],
        "exhibit_posts": [here.post_names[k][1] for k in exhibits], "evidence": sorted(evidence),
    }
    each = []
    for m in members.tolist():
        mine = account == m
        met = mine & close
        mine_gaps = gap[met & np.isfinite(gap)]
        each.append({
            "n_close": int(met.sum()), "close_share": float(met.sum() / mine.sum()),
            "partners": len(np.unique(partner[met])),
            "median_gap_s": float(np.median(mine_gaps)) if len(mine_gaps) else None,
            "exclusive_share": float((mine & on_worked).sum() / mine.sum()),
        })
    return described, each


def farm_rows(comments: pa.Table, first: Firsts, farm: Farm, p: float, q: float, member_q: Floats, rows: Rows) -> None:
    """Add a throwaway farm to `rows`, without the accounts that stand in a group there.

    A pair's p is the chance that two accounts, each early on two of the page's posts, were so on the same two: at most
    that both were on the farm's. Accounts seen once have no p of their own: time cannot tell them from their ordinary
    neighbours.
    """
    taken = {m["author_id"] for m in rows.members}
    own = {a: (float(pv), float(qv)) for a, pv, qv in zip(farm.twice, farm.p, member_q, strict=True)}
    members = [a for a in farm.members if a not in taken]
    if sum(a in own for a in members) < MIN_TWICE:
        return
    name = group_name(members)
    code = {a: k for k, a in enumerate(first.authors)}
    accounts = np.array([code[a] for a in members], np.int64)
    posts = np.array([first.post_names.index(post) for post in farm.posts], np.int64)
    n_posts = np.bincount(first.account, minlength=len(first.authors))
    inside = np.flatnonzero(np.isin(first.post, posts) & np.isin(first.account, accounts)
                            & (first.delay_s <= farm.window_s))
    inside = inside[np.lexsort((first.account[inside], first.t[inside], first.post[inside]))]
    post, account, t = first.post[inside], first.account[inside], first.t[inside]
    phrases, said = phrase_shares(comments, dict.fromkeys(members, 0))
    gap = np.full(len(inside), np.inf)
    for step in (-1, 1):
        beside = np.clip(np.arange(len(inside)) + step, 0, len(inside) - 1)
        same = (post[beside] == post) & (beside != np.arange(len(inside)))
        gap[same] = np.minimum(gap[same], np.abs(t[same] - t[beside[same]]))
    told = gap[np.isfinite(gap)]
    counts = np.bincount(post, minlength=len(first.post_names))
    order = sorted(posts.tolist(), key=lambda k: (-counts[k], first.post_names[k]))
    excess, low, high = farm.excess
    rows.groups.append({
        "group_id": name, "n_accounts": len(members), "n_posts": len(posts), "p_value": p, "q_value": q, "kind": "farm",
        "first_seen": as_time(t.min()), "last_seen": as_time(t.max()), "page_ids": [farm.posts[0][0]],
        "median_gap_s": float(np.median(told)) if len(told) else None,
        "exhibit_posts": [first.post_names[k][1] for k in order[:N_EXHIBITS]], "evidence": ["farm"],
        "window_s": farm.window_s, "excess": excess, "excess_low": low, "excess_high": high,
        "phrases": said.get(0, []), "worked": list(farm.posts),
    })
    on: dict[int, list[int]] = {}
    for k, a in zip(post.tolist(), account.tolist(), strict=True):
        on.setdefault(k, []).append(a)
    when: dict[int, dict[int, float]] = {}
    for k, a, at in zip(post.tolist(), account.tolist(), t.tolist(), strict=True):
        when.setdefault(a, {})[k] = at
    for a, author in zip(accounts.tolist(), members, strict=True):
        mine = account == a
        gaps = gap[mine & np.isfinite(gap)]
        member_p, its_q = own.get(author, (None, None))
        rows.members.append({
            "author_id": author, "group_id": name, "group_p": p, "member_p": member_p, "member_q": its_q,
            "n_close": int(mine.sum()), "close_share": float(mine.sum() / n_posts[a]),
            "partners": len({o for k in post[mine].tolist() for o in on[k]}) - 1,
            "median_gap_s": float(np.median(gaps)) if len(gaps) else None,
            "exclusive_share": float(mine.sum() / n_posts[a]), "phrase_share": phrases.get(author),
            "together_z": None if member_p is None else as_z(member_p),
        })
    pairs = sorted(a for a in when if first.authors[a] in own)
    for x, a in enumerate(pairs):
        for b in pairs[x + 1:]:
            both = sorted(set(when[a]) & set(when[b]))
            if len(both) > 1:
                apart = [abs(when[a][k] - when[b][k]) for k in both]
                rows.edges.append({
                    "group_id": name, "author_a": first.authors[a], "author_b": first.authors[b],
                    "n_shared": len(both), "n_close": len(both), "median_gap_s": float(np.median(apart)),
                    "p_value": min(own[first.authors[a]][0], own[first.authors[b]][0]),
                })


def _nearest(post: Ints, u: Floats, floor: Floats, t: Floats, account: Ints) -> tuple[Floats, Floats, Ints]:
    """Per row (sorted by post, time): share of talk as near as its nearest member, seconds to it, and
    which."""
    n = len(post)
    share, gap, partner = np.full(n, np.inf), np.full(n, np.inf), np.full(n, -1, np.int64)
    for step in (-1, 1):
        other = np.arange(n) + step
        inside = (other >= 0) & (other < n)
        inside[inside] &= post[other[inside]] == post[inside]
        o = other[inside]
        far = 2 * np.maximum(np.abs(u[inside] - u[o]), np.maximum(floor[inside], floor[o]))
        better = far < share[inside]
        rows = np.flatnonzero(inside)[better]
        share[rows], gap[rows], partner[rows] = (
            far[better],
            np.abs(t[rows] - t[o[better]]),
            account[o[better]],
        )
    return share, gap, partner


def edge_rows(here: Presence, them: Pairs, p: Floats, members: Ints, name: str) -> list[dict[str, Any]]:
    """Rows of EDGES_OUT: every pair of members that shares enough posts, by author_id."""
    out = []
    for k in np.flatnonzero(np.isin(them.a, members) & np.isin(them.b, members)).tolist():
        i, j = them.rows_a[them.starts[k]:them.starts[k + 1]], them.rows_b[them.starts[k]:them.starts[k + 1]]
        far = 2 * np.maximum(np.abs(here.u[i] - here.u[j]), np.maximum(here.floor_u[i], here.floor_u[j]))
        out.append({
            "group_id": name, "author_a": here.authors[them.a[k]], "author_b": here.authors[them.b[k]],
            "n_shared": len(i), "n_close": int((far <= CLOSE_SHARE).sum()),
            "median_gap_s": float(np.median(np.abs(here.t[i] - here.t[j]))), "p_value": float(p[k]),
        })
    return sorted(out, key=lambda e: (e["author_a"], e["author_b"]))


def phrase_shares(comments: pa.Table, group_of: dict[str, int]) -> tuple[dict[str, float], dict[int, list[str]]]:
    """Per account in a group: the share of its texts of MIN_WORDS words or more that another account of its group wrote
    too, but for a word or two; accounts without such texts are left out. And per group, the phrases that most of its
    accounts wrote, verbatim, N_SHOWN at most."""
    picked = comments.select(["author_id", "text", "n_words"]).filter(
        pc.and_(pc.is_in(comments["author_id"], pa.array(sorted(group_of), pa.string())),
                pc.greater_equal(comments["n_words"], MIN_WORDS)))
    texts = sorted({(group_of[a], t, a) for a, t in zip(
        picked["author_id"].to_pylist(), picked["text"].to_pylist(), strict=True)})
    distinct = sorted({t for _, t, _ in texts})
    phrase = dict(zip(distinct, same_phrase(pa.chunked_array([distinct], pa.string())).tolist(), strict=True))
    users: dict[tuple[int, int], set[str]] = {}
    said: dict[tuple[int, int], str] = {}
    for group, text, author in texts:
        users.setdefault((group, phrase[text]), set()).add(author)
        said.setdefault((group, phrase[text]), text)
    counts: dict[str, list[bool]] = {}
    for group, text, author in texts:
        counts.setdefault(author, []).append(len(users[group, phrase[text]]) > 1)
    shown: dict[int, list[str]] = {}
    for key in sorted((k for k in users if len(users[k]) > 1), key=lambda k: (-len(users[k]), said[k])):
        if len(shown.setdefault(key[0], [])) < N_SHOWN:
            shown[key[0]].append(said[key])
    return {a: sum(c) / len(c) for a, c in counts.items()}, shown


def phrase_rows(comments: pa.Table, found: Phrased, p: float, q: float, rows: Rows) -> None:
    """Add a group by phrases to `rows`. Where some of its accounts stand in other groups, the others stand beside those
    whose sentences they write, and the rest, if they are enough, on their own. Without a q of their own: words make a
    case to look at, not a suspect."""
    standing = {m["author_id"]: m["group_id"] for m in rows.members}
    placed = _beside(found, standing)
    rest = [a for a in found.members if a not in standing and a not in placed]
    own = group_name(rest)
    if len(rest) >= MIN_ACCOUNTS:
        placed |= dict.fromkeys(rest, own)
    if not placed:
        return
    _phrase_members(comments, found, p, placed, rows)
    counts = Counter(placed.values())
    for row in rows.groups:
        if row["group_id"] in counts:
            row["n_accounts"] += counts[row["group_id"]]
            row["evidence"] = sorted({*row["evidence"], "phrases"})
            row["phrases"] = list(dict.fromkeys([*row["phrases"], *found.texts]))[:N_SHOWN]
    there = comments.filter(pc.is_in(comments["author_id"], pa.array(found.members, pa.string())))
    at = [(author, (page or "", post or ""), when) for author, page, post, when in zip(
        *(there[c].to_pylist() for c in ("author_id", "page_id", "post_id", "comment_time")), strict=True)]
    if own in counts:
        telling = [(post, t) for author, post, t in at if placed.get(author) == own and post in found.posts]
        on, when = Counter(post for post, _ in telling), [t for _, t in telling if t is not None]
        rows.groups.append({
            "group_id": own, "n_accounts": len(rest), "n_posts": len(on), "p_value": p, "q_value": q,
            "kind": "copy_paste", "first_seen": min(when, default=None), "last_seen": max(when, default=None),
            "page_ids": sorted({page for page, _ in on}),
            "exhibit_posts": [post for _, post in sorted(on, key=lambda k: (-on[k], k))[:N_EXHIBITS]],
            "evidence": ["phrases"], "phrases": list(found.texts), "worked": sorted(on),
        })
    posts_of: dict[str, set[tuple[str, str]]] = {}
    for author, post, _ in at:
        posts_of.setdefault(author, set()).add(post)
    group_of = standing | placed
    for a, b, common, pair_p in found.pairs:
        if group_of.get(a) == group_of.get(b) is not None and (a in placed or b in placed):
            rows.edges.append({
                "group_id": group_of[a], "author_a": a, "author_b": b, "n_shared": len(posts_of[a] & posts_of[b]),
                "n_close": 0, "median_gap_s": None, "p_value": pair_p, "n_phrases": common,
            })


def _beside(found: Phrased, standing: Mapping[str, str]) -> dict[str, str]:
    """The group, of those that accounts stand in already, with which each other account shares most sentences."""
    home: dict[str, list[str]] = {}
    for a, b, _, _ in found.pairs:
        for one, other in ((a, b), (b, a)):
            if one not in standing and other in standing:
                home.setdefault(one, []).append(standing[other])
    return {a: max(sorted(set(names)), key=names.count) for a, names in home.items()}


def _phrase_members(comments: pa.Table, found: Phrased, p: float, placed: Mapping[str, str], rows: Rows) -> None:
    partners = Counter(author for pair in found.pairs for author in pair[:2])
    shares, _ = phrase_shares(comments, dict.fromkeys(found.members, 0))
    by_p = dict(zip(found.members, found.p.tolist(), strict=True))
    for author, name in sorted(placed.items()):
        rows.members.append({
            "author_id": author, "group_id": name, "group_p": p, "member_p": by_p[author], "member_q": None,
            "partners": partners[author], "phrase_share": shares.get(author),
            "together_z": as_z(by_p[author]),
        })


def as_z(p: float) -> float:
    """The standard normal deviate that chance exceeds with probability p."""
    return float(-special.ndtri(min(max(p, 1e-300), 1 - 1e-12)))


def as_time(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
