"""Event subscriptions, as the Azure CLI prints them, against the app's own index."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devstack.places import ROOT
from functions.retraining.doctor.app_index import index_app
from functions.retraining.doctor.finding import Finding, Outcome
from functions.retraining.doctor.subscription_list import event_subscription_list
from functions.retraining.doctor.subscriptions import doors_of, examine_subscriptions
from tests.doctor.patient import Patient

SETTINGS = {
    "BLOB_TRIGGER_SOURCE": "EventGrid",
    "LABELED_EXAMPLES_CONTAINER": "labeledexamples",
    "TRAINED_MODELS_CONTAINER": "trainingoutput",
}
KEY = "c3lzdGVtLWtleS1vZi10aGUtYmxvYnMtZXh0ZW5zaW9u"
BASE = "https://app.azurewebsites.net/runtime/webhooks/blobs"


def subscription(function: str, container: str, ends_with: str = "") -> dict[str, Any]:
    """One, in the shape of the service's own answer (azure-rest-api-specs, EventGrid EventSubscription)."""
    return {
        "name": function.replace("_", "-"),
        "provisioningState": "Succeeded",
        "destination": {
            "endpointType": "WebHook",
            "endpointBaseUrl": BASE,
            "endpointUrl": f"{BASE}?functionName=Host.Functions.{function}&code={KEY}",
        },
        "filter": {
            "includedEventTypes": ["Microsoft.Storage.BlobCreated"],
            "subjectBeginsWith": f"/blobServices/default/containers/{container}/blobs/",
            "subjectEndsWith": ends_with,
            "advancedFilters": None,
        },
        "deadLetterDestination": {"endpointType": "StorageBlob"},
        "retryPolicy": {"eventTimeToLiveInMinutes": 1440, "maxDeliveryAttempts": 30},
    }


RIGHT = [
    subscription("start_retraining", "labeledexamples"),
    subscription("update_scoring", "trainingoutput", ".ilearner"),
]


@pytest.fixture(scope="module")
def examined() -> Callable[[list[dict[str, Any]]], list[Finding]]:
    doors = doors_of(index_app(ROOT, SETTINGS), SETTINGS)

    def examine(listed: list[dict[str, Any]]) -> list[Finding]:
        return list(examine_subscriptions(doors, event_subscription_list(json.dumps(listed))))

    return examine


def _problems(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.outcome is Outcome.PROBLEM]


def _changed(index: int, change: Callable[[dict[str, Any]], None]) -> list[dict[str, Any]]:
    listed = copy.deepcopy(RIGHT)
    change(listed[index])
    return listed


def test_right_subscriptions_are_found_well(examined: Callable[[list[dict[str, Any]]], list[Finding]]) -> None:
    assert [(each.subject, each.outcome) for each in examined(RIGHT)] == [
        ("start-retraining", Outcome.OK),
        ("update-scoring", Outcome.OK),
    ]


def test_a_missing_subscription_names_the_function_that_no_event_starts(
    examined: Callable[[list[dict[str, Any]]], list[Finding]],
) -> None:
    (problem,) = _problems(examined(RIGHT[:1]))

    assert problem.subject == "update_scoring"
    assert "the sweep finds the blobs" in problem.to_do


def test_a_subscription_of_no_function_is_too_much(
    examined: Callable[[list[dict[str, Any]]], list[Finding]],
) -> None:
    (problem,) = _problems(examined([*RIGHT, subscription("old_function", "elsewhere")]))

    assert problem.subject == "old-function"
    assert "Host.Functions.old_function" in problem.found


def test_a_subscription_of_somebody_else_is_worth_knowing_only(
    examined: Callable[[list[dict[str, Any]]], list[Finding]],
) -> None:
    other = subscription("other", "elsewhere") | {"destination": {"endpointBaseUrl": "https://other.example/hook"}}

    found = examined([*RIGHT, other])

    assert _problems(found) == []
    assert found[-1].outcome is Outcome.NOTICE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s["destination"].update(endpointUrl=f"{BASE}?functionName=start_retraining"), "drops its events"),
        (lambda s: s["filter"].update(includedEventTypes=["Microsoft.Storage.BlobDeleted"]), "no new blob is told of"),
        (
            lambda s: s["filter"].update(subjectBeginsWith="/blobServices/default/containers/labeledexamples"),
            "containers whose names begin alike",
        ),
        (
            lambda s: s["filter"].update(subjectBeginsWith="/blobServices/default/containers/elsewhere/blobs/"),
            "the function is for",
        ),
        (lambda s: s["filter"].update(subjectEndsWith=".csv"), "end in .csv only"),
        (lambda s: s.update(provisioningState="AwaitingManualAction"), "AwaitingManualAction"),
        (
            lambda s: s["destination"].update(
                endpointUrl="https://app.azurewebsites.net/api/blobs?functionName=Host.Functions.start_retraining"
            ),
            "not the blob trigger's door",
        ),
    ],
)
def test_each_fault_of_a_subscription_is_told(
    examined: Callable[[list[dict[str, Any]]], list[Finding]],
    change: Callable[[dict[str, Any]], None],
    words: str,
) -> None:
    problems = _problems(examined(_changed(0, change)))

    assert [each.subject for each in problems] == ["start-retraining"]
    assert words in problems[0].found
    assert problems[0].to_do


def test_what_the_list_leaves_out_is_said_and_matched_by_its_filter(
    examined: Callable[[list[dict[str, Any]]], list[Finding]],
) -> None:
    found = examined(_changed(0, lambda each: each["destination"].update(endpointUrl=None)))

    assert _problems(found) == []
    assert any("was not seen" in each.found and "--include-full-endpoint-url" in each.to_do for each in found)


def test_a_subscription_without_dead_letters_or_suffix_is_worth_knowing(
    examined: Callable[[list[dict[str, Any]]], list[Finding]],
) -> None:
    found = examined(_changed(1, lambda each: each.update(deadLetterDestination=None)))
    assert [each.outcome for each in found if "dead letters" in each.found] == [Outcome.NOTICE]

    found = examined(_changed(1, lambda each: each["filter"].update(subjectEndsWith=None)))
    assert [each.outcome for each in found if "cost a start" in each.found] == [Outcome.NOTICE]


def test_an_app_that_polls_wants_no_subscription() -> None:
    polling = index_app(ROOT, SETTINGS | {"BLOB_TRIGGER_SOURCE": "LogsAndContainerScan"})
    doors = doors_of(polling, SETTINGS)

    found = list(examine_subscriptions(doors, event_subscription_list(json.dumps(RIGHT))))

    assert doors == ()
    assert len(_problems(found)) == 2
    assert "BLOB_TRIGGER_SOURCE" in found[0].to_do


@pytest.mark.azurite
def test_at_the_command_line_the_key_in_the_address_is_never_shown(patient: Patient, tmp_path: Path) -> None:
    listed = [
        subscription("start_retraining", patient.containers.examples),
        subscription("update_scoring", patient.containers.models, ".ilearner"),
    ]
    listed[0]["destination"]["endpointUrl"] = f"{BASE}?functionName=start_retraining&code={KEY}"
    file = tmp_path / "subscriptions.json"
    file.write_text(json.dumps(listed), "utf-8")
    patient.settings["BLOB_TRIGGER_SOURCE"] = "EventGrid"

    seen = patient.examined("--subscriptions", str(file))

    assert seen.the_problem()["area"] == "events"
    assert KEY not in seen.text
