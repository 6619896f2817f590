"""Reads the blob trigger's queue and runs its messages on a few threads."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait

from azure.core.exceptions import AzureError
from azure.storage.queue import QueueMessage

from devstack.trigger_host.blob_runner import BlobRunner
from devstack.trigger_host.host_queue import HostQueue
from devstack.trigger_host.polling_loop import PollingLoop

_log = logging.getLogger(__name__)


class BlobQueueReader:
    """Takes messages off the queue while fewer than `parallel` are being processed."""

    def __init__(
        self, queue: HostQueue, runner: BlobRunner, parallel: int, poll_seconds: float, invisible_seconds: int
    ) -> None:
        self._queue = queue
        self._runner = runner
        self._parallel = parallel
        self._invisible_seconds = invisible_seconds
        self._changing = threading.Lock()
        self._running: set[Future[None]] = set()
        self._pool = ThreadPoolExecutor(parallel, thread_name_prefix="blob-run")
        self._loop = PollingLoop("blob queue", self._take, poll_seconds)

    def start(self) -> None:
        """Begin reading."""
        self._loop.start()

    def wake(self) -> None:
        """Look for messages now: one was just put there."""
        self._loop.wake()

    def stop(self) -> None:
        """Take no further message. Returns at once."""
        self._loop.stop()

    def join(self, seconds: float) -> bool:
        """Wait for what is being processed; return whether all of it has ended."""
        if not self._loop.join(seconds):
            return False
        with self._changing:
            running = set(self._running)
        _, unfinished = wait(running, seconds)
        self._pool.shutdown(wait=not unfinished)
        return not unfinished

    def _take(self) -> None:
        free = self._parallel - len(self._running)
        if free:
            for message in self._queue.receive(free, self._invisible_seconds):
                future = self._pool.submit(self._process, message)
                with self._changing:
                    self._running.add(future)
                future.add_done_callback(self._end)

    def _process(self, message: QueueMessage) -> None:
        try:
            self._runner.process(message)
        except AzureError as error:
            _log.warning("Storage failed around a run; its message comes again when it turns visible: %s", error)
        except Exception:
            _log.exception("An error of this host itself; the message comes again when it turns visible.")

    def _end(self, future: Future[None]) -> None:
        with self._changing:
            self._running.discard(future)
        self._loop.wake()
