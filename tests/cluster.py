"""A standalone Spark cluster on loopback: a master and two small workers, real processes that can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java that lives for seconds spends most of them compiling; this spares it the second compiler."""
CLASSES = "org.apache.spark.deploy"
WAIT_S = 90.0


def missing() -> str | None:
    """What a cluster would need and is not there."""
    if find_spec("pyspark") is None:
        return "needs PySpark: pip install -e '.[spark]'"
    return None if shutil.which("java") else "needs Java 17 or newer on the PATH"


@dataclass
class Cluster:
    """master: spark://127.0.0.1:port."""

    master: str
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill_worker(self, number: int) -> None:
        """kill -9: the worker, and the executor that it started."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()

    def add_worker(self) -> None:
        """One more worker: one core, 512 MB for executors."""
        name = f"worker{len(self.workers)}"
        words = ("worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "512m", "--webui-port", "0",
                 "--work-dir", str(self.folder / name), self.master)
        self.workers.append(started(self.folder / f"{name}.log", *words))


def started(log: Path, what: str, *words: str) -> subprocess.Popen[bytes]:
    """One of Spark's own processes, in a process group of its own."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = os.environ | {
        "SPARK_HOME": str(home), "SPARK_LOCAL_DIRS": str(log.parent), "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": SHORT_LIVED,
    }
    with log.open("wb") as file:
        return subprocess.Popen([str(home / "bin" / "spark-class"), f"{CLASSES}.{what}", *words], env=environment,
                                stdout=file, stderr=file, start_new_session=True)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def cluster(folder: Path, n_workers: int = 2) -> Iterator[Cluster]:
    port = free_port()
    settings = [f"spark.{who}.extraJavaOptions {SHORT_LIVED}" for who in ("driver", "executor")]
    (folder / "spark-defaults.conf").write_text("\n".join(settings) + "\n", "utf-8")
    before = os.environ.get("SPARK_CONF_DIR")
    os.environ["SPARK_CONF_DIR"] = str(folder)
    words = ("master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
    master = started(folder / "master.log", *words)
    found = Cluster(f"spark://127.0.0.1:{port}", folder)
    try:
        until = time.monotonic() + WAIT_S
        while not answers(port):
            log = (folder / "master.log").read_text("utf-8", "replace")
            assert master.poll() is None and time.monotonic() < until, log
            time.sleep(0.2)
        for _ in range(n_workers):
            found.add_worker()
        yield found
    finally:
        if before is None:
            del os.environ["SPARK_CONF_DIR"]
        else:
            os.environ["SPARK_CONF_DIR"] = before
        for process in (*found.workers, master):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
