"""fakedetect finds fake engagement and astroturfing in exported comment dumps.

>>> import fakedetect
>>> dump = fakedetect.read("data/sample_page")          # doctest: +SKIP
>>> audit = fakedetect.audit(dump)                      # doctest: +SKIP
>>> audit.accounts.to_pandas()                          # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fakedetect.model.classifier import AccountClassifier
    from fakedetect.outcome import Options
    from fakedetect.pipeline import audit, read
    from fakedetect.schema import Audit, Dump

__version__ = "0.1.0"
__all__ = ["AccountClassifier", "Audit", "Dump", "Options", "audit", "read"]

_HOME = {"AccountClassifier": "model.classifier", "Audit": "schema", "Dump": "schema", "Options": "outcome",
         "audit": "pipeline", "read": "pipeline"}


def __getattr__(name: str) -> Any:
    """Names load where they are used, so that `import fakedetect` (and `--help`) stays quick."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
