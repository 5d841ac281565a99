"""The side tables of a dump, typed: posts, accounts, declared accounts, reviewed businesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.normalise import clock, keys, values
from fakedetect.schema import ACCOUNTS, BUSINESSES, DECLARED, POSTS, ROLES, Note

NO_POSTS = POSTS.empty_table()


@dataclass(frozen=True)
class Settings:
    """How one dump of the run is read: zone of its naive times, prefixes of its author ids and of its names.
    """

    naive_zone: str | None
    platform: str = ""
    dump: str = ""


def time_notes(times: clock.Times, column: str, where: str) -> list[Note]:
    """What to say about times that were left null."""
    out = []
    if times.naive:
        out.append(
            Note(
                "naive_post_time" if column == "post_time" else "naive_time",
                f"{times.naive} of {int(times.found.sum())} values of {column} name no time zone "
                f"({times.example!r}): they are NOT used; state their zone with --tz, as --tz Europe/Paris",
                f"{times.naive} des {int(times.found.sum())} valeurs de {column} ne disent pas leur fuseau horaire "
                f"({times.example!r}) : elles ne servent PAS ; dites le fuseau par --tz, comme --tz Europe/Paris",
                where,
            )
        )
    if times.relative:
        out.append(
            Note(
                "relative_time",
                f"{times.relative} values of {column} are relative to an unknown moment "
                "('3 h ago'): they are not used; an export with full dates restores the timing tests",
                f"{times.relative} valeurs de {column} sont relatives à un moment inconnu (« il y a 3 h ») : elles ne "
                "servent pas ; un export aux dates complètes rétablit les tests de temps",
                where,
            )
        )
    if times.unreadable:
        out.append(
            Note(
                "unreadable_time",
                f"{times.unreadable} values of {column} cannot be read as a time"
                + (f" ({times.example!r})" if times.example and not times.naive else ""),
                f"{times.unreadable} valeurs de {column} ne se lisent pas comme un moment"
                + (f" ({times.example!r})" if times.example and not times.naive else ""),
                where,
            )
        )
    return out


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name in table.column_names:
        return table.column(name)
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])


def _where(table: pa.Table) -> str:
    return (
        ", ".join(sorted(pc.unique(table["source"]).to_pylist())[:3])
        if "source" in table.column_names
        else ""
    )


def posts(table: pa.Table | None, settings: Settings, notes: list[Note]) -> pa.Table:
    """A posts table as POSTS; rows without a post_id are left out."""
    if table is None or table.num_rows == 0:
        return NO_POSTS
    times = clock.parse(_column(table, "post_time"), settings.naive_zone)
    notes.extend(time_notes(times, "post_time", _where(table)))
    author = keys.prefixed(
        keys.without_placeholder(values.ids(_column(table, "post_author_id"))[0]), settings.platform
    )
    ids, lost = values.ids(_column(table, "post_id"))
    if lost:
        notes.append(
            Note("cut_id", f"{lost} posts have an id cut by a spreadsheet and join no comment",
                 f"{lost} publications ont un identifiant coupé par un tableur et ne rejoignent aucun commentaire",
                 _where(table))
        )
    out = pa.table(
        {
            "post_id": ids,
            "page_id": values.ids(_column(table, "page_id"))[0],
            "post_time": times.values,
            "post_text": values.texts(_column(table, "post_text"))[0],
            "declared_comments": values.integers(_column(table, "declared_comments")),
            "sponsored": values.truths(_column(table, "sponsored")),
            "post_author_id": author,
        }
    ).cast(POSTS)
    return out.filter(pc.is_valid(out["post_id"]))


def accounts(table: pa.Table | None, settings: Settings, notes: list[Note]) -> pa.Table:
    """An accounts table as ACCOUNTS, keyed as the comments are."""
    if table is None or table.num_rows == 0:
        return ACCOUNTS.empty_table()
    times = clock.parse(_column(table, "created_at"), settings.naive_zone)
    notes.extend(time_notes(times, "created_at", _where(table)))
    author, name = keys.authors(
        values.ids(_column(table, "author_id"))[0], values.names(_column(table, "author_name")), settings
    )
    out = pa.table(
        {
            "author_id": author,
            "author_name": name,
            "created_at": times.values,
            **{c: values.integers(_column(table, c)) for c in ("followers", "following", "posts_count")},
            "has_avatar": values.truths(_column(table, "has_avatar")),
            "bio": values.texts(_column(table, "bio"))[0],
            "verified": values.truths(_column(table, "verified")),
        }
    ).cast(ACCOUNTS)
    return out.filter(pc.is_valid(out["author_id"]))


def declared(table: pa.Table | None, posts_: pa.Table, comments: pa.Table, settings: Settings) -> pa.Table:
    """Declared accounts as DECLARED: those of the file, and the authors of the posts as owners.

    A name without an id takes the id of the one account in the dump that bears it; where several do, or none,
    author_id stays `name:...` as for comments without an id.
    """
    owners = pc.unique(posts_["post_author_id"]).drop_null()
    parts = [
        pa.table(
            [owners, pa.nulls(len(owners), pa.string()), pa.repeat(pa.scalar("owner"), len(owners))],
            schema=DECLARED,
        )
    ]
    if table is not None and table.num_rows:
        given = values.ids(_column(table, "author_id"))[0]
        name = values.names(_column(table, "author_name"))
        author, name = keys.authors(given, name, settings)
        role = pc.utf8_lower(pc.utf8_trim_whitespace(values.strings(_column(table, "role"))))
        role = pc.if_else(pc.is_in(role, value_set=pa.array(ROLES)), role, "staff")
        author = _bearers(author, name, given, comments)
        stated = pa.table([author, name, role], names=DECLARED.names).cast(DECLARED)
        parts.append(stated.filter(pc.is_valid(stated["author_id"])))
    return pa.concat_tables(parts)


def _bearers(
    author: pa.ChunkedArray, name: pa.ChunkedArray, given: pa.ChunkedArray, comments: pa.Table
) -> pa.ChunkedArray:
    wanted = pc.unique(pc.if_else(pc.is_null(given), name, None)).drop_null()
    if not len(wanted):
        return author
    held = comments.filter(pc.fill_null(pc.is_in(comments["author_name"], value_set=wanted), False))
    pairs = held.select(["author_name", "author_id"]).group_by(["author_name", "author_id"]).aggregate([])
    bearers: dict[str, list[str]] = {}
    for row in pairs.to_pylist():
        bearers.setdefault(row["author_name"], []).append(row["author_id"])
    single = {n: ids[0] for n, ids in bearers.items() if len(ids) == 1}
    rows = zip(author.to_pylist(), name.to_pylist(), given.to_pylist(), strict=True)
    return pa.chunked_array(
        [pa.array([single.get(n, a) if g is None else a for a, n, g in rows], pa.string())]
    )


def all_posts(given: pa.Table, comments: pa.Table, notes: list[Note]) -> pa.Table:
    """One row per post: those given (the first by content where a post stands twice) and those that comments
    name.
    """
    given = _first(given, "post_id", ["page_id", "post_time", "declared_comments", "post_text"], notes)
    seen = comments.select(["post_id", "page_id"]).group_by("post_id").aggregate([("page_id", "min")])
    seen = seen.rename_columns(["post_id", "page_id"]).filter(pc.is_valid(seen["post_id"]))
    new = seen.filter(pc.invert(pc.is_in(seen["post_id"], value_set=given["post_id"].combine_chunks())))
    filled = pa.table(
        {
            n: new[n] if n in new.column_names else pa.nulls(new.num_rows, POSTS.field(n).type)
            for n in POSTS.names
        }
    ).cast(POSTS)
    return (
        pa.concat_tables([given, filled])
        .sort_by([("page_id", "ascending"), ("post_id", "ascending")])
        .combine_chunks()
    )


def businesses(table: pa.Table | None) -> pa.Table:
    """A businesses table as BUSINESSES; rows without an id are left out."""
    if table is None or table.num_rows == 0:
        return BUSINESSES.empty_table()
    out = pa.table({
        "business_id": values.ids(_column(table, "business_id"))[0],
        **{n: values.names(_column(table, n)) for n in ("owner", "place", "category")},
    }).cast(BUSINESSES)
    return out.filter(pc.is_valid(out["business_id"]))


def one_business(tables: Sequence[pa.Table]) -> pa.Table:
    """One row per reviewed item over the dumps."""
    joined = pa.concat_tables(tables) if tables else BUSINESSES.empty_table()
    return _first(joined, "business_id", ["owner", "place", "category"]).combine_chunks()


def _first(table: pa.Table, key: str, by: list[str], notes: list[Note] | None = None) -> pa.Table:
    """One row per key: of each column the first value that is known, after sorting by content, so that input order does
    not matter. A note tells how many rows said something else."""
    if table.num_rows == 0:
        return table
    table = table.sort_by([(name, "ascending") for name in (key, *by)]).combine_chunks()
    ids = table[key].chunk(0)
    again = pc.fill_null(pc.equal(ids[1:], ids[:-1]), False)
    if not pc.any(again).as_py():
        return table
    fresh = np.concatenate(([True], ~again.to_numpy(zero_copy_only=False)))
    starts = np.flatnonzero(fresh)
    group = np.cumsum(fresh) - 1
    columns: dict[str, pa.Array] = {}
    contradicted = np.zeros(table.num_rows, np.bool_)
    for name in table.column_names:
        values = table[name].chunk(0)
        known = values.is_valid().to_numpy(zero_copy_only=False)
        at = np.flatnonzero(known)
        first = np.full(len(starts), -1, np.int64)
        first[group[at[::-1]]] = at[::-1]
        columns[name] = values.take(pa.array(first, mask=first < 0))
        same = pc.equal(values, columns[name].take(pa.array(group))).fill_null(True)
        contradicted |= known & ~same.to_numpy(zero_copy_only=False)
    if notes is not None and contradicted.any():
        notes.append(
            Note(
                "repeated_post",
                f"{int(contradicted.sum())} rows say something else of a post than the row before, and do not count",
                f"{int(contradicted.sum())} lignes disent d'une publication autre chose que la précédente, et ne "
                "comptent pas",
            )
        )
    return pa.table(columns, schema=table.schema)


def one_each(tables: Sequence[pa.Table]) -> pa.Table:
    """One row per account over the dumps."""
    joined = pa.concat_tables(tables) if tables else ACCOUNTS.empty_table()
    return _first(joined, "author_id", [n for n in ACCOUNTS.names if n != "author_id"]).combine_chunks()


def one_declared(tables: Sequence[pa.Table]) -> pa.Table:
    """Each declared account and role once, in order."""
    joined = pa.concat_tables(tables) if tables else DECLARED.empty_table()
    once = joined.group_by(DECLARED.names).aggregate([]).select(DECLARED.names)
    return once.sort_by([(n, "ascending") for n in DECLARED.names]).cast(DECLARED).combine_chunks()
