"""Events that Event Grid could not deliver: the sweep tells of them, and touches nothing."""

import pytest

from tests.e2e.house import House

pytestmark = pytest.mark.azurite


def put_dead_letter(house: House) -> str:
    """As Event Grid does; the settings name the container."""
    container = house.containers.archive
    name = "START-RETRAINING/2026/11/22/8/8b8b6f0e.json"
    house.storage.get_blob_client(container, name).upload_blob(b'[{"deadLetterReason":"MaxDeliveryAttemptsExceeded"}]')
    house.settings["DEAD_LETTER_CONTAINER"] = container
    house.restart()
    return name


def test_dead_letters_are_told_of_and_left_where_they_are(house: House) -> None:
    name = put_dead_letter(house)
    house.app.sweep_examples()
    (line,) = house.events("dead_letters_found")
    assert (line["container"], line["count"]) == (house.containers.archive, 1)
    assert house.storage.get_blob_client(house.containers.archive, name).exists()


def test_a_container_that_is_not_there_holds_no_dead_letters(house: House) -> None:
    house.settings["DEAD_LETTER_CONTAINER"] = f"nowhere-{house.containers.state}"[:63]
    house.restart()
    house.app.sweep_examples()
    assert house.events("dead_letters_found") == []
    assert len(house.events("examples_swept")) == 1
