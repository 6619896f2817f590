# ruff: noqa: E501 -- addresses as they are in the article
"""The article's nine documents, as they are, and the sample that ships."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.retraining.adf import load, read_folder
from functions.retraining.core.definitions import ExecutionPriorityOrder, ExternalData
from functions.retraining.core.secret import Secret

from .factories import EXAMPLES, HERE, MODEL, PIPELINE, PLACEHOLDER, SAMPLE, SCORING, documents, load_changed, put

SETTINGS = {
    "TrainingStorage": "DefaultEndpointsProtocol=https;AccountName=name;AccountKey=key",
    "TRAINING_ML_ENDPOINT": "https://ussouthcentral.services.azureml.net/workspaces/xxx/services/--training experiment--/jobs",
    "TRAINING_API_KEY": "myKey",
    "SCORING_ML_ENDPOINT": "https://ussouthcentral.services.azureml.net/workspaces/xxx/services/--scoring experiment--/jobs",
    "SCORING_API_KEY": "endpoint2Key",
    "SCORING_UPDATE_RESOURCE_ENDPOINT": "https://management.azureml.net/workspaces/xxx/webservices/--scoring experiment--/endpoints/endpoint2",
}
NOW = datetime(2026, 11, 22, 23, 5, 7, tzinfo=UTC)
NOT_USED = {
    f"{EXAMPLES} $.properties.availability",
    f"{MODEL} $.properties.availability",
    f"{PLACEHOLDER} $.properties.availability",
    f"{PIPELINE} $.properties.start",
    f"{PIPELINE} $.properties.end",
    f"{PIPELINE} $.properties.activities[1].outputs[0].name",
}


@pytest.mark.parametrize("kind", ["classic", "arm"])
def test_the_articles_factory_loads_verbatim_and_names_what_is_not_used(kind: str) -> None:
    factory = load(documents(kind), {})
    assert factory.faults == ()
    assert factory.settings_used == frozenset()
    assert {notice.where for notice in factory.notices} == NOT_USED
    assert all("not used by an event-driven run" in notice.problem for notice in factory.notices)


def test_the_classic_pipeline_says_what_the_article_says() -> None:
    (pipeline,) = load(documents(), {}).pipelines
    training, update = pipeline.batch_execution, pipeline.update_resources[0]
    assert (pipeline.name, pipeline.is_paused) == ("pipeline", False)
    assert (training.name, update.name) == ("retraining", "AzureML Update Resource")
    assert training.web_service_input is not None
    assert training.inputs == (training.web_service_input,)
    assert training.inputs[0].container == "labeledexamples"
    assert training.inputs[0].blob_name_at(NOW) == "labeledexamples.arff"
    assert training.inputs[0].external_data == ExternalData()
    assert training.web_service_inputs == {}
    assert (pipeline.trained_model_output, pipeline.trained_model.blob_name_at(NOW)) == ("output1", "model.ilearner")
    assert training.linked_service.api_key == Secret("myKey")
    assert training.linked_service.ml_endpoint.endswith("/workspaces/xxx/services/--training experiment--/jobs")
    assert update.trained_model_name == "Training Exp for ADF ML [trained model]"
    assert update.linked_service.update_resource_endpoint is not None
    assert update.linked_service.update_resource_endpoint.endswith(
        "/webservices/--scoring experiment--/endpoints/endpoint2"
    )
    assert (training.policy.timeout, training.policy.retry) == (timedelta(hours=2), 1)
    assert training.policy.execution_priority_order is ExecutionPriorityOrder.NEWEST_FIRST
    assert (update.policy.timeout, update.policy.retry) == (timedelta(hours=1), 3)
    assert update.policy.execution_priority_order is ExecutionPriorityOrder.OLDEST_FIRST


def test_the_arm_scoring_service_has_its_principal_and_its_jobs_address_without_query() -> None:
    (pipeline,) = load(documents("arm"), {}).pipelines
    service = pipeline.update_resources[0].linked_service
    assert service.service_principal is not None
    assert service.service_principal.client_id == "fe200044-c008-4008-a005-94000000731"
    assert service.service_principal.key == Secret("zWa0000000000Tp6FjtZOspK/WMA2tQ08c8U+gZRBlw=")
    assert service.service_principal.tenant == "mycompany.com"
    assert service.ml_endpoint.endswith("/services/00000000026734a5889e02fbb1f65cefd/jobs")
    assert service.update_resource_endpoint is not None
    assert service.update_resource_endpoint.endswith("/webServices/myWebService?api-version=2016-05-01-preview")


@pytest.mark.parametrize("stray", [". ", ".", " "])
def test_the_articles_trailing_period_and_blank_are_taken_off_with_a_notice(stray: str) -> None:
    template = (
        "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/{resource-group-name}/providers/"
        "Microsoft.MachineLearning/webServices/{web-service-name}?api-version=2016-05-01-preview"
    )
    path = "properties.typeProperties.updateResourceEndpoint"
    factory = load_changed(put(SCORING, path, template + stray), "arm")
    assert factory.faults == ()
    assert factory.pipelines[0].update_resources[0].linked_service.update_resource_endpoint == template
    places = {notice.where for notice in factory.notices}
    assert places == NOT_USED | {f"{SCORING} $.{path}"}


def test_the_sample_is_the_articles_classic_factory_but_for_the_settings() -> None:
    sample = {file: json.loads(text) for file, text in read_folder(SAMPLE).items()}
    article = {file: json.loads(text) for file, text in documents().items()}
    assert _with_settings(sample) == article
    assert sorted(_settings_in(sample)) == sorted(f"%{name}%" for name in SETTINGS)


def test_the_sample_loads_once_its_settings_are_there() -> None:
    factory = load(read_folder(SAMPLE), SETTINGS)
    assert factory.faults == ()
    assert factory.pipelines == load(documents(), {}).pipelines
    assert factory.settings_used == frozenset(SETTINGS)


def test_the_sample_without_settings_names_each_one_at_its_place() -> None:
    factory = load(read_folder(SAMPLE), {"TRAINING_API_KEY": ""})
    assert {fault.problem.split()[2] for fault in factory.faults} == set(SETTINGS)
    assert len(factory.faults) == len(SETTINGS)
    where = f"{SCORING} $.properties.typeProperties.updateResourceEndpoint"
    (fault,) = [each for each in factory.faults if each.where == where]
    assert "SCORING_UPDATE_RESOURCE_ENDPOINT is not set" in fault.problem


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    for file, text in documents().items():
        target = tmp_path / file
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(read_folder(tmp_path), {}) == load(documents(), {})


def test_the_copies_of_the_article_are_nine_different_documents() -> None:
    texts = {file.read_bytes() for kind in ("classic", "arm") for file in (HERE / kind).rglob("*.json")}
    assert len(texts) == 9


def _with_settings(value: Any) -> Any:  # noqa: ANN401 -- JSON of any shape
    if isinstance(value, dict):
        return {key: _with_settings(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_settings(inner) for inner in value]
    return SETTINGS.get(value.strip("%"), value) if isinstance(value, str) else value


def _settings_in(value: Any) -> list[str]:  # noqa: ANN401 -- JSON of any shape
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [name for each in inner for name in _settings_in(each)]
    return [value] if isinstance(value, str) and value.startswith("%") else []
