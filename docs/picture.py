"""Make the picture of the report that README.md shows, from the sample page, in a headless Chromium.

    python docs/picture.py

docs/pictures/report.png: the head of the report, what it found, and the first hours with and without the suspects,
1,000 pixels wide. The sections between are left out, as is what stands behind the chart.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent), str(DOCS.parent / "tests")]  # the checkout's own package, and its browser

from browser import browser  # noqa: E402

from fakedetect import cli  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TO = DOCS / "pictures/report.png"
WIDTH = 1000
SHOWN = ("finding", "without")
"""The sections to show, by their ids, each down to its chart."""
LEAVE_OUT = f"""
    document.querySelectorAll('section').forEach(s => {{ if (!{list(SHOWN)}.includes(s.id)) s.remove(); }});
    document.querySelectorAll('nav, footer, figure ~ *').forEach(e => e.remove());
"""


def picture(report: Path, to: Path) -> None:
    """The shown sections of a report as PNG."""
    command = next(filter(None, map(shutil.which, BROWSERS)), None)
    if command is None:
        sys.exit(f"needs a browser: none of {', '.join(BROWSERS)} is on the PATH")
    with browser(command) as page:
        page.open(report, width=WIDTH)
        page.run(LEAVE_OUT)
        height = page.run("document.documentElement.scrollHeight")
        page.picture(to)
    sys.stdout.write(f"{to}: {to.stat().st_size:,} bytes, {WIDTH} x {height}\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "audit"
        if code := cli.main(["audit", "sample", "--out", str(out), "-q"]):
            sys.exit(code)
        picture(out / "report.html", TO)
