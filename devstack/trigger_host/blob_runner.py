"""From a queue message to a function's run, and to what becomes of the message.

Rules of WebJobs' BlobQueueTriggerExecutor and QueueProcessor.
"""

import json
import logging
from collections.abc import Iterable

from azure.storage.queue import QueueMessage

from devstack.trigger_host.blob_message import BlobTriggerMessage, BlobVersion
from devstack.trigger_host.blob_scan import present_version
from devstack.trigger_host.host_queue import HostQueue
from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.message_lease import MessageLease
from devstack.trigger_host.protobuf_stand_in import Message, TypedData
from devstack.trigger_host.storage import HOST_STORAGE, StorageAccounts
from devstack.trigger_host.triggers import BlobTrigger

POISON_QUEUE = "webjobs-blobtrigger-poison"

_log = logging.getLogger(__name__)


class BlobRunner:
    """Processes one message: run, drop, try again, or put away as poison."""

    def __init__(
        self,
        triggers: Iterable[BlobTrigger],
        accounts: StorageAccounts,
        queue: HostQueue,
        invocations: Invocations,
        tries: int,
        invisible_seconds: int,
    ) -> None:
        self._triggers = {name: each for each in triggers for name in (each.lookup_name, each.short_name)}
        self._accounts = accounts
        self._queue = queue
        self._invocations = invocations
        self._tries = tries
        self._invisible_seconds = invisible_seconds

    def process(self, message: QueueMessage) -> None:
        """Carry out a message that was just received. Raises AzureError if storage is away: it then comes again."""
        try:
            wanted = BlobTriggerMessage.decode(message.content)
        except ValueError as error:
            _log.error("A message of the queue %s is dropped: %s", self._queue.name, error)
            self._queue.delete(message)
            return
        trigger = self._triggers.get(wanted.function_id)
        if trigger is None:
            _log.debug("A message for the unknown function %s is dropped.", wanted.function_id)
            self._queue.delete(message)
        elif _tries_so_far(message) > self._tries:
            # It was received often enough, yet never seen to end: the process died in each run.
            self._put_away(trigger, message)
        elif not self._is_present(trigger, wanted.blob):
            # Deleted, or overwritten: then the scan queues the newer version.
            self._queue.delete(message)
        else:
            self._run(trigger, wanted.blob, message)

    def _is_present(self, trigger: BlobTrigger, blob: BlobVersion) -> bool:
        """Whether the blob is there; for one that was found by polling, whether it still is that version."""
        container = self._accounts.blobs(trigger.connection).get_container_client(blob.container)
        now = present_version(container, blob.name)
        return now is not None and (now.etag == blob.etag or not trigger.polls)

    def _run(self, trigger: BlobTrigger, blob: BlobVersion, message: QueueMessage) -> None:
        reason = f"blob {blob.container}/{blob.name!r}, try {_tries_so_far(message)}"
        with MessageLease(self._queue, message, self._invisible_seconds):
            result = self._invocations.run(trigger, _reference(trigger, blob), reason)
        if result.succeeded:
            self._queue.delete(message)
        elif _tries_so_far(message) >= self._tries:
            self._put_away(trigger, message)
        else:
            self._queue.keep_invisible(message, 0)

    def _put_away(self, trigger: BlobTrigger, message: QueueMessage) -> None:
        _log.error(
            "%s: a message failed %d times and goes to the queue %s.", trigger.function, self._tries, POISON_QUEUE
        )
        # The poison queue is in the data account, not the host's (WebJobs SharedBlobQueueListenerFactory).
        HostQueue(self._accounts.queues(trigger.connection), POISON_QUEUE).send(message.content)
        self._queue.delete(message)


def _tries_so_far(message: QueueMessage) -> int:
    return message.dequeue_count or 1


def _reference(trigger: BlobTrigger, blob: BlobVersion) -> TypedData:
    content = {
        "Connection": trigger.connection or HOST_STORAGE,
        "ContainerName": blob.container,
        "BlobName": blob.name,
    }
    return TypedData(
        model_binding_data=Message(
            version="1.0",
            source="AzureStorageBlobs",
            content_type="application/json",
            content=json.dumps(content).encode(),
        )
    )
