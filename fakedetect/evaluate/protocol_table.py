"""What the protocol measured, as Markdown for people and as plain data for scripts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from fakedetect.evaluate import metrics
from fakedetect.evaluate.mixed import FAMILIES
from fakedetect.evaluate.protocol import PREVALENCES, Figures, Report

SPLITS = {
    "page": "Pages left out",
    "mechanism": "Mechanisms left out, on pages left out",
    "platform": "Platforms left out",
    "time": "Forward in time",
}
Strata = dict[tuple[str, str], dict[str, int]]


def as_data(report: Report) -> dict[str, Any]:
    """The report as what JSON holds; verdicts as rows."""
    data = asdict(report)
    data["verdicts"] = [{"stratum": s, "value": v, "campaign": c, "verdict": w, "accounts": n}
                        for (s, v, c, w), n in sorted(report.verdicts.items())]
    for figure in data["figures"]:
        figure["at"] = {str(share): list(values) for share, values in figure["at"].items()}
    return _finite(data)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def markdown(report: Report) -> str:
    """The whole report, one table after the other."""
    lines = [f"Protocol {report.text_hash[:16]}; {report.n_pages} real pages, {report.n_runs} plantings, "
             + ", ".join(f"{name} {value}" for name, value in report.facts.items()), ""]
    for split, title in SPLITS.items():
        figures = [f for f in report.figures if f.split == split]
        if figures:
            lines += [f"## {title}", "", *_scores(figures), "", *_families(figures), "", *_calibration(figures), ""]
    if report.difference is not None:
        gain, low, high = report.difference
        better = "better: it ships" if low > 0 else "not better by more than the interval: `simulated` stays"
        lines += [f"Fitted less simulated, a platform left out: {gain:+.3f} ({low:+.3f} to {high:+.3f}); {better}.", ""]
    right, constant = report.origin
    if not math.isnan(right):
        lines += [(f"A tree of depth 3 tells the dump of {right:.2f} of organic accounts "
                  f"(the best constant: {constant:.2f})."), ""]
    if report.stability:
        lines += ["## Stability: overlap of the suspects of two trainings", "", *_stability(report.stability), ""]
    return "\n".join([*lines, "## Campaigns, by the shipped model's verdicts", "", *_campaigns(report.verdicts), "",
                      "## Innocents, by the shipped model's verdicts", "", *_innocents(report.verdicts)])


def _scores(figures: list[Figures]) -> Iterator[str]:
    shares = [f"AP at {100 * share:g} %" for share in PREVALENCES]
    yield f"| model | AP (95 %) | {' | '.join(shares)} | recall at FDR 5 % / 10 %, 0.1 % |"
    yield "|---|---|" + "---|" * (len(shares) + 1)
    for f in figures:
        at = [f"{f.at[share][0]:.3f}" for share in PREVALENCES]
        recall = f.at[0.001]
        yield (f"| {f.model} | {f.ap:.3f} ({f.low:.3f} to {f.high:.3f}) | {' | '.join(at)} | "
               f"{recall[1]:.2f} / {recall[2]:.2f} |")


def _families(figures: list[Figures]) -> Iterator[str]:
    known = [f for f in FAMILIES if any(f in one.families for one in figures)]
    yield f"| average precision | {' | '.join(known)} | mean |"
    yield "|---|" + "---|" * (len(known) + 1)
    for f in figures:
        values = [f.families[k] for k in known if k in f.families]
        cells = [f"{f.families[k]:.2f}" if k in f.families else "" for k in known]
        yield f"| {f.model} | {' | '.join(cells)} | {sum(values) / max(len(values), 1):.3f} |"


def _calibration(figures: list[Figures]) -> Iterator[str]:
    yield ("| model | slope at .1 % | Brier skill | slope at 1 % | Brier skill | "
           "bins above .1, at 1 %: said, seen (95 %) |")
    yield "|---|---|---|---|---|---|"
    for f in figures:
        if math.isnan(f.at[0.01][4]):
            continue
        cells = [f"{value:.2f}" if not math.isnan(value) else ""
                 for share in (0.001, 0.01) for value in f.at[share][3:5]]
        bins = "; ".join(f"{said:.2f}, {seen:.2f} ({low:.2f} to {high:.2f})" for said, seen, low, high, _ in f.bins)
        yield f"| {f.model} | {' | '.join(cells)} | {bins} |"


def strata(verdicts: Counter[tuple[str, str, bool, str]]) -> Strata:
    """Innocent accounts by (stratum, value): how many, how many suspects, how many for review."""
    out: Strata = {}
    for (stratum, value, campaign, verdict), n in sorted(verdicts.items()):
        if not campaign:
            cell = out.setdefault((stratum, value), {"accounts": 0, "suspect": 0, "review": 0})
            cell["accounts"] += n
            if verdict in cell:
                cell[verdict] += n
    return out


def _stability(found: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    yield "| campaigns | Jaccard, mean | least |"
    yield "|---|---|---|"
    for kind in ("all", *(f for f in FAMILIES if f in found)):
        if kind in found:
            mean, least = found[kind]
            yield f"| {kind} | {mean:.2f} | {least:.2f} |"


def _campaigns(verdicts: Counter[tuple[str, str, bool, str]]) -> Iterator[str]:
    yield "| campaign | accounts | suspect | or review |"
    yield "|---|---|---|---|"
    for family in FAMILIES:
        mine = {v: n for (stratum, kind, campaign, v), n in verdicts.items()
                if stratum == "kind" and kind == family and campaign}
        n = sum(mine.values())
        if n:
            named, beside = mine.get("suspect", 0), mine.get("review", 0)
            yield f"| {family} | {n:,} | {named / n:.2f} | {(named + beside) / n:.2f} |"


def _innocents(verdicts: Counter[tuple[str, str, bool, str]]) -> Iterator[str]:
    found = strata(verdicts)
    overall = [c for (stratum, _), c in found.items() if stratum == "platform"]
    n, hits = sum(c["accounts"] for c in overall), sum(c["suspect"] for c in overall)
    yield "| stratum | accounts | suspect | review | suspects per 10,000 (95 % at most) | to the overall rate |"
    yield "|---|---|---|---|---|---|"
    for (stratum, value), c in found.items():
        ratio = (c["suspect"] / c["accounts"]) / (hits / n) if hits else float("nan")
        most = metrics.upper(c["suspect"], c["accounts"])
        yield (f"| {stratum}: {value} | {c['accounts']:,} | {c['suspect']} | {c['review']} | "
               f"{1e4 * c['suspect'] / c['accounts']:.2f} ({1e4 * most:.2f}) | "
               f"{'' if math.isnan(ratio) else f'{ratio:.1f}'} |")
    yield f"| all | {n:,} | {hits} | | {1e4 * hits / max(n, 1):.2f} ({1e4 * metrics.upper(hits, n):.2f}) | |"
