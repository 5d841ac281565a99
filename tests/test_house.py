"""The rules of the house (docs/house.md), held to the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fakedetect"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").glob("*.py"))
MAX_LINES = 400
HEAVY = ("numba", "lightgbm", "sklearn", "scipy", "duckdb", "pandas")
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "yaml"}
UNSAFE_CALLS = {"eval", "exec", "print", "joblib.load", "np.load", "numpy.load"}


def floors() -> dict[str, int]:
    """Unit of the package (a file or a folder) -> floor, from the table in docs/house.md."""
    out = {}
    for line in (ROOT / "docs/house.md").read_text("utf-8").splitlines():
        row = re.match(r"\| (\d) \| ([^|]*) \|", line)
        if row:
            out |= {name.rstrip("/").removesuffix(".py"): int(row[1]) for name in re.findall(r"`([^`]+)`", row[2])}
    return out


FLOORS = floors()


def unit(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """Units of the package that a module imports, wherever in it the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "fakedetect" and len(parts) > 1 and parts[1] in FLOORS:
                yield parts[1]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_unit_has_a_floor() -> None:
    assert {unit(p) for p in MODULES} - {"__init__"} == {u for u in FLOORS if u != "train"}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_go_down(path: Path) -> None:
    here = unit(path)
    if here == "__init__":  # the front door hands out names from every floor
        return
    upward = {u for u in imported(parsed(path)) if u != here and FLOORS[u] >= FLOORS[here]}
    assert not upward, f"{here} stands on floor {FLOORS[here]}"


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=named)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", [*MODULES, *TESTS, *sorted((ROOT / "benchmarks").glob("*.py"))], ids=named)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(parsed(path))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_prints_unpickles_or_runs_what_it_reads(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            assert dotted(node.func) not in UNSAFE_CALLS, f"line {node.lineno}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            assert not UNSAFE_MODULES & {m.split(".")[0] for m in module}, f"line {node.lineno}"


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=named)
def test_only_expected_errors_are_caught(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {dotted(c) if c is not None else "" for c in caught}
            assert not names & {"", "Exception", "BaseException"}, f"line {node.lineno}"


@pytest.mark.parametrize("module", ["fakedetect", "fakedetect.cli"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; sys.exit(' '.join(m for m in {HEAVY!r} if m in sys.modules) or None)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
