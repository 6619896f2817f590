"""The app's settings: what is needed, what stands in, and every fault at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from functions.retraining.core.definitions import ConnectionStringAccess, IdentityAccess
from functions.retraining.core.errors import Fault
from functions.retraining.core.secret import Secret
from functions.retraining.settings import Settings, read

NEEDED = {
    "TrainingStorage": "AccountName=examples;AccountKey=c2VjcmV0",
    "LABELED_EXAMPLES_CONTAINER": "labeledexamples",
    "TRAINED_MODELS_CONTAINER": "trainingoutput",
    "POLL_SCHEDULE": "0 * * * * *",
    "SWEEP_SCHEDULE": "0 */15 * * * *",
}


def faults_of(**changed: str) -> list[Fault]:
    faults: list[Fault] = []
    read({**NEEDED, **changed}, faults)
    return faults


def settings(**changed: str) -> Settings:
    faults: list[Fault] = []
    found = read({**NEEDED, **changed}, faults)
    assert faults == []
    return found


def test_what_is_needed_suffices_and_the_rest_has_defaults() -> None:
    found = settings()
    assert found.training_storage == ConnectionStringAccess(Secret(NEEDED["TrainingStorage"]))
    assert found.identity_client_id is None
    assert (found.labeled_examples_container, found.trained_models_container) == ("labeledexamples", "trainingoutput")
    assert (found.poll_schedule, found.sweep_schedule) == ("0 * * * * *", "0 */15 * * * *")
    assert found.blob_trigger_source == "LogsAndContainerScan"
    assert found.adf_folder == Path("adf")
    assert (found.state_container, found.models_container) == ("retraining", "models")
    assert found.dead_letter_container == ""
    assert (found.model_link_life, found.run_lease) == (timedelta(days=365), timedelta(seconds=180))


def test_every_setting_is_taken() -> None:
    found = settings(
        BLOB_TRIGGER_SOURCE="EventGrid",
        ADF_FOLDER="definitions/prod",
        RETRAINING_STATE_CONTAINER="state-2",
        MODEL_ARCHIVE_CONTAINER="model-archive",
        DEAD_LETTER_CONTAINER="deadletter",
        MODEL_LINK_DAYS="3650",
        RUN_LEASE_SECONDS="1",
    )
    assert (found.blob_trigger_source, found.adf_folder) == ("EventGrid", Path("definitions/prod"))
    assert (found.state_container, found.models_container) == ("state-2", "model-archive")
    assert found.dead_letter_container == "deadletter"
    assert (found.model_link_life, found.run_lease) == (timedelta(days=3650), timedelta(seconds=1))


def test_an_empty_setting_is_like_none() -> None:
    empty = dict.fromkeys(
        ["BLOB_TRIGGER_SOURCE", "ADF_FOLDER", "RETRAINING_STATE_CONTAINER", "MODEL_LINK_DAYS", "RUN_LEASE_SECONDS"], ""
    )
    assert settings(**empty) == settings()


def test_everything_missing_is_told_at_once() -> None:
    faults: list[Fault] = []
    read({}, faults)
    assert [fault.where for fault in faults] == [f"setting {name}" for name in NEEDED]
    assert all("is not set; it is the " in fault.problem for fault in faults)


def test_everything_malformed_is_told_at_once() -> None:
    faults = faults_of(
        LABELED_EXAMPLES_CONTAINER="Labeled Examples",
        TRAINED_MODELS_CONTAINER="training/output",
        BLOB_TRIGGER_SOURCE="eventgrid",
        RETRAINING_STATE_CONTAINER="No",
        MODEL_ARCHIVE_CONTAINER="a--b",
        MODEL_LINK_DAYS="a year",
        RUN_LEASE_SECONDS="0",
    )
    assert [str(fault) for fault in faults] == [
        (
            "setting LABELED_EXAMPLES_CONTAINER: is 'Labeled Examples'; a container name is 3 to 63 lower-case "
            "letters, digits and single hyphens"
        ),
        (
            "setting TRAINED_MODELS_CONTAINER: is 'training/output'; a container name is 3 to 63 lower-case letters, "
            "digits and single hyphens"
        ),
        "setting BLOB_TRIGGER_SOURCE: is 'eventgrid'; expected LogsAndContainerScan or EventGrid",
        (
            "setting RETRAINING_STATE_CONTAINER: is 'No'; a container name is 3 to 63 lower-case letters, "
            "digits and single hyphens"
        ),
        (
            "setting MODEL_ARCHIVE_CONTAINER: is 'a--b'; a container name is 3 to 63 lower-case letters, "
            "digits and single hyphens"
        ),
        "setting MODEL_LINK_DAYS: is 'a year'; a whole number from 1 to 3650 is expected",
        "setting RUN_LEASE_SECONDS: is '0'; a whole number from 1 to 3600 is expected",
    ]


@pytest.mark.parametrize("text", ["-1", "1.5", "3651", "1e2", "٣", "²", " 7", "0x10", "9" * 5000])
def test_a_number_that_is_none_or_out_of_range_is_a_fault_and_the_default_stands_in(text: str) -> None:
    faults: list[Fault] = []
    found = read({**NEEDED, "MODEL_LINK_DAYS": text}, faults)
    assert [fault.where for fault in faults] == ["setting MODEL_LINK_DAYS"]
    assert len(faults[0].problem) < 200
    assert found.model_link_life == timedelta(days=365)


@pytest.mark.parametrize("name", ["ab", "a" * 64, "-abc", "abc-", "ab--c", "Abc", "a_b", "a.b", "äöü", "$web", "a b"])
@pytest.mark.parametrize(
    "setting", ["RETRAINING_STATE_CONTAINER", "LABELED_EXAMPLES_CONTAINER", "DEAD_LETTER_CONTAINER"]
)
def test_what_storage_takes_for_no_containers_name_is_a_fault(name: str, setting: str) -> None:
    assert [fault.where for fault in faults_of(**{setting: name})] == [f"setting {setting}"]


@pytest.mark.parametrize("name", ["abc", "a1-b2-c3", "123", "a" * 63])
def test_what_storage_takes_for_a_containers_name_is_none(name: str) -> None:
    assert settings(MODEL_ARCHIVE_CONTAINER=name).models_container == name


def test_a_blank_around_a_watched_container_is_a_fault_because_the_trigger_would_watch_with_it() -> None:
    assert [fault.where for fault in faults_of(LABELED_EXAMPLES_CONTAINER="labeledexamples ")] == [
        "setting LABELED_EXAMPLES_CONTAINER"
    ]


def test_the_connection_string_is_hidden() -> None:
    found = settings()
    assert "c2VjcmV0" not in f"{found} {found!r}"


ADDRESS = "https://examples.blob.core.windows.net"


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}/", f" {ADDRESS}/ "])
def test_the_storage_account_may_be_opened_by_identity(address: str) -> None:
    found = settings(TrainingStorage="", TrainingStorage__blobServiceUri=address)
    assert found.training_storage == IdentityAccess(ADDRESS)
    assert found.identity_client_id is None


def test_a_user_assigned_identity_is_named_by_its_client_id() -> None:
    client_id = "9a6f2d0e-5f0b-4c58-9a1f-000000000001"
    found = settings(TrainingStorage="", TrainingStorage__blobServiceUri=ADDRESS, TrainingStorage__clientId=client_id)
    assert found.identity_client_id == client_id


def test_a_connection_string_wins_over_an_address_as_it_does_for_the_trigger() -> None:
    found = settings(TrainingStorage__blobServiceUri=ADDRESS)
    assert found.training_storage == ConnectionStringAccess(Secret(NEEDED["TrainingStorage"]))


@pytest.mark.parametrize(
    "address",
    [
        "http://examples.blob.core.windows.net",
        "examples.blob.core.windows.net",
        f"{ADDRESS}/container/deeper",
        f"{ADDRESS}?sv=2019-12-12&sig=c2VjcmV0",
        "https://user:c2VjcmV0@examples.blob.core.windows.net",
    ],
)
def test_what_is_no_blob_services_address_is_a_fault_that_does_not_show_it(address: str) -> None:
    (fault,) = faults_of(TrainingStorage="", TrainingStorage__blobServiceUri=address)
    assert fault.where == "setting TrainingStorage__blobServiceUri"
    assert "c2VjcmV0" not in str(fault)
