"""The polling blob trigger as a whole: the scan, the queue between, and the reader that runs functions."""

import time
from collections.abc import Sequence

from devstack.trigger_host.blob_queue_reader import BlobQueueReader
from devstack.trigger_host.blob_receipts import BlobReceipts
from devstack.trigger_host.blob_runner import BlobRunner
from devstack.trigger_host.blob_scan import BlobScan
from devstack.trigger_host.host_containers import HostBlobs
from devstack.trigger_host.host_json import HostJson
from devstack.trigger_host.host_queue import HostQueue
from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.polling_loop import PollingLoop
from devstack.trigger_host.storage import HOST_STORAGE, StorageAccounts
from devstack.trigger_host.triggers import BlobTrigger


class BlobListener:
    """Watches the containers of all blob triggers of one app, and runs their functions."""

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
        queue = HostQueue(accounts.queues(HOST_STORAGE), f"azure-webjobs-blobtrigger-{host_id}")
        runner = BlobRunner(triggers, accounts, queue, invocations, host_json.poison_blob_threshold, invisible_seconds)
        self._reader = BlobQueueReader(
            queue, runner, host_json.max_degree_of_parallelism, poll_seconds, invisible_seconds
        )
        receipts = BlobReceipts(HostBlobs(accounts.blobs(HOST_STORAGE)), host_id)
        scan = BlobScan(triggers, accounts, receipts, queue, on_queued=self._reader.wake)
        self._scan = PollingLoop("blob scan", scan.sweep, poll_seconds)

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
