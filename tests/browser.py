"""A headless Chromium for tests, driven over its debugging pipe: what a page logs, asks of the net, shows and does.

The network is closed: every request but file: and data: ends at a proxy that is not there, and is written down.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-quic", "--hide-scrollbars",
    "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--remote-debugging-pipe",
)
PATIENCE_S = 120
"""A browser that says nothing for so long is dead."""


class Browser:
    """One page. `complaints`: what it logged as a warning or an error; `asked`: addresses it asked for beyond its own
    file."""

    def __init__(self, command: str) -> None:
        self.complaints: list[str] = []
        self.asked: set[str] = set()
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._loaded = False
        self._profile = tempfile.mkdtemp(prefix="browser-")
        reads, self._write = os.pipe()
        self._read, writes = os.pipe()

        def stand_at_3_and_4() -> None:
            # Both are first put out of the way: either may be 3 or 4 itself.
            near, far = os.dup(reads), os.dup(writes)
            os.dup2(near, 3)
            os.dup2(far, 4)

        self._process = subprocess.Popen(
            [command, *SWITCHES, f"--user-data-dir={self._profile}", "about:blank"], preexec_fn=stand_at_3_and_4,
            pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(reads)
        os.close(writes)
        targets = self._call("Target.getTargets")["targetInfos"]
        page = next(t["targetId"] for t in targets if t["type"] == "page")
        self._session = self._call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """End the browser and remove its profile."""
        self._process.terminate()
        self._process.wait(timeout=PATIENCE_S)
        os.close(self._read)
        os.close(self._write)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the DevTools protocol to the page; its result."""
        return self._call(method, self._session, **params)

    def _call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        sent: dict[str, Any] = {"id": number, "method": method, "params": params}
        sent |= {"sessionId": session} if session else {}
        os.write(self._write, json.dumps(sent).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == number:
                assert "error" not in told, (method, told["error"])
                return told["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], PATIENCE_S)
            assert ready, "the browser says nothing"
            more = os.read(self._read, 1 << 20)
            assert more, "the browser has gone"
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\0")
        told = json.loads(line)
        self._note(told.get("method", ""), told.get("params", {}))
        return told

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if not url.startswith(("file:", "data:", "about:")):
                self.asked.add(url)
        elif method == "Page.loadEventFired":
            self._loaded = True

    def open(self, page: Path, *, width: int = 1100, dark: bool = False) -> None:
        """Load a file at a width in pixels and wait until it stands."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self._loaded = False
        self.call("Page.navigate", url=page.as_uri())
        until = time.monotonic() + PATIENCE_S
        while not self._loaded:
            assert time.monotonic() < until
            self._next()
        self.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page (a promise is awaited). Not held by the page's policy."""
        told = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def press(self, key: str, code: int = 0, text: str = "") -> None:
        """One key, as a person presses it: "Tab" (9), "Enter" (13, "\\r"), or a letter."""
        for kind in ("keyDown", "keyUp"):
            extra = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **extra)

    def write(self, text: str) -> None:
        """Text into what has the focus."""
        self.call("Input.insertText", text=text)

    def picture(self, to: Path) -> None:
        """The whole page as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        to.write_bytes(base64.b64decode(shot["data"]))

    def paper(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])


@contextlib.contextmanager
def browser(command: str) -> Iterator[Browser]:
    """A browser that is closed at the end."""
    opened = Browser(command)
    try:
        yield opened
    finally:
        opened.close()
