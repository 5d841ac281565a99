"""Values as found -> typed columns: ids, names, text, counts, truth values. Null means unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

MISSING = ("", "null", "none", "nan", "n/a", "nil", "undefined", "-")
"""What stands in an id cell that is empty."""
PLACEHOLDERS = (
    "[deleted]",
    "[removed]",
    "(deleted)",
    "[supprimé]",
    "[supprimée]",
    "[deleted user]",
    "deleted user",
    "deleted account",
    "deleted",
    "removed",
    "facebook user",
    "utilisateur facebook",
    "utilisateur de facebook",
    "utilisateur supprimé",
    "compte supprimé",
    "instagram user",
    "utilisateur instagram",
    "utilisateur d’instagram",
    "utilisateur d'instagram",
    "google user",
    "a google user",
    "un utilisateur de google",
    "an anonymous user",
    "anonymous user",
    "youtube user",
    "usuario de facebook",
    "facebook-nutzer",
    "utente di facebook",
    "usuário do facebook",
    "账号已注销",
    "用户已注销",
)
"""What platforms write in place of an author who is gone: missing, never one account. Compared without case.
"""
_CUT_ID = re.compile(r"^\d(?:[.,]\d*)?[eE]\+\d{2,3}$")
"""The plus sign tells 1.22158E+17 from a hexadecimal id such as 4e17."""
_FLOAT_ID = re.compile(r"^(\d+)[.,]0+$")
_GUARDED_ID = re.compile(r"""^(?:="(.*)"|'(\d+))$""", re.DOTALL)
_ODD_ID = r"""^(?:\d(?:[.,]\d*)?[eE]\+\d{2,3}|\d+[.,]0+|=".*"|'\d+)$"""
_SAFE_INTEGER = 2**53
_GARBLED = "[ÃÂÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|â\u0080|ð\u009f|ðŸ"
"""Two bytes of one UTF-8 character, as latin-1 or cp1252 show them. A lone Ã (NÃO) is no sign."""
_THOUSANDS = re.compile(r"^\d{1,3}(?:[ ,.\u00a0\u202f']\d{3})+$")
_SHORT = re.compile(r"^(\d+(?:[.,]\d+)?)\s*([kKmM])$")
_TRUE = frozenset(("true", "t", "1", "yes", "y", "oui", "vrai", "x", "1.0"))
_FALSE = frozenset(("false", "f", "0", "no", "n", "non", "faux", "0.0"))


def strings(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Any column as `string`, in chunks; floats that are whole numbers without their point."""
    array = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_floating(array.type):
        whole = pc.and_(pc.equal(pc.floor(array), array), pc.less(pc.abs(array), float(_SAFE_INTEGER)))
        integers = pc.cast(pc.if_else(pc.fill_null(whole, False), array, None), pa.int64(), safe=False)
        return pc.coalesce(integers.cast(pa.string()), array.cast(pa.string()))
    return array.cast(pa.string())


def by_unique(column: pa.ChunkedArray, change: Callable[[str], object], kind: pa.DataType) -> pa.ChunkedArray:
    """`change` applied to each distinct value. Fast where values repeat."""
    encoded = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    encoded = pc.dictionary_encode(encoded)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    changed = pa.array([None if v is None else change(v) for v in encoded.dictionary.to_pylist()], kind)
    return pa.chunked_array([changed.take(encoded.indices)])


def ids(column: pa.ChunkedArray | pa.Array) -> tuple[pa.ChunkedArray, int]:
    """Ids as strings, and how many were lost: cut by a spreadsheet (1.22158E+17) or floats past 2^53. Those
    are null.
    """
    found = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_null(found.type):
        return pa.chunked_array([pa.nulls(len(found), pa.string())]), 0
    text = pc.utf8_trim_whitespace(strings(found))
    text = _without(text, MISSING)
    odd = pc.fill_null(pc.match_substring_regex(text, _ODD_ID), False)
    if not pc.any(odd).as_py():
        return text, 0
    before = text.null_count
    repaired = by_unique(pc.if_else(odd, text, None), _whole_id, pa.string())
    text = pc.if_else(odd, repaired, text)
    return text, text.null_count - before


def _whole_id(value: str) -> str | None:
    if guarded := _GUARDED_ID.match(value):
        value = guarded.group(1) if guarded.group(1) is not None else guarded.group(2)
    if _CUT_ID.match(value):
        return None
    if whole := _FLOAT_ID.match(value):
        return whole.group(1) if int(whole.group(1)) < _SAFE_INTEGER else None
    return value or None


def _without(text: pa.ChunkedArray, words: tuple[str, ...]) -> pa.ChunkedArray:
    gone = pc.is_in(pc.utf8_lower(text), value_set=pa.array(words))
    return pc.if_else(gone, pa.scalar(None, pa.string()), text)


def placeholder(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where an author cell says that the author is gone."""
    return pc.fill_null(pc.is_in(pc.utf8_lower(text), value_set=pa.array(PLACEHOLDERS)), False)


def names(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Names in NFC without outer blanks, mojibake repaired; null where empty."""
    text = repaired(strings(column))[0]
    text = pc.utf8_trim_whitespace(pc.utf8_normalize(text, form="NFC"))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def texts(column: pa.ChunkedArray | pa.Array) -> tuple[pa.ChunkedArray, int]:
    """Texts as written, and how many had mojibake repaired; null where there are only blanks."""
    text, n = repaired(strings(column))
    blank = pc.equal(pc.utf8_trim_whitespace(text), "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), text), n


def repaired(text: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """UTF-8 that was read as latin-1 or cp1252 (Ã© for é), per text and only where it converts back whole."""
    odd = pc.fill_null(pc.match_substring_regex(text, _GARBLED), False)
    if not pc.any(odd).as_py():
        return text, 0
    fixed = by_unique(pc.if_else(odd, text, None), _repair, pa.string())
    n = pc.sum(pc.fill_null(pc.not_equal(fixed, text), False)).as_py()
    return pc.if_else(odd, fixed, text), n


@cache
def _bytes_of_cp1252() -> dict[int, int]:
    """cp1252 characters -> the latin-1 character of the same byte; the five bytes it lacks stay as they are.
    """
    return {
        ord(bytes([b]).decode("cp1252")): b
        for b in range(0x80, 0xA0)
        if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    }


def _repair(value: str) -> str:
    for candidate in (value, value.translate(_bytes_of_cp1252())):
        try:
            return candidate.encode("latin-1").decode("utf-8")
        except UnicodeError:
            continue
    return _repair_in_part(value)


def _repair_in_part(value: str) -> str:
    """ftfy's heuristics, for texts in which whole and garbled characters stand together."""
    import ftfy  # loaded here: most dumps never need it

    fixed = ftfy.fix_encoding(value)
    return value if "�" in fixed else fixed


def integers(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Counts as int64: `1,234`, `1 234`, `1.2k`; null where it is no count."""
    found = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_integer(found.type) or pa.types.is_null(found.type):
        return found.cast(pa.int64())
    return by_unique(strings(found), _integer, pa.int64())


def _integer(value: str) -> int | None:
    value = value.strip()
    if short := _SHORT.match(value):
        return round(
            float(short.group(1).replace(",", ".")) * (1000 if short.group(2) in "kK" else 1_000_000)
        )
    if _THOUSANDS.match(value):
        value = re.sub(r"\D", "", value)
    number = _float(value)
    return int(number) if number is not None and number.is_integer() and abs(number) < 2**62 else None


def floats(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Numbers as float64, with decimal point or comma, or the words ONE to FIVE; null where it is none."""
    found = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_integer(found.type) or pa.types.is_null(found.type):
        return found.cast(pa.float64())
    if pa.types.is_floating(found.type):
        finite = pc.is_finite(found)
        return pc.if_else(finite, found, None).cast(pa.float64())
    return by_unique(found.cast(pa.string()), _float, pa.float64())


def _float(value: str) -> float | None:
    value = value.strip()
    if value.upper() in (stars := ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE")):
        return float(stars.index(value.upper()))
    if not re.fullmatch(r"[+-]?\d{1,18}(?:[.,]\d{0,18})?(?:[eE][+-]?\d{1,2})?", value):
        return None
    return float(value.replace(",", "."))


def truths(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Yes and no in English and French, 1 and 0. An address (of a picture) counts as yes; null where
    unclear.
    """
    found = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_boolean(found.type) or pa.types.is_null(found.type):
        return found.cast(pa.bool_())
    return by_unique(strings(found), _truth, pa.bool_())


def _truth(value: str) -> bool | None:
    word = value.strip().lower()
    if word in _TRUE or word.startswith(("http://", "https://")):
        return True
    return False if word in _FALSE else None
