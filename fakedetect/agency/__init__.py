"""One audit over the pages of several brands: what an agency did, told across them.

Groups are found on all pages at once, as in any audit of several dumps. What is added: on whose pages each group acts
together (`relate.alone`: asked on that brand's pages alone), the share of suspects in the first hours by page and
month, declared and cleared accounts apart, and pages that the agency does not run, to compare with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.agency import hours
from fakedetect.agency.named import as_read, brands, from_manifest, of_raws
from fakedetect.decisions import Earlier
from fakedetect.fdr import q_values
from fakedetect.measure import FIRST_HOUR_S
from fakedetect.relate import Rings, together_p
from fakedetect.schema import APART_OUT, BRAND_GROUPS_OUT, Brand

__all__ = ["Told", "as_read", "brands", "from_manifest", "of_raws", "tell"]

Row = dict[str, Any]
ON_TIME = frozenset({"closeness", "attendance"})
"""Evidence that can be asked on one brand's pages alone."""
ON_PAGES = frozenset({"farm", "marks", "device", "wave"})
"""Evidence that lies on the group's own pages and nowhere else."""


@dataclass(frozen=True)
class Told:
    """months: MONTHS_OUT; brand_groups: BRAND_GROUPS_OUT; apart: APART_OUT; summary: what summary.json says of it."""

    months: pa.Table
    brand_groups: pa.Table
    apart: pa.Table
    summary: Mapping[str, Any]


def tell(of: Sequence[Brand], *, rings: Rings, measured: pa.Table, bearing: pa.Table, comments: pa.Table,
         posts: pa.Table, known_innocent: Sequence[str], earlier: Sequence[Earlier], zone: str, fdr: float,
         seed: int) -> Told:
    """What an agency audit adds. measured: comments with their readings; bearing: those of them on pages that bear
    tests of closeness; comments, posts: of the contract. known_innocent: ids; earlier: what earlier audits cleared."""
    cleared = {c.author_id: (c, e) for e in earlier for c in e.cleared}
    declared = {author for brand in of for author in brand.declared}
    apart = declared | set(known_innocent) | set(cleared)
    counted = hours.by_post(posts, comments, pa.array(sorted(apart), pa.string()), zone)
    works = _brand_groups(of, rings, measured, bearing, apart, fdr, seed)
    aside = _apart(of, comments, declared, set(known_innocent), cleared)
    several: dict[str, int] = {}
    for group, run, does in zip(*(works[c].to_pylist() for c in ("group_id", "run", "works")), strict=True):
        several[group] = several.get(group, 0) + bool(run and does)
    seen = set(comments["author_id"].drop_null().unique().to_pylist())
    summary = {
        "brands": [_brand(brand, comments, posts, counted, aside, fdr) for brand in of],
        "groups_for_several": sum(n > 1 for n in several.values()),
        "comparison": hours.comparison(counted, of, fdr),
        "known_innocent": {"given": len(known_innocent), "seen": len(seen & set(known_innocent))},
        "cleared": {"given": len(cleared), "seen": len(seen & set(cleared)),
                    "unsigned": sum(e.unsigned for e in earlier)},
    }
    return Told(hours.months(counted, of, fdr), works, aside, summary)


def _brand(brand: Brand, comments: pa.Table, posts: pa.Table, counted: pa.Table, aside: pa.Table, fdr: float) -> Row:
    pages = pa.array(brand.pages, pa.string())
    mine = comments.filter(pc.is_in(comments["page_id"], value_set=pages))
    written = posts.filter(pc.is_in(posts["page_id"], value_set=pages))
    first = hours.of_brand(counted, brand, fdr)
    who = set(mine["author_id"].drop_null().unique().to_pylist())
    staff = aside.filter(pc.and_(pc.equal(aside["brand"], brand.name), pc.equal(aside["why"], "declared")))
    by_verdict = {v: set(mine["author_id"].filter(pc.equal(mine["verdict"], v)).drop_null().to_pylist())
                  for v in ("suspect", "review")}
    return {"name": brand.name, "run": brand.run, "page_ids": list(brand.pages), "posts": written.num_rows,
            "comments": mine.num_rows, "accounts": len(who), **{v: len(a) for v, a in by_verdict.items()},
            "declared": len(brand.declared), "declared_seen": staff.num_rows,
            "posts_without_first_hour": written.num_rows - first["n_posts"], "first_hour": first}


def _brand_groups(of: Sequence[Brand], rings: Rings, measured: pa.Table, bearing: pa.Table, apart: set[str], fdr: float,
                  seed: int) -> pa.Table:
    """For each group and each brand on whose posts it acted or its accounts wrote: how much, and whether it works there
    beyond chance."""
    members: dict[str, list[str]] = {}
    for author, group in zip(*(rings.members[c].to_pylist() for c in ("author_id", "group_id")), strict=True):
        members.setdefault(group, []).append(author)
    groups = rings.groups.select(["group_id", "p_value", "evidence"]).to_pylist()
    timed = {g["group_id"]: members[g["group_id"]] for g in groups if ON_TIME & set(g["evidence"])}
    rows: list[Row] = []
    for brand in of:
        mine = _on(measured, brand)
        asked = together_p(_on(bearing, brand), timed, apart, seed=seed) if timed else {}
        for group in groups:
            row = _seen(group["group_id"], members[group["group_id"]], rings.worked[group["group_id"]], brand, mine)
            if row is None:
                continue
            p = asked.get(group["group_id"])
            if p is None and row["n_posts"] and set(group["evidence"]) <= ON_PAGES:
                p = group["p_value"]
            rows.append(row | {"p_value": p})
    chances = np.array([np.nan if r["p_value"] is None else r["p_value"] for r in rows], np.float64)
    for row, q in zip(rows, q_values(chances).tolist(), strict=True):
        known = row["p_value"] is not None
        row |= {"q_value": float(q) if known else None, "works": bool(q <= fdr and row["n_posts"]) if known else None}
    order = {g["group_id"]: k for k, g in enumerate(groups)}
    rows.sort(key=lambda r: (order[r["group_id"]], not r["run"]))
    return pa.Table.from_pylist(rows, BRAND_GROUPS_OUT)


def _on(comments: pa.Table, brand: Brand) -> pa.Table:
    return comments.filter(pc.is_in(comments["page_id"], value_set=pa.array(brand.pages, pa.string())))


def _seen(name: str, members: Sequence[str], worked: Sequence[tuple[str, str]], brand: Brand,
          comments: pa.Table) -> Row | None:
    """What a group's accounts did on a brand's pages: n_posts on which it acted together, and on these how many of its
    accounts with how many comments, since when. None where none of them wrote."""
    theirs = comments.filter(pc.is_in(comments["author_id"], value_set=pa.array(members, pa.string())))
    if not theirs.num_rows:
        return None
    posts = {(page, post) for page, post in worked if page in brand.pages}
    keys = zip(theirs["page_id"].to_pylist(), theirs["post_id"].to_pylist(), strict=True)
    told = theirs
    if posts:
        told = theirs.filter(pa.array([(page or "", post or "") in posts for page, post in keys], pa.bool_()))
    times = pc.min_max(told["comment_time"]).as_py()
    return {"group_id": name, "brand": brand.name, "run": brand.run,
            "n_accounts": len(told["author_id"].unique()), "n_posts": len(posts), "n_comments": told.num_rows,
            "first_seen": times["min"], "last_seen": times["max"]}


def _apart(of: Sequence[Brand], comments: pa.Table, declared: set[str], innocent: set[str],
           cleared: Mapping[str, Any]) -> pa.Table:
    """Who is not judged, by brand on whose pages they wrote: declared before cleared before known to be organic."""
    rows: list[Row] = []
    wanted = pa.array(sorted(declared | innocent | set(cleared)), pa.string())
    theirs = comments.filter(pc.is_in(comments["author_id"], value_set=wanted))
    roles: dict[str, list[tuple[str, str]]] = {}
    for brand in of:
        for author, role in brand.declared.items():
            roles.setdefault(author, []).append((brand.name, role))
    for brand in of:
        mine = _on(theirs, brand)
        early = pc.fill_null(pc.less_equal(mine["delay_s"], FIRST_HOUR_S), False)
        sums = mine.select(["author_id", "post_id"]).append_column("early", early.cast(pa.int64()))
        sums = sums.group_by("author_id").aggregate(
            [([], "count_all"), ("post_id", "count_distinct"), ("early", "sum")]).sort_by("author_id")
        for r in sums.to_pylist():
            author = r["author_id"]
            row: Row = {"author_id": author, "brand": brand.name, "n_comments": r["count_all"],
                        "n_posts": r["post_id_count_distinct"], "n_first_hour": r["early_sum"]}
            if author in declared:
                own = dict(roles[author])
                row |= {"why": "declared", "role": own.get(brand.name, roles[author][0][1]), "declared_by": list(own)}
            elif author in cleared:
                c, earlier = cleared[author]
                row |= {"why": "cleared", "decided_by": c.by, "signed_by": c.signed_by, "decided_at": c.at,
                        "because": c.why, "earlier": earlier.where}
            else:
                row["why"] = "known_innocent"
            rows.append(row)
    return pa.Table.from_pylist(rows, APART_OUT)
