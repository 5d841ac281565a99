"""Erasing one account: nothing of it is left in any byte of the folder, or of a dossier made of it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import make_dossier
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from audits import hold, run, summary, table
from make_dossier import made

from fakedetect import output
from fakedetect.dossier import erase


def unpacked(path: Path) -> Iterator[tuple[str, str]]:
    """Every cell, file and entry below a path as text, tables and archives opened."""
    for p in [path] if path.is_file() else sorted(q for q in path.rglob("*") if q.is_file()):
        yield f"{p.name}, bytes", p.read_bytes().decode("utf-8", "replace")
        if p.suffix == ".parquet":
            held = pq.read_table(p)
            yield from ((f"{p.name}, {n}", json.dumps(held[n].to_pylist(), ensure_ascii=False, default=str))
                        for n in held.column_names)
        if p.suffix == ".zip":
            with zipfile.ZipFile(p) as inner:
                yield from ((f"{p.name}, {n}", inner.read(n).decode("utf-8")) for n in inner.namelist())


def spoken_of(case: make_dossier.Case, folder: Path) -> tuple[Path, str, str, set[str]]:
    """The audit with S01 spoken of everywhere: by others, in rejected rows, in a phrase, in a note. Gives the folder,
    its id and name, and the texts that only it wrote."""
    found = replace(output.read(case.folder), rejects=output.read_rejects(case.folder))
    row = next(r for r in found.accounts.to_pylist() if r["label"] == "S01")
    author, name = row["author_id"], "Zoé Lagarrigue-Ö"
    mine = pc.fill_null(pc.equal(found.comments["author_id"], author), False)
    named = pc.if_else(mine, name, found.comments["author_name"])
    texts = found.comments["text"].to_pylist()
    at = [i for i, m in enumerate(mine.to_pylist()) if not m][:4]
    for i, said in zip(at, (f"@{name} merci", f"merci {name.upper()} !", f"see {author}", f"1{author}2"), strict=True):
        texts[i] = said
    only = f"phrase that nobody else ever wrote {len(texts)}"
    texts[mine.to_pylist().index(True)] = only
    comments = found.comments
    for column, new in (("author_name", named), ("text", pa.array(texts, pa.string()))):
        comments = comments.set_column(comments.column_names.index(column), column, new)
    its = pc.if_else(pc.equal(found.accounts["author_id"], author), name, found.accounts["author_name"])
    accounts = found.accounts.set_column(found.accounts.column_names.index("author_name"), "author_name", its)
    groups = found.groups.to_pylist()
    groups[0]["phrases"] = [*(groups[0]["phrases"] or ()), only]
    rejects = pa.Table.from_pylist([{"source": "f", "row": 9, "reason": "duplicate row", "raw": json.dumps(
        {"author_id": author, "text": "twice"})}, {"source": "f", "row": 10, "reason": "r", "raw": "=kept"}],
        found.rejects.schema)
    counts = dict(found.summary["rows"])
    counts |= {k: counts[k] + 2 for k in ("read", "rejected")}
    note = {"code": "c", "text": f"of {name}", "fr": f"de {name}", "source": "f"}
    told = {**found.summary, "rows": counts, "notes": [note]}
    output.write(replace(found, comments=comments, accounts=accounts, rejects=rejects, summary=told,
                         groups=pa.Table.from_pylist(groups, found.groups.schema)), folder, {"report.html": name})
    theirs = set(comments.filter(mine)["text"].to_pylist()) - set(comments.filter(pc.invert(mine))["text"].to_pylist())
    # "merci" alone stands inside what others wrote.
    return folder, author, name, {t for t in theirs if t and len(t) > 15}


def test_nothing_of_an_erased_account_is_left_in_any_byte(case: make_dossier.Case, tmp_path: Path) -> None:
    folder, author, name, texts = spoken_of(case, tmp_path / "audit")
    own = {r["comment_id"] for r in table(folder, "comments").to_pylist() if r["author_id"] == author}
    before = {where for where, text in unpacked(folder) if author in text or name in text}
    assert {"accounts.parquet, author_id", "comments.parquet, text", "edges.parquet, author_a", "rejects.csv, bytes",
            "network.gexf, bytes", "report.html, bytes", "summary.json, bytes"} <= before
    old = table(folder, "groups")["group_id"].to_pylist()
    run("erase", folder, "S01", "-q")
    out = made(folder, tmp_path / "c.zip", case.key, "--exhibits", "verbatim", "--names")
    words = {name, name.upper(), *texts, *own, *(f'"{g}"' for g in old)}
    for where, text in [*unpacked(folder), *unpacked(out)]:
        assert not [w for w in words if w in text], where
        # An id inside a longer number is another id.
        assert author not in text.replace(f"1{author}2", ""), where
    hold(folder)
    kept = table(folder, "comments")["text"].to_pylist()
    assert {"@erased merci", "merci erased !", "see erased", f"1{author}2"} <= set(kept)
    assert {r["raw"] for r in output.read_rejects(folder).to_pylist()} == {"erased", "'=kept"}


def test_counts_and_tombstone(case: make_dossier.Case, tmp_path: Path) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    before = summary(folder)
    row = next(r for r in table(folder, "accounts").to_pylist() if r["label"] == "S01")
    run("erase", folder, row["author_id"], "--on", "2026-03-04", "-q")
    after, told = summary(folder), json.loads((folder / "manifest.json").read_text("utf-8"))
    assert after["accounts"]["suspect"] == before["accounts"]["suspect"] - 1
    assert after["accounts"]["total"] == before["accounts"]["total"] - 1
    assert after["rows"]["scored"] == before["rows"]["scored"] - row["n_comments"]
    assert after["erased"] == {"accounts": 1, "comments": row["n_comments"]}
    group, = table(folder, "groups").to_pylist()
    members = [r for r in table(folder, "accounts").to_pylist() if r["group_id"] == group["group_id"]]
    assert group["n_accounts"] == len(members) > 1
    stone, = told["erasures"]
    assert (stone["accounts"], stone["comments"], stone["on"]) == (1, row["n_comments"], "2026-03-04")
    assert stone["groups"] == [group["group_id"]] and row["author_id"] not in json.dumps(told)
    run("explain", folder, "S01", expect=3)
    run("erase", folder, "S02", "-q")
    stones = json.loads((folder / "manifest.json").read_text("utf-8"))["erasures"]
    assert len(stones) == 2 and stones[0]["groups"] == stones[1]["groups"]


def test_a_group_whose_last_account_is_erased_goes(case: make_dossier.Case, tmp_path: Path) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    found = replace(output.read(folder), rejects=output.read_rejects(folder))
    for r in [r for r in found.accounts.to_pylist() if r["group_id"] is not None]:
        found, _ = erase.without(found, r["author_id"])
    assert found.groups.num_rows == found.edges.num_rows == found.summary["groups"] == 0


def test_an_account_named_like_a_word_of_the_tool_harms_nothing(case: make_dossier.Case) -> None:
    found = replace(output.read(case.folder), rejects=output.read_rejects(case.folder))
    row = found.accounts.to_pylist()[-1]
    for name in ("suspect", "comments", "closeness", "total"):
        names = pc.if_else(pc.equal(found.accounts["author_id"], row["author_id"]), name, found.accounts["author_name"])
        at = found.accounts.column_names.index("author_name")
        left, done = erase.without(replace(found, accounts=found.accounts.set_column(at, "author_name", names)),
                                   row["author_id"])
        assert done.mentions == 0
        assert left.accounts["verdict"].to_pylist() == found.accounts["verdict"].to_pylist()[:-1]
        assert left.groups.equals(found.groups) and set(found.summary) <= set(left.summary)


@pytest.mark.parametrize("place", ["inside", "beside"])
def test_a_file_of_others_that_names_the_account_is_told_and_nothing_done(
        case: make_dossier.Case, tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    row = next(r for r in table(folder, "accounts").to_pylist() if r["label"] == "S01")
    path = folder / "notes" / "my.txt" if place == "inside" else tmp_path / "audit.review.sqlite"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"I know {row['author_id']}")
    run("erase", folder, "S01", expect=3)
    assert path.name in capsys.readouterr().err
    assert row["author_id"] in table(folder, "accounts")["author_id"].to_pylist()
    path.write_text("nothing")
    run("erase", folder, "S01", "-q")
    assert path.read_text() == "nothing"
    assert row["author_id"] not in table(folder, "accounts")["author_id"].to_pylist()


def test_the_inputs_that_still_hold_it_are_named(case: make_dossier.Case, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    run("erase", folder, "S01")
    assert str(case.dump / "comments.csv") in capsys.readouterr().out
    run("erase", folder, "S01", expect=3)
    run("erase", folder, "nobody at all", expect=3)
