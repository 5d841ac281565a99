"""Reading XML: element by element, cut and broken files, encodings, and what hostile files may not do."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from make_files import SAMPLES, codes, one, write

from fakedetect.errors import InputError, TruncatedInput
from fakedetect.readers import Head, Source, xmlwalk
from fakedetect.readers.xmlwalk import XmlFile

DISQUS = (SAMPLES / "disqus" / "site.xml").read_bytes()
WXR = (SAMPLES / "wordpress_wxr" / "blog.wordpress.xml").read_bytes()
WANTED = (("a", "i"), ("a", "i", "c"))


def walked(folder: Path, content: str | bytes) -> tuple[list[str], XmlFile]:
    file = XmlFile(Source("x.xml", write(folder, "x.xml", content)), WANTED)
    return [f"{'/'.join(place)}={element.text}" for place, element in file], file


def test_elements_come_with_what_stands_around_them(tmp_path: Path) -> None:
    content = ('<a xmlns:w="urn:w"><t>no</t><i><t>of i</t><w:c w:k="1">x<b>y</b>z</w:c><t>late</t></i>'
               '<j><i>deep</i></j></a>')
    file = XmlFile(Source("x", write(tmp_path, "x", content)), WANTED)
    found = []
    for place, element in file:
        around = element.inside
        found.append((place, element.text, element.attributes, around and around.of("t"), element.of("b")))
    assert found == [(("a", "i", "c"), "xz", {"k": "1"}, "of i", "y"), (("a", "i"), "", {}, None, None)]
    assert (file.truncated, file.fault) == (False, None)


@pytest.mark.parametrize("content", [DISQUS, WXR], ids=["disqus", "wxr"])
def test_a_file_cut_anywhere_gives_what_stands_before_the_cut(tmp_path: Path, content: bytes) -> None:
    """Each element that ended is given, none is made up, and the cut is told."""
    item = ("rss", "channel", "item")
    wanted = {("disqus", "thread"), ("disqus", "post"), item, (*item, "comment")}
    ends = (b"</thread>", b"</post>", b"</item>", b"</wp:comment>")
    path = tmp_path / "cut.xml"
    last = content.rindex(b">") + 1
    for at in range(1, last, 7):
        path.write_bytes(content[:at])
        file = XmlFile(Source("cut.xml", path), wanted)
        try:
            n = sum(1 for _ in file)
        except InputError:
            n = 0
        # A <thread/> in a post has no end of its own, and a cut inside an end tag leaves the element open.
        assert n == sum(content[:at].count(end) for end in ends), at
        assert file.truncated and file.fault is None, at


@pytest.mark.parametrize(("content", "given", "fault"), [
    ("<a><i>1</i><b></i></a>", ["a/i=1"], "mismatched tag"),
    ("<a><i>1</i><i>&nbsp;</i></a>", ["a/i=1"], "undefined entity"),
    ("<a><i>1</i></a><a/>", ["a/i=1"], "junk after document element"),
    ("<a><i>1</i><i k=x/></a>", ["a/i=1"], "not well-formed (invalid token)"),
])
def test_a_file_that_breaks_is_read_up_to_there(tmp_path: Path, content: str, given: list[str], fault: str) -> None:
    found, file = walked(tmp_path, content)
    assert found == given
    assert file.fault == {"line": 1, "why": fault} and not file.truncated


def test_a_broken_export_says_where(tmp_path: Path) -> None:
    path = write(tmp_path, "site.xml", DISQUS.replace(b"<author><email>", b"<author><email"))
    raw = one(path)
    assert (raw.comments.num_rows, raw.truncated, codes(raw)) == (1, True, ["truncated"])
    assert "from line 31" in raw.notes[0].text and "ligne 31" in raw.notes[0].fr
    with pytest.raises(TruncatedInput, match="cannot be read"):
        one(path, strict=True)


@pytest.mark.parametrize("content", ["<a></b>", "<a", "< a>", "<?xml version='1.0'?>", "<a>&x;</a>"])
def test_what_is_no_xml_from_its_beginning(tmp_path: Path, content: str) -> None:
    try:
        found, file = walked(tmp_path, content)
    except InputError as error:
        assert "not valid XML" in str(error)
    else:
        assert (found, file.truncated) == ([], True)


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(12))


@pytest.mark.parametrize("declared", [
    f"<!DOCTYPE disqus [{LAUGHS}]>", '<!DOCTYPE disqus [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE disqus SYSTEM "http://127.0.0.1:1/x.dtd">', '<!DOCTYPE disqus [<!ENTITY % p "x"> %p;]>',
    "<!DOCTYPE disqus>",
], ids=["laughs", "file", "net", "parameter", "bare"])
def test_document_types_and_entities_are_refused(tmp_path: Path, declared: str) -> None:
    body = DISQUS.decode().partition("?>")
    path = write(tmp_path, "site.xml", body[0] + "?>" + declared + body[2].replace("Les semis", "&x;&l11;"))
    with pytest.raises(InputError, match="DOCTYPE") as caught:
        one(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize(("content", "what"), [
    ("<a><i>" + "<b>" * 100_000, "deep"), ("<a><i>" + "x" * 3000, "holds over"), ("<a><i>" + "<b/>" * 40, "holds over"),
    ("<a><i k='" + "x" * 300_000 + "'/></a>", "one tag"), ("<a><!--" + "x" * 300_000 + "--></a>", "one tag"),
], ids=["depth", "text", "elements", "attribute", "remark"])
def test_elements_without_measure_are_refused(tmp_path: Path, monkeypatch, content: str, what: str) -> None:
    monkeypatch.setattr(xmlwalk, "MAX_HELD", 2000)
    monkeypatch.setattr(xmlwalk, "CHUNK", 1000)
    with pytest.raises(InputError, match=what):
        walked(tmp_path, content)


@pytest.mark.parametrize(("encoding", "declared"), [
    ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "ISO-8859-1"), ("utf-8", "US-ASCII"),
])
def test_encodings_as_found_whatever_is_declared(tmp_path: Path, encoding: str, declared: str) -> None:
    content = f'<?xml version="1.0" encoding="{declared}"?><a><i>Où ça ?</i></a>'.encode(encoding)
    assert walked(tmp_path, content)[0] == ["a/i=Où ça ?"]
    assert Head.of(Source("x", tmp_path / "x.xml")).is_xml


def test_characters_that_no_xml_may_hold_become_blanks(tmp_path: Path, monkeypatch) -> None:
    never = "a\x08b\x0c\ufffec\uffff"
    for size in (1, 2, 3, 64):
        monkeypatch.setattr(xmlwalk, "CHUNK", size)
        assert walked(tmp_path, f"<a><i>é{never}é\t</i></a>")[0] == ["a/i=éa b  c é\t"]


@pytest.mark.parametrize(("content", "xml"), [
    ("  <rss>", True), ("<?xml?>", True), ("<!-- x --><a/>", True), ("<3 ce produit", False), ("a,<b>", False),
    ("", False), ("{}", False),
])
def test_what_begins_as_xml(tmp_path: Path, content: str, xml: bool) -> None:
    assert Head.of(Source("x", write(tmp_path, "x", content))).is_xml is xml


def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"<a><i><t>one article</t>"
        for k in range(20_000):
            yield b"<c><n>%d</n><x>%s</x></c>" % (k, b"y" * 300)
        yield b"</i></a>"

    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.writelines(parts())
    found = XmlFile(Source("large.xml", path), WANTED)
    tracemalloc.start()
    n = sum(1 for _ in found)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n == 20_001
    assert path.stat().st_size > 5 << 20
    assert peak < 2 << 20


def test_side_by_side_in_a_folder(tmp_path: Path) -> None:
    """XML that nobody knows is noted and left out, beside exports of one kind."""
    write(tmp_path, "site.xml", DISQUS)
    write(tmp_path, "feed.xml", "<feed><entry><title>x, y</title></entry></feed>")
    raw = one(tmp_path)
    assert (raw.format, codes(raw)) == ("disqus", ["skipped_file"])
    with pytest.raises(InputError):
        one(tmp_path / "feed.xml")
