"""What can go wrong, as one family. The exit code of the command line stands on the class.

FakedetectError                 1  a fault of ours
├── ContractError               1  an output that would break its own contract
├── UsageError                  2  the words typed do not fit together
├── InputError                  3  the input cannot be read, or is not what it should be
│   ├── OwnerOnlyExport         3  one person's own comments, not a page's
│   ├── PostsOnlyFile           3  posts without comments: a companion, not a dump
│   └── TruncatedInput          3  a file that ends too early (only with --strict)
├── ModelError                  4  a model directory that is missing, changed or does not fit
└── EngineError                 5  the engine that runs the queries
"""

from __future__ import annotations


class FakedetectError(Exception):
    """Something the user can act on: what happened, where, and what to try."""

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\n  try: {self.hint}" if self.hint else ""
        return f"{place}{self.what}{hint}"


class ContractError(FakedetectError):
    """An output that would break its own contract; nothing was written."""


class UsageError(FakedetectError):
    """Options or arguments that do not fit together."""

    exit_code = 2


class InputError(FakedetectError):
    """An input that cannot be read, or is not what it should be."""

    exit_code = 3


class OwnerOnlyExport(InputError):
    """An export of one person's own comments: it holds nobody else, so nobody can be compared."""


class PostsOnlyFile(InputError):
    """A list of posts without comments: a companion file (--posts), not a dump."""


class TruncatedInput(InputError):
    """A file that ends too early, and --strict was asked for."""


class ModelError(FakedetectError):
    """A model directory that is missing, was changed, or was made for other features."""

    exit_code = 4


class EngineError(FakedetectError):
    """The engine that runs the queries could not start or finish."""

    exit_code = 5
