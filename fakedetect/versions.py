"""Versions of what decides a result, for summary and manifest."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

DECIDING = ("fakedetect", "numpy", "scipy", "pyarrow", "duckdb", "lightgbm", "scikit-learn", "numba")


def versions() -> dict[str, str]:
    """Name -> version; `python` and `machine` (the CPU architecture) beside the libraries."""
    out = {"python": platform.python_version(), "machine": platform.machine()}
    for name in DECIDING:
        try:
            out[name] = version(name)
        except PackageNotFoundError:  # run from a checkout that was not installed
            out[name] = "not installed"
    return out
