"""Pictures of the protocol's results: `python benchmarks/pictures.py protocol.json docs/pictures`.

protocol.json: what `fakedetect evaluate protocol DUMP... --json` prints. Needs the extra `pictures` (matplotlib). The
same file gives the same pictures.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from fakedetect.evaluate import metrics
from fakedetect.evaluate.mixed import FAMILIES

mpl.use("svg")
plt.rcParams.update({"svg.hashsalt": "fakedetect", "svg.fonttype": "none", "font.family": "sans-serif",
                     "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
                     "grid.color": "#e3e3e3", "axes.axisbelow": True, "figure.facecolor": "white"})
INK, ACCENT, WARM, COLD, PALE = "#222222", "#0b6e8f", "#c2571a", "#6a6a6a", "#b9b9b9"
SPLITS = {"page": ("pages left out", ACCENT, "o"), "platform": ("platform left out", INK, "s"),
          "mechanism": ("mechanism left out", WARM, "D")}
CONTROLS = {"best single feature": "v", "tree of depth 3": "^", "timing alone": "x"}
AIM_MEAN, AIM_EACH, AIM_RATE = 0.90, 0.60, 1e-3


def _of(data: dict[str, Any], split: str, model: str) -> dict[str, Any] | None:
    found = [f for f in data["figures"] if f["split"] == split and f["model"] == model]
    return found[0] if found else None


def families(data: dict[str, Any], at: Axes) -> None:
    """Average precision by family: three splits, and three controls on pages left out."""
    names = [f for f in FAMILIES if f in _of(data, "page", "fitted")["families"]]
    rows = range(len(names))
    for model, marker in CONTROLS.items():
        value = _of(data, "page", model)["families"]
        at.scatter([value[n] for n in names], rows, marker=marker, color=PALE, s=28, label=f"{model}, pages left out")
    for split, (label, colour, marker) in SPLITS.items():
        found = _of(data, split, "fitted")
        if found:
            at.scatter([found["families"].get(n) for n in names], rows, marker=marker, color=colour, s=36, label=label)
    at.axvline(AIM_EACH, color=COLD, lw=0.8, ls=":")
    at.set_yticks(list(rows), [n.replace("_", " ") for n in names])
    at.invert_yaxis()
    at.set_xlim(-0.03, 1.03)
    at.set_xlabel("average precision (dotted: what no mechanism left out may fall below)")
    at.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.45, -0.12), ncols=2)


def prevalence(data: dict[str, Any], at: Axes) -> None:
    """Average precision where suspects are rare: the classifier and what could explain it away."""
    shown = [("page", "fitted", "pages left out", ACCENT, "-o"), ("platform", "fitted", "platform left out", INK, "-s"),
             ("platform", "simulated, same examples", "platform left out, simulated only", COLD, "--s"),
             ("mechanism", "fitted", "mechanism left out", WARM, "-D"),
             ("page", "best single feature", "best single feature", PALE, "-v"),
             ("page", "tree of depth 3", "tree of depth 3", PALE, "-^"),
             ("page", "text alone", "text alone", PALE, ":x"), ("page", "profile alone", "profile alone", PALE, ":+")]
    for split, model, label, colour, style in shown:
        found = _of(data, split, model)
        if found:
            share = sorted(found["at"], key=float)
            at.plot([100 * float(s) for s in share], [found["at"][s][0] for s in share], style, color=colour,
                    label=label, ms=5, lw=1.4)
    at.set_xscale("log")
    at.set_ylim(-0.03, 1.03)
    at.set_xticks([0.01, 0.1, 1], ["0.01 %", "0.1 %", "1 %"])
    at.set_xlabel("campaign accounts among all")
    at.set_ylabel("average precision")
    at.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.45, -0.14), ncols=2)


def reliability(data: dict[str, Any], at: Axes) -> None:
    """What the probabilities above .1 say at 1 %, and what is seen, with the interval."""
    at.plot([0, 1], [0, 1], color=PALE, lw=1)
    for k, (split, (label, colour, marker)) in enumerate(SPLITS.items()):
        found = _of(data, split, "fitted")
        for j, (said, seen, low, high, _) in enumerate(found["bins"] if found else []):
            x = said + 0.012 * (k - 1)
            at.plot([x, x], [low, high], color=colour, lw=1.2)
            at.plot(x, seen, marker, color=colour, ms=6, label=label if j == 0 else None)
    at.set_xlim(0, 1.03)
    at.set_ylim(-0.03, 1.03)
    at.set_xlabel("probability said (mean of the bin), campaign accounts 1 % of all")
    at.set_ylabel("share of campaign accounts seen")
    at.legend(frameon=False, fontsize=8, loc="upper left")


def innocents(data: dict[str, Any], at: Axes) -> None:
    """Suspects among innocents by stratum, as an upper bound."""
    count: dict[str, list[int]] = {}
    for row in data["verdicts"]:
        if not row["campaign"] and row["stratum"] in ("kind", "language", "activity", "account age"):
            name = row["value"] if row["stratum"] == "kind" else f"{row['stratum']}: {row['value']}"
            cell = count.setdefault(name.replace("_", " "), [0, 0])
            cell[0] += row["accounts"]
            cell[1] += row["accounts"] * (row["verdict"] == "suspect")
    names = sorted(count, key=lambda n: metrics.upper(count[n][1], count[n][0]))
    for k, name in enumerate(names):
        n, hits = count[name]
        bound = 1e4 * metrics.upper(hits, n)
        at.plot([0.001, bound], [k, k], color=PALE, lw=1)
        at.plot(bound, k, "<", color=ACCENT if bound <= 1e4 * AIM_RATE else WARM, ms=6)
        if hits:
            at.plot(1e4 * hits / n, k, "o", color=WARM, ms=5)
    at.axvline(1e4 * AIM_RATE, color=COLD, lw=0.8, ls=":")
    at.set_xscale("log")
    at.set_xlim(0.005, 100)
    at.set_xticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    at.set_yticks(range(len(names)), [f"{n} ({count[n][0]:,}, {count[n][1]})" for n in names], fontsize=8)
    at.set_xlabel("suspects per 10,000 innocents, at most (95 %); dotted: the aim\nin brackets: accounts, suspects")


PICTURES = {"families": (families, (7.5, 5.2)), "prevalence": (prevalence, (6.5, 4.8)),
            "reliability": (reliability, (5.6, 4.6)), "innocents": (innocents, (7.5, 7.0))}


def main(source: Path, folder: Path) -> None:
    """Write one SVG a picture into `folder`."""
    data = json.loads(source.read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, (draw, size) in PICTURES.items():
        figure, at = plt.subplots(figsize=size, layout="constrained")
        draw(data, at)
        figure.savefig(folder / f"classifier-{name}.svg", metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
