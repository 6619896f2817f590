"""One studio for the session; for each test an app with containers of its own."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueClient

from devstack.azurite import Azurite
from devstack.studio import Studio
from functions.retraining.doctor.queues import POISON
from tests.doctor.patient import Patient
from tests.e2e.definitions import Containers, Definitions
from tests.e2e.house import settings_for


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Studio.start(tmp_path_factory.mktemp("studio")) as running:
        yield running


@pytest.fixture
def patient(
    azurite: Azurite,
    studio: Studio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Patient]:
    studio.reset()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(studio.ca_bundle))
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", studio.authority)
    monkeypatch.setenv("AZURE_DISABLE_INSTANCE_DISCOVERY", "true")
    _without_poison_queue(azurite)
    containers = Containers.of(uuid.uuid4().hex[:12])
    Definitions().write(tmp_path, containers)
    with ExitStack() as closing:
        storage = closing.enter_context(BlobServiceClient.from_connection_string(azurite.connection_string))
        for name in containers.settings.values():
            closing.callback(storage.create_container(name).delete_container)
        settings = settings_for(azurite, studio, containers)
        yield Patient(settings, containers, tmp_path, storage, studio, capsys)


def _without_poison_queue(azurite: Azurite) -> None:
    """It is the account's, not the test's: another test of the session may have left a message."""
    queue = QueueClient.from_connection_string(azurite.connection_string, POISON)
    with queue, suppress(ResourceNotFoundError):
        queue.delete_queue()
