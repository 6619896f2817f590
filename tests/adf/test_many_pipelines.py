"""Several pipelines in a factory, several trainings in a document, several updates of a training."""

import json
from typing import Any

from functions.retraining.adf import Factory, load
from functions.retraining.adf.words import describe

from .factories import MODEL, PIPELINE, SCORING, Change, both, documents, faults_of, load_changed, put

PARSED: dict[str, Any] = {file: json.loads(text) for file, text in documents().items()}
SECOND = "pipeline/second.json"
AT_TRAINING = "$.properties.activities[0].typeProperties.webServiceOutputs.output1"


def dataset(name: str, path: str) -> tuple[str, dict[str, Any]]:
    """A dataset document for a blob."""
    folder, _, file = path.rpartition("/")
    properties = PARSED[MODEL]["properties"] | {"typeProperties": {"folderPath": folder, "fileName": file}}
    return f"dataset/{name}.json", {"name": name, "properties": properties}


def activities(example: str, model: str, suffix: str = "") -> list[dict[str, Any]]:
    """A training and its update."""
    training, update = json.loads(json.dumps(PARSED[PIPELINE]["properties"]["activities"]))
    training |= {"name": f"train{suffix}", "inputs": [{"name": example}], "outputs": [{"name": model}]}
    training["typeProperties"] = {"webServiceInput": example, "webServiceOutputs": {"output1": model}}
    update |= {"name": f"update{suffix}", "inputs": [{"name": model}]}
    update["typeProperties"]["trainedModelDatasetName"] = model
    return [training, update]


def second(example: str, model: str, *more: tuple[str, dict[str, Any]]) -> Factory:
    """The article's factory and a second pipeline."""
    document = {"name": "second", "properties": {"activities": activities(example, model)}}
    texts = documents() | {SECOND: json.dumps(document)} | {file: json.dumps(value) for file, value in more}
    return load(texts, {})


def test_one_example_can_feed_two_pipelines_and_one_service_can_be_updated_by_both() -> None:
    factory = second("trainingData", "otherModel", dataset("otherModel", "trainingoutput/other.ilearner"))
    assert factory.faults == ()
    assert [pipeline.name for pipeline in factory.pipelines] == ["pipeline", "second"]
    said = {notice.where: notice.problem for notice in factory.notices}
    assert "the same trained model as the pipeline 'pipeline'" in said[f"{SECOND} $.properties.activities[1]"]


def test_two_pipelines_must_not_write_one_model() -> None:
    factory = second("trainingData", "otherModel", dataset("otherModel", "trainingoutput/model.ilearner"))
    ((where, problem),) = faults_of(factory)
    assert where == f"{SECOND} {AT_TRAINING}"
    assert "writes the same blob as the pipeline 'pipeline'" in problem


def test_a_training_may_feed_another_but_not_in_a_circle() -> None:
    def change(parsed: dict[str, Any]) -> None:
        parsed |= dict([dataset("table", "abc/table.csv"), dataset("back", "labeledexamples/labeledexamples.arff")])
        parsed |= dict([dataset("otherModel", "trainingoutput/other.ilearner")])
        training, update = activities("table", "otherModel")
        parsed[SECOND] = {"name": "second", "properties": {"activities": [training, update]}}
        first = parsed[PIPELINE]["properties"]["activities"][0]
        first["outputs"].append({"name": "table"})
        first["typeProperties"]["webServiceOutputs"]["output2"] = "table"

    def circle(parsed: dict[str, Any]) -> None:
        training = parsed[SECOND]["properties"]["activities"][0]
        training["outputs"].append({"name": "back"})
        training["typeProperties"]["webServiceOutputs"]["output2"] = "back"

    assert load_changed(change).faults == ()
    ((where, problem),) = faults_of(load_changed(both(change, circle)))
    assert where == f"{PIPELINE} $.properties.activities[0]"
    assert "writes an example of 'second', which leads back to this one" in problem


def several(parsed: dict[str, Any]) -> None:
    """Two trainings with their updates in one document."""
    parsed |= dict([dataset("otherModel", "trainingoutput/other.ilearner")])
    parsed[PIPELINE]["properties"]["activities"] += activities("trainingData", "otherModel", "2")


def test_several_trainings_in_a_document_are_pipelines_of_their_own() -> None:
    factory = load_changed(several)
    assert factory.faults == ()
    assert [pipeline.name for pipeline in factory.pipelines] == ["pipeline - retraining", "pipeline - train2"]
    assert [pipeline.trained_model.name for pipeline in factory.pipelines] == ["trainedModelBlob", "otherModel"]


def test_names_that_are_made_are_one_of_a_kind_and_not_too_long() -> None:
    def twin(parsed: dict[str, Any]) -> None:
        parsed |= dict([dataset("third", "trainingoutput/third.ilearner")])
        twins = activities("trainingData", "third")
        parsed[SECOND] = {"name": "Pipeline - Train2", "properties": {"activities": twins}}

    ((where, problem),) = faults_of(load_changed(both(several, twin)))
    assert where == f"{SECOND} $.properties.activities[0].name"
    assert "which is the name of another one" in problem
    ((where, problem),) = faults_of(load_changed(both(several, put(PIPELINE, "name", "x" * 250))))[:1]
    assert where == f"{PIPELINE} $.properties.activities[0].name"
    assert "longer than 260 characters" in problem


def with_second_update(**changes: Any) -> Change:  # noqa: ANN401 -- parts of an activity
    """A change: an update more, of another scoring endpoint."""

    def change(parsed: dict[str, Any]) -> None:
        service = json.loads(json.dumps(parsed[SCORING]))
        service["name"] = "scoring3"
        service["properties"]["typeProperties"]["updateResourceEndpoint"] += "x"
        parsed["linkedService/scoring3.json"] = service
        update = json.loads(json.dumps(parsed[PIPELINE]["properties"]["activities"][1]))
        parsed[PIPELINE]["properties"]["activities"].append(
            update | {"name": "second", "linkedServiceName": "scoring3"} | changes
        )

    return change


def test_a_training_can_feed_several_updates_each_with_its_own_policy() -> None:
    factory = load_changed(with_second_update(policy={"retry": 7}))
    assert factory.faults == ()
    (pipeline,) = factory.pipelines
    assert [update.name for update in pipeline.update_resources] == ["AzureML Update Resource", "second"]
    assert [update.policy.retry for update in pipeline.update_resources] == [3, 7]
    assert "  'second' puts trainingoutput/model.ilearner (dataset 'trainedModelBlob')" in describe(pipeline)
    assert not any("updates the same" in notice.problem for notice in factory.notices)


def test_two_updates_of_the_same_model_are_a_notice() -> None:
    factory = load_changed(with_second_update(linkedServiceName="updatableScoringEndpoint2"))
    assert factory.faults == ()
    assert any("as another activity of this pipeline" in notice.problem for notice in factory.notices)


def test_an_update_that_is_ordered_by_anothers_placeholder_is_not_kept_waiting() -> None:
    factory = load_changed(with_second_update(inputs=[{"name": "trainedModelBlob"}, {"name": "placeholderBlob"}]))
    assert factory.faults == ()
    said = {notice.where: notice.problem for notice in factory.notices}
    assert "an update follows its training" in said[f"{PIPELINE} $.properties.activities[2].inputs[1].name"]


def test_the_updates_of_a_training_use_one_model() -> None:
    def two_models(parsed: dict[str, Any]) -> None:
        parsed |= dict([dataset("otherModel", "trainingoutput/other.ilearner")])
        first = parsed[PIPELINE]["properties"]["activities"][0]
        first["outputs"].append({"name": "otherModel"})
        first["typeProperties"]["webServiceOutputs"]["output2"] = "otherModel"

    model = {"trainedModelName": "other", "trainedModelDatasetName": "otherModel"}
    change = both(two_models, with_second_update(inputs=[{"name": "otherModel"}], typeProperties=model))
    ((where, problem),) = faults_of(load_changed(change))
    assert where == f"{PIPELINE} $.properties.activities[2].typeProperties.trainedModelDatasetName"
    assert "a pipeline with a training of its own" in problem


def test_a_training_that_nobody_uses_is_a_fault() -> None:
    def change(parsed: dict[str, Any]) -> None:
        several(parsed)
        del parsed[PIPELINE]["properties"]["activities"][3]

    ((where, problem),) = faults_of(load_changed(change))
    assert where == f"{PIPELINE} $.properties.activities[2]"
    assert "trains for no AzureMLUpdateResource of this pipeline" in problem


def test_an_unused_policy_of_an_update_is_a_notice() -> None:
    policy = {"concurrency": 2, "executionPriorityOrder": "NewestFirst", "delay": "00:01:00"}
    factory = load_changed(put(PIPELINE, "properties.activities.1.policy", policy))
    assert factory.faults == ()
    where = {notice.where for notice in factory.notices}
    assert {f"{PIPELINE} $.properties.activities[1].policy.{name}" for name in policy} <= where


def test_a_second_input_in_a_second_place_starts_its_own_pipeline_only() -> None:
    more = [dataset("table", "abc/table.csv"), dataset("otherModel", "trainingoutput/other.ilearner")]
    factory = second("table", "otherModel", *more)
    assert factory.faults == ()
    held = [pipeline.batch_execution.inputs[0].holds("abc", "table.csv") for pipeline in factory.pipelines]
    assert held == [False, True]
