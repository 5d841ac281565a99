"""Erasing one account: nothing of it is left in any byte of the folder, or of a dossier made of it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import make_dossier
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from audits import hold, run, summary, table
from make_dossier import made, spoken_of, unpacked

from fakedetect import output, spill
from fakedetect.dossier import erase


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
    # The lift of the first hour is counted from what is left, like the picture of it in the report.
    assert after["first_hour_lift"]["by_suspects"] < before["first_hour_lift"]["by_suspects"]
    assert after["inauthentic_share"] == before["inauthentic_share"]
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


def test_a_file_of_others_that_names_the_account_is_told_and_nothing_done(
        case: make_dossier.Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    row = next(r for r in table(folder, "accounts").to_pylist() if r["label"] == "S01")
    path = folder / "notes" / "my.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"I know {row['author_id']}")
    run("erase", folder, "S01", expect=3)
    assert path.name in capsys.readouterr().err
    assert row["author_id"] in table(folder, "accounts")["author_id"].to_pylist()
    path.write_text("nothing")
    run("erase", folder, "S01", "-q")
    assert path.read_text() == "nothing"
    assert row["author_id"] not in table(folder, "accounts")["author_id"].to_pylist()


def test_some_rows_at_a_time_give_what_all_at_once_give(case: make_dossier.Case, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    folder, author, *_ = spoken_of(case, tmp_path / "audit")
    found = replace(output.read(folder), rejects=output.read_rejects(folder))
    once, done = erase.without(found, author)
    for name, value in (("MEMORY", 1), ("WINDOW", 97), ("ROWS", 1)):
        monkeypatch.setattr(spill, name, value)
    again = replace(output.read(folder), rejects=output.read_rejects(folder))
    assert again.comments.num_rows == found.comments.num_rows and again.comments["text"].num_chunks > 5
    pieces, same = erase.without(again, author)
    assert (same, pieces.summary) == (done, once.summary)
    for name in ("accounts", "comments", "posts", "groups", "edges", "rejects"):
        assert getattr(pieces, name).equals(getattr(once, name)), name


def test_a_table_larger_than_memory_is_worked_on_in_pieces(case: make_dossier.Case, tmp_path: Path) -> None:
    """200 MB of comments, of which the tables in memory may never hold more than a part."""
    found = replace(output.read(case.folder), rejects=output.read_rejects(case.folder))
    n = 400_000 // found.comments.num_rows
    long = pa.scalar("x" * 400)
    texts = [pc.binary_join_element_wise(found.comments["comment_id"], pa.scalar(str(k)), long, " ") for k in range(n)]
    comments = pa.concat_tables([found.comments.set_column(found.comments.column_names.index("text"), "text", t)
                                 for t in texts])
    folder = tmp_path / "audit"
    output.write(replace(found, comments=comments), folder)
    code = ("import sys; import pyarrow as pa; from pathlib import Path; from fakedetect import spill\n"
            "from fakedetect.dossier import erase\n"
            "spill.MEMORY, spill.WINDOW = 8 << 20, 1 << 14\n"
            "done, *_ = erase.erase(Path(sys.argv[1]), 'S01', who='')\n"
            "print(done.comments, pa.default_memory_pool().max_memory())")
    told = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    gone, peak = map(int, told.stdout.split())
    assert gone == n * next(r["n_comments"] for r in found.accounts.to_pylist() if r["label"] == "S01")
    assert table(folder, "comments").num_rows == comments.num_rows - gone
    assert comments.nbytes > 200 << 20 and peak < comments.nbytes / 2


def test_the_inputs_that_still_hold_it_are_named(case: make_dossier.Case, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_dossier.copied(case, tmp_path / "audit")
    run("erase", folder, "S01")
    assert str(case.dump / "comments.csv") in capsys.readouterr().out
    run("erase", folder, "S01", expect=3)
    run("erase", folder, "nobody at all", expect=3)
