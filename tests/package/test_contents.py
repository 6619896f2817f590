"""The package: what runs in the cloud is in it, and nothing else."""

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from devstack.package import packaged_files, write_package
from devstack.places import ROOT

AT_THE_TOP = {"LICENSE", "adf", "function_app.py", "functions", "host.json", "requirements.txt"}
LEFT_OUT = (
    ".azure/env/.env",
    ".env",
    ".git/config",
    ".github/workflows/ci.yml",
    ".venv/lib/python3.13/site-packages/azure/core.py",
    ".vscode/settings.json",
    "README.md",
    "__azurite_db_blob__.json",
    "__blobstorage__/file",
    "azure.yaml",
    "devstack/stack.py",
    "docs/settings.md",
    "functions/__pycache__/poll_runs.cpython-313.pyc",
    "infra/main.bicep",
    "local.settings.json",
    "local.settings.sample.json",
    "node_modules/azurite/index.js",
    "pyproject.toml",
    "relearner.zip",
    "requirements-dev.lock",
    "tests/conftest.py",
)
EXPLAINED = {
    "Application Insights configuration": "the setting is made by infra/, and not kept here",
    "Binding connection resolution": "so is the connection: check --deployed looks at it where it is set",
    "Blueprint registration": "each door is called `door`, in a module of its own: it is looked for by that name alone",
    "Native dependency risk": "cryptography comes with azure-identity; the remote build takes its Linux wheel",
    ".funcignore": "is not in the package that it makes",
}


def test_the_package_has_these_things_at_its_top_and_no_others() -> None:
    assert {file.parts[0] for file in packaged_files(ROOT)} == AT_THE_TOP


def test_every_module_and_every_definition_is_in_it() -> None:
    files = {str(file) for file in packaged_files(ROOT)}
    wanted = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "adf").rglob("*.json"), ROOT / "host.json"]

    assert {file.relative_to(ROOT).as_posix() for file in wanted} <= files
    assert all(file.endswith((".py", ".json", ".txt", "LICENSE")) for file in files)


def test_what_lies_about_on_a_laptop_is_left_out(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".funcignore", tmp_path)
    for name in (*LEFT_OUT, "function_app.py", "functions/poll_runs.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", "utf-8")

    assert [str(file) for file in packaged_files(tmp_path)] == ["function_app.py", "functions/poll_runs.py"]


def test_core_tools_which_reads_it_otherwise_leaves_out_the_same() -> None:
    lines = (ROOT / ".funcignore").read_text("utf-8").splitlines()

    assert [name for name in LEFT_OUT if not _left_out_by_core_tools(lines, name)] == []
    assert [file for file in packaged_files(ROOT) if _left_out_by_core_tools(lines, str(file))] == []


def _left_out_by_core_tools(lines: list[str], name: str) -> bool:
    """Whether a line is a beginning of the path: azure-functions-core-tools, GitIgnoreParser, as read in 2026."""
    patterns = (line.strip().removeprefix("/") for line in lines if line.strip() and not line.startswith("#"))
    stars = {"**": ".+", "*": "[^/]+"}
    parts = (re.split(r"(\*\*|\*)", pattern) for pattern in patterns)
    return any(re.match("".join(stars.get(each) or re.escape(each) for each in split), name) for split in parts)


def test_the_same_files_make_the_same_package(tmp_path: Path) -> None:
    counts = [write_package(ROOT, tmp_path / name) for name in ("one.zip", "two.zip")]

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as package:
        assert counts == [len(package.namelist())] * 2
        assert package.read("host.json") == (ROOT / "host.json").read_bytes()


@pytest.mark.processes
def test_azure_functions_doctor_has_nothing_against_it_that_is_not_explained(tmp_path: Path) -> None:
    write_package(ROOT, tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as package:
        package.extractall(tmp_path / "package")
    arguments = ["doctor", "--path", str(tmp_path / "package"), "--profile", "deploy", "--format", "json"]
    arguments += ["--hosting-plan", "flex-consumption", "--target-python", "3.13"]
    command = [str(ROOT / ".venv/bin/azure-functions-doctor"), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)  # noqa: S603 - our tool

    assert ran.returncode == 0, ran.stdout
    items = [item for section in json.loads(ran.stdout)["results"] for item in section["items"]]
    assert len([item for item in items if item["status"] == "pass"]) > 10
    assert {item["label"] for item in items if item["status"] not in {"pass", "skip"}} <= set(EXPLAINED)


def test_a_package_without_funcignore_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(packaged_files(tmp_path))
