"""What the app indexes, and whether the settings let the host bind it."""

from functools import cache
from pathlib import Path

import pytest

from devstack.places import ROOT
from functions.retraining.core.definitions import ConnectionStringAccess, IdentityAccess
from functions.retraining.doctor import app_index
from functions.retraining.doctor.app_index import IndexedFunction, IndexingError, index_app
from functions.retraining.doctor.bindings import examine_bindings
from functions.retraining.doctor.connections import connection_of
from functions.retraining.doctor.finding import Finding, Outcome

SETTINGS = {
    "TrainingStorage": "AccountName=examples;AccountKey=a2V5",
    "LABELED_EXAMPLES_CONTAINER": "labeledexamples",
    "TRAINED_MODELS_CONTAINER": "trainingoutput",
    "POLL_SCHEDULE": "0 * * * * *",
    "SWEEP_SCHEDULE": "0 */15 * * * *",
    "FUNCTIONS_WORKER_RUNTIME": "python",
}
BY_IDENTITY = {"TrainingStorage": "", "TrainingStorage__blobServiceUri": "https://examples.blob.core.windows.net"}
QUEUES = {"TrainingStorage__queueServiceUri": "https://examples.queue.core.windows.net"}


@cache
def _indexed(source: str = "") -> tuple[IndexedFunction, ...]:
    return index_app(ROOT, {"BLOB_TRIGGER_SOURCE": source})


def _problems(values: dict[str, str], references: frozenset[str] = frozenset()) -> list[Finding]:
    found = examine_bindings(_indexed(), values, references)
    return [each for each in found if each.outcome is Outcome.PROBLEM]


def test_the_samples_settings_bind_every_function() -> None:
    found = list(examine_bindings(_indexed(), SETTINGS, frozenset()))

    assert {each.outcome for each in found} == {Outcome.OK}
    assert "blobTrigger labeledexamples/{name}, LogsAndContainerScan" in {each.found for each in found}


def test_a_setting_that_a_trigger_names_and_that_is_not_set_is_told_with_its_function() -> None:
    (problem,) = _problems(SETTINGS | {"POLL_SCHEDULE": ""})

    assert problem.subject == "poll_runs"
    assert problem.to_do == "set POLL_SCHEDULE"


def test_a_connection_that_no_setting_gives_is_told_for_each_function_that_has_it() -> None:
    problems = _problems(SETTINGS | {"TrainingStorage": ""})

    assert {"start_retraining", "update_scoring"} <= {each.subject for each in problems}
    assert all("TrainingStorage__blobServiceUri" in each.to_do for each in problems)


def test_a_connection_by_identity_needs_the_queue_service_too() -> None:
    assert _problems(SETTINGS | BY_IDENTITY | QUEUES) == []
    assert {each.to_do for each in _problems(SETTINGS | BY_IDENTITY)} == {
        "set TrainingStorage__queueServiceUri to the account's queue address"
    }


def test_a_setting_behind_a_reference_counts_as_set() -> None:
    assert _problems(SETTINGS | {"TrainingStorage": ""}, frozenset({"TrainingStorage"})) == []


@pytest.mark.parametrize("value", ["true", "1", "True"])
def test_a_function_that_is_switched_off_is_worth_knowing(value: str) -> None:
    values = SETTINGS | {"AzureWebJobs.poll_runs.Disabled": value}

    found = examine_bindings(_indexed(), values, frozenset())

    assert [each.subject for each in found if each.outcome is Outcome.NOTICE] == ["poll_runs"]


def test_polling_on_flex_consumption_is_worth_knowing() -> None:
    on_flex = {name: value for name, value in SETTINGS.items() if name != "FUNCTIONS_WORKER_RUNTIME"}
    polling = list(examine_bindings(_indexed(), on_flex, frozenset()))
    by_events = on_flex | {"BLOB_TRIGGER_SOURCE": "EventGrid"}
    events = list(examine_bindings(_indexed("EventGrid"), by_events, frozenset()))

    assert [each.outcome for each in polling].count(Outcome.NOTICE) == 1
    assert Outcome.NOTICE not in [each.outcome for each in events]


def test_an_app_that_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text("import a_package_that_is_not_there\n", "utf-8")

    with pytest.raises(IndexingError, match="a_package_that_is_not_there"):
        index_app(tmp_path, {})


def test_an_app_without_functions_is_told(tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text("import azure.functions as f\napp = f.FunctionApp()\n", "utf-8")

    with pytest.raises(IndexingError, match="declares no function"):
        index_app(tmp_path, {})


def test_an_app_that_does_not_come_back_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_index, "_SECONDS", 1)
    (tmp_path / "function_app.py").write_text("import threading\nthreading.Event().wait()\n", "utf-8")

    with pytest.raises(IndexingError, match="not loaded within 1 seconds"):
        index_app(tmp_path, {})


def test_connections_are_looked_up_as_the_host_does() -> None:
    text = "AccountName=examples;AccountKey=a2V5;EndpointSuffix=core.usgovcloudapi.net"
    by_prefix = connection_of({"AzureWebJobsX": text}, "X")
    wins = connection_of({"X": text, "X__blobServiceUri": "https://other.blob.core.windows.net"}, "X")
    by_name = connection_of({"X__accountName": "examples", "X__clientId": "id"}, "X")
    local = connection_of({"X": "UseDevelopmentStorage=true"}, "X")

    assert by_prefix is not None
    assert (by_prefix.setting, by_prefix.queues) == (
        "AzureWebJobsX",
        "https://examples.queue.core.usgovcloudapi.net",
    )
    assert wins is not None
    assert isinstance(wins.access, ConnectionStringAccess)
    assert by_name is not None
    assert by_name.access == IdentityAccess("https://examples.blob.core.windows.net")
    assert (by_name.queues, by_name.client_id) == ("https://examples.queue.core.windows.net", "id")
    assert local is not None
    assert local.queues == "http://127.0.0.1:10001/devstoreaccount1"
    assert connection_of({}, "X") is None
