"""The training processes, seen from the studio: kept warm between jobs, killed when a job is cancelled."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[3]


class WorkerDied(Exception):
    """The process ended before it answered."""


class Worker:
    """One training process. It carries out one order at a time."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "devstack.studio.training.worker"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def carry_out(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Send an order and wait for its answer, for as long as it takes. Raises WorkerDied."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101 - for mypy: both are pipes
        assert stdout is not None  # noqa: S101
        try:
            stdin.write(json.dumps(order) + "\n")
            stdin.flush()
            answer = stdout.readline()
        except (OSError, ValueError) as error:
            raise WorkerDied from error
        if not answer:
            raise WorkerDied
        reply: dict[str, Any] = json.loads(answer)
        return reply

    def kill(self) -> None:
        """End the process now; whoever waits for an answer gets WorkerDied."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process and let go of its pipes. Only for a worker that nobody waits for."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


class Workers:
    """Idle workers to borrow. The first one starts with the first need: a studio that trains nothing costs nothing."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._idle: list[Worker] = []
        self._lent: list[Worker] = []
        self._lock = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Have a worker ready, loading its libraries while nobody waits for it."""
        with self._lock:
            if not self._idle and not self._lent and not self._closed:
                self._idle.append(Worker(self._log))

    def borrow(self) -> Worker:
        """A worker for one order: an idle one, or a new one. Raises WorkerDied once all is closed."""
        with self._lock:
            if self._closed:
                raise WorkerDied
            worker = self._idle.pop() if self._idle else Worker(self._log)
            self._lent.append(worker)
            return worker

    def give_back(self, worker: Worker) -> None:
        """After its order: keep it for the next one, or bury it if it has ended."""
        with self._lock:
            self._lent.remove(worker)
            if worker.is_alive and not self._closed:
                self._idle.append(worker)
                return
        worker.close()

    def close(self) -> None:
        """End all of them; those at work too."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            lent = list(self._lent)
        for worker in lent:
            worker.kill()
        for worker in idle:
            worker.close()
