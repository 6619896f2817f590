"""Keeps a queue message invisible for as long as its function runs."""

import logging
import threading
from types import TracebackType
from typing import Self

from azure.core.exceptions import AzureError
from azure.storage.queue import QueueMessage

from devstack.trigger_host.host_queue import HostQueue

_log = logging.getLogger(__name__)


class MessageLease:
    """A context in which the message stays hidden, renewed at half time (WebJobs QueueListener)."""

    def __init__(self, queue: HostQueue, message: QueueMessage, seconds: int) -> None:
        self._queue = queue
        self._message = message
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="message-lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        # The renewal under way changes the pop receipt, which whoever deletes the message needs.
        self._thread.join()

    def _renew(self) -> None:
        while not self._ended.wait(self._seconds / 2):
            try:
                self._queue.keep_invisible(self._message, self._seconds)
            except AzureError as error:
                _log.warning("A message could not be kept invisible; its function may run twice: %s", error)
