"""Facts about one text, for millions of texts: one compiled pass over the UTF-8 bytes of an Arrow column.

Character classes come from `unicodedata`, once per process, as three small tables over the code points below
LIMIT; above it stand Han ideographs and nothing else that is counted here.
"""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numba
import numpy as np
import pyarrow as pa

LIMIT = 0x20000
CHUNK = 1 << 15
THREADS = 2

LETTER, DIGIT, MARK, UPPER, LOWER, PUNCT, SPACE, EMOJI, DENSE, KEPT = (1 << i for i in range(10))
"""Classes of a code point. MARK: combining or invisible, neither a letter nor a break. DENSE: a letter of a
script without spaces. KEPT: part of the normalised text."""

SCRIPTS = (
    "none",
    "latin",
    "greek",
    "cyrillic",
    "armenian",
    "hebrew",
    "arabic",
    "devanagari",
    "bengali",
    "tamil",
    "telugu",
    "thai",
    "lao",
    "myanmar",
    "khmer",
    "georgian",
    "ethiopic",
    "hangul",
    "kana",
    "han",
    "other",
)
_NUMBER = {name: i for i, name in enumerate(SCRIPTS)}
_DENSE = ("han", "kana", "thai", "lao", "khmer", "myanmar")
_BLOCKS = ((0x3400, 0x4DBF, "han"), (0x4E00, 0x9FFF, "han"), (0xAC00, 0xD7A3, "hangul"))
"""Large blocks of one script whose letters have no case and fold to themselves."""
_ACCENTS = (
    (0x300, 0x36F),
    (0x483, 0x487),
    (0x591, 0x5BD),
    (0x5BF, 0x5C7),
    (0x610, 0x61A),
    (0x64B, 0x65F),
    (0x670, 0x670),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)
"""Marks that spelling may leave out: dropped by folding. Vowel signs of Indic and Thai scripts are not."""
_PICTURES = (
    (0x231A, 0x231B),
    (0x23E9, 0x23F3),
    (0x25FD, 0x25FE),
    (0x2600, 0x27BF),
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50),
    (0x2B55, 0x2B55),
    (0x1F000, 0x1F1E5),
    (0x1F300, 0x1F3FA),
    (0x1F400, 0x1F64F),
    (0x1F680, 0x1F6FF),
    (0x1F7E0, 0x1F7EB),
    (0x1F90C, 0x1F9FF),
    (0x1FA70, 0x1FAFF),
    (0x20E3, 0x20E3),
)
"""Code points that show as a picture. Skin tones, variation selectors and what follows a joiner add none; two
regional letters are one flag; U+20E3 makes the key it closes."""

_DROPPED = frozenset(chr(p) for first, last in _ACCENTS for p in range(first, last + 1))
_EMOJI = frozenset(chr(p) for first, last in _PICTURES for p in range(first, last + 1))

FACTS: tuple[tuple[str, pa.DataType, str], ...] = (
    ("n_chars", pa.int32(), "Unicode code points"),
    (
        "n_words",
        pa.int32(),
        "runs of letters or digits; in scripts without spaces two letters count as one word",
    ),
    ("n_emoji", pa.int32(), "emoji; a joined sequence or a flag is one"),
    ("n_urls", pa.int32(), "addresses that begin with http://, https:// or www."),
    ("n_mentions", pa.int32(), "@names"),
    ("n_hashtags", pa.int32(), "#tags"),
    ("n_exclaims", pa.int32(), "exclamation marks"),
    ("longest_run", pa.int32(), "longest run of one repeated character that is no space"),
    ("upper_share", pa.float64(), "capitals among cased letters; null if none"),
    ("digit_share", pa.float64(), "digits among all code points that are no space"),
    ("punct_share", pa.float64(), "punctuation among all code points that are no space"),
    ("script", pa.string(), "main script of the letters: strata only, never the model"),
    (
        "text_hi",
        pa.int64(),
        "upper half of the 128-bit fingerprint of the normalised text; null if nothing is left",
    ),
    ("text_lo", pa.int64(), "lower half of that fingerprint"),
)


def fold(char: str) -> str:
    """One character as the normalised text holds it: no case, no accents, letters and digits only."""
    if 0xAC00 <= ord(char) <= 0xD7A3:
        return char
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join([c for c in plain if unicodedata.category(c)[0] in "LNM" and c not in _DROPPED])


def classes(char: str) -> int:
    """The classes of one character, as bits."""
    category = unicodedata.category(char)
    bits = 0
    if category[0] == "L":
        bits |= LETTER | (UPPER if category in ("Lu", "Lt") else LOWER if category == "Ll" else 0)
        bits |= DENSE if script(char) in _DENSE else 0
    elif category == "Nd":
        bits |= DIGIT
    elif category[0] == "M" or category == "Cf":
        bits |= MARK
    elif category[0] == "P":
        bits |= PUNCT
    if char.isspace():
        bits |= SPACE
    if char in _EMOJI:
        bits |= EMOJI
    return bits | (KEPT if fold(char) else 0)


def script(char: str) -> str:
    """Script of a letter, from its Unicode name; `none` for what is no letter."""
    if unicodedata.category(char)[0] != "L":
        return "none"
    word = unicodedata.name(char, "OTHER").split(" ")[0].split("-")[0].lower()
    word = {
        "cjk": "han",
        "ideographic": "han",
        "hiragana": "kana",
        "katakana": "kana",
        "fullwidth": "latin",
        "halfwidth": "kana",
        "mathematical": "latin",
        "modifier": "latin",
        "feminine": "latin",
        "masculine": "latin",
        "micro": "greek",
        "ohm": "greek",
        "kelvin": "latin",
        "angstrom": "latin",
    }.get(word, word)
    return word if word in _NUMBER else "other"


@cache
def tables() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(classes, script number, position in pool, pool) per code point; pool holds length and folded code
    points.
    """
    bits, scripts = np.zeros(LIMIT + 1, np.uint16), np.zeros(LIMIT + 1, np.uint8)
    where, pool = np.zeros(LIMIT + 1, np.int32), [0]
    for first, last, name in _BLOCKS:
        bits[first : last + 1] = LETTER | KEPT | (DENSE if name in _DENSE else 0)
        scripts[first : last + 1] = _NUMBER[name]
        where[first : last + 1] = -1
    bits[LIMIT], scripts[LIMIT], where[LIMIT] = LETTER | KEPT | DENSE, _NUMBER["han"], -1
    for point in _assigned():
        char = chr(point)
        bits[point] = classes(char)
        if bits[point] & LETTER:
            scripts[point] = _NUMBER[script(char)]
        if bits[point] & KEPT:
            folded = fold(char)
            if folded == char:
                where[point] = -1
            else:
                where[point] = len(pool)
                pool += [len(folded), *map(ord, folded)]
    return bits, scripts, where, np.array(pool, np.int32)


def _assigned() -> list[int]:
    """Code points below LIMIT, outside the large blocks, that have a class; emoji to come among them."""
    spans: list[int] = []
    at = 0
    for first, last in sorted([(0xD800, 0xF8FF), *((first, last) for first, last, _ in _BLOCKS)]):
        spans += range(at, first)  # between surrogates, private use and the large blocks
        at = last + 1
    category = unicodedata.category
    points = (*spans, *range(at, LIMIT))
    return [p for p in points if category(chr(p)) not in ("Cn", "Co", "Cs") or chr(p) in _EMOJI]


@numba.njit(cache=True, nogil=True, inline="always")
def _mix(x):  # type: ignore[no-untyped-def]
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xFF51AFD7ED558CCD)
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


@numba.njit(cache=True, nogil=True)
def _scan(data, offsets, valid, bits, scripts, where, pool, limit, counts, shares, main, prints, kept):  # type: ignore[no-untyped-def]
    """Fill the outputs for each valid text; the meaning of the columns of `counts` is that of FACTS."""
    p1, p2 = np.uint64(0x9E3779B185EBCA87), np.uint64(0xC2B2AE3D27D4EB4F)
    p3, one = np.uint64(0x165667B19E3779F9), np.uint64(1)
    tally = np.zeros(64, np.int32)
    for row in range(valid.size):
        if not valid[row]:
            continue
        tally[:] = 0
        h1, h2, n_kept = np.uint64(0x27D4EB2F165667C5), np.uint64(0x85EBCA77C2B2AE63), 0
        chars = words = emoji = urls = mentions = tags = exclaims = longest = run = 0
        upper = lower = digits = puncts = solid = dense = flags = 0
        in_word = joined = False
        last, before, sign = -1, 0, 0  # code point before; its classes; a pending @ or # (1, 2)
        i, end = offsets[row], offsets[row + 1]
        while i < end:
            at = i
            c = np.int32(data[i])
            if c < 0x80:
                i += 1
            elif c < 0xE0:
                c = ((c & 0x1F) << 6) | (data[i + 1] & 0x3F)
                i += 2
            elif c < 0xF0:
                c = ((c & 0x0F) << 12) | ((data[i + 1] & 0x3F) << 6) | (data[i + 2] & 0x3F)
                i += 3
            else:
                c = (
                    ((c & 0x07) << 18)
                    | ((data[i + 1] & 0x3F) << 12)
                    | ((data[i + 2] & 0x3F) << 6)
                    | (data[i + 3] & 0x3F)
                )
                i += 4
            slot = c if c < limit else limit
            b = bits[slot] if c < 0x34000 else np.uint16(0)
            chars += 1
            wordy = b & (1 | 2)
            if sign and (wordy or c == 95):
                if sign == 1:
                    mentions += 1
                else:
                    tags += 1
            sign = 0
            if (c == 64 or c == 0xFF20) and not before & (1 | 2) and last != 46:
                sign = 1
            elif (c == 35 or c == 0xFF03) and not before & (1 | 2):
                sign = 2
            if (
                (c == 104 or c == 72 or c == 119 or c == 87)
                and not before & (1 | 2)
                and address(data, at, end, last)
            ):
                urls += 1
            if c == 33 or c == 0xFF01:
                exclaims += 1
            if not b & 64:
                solid += 1
                run = run + 1 if c == last else 1
                longest = max(longest, run)
            else:
                run = 0
            if b & 1:
                tally[scripts[slot]] += 1
            if b & 8:
                upper += 1
            elif b & 16:
                lower += 1
            digits += 1 if b & 2 else 0
            puncts += 1 if b & 32 else 0
            if 0x1F1E6 <= c <= 0x1F1FF:
                flags += 1
                if flags & 1:
                    emoji += 1
            else:
                flags = 0
                if b & 128 and not joined:
                    emoji += 1
            joined = c == 0x200D
            if b & 256:
                in_word = False
                dense += 1
            elif not b & 4:
                words += (dense + 1) // 2
                dense = 0
                if wordy and not in_word:
                    words += 1
                in_word = wordy != 0
            if b & 512:
                spot = where[slot]
                n = 1 if spot < 0 else pool[spot]
                for k in range(n):
                    f = np.uint64(c if spot < 0 else pool[spot + 1 + k]) + one
                    h1 = (h1 ^ (f * p2)) * p1
                    h1 ^= h1 >> np.uint64(32)
                    h2 = (h2 + f * p3) * p2
                    h2 = (h2 << np.uint64(31)) | (h2 >> np.uint64(33))
                    h2 ^= h2 >> np.uint64(29)
                n_kept += n
            last, before = c, b  # type: ignore[assignment]
        words += (dense + 1) // 2
        best = 0
        for s in range(1, 64):
            if tally[s] > tally[best]:
                best = s
        main[row] = best
        counts[0, row], counts[1, row], counts[2, row], counts[3, row] = chars, words, emoji, urls
        counts[4, row], counts[5, row], counts[6, row], counts[7, row] = mentions, tags, exclaims, longest
        shares[0, row] = upper / (upper + lower) if upper + lower else np.nan
        shares[1, row] = digits / solid if solid else np.nan
        shares[2, row] = puncts / solid if solid else np.nan
        h1 = _mix(h1 ^ np.uint64(n_kept))
        h2 = _mix(h2 + h1)
        prints[0, row], prints[1, row] = np.int64(_mix(h1 + h2)), np.int64(h2)
        kept[row] = n_kept > 0


@numba.njit(cache=True, nogil=True)
def address(data, at, end, last):  # type: ignore[no-untyped-def]
    """An address begins here: http://, https:// or www. (not the www. of an address already begun)."""
    n = min(end - at, 8)
    low = np.zeros(8, np.uint8)
    for k in range(n):
        low[k] = data[at + k] | 32 if 65 <= data[at + k] <= 90 else data[at + k]
    if low[0] == 119:
        return low[1] == 119 and low[2] == 119 and low[3] == 46 and last != 47
    if low[1] != 116 or low[2] != 116 or low[3] != 112:
        return False
    k = 5 if low[4] == 115 else 4
    return low[k] == 58 and low[k + 1] == 47 and low[k + 2] == 47


def facts(text: pa.Array | pa.ChunkedArray) -> dict[str, pa.Array]:
    """FACTS of each text, in their order; all null where the text is null."""
    chunks = text.chunks if isinstance(text, pa.ChunkedArray) else [text]
    pieces = [c.slice(at, CHUNK) for c in chunks for at in range(0, len(c), CHUNK)]
    tables()
    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(_facts, pieces))
    return {
        name: pa.concat_arrays([d[i] for d in done]) if done else pa.array([], kind)
        for i, (name, kind, _) in enumerate(FACTS)
    }


def _facts(text: pa.Array) -> list[pa.Array]:
    n = len(text)
    text = text.cast(pa.large_string()) if not pa.types.is_large_string(text.type) else text
    _, at, bytes_ = text.buffers()
    offsets = np.frombuffer(at, np.int64, n + 1, 8 * text.offset)
    data = np.frombuffer(bytes_ if bytes_ is not None and bytes_.size else b"\0", np.uint8)
    valid = text.is_valid().to_numpy(zero_copy_only=False)
    counts, shares, prints = np.zeros((8, n), np.int32), np.full((3, n), np.nan), np.zeros((2, n), np.int64)
    main, kept = np.zeros(n, np.int8), np.zeros(n, np.bool_)
    _scan(data, offsets, valid, *tables(), LIMIT, counts, shares, main, prints, kept)
    out = [pa.array(c, mask=~valid) for c in counts]
    out += [pa.array(s, mask=~valid | np.isnan(s)) for s in shares]
    out.append(
        pa.DictionaryArray.from_arrays(pa.array(main, mask=~valid), pa.array(SCRIPTS)).cast(pa.string())
    )
    return out + [pa.array(p, mask=~valid | ~kept) for p in prints]
