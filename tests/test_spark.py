"""A real standalone cluster: two workers of 512 MB give what DuckDB gives, also when one of them is killed."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import audits
import numpy as np
import pyarrow as pa
import pytest
from audits import ROOT, run
from cluster import Cluster, cluster
from make_tables import COUNTS, DAY, at, tables

from fakedetect import features
from fakedetect.engine import Engine, open_engine
from fakedetect.errors import EngineError

pytestmark = pytest.mark.spark
SAMPLE = ROOT / "data" / "sample_page"
MEMORY = "512MB"
FLOAT = 1e-9


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def same(a: pa.Table, b: pa.Table) -> None:
    """Equal but for floats, which agree to a relative 1e-9."""
    assert a.schema == b.schema
    assert a.num_rows == b.num_rows
    for name in a.column_names:
        one, two = a[name].to_pylist(), b[name].to_pylist()
        if pa.types.is_floating(a.schema.field(name).type):
            for x, y in zip(one, two, strict=True):
                assert (x is None) == (y is None), name
                assert x is None or math.isclose(x, y, rel_tol=FLOAT), (name, x, y)
        else:
            assert one == two, name


def test_an_audit_on_the_cluster_is_the_audit(there: Cluster, sample_audit: Path, tmp_path: Path) -> None:
    audits.audit(tmp_path / "out", SAMPLE, "--engine", there.master, "--memory", MEMORY)
    for name in ("accounts", "comments", "posts", "groups", "edges"):
        same(audits.table(tmp_path / "out", name), audits.table(sample_audit, name))
    here, far = audits.summary(sample_audit), audits.summary(tmp_path / "out")
    for name in ("rows", "accounts", "groups", "refused", "page_gate", "inauthentic_share", "power"):
        assert here[name] == far[name], name


def test_no_worker_is_told_within_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands before the tests that share a session: a process has one."""
    monkeypatch.setattr("fakedetect.engine.spark.JOIN_S", 2.0)
    with cluster(tmp_path, n_workers=0) as empty, pytest.raises(EngineError, match="gave no worker"):
        open_engine(empty.master, memory=MEMORY)


@pytest.fixture(scope="module")
def spark(there: Cluster) -> Iterator[Engine]:
    with open_engine(there.master, memory=MEMORY) as opened:
        yield opened


def drawn(n: int, seed: int) -> dict[str, pa.Table]:
    """Tables of n comments by n / 20 accounts with every column drawn, and nulls among them."""
    draw = random.Random(seed)

    def some(value: Any) -> Any:
        return None if draw.random() < 0.1 else value

    rows = [{
        "author_id": some(f"u{draw.randrange(n // 20)}"), "author_name": some(f"n{draw.randrange(9)}"),
        "post_id": f"{draw.randrange(40)}", "page_id": draw.choice("PQ"),
        "comment_time": some(at(draw.randrange(DAY * 90))),
        "is_first": some(draw.random() < 0.8), "is_reply": some(draw.random() < 0.2),
        **{name: some(draw.randrange(40)) for name in (*COUNTS, "likes")},
        **{name: some(draw.random()) for name in ("upper_share", "digit_share", "punct_share", "delay_u", "spam")},
        "delay_s": some(draw.random() * 1e7), "hour": some(draw.randrange(24)), "text_hi": some(draw.randrange(60)),
        "text_lo": -1, "rating": some(float(draw.randrange(1, 6))), "ip_code": some(f"ip{draw.randrange(n // 8)}"),
        "verified_purchase": some(draw.random() < 0.5),
    } for _ in range(n)]
    posts = [{"page_id": page, "post_id": str(i), "post_time": at(i * DAY), "first_hour_share": draw.random(),
              "expected_first_hour_share": 0.2} for page in "PQ" for i in range(40)]
    accounts = [{"author_id": f"u{i}", "followers": some(i), "created_at": some(at(-i * DAY))} for i in range(n // 20)]
    members = [{"author_id": f"u{i}", "group_id": f"g{i % 3}", "group_p": 10.0 ** -i, "n_close": i} for i in range(20)]
    return tables(rows, posts, accounts, members)


class _Killer:
    """The engine, and a worker killed with -9 while its query number `at` runs."""

    def __init__(self, engine: Engine, there: Cluster, at: int) -> None:
        self.engine, self.there, self.left = engine, there, at

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def query(self, sql: str) -> pa.Table:
        self.left -= 1
        if self.left:
            return self.engine.query(sql)
        killer = threading.Timer(0.1, self.there.kill_worker, (0,))
        killer.start()
        try:
            return self.engine.query(sql)
        finally:
            killer.join()


@pytest.mark.slow
def test_a_worker_killed_in_mid_run_changes_nothing(spark: Any, there: Cluster) -> None:
    given = drawn(6000, 1)
    texts = pa.table({"text": [f"Très bien n° {i} 😀 http://a.b" for i in range(100_000)] + [None]})
    with open_engine("duckdb") as duckdb:
        here = features.compute(duckdb, given)
    assert sum(here[f.name].null_count < here.num_rows for f in features.FEATURES) > 60
    until = time.monotonic() + 60
    while spark._executors() < 2:
        assert time.monotonic() < until
        time.sleep(0.2)
    same(features.compute(_Killer(spark, there, 3), given), here)
    assert there.workers[0].poll() is not None
    assert spark.map(_double, texts).equals(_double(texts))
    assert spark._executors() == 1


def _double(rows: pa.Table) -> pa.Table:
    return pa.table({"text": rows["text"], "n": pa.array(np.arange(rows.num_rows) * 0), "both": rows["text"]})


def test_groups_stay_together_and_rows_in_order(spark: Engine) -> None:
    draw = np.random.default_rng(1)
    given = pa.table({"g": draw.integers(0, 50, 20_000), "x": np.arange(20_000.0)})
    assert spark.map_groups(_firsts, given, "g").equals(_firsts(given))
    assert spark.map_groups(_firsts, given.slice(0, 0), "g").equals(_firsts(given.slice(0, 0)))


def _firsts(rows: pa.Table) -> pa.Table:
    """The first x of each g, at each of its rows."""
    found, first, where = np.unique(rows["g"].to_numpy(), return_index=True, return_inverse=True)
    return pa.table({"first": rows["x"].to_numpy()[first][where] if len(found) else np.empty(0)})


def test_a_kernel_that_fails_is_an_engine_error(spark: Engine) -> None:
    with pytest.raises(EngineError) as fault:
        spark.map(_failing, pa.table({"x": [1]}))
    assert fault.value.exit_code == 5
    assert "\n" not in fault.value.what


def _failing(rows: pa.Table) -> pa.Table:
    return rows if rows.num_rows == 0 else rows.drop_columns(["no such column"])


def test_another_version_on_a_worker_is_refused() -> None:
    _worked = pytest.importorskip("fakedetect.engine.spark", reason="needs PySpark: pip install -e .[spark]",
                                  exc_type=ModuleNotFoundError)._worked
    with pytest.raises(EngineError, match="this worker has fakedetect"):
        _worked(_firsts, pa.table({"g": [1], "x": [1.0], "place_in_table": [0]}), "0.0.0")


def test_no_master(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    run("audit", SAMPLE, "--out", tmp_path / "out", "--engine", "spark://127.0.0.1:1", expect=5)
    assert time.monotonic() - began < 60
    told = capsys.readouterr().err
    assert "no Spark master answers" in told
    assert "--engine spark" in told
    run("score", SAMPLE, "--out", tmp_path / "out", "--engine", "spark://127.0.0.1:1", expect=5)
    assert not list(tmp_path.iterdir())


def test_no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    run("audit", SAMPLE, "--out", tmp_path / "out", "--engine", "spark", expect=5)
    assert "there is none" in (told := capsys.readouterr().err)
    assert "install Java 17" in told
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n", "utf-8")
    java.chmod(0o755)
    run("audit", SAMPLE, "--out", tmp_path / "out", "--engine", "spark", expect=5)
    assert "this is Java 11" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_no_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakedetect.engine.java.find_spec", lambda name: None)
    with pytest.raises(EngineError, match="PySpark is not installed") as fault:
        open_engine("spark")
    assert "fakedetect[spark]" in str(fault.value)
