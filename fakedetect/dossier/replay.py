"""A dossier run again from its inputs: what was fed in, what it ran on, and whether the same comes out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fakedetect import __version__, agency, features, output, pipeline, shipped, versions
from fakedetect.compare import earlier as before
from fakedetect.dossier import build, compare, decided, erase, facts
from fakedetect.dossier.pseudonyms import Plain, Pseudonyms
from fakedetect.dossier.tables import Inputs, from_csv
from fakedetect.dossier.verify import Case
from fakedetect.errors import InputError, UsageError
from fakedetect.readers import ReadOptions
from fakedetect.schema import Audit, Dump

SIDES = ("posts", "accounts", "declared", "businesses")


@dataclass
class Replay:
    """What a replay found. `same` where nothing differs but rounding and what the tombstones explain."""

    fingerprint: str
    environment: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What it runs on -> (in the dossier, here), where they differ."""
    erased: int = 0
    """Accounts that the inputs hold and the dossier does not, as its tombstones say."""
    unexplained: str = ""
    """Where tombstones and missing accounts do not agree."""
    tables: list[compare.Difference] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    """Keys of the summary that differ."""
    decisions: int = 0
    """Entries of people in the dossier. Nothing can compute them: they are taken as they stand there."""
    files: dict[str, bool] | None = None
    """With the key: file -> whether its bytes are the same, the decisions left out. None without it."""
    zip_same: bool | None = None
    """With the key: whether the whole archive is the same, byte by byte."""

    @property
    def same(self) -> bool:
        """Whether the dossier came out again. Bytes may differ where the software is another, or numbers are rounded
        otherwise: the pages state both."""
        told = bool(self.environment) or any(d.rounded for d in self.tables)
        bytes_same = self.files is None or all(self.files.values()) or told
        return not self.unexplained and not self.summary and all(d.same for d in self.tables) and bytes_same

    @property
    def identical(self) -> bool:
        """Whether every byte came out again."""
        return self.same and self.zip_same is True


def replay(path: Path, dumps: Sequence[str], *, key: Pseudonyms | None = None, sides: Mapping[str, Path | None],
           known_innocent: tuple[str, ...] = (), earlier: Sequence[Path] = (), model: Path | None = None,
           progress: Callable[[str, int, int], None] = lambda *_: None) -> Replay:
    """Run the dossier in `path` again. sides: posts, accounts, declared, businesses -> file, as the audit was given;
    earlier: folders of the earlier audits whose decisions it respected.

    Raises InputError where the dossier was changed, or an input is another than it names; UsageError where the key is
    another, or a file that the audit was given is not; and what reading and auditing raise.
    """
    case = Case(path)
    told = case.json(build.MANIFEST)
    if key is not None and key.fingerprint != told["pseudonyms"]["key_fingerprint"]:
        raise UsageError("the key is not the one that this dossier was made with",
                         where=f"{key.fingerprint[:12]}, where {told['pseudonyms']['key_fingerprint'][:12]} is due",
                         hint="--key F, the file that was made with the dossier")
    options = _options(told, sides, known_innocent, model)
    dump = _read(told, dumps, sides, len(case.verified.tombstones))
    options = replace(options, earlier=before.read(earlier, dump, told["options"].get("earlier") or ()))
    found = Replay(case.verified.fingerprint, _environment(told, model))
    fresh = _as_packed(pipeline.audit(dump, options, progress=progress), told, case)
    fresh = _erased(fresh, case, found)
    choice = facts.choice_of(told)
    naming = key or Plain()
    people = case.json(decided.NAME) if told.get("decisions") else None
    found.decisions = len(people["entries"]) if people else 0
    made = build.content(fresh, naming, key.fingerprint if key else "", choice, people)
    made = replace(made, tombstones=case.verified.tombstones)
    pieces = dict(made.files)
    if key is not None:
        theirs = {m.name: m.sha256 for m in case.verified.files}
        ours = {name: build.digest(get()) for name, get in made.files}
        found.files = {n: theirs.get(n) == ours.get(n) for n in sorted({*theirs, *ours} - {decided.NAME})}
        with tempfile.TemporaryFile() as file:
            build.pack(made, file, __version__)
            found.zip_same = _same_bytes(file, path)
    names = [m.name for m in case.verified.files if m.name.endswith(".csv") and m.name != build.NAMES]
    tables = {n: n.removeprefix("tables/").removesuffix(".csv") for n in names}
    # With the key, tables of equal bytes need no second look.
    differing = {n: t for n, t in tables.items() if found.files is None or not found.files[n]}
    found.tables = compare.compare({t: from_csv(case.content(n)) for n, t in differing.items()},
                                   {t: from_csv(b"".join(pieces[n]())) for n, t in differing.items() if n in pieces},
                                   keyed=key is not None)
    found.summary = _differing(case.json(build.SUMMARY), json.loads(b"".join(pieces[build.SUMMARY]())), key is not None)
    return found


def _options(told: Mapping[str, Any], sides: Mapping[str, Path | None], known: tuple[str, ...],
             model: Path | None) -> pipeline.Options:
    """The options of the audit. Raises UsageError where a file it was given is lacking."""
    given = {**sides, "known-innocent": known or None, "model": model}
    wanted = {side: told["reading"].get(side) for side in SIDES} | {
        "known-innocent": told["options"]["known_innocent"], "model": told["options"]["model"]}
    for name, value in wanted.items():
        if value is not None and given[name] is None:
            raise UsageError(f"the audit was given --{name}, the replay is not", where=str(value),
                             hint=f"--{name} FILE, the same one")
        if value is None and given[name] is not None:
            raise UsageError(f"the audit was not given --{name}", where=str(given[name]), hint=f"leave --{name} out")
    own = told["options"]
    return pipeline.Options(fdr=own["fdr"], page_alpha=own["page_alpha"], base_rate=own["base_rate"],
                            known_innocent=known, model=str(model) if model else None, memory=own["memory"],
                            seed=own["seed"])


def _read(told: Mapping[str, Any], dumps: Sequence[str], sides: Mapping[str, Path | None], n_erased: int) -> Dump:
    """The inputs, read as the audit read them. Raises InputError that names each input which is another."""
    how = told["reading"]
    names: dict[str, list[str]] = {}
    for f in told["inputs"]:
        names.setdefault(f["sha256"], []).append(f["name"])
    dump = pipeline.read(list(dumps), options=ReadOptions(fmt=how["format"], map=how["map"], strict=how["strict"],
                                                          **{s: sides[s] for s in SIDES}),
                         zone=how["zone"], naive_zone=how["naive_zone"], kind=how["kind"], names=names,
                         brands=agency.from_manifest(how.get("agency") or ()))
    due = {f["sha256"]: f for f in told["inputs"]}
    strange = [f"{name} has SHA-256 {digest}, which no input of the dossier has"
               for name, digest in dump.sources.items() if digest not in due]
    lacking = [f"{f['input']} ({f['name']}, SHA-256 {digest}) is not among the files given"
               for digest, f in due.items() if digest not in dump.sources.values()]
    if strange or lacking:
        hint = "give the very files of the audit, the folder as it was"
        if n_erased:
            hint += "; the dossier tells of erased accounts: where the input was erased too, it cannot be replayed"
        raise InputError("the inputs are not those of the dossier: " + "; ".join([*strange, *lacking]), hint=hint)
    return dump


def _environment(told: Mapping[str, Any], model: Path | None) -> dict[str, tuple[str, str]]:
    """What this runs on and the dossier did not."""
    here = versions.versions()
    out = {n: (told["versions"].get(n, "–"), here.get(n, "–")) for n in sorted({*here, *told["versions"]})}
    out["model"] = (told["model"], pipeline.load_model(model).fingerprint)
    out["features"] = (told["features"], features.fingerprint())
    out["requirements.lock"] = (told["lock"]["sha256"], shipped.lock()["sha256"])
    out["engine"] = (told["options"]["engine"], "duckdb")
    out["packed with"] = (told["packed_with"], __version__)
    return {n: pair for n, pair in out.items() if pair[0] != pair[1]}


def _as_packed(audit: Audit, told: Mapping[str, Any], case: Case) -> Audit:
    """The new audit with what is no result of it: how its inputs were called on the command line, until when it is
    kept, what was erased."""
    manifest = json.loads(output.to_json(audit.manifest))
    manifest["reading"] = told["reading"]
    manifest["options"]["model"] = told["options"]["model"]
    manifest["erasures"] = [dict(t) | {"groups": []} for t in case.verified.tombstones]
    if told["retention"]["audit"] is not None:
        manifest["retention"] = told["retention"]["audit"]
    return replace(audit, manifest=manifest)


def _erased(audit: Audit, case: Case, found: Replay) -> Audit:
    """The new audit without the accounts of which the dossier holds no comment, if its tombstones tell of them."""
    stones = case.verified.tombstones
    if not stones:
        return audit
    rows = from_csv(case.content("tables/comments.csv"))
    at = [rows[0].index(c) for c in ("input", "row")]
    there = {(r[at[0]], r[at[1]]) for r in rows[1:]}
    inputs = Inputs.of(audit)
    seen: dict[str, int] = {}
    gone: dict[str, int] = {}
    columns = (audit.comments[c].to_pylist() for c in ("author_id", "source", "row"))
    for author, source, row in zip(*columns, strict=True):
        if author is not None:
            seen[author] = seen.get(author, 0) + 1
            if (inputs.label(source), "" if row is None else str(row)) not in there:
                gone[author] = gone.get(author, 0) + 1
    whole = sorted(a for a, n in gone.items() if n == seen[a])
    due, counted = sum(t["accounts"] for t in stones), sorted(t["comments"] for t in stones)
    if len(whole) != due or sorted(gone[a] for a in whole) != counted:
        found.unexplained = (f"the tombstones tell of {due} accounts with {counted} comments; "
                             f"{len(whole)} with {sorted(gone[a] for a in whole)} are missing")
    found.erased = len(whole)
    for author in whole:
        audit, _ = erase.without(audit, author)
    return audit


def _differing(theirs: Mapping[str, Any], ours: Mapping[str, Any], keyed: bool) -> list[str]:
    """Keys of the summary that differ; versions and model are told apart. Without the key, pages are left out."""
    def told(summary: Mapping[str, Any]) -> dict[str, Any]:
        out = {k: v for k, v in summary.items() if k not in ("versions", "model")}
        if not keyed and "agency" in out:
            brands = [{k: v for k, v in b.items() if k != "page_ids"} for b in out["agency"]["brands"]]
            out["agency"] = dict(out["agency"]) | {"brands": brands}
        if not keyed:
            out["refused"] = [{k: v for k, v in r.items() if k != "page"} for r in out["refused"]]
        return out

    a, b = told(theirs), told(ours)
    return [k for k in sorted({*a, *b}) if not _alike(a.get(k), b.get(k))]


def _alike(a: Any, b: Any) -> bool:
    """Equal, numbers to a relative 1e-9."""
    if isinstance(a, dict) and isinstance(b, dict):
        return set(a) == set(b) and all(_alike(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_alike(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) or isinstance(b, float):
        return a == b or (a is not None and b is not None and compare.near(repr(a), repr(b)))
    return bool(a == b)


def _same_bytes(file: Any, path: Path) -> bool:
    file.seek(0)
    with path.open("rb") as other:
        while True:
            a, b = file.read(1 << 20), other.read(1 << 20)
            if a != b:
                return False
            if not a:
                return True
