"""XML element by element, in bounded memory: no document type, no entities, nothing fetched.

A cut file gives what stands before the cut.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from itertools import chain
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from fakedetect.errors import InputError
from fakedetect.readers.gather import Rows
from fakedetect.readers.reader import Reader, ReadOptions
from fakedetect.readers.source import Head, Source
from fakedetect.readers.tables import ROW_CUT
from fakedetect.schema import Raw
from fakedetect.words import Text

CHUNK = 1 << 16
MAX_DEPTH = 200
MAX_HELD = 64 << 20
"""Characters of one element, and a few more for each element inside it. An article with its comments set apart has
some thousands."""
_CUT = (3, 5, 6, 20)
"""What expat says at the end of a document that is not finished (XML_ERROR_NO_ELEMENTS, UNCLOSED_TOKEN, PARTIAL_CHAR,
UNCLOSED_CDATA_SECTION)."""
_CONTROLS = bytes(32 if b < 32 and b not in b"\t\n\r" else b for b in range(256))
"""Control characters, which people paste into comments and which no XML may hold, become blanks."""
NOT_XML = Text("the XML cannot be read from line {line} on ({why})",
               "le XML ne se lit plus à partir de la ligne {line} ({why})")
Place = tuple[str, ...]
"""Local names from the root on."""


class Element:
    """One element by its local name (no namespaces), with what stood in it. `inside` is the element around a
    wanted one, as far as it was read."""

    __slots__ = ("_children", "_parts", "attributes", "inside", "name", "size")

    def __init__(self, name: str, attributes: dict[str, str], inside: Element | None) -> None:
        self.name, self.attributes, self.inside, self.size = name, attributes, inside, 0
        # Millions of cells have neither.
        self._children: list[Element] | None = None
        self._parts: list[str] | None = None

    @property
    def children(self) -> list[Element]:
        """The elements in it, in order, without those that were handed out by themselves."""
        return self._children or []

    @property
    def text(self) -> str:
        """Its own text, CDATA included."""
        return "".join(self._parts) if self._parts else ""

    def child(self, name: str) -> Element | None:
        """The first element of that name in it."""
        for element in self._children or ():
            if element.name == name:
                return element
        return None

    def hold(self, more: Element | str) -> None:
        """Take in an element or a piece of text. Raises InputError where it gets too large."""
        if isinstance(more, str):
            self.size += len(more)
            if self._parts is None:
                self._parts = []
            self._parts.append(more)
        else:
            self.size += more.size + 100
            if self._children is None:
                self._children = []
            self._children.append(more)
        if self.size > MAX_HELD:
            raise InputError(f"one <{self.name}> holds over {MAX_HELD >> 20} MiB: refused",
                             hint="look at the file with a viewer for large files")

    def of(self, name: str) -> str | None:
        """The text of the first element of that name in it; None where there is none, or only blanks."""
        found = self.child(name)
        return found.text if found is not None and found.text.strip() else None


class _Target:
    """Takes the parser's events; keeps only what stands in a wanted element, and hands each out when it ends."""

    def __init__(self, wanted: Collection[Place]) -> None:
        self.wanted = frozenset(wanted)
        self._depths = frozenset(map(len, wanted))
        self.done: list[tuple[Place, Element]] = []
        self.quiet = 0
        """Bytes fed since the last event: of one tag or remark so far."""
        self._path: list[str] = []
        self._open: list[Element | None] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.quiet = 0
        name = _local(tag)
        self._path.append(name)
        around = self._open[-1] if self._open else None
        if around is not None or self._is_wanted():
            kept = {_local(k): v for k, v in attributes.items()} if attributes else {}
            # Only what is handed out by itself points to what stands around it: circles would stay in memory for long.
            self._open.append(Element(name, kept, around if self._is_wanted() else None))
        else:
            self._open.append(None)
        if len(self._path) > MAX_DEPTH:
            raise InputError(f"its elements stand over {MAX_DEPTH} deep in each other: refused")

    def end(self, tag: str) -> None:
        del tag
        self.quiet = 0
        element = self._open.pop()
        if element is not None:
            if self._is_wanted():
                self.done.append((tuple(self._path), element))
            elif (around := self._open[-1]) is not None:
                around.hold(element)
        self._path.pop()

    def _is_wanted(self) -> bool:
        return len(self._path) in self._depths and tuple(self._path) in self.wanted

    def data(self, text: str) -> None:
        self.quiet = 0
        if self._open and (element := self._open[-1]) is not None:
            element.hold(text)

    def close(self) -> None:
        """Nothing is left to be handed out."""


class XmlFile:
    """The elements of an XML file that stand at `wanted` (local names from the root on), each when it ends. Elements at
    wanted paths inside others are handed out and not kept in them.

    After the iteration, `truncated` says whether the file was cut, `fault` where and why it could not be read on.
    Raises InputError for a document type, for a file that is not XML from its beginning, and for bombs.
    """

    def __init__(self, source: Source, wanted: Collection[Place]) -> None:
        text = source.decoded()
        self.encoding = text.encoding
        self.truncated = source.truncated
        self.fault: dict[str, object] | None = None
        self._data, self._start, self._wanted = text.data, text.start, wanted

    def __iter__(self) -> Iterator[tuple[Place, Element]]:
        target = _Target(self._wanted)
        # The bytes are UTF-8 by now, whatever the declaration says.
        parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
        given = 0
        for piece in chain(self._pieces(), (None,)):
            try:
                if piece is None:
                    parser.close()
                else:
                    parser.feed(piece)
            except ParseError as error:
                self._broken(error)
            except DefusedXmlException as error:
                raise InputError("it declares a document type or entities (<!DOCTYPE ...>), which can make a reader "
                                 "open other files or fill the memory: refused",
                                 hint="no export needs one: take the declaration out, or export again") from error
            given += len(target.done)
            yield from target.done
            target.done.clear()
            if self.fault is not None and not given:
                raise InputError(f"it is not valid XML: {self.fault['why']}", hint="export or download it again")
            if self.fault is not None:
                return
            target.quiet += CHUNK
            if target.quiet > MAX_HELD:
                raise InputError(f"one tag is over {MAX_HELD >> 20} MiB long: refused")

    def _pieces(self) -> Iterator[bytes]:
        """The file in pieces of whole characters, without those that XML may not hold."""
        at, size = self._start, len(self._data)
        while at < size:
            end = min(at + CHUNK, size)
            while end < size and self._data[end] & 0xC0 == 0x80:
                end += 1
            piece = bytes(self._data[at:end]).translate(_CONTROLS)
            for never in (b"\xef\xbf\xbe", b"\xef\xbf\xbf"):
                piece = piece.replace(never, b" ")
            yield piece
            at = end

    def _broken(self, error: ParseError) -> None:
        if error.code in _CUT:
            self.truncated = True
        else:
            self.fault = {"line": error.position[0], "why": str(error).partition(":")[0]}


@lru_cache
def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


Visit = Callable[[Place, Element, Rows, dict[str, str]], bool]
"""Takes one wanted element and gathers what it holds; False where it is nothing that the format has. The last argument
is for what an element says of those behind it, and starts empty with each file."""


def xml_reader(name: str, label: Text, *, platform: str, gives: str, sniff: Callable[[Head], float],
               wanted: Collection[Place], visit: Visit, holds: tuple[str, ...] = ("comments", "posts"),
               naive_zone: str | None = None) -> Reader:
    """The Reader of an XML format. sniff is asked of XML files only."""

    def read(source: Source, options: ReadOptions) -> Raw:
        file = XmlFile(source, wanted)
        rows = Rows(source, options)
        said: dict[str, str] = {}
        for path, element in file:
            if not visit(path, element, rows, said):
                rows.reject("not of this format", element.text.strip())
        if file.truncated:
            rows.more(ROW_CUT)
        if file.fault is not None:
            rows.more(NOT_XML, **file.fault)
        return rows.raw(fmt=name, platform=platform, encoding=file.encoding, naive_zone=naive_zone)

    return Reader(name=name, label=label, platform=platform, gives=gives, read=read, holds=holds,
                  sniff=lambda head: sniff(head) if head.is_xml else 0.0)
