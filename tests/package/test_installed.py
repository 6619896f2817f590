"""The package where it runs: an interpreter with requirements.txt and nothing else installed."""

import json
import os
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from devstack.package import write_package
from devstack.places import ROOT
from functions.retraining.doctor.app_index import index_app

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

INDEX = """
import json
from function_app import app
print(json.dumps([[f.get_function_name(), json.loads(f.get_function_json())["bindings"]] for f in app.get_functions()]))
"""
EVERY_MODULE = """
import importlib, pathlib
files = sorted(pathlib.Path("functions").rglob("*.py"))
for file in files:
    importlib.import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
print(len(files))
"""
COLD_IMPORT = """
import time
start = time.perf_counter()
import function_app
print(time.perf_counter() - start)
"""
TRIES = 5


@dataclass(frozen=True)
class Installed:
    """The unpacked package, the interpreter made for it, and the sizes of both in bytes."""

    folder: Path
    python: Path
    zipped: int
    files: int

    def run(self, script: str, *options: str) -> Any:  # noqa: ANN401 - the JSON that the script prints
        """Run it in the package, in an environment with nothing in it."""
        ran = subprocess.run(  # noqa: S603 - the interpreter made for this, and a script from above
            [str(self.python), *options, "-c", script],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder.parent)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """uv, from the lock, fills a new environment out of its cache or from the package index."""
    root = tmp_path_factory.mktemp("package")
    files = write_package(ROOT, root / "package.zip")
    with zipfile.ZipFile(root / "package.zip") as package:
        package.extractall(root / "package")
    python = root / "venv/bin/python"
    uv = str(ROOT / ".venv/bin/uv")
    for arguments in (
        ("venv", "--quiet", "--no-config", "--python", str(ROOT / ".venv/bin/python"), str(root / "venv")),
        ("pip", "install", "--quiet", "--python", str(python), "-r", str(root / "package/requirements.txt")),
    ):
        made = subprocess.run([uv, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - our tool
        assert made.returncode == 0, made.stderr
    return Installed(root / "package", python, (root / "package.zip").stat().st_size, files)


def test_the_package_indexes_the_same_functions_without_a_warning(installed: Installed) -> None:
    found = dict(installed.run(INDEX, "-W", "error"))

    assert found == {function.name: function.bindings for function in index_app(ROOT, {})}
    assert {"start_retraining", "poll_runs", "update_scoring", "sweep_examples"} <= set(found)


def test_every_module_finds_all_that_it_imports(installed: Installed) -> None:
    assert installed.run(EVERY_MODULE, "-W", "error") > 80


def test_it_is_small_and_says_its_size_and_its_cold_import(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    site = installed.python.parents[1] / "lib/python3.13/site-packages"
    dependencies = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    installed.run(COLD_IMPORT)  # the first one compiles
    seconds = min(installed.run(COLD_IMPORT) for _ in range(TRIES))
    with capsys.disabled():
        size = f"{installed.files} files, {installed.zipped / 1024:.0f} kB zipped"
        print(f"\npackage: {size}; dependencies {dependencies / 1e6:.1f} MB; cold import {seconds:.2f} s")  # noqa: T201 - it is to be seen

    assert installed.zipped < 1_000_000
    assert dependencies < 80_000_000
