"""The blob triggers as a whole: the scan or Event Grid, the queue between, and the reader that runs functions."""

import time
from collections.abc import Sequence

from devstack.trigger_host.blob_message import BlobTriggerMessage
from devstack.trigger_host.blob_receipts import BlobReceipts
from devstack.trigger_host.blob_runner import BlobRunner
from devstack.trigger_host.blob_scan import BlobScan
from devstack.trigger_host.host_containers import HostBlobs
from devstack.trigger_host.host_json import HostJson
from devstack.trigger_host.host_queue import HostQueue
from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.polling_loop import PollingLoop
from devstack.trigger_host.queue_reader import Batches, QueueReader
from devstack.trigger_host.storage import HOST_STORAGE, StorageAccounts
from devstack.trigger_host.triggers import BlobTrigger


class BlobListener:
    """Hears of the blobs of all blob triggers of one app, and runs their functions."""

    def __init__(
        self,
        triggers: Sequence[BlobTrigger],
        accounts: StorageAccounts,
        invocations: Invocations,
        host_id: str,
        host_json: HostJson,
        poll_seconds: float,
        invisible_seconds: int,
    ) -> None:
        self._queue = HostQueue(accounts.queues(HOST_STORAGE), f"azure-webjobs-blobtrigger-{host_id}")
        runner = BlobRunner(
            triggers, accounts, self._queue, invocations, host_json.poison_blob_threshold, invisible_seconds
        )
        batches = Batches.for_degree_of_parallelism(host_json.max_degree_of_parallelism)
        self._reader = QueueReader(self._queue, runner.process, batches, poll_seconds, invisible_seconds)
        receipts = BlobReceipts(HostBlobs(accounts.blobs(HOST_STORAGE)), host_id)
        polling = [trigger for trigger in triggers if trigger.polls]
        scan = BlobScan(polling, accounts, receipts, self.enqueue)
        self._scan = PollingLoop("blob scan", scan.sweep, poll_seconds)

    def enqueue(self, message: BlobTriggerMessage) -> None:
        """Put a message into the queue between; it is read at once. Raises AzureError if it could not be put there."""
        self._queue.send(message.encode())
        self._reader.wake()

    def start(self) -> None:
        """Begin scanning and reading."""
        self._scan.start()
        self._reader.start()

    def stop(self) -> None:
        """Queue and take nothing further. Returns at once."""
        self._scan.stop()
        self._reader.stop()

    def join(self, seconds: float) -> bool:
        """Wait for what is under way; return whether all of it has ended."""
        end = time.monotonic() + seconds
        scanned = self._scan.join(seconds)
        return self._reader.join(max(0.0, end - time.monotonic())) and scanned
