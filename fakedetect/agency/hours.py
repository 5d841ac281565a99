"""First hours by page and month: how much of them suspects wrote, with an interval, and 'too few' where it is thin.

Counted are comments within an hour of their post, on posts whose first hour the quality gate lets be told, by the month
in which the post was published (on the run's clock). So the counts add up to those of posts.parquet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fakedetect.measure import FIRST_HOUR_S
from fakedetect.schema import MONTHS_OUT, Brand
from fakedetect.shares import difference, proportion

Ints = NDArray[np.int64]
Row = dict[str, Any]

MIN_POSTS, MIN_COMMENTS = 8, 30
"""With fewer posts, or fewer comments in their first hours, an interval says nothing: too few."""
COUNTS = ("n_first_hour", "n_suspect", "n_review", "n_apart")


def by_post(posts: pa.Table, comments: pa.Table, apart: pa.Array, zone: str) -> pa.Table:
    """page_id, post_id, month (2024-03) and COUNTS of every post with a first hour. comments: of the contract; apart:
    ids of the accounts that are declared, known to be organic, or cleared."""
    known = posts.filter(pc.and_(pc.is_valid(posts["first_hour_share"]), pc.is_valid(posts["post_time"])))
    early = comments.filter(pc.fill_null(pc.less_equal(comments["delay_s"], FIRST_HOUR_S), False))
    columns: dict[str, Any] = {"page_id": early["page_id"], "post_id": early["post_id"],
                               "n_first_hour": pa.repeat(1, early.num_rows)}
    for name in ("suspect", "review"):
        columns[f"n_{name}"] = pc.fill_null(pc.equal(early["verdict"], name), False).cast(pa.int64())
    columns["n_apart"] = pc.is_in(early["author_id"], value_set=apart).cast(pa.int64())
    keys = ["page_id", "post_id"]
    sums = pa.table(columns).group_by(keys).aggregate([(c, "sum") for c in COUNTS])
    sums = sums.rename_columns([c.removesuffix("_sum") for c in sums.column_names])
    local = pc.local_timestamp(known["post_time"].cast(pa.timestamp("us", tz=zone)))
    table = known.select(keys).append_column("month", pc.strftime(local, format="%Y-%m")).join(sums, keys)
    for name in COUNTS:
        at = table.column_names.index(name)
        table = table.set_column(at, name, pc.fill_null(table[name], 0).cast(pa.int64()))
    return table.select([*keys, "month", *COUNTS]).sort_by([(k, "ascending") for k in ("page_id", "month", "post_id")])


def months(counted: pa.Table, brands: Sequence[Brand], fdr: float) -> pa.Table:
    """MONTHS_OUT, brands in their order, pages and months in theirs. counted: `by_post`."""
    of = {page: brand for brand in brands for page in brand.pages}
    parts: dict[tuple[str, str], list[int]] = {}
    for i, key in enumerate(zip(counted["page_id"].to_pylist(), counted["month"].to_pylist(), strict=True)):
        parts.setdefault(key, []).append(i)
    order = {brand.name: k for k, brand in enumerate(brands)}
    rows = [{"brand": of[page].name, "run": of[page].run, "page_id": page, "month": month,
             **share(counted.take(pa.array(at)), fdr)} for (page, month), at in parts.items()]
    rows.sort(key=lambda r: (order[r["brand"]], r["page_id"], r["month"]))
    return pa.Table.from_pylist(rows, MONTHS_OUT)


def share(counted: pa.Table, fdr: float) -> Row:
    """n_posts, COUNTS, share, share_low, share_high and too_few over some posts.

    The interval says how the share varies between posts; its low end leaves out the suspects that the false discovery
    rate allows, its high end counts accounts to check as well. All null where it is too few."""
    of = {c: counted[c].to_numpy().astype(np.int64) for c in COUNTS}
    sums = {c: int(values.sum()) for c, values in of.items()}
    told: Row = {"n_posts": counted.num_rows, **sums, "share": None, "share_low": None, "share_high": None,
                 "too_few": True}
    if (of["n_first_hour"] > 0).sum() < MIN_POSTS or sums["n_first_hour"] < MIN_COMMENTS:
        return told
    low = proportion(of["n_suspect"], of["n_first_hour"])[0] * (1 - fdr)
    high = proportion(of["n_suspect"] + of["n_review"], of["n_first_hour"])[1]
    return told | {"share": _rounded(sums["n_suspect"] / sums["n_first_hour"]), "share_low": _rounded(low),
                   "share_high": _rounded(high), "too_few": False}


def comparison(counted: pa.Table, brands: Sequence[Brand], fdr: float) -> Mapping[str, Any] | None:
    """The pages that the agency runs against those it does not: the share of each, and the difference with an interval;
    `difference` is None where either is too few. None where there is nothing to compare with."""
    sides = {name: _of(counted, [p for b in brands if b.run is run for p in b.pages])
             for name, run in (("run", True), ("not_run", False))}
    if not any(not b.run for b in brands):
        return None
    out: Row = {}
    for name, mine in sides.items():
        spans = pc.min_max(mine["month"]).as_py()
        out[name] = {"pages": len(mine["page_id"].unique()), "first_month": spans["min"], "last_month": spans["max"],
                     **share(mine, fdr)}
    told = [out[name] for name in ("run", "not_run")]
    out["difference"] = None
    if not any(t["too_few"] for t in told):
        one, other = ((t["share"], t["share_low"], t["share_high"]) for t in told)
        estimate, low, high = (_rounded(x) for x in difference(one, other))
        out["difference"] = {"estimate": estimate, "low": low, "high": high}
    return out


def of_brand(counted: pa.Table, brand: Brand, fdr: float) -> Row:
    """`share` over all pages and months of a brand."""
    return share(_of(counted, brand.pages), fdr)


def _of(counted: pa.Table, pages: Sequence[str]) -> pa.Table:
    return counted.filter(pc.is_in(counted["page_id"], value_set=pa.array(pages, pa.string())))


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")
