"""What readers hand on -> one typed, clean Dump: times in UTC, ids that are ids, no duplicates, facts added.

Nothing is lost: each row read is one row of `comments` or one of `rejects`. The tables do not depend on the
order of the rows in the input, provenance apart.
"""

from __future__ import annotations

import json
import zoneinfo
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect import incentives, textfacts
from fakedetect.engine import Run, at_once
from fakedetect.errors import ContractError, UsageError
from fakedetect.normalise import brands as branding
from fakedetect.normalise import clock, keys, rows, sides, values
from fakedetect.schema import COMMENTS, PROVENANCE, REJECTS, Brand, Dump, Kind, Note, Raw
from fakedetect.spill import Pile, aside, chosen, gathered, side_by_side, spans, windows


@dataclass(frozen=True, slots=True)
class Derived:
    """One fact about one comment, a column of `Dump.comments`."""

    name: str
    type: pa.DataType
    what: str


DERIVED: tuple[Derived, ...] = (
    *(Derived(*fact) for fact in textfacts.FACTS),
    Derived("discloses", pa.bool_(), "its text discloses an incentive; null without a text"),
    Derived(
        "is_reply", pa.bool_(), "answers another comment; false where the export does not say; never null"
    ),
)
RAW_COLUMNS = tuple(COMMENTS.names)


def normalise(
    raws: Sequence[Raw],
    *,
    zone: str = "UTC",
    naive_zone: str | None = None,
    kind: Kind | None = None,
    run: Run = at_once,
    brands: Sequence[Brand] = (),
) -> Dump:
    """One Dump from one or several dumps.

    zone: IANA name in which pages show times. naive_zone: zone of input times that name none; without it
    (and where the format fixes none) such times are null, and a note says how many. kind: reviews if any
    comment has a rating, unless given. run: who computes the facts of each text. brands: of an agency audit, that of
    each dump; a post id in the dumps of two brands is two posts. Raises UsageError for an unknown zone or a page of two
    brands, ContractError if a row were lost.
    """
    for name in (zone, *([naive_zone] if naive_zone else [])):
        _check_zone(name)
    if brands:
        branding.check(brands, raws)
    notes: list[Note] = [n for raw in raws for n in raw.notes]
    named = keys.dump_names([_sources(raw) for raw in raws])
    prefixes = keys.platform_prefixes([raw.platform for raw in raws])
    pages = keys.file_names(sorted({s for raw in raws for s in _sources(raw)}))
    rejects = [raw.rejects for raw in raws if raw.rejects is not None]
    typed = Pile()
    posts, accounts, declared, businesses = [], [], [], []
    for raw, name, prefix in zip(raws, named, prefixes, strict=True):
        settings = sides.Settings(naive_zone or raw.naive_zone, prefix, f"{name}:" if len(raws) > 1 else "")
        table = _typed(raw, settings, notes)
        posts.append(sides.posts(raw.posts, settings, notes))
        accounts.append(sides.accounts(raw.accounts, settings, notes))
        declared.append(sides.declared(raw.declared, posts[-1], table, settings))
        businesses.append(sides.businesses(raw.businesses))
        if brands:
            table, posts[-1] = keys.places(table, posts[-1], pages, notes)
        typed.put(table)
        del table
    tables = typed.tables()
    table = pa.concat_tables(tables) if tables else pa.schema([*COMMENTS, *PROVENANCE]).empty_table()
    post_table = pa.concat_tables(posts) if posts else sides.NO_POSTS
    table, unusable = _unusable(table)
    table, post_table = keys.places(table, post_table, pages, notes)
    table, kept, repeated = rows.without_duplicates(table)
    rejects += [_rejected(t, reason) for t, reason in (*unusable, *repeated)]
    order = rows.order(table, kept)
    unsorted = table
    table = aside(side_by_side(lambda span: _with_facts(gathered(unsorted, order[span]), run), spans(len(order))))
    left = _sorted_rejects(rejects)
    rows_read = sum(raw.rows_read for raw in raws)
    if rows_read != table.num_rows + left.num_rows:
        raise ContractError(f"{rows_read} rows were read, {table.num_rows} kept and {left.num_rows} rejected")
    seen: Kind = "reviews" if table.num_rows > table["rating"].null_count else "comments"
    return Dump(
        comments=table,
        posts=sides.all_posts(post_table, table, notes),
        accounts=sides.one_each(accounts),
        declared=sides.one_declared(declared),
        businesses=sides.one_business(businesses),
        rejects=left,
        kind=kind or seen,
        rows_read=rows_read,
        formats=tuple(dict.fromkeys(r.format for r in raws)),
        platforms=tuple(dict.fromkeys(r.platform for r in raws if r.platform)),
        truncated=any(r.truncated for r in raws),
        notes=tuple(notes),
        sources={k: v for r in raws for k, v in r.sources.items()},
        zone=zone,
        brands=branding.told(brands, raws, table, declared) if brands else (),
    )


def _check_zone(name: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"unknown time zone {name!r}", hint="an IANA name such as Europe/Paris or UTC"
        ) from error


def _sources(raw: Raw) -> list[str]:
    """The comment files of a Raw."""
    return sorted(pc.unique(raw.comments["source"]).to_pylist())


def _facts(rows: pa.Table) -> pa.Table:
    """What each text says of itself, of the column `text` alone."""
    return pa.table(textfacts.facts(rows["text"]) | {"discloses": incentives.found(rows["text"])})


def _with_facts(table: pa.Table, run: Run) -> pa.Table:
    """Rows in their final form."""
    table = table.select([*COMMENTS.names, "source", "row"]).cast(pa.schema([*COMMENTS, *PROVENANCE]))
    facts = run(_facts, table.select(["text"])).append_column("is_reply", pc.is_valid(table["parent_id"]))
    for fact in DERIVED:
        table = table.append_column(
            pa.field(fact.name, fact.type, metadata={"what": fact.what}), facts[fact.name]
        )
    return table


def _typed(raw: Raw, settings: sides.Settings, notes: list[Note]) -> pa.Table:
    """The comments of one dump, typed; authors are keyed."""
    where = ", ".join(_sources(raw)[:3])
    given = raw.comments
    seen = _Seen()
    # Only the whole column tells the order of day and month.
    times = clock.parse(
        given["comment_time"] if "comment_time" in given.column_names else pa.nulls(given.num_rows), settings.naive_zone
    )
    trimmed = keys.prefixed_parents(given)
    given = given.drop_columns([n for n in ("comment_time",) if n in given.column_names])
    given = given.append_column("comment_time", times.values)
    table = aside(seen.add(typed, counted) for typed, counted in side_by_side(
        lambda window: _typed_window(window, settings, trimmed), windows(given)))
    for name, lost in seen.lost.items():
        if lost:
            notes.append(
                Note(
                    "cut_id",
                    f"{lost} values of {name} were cut by a spreadsheet or past 2^53 and count as "
                    "missing; export again as text",
                    f"{lost} valeurs de {name} ont été coupées par un tableur ou dépassent 2^53 et comptent comme "
                    "manquantes ; exportez à nouveau, en texte",
                    where,
                )
            )
    if seen.repaired:
        notes.append(Note("mojibake", f"{seen.repaired} texts had a wrong encoding and were repaired",
                          f"{seen.repaired} textes étaient mal encodés et ont été réparés", where))
    notes.extend(sides.time_notes(times, "comment_time", where))
    if table["comment_id"].null_count:
        notes.append(Note("no_comment_id", "comments without an id get one made from their content",
                          "les commentaires sans identifiant en reçoivent un, tiré de leur contenu", where))
    return table


@dataclass
class _Seen:
    """What the windows of one dump counted."""

    lost: Counter[str] = field(default_factory=Counter)
    """Ids that a spreadsheet cut, by column."""
    repaired: int = 0

    def add(self, table: pa.Table, window: _Seen) -> pa.Table:
        """The table, after what its window counted was added."""
        self.lost.update(window.lost)  # unlike +=, it keeps what was counted to 0, and so the order of the notes
        self.repaired += window.repaired
        return table


def _typed_window(given: pa.Table, settings: sides.Settings, trimmed: bool) -> tuple[pa.Table, _Seen]:
    """Some rows, typed; their times are so already."""
    n, seen = given.num_rows, _Seen()

    def column(name: str) -> pa.ChunkedArray:
        if name in given.column_names:
            return given.column(name)
        return pa.chunked_array([pa.nulls(n, pa.string())])

    out: dict[str, pa.ChunkedArray | pa.Array] = {"comment_time": given["comment_time"]}
    for name in ("comment_id", "post_id", "page_id", "parent_id", "author_id"):
        out[name], lost = values.ids(column(name))
        seen.lost[name] += lost
    out["author_id"], out["author_name"] = keys.authors(
        out["author_id"], values.names(column("author_name")), settings
    )
    out["text"], repaired = values.texts(column("text"))
    seen.repaired += repaired
    out["parent_id"] = keys.parents(out["parent_id"], out["post_id"], trimmed)
    out["likes"] = values.integers(column("likes"))
    out["rating"] = values.floats(column("rating"))
    for name in ("verified_purchase", "invited"):
        out[name] = values.truths(column(name))
    out["reply_text"] = values.texts(column("reply_text"))[0]
    out["ip_code"] = values.ids(column("ip_code"))[0]
    table = pa.table({**{c: out[c] for c in COMMENTS.names}, "source": given["source"], "row": given["row"]})
    return table.cast(pa.schema([*COMMENTS, *PROVENANCE])), seen


def _unusable(table: pa.Table) -> tuple[pa.Table, list[tuple[pa.Table, str]]]:
    """The rows with text, time, author or rating, and the rest with the reason."""
    held = pc.is_valid(table["text"])
    for name in ("comment_time", "author_id", "rating"):
        held = pc.or_(held, pc.is_valid(table[name]))
    if pc.all(held).as_py() is not False:
        return table, []
    return chosen(table, held), [(chosen(table, pc.invert(held)), "no text, no readable time and no author")]


def _rejected(table: pa.Table, reason: str) -> pa.Table:
    """Rows as rejects; `raw` is the row as JSON of its canonical values, unknown ones left out."""
    return aside(_rejected_window(w, reason) for w in windows(table))


def _rejected_window(table: pa.Table, reason: str) -> pa.Table:
    raw = [
        json.dumps({k: v for k, v in r.items() if v is not None}, ensure_ascii=False, default=str)
        for r in table.select(RAW_COLUMNS).to_pylist()
    ]
    return pa.table(
        [table["source"], table["row"], pa.repeat(pa.scalar(reason), len(raw)), pa.array(raw, pa.string())],
        schema=REJECTS,
    )


def _sorted_rejects(tables: Sequence[pa.Table]) -> pa.Table:
    joined = pa.concat_tables(tables) if tables else REJECTS.empty_table()
    order = pc.sort_indices(joined.select(["source", "row"]),
                            sort_keys=[("source", "ascending"), ("row", "ascending")]).to_numpy()
    return aside(gathered(joined, order[span]) for span in spans(len(order)))


def derived_types() -> Mapping[str, pa.DataType]:
    """Name -> type of every fact about one comment."""
    return {fact.name: fact.type for fact in DERIVED}
