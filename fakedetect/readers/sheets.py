"""Spreadsheets (.xlsx): each sheet becomes delimited text, so that it is read as any other table.

Values are those last computed; formulas, links and macros are never looked at. Each part goes through `xmlwalk`, row by
row; openpyxl knows which number formats are dates, and how days are counted.
"""

from __future__ import annotations

import csv
import math
import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from fakedetect.errors import InputError
from fakedetect.readers.source import MAX_RATIO, MAX_UNPACKED, RATIO_FREE, Source
from fakedetect.readers.xmlwalk import Element, Place, XmlFile

MAX_STRINGS = 2 << 30
"""Bytes of the table of texts, which is held in memory; Excel's largest sheets stay under it."""
EXACT = 2**53
"""From here on a spreadsheet's numbers are rounded: an id among them is lost."""
LEAD = 1000
"""Rows by which the width of a sheet is told, and among whose first its header is looked for."""
PREAMBLE = 30
EAST_ASIAN = (*range(27, 37), *range(50, 59))
"""Number formats that mean a date and that files name by number alone (ECMA-376, 18.8.30)."""
ROW = ("worksheet", "sheetData", "row")
SHEET, BOOK = ("workbook", "sheets", "sheet"), ("workbook", "workbookPr")
LINK = ("Relationships", "Relationship")
FORMAT, STYLE = ("styleSheet", "numFmts", "numFmt"), ("styleSheet", "cellXfs", "xf")
STRING = ("sst", "si")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"([A-Za-z]{1,3})\d+")
Part = Callable[[str], Source | None]
"""Gives a part of the document as a file; None where there is none of that name."""


@dataclass
class Book:
    """What all sheets of a document share."""

    strings: list[str] = field(default_factory=list)
    dates: set[int] = field(default_factory=set)
    """Styles that show a number as a date."""
    since_1904: bool = False
    room: int = 0
    """Characters that its sheets may still come to."""


def sheets(whole: Source, part: Part, fresh: Callable[[], Path]) -> Iterator[Source]:
    """The sheets that hold anything, in order: `name/Sheet`, or under the document's own name where there is only one.

    The document itself where it is none with sheets (a text, a presentation, a binary .xlsb). Raises InputError where
    it is damaged.
    """
    start = next((t for kind, t in _links(part, "_rels/.rels", "").values() if kind == "officeDocument"), "")
    found = part(start) if start else None
    listed = list(_all(found, (SHEET, BOOK))) if found is not None and b"workbook" in _beginning(found) else []
    if not listed:
        yield whole
        return
    folder = posixpath.dirname(start)
    links = _links(part, posixpath.join(folder, "_rels", posixpath.basename(start) + ".rels"), folder)
    book = _shared(part, links)
    book.since_1904 = any(e.attributes.get("date1904") in ("1", "true") for place, e in listed if place == BOOK)
    out: list[Source] = []
    book.room = min(max(RATIO_FREE, MAX_RATIO * whole.path.stat().st_size), MAX_UNPACKED)
    for title, target in _titled([e for place, e in listed if place == SHEET], links):
        source = part(target)
        if source is not None:
            path = fresh()
            cut = _write(source, book, path)
            if path.stat().st_size:
                out.append(Source(f"{whole.name}/{title}", path, cut))
    if not out:
        path = fresh()
        path.touch()
        yield Source(whole.name, path)
    elif len(out) == 1:
        yield Source(whole.name, out[0].path, out[0].truncated)
    else:
        yield from out


def _beginning(source: Source) -> bytes:
    with source.path.open("rb") as file:
        return file.read(1 << 12)


def _all(source: Source, wanted: Collection[Place]) -> Iterator[tuple[Place, Element]]:
    """The elements of a part that is of no use unless it is whole."""
    file = XmlFile(source, wanted)
    yield from file
    if file.truncated or file.fault is not None:
        raise InputError(f"the spreadsheet is damaged in {source.name!r}",
                         hint="download or copy it again, or save it as CSV in a spreadsheet program")


def _links(part: Part, name: str, folder: str) -> dict[str, tuple[str, str]]:
    """Id -> kind and target of the relations that a part has with others in the document."""
    source, out = part(name), {}
    for _, link in _all(source, (LINK,)) if source is not None else ():
        kind, target = (link.attributes.get(n, "") for n in ("Type", "Target"))
        if target and link.attributes.get("TargetMode") != "External":
            inner = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            out[link.attributes.get("Id", "")] = kind.rpartition("/")[2], posixpath.normpath(inner)
    return out


def _titled(listed: list[Element], links: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each sheet of cells: a name that can stand in a path, made different from those before, and its part. Many sheets
    that are one part are a bomb: it counts once."""
    seen: dict[str, int] = {}
    taken: set[str] = set()
    for sheet in listed:
        kind, target = links.get(sheet.attributes.get("id", ""), ("", ""))
        if kind == "worksheet" and target.lower() not in taken:
            taken.add(target.lower())
            title = "".join("_" if c in "/\\" or not c.isprintable() else c for c in sheet.attributes.get("name", ""))
            title = title.strip(". ")[:100] or "sheet"
            seen[title] = seen.get(title, 0) + 1
            yield title if seen[title] == 1 else f"{title} ({seen[title]})", target


def _shared(part: Part, links: dict[str, tuple[str, str]]) -> Book:
    """Texts that cells point to, and the styles that are dates."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    book, formats = Book(), dict(BUILTIN_FORMATS)
    by_kind = dict(links.values())
    strings = part(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else None
    if strings is not None:
        if strings.path.stat().st_size > MAX_STRINGS:
            raise InputError(f"its texts are over {MAX_STRINGS >> 30} GiB", hint="save its sheets as CSV")
        book.strings = [_said(e) for _, e in _all(strings, (STRING,))]
    styles = part(by_kind["styles"]) if "styles" in by_kind else None
    n = 0
    for place, e in _all(styles, (FORMAT, STYLE)) if styles is not None else ():
        number = _whole(e.attributes.get("numFmtId", ""))
        if place == FORMAT and number is not None:
            formats[number] = e.attributes.get("formatCode", "")
        elif place == STYLE:
            shown = formats.get(number or 0, "General")
            if number in EAST_ASIAN or (is_date_format(shown) and not is_timedelta_format(shown)):
                book.dates.add(n)
            n += 1
    return book


def _said(element: Element) -> str:
    """The text of a shared or inline string: its runs, without how it is pronounced."""
    runs = [c for c in element.children if c.name in ("t", "r")]
    return _unescaped("".join(c.text if c.name == "t" else "".join(t.text for t in c.children if t.name == "t")
                              for c in runs))


def _unescaped(text: str) -> str:
    """`_x000D_` stands for a control character, and `_x005F_` for a line that would begin such a code."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda m: chr(code) if (code := int(m.group(1), 16)) in (9, 10, 13, 95)
                        else " " if code < 32 else m.group(), text)


def _write(source: Source, book: Book, path: Path) -> bool:
    """The rows of a sheet as delimited text, nothing where it holds none. True where the sheet was cut."""
    file = XmlFile(source, (ROW,))
    lead: list[list[str]] = []
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")  # so that it quotes both

        def put(row: list[str]) -> None:
            book.room -= sum(map(len, row)) + len(row)
            if book.room < 0:
                raise InputError("its sheets hold far more text than such a file can: refused as a bomb",
                                 hint="save its sheets as CSV yourself, and look at them")
            writer.writerow(row)

        width = None
        for _, element in file:
            row = _row(element, book)
            if row and width is None:
                lead.append(row)
                if len(lead) < LEAD:
                    continue
                width = max(map(len, lead))
                for first in lead[_header(lead):]:
                    put(first + [""] * (width - len(first)))
            elif row and width is not None:
                put(row + [""] * (width - len(row)))
        if lead and width is None:
            width = max(map(len, lead))
            for first in lead[_header(lead):]:
                put(first + [""] * (width - len(first)))
    return source.truncated or file.truncated or file.fault is not None


def _header(rows: list[list[str]]) -> int:
    """Where the header is: the first row that has more than half as many cells as the fullest one near it. Titles and
    the like, which some tools write above it, have one or two."""
    filled = [sum(map(bool, row)) for row in rows[:PREAMBLE]]
    return next(i for i, n in enumerate(filled) if 2 * n > max(filled))


def _row(element: Element, book: Book) -> list[str]:
    """The cells of a row up to the last that holds anything."""
    row: list[str] = []
    at = 0
    for cell in element.children:
        at = _column(cell.attributes.get("r", "")) or at + 1
        if cell.name == "c" and (value := _value(cell, book)):
            row.extend([""] * (at - len(row)))
            row[at - 1] = value
    return row


def _column(reference: str) -> int | None:
    """3 for C7."""
    found = _CELL.fullmatch(reference)
    return _letters(found.group(1).upper()) if found else None


@lru_cache
def _letters(column: str) -> int:
    from openpyxl.utils import column_index_from_string

    return int(column_index_from_string(column))


def _value(cell: Element, book: Book) -> str:
    kind, held = cell.attributes.get("t", "n"), cell.child("v")
    text = held.text if held is not None else ""
    match kind:
        case "s":
            at = _whole(text)
            return book.strings[at] if at is not None and at < len(book.strings) else ""
        case "inlineStr":
            inner = cell.child("is")
            return _said(inner) if inner is not None else ""
        case "b":
            return {"1": "true", "0": "false"}.get(text.strip(), text)
        case "e":  # an error of a formula, such as #N/A, is no value
            return ""
        case "n":
            return _number(text.strip(), (_whole(cell.attributes.get("s", "")) or 0) in book.dates, book.since_1904)
    return _unescaped(text)


def _number(text: str, date: bool, since_1904: bool) -> str:
    """Dates in ISO 8601 without a zone; whole numbers without a point, and with an exponent (1.22158E+17) where the
    spreadsheet cannot have kept all their digits."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return ""
    if date and (moment := _moment(number, since_1904)):
        return moment
    if not number.is_integer():
        return repr(number)
    return str(int(number)) if abs(number) < EXACT else f"{number:.5E}"


def _moment(number: float, since_1904: bool) -> str | None:
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    try:
        found = from_excel(number, MAC_EPOCH if since_1904 else WINDOWS_EPOCH)
    except (OverflowError, ValueError):
        return None
    return found.isoformat(" ") if isinstance(found, datetime) else found.isoformat()


def _whole(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() and len(text) < 19 else None
