"""The files of one dump put together: comments after comments, side tables beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.errors import InputError, OwnerOnlyExport, PostsOnlyFile
from fakedetect.readers.headers import EXPECTED
from fakedetect.schema import REJECTS, ROLES, Note, Raw

SIDES = ("posts", "accounts", "declared", "businesses")
OWNER_ROWS = 20
"""Comments of one single account from which on a file is taken for that account's own export."""


def combine(parts: Sequence[Raw], where: str, sources: Mapping[str, str], notes: Sequence[Note]) -> Raw:
    """One Raw from the files of one dump.

    Raises PostsOnlyFile where no file holds comments, OwnerOnlyExport where one account wrote them all,
    InputError where formats that fix different zones for naive times stand in one folder.
    """
    full = [p for p in parts if p.rows_read]
    if not full:
        if any(p.posts is not None and p.posts.num_rows for p in parts):
            raise PostsOnlyFile(
                "it holds posts but no comments",
                where=where,
                hint="name the comment export as the dump, and this file with --posts",
            )
        raise InputError(
            f"no comments in it: expected rows with {EXPECTED}",
            where=where,
            hint="fakedetect formats lists what can be read",
        )
    zones = {p.naive_zone for p in full}
    if len(zones) > 1:
        raise InputError(
            "its files write their times in different zones",
            where=where,
            hint="name each file as a dump of its own",
        )
    comments = concat([p.comments for p in full])
    _not_one_person(comments, where)
    sides = {
        name: concat(tables)
        for name in SIDES
        if (tables := [t for p in parts if (t := getattr(p, name)) is not None])
    }
    if "posts" in sides and (joined := _joined_posts(sides["posts"], comments)) is not None:
        sides["posts"] = joined
        notes = [*notes, Note("joined_ids", "post ids are page_post in one file and post alone in the other: joined by"
                              " the part after the sign",
                              "les identifiants de publication sont page_publication dans un fichier et publication"
                              " seule dans l'autre : joints par la partie qui suit le signe", where)]
    return Raw(
        comments=comments,
        rejects=concat([p.rejects for p in full if p.rejects is not None] or [REJECTS.empty_table()]),
        format=_joined(p.format for p in full),
        platform=_joined(p.platform for p in full),
        encoding=_joined(p.encoding for p in full),
        truncated=any(p.truncated for p in parts),
        notes=(*notes, *(n for p in parts for n in p.notes)),
        rows_read=sum(p.rows_read for p in full),
        sources=dict(sources),
        naive_zone=zones.pop(),
        **sides,
    )


def _joined(values: object) -> str:
    return ", ".join(dict.fromkeys(v for v in values if v))  # type: ignore[attr-defined]


def concat(tables: Sequence[pa.Table]) -> pa.Table:
    """The tables one after the other. Where a column is typed in one file and text in another, it becomes
    text.
    """
    if len(tables) == 1:
        return tables[0]
    types: dict[str, set[pa.DataType]] = {}
    for table in tables:
        for column in table.schema:
            if not pa.types.is_null(column.type):
                types.setdefault(column.name, set()).add(column.type)
    mixed = {name for name, kinds in types.items() if len(kinds) > 1}
    return pa.concat_tables([_as_text(t, mixed) for t in tables], promote_options="default")


def _as_text(table: pa.Table, mixed: set[str]) -> pa.Table:
    for name in mixed & set(table.column_names):
        column = table.column(name)
        text = column.cast(pa.string())
        if pa.types.is_timestamp(column.type) and column.type.tz is not None:
            text = pc.binary_join_element_wise(
                column.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us")).cast(pa.string()), "Z", ""
            )
        table = table.set_column(table.column_names.index(name), name, text)
    return table


def _not_one_person(comments: pa.Table, where: str) -> None:
    name = next((c for c in ("author_id", "author_name") if c in comments.column_names), None)
    if name is None or comments.num_rows < OWNER_ROWS:
        return
    column = comments.column(name)
    if column.null_count == 0 and pc.count_distinct(column.cast(pa.string())).as_py() == 1:
        who = str(column[0].as_py())
        if who:
            raise OwnerOnlyExport(
                f"all {comments.num_rows} comments are by one account ({who!r}): an export of its "
                "owner's own comments holds nobody to compare",
                where=where,
                hint="export the comments under the page's posts instead",
            )


def _joined_posts(posts: pa.Table, comments: pa.Table) -> pa.Table | None:
    """The posts under the ids that the comments use, where one side writes `page_post` and the other `post`: Meta's API
    against its other exports. None where they join as they are, or not at all."""
    if not {"post_id"} <= set(posts.column_names) & set(comments.column_names):
        return None
    named = pc.unique(comments["post_id"].cast(pa.string())).drop_null()
    ids = posts["post_id"].cast(pa.string())
    if pc.any(pc.is_in(ids, value_set=named)).as_py() is not False:
        return None
    bare = pc.replace_substring_regex(named, r"^\d+_(\d+)$", r"\1")
    places = pc.index_in(pc.replace_substring_regex(ids, r"^\d+_(\d+)$", r"\1"), value_set=bare)
    if places.null_count == len(places) or len(pc.unique(bare)) < len(bare):
        return None
    at = posts.column_names.index("post_id")
    return posts.set_column(at, "post_id", pc.coalesce(named.take(places), ids))


def role_of(raw: Raw) -> str:
    """What a file turned out to be: comments, or the side table it holds."""
    if raw.rows_read:
        return "comments"
    return next((name for name in SIDES if getattr(raw, name) is not None), "comments")


def without(raw: Raw, tables: Sequence[str]) -> Raw:
    """The Raw without these side tables: the user named other files for them. The page's own people whom an export
    names stay so beside those of the user."""
    emptied: dict[str, Any] = dict.fromkeys(t for t in tables if t != "declared")
    return replace(raw, **emptied)


def on_page(raw: Raw, page: str) -> Raw:
    """The Raw with that page where its comments and posts name none."""
    tables: dict[str, Any] = {}
    for name in ("comments", "posts"):
        table = getattr(raw, name)
        if table is not None and "page_id" not in table.column_names:
            tables[name] = table.append_column("page_id", pa.repeat(pa.scalar(page), table.num_rows))
        elif table is not None:
            at = table.column_names.index("page_id")
            tables[name] = table.set_column(at, "page_id", pc.coalesce(table["page_id"], pa.scalar(page)))
    return replace(raw, **tables)


def known_roles(raw: Raw) -> bool:
    """A declared table names the roles that fakedetect knows; a table that merely has such a column does
    not.
    """
    if raw.declared is None:
        return True
    roles = pc.utf8_lower(pc.utf8_trim_whitespace(raw.declared.column("role").cast(pa.string())))
    return bool(pc.any(pc.is_in(roles, value_set=pa.array(ROLES))).as_py())


def shares_ids(side: Raw, comments: pa.Table) -> bool:
    """A side table names posts or authors that the comments name."""
    for table, keys in (
        (side.posts, ("post_id",)),
        (side.accounts, ("author_id", "author_name")),
        (side.declared, ("author_id", "author_name")),
        (side.businesses, ("business_id",)),
    ):
        for name in keys:
            there = "post_id" if name == "business_id" else name
            if table is not None and name in table.column_names and there in comments.column_names:
                ids = pc.unique(comments.column(there).cast(pa.string())).drop_null()
                if pc.any(pc.is_in(table.column(name).cast(pa.string()), value_set=ids)).as_py():
                    return True
    return False
