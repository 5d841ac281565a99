"""The quality gate: which tests this data bears, before any is made (DESIGN section 4).

A refused test is named, with its reason and what would restore it. Thresholds refuse when in doubt: a
corrupted input may cost power, and never adds a flag.
"""

from fakedetect.quality.catalogue import OF_THE_WHOLE, REASONS, TEST_NAMES, TESTS, Test
from fakedetect.quality.gate import Quality, gate

__all__ = ["OF_THE_WHOLE", "REASONS", "TESTS", "TEST_NAMES", "Quality", "Test", "gate"]
