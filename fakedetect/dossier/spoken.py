"""What reviewers wrote, without what tells who is meant: ids and names that the audit knows become pseudonyms.

A name is looked for as a whole. Of whom an entry is about, each word of its names is looked for, too: people are
called by one of them; of other accounts that are flagged or were decided on, too, where it is written with the capital
that it has in the name. A name of one plain word ("merci") counts for such accounts, and behind an @ for everybody.
Addresses, numbers of seven digits or more and names behind an @ that nobody here has are left out.
What nobody could recognise (a nickname, a slip of the pen, a description) stands as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from fakedetect.decisions import Entry
from fakedetect.dossier import traces
from fakedetect.dossier.pseudonyms import Naming
from fakedetect.schema import Audit
from fakedetect.spill import windows

LEFT_OUT = "[…]"
FLAGGED = ("suspect", "review")
LEAST_PART = 3
"""Characters of a word of a name from which on it is looked for where the entry is about its bearer, and of a whole
name in a script without spaces where it is about somebody else."""
_UNKNOWN = "|".join((
    r"\b\w+://\S+|\bwww\.\S+",
    r"[\w.+-]+@[\w-]+\.[\w.-]+",
    r"(?<!\w)@[\w.-]+",
    r"\+?\d{7,}|\+\d[\d .()/-]{6,}\d|\b0\d(?:[ .-]?\d\d){4}\b",
))
_MARK = "unknown"
_WORD = re.compile(r"[^\W_]+")
_Pairs = dict[str, str | None]
"""What is looked for -> its pseudonym; None where it names several."""


class Spoken:
    """Reasons and objections as a dossier may show them."""

    def __init__(self, audit: Audit, naming: Naming, entries: Sequence[Entry], people: Mapping[str, str]) -> None:
        """people: name of a reviewer -> pseudonym. Only what stands in some entry is kept of the audit."""
        self._naming = naming
        self._blob = _folded("\n".join(e.why for e in entries))
        self._starts = {self._blob[i:i + 3] for i in range(len(self._blob))}
        decided = {e.subject for e in entries if e.kind == "account"}
        columns = (audit.accounts[c].to_pylist() for c in ("author_id", "author_name", "verdict", "group_id"))
        self._names: dict[str, set[str]] = {}
        self._members: dict[str, list[str]] = {}
        apart, every = set(decided), []
        for author, name, verdict, group in zip(*columns, strict=True):
            every.append((author, name))
            if verdict in FLAGGED or group is not None:
                apart.add(author)
            if group is not None:
                self._members.setdefault(group, []).append(author)
        for window in windows(audit.comments.select(["author_id", "author_name"])):
            pairs = window.group_by(["author_id", "author_name"]).aggregate([])
            every += zip(pairs["author_id"].to_pylist(), pairs["author_name"].to_pylist(), strict=True)
        self._known: _Pairs = {}
        self._at: _Pairs = {}
        self._capital: _Pairs = {}
        for author, name in every:
            if author is not None:
                self._learn(author, name, author in apart)
        for table, column, kind in (("comments", "comment_id", "comment"), ("comments", "post_id", "post"),
                                    ("posts", "post_id", "post"), ("posts", "page_id", "page"),
                                    ("groups", "group_id", "group")):
            self._learn_ids(getattr(audit, table)[column], kind)
        for name, token in people.items():
            self._known.update({f: token for f in traces.forms([name]) if len(f) >= LEAST_PART})
        self._compiled: dict[tuple[str, str], tuple[re.Pattern[str], list[str]]] = {}

    def of(self, entry: Entry) -> str:
        """What an entry says, pseudonymised."""
        key = (entry.kind, entry.subject)
        if key not in self._compiled:
            own: _Pairs = {}
            for author in [entry.subject] if entry.kind == "account" else self._members.get(entry.subject, []):
                token = self._naming.of("account", author)
                for name in self._names.get(author, ()):
                    own |= {w: token for w in (name, *_WORD.findall(name))
                            if traces.is_long(w, LEAST_PART) and not w.isdigit()}
            self._compiled[key] = self._pattern(self._known | own)
        pattern, tokens = self._compiled[key]

        def said(found: re.Match[str]) -> str:
            if found.lastgroup in (None, _MARK):
                return LEFT_OUT
            return "@" * found[0].startswith("@") + tokens[int(str(found.lastgroup)[1:])]

        return pattern.sub(said, unicodedata.normalize("NFC", entry.why))

    def _pattern(self, words: _Pairs) -> tuple[re.Pattern[str], list[str]]:
        """One expression for all words, the longest first, and the pseudonym of each."""
        parts: list[str] = []
        tokens: list[str] = []
        at, capital = ({w: t for w, t in held.items() if w not in words} for held in (self._at, self._capital))
        for found, form in ((words, "@?{}"), (at, "@{}"), (capital, "@?(?-i:{})")):
            for word in sorted(found, key=lambda w: (-len(w), w)):
                parts.append(f"(?P<w{len(tokens)}>{form.format(traces.whole(word, at=form == '@{}'))})")
                tokens.append(found[word] or LEFT_OUT)
        return re.compile("|".join([*parts, f"(?P<{_MARK}>{_UNKNOWN})"]), re.IGNORECASE), tokens

    def _learn(self, author: str, name: str | None, apart: bool) -> None:
        """The id and a name of an account, as far as some entry has them."""
        names = {n for n in (name, traces.keyed(author)) if n and n != author}
        token = self._naming.of("account", author)
        if apart:
            held = self._names.setdefault(author, set())
            held.update(traces.forms(names))
            self._put(self._capital, token, (w for n in held for w in _WORD.findall(n)
                                             if len(w) >= traces.LEAST and w[0].isupper()))
        for word in traces.forms({author, *names}):
            if traces.is_long(word, dense=LEAST_PART):
                self._put(self._at if traces.is_plain(word) and not apart else self._known, token, [word])

    def _put(self, into: _Pairs, token: str | None, words: Iterable[str]) -> None:
        for word in words:
            if self._said(word):
                into[word] = token if into.get(word, token) == token else None

    def _learn_ids(self, column: pa.ChunkedArray, kind: str) -> None:
        """Ids that stand in some entry, as a word of their own."""
        tokens = {t.strip(".,;:!?()[]\"'«»") for t in re.findall(r"\S+", self._blob)}
        wanted = pa.array(sorted(t for t in tokens if len(t) >= traces.LEAST), pa.string())
        for chunk in column.chunks:
            hit = chunk.filter(pc.is_in(pc.utf8_lower(chunk), value_set=wanted)).unique().to_pylist()
            self._known.update({v: self._naming.of(kind, v) for v in hit if v not in self._known})

    def _said(self, word: str) -> bool:
        folded = _folded(word)
        return folded[:3] in self._starts and folded in self._blob


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def reviewers(entries: Iterable[Entry]) -> list[str]:
    """Who is named in these entries as having decided something, each as first written."""
    found: dict[str, None] = {}
    for e in entries:
        for name in (e.who, str(e.origin.get("by", "")), str(e.origin.get("signed_by", ""))):
            if name:
                found.setdefault(name)
    return list(found)
