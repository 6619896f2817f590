"""Opening a storage account: by connection string, or by the app's identity."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from azure.storage.blob import BlobServiceClient, ExponentialRetry

from functions.retraining.core.definitions import ConnectionStringAccess, IdentityAccess

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

type Identity = Callable[[], "TokenCredential"]
"""Gives the app's identity; called only where an account is opened by it, because azure-identity imports slowly."""

CONNECT_SECONDS = 5
READ_SECONDS = 30
LARGEST_PIECE = 4 * 1024 * 1024
"""Bytes read at once. The SDK would take the first 32 MB of a blob whole, though only its first rows are wanted."""


def blob_service(access: ConnectionStringAccess | IdentityAccess, identity: Identity) -> BlobServiceClient:
    """A client with timeouts and short retries.

    Retrying a conditional write is safe: if the first try went through, the second is refused as a conflict, and a
    conflict makes the run be loaded and decided again. Raises ValueError for a malformed connection string or URL.
    """
    options: dict[str, Any] = {
        "connection_timeout": CONNECT_SECONDS,
        "read_timeout": READ_SECONDS,
        "max_single_get_size": LARGEST_PIECE,
        "max_chunk_get_size": LARGEST_PIECE,
        "retry_policy": ExponentialRetry(initial_backoff=1, increment_base=2, retry_total=2, random_jitter_range=1),
    }
    if isinstance(access, ConnectionStringAccess):
        return _keyed(BlobServiceClient.from_connection_string(access.connection_string.reveal(), **options))
    return BlobServiceClient(access.account_url, credential=identity(), **options)


def _keyed(client: BlobServiceClient) -> BlobServiceClient:
    if not hasattr(client.credential, "account_key"):
        message = "the connection string has no AccountKey, without which no link to a model can be signed"
        raise ValueError(message)
    return client
