"""Real clients of the session's Azurite, containers of one's own, and a count of what goes over the wire."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.storage.blob import BlobServiceClient

from devstack.azurite import Azurite
from functions.retraining.storage.documents import Documents
from functions.retraining.storage.model_archive import StorageModelArchive
from functions.retraining.storage.run_store import StorageRunStore


@dataclass
class Wire(SansIOHTTPPolicy):  # type: ignore[type-arg]  # counts requests of any type
    """Every try of every request, as `METHOD comp` (comp is storage's name for a sub-operation)."""

    requests: list[str] = field(default_factory=list)

    def on_request(self, request: PipelineRequest) -> None:  # type: ignore[type-arg]
        comp = request.http_request.query.get("comp", "")
        self.requests.append(f"{request.http_request.method} {comp}".strip())

    def taken(self) -> list[str]:
        """What was sent since the last look."""
        taken, self.requests = self.requests, []
        return taken


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def service(azurite: Azurite, wire: Wire) -> Iterator[BlobServiceClient]:
    """A client without retries: each request that is counted is one that was meant."""
    with BlobServiceClient.from_connection_string(
        azurite.connection_string, retry_total=0, _additional_pipeline_policies=[wire]
    ) as client:
        yield client


@pytest.fixture
def container() -> str:
    """A container's name that nobody else uses; it is not made."""
    return f"test-{uuid4().hex}"


@pytest.fixture
def examples(service: BlobServiceClient, wire: Wire) -> str:
    """A container that exists."""
    name = f"examples-{uuid4().hex}"
    service.create_container(name)
    wire.taken()
    return name


@pytest.fixture
def store(service: BlobServiceClient, container: str) -> StorageRunStore:
    return StorageRunStore(Documents(service, container))


@pytest.fixture
def archive(service: BlobServiceClient, container: str) -> StorageModelArchive:
    return StorageModelArchive(service, container, timedelta(days=1))


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 8, 0, 1, 234_000, tzinfo=UTC)
