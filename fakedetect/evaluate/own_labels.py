"""A brand's own truth: the labels that people gave to accounts or comments of its dumps, and the accounts they mean.

What a labels file holds is compared and counted; none of it is run, and none of it is handed on but as numbers.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fakedetect import output
from fakedetect.errors import InputError
from fakedetect.normalise import values
from fakedetect.outcome import Evidence
from fakedetect.readers import Head, Source, unpack
from fakedetect.readers.headers import header, place
from fakedetect.readers.jsonwalk import JsonFile
from fakedetect.readers.source import HEAD_BYTES, sha256
from fakedetect.readers.tables import as_text
from fakedetect.schema import Dump

SUSPECT = frozenset({"suspect", "1", "1.0", "true", "confirmed", "yes"})
ORGANIC = frozenset({"organic", "0", "0.0", "false", "cleared", "no"})
UNSURE = frozenset({"", "unsure"})
"""Words of the column `label`, case aside. What is unsure, or not labelled yet, is left out. A column of numbers with
holes is written as 1.0 and 0.0 by some tools."""
LABEL_COLUMNS = ("label", "is_suspect")
"""The second is how `fakedetect simulate` writes its truth."""
KEYS = ("comment_id", "author_id", "author_name")
"""What a row may be about; the first that is filled counts."""
MIN_SUSPECTS, MIN_CAMPAIGNS, MIN_ORGANIC = 10, 2, 50
HINT = "a table with author_id (or author_name, or comment_id) and label: suspect, organic or unsure"


@dataclass(frozen=True)
class Label:
    """One row that says suspect or organic."""

    row: int
    about: str
    """One of KEYS."""
    key: str
    suspect: bool
    campaign: str | None


@dataclass(frozen=True)
class Labels:
    """A labels file."""

    where: str
    sha256: str
    labels: tuple[Label, ...]
    n_rows: int
    n_unsure: int


@dataclass(frozen=True)
class Own:
    """The labelled accounts of the dumps. x: (n, features); y: 1 for a suspect; the others are (n,) too."""

    x: np.ndarray
    y: np.ndarray
    campaign: np.ndarray
    """Number of the campaign; suspects of a page without a named one are one campaign, organic accounts each their
    own."""
    group: np.ndarray
    """What never stands on both sides of a cut."""
    by: str
    """What the groups are: page, or campaign where one page (or what hangs together) holds all suspects."""
    counts: dict[str, int] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    """Sentences on what was left out."""


def read(path: Path) -> Labels:
    """The labels in a CSV, JSON lines or Parquet file, packed or not. Raises InputError, with the row, for what is no
    label."""
    with tempfile.TemporaryDirectory(prefix="fakedetect-") as scratch:
        sources = list(unpack(path, str(path), Path(scratch)))
        if len(sources) != 1 or sources[0].truncated:
            what = "the file ends too early" if sources and sources[0].truncated else f"it holds {len(sources)} files"
            raise InputError(f"{what}, where one whole table was expected", where=str(path), hint=HINT)
        try:
            columns, n = _columns(sources[0])
        except (csv.Error, pa.ArrowException, OSError) as error:
            raise InputError(f"the labels cannot be read: {error}", where=str(path), hint=HINT) from error
        except InputError as error:
            raise InputError(error.what, where=str(path), hint=error.hint or HINT) from error
        try:
            cleaned = {name: _cleaned(name, column) for name, column in columns.items() if name != "label"}
            rows = [label for i in range(n) if (label := _label(columns, cleaned, i)) is not None]
        except InputError as error:
            raise InputError(error.what, where=str(path), hint=error.hint) from error
    return Labels(str(path), sha256(path), tuple(rows), n, n - len(rows))


Cells = dict[str, list[str | None]]


def _columns(source: Source) -> tuple[Cells, int]:
    """The columns that count, as text, and the number of rows."""
    head = Head.of(source)
    if head.is_parquet:
        table = pq.read_table(source.path)
        names, cells = table.column_names, lambda at: values.strings(table.column(at)).to_pylist()
        n = table.num_rows
    elif head.is_json:
        items = list(JsonFile(source))
        odd = next((item.row for item in items if not isinstance(item.value, dict)), None)
        if odd is not None:
            raise InputError(f"row {odd} is no JSON object")
        names = list(dict.fromkeys(name for item in items for name in item.value))
        cells, n = lambda at: [as_text(item.value.get(names[at])) for item in items], len(items)
    else:
        names, rows = _delimited(source)
        cells, n = lambda at: [row[at] for row in rows], len(rows)
    places = {name: place(names, name) for name in (*KEYS, *LABEL_COLUMNS, "campaign")}
    label = next((places[name] for name in LABEL_COLUMNS if places[name] is not None), None)
    if label is None or all(places[name] is None for name in KEYS):
        shown = ", ".join(repr(name[:40]) for name in names[:20]) or "none"
        raise InputError(f"its columns are not those of labels: found {shown}")
    out = {name: cells(at) for name in (*KEYS, "campaign") if (at := places[name]) is not None}
    return {**out, "label": cells(label)}, n


def _delimited(source: Source) -> tuple[list[str], list[list[str]]]:
    decoded = source.decoded()
    text = bytes(decoded.data[decoded.start :]).decode("utf-8", "replace")
    delimiter, names, offset = header(text[:HEAD_BYTES])
    rows = csv.reader(io.StringIO(text[offset:], newline=""), delimiter=delimiter, strict=True)
    next(rows, None)
    filled = [row for row in rows if row]
    for number, row in enumerate(filled, 1):
        if len(row) != len(names):
            raise InputError(f"row {number} has {len(row)} columns where the header has {len(names)}")
    return names, filled


def _label(columns: Cells, cleaned: Cells, i: int) -> Label | None:
    """Row i; None where it is unsure."""
    word = (columns["label"][i] or "").strip().lower()
    if word in UNSURE:
        return None
    if word not in SUSPECT | ORGANIC:
        raise InputError(f"row {i + 1}: the label {shown(word)} is none",
                         hint="suspect or organic (also 1 and 0, true and false, confirmed and cleared, yes and no); "
                              "unsure, or nothing, leaves a row out")
    campaign = cleaned["campaign"][i] if "campaign" in cleaned else None
    for about in (about for about in KEYS if about in cleaned):
        key, given = cleaned[about][i], columns[about][i]
        if key is not None:
            return Label(i + 1, about, key, word in SUSPECT, campaign)
        if given and values.ids(pa.array([given]))[1]:
            raise InputError(f"row {i + 1}: the {about} {shown(given)} was cut by a spreadsheet",
                             hint="save the ids as text, not as numbers")
    raise InputError(f"row {i + 1} names no account and no comment", hint=HINT)


def _cleaned(name: str, column: list[str | None]) -> list[str | None]:
    """A column as the dumps' columns are cleaned, so that equal things are equal."""
    cells = pa.array([None if cell is None else output.uncell(cell) for cell in column], pa.string())
    return (values.ids(cells)[0] if name.endswith("_id") else values.names(cells)).to_pylist()


def shown(text: str) -> str:
    """What strangers wrote, fit for a terminal: quoted, no control characters, short."""
    return repr(text if len(text) <= 60 else text[:60] + "...")


# --- the accounts that the labels mean


@dataclass
class _Said:
    """All that the labels say of one account."""

    account: set[bool] = field(default_factory=set)
    comments: dict[str, set[bool]] = field(default_factory=dict)
    campaigns: set[str] = field(default_factory=set)

    def verdict(self) -> bool | None:
        """Suspect or not; None where the labels contradict each other. Organic comments are no contradiction to a
        suspect account: it writes those too."""
        bad = any(True in said for said in self.comments.values())
        if len(self.account) == 2 or any(len(said) == 2 for said in self.comments.values()):
            return None
        if self.account == {False} and bad:
            return None
        return bad or True in self.account


def find(labels: Labels, dump: Dump, found: Evidence) -> Own:
    """The labelled accounts among those of the dumps, with their features. What matches nothing, what several
    accounts bear, contradictions and declared accounts are left out and counted."""
    said, unmatched, several = _matched(labels, dump)
    verdicts = {author: each.verdict() for author, each in said.items()}
    against = sorted(author for author, verdict in verdicts.items() if verdict is None)
    declared = sorted(author for author in said if author in found.declared and verdicts[author] is not None)
    kept = {a: v for a, v in verdicts.items() if v is not None and a not in found.declared}
    pages = _pages(dump, kept)
    authors = [a for a in found.accounts["author_id"].to_pylist() if a in kept]
    campaign, group, by = _grouped({a: kept[a] for a in authors}, {a: said[a].campaigns for a in authors}, pages)
    apart = [a for a in authors if a not in group]
    authors = [a for a in authors if a in group]
    row_of = {a: i for i, a in enumerate(found.accounts["author_id"].to_pylist())}
    told = [
        _told(len(unmatched), labels.n_rows, "match nothing in the dumps", unmatched[:1]),
        _told(len(several), labels.n_rows, "name what several accounts bear", several[:1]),
        f"{len(against)} accounts are labelled both suspect and organic: {_few(against)}" if against else "",
        f"{len(declared)} labelled accounts are declared as the page's own people" if declared else "",
        f"{len(apart)} organic accounts wrote on pages of several groups, which must be kept apart" if apart else "",
        f"{labels.n_unsure} of {labels.n_rows} label rows are unsure or empty" if labels.n_unsure else "",
    ]
    counts = {"rows": labels.n_rows, "unsure": labels.n_unsure, "unmatched": len(unmatched), "ambiguous": len(several),
              "contradicted": len(against), "declared": len(declared), "on_several_pages": len(apart)}
    return Own(
        x=found.matrix()[[row_of[a] for a in authors]],
        y=np.array([kept[a] for a in authors], np.int64),
        campaign=_numbers([campaign[a] for a in authors]),
        group=_numbers([group[a] for a in authors]),
        by=by,
        counts=counts,
        told=tuple(f"left out: {line}" for line in told if line),
    )


def check_enough(own: Own, where: str) -> None:
    """Raise InputError where so few accounts are labelled that neither learning nor comparing means anything."""
    n, groups, organic = int(own.y.sum()), len(set(own.group[own.y == 1])), int((own.y == 0).sum())
    if n >= MIN_SUSPECTS and groups >= MIN_CAMPAIGNS and organic >= MIN_ORGANIC:
        return
    wanted = f"{MIN_SUSPECTS} suspects in {MIN_CAMPAIGNS} campaigns or pages and {MIN_ORGANIC} organic accounts"
    helps = [
        "label more suspects" if n < MIN_SUSPECTS else "",
        "label a second campaign, named in a column `campaign`, or add a dump of another page"
        if groups < MIN_CAMPAIGNS else "",
        "label organic accounts too, ordinary ones and loyal fans alike" if organic < MIN_ORGANIC else "",
    ]
    found = f"{n} suspects in {groups} campaigns or pages and {organic} organic accounts"
    raise InputError(
        "; ".join((f"too few labels: {found} are usable, needed are {wanted}", *own.told)),
        where=where,
        hint="; ".join(h for h in helps if h),
    )


def _told(n: int, of: int, what: str, first: Sequence[int]) -> str:
    return f"{n} of {of} label rows {what}, the first is row {first[0]}" if n else ""


def _few(names: Sequence[str]) -> str:
    return ", ".join(map(shown, names[:5])) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _numbers(keys: Sequence[tuple[str, str]]) -> np.ndarray:
    number = {key: i for i, key in enumerate(sorted(set(keys)))}
    return np.array([number[key] for key in keys], np.int64)


def _matched(labels: Labels, dump: Dump) -> tuple[dict[str, _Said], list[int], list[int]]:
    """What is said of each account, the rows that match nothing, and those that match several accounts."""
    known = {about: _bearers(dump, about, {x.key for x in labels.labels if x.about == about}) for about in KEYS}
    said: dict[str, _Said] = {}
    unmatched: list[int] = []
    several: list[int] = []
    for label in labels.labels:
        authors = known[label.about].get(label.key, set())
        if len(authors) != 1:
            (several if authors else unmatched).append(label.row)
            continue
        mine = said.setdefault(next(iter(authors)), _Said())
        if label.about == "comment_id":
            mine.comments.setdefault(label.key, set()).add(label.suspect)
        else:
            mine.account.add(label.suspect)
        if label.campaign is not None:
            mine.campaigns.add(label.campaign)
    return said, unmatched, several


def _bearers(dump: Dump, about: str, wanted: set[str]) -> dict[str, set[str]]:
    """Key -> the accounts it may mean. Where a run mixes platforms, an id may be given without its prefix."""
    prefixes = ["", *(f"{p}:" for p in dump.platforms)] if about == "author_id" else [""]
    bare = {f"{prefix}{key}": key for prefix in prefixes for key in sorted(wanted)}
    column = dump.comments[about]
    among = pc.fill_null(pc.is_in(column, value_set=pa.array(sorted(bare), pa.string())), False)
    pairs = pa.table({"key": column, "author_id": dump.comments["author_id"]}).filter(among)
    out: dict[str, set[str]] = {}
    for row in pairs.group_by(["key", "author_id"]).aggregate([]).to_pylist():
        if row["author_id"] is not None:
            out.setdefault(bare[row["key"]], set()).add(row["author_id"])
    return out


def _pages(dump: Dump, authors: Iterable[str]) -> dict[str, set[str]]:
    among = pc.fill_null(pc.is_in(dump.comments["author_id"], value_set=pa.array(sorted(authors), pa.string())), False)
    out: dict[str, set[str]] = {}
    pairs = dump.comments.select(["author_id", "page_id"]).filter(among).group_by(["author_id", "page_id"])
    for row in pairs.aggregate([]).to_pylist():
        out.setdefault(row["author_id"], set()).add(row["page_id"] or "")
    return out


# --- what belongs together

Node = tuple[str, str]


class _Joined:
    """Things that belong together, as sets that grow; each set is known by its smallest member."""

    def __init__(self) -> None:
        self._up: dict[Node, Node] = {}

    def of(self, node: Node) -> Node:
        while (above := self._up.setdefault(node, node)) != node:
            node = self._up[node] = self._up[above]
        return node

    def join(self, nodes: Sequence[Node]) -> None:
        low = min(self.of(n) for n in nodes)
        for n in nodes:
            self._up[self.of(n)] = low


def _grouped(
    suspect: dict[str, bool], campaigns: dict[str, set[str]], pages: dict[str, set[str]]
) -> tuple[dict[str, Node], dict[str, Node], str]:
    """Campaign and group of each account, and what the groups are.

    Groups are pages, those joined that a suspect or a campaign works on together; an organic account on pages of
    several groups has none. Where that leaves all suspects in one, groups are the campaigns, and each organic account
    is one by itself: the page then stands on both sides.
    """
    crews, places = _Joined(), _Joined()
    for author, bad in suspect.items():
        named: list[Node] = [("campaign", c) for c in sorted(campaigns[author])]
        on: list[Node] = [("page", p) for p in sorted(pages[author])]
        alone: list[Node] = on if bad else []
        crews.join([("account", author), *(named or alone)])
        if bad or named:
            places.join([("account", author), *named, *on])
    campaign = {a: crews.of(("account", a)) for a in suspect}
    around = {a: {places.of(("page", p)) for p in pages[a]} for a in suspect}
    if len({group for a, bad in suspect.items() if bad for group in around[a]}) >= MIN_CAMPAIGNS:
        return campaign, {a: next(iter(groups)) for a, groups in around.items() if len(groups) == 1}, "page"
    return campaign, campaign, "campaign"
