"""The activities' fuller meaning on real services: several updates, paths per slice, parameters, v2 spelling."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devstack.studio import Fault, FaultKind, Studio
from functions.retraining.core.run import RunStatus
from tests.e2e.conftest import MakeHouse
from tests.e2e.definitions import Containers, Definitions, arm_linked_service
from tests.e2e.house import House

pytestmark = [pytest.mark.azurite, pytest.mark.usefixtures("authority")]

OTHER = "Update the other service"
MODEL_NAME = "Training Exp for ADF ML [trained model]"


def with_pipeline(change: Callable[[list[dict[str, Any]], Containers], None]) -> Callable[[Path, Containers], None]:
    """Changes the activities of the sample's pipeline."""

    def write(adf: Path, containers: Containers) -> None:
        file = adf / "pipeline/pipeline.json"
        document = json.loads(file.read_text("utf-8"))
        change(document["properties"]["activities"], containers)
        file.write_text(json.dumps(document), "utf-8")

    return write


@pytest.fixture
def two_services(make_house: MakeHouse, studio: Studio) -> House:
    """One training, a classic scoring endpoint and a Resource Manager web service, which is tried once only."""

    def add(activities: list[dict[str, Any]], _: Containers) -> None:
        other = {**activities[1], "name": OTHER, "linkedServiceName": "armEndpoint", "policy": {"timeout": "01:00:00"}}
        activities.append(other)

    def write(adf: Path, containers: Containers) -> None:
        with_pipeline(add)(adf, containers)
        service = {"type": "AzureML", "typeProperties": arm_linked_service(studio)}
        document = {"name": "armEndpoint", "properties": service}
        (adf / "linkedService/armEndpoint.json").write_text(json.dumps(document), "utf-8")

    return make_house(Definitions(more=write))


def test_one_training_feeds_a_classic_and_a_resource_manager_service(two_services: House) -> None:
    run = two_services.ended(two_services.begun())

    assert run.status is RunStatus.SUCCEEDED, run.failure
    assert [update.outcome for update in run.updates] == [RunStatus.SUCCEEDED] * 2
    assert run.model
    assert two_services.live_model() == two_services.live_arm_model() == run.model.path
    assert two_services.routes()["bes.start"] == 1


def test_one_services_refusal_does_not_keep_the_model_from_the_other(two_services: House) -> None:
    two_services.studio.inject(Fault(FaultKind.OPERATION_FAILS, message="The package could not be built."))

    run = two_services.ended(two_services.begun())

    assert run.status is RunStatus.FAILED
    assert [update.outcome for update in run.updates] == [RunStatus.SUCCEEDED, RunStatus.FAILED]
    assert run.model
    assert two_services.live_model() == run.model.path
    assert run.failure
    assert OTHER in run.failure.message
    assert "The package could not be built." in run.failure.message
    again = two_services.ended(two_services.begun())
    assert again.status is RunStatus.SUCCEEDED


def test_the_models_path_has_the_examples_upload_time(make_house: MakeHouse) -> None:
    def write(adf: Path, containers: Containers) -> None:
        file = adf / "dataset/trainedModelBlob.json"
        document = json.loads(file.read_text("utf-8"))
        stamp = {"name": "stamp", "value": {"type": "DateTime", "date": "SliceStart", "format": "yyyyMMddHHmmss"}}
        document["properties"]["typeProperties"] = {
            "folderPath": f"{containers.models}/runs",
            "fileName": "model-{stamp}.ilearner",
            "partitionedBy": [stamp],
        }
        file.write_text(json.dumps(document), "utf-8")

    house = make_house(Definitions(more=write))
    run = house.ended(house.begun())

    assert run.status is RunStatus.SUCCEEDED, run.failure
    (submitted,) = house.studio.requests_to("bes.submit")
    written = submitted.body["Outputs"]["output1"]["RelativeLocation"]
    assert written == f"{house.containers.models}/runs/model-{run.blob.last_modified:%Y%m%d%H%M%S}.ilearner"


def test_the_same_pipeline_in_version_2_spelling_does_the_same(make_house: MakeHouse) -> None:
    storage = {"referenceName": "StorageLinkedService", "type": "LinkedServiceReference"}

    def respell(activities: list[dict[str, Any]], containers: Containers) -> None:
        model = f"{containers.models}/model.ilearner"
        example = f"{containers.examples}/labeledexamples.arff"
        activities[:] = [
            {
                "name": "retraining",
                "type": "AzureMLBatchExecution",
                "linkedServiceName": {"referenceName": "trainingEndpoint", "type": "LinkedServiceReference"},
                "typeProperties": {
                    "webServiceInputs": {"input1": {"filePath": example, "linkedServiceName": storage}},
                    "webServiceOutputs": {"output1": {"FilePath": model, "LinkedServiceName": storage}},
                },
                "policy": {"timeout": "0.02:00:00", "retry": 1, "retryIntervalInSeconds": 30},
            },
            {
                "name": "update",
                "type": "AzureMLUpdateResource",
                "dependsOn": [{"activity": "retraining", "dependencyConditions": ["Succeeded"]}],
                "linkedServiceName": {"referenceName": "updatableScoringEndpoint2", "type": "LinkedServiceReference"},
                "typeProperties": {
                    "trainedModelName": MODEL_NAME,
                    "trainedModelLinkedServiceName": storage,
                    "trainedModelFilePath": model,
                },
            },
        ]

    house = make_house(Definitions(more=with_pipeline(respell)))
    run = house.ended(house.begun())

    assert run.status is RunStatus.SUCCEEDED, run.failure
    (submitted,) = house.studio.requests_to("bes.submit")
    assert set(submitted.body["Inputs"]) == {"input1"}
    assert run.model
    assert house.live_model() == run.model.path


def test_an_attempt_that_failed_is_followed_by_another_after_the_retry_interval(make_house: MakeHouse) -> None:
    def slower(activities: list[dict[str, Any]], _: Containers) -> None:
        activities[0]["policy"] |= {"retry": 0, "longRetry": 2, "longRetryInterval": "00:05:00"}

    house = make_house(Definitions(more=with_pipeline(slower)))
    house.studio.inject(Fault(FaultKind.JOB_FAILS, details="Out of memory.", count=1))
    run = house.begun()
    house.jobs_end()
    house.tick()
    waiting = house.run(run)
    assert waiting.status is RunStatus.WAITING
    assert "Out of memory." in waiting.waits_for

    house.clock.forward(minutes=5)
    ended = house.ended(run)

    assert (ended.status, ended.attempt) == (RunStatus.SUCCEEDED, 2)


def test_a_paused_pipeline_holds_its_examples_and_lets_them_go(make_house: MakeHouse) -> None:
    def write(adf: Path, _: Containers) -> None:
        _pause(adf, paused=True)

    house = make_house(Definitions(more=write))
    run = house.begun()
    house.tick()
    held = house.run(run)
    assert held.status is RunStatus.WAITING
    assert "paused" in held.waits_for
    assert house.routes()["bes.submit"] == 0

    _pause(house.folder / "adf", paused=False)
    house.restart()

    assert house.ended(run).status is RunStatus.SUCCEEDED


def _pause(adf: Path, *, paused: bool) -> None:
    file = adf / "pipeline/pipeline.json"
    document = json.loads(file.read_text("utf-8"))
    document["properties"]["isPaused"] = paused
    file.write_text(json.dumps(document), "utf-8")
