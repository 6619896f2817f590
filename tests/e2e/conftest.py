"""One studio for the session, and for each test an app of its own with containers of its own.

After each test everything that it left in storage and in the log is searched for secrets (promise 7).
"""

import json
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient

from benchmarks.storage_requests import CountedStorage
from devstack.azurite import Azurite
from devstack.studio import Studio
from tests.e2e.definitions import Containers, Definitions
from tests.e2e.house import House, ShiftedClock, make_app, settings_for, written
from tests.e2e.secret_scan import secrets_in
from tests.support.event_schema import trouble

type MakeHouse = Callable[[Definitions], House]


@pytest.fixture(scope="session")
def one_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Studio.start(tmp_path_factory.mktemp("studio")) as running:
        yield running


@pytest.fixture
def studio(one_studio: Studio) -> Studio:
    one_studio.reset()
    return one_studio


@pytest.fixture
def authority(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """azure-identity's own settings for a cloud that is not the public one."""
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", studio.authority)
    monkeypatch.setenv("AZURE_DISABLE_INSTANCE_DISCOVERY", "true")


@pytest.fixture
def make_house(
    azurite: Azurite,
    studio: Studio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[MakeHouse]:
    """Makes the test's app, from definitions that the test may change."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(studio.ca_bundle))
    caplog.set_level(logging.INFO)
    with ExitStack() as closing:

        def make(definitions: Definitions) -> House:
            containers = Containers.of(uuid.uuid4().hex[:12])
            values = settings_for(azurite, studio, containers)
            storage = closing.enter_context(BlobServiceClient.from_connection_string(azurite.connection_string))
            counted = closing.enter_context(CountedStorage(azurite.connection_string))
            for name in containers.settings.values():
                closing.callback(storage.create_container(name).delete_container)
            clock = ShiftedClock()
            folder = written(tmp_path, definitions, containers)
            app = make_app(values, folder, counted, clock)
            house = House(app, containers, studio, storage, counted, clock, values, folder, caplog)
            closing.callback(_search_for_secrets, house, caplog)
            closing.callback(_hold_against_the_schema, caplog)
            return house

        yield make


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house(Definitions())


@pytest.fixture
def folder_house(make_house: MakeHouse) -> House:
    """Any blob in the watched container is a labeled example."""
    return make_house(Definitions(example=None))


def _hold_against_the_schema(log: pytest.LogCaptureFixture) -> None:
    records = [record for record in log.records if record.name == "relearner"]
    troubles = {trouble(json.loads(record.getMessage()), record.levelno) for record in records} - {""}
    assert not troubles, f"journal lines that docs/events.schema.json does not know: {troubles}"


def _search_for_secrets(house: House, log: pytest.LogCaptureFixture) -> None:
    places = {f"document {name}": text for name, text in house.state().items()}
    places["the log"] = log.text
    known = house.secrets()
    found = {where: secrets for where, text in places.items() if (secrets := secrets_in(text, known))}
    assert not found, f"secrets were written down: {found}"
