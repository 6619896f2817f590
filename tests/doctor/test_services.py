"""Services that refuse, lead nowhere, are not trusted or not there: each is told with what to do."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devstack.certificates import issue
from devstack.local_settings import app_settings
from devstack.studio import Studio
from functions.retraining.azureml.answers import Answer
from functions.retraining.doctor.finding import Outcome
from functions.retraining.doctor.service_hosts import clock_finding
from tests.doctor.patient import Patient
from tests.e2e.definitions import arm_linked_service

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
WRONG_KEY = "d3Jvbmctd3Jvbmctd3Jvbmc="


@pytest.mark.azurite
@pytest.mark.parametrize(("setting", "subject"), [("TRAINING_API_KEY", "training"), ("SCORING_API_KEY", "scoring")])
def test_a_wrong_key_is_told_of_its_own_service_only(patient: Patient, setting: str, subject: str) -> None:
    patient.settings[setting] = WRONG_KEY

    problem = patient.examined().the_problem()

    assert problem["subject"].startswith(subject)
    assert "HTTP 401" in problem["found"]
    assert "key" in problem["to_do"]


@pytest.mark.azurite
def test_a_wrong_service_principal_is_told(patient: Patient) -> None:
    studio = patient.studio
    patient.change(
        "linkedService/updatableScoringEndpoint2.json",
        lambda read: read["properties"].update(typeProperties=arm_linked_service(studio)),
    )
    patient.settings["SCORING_SERVICE_PRINCIPAL_KEY"] = "wrong-wrong-wrong"

    problem = patient.examined().the_problem()

    assert problem["subject"].startswith("scoring")
    assert "no token was given" in problem["found"]


@pytest.mark.azurite
def test_an_address_of_another_workspace_is_told(patient: Patient) -> None:
    address = patient.settings["TRAINING_ML_ENDPOINT"]
    workspace = address.partition("/workspaces/")[2].partition("/")[0]
    patient.settings["TRAINING_ML_ENDPOINT"] = address.replace(workspace, "0" * 32)

    problem = patient.examined().the_problem()

    assert "WorkspaceNotFound" in problem["found"]
    assert "address" in problem["to_do"]


@pytest.mark.azurite
def test_a_trained_model_name_that_the_service_does_not_know_is_told_with_the_names_it_has(patient: Patient) -> None:
    file = patient.definitions / "pipeline/pipeline.json"
    wrong = file.read_text("utf-8").replace("Training Exp for ADF ML [trained model]", "Another [trained model]")
    file.write_text(wrong, "utf-8")

    problem = patient.examined().the_problem()

    assert "Training Exp for ADF ML [trained model]" in problem["found"]


@pytest.mark.azurite
def test_a_stopped_service_is_unreachable_and_the_rest_is_still_looked_at(patient: Patient, tmp_path: Path) -> None:
    with Studio.start(tmp_path / "another") as another:
        stopped = app_settings(patient.settings["TrainingStorage"], another)
    for name in ("TRAINING_ML_ENDPOINT", "TRAINING_API_KEY"):
        patient.settings[name] = stopped[name]

    seen = patient.examined()

    problem = seen.the_problem()
    assert "cannot be reached" in problem["found"]
    assert "the network between" in problem["to_do"]
    assert "its host gives no answer" in seen.of("services", "training")[0]["found"]
    assert [each["outcome"] for each in seen.of("services", "scoring")] == ["ok"]


@pytest.mark.azurite
def test_a_certificate_that_is_not_trusted_is_told_with_the_setting_that_helps(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(issue(tmp_path / "another").ca_bundle))

    seen = patient.examined()

    assert seen.code == 1
    assert all("certificate is not trusted" in each["found"] for each in seen.problems)
    assert all("REQUESTS_CA_BUNDLE" in each["found"] for each in seen.problems)


@pytest.mark.azurite
def test_a_host_that_is_not_allowed_is_told_and_sent_nothing(patient: Patient) -> None:
    patient.settings["ALLOWED_SERVICE_HOSTS"] = "*.azureml.net"
    patient.studio.clear_requests()

    seen = patient.examined()

    assert seen.code == 1
    assert {each["area"] for each in seen.problems} == {"settings"}
    assert "ALLOWED_SERVICE_HOSTS" in seen.problems[0]["found"]
    assert patient.studio.requests == []


@pytest.mark.azurite
def test_a_secret_behind_a_reference_is_not_guessed_at_and_can_be_given(patient: Patient) -> None:
    key = patient.settings["TRAINING_API_KEY"]
    patient.settings["TRAINING_API_KEY"] = "@Microsoft.KeyVault(VaultName=v;SecretName=training-api-key)"

    seen = patient.examined()
    assert seen.problems == []
    assert "Key Vault reference" in seen.of("settings", "TRAINING_API_KEY")[0]["found"]
    assert "was not tried" in seen.of("services", "training")[0]["found"]

    given = patient.examined(environment={"TRAINING_API_KEY": key})
    assert given.problems == []
    assert [each["outcome"] for each in given.of("services", "training")] == ["ok"]


@pytest.mark.azurite
def test_storage_behind_a_reference_is_not_tried(patient: Patient) -> None:
    patient.settings["TrainingStorage"] = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/storage/)"

    seen = patient.examined()

    assert seen.problems == []
    assert "was not tried" in seen.of("storage", "TrainingStorage")[0]["found"]


@pytest.mark.azurite
def test_a_reference_that_the_platform_did_not_resolve_is_a_problem(patient: Patient) -> None:
    reference = {"TRAINING_API_KEY": "@Microsoft.KeyVault(VaultName=v;SecretName=training-api-key)"}

    problem = patient.examined(environment=reference).the_problem()

    assert "keyVaultReferenceIdentity" in problem["to_do"]


@pytest.mark.parametrize(
    ("ahead", "outcome"),
    [
        (timedelta(0), Outcome.OK),
        (timedelta(seconds=59), Outcome.OK),
        (timedelta(minutes=-2), Outcome.NOTICE),
        (timedelta(minutes=6), Outcome.PROBLEM),
        (timedelta(minutes=-6), Outcome.PROBLEM),
    ],
)
def test_a_clock_that_is_apart_is_told_by_how_far(ahead: timedelta, outcome: Outcome) -> None:
    answer = Answer(200, {"Date": "Sun, 22 Nov 2026 12:00:00 GMT"}, b"")

    finding = clock_finding("host", answer, NOW + ahead)

    assert finding.outcome is outcome
    assert f"{abs(ahead).total_seconds():.0f} seconds" in finding.found


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}, {"Date": "Sun, 22 Nov 2026 12:00:00 -0000"}])
def test_an_answer_without_a_date_is_no_problem(headers: dict[str, str]) -> None:
    assert clock_finding("host", Answer(200, headers, b""), NOW).outcome is Outcome.NOTICE


@pytest.mark.azurite
def test_no_setting_at_all_is_told_in_full(patient: Patient) -> None:
    patient.settings.clear()

    seen = patient.examined()

    named = json.dumps(seen.problems)
    for name in ("TrainingStorage", "POLL_SCHEDULE", "TRAINING_ML_ENDPOINT", "SCORING_API_KEY"):
        assert name in named
