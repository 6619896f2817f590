"""Do the definitions fit what the doors watch?"""

from dataclasses import replace

import pytest

from functions.retraining.core.definitions import (
    AzureMLLinkedService,
    BatchExecutionActivity,
    BlobDataset,
    ConnectionStringAccess,
    IdentityAccess,
    Pipeline,
    SasUriAccess,
    StorageAccess,
    StorageLinkedService,
    UpdateResourceActivity,
)
from functions.retraining.core.errors import Fault
from functions.retraining.core.secret import Secret
from functions.retraining.settings import Settings, read
from functions.retraining.watching import watching_faults

OURS = "DefaultEndpointsProtocol=https;AccountName=examples;AccountKey=c2VjcmV0LWtleQ=="


def settings(connection: str = OURS, **changed: str) -> Settings:
    values = {
        "TrainingStorage": connection,
        "LABELED_EXAMPLES_CONTAINER": "labeledexamples",
        "TRAINED_MODELS_CONTAINER": "trainingoutput",
        **changed,
    }
    return read(values, [])


def pipeline(
    connection: str | StorageAccess = OURS, examples: str = "labeledexamples", models: str = "trainingoutput"
) -> Pipeline:
    access = ConnectionStringAccess(Secret(connection)) if isinstance(connection, str) else connection
    storage = StorageLinkedService("StorageLinkedService", access)
    example = BlobDataset("trainingData", storage, f"{examples}/2016", "examples.arff")
    model = BlobDataset("trainedModelBlob", storage, models, "model.ilearner")
    endpoint = AzureMLLinkedService("endpoint", "https://a.example/jobs", Secret("key"))
    return Pipeline(
        "pipeline",
        BatchExecutionActivity("retraining", endpoint, example, {}, {"output1": model}),
        (UpdateResourceActivity("update", endpoint, "Model [trained model]", model),),
    )


def faults(settings: Settings, *pipelines: Pipeline) -> list[str]:
    found: list[Fault] = list(watching_faults(settings, pipelines))
    return [str(fault) for fault in found]


def test_what_fits_has_no_fault() -> None:
    assert faults(settings(), pipeline()) == []


def test_examples_in_a_container_that_nobody_watches() -> None:
    assert faults(settings(), pipeline(examples="elsewhere")) == [
        (
            "dataset trainingData: its container 'elsewhere' is not watched: "
            "setting LABELED_EXAMPLES_CONTAINER is 'labeledexamples'"
        )
    ]


def test_it_is_enough_that_one_of_several_inputs_is_watched() -> None:
    watched = pipeline()
    beside = replace(watched.labeled_examples, name="beside", folder_path="elsewhere")
    named = {"input1": beside, "input2": watched.labeled_examples}
    activity = replace(watched.batch_execution, web_service_input=None, web_service_inputs=named)
    assert faults(settings(), replace(watched, batch_execution=activity)) == []


def test_models_in_a_container_that_nobody_watches() -> None:
    assert faults(settings(), pipeline(models="elsewhere")) == [
        (
            "dataset trainedModelBlob: its container 'elsewhere' is not watched: "
            "setting TRAINED_MODELS_CONTAINER is 'trainingoutput'"
        )
    ]


def test_a_missing_setting_is_no_second_fault_here() -> None:
    assert faults(read({}, []), pipeline()) == []


def test_another_account_is_told_once_and_without_its_key() -> None:
    theirs = "AccountName=others;AccountKey=b3RoZXJzLWtleQ=="
    assert faults(settings(), pipeline(theirs), pipeline(theirs)) == [
        (
            "linked service StorageLinkedService: its account (others.blob.core.windows.net) is not the one of setting "
            "TrainingStorage (examples.blob.core.windows.net), which the triggers watch"
        )
    ]


@pytest.mark.parametrize(
    "same",
    [
        "AccountName=examples;AccountKey=b2xkLWtleQ==",
        "accountkey=eA==;ACCOUNTNAME=examples",
        "AccountName=examples;AccountKey=eA==;BlobEndpoint=https://examples.blob.core.windows.net/",
        "AccountName=examples;AccountKey=eA==;BlobEndpoint=HTTPS://Examples.blob.core.windows.net",
        "DefaultEndpointsProtocol=http;AccountName=examples;AccountKey=eA==;EndpointSuffix=core.windows.net;",
    ],
)
def test_one_account_may_be_spelled_in_many_ways(same: str) -> None:
    assert faults(settings(), pipeline(same)) == []
    assert faults(settings(same), pipeline()) == []


@pytest.mark.parametrize(
    "same",
    [
        SasUriAccess("https://examples.blob.core.windows.net", Secret("?sig=c2ln")),
        SasUriAccess("https://Examples.blob.core.windows.net/labeledexamples", Secret("?sig=c2ln")),
        IdentityAccess("https://examples.blob.core.windows.net"),
        IdentityAccess("https://examples.blob.core.windows.net/"),
    ],
)
def test_one_account_may_be_opened_in_many_ways(same: StorageAccess) -> None:
    assert faults(settings(), pipeline(same)) == []
    by_identity = settings("", TrainingStorage__blobServiceUri="https://examples.blob.core.windows.net/")
    assert faults(by_identity, pipeline(same)) == []
    assert faults(by_identity, pipeline()) == []


@pytest.mark.parametrize(
    "other",
    [
        SasUriAccess("https://others.blob.core.windows.net/labeledexamples", Secret("?sig=c2ln")),
        IdentityAccess("https://others.blob.core.windows.net"),
    ],
)
def test_another_account_is_another_whatever_opens_it_and_no_signature_is_shown(other: StorageAccess) -> None:
    (fault,) = faults(settings(), pipeline(other))
    assert "its account (others.blob.core.windows.net) is not the one of setting TrainingStorage" in fault
    assert "c2ln" not in fault


def test_the_same_name_in_another_cloud_is_another_account() -> None:
    (fault,) = faults(settings(), pipeline(f"{OURS};EndpointSuffix=core.chinacloudapi.cn"))
    assert "(examples.blob.core.chinacloudapi.cn)" in fault


def test_the_development_storage_is_an_account_like_any_other() -> None:
    emulator = "AccountName=devstoreaccount1;AccountKey=eA==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"
    assert faults(settings("UseDevelopmentStorage=true"), pipeline(emulator)) == []
    (fault,) = faults(settings("UseDevelopmentStorage=true"), pipeline())
    assert "TrainingStorage (127.0.0.1:10000/devstoreaccount1)" in fault


@pytest.mark.parametrize("setting", ["RETRAINING_STATE_CONTAINER", "MODEL_ARCHIVE_CONTAINER", "DEAD_LETTER_CONTAINER"])
@pytest.mark.parametrize("watched", ["labeledexamples", "trainingoutput"])
def test_the_app_must_not_write_where_it_watches(setting: str, watched: str) -> None:
    assert faults(settings(**{setting: watched}), pipeline()) == [
        f"setting {setting}: is {watched!r}, which is watched: each write would fire the trigger"
    ]


@pytest.mark.parametrize(
    ("setting", "container", "first"),
    [
        ("MODEL_ARCHIVE_CONTAINER", "retraining", "RETRAINING_STATE_CONTAINER"),
        ("DEAD_LETTER_CONTAINER", "retraining", "RETRAINING_STATE_CONTAINER"),
        ("DEAD_LETTER_CONTAINER", "models", "MODEL_ARCHIVE_CONTAINER"),
    ],
)
def test_run_documents_models_and_dead_letters_need_containers_of_their_own(
    setting: str, container: str, first: str
) -> None:
    (fault,) = faults(settings(**{setting: container}), pipeline())
    assert fault == f"setting {setting}: is {container!r} as {first} is; give it one of its own"


def test_every_fault_is_told_at_once() -> None:
    found = faults(
        settings(MODEL_ARCHIVE_CONTAINER="trainingoutput"),
        pipeline("AccountName=others;AccountKey=eA==", examples="elsewhere", models="somewhere"),
    )
    assert len(found) == len(set(found)) == 4


def test_a_pipeline_that_is_paused_is_looked_at_too() -> None:
    assert len(faults(settings(), replace(pipeline(examples="elsewhere"), is_paused=True))) == 1


@pytest.mark.parametrize(
    ("container", "owner"),
    [
        ("retraining", "the app's own, by setting RETRAINING_STATE_CONTAINER"),
        ("models", "the app's own, by setting MODEL_ARCHIVE_CONTAINER"),
        ("azure-webjobs-secrets", "the Functions host's own"),
    ],
)
def test_no_dataset_lies_among_run_documents_archived_models_or_the_hosts_keys(container: str, owner: str) -> None:
    watched = pipeline()
    beside = replace(watched.trained_model, name="evaluation", folder_path=f"{container}/open", file_name="x.json")
    outputs = {**watched.batch_execution.web_service_outputs, "output2": beside}
    writes = replace(watched, batch_execution=replace(watched.batch_execution, web_service_outputs=outputs))
    assert faults(settings(), writes) == [f"dataset evaluation: its container {container!r} is {owner}"]


def test_a_container_of_that_name_in_another_account_is_somebody_elses() -> None:
    watched = pipeline()
    theirs = StorageLinkedService("other", IdentityAccess("https://others.blob.core.windows.net"))
    beside = replace(watched.trained_model, name="evaluation", linked_service=theirs, folder_path="models")
    outputs = {**watched.batch_execution.web_service_outputs, "output2": beside}
    writes = replace(watched, batch_execution=replace(watched.batch_execution, web_service_outputs=outputs))
    assert faults(settings(), writes) == []
