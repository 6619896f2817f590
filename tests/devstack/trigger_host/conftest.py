"""A storage account with a container of the test's own."""

import base64
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobServiceClient, ContainerClient
from azure.storage.queue import QueueServiceClient

from devstack.azurite import Azurite
from devstack.trigger_host.process import TriggerHost


@dataclass(frozen=True)
class Storage:
    """The account, its host's blobs, and one fresh container."""

    connection_string: str
    blobs: BlobServiceClient
    queues: QueueServiceClient
    container: ContainerClient

    @property
    def settings(self) -> dict[str, str]:
        """The settings that point an app here."""
        return {"AzureWebJobsStorage": self.connection_string, "CONTAINER": self.container.container_name}

    def upload(self, name: str, content: bytes = b"x") -> None:
        """Write a blob, over whatever was there."""
        self.container.upload_blob(name, content, overwrite=True)

    def host_blobs(self) -> ContainerClient:
        """The host's own container."""
        return self.blobs.get_container_client("azure-webjobs-hosts")

    def host_json(self, path: str) -> dict[str, Any] | None:
        """A JSON blob of the host, or None."""
        try:
            content: dict[str, Any] = json.loads(self.host_blobs().download_blob(path).readall())
        except ResourceNotFoundError:
            return None
        return content

    def receipts(self, host: TriggerHost, function: str) -> dict[str, bool]:
        """Blob names with a receipt of this function, and whether it is done."""
        prefix = f"blobreceipts/{host.host_id}/Host.Functions.{function}/"
        try:
            found = list(self.host_blobs().list_blobs(prefix, include=["metadata"]))
        except ResourceNotFoundError:  # no host has kept anything in this account yet
            return {}
        marker = f"/{self.container.container_name}/"
        return {blob.name.partition(marker)[2]: not blob.metadata for blob in found}

    def queued(self, host: TriggerHost) -> int:
        """How many messages the host's blob queue holds, hidden ones included."""
        queue = self.queues.get_queue_client(f"azure-webjobs-blobtrigger-{host.host_id}")
        return int(queue.get_queue_properties().approximate_message_count or 0)

    def poison(self) -> list[dict[str, Any]]:
        """The poison messages about this container."""
        queue = self.queues.get_queue_client("webjobs-blobtrigger-poison")
        try:
            messages = [json.loads(base64.b64decode(message.content)) for message in queue.peek_messages(32)]
        except ResourceNotFoundError:
            return []
        return [message for message in messages if message["ContainerName"] == self.container.container_name]


@contextmanager
def _fresh(azurite: Azurite) -> Iterator[Storage]:
    address = azurite.connection_string
    with (
        BlobServiceClient.from_connection_string(address) as blobs,
        QueueServiceClient.from_connection_string(address) as queues,
    ):
        container = blobs.create_container(f"watched-{uuid.uuid4().hex[:12]}")
        yield Storage(address, blobs, queues, container)
        container.delete_container()


@pytest.fixture
def storage(azurite: Azurite) -> Iterator[Storage]:
    """A container of one test's own."""
    with _fresh(azurite) as storage:
        yield storage


@pytest.fixture(scope="module")
def shared_storage(azurite: Azurite) -> Iterator[Storage]:
    """A container that the tests of one module share, with the host that watches it."""
    with _fresh(azurite) as storage:
        yield storage
