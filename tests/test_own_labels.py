"""A brand's own labels: what they mean, what is refused, and whether the new model may take the old one's place."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import own_pages
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from audits import audit, run, summary
from own_pages import Rows

from fakedetect import features, pipeline
from fakedetect.errors import InputError
from fakedetect.evaluate import comparison, own_labels, own_training, training
from fakedetect.evaluate.own_labels import Own
from fakedetect.evaluate.training import Examples
from fakedetect.model.classifier import AccountClassifier
from fakedetect.schema import Dump

HEAD = ("author_id", "label", "campaign")


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Rows]:
    return own_pages.labelled(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def read_dumps(dumps: tuple[list[Path], Rows]) -> tuple[Dump, pipeline.Evidence]:
    dump = pipeline.read(dumps[0])
    return dump, pipeline.evidence(dump, pipeline.Options())


@pytest.fixture(scope="module")
def simulated() -> Examples:
    return own_pages.simulated()


@pytest.fixture
def quick(simulated: Examples, monkeypatch: pytest.MonkeyPatch) -> None:
    own_pages.quicken(simulated, monkeypatch)


def hold(path: Path, rows: Iterable[Iterable[object]], head: Iterable[str] = HEAD) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


# --- as a user types it

@pytest.mark.usefixtures("quick")
def test_labels_make_a_model_that_audits(
    dumps: tuple[list[Path], Rows], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = '=HYPERLINK("http://x.example","Zorglub")\x1b[2J'
    rows = [*dumps[1], (hostile, "organic", hostile), ("404404404", "organic", ""), (dumps[1][0][0], "unsure", "")]
    rows[0] = (*rows[0][:2], "Zorglub & Cie <script>")
    labels = hold(tmp_path / "labels.csv", rows)
    asked = ["train", "--labels", labels, *dumps[0], "--pages", "10"]
    run(*asked, "--out", tmp_path / "model")
    said = capsys.readouterr()
    assert f"left out: 2 of {len(rows)} label rows match nothing in the dumps, the first is row 231" in said.err
    assert f"left out: 1 of {len(rows)} label rows are unsure or empty" in said.err
    assert "labelled: 30 suspects in 5 campaigns and 200 organic accounts" in said.err
    assert "| average precision |" in said.out and "\x1b" not in said.out + said.err

    held = contents(tmp_path / "model")
    everything = b"\n".join(held.values()).decode()
    assert said.out.splitlines()[0] in held["MODEL_CARD.md"].decode()
    authors = {row[0] for row in dumps[1]}
    assert not any(word in everything for word in (*authors, "Zorglub", "script", "404404404", str(tmp_path)))
    facts = json.loads(held["training.json"])["training"]
    assert facts["own_labels"]["left_out"]["unmatched"] == 2
    assert facts["own_labels"]["groups_are"] == "page" and facts["comparison"]["folds"] == 2
    assert len(facts["own_labels"]["dumps"]) == 8, "four tables each, named by their hashes alone"

    run(*asked, "--out", tmp_path / "again", "-q")
    assert contents(tmp_path / "again") == held, "the same input gives the same bytes"
    assert capsys.readouterr() == ("", "")

    found = audit(tmp_path / "audit", dumps[0][0], "--model", tmp_path / "model")
    assert summary(found)["model"]["name"] == "own labels"


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_shuffled_labels_do_not_replace_a_model(
    dumps: tuple[list[Path], Rows], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """First what may be replaced: the shipped model, put where a user would keep hers."""
    model = tmp_path / "mine"
    model.mkdir()
    shipped = pipeline.shipped.folder("models", "simulated")
    for path in shipped.iterdir():
        (model / path.name).write_bytes(path.read_bytes())
    before = contents(model)
    keys = [row[0] for row in dumps[1]]
    random.Random(3).shuffle(keys)
    labels = hold(tmp_path / "labels.csv", [(k, *row[1:]) for k, row in zip(keys, dumps[1], strict=True)])
    run("train", "--labels", labels, *dumps[0], "--out", model, expect=2)
    assert "--replace" in capsys.readouterr().err
    # Shuffled, campaigns span both pages: the groups are campaigns then.
    run("train", "--labels", labels, *dumps[0], "--out", model, "--replace", "-q", expect=4)
    said = capsys.readouterr()
    assert "| average precision |" in said.out and "no better than chance" in said.err
    assert contents(model) == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_a_model_that_is_not_worse_is_replaced(
    dumps: tuple[list[Path], Rows], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], simulated: Examples,
) -> None:
    model = tmp_path / "mine"
    blunt = AccountClassifier(n_trees=1, num_leaves=2, monotone=[f.monotone for f in features.FEATURES], n_threads=1)
    blunt.fit(simulated.x, np.random.Generator(np.random.Philox(1)).permutation(simulated.y), groups=simulated.page)
    own_training.save(blunt, model, features=[{"name": f.name} for f in features.FEATURES],
                      feature_fingerprint=features.fingerprint(), training={"name": "blunt"}, card="# blunt\n")
    labels = hold(tmp_path / "labels.csv", dumps[1])
    run("train", "--labels", labels, *dumps[0], "--out", model, "--replace")
    assert "ranks better" in capsys.readouterr().out
    assert json.loads((model / "training.json").read_text())["training"]["name"] == "own labels"
    shipped = pipeline.shipped.folder("models", "simulated")
    run("train", "--labels", labels, *dumps[0], "--out", model, "--replace", "--model", shipped, expect=2)

    monkeypatch.setattr(own_training, "compared", lambda *_: pytest.fail("told enough"))
    with pytest.raises(pytest.fail.Exception, match="told enough"):
        run("train", "--labels", labels, *dumps[0], "--out", model, "--replace")
    assert "the old model learned from 8 of these 8 files itself" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "code", "told"), [
    (["--out", "new"], 2, "the dumps that it is about"),
    (["dump", "--out", "held"], 2, "--replace"),
    (["dump", "--out", "held", "--replace"], 4, "something else than a model"),
    (["dump"], 2, "--out"),
    (["nowhere.csv", "--out", "new"], 3, "nowhere.csv"),
])
def test_what_cannot_be_is_told_at_once(words: list[str], code: int, told: str, tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    hold(tmp_path / "labels.csv", [("1", "suspect", "")])
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "diary.txt").write_text("mine")
    run("train", "--labels", "labels.csv", *words, expect=code)
    assert told in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["held", "labels.csv"]


def test_dumps_without_labels_are_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    run("train", "dump.csv", expect=2)
    assert "--labels" in capsys.readouterr().err


def test_too_few_labels_are_refused_with_what_would_help(
    dumps: tuple[list[Path], Rows], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row for row in dumps[1] if row[1] == "organic" or row[2] == "0 c1"]
    run("train", "--labels", hold(tmp_path / "l.csv", rows), *dumps[0], "--out", tmp_path / "m", expect=3)
    said = capsys.readouterr().err
    assert "too few labels: 8 suspects in 1 campaigns or pages and 200 organic accounts are usable" in said
    assert "label more suspects; label a second campaign" in said and not (tmp_path / "m").exists()


@pytest.mark.parametrize(("suspects", "groups", "organic", "told"), [
    (10, 2, 50, None), (9, 2, 50, "label more suspects"), (10, 1, 50, "label a second campaign"),
    (10, 2, 49, "label organic accounts too"),
])
def test_how_many_labels_are_enough(suspects: int, groups: int, organic: int, told: str | None) -> None:
    y = (np.arange(suspects + organic) < suspects).astype(int)
    group = np.where(y == 1, np.arange(len(y)) % groups, groups)
    own = Own(np.zeros((len(y), 1)), y, group, group, "page")
    if told is None:
        own_labels.check_enough(own, "l.csv")
    else:
        with pytest.raises(InputError, match=told):
            own_labels.check_enough(own, "l.csv")


def test_without_labels_the_shipped_model_is_what_is_trained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[object] = []

    def asked(out: Path, n_pages: int, **_: object) -> str:
        called.append((out, n_pages))
        return "0123456789abcdef"

    monkeypatch.setattr(training, "train", asked)
    run("train")
    run("train", "--out", "elsewhere", "--pages", "12", "-q")
    assert called == [(Path("models/simulated"), training.N_PAGES), (Path("elsewhere"), 12)]
    assert capsys.readouterr().out == f"{Path('models/simulated')}: model 0123456789ab\n"


# --- what a labels file means

@pytest.mark.parametrize(("text", "told"), [
    ("author_id,label\n1,suspect\n2,maybe\n", "row 2: the label 'maybe'"),
    ("author_id,label\n1,suspect\n,organic\n", "row 2 names no account"),
    ("author_id,label\n1.22158E+17,suspect\n", "row 1: the author_id '1.22158E+17' was cut"),
    ("author_id,label\n1,suspect,2\n", "row 1 has 3 columns where the header has 2"),
    ('author_id,label\n"1,suspect\n', "cannot be read"),
    ("author_id,verdict\n1,suspect\n", "found 'author_id', 'verdict'"),
    ("label\nsuspect\n", "its columns"),
    ("author_id,label\n1,\x1b[31msuspect\n", "the label '\\x1b[31msuspect'"),
    ("", "found none"),
    ('{"author_id": "1", "label": "suspect"}\n[1]\n', "row 2 is no JSON object"),
])
def test_malformed_labels_are_told_with_their_row(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(text, "utf-8", newline="")
    with pytest.raises(InputError) as error:
        own_labels.read(tmp_path / "l.csv")
    assert told in str(error.value) and "l.csv" in str(error.value)


@pytest.mark.parametrize("words", [("suspect", "organic"), ("1", "0"), ("1.0", "0.0"), ("TRUE", "false"),
                                   ("Confirmed", "cleared"), (" yes ", "no")])
def test_words_for_a_label(words: tuple[str, str], tmp_path: Path) -> None:
    found = own_labels.read(hold(tmp_path / "l.csv", [("1", words[0]), ("2", words[1]), ("3", "unsure"), ("4", "")],
                                 ("Author ID", "Label")))
    assert [(x.key, x.suspect) for x in found.labels] == [("1", True), ("2", False)]
    assert (found.n_rows, found.n_unsure) == (4, 2)


def test_labels_may_be_parquet_or_json_lines(tmp_path: Path) -> None:
    table = pa.table({"author_id": [1, 2], "label": [True, False], "campaign": ["a", None]})
    pq.write_table(table, tmp_path / "l.parquet")
    lines = "\n".join(json.dumps(row) for row in table.to_pylist())
    (tmp_path / "l.jsonl").write_text(lines + "\n")
    asked = own_labels.read(tmp_path / "l.parquet").labels
    assert [(x.row, x.key, x.suspect, x.campaign) for x in asked] == [(1, "1", True, "a"), (2, "2", False, None)]
    assert own_labels.read(tmp_path / "l.jsonl").labels == asked


def found_by(rows: Rows, head: tuple[str, ...], tmp_path: Path, read_dumps: tuple[Dump, pipeline.Evidence]) -> Own:
    return own_labels.find(own_labels.read(hold(tmp_path / "l.csv", rows, head)), *read_dumps)


def test_comment_labels_stand_for_their_accounts(
    read_dumps: tuple[Dump, pipeline.Evidence], tmp_path: Path
) -> None:
    of: dict[str, list[str]] = {}
    for row in read_dumps[0].comments.select(["author_id", "comment_id"]).to_pylist():
        of.setdefault(row["author_id"], []).append(row["comment_id"])
    one, two, three, four, five, *_ = [c for a, c in sorted(of.items())
                                       if len(c) >= 2 and a not in read_dumps[1].declared]
    rows = [(one[0], "suspect"), (one[1], "organic"),  # a suspect writes ordinary comments too
            (two[0], "organic"), (two[1], "organic"), (three[0], "organic"), (four[0], "suspect"),
            (five[0], "suspect"), (five[0], "organic"),  # nobody can tell
            ("no such comment", "suspect")]
    own = found_by(rows, ("comment_id", "label"), tmp_path, read_dumps)
    assert sorted(own.y.tolist()) == [0, 0, 1, 1]
    assert (own.counts["contradicted"], own.counts["unmatched"]) == (1, 1)
    [author] = [a for a, c in of.items() if c is five]
    assert f"left out: 1 accounts are labelled both suspect and organic: '{author}'" in own.told


def test_names_stand_for_the_one_account_that_bears_them(
    read_dumps: tuple[Dump, pipeline.Evidence], tmp_path: Path
) -> None:
    comments = read_dumps[0].comments
    pairs = comments.select(["author_name", "author_id"]).group_by(["author_name", "author_id"]).aggregate([])
    bearers: dict[str, set[str]] = {}
    for row in pairs.to_pylist():
        bearers.setdefault(row["author_name"], set()).add(row["author_id"])
    single = next(n for n, ids in sorted(bearers.items()) if len(ids) == 1 and not ids & read_dumps[1].declared)
    shared = [n for n, ids in sorted(bearers.items()) if len(ids) > 1][:1]
    own = found_by([(n, "suspect") for n in (single, *shared)], ("author_name", "label"), tmp_path, read_dumps)
    assert len(own.y) == 1 and own.counts["ambiguous"] == len(shared)


def test_declared_accounts_are_left_out(read_dumps: tuple[Dump, pipeline.Evidence], tmp_path: Path) -> None:
    comments = set(read_dumps[0].comments["author_id"].to_pylist())
    staff = sorted(read_dumps[1].declared & comments)
    own = found_by([(a, "suspect") for a in staff], ("author_id", "label"), tmp_path, read_dumps)
    assert staff and len(own.y) == 0 and own.counts["declared"] == len(staff)


# --- what never stands on both sides

@pytest.mark.parametrize(("pages", "by", "groups"), [
    ({"s1": "A", "s2": "A", "s3": "B", "o1": "A", "o2": "B", "o3": "C"}, "page", ["o1 s1 s2", "o2 s3", "o3"]),
    ({"s1": "A", "s2": "A", "s3": "A", "o1": "A", "o2": "A"}, "campaign", ["o1", "o2", "s1", "s2 s3"]),
    ({"s1": "AB", "s2": "C", "o1": "A", "o2": "B", "o3": "AB", "o4": "AC"}, "page", ["o1 o2 o3 s1", "s2"]),
    ({"s1": "A", "s2": "B", "s3": "C", "s4": "D", "o1": "B"}, "page", ["o1 s2 s3", "s1", "s4"]),
], ids=["pages", "one-page", "a-fan-of-two-is-left-out", "a-campaign-joins-pages"])
def test_groups(pages: dict[str, str], by: str, groups: list[str]) -> None:
    named = {"s2": {"x"}, "s3": {"x"}} if "s4" in pages or by == "campaign" else {}
    suspect = {a: a.startswith("s") for a in pages}
    campaigns = {a: named.get(a, set()) for a in pages}
    _, group, found = own_labels._grouped(suspect, campaigns, {a: set(p) for a, p in pages.items()})
    together: dict[tuple[str, str], list[str]] = {}
    for author, key in sorted(group.items()):
        together.setdefault(key, []).append(author)
    assert found == by
    assert sorted(" ".join(members) for members in together.values()) == groups


def test_cuts_hold_whole_groups_and_suspects_on_each_side() -> None:
    group = np.repeat(np.arange(10), 20)
    y = ((group < 4) & (np.arange(200) % 20 < 5)).astype(int)
    cuts = list(own_training.folds(Own(np.zeros((200, 1)), y, group, group, "page")))
    assert (np.sum(cuts, axis=0) == 1).all()
    for out in cuts:
        assert not set(group[out]) & set(group[~out])
        assert y[out].any() and y[~out].any()


def test_a_labelled_account_weighs_more_but_labels_never_more_than_the_simulation() -> None:
    n = 4000
    made = Examples(np.zeros((n, 1)), (np.arange(n) < 100).astype(int), np.ones(n), np.zeros(n), np.full(n, ""))
    y = (np.arange(300) < 30).astype(int)
    own = Own(np.zeros((300, 1)), y, np.where(y == 1, 0, np.arange(300)), np.arange(300), "campaign")
    joined = own_training.with_labels(made, own, np.ones(300, bool))
    mine = slice(n, None)
    assert joined.weight[mine][y == 1].sum() == pytest.approx(100), "one campaign: 12 accounts, times 8.33"
    assert joined.weight[mine][y == 0].max() == pytest.approx(100 / 12)
    assert (joined.page[mine] < 0).all()


# --- the comparison

def test_figures_by_hand() -> None:
    y = np.array([1, 0, 1, 0])
    scored = comparison.Scored(np.array([4.0, 3.0, 2.0, 2.0]), np.array([0.9, 0.6, 0.2, 0.2]))
    found = comparison.figures(scored, y, np.ones(4), 0.1)
    assert found["average_precision"] == pytest.approx(0.5 * 1 + 0.5 * 2 / 4)
    assert found["auc"] == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert found["recall"] == 0.5 and found["accused"] == 1
    loss = -0.1 * np.log([0.9, 0.2]).mean() - 0.9 * np.log([0.4, 0.8]).mean()
    assert found["log_loss"] == pytest.approx(loss)


@pytest.mark.parametrize(("tilt", "worse"), [(0.0, []), (1.0, []),
                                             (-1.0, [comparison.WORSE_RANKS, comparison.WORSE_LOSS])])
def test_worse_is_told(tilt: float, worse: list[str]) -> None:
    rng = np.random.Generator(np.random.Philox(7))
    group = np.repeat(np.arange(30), 10)
    y = (np.arange(300) % 10 < 2).astype(int)

    def scored(skill: float) -> comparison.Scored:
        raw = skill * y + noise
        return comparison.Scored(raw, 1 / (1 + np.exp(4 - raw)))

    noise = rng.normal(size=300)
    found = comparison.compare(scored(2.0), scored(2.0 + tilt), y, group, 0.01, draws=100)
    assert found["worse"] == worse
    assert found["auc_low"] > 0.5
    mixed = np.random.Generator(np.random.Philox(8)).permutation(y)
    assert comparison.CHANCE in comparison.compare(scored(2.0), scored(2.0), mixed, group, 0.01, draws=100)["worse"]
    gap = found["difference"]["average_precision"]
    assert gap["low"] <= gap["estimate"] <= gap["high"]
