"""An audit under review: its tables, what was decided on it, and who is called what in an address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fakedetect import output, pipeline
from fakedetect.decisions import Decisions, Standing
from fakedetect.report.view import Row, View
from fakedetect.schema import Audit
from fakedetect.words import LANGS, Lang

FLAGGED = ("suspect", "review")


@dataclass(frozen=True)
class Case:
    """One audit folder. names: show the accounts' names beside their labels."""

    folder: Path
    audit: Audit
    decisions: Decisions
    names: bool = False

    @classmethod
    def open(cls, folder: str | Path, names: bool = False) -> Case:
        """The audit in `folder` and the decisions beside it. Raises InputError where either cannot be trusted."""
        audit = output.read(folder)
        return cls(Path(folder), audit, Decisions.of_audit(folder), names)

    @cached_property
    def views(self) -> dict[Lang, View]:
        """The audit prepared for reading, in each language."""
        return {lang: pipeline.view(self.audit, lang=lang, names=self.names) for lang in LANGS}

    @cached_property
    def labels(self) -> dict[str, str]:
        """author_id -> label."""
        columns = (self.audit.accounts[c].to_pylist() for c in ("author_id", "label"))
        return dict(zip(*columns, strict=True))

    @cached_property
    def authors(self) -> dict[str, str]:
        """label -> author_id. Labels are what stands in addresses: letters and digits, whatever the id is."""
        return {label: author for author, label in self.labels.items()}

    @cached_property
    def verdicts(self) -> dict[str, str]:
        """author_id -> verdict."""
        columns = (self.audit.accounts[c].to_pylist() for c in ("author_id", "verdict"))
        return dict(zip(*columns, strict=True))

    @cached_property
    def group_of(self) -> dict[str, str | None]:
        """author_id -> its group."""
        columns = (self.audit.accounts[c].to_pylist() for c in ("author_id", "group_id"))
        return dict(zip(*columns, strict=True))

    @cached_property
    def groups(self) -> list[Row]:
        """Rows of the groups, rarest first."""
        rows = self.audit.groups.to_pylist()
        return sorted(rows, key=lambda r: (r["q_value"], r["p_value"], str(r["group_id"])))

    @cached_property
    def flagged(self) -> list[str]:
        """Suspects, then those to check by hand, each in the report's order."""
        view = self.views["en"]
        return [row["author_id"] for verdict in FLAGGED for row in view.accounts_with(verdict)]

    def to_decide(self, standings: dict[tuple[str, str], Standing]) -> list[str]:
        """The flagged accounts, then those about which somebody entered something."""
        flagged = set(self.flagged)
        others = sorted((s for k, s in standings if k == "account" and s in self.labels and s not in flagged),
                        key=lambda a: self.labels[a])
        return [*self.flagged, *others]
