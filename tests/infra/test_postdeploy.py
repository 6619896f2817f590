"""The postdeploy hook as azd runs it: a process of its own, the app's real index, an Azure CLI that answers as told."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from devstack.places import ROOT
from functions.retraining.doctor.app_index import index_app
from functions.retraining.doctor.finding import Outcome
from functions.retraining.doctor.subscription_list import event_subscription_list
from functions.retraining.doctor.subscriptions import doors_of, examine_subscriptions

from .azure_cli import AZD, HOOK, FakeAzureCli, run_hook
from .bicep import templates

pytestmark = pytest.mark.processes

EVENTS = templates()["events.bicep"]
CONTAINERS = "/blobServices/default/containers"

HANDSHAKE = (
    'ERROR: {"code": "Url validation", "message": "Webhook validation handshake failed for '
    'https://func-example.azurewebsites.net/runtime/webhooks/blobs. Http POST request failed with code NotFound."}'
)
OF_THE_DEPLOYMENT = {
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_RESOURCE_GROUP",
    "FUNCTION_APP_NAME",
    "EVENT_TOPIC_NAME",
    "TRAINING_STORAGE_NAME",
    "DEAD_LETTER_CONTAINER",
}
NOT_YET = [
    HANDSHAKE,
    "ERROR: The language expression property 'blobs_extension' doesn't exist, available properties are ''.",
    "ERROR: BadRequest: Encountered an error (ServiceUnavailable) from host runtime.",
    "ERROR: The attempt to validate the provided endpoint https://func-example.azurewebsites.net/runtime failed.",
]


def subscriptions(call: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {each["name"]: each for each in call["parameters"]["parameters"]["subscriptions"]["value"]}


def test_there_is_one_subscription_for_each_blob_triggered_function(tmp_path: Path) -> None:
    az = FakeAzureCli.install(tmp_path)
    ran = run_hook(tmp_path, **AZD)

    assert (ran.returncode, ran.stderr) == (0, "")
    (call,) = az.calls()
    assert subscriptions(call) == {
        "start-retraining": {
            "name": "start-retraining",
            "functionName": "start_retraining",
            "subjectBeginsWith": f"{CONTAINERS}/labeledexamples/blobs/",
            "subjectEndsWith": "",
        },
        "update-scoring": {
            "name": "update-scoring",
            "functionName": "update_scoring",
            "subjectBeginsWith": f"{CONTAINERS}/trainingoutput/blobs/",
            "subjectEndsWith": ".ilearner",
        },
    }


def test_the_template_is_deployed_into_azds_group_with_the_parameters_that_it_has(tmp_path: Path) -> None:
    az = FakeAzureCli.install(tmp_path)
    run_hook(tmp_path, **AZD)

    (call,) = az.calls()
    arguments = call["arguments"]
    assert arguments[:3] == ["deployment", "group", "create"]
    assert arguments[arguments.index("--subscription") + 1] == AZD["AZURE_SUBSCRIPTION_ID"]
    assert arguments[arguments.index("--resource-group") + 1] == AZD["AZURE_RESOURCE_GROUP"]
    assert arguments[arguments.index("--template-file") + 1] == str(ROOT / "infra" / "events.bicep")
    given = {name: each["value"] for name, each in call["parameters"]["parameters"].items()}
    assert set(given) == set(EVENTS.parameters)
    assert {name: value for name, value in given.items() if name != "subscriptions"} == {
        "functionAppName": "func-example",
        "eventTopicName": "evgt-example",
        "trainingStorageName": "sttrainexample",
        "deadLetterContainer": "deadletter",
    }


def test_each_field_that_the_template_reads_of_a_subscription_is_given(tmp_path: Path) -> None:
    az = FakeAzureCli.install(tmp_path)
    run_hook(tmp_path, **AZD)

    (call,) = az.calls()
    read = set(re.findall(r"\bwanted\.(\w+)", EVENTS.text))
    assert [set(each) for each in subscriptions(call).values()] == [read, read]
    assert "Host.Functions.${wanted.functionName}" in EVENTS.text


def test_the_containers_are_those_of_the_settings_that_the_app_has(tmp_path: Path) -> None:
    az = FakeAzureCli.install(tmp_path)
    run_hook(tmp_path, **AZD | {"LABELED_EXAMPLES_CONTAINER": "examples", "TRAINED_MODELS_CONTAINER": "models-out"})

    (call,) = az.calls()
    found = {name: each["subjectBeginsWith"] for name, each in subscriptions(call).items()}
    assert found == {
        "start-retraining": f"{CONTAINERS}/examples/blobs/",
        "update-scoring": f"{CONTAINERS}/models-out/blobs/",
    }


@pytest.mark.parametrize("answer", NOT_YET)
def test_an_app_that_is_still_starting_is_waited_for(tmp_path: Path, answer: str) -> None:
    az = FakeAzureCli.install(tmp_path, answer, answer, "")
    ran = run_hook(tmp_path, **AZD)

    assert (ran.returncode, ran.stderr, len(az.calls())) == (0, "", 3)
    assert "try 2 of 8" in ran.stdout
    assert az.calls()[0]["parameters"] == az.calls()[2]["parameters"]


def test_an_app_that_never_answers_is_given_up_with_what_to_do(tmp_path: Path) -> None:
    az = FakeAzureCli.install(tmp_path, HANDSHAKE)
    ran = run_hook(tmp_path, "--tries", "3", **AZD)

    assert (ran.returncode, len(az.calls())) == (1, 3)
    assert "the app never answered Event Grid" in ran.stderr
    assert "code NotFound" in ran.stderr
    assert "azd deploy" in ran.stderr


def test_another_fault_is_told_at_once_in_the_services_words(tmp_path: Path) -> None:
    az = FakeAzureCli.install(tmp_path, "ERROR: (AuthorizationFailed) The client does not have authorization.")
    ran = run_hook(tmp_path, **AZD)

    assert (ran.returncode, len(az.calls())) == (1, 1)
    assert "AuthorizationFailed" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_key_in_an_answer_is_not_repeated(tmp_path: Path) -> None:
    FakeAzureCli.install(
        tmp_path, "ERROR: no such endpoint https://f/runtime/webhooks/blobs?a=b&code=s3cr3t-K_ey==&c=d"
    )
    ran = run_hook(tmp_path, **AZD)

    assert "s3cr3t" not in ran.stdout + ran.stderr
    assert "code=***&c=d" in ran.stderr


def test_without_an_azure_cli_it_says_which_program_is_missing(tmp_path: Path) -> None:
    ran = run_hook(tmp_path, **AZD)

    assert ran.returncode == 1
    assert "The Azure CLI (az) is not on the PATH" in ran.stderr


def test_an_app_that_polls_needs_no_subscription_and_no_azure_cli(tmp_path: Path) -> None:
    ran = run_hook(tmp_path, **AZD | {"BLOB_TRIGGER_SOURCE": "LogsAndContainerScan"})

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "the app polls" in ran.stdout


@pytest.mark.parametrize("names", [{"TRAINED_MODELS_CONTAINER"}, {"EVENT_TOPIC_NAME"}, OF_THE_DEPLOYMENT])
def test_what_azd_did_not_set_is_named(tmp_path: Path, names: set[str]) -> None:
    az = FakeAzureCli.install(tmp_path)
    ran = run_hook(tmp_path, **{name: value for name, value in AZD.items() if name not in names})

    assert (ran.returncode, az.calls()) == (1, [])
    assert set(re.findall(r"[A-Z]+(?:_[A-Z]+)+", ran.stderr)) & set(AZD) - {"LABELED_EXAMPLES_CONTAINER"} == names


def test_an_app_that_cannot_be_indexed_is_told_with_the_reason(tmp_path: Path) -> None:
    FakeAzureCli.install(tmp_path)
    (tmp_path / "azure").mkdir()
    (tmp_path / "azure" / "__init__.py").write_text("raise ImportError('no such package')\n", "utf-8")
    ran = run_hook(tmp_path, **AZD | {"PYTHONPATH": str(tmp_path)})

    assert ran.returncode == 1
    assert "could not be read: ImportError: no such package" in ran.stderr


def test_the_doctor_has_nothing_against_what_is_made(tmp_path: Path) -> None:
    az = FakeAzureCli.install(tmp_path)
    run_hook(tmp_path, **AZD)

    (call,) = az.calls()
    listed = event_subscription_list(json.dumps([as_listed(each) for each in subscriptions(call).values()]))
    doors = doors_of(index_app(ROOT, AZD), AZD)
    findings = list(examine_subscriptions(doors, listed))
    assert len(findings) == len(doors) > 1
    assert {finding.outcome for finding in findings} == {Outcome.OK}


def as_listed(parameter: dict[str, str]) -> dict[str, Any]:
    """What the Azure CLI would show of a subscription that events.bicep made of this."""
    (made,) = [each for each in EVENTS.made if each.type.endswith("/eventSubscriptions")]
    properties: dict[str, Any] = json.loads(json.dumps(made.body["properties"]))
    webhook = "https://func-example.azurewebsites.net/runtime/webhooks/blobs"
    properties["destination"]["endpointUrl"] = f"{webhook}?functionName=Host.Functions.{parameter['functionName']}"
    properties["filter"] |= {name: parameter[name] for name in ("subjectBeginsWith", "subjectEndsWith")}
    return {"name": parameter["name"], "provisioningState": "Succeeded"} | properties


def test_a_python_without_the_apps_packages_is_told_what_the_hook_needs() -> None:
    ran = subprocess.run(  # noqa: S603 - this interpreter without its packages, and the hook
        [sys.executable, "-S", str(HOOK)], env={}, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "packages of requirements.txt" in ran.stderr
