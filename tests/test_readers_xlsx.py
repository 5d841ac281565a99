"""Spreadsheets: each sheet is read as a table, values as last computed, within limits."""

from __future__ import annotations

import datetime as dt
import gzip
import random
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from make_files import HEADER, codes, one, write

from fakedetect import readers
from fakedetect.errors import FakedetectError, InputError
from fakedetect.normalise import normalise
from fakedetect.readers import sheets

CORPORA = Path(__file__).parents[2] / "shared" / "formats"
HEAD = ("post_id", "author_id", "comment_time", "text")
SHEET1 = "xl/worksheets/sheet1.xml"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def book(folder: Path, pages: dict[str, Iterable[Sequence[Any]]], name: str = "brand.xlsx") -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in pages.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    made.save(folder / name)
    return folder / name


def remade(path: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> Path:
    """The document with parts changed, left out (None) or added."""
    with zipfile.ZipFile(path) as old:
        parts = {m.filename: change(m.filename, old.read(m)) for m in old.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in {**parts, **(more or {})}.items():
            if data is not None:
                new.writestr(name, data)
    return path


def with_rows(path: Path, xml: str) -> Path:
    """The document with this XML for the rows of its first sheet."""
    def change(name: str, data: bytes) -> bytes:
        if name != SHEET1:
            return data
        start, end = data.index(b"<sheetData"), data.index(b"</sheetData>")
        return data[:start] + b"<sheetData>" + xml.encode() + data[end:]

    return remade(path, change)


def shared(path: Path, strings: str) -> Path:
    """The document with this XML for the texts that cells point to."""
    link = b'<Relationship Id="rs" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    part = {"xl/sharedStrings.xml": f"<sst>{strings}</sst>".encode()}
    return remade(path, lambda n, data: data.replace(b"</Relationships>", link) if "book.xml.rels" in n else data, part)


def texts(path: Path, scratch: Path) -> dict[str, str]:
    """Name behind the document's -> text of each sheet."""
    scratch.mkdir(exist_ok=True)
    found = readers.unpack(path, str(path), scratch)
    return {s.name.removeprefix(str(path)): s.path.read_bytes().decode() for s in found}


def cells(folder: Path, *values: Any) -> list[str]:
    """What these cells come out as, one a row."""
    path = book(folder, {"S": [("x", "y"), *((v, "y") for v in values)]}, "cells.xlsx")
    [text] = texts(path, folder / "scratch").values()
    return [line.removesuffix(",y") for line in text.splitlines()[1:]]


def test_a_sheet_is_a_table(tmp_path: Path) -> None:
    rows = [("p1", f"u{i}", at(f"2024-03-05 17:00:0{i}"), f'text "{i}", é 😀\nline') for i in range(3)]
    path = book(tmp_path, {"Comments": [HEAD, *rows]})
    raw = one(path)
    assert (raw.format, raw.encoding, list(raw.sources)) == ("generic_csv", "utf-8", [str(path)])
    assert raw.comments.to_pylist()[2] == {
        "post_id": "p1", "author_id": "u2", "comment_time": "2024-03-05 17:00:02", "text": 'text "2", é 😀\nline',
        "source": str(path), "row": 3}
    dump = normalise([raw], naive_zone="UTC")
    assert dump.comments["page_id"].to_pylist() == ["brand"] * 3


def test_posts_and_accounts_on_sheets_beside(tmp_path: Path) -> None:
    path = book(tmp_path, {
        "About": [("made by hand",)], "Empty": [], "Comments": [HEAD, ("p1", "u1", "2024-03-05T17:00:02Z", "hi")],
        "Posts": [("post_id", "post_time", "post_text"), ("p1", at("2024-03-05 17:00:00"), "hello")],
        "Accounts": [("user_id", "username", "followers_count"), ("u1", "ann", 3)]})
    raw = one(path)
    assert raw.comments["source"].to_pylist() == [f"{path}/Comments"]
    assert raw.posts["post_time"].to_pylist() == ["2024-03-05 17:00:00"]
    assert (raw.accounts["followers"].to_pylist(), codes(raw)) == (["3"], ["skipped_file"])


@pytest.mark.parametrize(("value", "text"), [
    (12, "12"), (12.0, "12"), (4.5, "4.5"), (0.1, "0.1"), (-3, "-3"), (True, "true"),
    (False, "false"), (2**53 - 1, "9007199254740991"), (2**53, "9.00720E+15"), (122158123456789012, "1.22158E+17"),
    (1.22158e17, "1.22158E+17"), ("122158123456789012", "122158123456789012"), ("007", "007"), ("=1+1", ""),
    ("#N/A", ""), (at("2024-03-05 17:03:41"), "2024-03-05 17:03:41"), (dt.date(2024, 3, 5), "2024-03-05 00:00:00"),
    (at("2026-12-31 23:59:59"), "2026-12-31 23:59:59"), (dt.time(7, 30), "07:30:00"), (" a ", " a "),
    (at("2024-03-05 17:03:41.250000"), "2024-03-05 17:03:41.250000"),
])
def test_values(tmp_path: Path, value: Any, text: str) -> None:
    assert cells(tmp_path, value) == [text]


def test_every_second_of_a_day_survives(tmp_path: Path) -> None:
    rng = random.Random(5)
    moments = [at("2015-01-01") + dt.timedelta(seconds=rng.randrange(15 * 366 * 86400)) for _ in range(2000)]
    assert cells(tmp_path, *moments) == [m.isoformat(" ") for m in moments]


def test_cut_ids_count_as_missing_and_are_told(tmp_path: Path) -> None:
    rows = [("p", 122158123456789012, "2024-03-05T17:00:00Z", "a"), ("p", 1221581234567, "2024-03-05T17:00:01Z", "b")]
    dump = normalise([one(book(tmp_path, {"S": [HEAD, *rows]}))])
    assert dump.comments["author_id"].to_pylist() == [None, "1221581234567"]
    assert "cut_id" in [n.code for n in dump.notes]


RAW = {
    "no references": ("<row><c><v>1</v></c><c/><c><v>3</v></c></row>", "1,,3"),
    "gap": ('<row r="4"><c r="B4"><v>2</v></c><c r="D4"><v>4</v></c></row>', ",2,,4"),
    "inline": ('<row><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>no</t></rPh></is></c></row>', "ab"),
    "formula text": ('<row><c t="str"><f>A1&amp;"x"</f><v>yx</v></c><c t="n"><f>1+1</f><v>2</v></c></row>', "yx,2"),
    "error": ('<row><c t="e"><v>#REF!</v></c><c t="b"><v>1</v></c></row>', ",true"),
    "iso": ('<row><c t="d"><v>2024-03-05T17:00:00</v></c><c><v>1</v></c></row>', "2024-03-05T17:00:00,1"),
    "escapes": ('<row><c t="str"><v>a_x000D__x005F_x000D__x0007_b_x1F600_</v></c><c><v>1</v></c></row>',
                '"a\r_x000D_ b_x1F600_",1'),
    "odd kinds": ('<row><c t="s"><v>9</v></c><c t="s"><v>-1</v></c><c t="?"><v>x</v></c><c r="??"><v>7</v></c></row>',
                  ",,x,7"),
    "odd numbers": ('<row><c><v>NaN</v></c><c><v>1e999</v></c><c><v>1_0</v></c><c s="99"><v>45000</v></c></row>',
                    ",,10,45000"),
    "not a number": ("<row><c><v>abc</v></c><c><v>1</v></c></row>", "abc,1"),
}


@pytest.mark.parametrize("case", RAW)
def test_cells_as_other_programs_write_them(tmp_path: Path, case: str) -> None:
    xml, line = RAW[case]
    path = with_rows(book(tmp_path, {"S": [("a",)]}), xml)
    [text] = texts(path, tmp_path / "scratch").values()
    assert text == line + "\r\n"


def test_texts_that_cells_share(tmp_path: Path) -> None:
    strings = ("<si><t xml:space='preserve'> a &amp; b</t></si><si/>"
               "<si><r><t>c</t></r><r><t>d</t></r><rPh><t>no</t></rPh></si>")
    cell = "".join(f'<c t="s"><v>{k}</v></c>' for k in (0, 1, 2))
    path = shared(with_rows(book(tmp_path, {"S": [("a",)]}), f"<row>{cell}</row>"), strings)
    assert list(texts(path, tmp_path / "s").values()) == [" a & b,,cd\r\n"]


def test_line_ends_of_any_kind_stay_in_their_cell(tmp_path: Path) -> None:
    told = [("author_id", "text"), *(("u", f"a{end}b") for end in ("&#13;", "&#10;", "&#13;&#10;", ","))]
    xml = "".join("<row>" + "".join(f"<c t='str'><v>{v}</v></c>" for v in row) + "</row>" for row in told)
    raw = one(with_rows(book(tmp_path, {"S": [("a",)]}), xml))
    assert raw.comments["text"].to_pylist() == ["a\rb", "a\nb", "a\r\nb", "a,b"]


def test_the_header_stands_below_a_title(tmp_path: Path) -> None:
    comments = (("p", f"u{i}", "2024-03-05T17:00:00Z", "t") for i in "ab")
    rows = [("Export of 5 March",), (), ("Page", "Brand"), HEAD, *comments]
    raw = one(book(tmp_path, {"S": rows}))
    assert (raw.comments["author_id"].to_pylist(), raw.comments["row"].to_pylist()) == (["ua", "ub"], [1, 2])


def test_rows_of_other_widths_and_empty_ones(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sheets, "LEAD", 3)
    time = "2024-03-05T17:00:00Z"
    rows = [HEAD, ("p", "u1"), (None,) * 6, ("p", "u2", time, "x"), ("p", "u3", time)]
    rows.append(("p", "u4", time, "y", "more", 6))
    raw = one(book(tmp_path, {"S": rows}))
    assert raw.comments["author_id"].to_pylist() == ["u1", "u2", "u3"]
    assert raw.rejects["reason"].to_pylist() == ["6 columns where the header has 4"]


def test_days_counted_from_1904_and_own_date_formats(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = made.active
    for row in (("x", "y"), (at("2024-03-05 17:00:00"), 1), (45356.5, 1), (45356.5, 1), (1.5, 1)):
        sheet.append(row)
    for cell, form in (("A2", "yyyy-mm-dd hh:mm"), ("A3", '[$-40C]dd" "mmmm yyyy'), ("A4", "0.00"), ("A5", "[h]:mm")):
        sheet[cell].number_format = form
    made.save(tmp_path / "mac.xlsx")
    [text] = texts(tmp_path / "mac.xlsx", tmp_path / "s").values()
    assert text.splitlines()[1:] == ["2024-03-05 17:00:00,1", "2028-03-06 12:00:00,1", "45356.5,1", "1.5,1"]


def test_names_of_sheets_cannot_climb_or_clash(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": [("x", "y"), (1, 2)], "A2": [("x", "y")], "A3": [("x", "y")]})
    names = {b'name="A1"': b'name="../../etc/x"', b'name="A2"': b'name=" &#10;.. "', b'name="A3"': b'name="_.._etc_x"'}

    def change(part: str, data: bytes) -> bytes:
        for old, new in names.items():
            data = data.replace(old, new) if part == "xl/workbook.xml" else data
        return data

    found = texts(remade(path, change), tmp_path / "s")
    assert list(found) == ["/_.._etc_x", "/_", "/_.._etc_x (2)"] or all("/" not in n[1:] for n in found)
    assert len(found) == 3


@pytest.mark.parametrize(("part", "data"), [
    ("xl/workbook.xml", b"<workbook"), ("xl/_rels/workbook.xml.rels", b"<Relationships><x>"),
    ("xl/styles.xml", b"<styleSheet>"), (SHEET1, b"no xml"), ("_rels/.rels", b"<a>"),
    (SHEET1, b"<!DOCTYPE a [<!ENTITY x 'y'>]><worksheet/>"), ("xl/sharedStrings.xml", b"<sst><si><t>a</t></si>"),
])
def test_a_damaged_document_is_refused(tmp_path: Path, part: str, data: bytes) -> None:
    path = book(tmp_path, {"S": [HEAD, ("p", "u", "2024-03-05T17:00:00Z", "t")]})
    shared(path, "")
    with pytest.raises(InputError) as caught:
        one(remade(path, lambda name, old: data if name == part else old))
    assert caught.value.where and caught.value.where.startswith(str(path))


def test_a_sheet_that_breaks_off_gives_its_rows_and_says_so(tmp_path: Path) -> None:
    row = "<row><c><v>{}</v></c><c><v>{}</v></c><c t='str'><v>{}</v></c></row>"
    head = "<row>" + "".join(f"<c t='str'><v>{n}</v></c>" for n in ("author_id", "comment_time", "text")) + "</row>"
    path = with_rows(book(tmp_path, {"S": [("a",)]}), head + row.format(7, 1700000000, "hi") + "<row><c><v>8</w>")
    raw = one(path)
    assert (raw.comments["author_id"].to_pylist(), raw.truncated) == (["7"], True)


def test_parts_that_are_left_out(tmp_path: Path) -> None:
    path = book(tmp_path, {"S": [("author_id", "rating", "text"), (1, 45000, 45000)]})
    lacking = {"xl/styles.xml", "docProps/core.xml", "xl/theme/theme1.xml"}
    found = texts(remade(path, lambda name, data: None if name in lacking else data), tmp_path / "s")
    assert [t.splitlines()[1] for t in found.values()] == ["1,45000,45000"]


def test_what_is_no_spreadsheet_stays_whole(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        link = '<Relationship Id="r" Type="x/officeDocument" Target="word/d.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships>{link}</Relationships>")
        archive.writestr("word/d.xml", "<document/>")
    with pytest.raises(InputError, match="found binary data"):
        one(tmp_path / "letter.docx")
    write(tmp_path, "dump.csv", HEADER + "p,u,2024-03-05T17:00:00Z,t\n")
    assert codes(one(tmp_path)) == ["skipped_file"]
    with pytest.raises(InputError, match="found nothing"):
        one(book(tmp_path, {"S": []}))


def test_bombs_are_refused(tmp_path: Path, monkeypatch) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    [text] = texts(with_rows(book(tmp_path, {"S": [("a", "b")]}), far), tmp_path / "s").values()
    assert len(text) == 16384 + 2
    again = b'<sheet name="B" sheetId="2" r:id="rId1"/>' * 500 + b"</sheets>"
    path = remade(book(tmp_path, {"S": [("a", "b")]}), lambda name, data: data.replace(
        b"</sheets>", again.replace(b"r:id", b'xmlns:r="r" r:id')) if name == "xl/workbook.xml" else data)
    assert len(texts(path, tmp_path / "s")) == 1
    monkeypatch.setattr(sheets, "RATIO_FREE", 1 << 16)
    monkeypatch.setattr(sheets, "MAX_RATIO", 1)
    with pytest.raises(InputError, match="bomb"):
        one(with_rows(book(tmp_path, {"S": [("a", "b")]}), far * 10))
    monkeypatch.setattr("fakedetect.readers.source.RATIO_FREE", 1 << 16)
    with pytest.raises(InputError, match="bomb"):
        one(remade(book(tmp_path, {"S": [HEAD]}), lambda name, data: data, {"xl/big.xml": b"a" * (1 << 24)}))
    monkeypatch.setattr(sheets, "MAX_STRINGS", 10)
    with pytest.raises(InputError, match="texts are over"):
        one(shared(book(tmp_path, {"S": [HEAD]}), "<si><t>x</t></si>"))


def test_documents_with_flipped_bytes_are_read_or_refused(tmp_path: Path) -> None:
    rows = [("p1", f"u{i}", at(f"2024-03-05 17:00:0{i}"), f"text {i}") for i in range(5)]
    whole = book(tmp_path, {"S": [HEAD, *rows], "T": [HEAD, *rows]}).read_bytes()
    rng, outcomes = random.Random(1), set()
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 3))):
            data[rng.randrange(40, len(data))] = rng.randrange(256)
        try:
            raw = one(write(tmp_path, "flipped.xlsx", bytes(data)))
            outcomes.add(raw.format)
        except FakedetectError as error:
            outcomes.add(type(error).__name__)
    assert {"generic_csv", "InputError"} <= outcomes


@pytest.mark.corpora
def test_a_real_spreadsheet_with_its_columns_trimmed_is_refused() -> None:
    path = CORPORA / "apify_facebook_comments_xlsx" / "real_dataset_facebook-comments-scraper.xlsx"
    with pytest.raises(InputError, match="authors were left out"):
        one(path)


def test_side_tables_in_workbooks_and_archives_beside_a_workbook_are_found(tmp_path):
    rows = [(f"p{i // 3}", f"u{i}", f"2024-03-05T17:00:{i:02d}Z", f"text {i}") for i in range(6)]
    dump = book(tmp_path, {"S": [("post_id", "author_id", "comment_time", "text"), *rows]}, "comments.xlsx")
    posts = [("post_id", "post_time", "post_text"), ("p1", "2024-03-05T17:00:00Z", "hello")]
    book(tmp_path, {"S": posts}, "posts.xlsx")
    write(tmp_path, "people.csv.gz", gzip.compress(b"user_id,username,followers_count\nu1,ann,3\n"))
    write(tmp_path, "broken.xlsx", b"PK\x03\x04 cut")
    raw = one(dump)
    assert (raw.rows_read, raw.posts["post_id"].to_pylist()) == (6, ["p1"])
    assert raw.accounts["author_id"].to_pylist() == ["u1"]
    assert sorted(codes(raw)) == ["side_file", "side_file"]
    assert len(raw.sources) == 3
