"""What Spark stands on, looked for before it is started: PySpark, a Java that it can use, a master that answers."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from fakedetect.errors import EngineError

LEAST_JAVA = 17
ANSWER_S = 5.0
"""How long a master may take to answer."""
INSTALL = "pip install 'fakedetect[spark]'"
_PORT = 7077
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def check(master: str) -> None:
    """Raises EngineError where Spark cannot run on `master` ("local[*]", "spark://host:port[,host:port]")."""
    if find_spec("pyspark") is None:
        raise EngineError("PySpark is not installed", where="--engine spark", hint=INSTALL)
    _check_java()
    if master.startswith("spark://"):
        address(master)


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    hint = f"install Java {LEAST_JAVA} or newer (Debian: apt install default-jre-headless), or set JAVA_HOME to one"
    if shutil.which(java) is None:
        where = f"JAVA_HOME={home}" if home else None
        raise EngineError("Spark runs on Java, and there is none", where=where, hint=hint)
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"Java does not run: {error}", where=java, hint=hint) from error
    found = _VERSION.search(done.stderr + done.stdout)
    if done.returncode or found is None:
        told = (done.stderr + done.stdout).strip().partition("\n")[0]
        raise EngineError(f"Java does not run: {told}", where=java, hint=hint)
    if int(found[1]) < LEAST_JAVA:
        raise EngineError(f"this is Java {found[1]}, which is too old for Spark", where=java, hint=hint)


def address(master: str) -> str:
    """The address of this machine as the first master of spark://host:port,... that answers sees it. Raises EngineError
    where none does."""
    for one in master.removeprefix("spark://").split(","):
        host, _, port = one.rpartition(":") if ":" in one else (one, "", "")
        try:
            with socket.create_connection((host.strip("[]"), int(port or _PORT)), timeout=ANSWER_S) as connection:
                return str(connection.getsockname()[0])
        except (OSError, ValueError, OverflowError):
            continue
    raise EngineError("no Spark master answers there", where=master,
                      hint="check host and port (the master's page names them); --engine spark is this machine alone")
