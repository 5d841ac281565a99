"""Simulated pages of an agency's brands, audited: one ring is on the pages of two of them, a third page is clean and
not run by the agency, staff is declared, and people decided on an earlier audit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from audits import audit, table

from fakedetect.decisions import Decisions, Entry, Note, beside, fingerprint
from fakedetect.simulate import Campaign, Negative, PageSpec, SimulatedPage, page, write

HOSTILE = "=1+1 <img src=x onerror=alert(1)> {{7*7}}"
"""What one brand's folder is called."""
RING = 9
RING_SPEC = Campaign("tight_early", RING, participation=0.5, presence=0.9, gap_s=25.0)
SPEC = PageSpec(n_accounts=250, n_posts=60, lang="fr", start=dt.date(2024, 1, 8),
                negatives=(Negative("staff", 3), Negative("loyal_fans", 4)))
WHY = "I met them </td><script>alert(1)</script> at the fair"


@dataclass(frozen=True)
class Case:
    """Where things stand, and the truth. worked: brand -> posts (ids) that the ring worked on; declared: brand ->
    accounts; cleared: one of the ring that two people cleared on `earlier`; alone: one that a single person cleared
    there; innocent: one of --known-innocent."""

    brands: tuple[Path, Path]
    not_run: Path
    folder: Path
    earlier: Path
    known_innocent: Path
    ring: frozenset[str]
    worked: dict[str, frozenset[str]]
    declared: dict[str, frozenset[str]]
    cleared: str
    alone: str
    innocent: str

    @property
    def words(self) -> tuple[object, ...]:
        """What the audit was given, without --out."""
        return (*self.brands, "--agency", "--not-run", self.not_run, "--earlier", self.earlier, "--known-innocent",
                self.known_innocent)


def case(here: Path) -> Case:
    """Three pages, an earlier audit of the first with decisions, and the agency audit."""
    paths = {"lemonade": here / "lemonade", HOSTILE: here / HOSTILE, "neighbour": here / "neighbour"}
    later = replace(RING_SPEC, participation=0.4, first_share=0.25)
    pages = {
        "lemonade": page(replace(SPEC, campaigns=(RING_SPEC,), page_id="lemonade_page", name="Lemonade"), 5),
        HOSTILE: page(replace(SPEC, campaigns=(later,), page_id="</td>biscuit_page", name="Biscuits"), 6),
        "neighbour": page(replace(SPEC, page_id="neighbour_page", name="Neighbour"), 7),
    }
    ring = pages["lemonade"].campaigns[0]["accounts"]
    pages[HOSTILE] = renamed(pages[HOSTILE], dict(zip(pages[HOSTILE].campaigns[0]["accounts"], ring, strict=True)))
    for name, made in pages.items():
        write(made, paths[name])
    earlier = audit(here / "earlier", paths["lemonade"])
    suspects = table(earlier, "accounts").filter(pc.field("verdict") == "suspect")["author_id"].to_pylist()
    cleared, alone, innocent = suspects[:3]
    decide(earlier, cleared, alone)
    known = here / "known.txt"
    known.write_text(f"author_id\n{innocent}\nnobody\n", "utf-8")
    found = Case(
        (paths["lemonade"], paths[HOSTILE]), paths["neighbour"], here / "audit", earlier, known, frozenset(ring),
        {n: frozenset(p.campaigns[0]["posts"]) for n, p in pages.items() if p.campaigns},
        {n: frozenset(p.declared["author_id"].to_pylist()) for n, p in pages.items()}, cleared, alone, innocent)
    audit(found.folder, *found.words)
    return found


def decide(folder: Path, cleared: str, alone: str) -> None:
    """Ann clears two accounts, and Ben signs one of them off."""
    kept = Decisions(beside(folder), fingerprint(folder))
    said = kept.write("Ann", [Note("decision", "account", a, "cleared", WHY) for a in (cleared, alone)])
    assert isinstance(said, list) and isinstance(said[0], Entry)
    kept.write("Ben", [Note("signoff", "account", cleared, "agree", about=said[0].seq)])


def renamed(made: SimulatedPage, names: dict[str, str]) -> SimulatedPage:
    """The page with some accounts under the ids that they have elsewhere."""
    old, new = pa.array(list(names), pa.string()), pa.array(list(names.values()), pa.string())

    def again(held: pa.Table) -> pa.Table:
        column = held["author_id"].combine_chunks()
        there = new.take(pc.index_in(column, value_set=old))
        return held.set_column(held.column_names.index("author_id"), "author_id", pc.coalesce(there, column))

    return replace(made, comments=again(made.comments), accounts=again(made.accounts), truth=again(made.truth))
