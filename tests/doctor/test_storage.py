"""Storage that is not as it must be: wrong keys, missing containers, signatures and rights that do not suffice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient, ResourceTypes, generate_account_sas
from azure.storage.queue import QueueServiceClient

from devstack.azurite import ACCOUNT, ACCOUNT_KEY, Azurite
from devstack.certificates import issue
from functions.retraining.doctor.finding import Finding, Outcome
from functions.retraining.doctor.state_rights import examine_state_rights
from tests.azureml.web_server import Script, WebServer, reply
from tests.doctor.patient import Patient

WRONG_KEY = "d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmc="


@pytest.mark.azurite
def test_a_wrong_account_key_is_told_once_for_blobs_and_for_queues(patient: Patient) -> None:
    patient.settings["TrainingStorage"] = patient.settings["TrainingStorage"].replace(ACCOUNT_KEY, WRONG_KEY)

    seen = patient.examined()

    assert seen.code == 1
    assert len([each for each in seen.problems if each["area"] == "storage"]) == 3, "the account, and two datasets"
    assert {each["area"] for each in seen.problems} == {"storage", "queues"}
    assert all("connection string" in each["to_do"] for each in seen.problems)
    assert WRONG_KEY not in seen.text


@pytest.mark.azurite
def test_a_missing_watched_container_is_a_problem(patient: Patient) -> None:
    patient.settings["LABELED_EXAMPLES_CONTAINER"] = "nowhere"
    patient.change(
        "dataset/trainingData.json", lambda read: read["properties"]["typeProperties"].update(folderPath="nowhere")
    )

    seen = patient.examined()

    assert [each["subject"] for each in seen.problems] == ["nowhere", "linked service StorageLinkedService"]
    assert "create the container" in seen.problems[0]["to_do"]


@pytest.mark.azurite
def test_a_missing_state_container_is_no_problem_and_is_not_made(patient: Patient) -> None:
    patient.settings["RETRAINING_STATE_CONTAINER"] = "state-not-yet"

    seen = patient.examined()

    assert seen.problems == []
    assert "the app makes it" in seen.of("storage", "state-not-yet")[0]["found"]
    assert not patient.storage.get_container_client("state-not-yet").exists()


@pytest.mark.azurite
def test_storage_that_has_stopped_is_told_and_the_services_are_still_looked_at(
    patient: Patient, tmp_path: Path
) -> None:
    with Azurite.start(tmp_path / "stopped") as azurite:
        patient.settings["TrainingStorage"] = azurite.connection_string

    seen = patient.examined()

    assert seen.code == 1
    assert "storage cannot be reached" in seen.of("storage", "examples-")[0]["found"]
    assert [each["outcome"] for each in seen.of("services", "training")] == ["ok"]


@pytest.mark.azurite
@pytest.mark.parametrize(
    ("permission", "life", "found"),
    [
        ("rl", timedelta(hours=1), "does not let the service write"),
        ("wcl", timedelta(hours=1), "does not let the service read"),
        ("rwcl", timedelta(hours=-1), "its signature ended at"),
    ],
)
def test_a_signature_that_does_not_suffice_is_told(
    patient: Patient, permission: str, life: timedelta, found: str
) -> None:
    _open_by_signature(patient, permission, life)

    seen = patient.examined()

    assert seen.code == 1
    assert any(found in each["found"] for each in seen.problems)
    assert all("sign it again" in each["to_do"] for each in seen.problems)
    assert "sig=" not in seen.text


@pytest.mark.azurite
def test_a_signature_that_suffices_opens_the_place(patient: Patient) -> None:
    _open_by_signature(patient, "rwcl", timedelta(hours=1))

    seen = patient.examined()

    assert seen.problems == []
    assert f"opens {patient.containers.examples}" in seen.of("storage", "linked service")[0]["found"]


@pytest.mark.azurite
def test_a_signature_that_storage_refuses_is_told(patient: Patient) -> None:
    _open_by_signature(patient, "rwcl", timedelta(hours=1), key=WRONG_KEY)

    seen = patient.examined()

    assert any("storage refused the signature" in each["found"] for each in seen.problems)


@pytest.mark.azurite
def test_messages_in_the_poison_queue_are_counted(patient: Patient) -> None:
    with QueueServiceClient.from_connection_string(patient.settings["TrainingStorage"]) as queues:
        queue = queues.create_queue("webjobs-blobtrigger-poison")
        try:
            queue.send_message("{}")
            problem = patient.examined().the_problem()
        finally:
            queue.delete_queue()
            queue.close()

    assert (problem["area"], problem["subject"]) == ("queues", "webjobs-blobtrigger-poison")
    assert "about 1" in problem["found"]


@pytest.fixture
def azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[WebServer, BlobServiceClient]]:
    """A stand-in for storage opened by an identity with too few rights, which Azurite does not know."""
    certificates = issue(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.ca_bundle))
    with WebServer(certificates.server) as server:
        connection = f"AccountName=examples;AccountKey={ACCOUNT_KEY};BlobEndpoint={server.url}/examples"
        with BlobServiceClient.from_connection_string(connection, retry_total=0) as client:
            yield server, client


WRITTEN = reply(201, b"", ETag='"0x1"', Last_Modified="Sun, 22 Nov 2026 08:00:00 GMT")
DENIED = reply(403, b"", x_ms_error_code="AuthorizationPermissionMismatch")
EXISTS = reply(409, b"", x_ms_error_code="BlobAlreadyExists")
READ = reply(200, b"{}")
DELETED = reply(202, b"")


@pytest.mark.parametrize(
    ("answers", "refused"),
    [
        ((DENIED,), ["a document cannot be written"]),
        ((WRITTEN, WRITTEN, EXISTS, DENIED, DELETED), ["a blob's signature is accepted"]),
        ((WRITTEN, WRITTEN, EXISTS, READ, DENIED), ["a document can be deleted"]),
        ((WRITTEN, WRITTEN, WRITTEN, READ, DELETED), ["two hosts would train twice"]),
    ],
)
def test_each_right_that_is_missing_in_the_state_container_is_told(
    azure: tuple[WebServer, BlobServiceClient], answers: tuple[Script, ...], refused: list[str]
) -> None:
    server, client = azure
    server.will(*answers)

    found = _problems(examine_state_rights(client, "state"))

    assert len(found) == len(refused)
    assert all(words in finding.found for finding, words in zip(found, refused, strict=True))
    assert all(finding.to_do for finding in found)


def _problems(findings: Iterator[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.outcome is Outcome.PROBLEM]


def _open_by_signature(patient: Patient, permission: str, life: timedelta, key: str = ACCOUNT_KEY) -> None:
    """The storage linked service, opened by an account's signature from now on."""
    signature = generate_account_sas(
        ACCOUNT,
        key,
        ResourceTypes(service=True, container=True, object=True),
        permission,
        datetime.now(UTC) + life,
        start=datetime.now(UTC) - timedelta(hours=2),
    )
    uri = f"{patient.storage.url.partition('?')[0].rstrip('/')}?{signature}"
    patient.change(
        "linkedService/StorageLinkedService.json",
        lambda read: read["properties"].update(type="AzureStorageSas", typeProperties={"sasUri": uri}),
    )
