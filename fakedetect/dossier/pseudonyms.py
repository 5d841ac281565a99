"""Pseudonyms of accounts, comments, posts and pages: HMAC-SHA256 under a key that stands in a file of its own.

Who holds the key can tell which account a pseudonym is; who does not, cannot, however many names he tries. The key is
never packed: a dossier holds its fingerprint alone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from functools import cached_property
from pathlib import Path
from typing import Protocol

from fakedetect.errors import UsageError

_HEAD = "fakedetect pseudonym key 1"
KEY_BYTES = 32
DIGITS = 24
"""Hexadecimal digits of a pseudonym: 96 bits, so that two of ten million are the same with a chance below 1e-15."""
KINDS = {
    "account": "a", "comment": "c", "post": "p", "page": "w", "group": "g", "owner": "o", "place": "l", "category": "k",
    "setting": "s", "reviewer": "r",
}
"""What a pseudonym stands for -> its first letter. A reviewed business has the pseudonym of a post."""


class Naming(Protocol):
    """How ids of the audit are called in tables."""

    def of(self, kind: str, value: str | None) -> str | None: ...


class Pseudonyms:
    """Ids called by their pseudonyms under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, kind: str, value: str | None) -> str | None:
        """The pseudonym of an id: a letter for its kind, a hyphen, 24 hexadecimal digits. None stays None, and so does
        what stands for an erased id."""
        if value is None or value == ERASED:
            return value
        told = hmac.new(self._key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"{KINDS[kind]}-{told.hexdigest()[:DIGITS]}"

    @cached_property
    def fingerprint(self) -> str:
        """What tells this key from another, and nothing of the key: 64 hexadecimal digits."""
        return hmac.new(self._key, b"fingerprint", hashlib.sha256).hexdigest()


class Plain:
    """Ids as they are, with their kind in front: to compare tables without the key."""

    def of(self, kind: str, value: str | None) -> str | None:
        """`kind:id`."""
        return value if value is None or value == ERASED else f"{KINDS[kind]}:{value}"


ERASED = "erased"
"""Stands where an id of an erased account stood."""


def load(path: Path) -> Pseudonyms:
    """The key in a file. Raises UsageError where there is none, it is no key, or others may read it."""
    try:
        text = path.read_text("ascii")
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise UsageError("the key is not there", where=str(path),
                         hint="--key F, the file that was made with the dossier") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the key cannot be read: {error}", where=str(path), hint="--key F") from error
    lines = text.split()
    held = lines[-1] if lines else ""
    if " ".join(lines[:-1]) != _HEAD or len(held) != 2 * KEY_BYTES or set(held) - set("0123456789abcdef"):
        raise UsageError("the file is no key of fakedetect", where=str(path), hint="--key F")
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError("others may read the key", where=str(path), hint=f"chmod 600 {path}")
    return Pseudonyms(bytes.fromhex(held))


def load_or_make(path: Path) -> tuple[Pseudonyms, bool]:
    """The key in a file, and whether it was made just now: at random, readable by its owner only. Raises UsageError."""
    try:
        # O_EXCL: of two who start at once one makes the key, and nobody's is overwritten.
        held = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return load(path), False
    except OSError as error:
        raise UsageError(f"the key cannot be made: {error.strerror}", where=str(path), hint="--key F") from error
    with os.fdopen(held, "w", encoding="ascii") as file:
        file.write(f"{_HEAD}\n{secrets.token_hex(KEY_BYTES)}\n")
    return load(path), True
