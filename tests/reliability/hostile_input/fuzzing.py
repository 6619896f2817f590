"""Fuzzing by coverage with atheris (libFuzzer), told as findings."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from devstack.places import ROOT
from functions.retraining.core.documents import encode
from functions.retraining.core.run import RunStatus
from tests.adf.factories import documents
from tests.azureml.recorded import names, recorded
from tests.core.runs import CLAIM, run_in
from tests.reliability.finding import Finding

_DONE = re.compile(r"^Done (?P<runs>[0-9]+) runs in (?P<seconds>[0-9]+) second", re.MULTILINE)
_COVERAGE = re.compile(r"\bcov: ([0-9]+)")

MEGABYTES, LONGEST_SECONDS = 2048, 30
AT_MOST_SECONDS = 180


def for_seconds(seconds: int) -> str:
    """A limit that goes as far as the machine does."""
    return f"-max_total_time={seconds}"


def for_runs(runs: int) -> str:
    """A limit that tries the same every time, on every machine."""
    return f"-runs={runs}"


def fuzzed(target: str, limit: str, seed: int = 1) -> Finding:
    """Fuzz one target of `fuzz.py` up to the limit. Where atheris is not installed, the finding says so."""
    tried = f"bytes chosen by coverage for the {target} (atheris)"
    if find_spec("atheris") is None:
        return Finding(
            tried, 1, 1, figures="NOT RUN: atheris is only there for Linux on x86_64; hypothesis alone tried"
        )
    with tempfile.TemporaryDirectory(prefix="relearner-fuzz-") as folder:
        for number, content in enumerate(_seeds(target)):
            (Path(folder) / f"seed-{number}").write_bytes(content)
        return _finding(tried, *_run(target, folder, limit, seed))


def _run(target: str, folder: str, limit: str, seed: int) -> tuple[int, str]:
    options = [
        limit,
        f"-seed={seed}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-timeout={LONGEST_SECONDS}",
        f"-artifact_prefix={folder}/found-",
        "-max_len=20000",
        folder,
    ]
    command = [sys.executable, "-m", "tests.reliability.hostile_input.fuzz", target, *options]
    done = subprocess.run(  # noqa: S603 - this interpreter
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=AT_MOST_SECONDS,
    )
    return done.returncode, f"{done.stdout}\n{done.stderr}"


def _finding(tried: str, code: int, output: str) -> Finding:
    done = _DONE.search(output)
    if code or done is None:
        said = output.partition("Uncaught Python exception")[2] or output[-1500:]
        return Finding(tried, 1, 0, troubles=(f"{tried}: exit code {code}: {said[:1500]}",))
    runs, coverage = int(done["runs"]), _COVERAGE.findall(output)
    return Finding(tried, runs, runs, f"{done['seconds']} s, {coverage[-1] if coverage else '?'} places covered")


def _seeds(target: str) -> Iterator[bytes]:
    """What the services and people really write, to begin with."""
    if target == "answers":
        yield from (bytes([which, 0]) + recorded(name).body for name in names() for which in range(7))
    elif target == "definitions":
        yield from (bytes([which, 0]) + text.encode() for which, (_, text) in enumerate(sorted(documents().items())))
    else:
        yield from (b"\x00\x00" + encode(run_in(status)) for status in RunStatus)
        yield b"\x01\x00" + encode(CLAIM.slot)
