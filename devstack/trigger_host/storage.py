"""Storage accounts by the name of a connection setting, and clients for them.

A connection `X` is looked up as the setting `X`, then `AzureWebJobsX`; none at all means AzureWebJobsStorage. Only
connection strings are understood (and `UseDevelopmentStorage=true`, the emulator on its default ports):
identity-based connections (`X__blobServiceUri`) need Azure.
"""

from collections.abc import Mapping
from typing import Any

from azure.storage.blob import BlobServiceClient, LinearRetry
from azure.storage.queue import QueueServiceClient

from devstack.azurite import ACCOUNT, ACCOUNT_KEY
from devstack.trigger_host.errors import TriggerHostError

HOST_STORAGE = "AzureWebJobsStorage"

_DEVELOPMENT_STORAGE = (
    f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
    f"BlobEndpoint=http://127.0.0.1:10000/{ACCOUNT};QueueEndpoint=http://127.0.0.1:10001/{ACCOUNT};"
    f"TableEndpoint=http://127.0.0.1:10002/{ACCOUNT};"
)


def connection_string(settings: Mapping[str, str], connection: str, where: str) -> str:
    """Return the connection string that `connection` names. `where` names function and binding for the error.

    Raises TriggerHostError if no setting holds one, or only an identity-based connection is set.
    """
    name = connection or HOST_STORAGE
    value = settings.get(name) or settings.get(f"AzureWebJobs{name}")
    if value:
        return _DEVELOPMENT_STORAGE if value.strip().rstrip(";") == "UseDevelopmentStorage=true" else value
    if any(setting.startswith((f"{name}__", f"AzureWebJobs{name}__")) for setting in settings):
        raise TriggerHostError(
            f"{where}: the connection {name!r} is identity-based; this host only takes connection strings."
        )
    raise TriggerHostError(f"{where}: the connection setting {name!r} is not set.")


class StorageAccounts:
    """One blob and one queue client per connection, made on first use. Close it when done."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._blobs: dict[str, BlobServiceClient] = {}
        self._queues: dict[str, QueueServiceClient] = {}

    def blobs(self, connection: str) -> BlobServiceClient:
        """Return the blob service of a connection."""
        address = self._address(connection)
        if address not in self._blobs:
            self._blobs[address] = BlobServiceClient.from_connection_string(address, **_transport())
        return self._blobs[address]

    def queues(self, connection: str) -> QueueServiceClient:
        """Return the queue service of a connection."""
        address = self._address(connection)
        if address not in self._queues:
            self._queues[address] = QueueServiceClient.from_connection_string(address, **_transport())
        return self._queues[address]

    def close(self) -> None:
        """Close every client made."""
        for blobs in self._blobs.values():
            blobs.close()
        for queues in self._queues.values():
            queues.close()

    def _address(self, connection: str) -> str:
        return connection_string(self._settings, connection, "Storage")


def check_connection(settings: Mapping[str, str], connection: str, where: str) -> None:
    """Raise TriggerHostError now, naming `where`, if a client could not be made for this connection later."""
    address = connection_string(settings, connection, where)
    try:
        BlobServiceClient.from_connection_string(address).close()
        QueueServiceClient.from_connection_string(address).close()
    except ValueError as error:
        # The SDK's words, without the string itself: it holds the account key.
        raise TriggerHostError(
            f"{where}: the setting {connection or HOST_STORAGE!r} is no connection string for blobs and queues: {error}"
        ) from None


def _transport() -> dict[str, Any]:
    # One short retry only: the polling loops try again by themselves, and a stop must not wait for the SDK's defaults.
    return {
        "retry_policy": LinearRetry(backoff=1, retry_total=1, random_jitter_range=0),
        "connection_timeout": 5,
        "read_timeout": 30,
    }
