"""The lock file names every library that training runs on, at the versions that the shipped model was trained with."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ONE_PIN = re.compile(r"([a-z0-9-]+)==([0-9][0-9.]*)")


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def pins() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = [ONE_PIN.fullmatch(line) for line in lines if not line.startswith("#")]
    assert all(found), "every line is name==version"
    return {pin[1]: pin[2] for pin in found if pin}


def test_every_dependency_of_a_dependency_is_pinned() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    waiting, needed = [name_of(r) for r in declared], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [name_of(r) for r in requires(name) or [] if ";" not in r]
    assert needed == set(pins())


def test_the_model_was_trained_with_what_the_lock_says() -> None:
    training = json.loads((ROOT / "models/simulated/training.json").read_text(encoding="utf-8"))["training"]
    assert training["versions"]
    assert training["versions"] == {name: pins()[name] for name in training["versions"]}
