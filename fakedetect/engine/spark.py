"""Spark, in this process's own Java machine or on a standalone cluster: the same SQL, the same results.

Tables go to it and come back as Arrow. Settings of a site (memory, security, where shuffles go) stand where Spark looks
for them, in spark-defaults.conf; only what decides results, or how long is waited, is set here.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyspark
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from fakedetect import __version__
from fakedetect.engine import Kernel, checked_name, first_line, in_bytes
from fakedetect.engine.java import address
from fakedetect.errors import EngineError

JOIN_S = 60.0
"""How long a cluster may have no worker for us, at the beginning or in mid-run, before we give up."""
STOP_S = 10.0
PIECE, MOST_ROWS = 16 << 20, 65_536
"""Bytes and rows that travel at a time; Spark refuses a piece of more than 128 MB."""
SMALL = 1 << 20
"""Bytes of a table that travels with each query."""
_FAULTS = (PySparkException, Py4JError, ConnectionError, EOFError)
_NO_START = (*_FAULTS, OSError, TypeError)
_SELECT = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_PLACE, _BUCKET = "place_in_table", "bucket_of_groups"
"""Columns of ours beside those of a kernel."""
_LEAST_MB = 512
"""Spark refuses to run with less than 450 MB."""


class Spark:
    """One session. It knows what was registered; closing it ends its Java machine and leaves no file."""

    name = "spark"

    def __init__(self, master: str, memory: str | None = None, threads: int | None = None) -> None:
        """master: "local" for this machine, or spark://host:port. memory: of the driver and of each executor; threads:
        of this machine. Raises EngineError, within a minute or two, UsageError."""
        cluster = master.startswith("spark://")
        megabytes = None if memory is None else _megabytes(memory)
        self._scratch = tempfile.TemporaryDirectory(prefix="fakedetect-")
        self._said: IO[str] = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 (`close` closes it)
        self._lost = threading.Event()
        self._session: Any = None
        self._gateway: Any = None
        self._kept: dict[str, Any] = {}
        options = {
            "spark.app.name": "fakedetect",
            "spark.master": master if cluster else f"local[{threads or '*'}]",
            "spark.driver.host": address(master) if cluster else "localhost",
            "spark.local.dir": self._scratch.name,
            "spark.sql.warehouse.dir": self._scratch.name,
            "spark.sql.catalogImplementation": "in-memory",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "ERROR",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.ansi.enabled": "false",  # a division by zero is null, as DuckDB's becomes when features round
            "spark.sql.execution.arrow.localRelationThreshold": str(SMALL),
            "spark.driver.maxResultSize": "0",
        }
        if megabytes is not None:
            options |= {"spark.driver.memory": f"{megabytes}m", "spark.executor.memory": f"{megabytes}m"}
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self.close)
            self._start(options, cluster)
            on_failure.pop_all()

    def _start(self, options: dict[str, str], cluster: bool) -> None:
        context = pyspark.SparkContext
        if context._active_spark_context is not None:
            raise EngineError("a Spark session is already running in this process", hint="stop it first")
        conf = pyspark.SparkConf().setAll(list(options.items()))
        try:
            with _quiet():
                self._gateway = launch_gateway(conf, {"stdout": subprocess.DEVNULL, "stderr": self._said})
                running = context(gateway=self._gateway, conf=conf)
            # Python on the workers: named by the site, else the same path as here.
            running.pythonExec = os.environ.get("PYSPARK_PYTHON", sys.executable)
            self._session = SparkSession(running)
            # It writes every fault to stderr, stack and all; ours say it in a sentence.
            logging.getLogger("SQLQueryContextLogger").disabled = True
        except _NO_START as fault:
            raise EngineError(f"Spark did not start: {self._why(fault)}", where=options["spark.master"],
                              hint="the end of the message says what Java or the cluster found") from fault
        if cluster and not self._workers_within(JOIN_S):
            raise EngineError(
                f"the cluster gave no worker in {JOIN_S:.0f} s", where=options["spark.master"],
                hint="start workers, free some, or ask for less with --memory (each executor gets so much)",
            )
        if "spark.sql.shuffle.partitions" not in dict(running.getConf().getAll()):
            self._session.conf.set("spark.sql.shuffle.partitions", str(max(8, 4 * running.defaultParallelism)))

    @property
    def version(self) -> str:
        """Version of the library, for summary.json."""
        return str(pyspark.__version__)

    def register(self, name: str, table: pa.Table) -> None:
        """Makes `table` known to SQL as `name` (lower case letters, digits, _), in place of an earlier one."""
        checked_name(name)
        with self._told(f"table {name}"):
            self._release(name)
            frame = self._frame(table)
            if table.nbytes > SMALL:
                # Many queries read it: so it travels once, and of its columns only those that a query names are read.
                self._kept[name] = frame = frame.persist()
            frame.createOrReplaceTempView(name)

    def unregister(self, name: str) -> None:
        """Lets go of the table registered as `name`."""
        with self._told(f"table {checked_name(name)}"):
            self._session.catalog.dropTempView(name)
            self._release(name)

    def define(self, name: str, sql: str) -> None:
        """Names a query, in place of an earlier one; it is run where a later query uses it."""
        with self._told(f"view {checked_name(name)}"):
            self._session.sql(f"create or replace temp view {name} as {_selecting(sql)}")

    def query(self, sql: str) -> pa.Table:
        """The result of one SELECT; its rows stand in no order unless it gives one. Raises EngineError."""
        with self._told("query"), self._watched():
            return self._session.sql(_selecting(sql)).toArrow()

    def map(self, kernel: Kernel, table: pa.Table) -> pa.Table:
        """`kernel` on some rows at a time, wherever they are: one row per row, in their order. Raises EngineError."""
        result = kernel(table.slice(0, 0)).schema
        with self._told("kernel"), self._watched():
            frame = self._frame(_placed(table))
            return _in_place(frame.mapInArrow(_by_batch(kernel), _spark_schema(result)).toArrow(), result)

    def map_groups(self, kernel: Kernel, table: pa.Table, by: str) -> pa.Table:
        """`kernel` on the rows of some values of `by` (int64) at a time, in their order: one row per row. Raises
        EngineError."""
        result = kernel(table.slice(0, 0)).schema
        bucket = np.mod(table[by].to_numpy(), 4 * self._session.sparkContext.defaultParallelism)
        with self._told("kernel"), self._watched():
            frame = self._frame(_placed(table).append_column(_BUCKET, pa.array(bucket))).groupBy(_BUCKET)
            return _in_place(frame.applyInArrow(_by_group(kernel), _spark_schema(result)).toArrow(), result)

    def room(self, stage: str) -> None:
        """Nothing is asked of this process: `memory` is of the driver and of each executor."""

    def close(self) -> None:
        """Lets go of all: session, Java machine, tables, files. Closing twice is fine."""
        with contextlib.suppress(*_FAULTS):  # a Java machine that died holds nothing any more
            if self._session is not None:
                self._session.stop()
        self._session = None
        if self._gateway is not None:
            _end(self._gateway)
        self._gateway = None
        self._said.close()
        self._scratch.cleanup()

    def __enter__(self) -> Spark:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _frame(self, table: pa.Table) -> Any:
        rows = min(MOST_ROWS, max(1, PIECE * table.num_rows // max(table.nbytes, 1)))
        self._session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(rows))
        return self._session.createDataFrame(table)

    def _release(self, name: str) -> None:
        kept = self._kept.pop(name, None)
        if kept is not None:
            kept.unpersist()

    def _executors(self) -> int:
        """Processes of the cluster that work for this session; the driver is none of them."""
        return int(self._session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()) - 1

    def _workers_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self._executors() < 1:
            if time.monotonic() > until:
                return False
            time.sleep(0.2)
        return True

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Spark waits for ever for workers that do not come back; this does not."""
        if self._session.sparkContext.master.startswith("local"):
            yield
            return
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(done,), daemon=True)
        watch.start()
        try:
            yield
        finally:
            done.set()
            watch.join()

    def _watch(self, done: threading.Event) -> None:
        seen = time.monotonic()
        with contextlib.suppress(*_FAULTS):  # a session that died tells so to who asked it
            while not done.wait(1.0):
                if self._executors() > 0:
                    seen = time.monotonic()
                elif time.monotonic() - seen > JOIN_S:
                    self._lost.set()
                    self._session.sparkContext.cancelAllJobs()
                    return

    @contextlib.contextmanager
    def _told(self, where: str) -> Iterator[None]:
        """Faults of Spark as errors of the family."""
        try:
            with _quiet():
                yield
        except _FAULTS as fault:
            raise self._error(fault, where) from fault

    def _error(self, fault: BaseException, where: str) -> EngineError:
        if self._lost.is_set():
            return EngineError(f"the cluster had no worker for us for {JOIN_S:.0f} s", where=where,
                               hint="look at the workers' logs; they may be out of memory")
        text = str(fault)
        if "OutOfMemory" in text or isinstance(fault, ConnectionError) or "py4j.Py4JNetworkException" in text:
            return EngineError(f"Spark ran out of memory or was ended: {self._why(fault)}", where=where,
                               hint="a larger --memory")
        if "ModuleNotFoundError" in text or "this worker has fakedetect" in text:
            told = re.search(r"(No module named \S+|this worker has fakedetect [^\n]*)", text)
            return EngineError(f"a worker cannot run fakedetect's kernels: {told[1] if told else first_line(fault)}",
                               where=where, hint="install the same fakedetect on every worker, in the Python that "
                                                  "PYSPARK_PYTHON names")
        return EngineError(f"Spark could not run this: {first_line(fault)}", where=where)

    def _why(self, fault: BaseException) -> str:
        """The last word of the Java machine, else of the fault."""
        self._said.seek(0)
        lines = [line.strip() for line in self._said.read().splitlines() if line.strip()]
        wrong = [line for line in lines if re.search(r"Exception|Error\b|ERROR|refused|nsupported", line)]
        return (wrong or [first_line(fault)])[0][:400]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the warning about the version of pandas, which PySpark asks for and which is not used here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support", FutureWarning)
        yield


def _placed(table: pa.Table) -> pa.Table:
    return table.append_column(_PLACE, pa.array(np.arange(table.num_rows)))


def _in_place(found: pa.Table, result: pa.Schema) -> pa.Table:
    """Rows in the order of those they were made from."""
    return found.sort_by(_PLACE).drop_columns([_PLACE]).cast(result)


def _spark_schema(result: pa.Schema) -> Any:
    return from_arrow_schema(result.append(pa.field(_PLACE, pa.int64())))


def _by_batch(kernel: Kernel) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    here = __version__

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from _worked(kernel, pa.Table.from_batches([batch]), here).to_batches()

    return work


def _by_group(kernel: Kernel) -> Callable[[pa.Table], pa.Table]:
    here = __version__

    def work(table: pa.Table) -> pa.Table:
        return _worked(kernel, table.drop_columns([_BUCKET]).sort_by(_PLACE), here)

    return work


def _worked(kernel: Kernel, rows: pa.Table, asked_by: str) -> pa.Table:
    """What a worker does with its rows."""
    if asked_by != __version__:
        raise EngineError(f"this worker has fakedetect {__version__}, the audit is made by {asked_by}")
    return kernel(rows.drop_columns([_PLACE])).append_column(_PLACE, rows[_PLACE]).combine_chunks()


def _selecting(sql: str) -> str:
    # Spark's SQL also sets, reads files by name, and defines functions: our texts only ever select.
    if not _SELECT.match(sql) or "`" in sql:
        raise EngineError(f"this is no SELECT: {sql[:80]!r}", where="query")
    return sql


def _megabytes(memory: str) -> int:
    return max(in_bytes(memory) >> 20, _LEAST_MB)


def _end(gateway: Any) -> None:
    """End the Java machine, and let PySpark forget it: the next session starts one with its own memory."""
    context = pyspark.SparkContext
    with contextlib.suppress(*_FAULTS, OSError):
        gateway.shutdown()
    if gateway.proc is not None:
        gateway.proc.stdin.close()
        try:
            gateway.proc.wait(STOP_S)
        except subprocess.TimeoutExpired:
            gateway.proc.kill()
            gateway.proc.wait()
    context._gateway = context._jvm = None
    os.environ.pop("PYSPARK_GATEWAY_PORT", None)
