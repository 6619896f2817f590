"""One studio for the session, as it was at the start for each test; a container of its own for each test's blobs."""

import uuid
from collections.abc import Iterator

import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient

from devstack.azurite import Azurite
from devstack.studio import Studio
from tests.devstack.studio.front_door import FrontDoor, Storage
from tests.devstack.studio.manager_door import ManagerDoor, signed_uri


@pytest.fixture(scope="session")
def one_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Studio.start(tmp_path_factory.mktemp("studio")) as running:
        yield running


@pytest.fixture
def studio(one_studio: Studio) -> Studio:
    one_studio.reset()
    return one_studio


@pytest.fixture
def front_door(studio: Studio) -> Iterator[FrontDoor]:
    door = FrontDoor(studio)
    yield door
    door.close()


@pytest.fixture
def manager(front_door: FrontDoor) -> ManagerDoor:
    return ManagerDoor(front_door)


@pytest.fixture
def container(azurite: Azurite) -> Iterator[ContainerClient]:
    with BlobServiceClient.from_connection_string(azurite.connection_string) as service:
        container = service.create_container(f"test-{uuid.uuid4().hex}")
        yield container
        container.delete_container()


@pytest.fixture
def storage(azurite: Azurite, container: ContainerClient) -> Storage:
    return Storage(azurite.connection_string, container)


@pytest.fixture
def new_model(storage: Storage) -> str:
    """The signed uri of a model that can be read."""
    storage.put("new.ilearner", b"any content: it is read when somebody scores")
    return signed_uri(storage, "new.ilearner")
