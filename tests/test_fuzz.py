"""A short run of tests/fuzz_readers.py; the long one is made by hand (docs/measured.md)."""

from __future__ import annotations

import fuzz_readers


def test_mutated_exports_are_read_or_refused() -> None:
    findings, outcomes, _ = fuzz_readers.run(range(600))
    assert findings == []
    assert outcomes["read"] > 100 and outcomes["InputError"] > 20 and len(outcomes) >= 4
