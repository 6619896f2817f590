"""Reads one queue and has its messages processed on a few threads."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from azure.core.exceptions import AzureError
from azure.storage.queue import QueueMessage

from devstack.trigger_host.host_queue import HostQueue
from devstack.trigger_host.polling_loop import PollingLoop

_log = logging.getLogger(__name__)

MOST_IN_ONE_REQUEST = 32


@dataclass(frozen=True)
class Batches:
    """How many messages are asked for at once, and how many may still be in hand when more are asked for."""

    size: int
    new_batch_threshold: int

    @classmethod
    def for_degree_of_parallelism(cls, most: int) -> "Batches":
        """The blob trigger's: never more than `most` at a time (WebJobs SharedBlobQueueListenerFactory)."""
        size = min(MOST_IN_ONE_REQUEST, most // 2 + 1)
        return cls(size, most - size)

    @property
    def most(self) -> int:
        """How many messages can be in hand at a time."""
        return self.size + self.new_batch_threshold


class QueueReader:
    """Takes messages off a queue, a batch at a time, and gives each to `process` on a thread of its own."""

    def __init__(
        self,
        queue: HostQueue,
        process: Callable[[QueueMessage], None],
        batches: Batches,
        poll_seconds: float,
        invisible_seconds: int,
    ) -> None:
        self._queue = queue
        self._process_one = process
        self._batches = batches
        self._invisible_seconds = invisible_seconds
        self._changing = threading.Lock()
        self._running: set[Future[None]] = set()
        self._pool = ThreadPoolExecutor(batches.most, thread_name_prefix=f"queue {queue.name}")
        self._loop = PollingLoop(f"queue {queue.name}", self._take, poll_seconds)

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
        while len(self._running) <= self._batches.new_batch_threshold:
            messages = self._queue.receive(self._batches.size, self._invisible_seconds)
            if not messages:
                return
            for message in messages:
                future = self._pool.submit(self._process, message)
                with self._changing:
                    self._running.add(future)
                future.add_done_callback(self._end)

    def _process(self, message: QueueMessage) -> None:
        try:
            self._process_one(message)
        except AzureError as error:
            _log.warning("Storage failed around a run; its message comes again when it turns visible: %s", error)
        except Exception:
            _log.exception("An error of this host itself; the message comes again when it turns visible.")

    def _end(self, future: Future[None]) -> None:
        with self._changing:
            self._running.discard(future)
        self._loop.wake()
