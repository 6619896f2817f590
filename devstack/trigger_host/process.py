"""The trigger host as a child process: what tests and the local stack start."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from devstack.trigger_host.errors import TriggerHostError

START_SECONDS = 60.0
READY_FILE = "ready.json"
# How long a stop lets invocations finish, and how much more the process may take for the rest.
STOP_SECONDS = 10.0
STOP_MARGIN_SECONDS = 10.0

_REPOSITORY = Path(__file__).resolve().parents[2]


class TriggerHost:
    """A trigger host in a process of its own. Made by `start`. A context manager: leaving it stops the process."""

    def __init__(self, process: subprocess.Popen[bytes], log_path: Path, ready: Mapping[str, object]) -> None:
        self._process = process
        self._ready = ready
        self.log_path = log_path

    @classmethod
    def start(
        cls,
        root: Path,
        settings: Mapping[str, str],
        folder: Path,
        *,
        port: int = 0,
        blob_poll_seconds: float = 0.2,
        message_invisible_seconds: int = 600,
    ) -> Self:
        """Run the function app in `root` and return when it is ready.

        `settings` are its app settings, over this process's environment; the app's own local.settings.json is not
        read. `folder` (made if absent) keeps keys and log; the same folder again continues both. `port` 0 means any
        free one. Times are in seconds; `message_invisible_seconds` is how long a blob waits after its host was
        killed in the middle of its run.

        Raises TriggerHostError with the end of the log if the host ends at once or is not ready within 60 seconds.
        """
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        log_path, ready_file = folder / "trigger_host.log", folder / READY_FILE
        ready_file.unlink(missing_ok=True)
        (folder / "settings.json").write_text('{"IsEncrypted": false, "Values": {}}\n', "utf-8")
        command = [
            *(sys.executable, "-m", "devstack.trigger_host", "--root", str(root.resolve())),
            *("--settings", str(folder / "settings.json"), "--state-folder", str(folder)),
            *("--port", str(port), "--blob-poll-seconds", str(blob_poll_seconds)),
            *("--message-invisible-seconds", str(message_invisible_seconds)),
            *("--stop-seconds", str(STOP_SECONDS), "--ready-file", str(ready_file)),
        ]
        process = _launch(command, settings, log_path)
        return cls(process, log_path, _await_ready(process, ready_file, log_path))

    @property
    def url(self) -> str:
        """Where HTTP answers, without a trailing slash."""
        return str(self._ready["url"])

    @property
    def host_id(self) -> str:
        """The id under which this host's receipts, queue and timer states are found in storage."""
        return str(self._ready["host_id"])

    @property
    def functions(self) -> list[str]:
        """The names of the functions it serves."""
        names = self._ready["functions"]
        return [str(name) for name in names] if isinstance(names, list) else []

    @property
    def function_key(self) -> str:
        """Opens routes of level function (header `x-functions-key`)."""
        return str(self._keys["function"])

    @property
    def master_key(self) -> str:
        """Opens every route, and /admin."""
        return str(self._keys["master"])

    @property
    def blobs_extension_key(self) -> str:
        """Opens the blob webhook (query `code`)."""
        return str(self._keys["blobs_extension"])

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def log(self) -> str:
        """All it has printed and logged so far, starts before this one included."""
        return _read(self.log_path)

    def stop(self) -> None:
        """Stop cleanly; runs under way get 10 seconds. Harmless if it has ended.

        Raises TriggerHostError if it had to be killed.
        """
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS + STOP_MARGIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TriggerHostError(_explain("The trigger host did not stop and was killed.", self.log_path)) from None

    def kill(self) -> None:
        """End it at once, as a crash would (SIGKILL)."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _keys(self) -> Mapping[str, str]:
        keys = self._ready["keys"]
        return keys if isinstance(keys, dict) else {}


def blobs_extension_key(folder: Path) -> str:
    """The system key of the host that runs with this folder. Raises FileNotFoundError if none does."""
    ready = json.loads((folder / READY_FILE).read_text("utf-8"))
    return str(ready["keys"]["blobs_extension"])


def _launch(command: list[str], settings: Mapping[str, str], log_path: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **settings}
    with log_path.open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=_REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A Ctrl-C in the terminal is for whoever started us; that one stops the host in its own order.
            start_new_session=True,
        )


def _await_ready(process: subprocess.Popen[bytes], ready_file: Path, log_path: Path) -> dict[str, object]:
    end = time.monotonic() + START_SECONDS
    while not ready_file.exists():
        if process.poll() is not None:
            raise TriggerHostError(_explain(f"The trigger host ended with code {process.returncode}.", log_path))
        if time.monotonic() > end:
            process.kill()
            process.wait()
            raise TriggerHostError(_explain(f"The trigger host was not ready within {START_SECONDS:g} s.", log_path))
        time.sleep(0.02)
    ready: dict[str, object] = json.loads(ready_file.read_text("utf-8"))
    return ready


def _explain(what: str, log_path: Path) -> str:
    last = "\n".join(_read(log_path).splitlines()[-40:])
    return f"{what} Its log ({log_path}) ends with:\n{last}"


def _read(log_path: Path) -> str:
    return log_path.read_text("utf-8", errors="replace")
