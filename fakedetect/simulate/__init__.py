"""Pages and review sites with known campaigns: to try the tool, to teach with, to train and to measure."""

from fakedetect.simulate.campaigns import FAMILIES, Family
from fakedetect.simulate.negatives import NEGATIVES, Kind
from fakedetect.simulate.page import page
from fakedetect.simulate.reviews import reviews
from fakedetect.simulate.reviews_campaigns import REVIEW_FAMILIES, ReviewFamily
from fakedetect.simulate.reviews_negatives import REVIEW_NEGATIVES, ReviewKind
from fakedetect.simulate.spec import Campaign, Negative, PageSpec, ReviewCampaign, ReviewSpec, SimulatedPage
from fakedetect.simulate.write import write

__all__ = [
    "FAMILIES",
    "NEGATIVES",
    "REVIEW_FAMILIES",
    "REVIEW_NEGATIVES",
    "Campaign",
    "Family",
    "Kind",
    "Negative",
    "PageSpec",
    "ReviewCampaign",
    "ReviewFamily",
    "ReviewKind",
    "ReviewSpec",
    "SimulatedPage",
    "page",
    "reviews",
    "write",
]
