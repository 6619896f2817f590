"""Azurite, the storage of the local stack: started as a process of its own, ready when it answers.

Azurite picks its own free ports when asked for port 0 and prints what it got, so no port can be lost between
looking for a free one and taking it. `--skipApiVersionCheck` because current SDKs speak a newer version than
the ones it lists.
"""

import re
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

ACCOUNT = "devstoreaccount1"
# Published by Microsoft for the emulator: https://learn.microsoft.com/azure/storage/common/storage-use-azurite
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
START_SECONDS = 30.0
STOP_SECONDS = 10.0

_EXECUTABLE = Path(__file__).resolve().parents[1] / "node_modules" / ".bin" / "azurite"
_LISTENING = re.compile(r"Azurite (Blob|Queue|Table) service is successfully listening at (http://\S+)")


class AzuriteError(RuntimeError):
    """Azurite cannot be started, or did not stay up. Says why, and what it printed last."""


class Azurite:
    """A running Azurite (blob, queue and table) on 127.0.0.1, its state in one folder.

    Made by `start`. A context manager: leaving it stops the process. Its state stays in the folder until the
    caller throws that away.
    """

    def __init__(self, folder: Path, ports: tuple[int, int, int]) -> None:
        self.folder = folder
        self._ports = ports
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls, folder: Path, *, blob_port: int = 0, queue_port: int = 0, table_port: int = 0) -> Self:
        """Start Azurite with its state in `folder` (made if absent); port 0 means any free one.

        Returns once all three services answer. Raises AzuriteError if Azurite or Node is not installed, a
        port is taken, or it does not answer within 30 seconds.
        """
        folder.mkdir(parents=True, exist_ok=True)
        azurite = cls(folder, (blob_port, queue_port, table_port))
        azurite._launch()
        return azurite

    @property
    def blob_endpoint(self) -> str:
        """The blob service's account URL, without a trailing slash."""
        return f"http://127.0.0.1:{self._ports[0]}/{ACCOUNT}"

    @property
    def queue_endpoint(self) -> str:
        """The queue service's account URL, without a trailing slash."""
        return f"http://127.0.0.1:{self._ports[1]}/{ACCOUNT}"

    @property
    def table_endpoint(self) -> str:
        """The table service's account URL, without a trailing slash."""
        return f"http://127.0.0.1:{self._ports[2]}/{ACCOUNT}"

    @property
    def connection_string(self) -> str:
        """What `AzureWebJobsStorage` takes: account, key and the three endpoints spelled out."""
        return (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
            f"BlobEndpoint={self.blob_endpoint};QueueEndpoint={self.queue_endpoint};"
            f"TableEndpoint={self.table_endpoint};"
        )

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def stop(self) -> None:
        """End this Azurite and no other. Harmless if it has ended already."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """Stop and start again on the same ports with the same state: an outage, to those who use it."""
        self.stop()
        self._launch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _log(self) -> Path:
        return self.folder / "azurite.log"

    def _launch(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A Ctrl-C in the terminal is for whoever started us; that one stops Azurite in its own order.
                start_new_session=True,
            )
        try:
            self._await_answers(self._process)
        except BaseException:
            self.stop()
            raise

    def _command(self) -> list[str]:
        node = shutil.which("node")
        if node is None:
            raise AzuriteError("Node is not on the PATH. Azurite needs Node 20 or newer: https://nodejs.org")
        if not _EXECUTABLE.exists():
            raise AzuriteError(f"Azurite is not installed at {_EXECUTABLE}. Run: make setup")
        blob, queue, table = (str(port) for port in self._ports)
        return [
            *(node, str(_EXECUTABLE), "--silent", "--skipApiVersionCheck", "--disableTelemetry"),
            *("--location", str(self.folder)),
            *("--blobPort", blob, "--queuePort", queue, "--tablePort", table),
        ]

    def _await_answers(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None:
                raise AzuriteError(self._explain(f"Azurite ended with exit code {process.returncode}."))
            if time.monotonic() > end:
                raise AzuriteError(self._explain(f"Azurite did not answer within {START_SECONDS:.0f} s."))
            time.sleep(0.02)

    def _answers(self) -> bool:
        listening = dict(_LISTENING.findall(self._output()))
        if len(listening) < 3:
            return False
        blob, queue, table = (int(listening[name].rsplit(":", 1)[1]) for name in ("Blob", "Queue", "Table"))
        self._ports = (blob, queue, table)
        return all(_is_up(url) for url in listening.values())

    def _output(self) -> str:
        return self._log.read_text("utf-8", errors="replace")

    def _explain(self, what: str) -> str:
        output = self._output()
        taken = "EADDRINUSE" in output
        advice = " A port is taken: end what listens there, or choose another port." if taken else ""
        last = "\n".join(output.splitlines()[-10:])
        return f"{what}{advice} State folder: {self.folder}. It printed last:\n{last}"


def _is_up(url: str) -> bool:
    try:
        # Any answer will do: without a signature it is a refusal, and a refusal is an answer.
        requests.get(url, timeout=2.0).close()
    except requests.RequestException:
        return False
    return True
