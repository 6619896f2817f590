"""Which stack is running: `stack.json` in its folder, written by `up`, read by the other commands."""

import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from devstack.places import stack_folder

STOP_SECONDS = 40


class NotRunningError(RuntimeError):
    """No stack is running; says how to start one."""

    def __init__(self) -> None:
        super().__init__("No local stack is running. Start one with: make up")


@dataclass(frozen=True)
class Running:
    """A running stack: the process that `up` is, and where its services are."""

    pid: int
    storage: str
    studio: str
    host: str | None

    def write(self) -> None:
        """Tell the other commands."""
        _file().write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")

    @classmethod
    def read(cls) -> "Running":
        """The stack that runs now. Raises NotRunningError if there is none."""
        try:
            running = cls(**json.loads(_file().read_text("utf-8")))
            os.kill(running.pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            raise NotRunningError from None
        return running

    def stop(self) -> bool:
        """Ask the process to stop and wait for it; False if it has not within 40 seconds."""
        os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.05)
        return False


def forget() -> None:
    """The stack is down."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return stack_folder() / "stack.json"
