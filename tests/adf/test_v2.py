"""The activities in Data Factory v2's spelling."""

from datetime import timedelta

import pytest

from functions.retraining.adf import Factory, load
from functions.retraining.core.definitions import ActivityPolicy, IdentityAccess, StorageLinkedService
from functions.retraining.core.secret import Secret

from .factories import PIPELINE, Change, append, both, documents, drop, faults_of, load_changed, put

RETRAIN = "pipeline/retrain.json"
SERVICE = "linkedService/scoring.json"
TRAIN = "properties.activities.0"
UPDATE = "properties.activities.1"
PRINCIPAL = "properties.typeProperties.servicePrincipalId"
INSIDE = "properties.typeProperties"


def changed(change: Change) -> Factory:
    return load_changed(change, "v2", TRAINING_KEY="trainingKey")


def test_a_v2_factory_means_what_a_v1_factory_means() -> None:
    factory = load(documents("v2"), {"TRAINING_KEY": "trainingKey"})
    assert factory.faults == ()
    assert factory.settings_used == {"TRAINING_KEY"}
    (pipeline,) = factory.pipelines
    (update,) = pipeline.update_resources
    (examples,) = pipeline.batch_execution.inputs
    service = StorageLinkedService("storage", IdentityAccess("https://account.blob.core.windows.net"))
    assert (examples.container, examples.folder, examples.file_name) == ("labeledexamples", "2026/", "examples.csv")
    assert examples.name == "storage/labeledexamples/2026/examples.csv"
    assert examples.linked_service == service
    assert pipeline.trained_model == pipeline.batch_execution.web_service_outputs["output1"]
    assert pipeline.trained_model_output == "output1"
    assert pipeline.batch_execution.linked_service.api_key == Secret("trainingKey")
    assert update.linked_service.api_key == Secret("scoringKey")
    assert update.linked_service.service_principal is None
    assert update.trained_model_name == "Training Exp for ADF ML [trained model]"


def test_a_v2_activity_has_v2s_defaults() -> None:
    (pipeline,) = changed(lambda _: None).pipelines
    assert pipeline.batch_execution.policy == ActivityPolicy(
        timeout=timedelta(days=7), retry_interval=timedelta(seconds=30)
    )
    assert pipeline.update_resources[0].policy == ActivityPolicy(
        timeout=timedelta(hours=1), retry=20, retry_interval=timedelta(minutes=1)
    )


def test_v1_and_v2_are_told_apart_by_how_the_linked_service_is_named() -> None:
    reference = {"referenceName": "trainingEndpoint", "type": "LinkedServiceReference"}
    change = both(drop(PIPELINE, f"{TRAIN}.policy"), put(PIPELINE, f"{TRAIN}.linkedServiceName", reference))
    policy = load_changed(change).pipelines[0].batch_execution.policy
    assert (policy.timeout, policy.retry_interval) == (timedelta(days=7), timedelta(seconds=30))
    policy = load_changed(drop(PIPELINE, f"{TRAIN}.policy")).pipelines[0].batch_execution.policy
    assert (policy.timeout, policy.retry_interval) == (None, timedelta(0))


def test_a_v2_pipelines_concurrency_is_its_trainings() -> None:
    change = put(RETRAIN, "properties.concurrency", 3)
    ((where, problem),) = faults_of(changed(change))
    assert where == f"{RETRAIN} $.properties.activities[0].typeProperties.webServiceOutputs.output1"
    assert "one blob for all of the 3 runs" in problem
    assert changed(both(change, put(RETRAIN, f"{TRAIN}.policy", {"concurrency": 1}))).faults == ()


def test_what_data_factorys_pages_export_empty_says_nothing() -> None:
    empty = both(put(RETRAIN, "properties.parameters", {}), put(RETRAIN, "properties.variables", {}))
    assert changed(empty).faults == ()
    assert faults_of(changed(put(RETRAIN, "properties.parameters", {"a": {"type": "string"}})))


def test_an_update_that_does_not_depend_on_the_training_follows_it_all_the_same() -> None:
    factory = changed(put(RETRAIN, f"{UPDATE}.dependsOn", []))
    assert factory.faults == ()
    said = {notice.where: notice.problem for notice in factory.notices}
    assert "follows the training all the same" in said[f"{RETRAIN} $.properties.activities[1].dependsOn"]


def test_an_inactive_update_is_left_out_with_a_notice() -> None:
    second = {"state": "Inactive", "name": "second", "type": "AzureMLUpdateResource", "typeProperties": {}}
    factory = changed(append(RETRAIN, "properties.activities", second))
    assert factory.faults == ()
    assert len(factory.pipelines[0].update_resources) == 1
    said = {notice.where: notice.problem for notice in factory.notices}
    assert said[f"{RETRAIN} $.properties.activities[2].state"] == "is Inactive: the update is left out"


@pytest.mark.parametrize(
    ("change", "where", "problem"),
    [
        (put(SERVICE, PRINCIPAL, "x"), "authentication", "is MSI, but servicePrincipalId is there too"),
        (put(SERVICE, PRINCIPAL, "x"), "servicePrincipalKey", "or none"),
        (put(SERVICE, f"{INSIDE}.authentication", "ServicePrincipal"), "tenant", "or none"),
        (put(SERVICE, f"{INSIDE}.authentication", "Basic"), "authentication", "expected MSI or ServicePrincipal"),
    ],
)
def test_half_a_way_to_authenticate_is_a_fault(change: Change, where: str, problem: str) -> None:
    said = dict(faults_of(changed(change)))
    assert problem in said[f"{SERVICE} $.{INSIDE}.{where}"]


def test_a_model_by_path_is_the_training_dataset_of_the_same_blob() -> None:
    change = both(
        drop(PIPELINE, f"{UPDATE}.typeProperties.trainedModelDatasetName"),
        put(PIPELINE, f"{UPDATE}.inputs", []),
        put(PIPELINE, f"{UPDATE}.typeProperties.trainedModelFilePath", "/trainingoutput/model.ilearner"),
        put(PIPELINE, f"{UPDATE}.typeProperties.trainedModelLinkedServiceName", "StorageLinkedService"),
    )
    factory = load_changed(change)
    assert factory.faults == ()
    assert factory.pipelines[0].trained_model.name == "trainedModelBlob"
    assert factory.pipelines[0].trained_model_output == "output1"


def test_a_model_by_another_path_is_a_fault() -> None:
    ((where, problem),) = faults_of(
        changed(put(RETRAIN, f"{UPDATE}.typeProperties.trainedModelFilePath", "trainingoutput/other.ilearner"))
    )
    assert where == f"{RETRAIN} $.properties.activities[1].typeProperties.trainedModelFilePath"
    assert problem.endswith("expected one of: storage/trainingoutput/model.ilearner")


def test_the_early_name_of_the_models_dataset_is_accepted_with_a_notice() -> None:
    change = both(
        drop(PIPELINE, f"{UPDATE}.typeProperties.trainedModelDatasetName"),
        put(PIPELINE, f"{UPDATE}.typeProperties.ILearnerDatasetName", "trainedModelBlob"),
    )
    factory = load_changed(change)
    assert factory.faults == ()
    said = {notice.where: notice.problem for notice in factory.notices}
    where = f"{PIPELINE} $.properties.activities[1].typeProperties.ILearnerDatasetName"
    assert "early name of trainedModelDatasetName" in said[where]
