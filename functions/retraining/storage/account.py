"""The storage account of the labeled examples, the models and the run state."""

from azure.storage.blob import BlobServiceClient, ExponentialRetry

from functions.retraining.core.secret import Secret

CONNECT_SECONDS = 5
READ_SECONDS = 30


def blob_service(connection_string: Secret) -> BlobServiceClient:
    """A client with timeouts and short retries. Raises ValueError for anything but an account and its key.

    Retrying a conditional write is safe: if the first try went through, the second is refused as a conflict, and a
    conflict makes the run be loaded and decided again.
    """
    client = BlobServiceClient.from_connection_string(
        connection_string.reveal(),
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retry_policy=ExponentialRetry(initial_backoff=1, increment_base=2, retry_total=2, random_jitter_range=1),
    )
    if not hasattr(client.credential, "account_key"):
        message = "the connection string has no AccountKey, without which no link to a model can be signed"
        raise ValueError(message)
    return client
