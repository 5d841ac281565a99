"""A changed byte anywhere in a dossier is found, and named."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import make_dossier
import pytest
from audits import run

from fakedetect.dossier import build, chain
from fakedetect.dossier.container import LOCAL, STORED, Writer
from fakedetect.dossier.verify import Case, verify
from fakedetect.errors import InputError

CONTENT = build.Content(
    (("a.txt", lambda: [b"one\n"]), ("tables/b.csv", lambda: [b"x,y\r\n" * 40, b"1,2\r\n"]), ("empty", list)),
    ({"accounts": 1, "comments": 3, "edges": 0, "groups": ["g-1"], "mentions": 0, "on": None, "rejects": 0},))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("small") / "small.zip"
    with path.open("w+b") as file:
        build.pack(CONTENT, file, "test")
    assert verify(path).problems == ()
    assert Case(path).content("tables/b.csv").endswith(b"1,2\r\n")
    return path.read_bytes()


def owners(path: Path) -> Iterator[tuple[range, str]]:
    """Which bytes of a zip belong to which file: its header and data."""
    with zipfile.ZipFile(path) as held:
        infos = held.infolist()
    for info in infos:
        end = info.header_offset + 30 + len(info.filename.encode()) + info.compress_size
        yield range(info.header_offset, end), info.filename


def problems(held: bytes, path: Path) -> tuple[str, ...]:
    path.write_bytes(held)
    try:
        return verify(path).problems
    except InputError as error:  # no dossier at all any more
        return (str(error),)


def test_every_byte_flipped_is_found_and_named(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(small)
    whose = {at: name for span, name in owners(path) for at in span}
    for at in range(len(small)):
        for bit in (1, 0x20, 0xFF):
            found = problems(small[:at] + bytes([small[at] ^ bit]) + small[at + 1:], path)
            assert found, f"byte {at} ^ {bit}"
            if at in whose:
                assert any(whose[at] in p for p in found), f"byte {at} ^ {bit} of {whose[at]}: {found}"


def test_random_bytes_of_a_real_dossier(case: make_dossier.Case, tmp_path: Path) -> None:
    path, held = tmp_path / "x.zip", case.zip.read_bytes()
    whose, rng = list(owners(case.zip)), random.Random(7)
    for _ in range(1500):
        at = rng.randrange(len(held))
        found = problems(held[:at] + bytes([held[at] ^ rng.randrange(1, 256)]) + held[at + 1:], path)
        names = [name for span, name in whose if at in span]
        assert found and (not names or any(names[0] in p for p in found)), f"byte {at} of {names}: {found}"


def test_bytes_put_in_taken_out_or_left_over(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for at in range(len(small) + 1):
        assert problems(small[:at] + b"\0" + small[at:], path), f"put in at {at}"
        assert at == len(small) or problems(small[:at] + small[at + 1:], path), f"taken out at {at}"
        assert at == len(small) or problems(small[:at], path), f"cut at {at}"
    assert problems(small + small, path) and problems(b"PK" + small, path)


def test_what_a_zip_tool_changes_is_named(case: make_dossier.Case, tmp_path: Path) -> None:
    """Somebody unpacks it, changes a figure, and packs it again."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(case.zip) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            held = old.read(info)
            new.writestr(info, held.replace(b"suspect", b"cleared") if info.filename == "tables/accounts.csv" else held)
    assert any(p.startswith("tables/accounts.csv: its content was changed") for p in verify(path).problems)
    with pytest.raises(InputError, match="was changed"):
        Case(path)


def test_a_chain_made_anew_has_another_fingerprint(case: make_dossier.Case, tmp_path: Path,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever changes all of it gets a whole dossier: only the fingerprint tells."""
    first = verify(case.zip).fingerprint
    with zipfile.ZipFile(case.zip) as old:
        held = {n: old.read(n) for n in old.namelist() if n != chain.NAME}
    held["groups.json"] = held["groups.json"].replace(b"2.", b"3.")
    path = tmp_path / "x.zip"
    with path.open("w+b") as file:
        build.pack(build.Content(tuple((n, lambda v=v: [v]) for n, v in held.items()), ()), file, "0.1.0")
    run("verify", path, "-q")
    run("verify", path, "--expect", first, expect=3)
    assert "this is another dossier" in capsys.readouterr().err
    run("verify", case.zip, "--expect", first.upper(), "-q")


LIES = [
    pytest.param('"entries":6', '"entries":7', id="count"),
    pytest.param('"kind":"tombstone"', '"kind":"grave"', id="kind"),
    pytest.param('"size":4', '"size":5', id="size"),
    pytest.param('"a.txt"', '"b.txt"', id="name"),
]


@pytest.mark.parametrize(("old", "new"), LIES)
def test_a_line_of_the_chain_that_says_otherwise(small: bytes, tmp_path: Path, old: str, new: str) -> None:
    assert old.encode() in small
    found = problems(small.replace(old.encode(), new.encode()), tmp_path / "x.zip")
    assert any("chain.jsonl" in p for p in found)


def test_content_that_the_chain_lies_about(tmp_path: Path) -> None:
    """A chain that is sound, about data that unpack to something else."""
    path = tmp_path / "x.zip"
    with path.open("w+b") as file:
        zipped = Writer(file)
        member = zipped.add("a.txt", [b"one\n"])
        text, _ = chain.text([replace(member, sha256="0" * 64)], (), "test")
        zipped.add(chain.NAME, [text.encode()], STORED)
        zipped.close()
    assert verify(path).problems == ("a.txt: it does not unpack to what the chain says",)


def test_what_is_no_dossier_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.zip"
    for held in (b"text", b"", b"\0" * 100):
        path.write_bytes(held)
        run("verify", path, expect=3)
        assert "x.zip" in capsys.readouterr().err
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("a", "b")
    assert path.read_bytes().startswith(LOCAL)
    run("verify", path, expect=3)
    assert "chain.jsonl" in capsys.readouterr().err
    run("verify", tmp_path / "none.zip", expect=3)
