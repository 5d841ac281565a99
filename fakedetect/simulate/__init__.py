"""Pages with known campaigns: to try the tool, to teach with, to train and to measure."""

from fakedetect.simulate.campaigns import FAMILIES, Family
from fakedetect.simulate.negatives import NEGATIVES, Kind
from fakedetect.simulate.page import page
from fakedetect.simulate.spec import Campaign, Negative, PageSpec, SimulatedPage
from fakedetect.simulate.write import write

__all__ = [
    "FAMILIES",
    "NEGATIVES",
    "Campaign",
    "Family",
    "Kind",
    "Negative",
    "PageSpec",
    "SimulatedPage",
    "page",
    "write",
]
