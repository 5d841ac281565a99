"""Pages whose commands are run as a reader would type them, and whose shown outputs are held to what comes out.

    python tests/shown.py docs/tutorial-brand.md          # what differs
    python tests/shown.py docs/tutorial-brand.md --write  # and put what came out in its place

Run are, in order, in one empty folder: lines behind `$ ` in ```console blocks (`> ` goes on with the command before),
by a shell; and ```pycon blocks. A block behind `<!-- file: NAME -->` is put into that file. `...` in a shown output
stands for any text in its line, and alone on a line for any lines. A table with the columns who, about, enters and why
says what is entered on the page that the `fakedetect review` before it serves; the command is then ended by Ctrl+C.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from make_case import ask

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"(?:<!-- file: (\S+) -->\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENTERED = re.compile(r"\| who \| about \| enters \| why \|\n\|[-| ]+\|\n((?:\|.*\|\n)+)")
ENTRIES = {"agrees": ("signoff", "agree"), "disagrees": ("signoff", "disagree"), "objection": ("object", ""),
           "upheld": ("answer", "upheld"), "rejected": ("answer", "rejected")}
"""Words of the table -> action and value of a form; every other word is the value of a decision."""
SERVES = "fakedetect review "


@dataclass(frozen=True)
class Step:
    """One command: how it is typed, its shown output and where that stands in the page, and the table that goes with
    it."""

    kind: str
    command: str
    shown: str
    at: tuple[int, int]
    entered: tuple[tuple[str, ...], ...] = ()


def steps(text: str) -> Iterator[Step]:
    """The commands of a page, in order."""
    for block in FENCE.finditer(text):
        name, kind, inside = block.groups()
        start = block.start(3)
        if name:
            yield Step("file", name, inside, block.span(3))
        if kind == "pycon":
            for example in doctest.DocTestParser().get_examples(inside):
                lines = inside.splitlines(keepends=True)
                first = example.lineno + example.source.count("\n")
                after = start + sum(map(len, lines[:first]))
                yield Step("pycon", example.source, example.want, (after, after + len(example.want)))
        if kind != "console":
            continue
        for part in re.finditer(r"^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)", inside, re.MULTILINE):
            command = part[1].replace("\n> ", "\n").rstrip("\n")
            table = ENTERED.search(text, block.end()) if command.startswith(SERVES) else None
            rows = table[1].splitlines() if table and "\n```" not in text[block.end():table.start()] else []
            entered = tuple(tuple(cell.strip().strip("`") for cell in row.strip("|").split("|")) for row in rows)
            yield Step("console", command, part[2], (start + part.start(2), start + part.end(2)), entered)


def alike(shown: str, real: str) -> bool:
    """Whether a shown output is what came out, up to what `...` leaves out and blanks at the ends of lines."""
    def bare(text: str) -> str:
        return "".join(line.rstrip() + "\n" for line in text.strip("\n").splitlines())

    pattern = re.escape(bare(shown)).replace(r"\.\.\.", "...")
    pattern = re.sub(r"^\.\.\.\\\n", r"(?:.*\\n)*?", pattern, flags=re.MULTILINE).replace("...", ".*")
    return re.fullmatch(pattern, bare(real)) is not None


class Session:
    """A folder in which commands are typed, one after another; each knows how the one before ended."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder, self._code, self._names = folder, 0, dict[str, object]()
        command = scratch / "fakedetect"
        command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m fakedetect.cli "$@"\n', "utf-8")
        command.chmod(0o755)
        paths = (str(scratch), str(Path(sys.executable).parent), os.environ["PATH"])
        self._env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")}
        self._env |= {"PATH": os.pathsep.join(paths), "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "COLUMNS": "80"}

    def run(self, step: Step) -> str:
        """What a terminal shows of a command; blanks that keep words together are shown as any others."""
        return self._run(step).replace("\u00a0", " ").replace("\u202f", " ")

    def _run(self, step: Step) -> str:
        if step.kind == "file":
            (self.folder / step.command).write_text(step.shown, "utf-8")
            return step.shown
        if step.kind == "pycon":
            return self._python(step.command)
        if step.command.startswith(SERVES):
            return self._serve(step)
        done = subprocess.run(["bash", "-c", f"(exit {self._code})\n{step.command}"], cwd=self.folder, env=self._env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self._code = done.returncode
        return done.stdout.decode()

    def _python(self, source: str) -> str:
        told = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(told):
            exec(compile(source, "<page>", "single"), self._names)
        return told.getvalue()

    def _serve(self, step: Step) -> str:
        """The review page, with the entries of the table made on it over HTTP."""
        words = shlex.split(step.command)
        people = max(1, words.count("--reviewer"))
        with subprocess.Popen(words, cwd=self.folder, env=self._env, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as server:
            # Who is started in the background may ignore Ctrl+C, and hands that down; a terminal does not.
            assert server.stdout is not None
            said, links = "", {}
            while len(links) < people:
                line = server.stdout.readline()
                assert line, said
                said += line
                links |= dict(re.findall(r"^(.+): (http://\S+)$", line, re.MULTILINE))
            try:
                assert all(ask(link).code < 400 for link in links.values())
                for entry in step.entered:
                    enter(links, *entry)
            finally:
                server.send_signal(signal.SIGINT)
                said += server.stdout.read()
            self._code = server.wait()
        return said


def enter(links: dict[str, str], who: str, about: str, word: str, why: str) -> None:
    """Fill in and send the form that a row of the table names, as a browser would."""
    action, value = ENTRIES.get(word, ("decide", word))
    page = links[who] + ("group/" if about.startswith("g-") else "account/") + about
    forms = re.findall(r'<form method="post">(.*?)</form>', ask(page).text, re.DOTALL)
    hidden = [dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)) for form in forms]
    chosen = next((fields for fields in hidden if fields["action"] == action), None)
    assert chosen is not None, f"no form for it: {who}, {about}, {word}"
    members = {"members": "1"} if about.startswith("g-") and action == "decide" else {}
    answer = ask(page, {**chosen, "value": value, "why": why, **members})
    assert answer.code == 303, (who, about, word, answer.code)


def played(page: Path) -> list[tuple[Step, str]]:
    """Each command of a page with what came out of it."""
    with tempfile.TemporaryDirectory() as place:
        folder, scratch = Path(place) / "work", Path(place) / "bin"
        folder.mkdir()
        scratch.mkdir()
        session = Session(folder, scratch)
        return [(step, session.run(step)) for step in steps(page.read_text("utf-8"))]


def differences(page: Path) -> list[str]:
    """What is shown in a page beside what came out, where these differ."""
    run = played(page)
    assert sum(bool(step.shown) for step, _ in run) > 5, "hardly anything is shown"
    return [f"$ {step.command}\n--- shown\n{step.shown}--- came out\n{real}" for step, real in run
            if not alike(step.shown, real)]


def main(page: Path, write: bool) -> int:
    """Tell what differs; put it right where asked for."""
    text, wrong = page.read_text("utf-8"), 0
    for step, real in reversed(played(page)):
        if not alike(step.shown, real):
            wrong += 1
            sys.stdout.write(f"$ {step.command}\n--- shown\n{step.shown}--- came out\n{real}\n")
            text = text[:step.at[0]] + real.strip("\n") + "\n" * bool(real.strip("\n")) + text[step.at[1]:]
    if write:
        page.write_text(text, "utf-8")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--write" in sys.argv[2:]))
