"""The engines: SQL text and tables in, tables out; nothing else can be reached from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from fakedetect.engine import ENGINES, Engine, divided, held, in_bytes, open_engine
from fakedetect.errors import EngineError, UsageError

NUMBERS = pa.table({"who": [1, 1, 2], "x": [0.5, None, 4.0]})


@pytest.fixture(scope="module", params=[e if e == "duckdb" else pytest.param(e, marks=pytest.mark.spark)
                                        for e in ENGINES])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine(request.param, memory="200MB", threads=2) as opened:
        yield opened


def test_query(engine: Engine) -> None:
    engine.register("numbers", NUMBERS)
    engine.define("doubled", "select who, 2 * x as y from numbers")
    found = engine.query("select who, sum(y) as y, count(*) as n from doubled group by who order by who")
    assert found.to_pydict() == {"who": [1, 2], "y": [1.0, 8.0], "n": [2, 1]}


def test_register_again_replaces(engine: Engine) -> None:
    engine.register("numbers", NUMBERS)
    engine.define("counted", "select count(*) as n from numbers")
    engine.register("numbers", NUMBERS.slice(0, 1))
    assert engine.query("select n from counted").to_pydict() == {"n": [1]}


def test_unregister_forgets(engine: Engine) -> None:
    engine.register("numbers", NUMBERS)
    engine.unregister("numbers")
    with pytest.raises(EngineError):
        engine.query("select * from numbers")


def test_no_rows_keep_their_types(engine: Engine) -> None:
    engine.register("numbers", NUMBERS.slice(0, 0))
    found = engine.query("select who, avg(x) as x from numbers group by who")
    assert found.schema.types == [pa.int64(), pa.float64()]


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("selec 1", id="syntax"),
        pytest.param("select nothing from numbers", id="no such column"),
        pytest.param("select * from NUMBERS_OF_PYTHON", id="a Python variable is no table"),
        pytest.param("select * from read_csv('/etc/hostname')", id="no file is read"),
        pytest.param("copy numbers to '/tmp/fakedetect-never.csv'", id="no file is written"),
        pytest.param("install httpfs", id="no extension"),
        pytest.param("set memory_limit = '1TB'", id="settings are locked"),
    ],
)
def test_faults_are_engine_errors(engine: Engine, sql: str) -> None:
    NUMBERS_OF_PYTHON = NUMBERS  # noqa: F841 - what the third case must not find
    engine.register("numbers", NUMBERS)
    with pytest.raises(EngineError) as fault:
        engine.query(sql)
    assert fault.value.exit_code == 5
    assert "\n" not in fault.value.what
    assert not Path("/tmp/fakedetect-never.csv").exists()


@pytest.mark.parametrize("name", ["", "a b", "x; drop table y", '"x"', "Comments"])
def test_names_are_plain(engine: Engine, name: str) -> None:
    for call in (lambda: engine.register(name, NUMBERS), lambda: engine.define(name, "select 1"),
                 lambda: engine.unregister(name)):
        with pytest.raises(EngineError):
            call()


def largest_step() -> int:
    """A sort of more than 60 MB. Only i and i + 1000003 have the same key, so they stand side by side."""
    with open_engine("duckdb", memory="60MB", threads=1) as engine:
        engine.register("many", pa.table({"i": pa.array(range(2_000_000))}))
        engine.define("mixed", "select i - lag(i) over (order by i * 7919 % 1000003, i) as step from many")
        return engine.query("select max(step) as step from mixed")["step"][0].as_py()


def test_spills_rather_than_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert largest_step() == 1_000_003
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda name, config: connect(name, config=config | {"temp_directory": ""}))
    with pytest.raises(EngineError, match="memory"):  # so it did spill above
        largest_step()


def test_out_of_memory_says_what_to_try() -> None:
    with open_engine("duckdb", memory="5MB", threads=1) as engine:
        engine.register("many", pa.table({"i": pa.array(range(1_000_000))}))
        with pytest.raises(EngineError, match="memory") as fault:
            engine.query("select i, median(i) as m from many group by i")
    assert "--memory" in str(fault.value)


def test_the_ceiling_is_of_the_whole_process() -> None:
    with open_engine("duckdb", memory="60GB", whole=True) as engine:
        engine.room("read")
        engine.register("numbers", NUMBERS)
        said = engine.query("select current_setting('memory_limit') as most")["most"][0].as_py()
        own = held()
        assert own is not None
        assert in_bytes("60GB") - 3 * own < in_bytes(said.replace(" ", "")) < in_bytes("60GB")
    with open_engine("duckdb", memory="60MB", whole=True) as engine:
        for call in (lambda: engine.room("read"), lambda: engine.register("numbers", NUMBERS)):
            with pytest.raises(EngineError, match="--memory allows 60 MB") as fault:
                call()
            assert "larger --memory" in str(fault.value)


@pytest.mark.parametrize(("written", "size"), [("1KB", 1000), ("1KiB", 1024), (" 1.5 gb ", 1_500_000_000)])
def test_memory_in_bytes(written: str, size: int) -> None:
    assert in_bytes(written) == size
    assert divided(written, 1) == written
    assert in_bytes(divided(written, 2) or "") == size // 2


def test_close_twice_leaves_no_folder() -> None:
    engine = open_engine("duckdb")
    folder = Path(engine._spill.name)
    assert folder.exists()
    engine.close()
    engine.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        pytest.param(["sparkle"], EngineError, "no engine named 'sparkle'", id="nearly"),
        pytest.param(["postgres"], EngineError, "no engine named 'postgres'", id="unknown"),
        pytest.param(["duckdb", "lots"], UsageError, "'lots'", id="memory without a number"),
        pytest.param(["duckdb", "3"], UsageError, "number and its unit", id="memory without a unit"),
        pytest.param(["duckdb", None, 0], UsageError, "Got 0 instead", id="no thread"),
    ],
)
def test_refused_at_the_door(options: list[Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        open_engine(*options)


@pytest.mark.parametrize(
    ("memory", "limit"),
    [
        pytest.param("3GB", "2.7 GiB", id="3GB"),
        pytest.param("512 MiB", "512.0 MiB", id="512 MiB"),
        pytest.param("1.5gb", "1.3 GiB", id="1.5gb"),
    ],
)
def test_memory_as_people_write_it(memory: str, limit: str) -> None:
    """The engine holds to it; DuckDB tells a limit in powers of two, cut to one digit."""
    with open_engine("duckdb", memory=memory) as engine:
        assert engine.query("select current_setting('memory_limit') as it").to_pydict() == {"it": [limit]}
