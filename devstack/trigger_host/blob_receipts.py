"""Receipts: which blob version was already queued for which function. They outlive the host; that is their point.

`blobreceipts/{hostId}/Host.Functions.<fn>/"etag"/container/name`, created with If-None-Match and the metadata
`Incomplete`; without that key the message is in the queue (WebJobs BlobReceiptManager). The real host also takes a
30 s lease on it while it queues; one host per host id, this one does without.
"""

from devstack.trigger_host.blob_message import BlobVersion
from devstack.trigger_host.host_containers import HostBlobs

INCOMPLETE = "Incomplete"


class BlobReceipts:
    """The receipts of one host id."""

    def __init__(self, blobs: HostBlobs, host_id: str) -> None:
        self._blobs = blobs
        self._host_id = host_id

    def open(self, lookup_name: str, blob: BlobVersion) -> bool:
        """Make the receipt if it is not there; return False if it is there and done.

        One left incomplete by a crash is open still: its message may or may not have been queued.
        """
        path = self._path(lookup_name, blob)
        metadata = self._blobs.metadata(path)
        if metadata is None:
            self._blobs.create(path, {INCOMPLETE: INCOMPLETE})
            return True
        return any(key.lower() == INCOMPLETE.lower() for key in metadata)

    def mark_done(self, lookup_name: str, blob: BlobVersion) -> None:
        """Note that the message is in the queue."""
        self._blobs.clear_metadata(self._path(lookup_name, blob))

    def _path(self, lookup_name: str, blob: BlobVersion) -> str:
        return f"blobreceipts/{self._host_id}/{lookup_name}/{blob.etag}/{blob.container}/{blob.name}"
