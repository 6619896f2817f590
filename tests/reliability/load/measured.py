"""The app in a process of its own, so that its peak memory is nobody else's, called as its doors call it."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.storage_requests import LIST
from devstack.places import ROOT

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Measured:
    """What some calls took and cost: storage requests by kind; the process's memory in bytes; their errors.

    `seconds` depend on what else the machine does, Azurite and the studio first of all; `processor_seconds` are what
    the app's own process has used.
    """

    seconds: float
    processor_seconds: float
    storage: Counter[str]
    memory_before: int
    memory_peak: int
    errors: tuple[str, ...]

    @property
    def lists(self) -> int:
        """How many List calls."""
        return self.storage[LIST]

    @property
    def operations(self) -> int:
        """Storage requests beside the Lists."""
        return self.storage.total() - self.lists

    @property
    def took(self) -> str:
        """How long, in words."""
        return f"{self.seconds:.1f} s (processor {self.processor_seconds:.1f} s)"

    @property
    def peak(self) -> str:
        """The process's peak memory, and by how much these calls raised it, in words."""
        grown = (self.memory_peak - self.memory_before) / MEGABYTE
        return f"peak memory {self.memory_peak / MEGABYTE:.0f} MB ({grown:+.0f} MB)"


class MeasuredApp:
    """A running app process, until `stop`. Its log is the file `app.log`."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.log = folder / "app.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.load.app_process"],
                cwd=ROOT,
                env={**os.environ, "REQUESTS_CA_BUNDLE": settings["REQUESTS_CA_BUNDLE"]},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._ask({"settings": dict(settings), "root": str(folder)})

    def call(self, door: str, *each: Iterable[str], side_by_side: int = 1) -> Measured:
        """Call a method of the facade: once, or with each of these arguments, so many of them at once."""
        answer = self._ask({"door": door, "each": [list(arguments) for arguments in each], "threads": side_by_side})
        storage = Counter({kind: int(count) for kind, count in answer["storage"].items()})
        memory = (answer["memory_before"], answer["memory_peak"])
        spent = (answer["seconds"], answer["processor_seconds"])
        return Measured(*spent, storage, *memory, tuple(answer["errors"]))

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        line = stdout.readline()
        assert line, f"the app's process has ended:\n{self.log.read_text('utf-8')[-4000:]}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End the process and wait for it; harmless if it has ended."""
        self._process.communicate()
