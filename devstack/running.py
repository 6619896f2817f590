"""Which stack is running: `stack.json` in its folder, written by `up`, read by the other commands.

`up` holds a lock beside it as long as it lives. The operating system gives that back whatever ends the process, so
a file that a crash left behind deceives nobody, and `down` never signals a process that is not the stack's.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from devstack.places import stack_folder

STOP_SECONDS = 40


class NotRunningError(RuntimeError):
    """No stack is running; says how to start one."""

    def __init__(self) -> None:
        super().__init__(f"No local stack is running in {stack_folder()}. Start one with: make up")


class AlreadyRunningError(RuntimeError):
    """A stack is running in this folder; says how to stop it."""


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
        """The stack that runs now. Raises NotRunningError if there is none, or it is not ready yet."""
        if not _is_held():
            raise NotRunningError
        try:
            return cls(**json.loads(_file().read_text("utf-8")))
        except FileNotFoundError:
            raise NotRunningError from None

    def stop(self) -> bool:
        """Ask the process to stop and wait for it; False if it has not within 40 seconds."""
        os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while _is_held():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True


@contextmanager
def the_only_one() -> Iterator[None]:
    """Be the stack of this folder until the end. Raises AlreadyRunningError if another one is."""
    stack_folder().mkdir(parents=True, exist_ok=True)
    with _lock().open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(_who()) from None
        _file().unlink(missing_ok=True)
        try:
            yield
        finally:
            _file().unlink(missing_ok=True)


def _is_held() -> bool:
    try:
        with _lock().open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _who() -> str:
    process = f" (process {Running.read().pid})" if _file().exists() else ""
    return f"A local stack is running already{process}. Stop it with: python -m devstack down"


def _file() -> Path:
    return stack_folder() / "stack.json"


def _lock() -> Path:
    return stack_folder() / "stack.lock"
