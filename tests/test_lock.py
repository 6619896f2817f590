"""What the cloud build installs is what was tested: requirements.txt, the lock and package.json agree."""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from devstack.places import ROOT

pytestmark = pytest.mark.processes

LOCK = ROOT / "requirements-dev.lock"
REQUIREMENTS = ROOT / "requirements.txt"
IN_THE_CLOUD = {
    "platform_system": "Linux",
    "sys_platform": "linux",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "python_version": "3.13",
    "python_full_version": "3.13.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}


def test_requirements_are_the_closure_of_what_the_app_depends_on_at_the_locks_versions() -> None:
    locked = _pins(LOCK)
    closure = _closure(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])

    assert _pins(REQUIREMENTS) == {name: locked[name] for name in closure}


def test_what_is_installed_here_is_what_the_lock_says() -> None:
    locked = _pins(LOCK)

    installed = {name: distribution(name).version for name in _pins(REQUIREMENTS)}

    assert installed == {name: locked[name] for name in installed}


def test_every_entry_of_the_lock_is_pinned_and_has_a_hash() -> None:
    entries = list(_entries(LOCK))

    assert len(entries) > 20
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry)] == []
    assert [entry for entry in entries if not re.match(r"[\w.-]+(\[[\w,.-]+\])?==[\w.+!-]+[ \\;]", entry)] == []


def test_azurite_is_pinned_exactly_and_the_lock_agrees() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]["azurite"]
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    azurite = lock["packages"]["node_modules/azurite"]

    assert re.fullmatch(r"\d+\.\d+\.\d+", wanted)
    assert lock["packages"][""]["devDependencies"]["azurite"] == wanted
    assert azurite["version"] == wanted
    assert azurite["integrity"].startswith("sha512-")


@pytest.mark.parametrize("file", [LOCK, REQUIREMENTS], ids=lambda file: file.name)
def test_nothing_is_pinned_twice(file: Path) -> None:
    names = [canonicalize_name(Requirement(_bare(entry)).name) for entry in _entries(file)]

    assert len(names) == len(set(names))


def _pins(file: Path) -> dict[str, str]:
    """The versions that a requirements file installs in the cloud, by canonical name."""
    requirements = [Requirement(_bare(entry)) for entry in _entries(file)]
    wanted = [each for each in requirements if each.marker is None or each.marker.evaluate(IN_THE_CLOUD)]
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in wanted}


def _entries(file: Path) -> Iterator[str]:
    """Its entries, each with its continued lines."""
    lines = file.read_text("utf-8").replace("\\\n", "\\ ").splitlines()
    return (line for line in lines if line.strip() and not line.startswith("#"))


def _bare(entry: str) -> str:
    return entry.partition("\\")[0].partition(" --hash")[0].strip()


def _closure(dependencies: list[str]) -> set[str]:
    """Everything that has to be installed for these, by what the installed distributions say of themselves."""
    found: set[tuple[str, str]] = set()
    waiting = [(Requirement(each), "") for each in dependencies]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({**IN_THE_CLOUD, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in found:
                found.add((name, wanted))
                waiting += [(Requirement(each), wanted) for each in distribution(name).requires or ()]
    return {name for name, _ in found}
