"""`python -m devstack ...` as a person runs it: in a process of its own, with a folder of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack.places import FOLDER_VARIABLE, ROOT
from tests.support.waiting import wait_until

SECONDS = 60


@dataclass
class Cli:
    """Commands whose stack keeps its files in `folder`."""

    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one to its end."""
        return subprocess.run(  # noqa: S603 - this interpreter, and a command of ours
            [sys.executable, "-m", "devstack", *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )

    def start(self, *arguments: str) -> "Background":
        """Start one that goes on beside the test."""
        self.folder.mkdir(parents=True, exist_ok=True)
        output, errors = self.folder / "output.txt", self.folder / "errors.txt"
        with output.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, and a command of ours
                [sys.executable, "-m", "devstack", *arguments],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        return Background(process, output, errors)

    def up(self, *arguments: str) -> "Background":
        """`up`, ready."""
        stack = self.start("up", *arguments)
        try:
            wait_until(
                lambda: stack.ended or "The local stack is up" in stack.output, "the stack is up", seconds=SECONDS
            )
            assert not stack.ended, stack.errors
        except BaseException:
            stack.stop()
            raise
        return stack

    @property
    def settings(self) -> dict[str, str]:
        """What `up` wrote for the functions."""
        values: dict[str, str] = json.loads((self.folder / "local.settings.json").read_text("utf-8"))["Values"]
        return values

    @property
    def stack(self) -> dict[str, Any]:
        """What `up` wrote for the other commands."""
        facts: dict[str, Any] = json.loads((self.folder / "stack.json").read_text("utf-8"))
        return facts

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONUNBUFFERED": "1", FOLDER_VARIABLE: str(self.folder)}


@dataclass
class Background:
    """A command that runs."""

    process: subprocess.Popen[bytes]
    output_file: Path
    errors_file: Path

    @property
    def output(self) -> str:
        return self.output_file.read_text("utf-8")

    @property
    def errors(self) -> str:
        return self.errors_file.read_text("utf-8")

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def ends(self) -> int:
        """Wait for its end; its exit code."""
        return self.process.wait(SECONDS)

    def stop(self) -> int:
        """Ctrl-C's gentler sister; its exit code."""
        if not self.ended:
            self.process.terminate()
        return self.ends()
