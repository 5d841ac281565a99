"""Every kind of evidence has its words in a dossier; its error rates are those that were measured."""

from __future__ import annotations

from fakedetect import measured
from fakedetect.dossier import hypotheses, rates
from fakedetect.relate import SHARE_OF_GATE, SHARE_OF_GATE_REVIEWS


def test_its_rates_are_the_measured_ones() -> None:
    held = {kind: [rows for *_, rows in told] for kind, told in rates.TABLES.items()}
    assert held == {"comments": [measured.GATE, measured.INNOCENT, measured.FANS, measured.FOUND],
                    "reviews": [measured.SITES_CLEAN, measured.SITES_FOUND]}


def test_every_kind_of_evidence_has_its_statistic_null_and_innocent_explanations() -> None:
    assert set(hypotheses.EVIDENCE) == hypotheses.ANY
    for kind in hypotheses.EVIDENCE:
        codes = {h.code for h in hypotheses.of({kind})}
        assert {"chance", "coordinated", "staff", "artefact"} < codes
    assert {*SHARE_OF_GATE, *SHARE_OF_GATE_REVIEWS} <= set(hypotheses.EVIDENCE)
