"""The container scan of the polling blob trigger: list, compare, queue what is new.

Every sweep lists each watched container whole. Which versions are done is the receipts' to say; what this process
has seen done it remembers, so that a quiet container costs its listing only. (The real host keeps a high-water mark
of LastModified instead, and also reads `$logs`, which Azurite does not write.)
"""

from collections.abc import Callable, Iterable

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import ContainerClient

from devstack.trigger_host.blob_message import BlobTriggerMessage, BlobVersion, quoted
from devstack.trigger_host.blob_receipts import BlobReceipts
from devstack.trigger_host.storage import StorageAccounts
from devstack.trigger_host.triggers import BlobTrigger


class BlobScan:
    """Watches the containers of all blob triggers of one app that poll."""

    def __init__(
        self,
        triggers: Iterable[BlobTrigger],
        accounts: StorageAccounts,
        receipts: BlobReceipts,
        enqueue: Callable[[BlobTriggerMessage], None],
    ) -> None:
        self._accounts = accounts
        self._receipts = receipts
        self._enqueue = enqueue
        self._watched: dict[tuple[str, str], list[BlobTrigger]] = {}
        self._done: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
        for trigger in triggers:
            self._watched.setdefault((trigger.connection, trigger.path.container), []).append(trigger)

    def sweep(self) -> None:
        """List every watched container once and queue each version a trigger has not had yet.

        A container that does not exist (yet) is empty. Raises AzureError if storage is away; nothing is lost by that.
        """
        for connection, name in self._watched:
            container = self._accounts.blobs(connection).get_container_client(name)
            try:
                self._sweep_container((connection, name), container)
            except ResourceNotFoundError:
                self._done.pop((connection, name), None)

    def _sweep_container(self, key: tuple[str, str], container: ContainerClient) -> None:
        before = self._done.get(key, {})
        now: dict[tuple[str, str], str] = {}
        for listed in container.list_blobs():
            for trigger in self._watched[key]:
                if trigger.path.matches(listed.name):
                    memory = (trigger.function, listed.name)
                    etag = quoted(listed.etag)
                    now[memory] = etag if before.get(memory) == etag else self._notice(trigger, container, listed.name)
        self._done[key] = now

    def _notice(self, trigger: BlobTrigger, container: ContainerClient, name: str) -> str:
        """Queue the blob's present version unless its receipt is done. Return its ETag, or "" if it is gone."""
        blob = present_version(container, name)
        if blob is None:
            return ""
        if self._receipts.open(trigger.lookup_name, blob):
            self._enqueue(BlobTriggerMessage(trigger.lookup_name, blob))
            self._receipts.mark_done(trigger.lookup_name, blob)
        return blob.etag


def present_version(container: ContainerClient, name: str) -> BlobVersion | None:
    """Return the version storage holds of a blob now, or None if there is none."""
    try:
        properties = container.get_blob_client(name).get_blob_properties()
    except ResourceNotFoundError:
        return None
    blob_type = getattr(properties.blob_type, "value", properties.blob_type)
    return BlobVersion(container.container_name, name, quoted(properties.etag), str(blob_type))
