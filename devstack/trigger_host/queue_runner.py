"""From a message of a queue trigger's queue to the function's run, and to what becomes of the message.

Rules of the storage queue extension's QueueListener and QueueProcessor.
"""

import base64
import binascii
import logging

from azure.storage.queue import QueueMessage

from devstack.trigger_host.host_queue import HostQueue
from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.message_lease import MessageLease
from devstack.trigger_host.protobuf_stand_in import TypedData
from devstack.trigger_host.queue_options import QueueOptions
from devstack.trigger_host.triggers import QueueTrigger

_log = logging.getLogger(__name__)


class QueueRunner:
    """Processes one message: run, try again later, or put away as poison.

    Where there is no poison queue, because the queue is one itself, a message that fails is left hidden as it is and
    comes again when that time is over. After `max_dequeue_count` times it is not even run any more, and storage
    removes it in the end.
    """

    def __init__(
        self,
        trigger: QueueTrigger,
        queue: HostQueue,
        poison: HostQueue | None,
        invocations: Invocations,
        options: QueueOptions,
        invisible_seconds: int,
    ) -> None:
        self._trigger = trigger
        self._queue = queue
        self._poison = poison
        self._invocations = invocations
        self._options = options
        self._invisible_seconds = invisible_seconds

    def process(self, message: QueueMessage) -> None:
        """Carry out a message that was just received. Raises AzureError if storage is away: it then comes again."""
        text = self._text(message)
        if text is None:
            self._put_away(message, "is not the base64 that messageEncoding promises")
        elif _tries_so_far(message) > self._options.max_dequeue_count:
            # It was received often enough, yet never seen to end: the process died in each run.
            self._put_away(message, f"was tried {self._options.max_dequeue_count} times")
        else:
            self._run(message, text)

    def _run(self, message: QueueMessage, text: str) -> None:
        reason = f"queue {self._trigger.queue}, try {_tries_so_far(message)}"
        with MessageLease(self._queue, message, self._invisible_seconds):
            result = self._invocations.run(self._trigger, TypedData(string=text), reason, _metadata(message))
        if result.succeeded:
            self._queue.delete(message)
        elif _tries_so_far(message) >= self._options.max_dequeue_count:
            self._put_away(message, f"failed {self._options.max_dequeue_count} times")
        elif self._poison is not None:
            self._queue.keep_invisible(message, int(self._options.visibility_timeout.total_seconds()))

    def _text(self, message: QueueMessage) -> str | None:
        if not self._options.base64:
            return str(message.content)
        try:
            return base64.b64decode(message.content, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return None

    def _put_away(self, message: QueueMessage, why: str) -> None:
        if self._poison is None:
            _log.debug("%s: a message %s; there is no queue to put it into.", self._trigger.function, why)
            return
        _log.error("%s: a message %s and goes to the queue %s.", self._trigger.function, why, self._poison.name)
        self._poison.send(message.content)
        self._queue.delete(message)


def _tries_so_far(message: QueueMessage) -> int:
    return message.dequeue_count or 1


def _metadata(message: QueueMessage) -> dict[str, TypedData]:
    """What `func.QueueMessage` shows besides the body."""
    times = {"InsertionTime": message.inserted_on, "ExpirationTime": message.expires_on}
    return {
        "Id": TypedData(string=message.id),
        "PopReceipt": TypedData(string=message.pop_receipt or ""),
        "DequeueCount": TypedData(json=str(_tries_so_far(message))),
        **{name: TypedData(string=f"{at:%Y-%m-%dT%H:%M:%S}+00:00") for name, at in times.items() if at},
    }
