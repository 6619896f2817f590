"""Events that Event Grid could not deliver: the sweep tells of them, and touches nothing."""

from collections.abc import Iterator

import pytest
from azure.storage.blob import ContainerClient

from tests.e2e.house import House

pytestmark = pytest.mark.azurite


@pytest.fixture
def dead_letters(house: House) -> Iterator[ContainerClient]:
    """A container for them, which the settings name."""
    container = house.storage.create_container(f"dead-{house.containers.state}"[:63].rstrip("-"))
    house.settings["DEAD_LETTER_CONTAINER"] = str(container.container_name)
    house.restart()
    yield container
    container.delete_container()


def test_dead_letters_are_told_of_and_left_where_they_are(house: House, dead_letters: ContainerClient) -> None:
    name = "START-RETRAINING/2026/11/22/8/8b8b6f0e.json"
    dead_letters.upload_blob(name, b'[{"deadLetterReason":"MaxDeliveryAttemptsExceeded"}]').close()
    house.app.sweep_examples()
    (line,) = house.events("dead_letters_found")
    assert (line["container"], line["count"]) == (dead_letters.container_name, 1)
    assert dead_letters.get_blob_client(name).exists()


def test_a_container_that_is_not_there_holds_no_dead_letters(house: House) -> None:
    house.settings["DEAD_LETTER_CONTAINER"] = f"nowhere-{house.containers.state}"[:63]
    house.restart()
    house.app.sweep_examples()
    assert house.events("dead_letters_found") == []
    assert len(house.events("examples_swept")) == 1
